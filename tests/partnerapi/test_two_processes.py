"""Whichever process a shop's call reaches: one places, the other passes it on, and a number is one order all the same."""

import asyncio

import pytest
from tests.partnerapi.conftest import House, connected
from tests.partnerapi.shops import SHOPS

from world import Ground, Served, World, free_port


@pytest.mark.parametrize("face", sorted(SHOPS))
async def test_a_call_to_the_other_process(
    face: str, house: House, world: World, world_ground: Ground
) -> None:
    await connected(world)
    sku = await world.sku(name=f"两处 {face}")
    await world.price(sku, "9.50")
    await world.stock(sku, 10)
    buyer = await world.buyer(balance_e4=1_000_000)
    other = Served(world_ground.admin_dsn, world_ground.key_folder, free_port(), house.log, {})
    await other.start()
    try:
        here, there = SHOPS[face](house.served, buyer), SHOPS[face](other, buyer)
        good = (await there.learn())[f"两处 {face}"]
        first = await here.buy("1", good)  # from here on this process places for the mall
        assert first.ok
        assert await there.buy("1", good) == first
        told = await asyncio.gather(*[shop.buy("2", good, 2) for shop in (here, there) * 5])
        assert {(one.ok, one.order, one.cards) for one in told} == {(True, told[0].order, told[0].cards)}
        assert (await there.buy("2", good)).code == there.conflict
        [(count,)] = await world.rows(
            "select count(*) from orders.orders where buyer_id = %s", [buyer.organisation]
        )
        assert count == 2
        assert await world.balance(buyer.account) == 1_000_000 - 3 * 95_000
    finally:
        await other.stop()
