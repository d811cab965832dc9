"""A buyer's own people order, and see what they ordered: by the same desk and lane as their company's programs.

The organisation is the session's (`partners.OWN`). Codes are masked here; `own_codes` shows one in clear.
"""

import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, PathParameter, QueryParameter, SkipValidation
from litestar.response import Stream

from commissary import partners, tenancy
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
from commissary.base.table_out import guarded
from commissary.base.wire import Size, number, said, sized
from commissary.orders import own_codes, own_files
from commissary.orders.cancel import cancel_for
from commissary.orders.desk import STAFF, Desk
from commissary.orders.edge import place_many
from commissary.orders.forward import Answered, Forwarder
from commissary.orders.lane import Elsewhere
from commissary.orders.list_routes import Amount, order_row
from commissary.orders.listing import ListedOrder, OrderQuery, cursor_of, list_orders, order_totals
from commissary.orders.own_wire import (
    MaskedList,
    MaskedOut,
    MyOrderIn,
    MyOrderRow,
    MyOrdersIn,
    MyOrdersOut,
    RevealIn,
    row_out,
)
from commissary.orders.reveal import reveal_code
from commissary.orders.reveal_routes import RevealedCodeOut, revealed_out
from commissary.orders.routes import PLACING, order_id_of, snapshot_route
from commissary.orders.types import OrderRefusal, OrderState
from commissary.orders.view import order_no
from commissary.orders.wire import BatchIn, CancelIn, OrderOut
from commissary.partners.types import PartnerRefusal
from commissary.tenancy.types import Actor, Caller, TenancyRefusal

Own = NamedDependency[SkipValidation[Caller]]
Send = NamedDependency[SkipValidation[Forwarder]]
AnyRequest = Request[Any, Any, Any]
Number = Annotated[int, PathParameter(ge=0, le=2**15 - 1)]
Position = Annotated[int, PathParameter(ge=1, le=1_000_000)]
ROOT = "/console/v1/own/orders"
NO_STORE = {"cache-control": "no-store"}
MOST_EXPORTED = 20_000


# Ordering


@post(
    ROOT,
    operation_id="placeMyOrder",
    tags=["Own: orders"],
    summary="Order for one's own company",
    description="The page makes `client_order_no`: the same again is the same order.",
    opt=said("为本企业下单", "`client_order_no` 由页面生成，重复提交返回同一订单。", *PLACING),
    status_code=200,
    dependencies=partners.OWN,
)
async def place_route(
    env: NamedDependency[Env],
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
    forwarder: Send,
    request: AnyRequest,
    data: JSONBody[MyOrderIn],
) -> Response[OrderOut]:
    tenancy.require_scope(caller, "orders:write")

    async def place(by: Caller) -> bytes:
        order = await desk.place(by, data.asked())
        await _audited(env, msgspec.structs.replace(actor, ip=by.ip), [order])
        return msgspec.json.encode(order)

    return await _anywhere(request, desk, forwarder, caller, place)


@post(
    "/console/v1/buyers/{buyer_id:str}/orders",
    operation_id="placeOrderForBuyer",
    tags=["Orders"],
    summary="Order for a buyer by hand, by the rules that hold for him and with his money",
    description="The page makes `client_order_no`: the same again is the same order. Its `channel` is `staff`, and the audit says who.",
    opt=said(
        "代客下单（适用该客户的价格、风控与额度）",
        "`client_order_no` 由页面生成，重复提交返回同一订单；渠道记为 `staff`，操作人记入审计。",
        RequestRefusal.not_found,
        PartnerRefusal.buyer_not_active,
        *PLACING,
    ),
    status_code=200,
    dependencies=partners.FOR_BUYER,
)
async def for_buyer_route(
    env: NamedDependency[Env],
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
    forwarder: Send,
    request: AnyRequest,
    data: JSONBody[MyOrderIn],
) -> Response[OrderOut]:
    async def place(by: Caller) -> bytes:
        order = await desk.place(by, data.asked(), STAFF)
        buyer = str(caller.key.organisation_id)
        await _audited(env, msgspec.structs.replace(actor, ip=by.ip), [order], buyer_id=buyer)
        return msgspec.json.encode(order)

    return await _anywhere(request, desk, forwarder, caller, place)


