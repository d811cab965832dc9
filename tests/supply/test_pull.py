"""Catalogues and balances, pulled: at each connection's pace, once, and whoever hangs holds up nobody."""

import asyncio
import sys
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from commissary import supply
from commissary.base.outgoing import Outgoing
from commissary.supply import connections
from commissary.supply.routes import ROUTES
from commissary.supply.types import Request, Response
from make.http import served
from make.orders import World
from make.supply import CARD, Supplier, Trade

PULLING = sys.modules["commissary.supply.pull"]  # the door's verb has its name


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def cost(trade: Trade, sku: int) -> int | None:
    found = await trade.world.rows("select unit_cost_e4 from supply.shelf where sku_id = %s", sku)
    return found[0][0] if found else None


async def pulled(trade: Trade) -> None:
    await supply.pull(trade.world.env, trade.buying.purchasing)


async def edit(trade: Trade, supplier: Supplier, **to: Any) -> None:
    kept = await connections.get_connection(trade.world.env, trade.world.actor, supplier.kept.id)
    draft = connections.ConnectionDraft(
        name=kept.name, base_url=kept.base_url, account=kept.account, settings=kept.settings, **to
    )
    await connections.edit_connection(trade.world.env, trade.world.actor, kept.id, draft, kept.version)


async def test_a_cost_and_a_delisting_are_seen_when_they_are_due_and_not_before(trade: Trade) -> None:
    world, supplier = trade.world, await trade.supplier(price_e4=90_000)
    sku = await world.sku(98_750)
    await trade.offer(supplier, sku)
    await pulled(trade)
    supplier.shop.articles[CARD].price_e4 = 91_000
    asked = supplier.asked
    await pulled(trade)
    assert (await cost(trade, sku), supplier.asked) == (90_000, asked)
    world.travel(seconds=301)
    await pulled(trade)
    assert await cost(trade, sku) == 91_000
    del supplier.shop.articles[CARD]
    world.travel(seconds=301)
    await pulled(trade)
    assert await cost(trade, sku) is None


async def test_each_connection_has_its_own_pace(trade: Trade) -> None:
    quick, slow = await trade.supplier(), await trade.supplier()
    await edit(trade, quick, pull_s=10)
    await pulled(trade)
    asked = quick.asked, slow.asked
    trade.world.travel(seconds=11)
    await pulled(trade)
    assert quick.asked > asked[0]
    assert slow.asked == asked[1]


async def test_a_fall_to_two_fifths_and_a_jump_to_three_times_wait_for_a_person(trade: Trade) -> None:
    world, sku = trade.world, await trade.world.sku(98_750)
    for price_e4 in (36_000, 270_000):
        supplier = await trade.supplier(price_e4=90_000)
        offer = await trade.offer(supplier, sku)
        supplier.shop.articles[CARD].price_e4 = price_e4
        world.travel(seconds=301)
        await pulled(trade)
        rows = await world.rows("select unit_cost_e4, held_cost_e4 from supply.offer where id = %s", offer.id)
        assert rows == [(90_000, price_e4)]
        assert await cost(trade, sku) is None


async def test_two_processes_pull_a_connection_once(trade: Trade) -> None:
    supplier, other = await trade.supplier(), trade.again().purchasing
    await pulled(trade)
    once, supplier.asked = supplier.asked, 0
    trade.world.travel(seconds=301)
    await asyncio.gather(pulled(trade), supply.pull(trade.world.env, other))
    assert supplier.asked == once


async def test_a_supplier_who_hangs_holds_up_no_other(trade: Trade) -> None:
    world, hung, alive = trade.world, await trade.supplier(), await trade.supplier(price_e4=90_000)
    sku = await world.sku(98_750)
    await trade.offer(alive, sku)

    async def never(request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    hung.send = never  # type: ignore[method-assign]
    alive.shop.articles[CARD].price_e4 = 92_000
    await trade.buying.purchasing.reload(world.mall)
    await asyncio.wait_for(pulled(trade), 10)
    assert await cost(trade, sku) == 92_000
    alive.shop.articles[CARD].price_e4 = 93_000
    world.travel(seconds=301)
    await asyncio.wait_for(pulled(trade), 10)
    assert await cost(trade, sku) == 93_000
    await trade.buying.purchasing.close()


async def test_who_died_in_a_pull_keeps_others_from_it_for_half_a_minute(trade: Trade) -> None:
    world, supplier = trade.world, await trade.supplier()
    await pulled(trade)
    world.travel(seconds=301)
    until = world.env.now(world.mall) + PULLING.LEASE
    with psycopg.connect(world.house.ground.admin_dsn, autocommit=True) as admin:
        dead = "update supply.pull set lease = 7, leased_until = %s where mall_id = %s"
        admin.execute(dead, (until, world.mall))
    asked = supplier.asked
    await pulled(trade)
    assert supplier.asked == asked
    world.travel(seconds=31)
    await pulled(trade)
    assert supplier.asked > asked


async def test_who_pulls_for_long_keeps_his_lease(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PULLING, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(PULLING, "PATIENCE_S", 0.1)
    world, hung = trade.world, await trade.supplier()
    hold = asyncio.Event()

    async def later(request: Request) -> Response:
        await hold.wait()
        raise AssertionError

    hung.send = later  # type: ignore[method-assign]
    await pulled(trade)
    await asyncio.sleep(1.5)
    [(until,)] = await world.rows("select leased_until from supply.pull where mall_id = %s", world.mall)
    assert until > world.env.now(world.mall)
    await trade.buying.purchasing.close()
    assert await world.rows("select leased_until from supply.pull where mall_id = %s", world.mall) == [
        (None,)
    ]


async def test_a_low_balance_is_told_once_until_it_was_filled_up(trade: Trade) -> None:
    world, supplier = trade.world, await trade.supplier()
    await edit(trade, supplier, low_balance_e4=1_000_000)

    async def told() -> int:
        return [kind for _, kind in await world.events(supplier.kept.id)].count("supplier.balance_low")

    for balance_e4, times in ((2_000_000, 0), (900_000, 1), (800_000, 1), (2_000_000, 1), (10_000, 2)):
        supplier.shop.balance_e4 = balance_e4
        world.travel(seconds=301)
        await pulled(trade)
        assert await told() == times


async def test_a_person_pulls_at_once_and_a_second_time_sees_the_same(trade: Trade) -> None:
    world, supplier = trade.world, await trade.supplier(price_e4=90_000)
    sku = await world.sku(98_750)
    await trade.offer(supplier, sku)
    await pulled(trade)
    world.travel(seconds=10)
    supplier.shop.articles[CARD].price_e4 = 91_000
    talks = {"purchasing": trade.buying.purchasing, "outgoing": Outgoing(production=False)}
    async with served(world.house, ROUTES, env=world.env, **talks) as mall:
        answer = await mall.post(f"/console/v1/connections/{supplier.kept.id}/pull", json={})
        assert (answer.status_code, answer.json()) == (200, {"seen": 2, "changed": 1})
        asked = supplier.asked
        again = await mall.post(f"/console/v1/connections/{supplier.kept.id}/pull", json={})
        assert (again.json(), supplier.asked) == (answer.json(), asked)
        gone = await mall.post("/console/v1/connections/7/pull", json={})
        assert (gone.status_code, gone.json()["code"]) == (404, "connection_not_found")
