"""MON07 what a supplier takes back after delivery 供应商冲正追回: three partial refunds of an order, one line after another. Each gives the
buyer back exactly what he paid for it and us exactly what it cost, whatever odd prices they were; told again, nothing moves.

    make test T=tests/fulfilment/test_clawback.py
"""

import pytest_asyncio

from commissary.catalog.types import FieldSpec
from commissary.orders.wire import LineIn, OrderIn
from make.orders import World
from make.supply import TOPUP, Trade

PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)
PRICES, COSTS = (98_757, 101_303, 77_771, 60_009), (90_001, 99_999, 77_003, 59_990)


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def owed(trade: Trade, suppliers: list[int]) -> int:
    """What stands in our accounts with them, added up."""
    [[found]] = await trade.world.rows(
        "select coalesce(sum(balance_e4), 0)::bigint from ledger.account where kind = 'prepaid' and owner_id = any (%s)",
        suppliers,
    )
    return int(found)


async def profit(trade: Trade, order: str) -> int:
    """Of what was delivered and kept, less what it cost."""
    [[found]] = await trade.world.rows(
        "select coalesce(sum(amount_e4 - returned_e4 - case when state = 'delivered' then cost_e4 else 0 end), 0)::bigint "
        "from orders.line where order_id = %s",
        int(order),
    )
    return int(found)


async def test_three_partial_refunds_claw_back_exactly(trade: Trade) -> None:
    world, buyer = trade.world, await trade.world.buyer()
    before = (await world.account(buyer)).balance_e4
    skus, suppliers = [], []
    for price, cost in zip(PRICES, COSTS, strict=True):
        skus.append(await world.sku(price, kind="topup", fields=(PHONE,)))
        suppliers.append(await trade.supplier(topup=True, price_e4=cost))
        await trade.offer(suppliers[-1], skus[-1], TOPUP)
    lines = tuple(LineIn(str(sku), 1, fields={"phone": "13912345678"}) for sku in skus)
    order = await world.desk.place(buyer, OrderIn("claw-1", lines))
    await trade.served()
    assert (await world.desk.order(buyer, int(order.id))).status == "delivered"
    companies = [s.kept.supplier_id for s in suppliers]
    assert (await world.account(buyer)).balance_e4 == before - sum(PRICES)
    assert await owed(trade, companies) == -sum(COSTS)
    assert await profit(trade, order.id) == sum(PRICES) - sum(COSTS)

    world.travel(days=1)
    for back in range(1, 4):
        supplier = suppliers[back - 1]
        [bought] = supplier.shop.orders.values()
        supplier.shop.fail(bought)
        told = supplier.liar.supplier.callback(bought)
        assert told is not None
        for _ in range(2):
            await trade.buying.hear(supplier.kept.callback_token, told.headers, {}, told.body)
            await trade.buying.drain()
        assert (await world.account(buyer)).balance_e4 == before - sum(PRICES[back:])
        assert await owed(trade, companies) == -sum(COSTS[back:])
        assert await profit(trade, order.id) == sum(PRICES[back:]) - sum(COSTS[back:])
        await world.check()
    states = [line.status for line in (await world.desk.order(buyer, int(order.id))).lines]
    assert states == ["reversed"] * 3 + ["delivered"]