@post(
    f"{ROOT}/batch",
    operation_id="placeMyOrders",
    tags=["Own: orders"],
    summary="Several orders, each for itself",
    opt=said("批量下单（逐单独立）", "", *PLACING),
    status_code=200,
    dependencies=partners.OWN,
)
async def batch_route(
    env: NamedDependency[Env],
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
    forwarder: Send,
    request: AnyRequest,
    data: JSONBody[MyOrdersIn],
) -> Response[MyOrdersOut]:
    tenancy.require_scope(caller, "orders:write")

    async def place(by: Caller) -> bytes:
        asked = BatchIn(tuple(one.asked() for one in data.orders))
        answered = await place_many(desk, by, asked, by.request_id)
        placed = [one.order for one in answered.results if one.order is not None]
        await _audited(env, msgspec.structs.replace(actor, ip=by.ip), placed)
        return msgspec.json.encode(answered)

    return await _anywhere(request, desk, forwarder, caller, place)


@post(
    f"{ROOT}/{{order_id:str}}/cancel",
    operation_id="cancelMyOrder",
    tags=["Own: orders"],
    summary="Cancel what is not delivered yet",
    opt=said("取消未交付的部分", "", OrderRefusal.order_not_found, OrderRefusal.not_cancellable),
    status_code=200,
    dependencies=partners.OWN,
)
async def cancel_route(
    env: NamedDependency[Env],
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
    order_id: FromPath[str],
    data: JSONBody[CancelIn],
) -> OrderOut:
    tenancy.require_scope(caller, "orders:write")
    await cancel_for(env, actor, order_id_of(order_id), data.reason)
    return await desk.order(caller, order_id_of(order_id))


async def _audited(env: Env, actor: Actor, orders: list[OrderOut], **more: str) -> None:
    """The order itself keeps whose hands placed it; the log tells it beside all else that he did."""
    if not orders:
        return
    async with env.db.transaction(actor.mall_id) as tx:
        for order in orders:
            told = {
                "client_order_no": order.client_order_no,
                "total": order.total.amount,
                "lines": [{"sku_id": one.sku_id, "quantity": one.quantity} for one in order.lines],
            }
            await tenancy.audit(tx, env, actor, "orders.place", f"order:{order.id}", None, told | more)


async def _anywhere(
    request: AnyRequest,
    desk: Desk,
    forwarder: Forwarder,
    caller: Caller,
    place: Callable[[Caller], Awaitable[bytes]],
) -> Response[Any]:
    """What `place` gives; when another process places for this home, its answer to the same request. It goes there with the
    session as a bearer token: that it came from our own page was seen here. Raises Elsewhere when it was sent to us so."""
    body = await request.body()
    passed_on = forwarder.received(dict(request.scope), body)
    if passed_on is not None:
        caller = msgspec.structs.replace(caller, ip=passed_on["client"][0])
        return _answer(await place(caller))
    try:
        return _answer(await place(caller))
    except Elsewhere:
        lane = desk.lane(caller.key.home_id)
        scope = _by_token(request)
        told = await forwarder.place(scope, body, caller.ip, lane, lambda: place(caller))
    return _answer(told)


def _answer(said: bytes | Answered) -> Response[Any]:
    if isinstance(said, bytes):
        return Response(said, media_type="application/json", headers=NO_STORE)
    headers = {n.decode(): v.decode("latin-1") for n, v in said.headers}
    kind = headers.pop("content-type", "application/json")
    return Response(said.body, status_code=said.status, media_type=kind, headers=headers)


