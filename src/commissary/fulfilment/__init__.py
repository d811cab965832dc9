"""fulfilment: getting goods to the buyer once an order stands: by date, after review, from suppliers,
by hand.

Owns: schema `fulfilment` (claims, the work log). Promises: nothing is delivered before its date, by the mall's clock; a
line is worked on by one person at a time, for as long as his claim lasts; what was claimed and forgotten comes back to
the queue; nothing is bought twice, whatever is
killed when (`buy.py`); personal data is shown to the holder of the claim alone, and every look is in the audit log; buyers can read
what was done for them in their language. Publishes: nothing of its own; `orders.settle` tells of each change. Relies
on: `orders`, `tenancy`; reads orders and catalog rows by join. Sources: none outside.
"""

from commissary.fulfilment.buy import Buying
from commissary.fulfilment.callbacks import Callbacks
from commissary.fulfilment.log import work_log
from commissary.fulfilment.purchases import decide, list_for_people, purchases_of
from commissary.fulfilment.release import release_due, release_restocked
from commissary.fulfilment.review import approve, block, reverse
from commissary.fulfilment.work import (
    claim,
    deliver,
    expire_claims,
    fail,
    give_back,
    list_work,
    reveal_fields,
)

__all__ = [
    "Buying",
    "Callbacks",
    "decide",
    "list_for_people",
    "purchases_of",
    "approve",
    "block",
    "claim",
    "deliver",
    "expire_claims",
    "fail",
    "give_back",
    "list_work",
    "release_due",
    "release_restocked",
    "reveal_fields",
    "reverse",
    "work_log",
]
