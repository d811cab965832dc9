"""A lane without orders gives its connection back, and takes another when an order comes."""

import asyncio

import pytest

from commissary.orders import lane
from make.orders import World


async def connections(world: World) -> int:
    [[count]] = await world.rows(
        "select count(*) from pg_stat_activity where application_name like %s", f"lane {world.home} %"
    )
    return int(count)


async def test_an_idle_lane_holds_no_connection(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "CONNECTION_IDLE_S", 0.2)
    sku, buyer = await world.sku(98_750), await world.buyer()
    await world.stock(sku, 3)
    for _ in range(3):
        assert (await world.place(buyer, sku)).status == "delivered"
        assert await connections(world) in (1, 2)  # on a busy machine the one before may still be ending
        for _ in range(50):
            await asyncio.sleep(0.05)
            if not await connections(world):
                break
        assert await connections(world) == 0
