"""A worker in which nothing happens costs the same however many malls there are."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import psycopg

from commissary import partners, supply, tenancy
from commissary.app.working import Working, outward
from commissary.base import db, settings
from commissary.base.env import Env
from commissary.tenancy.types import Actor
from commissary.worker import SCHEDULE
from commissary.worker.run import RESTOCK
from make.pace import Pace
from world import Ground
from world import ground as make_ground

SLOW = timedelta(seconds=20)  # what comes so seldom may enter every mall
STRETCH_S = 3.0


class Counted(db.Database):
    """Counts what is begun, by mall; None: inside none."""

    begun: Counter[int | None]

    @asynccontextmanager
    async def transaction(self, mall: int | None, role: db.Role = "app") -> AsyncIterator[db.Tx]:
        self.begun[mall] += 1
        async with super().transaction(mall, role) as tx:
            yield tx


async def found(ground: Ground) -> None:
    """A mall and its twin, each with a supplier whose catalogue and statements were asked for a moment ago."""
    world = await ground.world()
    twin = await tenancy.found_shadow(world.admin_dsn, ground.ids, world.mall, world.now)
    for founded in (world.founded, twin):
        permissions = tenancy.permissions_of("owner")
        actor = Actor(founded.mall_id, "cli", "test", founded.organisation_id, permissions)
        company = await partners.add_supplier(world.env, actor, name="Supplier")
        draft = supply.ConnectionDraft(name="one", base_url="https://s.example", account="a", secret="k" * 16)
        kept = await supply.add_connection(
            world.env, actor, draft, supplier_id=company.id, protocol="kasushou", currency=None
        )
        async with world.env.db.transaction(founded.mall_id) as tx:
            await tx.execute(
                "insert into supply.pull (mall_id, connection_id, due_at) values (%s, %s, now() + interval '1 hour')",
                (founded.mall_id, kept.id),
            )
            await tx.execute(
                """insert into settlement.source (mall_id, connection_id, by, hour, zone, pulled_to, set_by, set_at)
                   values (%s, %s, 'api', 3, null, %s, 'test', now())""",
                (founded.mall_id, kept.id, date(2999, 1, 1)),
            )


async def idle(ground: Ground, folder: Path, pace: Pace) -> Counter[int | None]:
    """What a worker begins in a stretch in which nothing happens."""
    names = [one.name for one in SCHEDULE if one.every >= SLOW] + [RESTOCK]
    with psycopg.connect(ground.database.dsns.app, autocommit=True) as tx:
        for name in names:
            tx.execute(
                """insert into jobs.turn (name, due_at) values (%s, now() + interval '1 day')
                   on conflict (name) do update set due_at = excluded.due_at""",
                (name,),
            )
    database = Counted(ground.database.dsns)
    database.begun = Counter()
    env = Env(database, ground.ids, ground.keys)
    await tenancy.load_offsets(env)
    read = settings.read({"COMMISSARY_PUBLIC_URL": "http://127.0.0.1:1"}, data=folder)
    try:
        async with outward(env, read) as spoken:
            working = Working.of(env, spoken, read)
            working.start()
            try:
                until = time.monotonic() + pace.patience(30)
                while True:  # what founding the malls left to do is done first
                    database.begun.clear()
                    await asyncio.sleep(STRETCH_S)
                    if set(database.begun) == {None} or time.monotonic() > until:
                        return Counter(database.begun)
            finally:
                await working.stop()
    finally:
        await database.close()


async def test_malls_in_which_nothing_happens_cost_nothing(
    admin_dsn: str, tmp_path: Path, pace: Pace
) -> None:
    async with make_ground(admin_dsn) as ground:
        for _ in range(2):
            await found(ground)
        few = await idle(ground, tmp_path, pace)
        for _ in range(18):
            await found(ground)
        many = await idle(ground, tmp_path, pace)
    assert set(few) == set(many) == {None}, "malls were entered"
    assert 0 < many.total() <= 1.5 * few.total()
