"""Credit ageing 账龄: what each wallet owes, by how long a statement has been waiting for it."""

from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import db, listing
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.listing import Columns, Table, Where
from commissary.ledger import rules
from commissary.ledger.journal import J
from commissary.ledger.types import Aged, Debtor, TransferKind
from commissary.tenancy.types import Actor

DEBTORS = Table(
    J.debtors_page,
    J.debtors_matching,
    Columns("a.id", {"owed": ("(-a.balance_e4)", "bigint"), "name": ("o.name", "text")}),
    "-owed",
)


class DebtorQuery(msgspec.Struct, frozen=True):
    """`q` is part of the owner's name; `overdue`: a statement is past its due date."""

    q: str = ""
    overdue: bool = False
    locked: bool = False


async def look(
    env: Env, actor: Actor, query: DebtorQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[tuple[Debtor, Aged]], int]:
    """One more than `size`, and about how many match."""
    where, now = _where(env, actor, query), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        rows, expected = await DEBTORS.look(
            tx, where, sort=sort, cursor=cursor, size=size, mall=actor.mall_id
        )
        found = [Debtor(*r) for r in rows]
        aged = await _aged(tx, actor, {d.account_id: d.owed_e4 for d in found}, now)
    return [(d, aged[d.account_id]) for d in found], expected


async def totals(env: Env, actor: Actor, query: DebtorQuery) -> tuple[int, dict[str, Aged]]:
    """How many match, and what they owe by currency."""
    where, now = _where(env, actor, query), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await DEBTORS.ask(tx, where, "a.id, a.currency, (-a.balance_e4)::bigint")
        aged = await _aged(tx, actor, {r[0]: r[2] for r in found}, now)
    sums: dict[str, Aged] = {}
    for id_, currency, _ in found:
        sums[currency] = rules.both_aged(sums[currency], aged[id_]) if currency in sums else aged[id_]
    return len(found), sums


def cursor_of(debtor: Debtor, sort: str | None) -> str:
    return DEBTORS.cursor(sort, debtor.account_id, lambda n: debtor.owed_e4 if n == "owed" else debtor.owner)


async def _aged(tx: db.Tx, actor: Actor, owed: dict[int, int], now: datetime) -> dict[int, Aged]:
    asked = {"home": home_of(actor.mall_id), "accounts": list(owed), "refund": int(TransferKind.refund)}
    waiting: dict[int, list[tuple[datetime, int]]] = {}
    for account_id, due_at, left_e4 in await listing.rows(tx, J.unpaid, asked):
        waiting.setdefault(account_id, []).append((due_at, left_e4))
    return {id_: rules.age(owed_e4, waiting.get(id_, ()), now) for id_, owed_e4 in owed.items()}


def _where(env: Env, actor: Actor, query: DebtorQuery) -> Where:
    tenancy.require(actor, "ledger.read")
    here = {"home": home_of(actor.mall_id), "mall": actor.mall_id, "now": env.now(actor.mall_id)}
    where = Where(here, [J.owes])
    if query.q.strip():
        where.add(J.owner_typed, q=query.q.strip())
    if query.overdue:
        where.add(J.debtor_overdue)
    if query.locked:
        where.add(J.debtor_locked)
    return where
