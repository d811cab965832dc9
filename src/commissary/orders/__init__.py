"""orders: the sale, and what becomes of an order.

Owns: schema `orders` (orders, lines, takes, deliveries, idempotency, lanes, order files). Promises: acknowledged means
committed; one key makes one order, however often it is sent; no code is sold twice, no account falls under its floor,
nothing is sold under its floor price; a refusal writes nothing. Publishes: `order.delivered`, `order.accepted`,
`order.review` and what follows. Relies on: `stock`, `pricing`, `ledger`, `risk`, `catalog`, `provenance`, `tenancy`.
Read `place.py` first: it is the whole sale, top to bottom.
"""

from commissary.orders.desk import Desk
from commissary.orders.edge import PartnerEdge

__all__ = ["Desk", "PartnerEdge"]
