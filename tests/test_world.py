"""The builders build what they say, and both ways of ordering meet in one database."""

import pytest

from commissary.base.errors import Refused
from world import World


async def test_a_world_sells_in_process(world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "9.5000")
    await world.stock(sku, 3, codes=["A", "B", "C"])
    buyer = await world.buyer(balance_e4=20_0000, credit_e4=5_0000)
    order = await world.place(buyer, sku, 2)
    assert [c.secret for c in order.lines[0].codes or []] == ["A", "B"]
    assert await world.balance(buyer.account) == 1_0000
    with pytest.raises(Refused, match="insufficient_balance"):
        await world.place(buyer, sku)


async def test_a_world_sells_over_http(world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "9.5000")
    await world.stock(sku, 1, codes=["SECRET"])
    buyer = await world.buyer(credit_e4=100_0000)
    async with world.serve() as server:
        asked = {"client_order_no": "one", "sku_id": str(sku)}
        answer = await server.call(buyer, "POST", "/v1/orders", asked)
        assert answer.status == 200, answer.body
        assert answer.json["lines"][0]["codes"] == [{"secret": "SECRET"}]
        again = await server.call(buyer, "GET", f"/v1/orders/{answer.json['id']}")
        assert again.json == answer.json
