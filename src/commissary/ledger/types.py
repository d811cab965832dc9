"""Accounts, transfers and holds as data."""

from enum import IntEnum
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

AccountKind = Literal[
    "wallet", "revenue", "cash", "payable", "prepaid", "clearing", "debt", "fees", "adjustment"
]


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


class Account(msgspec.Struct, frozen=True):
    """As read under lock. Free money is `balance - held`; it never falls under `floor`."""

    id: int
    balance_e4: int
    held_e4: int
    floor_e4: int | None
    state: str
    currency: str


class Transfer(msgspec.Struct, frozen=True):
    """`dr` gives, `cr` gets; one row is both sides."""

    id: int
    dr_id: int
    cr_id: int
    amount_e4: int
    kind: TransferKind
    order_id: int | None = None


class LedgerRefusal(Refusal):
    no_such_account = (404, "There is no such account", "账户不存在")
    currency_mismatch = (409, "The accounts hold different currencies", "账户币种不一致")
    account_locked = (409, "The account is locked", "账户已锁定", False, "operator")
    account_closed = (409, "The account is closed", "账户已关闭", False, "operator")
    insufficient_balance = (409, "Balance and credit do not cover this", "余额与授信额度不足")
    hold_spent = (409, "The hold has less left than that", "冻结金额不足")
