"""settlement: money with suppliers: their statements beside our books, what differs, days that are closed.

Owns: schema `settlement` (mappings, sources, statements, days, differences, claims, objections, payments). Promises: a statement is taken
whole or refused line by line, and the same file once more changes nothing; every line of a day and every purchase of it
is in exactly one class, and the difference is exact; what is decided about a difference is posted once, by whoever was
first; no day is closed over a supplier's objection that nobody answered; a closed day never changes, equals the ledger and has its evidence. Publishes: `supplier.statement_missing`. Relies on: `supply` (what
we bought; read by join), `ledger` (what was paid), `jobs`, `tenancy`. Sources: none outside.

    Puller              asks suppliers for the statements of the day before, where their protocols list orders
    import_statement → reconcile → resolve … → close → evidence
    pay                                cash ↔ our account with the supplier

A day is the mall's, midnight to midnight in its zone. A purchase belongs to the day on which it was booked.

Locks: the difference or claim, then the day's row, then accounts in id order.
"""

from commissary.settlement.close import close, evidence, get_day, list_days
from commissary.settlement.payments import account_of, list_payments, pay
from commissary.settlement.pull import Puller, pull_day
from commissary.settlement.reconcile import JOB, begin, reconcile, run_job
from commissary.settlement.resolve import end_claim, list_claims, list_differences, resolve
from commissary.settlement.sources import get_source, list_expected, set_source
from commissary.settlement.statements import (
    get_mapping,
    import_statement,
    list_lines,
    list_statements,
    set_mapping,
)

__all__ = [
    "JOB",
    "Puller",
    "account_of",
    "begin",
    "close",
    "end_claim",
    "evidence",
    "get_day",
    "get_mapping",
    "get_source",
    "import_statement",
    "list_claims",
    "list_days",
    "list_differences",
    "list_expected",
    "list_lines",
    "list_payments",
    "list_statements",
    "pay",
    "pull_day",
    "reconcile",
    "resolve",
    "run_job",
    "set_mapping",
    "set_source",
]
