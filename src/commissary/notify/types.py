"""What notify speaks of: events, endpoints, deliveries, attempts, and how each may change."""

from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Annotated, Literal

import msgspec

from commissary.base.errors import Refusal
from commissary.base.form import Id, form
from commissary.base.money import Money


class Event(Enum):
    """What a receiver may hear of: (name on the wire, English, 中文). Names are for ever; add, never rename."""

    order_accepted = (
        "order.accepted",
        "The order was accepted and the money reserved",
        "订单已受理，款项已占用",
    )
    order_held = ("order.held", "The order is held for review", "订单已暂挂，等待审核")
    order_released = (
        "order.released",
        "The held order was released and continues",
        "暂挂订单已放行，继续处理",
    )
    order_fix_requested = (
        "order.fix_requested",
        "A field of the order must be corrected before it can continue",
        "订单信息有误，需更正后继续",
    )
    order_partially_delivered = (
        "order.partially_delivered",
        "Part of the order was delivered",
        "订单部分交付",
    )
    order_delivered = ("order.delivered", "The whole order was delivered", "订单已全部交付")
    order_cancelled = ("order.cancelled", "The order was cancelled", "订单已取消")
    order_failed = ("order.failed", "The order failed and the money was returned", "订单失败，款项已退回")
    order_reversed = (
        "order.reversed",
        "A delivered order was reversed afterwards and the money returned",
        "已交付订单事后冲正，款项已退回",
    )
    order_refunded = ("order.refunded", "Money of the order was refunded", "订单已退款")
    order_replaced = ("order.replaced", "Delivered goods of the order were replaced", "订单商品已换补")
    order_recalled = (
        "order.recalled",
        "Codes of the order belong to a batch that was recalled: stop using and selling them on",
        "订单中的卡密所属批次已被召回，请停止使用与转售",
    )
    balance_low = ("balance.low", "The balance fell below the threshold you set", "余额低于您设置的提醒线")
    price_changed = (
        "price.changed",
        "Prices of yours moved by the threshold of your subscription or more",
        "您的价格变动达到订阅阈值",
    )
    sku_available = ("sku.available", "Goods of your subscription can be bought", "订阅的商品可采购")
    sku_unavailable = (
        "sku.unavailable",
        "Goods of your subscription cannot be bought now",
        "订阅的商品暂不可采购",
    )
    statement_ready = ("statement.ready", "A statement is ready", "账单已生成")
    supplier_paper_expiring = (
        "supplier.paper_expiring",
        "A paper of a supplier ends soon",
        "供应商材料即将到期",
    )
    supplier_lapsed = (
        "supplier.lapsed",
        "A supplier, or a brand of it, may not be bought from any more",
        "供应商（或其某品牌）已失去供货资质",
    )
    supplier_quarantined = ("supplier.quarantined", "A supplier was put into quarantine", "供应商已被隔离")
    supplier_paused = (
        "supplier.paused",
        "Purchases at a supplier's connection failed too often: it is paused until it answers again",
        "供应商连接失败率过高，已自动暂停，恢复应答后自动启用",
    )
    supplier_resumed = (
        "supplier.resumed",
        "A paused connection answers again and is bought from",
        "已暂停的供应商连接恢复应答，重新启用",
    )
    supplier_balance_low = (
        "supplier.balance_low",
        "Our balance with a supplier fell below the threshold of its connection",
        "在供应商处的预存余额低于该连接的提醒线",
    )
    supplier_statement_missing = (
        "supplier.statement_missing",
        "The statement of a day is still missing, hours after it was expected",
        "某日供应商对账单逾时未到",
    )
    supplier_requested = (
        "supplier.requested",
        "Something that you declared is asked of you",
        "有新的待供货请求",
    )
    reveals_locked = (
        "reveals.locked",
        "Somebody looked at too many secrets in a minute, and can look at none for a while",
        "有人员一分钟内查看明文次数过多，已被暂时锁定",
    )
    stock_low = (
        "stock.low",
        "The codes of a SKU ran down to its alarm line",
        "商品规格的库存已低于预警线",
    )
    sku_delisted = ("sku.delisted", "A SKU was taken off sale by a rule", "商品规格已被规则下架")
    endpoint_paused = (
        "endpoint.paused",
        "An endpoint of yours did not answer for long: it is paused, and tried now and then",
        "您的推送地址长时间无应答，已暂停并定期重试",
    )
    endpoint_resumed = (
        "endpoint.resumed",
        "A paused endpoint of yours answers again",
        "已暂停的推送地址恢复应答",
    )
    endpoint_disabled = (
        "endpoint.disabled",
        "An endpoint of yours is gone: nothing is sent there any more",
        "您的推送地址已失效，不再推送",
    )
    endpoint_test = ("endpoint.test", "A test that you asked for", "您发起的测试消息")

    def __init__(self, wire: str, en: str, zh: str) -> None:
        self.wire = wire
        self.en = en
        self.zh = zh


BY_WIRE: dict[str, Event] = {event.wire: event for event in Event}

