"""Order files of a buyer's own people: accounts pasted into a page, and whole files. Progress and results are those of any
order file; codes stay masked in the results. The mall's staff paste for a buyer by the same functions."""

from typing import Any

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation
from litestar.response import Stream

from commissary import partners, tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.table_file import TableRefusal
from commissary.base.wire import Cursor, Size, after, number, said, sized
from commissary.orders import paste
from commissary.orders.desk import Desk
from commissary.orders.own_wire import (
    BuyerPasteOut,
    PasteIn,
    PasteOrderIn,
    PasteOut,
    buyer_paste_out,
    paste_out,
)
from commissary.orders.routes import (
    FILE,
    FileName,
    Key,
    buyer_sheet_out,
    check_route,
    csv_of,
    sheet_out,
    sheet_route,
)
from commissary.orders.sheet import cancel_sheet, get_sheet, list_sheets, sheet_result, upload
from commissary.orders.types import OrderRefusal, Sheet
from commissary.orders.wire import BuyerSheetOut, SheetList, SheetOut
from commissary.partners.types import PartnerRefusal
from commissary.tenancy.types import Actor, Caller

Own = NamedDependency[SkipValidation[Caller]]
AnyRequest = Request[Any, Any, Any]
ROOT = "/console/v1/own"
GOODS = (OrderRefusal.sku_unknown, OrderRefusal.sku_not_listed, OrderRefusal.not_priced)


@post(
    f"{ROOT}/paste/check",
    operation_id="checkMyPaste",
    tags=["Own: order files"],
    summary="What ordering these accounts would come to: which lines would be refused and why, and the total",
    description="Form, region and operator, lists and checkers, repeats, risk and caps, line by line; the total, and for how "
    "many lines money and stock are enough. Nothing is stored or counted.",
    opt=said(
        "粘贴账号预检",
        "逐行检查格式、号码归属与校验、重复、风控与限购，并给出总额、余额与库存可覆盖的行数；不保存、不计数。",
        *GOODS,
    ),
    status_code=200,
    dependencies=partners.OWN,
)
async def look_route(desk: NamedDependency[Desk], caller: Own, data: JSONBody[PasteIn]) -> PasteOut:
    tenancy.require_scope(caller, "orders:write")
    sku = int(data.sku_id)
    return paste_out(await paste.look(desk, caller, sku, data.text, data.quantity, repeats=data.repeats))


@post(
    f"{ROOT}/paste",
    operation_id="orderMyPaste",
    tags=["Own: order files"],
    summary="Order for these accounts, one order a line, as an order file",
    description="Rows in `leave_out` are not ordered; lines of the wrong form and repeats never are.",
    opt=said(
        "按粘贴的账号下单（每行一单，生成批量下单文件）",
        "`leave_out` 为不下单的行号；格式有误与重复的行自动跳过。",
        *GOODS,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
    ),
    status_code=200,
    dependencies=partners.OWN,
)
async def paste_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
    data: JSONBody[PasteOrderIn],
    idempotency_key: Key = "",
) -> SheetOut:
    return sheet_out(await _pasted(desk, actor, caller, data, idempotency_key))


FOR_BUYER = "/console/v1/buyers/{buyer_id:str}/paste"


@post(
    f"{FOR_BUYER}/check",
    operation_id="checkPasteForBuyer",
    tags=["Order files"],
    summary="What ordering these accounts for a buyer would come to, by the rules and prices that hold for him",
    description="Form, region and operator, lists and checkers, repeats, risk and caps, line by line; the total, and for how "
    "many lines his money and the stock are enough. Nothing is stored or counted.",
    opt=said(
        "代客粘贴账号预检（适用该客户的价格与规则）",
        "逐行检查格式、号码归属与校验、重复、风控与限购，并给出总额、余额与库存可覆盖的行数；不保存、不计数。",
        RequestRefusal.not_found,
        PartnerRefusal.buyer_not_active,
        *GOODS,
    ),
    status_code=200,
    dependencies=partners.FOR_BUYER,
)
async def look_for_buyer_route(
    desk: NamedDependency[Desk], caller: Own, data: JSONBody[PasteIn]
) -> BuyerPasteOut:
    sku = int(data.sku_id)
    looked = await paste.look(desk, caller, sku, data.text, data.quantity, repeats=data.repeats)
    return buyer_paste_out(paste_out(looked))


@post(
    FOR_BUYER,
    operation_id="orderPasteForBuyer",
    tags=["Order files"],
    summary="Order for these accounts with a buyer's money, one order a line, as an order file of his",
    description="Rows in `leave_out` are not ordered; lines of the wrong form and repeats never are. The audit log says who did it.",
    opt=said(
        "代客按粘贴的账号下单（每行一单，从该客户钱包支付）",
        "`leave_out` 为不下单的行号；格式有误与重复的行自动跳过。操作人记入审计。",
        RequestRefusal.not_found,
        PartnerRefusal.buyer_not_active,
        *GOODS,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
    ),
    status_code=200,
    dependencies=partners.FOR_BUYER,
)
async def paste_for_buyer_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
    data: JSONBody[PasteOrderIn],
    idempotency_key: Key = "",
) -> BuyerSheetOut:
    return buyer_sheet_out(await _pasted(desk, actor, caller, data, idempotency_key))


