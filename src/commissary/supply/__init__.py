"""supply: buying from suppliers: who offers what, whom to buy from, every purchase from before its first byte.

Owns: schema `supply` (connections, offers, policies, attempts). Promises: a purchase is committed
before anything is sent; a line has at most one purchase that may have been made and is not known to have failed, and
the database enforces it; nothing counts as failed but the supplier's explicit word, behind a silence not before his
quiet time is over (and, of people, the end of their time); every purchase carries the dearest price at which it may be made; a supplier who hangs or fails
holds up no other, and comes back by himself; a process that begins knows how each did in the last hour; what supplier
was chosen, and why, is kept, and, sealed, what a supplier said that nothing here looks at; a purchase in another currency stands at the rate it was chosen at; an article that its
supplier says is another now is asked about at once, and his callback answered when that is written; of what people
declare no piece is asked for twice. Publishes: `supplier.paused`, `supplier.resumed`, `supplier.requested`,
`supplier.balance_low`, `cost.changed`;
the mall's epoch, when offers change. Relies on: `partners` (suppliers), `catalog` (SKUs), `ledger`
(what was paid in advance or is owed), `tenancy`. Sources: decision 0015; the suppliers' own papers, named in each
connector.

    connectors.TABLE      protocol → connector: how each supplier is asked and what its answers mean
    hold, outcome, Wire   a conversation over a transport; silence and nonsense become `unknown`
    rules                 what an answer means for a purchase; whom to buy from
    Market, Purchasing    one mall's suppliers as a process knows them; the talks with them
    read_statement        the orders of a span, as a supplier lists them
    read_pushed           articles that a supplier said are others now
    follow_rates, on_rate the shelf anew when a rate moves, comes into force or grows stale
    pull                  catalogues and balances, at each connection's pace
    people                suppliers without a program: what they declare, and what of it is asked of them
    begin, after, book    purchases in the books, in the caller's transaction

Locks: orders, then attempts, then declarations, each in id order; offers in id order, then the mall's epoch.
"""

from commissary.supply.attempts import (
    after,
    back_at_home_e4,
    begin,
    book,
    cost_at_home_e4,
    cost_e4,
    keep_answers,
    keep_unread,
    kept_codes,
    unread_of,
)
from commissary.supply.callbacks import hear
from commissary.supply.connections import ConnectionDraft, add_connection
from commissary.supply.connectors import TABLE
from commissary.supply.declare import may_act, whose
from commissary.supply.listing import PurchaseQuery, count_purchases, look_purchases, purchase_cursor
from commissary.supply.market import Market
from commissary.supply.offers import link_offer
from commissary.supply.people import due_at, free_of, give_back, load_people
from commissary.supply.people import requests as requests_of_people
from commissary.supply.pull import pull
from commissary.supply.purchasing import LIMITS, Purchasing
from commissary.supply.push import read_pushed
from commissary.supply.rates import follow_rates, on_rate
from commissary.supply.reading import names_of as unread_names
from commissary.supply.shelf import OFFERS, on_standing
from commissary.supply.statement import read_statement
from commissary.supply.store import (
    attempts_of,
    due_attempts,
    has_unread,
    load_costs,
    lock_attempts,
    whys_of,
)
from commissary.supply.store import (
    epoch as epoch_of,
)
from commissary.supply.talk import Send, hold, outcome
from commissary.supply.transport import Wire

__all__ = [
    "ConnectionDraft",
    "LIMITS",
    "Market",
    "OFFERS",
    "Purchasing",
    "Send",
    "TABLE",
    "Wire",
    "add_connection",
    "after",
    "back_at_home_e4",
    "PurchaseQuery",
    "count_purchases",
    "look_purchases",
    "purchase_cursor",
    "attempts_of",
    "begin",
    "book",
    "cost_at_home_e4",
    "cost_e4",
    "due_at",
    "due_attempts",
    "free_of",
    "give_back",
    "epoch_of",
    "follow_rates",
    "hear",
    "hold",
    "keep_answers",
    "keep_unread",
    "kept_codes",
    "link_offer",
    "load_costs",
    "load_people",
    "has_unread",
    "lock_attempts",
    "may_act",
    "on_rate",
    "on_standing",
    "outcome",
    "pull",
    "read_statement",
    "read_pushed",
    "requests_of_people",
    "unread_names",
    "unread_of",
    "whose",
    "whys_of",
]
