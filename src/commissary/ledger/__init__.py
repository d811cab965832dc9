"""ledger: accounts, transfers, holds, credit lines, statements, rates of other currencies.

Owns: schema `ledger`; it is the only writer of balances. Promises: a transfer is one row with two sides, never changed
and never removed; over a home and currency balances sum to zero; free money (balance − held) never falls under the
floor; no transfer joins our own books with those of principals for whom a payment provider splits; a rate is never
changed; a position that is closed in another currency holds nothing in the mall's, for what rates gained or lost was
posted as it closed. Publishes: `balance.recharged`, `balance.low` (to the buyer and to the mall), `account.locked`,
`account.unlocked`, `statement.ready`, `rate.set`. Relies on: `base`, `tenancy`, `partners`. Sources: decision 0019;
非银行支付机构条例 (a wallet is a prepayment to the seller, not passed on); TigerBeetle's transfers.

    turn_budgets    departments' budgets of a month, from what their company has
    exchange        what moves between an account in another currency and the mall's own books
    rates_of        what is in force at an instant, and what will be

Locks: hold rows in id order, then accounts in id order, then the outbox head.
"""

from commissary.ledger.accounts import balance, found_books, open_account
from commissary.ledger.buyers import add_buyer
from commissary.ledger.credit import lock, lock_overdue, set_credit, unlock
from commissary.ledger.departments import move_budget, open_department, turn_budgets
from commissary.ledger.deposits import deposit_of, receive_deposit
from commissary.ledger.exchange import exchange
from commissary.ledger.guarded import ACTS
from commissary.ledger.holds import capture, hold, release, settle
from commissary.ledger.move import adjust, allot, receive, recharge, withdraw
from commissary.ledger.payable import debit_payable
from commissary.ledger.post import post
from commissary.ledger.proof import rebuild, tell_low_balances
from commissary.ledger.rates import rates_of, set_rates
from commissary.ledger.reverse import reverse
from commissary.ledger.statement import make_statement, statements
from commissary.ledger.store import account, revenue_account, transfers

__all__ = [
    "ACTS",
    "account",
    "add_buyer",
    "adjust",
    "allot",
    "balance",
    "capture",
    "debit_payable",
    "deposit_of",
    "exchange",
    "found_books",
    "hold",
    "lock",
    "lock_overdue",
    "make_statement",
    "move_budget",
    "open_account",
    "open_department",
    "post",
    "rates_of",
    "rebuild",
    "receive",
    "receive_deposit",
    "recharge",
    "release",
    "revenue_account",
    "reverse",
    "set_credit",
    "set_rates",
    "settle",
    "statements",
    "tell_low_balances",
    "turn_budgets",
    "transfers",
    "unlock",
    "withdraw",
]
