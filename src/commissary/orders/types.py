"""Orders as data: what is asked, what is decided, the states and who may follow whom."""

from datetime import datetime
from typing import Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.provenance.types import CustodyEvent
from commissary.risk.types import Facts, Verdict
from commissary.stock.types import Code, Range
from commissary.supply.types import WRONG_ACCOUNT
from commissary.tenancy.types import ApiKey, Watermark

LineState = Literal[
    "review", "scheduled", "waiting", "working", "delivered", "partial", "failed", "cancelled", "reversed"
]
OrderState = Literal[
    "review", "scheduled", "processing", "delivered", "partially_delivered", "failed", "cancelled", "reversed"
]
Mode = Literal["stock", "manual", "supply"]

# Who may follow whom. `review`: held by risk. `scheduled`: a pre-order before its release. `waiting`: for a person or a
# supplier. `working`: somebody took it. The rest are ends, but `delivered` and `partial` may still be reversed.
LINE_TRANSITIONS: dict[LineState, frozenset[LineState]] = {
    "review": frozenset({"scheduled", "waiting", "delivered", "cancelled", "failed"}),
    "scheduled": frozenset({"waiting", "delivered", "partial", "cancelled", "failed"}),
    "waiting": frozenset({"working", "delivered", "partial", "failed", "cancelled"}),
    "working": frozenset({"waiting", "delivered", "partial", "failed", "cancelled"}),
    "delivered": frozenset({"reversed"}),
    "partial": frozenset({"reversed"}),
    "failed": frozenset(),
    "cancelled": frozenset(),
    "reversed": frozenset(),
}
OPEN_LINES: frozenset[LineState] = frozenset({"review", "scheduled", "waiting", "working"})


class WantedLine(msgspec.Struct, frozen=True, gc=False):
    """A line as asked and checked for form. `fields` are the cleaned top-up fields, sealed before they travel."""

    sku_id: int
    quantity: int
    max_unit_price_e4: int | None = None
    fields: dict[str, str] | None = None
    sealed_fields: bytes | None = None
    target: bytes | None = None
    target_last: str | None = None


class Wanted(msgspec.Struct, gc=False):
    """An order as asked. `key` and `body` are 16-byte hashes: of buyer and client order number, and of the content."""

    buyer: ApiKey
    client_order_no: str
    lines: tuple[WantedLine, ...]
    key: bytes
    body: bytes
    verdict: Verdict
    decision_id: int
    nonce: bytes | None = None
    signed_at: int = 0
    quote_id: int | None = None
    ip: str | None = None
    device_id: str | None = None
    callback_url: str | None = None
    channel: str = "api"
    request_id: str = ""
    facts: Facts | None = None
    nonce_ours: bool = False  # spent by this very request, in a transaction whose end may be unknown


class PlacedLine(msgspec.Struct, gc=False):
    """A line as it will be written. Bundles are written as their parts."""

    line_no: int
    sku_id: int
    sku_version: int
    bundle_id: int | None
    quantity: int
    unit_price_e4: int
    amount_e4: int
    cost_e4: int
    price_source: str
    tax_category: str
    fund_mode: str
    mode: Mode
    state: LineState
    release_at: datetime | None
    ranges: tuple[Range, ...]
    asked: WantedLine
    offered_e4: int | None = None  # what a piece costs at a supplier, of a line that is bought there
    hold_id: int | None = None


class Accepted(msgspec.Struct, gc=False):
    """An order that will be written; after commit it is a fact."""

    id: int
    wanted: Wanted
    lines: list[PlacedLine]
    amount_e4: int
    paid_e4: int
    state: OrderState
    transfer_id: int | None
    leaves: list[CustodyEvent]


class Declined(msgspec.Struct, frozen=True, gc=False):
    """A refusal, with what it is about (`lines[1].quantity`) and facts for programs."""

    refusal: Refusal
    path: str = ""
    facts: dict[str, str | int] = {}


