"""Turns of periodic work: taken by one process at a time, taken again when its lease ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.arrays import Texts
from commissary.base.env import Env
from commissary.tenancy.types import Actor

Q = sql.load(__package__)
LATE = timedelta(minutes=1)


class TurnView(msgspec.Struct, frozen=True):
    """`late`: it is due for longer than processes take to look, and none does it."""

    name: str
    due_at: datetime
    running: bool
    late: bool
    last_at: datetime | None
    last_ms: int | None
    last_error: str


async def list_turns(env: Env, actor: Actor) -> list[TurnView]:
    """All periodic work of the installation, by name."""
    tenancy.require(actor, "jobs.read")
    now = env.clock()
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.turns)
    return [
        TurnView(
            name, due, running := leased is not None and leased > now, not running and due + LATE < now, *last
        )
        for name, due, leased, *last in found
    ]


async def due_turns(env: Env, names: Sequence[str], now: datetime) -> set[str]:
    """Those that `take_turn` would give a lease for."""
    async with env.db.transaction(None) as tx:
        return {r[0] for r in await db.rows(tx, Q.due_turns, {"names": Texts(names), "now": now})}


async def take_turn(env: Env, name: str, now: datetime, lease_for: timedelta) -> int | None:
    """The lease, if the work of this name is due and nobody does it."""
    lease = env.ids.new()
    async with env.db.transaction(None) as tx:
        facts = {"name": name, "now": now, "until": now + lease_for, "lease": lease}
        return lease if await db.row(tx, Q.take_turn, facts) else None


async def keep_turn(env: Env, name: str, lease: int, until: datetime) -> bool:
    """It is still being done. False: another process has it now."""
    async with env.db.transaction(None) as tx:
        return await db.row(tx, Q.keep_turn, {"name": name, "lease": lease, "until": until}) is not None


async def end_turn(
    env: Env, name: str, lease: int, *, now: datetime, due: datetime, elapsed_ms: int, error: str = ""
) -> None:
    """When it is due again. `error`: a code or the name of an exception, never its text."""
    async with env.db.transaction(None) as tx:
        facts = {"name": name, "lease": lease, "now": now, "due": due, "ms": elapsed_ms, "error": error}
        await db.run(tx, Q.end_turn, facts)
