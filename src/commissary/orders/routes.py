"""Orders over HTTP: the documented twins of the edge's hot endpoints, everything about orders that is not hot, and the
console's order files.

A twin calls the same desk; one corpus of requests runs against both (tests/orders/test_twins.py).
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter, SkipValidation
from litestar.response import Stream

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.table_file import TableRefusal
from commissary.base.wire import BINARY, XLSX, Cursor, Size, number, said, sized
from commissary.catalog.types import AccountRefusal
from commissary.orders import account_routes, list_routes, reveal_routes
from commissary.orders.cancel import cancel, cancel_for
from commissary.orders.desk import Desk
from commissary.orders.edge import place_many
from commissary.orders.sheet import (
    cancel_sheet,
    check_file,
    get_sheet,
    list_sheets,
    messages,
    sheet_result,
    upload,
)
from commissary.orders.snapshot import snapshot
from commissary.orders.types import OrderRefusal, Sheet, SheetState
from commissary.orders.wire import (
    BatchIn,
    BatchOut,
    BuyerSheetList,
    BuyerSheetOut,
    CancelIn,
    CheckOut,
    LineSettled,
    OrderIn,
    OrderList,
    OrderOut,
    SheetFaultOut,
    SheetOut,
    SnapshotOut,
    line_settled,
)
from commissary.risk.types import RiskRefusal
from commissary.tenancy.types import Actor, AuthRefusal, Caller, Look, TenancyRefusal

AnyRequest = Request[Any, Any, Any]
# Given by the application, not by the request: nothing to validate.
Buyer = NamedDependency[SkipValidation[Caller]]
Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="Any text of your own; the same again changes nothing",
        schema_extra={"min_length": 1, "example": "cancel-PO-1001"},
    ),
]
FileName = Annotated[str, QueryParameter(description="The file's name, for people")]
MOST_FAULTS = 1_000


ONE_LINE = {"client_order_no": "PO-1001", "sku_id": "250782049558855680", "quantity": 2, "wait_ms": 3000}
SEVERAL_LINES = {
    "client_order_no": "PO-1002",
    "lines": [
        {
            "sku_id": "250782049558855680",
            "quantity": 1,
            "max_unit_price": {"amount": "9.9000", "currency": "CNY"},
        },
        {"sku_id": "250782049563050024", "quantity": 1, "fields": {"phone": "13800000000"}},
    ],
}
PLACING = (
    AuthRefusal.nonce_used,
    OrderRefusal.idempotency_conflict,
    OrderRefusal.quote_not_found,
    OrderRefusal.quote_expired,
    OrderRefusal.quote_exceeded,
    *AccountRefusal,
    OrderRefusal.sku_unknown,
    OrderRefusal.sku_not_listed,
    OrderRefusal.quantity_over_limit,
    OrderRefusal.agent_needs_split_payment,
    *RiskRefusal,
    OrderRefusal.not_priced,
    OrderRefusal.price_above_max,
    OrderRefusal.below_floor,
    OrderRefusal.out_of_stock,
    OrderRefusal.amount_too_large,
    OrderRefusal.account_locked,
    OrderRefusal.insufficient_balance,
)
FILE = {"text/csv": BINARY, XLSX: BINARY}


# Partners ---------------------------------------------------------------------------------------------------------


@post(
    "/v1/orders",
    operation_id="placeOrder",
    tags=["Orders"],
    summary="Place an order",
    description=(
        "Buys all lines or none. The same `client_order_no` and content again is the same order as it is now; another "
        "content is refused. `max_unit_price` guards the price; `wait_ms` waits that long for an order that is not "
        "delivered at once."
    ),
    opt=said(
        "下单",
        "整单成功或整单拒绝。同一 `client_order_no` 且内容相同的请求返回同一订单的当前状态，内容不同则拒绝。"
        "`max_unit_price` 为可接受的最高单价；订单未能即时交付时，最多等待 `wait_ms` 毫秒。",
        *PLACING,
        examples={"one line": ONE_LINE, "several lines": SEVERAL_LINES},
    ),
    status_code=200,
)
async def place_route(desk: NamedDependency[Desk], caller: Buyer, data: JSONBody[OrderIn]) -> OrderOut:
    tenancy.require_scope(caller, "orders:write")
    return await desk.place(caller, data)


@post(
    "/v1/orders/batch",
    operation_id="placeOrders",
    tags=["Orders"],
    summary="Place many orders",
    description=(
        "Up to 1,000 orders; each is accepted or refused by itself, for the same reasons as a single one; answers in the "
        "order of the question."
    ),
    opt=said(
        "批量下单",
        "最多 1,000 笔订单；逐笔受理或拒绝，结果按请求顺序返回，拒绝原因与单笔下单相同。",
        AuthRefusal.nonce_used,
        examples={"two orders": {"orders": [ONE_LINE, SEVERAL_LINES]}},
    ),
    status_code=200,
)
async def place_many_route(
    desk: NamedDependency[Desk], caller: Buyer, data: JSONBody[BatchIn], rid: NamedDependency[str]
) -> BatchOut:
    tenancy.require_scope(caller, "orders:write")
    return await place_many(desk, caller, data, rid)


@get(
    "/v1/orders/{order_id:str}",
    operation_id="getOrder",
    tags=["Orders"],
    summary="An order as it is now",
    description="With `codes` when it has some and the key may read them (`codes:read`).",
    opt=said(
        "查询订单",
        "返回订单当前状态；密钥具备 `codes:read` 权限时包含已交付的卡密。",
        OrderRefusal.order_not_found,
    ),
)
async def order_route(desk: NamedDependency[Desk], caller: Buyer, order_id: FromPath[str]) -> OrderOut:
    tenancy.require_scope(caller, "orders:read")
    return await desk.order(caller, order_id_of(order_id))


@get(
    "/v1/orders",
    operation_id="listOrders",
    tags=["Orders"],
    summary="Orders, newest first, or one by your own number",
    description=(
        "With `client_order_no`: that order alone, codes included. Without: pages of orders without codes; `cursor` is the "
        "`next` of the page before."
    ),
    opt=said(
        "订单列表或按贵方订单号查询",
        "传入 `client_order_no` 时仅返回该订单（含卡密）；否则按时间倒序分页返回，不含卡密，`cursor` 取上一页的 `next`。",
        RequestRefusal.not_found,
        OrderRefusal.order_not_found,
    ),
)
async def orders_route(
    desk: NamedDependency[Desk],
    caller: Buyer,
    client_order_no: Annotated[
        str | None, QueryParameter(description="The number you gave the order", max_length=64)
    ] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> OrderList:
    tenancy.require_scope(caller, "orders:read")
    if client_order_no is not None:
        return OrderList([await desk.by_client_no(caller, client_order_no)], None)
    sized(size)
    found, following = await desk.orders(caller, _before(cursor), size)
    return OrderList(found, following)


@post(
    "/v1/orders/{order_id:str}/cancel",
    operation_id="cancelOrder",
    tags=["Orders"],
    summary="Cancel what is not delivered yet",
    description=(
        "Every line that is held, scheduled or waiting is cancelled and its money is free again. Lines that are being worked "
        "on or were delivered stay."
    ),
    opt=said(
        "取消订单",
        "取消所有暂挂、预约或等待处理的行，并解除相应资金冻结；处理中或已交付的行不受影响。",
        OrderRefusal.order_not_found,
        OrderRefusal.not_cancellable,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
    ),
    status_code=200,
)
async def cancel_route(
    desk: NamedDependency[Desk], caller: Buyer, order_id: FromPath[str], idempotency_key: Key = ""
) -> OrderOut:
    tenancy.require_scope(caller, "orders:write")
    return await cancel(desk, caller, order_id_of(order_id), idempotency_key)


@get(
    "/v1/orders/{order_id:str}/snapshot",
    operation_id="getOrderSnapshot",
    tags=["Orders"],
    summary="The goods and prices of an order as they were when it was placed",
    description=(
        "Names, terms, redemption guide and price of each line's SKU at that time; later edits change nothing here."
    ),
    opt=said(
        "订单商品快照",
        "各行商品在下单时的名称、条款、兑换说明与价格；商品或价格之后被修改、删除均不影响快照。",
        OrderRefusal.order_not_found,
    ),
)
async def snapshot_route(env: NamedDependency[Env], caller: Buyer, order_id: FromPath[str]) -> SnapshotOut:
    tenancy.require_scope(caller, "orders:read")
    return await snapshot(env, caller.key.home_id, order_id_of(order_id), caller.key.organisation_id)


@post(
    "/v1/order-files",
    operation_id="uploadOrderFile",
    tags=["Order files"],
    summary="Order by file",
    description=(
        "The body is a CSV (UTF-8 or GB18030) or an .xlsx file of at most 100,000 lines. Its first line names the columns: "
        "`client_order_no`, `sku` (id or article number), `quantity`, and optionally `max_unit_price` and `fields.<name>`. "
        "Faulty lines are refused by themselves; the others are placed one after another."
    ),
    opt=said(
        "上传批量下单文件",
        "请求体为 CSV（UTF-8 或 GB18030）或 .xlsx 文件，最多 100,000 行。首行为列名：`client_order_no`、`sku`"
        "（商品 ID 或货号）、`quantity`，可选 `max_unit_price` 与 `fields.<字段名>`。有误的行单独拒绝，其余逐行下单。",
        OrderRefusal.sheet_columns_missing,
        OrderRefusal.sheet_too_long,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        *TableRefusal,
        takes=FILE,
    ),
    status_code=200,
)
async def upload_route(
    desk: NamedDependency[Desk],
    caller: Buyer,
    request: AnyRequest,
    idempotency_key: Key = "",
    file_name: FileName = "orders.csv",
) -> SheetOut:
    tenancy.require_scope(caller, "orders:write")
    sheet = await upload(
        desk,
        caller.key.home_id,
        buyer_id=caller.key.organisation_id,
        file_name=file_name,
        data=await request.body(),
        idempotency_key=idempotency_key,
        key_id=caller.key.id,
    )
    return sheet_out(sheet)


@post(
    "/v1/order-files/check",
    operation_id="checkOrderFile",
    tags=["Order files"],
    summary="Check a file without ordering",
    description="A dry run of the same body: what is wrong with which line. Nothing is stored, stock and money are not asked.",
    opt=said(
        "校验批量下单文件",
        "对同样的请求体做试运行，返回逐行错误；不保存任何内容，不校验库存与余额。",
        OrderRefusal.sheet_columns_missing,
        OrderRefusal.sheet_too_long,
        *TableRefusal,
        takes=FILE,
    ),
    status_code=200,
)
async def check_route(
    desk: NamedDependency[Desk], caller: Buyer, request: AnyRequest, file_name: FileName = "orders.csv"
) -> CheckOut:
    tenancy.require_scope(caller, "orders:write")
    return await _check(desk, caller.key.home_id, file_name, await request.body())


@get(
    "/v1/order-files/{sheet_id:str}",
    operation_id="getOrderFile",
    tags=["Order files"],
    summary="How far an order file is",
    description="How many lines are done, accepted and refused.",
    opt=said(
        "批量下单进度",
        "已处理、受理与拒绝的行数。",
        RequestRefusal.not_found,
        OrderRefusal.sheet_not_found,
    ),
)
async def sheet_route(env: NamedDependency[Env], caller: Buyer, sheet_id: FromPath[str]) -> SheetOut:
    tenancy.require_scope(caller, "orders:read")
    return sheet_out(await get_sheet(env, caller.key.home_id, number(sheet_id), caller.key.organisation_id))


@post(
    "/v1/order-files/{sheet_id:str}/cancel",
    operation_id="cancelOrderFile",
    tags=["Order files"],
    summary="Place no more lines of an order file",
    description="Lines that are not placed yet are left; those that are stay as they are.",
    opt=said(
        "停止批量下单",
        "尚未下单的行不再处理；已下单的不受影响。",
        RequestRefusal.not_found,
        OrderRefusal.sheet_not_found,
        OrderRefusal.sheet_ended,
    ),
    status_code=200,
)
async def cancel_sheet_route(env: NamedDependency[Env], caller: Buyer, sheet_id: FromPath[str]) -> SheetOut:
    tenancy.require_scope(caller, "orders:write")
    home = caller.key.home_id
    return sheet_out(await cancel_sheet(env, home, number(sheet_id), caller.key.organisation_id))


@get(
    "/v1/order-files/{sheet_id:str}/result",
    operation_id="getOrderFileResult",
    tags=["Order files"],
    summary="What became of each line, as CSV",
    description="Codes are masked unless the key has `codes:read`. Cells that a spreadsheet would run begin with an apostrophe.",
    opt=said(
        "下载逐行结果（CSV）",
        "密钥具备 `codes:read` 权限时包含卡密，否则脱敏。可能被表格软件当作公式的单元格以单引号开头。",
        RequestRefusal.not_found,
        OrderRefusal.sheet_not_found,
        gives="text/csv",
    ),
)
async def result_route(desk: NamedDependency[Desk], caller: Buyer, sheet_id: FromPath[str]) -> Stream:
    tenancy.require_scope(caller, "orders:read")
    home = caller.key.home_id
    sheet = await get_sheet(desk.env, home, number(sheet_id), caller.key.organisation_id)
    codes = "codes:read" in caller.key.scopes
    return csv_of(sheet, sheet_result(desk, home, sheet, codes=codes))


# The console ------------------------------------------------------------------------------------------------------


@post(
    "/console/v1/orders/{order_id:str}/cancel",
    operation_id="cancelOrderByStaff",
    tags=["Orders"],
    summary="Cancel what is not delivered yet",
    opt=said(
        "取消未交付的部分",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.not_cancellable,
        OrderRefusal.line_not_found,
    ),
    status_code=200,
)
async def console_cancel_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    data: JSONBody[CancelIn],
) -> list[LineSettled]:
    return [line_settled(s) for s in await cancel_for(env, actor, order_id_of(order_id), data.reason)]


@get(
    "/console/v1/orders/{order_id:str}/snapshot",
    operation_id="getOrderSnapshotForConsole",
    tags=["Orders"],
    summary="The goods and prices of an order as they were when it was placed, and where each price came from",
    opt=said("订单商品与价格快照（含价格来源）", "", OrderRefusal.order_not_found),
)
async def console_snapshot_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str]
) -> SnapshotOut:
    return await snapshot(env, home_of(actor.mall_id), order_id_of(order_id), _own(actor, "orders.read"))


@post(
    "/console/v1/order-files",
    operation_id="uploadOrderFileForBuyer",
    tags=["Order files"],
    summary="Order by file for a buyer",
    opt=said(
        "代客户上传批量下单文件",
        "",
        RequestRefusal.not_found,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        OrderRefusal.sheet_columns_missing,
        OrderRefusal.sheet_too_long,
        *TableRefusal,
        takes=FILE,
    ),
    status_code=200,
)
async def console_upload_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    request: AnyRequest,
    buyer_id: FromQuery[str],
    idempotency_key: Key = "",
    file_name: FileName = "orders.csv",
) -> BuyerSheetOut:
    buyer = number(buyer_id)
    _require_placing(actor, buyer)
    sheet = await upload(
        desk,
        home_of(actor.mall_id),
        buyer_id=buyer,
        file_name=file_name,
        data=await request.body(),
        idempotency_key=idempotency_key,
        actor=actor,
    )
    return buyer_sheet_out(sheet)


@post(
    "/console/v1/order-files/check",
    operation_id="checkOrderFileForBuyer",
    tags=["Order files"],
    summary="Check a file without ordering",
    opt=said(
        "校验批量下单文件",
        "",
        OrderRefusal.sheet_columns_missing,
        OrderRefusal.sheet_too_long,
        *TableRefusal,
        takes=FILE,
    ),
    status_code=200,
)
async def console_check_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    request: AnyRequest,
    file_name: FileName = "orders.csv",
) -> CheckOut:
    _require_placing(actor, actor.organisation_id)
    return await _check(desk, home_of(actor.mall_id), file_name, await request.body())


@get(
    "/console/v1/order-files",
    operation_id="listOrderFiles",
    tags=["Order files"],
    summary="Order files, newest first",
    opt=said("批量下单文件列表（按时间倒序）", "", RequestRefusal.not_found),
)
async def console_sheets_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    status: FromQuery[SheetState | None] = None,
    buyer_id: FromQuery[str | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> BuyerSheetList:
    owner = _own(actor, "orders.read")
    # A buyer's people see their own company's, whichever they ask for.
    buyer = owner or (number(buyer_id) if buyer_id else None)
    found = await list_sheets(env, home_of(actor.mall_id), buyer, _before(cursor), sized(size), status)
    following = str(found[size - 1].id) if len(found) > size else None
    return BuyerSheetList([buyer_sheet_out(s) for s in found[:size]], following)


@get(
    "/console/v1/order-files/{sheet_id:str}",
    operation_id="getOrderFileForConsole",
    tags=["Order files"],
    summary="How far an order file is",
    opt=said("批量下单进度", "", RequestRefusal.not_found, OrderRefusal.sheet_not_found),
)
async def console_sheet_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sheet_id: FromPath[str]
) -> BuyerSheetOut:
    owner = _own(actor, "orders.read")
    return buyer_sheet_out(await get_sheet(env, home_of(actor.mall_id), number(sheet_id), owner))


@post(
    "/console/v1/order-files/{sheet_id:str}/cancel",
    operation_id="cancelOrderFileForConsole",
    tags=["Order files"],
    summary="Place no more lines of an order file",
    opt=said(
        "停止批量下单", "", RequestRefusal.not_found, OrderRefusal.sheet_not_found, OrderRefusal.sheet_ended
    ),
    status_code=200,
)
async def console_cancel_sheet_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sheet_id: FromPath[str]
) -> BuyerSheetOut:
    # Who may order may also stop.
    owner = None if tenancy.allows(actor, "orders.place") else _own(actor, "orders.write")
    return buyer_sheet_out(await cancel_sheet(env, home_of(actor.mall_id), number(sheet_id), owner, actor))


@get(
    "/console/v1/order-files/{sheet_id:str}/result",
    operation_id="getOrderFileResultForConsole",
    tags=["Order files"],
    summary="What became of each line, as CSV",
    opt=said(
        "下载逐行结果（CSV）",
        "客户自己的人员有权时可见卡密明文，下载会记入查看记录；商城员工请逐个查看。",
        TenancyRefusal.step_up_required,
        TenancyRefusal.reveals_locked,
        RequestRefusal.not_found,
        OrderRefusal.sheet_not_found,
        gives="text/csv",
    ),
)
async def console_result_route(
    desk: NamedDependency[Desk], actor: NamedDependency[Actor], sheet_id: FromPath[str]
) -> Stream:
    """Codes in clear for a buyer's people who may see them; the mall's staff look at codes one by one."""
    home, owner = home_of(actor.mall_id), _own(actor, "orders.read")
    sheet = await get_sheet(desk.env, home, number(sheet_id), owner)
    codes = owner is not None and tenancy.allows(actor, "own.codes.read")
    if codes:
        seen = Look("file", sheet.buyer_id, f"sheet:{sheet.id}", "", "results of an order file")
        await tenancy.look(desk.env, actor, seen)
    return csv_of(sheet, sheet_result(desk, home, sheet, codes=codes))


def _own(actor: Actor, permission: str) -> int | None:
    """None for the mall's staff, who see all; else the one organisation whose rows this person may see."""
    if tenancy.allows(actor, permission):
        return None
    tenancy.require_for(actor, permission, actor.organisation_id)
    return actor.organisation_id


