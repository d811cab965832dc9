"""Accounts, transfers and holds as data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

AccountKind = Literal[
    "wallet",
    "revenue",
    "cash",
    "payable",
    "prepaid",
    "clearing",
    "debt",
    "fees",
    "adjustment",
    "split",
    "agent",
]

# Money of principals for whom a payment provider splits; no transfer leads from our own books into these.
AGENT_BOOKS: frozenset[str] = frozenset({"split", "agent"})

LockReason = Literal["over_limit", "overdue", "manual"]
Direction = Literal["to_department", "to_company"]  # of money between a company and its department
AccountState = Literal["open", "locked", "closed"]


class TransferKind(IntEnum):
    """Stored with each transfer; numbers never change their meaning."""

    sale = 1
    capture = 2
    refund = 3
    recharge = 4
    withdrawal = 5
    adjustment = 6
    reversal = 7
    purchase = 8
    opening = 9
    allotment = 10  # between a company's wallet and a department's
    debt = 11  # a debt paid from the wallet of its owner
    exchange = (
        12  # the mall's own side of what moved in another currency, and what rates gained or lost by it
    )


class Account(msgspec.Struct, frozen=True):
    """As read under lock. Free money is `balance - held`; it never falls under `floor`."""

    id: int
    balance_e4: int
    held_e4: int
    floor_e4: int | None
    state: str
    currency: str
    owner_id: int = 0
    sub: str = ""
    kind: AccountKind = "wallet"
    limit_e4: int = 0
    lock_reason: str = ""  # LockReasons, parted by a blank

    @property
    def available_e4(self) -> int | None:
        """What may still be spent, credit included. None: without bound."""
        return None if self.floor_e4 is None else self.balance_e4 - self.held_e4 - self.floor_e4


class Transfer(msgspec.Struct, frozen=True):
    """`dr` gives, `cr` gets; one row is both sides."""

    id: int
    dr_id: int
    cr_id: int
    amount_e4: int
    kind: TransferKind
    order_id: int | None = None


class Posted(msgspec.Struct, frozen=True):
    """A transfer as it stands in the ledger."""

    id: int
    dr_id: int
    cr_id: int
    amount_e4: int
    currency: str
    kind: TransferKind
    order_id: int | None
    memo: str | None
    at: datetime


class Hold(msgspec.Struct, frozen=True):
    """Money promised to `to_id`; `rest_e4` is what is still promised."""

    id: int
    account_id: int
    to_id: int
    amount_e4: int
    captured_e4: int
    released_e4: int
    order_id: int | None

    @property
    def rest_e4(self) -> int:
        return self.amount_e4 - self.captured_e4 - self.released_e4


class Settlement(msgspec.Struct, frozen=True):
    """What becomes of a hold: so much is paid, so much is free again. `release_rest`: whatever is left after paying."""

    hold_id: int
    capture_e4: int = 0
    release_e4: int = 0
    release_rest: bool = False


class Books(msgspec.Struct, frozen=True):
    """The mall's own accounts in a home and currency."""

    revenue_id: int
    cash_id: int
    fees_id: int
    adjustment_id: int


class Moved(msgspec.Struct, frozen=True):
    """Money that came in or went out under a reference. `repeated`: it was done before, and only then."""

    transfer_id: int
    account_id: int
    amount_e4: int
    repeated: bool = False


class CreditLine(msgspec.Struct, frozen=True):
    account_id: int
    limit_e4: int
    terms_days: int
    grace_days: int
    version: int = 0


class Statement(msgspec.Struct, frozen=True):
    """What happened from `from_at` (included) to `to_at` (not). `due_e4` is what the owner owed at its end."""

    id: int
    account_id: int
    from_at: datetime
    to_at: datetime
    opening_e4: int
    closing_e4: int
    debits_e4: int
    credits_e4: int
    transfers: int
    due_e4: int
    due_at: datetime | None
    paid_at: datetime | None
    made_at: datetime


