"""Every committed event has one place, gap-free, whoever dies; and placing an order waits for none of it."""

import asyncio
import random
import time
from typing import Any

import psycopg

from commissary import provenance
from commissary.base import db
from commissary.base.arrays import Bigints
from commissary.provenance import store
from make.provenance import as_admin, audited, keeper
from world import Buyer, World


async def test_several_keepers_and_a_busy_shop_give_each_event_one_place(
    shop: tuple[World, Buyer, int],
) -> None:
    world, buyer, sku = shop
    selling = True

    async def keep() -> None:
        keeps = keeper(world)
        while selling:
            await keeps.round()
            await asyncio.sleep(0)

    keeping = [asyncio.create_task(keep()) for _ in range(3)]
    for _ in range(10):
        await asyncio.gather(*(world.place(buyer, sku) for _ in range(20)))
    selling = False
    await asyncio.gather(*keeping)
    await keeper(world).round()
    assert await places(world) == (200, 200, 199)
    assert await audited(world) == []


async def test_killed_anywhere_each_event_has_one_place(shop: tuple[World, Buyer, int]) -> None:
    """Two hundred times a keeper is broken off in the middle of whatever it is at, its connection with it."""
    world, buyer, sku = shop
    chance = random.Random(11)
    for _ in range(200):
        await world.place(buyer, sku)
        task = asyncio.create_task(keeper(world).round())
        await asyncio.sleep(chance.random() * 0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await keeper(world).round()
    assert await places(world) == (200, 200, 199)
    assert await audited(world) == []


async def test_a_keeper_process_is_killed_and_another_goes_on(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    async with world.serve() as server:
        for _ in range(3):
            for n in range(20):
                got = await server.call(
                    buyer,
                    "POST",
                    "/v1/orders",
                    {"client_order_no": f"{time.time_ns()}-{n}", "sku_id": str(sku), "quantity": 1},
                )
                assert got.status == 200
            await server.kill()
            await server.start()
    await keeper(world).round()
    assert await places(world) == (60, 60, 59)
    assert await audited(world) == []


async def test_a_step_does_not_read_the_whole_log(shop: tuple[World, Buyer, int]) -> None:
    """Whatever the planner believes: here it takes the log for empty, as it does in the first hour of a mall."""
    world, buyer, sku = shop
    await asyncio.gather(*(world.place(buyer, sku) for _ in range(40)))
    await keeper(world).round()
    async with world.env.db.transaction(world.mall) as tx:
        subjects = [r[0] for r in await db.rows(tx, "select distinct subject_id from provenance.event")]
        facts = {"home": world.home, "size": 10_000, "subjects": Bigints(subjects)}
        found = await tx.execute("explain (analyze, format json) " + store.Q.sequence, facts)
        plan = (await found.fetchone() or [])[0][0]["Plan"]
    looked = [node for node in nodes(plan) if node.get("Relation Name") in ("leaf", "event")]
    conditions = [node["Index Cond"] for node in looked if "Index Cond" in node]
    assert len(conditions) == 2
    assert all("subject_id = " in one for one in conditions), conditions
    assert not [n for n in nodes(plan) if n["Node Type"] in ("Seq Scan", "Hash Join", "Materialize")]


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


async def test_events_from_before_the_log_are_in_it_too(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    for _ in range(5):
        await world.place(buyer, sku)
    await as_admin(world, "delete from base.outbox where home_id = %(home)s")
    await world.place(buyer, sku)
    await keeper(world).round()
    assert await places(world) == (6, 6, 5)


async def test_a_place_that_is_missing_is_found_and_repaired(shop: tuple[World, Buyer, int]) -> None:
    """As if some verb had written an event and published nothing."""
    world, buyer, sku = shop
    await world.place(buyer, sku)
    await keeper(world).round()
    await as_admin(
        world,
        """insert into provenance.event select home_id, subject_id, 99, 5, at, body, salt, leaf from provenance.event
           where home_id = %(home)s limit 1""",
    )
    assert "i9_events_are_in_the_log" in await audited(world)
    await provenance.sweep_again(world.env, world.home)
    await keeper(world).round()
    assert await audited(world) == []


async def test_placing_waits_for_nothing_of_the_log(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    await world.place(buyer, sku)
    await keeper(world).round()
    async with await psycopg.AsyncConnection.connect(world.admin_dsn) as other:
        for table in ("head", "leaf", "tile", "checkpoint", "signer"):
            await other.execute(f"lock table provenance.{table} in access exclusive mode")
        await asyncio.wait_for(world.place(buyer, sku), 3)


FAULTS = {
    "i9_places_have_events": "update provenance.leaf set n = n + 50 where position = 0",
    "i9_places_have_no_gap": "delete from provenance.leaf where position = 1",
    "i9_tiles_are_of_their_leaves": "update provenance.tile set hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40)) where level = 0",
    "i9_tiles_are_of_tiles_below": "update provenance.tile set hashes = set_byte(hashes, 3, 255 - get_byte(hashes, 3)) where level = 1",
    "i9_checkpoints_have_their_root": "update provenance.checkpoint set root = set_byte(root, 0, 255 - get_byte(root, 0))",
    "i9_checkpoints_are_of_the_head": "delete from provenance.checkpoint",
    "i9_leaves_are_of_their_events": "update provenance.event set body = body || ' '::bytea where n = 1",
}


async def test_each_check_of_the_log_finds_its_fault(shop: tuple[World, Buyer, int]) -> None:
    world, buyer, sku = shop
    for _ in range(13):
        await asyncio.gather(*(world.place(buyer, sku) for _ in range(20)))
    await keeper(world).round()
    assert await audited(world) == []
    for check, fault in FAULTS.items():
        undo = await snapshot(world)
        await as_admin(world, fault)
        assert check in await audited(world), check
        await restore(world, undo)
    assert await audited(world) == []


async def places(world: World) -> tuple[int, int, int]:
    """(events, events with a place, the last place)"""
    [found] = await world.rows(
        """select count(*), count(l.position), max(l.position) from provenance.event e
           left join provenance.leaf l using (home_id, subject_id, n) where e.home_id = %s""",
        (world.home,),
    )
    return found  # type: ignore[return-value]


TABLES = ("event", "leaf", "tile", "checkpoint")


async def snapshot(world: World) -> None:
    for table in TABLES:
        await as_admin(world, f"create table public.kept_{table} as select * from provenance.{table}")


async def restore(world: World, _: None) -> None:
    for table in TABLES:
        await as_admin(
            world,
            f"delete from provenance.{table}; insert into provenance.{table} select * from public.kept_{table}; "
            f"drop table public.kept_{table}",
        )
