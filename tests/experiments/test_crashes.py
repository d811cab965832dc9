"""Processes that end between sending and saving: each order is bought once, however often it happens.

COMMISSARY_CRASHES=1000 pytest tests/experiments/test_crashes.py
"""

import asyncio
import os

from commissary import insight
from commissary.simulators import Lie
from make.orders import World
from make.supply import Trade

CRASHES = int(os.environ.get("COMMISSARY_CRASHES", "120"))
AT_ONCE = 40


async def test_one_purchase_for_each_order(world: World) -> None:
    trade = Trade(world)
    sku, buyer = await world.sku(98_750), await world.buyer(100 * CRASHES)
    supplier = await trade.supplier("kakayun", at_once=AT_ONCE, lies=[Lie.silent_after, Lie.none] * CRASHES)
    await trade.offer(supplier, sku)
    placed = []
    for n in range(0, CRASHES, AT_ONCE):
        count = min(AT_ONCE, CRASHES - n)
        placed += await asyncio.gather(*(world.place(buyer, sku) for _ in range(count)))
        dying = trade.again()

        async def never(*_: object) -> None:
            raise asyncio.CancelledError

        dying.note = never  # type: ignore[method-assign]
        await trade.turn(dying)
        assert len(supplier.bought) == len(placed), "the crash came before the purchase"
    # A process that lives finds them, and a second one beside it.
    both = [trade.again(), trade.again()]
    for _ in range(12):
        world.travel(seconds=45)
        trade.clock_s += 45
        await asyncio.gather(*(trade.turn(one) for one in both))
    for order in placed:
        assert (await world.desk.order(buyer, int(order.id))).status == "delivered"
    assert sorted(supplier.bought) == sorted(set(supplier.bought))
    assert len(supplier.bought) == CRASHES
    assert supplier.shop.books().doubles == []
    assert insight.broken(await insight.audit(world.env)) == []
