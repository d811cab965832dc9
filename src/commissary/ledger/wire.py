"""The ledger over HTTP: requests and answers."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from commissary.base import money
from commissary.base.errors import invalid
from commissary.base.money import Money
from commissary.base.wire import Id, Name, Version
from commissary.ledger.types import Account, AccountState, CreditLine, Deposit, Moved, Posted, Statement
from commissary.partners.types import Business

Reference = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Memo = Annotated[str, msgspec.Meta(max_length=500)]


KindOfTransfer = Literal[
    "sale",
    "capture",
    "refund",
    "recharge",
    "withdrawal",
    "adjustment",
    "reversal",
    "purchase",
    "opening",
    "allotment",
    "debt",
    "exchange",
]


class RechargeIn(msgspec.Struct, forbid_unknown_fields=True):
    amount: Money
    reference: Reference
    memo: Memo | None = None


class WithdrawIn(msgspec.Struct, forbid_unknown_fields=True):
    amount: Money
    recharge_reference: Reference
    reference: Reference
    memo: Memo | None = None


class AdjustIn(msgspec.Struct, forbid_unknown_fields=True):
    """A negative amount takes from the account."""

    amount: Money
    reason: Words
    reference: Reference


class BuyerIn(msgspec.Struct, forbid_unknown_fields=True):
    """A buying company and its wallet; `credit` needs the right `ledger.credit`. The mall's currency, if none is said."""

    name: Name
    tier_id: Id | None = None
    parent_id: Id | None = None
    currency: money.Currency | None = None
    credit: "CreditIn | None" = None
    notes: Annotated[str, msgspec.Meta(max_length=4_000)] = ""
    business: Business = "general"


class BuyerMade(msgspec.Struct):
    id: str
    name: str
    tier_id: str | None
    account: "AccountOut"


class CreditIn(msgspec.Struct, forbid_unknown_fields=True):
    """`reason`: for whoever has to approve it. `version`, or If-Match: refused when somebody changed the line since."""

    limit: Money
    terms_days: Annotated[int, msgspec.Meta(ge=0, le=365)]
    grace_days: Annotated[int, msgspec.Meta(ge=0, le=90)] = 0
    reason: Memo = ""
    version: Version | None = None


class AllotIn(msgspec.Struct, forbid_unknown_fields=True):
    to_account_id: Id
    amount: Money
    memo: Memo | None = None


class LockIn(msgspec.Struct, forbid_unknown_fields=True):
    reason: Words


class StatementIn(msgspec.Struct, forbid_unknown_fields=True):
    from_at: Annotated[datetime, msgspec.Meta(tz=True)]
    to_at: Annotated[datetime, msgspec.Meta(tz=True)]


class AccountOut(msgspec.Struct):
    """`available`: what may still be spent, credit included; absent for the mall's own accounts."""

    id: str
    owner_id: str
    sub: str
    kind: str
    balance: Money
    held: Money
    credit_limit: Money
    available: Money | None
    state: AccountState
    lock_reasons: list[str]
    credit: "CreditOut | None" = None


class CreditOut(msgspec.Struct):
    limit: Money
    terms_days: int
    grace_days: int
    version: int


class MovedOut(msgspec.Struct):
    transfer_id: str
    account_id: str
    amount: Money
    repeated: bool


class TransferOut(msgspec.Struct):
    """Seen from one account: `amount` is negative when it gave."""

    id: str
    at: datetime
    kind: str
    amount: Money
    other_account_id: str
    order_id: str | None
    memo: str | None


class StatementOut(msgspec.Struct):
    id: str
    account_id: str
    from_at: datetime
    to_at: datetime
    opening: Money
    debits: Money
    credits: Money
    closing: Money
    transfers: int
    due: Money
    due_at: datetime | None
    paid_at: datetime | None
    made_at: datetime


class AccountList(msgspec.Struct):
    items: list[AccountOut]
    next: str | None = None


