"""Telling subscribers: what is news is decided from what they were told, and is told once, whoever tells and whenever."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from commissary import pricing
from commissary.base import outbox
from commissary.base.errors import Refused
from commissary.pricing import tell
from commissary.pricing.subscriptions import Wanted
from make.pricing import Counter, ladder


@dataclass
class Ear:
    """A teller whose windows are moved by hand, and what the outbox says."""

    counter: Counter
    s: float = 0.0
    teller: pricing.Teller = field(init=False)

    def __post_init__(self) -> None:
        self.teller = pricing.Teller(self.counter.house.env, monotonic=lambda: self.s)

    async def later(self, seconds: float) -> int:
        """Seen now, and told that much later."""
        await self.teller.round()
        self.s += seconds
        return await self.teller.round()

    async def twice(self) -> None:
        """Shelves are looked at now and then: seen by the first, told by the second."""
        await self.later(6)
        await self.later(6)

    async def told(self) -> list[outbox.Event]:
        env = self.counter.house.env
        async with env.db.transaction(self.counter.mall) as tx:
            rows = await outbox.read(tx, self.counter.home, 0, 1_000)
        return [e for _, events in rows for e in events if e.kind in tell._KINDS.values()]

    async def prices(self) -> list[tuple[str, str]]:
        found = [e for e in await self.told() if e.kind == "price.changed"]
        changes: list[dict[str, Any]] = [c for e in found for c in e.data["changes"]]
        return [(c["old_unit_price"]["amount"], c["unit_price"]["amount"]) for c in changes]


async def subscribe(counter: Counter, buyer: int, **wanted: Any) -> Any:
    return await pricing.subscribe(
        counter.house.env, counter.house.actor, buyer, Wanted(**({"window_s": 5} | wanted))
    )


async def test_the_base_is_what_was_told_last(counter: Counter) -> None:
    sku, buyer = counter.sku(), await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await subscribe(counter, buyer, sku_ids=[sku], threshold_bp=200)
    ear = Ear(counter)
    await ear.later(6)
    for price in (10.1, 10.19, 10.2, 10.3, 10.4):
        await counter.price(counter.list_id, {sku: ladder((1, price))})
        await ear.later(6)
    assert await ear.prices() == [("10.0000", "10.2000")]
    await counter.price(counter.list_id, {sku: ladder((1, 10.404))})
    await ear.later(6)
    assert await ear.prices() == [("10.0000", "10.2000"), ("10.2000", "10.4040")]


async def test_a_price_that_moves_without_end_is_told_after_four_windows(counter: Counter) -> None:
    sku, buyer = counter.sku(), await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await subscribe(counter, buyer)
    ear = Ear(counter)
    await ear.later(6)
    for n in range(1, 20):
        await counter.price(counter.list_id, {sku: ladder((1, 10 + n))})
        await ear.later(2)  # never still for five seconds
    assert await ear.prices() == [("10.0000", "20.0000")]
    await ear.later(6)
    assert await ear.prices() == [("10.0000", "20.0000"), ("20.0000", "29.0000")]


async def test_back_where_it_was_is_no_news(counter: Counter) -> None:
    sku, buyer = counter.sku(), await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await subscribe(counter, buyer, availability=True)
    ear = Ear(counter)
    await ear.later(6)
    before = len(await ear.told())
    made = await counter.price(counter.list_id, {sku: ladder((1, 50))})
    await ear.teller.round()
    await pricing.undo(counter.house.env, counter.house.actor, made.id)
    await ear.later(6)
    assert len(await ear.told()) == before


async def test_whoever_comes_after_a_crash_tells_what_was_not_told(counter: Counter) -> None:
    skus, buyer = counter.skus(3), await counter.buyer()
    await counter.price(counter.list_id, {s: ladder((1, 10)) for s in skus})
    await subscribe(counter, buyer)
    first = Ear(counter)
    await first.later(6)
    await counter.price(counter.list_id, {skus[0]: ladder((1, 11))})
    await first.later(6)
    await counter.price(counter.list_id, {skus[1]: ladder((1, 12))})
    await first.teller.round()  # seen; then it is no more
    second = Ear(counter)
    await second.later(6)
    assert await second.prices() == [("10.0000", "11.0000")], "while its lease holds, nobody else tells"
    with counter.admin() as connection:
        connection.execute("update pricing.teller set expires_at = 'epoch'")
    await second.later(6)
    assert await second.prices() == [("10.0000", "11.0000"), ("10.0000", "12.0000")]
    # The first one was only stopped for a while: it has lost the lease, and tells nothing.
    first.s += 60
    await counter.price(counter.list_id, {skus[2]: ladder((1, 13))})
    assert await first.teller.round() == 0
    await second.later(6)
    assert len(await second.prices()) == 3


async def test_two_tellers_at_once_tell_once(counter: Counter) -> None:
    skus, buyer = counter.skus(50), await counter.buyer()
    await counter.price(counter.list_id, {s: ladder((1, 10)) for s in skus})
    await subscribe(counter, buyer)
    both = [Ear(counter), Ear(counter)]
    for n in range(4):
        await counter.price(counter.list_id, {s: ladder((1, 11 + n)) for s in skus})
        for _ in range(3):
            with counter.admin() as connection:  # each may take it from the other, at any time
                connection.execute("update pricing.teller set expires_at = 'epoch'")
            await asyncio.gather(*(e.later(6) for e in both))
    told = await both[0].told()
    for sku in skus:
        mine = [c for e in told for c in e.data["changes"] if c["sku_id"] == str(sku)]
        for one, two in pairwise(mine):
            assert two["old_unit_price"] == one["unit_price"] != two["unit_price"]
        assert mine[-1]["unit_price"]["amount"] == "14.0000"
    assert [e.n for e in told] == list(range(1, len(told) + 1))


async def test_another_tier_is_another_price_and_a_message_holds_many(counter: Counter) -> None:
    skus = counter.skus(200)
    tier, book = await counter.tier()
    buyer, plain = await counter.buyer(), await counter.buyer()
    await counter.price(counter.list_id, {s: ladder((1, 10)) for s in skus})
    await counter.price(book, {s: ladder((1, 9), (10, 8), (100, 7)) for s in skus})
    for each in (buyer, plain):
        await subscribe(counter, each)
    ear = Ear(counter)
    await ear.later(6)
    with counter.admin() as connection:
        connection.execute("update partners.buyer set tier_id = %s where id = %s", (tier, buyer))
        connection.execute("update tenancy.epoch set value = value + 1 where mall_id = %s", (counter.mall,))
    await ear.later(6)
    told = await ear.told()
    assert {e.owner for e in told} == {buyer}
    assert sum(len(e.data["changes"]) for e in told) == 200
    assert max(len(msgspec.json.encode(e.data)) for e in told) < 19_000
    assert len(told) < 20
    assert await ear.prices() == [("10.0000", "9.0000")] * 200


async def test_out_of_stock_and_below_the_floor(counter: Counter) -> None:
    sku, buyer = counter.sku(), await counter.buyer()
    lot = counter.stock(sku, 5)
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await subscribe(counter, buyer, availability=True)
    ear = Ear(counter)
    await ear.later(6)
    counter.recost([(lot, 110_000)])
    await ear.twice()
    counter.recost([(lot, 50_000)])
    await ear.twice()
    with counter.admin() as connection:
        connection.execute(
            "update stock.lot set next_seq = end_seq + 1, state = 'sold_out' where id = %s", (lot,)
        )
    await ear.twice()
    counter.stock(sku, 6)
    await counter.price(counter.list_id, {sku: ladder((1, 12))})
    await ear.twice()
    said = [
        (e.kind, c.get("reason") or c["unit_price"]["amount"])
        for e in await ear.told()
        for c in e.data["changes"]
    ]
    assert said == [
        ("sku.unavailable", "below_floor"),
        ("sku.available", "10.0000"),
        ("sku.unavailable", "out_of_stock"),
        ("sku.available", "12.0000"),
    ]


async def test_goods_that_begin_to_be_sold_to_him(counter: Counter) -> None:
    old, new = counter.skus(2, kind="topup")
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {old: ladder((1, 10))})
    await subscribe(counter, buyer, availability=True)
    ear = Ear(counter)
    await ear.later(6)
    await counter.price(counter.list_id, {new: ladder((1, 3))})
    await ear.later(6)
    [told] = await ear.told()
    assert (told.kind, [c["sku_id"] for c in told.data["changes"]]) == ("sku.available", [str(new)])
    await counter.price(counter.list_id, {new: ladder()})
    await ear.later(6)
    assert (await ear.told())[-1].data["changes"] == [{"sku_id": str(new), "reason": "not_priced"}]


async def test_the_same_subscription_again_keeps_its_base(counter: Counter) -> None:
    sku, buyer = counter.sku(), await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    one = await subscribe(counter, buyer, threshold_bp=500)
    ear = Ear(counter)
    await ear.later(6)
    await counter.price(counter.list_id, {sku: ladder((1, 10.3))})
    await ear.later(6)
    two = await subscribe(counter, buyer, threshold_bp=300)
    assert (one.id, two.threshold_bp) == (two.id, 300)
    await ear.later(6)
    assert await ear.prices() == [("10.0000", "10.3000")]
    env, actor = counter.house.env, counter.house.actor
    await pricing.unsubscribe(env, actor, one.id)
    with pytest.raises(Refused, match="no_such_subscription"):
        await pricing.unsubscribe(env, actor, one.id)
    await counter.price(counter.list_id, {sku: ladder((1, 20))})
    await ear.later(6)
    assert len(await ear.prices()) == 1


async def test_a_scheduled_price_is_told_when_it_holds(counter: Counter) -> None:
    sku, buyer = counter.sku(), await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await subscribe(counter, buyer)
    ear = Ear(counter)
    await ear.later(6)
    at = counter.now + timedelta(seconds=2)
    await counter.price(counter.list_id, {sku: ladder((1, 12))}, at)
    await ear.later(60)
    assert await ear.prices() == []
    counter.house.clock.move(seconds=3)
    await ear.later(6)
    assert await ear.prices() == [("10.0000", "12.0000")]
