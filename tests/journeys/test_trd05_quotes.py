"""TRD05 quotes 锁价报价. A quote holds its price until it expires, although prices and costs rise meanwhile; after that it
is refused.

    make test T=tests/journeys/test_trd05_quotes.py
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from make.journey import Mall, cards, yuan


async def test_a_quote_binds_until_it_expires(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(10), cost="5", expires_on="2027-01-31")
    await mall.price(sku, {1: "8", 5: "7"})
    buyer, other = await mall.buyer("500"), await mall.buyer("500")

    async def quote(quantity: int, ttl_s: int) -> Any:
        asked = {"lines": [{"sku_id": sku, "quantity": quantity}], "ttl_s": ttl_s}
        made = await mall.server.call(buyer, "POST", "/v1/quotes", asked)
        assert made.status == 201, made.body
        return made.json

    long, short = await quote(5, 60), await quote(5, 3)
    for made, seconds in ((long, 60), (short, 3)):
        assert made["lines"][0]["unit_price"] == yuan("7.0000")
        left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
        assert timedelta(seconds=seconds - 2) < left <= timedelta(seconds=seconds)

    # Everything gets dearer: the list, the floor, and new stock, whose cost is above the quoted price.
    await mall.upload(sku, cards(10), cost="9", expires_on="2026-12-31")  # first to be sold
    await mall.price(sku, {1: "20", 5: "18"})
    await mall.owner.put("/floors", {"margin_bp": 5_000})
    assert (await quote(1, 60))["amount"] == yuan("20.0000")

    taken = await mall.ask(other, (sku, 1), quote_id=long["id"])
    assert (taken.status, taken.json["code"]) == (404, "quote_not_found")
    more = await mall.ask(buyer, (sku, 6), quote_id=long["id"])
    assert (more.status, more.json["code"]) == (409, "quote_exceeded")
    first = await mall.order(buyer, sku, 3, quote_id=long["id"])
    rest = await mall.order(buyer, sku, 2, quote_id=long["id"])
    assert [o["lines"][0]["unit_price"] for o in (first, rest)] == [yuan("7.0000")] * 2
    empty = await mall.ask(buyer, (sku, 1), quote_id=long["id"])
    assert (empty.status, empty.json["code"]) == (409, "quote_exceeded")
    now = await mall.order(buyer, sku, 5)
    assert now["lines"][0]["unit_price"] == yuan("18.0000")

    ends = datetime.fromisoformat(short["expires_at"])
    await asyncio.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds()) + 0.1)
    late = await mall.ask(buyer, (sku, 1), quote_id=short["id"])
    assert (late.status, late.json["code"]) == (409, "quote_expired")
    assert late.json["title_zh"] == "报价已过期，请重新询价"
    assert (await mall.balance(buyer))["balance"] == yuan("375.0000")