class Known(msgspec.Struct, frozen=True):
    """The same key and body came before: the order as it is now is the answer."""

    order_id: int


Outcome = Accepted | Declined | Known


# What may become of a line after it was placed. `settle` carries out any number of these at once.


class Deliver(msgspec.Struct, frozen=True):
    """By hand: `quantity` pieces as codes or with a receipt. Fewer than ordered is the end of the line: the rest is free again."""

    order_id: int
    line_no: int
    quantity: int
    codes: tuple[Code, ...] = ()
    receipt: str = ""
    cost_e4: int | None = None


class Release(msgspec.Struct, frozen=True):
    """Let it go on: to its date, from stock, or to a person. `even_below_floor` is somebody's approval of a loss."""

    order_id: int
    line_no: int
    even_below_floor: bool = False


class Fail(msgspec.Struct, frozen=True):
    order_id: int
    line_no: int
    reason: str


class Cancel(msgspec.Struct, frozen=True):
    order_id: int
    line_no: int
    reason: str = ""


class Reverse(msgspec.Struct, frozen=True):
    """What was delivered turned out not to be: the money goes back to the buyer."""

    order_id: int
    line_no: int
    reason: str


class Refund(msgspec.Struct, frozen=True):
    """A part of what was paid for what was delivered goes back to the buyer; the line stays as it is."""

    order_id: int
    line_no: int
    amount_e4: int
    reason: str


class Move(msgspec.Struct, frozen=True):
    """Between waiting and working: no money, no goods, nothing to tell the buyer but the state."""

    order_id: int
    line_no: int
    to: Literal["waiting", "working"]


class ToPeople(msgspec.Struct, frozen=True):
    """No supplier can serve it: it waits for a person from now on, who is told why."""

    order_id: int
    line_no: int
    reason: str


class AskBuyer(msgspec.Struct, frozen=True):
    """It cannot go on as it is: its buyer may correct `field` until `until`. The money stays held."""

    order_id: int
    line_no: int
    reason: str
    field: str
    until: datetime


class Correct(msgspec.Struct, frozen=True):
    """The fields as the buyer wants them now, sealed. The line goes on; what it held before is kept."""

    order_id: int
    line_no: int
    sealed_fields: bytes
    target: bytes | None
    target_last: str | None


Change = Deliver | Release | Fail | Cancel | Reverse | Refund | Move | ToPeople | AskBuyer | Correct


class LineNow(msgspec.Struct, frozen=True):
    """A line under the lock of its order."""

    order_id: int
    line_no: int
    sku_id: int
    bundle_id: int | None
    quantity: int
    delivered: int
    amount_e4: int
    returned_e4: int
    cost_e4: int
    unit_price_e4: int
    mode: Mode
    state: LineState
    reason: str
    release_at: datetime | None
    hold_id: int | None

    @property
    def asks_buyer(self) -> bool:
        """Whether it waits for its buyer's correction, and for nobody else. The reason stays when it fails for it."""
        return self.state == "waiting" and self.reason == WRONG_ACCOUNT


class OrderNow(msgspec.Struct, frozen=True):
    """An order under its lock. `events` is the number of the last event about it, `callback` what every event says of
    the order's own."""

    id: int
    buyer_id: int
    account_id: int
    client_order_no: str
    amount_e4: int
    currency: str
    state: OrderState
    reason: str
    quote_id: int | None
    events: int
    callback: dict[str, object]
    lines: tuple[LineNow, ...]


class Settled(msgspec.Struct, frozen=True):
    """What `settle` made of one line. `short` says why goods that were to be delivered were not."""

    order_id: int
    line_no: int
    before: LineState
    after: LineState
    delivered: int
    returned_e4: int
    reason: str = ""

    @property
    def short(self) -> bool:
        return self.after == "waiting" and self.reason != ""


SheetState = Literal["running", "done", "cancelled"]


