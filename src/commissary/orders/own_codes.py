"""Codes before the eyes of the buyer's own people: masked in every list; in clear one by one, by `reveal.py`."""

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.errors import Refused
from commissary.orders import view
from commissary.orders.desk import Desk
from commissary.orders.sheet import mask
from commissary.orders.types import OrderRefusal
from commissary.orders.wire import OrderOut
from commissary.tenancy.types import Actor, Caller

RIGHT = "own.codes.read"


class Masked(msgspec.Struct, frozen=True):
    """`position` counts a line's codes from 1. `masked` shows at most the last four letters."""

    line_no: int
    position: int
    masked: str
    number: str | None


async def masked(desk: Desk, actor: Actor, caller: Caller, order_id: int) -> list[Masked]:
    """An order's codes, of which none can be used. Refuses order_not_found."""
    tenancy.require(actor, RIGHT)
    async with desk.env.db.transaction(actor.mall_id, "vault") as tx:
        order = await _order(tx, desk, caller, order_id)
    return [
        Masked(line.line_no, place, mask(code.secret), code.number)
        for line in order.lines
        for place, code in enumerate(line.codes or (), 1)
    ]


async def _order(tx: db.Tx, desk: Desk, caller: Caller, order_id: int) -> OrderOut:
    home, buyer = caller.key.home_id, caller.key.organisation_id
    found = await view.load(tx, home, [order_id], desk.vault, desk.env.keys, codes=True, buyer_id=buyer)
    if order_id not in found:
        raise Refused(OrderRefusal.order_not_found)
    return found[order_id]
