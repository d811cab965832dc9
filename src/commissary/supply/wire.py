"""Connections, offers and policies on the wire. A key goes in and is never shown."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.base.wire import Id, Version
from commissary.supply.types import ConnectionState, Exhausted, Good, KeptConnection, Offer, Strategy, Switch

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Address = Annotated[str, msgspec.Meta(min_length=8, max_length=500)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=86_400)]
AtOnce = Annotated[int, msgspec.Meta(ge=1, le=512)]
FieldMap = dict[
    Annotated[str, msgspec.Meta(max_length=64)], Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
]
Stock = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000)]


class ConnectionIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`quiet_s`: how long an order that the supplier does not know may still turn up; without: as the protocol says.
    `at_once`: purchases on their way at the same time. `pull_s`: how often its catalogue and our balance are read. Of the
    protocol `people`: without address, account and key; its `settings` may say `provide_within_s`."""

    supplier_id: Id
    protocol: Annotated[str, msgspec.Meta(max_length=40)]
    name: Name
    base_url: Address | None = None
    account: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    secret: Key | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")] | None = None
    settings: dict[str, Any] = {}
    quiet_s: Seconds | None = None
    at_once: AtOnce = 16
    low_balance: Money | None = None
    pull_s: Annotated[int, msgspec.Meta(ge=10, le=86_400)] = 300

    def __repr__(self) -> str:
        return f"ConnectionIn({self.name})"


class ConnectionEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it as it is to be; without `secret` the key stays. `version`: of the connection that was looked at."""

    version: int
    name: Name
    base_url: Address | None = None
    account: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    secret: Key | None = None
    settings: dict[str, Any] = {}
    quiet_s: Seconds | None = None
    at_once: AtOnce = 16
    low_balance: Money | None = None
    pull_s: Annotated[int, msgspec.Meta(ge=10, le=86_400)] = 300

    def __repr__(self) -> str:
        return f"ConnectionEdit({self.name})"


class SwitchIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: Switch
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ConnectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """`callback_path`: where the supplier's callbacks are to be sent, below the public address."""

    id: str
    supplier_id: str
    protocol: str
    name: str
    base_url: str
    account: str
    currency: str
    settings: dict[str, Any]
    quiet_s: int | None
    at_once: int
    state: ConnectionState
    reason: str
    state_at: datetime
    balance: Money | None
    balance_at: datetime | None
    low_balance: Money | None
    pull_s: int
    callback_path: str
    version: int


class PulledOut(msgspec.Struct, frozen=True):
    """`seen`: articles that the supplier lists; `changed`: offers of ours that are different since."""

    seen: int
    changed: int


class BalanceOut(msgspec.Struct, frozen=True):
    balance: Money


class ProtocolOut(msgspec.Struct, frozen=True, kw_only=True):
    """What may be relied on with suppliers of that protocol. `configured`: by the connection's own `settings`, so nothing
    is known of it before; `example` is a whole one, and `rules` are the signatures that it may name. `people`: they are sent
    nothing, and provide here."""

    name: str
    configured: bool = False
    people: bool = False
    idempotent: bool = False
    queries: bool = False
    cancels: bool = False
    callbacks: bool = False
    pushes: bool = False
    subscribes: bool = False
    price_limit: str | None = None
    kinds: list[str] = []
    quiet_s: int = 600
    rules: list[str] = []
    example: dict[str, Any] | None = None


class GoodOut(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    kind: str
    price: Money
    on_sale: bool
    stock: int | None
    least: int
    most: int | None


class GoodsOut(msgspec.Struct, frozen=True):
    """`next` begins the following page, null on the last."""

    items: list[GoodOut]
    next: str | None


class OfferIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`field_map`: our field → the supplier's, of a top-up. `canary_bp`: the share of orders that goes here first.
    `unit_cost` and `stock`: of people's offers, and of those alone; a program tells its own."""

    connection_id: Id
    good_id: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    sku_id: Id
    weight: BasisPoints = 100
    canary_bp: BasisPoints = 0
    warranty_hours: Annotated[int, msgspec.Meta(ge=0, le=87_600)] = 0
    field_map: FieldMap = {}
    unit_cost: Money | None = None
    stock: Stock | None = None


class OfferEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is not given stays. `accept_held`: take the cost that jumped, or keep the old one. `version`, or If-Match: refused
    when somebody changed the offer since."""

    on: bool | None = None
    weight: BasisPoints | None = None
    canary_bp: BasisPoints | None = None
    accept_held: bool | None = None
    version: Version | None = None


class OfferOut(msgspec.Struct, frozen=True, kw_only=True):
    """`held_cost`: a cost that jumped and waits for a person; the offer is not bought meanwhile."""

    id: str
    connection_id: str
    good_id: str
    good_name: str
    sku_id: str
    kind: str
    unit_cost: Money
    held_cost: Money | None
    stock: int | None
    on_sale: bool
    least: int
    most: int | None
    weight: int
    canary_bp: int
    warranty_hours: int
    field_map: dict[str, str]
    state: str
    seen_at: datetime
    version: int


class PolicyIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tries`: suppliers asked for one line; `exhausted`: then its money is free again, or a person takes over. `version`, or
    If-Match: refused when somebody changed the policy since."""

    strategy: Strategy
    tries: Annotated[int, msgspec.Meta(ge=1, le=10)] = 3
    exhausted: Exhausted = "fail"
    patience_s: Annotated[int, msgspec.Meta(ge=0, le=604_800)] = 600
    version: Version | None = None


def connection_out(c: KeptConnection) -> ConnectionOut:
    return ConnectionOut(
        id=str(c.id),
        supplier_id=str(c.supplier_id),
        protocol=c.protocol,
        name=c.name,
        base_url=c.base_url,
        account=c.account,
        currency=c.currency,
        settings=c.settings,
        quiet_s=c.quiet_s,
        at_once=c.at_once,
        state=c.state,
        reason=c.reason,
        state_at=c.state_at,
        balance=None if c.balance_e4 is None else Money(money.text(c.balance_e4), c.currency),
        balance_at=c.balance_at,
        low_balance=None if c.low_balance_e4 is None else Money(money.text(c.low_balance_e4), c.currency),
        pull_s=c.pull_s,
        callback_path=f"/callbacks/{c.callback_token}",
        version=c.version,
    )


def good_out(g: Good, currency: str) -> GoodOut:
    return GoodOut(
        id=g.id,
        name=g.name,
        kind=g.kind,
        price=Money(money.text(g.price_e4), currency),
        on_sale=g.on_sale,
        stock=g.stock,
        least=g.least,
        most=g.most,
    )


def offer_out(o: Offer) -> OfferOut:
    return OfferOut(
        id=str(o.id),
        connection_id=str(o.connection_id),
        good_id=o.good_id,
        good_name=o.good_name,
        sku_id=str(o.sku_id),
        kind=o.kind,
        unit_cost=Money(money.text(o.unit_cost_e4), o.currency),
        held_cost=None if o.held_cost_e4 is None else Money(money.text(o.held_cost_e4), o.currency),
        stock=o.stock,
        on_sale=o.on_sale,
        least=o.least,
        most=o.most,
        weight=o.weight,
        canary_bp=o.canary_bp,
        warranty_hours=o.warranty_hours,
        field_map=o.field_map,
        state=o.state,
        seen_at=o.seen_at,
        version=o.version,
    )
