"""Looking through jobs: the console's list, by any of its filters."""

from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import sql
from commissary.base.env import Env
from commissary.base.listing import Columns, Table, Where
from commissary.jobs.read import JobView
from commissary.jobs.types import JobState
from commissary.tenancy.types import Actor

L = sql.load(__package__, "listing.sql")
JOBS = Table(L.page, L.matching, Columns("j.id", {"created_at": ("j.id", "bigint")}), "-created_at")


class JobQuery(msgspec.Struct, frozen=True):
    """`mine`: asked for by oneself. `created_*` is half-open."""

    kind: tuple[str, ...] = ()
    status: tuple[JobState, ...] = ()
    mine: bool = False
    created_from: datetime | None = None
    created_to: datetime | None = None
    kind_not: tuple[str, ...] = ()
    status_not: tuple[JobState, ...] = ()


async def look(
    env: Env, actor: Actor, query: JobQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[JobView], int]:
    """One more than `size`, and about how many match."""
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await JOBS.look(tx, _where(actor, query), sort=sort, cursor=cursor, size=size)
    return [JobView(r[0], r[1], JobState(r[2]), *r[3:]) for r in found], expected


async def count(env: Env, actor: Actor, query: JobQuery) -> int:
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await JOBS.ask(tx, _where(actor, query), "count(*)")
    return int(total)


def cursor_of(job: JobView, sort: str | None) -> str:
    return JOBS.cursor(sort, job.id, lambda _: "")


def _where(actor: Actor, query: JobQuery) -> Where:
    tenancy.require(actor, "jobs.read")
    where = Where({"mall": actor.mall_id}, [L.of_mall])
    if query.kind:
        where.add(L.kind, kind=list(query.kind))
    if query.status:
        where.add(L.state, state=[str(s) for s in query.status])
    if query.kind_not:
        where.deny(L.kind, kind=list(query.kind_not))
    if query.status_not:
        where.deny(L.state, state=[str(s) for s in query.status_not])
    if query.mine:
        where.add(L.made_by, made_by=f"{actor.kind}:{actor.id}")
    if query.created_from is not None:
        where.add(L.created_from, created_from=query.created_from)
    if query.created_to is not None:
        where.add(L.created_to, created_to=query.created_to)
    return where
