"""All consequences of all events, on one screen: event kind → handlers.

A handler gets what it has not seen yet of one home, in order, and works in the transaction that moves its position: it
does everything or nothing, and may be given the same again. It knows its domain; this table knows both sides.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from commissary import bulk, notify, orders, partnerapi, pricing, supply
from commissary.base import db, outbox
from commissary.base.env import Env

Seen = tuple[int, int, outbox.Event]
"""(number of the outbox row, place in it, the event)"""


@dataclass(frozen=True)
class Reaction:
    """`name` is its consumer in `base.outbox_position`: for ever, and one position of its own. `handle` returns whether
    anything came of the events. `hears`: of its kinds, only such events; None: all."""

    name: str
    handle: Callable[[db.Tx, Env, int, Sequence[Seen]], Awaitable[object]]
    role: db.Role = "app"
    hears: Callable[[outbox.Event], bool] | None = None


WEBHOOKS = Reaction("webhooks", notify.enqueue)
NOTICES = Reaction("notices", notify.note)  # what calls for people, in their console
# What became of an order, in the protocol in which it came.
SHOPS = Reaction("shops", partnerapi.enqueue, hears=lambda event: "face" in event.data)
STANDING = Reaction("standing", supply.on_standing)  # who may be bought from
RATES = Reaction("rates", supply.on_rate)  # what offers in other currencies cost
FOLLOW = Reaction("prices", pricing.on_cost_changed)
RECALLS = Reaction("recalls", orders.on_recalled)
# What a second person did not let happen can be mended and asked for again.
SHEETS = Reaction("sheets", bulk.on_decided, hears=bulk.is_of_a_sheet)

REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    "order.accepted": (WEBHOOKS,),
    "order.review": (WEBHOOKS,),
    "order.held": (WEBHOOKS,),
    "order.released": (WEBHOOKS,),
    "order.fix_requested": (WEBHOOKS, NOTICES),
    "order.partially_delivered": (WEBHOOKS, SHOPS),
    "order.delivered": (WEBHOOKS, SHOPS),
    "order.cancelled": (WEBHOOKS, SHOPS),
    "order.failed": (WEBHOOKS, SHOPS),
    "order.reversed": (WEBHOOKS, SHOPS),
    "order.refunded": (WEBHOOKS,),
    "order.replaced": (WEBHOOKS,),
    "order.recalled": (WEBHOOKS, NOTICES),
    "stock.recalled": (RECALLS,),
    "rate.set": (RATES,),
    "cost.changed": (FOLLOW,),
    "balance.low": (WEBHOOKS, NOTICES),
    "price.changed": (WEBHOOKS,),
    "sku.available": (WEBHOOKS,),
    "sku.unavailable": (WEBHOOKS,),
    "statement.ready": (WEBHOOKS, NOTICES),
    "supplier.paper_expiring": (WEBHOOKS, NOTICES),
    "supplier.lapsed": (WEBHOOKS, NOTICES, STANDING),
    "supplier.qualified": (STANDING,),
    "supplier.quarantined": (WEBHOOKS, NOTICES, STANDING),
    "supplier.paused": (WEBHOOKS, NOTICES),
    "supplier.resumed": (WEBHOOKS, NOTICES),
    "supplier.balance_low": (WEBHOOKS, NOTICES),
    "supplier.statement_missing": (WEBHOOKS, NOTICES),
    "supplier.requested": (WEBHOOKS, NOTICES),
    "endpoint.paused": (WEBHOOKS, NOTICES),
    "endpoint.resumed": (WEBHOOKS, NOTICES),
    "endpoint.disabled": (WEBHOOKS, NOTICES),
    "reveals.locked": (WEBHOOKS, NOTICES),
    "stock.low": (WEBHOOKS, NOTICES),
    "sku.delisted": (WEBHOOKS, NOTICES),
    "approval.decided": (SHEETS,),
}
