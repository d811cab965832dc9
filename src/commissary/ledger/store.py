"""Rows ↔ types of the ledger. Reads `partners.buyer` for the thresholds of low balances."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from psycopg.rows import TupleRow

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Smallints
from commissary.base.errors import Refused, RequestRefusal
from commissary.ledger.types import (
    Account,
    AccountKind,
    CreditLine,
    Difference,
    Hold,
    LedgerRefusal,
    LowBalance,
    Moved,
    Posted,
    Statement,
    Transfer,
    TransferKind,
)

Q = sql.load(__package__)


async def revenue_account(tx: db.Tx, home: int, currency: str) -> int:
    """The mall's own revenue account of that home and currency."""
    found = await db.row(tx, Q.revenue_account, {"home": home, "currency": currency})
    if found is None:
        raise LookupError(f"home {home} has no revenue account in {currency}")
    return int(found[0])


async def currency_of(tx: db.Tx, mall: int) -> str:
    """What the mall trades in."""
    found = await db.row(tx, "select currency from tenancy.mall where id = %s", (mall,))
    assert found is not None, "an actor of no mall"
    return str(found[0])


async def add_account(
    tx: db.Tx,
    home: int,
    id_: int,
    owner_id: int,
    kind: AccountKind,
    currency: str,
    sub: str,
    floor_e4: int | None,
    limit_e4: int,
    at: datetime,
) -> int:
    """The account's id: the new one, or that of the account which stands already."""
    key = {"home": home, "owner": owner_id, "sub": sub, "kind": kind, "currency": currency}
    values = key | {"id": id_, "floor": floor_e4, "limit": limit_e4, "at": at}
    found = await db.row(tx, Q.open_account, values) or await db.row(tx, Q.find_account, key)
    assert found is not None, "an account that is neither new nor there"
    return int(found[0])


async def account(tx: db.Tx, home: int, account_id: int) -> Account:
    """Without a lock: for reading, never for deciding what may be spent."""
    found = await db.row(tx, Q.account, {"home": home, "id": account_id})
    if found is None:
        raise Refused(LedgerRefusal.no_such_account, account_id=str(account_id))
    return Account(*found)


async def find_account(
    tx: db.Tx, home: int, owner_id: int, kind: AccountKind, currency: str, sub: str = ""
) -> int | None:
    key = {"home": home, "owner": owner_id, "sub": sub, "kind": kind, "currency": currency}
    found = await db.row(tx, Q.find_account, key)
    return int(found[0]) if found else None


async def lock_accounts(tx: db.Tx, home: int, ids: Iterable[int]) -> dict[int, Account]:
    """All of them, locked in id order until commit. Refuses `no_such_account`."""
    wanted = sorted(set(ids))
    found = await db.rows(tx, Q.lock_accounts, {"home": home, "ids": Bigints(wanted)})
    accounts = {row[0]: Account(*row) for row in found}
    for id_ in wanted:
        if id_ not in accounts:
            raise Refused(LedgerRefusal.no_such_account, account_id=str(id_))
    return accounts


async def write(
    tx: db.Tx,
    home: int,
    at: datetime,
    currency: str,
    deltas: dict[int, tuple[int, int]],
    transfers: Sequence[Transfer],
    memo: str | None,
) -> None:
    """`deltas`: account → change of balance and of what is held. The caller holds the locks."""
    ids = sorted(deltas)
    found = await db.row(
        tx,
        Q.post_batch,
        {
            "home": home,
            "at": at,
            "accounts": Bigints(ids),
            "deltas": Bigints([deltas[i][0] for i in ids]),
            "helds": Bigints([deltas[i][1] for i in ids]),
            "ids": Bigints([t.id for t in transfers]),
            "drs": Bigints([t.dr_id for t in transfers]),
            "crs": Bigints([t.cr_id for t in transfers]),
            "amounts": Bigints([t.amount_e4 for t in transfers]),
            "kinds": Smallints([int(t.kind) for t in transfers]),
            "orders": Bigints([t.order_id for t in transfers]),
            "currency": currency,
            "memo": memo,
        },
    )
    assert found is not None
    assert found[0] == len(ids), f"{found[0]} of {len(ids)} accounts changed"


async def add_holds(tx: db.Tx, home: int, at: datetime, holds: Sequence[Hold]) -> None:
    await tx.execute(
        Q.open_holds,
        {
            "home": home,
            "at": at,
            "ids": Bigints([h.id for h in holds]),
            "accounts": Bigints([h.account_id for h in holds]),
            "tos": Bigints([h.to_id for h in holds]),
            "amounts": Bigints([h.amount_e4 for h in holds]),
            "orders": Bigints([h.order_id for h in holds]),
        },
    )


