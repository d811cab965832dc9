"""TRD01 one key, one order 幂等下单. The same order is sent 50 times at once with one client_order_no: one order, one charge,
one set of codes, 50 identical answers. The same number with another body is a conflict, also when both are sent at once.

    make test T=tests/journeys/test_trd01_idempotency.py
"""

import asyncio
import json
from collections import Counter

from make.journey import Mall, cards, yuan


async def test_fifty_copies_are_one_order(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(200))
    await mall.price(sku, "9.50")
    buyer = await mall.buyer("1000")

    answers = await asyncio.gather(*(mall.ask(buyer, (sku, 3), no="PO-1") for _ in range(50)))
    assert {a.status for a in answers} == {200}
    [order] = {json.dumps(a.json, sort_keys=True) for a in answers}
    assert len(json.loads(order)["lines"][0]["codes"]) == 3
    assert (await mall.balance(buyer))["balance"] == yuan("971.5000")
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["sold"] == 3
    listed = await mall.server.call(buyer, "GET", "/v1/orders")
    assert len(listed.json["items"]) == 1

    other = await mall.ask(buyer, (sku, 4), no="PO-1")
    assert (other.status, other.json["code"]) == (409, "idempotency_conflict")
    assert other.json["facts"]["order_id"] == json.loads(order)["id"]
    assert (await mall.balance(buyer))["balance"] == yuan("971.5000")


async def test_two_bodies_at_once_under_one_key(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(60))
    await mall.price(sku, "10")
    buyer = await mall.buyer("1000")
    answers = await asyncio.gather(*(mall.ask(buyer, (sku, 1 + n % 2), no="PO-2") for n in range(50)))
    assert Counter(a.status for a in answers) == {200: 25, 409: 25}
    assert {a.json["code"] for a in answers if a.status == 409} == {"idempotency_conflict"}
    [quantity] = {a.json["lines"][0]["quantity"] for a in answers if a.status == 200}
    assert (await mall.balance(buyer))["balance"] == yuan(f"{1000 - 10 * quantity}.0000")
