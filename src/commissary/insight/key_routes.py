"""The open platform over HTTP: keys with their use, and who calls how much."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, When, listed, time_of
from commissary.base.wire import Size, number, said, sized
from commissary.insight import keys
from commissary.insight.keys import KeyQuery, KeyUse
from commissary.insight.types import KeyState
from commissary.tenancy.types import Actor

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
    )


ROUTES = [keys_route, key_totals_route, companies_route]
