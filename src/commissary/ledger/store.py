"""Rows ↔ types of the ledger."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Smallints
from commissary.base.errors import Refused
from commissary.ledger.types import Account, AccountKind, Hold, LedgerRefusal, Transfer

Q = sql.load(__package__)


async def revenue_account(tx: db.Tx, home: int, currency: str) -> int:
    """The mall's own revenue account of that home and currency."""
    found = await db.row(tx, Q.revenue_account, {"home": home, "currency": currency})
    if found is None:
        raise LookupError(f"home {home} has no revenue account in {currency}")
    return int(found[0])


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
