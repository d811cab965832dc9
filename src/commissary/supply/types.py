"""What every connector speaks of, whatever its supplier calls it. Money is `_e4` in the connection's currency."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, TypeVar

import msgspec

from commissary.base.errors import Refusal
from commissary.ledger.types import Rate

T = TypeVar("T")
Kind = Literal["code", "topup"]


class Request(msgspec.Struct, frozen=True):
    """To be sent as it is: what was signed are these bytes."""

    method: Literal["GET", "POST", "PUT"]
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


class Response(msgspec.Struct, frozen=True):
    """`headers` by their names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


Conversation = Generator[Request, Response, T]


class Silence(Exception):
    """No answer came. `sent`: the supplier may have got the request. `why`: the code of what was in the way, if one knows."""

    def __init__(self, sent: bool = True, why: str = "") -> None:
        super().__init__(("no answer" if sent else "not sent") + (f": {why}" if why else ""))
        self.sent = sent


class Unreadable(Exception):
    """An answer, but not one of the protocol: a proxy's page, half a body, a code that nobody documented."""


class Fault(Exception):
    """A clear no to a question that buys nothing: wrong key, no such goods. `code` and `said` are the supplier's."""

    def __init__(self, code: str, said: str) -> None:
        super().__init__(f"{code}: {said}")
        self.code, self.said = code, said


class Forged(Exception):
    """A callback that the supplier did not sign."""


@dataclass(frozen=True)
class Connection:
    """Our account with one supplier. `secret` signs; never shown. `settings`: what its protocol wants to be told beside."""

    base_url: str
    account: str
    secret: str = field(repr=False)
    currency: str = "CNY"
    settings: Mapping[str, object] = field(default_factory=dict)


class Facts(msgspec.Struct, frozen=True):
    """What may be relied on. Without `idempotent` and without `queries` a silent purchase is a matter for people.

    `guard`: what a price limit is said of; None: none can be sent, so the price is looked at before. `quiet_s`: how long
    an order that was not found may still turn up. `field`: what a top-up's account is called in every order; '' where
    each article has its own template.

    `tells_money`: its answers say what an order cost and what came back; without, its word alone says that one failed.
    Without `says_missing` a query never tells that there is no such order; without `says_refunds` an order that failed
    has all its money back, by the meaning of the word; without `signs_callbacks` a callback is a reason to ask, no more.
    With `pushes` its callbacks also tell that articles changed; with `subscribes` it can be asked to. `within_s`: it is
    people, who have that long for a purchase, and are sent nothing; None: a program. `passes_over`: names of the
    protocol's own that nothing is needed of; any other that is not looked at is kept as evidence.
    """

    idempotent: bool
    queries: bool
    cancels: bool
    callbacks: bool
    guard: Literal["unit", "total"] | None
    kinds: frozenset[Kind] = frozenset({"code", "topup"})
    field: str = ""
    tells_money: bool = True
    quiet_s: int = 600
    says_missing: bool = True
    says_refunds: bool = True
    signs_callbacks: bool = True
    statements: bool = False  # it lists the orders of a day: the connector is a `Telling`
    pushes: bool = False
    subscribes: bool = False
    within_s: int | None = None
    passes_over: frozenset[str] = frozenset()


class InputField(msgspec.Struct, frozen=True):
    """What a buyer must tell for a top-up. `choices`: nothing else is taken, when there are any."""

    name: str
    label: str
    choices: tuple[str, ...] = ()


class Good(msgspec.Struct, frozen=True):
    """An article as the supplier offers it. `stock` None: not told. `fields` None: to be asked for by `template`."""

    id: str
    name: str
    kind: Kind
    price_e4: int
    on_sale: bool
    stock: int | None = None
    face_value_e4: int | None = None
    least: int = 1
    most: int | None = None
    banned_channels: tuple[str, ...] = ()
    least_resale_e4: int | None = None
    fields: tuple[InputField, ...] | None = None


class Page(msgspec.Struct, frozen=True):
    """`next` begins the following page; '' on the last."""

    goods: tuple[Good, ...]
    next: str