class LowBalance(msgspec.Struct, frozen=True):
    """A wallet under its buyer's threshold; `mall_id` is the mall's own organisation."""

    account_id: int
    owner_id: int
    available_e4: int
    threshold_e4: int
    currency: str
    mall_id: int


class Difference(msgspec.Struct, frozen=True):
    """An account whose cached balance is not what its transfers and holds say."""

    account_id: int
    balance_e4: int
    balance_by_transfers_e4: int
    held_e4: int
    held_by_holds_e4: int


class Named(msgspec.Struct, frozen=True):
    """Whose account it is. `sub` is the department or the purpose; `department` its name."""

    id: int
    owner_id: int
    owner: str | None
    owner_kind: str | None
    kind: AccountKind
    sub: str
    department: str | None
    currency: str


class Written(msgspec.Struct, frozen=True):
    """A transfer in the journal: who gave and who got, under which reference, and how much of it was turned back."""

    posted: Posted
    giver: Named
    getter: Named
    reference: str | None
    reversed_e4: int


class OwnerAccount(msgspec.Struct, frozen=True):
    account: Account
    department: str | None
    terms_days: int | None
    grace_days: int | None
    credit_version: int | None


class Owner(msgspec.Struct, frozen=True):
    """An organisation with all its accounts."""

    id: int
    name: str
    kind: str
    status: str
    accounts: tuple[OwnerAccount, ...]


class TrialLine(msgspec.Struct, frozen=True):
    """Accounts of one kind: what those below zero come to, and those above. `agent`: of the agent books."""

    currency: str
    agent: bool
    kind: AccountKind
    accounts: int
    debit_e4: int
    credit_e4: int


class Debtor(msgspec.Struct, frozen=True):
    """A wallet below zero."""

    account_id: int
    owner_id: int
    owner: str
    department: str | None
    currency: str
    balance_e4: int
    held_e4: int
    limit_e4: int
    state: AccountState
    lock_reason: str

    @property
    def owed_e4(self) -> int:
        return max(0, -self.balance_e4)


class Aged(msgspec.Struct, frozen=True):
    """What is owed, each part once: not billed yet, billed and not due yet, and by the days it is past due."""

    unbilled_e4: int = 0
    not_due_e4: int = 0
    days_30_e4: int = 0
    days_60_e4: int = 0
    days_90_e4: int = 0
    older_e4: int = 0
    oldest_due_at: datetime | None = None


class Deposit(msgspec.Struct, frozen=True):
    """What a supplier's terms ask now, and what it has left with the mall."""

    supplier_id: int
    required_e4: int
    held_e4: int
    currency: str

    @property
    def missing_e4(self) -> int:
        return max(0, self.required_e4 - self.held_e4)


class Rate(msgspec.Struct, frozen=True):
    """So much × 10^-8 of the mall's currency is one of `currency`, from `valid_from` on."""

    id: int
    currency: str
    rate_e8: int
    valid_from: datetime
    source: str
    set_by: str
    set_at: datetime


class RateDraft(msgspec.Struct, frozen=True):
    """`valid_from` None: from now on."""

    currency: str
    rate_e8: int
    valid_from: datetime | None = None


class RateLimits(msgspec.Struct, frozen=True):
    """An older rate buys nothing; a greater move wants to be confirmed."""

    stale_after_s: int = 48 * 3600
    jump_bp: int = 2_000


class Rates(msgspec.Struct, frozen=True):
    """What a mall knows of other currencies: per currency what is in force and what will be, the newest first."""

    currency: str
    limits: RateLimits = RateLimits()
    known: Mapping[str, tuple[Rate, ...]] = {}

    def at(self, currency: str, now: datetime) -> Rate | None:
        """In force then, however old."""
        return next((r for r in self.known.get(currency, ()) if r.valid_from <= now), None)

    def fresh(self, currency: str, now: datetime) -> Rate | None:
        """In force then, and young enough to buy by."""
        found = self.at(currency, now)
        return found if found is not None and not self.is_stale(found, now) else None

    def is_stale(self, rate: Rate, now: datetime) -> bool:
        return now - rate.valid_from > timedelta(seconds=self.limits.stale_after_s)