Word = Annotated[str, form("[a-z][a-z_]{0,39}")]
ClientNo = Annotated[str, msgspec.Meta(max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=0)]

# A body says what happened and where to ask; it never carries a code, a phone number or free text (the order number that
# the buyer chose is the only exception). These shapes have no place for one. Whoever wants the codes asks the API, which
# authenticates and keeps an audit trail.


LINES_MAX = 150


class LineNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sku_id: Id
    quantity: Count
    delivered: Count
    status: Word


class OrderNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`sequence` grows within an order: a receiver that sees a smaller one than it knows has an older story. `lines` are
    left out when there are more than `LINES_MAX`, so that a body stays below 20 kB; the API has them all."""

    order_id: Id
    client_order_no: ClientNo
    sequence: Count
    status: Word
    lines: tuple[LineNews, ...] = ()
    reason: Word | None = None  # a stable code of the catalogue of refusals


class BalanceNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The buyer hears it of himself, the mall of each of its buyers."""

    account_id: Id
    buyer_id: Id
    available: Money
    threshold: Money


class RungNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    minimum: Count
    unit_price: Money


class PriceMove(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A receiver's own price of a SKU. `old_unit_price` is the one that he was told last, of one piece like `unit_price`;
    `change_bp` the greatest move of any quantity, in basis points; both are absent where there was no price."""

    sku_id: Id
    unit_price: Money
    prices: tuple[RungNews, ...]
    valid_from: datetime
    old_unit_price: Money | None = None
    change_bp: int | None = None


class PriceNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sequence` grows by one with every message of a subscription, of whatever kind; they are sent in its order."""

    subscription_id: Id
    sequence: Count
    changes: tuple[PriceMove, ...]


class Offering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At the receiver's own price."""

    sku_id: Id
    unit_price: Money
    prices: tuple[RungNews, ...]
    valid_from: datetime


class AvailableNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbered with `price.changed`."""

    subscription_id: Id
    sequence: Count
    changes: tuple[Offering, ...]


class Missing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: delisted, not_priced, out_of_stock or below_floor."""

    sku_id: Id
    reason: Word


class UnavailableNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbered with `price.changed`."""

    subscription_id: Id
    sequence: Count
    changes: tuple[Missing, ...]


class StatementNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    statement_id: Id


class PaperNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone. `days` are left until the last good day."""

    paper_id: Id
    supplier_id: Id
    kind: Word
    days: Count
    valid_to: date


class SupplierNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """To the mall alone; without `brand_id` it is about the whole supplier."""

    supplier_id: Id
    reason: Word
    brand_id: Id | None = None


class ConnectionNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone."""

    connection_id: Id
    supplier_id: Id


class SupplierBalanceNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone."""

    connection_id: Id
    supplier_id: Id
    balance: Money
    threshold: Money


class SupplierStatementNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone."""

    connection_id: Id
    day: Annotated[str, form("[0-9]{4}-[0-9]{2}-[0-9]{2}")]


class RequestedNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the supplier himself. What a top-up is for is shown to whoever takes it in hand."""

    purchase_id: Id
    sku_id: Id
    good_id: Annotated[str, msgspec.Meta(max_length=120)]
    quantity: Count
    unit_cost: Money
    provide_before: datetime


class SkuNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone."""

    sku_id: Id
    reason: Word


class StockNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone. `available`: codes for sale, at or below `threshold`."""

    sku_id: Id
    available: Count
    threshold: Count


class RevealsNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To the mall alone."""

    person_id: Id
    until: datetime


class EndpointNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To its owner: what became of an endpoint by itself. `cause`: `not_answering`, `gone`; empty when it is well again."""

    endpoint_id: Id
    cause: Literal["", "gone", "not_answering"]


class TestNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    __test__ = False  # for pytest: this is no test

    endpoint_id: Id


News = (
    OrderNews
    | BalanceNews
    | PriceNews
    | AvailableNews
    | UnavailableNews
    | StatementNews
    | PaperNews
    | SupplierNews
    | SupplierBalanceNews
    | RequestedNews
    | RevealsNews
    | SkuNews
    | StockNews
    | EndpointNews
    | TestNews
)

NEWS: dict[Event, type[msgspec.Struct]] = {
    Event.order_accepted: OrderNews,
    Event.order_held: OrderNews,
    Event.order_released: OrderNews,
    Event.order_fix_requested: OrderNews,
    Event.order_partially_delivered: OrderNews,
    Event.order_delivered: OrderNews,
    Event.order_cancelled: OrderNews,
    Event.order_failed: OrderNews,
    Event.order_reversed: OrderNews,
    Event.order_refunded: OrderNews,
    Event.order_replaced: OrderNews,
    Event.order_recalled: OrderNews,
    Event.balance_low: BalanceNews,
    Event.price_changed: PriceNews,
    Event.sku_available: AvailableNews,
    Event.sku_unavailable: UnavailableNews,
    Event.statement_ready: StatementNews,
    Event.supplier_paper_expiring: PaperNews,
    Event.supplier_lapsed: SupplierNews,
    Event.supplier_quarantined: SupplierNews,
    Event.supplier_paused: ConnectionNews,
    Event.supplier_resumed: ConnectionNews,
    Event.supplier_balance_low: SupplierBalanceNews,
    Event.supplier_statement_missing: SupplierStatementNews,
    Event.supplier_requested: RequestedNews,
    Event.reveals_locked: RevealsNews,
    Event.sku_delisted: SkuNews,
    Event.stock_low: StockNews,
    Event.endpoint_paused: EndpointNews,
    Event.endpoint_resumed: EndpointNews,
    Event.endpoint_disabled: EndpointNews,
    Event.endpoint_test: TestNews,
}


class EndpointState(StrEnum):
    active = "active"
    paused = "paused"  # by us after long failure: probed now and then, resumes by itself
    disabled = "disabled"  # by its owner, by its answer 410, or after a long pause: silent until enabled


ENDPOINT_MOVES: dict[EndpointState, frozenset[EndpointState]] = {
    EndpointState.active: frozenset({EndpointState.paused, EndpointState.disabled}),
    EndpointState.paused: frozenset({EndpointState.active, EndpointState.disabled}),
    EndpointState.disabled: frozenset({EndpointState.active}),
}


class DeliveryState(StrEnum):
    waiting = "waiting"  # for its time, or for earlier news of the same subject
    sending = "sending"  # leased by a sender; a lease that ends goes back to waiting
    delivered = "delivered"
    dead = "dead"  # dead letter 死信: tried to the end, or its endpoint fell silent


DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.waiting: frozenset({DeliveryState.sending, DeliveryState.dead}),
    DeliveryState.sending: frozenset({DeliveryState.delivered, DeliveryState.waiting, DeliveryState.dead}),
    DeliveryState.delivered: frozenset({DeliveryState.waiting}),  # replay, with the same webhook-id
    DeliveryState.dead: frozenset({DeliveryState.waiting}),  # replay
}