def _by_token(request: AnyRequest) -> dict[str, Any]:
    token = tenancy.presented_token(request.headers.get("authorization", ""), request.cookies)
    names = (b"cookie", b"authorization", b"origin")
    kept = [(n, v) for n, v in request.scope["headers"] if n not in names]
    return dict(request.scope) | {"headers": [*kept, (b"authorization", f"Bearer {token}".encode())]}


# Looking


def my_query(
    q: Typed = None,
    status: FromQuery[list[OrderState] | None] = None,
    sku_id: FromQuery[str | None] = None,
    channel: Annotated[str | None, QueryParameter(max_length=40)] = None,
    placed_from: When = None,
    placed_to: When = None,
    amount_min: Amount = None,
    amount_max: Amount = None,
    status_not: FromQuery[list[OrderState] | None] = None,
    sku_id_not: FromQuery[str | None] = None,
) -> OrderQuery:
    """The filters, the same for the list, its totals and its export."""
    for name, several in (("status", status), ("status_not", status_not)):
        if several is not None and len(several) > MOST_VALUES:
            raise invalid(name, f"at most {MOST_VALUES} / 最多 {MOST_VALUES} 个")
    return OrderQuery(
        q=q or "",
        status=tuple(dict.fromkeys(status or ())),
        sku_id=number(sku_id) if sku_id else None,
        channel=channel,
        placed_from=time_of("placed_from", placed_from),
        placed_to=time_of("placed_to", placed_to),
        amount_min_e4=amount_of("amount_min", amount_min),
        amount_max_e4=amount_of("amount_max", amount_max),
        status_not=tuple(dict.fromkeys(status_not or ())),
        sku_id_not=number(sku_id_not) if sku_id_not else None,
    )


FILTERED = partners.OWN | {"wanted": Provide(my_query, sync_to_thread=False)}


