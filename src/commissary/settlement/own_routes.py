"""The settlement with a supplier in the console of his own people. The supplier is the session's."""

from typing import Annotated, Any

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import BINARY, Cursor, Page, Size, after, number, page, said, sized
from commissary.settlement import objections, own, store
from commissary.settlement.objection_routes import file_answer
from commissary.settlement.own_wire import (
    MyDifferenceOut,
    MyLineOut,
    MyPaymentOut,
    ObjectionIn,
    ObjectionOut,
    difference_out,
    line_out,
    objection_out,
    payment_out,
)
from commissary.settlement.types import ObjectionState, SettlementRefusal
from commissary.settlement.wire import DayOut, StatementOut, day_of, day_out, statement_out
from commissary.tenancy.types import Actor

ROOT = "/console/v1/own"
AT = f"{ROOT}/connections/{{connection_id:str}}"
TAGS = ["Own: settlement"]
UNKNOWN = (SettlementRefusal.connection_unknown, RequestRefusal.not_found)
FileName = Annotated[str, QueryParameter(description="The file's name, for people", max_length=200)]


@get(
    f"{AT}/days",
    operation_id="listMySettlementDays",
    tags=TAGS,
    summary="Days of one's own connection, newest first",
    opt=said("对账日列表（我方）", "", *UNKNOWN),
)
async def days_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[DayOut]:
    connection = number(connection_id)
    currency = (await own.own_account(env, actor, connection)).currency
    before = store.LAST_DAY if cursor is None else day_of(cursor)
    found = await own.own_days(env, actor, connection, before=before, size=sized(size))
    return page(found, size, lambda d: day_out(d, currency), lambda d: d.day.isoformat())


@get(
    f"{AT}/statements",
    operation_id="listMySupplierStatements",
    tags=TAGS,
    summary="Statements of one's own connection as the mall has them, newest first",
    opt=said("商城收到的我方对账单", "", *UNKNOWN),
)
async def statements_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[StatementOut]:
    connection = number(connection_id)
    currency = (await own.own_account(env, actor, connection)).currency
    before = after(cursor) or store.LAST
    found = await own.own_statements(env, actor, connection, before=before, size=sized(size))
    return page(found, size, lambda s: statement_out(s, currency), lambda s: s.id)


@get(
    f"{AT}/days/{{day:str}}/lines",
    operation_id="listMyStatementLines",
    tags=TAGS,
    summary="The lines of a day's statement, each beside the mall's books",
    opt=said("某日对账单逐行：我方、商城与差额", "", *UNKNOWN, SettlementRefusal.statement_missing),
)
async def lines_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[MyLineOut]:
    connection, place = number(connection_id), min(after(cursor), 2**31 - 1)
    currency = (await own.own_account(env, actor, connection)).currency
    found = await own.own_lines(env, actor, connection, day_of(day), after=place, size=sized(size))
    return page(found, size, lambda x: line_out(x, currency), lambda x: x.line_no)


@get(
    f"{AT}/days/{{day:str}}/differences",
    operation_id="listMyDifferences",
    tags=TAGS,
    summary="What differs on a day, also what the statement has not",
    opt=said("某日差异（含对账单中没有的采购）", "", *UNKNOWN),
)
async def differences_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[MyDifferenceOut]:
    found = await own.own_differences(
        env, actor, number(connection_id), day_of(day), after=after(cursor), size=sized(size)
    )
    return page(found, size, difference_out, lambda d: d.id)


@get(
    f"{AT}/days/{{day:str}}/papers",
    operation_id="exportMyDay",
    tags=TAGS,
    summary="A day as a zip: its sums, the hash of the mall's evidence, and every line beside the mall's books",
    opt=said(
        "下载某日对账（汇总、证据摘要与逐行）",
        "",
        *UNKNOWN,
        SettlementRefusal.day_not_found,
        gives="application/zip",
    ),
    media_type="application/zip",
)
async def papers_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
) -> Response[bytes]:
    connection, of = number(connection_id), day_of(day)
    return Response(
        await own.own_papers(env, actor, connection, of),
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="settlement-{connection}-{of}.zip"'},
    )