async def _pasted(
    desk: Desk, actor: Actor, caller: Caller, data: PasteOrderIn, idempotency_key: str
) -> Sheet:
    tenancy.require_scope(caller, "orders:write")
    card = await paste.card_of(desk, caller, int(data.sku_id))
    lines = paste.read(card, data.text, data.quantity, repeats=data.repeats)
    left_out = set(data.leave_out)
    if not any(not line.code and line.row not in left_out for line in lines):
        raise invalid("text", "has no line that could be ordered / 没有可下单的行")
    most = data.max_unit_price
    if most is not None:
        money.parse(most.amount)
    file = paste.sheet_of(card, lines, left_out, idempotency_key, most.amount if most else None)
    return await upload(
        desk,
        caller.key.home_id,
        buyer_id=caller.key.organisation_id,
        file_name=f"{card.code or card.id}.csv",
        data=file,
        idempotency_key=idempotency_key,
        key_id=caller.key.id,
        actor=actor,
    )


@post(
    f"{ROOT}/order-files",
    operation_id="uploadMyOrderFile",
    tags=["Own: order files"],
    summary="Order by file for one's own company",
    opt=said(
        "为本企业上传批量下单文件",
        "",
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        OrderRefusal.sheet_columns_missing,
        OrderRefusal.sheet_too_long,
        *TableRefusal,
        takes=FILE,
    ),
    status_code=200,
    dependencies=partners.OWN,
)
async def upload_route(
    desk: NamedDependency[Desk],
    actor: NamedDependency[Actor],
    caller: Own,
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
        actor=actor,
    )
    return sheet_out(sheet)


check_twin = post(
    f"{ROOT}/order-files/check",
    operation_id="checkMyOrderFile",
    tags=["Own: order files"],
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
    dependencies=partners.OWN,
)(check_route.fn)


@get(
    f"{ROOT}/order-files",
    operation_id="listMyOrderFiles",
    tags=["Own: order files"],
    summary="One's own company's order files, newest first",
    opt=said("本企业批量下单文件（按时间倒序）"),
    dependencies=partners.OWN,
)
async def sheets_route(
    env: NamedDependency[Env], caller: Own, cursor: Cursor = None, size: Size = 50
) -> SheetList:
    tenancy.require_scope(caller, "orders:read")
    key = caller.key
    found = await list_sheets(env, key.home_id, key.organisation_id, after(cursor) or None, sized(size))
    following = str(found[size - 1].id) if len(found) > size else None
    return SheetList([sheet_out(s) for s in found[:size]], following)


sheet_twin = get(
    f"{ROOT}/order-files/{{sheet_id:str}}",
    operation_id="getMyOrderFile",
    tags=["Own: order files"],
    summary="How far an order file is",
    opt=said("批量下单进度", "", RequestRefusal.not_found, OrderRefusal.sheet_not_found),
    dependencies=partners.OWN,
)(sheet_route.fn)


@post(
    f"{ROOT}/order-files/{{sheet_id:str}}/cancel",
    operation_id="cancelMyOrderFile",
    tags=["Own: order files"],
    summary="Place no more lines of an order file",
    opt=said(
        "停止批量下单", "", RequestRefusal.not_found, OrderRefusal.sheet_not_found, OrderRefusal.sheet_ended
    ),
    status_code=200,
    dependencies=partners.OWN,
)
async def cancel_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], caller: Own, sheet_id: FromPath[str]
) -> SheetOut:
    tenancy.require_scope(caller, "orders:write")
    key = caller.key
    return sheet_out(await cancel_sheet(env, key.home_id, number(sheet_id), key.organisation_id, actor))


@get(
    f"{ROOT}/order-files/{{sheet_id:str}}/result",
    operation_id="getMyOrderFileResult",
    tags=["Own: order files"],
    summary="What became of each line, as CSV; codes are masked",
    opt=said(
        "下载逐行结果（CSV，卡密为掩码）",
        "",
        RequestRefusal.not_found,
        OrderRefusal.sheet_not_found,
        gives="text/csv",
    ),
    dependencies=partners.OWN,
)
async def result_route(desk: NamedDependency[Desk], caller: Own, sheet_id: FromPath[str]) -> Stream:
    tenancy.require_scope(caller, "orders:read")
    home = caller.key.home_id
    sheet = await get_sheet(desk.env, home, number(sheet_id), caller.key.organisation_id)
    return csv_of(sheet, sheet_result(desk, home, sheet, codes=False))


ROUTES = [
    look_route,
    paste_route,
    look_for_buyer_route,
    paste_for_buyer_route,
    upload_route,
    check_twin,
    sheets_route,
    sheet_twin,
    cancel_route,
    result_route,
]
