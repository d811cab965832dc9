"""The filters of lists, as a job is given them: the same names and texts as in the list's own address."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from commissary import catalog, fulfilment, orders, partners, stock, tenancy
from commissary.base.errors import FieldFault, Refused, RequestRefusal
from commissary.base.form import Id
from commissary.base.http import field_of
from commissary.base.listing import amount_of, time_of
from commissary.catalog.types import Kind, Status
from commissary.fulfilment.types import Waits
from commissary.orders.types import Mode, OrderState
from commissary.risk.types import Action
from commissary.stock.types import BatchState, LotState
from commissary.tenancy.types import ActorKind, OrganisationStatus

Given = Mapping[str, str | Sequence[str]]


class _Orders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    status: list[OrderState] = []
    buyer_id: Id | None = None
    sku_id: Id | None = None
    supplier_id: Id | None = None
    channel: str | None = None
    placed_from: str | None = None
    placed_to: str | None = None
    amount_min: str | None = None
    amount_max: str | None = None
    mode: Mode | None = None
    verdict: Action | None = None
    status_not: list[OrderState] = []
    buyer_id_not: Id | None = None
    sku_id_not: Id | None = None
    supplier_id_not: Id | None = None
    channel_not: str | None = None
    mode_not: Mode | None = None
    verdict_not: Action | None = None

    def query(self) -> orders.OrderQuery:
        return orders.OrderQuery(
            q=self.q,
            status=tuple(self.status),
            buyer_id=_id(self.buyer_id),
            sku_id=_id(self.sku_id),
            supplier_id=_id(self.supplier_id),
            channel=self.channel,
            placed_from=time_of("filter.placed_from", self.placed_from),
            placed_to=time_of("filter.placed_to", self.placed_to),
            amount_min_e4=amount_of("filter.amount_min", self.amount_min),
            amount_max_e4=amount_of("filter.amount_max", self.amount_max),
            mode=self.mode,
            verdict=self.verdict,
            status_not=tuple(self.status_not),
            buyer_id_not=_id(self.buyer_id_not),
            sku_id_not=_id(self.sku_id_not),
            supplier_id_not=_id(self.supplier_id_not),
            channel_not=self.channel_not,
            mode_not=self.mode_not,
            verdict_not=self.verdict_not,
        )


class _Skus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    status: list[Status] = []
    kind: list[Kind] = []
    product_id: Id | None = None
    brand_id: Id | None = None
    status_not: list[Status] = []
    kind_not: list[Kind] = []
    product_id_not: Id | None = None
    brand_id_not: Id | None = None

    def query(self) -> catalog.SkuQuery:
        return catalog.SkuQuery(
            q=self.q,
            status=tuple(self.status),
            kind=tuple(self.kind),
            product_id=_id(self.product_id),
            brand_id=_id(self.brand_id),
            status_not=tuple(self.status_not),
            kind_not=tuple(self.kind_not),
            product_id_not=_id(self.product_id_not),
            brand_id_not=_id(self.brand_id_not),
        )


class _Buyers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    status: list[OrganisationStatus] = []
    tier_id: Id | None = None
    status_not: list[OrganisationStatus] = []
    tier_id_not: Id | None = None

    def query(self) -> partners.CompanyQuery:
        return partners.CompanyQuery(
            q=self.q,
            status=tuple(self.status),
            tier_id=_id(self.tier_id),
            status_not=tuple(self.status_not),
            tier_id_not=_id(self.tier_id_not),
        )


class _Batches(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    status: list[BatchState] = []
    lots: list[LotState] = []
    sku_id: Id | None = None
    supplier_id: Id | None = None
    expires_from: str | None = None
    expires_to: str | None = None
    status_not: list[BatchState] = []
    lots_not: list[LotState] = []
    sku_id_not: Id | None = None
    supplier_id_not: Id | None = None

    def query(self) -> stock.BatchQuery:
        return stock.BatchQuery(
            q=self.q,
            status=tuple(self.status),
            lots=tuple(self.lots),
            sku_id=_id(self.sku_id),
            supplier_id=_id(self.supplier_id),
            expires_from=time_of("filter.expires_from", self.expires_from),
            expires_to=time_of("filter.expires_to", self.expires_to),
            status_not=tuple(self.status_not),
            lots_not=tuple(self.lots_not),
            sku_id_not=_id(self.sku_id_not),
            supplier_id_not=_id(self.supplier_id_not),
        )


class _Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    status: list[Waits] = []
    sku_id: Id | None = None
    buyer_id: Id | None = None
    mode: Mode | None = None
    mine: bool = False
    status_not: list[Waits] = []
    sku_id_not: Id | None = None
    buyer_id_not: Id | None = None
    mode_not: Mode | None = None

    def query(self) -> fulfilment.WorkQuery:
        return fulfilment.WorkQuery(
            q=self.q,
            status=tuple(self.status) or ("waiting", "working"),
            sku_id=_id(self.sku_id),
            buyer_id=_id(self.buyer_id),
            mode=self.mode,
            mine=self.mine,
            status_not=tuple(self.status_not),
            sku_id_not=_id(self.sku_id_not),
            buyer_id_not=_id(self.buyer_id_not),
            mode_not=self.mode_not,
        )


class _Audit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    q: str = ""
    subject: str | None = None
    action: list[str] = []
    actor_kind: ActorKind | None = None
    actor_id: str | None = None
    at_from: str | None = None
    at_to: str | None = None
    action_not: list[str] = []
    actor_kind_not: ActorKind | None = None
    actor_id_not: str | None = None

    def query(self) -> tenancy.AuditQuery:
        return tenancy.AuditQuery(
            q=self.q,
            subject=self.subject,
            action=tuple(self.action),
            actor_kind=self.actor_kind,
            actor_id=self.actor_id,
            at_from=time_of("filter.at_from", self.at_from),
            at_to=time_of("filter.at_to", self.at_to),
            action_not=tuple(self.action_not),
            actor_kind_not=self.actor_kind_not,
            actor_id_not=self.actor_id_not,
        )


class _Transfers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one account."""

    account_id: Id

    def query(self) -> int:
        return int(self.account_id)


class _Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of these books; without any, of all."""

    book_id: list[Id] = []

    def query(self) -> list[int]:
        return [int(id_) for id_ in self.book_id]


class _Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    batch_id: list[Id]

    def query(self) -> list[int]:
        return [int(id_) for id_ in self.batch_id]


SHAPES: Mapping[str, type[Any]] = {
    "orders": _Orders,
    "skus": _Skus,
    "buyers": _Buyers,
    "batches": _Batches,
    "work": _Work,
    "audit": _Audit,
    "transfers": _Transfers,
    "prices": _Prices,
    "codes": _Codes,
}


def query_of(list_: str, given: Given) -> Any:
    """The list's own query. Empty texts are none. Refuses `invalid_request`, naming the field."""
    shape = SHAPES[list_]
    several = {f.name for f in msgspec.structs.fields(shape) if getattr(f.type, "__origin__", None) is list}
    told: dict[str, Any] = {}
    for name, value in given.items():
        if value in ("", []):
            continue
        told[name] = [value] if name in several and isinstance(value, str) else value
    try:
        found = msgspec.convert(told, shape, strict=False)
    except msgspec.ValidationError as error:
        fault = field_of(error)
        raise Refused(
            RequestRefusal.invalid_request, fields=[FieldFault(f"filter.{fault.path}", fault.message)]
        ) from None
    query: Callable[[], Any] = found.query
    return query()


def _id(text: str | None) -> int | None:
    return int(text) if text else None
