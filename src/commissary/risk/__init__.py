"""risk: one verdict on every order, with its reasons.

Owns: schema `risk`; the process's counters. Promises: each order is judged and counted once, before anything is locked,
without I/O; deny overrides allow; the same rules, history and order give the same verdict; memory is bounded; what was
not a plain yes is kept with its evidence, which holds no personal data in clear; a change of rules or lists is audited
and judged by every process within a second, and counting goes on over it; a restart forgets no accepted order that
still counts (`warm`). Publishes: nothing; raises the mall's epoch.
Relies on: `tenancy` (audit, epochs), `base`. Sources: capabilities RSK01–RSK03, SUP08; the windows are in `counter`,
precedence in `rules`.

Why the defaults are as they are. A distributor's key, organisation and server address are one honest party that may
order thousands of times a second: their default limits (50,000 in 10 s) only stop a loop that ran away. An end user's
address, device or target account is one person: the 11th order in a minute is held for review, not refused, because a
family, a shop's counter or a campus may look the same.
"""

from commissary.risk.decisions import DecisionLog, get_decision, list_decisions, record
from commissary.risk.edit_lists import add_entry, list_entries, remove_entry
from commissary.risk.edit_rules import create_rule, edit_rule, enable_rule, list_rules, seed_rules
from commissary.risk.engine import Engine
from commissary.risk.explain import explain
from commissary.risk.types import ALLOW, Facts, Quota, Verdict
from commissary.risk.warm import warm


def allow(_: Facts) -> Verdict:
    """The verdict of a process without an engine."""
    return ALLOW


__all__ = [
    "DecisionLog",
    "Engine",
    "Facts",
    "Quota",
    "add_entry",
    "allow",
    "create_rule",
    "edit_rule",
    "enable_rule",
    "explain",
    "get_decision",
    "list_decisions",
    "list_entries",
    "list_rules",
    "record",
    "remove_entry",
    "seed_rules",
    "warm",
]
