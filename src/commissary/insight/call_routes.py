"""The developer's workbench over HTTP: what programs called, what came of it and how long it took."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter, SkipValidation

from commissary import notify, partners, risk, tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Typed, When, time_of
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.insight import look_calls, quotas, rules
from commissary.insight.types import Called, CalledFully, CallGroup, CallQuery
from commissary.risk.types import Cap, RuleAction, RuleKind, Velocity
from commissary.tenancy.types import Actor, Caller

Short = Annotated[str | None, QueryParameter(max_length=80)]
Status = Annotated[int | None, QueryParameter(description="Of the answer", ge=100, le=599)]
Begins = Annotated[str | None, QueryParameter(description="How the path begins", max_length=200)]
Hours = Annotated[int, QueryParameter(description="How far to look back", ge=1, le=24 * 35)]
Own = NamedDependency[SkipValidation[Caller]]
Judge = NamedDependency[SkipValidation[risk.Engine]]
Keys = NamedDependency[SkipValidation[tenancy.KeyCache]]
Named = Annotated[str, QueryParameter(description="Which key", min_length=1, max_length=80)]
MOST_GROUPS = 200


class CallOut(msgspec.Struct, frozen=True):
    """`code`: of the refusal, empty for none. Refusals are kept, of the rest a sample; a call is kept for seven days at most."""

    id: str
    at: datetime
    organisation_id: str
    key_id: str
    method: str
    route: str
    path: str
    status: int
    code: str
    ip: str
    idempotency_key: str
    elapsed_ms: float
    request_id: str


class ToldOut(msgspec.Struct, frozen=True):
    """A webhook delivery about an order that the call placed."""

    id: str
    order_id: str
    event: str
    state: str
    attempts: int
    created_at: datetime


class CallFullOut(msgspec.Struct, frozen=True):
    """`refusal`: the answer; `request`: what was asked, every value hidden that is not known to be harmless."""

    call: CallOut
    refusal: str | None
    request: str | None
    order_ids: list[str]
    deliveries: list[ToldOut]


class CallGroupOut(msgspec.Struct, frozen=True):
    route: str
    status: int
    code: str
    calls: int
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None


class CallStatsOut(msgspec.Struct, frozen=True):
    """Exact counts; how long calls took is known within half as much again."""

    calls: int
    refused: int
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None
    groups: list[CallGroupOut]


class LimitOut(msgspec.Struct, frozen=True):
    """`per`: whom it counts; `each_sku`: each SKU by itself; `sku_ids` empty: all. `window_s` 0: in one order. `used` and `left` null: it
    has no single count. `action`: what comes of more. `waived`: the mall lets this party do more."""

    rule_id: str
    name_zh: str
    name_en: str
    kind: RuleKind
    per: str
    limit: int
    window_s: int
    sku_ids: list[str]
    each_sku: bool
    used: int | None
    left: int | None
    action: RuleAction
    waived: bool


class QuotaOut(msgspec.Struct, frozen=True):
    """`endpoints`: of webhooks, those that are and the most there may be. Counted by the process that answers, which is the one that places
    for the mall unless there are several."""

    key_id: str
    limits: list[LimitOut]
    endpoints: int
    most_endpoints: int


def call_query(
    q: Typed = None,
    method: Short = None,
    route: Short = None,
    code: Short = None,
    key_id: Short = None,
    ip: Short = None,
    refused: FromQuery[bool | None] = None,
    status: Status = None,
    path: Begins = None,
    organisation_id: FromQuery[str | None] = None,
    at_from: When = None,
    at_to: When = None,
) -> CallQuery:
    return CallQuery(
        q=q or "",
        method=method,
        route=route,
        code=code,
        key_id=key_id,
        ip=ip,
        refused=refused,
        status=status,
        path=path or None,
        organisation_id=number(organisation_id) if organisation_id else None,
        at_from=time_of("at_from", at_from),
        at_to=time_of("at_to", at_to),
    )


FILTERED = {"wanted": Provide(call_query, sync_to_thread=False)}


@get(
    "/console/v1/calls",
    operation_id="listCalls",
    tags=["Calls"],
    summary="Calls of programs, newest first",
    opt=said("程序调用日志（按时间倒序）", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def calls_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[CallQuery],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[CallOut]:
    return await _calls(env, actor, wanted, cursor, size)


@get(
    "/console/v1/calls/stats",
    operation_id="getCallStats",
    tags=["Calls"],
    summary="Calls by route and outcome, and how long they took",
    opt=said("调用统计：按接口与结果分组及耗时分位", "", RequestRefusal.not_found),
)
async def stats_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    hours: Hours = 24,
    organisation_id: FromQuery[str | None] = None,
) -> CallStatsOut:
    company = number(organisation_id) if organisation_id else None
    return _stats(await look_calls.group_calls(env, actor, hours, company))


@get(
    "/console/v1/quota",
    operation_id="getQuota",
    tags=["Calls"],
    summary="The limits on a key, and what is left of them",
    opt=said("密钥限额与剩余量", "", RequestRefusal.not_found),
)
async def quota_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    engine: Judge,
    key_cache: Keys,
    key_id: Named,
) -> QuotaOut:
    return _quota(*await quotas.of_key(env, actor, engine, key_cache, key_id))


@get(
    "/console/v1/own/quota",
    operation_id="getMyQuota",
    tags=["Own: developer"],
    summary="The limits on one's own company's key, and what is left of them",
    opt=said("本企业密钥限额与剩余量", "", RequestRefusal.not_found),
    dependencies=partners.OWN,
)
async def own_quota_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: Own,
    engine: Judge,
    key_cache: Keys,
    key_id: Named,
) -> QuotaOut:
    del caller
    return _quota(*await quotas.of_key(env, actor, engine, key_cache, key_id))


@get(
    "/console/v1/calls/{call_id:str}",
    operation_id="getCall",
    tags=["Calls"],
    summary="A call, the orders that it placed, and what webhooks told of them",
    opt=said("单次调用及其订单与推送", "", RequestRefusal.not_found),
)
async def call_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], call_id: FromPath[str]
) -> CallFullOut:
    return _full(*await look_calls.get_call(env, actor, number(call_id)))


@get(
    "/console/v1/own/calls",
    operation_id="listMyCalls",
    tags=["Own: developer"],
    summary="Calls of one's own company's programs, newest first",
    opt=said("本企业程序调用日志（按时间倒序）", "", RequestRefusal.not_found),
    dependencies=FILTERED | partners.OWN,
)
async def own_calls_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: Own,
    wanted: NamedDependency[CallQuery],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[CallOut]:
    del caller
    return await _calls(env, actor, wanted, cursor, size)


@get(
    "/console/v1/own/calls/stats",
    operation_id="getMyCallStats",
    tags=["Own: developer"],
    summary="One's own company's calls by route and outcome, and how long they took",
    opt=said("本企业调用统计：按接口与结果分组及耗时分位"),
    dependencies=partners.OWN,
)
async def own_stats_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], caller: Own, hours: Hours = 24
) -> CallStatsOut:
    del caller
    return _stats(await look_calls.group_calls(env, actor, hours))


@get(
    "/console/v1/own/calls/{call_id:str}",
    operation_id="getMyCall",
    tags=["Own: developer"],
    summary="A call, the orders that it placed, and what webhooks told of them",
    opt=said("单次调用及其订单与推送", "", RequestRefusal.not_found),
    dependencies=partners.OWN,
)
async def own_call_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], caller: Own, call_id: FromPath[str]
) -> CallFullOut:
    del caller
    return _full(*await look_calls.get_call(env, actor, number(call_id)))


async def _calls(env: Env, actor: Actor, wanted: CallQuery, cursor: str | None, size: int) -> Page[CallOut]:
    before = after(cursor) or None
    found = await look_calls.list_calls(env, actor, wanted, before=before, size=sized(size))
    return page(found, size, _call, lambda c: c.id)


def _call(c: Called | CalledFully) -> CallOut:
    return CallOut(
        id=str(c.id),
        at=c.at,
        organisation_id=str(c.organisation_id),
        key_id=c.key_id,
        method=c.method,
        route=c.route,
        path=c.path,
        status=c.status,
        code=c.code,
        ip=c.ip,
        idempotency_key=c.idempotency_key,
        elapsed_ms=c.elapsed_us / 1000,
        request_id=c.request_id,
    )


def _full(c: CalledFully, orders: Sequence[int], told: Sequence[notify.DeliveryView]) -> CallFullOut:
    deliveries = [
        ToldOut(str(d.id), str(d.subject_id), d.event, d.state, d.attempts, d.created_at) for d in told
    ]
    return CallFullOut(_call(c), c.refusal, c.request, [str(o) for o in orders], deliveries)


def _quota(key_id: str, found: list[risk.Quota], endpoints: int) -> QuotaOut:
    return QuotaOut(key_id, [_limit(q) for q in found], endpoints, notify.ENDPOINTS_MAX)


def _limit(q: risk.Quota) -> LimitOut:
    asked, most = q.rule.params, q.most
    assert isinstance(asked, Velocity | Cap)
    cap = asked if isinstance(asked, Cap) else None
    return LimitOut(
        rule_id=str(q.rule.id),
        name_zh=q.rule.name_zh,
        name_en=q.rule.name_en,
        kind="cap" if cap else "velocity",
        per=asked.by if isinstance(asked, Velocity) else asked.per,
        limit=most,
        window_s=asked.window_s,
        sku_ids=[str(sku) for sku in cap.sku_ids] if cap else [],
        each_sku=asked.each_sku if isinstance(asked, Cap) else asked.by == "sku_buyer",
        used=q.used,
        left=None if q.used is None else max(0, most - q.used),
        action=q.rule.action,
        waived=q.waived,
    )


def _stats(groups: list[CallGroup]) -> CallStatsOut:
    slots = look_calls.total_of(groups)
    refused = sum(g.calls for g in groups if g.status >= 400)
    shown = [CallGroupOut(g.route, g.status, g.code, g.calls, *_took(g.slots)) for g in groups[:MOST_GROUPS]]
    return CallStatsOut(sum(slots), refused, *_took(slots), shown)


def _took(slots: Sequence[int]) -> tuple[int | None, int | None, int | None]:
    p50, p95, p99 = (rules.percentile_ms(slots, share) for share in (0.5, 0.95, 0.99))
    return p50, p95, p99


ROUTES = [
    calls_route,
    stats_route,
    quota_route,
    call_route,
    own_calls_route,
    own_stats_route,
    own_quota_route,
    own_call_route,
]