@get(
    ROOT,
    operation_id="listMyOrders",
    tags=["Own: orders"],
    summary="One's own company's orders, by any of their filters",
    description="`q` is one's own number, whole, or begins the order's id or order_no. `sort` by `created_at` or `amount`.",
    opt=said(
        "本企业订单（按条件筛选）",
        "`q` 为完整的客户订单号，或订单 ID、订单号的开头。`sort` 可取 `created_at`、`amount`。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def orders_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: Own,
    wanted: NamedDependency[OrderQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[MyOrderRow]:
    tenancy.require_scope(caller, "orders:read")
    sized(size)
    found, expected = await list_orders(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    home = home_of(actor.mall_id)
    return listed(
        found,
        size,
        lambda o: row_out(order_row(home, o)),
        lambda o: cursor_of(o, sort),
        first=not cursor,
        estimate=expected,
    )


@get(
    f"{ROOT}/totals",
    operation_id="totalMyOrders",
    tags=["Own: orders"],
    summary="How many orders match, and their amount",
    opt=said("符合条件的订单数与金额合计", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def totals_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: Own,
    wanted: NamedDependency[OrderQuery],
) -> Totals:
    tenancy.require_scope(caller, "orders:read")
    found = await order_totals(env, actor, wanted)
    return Totals(found.total, {"total": money.of(found.amount_e4, found.currency)})


@get(
    f"{ROOT}/export",
    operation_id="exportMyOrders",
    tags=["Own: orders"],
    summary="The orders that match as CSV, without codes",
    description=f"A line per order line, the newest {MOST_EXPORTED:,} orders at most.",
    opt=said(
        "导出符合条件的订单（CSV，不含卡密）",
        f"每个订单行一行，最多最近 {MOST_EXPORTED:,} 笔订单。",
        RequestRefusal.not_found,
        gives="text/csv",
    ),
    dependencies=FILTERED,
)
async def export_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    caller: Own,
    wanted: NamedDependency[OrderQuery],
) -> Stream:
    tenancy.require_scope(caller, "orders:read")
    return Stream(
        _export(env, actor, wanted),
        media_type="text/csv; charset=utf-8",
        headers=NO_STORE | {"content-disposition": 'attachment; filename="orders.csv"'},
    )


HEADER = (
    "order_no", "client_order_no", "placed_at", "status", "line", "sku", "name_zh", "name_en", "quantity", "delivered",
    "amount", "currency", "line_status",
)  # fmt: skip


async def _export(env: Env, actor: Actor, wanted: OrderQuery) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf" + _csv([HEADER])
    cursor: str | None = None
    for _ in range(MOST_EXPORTED // 200):
        found, _expected = await list_orders(env, actor, wanted, sort=None, cursor=cursor, size=200)
        yield _csv([cells for order in found[:200] for cells in _cells(order, home_of(actor.mall_id))])
        if len(found) <= 200:
            return
        cursor = cursor_of(found[199], None)


def _cells(order: ListedOrder, home: int) -> list[tuple[object, ...]]:
    head = (order_no(home, order.id), order.client_order_no, order.placed_at.isoformat(), order.state)
    return [
        (
            *head,
            line.line_no,
            line.code or line.sku_id,
            line.name_zh or "",
            line.name_en or "",
            line.quantity,
            line.delivered,
            money.text(line.amount_e4),
            order.currency,
            line.state,
        )
        for line in order.lines
    ]


def _csv(rows: list[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[guarded(str(cell)) for cell in row] for row in rows])
    return out.getvalue().encode()


@get(
    f"{ROOT}/{{order_id:str}}",
    operation_id="getMyOrder",
    tags=["Own: orders"],
    summary="An order with its lines, without codes",
    opt=said("订单及其明细（不含卡密）", "", OrderRefusal.order_not_found),
    dependencies=partners.OWN,
)
async def order_route(desk: NamedDependency[Desk], caller: Own, order_id: FromPath[str]) -> OrderOut:
    tenancy.require_scope(caller, "orders:read")
    return await desk.order(caller, order_id_of(order_id))


snapshot_twin = get(
    f"{ROOT}/{{order_id:str}}/snapshot",
    operation_id="getMyOrderSnapshot",
    tags=["Own: orders"],
    summary="The goods and prices of an order as they were when it was placed",
    opt=said("订单商品快照", "", OrderRefusal.order_not_found),
    dependencies=partners.OWN,
)(snapshot_route.fn)


@get(
    f"{ROOT}/{{order_id:str}}/codes",
    operation_id="listMyCodes",
    tags=["Own: orders"],
    summary="An order's codes, masked",
    opt=said("订单卡密（掩码）", "", OrderRefusal.order_not_found),
    dependencies=partners.OWN,
)
async def codes_route(
    desk: NamedDependency[Desk], actor: NamedDependency[Actor], caller: Own, order_id: FromPath[str]
) -> MaskedList:
    found = await own_codes.masked(desk, actor, caller, order_id_of(order_id))
    return MaskedList([MaskedOut(m.line_no, m.position, m.masked, m.number) for m in found])


@post(
    f"{ROOT}/{{order_id:str}}/lines/{{line_no:int}}/codes/{{position:int}}/reveal",
    operation_id="revealMyCode",
    tags=["Own: orders"],
    summary="One code in clear; who looked is recorded before it is shown",
    opt=said(
        "查看单个卡密明文（先记录后显示）",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        OrderRefusal.no_such_code,
        TenancyRefusal.step_up_required,
        TenancyRefusal.reveals_locked,
    ),
    status_code=200,
    dependencies=partners.OWN,
)
async def reveal_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    line_no: Number,
    position: Position,
    data: JSONBody[RevealIn],
) -> Response[RevealedCodeOut]:
    found = await reveal_code(desk, actor, order_id_of(order_id), line_no, position, data.reason)
    return Response(revealed_out(found), headers=NO_STORE)


ROUTES = [
    place_route,
    for_buyer_route,
    batch_route,
    cancel_route,
    orders_route,
    totals_route,
    export_route,
    order_route,
    snapshot_twin,
    codes_route,
    reveal_route,
    *own_files.ROUTES,
]
