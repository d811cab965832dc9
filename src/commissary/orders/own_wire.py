"""Orders before the buyer's own people, on the wire."""

from datetime import datetime
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.orders.list_routes import OrderRow, OrderRowLine
from commissary.orders.paste import Looked
from commissary.orders.wire import BatchOut, ClientNo, LineIn, OrderIn, Quantity

Rows = Annotated[list[Annotated[int, msgspec.Meta(ge=1, le=10**7)]], msgspec.Meta(max_length=5_000)]


class MyOrderIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`client_order_no` is the page's key: the same again is the same order, however often it is sent."""

    client_order_no: ClientNo
    lines: Annotated[tuple[LineIn, ...], msgspec.Meta(min_length=1, max_length=100)]
    quote_id: Id | None = None

    def asked(self) -> OrderIn:
        return OrderIn(self.client_order_no, lines=self.lines, quote_id=self.quote_id)


class MyOrdersIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    orders: Annotated[tuple[MyOrderIn, ...], msgspec.Meta(min_length=1, max_length=1000)]


class MyOrdersOut(BatchOut, frozen=True):
    """A result per order, in the order of the question."""


class MyOrderRow(msgspec.Struct, frozen=True):
    """An order in a list, without codes."""

    id: str
    order_no: str
    client_order_no: str
    status: str
    reason: str
    total: Money
    channel: str
    lines: list[OrderRowLine]
    created_at: datetime
    updated_at: datetime


class MaskedOut(msgspec.Struct, frozen=True):
    """`position` counts a line's codes from 1; in clear they are had one by one."""

    line_no: int
    position: int
    masked: str
    number: str | None


class MaskedList(msgspec.Struct, frozen=True):
    items: list[MaskedOut]


class RevealIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it is needed for; the audit keeps it."""

    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class PasteIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line an account: the SKU's fields in their order, parted by tab, comma, semicolon or ----; one value more is how
    many pieces. `repeats`: an account may stand there twice."""

    sku_id: Id
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=1_000_000)]
    quantity: Quantity = 1
    repeats: bool = False


class PasteOrderIn(PasteIn, frozen=True, forbid_unknown_fields=True):
    """What was looked at, to be ordered. `leave_out`: rows that shall not be; lines of the wrong form and repeats are left
    out anyway. A line that costs more than `max_unit_price` by then is refused."""

    leave_out: Rows = []
    max_unit_price: Money | None = None


class PasteFault(msgspec.Struct, frozen=True):
    """A pasted line that would be refused, and why. `row` counts the pasted lines from 1."""

    row: int
    code: str
    message_en: str
    message_zh: str
    detail: str


class PasteOut(msgspec.Struct, frozen=True):
    """What ordering these would come to; nothing was stored or counted. `affordable` and `in_stock`: for how many of the
    `good` lines money and stock are enough, from the top. `held`: good lines that risk would hold for a person."""

    lines: int
    good: int
    pieces: int
    unit_price: Money
    total: Money
    available: Money
    affordable: int
    in_stock: int | None
    held: int
    faults: list[PasteFault]


class BuyerPasteOut(msgspec.Struct, frozen=True):
    """What the mall's staff are told of it: what the buyer has in his wallet is another right."""

    lines: int
    good: int
    pieces: int
    unit_price: Money
    total: Money
    affordable: int
    in_stock: int | None
    held: int
    faults: list[PasteFault]


def row_out(row: OrderRow) -> MyOrderRow:
    return MyOrderRow(
        row.id,
        row.order_no,
        row.client_order_no,
        row.status,
        row.reason,
        row.total,
        row.channel,
        row.lines,
        row.created_at,
        row.updated_at,
    )


def paste_out(looked: Looked) -> PasteOut:
    good = looked.good
    return PasteOut(
        lines=len(looked.lines),
        good=len(good),
        pieces=sum(line.quantity for line in good),
        unit_price=money.of(looked.unit_price_e4, looked.currency),
        total=money.of(looked.total_e4, looked.currency),
        available=money.of(looked.available_e4, looked.currency),
        affordable=looked.affordable,
        in_stock=looked.in_stock,
        held=looked.held,
        faults=[
            PasteFault(line.row, line.code, line.en, line.zh, line.detail)
            for line in looked.lines
            if line.code
        ],
    )


def buyer_paste_out(told: PasteOut) -> BuyerPasteOut:
    return BuyerPasteOut(*(getattr(told, name) for name in BuyerPasteOut.__struct_fields__))
