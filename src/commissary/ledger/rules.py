"""What a posting may do, decided over accounts as they stand under lock."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from commissary.base.errors import Refused
from commissary.ledger.types import Account, LedgerRefusal, Transfer

Deltas = dict[int, tuple[int, int]]  # account → change of balance and of what is held


def deltas_of(transfers: Iterable[Transfer]) -> Deltas:
    """One change per account, however many transfers touch it. Their sum is zero."""
    changes: Deltas = {}
    for t in transfers:
        add(changes, t.dr_id, -t.amount_e4)
        add(changes, t.cr_id, t.amount_e4)
    return changes


def add(changes: Deltas, account_id: int, balance_e4: int = 0, held_e4: int = 0) -> None:
    before = changes.get(account_id, (0, 0))
    changes[account_id] = (before[0] + balance_e4, before[1] + held_e4)


def judge(
    accounts: Mapping[int, Account],
    transfers: Sequence[Transfer],
    changes: Deltas,
    *,
    even_locked: bool = False,
) -> None:
    """Refuses, in order of precedence: currency_mismatch, wallet_to_wallet, account_locked, account_closed,
    insufficient_balance. A locked account still receives; `even_locked` lets it give too.
    """
    for t in transfers:
        if t.amount_e4 <= 0:
            raise ValueError(f"a transfer of {t.amount_e4}")
        giver, getter = accounts[t.dr_id], accounts[t.cr_id]
        if giver.currency != getter.currency:
            raise Refused(LedgerRefusal.currency_mismatch)
        if giver.kind == getter.kind == "wallet" and giver.owner_id != getter.owner_id:
            raise Refused(LedgerRefusal.wallet_to_wallet)
    for id_, (balance_e4, held_e4) in changes.items():
        account = accounts[id_]
        if account.state == "locked" and not even_locked and balance_e4 - held_e4 < 0:
            raise Refused(
                LedgerRefusal.account_locked, account_id=str(account.id), reason=account.lock_reason
            )
    for id_ in changes:
        if accounts[id_].state == "closed":
            raise Refused(LedgerRefusal.account_closed, account_id=str(id_))
    for id_, (balance_e4, held_e4) in changes.items():
        available_e4 = accounts[id_].available_e4
        # Whoever receives may do so under his floor too; only taking asks for cover.
        if available_e4 is not None and balance_e4 - held_e4 < 0 and available_e4 + balance_e4 - held_e4 < 0:
            raise Refused(
                LedgerRefusal.insufficient_balance,
                account_id=str(id_),
                available_e4=available_e4,
                asked_e4=held_e4 - balance_e4,
            )


def after(account: Account, balance_e4: int, held_e4: int) -> Account:
    return msgspec.structs.replace(
        account, balance_e4=account.balance_e4 + balance_e4, held_e4=account.held_e4 + held_e4
    )
