"""SUP08 reservation without oversell 不超卖、不囤货. 500 buyers ask at once for 100 codes: exactly 100 are sold, none twice,
none lost. Then one account tries to take all that there is: it is capped, and the others still buy.

Holding stock without paying does not exist here: an order takes codes and money in one commit.

    make test T=tests/journeys/test_sup08_scarce.py
"""

import asyncio
from collections import Counter

from make.journey import Mall, cards


async def test_five_hundred_buyers_for_a_hundred_codes(mall: Mall) -> None:
    sku, codes = await mall.sku(), cards(100)
    await mall.upload(sku, codes, cost="0.1")
    await mall.price(sku, "1")
    crowd = await mall.world.buyers(500, balance_e4=2_0000)

    answers = await asyncio.gather(*(mall.ask(buyer, (sku, 1), no="want") for buyer in crowd))
    got = [c["secret"] for a in answers if a.status == 200 for c in a.json["lines"][0]["codes"]]
    assert sorted(got) == sorted(codes)
    assert Counter(a.json["code"] for a in answers if a.status != 200) == {"out_of_stock": 400}
    balances = await asyncio.gather(*(mall.balance(buyer) for buyer in crowd))
    left = Counter(b["balance"]["amount"] for b in balances)
    assert left == {"1.0000": 100, "2.0000": 400}

    stock = await mall.owner.get(f"/skus/{sku}/stock")
    assert (stock["available"], stock["sold"]) == (0, 100)
    assert (await mall.commissary("check", "--json")).json["status"] == "clean"


async def test_nobody_takes_it_all(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(100))
    await mall.price(sku, "6")
    rule = {
        "name_zh": "单客日限购",
        "name_en": "Ten a day for each buyer",
        "kind": "cap",
        "params": {"per": "buyer", "quantity": 10, "window_s": 86_400, "each_sku": True},
        "action": "refuse",
    }
    await mall.owner.post("/risk/rules", rule)
    await asyncio.sleep(1.2)  # every process has read it within a second
    greedy, other = await mall.buyer("10000"), await mall.buyer("10000")

    # All at once, and piece by piece from many connections.
    whole = await mall.ask(greedy, (sku, 100))
    assert (whole.status, whole.json["code"]) == (409, "risk_cap")
    split = await mall.ask(greedy, (sku, 6), (sku, 6))
    assert (split.status, split.json["code"]) == (409, "risk_cap")
    answers = await asyncio.gather(*(mall.ask(greedy, (sku, 1)) for _ in range(100)))
    assert Counter(a.status for a in answers) == {200: 10, 409: 90}
    assert {a.json["code"] for a in answers if a.status == 409} == {"risk_cap"}

    assert len((await mall.order(other, sku, 10))["lines"][0]["codes"]) == 10
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["available"] == 80
    await asyncio.sleep(1.5)  # verdicts are written beside the orders
    refused = await mall.owner.get("/risk/decisions", verdict="refuse", buyer_id=greedy.organisation)
    assert {hit["code"] for d in refused["items"] for hit in d["hits"]} == {"risk_cap"}
