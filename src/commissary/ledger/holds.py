"""Holds: money promised to something that is not delivered yet, then paid or set free, in parts or whole.

Locks: hold rows in id order, then accounts in id order. Placing an order locks accounts only and adds holds, so the
two ways never wait for each other crosswise.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.ledger import store
from commissary.ledger.post import post_locked
from commissary.ledger.types import Hold, LedgerRefusal, Settlement, Transfer, TransferKind


async def hold(
    tx: db.Tx,
    env: Env,
    home: int,
    account_id: int,
    to_id: int,
    amount_e4: int,
    at: datetime,
    order_id: int | None = None,
) -> int:
    """Promise money of one account to another; the hold's id. Refuses like `post`."""
    if amount_e4 <= 0:
        raise ValueError(f"a hold of {amount_e4}")
    made = Hold(env.ids.new(), account_id, to_id, amount_e4, 0, 0, order_id)
    accounts = await store.lock_accounts(tx, home, [account_id, to_id])
    if accounts[account_id].currency != accounts[to_id].currency:
        raise Refused(LedgerRefusal.currency_mismatch)
    await post_locked(tx, home, accounts, [], at, helds={account_id: amount_e4})
    await store.add_holds(tx, home, at, [made])
    return made.id


async def capture(
    tx: db.Tx,
    env: Env,
    home: int,
    hold_id: int,
    amount_e4: int,
    at: datetime,
    *,
    release_rest: bool = False,
    memo: str | None = None,
) -> Hold:
    """Pay that much of the hold to whom it was promised; the hold as it stands then. Refuses `hold_spent`."""
    wanted = Settlement(hold_id, capture_e4=amount_e4, release_rest=release_rest)
    return (await settle(tx, env, home, [wanted], at, memo))[0]


async def release(
    tx: db.Tx, env: Env, home: int, hold_id: int, at: datetime, amount_e4: int | None = None
) -> Hold:
    """Set that much free again, or all that is left. Refuses `hold_spent`; releasing nothing is allowed."""
    if amount_e4 is None:
        wanted = Settlement(hold_id, release_rest=True)
    else:
        wanted = Settlement(hold_id, release_e4=amount_e4)
    return (await settle(tx, env, home, [wanted], at))[0]


async def settle(
    tx: db.Tx,
    env: Env,
    home: int,
    settlements: Sequence[Settlement],
    at: datetime,
    memo: str | None = None,
) -> list[Hold]:
    """Many holds at once, each named once; answers in the order of the question, all or none.

    A locked account's holds are settled all the same: the promise was given before the lock.
    """
    holds = await store.lock_holds(tx, home, [s.hold_id for s in settlements])
    assert len(holds) == len(settlements), "a hold is settled once per call"
    accounts = await store.lock_accounts(
        tx, home, [h.account_id for h in holds.values()] + [h.to_id for h in holds.values()]
    )
    transfers: list[Transfer] = []
    freed: dict[int, int] = {}
    changes: dict[int, tuple[int, int]] = {}
    for wanted in settlements:
        held = holds[wanted.hold_id]
        released_e4 = held.rest_e4 - wanted.capture_e4 if wanted.release_rest else wanted.release_e4
        if min(wanted.capture_e4, wanted.release_e4) < 0:
            raise ValueError("a hold is not settled backwards")
        if released_e4 < 0 or wanted.capture_e4 + released_e4 > held.rest_e4:
            raise Refused(LedgerRefusal.hold_spent, hold_id=str(held.id), rest_e4=held.rest_e4)
        if wanted.capture_e4:
            transfers.append(
                Transfer(
                    env.ids.new(),
                    held.account_id,
                    held.to_id,
                    wanted.capture_e4,
                    TransferKind.capture,
                    held.order_id,
                )
            )
        freed[held.account_id] = freed.get(held.account_id, 0) - wanted.capture_e4 - released_e4
        changes[held.id] = (wanted.capture_e4, released_e4)

    await post_locked(tx, home, accounts, transfers, at, memo, even_locked=True, helds=freed)
    await store.settle_holds(tx, home, changes)
    return [
        msgspec.structs.replace(
            holds[s.hold_id],
            captured_e4=holds[s.hold_id].captured_e4 + changes[s.hold_id][0],
            released_e4=holds[s.hold_id].released_e4 + changes[s.hold_id][1],
        )
        for s in settlements
    ]