@get(
    f"{AT}/payments",
    operation_id="listMyPayments",
    tags=TAGS,
    summary="What the mall paid by one's own connection, and back, newest first",
    opt=said("商城付款记录（我方）", "", *UNKNOWN),
)
async def payments_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[MyPaymentOut]:
    connection = number(connection_id)
    currency = (await own.own_account(env, actor, connection)).currency
    before = after(cursor) or store.LAST
    found = await own.own_payments(env, actor, connection, before=before, size=sized(size))
    return page(found, size, lambda p: payment_out(p, currency), lambda p: p.id)


@post(
    f"{AT}/days/{{day:str}}/objections",
    operation_id="objectToMyDay",
    tags=TAGS,
    summary="Object to a line of a day, or to a purchase that differs",
    description="The mall's people see it beside the difference; the day is not closed before they have answered.",
    opt=said(
        "对某行或某笔采购提出异议",
        "商城对账人员会在差异旁看到；答复之前该日不能结账。",
        *UNKNOWN,
        SettlementRefusal.day_closed,
        SettlementRefusal.statement_missing,
        SettlementRefusal.line_not_found,
        SettlementRefusal.difference_not_found,
        SettlementRefusal.objection_open,
    ),
)
async def object_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
    data: JSONBody[ObjectionIn],
) -> ObjectionOut:
    purchase = None if data.purchase_id is None else number(data.purchase_id)
    made = await objections.object_to(
        env, actor, number(connection_id), day_of(day), data.note, line_no=data.line, attempt_id=purchase
    )
    return objection_out(made)


@put(
    f"{ROOT}/objections/{{objection_id:str}}/file",
    operation_id="keepMyObjectionFile",
    tags=TAGS,
    summary="Add a document to an objection; the body is the file, at most 2 MB",
    opt=said(
        "上传异议凭证（请求体即文件，不超过 2 MB）",
        "",
        RequestRefusal.not_found,
        SettlementRefusal.objection_not_found,
        SettlementRefusal.objection_answered,
        SettlementRefusal.objection_file_too_large,
        takes={"application/octet-stream": BINARY},
    ),
    request_max_body_size=objections.FILE_MAX + 1,
)
async def keep_file_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    request: Request[Any, Any, Any],
    objection_id: FromPath[str],
    file_name: FileName = "",
) -> ObjectionOut:
    tenancy.require(actor, "own.supply.write")  # before a large body is taken in
    content = await request.body()
    return objection_out(await objections.keep_file(env, actor, number(objection_id), content, file_name))


@get(
    f"{ROOT}/objections",
    operation_id="listMyObjections",
    tags=TAGS,
    summary="One's own objections and the mall's answers, newest first",
    opt=said("我的对账异议与答复", "", RequestRefusal.not_found),
)
async def objections_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    status: FromQuery[ObjectionState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[ObjectionOut]:
    own.supplier_of(actor)
    before = after(cursor) or store.LAST
    found = await objections.list_objections(env, actor, state=status, before=before, size=sized(size))
    return page(found, size, objection_out, lambda o: o.id)


@get(
    f"{ROOT}/objections/{{objection_id:str}}/file",
    operation_id="getMyObjectionFile",
    tags=TAGS,
    summary="The document of one's own objection",
    opt=said(
        "下载我的异议凭证",
        "",
        RequestRefusal.not_found,
        SettlementRefusal.objection_not_found,
        SettlementRefusal.objection_without_file,
        gives="application/octet-stream",
    ),
    media_type="application/octet-stream",
)
async def file_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], objection_id: FromPath[str]
) -> Response[bytes]:
    own.supplier_of(actor)
    return file_answer(*await objections.read_file(env, actor, number(objection_id)))


ROUTES = [
    days_route,
    statements_route,
    lines_route,
    differences_route,
    papers_route,
    payments_route,
    object_route,
    keep_file_route,
    objections_route,
    file_route,
]
