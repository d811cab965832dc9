"""insight: looking at the whole without touching it.

Owns: no tables. Promises: `audit` proves the invariants over all malls in one snapshot, and never says clean about rows
it could not see. Publishes: nothing. Relies on: the `report` role; each domain's `checks.sql`. Sources: Jepsen's bank
test; TigerBeetle's auditor.
"""

from commissary.insight.audit import audit, broken, checks

__all__ = ["audit", "broken", "checks"]