class Purchase(msgspec.Struct, frozen=True):
    """`ref` is ours, kept before anything is sent. `most_unit_e4` is signed into the order: dearer is not bought."""

    ref: str
    good_id: str
    quantity: int
    most_unit_e4: int
    fields: Mapping[str, str] = {}
    callback_url: str = ""


class Outcome(StrEnum):
    """Only `failed` may be bought elsewhere, and only after the supplier's quiet time. `unknown` is asked about again."""

    accepted = "accepted"
    succeeded = "succeeded"
    failed = "failed"
    unknown = "unknown"


class Code(msgspec.Struct, frozen=True):
    """`repr` shows neither."""

    secret: str
    number: str | None = None

    def __repr__(self) -> str:
        return "Code(…)"


WRONG_ACCOUNT = "wrong_account"
"""The `reason` of a failure for which the buyer's input is to blame: another supplier would refuse it too."""

NOT_FOUND = "not_found"
"""The `reason` of a query for an order that the supplier does not have (yet): with it, its quiet time begins."""


class Unread(msgspec.Struct, frozen=True, array_like=True):
    """A field of an answer that nothing here looks at: where it stood, and its value in JSON, cut when it is long. `repr`
    shows neither: either may be a code."""

    name: str
    value: str

    def __repr__(self) -> str:
        return "Unread(…)"


class Result(msgspec.Struct, frozen=True):
    """What an answer says of one purchase. `cost_e4` is the whole order's; `reason` is the supplier's own code. `unread`:
    what it said besides, filled in by who held the conversation, never by a connector."""

    outcome: Outcome
    supplier_ref: str = ""
    cost_e4: int | None = None
    refunded_e4: int = 0
    codes: tuple[Code, ...] = ()
    reason: str = ""
    said: str = ""
    unread: tuple[Unread, ...] = ()


class Notice(msgspec.Struct, frozen=True):
    """A callback whose signature holds. `trusted` is what it may be believed in; what is not signed is asked for."""

    ref: str
    trusted: Result
    ask_again: bool = False


class StatementLine(msgspec.Struct, frozen=True):
    """An order as the supplier lists it afterwards: what it took for it, and what of that came back since. `ref` is ours,
    '' where the order has none. `delivered`: pieces of its `quantity`; None: not told."""

    ref: str
    supplier_ref: str
    good_id: str
    quantity: int
    charged_e4: int
    returned_e4: int
    at_ms: int
    delivered: int | None = None


class StatementPage(msgspec.Struct, frozen=True):
    """`next` begins the following page; '' on the last."""

    lines: tuple[StatementLine, ...]
    next: str


class GoodsNotice(msgspec.Struct, frozen=True):
    """A callback, whose signature holds, that these articles are others now. They are asked about: what a notice says of
    prices is signed by few."""

    good_ids: tuple[str, ...]


class Subscriber(Protocol):
    """A connector whose facts say `subscribes`."""

    def subscribe(self, at_ms: int, url: str) -> Conversation[str]:
        """To be told of every change at that address; what is said there is signed by this secret. Again: anew."""
        ...