def _require_placing(actor: Actor, buyer_id: int) -> None:
    """A file of orders spends a buyer's money: his own people may, and of the mall's staff who may order for him."""
    if buyer_id != actor.organisation_id or not tenancy.allows(actor, "own.orders.write"):
        tenancy.require(actor, "orders.place")


def order_id_of(text: str) -> int:
    """What cannot be an id is an order that nobody has, as at the edge."""
    if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63:
        return int(text)
    raise Refused(OrderRefusal.order_not_found)


def _before(cursor: str | None) -> int | None:
    return number(cursor) if cursor else None


async def _check(desk: Desk, home: int, file_name: str, data: bytes) -> CheckOut:
    count, faults = await check_file(desk, home, file_name, data)
    shown = []
    for fault in faults[:MOST_FAULTS]:
        zh, en = messages(fault.code)
        shown.append(SheetFaultOut(fault.row_no, fault.code, en, zh, fault.detail))
    return CheckOut(count, len(faults), shown)


def sheet_out(sheet: Sheet) -> SheetOut:
    return SheetOut(
        str(sheet.id),
        sheet.file_name,
        sheet.state,
        sheet.lines,
        sheet.done,
        sheet.accepted,
        sheet.refused,
        sheet.created_at,
        sheet.ended_at,
    )


def buyer_sheet_out(sheet: Sheet) -> BuyerSheetOut:
    return BuyerSheetOut(**msgspec.structs.asdict(sheet_out(sheet)), buyer_id=str(sheet.buyer_id))


def csv_of(sheet: Sheet, parts: AsyncIterator[bytes]) -> Stream:
    return Stream(
        parts,
        media_type="text/csv; charset=utf-8",
        headers={
            "content-disposition": f'attachment; filename="orders-{sheet.id}.csv"',
            "cache-control": "no-store",
        },
    )


ROUTES = [
    place_route,
    place_many_route,
    order_route,
    orders_route,
    cancel_route,
    snapshot_route,
    upload_route,
    check_route,
    sheet_route,
    cancel_sheet_route,
    result_route,
    console_cancel_route,
    console_snapshot_route,
    console_upload_route,
    console_check_route,
    console_sheets_route,
    console_sheet_route,
    console_cancel_sheet_route,
    console_result_route,
    *account_routes.ROUTES,
    *list_routes.ROUTES,
    *reveal_routes.ROUTES,
]
