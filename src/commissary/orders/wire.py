"""Orders on the wire: what a buyer sends and gets. One form for fresh, replayed and queried orders."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from commissary.base.form import form
from commissary.base.http import Problem
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.orders.types import LineState, OrderState, Settled, SheetState

ClientNo = Annotated[str, form(r"[\x21-\x7e]+", least=1, most=64)]
Quantity = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Fields = dict[Annotated[str, msgspec.Meta(max_length=64)], Annotated[str, msgspec.Meta(max_length=500)]]


class LineIn(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    sku_id: Id
    quantity: Quantity = 1
    max_unit_price: Money | None = None
    fields: Fields | None = None


class EndUser(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Facts about the person the goods are for, as far as the buyer knows them. Risk looks at them."""

    ip: Annotated[str, msgspec.Meta(max_length=45)] | None = None
    device_id: Annotated[str, msgspec.Meta(max_length=128)] | None = None


class OrderIn(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Either `lines`, or the short form of one line at the top."""

    client_order_no: ClientNo
    lines: Annotated[tuple[LineIn, ...], msgspec.Meta(min_length=1, max_length=100)] | None = None
    sku_id: Id | None = None
    quantity: Quantity | None = None
    max_unit_price: Money | None = None
    fields: Fields | None = None
    quote_id: Id | None = None
    wait_ms: Annotated[int, msgspec.Meta(ge=0, le=20_000)] | None = None
    end_user: EndUser | None = None
    callback_url: Annotated[str, msgspec.Meta(max_length=500)] | None = None


class BatchIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    orders: Annotated[tuple[OrderIn, ...], msgspec.Meta(min_length=1, max_length=1000)]


class CodeOut(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`secret` is the password, the link or the voucher's text; `number` is there when the code has one."""

    secret: str
    number: str | None = None


class FixOut(msgspec.Struct, frozen=True, gc=False):
    """What is asked of the buyer: `field` is wrong; corrected `until` then, the line goes on, else it fails."""

    field: str
    until: datetime


class LineOut(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`codes`: one for each piece delivered; a shared code stands there once, whatever the quantity."""

    line_no: int
    sku_id: str
    quantity: int
    delivered: int
    unit_price: Money
    amount: Money
    status: LineState
    returned: Money | None = None
    bundle_id: str | None = None
    reason: str | None = None
    release_at: datetime | None = None
    target: str | None = None
    receipts: list[str] | None = None
    codes: list[CodeOut] | None = None
    fix: FixOut | None = None


class OrderOut(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`order_no` is for people and carries the home; `id` is for programs. `livemode` false: placed in the sandbox, nothing of it
    is real; it is left out of a real one."""

    id: str
    order_no: str
    client_order_no: str
    status: OrderState
    total: Money
    lines: list[LineOut]
    decision_id: str
    created_at: datetime
    reason: str | None = None
    livemode: bool = True


class BatchResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the two."""

    client_order_no: str
    order: OrderOut | None = None
    error: Problem | None = None


class BatchOut(msgspec.Struct, frozen=True):
    results: list[BatchResult]


class OrderList(msgspec.Struct, frozen=True):
    items: list[OrderOut]
    next: str | None


class SnapshotLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """The SKU and its price as they were when the line was sold; editing or deleting either changes nothing here.
    `price_source`, for the mall's staff: where the price came from, as `why` explains it."""

    line_no: int
    sku_id: str
    version: int
    quantity: int
    unit_price: Money
    amount: Money
    sku: dict[str, Any]
    bundle_id: str | None = None
    price_source: str | None = None


class SnapshotOut(msgspec.Struct, frozen=True):
    order_id: str
    order_no: str
    lines: list[SnapshotLine]


class SheetFaultOut(msgspec.Struct, frozen=True):
    """`row` counts as a spreadsheet does: the header is row 1."""

    row: int
    code: str
    message_en: str
    message_zh: str
    detail: str


class CheckOut(msgspec.Struct, frozen=True):
    """A dry run: nothing was stored. At most 1,000 faults are listed; `faulty` counts them all."""

    lines: int
    faulty: int
    faults: list[SheetFaultOut]


class SheetOut(msgspec.Struct, frozen=True):
    """`done` = `accepted` + `refused`; the result file says what became of each line."""

    id: str
    file_name: str
    status: SheetState
    lines: int
    done: int
    accepted: int
    refused: int
    created_at: datetime
    ended_at: datetime | None


class SheetList(msgspec.Struct, frozen=True):
    items: list[SheetOut]
    next: str | None


class BuyerSheetOut(SheetOut, frozen=True):
    """As the mall's staff see it: with whose it is."""

    buyer_id: str


class BuyerSheetList(msgspec.Struct, frozen=True):
    items: list[BuyerSheetOut]
    next: str | None


class CancelIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class LineSettled(msgspec.Struct, frozen=True):
    """What an act made of a line."""

    order_id: str
    line_no: int
    before: LineState
    status: LineState
    delivered: int
    returned_e4: int
    reason: str


def line_settled(settled: Settled) -> LineSettled:
    return LineSettled(
        str(settled.order_id),
        settled.line_no,
        settled.before,
        settled.after,
        settled.delivered,
        settled.returned_e4,
        settled.reason,
    )


class AccountCheckIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As in an order's line."""

    sku_id: Id
    fields: Fields


class AccountCheckOut(msgspec.Struct, frozen=True):
    """`reason` is the code of the refusal that an order would get."""

    ok: bool
    reason: str | None = None
    title: str | None = None
    title_zh: str | None = None