class Connector(Protocol):
    """One protocol, spoken over one connection. No sockets, no clock: every conversation is told the time."""

    facts: Facts

    def balance(self, at_ms: int) -> Conversation[int]: ...
    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]: ...
    def good(self, at_ms: int, good_id: str) -> Conversation[Good]: ...
    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]: ...
    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]: ...
    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]: ...
    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]: ...
    def notice(
        self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> Notice | GoodsNotice:
        """Raises Forged, or Unreadable."""
        ...

    heard: bytes
    """What a callback is answered with, so that it is not sent again."""


class Telling(Protocol):
    """A connector whose supplier lists what was bought."""

    def statement(
        self, at_ms: int, start_ms: int, end_ms: int, cursor: str = ""
    ) -> Conversation[StatementPage]:
        """Orders of `start_ms` up to before `end_ms`, by their own time, whatever the supplier's filter lets through."""
        ...


# What we buy by: connections, offers, attempts. The words above are the protocols'; these are the mall's.

ConnectionState = Literal["on", "paused", "off"]
Switch = Literal["on", "off"]
OfferStatus = Literal["on", "held", "off"]
"""`held`: its cost jumped and waits for the mall; nothing is bought by it meanwhile."""
SheetLineStatus = Literal["same", "changed", "held", "faulty"]
ScoreGrade = Literal["A", "B", "C", "D", "new"]
Strategy = Literal["cheapest", "quality", "weighted", "sticky"]
Exhausted = Literal["fail", "people"]
AttemptState = Literal["calling", "accepted", "unknown", "succeeded", "failed", "surplus"]
OPEN_ATTEMPTS: frozenset[AttemptState] = frozenset({"calling", "accepted", "unknown"})

# Who may follow whom. `surplus`: it was bought after all, when the line had gone elsewhere.
ATTEMPT_TRANSITIONS: dict[AttemptState, frozenset[AttemptState]] = {
    "calling": frozenset({"accepted", "unknown", "succeeded", "failed"}),
    "accepted": frozenset({"unknown", "succeeded", "failed"}),
    "unknown": frozenset({"accepted", "succeeded", "failed"}),
    "succeeded": frozenset({"failed"}),
    "failed": frozenset({"surplus"}),
    "surplus": frozenset(),
}


class KeptConnection(msgspec.Struct, frozen=True, kw_only=True):
    """Our account with a supplier, as it is kept. Its secret is not in here. `paused`: by the breaker, which also lifts
    it; `off`: by a person. `quiet_s` None: the protocol's own."""

    id: int
    supplier_id: int
    name: str
    protocol: str
    base_url: str
    account: str
    currency: str
    settings: dict[str, object]
    callback_token: str
    quiet_s: int | None
    at_once: int
    state: ConnectionState
    reason: str
    state_at: datetime
    balance_e4: int | None
    balance_at: datetime | None
    low_balance_e4: int | None
    pull_s: int
    version: int
    created_at: datetime


class Offer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An article of a supplier that serves a SKU. `stock` None: not told. `field_map`: our field → theirs.
    `held_cost_e4`: a new cost that waits for a person, because it jumped; the offer is not bought meanwhile."""

    id: int
    connection_id: int
    good_id: str
    sku_id: int
    good_name: str
    kind: Kind
    unit_cost_e4: int
    currency: str
    stock: int | None
    on_sale: bool
    least: int
    most: int | None
    field_map: dict[str, str]
    weight: int
    canary_bp: int
    warranty_hours: int
    held_cost_e4: int | None
    state: Literal["on", "off"]
    rev: int
    seen_at: datetime
    created_at: datetime
    version: int = 1  # of what people set of it


class Policy(msgspec.Struct, frozen=True):
    """How a SKU is bought. `exhausted`: what becomes of a line that nobody can serve within its patience. `version` 0: nobody
    has set it."""

    strategy: Strategy = "cheapest"
    tries: int = 3
    exhausted: Exhausted = "fail"
    patience_s: int = 600
    version: int = 0


class Weighed(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One offer in a choice: its score (lower is better), or what excluded it. A part of the decision record.
    `unit_cost_e4` in the mall's currency, by `rate_id`; of `no_rate` in the supplier's, and `told` says whether the rate
    is `missing` or `stale`."""

    offer_id: int
    supplier_id: int
    unit_cost_e4: int
    score: int = 0
    excluded: str = ""
    told: str = ""
    rate_id: int | None = None


class Choice(msgspec.Struct, frozen=True):
    """Whom to buy from, and why. No `offer`: nobody. `wait`: what is in the way may pass by itself. `unit_cost_e4`: of a
    piece in the mall's currency, by `rate` where the offer is in another."""

    offer: Offer | None
    why: tuple[Weighed, ...]
    wait: bool = False
    unit_cost_e4: int = 0
    rate: Rate | None = None


class Wish(msgspec.Struct, frozen=True):
    """A line that is to be bought, or goods for the shelf: those have a plan's id and a line below 1. `most_unit_e4`:
    what a piece may cost us at most. `split`: it may be bought in several purchases."""

    order_id: int
    line_no: int
    sku_id: int
    quantity: int
    most_unit_e4: int
    fields: Mapping[str, str] = {}
    split: bool = False


class Attempt(msgspec.Struct, frozen=True):
    """A purchase; `ref`, by which the supplier knows it, is its id. Money is in `currency`, the supplier's; `rate_e8`: what
    it is worth in the mall's, as it was when the supplier was chosen, None in the mall's own."""

    id: int
    order_id: int
    line_no: int
    n: int
    sku_id: int
    offer_id: int
    connection_id: int
    supplier_id: int
    good_id: str
    kind: Kind
    quantity: int
    most_unit_e4: int
    unit_cost_e4: int
    currency: str
    state: AttemptState
    reason: str
    said: str
    supplier_ref: str
    cost_e4: int | None
    refunded_e4: int
    asked: int
    missing_since: datetime | None
    next_at: datetime | None
    people_at: datetime | None
    called_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    rate_id: int | None
    rate_e8: int | None

    @property
    def ref(self) -> str:
        return str(self.id)


Heard = Literal["placing", "asking", "callback", "supplier", "person"]
"""How an answer came. `supplier`: one of his people said it here; `person`: one of ours."""


class Next(msgspec.Struct, frozen=True):
    """What an answer makes of an attempt. `codes` are delivered when it has succeeded, whatever their number."""

    attempt: Attempt
    codes: tuple[Code, ...] = ()


class SupplyRefusal(Refusal):
    protocol_unknown = (422, "There is no such protocol", "不支持该协议")
    connection_not_found = (404, "There is no such connection", "供应商连接不存在")
    connection_name_taken = (409, "A connection of this name exists", "同名连接已存在")
    connection_changed = (409, "Somebody else changed the connection meanwhile", "连接已被他人修改，请刷新")
    supplier_not_found = (404, "There is no such supplier", "供应商不存在")
    offer_not_found = (404, "There is no such offer", "货源不存在")
    kind_mismatch = (
        409,
        "The supplier's article is of another kind than the SKU",
        "供应商商品类型与本商品不符",
    )
    statement_not_told = (
        409,
        "This protocol does not list the orders of a day; import a file",
        "该协议不提供按日订单查询，请导入对账单文件",
    )
    attempt_not_found = (404, "There is no such purchase", "采购记录不存在")
    attempt_ended = (409, "The purchase has ended already", "该采购已完结")
    no_evidence = (
        404,
        "The supplier said nothing beyond its protocol of this purchase",
        "该采购没有协议以外的供应商留存内容",
    )
    supplier_unreachable = (502, "The supplier did not answer", "供应商未应答", True, "platform")
    supplier_said_no = (409, "The supplier refused", "供应商拒绝了请求", False, "operator")
    pull_running = (409, "This connection is being read just now", "该连接正在拉取，请稍候", True)
    cannot_subscribe = (
        409,
        "Nobody can be asked by this protocol to tell of changes; enter the callback address at the supplier",
        "该协议不支持自动订阅，请在供应商处填写回调地址",
    )
    not_people = (
        409,
        "This supplier is a program: it tells its stock itself",
        "该连接为接口对接，库存由接口同步",
    )
    by_people = (
        409,
        "People supply by this connection: there is no program to ask",
        "该连接为人工供货，无接口可测试",
    )
    not_supplied = (409, "You have no offer of this SKU that is on", "您没有该商品的在售货源，不能送仓")
    offers_unreadable = (
        422,
        "The first line must name the column good_id or offer_id, and stock or unit_cost",
        "首行须含货品编号（或货源编号）列，以及库存或成本列",
    )
    provide_too_late = (
        409,
        "The time to provide this is over; nothing was taken from you",
        "已超过供货时限，本次提交未被接收",
    )
    provided_in_check = (
        409,
        "What was provided is being checked by the mall",
        "已提交的内容正由商城核查",
    )
    callback_forged = (401, "The signature does not hold", "签名验证失败")
