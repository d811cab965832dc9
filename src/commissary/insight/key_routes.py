"""The open platform over HTTP: keys with their use, and who calls how much."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, When, listed, time_of
from commissary.base.wire import Cursor, Page, Size, number, page, said, sized
from commissary.insight import keys
from commissary.insight.keys import KeyQuery, KeyUse, Use
from commissary.insight.types import KeyState
from commissary.tenancy.types import Actor, KeyView, Mode, TenancyRefusal, mode_of

Scope = Annotated[str | None, QueryParameter(max_length=40)]
Hours = Annotated[int, QueryParameter(description="How far to look back", ge=1, le=24 * 35)]


class KeyUseOut(msgspec.Struct, frozen=True):
    """`last_used_at`: its last call that was signed with it, to the second; null: it never called."""

    id: str
    organisation_id: str
    organisation: str
    account_id: str
    name: str
    state: KeyState
    scopes: list[str]
    ip_allow: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_ip: str | None
    version: int


class KeyListedOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """`api_version`: what it speaks unless a call says another. `mode` `test`: a key of the sandbox, with which nothing real is bought.
    `last_used_at`: its last call that was signed with it, to the second, from `last_used_ip`; absent: it never called."""

    id: str
    organisation_id: str
    account_id: str
    name: str
    scopes: list[str]
    ip_allow: list[str]
    created_at: datetime
    mode: Mode
    api_version: str
    version: int
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    old_secret_until: datetime | None = None
    last_used_at: datetime | None = None
    last_used_ip: str | None = None


class CallingOut(msgspec.Struct, frozen=True):
    organisation_id: str
    organisation: str | None
    calls: int
    refused: int


def key_query(
    q: Typed = None,
    organisation_id: FromQuery[str | None] = None,
    status: FromQuery[KeyState | None] = None,
    has_scope: Scope = None,
    unused_since: When = None,
) -> KeyQuery:
    """The filters, the same for the list and its totals."""
    return KeyQuery(
        q=q or "",
        organisation_id=number(organisation_id) if organisation_id else None,
        state=status,
        scope=has_scope or None,
        unused_since=time_of("unused_since", unused_since),
    )


FILTERED = {"wanted": Provide(key_query, sync_to_thread=False)}


@get(
    "/console/v1/api-keys",
    operation_id="listApiKeys",
    tags=["Keys"],
    summary="Keys of all companies with their use, by any of their filters",
    description="`q` is a key's id, or part of its name or its company's. Sorted by `created_at` or `name`; the latest first if nothing is said.",
    opt=said(
        "全部企业的 API 密钥及其使用情况（按条件筛选）",
        "`q` 为密钥 ID，或名称、企业名称的一部分；可按 `created_at`、`name` 排序，默认最新在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def keys_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[KeyQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[KeyUseOut]:
    sized(size)
    found, expected = await keys.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    now = env.now(actor.mall_id)
    return listed(
        found,
        size,
        lambda k: _out(k, now),
        lambda k: keys.cursor_of(k, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    "/console/v1/api-keys/totals",
    operation_id="totalApiKeys",
    tags=["Keys"],
    summary="How many keys match",
    opt=said("符合条件的密钥数", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def key_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[KeyQuery]
) -> Totals:
    return Totals(await keys.count(env, actor, wanted), {})


@get(
    "/console/v1/keys",
    operation_id="listKeys",
    tags=["Keys"],
    summary="API keys, without their secrets",
    opt=said("API 密钥列表（不含密钥内容）", "", RequestRefusal.not_found),
)
async def plain_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    organisation_id: FromQuery[str | None] = None,
    mode: FromQuery[Mode] = "live",
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[KeyListedOut]:
    wanted = None if organisation_id is None else number(organisation_id)
    found = await keys.with_use(
        env, actor, organisation_id=wanted, mode=mode, after=cursor or "", size=sized(size)
    )
    return page(found, size, _listed, lambda one: one[0].id)


@get(
    "/console/v1/own/keys",
    operation_id="listMyKeys",
    tags=["Own: developer"],
    summary="One's own company's API keys, without secrets",
    opt=said("本企业的 API 密钥（不含密钥内容）"),
)
async def own_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    mode: FromQuery[Mode] = "live",
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[KeyListedOut]:
    tenancy.require(actor, "own.keys.write")
    if actor.kind != "person":
        raise Refused(TenancyRefusal.forbidden, permission="own.keys.write")
    found = await keys.with_use(env, actor, mode=mode, after=cursor or "", size=sized(size))
    return page(found, size, _listed, lambda one: one[0].id)


@get(
    "/console/v1/calls/companies",
    operation_id="listCallingCompanies",
    tags=["Calls"],
    summary="Who calls how much, and how much of it is refused; the fifty who call most",
    opt=said("各企业调用量与被拒次数（调用最多的五十家）"),
)
async def companies_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], hours: Hours = 24
) -> list[CallingOut]:
    found = await keys.companies(env, actor, hours)
    return [CallingOut(str(c.organisation_id), c.organisation, c.calls, c.refused) for c in found]


def _listed(one: tuple[KeyView, Use | None]) -> KeyListedOut:
    k, use = one
    plain = msgspec.structs.asdict(k) | {
        "organisation_id": str(k.organisation_id),
        "account_id": str(k.account_id),
    }
    return KeyListedOut(
        **plain,
        mode=mode_of(k.id),
        last_used_at=use.at if use else None,
        last_used_ip=use.ip if use else None,
    )


def _out(k: KeyUse, now: datetime) -> KeyUseOut:
    return KeyUseOut(
        id=k.id,
        organisation_id=str(k.organisation_id),
        organisation=k.organisation,
        account_id=str(k.account_id),
        name=k.name,
        state=k.state(now),
        scopes=k.scopes,
        ip_allow=k.ip_allow,
        created_at=k.created_at,
        expires_at=k.expires_at,
        revoked_at=k.revoked_at,
        last_used_at=k.used_at,
        last_used_ip=k.used_ip,
        version=k.version,
    )


ROUTES = [keys_route, key_totals_route, plain_route, own_route, companies_route]
