"""The match of a day, from the rows of three sides to the list of what differs.

Read in one snapshot, matched beside the database, written in one transaction if nothing the match depends on has changed
meanwhile; else again. Matching a day twice gives the same; what was resolved stays resolved.
"""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from commissary import jobs, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.settlement import store
from commissary.settlement.match import frames, match
from commissary.settlement.types import Day, Match, SettlementRefusal
from commissary.tenancy.types import Actor

JOB = "settlement.reconcile"
TRIES = 5
AT_ONCE = 20_000
Progress = Callable[[int, int], None]


async def reconcile(
    env: Env,
    actor: Actor,
    connection_id: int,
    day: date,
    *,
    progress: Progress = lambda done, total: None,
) -> Day:
    """Every line of the day's statement and every purchase of the day in one class; the differences are the work list.

    Refuses connection_unknown, statement_missing, day_closed, matching_not_installed.
    """
    tenancy.require(actor, "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    for _ in range(TRIES):
        rev, statement_id, ours, theirs = await _gather(env, home, mall, connection_id, day, progress)
        found = await asyncio.to_thread(_match, ours, theirs)
        if await _write(env, actor, connection_id, day, rev, statement_id, found):
            async with env.db.transaction(mall) as tx:
                return await store.the_day(tx, home, connection_id, day)
    raise Refused(RequestRefusal.conflict)


async def begin(env: Env, actor: Actor, connection_id: int, day: date) -> int:
    """`reconcile` as a job; its id. Refuses connection_unknown, statement_missing, day_closed."""
    tenancy.require(actor, "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        await store.account(tx, home, connection_id)
        known = await store.statement_of(tx, home, connection_id, day)
        if known is None or known.state != "imported":
            raise Refused(SettlementRefusal.statement_missing)
        if (await store.the_day(tx, home, connection_id, day)).state == "closed":
            raise Refused(SettlementRefusal.day_closed)
        payload = {"connection": str(connection_id), "day": day.isoformat()}
        by = f"{actor.kind}:{actor.id}"
        made = await jobs.defer(tx, env, mall, JOB, payload, by=by, unit="lines", total=known.lines)
        after = {"day": day.isoformat(), "job": str(made)}
        await tenancy.audit(tx, env, actor, "settlement.begin", f"connection:{connection_id}", None, after)
        return made


async def run_job(job: jobs.Job) -> Any:
    """What `begin` deferred."""
    system = Actor(job.mall_id, "system", JOB, permissions=frozenset({"*"}))
    day = date.fromisoformat(job.payload["day"])
    seen = (0, 0)

    def told(done: int, total: int) -> None:
        nonlocal seen
        seen = (done, total)

    async def tell() -> None:
        while True:
            await asyncio.sleep(1)
            if seen[1]:
                await job.progress(seen[0], total=seen[1])

    telling = asyncio.create_task(tell())
    try:
        done = await reconcile(job.env, system, int(job.payload["connection"]), day, progress=told)
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
    await job.progress(seen[1], total=seen[1])
    return {"day": job.payload["day"], "counts": done.counts, "open": done.open}


async def _gather(
    env: Env, home: int, mall: int, connection_id: int, day: date, progress: Progress
) -> tuple[int, int, bytes, bytes]:
    """(rev of the day, the statement, our side, theirs), all of one snapshot."""
    async with env.db.transaction(mall) as tx:
        await tx.execute("set transaction isolation level repeatable read")
        _, zone = await store.account(tx, home, connection_id)
        which = {"home": home, "connection": connection_id, "day": day}
        known = await store.statement_of(tx, home, connection_id, day)
        if known is None or known.state != "imported":
            raise Refused(SettlementRefusal.statement_missing)
        row = await db.row(tx, store.Q.lock_day, which)
        assert row is not None, "a statement makes its day"
        if row[4] == "closed":
            raise Refused(SettlementRefusal.day_closed)
        from_, to = store.bounds(day, zone)
        given = which | {"from": from_, "to": to}
        given["before"], _ = store.bounds(day - timedelta(days=1), zone)
        _, given["behind"] = store.bounds(day + timedelta(days=1), zone)
        # Both sides are read; ours is about as long as theirs.
        total = 2 * known.lines
        progress(0, total)
        theirs = await store.copied(
            tx, store.Q.copy_theirs, which, lambda n: progress(min(n, known.lines), total)
        )
        progress(known.lines, total)
        ours = await store.copied(
            tx, store.Q.copy_ours, given, lambda n: progress(min(known.lines + n, total - 1), total)
        )
        progress(total, total)
    return row[0], known.id, ours, theirs


def _match(ours: bytes, theirs: bytes) -> Match:
    return match(*frames(ours, theirs))


async def _write(
    env: Env, actor: Actor, connection_id: int, day: date, rev: int, statement_id: int, found: Match
) -> bool:
    """Whether the day was still what it was."""
    mall, home = actor.mall_id, home_of(actor.mall_id)
    at = env.now(mall)
    async with env.db.transaction(mall) as tx:
        which = {"home": home, "connection": connection_id, "day": day}
        now = await db.row(tx, store.Q.hold_day, which)
        if now is None:
            raise Refused(SettlementRefusal.day_closed)
        if now[0] != rev:
            return False
        await db.run(tx, store.Q.drop_open_differences, which)
        for first in range(0, len(found.found), AT_ONCE):
            part = found.found[first : first + AT_ONCE]
            await store.add_differences(tx, env, home, connection_id, day, part, at)
        sums = {"matched": found.matched_e4, "ours": found.ours_e4, "theirs": found.theirs_e4}
        given = which | sums | {"rev": rev, "statement": statement_id, "at": at}
        await db.run(tx, store.Q.set_matched, given | {"counts": store.jsonb(found.counts)})
        after = {
            "day": day.isoformat(),
            "counts": found.counts,
            "difference_e4": found.theirs_e4 - found.ours_e4,
        }
        await tenancy.audit(
            tx, env, actor, "settlement.reconcile", f"connection:{connection_id}", None, after
        )
    return True
