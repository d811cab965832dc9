"""How webhook endpoints do, over HTTP."""

from datetime import datetime

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Typed, listed
from commissary.base.wire import Size, number, said, sized
from commissary.notify import health
from commissary.notify.health import EndpointHealth, HealthQuery
from commissary.notify.types import EndpointState
from commissary.tenancy.types import Actor


class EndpointHealthOut(msgspec.Struct, frozen=True):
    """`failures`: tries that failed one after the other, the last ones. `delivered` and `dead`: of the last 24 hours."""

    id: str
    organisation_id: str
    organisation: str
    url: str
    state: EndpointState
    state_reason: str
    failures: int
    failing_since: datetime | None
    waiting: int
    oldest_waiting_at: datetime | None
    delivered: int
    dead: int
    created_at: datetime


class HealthTotals(msgspec.Struct, frozen=True):
    """How many endpoints match; of their deliveries, those that wait, and those that ended in the last 24 hours."""

    total: int
    waiting: int
    delivered: int
    dead: int


def health_query(
    q: Typed = None,
    organisation_id: FromQuery[str | None] = None,
    status: FromQuery[EndpointState | None] = None,
    failing: FromQuery[bool] = False,
) -> HealthQuery:
    """The filters, the same for the list and its totals."""
    return HealthQuery(q or "", number(organisation_id) if organisation_id else None, status, failing)


FILTERED = {"wanted": Provide(health_query, sync_to_thread=False)}


@get(
    "/console/v1/webhook-health",
    operation_id="listWebhookHealth",
    tags=["Webhooks"],
    summary="How endpoints do, by any of their filters",
    description="`q` is part of the address or of the company's name. Sorted by `failures` or `created_at`; those that fail most first if nothing "
    "is said.",
    opt=said(
        "Webhook 端点健康状况（按条件筛选）",
        "`q` 为地址或企业名称的一部分；可按 `failures`、`created_at` 排序，默认失败最多在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def health_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[HealthQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[EndpointHealthOut]:
    sized(size)
    found, expected = await health.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(found, size, _out, lambda e: health.cursor_of(e, sort), first=not cursor, estimate=expected)


@get(
    "/console/v1/webhook-health/totals",
    operation_id="totalWebhookHealth",
    tags=["Webhooks"],
    summary="How many endpoints match, and what of theirs waits, arrived and was given up",
    opt=said("符合条件的端点数及待发、送达与死信数", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[HealthQuery]
) -> HealthTotals:
    return HealthTotals(*await health.totals(env, actor, wanted))


def _out(e: EndpointHealth) -> EndpointHealthOut:
    told = msgspec.structs.asdict(e)
    return EndpointHealthOut(**told | {"id": str(e.id), "organisation_id": str(e.organisation_id)})


ROUTES = [health_route, totals_route]
