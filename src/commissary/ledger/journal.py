"""Looking through the books: transfers with both their sides, owners with their accounts, and whether it all comes to nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import db, listing, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.listing import Columns, Table, Where
from commissary.ledger import store
from commissary.ledger.types import (
    Account,
    Difference,
    LedgerRefusal,
    Named,
    Owner,
    OwnerAccount,
    Posted,
    TransferKind,
    TrialLine,
    Written,
)
from commissary.tenancy.types import Actor, OrganisationKind

J = sql.load(__package__, "journal.sql")

TRANSFERS = Table(J.journal_page, J.journal_matching, Columns("t.id", {"at": ("t.id", "bigint")}), "-at")
OWN = Table(J.own_page, J.journal_matching, TRANSFERS.order, "-at")
OWNERS = Table(
    J.owners_page,
    J.owners_matching,
    Columns("o.id", {"created_at": ("o.id", "bigint"), "name": ("o.name", "text")}),
    "created_at",
)


class JournalQuery(msgspec.Struct, frozen=True):
    """`q` is a reference, whole, or the number of a transfer or of an order. `at_*` is half-open."""

    q: str = ""
    account_id: int | None = None
    order_id: int | None = None
    kind: tuple[TransferKind, ...] = ()
    at_from: datetime | None = None
    at_to: datetime | None = None


class OwnerQuery(msgspec.Struct, frozen=True):
    """`q` is part of the name; `locked` and `owes`: one of his accounts is, or does."""

    q: str = ""
    kind: tuple[OrganisationKind, ...] = ()
    locked: bool = False
    owes: bool = False


class Wallets(msgspec.Struct, frozen=True):
    """What the wallets of all owners that match come to, in one currency; `used_e4` of their credit."""

    currency: str
    balance_e4: int
    held_e4: int
    limit_e4: int
    used_e4: int


async def look(
    env: Env, actor: Actor, query: JournalQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[Written], int]:
    """One more than `size`, and about how many match."""
    where = _transfers(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await TRANSFERS.look(tx, where, sort=sort, cursor=cursor, size=size)
        return await _written(tx, actor, [store.posted(r) for r in found]), expected


async def totals(env: Env, actor: Actor, query: JournalQuery) -> list[tuple[str, int, int]]:
    """(currency, how many, what they moved) of all that match."""
    where = _transfers(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        what = "t.currency, count(*)::integer, sum(t.amount_e4)::bigint"
        found = await TRANSFERS.ask(tx, where, what, "group by t.currency order by t.currency")
    return [(r[0], r[1], r[2]) for r in found]


async def look_own(
    tx: db.Tx,
    home: int,
    account: int,
    query: JournalQuery,
    *,
    sort: str | None,
    cursor: str | None,
    size: int,
) -> tuple[list[Posted], int]:
    """Of one account, for whoever it belongs to: one more than `size`, and about how many match."""
    all_of = _where(home, msgspec.structs.replace(query, account_id=account))
    expected = await listing.estimate(
        tx, TRANSFERS.matching.format(what="1", where=all_of.sql), all_of.params
    )
    where = _where(home, query)
    found, _ = await OWN.look(tx, where, sort=sort, cursor=cursor, size=size, account=account)
    return [store.posted(r) for r in found], expected


async def own_totals(tx: db.Tx, home: int, account: int, query: JournalQuery) -> tuple[int, int, int]:
    """(how many match, what the account got by them, what it gave)."""
    where = _where(home, msgspec.structs.replace(query, account_id=account))
    what = (
        "count(*), coalesce(sum(t.amount_e4) filter (where t.cr_id = %(account)s), 0)::bigint, "
        "coalesce(sum(t.amount_e4) filter (where t.dr_id = %(account)s), 0)::bigint"
    )
    [[total, got_e4, gave_e4]] = await TRANSFERS.ask(tx, where, what)
    return int(total), int(got_e4), int(gave_e4)


def own_cursor(posted: Posted, sort: str | None) -> str:
    return TRANSFERS.cursor(sort, posted.id, lambda _: "")


async def one(env: Env, actor: Actor, transfer_id: int) -> Written:
    """Refuses no_such_transfer."""
    tenancy.require(actor, "ledger.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.transfer(tx, home_of(actor.mall_id), transfer_id)
        [written] = await _written(tx, actor, [found])
    return written


def cursor_of(written: Written, sort: str | None) -> str:
    return TRANSFERS.cursor(sort, written.posted.id, lambda _: "")


async def balance_at(env: Env, actor: Actor, account_id: int, at: datetime) -> tuple[Account, int]:
    """(the account as it is now, what it held when everything up to that instant was posted). Refuses no_such_account."""
    tenancy.require(actor, "ledger.read")
    here = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        account = await store.account(tx, here, account_id)
        found = await db.row(tx, J.balance_at, {"home": here, "account": account_id, "at": at})
    if found is None:
        raise Refused(LedgerRefusal.no_such_account, account_id=str(account_id))
    return account, int(found[0])


async def look_owners(
    env: Env, actor: Actor, query: OwnerQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[Owner], int]:
    """One more than `size` with all their accounts, and about how many match."""
    where, here = _owners(actor, query), home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await OWNERS.look(tx, where, sort=sort, cursor=cursor, size=size)
        asked = {"home": here, "mall": actor.mall_id, "owners": [r[0] for r in found]}
        of: dict[int, list[OwnerAccount]] = {}
        for row in await listing.rows(tx, J.accounts_of, asked):
            account = Account(*row[:11])
            of.setdefault(account.owner_id, []).append(OwnerAccount(account, *row[11:]))
    return [Owner(r[0], r[1], r[2], r[3], tuple(of.get(r[0], ()))) for r in found], expected


async def owner_totals(env: Env, actor: Actor, query: OwnerQuery) -> tuple[int, list[Wallets]]:
    where = _owners(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await OWNERS.ask(tx, where, "count(*)")
        found = await listing.rows(tx, J.wallets_of.format(where=where.sql), where.params)
    return int(total), [Wallets(*r) for r in found]


def owner_cursor(owner: Owner, sort: str | None) -> str:
    return OWNERS.cursor(sort, owner.id, lambda _: owner.name)


async def trial(env: Env, actor: Actor, at: datetime | None) -> list[TrialLine]:
    """By currency, books and kind of account: now, or as everything up to an instant left it."""
    tenancy.require(actor, "ledger.read")
    asked = {"home": home_of(actor.mall_id), "at": at}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await listing.rows(tx, J.trial if at is None else J.trial_at, asked)
    return [TrialLine(*r) for r in found]


async def recount(env: Env, actor: Actor) -> list[tuple[Difference, Named]]:
    """Accounts that do not hold what their transfers and holds say; reads all of them."""
    tenancy.require(actor, "ledger.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.rebuild(tx, home_of(actor.mall_id))
        whose = await named(tx, actor, [d.account_id for d in found])
    return [(d, whose[d.account_id]) for d in found]


async def named(tx: db.Tx, actor: Actor, ids: Collection[int]) -> dict[int, Named]:
    """Whose accounts those are."""
    asked = {"home": home_of(actor.mall_id), "mall": actor.mall_id, "ids": sorted(set(ids))}
    return {r[0]: Named(*r) for r in await listing.rows(tx, J.named, asked)}


async def _written(tx: db.Tx, actor: Actor, found: Sequence[Posted]) -> list[Written]:
    if not found:
        return []
    asked = {"home": home_of(actor.mall_id), "ids": [t.id for t in found]}
    beside = {r[0]: r[1:] for r in await listing.rows(tx, J.beside, asked)}
    whose = await named(tx, actor, [side for t in found for side in (t.dr_id, t.cr_id)])
    return [Written(t, whose[t.dr_id], whose[t.cr_id], *beside[t.id]) for t in found]


def _transfers(actor: Actor, query: JournalQuery) -> Where:
    tenancy.require(actor, "ledger.read")
    return _where(home_of(actor.mall_id), query)


def _where(home: int, query: JournalQuery) -> Where:
    where = Where({"home": home}, [J.of_home])
    if query.account_id is not None:
        where.add(J.of_account, account=query.account_id)
    if query.order_id is not None:
        where.add(J.of_order, order=query.order_id)
    if query.kind:
        where.add(J.of_kinds, kinds=[int(k) for k in query.kind])
    if query.at_from is not None:
        where.add(J.at_from, at_from=query.at_from)
    if query.at_to is not None:
        where.add(J.at_to, at_to=query.at_to)
    if typed := query.q.strip():
        known = {"q": typed, "named": [int(k) for k in TransferKind]}
        if typed.isascii() and typed.isdigit() and len(typed) < 19:
            where.add(J.typed_number, number=int(typed), **known)
        else:
            where.add(J.typed, **known)
    return where


def _owners(actor: Actor, query: OwnerQuery) -> Where:
    tenancy.require(actor, "ledger.read")
    where = Where({"home": home_of(actor.mall_id), "mall": actor.mall_id}, [J.has_accounts])
    if query.kind:
        where.add(J.owner_kinds, kinds=list(query.kind))
    if query.q.strip():
        where.add(J.owner_typed, q=query.q.strip())
    if query.locked:
        where.add(J.owner_locked)
    if query.owes:
        where.add(J.owner_owes)
    return where