class TransferList(msgspec.Struct):
    items: list[TransferOut]
    next: str | None = None


class StatementList(msgspec.Struct):
    items: list[StatementOut]
    next: str | None = None


class BalanceOut(msgspec.Struct, omit_defaults=True):
    """`available` = balance − held + what the credit limit still allows. `livemode` false: play money of the
    sandbox; it is left out of a real wallet's."""

    balance: Money
    held: Money
    credit_limit: Money
    available: Money
    state: AccountState
    livemode: bool = True


def account_out(a: Account, line: CreditLine | None = None) -> AccountOut:
    return AccountOut(
        id=str(a.id),
        owner_id=str(a.owner_id),
        sub=a.sub,
        kind=a.kind,
        balance=money.of(a.balance_e4, a.currency),
        held=money.of(a.held_e4, a.currency),
        credit_limit=money.of(a.limit_e4, a.currency),
        available=None if a.available_e4 is None else money.of(a.available_e4, a.currency),
        state=a.state,  # type: ignore[arg-type]  # the column's CHECK has these three
        lock_reasons=a.lock_reason.split(),
        credit=CreditOut(money.of(line.limit_e4, a.currency), line.terms_days, line.grace_days, line.version)
        if line
        else None,
    )


def balance_out(a: Account, *, livemode: bool = True) -> BalanceOut:
    return BalanceOut(
        balance=money.of(a.balance_e4, a.currency),
        held=money.of(a.held_e4, a.currency),
        credit_limit=money.of(a.limit_e4, a.currency),
        available=money.of(a.available_e4 or 0, a.currency),
        state=a.state,  # type: ignore[arg-type]
        livemode=livemode,
    )


def moved_out(m: Moved, currency: str) -> MovedOut:
    return MovedOut(str(m.transfer_id), str(m.account_id), money.of(m.amount_e4, currency), m.repeated)


def transfer_out(t: Posted, account_id: int) -> TransferOut:
    gave = t.dr_id == account_id
    return TransferOut(
        id=str(t.id),
        at=t.at,
        kind=t.kind.name,
        amount=money.of(-t.amount_e4 if gave else t.amount_e4, t.currency),
        other_account_id=str(t.cr_id if gave else t.dr_id),
        order_id=str(t.order_id) if t.order_id is not None else None,
        memo=t.memo,
    )


def statement_out(s: Statement, currency: str) -> StatementOut:
    return StatementOut(
        id=str(s.id),
        account_id=str(s.account_id),
        from_at=s.from_at,
        to_at=s.to_at,
        opening=money.of(s.opening_e4, currency),
        debits=money.of(s.debits_e4, currency),
        credits=money.of(s.credits_e4, currency),
        closing=money.of(s.closing_e4, currency),
        transfers=s.transfers,
        due=money.of(s.due_e4, currency),
        due_at=s.due_at,
        paid_at=s.paid_at,
        made_at=s.made_at,
    )


def amount_in(given: Money, currency: str, path: str) -> int:
    """In 1/10 000, if it is in the account's currency and no more than any amount may be."""
    if given.currency != currency:
        raise invalid(f"{path}.currency", f"the account holds {currency}")
    amount_e4 = money.parse(given.amount)
    if abs(amount_e4) > money.MAX_E4:
        raise invalid(f"{path}.amount", f"at most {money.text(money.MAX_E4)} / 不得超过该金额")
    return amount_e4


class DepositOut(msgspec.Struct):
    """`missing` is zero when what is held covers what is asked."""

    supplier_id: str
    required: Money
    held: Money
    missing: Money
    covered: bool


def deposit_out(d: Deposit) -> DepositOut:
    return DepositOut(
        supplier_id=str(d.supplier_id),
        required=money.of(d.required_e4, d.currency),
        held=money.of(d.held_e4, d.currency),
        missing=money.of(d.missing_e4, d.currency),
        covered=d.missing_e4 == 0,
    )
