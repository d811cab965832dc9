"""Looking through the audit log, by any of its filters."""

from datetime import datetime

import msgspec

from commissary.base import sql
from commissary.base.env import Env
from commissary.base.listing import Columns, Table, Where
from commissary.tenancy.roles import require
from commissary.tenancy.types import Actor, ActorKind, AuditEntry

L = sql.load(__package__, "audit_listing.sql")
AUDIT = Table(L.page, L.matching, Columns("a.id", {"at": ("a.id", "bigint")}), "-at")


class AuditQuery(msgspec.Struct, frozen=True):
    """`q` is an act (`sku.edit`) or its family (`sku`), a subject (`sku:7`) or the number of one. `at_*` is half-open."""

    q: str = ""
    subject: str | None = None
    action: tuple[str, ...] = ()
    actor_kind: ActorKind | None = None
    actor_id: str | None = None
    at_from: datetime | None = None
    at_to: datetime | None = None
    action_not: tuple[str, ...] = ()
    actor_kind_not: ActorKind | None = None
    actor_id_not: str | None = None


async def look_audit(
    env: Env, actor: Actor, query: AuditQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[AuditEntry], int]:
    """One more than `size`, and about how many match."""
    where = _where(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await AUDIT.look(tx, where, sort=sort, cursor=cursor, size=size)
    return [AuditEntry(*r) for r in found], expected


async def count_audit(env: Env, actor: Actor, query: AuditQuery) -> int:
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await AUDIT.ask(tx, _where(actor, query), "count(*)")
    return int(total)


def audit_cursor(entry: AuditEntry, sort: str | None) -> str:
    return AUDIT.cursor(sort, entry.id, lambda _: "")


def _where(actor: Actor, query: AuditQuery) -> Where:
    require(actor, "audit.read")
    where = Where({"mall": actor.mall_id}, [L.of_mall])
    if query.subject:
        where.add(L.subject, subject=query.subject)
    if query.action:
        where.add(L.action, action=list(query.action))
    if query.actor_kind:
        where.add(L.kind, kind=query.actor_kind)
    if query.actor_id:
        where.add(L.actor, actor=query.actor_id)
    if query.action_not:
        where.deny(L.action, action=list(query.action_not))
    if query.actor_kind_not:
        where.deny(L.kind, kind=query.actor_kind_not)
    if query.actor_id_not:
        where.deny(L.actor, actor=query.actor_id_not)
    if query.at_from is not None:
        where.add(L.at_from, at_from=query.at_from)
    if query.at_to is not None:
        where.add(L.at_to, at_to=query.at_to)
    if typed := query.q.strip():
        ends = f"%:{typed}" if typed.isascii() and typed.isdigit() else ""
        where.add(L.typed, q=typed, family=f"{typed.removesuffix('.')}.", ends=ends)
    return where
