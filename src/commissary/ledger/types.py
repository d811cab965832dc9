"""Accounts, transfers and holds as data."""

from datetime import datetime
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


class Deposit(msgspec.Struct, frozen=True):
    """What a supplier's terms ask now, and what it has left with the mall."""

    supplier_id: int
    required_e4: int
    held_e4: int
    currency: str

    @property
    def missing_e4(self) -> int:
        return max(0, self.required_e4 - self.held_e4)


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
