"""The console's list of orders, and what the orders that match amount to."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter

from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.home import home as home_of
from commissary.base.listing import (
    MOST_VALUES,
    Listed,
    Place,
    Sorted,
    Totals,
    Typed,
    When,
    amount_of,
    listed,
    time_of,
)
from commissary.base.money import Money
from commissary.base.wire import Size, number, said, sized
from commissary.orders.listing import (
    ListedLine,
    ListedOrder,
    OrderQuery,
    cursor_of,
    list_orders,
    order_totals,
)
from commissary.orders.types import LineState, Mode, OrderState
from commissary.orders.view import order_no
from commissary.risk.types import Action
from commissary.tenancy.types import Actor

Amount = Annotated[str | None, QueryParameter(description="`12.50`", max_length=20)]


class OrderRowLine(msgspec.Struct, frozen=True):
    """`sku_code` and names as they are now; the order's snapshot has them as they were."""

    line_no: int
    sku_id: str
    sku_code: str | None
    name_zh: str | None
    name_en: str | None
    quantity: int
    delivered: int
    amount: Money
    mode: Mode
    status: LineState


class OrderRow(msgspec.Struct, frozen=True):
    """An order in a list, without codes."""

    id: str
    order_no: str
    client_order_no: str
    buyer_id: str
    buyer_name: str | None
    status: OrderState
    reason: str
    total: Money
    channel: str
    verdict: Action
    decision_id: str
    lines: list[OrderRowLine]
    created_at: datetime
    updated_at: datetime


def order_query(
    q: Typed = None,
    status: FromQuery[list[OrderState] | None] = None,
    buyer_id: FromQuery[str | None] = None,
    sku_id: FromQuery[str | None] = None,
    supplier_id: FromQuery[str | None] = None,
    channel: Annotated[str | None, QueryParameter(max_length=40)] = None,
    placed_from: When = None,
    placed_to: When = None,
    amount_min: Amount = None,
    amount_max: Amount = None,
    mode: FromQuery[Mode | None] = None,
    verdict: FromQuery[Action | None] = None,
    status_not: FromQuery[list[OrderState] | None] = None,
    buyer_id_not: FromQuery[str | None] = None,
    sku_id_not: FromQuery[str | None] = None,
    supplier_id_not: FromQuery[str | None] = None,
    channel_not: Annotated[str | None, QueryParameter(max_length=40)] = None,
    mode_not: FromQuery[Mode | None] = None,
    verdict_not: FromQuery[Action | None] = None,
) -> OrderQuery:
    """The filters, the same for the list and its totals."""
    for name, several in (("status", status), ("status_not", status_not)):
        if several is not None and len(several) > MOST_VALUES:
            raise invalid(name, f"at most {MOST_VALUES} / 最多 {MOST_VALUES} 个")
    return OrderQuery(
        q=q or "",
        status=tuple(dict.fromkeys(status or ())),
        buyer_id=_id(buyer_id),
        sku_id=_id(sku_id),
        supplier_id=_id(supplier_id),
        channel=channel,
        placed_from=time_of("placed_from", placed_from),
        placed_to=time_of("placed_to", placed_to),
        amount_min_e4=amount_of("amount_min", amount_min),
        amount_max_e4=amount_of("amount_max", amount_max),
        mode=mode,
        verdict=verdict,
        status_not=tuple(dict.fromkeys(status_not or ())),
        buyer_id_not=_id(buyer_id_not),
        sku_id_not=_id(sku_id_not),
        supplier_id_not=_id(supplier_id_not),
        channel_not=channel_not,
        mode_not=mode_not,
        verdict_not=verdict_not,
    )


FILTERED = {"wanted": Provide(order_query, sync_to_thread=False)}


@get(
    "/console/v1/orders",
    operation_id="listOrdersForConsole",
    tags=["Orders"],
    summary="Orders, by any of their filters",
    description=(
        "`q` is the buyer's number, whole, or begins the order's id or order_no. `status` may be given several times. `placed_from` is within, "
        "`placed_to` without; amounts are within. `supplier_id`: something was bought for the order from him. `mode` is how every "
        "line (`stock`) or one of them (`manual`, `supply`) is delivered. `sort` by `created_at` or `amount`; the latest first if nothing is said."
    ),
    opt=said(
        "订单列表（按条件筛选）",
        "`q` 为完整的客户订单号，或订单 ID、订单号的开头。`status` 可重复。`placed_from` 含、`placed_to` 不含；金额区间两端均含。"
        "`supplier_id` 为曾为该订单采购的供应商。`mode` 为 `stock` 时指全部行来自库存，其他值指至少一行。`sort` 可取 `created_at`、`amount`，默认按时间倒序。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def orders_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[OrderQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[OrderRow]:
    sized(size)
    found, expected = await list_orders(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    home = home_of(actor.mall_id)
    return listed(
        found,
        size,
        lambda o: order_row(home, o),
        lambda o: cursor_of(o, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    "/console/v1/orders/totals",
    operation_id="totalOrdersForConsole",
    tags=["Orders"],
    summary="How many orders match, and their amount",
    description="Exact, over the same filters as the list; `sums.total` is what they amount to.",
    opt=said(
        "符合条件的订单数与金额合计",
        "与列表筛选条件相同，返回精确值；`sums.total` 为金额合计。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[OrderQuery]
) -> Totals:
    found = await order_totals(env, actor, wanted)
    return Totals(found.total, {"total": money.of(found.amount_e4, found.currency)})


def _id(text: str | None) -> int | None:
    return number(text) if text else None


def order_row(home: int, order: ListedOrder) -> OrderRow:
    return OrderRow(
        id=str(order.id),
        order_no=order_no(home, order.id),
        client_order_no=order.client_order_no,
        buyer_id=str(order.buyer_id),
        buyer_name=order.buyer_name,
        status=order.state,
        reason=order.reason,
        total=money.of(order.amount_e4, order.currency),
        channel=order.channel,
        verdict=order.verdict,
        decision_id=str(order.decision_id),
        lines=[_line(line, order.currency) for line in order.lines],
        created_at=order.placed_at,
        updated_at=order.updated_at,
    )


def _line(line: ListedLine, currency: str) -> OrderRowLine:
    return OrderRowLine(
        line.line_no,
        str(line.sku_id),
        line.code,
        line.name_zh,
        line.name_en,
        line.quantity,
        line.delivered,
        money.of(line.amount_e4, currency),
        line.mode,
        line.state,
    )


ROUTES = [orders_route, totals_route]
