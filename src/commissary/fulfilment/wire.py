"""Work by hand and the choice of a supplier, on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.fulfilment.types import LATE_AFTER, LogEntry, Result, Tried, WorkItem
from commissary.orders.types import LineState, Settled
from commissary.supply import rules
from commissary.supply.types import Weighed

LineNo = Annotated[int, msgspec.Meta(ge=0, le=2**15 - 1)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class WorkOut(msgspec.Struct, frozen=True):
    """`late_at` is when the line has waited too long. `target` shows the last digits of the account to top up."""

    order_id: str
    line_no: int
    client_order_no: str
    buyer_id: str
    buyer_name: str
    sku_id: str
    sku_zh: str
    sku_en: str
    quantity: int
    amount: Money
    mode: str
    status: LineState
    reason: str
    target: str | None
    since: datetime
    late_at: datetime | None
    claimed_by: str | None
    claimed_until: datetime | None


class ClaimIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    minutes: Annotated[int, msgspec.Meta(ge=1, le=240)] = 15


class ClaimOut(msgspec.Struct, frozen=True):
    until: datetime


class FieldsOut(msgspec.Struct, frozen=True):
    fields: dict[str, str]


class CodeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    secret: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    number: Annotated[str, msgspec.Meta(max_length=500)] | None = None

    def __repr__(self) -> str:
        return "CodeIn(…)"


class DeliverIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes (one per piece) or a receipt. Fewer pieces than ordered end the line: the rest is not paid."""

    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    codes: Annotated[tuple[CodeIn, ...], msgspec.Meta(max_length=1000)] = ()
    receipt: Annotated[str, msgspec.Meta(max_length=500)] = ""
    cost: Money | None = None


class FailIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason


class ApproveIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    line_no: LineNo | None = None
    even_below_floor: bool = False


class BlockIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Reason = "blocked"


class ReverseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    line_no: LineNo
    reason: Reason


class SettledOut(msgspec.Struct, frozen=True):
    order_id: str
    line_no: int
    before: LineState
    status: LineState
    delivered: int
    returned_e4: int
    reason: str


def settled_out(settled: Settled) -> SettledOut:
    return SettledOut(
        str(settled.order_id),
        settled.line_no,
        settled.before,
        settled.after,
        settled.delivered,
        settled.returned_e4,
        settled.reason,
    )


class LogOut(msgspec.Struct, frozen=True):
    line_no: int
    action: str
    text_zh: str
    text_en: str
    at: datetime


class TriedOut(msgspec.Struct, frozen=True):
    """One purchase at a supplier, who is shown by two digits of his number. `ended_at` null: still open."""

    line_no: int
    n: int
    supplier: str
    result: Result
    at: datetime
    ended_at: datetime | None


class LogPage(msgspec.Struct, frozen=True):
    """`purchases`: what was tried at suppliers, line by line, first to last."""

    items: list[LogOut]
    purchases: list[TriedOut]


def work_out(item: WorkItem) -> WorkOut:
    late = LATE_AFTER.get(item.state)
    return WorkOut(
        order_id=str(item.order_id),
        line_no=item.line_no,
        client_order_no=item.client_order_no,
        buyer_id=str(item.buyer_id),
        buyer_name=item.buyer_name,
        sku_id=str(item.sku_id),
        sku_zh=item.sku_zh,
        sku_en=item.sku_en,
        quantity=item.quantity,
        amount=money.of(item.amount_e4, item.currency),
        mode=item.mode,
        status=item.state,
        reason=item.reason,
        target=f"****{item.target_last}" if item.target_last else None,
        since=item.since,
        late_at=item.since + late if late else None,
        claimed_by=None if item.claimed_by is None else str(item.claimed_by),
        claimed_until=item.claimed_until,
    )


def log_out(entries: list[LogEntry], purchases: list[Tried]) -> LogPage:
    return LogPage(
        [LogOut(e.line_no, e.action, e.zh, e.en, e.at) for e in entries],
        [TriedOut(t.line_no, t.n, t.supplier, t.result, t.at, t.ended_at) for t in purchases],
    )


class WeighedOut(msgspec.Struct, frozen=True, kw_only=True):
    """One offer in a choice. In the mall's currency: what a piece cost, null without a rate; and `score`, what a piece was
    thought to cost in the end, failures and waiting included, the lowest first. `excluded`: why it was left out, then
    without a score; `told` says more of it."""

    offer_id: str
    supplier_id: str
    unit_cost: Money | None
    score: Money | None
    excluded: str
    told: str
    taken: bool


def weighed_out(w: Weighed, currency: str, taken: int) -> WeighedOut:
    """`currency`: the mall's. `taken`: the offer that was chosen."""
    fit = not w.excluded or w.excluded == "resting"
    return WeighedOut(
        offer_id=str(w.offer_id),
        supplier_id=str(w.supplier_id),
        unit_cost=None if w.excluded == "no_rate" else money.of(w.unit_cost_e4, currency),
        score=money.of(max(rules.plain(w).score, 0), currency) if fit else None,
        excluded=w.excluded,
        told=w.told,
        taken=w.offer_id == taken,
    )
