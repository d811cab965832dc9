"""insight: looking at the whole without touching it.

Owns: no tables. Promises: `audit` proves the invariants over all malls in one snapshot, and never says clean about rows
it could not see; `find_cases` leads from any number of an order to the same case file, and shows of it what the reader
may see. Publishes: nothing. Relies on: the `report` role; each domain's `checks.sql`; for case files the doors of
`risk`, `fulfilment`, `notify` and `tenancy`, and rows of `orders`, `ledger` and `provenance` by their keys. Sources:
Jepsen's bank test; TigerBeetle's auditor.
"""

from commissary.insight.audit import audit, broken, checks
from commissary.insight.cases import find_cases

__all__ = ["audit", "broken", "checks", "find_cases"]