async def lock_holds(tx: db.Tx, home: int, ids: Iterable[int]) -> dict[int, Hold]:
    """All of them, locked in id order until commit. Refuses `no_such_hold`."""
    wanted = sorted(set(ids))
    found = {
        row[0]: Hold(*row) for row in await db.rows(tx, Q.lock_holds, {"home": home, "ids": Bigints(wanted)})
    }
    for id_ in wanted:
        if id_ not in found:
            raise Refused(LedgerRefusal.no_such_hold, hold_id=str(id_))
    return found


async def settle_holds(tx: db.Tx, home: int, changes: dict[int, tuple[int, int]]) -> None:
    """`changes`: hold → captured now, released now."""
    ids = sorted(changes)
    await db.run(
        tx,
        Q.settle_holds,
        {
            "home": home,
            "ids": Bigints(ids),
            "captured": Bigints([changes[i][0] for i in ids]),
            "released": Bigints([changes[i][1] for i in ids]),
        },
    )


async def system_account(tx: db.Tx, home: int, kind: AccountKind, currency: str) -> int:
    """One of the mall's own accounts: cash, fees, adjustment, revenue."""
    found = await db.row(tx, Q.system_account, {"home": home, "kind": kind, "currency": currency})
    if found is None:
        raise LookupError(f"home {home} has no {kind} account in {currency}: found its books first")
    return int(found[0])


async def list_accounts(
    tx: db.Tx, home: int, owner_id: int | None, kind: str | None, after: int | None, size: int
) -> list[Account]:
    given = {"home": home, "owner": owner_id, "kind": kind, "after": after, "size": size}
    return [Account(*r) for r in await db.rows(tx, Q.list_accounts, given)]


# References and reversals ------------------------------------------------------------------------------------------


class Reference(msgspec.Struct, frozen=True):
    account_id: int
    amount_e4: int
    transfer_id: int
    returns: str | None


async def reference(tx: db.Tx, home: int, kind: TransferKind, text: str) -> Reference | None:
    found = await db.row(tx, Q.reference, {"home": home, "kind": int(kind), "reference": text})
    return Reference(*found) if found else None


async def name_once(
    tx: db.Tx,
    home: int,
    transfer: Transfer,
    account_id: int,
    text: str,
    returns: str | None,
    at: datetime,
    *,
    signed_e4: int | None = None,
) -> Moved | None:
    """Take the reference for this transfer. None: it is ours. Else what was done under it; refuses `reference_used`
    when that was something else."""
    amount_e4 = transfer.amount_e4 if signed_e4 is None else signed_e4
    values = {
        "home": home,
        "kind": int(transfer.kind),
        "reference": text,
        "account": account_id,
        "amount": amount_e4,
        "transfer": transfer.id,
        "returns": returns,
        "at": at,
    }
    if await db.run(tx, Q.add_reference, values):
        return None
    first = await reference(tx, home, transfer.kind, text)
    assert first is not None, "references are never removed"
    if (first.account_id, first.amount_e4, first.returns) != (account_id, amount_e4, returns):
        raise Refused(LedgerRefusal.reference_used, reference=text)
    return Moved(first.transfer_id, first.account_id, first.amount_e4, repeated=True)


async def returned(tx: db.Tx, home: int, brought: Reference, recharge_reference: str) -> int:
    """What went back of a recharge, the withdrawal under way included."""
    found = await db.row(
        tx,
        Q.returned,
        {
            "home": home,
            "kind": int(TransferKind.withdrawal),
            "account": brought.account_id,
            "returns": recharge_reference,
            "transfer": brought.transfer_id,
        },
    )
    assert found is not None
    return int(found[0])


async def transfer(tx: db.Tx, home: int, transfer_id: int) -> Posted:
    found = await db.row(tx, Q.transfer, {"home": home, "id": transfer_id})
    if found is None:
        raise Refused(LedgerRefusal.no_such_transfer, transfer_id=str(transfer_id))
    return posted(found)


async def transfers(tx: db.Tx, home: int, account_id: int, before: int | None, size: int) -> list[Posted]:
    """Newest first."""
    given = {"home": home, "account": account_id, "before": before, "size": size}
    return [posted(r) for r in await db.rows(tx, Q.list_transfers, given)]


async def transfers_between(
    tx: db.Tx, home: int, account_id: int, from_at: datetime, to_at: datetime
) -> list[Posted]:
    """Oldest first; from included, to not."""
    given = {"home": home, "account": account_id, "from": from_at, "to": to_at}
    return [posted(r) for r in await db.rows(tx, Q.list_transfers_between, given)]


def posted(row: TupleRow) -> Posted:
    id_, dr, cr, amount, currency, kind, order, memo, at = row
    return Posted(id_, dr, cr, amount, currency, TransferKind(kind), order, memo, at)


