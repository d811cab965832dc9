"""fulfilment: getting goods to the buyer once an order stands: by date, after review, from suppliers,
by hand.

Owns: schema `fulfilment` (claims, the work log; corrections that buyers are asked for; what suppliers' people have in hand;
plans that fill the shelf, with their budgets). Promises: nothing is delivered before its date, by the mall's clock; a
line is worked on by one person at a time, for as long as his claim lasts; what was claimed and forgotten comes back to
the queue; nothing is bought twice, whatever is killed when (`buy.py`); a top-up to a wrong account waits for its buyer's
correction before it fails, and is charged once (`fix.py`); a supplier's people who provide too late keep what they have
(`provide.py`); what is bought for the shelf never exceeds its budgets, and above a limit somebody else than its maker
approves it (`restock.py`); personal data is shown to the holder of the claim alone, and every look is in the audit log;
buyers can read what was done for them in their language. Publishes: `restock.proposed`, `restock.received`;
`orders.settle` tells of each change of a line. Relies on: `orders`, `supply`, `stock`, `tenancy`; reads orders and
catalog rows by join. Sources: none outside.
"""

from commissary.fulfilment.buy import Buying
from commissary.fulfilment.callbacks import Callbacks
from commissary.fulfilment.fix import (
    correct,
    correct_for,
    end_fixes,
    fix_terms,
    list_fixes,
    malls_to_end_fixes,
    set_fix_terms,
    withdraw_fix,
)
from commissary.fulfilment.listing import WorkQuery, work_by_place, work_ids
from commissary.fulfilment.log import work_log
from commissary.fulfilment.purchases import decide, purchases_of
from commissary.fulfilment.release import malls_to_release, release_due, release_restocked
from commissary.fulfilment.restock import approve_restock, get_restock, list_restocks, refuse_restock
from commissary.fulfilment.restock_policies import (
    list_restock_policies,
    restock_limits,
    set_restock_limits,
    set_restock_policy,
)
from commissary.fulfilment.review import approve, block, reverse
from commissary.fulfilment.work import (
    claim,
    deliver,
    expire_claims,
    fail,
    give_back,
    reveal_fields,
)

__all__ = [
    "Buying",
    "Callbacks",
    "decide",
    "WorkQuery",
    "work_by_place",
    "work_ids",
    "purchases_of",
    "approve",
    "approve_restock",
    "block",
    "claim",
    "correct",
    "correct_for",
    "deliver",
    "end_fixes",
    "expire_claims",
    "fail",
    "fix_terms",
    "get_restock",
    "give_back",
    "list_fixes",
    "list_restock_policies",
    "list_restocks",
    "malls_to_end_fixes",
    "malls_to_release",
    "refuse_restock",
    "release_due",
    "release_restocked",
    "reveal_fields",
    "restock_limits",
    "reverse",
    "set_fix_terms",
    "set_restock_limits",
    "set_restock_policy",
    "withdraw_fix",
    "work_log",
]
