"""Posting: the general way to move money. All of the transfers, or none."""

from collections.abc import Sequence
from datetime import datetime

from commissary.base import db
from commissary.base.env import Env
from commissary.ledger import rules, store
from commissary.ledger.types import Account, Transfer


async def post(
    tx: db.Tx,
    env: Env,
    home: int,
    transfers: Sequence[Transfer],
    at: datetime,
    memo: str | None = None,
    *,
    even_locked: bool = False,
) -> dict[int, Account]:
    """Locks the accounts in id order, judges, writes; returns them as they stand now.

    Only the sum over all transfers is asked against the floor, so their order does not matter. Refuses, having written
    nothing: no_such_account, currency_mismatch, wallet_to_wallet, account_locked, account_closed,
    insufficient_balance. A locked account still receives; `even_locked` lets it give too (corrections, captures).
    """
    del env
    if not transfers:
        return {}
    accounts = await store.lock_accounts(
        tx, home, [t.dr_id for t in transfers] + [t.cr_id for t in transfers]
    )
    return await post_locked(tx, home, accounts, transfers, at, memo, even_locked=even_locked)


async def post_locked(
    tx: db.Tx,
    home: int,
    accounts: dict[int, Account],
    transfers: Sequence[Transfer],
    at: datetime,
    memo: str | None = None,
    *,
    even_locked: bool = False,
    helds: dict[int, int] | None = None,
) -> dict[int, Account]:
    """For verbs that have locked `accounts` already. `helds`: account → change of what is held."""
    changes = rules.deltas_of(transfers)
    for account_id, held_e4 in (helds or {}).items():
        rules.add(changes, account_id, held_e4=held_e4)
    rules.judge(accounts, transfers, changes, even_locked=even_locked)
    for currency in sorted({accounts[i].currency for i in changes}):
        await store.write(
            tx,
            home,
            at,
            currency,
            {i: change for i, change in changes.items() if accounts[i].currency == currency},
            [t for t in transfers if accounts[t.dr_id].currency == currency],
            memo,
        )
    return accounts | {i: rules.after(accounts[i], *change) for i, change in changes.items()}