class SigningSecret(msgspec.Struct, frozen=True):
    """`sealed` is the encrypted `whsec_…`; it is shown once, when made. `ends_at` is set when a newer one replaces it."""

    sealed: bytes
    made_at: datetime
    ends_at: datetime | None = None


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One URL of one buyer. `events` empty means all. Health: `failing_since` is None while it answers well."""

    home_id: int
    endpoint_id: int
    buyer_id: int
    url: str
    events: frozenset[Event] = frozenset()
    state: EndpointState = EndpointState.active
    secrets: tuple[SigningSecret, ...] = ()
    failing_since: datetime | None = None
    failures: int = 0  # in a row
    quiet_until: datetime | None = (
        None  # it asked us to slow down, or it is paused and the next probe is then
    )
    paused_at: datetime | None = None
    reason: str = ""  # why it is not active: `not_answering`, `gone`, `by_owner`
    created_at: datetime | None = None
    version: int = 1  # of its address and filter


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one endpoint. `subject` groups what must stay in order ; '' is on its own."""

    home_id: int
    delivery_id: int
    endpoint_id: int
    event_id: str  # the webhook-id
    event: Event
    subject: str
    sequence: int  # within the subject, given at commit
    body: bytes
    due_at: datetime
    url: str | None = None  # the callback of the order itself; None: the endpoint's
    state: DeliveryState = DeliveryState.waiting
    attempts: int = 0  # counted against the schedule; probes of a paused endpoint are not


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: a status, or else `failure`, a code of `base.outgoing.Failure` or `OutgoingRefusal`."""

    status: int | None = None
    failure: str | None = None
    retry_after: str | None = None
    elapsed_ms: int = 0
    head: bytes = b""  # the first bytes of the answer, for the delivery log


class Meaning(StrEnum):
    """What an answer means to us."""

    delivered = "delivered"
    gone = "gone"  # 410: the receiver wants no more
    slow_down = "slow_down"  # 429, 503: the whole endpoint rests
    retry = "retry"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the delivery log."""

    home_id: int
    delivery_id: int
    at: datetime
    answer: Answer
    meaning: Meaning


class NotifyRefusal(Refusal):
    """In order of precedence. A refused URL carries `base.outgoing.OutgoingRefusal` instead."""

    endpoint_not_found = (404, "There is no such webhook endpoint", "未找到该回调地址")
    delivery_not_found = (404, "There is no such delivery", "未找到该推送记录")
    event_unknown = (422, "There is no such event", "没有这种事件")
    secret_malformed = (
        422,
        "A signing secret is whsec_ followed by base64 of 24 to 64 bytes",
        "签名密钥须为 whsec_ 加 24 至 64 字节的 base64",
    )
    too_many_endpoints = (409, "You have as many endpoints as are allowed", "回调地址数量已达上限")
    too_many_secrets = (
        409,
        "Two secrets are live already; wait until the older one ends",
        "已有两个有效密钥，请等待旧密钥失效",
    )
    endpoint_disabled = (409, "The endpoint is disabled; enable it first", "回调地址已停用，请先启用")
    delivery_in_flight = (409, "The delivery is still on its way", "该消息仍在推送中")
