"""PRC07 price subscriptions with a threshold 价格订阅. A buyer subscribes at 2 %: moves of 1 % are silent until they add up,
moves of 2 % are one event each, of a hundred moves in a row he hears the last state; what is scheduled is told when it
comes into force; goods that leave the sale and come back are told. He hears his own price and nobody else's.

    make test T=tests/journeys/test_prc07_subscription.py
"""

import asyncio
from datetime import datetime
from itertools import pairwise
from typing import Any

from make.journey import Mall, cards, yuan
from make.pace import Pace
from make.trade import Ear, listen, until
from world import Buyer

PATH = "/v1/price-subscriptions"
WINDOW_S = 1


async def subscribe(mall: Mall, buyer: Buyer, **asked: Any) -> Any:
    answer = await mall.server.call(buyer, "PUT", PATH, {"window_s": WINDOW_S} | asked)
    assert answer.status == 200, answer.body
    return answer.json


def moves(ear: Ear) -> list[tuple[str, str, int]]:
    """(old, new, basis points) of every move that was told."""
    told = [c for e in ear.heard("price.changed") for c in e.data["changes"]]
    return [(c["old_unit_price"]["amount"], c["unit_price"]["amount"], c["change_bp"]) for c in told]


async def heard(ear: Ear, count: int, patience_s: float) -> None:
    async def there() -> bool:
        return len(ear.events) >= count

    await until(there, patience_s)


async def still(pace: Pace) -> None:
    """Long enough for whatever is to be told to have been told: the windows, and the way to the receiver."""
    await asyncio.sleep(pace.patience(WINDOW_S + 2))


async def test_one_per_cent_is_silent_two_are_one_event_and_a_burst_is_its_last_state(mall: Mall) -> None:
    sku, beside = await mall.sku(), await mall.sku()
    await mall.price([sku, beside], "10")
    buyer = await mall.buyer()
    ear = await listen(mall, buyer.organisation)
    with Pace() as pace:
        try:
            made = await subscribe(mall, buyer, sku_ids=[sku], threshold_bp=200)
            assert (made["skus"], made["every"], made["threshold_bp"]) == (1, False, 200)
            await mall.price(sku, "10.10")  # 1 %
            await mall.price(beside, "20")  # not his
            await still(pace)
            assert ear.events == []
            await mall.price(sku, "10.20")  # 1 % more: 2 % from what he was told
            await heard(ear, 1, pace.patience(10))
            assert moves(ear) == [("10.0000", "10.2000", 200)]
            await mall.price(sku, "9.9960")  # 2 % down
            await heard(ear, 2, pace.patience(10))
            for cents in range(1, 20):  # 0.1 % each: silent, and at 2 % told once
                await mall.price(sku, f"{9.9960 + cents * 0.0100:.4f}")
            await still(pace)
            assert len(ear.events) == 2
            await mall.price(sku, "10.1960")
            await heard(ear, 3, pace.patience(10))
            assert moves(ear)[1:] == [("10.2000", "9.9960", -200), ("9.9960", "10.1960", 200)]

            for n in range(100):
                await mall.price(sku, f"{10.5 + n % 7 + n / 100:.2f}")
            await heard(ear, 4, pace.patience(20))
            await still(pace)
            assert len(ear.events) < 4 + 5, "a burst is not a hundred events"
            assert moves(ear)[-1][1] == f"{10.5 + 99 % 7 + 0.99:.4f}"
            assert len({e.id for e in ear.events}) == len(ear.events)
            numbers = [e.data["sequence"] for e in ear.events]
            assert numbers == list(range(1, len(numbers) + 1))
            for before, after in pairwise(moves(ear)):
                assert before[1] == after[0], "the base is what he was told last"

            assert (await mall.server.call(buyer, "GET", PATH)).json["items"][0]["id"] == made["id"]
            assert (await mall.server.call(buyer, "DELETE", f"{PATH}/{made['id']}")).status == 204
            told = len(ear.events)
            await mall.price(sku, "30")
            await still(pace)
            assert len(ear.events) == told
        finally:
            await ear.receiver.close()


