"""ledger: accounts, transfers, holds, credit lines, statements.

Owns: schema `ledger`; it is the only writer of balances. Promises: a transfer is one row with two sides, never changed
and never removed; over a home and currency balances sum to zero; free money (balance − held) never falls under the
floor; no transfer joins our own books with those of principals for whom a payment provider splits. Relies on: `base`,
`tenancy`. Sources: 非银行支付机构条例 (a wallet is a prepayment to the seller, not passed on); TigerBeetle's transfers.

Locks: hold rows in id order, then accounts in id order, then the outbox head.
"""

from commissary.ledger.accounts import balance, found_books, open_account
from commissary.ledger.holds import capture, hold, release, settle
from commissary.ledger.post import post
from commissary.ledger.store import revenue_account

__all__ = [
    "balance",
    "capture",
    "found_books",
    "hold",
    "open_account",
    "post",
    "release",
    "revenue_account",
    "settle",
]
