"""How webhook endpoints do, for whoever runs the mall: what waits and since when, what arrived and what was given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import listing, sql
from commissary.base.env import Env
from commissary.base.listing import Columns, Table, Where
from commissary.notify.store import homes_of
from commissary.notify.types import EndpointState
from commissary.tenancy.types import Actor

H = sql.load(__package__, "health.sql")
ENDPOINTS = Table(
    H.page,
    H.matching,
    Columns("e.id", {"created_at": ("e.id", "bigint"), "failures": ("e.failures", "integer")}),
    "-failures",
)
LATELY = timedelta(hours=24)


class EndpointHealth(msgspec.Struct, frozen=True):
    """`failures`: one after the other, the last ones. `delivered` and `dead`: of the last day."""

    id: int
    organisation_id: int
    organisation: str
    url: str
    state: EndpointState
    state_reason: str
    failures: int
    failing_since: datetime | None
    created_at: datetime
    waiting: int
    oldest_waiting_at: datetime | None
    delivered: int
    dead: int


class HealthQuery(msgspec.Struct, frozen=True):
    """`q` is part of the address or of the company's name."""

    q: str = ""
    organisation_id: int | None = None
    state: EndpointState | None = None
    failing: bool = False


async def look(
    env: Env, actor: Actor, query: HealthQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[EndpointHealth], int]:
    """One more than `size`, and about how many match."""
    where, mall = _where(actor, query), actor.mall_id
    async with env.db.transaction(mall) as tx:
        found, expected = await ENDPOINTS.look(tx, where, sort=sort, cursor=cursor, size=size)
        asked = homes_of(mall) | {"ids": [r[0] for r in found], "since": env.now(mall) - LATELY}
        waiting = {r[0]: r[1:] for r in await listing.rows(tx, H.waiting, asked)}
        ended = {r[0]: r[1:] for r in await listing.rows(tx, H.ended, asked)}
    return [_health(r, waiting.get(r[0], (0, None)), ended.get(r[0], (0, 0))) for r in found], expected


async def totals(env: Env, actor: Actor, query: HealthQuery) -> tuple[int, int, int, int]:
    """How many endpoints match, and what of theirs waits, arrived and was given up."""
    where, mall = _where(actor, query), actor.mall_id
    async with env.db.transaction(mall) as tx:
        [[total]] = await ENDPOINTS.ask(tx, where, "count(*)")
        asked = where.params | homes_of(mall) | {"since": env.now(mall) - LATELY}
        [[waiting, delivered, dead]] = await listing.rows(tx, H.sums.format(where=where.sql), asked)
    return int(total), waiting, delivered, dead


def cursor_of(endpoint: EndpointHealth, sort: str | None) -> str:
    return ENDPOINTS.cursor(sort, endpoint.id, lambda _: endpoint.failures)


def _health(r: Sequence[Any], waiting: Sequence[Any], ended: Sequence[Any]) -> EndpointHealth:
    return EndpointHealth(
        r[0],
        r[1],
        r[2],
        r[3],
        EndpointState(r[4]),
        r[5],
        r[6],
        r[7],
        r[8],
        waiting[0],
        waiting[1],
        ended[0],
        ended[1],
    )


def _where(actor: Actor, query: HealthQuery) -> Where:
    tenancy.require(actor, "notify.read")
    where = Where({"mall": actor.mall_id}, [H.of_mall])
    if query.organisation_id is not None:
        where.add(H.of_company, company=query.organisation_id)
    if query.state is not None:
        where.add(H.with_state, state=query.state)
    if query.failing:
        where.add(H.failing)
    if query.q.strip():
        where.add(H.typed, q=query.q.strip())
    return where
