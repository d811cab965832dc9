"""Case files on the wire."""

from datetime import datetime

import msgspec

from commissary import orders, risk
from commissary.base import money
from commissary.base.money import Money
from commissary.insight.types import Case, CaseAct, CaseDelivery, CaseLeaf, Hit


class CaseOrderOut(msgspec.Struct, frozen=True):
    id: str
    order_no: str
    client_order_no: str
    buyer_id: str
    buyer_name: str
    account_id: str
    key_id: str
    status: str
    reason: str
    total: Money
    verdict: str
    decision_id: str
    quote_id: str | None
    placed_at: datetime
    request_id: str | None


class CaseLineOut(msgspec.Struct, frozen=True):
    line_no: int
    sku_id: str
    quantity: int
    delivered: int
    amount: Money
    returned: Money
    mode: str
    status: str
    reason: str
    hold_id: str | None


class CaseHitOut(msgspec.Struct, frozen=True):
    rule_id: str
    code: str
    text_zh: str
    text_en: str


class CaseDecisionOut(msgspec.Struct, frozen=True):
    id: str
    verdict: str
    hits: list[CaseHitOut]
    at: datetime


class CaseTransferOut(msgspec.Struct, frozen=True):
    """Seen from the buyer's account: `amount` is negative when it gave."""

    id: str
    kind: str
    amount: Money
    at: datetime


class CaseHoldOut(msgspec.Struct, frozen=True):
    id: str
    amount: Money
    captured: Money
    released: Money
    at: datetime


class CaseDeliveryOut(msgspec.Struct, frozen=True):
    """A webhook about the order; `event_id` is its `webhook-id`."""

    id: str
    event_id: str
    event: str
    n: int
    state: str
    attempts: int
    created_at: datetime
    ended_at: datetime | None


class CaseWorkOut(msgspec.Struct, frozen=True):
    line_no: int
    action: str
    text_zh: str
    text_en: str
    at: datetime


class CaseOut(msgspec.Struct, frozen=True):
    """Everything that is known of one order. A part is null when the reader has no right to it. `decisions` has those
    that were not a plain yes; `custody` the leaves of the custody log."""

    order: CaseOrderOut
    lines: list[CaseLineOut]
    decisions: list[CaseDecisionOut] | None
    transfers: list[CaseTransferOut] | None
    holds: list[CaseHoldOut] | None
    custody: list[CaseLeaf] | None
    deliveries: list[CaseDeliveryOut] | None
    work: list[CaseWorkOut]
    acts: list[CaseAct] | None


class CaseList(msgspec.Struct, frozen=True):
    items: list[CaseOut]


class HitList(msgspec.Struct, frozen=True):
    """Orders first, then codes, goods and companies."""

    items: list[Hit]


def case_out(home: int, case: Case) -> CaseOut:
    order = case.order

    def amount(amount_e4: int) -> Money:
        return money.of(amount_e4, order.currency)

    return CaseOut(
        order=CaseOrderOut(
            id=str(order.id),
            order_no=orders.order_no(home, order.id),
            client_order_no=order.client_order_no,
            buyer_id=str(order.buyer_id),
            buyer_name=order.buyer_name,
            account_id=str(order.account_id),
            key_id=order.key_id,
            status=order.state,
            reason=order.reason,
            total=amount(order.amount_e4),
            verdict=order.verdict,
            decision_id=str(order.decision_id),
            quote_id=None if order.quote_id is None else str(order.quote_id),
            placed_at=order.placed_at,
            request_id=order.request_id,
        ),
        lines=[
            CaseLineOut(
                line_no=line.line_no,
                sku_id=str(line.sku_id),
                quantity=line.quantity,
                delivered=line.delivered,
                amount=amount(line.amount_e4),
                returned=amount(line.returned_e4),
                mode=line.mode,
                status=line.state,
                reason=line.reason,
                hold_id=None if line.hold_id is None else str(line.hold_id),
            )
            for line in case.lines
        ],
        decisions=None
        if case.decisions is None
        else [
            CaseDecisionOut(
                str(d.id),
                d.verdict,
                [CaseHitOut(str(hit.rule_id), hit.code, *risk.explain(hit)) for hit in d.hits],
                d.at,
            )
            for d in case.decisions
        ],
        transfers=None
        if case.transfers is None
        else [CaseTransferOut(str(t.id), t.kind, amount(t.amount_e4), t.at) for t in case.transfers],
        holds=None
        if case.holds is None
        else [
            CaseHoldOut(str(h.id), amount(h.amount_e4), amount(h.captured_e4), amount(h.released_e4), h.at)
            for h in case.holds
        ],
        custody=case.custody,
        deliveries=None if case.deliveries is None else [_delivery(d) for d in case.deliveries],
        work=[CaseWorkOut(w.line_no, w.action, w.zh, w.en, w.at) for w in case.work],
        acts=case.acts,
    )


def _delivery(d: CaseDelivery) -> CaseDeliveryOut:
    return CaseDeliveryOut(str(d.id), d.event_id, d.event, d.n, d.state, d.attempts, d.created_at, d.ended_at)
