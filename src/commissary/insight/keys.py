"""The open platform 开放平台 for whoever runs the mall: every key with its use, and who calls how much."""

from datetime import datetime, timedelta

import msgspec

from commissary import tenancy
from commissary.base import listing, sql
from commissary.base.env import Env
from commissary.base.listing import Columns, Table, Where
from commissary.insight.types import KeyState
from commissary.tenancy.types import Actor

K = sql.load(__package__, "keys.sql")
KEYS = Table(
    K.keys_page,
    K.keys_matching,
    Columns("k.id", {"created_at": ("k.created_at", "timestamptz"), "name": ("k.name", "text")}, text=True),
    "-created_at",
)
MOST_COMPANIES = 50


class KeyUse(msgspec.Struct, frozen=True):
    """`used_at`: its last call that was signed with it; `used_ip`: from where."""

    id: str
    organisation_id: int
    organisation: str
    account_id: int
    name: str
    scopes: list[str]
    ip_allow: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None
    used_ip: str | None

    def state(self, now: datetime) -> KeyState:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class KeyQuery(msgspec.Struct, frozen=True):
    """`q` is a key's id, or part of its name or its company's. `unused_since`: it has not called since then."""

    q: str = ""
    organisation_id: int | None = None
    state: KeyState | None = None
    scope: str | None = None
    unused_since: datetime | None = None


class Calling(msgspec.Struct, frozen=True):
    organisation_id: int
    organisation: str | None
    calls: int
    refused: int


async def look(
    env: Env, actor: Actor, query: KeyQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[KeyUse], int]:
    """One more than `size`, and about how many match."""
    where = _where(env, actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await KEYS.look(tx, where, sort=sort, cursor=cursor, size=size)
    return [KeyUse(*r) for r in found], expected


async def count(env: Env, actor: Actor, query: KeyQuery) -> int:
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await KEYS.ask(tx, _where(env, actor, query), "count(*)")
    return int(total)


def cursor_of(key: KeyUse, sort: str | None) -> str:
    return KEYS.cursor(sort, key.id, lambda name: getattr(key, name))


async def companies(env: Env, actor: Actor, hours: int) -> list[Calling]:
    """Over the last hours, who calls most first."""
    tenancy.require(actor, "keys.read")
    facts = {"mall": actor.mall_id, "first": actor.mall_id << 10, "last": (actor.mall_id << 10) + 1023}
    facts |= {"since": env.clock() - timedelta(hours=hours), "most": MOST_COMPANIES}  # type: ignore[dict-item]
    async with env.db.transaction(actor.mall_id) as tx:
        return [Calling(*r) for r in await listing.rows(tx, K.companies, facts)]


def _where(env: Env, actor: Actor, query: KeyQuery) -> Where:
    tenancy.require(actor, "keys.read")
    where = Where({"mall": actor.mall_id}, [K.of_mall])
    if query.organisation_id is not None:
        where.add(K.of_company, company=query.organisation_id)
    if query.scope:
        where.add(K.with_scope, scope=query.scope)
    if query.state is not None:
        states = {"active": K.active, "expired": K.expired, "revoked": K.revoked}
        where.add(states[query.state], now=env.now(actor.mall_id))
    if query.unused_since is not None:
        where.add(K.unused_since, unused_since=query.unused_since)
    if query.q.strip():
        where.add(K.typed, q=query.q.strip())
    return where
