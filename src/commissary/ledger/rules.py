"""What a posting may do, decided over accounts as they stand under lock; and what other currencies come to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from commissary.base.errors import Refused
from commissary.ledger.types import Account, Aged, LedgerRefusal, Transfer

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


# Ageing ---------------------------------------------------------------------------------------------------------

DAY = timedelta(days=1)
_STEPS = (("days_30_e4", 30 * DAY), ("days_60_e4", 60 * DAY), ("days_90_e4", 90 * DAY))


def age(owed_e4: int, statements: Iterable[tuple[datetime, int]], now: datetime) -> Aged:
    """What is owed, by age. `statements`: (due at, what is left of it) of those that are unpaid, in the order of their
    periods. Each was made over the whole debt of its day, so of a later one only what it has more than those before counts."""
    parts: dict[str, int] = {}
    oldest, told_e4 = None, 0
    for due_at, left_e4 in statements:
        more_e4 = min(left_e4, owed_e4) - told_e4
        if more_e4 <= 0:
            continue
        told_e4 += more_e4
        oldest = due_at if oldest is None else min(oldest, due_at)
        late = now - due_at
        name = "not_due_e4"
        if late > timedelta(0):
            name = next((name for name, most in _STEPS if late <= most), "older_e4")
        parts[name] = parts.get(name, 0) + more_e4
    return Aged(unbilled_e4=owed_e4 - told_e4, oldest_due_at=oldest, **parts)


def both_aged(one: Aged, other: Aged) -> Aged:
    due = [d for d in (one.oldest_due_at, other.oldest_due_at) if d is not None]
    return Aged(
        one.unbilled_e4 + other.unbilled_e4,
        one.not_due_e4 + other.not_due_e4,
        one.days_30_e4 + other.days_30_e4,
        one.days_60_e4 + other.days_60_e4,
        one.days_90_e4 + other.days_90_e4,
        one.older_e4 + other.older_e4,
        min(due, default=None),
    )


# Currencies -------------------------------------------------------------------------------------------------------

RATE_E8 = 10**8


def at_home_up(foreign_e4: int, rate_e8: int) -> int:
    """What that costs in the mall's currency, rounded up: never cheaper than it is."""
    return -(-foreign_e4 * rate_e8 // RATE_E8)


def abroad_down(home_e4: int, rate_e8: int) -> int:
    """The most of the other currency that costs no more than that: `at_home_up` of it is not above `home_e4`."""
    return home_e4 * RATE_E8 // rate_e8


def back_at_home(foreign_e4: int, back_e4: int, rate_e8: int) -> int:
    """What comes back in the mall's currency of something booked by `at_home_up`, of which a part is returned. All the
    parts together are what was booked, to the last e4."""
    return at_home_up(foreign_e4, rate_e8) - at_home_up(foreign_e4 - back_e4, rate_e8)


def realise(position_e4: int, book_e4: int, foreign_e4: int, home_e4: int) -> int:
    """What is gained (or lost: below zero) when a movement meets a position. The position stands at its average: the part
    that closes takes its share of the book, and the whole of it takes all, so that nothing is left of a closed one.

    `position_e4` and `book_e4` are what stands in both currencies, `foreign_e4` and `home_e4` what comes to it.
    """
    if position_e4 == 0 or (position_e4 > 0) == (foreign_e4 > 0):
        return 0
    closed_e4 = min(abs(position_e4), abs(foreign_e4))
    return -_share(book_e4, closed_e4, abs(position_e4)) - _share(home_e4, closed_e4, abs(foreign_e4))


def _share(amount_e4: int, part: int, whole: int) -> int:
    """Towards zero; the whole of it is all of it."""
    share = abs(amount_e4) * part // whole
    return -share if amount_e4 < 0 else share


def moved_bp(old_e8: int, new_e8: int) -> int:
    """How far a rate moved, of what it was; rounded up."""
    return -(-abs(new_e8 - old_e8) * 10_000 // old_e8)


def rate_text(rate_e8: int) -> str:
    """710000000 → '7.10000000'."""
    whole, part = divmod(rate_e8, RATE_E8)
    return f"{whole}.{part:08d}"