class Sheet(msgspec.Struct, frozen=True):
    """An order file and how far it is: `done` = `accepted` + `refused`."""

    id: int
    buyer_id: int
    account_id: int
    key_id: str
    file_name: str
    state: SheetState
    lines: int
    done: int
    accepted: int
    refused: int
    created_at: datetime
    ended_at: datetime | None


class RevealedCode(msgspec.Struct, frozen=True):
    """A code in clear, the `seq`th of `of`, and what goes over the page that shows it."""

    number: str | None
    secret: str
    seq: int
    of: int
    seen: Watermark

    def __repr__(self) -> str:
        return "RevealedCode(…)"


class SheetFault(msgspec.Struct, frozen=True):
    """What is wrong with one line of the file. `row_no` counts as a spreadsheet does."""

    row_no: int
    code: str
    detail: str = ""


class OrderRefusal(Refusal):
    """In order of precedence; risk's refusals come between the quote's and the goods'."""

    idempotency_conflict = (
        409,
        "This client_order_no was used for a different order",
        "该 client_order_no 已用于另一笔内容不同的订单",
    )
    quote_not_found = (404, "There is no such quote for this buyer", "报价不存在")
    quote_expired = (409, "The quote has expired; ask for a new one", "报价已过期，请重新询价")
    quote_exceeded = (409, "The quote covers fewer pieces or other goods", "报价数量或商品不足以覆盖该订单")
    sku_unknown = (404, "There is no such SKU here", "商品不存在")
    sku_not_listed = (409, "The SKU is not on sale now", "商品当前未上架")
    quantity_over_limit = (422, "More pieces than one order may have of this SKU", "超过该商品单笔限购数量")
    agent_needs_split_payment = (
        409,
        "Goods sold for a supplier's account cannot be paid from a prepaid wallet",
        "代销商品不可用预存款支付，需走可分账的支付方式",
    )
    not_priced = (409, "There is no price for this buyer", "该客户暂无此商品价格", False, "operator")
    price_above_max = (
        409,
        "The price is above the caller's max_unit_price",
        "现价高于请求中的 max_unit_price",
    )
    below_floor = (
        409,
        "The price is below the floor over cost; nothing was sold",
        "售价低于成本底价，未成交",
        True,
        "operator",
    )
    out_of_stock = (409, "Not enough in stock", "库存不足", True, "operator")
    amount_too_large = (422, "The amount is beyond what one order may have", "订单金额超过上限")
    account_locked = (409, "The account is locked", "账户已锁定", False, "operator")
    insufficient_balance = (409, "Balance and credit do not cover the order", "余额与授信额度不足")
    order_not_found = (404, "There is no such order", "订单不存在")
    not_cancellable = (409, "No line of this order can be cancelled any more", "订单已无法取消")
    wrong_state = (409, "The line is in a state that does not allow this", "当前状态不允许此操作")
    line_not_found = (404, "The order has no such line", "订单中没有该行")
    no_such_code = (404, "The line has no such code", "该行没有这个序号的卡密")
    key_missing = (422, "Send an Idempotency-Key with this call", "该请求必须携带 Idempotency-Key")
    key_reused = (
        409,
        "This Idempotency-Key was used for a different request",
        "该 Idempotency-Key 已用于另一不同的请求",
    )
    wrong_quantity = (422, "More or fewer pieces than this allows", "数量不符")
    sheet_not_found = (404, "There is no such order file", "批量下单文件不存在")
    sheet_columns_missing = (
        422,
        "The file's first line must name the columns client_order_no, sku and quantity",
        "文件首行须包含列名 client_order_no、sku、quantity",
    )
    sheet_too_long = (413, "The file has more lines than one file may have", "文件行数超过上限")
    repeated_in_file = (
        409,
        "This client_order_no stands in an earlier line of the file",
        "该 client_order_no 在文件前面的行中已出现",
    )
    repeated_account = (409, "The account stands in an earlier line", "账号与前面的行重复")
    sheet_ended = (409, "The order file has ended already", "批量下单已结束")
