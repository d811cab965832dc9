"""What an audit finds, and what is known of an order."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from commissary.fulfilment.types import LogEntry
from commissary.risk.types import Decision

Status = Literal["clean", "broken", "warning", "not_applicable"]


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One check. `rows` are the first that break it; `title_*` say what they mean, `invariant_*` what should hold."""

    check: str
    invariant: str
    status: Status
    invariant_en: str
    invariant_zh: str
    title_en: str = ""
    title_zh: str = ""
    rows: list[dict[str, Any]] = []
    more: bool = False
    seconds: float = 0.0


# The invariants of a mall, by number: what must always hold, in both languages.
INVARIANTS: dict[str, tuple[str, str]] = {
    "I1": ("Every movement of money sums to zero per currency", "每个币种的资金变动合计为零"),
    "I2": ("No balance falls below its credit", "任何余额不低于授信下限"),
    "I3": ("A code belongs to at most one active line", "一个卡密至多属于一个有效订单行"),
    "I4": ("Every acknowledged order exists, whole", "每个已确认的订单都完整存在"),
    "I5": ("A line is bought from suppliers at most once", "每个订单行至多向供应商采购一次"),
    "I6": ("Each callback is applied at most once", "每个回调至多处理一次"),
    "I7": ("Refunds never exceed what was paid", "退款总额不超过已付总额"),
    "I8": (
        "Received codes are in stock, sold, or set aside: once each",
        "入库卡密在库、已售或另置，且仅计一次",
    ),
    "I9": (
        "Every custody event has its leaf, and one place in the log",
        "每个流转事件都有对应存证，并在日志中仅有一处",
    ),
    "I10": ("The same order number gives the same order", "相同的客户订单号得到同一订单"),
    "V": ("The auditor sees every mall", "审计能看到所有商城的数据"),
    "O": ("Every domain keeps its own promises", "各领域自身的承诺成立"),
    "W": ("The house is in order", "日常维护正常"),
}


# A case file ------------------------------------------------------------------------------------------------------


class CaseOrder(msgspec.Struct, frozen=True):
    id: int
    buyer_id: int
    buyer_name: str
    account_id: int
    key_id: str
    client_order_no: str
    amount_e4: int
    currency: str
    state: str
    reason: str
    verdict: str
    decision_id: int
    quote_id: int | None
    placed_at: datetime
    request_id: str | None


class CaseLine(msgspec.Struct, frozen=True):
    line_no: int
    sku_id: int
    quantity: int
    delivered: int
    amount_e4: int
    returned_e4: int
    mode: str
    state: str
    reason: str
    hold_id: int | None


class CaseTransfer(msgspec.Struct, frozen=True):
    """Seen from the buyer's account: negative when it gave."""

    id: int
    kind: str
    amount_e4: int
    at: datetime


class CaseHold(msgspec.Struct, frozen=True):
    id: int
    amount_e4: int
    captured_e4: int
    released_e4: int
    at: datetime


class CaseLeaf(msgspec.Struct, frozen=True):
    """A custody event; `leaf` in hex."""

    n: int
    kind: str
    at: datetime
    leaf: str


class CaseDelivery(msgspec.Struct, frozen=True):
    """A webhook about the order; `event_id` is its `webhook-id`."""

    id: int
    event_id: str
    event: str
    n: int
    state: str
    attempts: int
    created_at: datetime
    ended_at: datetime | None


class CaseAct(msgspec.Struct, frozen=True):
    """What somebody did to the order."""

    at: datetime
    actor_kind: str
    actor: str
    action: str


class Case(msgspec.Struct, frozen=True):
    """None: not for the eyes of who asked."""

    order: CaseOrder
    lines: list[CaseLine]
    decisions: list[Decision] | None
    transfers: list[CaseTransfer] | None
    holds: list[CaseHold] | None
    custody: list[CaseLeaf] | None
    deliveries: list[CaseDelivery] | None
    work: list[LogEntry]
    acts: list[CaseAct] | None


# Search -----------------------------------------------------------------------------------------------------------

HitKind = Literal["order", "sku", "buyer", "supplier", "code"]


class Hit(msgspec.Struct, frozen=True):
    """`title` and `detail` for people; `id` is what the thing's own operations take. For a code, `id` is its batch, or the
    purchase that it was bought by for one line, and `seq` its place there."""

    kind: HitKind
    id: str
    title: str
    detail: str = ""
    status: str | None = None
    seq: int | None = None


# Custody of one code ------------------------------------------------------------------------------------------------

CustodyNow = Literal[
    "available",
    "delivered",
    "reversed",
    "receiving",
    "frozen",
    "void",
    "expired",
    "returned",
    "recalled",
    "shredded",
    "unknown",
]
CustodyGap = Literal["no_receipt", "sold_to_nobody", "sale_not_told", "code_not_told", "place_taken_twice"]


# Calls of programs --------------------------------------------------------------------------------------------------


class CallQuery(msgspec.Struct, frozen=True):
    """None and empty: any. `q`: a request id, or the caller's own key of idempotency. `refused`: a status of 400 and more. `path`: its
    beginning."""

    q: str = ""
    method: str | None = None
    route: str | None = None
    code: str | None = None
    key_id: str | None = None
    ip: str | None = None
    refused: bool | None = None
    status: int | None = None
    path: str | None = None
    organisation_id: int | None = None
    at_from: datetime | None = None
    at_to: datetime | None = None


class Called(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    organisation_id: int
    key_id: str
    method: str
    route: str
    path: str
    status: int
    code: str
    ip: str
    idempotency_key: str
    elapsed_us: int
    request_id: str


class CalledFully(msgspec.Struct, frozen=True):
    """`refusal`: the answer, if it refused; `request`: what was asked then, without anybody's data."""

    home_id: int
    id: int
    at: datetime
    organisation_id: int
    key_id: str
    method: str
    route: str
    path: str
    status: int
    code: str
    ip: str
    idempotency_key: str
    elapsed_us: int
    request_id: str
    refusal: str | None
    request: str | None


class CallGroup(msgspec.Struct, frozen=True):
    """Calls of one route with one outcome; `slots` as `insight.rules` has them."""

    route: str
    status: int
    code: str
    slots: list[int]

    @property
    def calls(self) -> int:
        return sum(self.slots)


KeyState = Literal["active", "expired", "revoked"]
InboxKind = Literal["approval", "price_proposal", "restock", "paper", "purchase"]


class InboxItem(msgspec.Struct, frozen=True):
    """`subject` such as `sku:8001`. `act`, `due_at` and `seal` of an approval."""

    kind: InboxKind
    id: int
    subject: str
    title_zh: str | None
    title_en: str | None
    amount_e4: int | None
    currency: str | None
    at: datetime
    act: str | None = None
    due_at: datetime | None = None
    seal: str | None = None


# What an id in a list may be of.
Thing = Literal["person", "sku", "product", "buyer", "supplier", "connection"]

# In the order in which a new mall takes them.
FirstStep = Literal["brand", "goods", "source", "price", "listed", "buyer", "key", "order"]
