"""A supplier's own people in the console: their offers, connections and what they bring. The supplier is the session's."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, QueryParameter, SkipValidation

from commissary import stock
from commissary.base import http, money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, listed
from commissary.base.money import Money
from commissary.base.table_file import TableRefusal
from commissary.base.wire import BINARY, XLSX, Cursor, Page, Size, after, number, page, said, sized
from commissary.stock.types import CodeFileRefusal, StockRefusal
from commissary.supply import own, own_sheet
from commissary.supply.own import OfferQuery
from commissary.supply.own_intake import bring
from commissary.supply.own_wire import (
    MyConnectionList,
    MyIntakeIn,
    MyIntakeOut,
    MyOfferOut,
    MyOffersTold,
    MySupplyOut,
    MyTroubleOut,
    brought_out,
    connection_out,
    home_out,
    line_out,
    offer_out,
    trouble_out,
)
from commissary.supply.purchasing import Purchasing
from commissary.supply.types import OfferStatus, SupplyRefusal
from commissary.supply.wire import BalanceOut
from commissary.tenancy.types import Actor

Talks = NamedDependency[SkipValidation[Purchasing]]
ROOT = "/console/v1/own"
TAGS = ["Own: supply"]
LAST = 2**63 - 1
SHEET = {"text/csv": BINARY, XLSX: BINARY}
FORM = {
    "multipart/form-data": {
        "type": "object",
        "required": ["options", "file"],
        "additionalProperties": False,
        "properties": {
            "options": {"type": "string", "maxLength": 65_536, "contentMediaType": "application/json"},
            "file": BINARY,
        },
    }
}
FileName = Annotated[str, QueryParameter(description="The file's name, for people", max_length=200)]
DryRun = Annotated[bool, QueryParameter(description="Only say what would become of it")]
_options = msgspec.json.Decoder(MyIntakeIn)


def offer_query(
    q: Typed = None,
    status: FromQuery[list[OfferStatus] | None] = None,
    connection_id: FromQuery[str | None] = None,
) -> OfferQuery:
    """The filters, the same for the list and its totals."""
    connection = number(connection_id) if connection_id else None
    return OfferQuery(q or "", tuple(dict.fromkeys(status or ())), connection)


FILTERED = {"wanted": Provide(offer_query, sync_to_thread=False)}


@get(
    f"{ROOT}/supply",
    operation_id="getMySupply",
    tags=TAGS,
    summary="What waits for a supplier's people, how they do beside others, what runs out, what is due",
    opt=said("供应商首页：待办、履约对比、库存可售天数、应收"),
)
async def home_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> MySupplyOut:
    return home_out(await own.look_home(env, actor))


@get(
    f"{ROOT}/offers",
    operation_id="listMyOffers",
    tags=TAGS,
    summary="One's own offers, by any of their filters",
    description="`q`: article or SKU. Sorted by `created_at`, `good_id`, `unit_cost` or `seen_at`; the oldest first if nothing is said.",
    opt=said(
        "我的货源（按条件筛选）",
        "`q` 为货品或商品；可按 `created_at`、`good_id`、`unit_cost`、`seen_at` 排序，默认最早的在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def offers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[OfferQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[MyOfferOut]:
    sized(size)
    found, expected = await own.look_offers(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, offer_out, lambda o: own.cursor_of(o, sort), first=not cursor, estimate=expected
    )


@get(
    f"{ROOT}/offers/totals",
    operation_id="totalMyOffers",
    tags=TAGS,
    summary="How many of one's own offers match",
    opt=said("符合条件的货源数", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[OfferQuery]
) -> Totals:
    return Totals(await own.count_offers(env, actor, wanted), {})


@get(
    f"{ROOT}/offers/sheet",
    operation_id="exportMyOffers",
    tags=TAGS,
    summary="One's own offers as a sheet, to be changed and sent back",
    opt=said("下载货源表（修改后上传）", "", gives="text/csv"),
    media_type="text/csv",
)
async def export_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> Response[bytes]:
    return Response(
        await own_sheet.sheet_of(env, actor),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="offers.csv"'},
    )


@post(
    f"{ROOT}/offers/sheet",
    operation_id="declareMyOffers",
    tags=TAGS,
    summary="Declare stock and costs of many articles by a sheet",
    description="The body is the file: CSV, text or .xlsx. Nothing is declared while a line is faulty. A cost that jumps waits for the mall.",
    opt=said(
        "批量申报库存与成本（表格）",
        "请求体即文件：CSV、文本或 .xlsx。任一行有误则整份不生效；成本大幅变动须由商城确认。",
        SupplyRefusal.offers_unreadable,
        *TableRefusal,
        takes=SHEET,
    ),
    request_max_body_size=own_sheet.LIMITS.bytes_max,
    status_code=200,
)
async def sheet_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    request: Request[Any, Any, Any],
    file_name: FileName = "",
    dry_run: DryRun = False,
) -> MyOffersTold:
    own.own(actor, "write")  # before a large body is taken in
    content = await request.body()
    lines = await own_sheet.declare_sheet(env, actor, content, file_name=file_name, dry_run=dry_run)
    faulty = sum(line.status == "faulty" for line in lines)
    return MyOffersTold(dry_run, not dry_run and not faulty, faulty, [line_out(line) for line in lines])


@post(
    f"{ROOT}/intakes",
    operation_id="bringMyCodes",
    tags=TAGS,
    summary="Bring codes to the mall's vault: a form with the parts `options` (JSON) and `file`",
    description="Of an article that you supply, at your offer's cost. They are not for sale before the mall has released them.",
    opt=said(
        "卡密送仓（表单含 `options`（JSON）与 `file`）",
        "仅限您在供的商品，成本取您的货源报价；商城放行前不会销售。",
        SupplyRefusal.not_supplied,
        RequestRefusal.not_found,
        StockRefusal.not_from_stock,
        StockRefusal.supplier_not_qualified,
        StockRefusal.shared_code_single,
        StockRefusal.import_options_differ,
        StockRefusal.import_running,
        CodeFileRefusal.layout_unclear,
        *TableRefusal,
        takes=FORM,
    ),
    request_max_body_size=stock.UPLOAD_MAX,
)
async def bring_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], request: Request[Any, Any, Any]
) -> MyIntakeOut:
    own.own(actor, "write")  # before a large body is taken in
    content_type = request.headers.get("content-type", "")
    options, name, content = await stock.read_upload(content_type, request.stream(), stock.UPLOAD_MAX)
    asked = http.decode(_options, options)
    return brought_out(
        await bring(
            env,
            actor,
            number(asked.sku_id),
            content,
            file_name=name,
            dry_run=asked.dry_run,
            expires_on=asked.expires_on,
            layout=asked.layout,
            sheet=asked.sheet,
        )
    )


@get(
    f"{ROOT}/connections",
    operation_id="listMyConnections",
    tags=TAGS,
    summary="One's own connections and how they do",
    opt=said("我的供货连接与健康度"),
)
async def connections_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> MyConnectionList:
    return MyConnectionList([connection_out(c) for c in await own.list_connections(env, actor)])


@get(
    f"{ROOT}/connections/{{connection_id:str}}/troubles",
    operation_id="listMyTroubles",
    tags=TAGS,
    summary="Purchases by a connection that failed or are not known to have been made, newest first",
    opt=said("供货异常记录（按时间倒序）", "", SupplyRefusal.connection_not_found, RequestRefusal.not_found),
)
async def troubles_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[MyTroubleOut]:
    found = await own.list_troubles(
        env, actor, number(connection_id), before=after(cursor) or LAST, size=sized(size)
    )
    return page(found, size, trouble_out, lambda t: t.id)


@post(
    f"{ROOT}/connections/{{connection_id:str}}/try",
    operation_id="tryMyConnection",
    tags=TAGS,
    summary="Let the mall call one's own program once: it asks for the mall's balance",
    opt=said(
        "测试我的接口（查询商城在您处的余额）",
        "",
        SupplyRefusal.connection_not_found,
        SupplyRefusal.by_people,
        SupplyRefusal.supplier_unreachable,
        SupplyRefusal.supplier_said_no,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def try_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
) -> BalanceOut:
    id_ = number(connection_id)
    balance_e4 = await own.try_own(env, purchasing, actor, id_)
    [kept] = [c for c in await own.list_connections(env, actor) if c.id == id_]
    return BalanceOut(Money(money.text(balance_e4), kept.currency))


ROUTES = [
    home_route,
    offers_route,
    totals_route,
    export_route,
    sheet_route,
    bring_route,
    connections_route,
    troubles_route,
    try_route,
]
