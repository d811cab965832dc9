"""The open platform 开放平台 for whoever runs the mall: every key with its use, and who calls how much."""

from datetime import datetime, timedelta

import msgspec

from commissary import tenancy
from commissary.base import db, listing, sql
from commissary.base.env import Env
from commissary.base.listing import Columns, Table, Where
from commissary.insight.types import KeyState
from commissary.tenancy.types import Actor, KeyView, Mode

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
    version: int

    def state(self, now: datetime) -> KeyState:
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


class Use(msgspec.Struct, frozen=True):
    """A key's last call that was signed with it, to the second, and from where."""

    at: datetime
    ip: str


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


async def with_use(
    env: Env, actor: Actor, *, organisation_id: int | None = None, mode: Mode = "live", after: str, size: int
) -> list[tuple[KeyView, Use | None]]:
    """By id, each with its last use; a partner's people see their own organisation's only."""
    found = await tenancy.list_keys(
        env, actor, organisation_id=organisation_id, mode=mode, after=after, size=size
    )
    if not found:
        return []
    mall = tenancy.mall_of_key(found[0].id)  # the sandbox's, of test keys
    async with env.db.transaction(mall) as tx:
        facts = {"mall": mall, "ids": [k.id for k in found]}
        uses = {id_: Use(at, ip) for id_, at, ip in await db.rows(tx, K.uses, facts)}
    return [(k, uses.get(k.id)) for k in found]


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
