"""orders: the sale, and what becomes of an order.

Owns: schema `orders` (orders, lines, takes, deliveries, idempotency, commands, lanes, order files). Promises:
acknowledged means committed; one key makes one order, however often it is sent; no code is sold twice, no account falls
under its floor, nothing is sold under its floor price unless a person approved it; a refusal writes nothing; what was
promised for a line is paid for what was delivered of it and free again for the rest. Publishes: `order.delivered`,
`order.accepted`, `order.review`; later `order.released`, `order.updated`, `order.partially_delivered`,
`order.delivered`, `order.failed`, `order.cancelled`, `order.reversed`, `order.refunded`, `order.fix_requested`,
`order.recalled`, numbered without a gap per order; and `code.revealed`, which nobody outside is told. Relies on:
`stock`, `pricing`, `ledger`, `risk`, `catalog`, `provenance`, `tenancy`.

Read `place.py` first: it is the whole sale, top to bottom; then `settle.py`: everything that changes a line later.
"""

from commissary.orders.cancel import CANCELLABLE, cancel, cancel_for
from commissary.orders.correct import check_correction
from commissary.orders.desk import Desk, key_of
from commissary.orders.edge import PartnerEdge
from commissary.orders.forward import NOT_PLACED, Answered, Forwarder
from commissary.orders.guarded import ACTS
from commissary.orders.heard import Heard
from commissary.orders.lane import Elsewhere
from commissary.orders.listing import OrderQuery, by_client_no, by_target, list_orders, order_ids
from commissary.orders.listing import cursor_of as order_cursor
from commissary.orders.recall import (
    RECALL_JOB,
    Holder,
    RecallLook,
    holders,
    look_at_recall,
    on_recalled,
    recall_reasons,
    tell_holders,
)
from commissary.orders.recent import recent
from commissary.orders.settle import done_before, first_time, lock, settle
from commissary.orders.sheet import (
    cancel_sheet,
    check_file,
    get_sheet,
    list_sheets,
    run_sheet,
    running_sheets,
    sheet_result,
    upload,
)
from commissary.orders.view import order_no
from commissary.orders.wire import CodeOut, Fields, LineIn, LineOut, OrderIn, OrderOut

__all__ = [
    "ACTS",
    "CANCELLABLE",
    "NOT_PLACED",
    "RECALL_JOB",
    "Answered",
    "CodeOut",
    "Desk",
    "Elsewhere",
    "Fields",
    "Forwarder",
    "Heard",
    "Holder",
    "LineIn",
    "LineOut",
    "OrderIn",
    "OrderOut",
    "OrderQuery",
    "PartnerEdge",
    "by_client_no",
    "by_target",
    "cancel",
    "cancel_for",
    "cancel_sheet",
    "check_correction",
    "check_file",
    "done_before",
    "first_time",
    "get_sheet",
    "RecallLook",
    "holders",
    "look_at_recall",
    "list_orders",
    "list_sheets",
    "key_of",
    "lock",
    "on_recalled",
    "order_cursor",
    "order_ids",
    "order_no",
    "recall_reasons",
    "recent",
    "sheet_result",
    "run_sheet",
    "running_sheets",
    "settle",
    "tell_holders",
    "upload",
]