async def test_his_own_price_and_nobody_elses_when_it_comes_into_force(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(3), cost="1")
    await mall.price(sku, "10")
    mine, theirs, plain = [await mall.buyer(name=n) for n in ("Mine", "Theirs", "Plain")]
    await mall.price(sku, {1: "9", 10: "8"}, buyer=mine)
    await mall.price(sku, "6.8246", buyer=theirs)
    ears = [await listen(mall, b.organisation, place=n) for n, b in enumerate((mine, theirs, plain))]
    own, other, list_ = ears
    with Pace() as pace:
        try:
            for buyer in (mine, theirs):
                await subscribe(mall, buyer, availability=True)
            # The third does it not by himself: the operator does it for him.
            path = f"/buyers/{plain.organisation}/price-subscriptions"
            await mall.owner.put(path, {"threshold_bp": 100, "window_s": WINDOW_S, "availability": True})
            await mall.price(sku, "11")  # the list: only he without a contract
            await mall.price(sku, "6.7357", buyer=theirs)
            await heard(list_, 1, pace.patience(10))
            await heard(other, 1, pace.patience(10))
            await mall.price(sku, {1: "9", 10: "7.5"}, buyer=mine)  # a rung counts too
            await heard(own, 1, pace.patience(10))
            assert moves(list_) == [("10.0000", "11.0000", 1000)]
            assert moves(other) == [("6.8246", "6.7357", -130)]
            assert moves(own) == [("9.0000", "9.0000", -625)]
            [change] = own.events[0].data["changes"]
            assert change["prices"] == [
                {"minimum": 1, "unit_price": yuan("9.0000")},
                {"minimum": 10, "unit_price": yuan("7.5000")},
            ]

            [[soon]] = await mall.rows("select clock_timestamp() + interval '4 seconds'")
            await mall.price(sku, {1: "9.90"}, buyer=mine, valid_from=soon.isoformat())
            assert len(own.events) == 1
            await heard(own, 2, pace.patience(20))
            [change] = own.events[1].data["changes"]
            assert (change["unit_price"], datetime.fromisoformat(change["valid_from"])) == (
                yuan("9.9000"),
                soon,
            )

            listed = await mall.owner.get(f"/skus/{sku}")
            gone = await mall.owner.post(f"/skus/{sku}/delist", {"version": listed["version"]})
            await heard(own, 3, pace.patience(10))
            assert own.events[2].type == "sku.unavailable"
            assert own.events[2].data["changes"] == [{"sku_id": sku, "reason": "delisted"}]
            await mall.owner.post(f"/skus/{sku}/list", {"version": gone["version"]})
            await heard(own, 4, pace.patience(10))
            assert own.events[3].type == "sku.available"
            assert own.events[3].data["changes"][0]["unit_price"] == yuan("9.9000")
            await mall.order(plain, sku, 3)  # the last ones
            await heard(own, 5, pace.patience(10))
            assert own.events[4].data["changes"] == [{"sku_id": sku, "reason": "out_of_stock"}]
            await mall.upload(sku, cards(3, "M"), cost="9.95")  # there again, but dearer than he pays
            await heard(list_, 5, pace.patience(10))
            await still(pace)
            assert len(own.events) == 5

            for ear, strange in (
                (own, (b"6.8246", b"6.7357")),
                (list_, (b"6.8246", b"9.90")),
                (other, (b"9.90",)),
            ):
                assert not any(price in e.raw for e in ear.events for price in strange)
            refused = await mall.server.call(mine, "PUT", PATH, {"sku_ids": ["1"]})
            assert (refused.status, refused.json["code"]) == (404, "unknown_sku")
        finally:
            for ear in ears:
                await ear.receiver.close()
