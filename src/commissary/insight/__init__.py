"""insight: looking at the whole without touching it.

Owns: schema `insight` (calls of programs: counted all, kept a sample, for a week). Promises: `audit` proves the invariants over all malls in one snapshot, and never says clean about rows
it could not see; `find_cases` leads from any number of an order to the same case file, and shows of it what the reader
may see; `custody_of` tells a code's whole way or says where it does not; the public page tells a code's standing and
neither code nor buyer; `Live` tells who looks what happens, and nobody what he may not read. Publishes: nothing. Relies on: the `report` role; each domain's `checks.sql`; for case files the doors of
`risk`, `fulfilment`, `notify` and `tenancy`, and rows of `orders`, `ledger` and `provenance` by their keys. Sources:
Jepsen's bank test; TigerBeetle's auditor.
"""

from commissary.insight.audit import audit, broken, checks
from commissary.insight.calls import CallLog
from commissary.insight.calls import prune as prune_calls
from commissary.insight.cases import find_cases
from commissary.insight.custody import custody_of
from commissary.insight.live import Live
from commissary.insight.look_calls import get_call
from commissary.insight.proofs import authenticity, order_proof
from commissary.insight.rules import hidden_in

__all__ = [
    "CallLog",
    "Live",
    "audit",
    "authenticity",
    "broken",
    "checks",
    "custody_of",
    "find_cases",
    "get_call",
    "hidden_in",
    "order_proof",
    "prune_calls",
]
