"""pricing: books of price ladders, floors, templates, quotes.

Owns: schema `pricing`. Promises: a change switches all its SKUs at one instant; nothing is overwritten, so history,
schedule and undo are one table read at another instant; no price is set or quoted under its floor over the current
cost, unless somebody with the right says so; a quote binds us until it expires; no call shows a buyer another's price;
`why` recomputes any price, sold, quoted or asked for now, and names who set it.
A price that follows its cost moves by itself within its limit, and waits for a person beyond it. A subscriber is told of
every move of his own prices that reaches his threshold, counted from what he was told last: at least once, with one id,
the last state of a burst.
Publishes: the mall's epoch, with every change; `price.changed`, `sku.available`, `sku.unavailable` (subject: the
subscription). Relies on: `base`, `tenancy`, `partners.buyer` (tiers), `catalog`,
`stock.lot` and `supply.shelf` (costs). Sources: 电子商务法 art. 49 (a paid order is a contract).

Locks: a book's row, then the mall's epoch; the mall's teller, then a subscription.
"""

from commissary.pricing.books import open_book
from commissary.pricing.change import schedule, set_prices, undo
from commissary.pricing.floors import floors_of, set_floor
from commissary.pricing.follow import on_cost_changed
from commissary.pricing.guarded import ACTS, in_order, lines_of
from commissary.pricing.offered import offer, offers
from commissary.pricing.origin import history, source_now, why
from commissary.pricing.quotes import prices_for, quote
from commissary.pricing.sheets import (
    every_book,
    held,
    last_entry,
    lock_books,
    look_undo_all,
    set_in_books,
    undo_all,
)
from commissary.pricing.store import currency_of, load_snapshot, refresh_snapshot
from commissary.pricing.subscriptions import list_subscriptions, subscribe, unsubscribe
from commissary.pricing.tell import Teller
from commissary.pricing.template import apply, preview, save_template
from commissary.pricing.wire import ProductOut, product_out

__all__ = [
    "ProductOut",
    "ACTS",
    "Teller",
    "apply",
    "currency_of",
    "every_book",
    "floors_of",
    "held",
    "history",
    "in_order",
    "last_entry",
    "lines_of",
    "look_undo_all",
    "list_subscriptions",
    "load_snapshot",
    "lock_books",
    "offer",
    "offers",
    "on_cost_changed",
    "open_book",
    "preview",
    "prices_for",
    "product_out",
    "quote",
    "refresh_snapshot",
    "save_template",
    "schedule",
    "set_floor",
    "set_in_books",
    "set_prices",
    "source_now",
    "subscribe",
    "undo",
    "undo_all",
    "unsubscribe",
    "why",
]