class Exchange(msgspec.Struct, frozen=True):
    """A movement between `account_id`, which is in another currency, and `other_id`, which is the mall's own.

    `foreign_e4` is what the position gains: more than zero, `account_id` gives it (a purchase) and `other_id` gets
    `home_e4`; less than zero, `account_id` gets it (a payment) and `other_id` gives. `home_e4` is without sign. `id`
    is the transfer's in the other currency. `rate` None: as the bank had it.
    """

    id: int
    account_id: int
    other_id: int
    currency: str
    foreign_e4: int
    home_e4: int
    kind: TransferKind
    rate_id: int | None = None
    rate_e8: int | None = None


class Position(msgspec.Struct, frozen=True):
    """What stands open in another currency at an instant: above zero we owe it, below zero we hold it. `book_e4`: what it
    is in the books at; `value_e4`: by the rate of that instant, None where there is none; both of its sign."""

    currency: str
    foreign_e4: int
    book_e4: int
    rate: Rate | None
    value_e4: int | None

    @property
    def unrealised_e4(self) -> int | None:
        """What closing it now would gain, or lose: below zero."""
        return None if self.value_e4 is None else self.book_e4 - self.value_e4


class Realised(msgspec.Struct, frozen=True):
    """What rates gained, or lost: below zero, in a period."""

    currency: str
    movements: int
    result_e4: int


class Opening(msgspec.Struct, frozen=True):
    """A department as it is to be opened."""

    name: str
    cost_centre: str = ""
    month_budget_e4: int | None = None
    returns_rest: bool = False
    order_limit_e4: int = 0
    month_limit_e4: int = 0


class LedgerRefusal(Refusal):
    no_such_account = (404, "There is no such account", "账户不存在")
    currency_mismatch = (409, "The accounts hold different currencies", "账户币种不一致")
    wallet_to_wallet = (
        403,
        "A wallet is a prepayment to the seller; it cannot be passed to another company",
        "钱包余额为对卖方的预付款，不得转让给其他主体",
    )
    account_locked = (409, "The account is locked", "账户已锁定", False, "operator")
    account_closed = (409, "The account is closed", "账户已关闭", False, "operator")
    insufficient_balance = (409, "Balance and credit do not cover this", "余额与授信额度不足")
    no_such_hold = (404, "There is no such hold", "冻结记录不存在")
    hold_spent = (409, "The hold has less left than that", "冻结金额不足")
    no_such_transfer = (404, "There is no such transfer", "转账记录不存在")
    already_reversed = (
        409,
        "That much of the transfer cannot be reversed any more",
        "该笔转账可冲正金额不足",
    )
    reference_used = (
        409,
        "This reference was used for another amount or account",
        "该参考号已用于其他金额或账户",
    )
    not_a_wallet = (409, "This is for wallets only", "仅适用于钱包账户")
    not_the_payer = (
        409,
        "Money goes back to the payer of a recharge, and no more than he paid",
        "退款只能原路退回充值付款方，且不得超过其充值金额",
    )
    still_owing = (
        409,
        "The account stays locked until what is owed is paid",
        "欠款付清前账户保持锁定",
    )
    period_open = (409, "The period has not ended yet", "账期尚未结束")
    period_overlaps = (409, "The period does not follow the last statement", "账期与上一份对账单不衔接")
    rate_unneeded = (409, "The mall's own currency has no rate", "本币无需汇率")
    rate_in_the_past = (
        409,
        "A newer rate is in force already; history is not rewritten",
        "已有更新的汇率生效，历史汇率不可改写",
    )
    rate_jumped = (
        409,
        "The rate is far from the last one; look again, and confirm it",
        "汇率与上次相差过大，请核对后确认",
    )
    rate_missing = (
        409,
        "There is no rate of that currency in force, or it is stale",
        "该币种没有有效汇率或汇率已过期",
        False,
        "operator",
    )
    rates_faulty = (
        422,
        "Some lines cannot be read, so nothing was set; mend them and send the file again",
        "部分行无法识别，未保存任何汇率；请修正后重新上传",
    )
