"""New fields for a line that stands: checked as an order's are, before anything is locked."""

import hashlib
import time
from collections.abc import Mapping

import msgspec

from commissary import catalog
from commissary.base.errors import FieldFault, Refused, RequestRefusal
from commissary.orders.desk import Desk
from commissary.orders.types import OrderNow, OrderRefusal, WantedLine
from commissary.risk.types import Decision, Facts, RiskRefusal
from commissary.tenancy.types import Caller


async def check_correction(
    desk: Desk, caller: Caller, order: OrderNow, line_no: int, fields: Mapping[str, str]
) -> WantedLine:
    """The line as it would be ordered with these fields, sealed. `caller` is whose order it is. Its pieces were counted by
    risk when it was placed, so only the attempt and its account are judged; a person who would look at it does not exist
    here, so what risk would hold it refuses too.

    Refuses invalid_request, an account by the catalog's words, sku_unknown, and as risk does.
    """
    sku_id = next(line.sku_id for line in order.lines if line.line_no == line_no)
    card = await desk.card(caller, sku_id)
    if card is None:
        raise Refused(OrderRefusal.sku_unknown)
    clean, faults = catalog.check_fields(card.fields, fields)
    if faults:
        told = [FieldFault(f"fields.{f.path}", f.message) for f in faults]
        raise Refused(RequestRefusal.invalid_request, fields=told)
    if desk.accounts is not None:
        no = await desk.accounts.check(caller.key.mall_id, sku_id, card.fields, clean)
        if no is not None:
            refusal, name = no
            raise Refused(refusal, fields=[FieldFault(f"fields.{name}", f"{refusal.en} / {refusal.zh}")])
    wanted = desk.sealed(caller.key.mall_id, WantedLine(sku_id, 0, None, clean), card.fields)
    _judge(desk, caller, order, line_no, wanted)
    return wanted


def _judge(desk: Desk, caller: Caller, order: OrderNow, line_no: int, wanted: WantedLine) -> None:
    content = b"%d|%d|%b" % (order.id, line_no, msgspec.json.encode(wanted.fields))
    facts = Facts(
        mall_id=caller.key.mall_id,
        buyer_id=order.buyer_id,
        key_id=caller.key.id,
        ip=caller.ip,
        at_s=time.time(),
        lines=(wanted,),
        order_key=hashlib.blake2b(content, digest_size=32).digest(),
    )
    verdict = desk.judge(facts)
    if verdict.action == "allow":
        return
    decision = Decision(
        id=desk.env.ids.new(),
        order_id=order.id,
        client_order_no=order.client_order_no,
        buyer_id=order.buyer_id,
        verdict=verdict.action,
        hits=verdict.hits,
        at=desk.env.now(caller.key.mall_id),
    )
    desk.note(caller.key.home_id, decision)
    raise Refused(RiskRefusal[verdict.hits[0].code], decision_id=str(decision.id))