async def reversed_e4(tx: db.Tx, home: int, transfer_id: int) -> int:
    found = await db.row(tx, Q.reversed, {"home": home, "transfer": transfer_id})
    assert found is not None
    return int(found[0])


async def add_reversal(
    tx: db.Tx, home: int, transfer_id: int, id_: int, amount_e4: int, at: datetime
) -> None:
    given = {"home": home, "transfer": transfer_id, "id": id_, "amount": amount_e4, "at": at}
    await db.run(tx, Q.add_reversal, given)


# Credit and statements ---------------------------------------------------------------------------------------------


async def credit_line(tx: db.Tx, home: int, account_id: int) -> CreditLine | None:
    found = await db.row(tx, Q.credit_line, {"home": home, "account": account_id})
    return CreditLine(*found) if found else None


async def set_credit_line(tx: db.Tx, home: int, line: CreditLine, at: datetime) -> None:
    await db.run(
        tx,
        Q.set_credit_line,
        {
            "home": home,
            "account": line.account_id,
            "limit": line.limit_e4,
            "terms": line.terms_days,
            "grace": line.grace_days,
            "at": at,
        },
    )


async def set_account(tx: db.Tx, home: int, account: Account, at: datetime) -> None:
    """Floor, limit and lock; the balance is post_batch's alone."""
    await db.run(
        tx,
        Q.set_account,
        {
            "home": home,
            "id": account.id,
            "floor": account.floor_e4,
            "limit": account.limit_e4,
            "state": account.state,
            "reason": account.lock_reason,
            "at": at,
        },
    )


async def mark_paid(tx: db.Tx, home: int, account_id: int, at: datetime) -> None:
    await db.run(
        tx, Q.mark_paid, {"home": home, "account": account_id, "at": at, "refund": int(TransferKind.refund)}
    )


async def is_overdue(tx: db.Tx, home: int, account_id: int, now: datetime) -> bool:
    found = await db.row(tx, Q.is_overdue, {"home": home, "account": account_id, "now": now})
    return bool(found and found[0])


async def accounts_to_review(tx: db.Tx, home: int, now: datetime) -> list[int]:
    return [int(r[0]) for r in await db.rows(tx, Q.accounts_to_review, {"home": home, "now": now})]


async def sums(
    tx: db.Tx, home: int, account_id: int, from_at: datetime, to_at: datetime
) -> tuple[int, int, int, int]:
    """Balance before, debits, credits and number of transfers in the period."""
    given = {"home": home, "account": account_id, "from": from_at, "to": to_at}
    found = await db.row(tx, Q.sums, given)
    assert found is not None
    return found[0], found[1], found[2], found[3]


async def last_statement_end(tx: db.Tx, home: int, account_id: int) -> datetime | None:
    found = await db.row(tx, Q.last_statement_end, {"home": home, "account": account_id})
    return found[0] if found else None


async def add_statement(tx: db.Tx, home: int, made: Statement) -> None:
    await db.run(
        tx,
        Q.add_statement,
        {
            "home": home,
            "id": made.id,
            "account": made.account_id,
            "from": made.from_at,
            "to": made.to_at,
            "opening": made.opening_e4,
            "closing": made.closing_e4,
            "debits": made.debits_e4,
            "credits": made.credits_e4,
            "transfers": made.transfers,
            "due": made.due_e4,
            "due_at": made.due_at,
            "paid_at": made.paid_at,
            "made_at": made.made_at,
        },
    )


async def statement(tx: db.Tx, home: int, statement_id: int) -> Statement:
    found = await db.row(tx, Q.statement, {"home": home, "id": statement_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Statement(*found)


async def list_statements(
    tx: db.Tx, home: int, account_id: int | None, before: int | None, size: int
) -> list[Statement]:
    given = {"home": home, "account": account_id, "before": before, "size": size}
    return [Statement(*r) for r in await db.rows(tx, Q.list_statements, given)]


# Looking after the books -------------------------------------------------------------------------------------------


async def rebuild(tx: db.Tx, home: int) -> list[Difference]:
    return [Difference(*r) for r in await db.rows(tx, Q.rebuild, {"home": home})]


async def tell_low_balances(tx: db.Tx, home: int, mall: int, at: datetime) -> list[LowBalance]:
    """Wallets newly low."""
    given = {"home": home, "mall": mall, "at": at}
    await db.run(tx, Q.rearm_low_balances, given)
    ids = [r[0] for r in await db.rows(tx, Q.tell_low_balances, given)]
    if not ids:
        return []
    found = await db.rows(tx, Q.low_facts, {"home": home, "mall": mall, "ids": Bigints(ids)})
    return [LowBalance(*r) for r in found]
