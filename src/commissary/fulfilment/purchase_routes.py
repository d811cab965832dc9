"""Purchases from suppliers in the console: what was tried for an order, what waits for a person, the decision."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from commissary import supply, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, listed
from commissary.base.money import Money
from commissary.base.wire import Size, number, said, sized
from commissary.fulfilment.buy import Buying
from commissary.fulfilment.purchases import Record, decide, records_of
from commissary.fulfilment.wire import WeighedOut, weighed_out
from commissary.ledger.rules import rate_text
from commissary.orders.types import OrderRefusal
from commissary.stock.types import Code
from commissary.supply.types import Attempt, AttemptState, SupplyRefusal
from commissary.tenancy.types import Actor


class PurchaseOut(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the reference that the supplier has. `people_since`: since when it waits for a person.
    Money is in the supplier's currency; `rate`: what that was worth in the mall's when he was chosen, by which the line's
    cost is kept."""

    id: str
    order_id: str
    line_no: int
    n: int
    sku_id: str
    offer_id: str
    connection_id: str
    supplier_id: str
    good_id: str
    quantity: int
    most_unit: Money
    status: AttemptState
    reason: str
    said: str
    supplier_ref: str
    cost: Money | None
    rate: str | None
    asked: int
    next_at: datetime | None
    people_since: datetime | None
    called_at: datetime
    ended_at: datetime | None


class PurchaseOfOrderOut(PurchaseOut, frozen=True, kw_only=True):
    """`weighed`: whom it might have been bought from, and why it was this one; null to who may not read of supply.
    `unread_fields`: names in the supplier's answers that nothing here looks at; they are kept with their values, sealed. '?'
    is one that might be a code, '*' an answer that could not be read at all."""

    weighed: list[WeighedOut] | None
    unread_fields: list[str]


class CodeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    secret: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    number: Annotated[str, msgspec.Meta(max_length=500)] | None = None

    def __repr__(self) -> str:
        return "CodeIn(…)"


class DecideIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of it. Bought: `codes`, or those that came with the answer that did not fit. Not bought: another
    supplier is asked, or the money is free again."""

    bought: bool
    codes: Annotated[list[CodeIn], msgspec.Meta(max_length=1000)] = []
    cost: Money | None = None
    receipt: Annotated[str, msgspec.Meta(max_length=200)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


def purchase_query(
    q: Typed = None,
    connection_id: FromQuery[str | None] = None,
    supplier_id: FromQuery[str | None] = None,
    sku_id: FromQuery[str | None] = None,
    connection_id_not: FromQuery[str | None] = None,
    supplier_id_not: FromQuery[str | None] = None,
    sku_id_not: FromQuery[str | None] = None,
) -> supply.PurchaseQuery:
    """The filters, the same for the list and its totals."""
    return supply.PurchaseQuery(
        q=q or "",
        connection_id=number(connection_id) if connection_id else None,
        supplier_id=number(supplier_id) if supplier_id else None,
        sku_id=number(sku_id) if sku_id else None,
        connection_id_not=number(connection_id_not) if connection_id_not else None,
        supplier_id_not=number(supplier_id_not) if supplier_id_not else None,
        sku_id_not=number(sku_id_not) if sku_id_not else None,
    )


FILTERED = {"wanted": Provide(purchase_query, sync_to_thread=False)}


@get(
    "/console/v1/purchases",
    operation_id="listPurchasesForPeople",
    tags=["Work"],
    summary="Purchases that wait for a person, by any of their filters",
    description="`q` begins the number of the purchase or of its order, or is the supplier's own. Sorted by `people_since` or `called_at`; the longest "
    "waiting first if nothing is said.",
    opt=said(
        "待人工处理的采购（按条件筛选）",
        "`q` 为采购号或订单号开头，或供应商单号；可按 `people_since`、`called_at` 排序，默认等待最久在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def purchases_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[supply.PurchaseQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[PurchaseOut]:
    tenancy.require(actor, "fulfilment.read")
    sized(size)
    found, expected = await supply.look_purchases(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found,
        size,
        purchase_out,
        lambda a: supply.purchase_cursor(a, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    "/console/v1/purchases/totals",
    operation_id="totalPurchasesForPeople",
    tags=["Work"],
    summary="How many purchases wait for a person",
    opt=said("待人工处理的采购数", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def purchase_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[supply.PurchaseQuery]
) -> Totals:
    tenancy.require(actor, "fulfilment.read")
    return Totals(await supply.count_purchases(env, actor, wanted), {})


@get(
    "/console/v1/orders/{order_id:str}/purchases",
    operation_id="listPurchasesOfOrder",
    tags=["Work"],
    summary="What was tried at suppliers for an order, and why there",
    opt=said("订单的采购记录与择优依据", "", RequestRefusal.not_found, OrderRefusal.order_not_found),
)
async def purchases_of_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str]
) -> list[PurchaseOfOrderOut]:
    return [_record_out(record) for record in await records_of(env, actor, number(order_id))]


@post(
    "/console/v1/purchases/{purchase_id:str}/decide",
    operation_id="decidePurchase",
    tags=["Work"],
    summary="Say what became of a purchase",
    opt=said(
        "裁定采购结果",
        "",
        SupplyRefusal.attempt_not_found,
        SupplyRefusal.attempt_ended,
        OrderRefusal.wrong_quantity,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def decide_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buying: NamedDependency[SkipValidation[Buying]],
    purchase_id: FromPath[str],
    data: JSONBody[DecideIn],
) -> PurchaseOut:
    decided = await decide(
        env,
        buying,
        actor,
        number(purchase_id),
        bought=data.bought,
        codes=[Code(c.secret, c.number) for c in data.codes],
        cost=data.cost,
        receipt=data.receipt,
        reason=data.reason,
    )
    return purchase_out(decided)


def _record_out(record: Record) -> PurchaseOfOrderOut:
    plain = msgspec.structs.asdict(purchase_out(record.purchase))
    weighed = record.weighed
    shown = (
        None
        if weighed is None
        else [weighed_out(w, record.currency, record.purchase.offer_id) for w in weighed]
    )
    return PurchaseOfOrderOut(**plain, weighed=shown, unread_fields=record.unread)


def purchase_out(a: Attempt) -> PurchaseOut:
    return PurchaseOut(
        id=a.ref,
        order_id=str(a.order_id),
        line_no=a.line_no,
        n=a.n,
        sku_id=str(a.sku_id),
        offer_id=str(a.offer_id),
        connection_id=str(a.connection_id),
        supplier_id=str(a.supplier_id),
        good_id=a.good_id,
        quantity=a.quantity,
        most_unit=money.of(a.most_unit_e4, a.currency),
        status=a.state,
        reason=a.reason,
        said=a.said,
        supplier_ref=a.supplier_ref,
        cost=None if a.cost_e4 is None else money.of(a.cost_e4, a.currency),
        rate=None if a.rate_e8 is None else rate_text(a.rate_e8),
        asked=a.asked,
        next_at=a.next_at,
        people_since=a.people_at,
        called_at=a.called_at,
        ended_at=a.ended_at,
    )


ROUTES = [purchases_route, purchase_totals_route, purchases_of_route, decide_route]
