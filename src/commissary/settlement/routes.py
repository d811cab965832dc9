"""Reconciliation with suppliers in the console, connection by connection and day by day."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.table_file import Limits, TableRefusal
from commissary.base.wire import BINARY, XLSX, Cursor, Page, Size, after, number, page, said, sized
from commissary.ledger.types import LedgerRefusal
from commissary.settlement import objection_routes, own_routes, payments, pull_routes, statements, store
from commissary.settlement.close import close, evidence, get_day, list_days
from commissary.settlement.reconcile import begin
from commissary.settlement.resolve import end_claim, list_claims, list_differences, resolve
from commissary.settlement.types import Kind, Mapping, SettlementRefusal
from commissary.settlement.wire import (
    ClaimOut,
    DayOut,
    DifferenceOut,
    EndClaimIn,
    LineOut,
    MappingIn,
    PayIn,
    PaymentOut,
    ResolveIn,
    StatementOut,
    SupplierAccountOut,
    account_out,
    claim_out,
    day_of,
    day_out,
    difference_out,
    line_out,
    payment_out,
    statement_out,
)
from commissary.tenancy.types import Actor, TenancyRefusal

AT = "/console/v1/connections/{connection_id:str}"
TAGS = ["Settlement"]
UNKNOWN = (SettlementRefusal.connection_unknown, RequestRefusal.not_found)
FILE = {"text/csv": BINARY, XLSX: BINARY}
BODY_MAX = Limits().bytes_max
FileName = Annotated[str, QueryParameter(description="The file's name, for people", max_length=200)]
Replace = Annotated[bool, QueryParameter(description="Instead of another statement of the day")]


@put(
    f"{AT}/statement-mapping",
    operation_id="setStatementMapping",
    tags=TAGS,
    summary="Say how a supplier's statements are written",
    opt=said("设置供应商对账单的列与状态映射", "", *UNKNOWN),
)
async def set_mapping_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    data: JSONBody[MappingIn],
) -> Mapping:
    told = Mapping(data.columns, data.statuses, data.amounts)
    return await statements.set_mapping(env, actor, number(connection_id), told)


@get(
    f"{AT}/statement-mapping",
    operation_id="getStatementMapping",
    tags=TAGS,
    summary="How a supplier's statements are written",
    opt=said("查询对账单映射", "", *UNKNOWN),
)
async def mapping_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], connection_id: FromPath[str]
) -> Mapping:
    return await statements.get_mapping(env, actor, number(connection_id))


@post(
    f"{AT}/days/{{day:str}}/statement",
    operation_id="importStatement",
    tags=TAGS,
    summary="Import a supplier's statement of a day and match it",
    description="The body is the file: CSV, text or .xlsx. Taken whole or refused line by line; the match runs as a job.",
    opt=said(
        "导入供应商某日对账单并开始对账",
        "请求体即文件：CSV、文本或 .xlsx。整份导入，有误则逐行指出并拒绝；对账以后台任务执行。",
        *UNKNOWN,
        SettlementRefusal.statement_columns_missing,
        SettlementRefusal.statement_lines_faulty,
        SettlementRefusal.statement_too_long,
        SettlementRefusal.day_closed,
        SettlementRefusal.day_has_statement,
        SettlementRefusal.day_decided,
        SettlementRefusal.statement_missing,
        *TableRefusal,
        takes=FILE,
    ),
    request_max_body_size=BODY_MAX,
    status_code=200,
)
async def import_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    request: Request[Any, Any, Any],
    connection_id: FromPath[str],
    day: FromPath[str],
    file_name: FileName = "",
    replace: Replace = False,
) -> StatementOut:
    tenancy.require(actor, "settlement.write")  # before a large body is taken in
    connection, of = number(connection_id), day_of(day)
    data = await request.body()
    made = await statements.import_statement(
        env, actor, connection, of, data, file_name=file_name, replace=replace
    )
    job = None if made.repeated else await begin(env, actor, connection, of)
    return statement_out(made, await _currency(env, actor, connection), job)


@get(
    f"{AT}/statements",
    operation_id="listSupplierStatements",
    tags=TAGS,
    summary="Statements of a connection, newest first",
    opt=said("供应商对账单列表", "", *UNKNOWN),
)
async def statements_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[StatementOut]:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    before = after(cursor) or store.LAST
    found = await statements.list_statements(env, actor, connection, before=before, size=sized(size))
    return page(found, size, lambda s: statement_out(s, currency), lambda s: s.id)


@get(
    f"{AT}/days/{{day:str}}/lines",
    operation_id="listStatementLines",
    tags=TAGS,
    summary="The lines of a day's statement, each with its class",
    opt=said("某日对账单逐行及分类", "", *UNKNOWN, SettlementRefusal.statement_missing),
)
async def lines_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[LineOut]:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    found = await statements.list_lines(
        env, actor, connection, day_of(day), after=min(after(cursor), 2**31 - 1), size=sized(size)
    )
    return page(found, size, lambda x: line_out(*x, currency), lambda x: x[0].line_no)


@get(
    f"{AT}/days",
    operation_id="listSettlementDays",
    tags=TAGS,
    summary="Days of a connection, newest first",
    opt=said("供应商对账日列表", "", *UNKNOWN),
)
async def days_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[DayOut]:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    before = store.LAST_DAY if cursor is None else day_of(cursor)
    found = await list_days(env, actor, connection, before=before, size=sized(size))
    return page(found, size, lambda d: day_out(d, currency), lambda d: d.day.isoformat())


@get(
    f"{AT}/days/{{day:str}}",
    operation_id="getSettlementDay",
    tags=TAGS,
    summary="How a day stands",
    opt=said("查询某日对账情况", "", *UNKNOWN, SettlementRefusal.day_not_found),
)
async def day_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
) -> DayOut:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    return day_out(await get_day(env, actor, connection, day_of(day)), currency)


@post(
    f"{AT}/days/{{day:str}}/reconcile",
    operation_id="reconcileDay",
    tags=TAGS,
    summary="Match a day again, as a job",
    opt=said(
        "重新对账（后台任务）",
        "",
        *UNKNOWN,
        SettlementRefusal.statement_missing,
        SettlementRefusal.day_closed,
    ),
    status_code=200,
)
async def reconcile_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
) -> dict[Literal["job_id"], str]:
    return {"job_id": str(await begin(env, actor, number(connection_id), day_of(day)))}


@post(
    f"{AT}/days/{{day:str}}/close",
    operation_id="closeDay",
    tags=TAGS,
    summary="Close a day for good",
    opt=said(
        "结账（不可撤销）",
        "",
        *UNKNOWN,
        SettlementRefusal.day_not_found,
        SettlementRefusal.statement_missing,
        SettlementRefusal.day_not_over,
        SettlementRefusal.earlier_day_open,
        SettlementRefusal.day_stale,
        SettlementRefusal.day_has_differences,
        SettlementRefusal.day_has_objections,
    ),
    status_code=200,
)
async def close_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
) -> DayOut:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    return day_out(await close(env, actor, connection, day_of(day)), currency)


@get(
    f"{AT}/days/{{day:str}}/evidence",
    operation_id="exportEvidence",
    tags=TAGS,
    summary="The evidence of a closed day, as a zip",
    opt=said("导出结账证据包", "", *UNKNOWN, SettlementRefusal.day_not_found, gives="application/zip"),
    media_type="application/zip",
)
async def evidence_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    day: FromPath[str],
) -> Response[bytes]:
    made = await evidence(env, actor, number(connection_id), day_of(day))
    name = f"settlement-{number(connection_id)}-{day_of(day)}.zip"
    return Response(
        made,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@get(
    "/console/v1/differences",
    operation_id="listDifferences",
    tags=TAGS,
    summary="What differs between suppliers' statements and our books, oldest first",
    opt=said("对账差异列表", "", *UNKNOWN),
)
async def differences_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromQuery[str | None] = None,
    day: FromQuery[str | None] = None,
    status: FromQuery[Literal["open", "resolved"] | None] = None,
    kind: FromQuery[Kind | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[DifferenceOut]:
    connection = None if connection_id is None else number(connection_id)
    if connection is not None:
        await payments.account_of(env, actor, connection)  # said of what is none
    found = await list_differences(
        env,
        actor,
        connection_id=connection,
        day=None if day is None else day_of(day),
        state=status,
        kind=kind,
        after=after(cursor),
        size=sized(size),
    )
    return page(found, size, difference_out, lambda d: d.id)


@post(
    "/console/v1/differences/{difference_id:str}/resolve",
    operation_id="resolveDifference",
    tags=TAGS,
    summary="Decide about a difference; what it posts is posted once",
    opt=said(
        "处理对账差异（只入账一次）",
        "",
        SettlementRefusal.difference_not_found,
        SettlementRefusal.difference_resolved,
        SettlementRefusal.not_late,
        SettlementRefusal.day_closed,
        LedgerRefusal.rate_missing,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def resolve_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    difference_id: FromPath[str],
    data: JSONBody[ResolveIn],
) -> DifferenceOut:
    return difference_out(await resolve(env, actor, number(difference_id), data.resolution, data.note))


@get(
    f"{AT}/claims",
    operation_id="listClaims",
    tags=TAGS,
    summary="What we dispute with a supplier, oldest first",
    opt=said("争议款列表", "", *UNKNOWN),
)
async def claims_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    status: FromQuery[Literal["waiting", "granted", "refused"] | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[ClaimOut]:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    found = await list_claims(
        env, actor, connection_id=connection, state=status, after=after(cursor), size=sized(size)
    )
    return page(found, size, lambda c: claim_out(c, currency), lambda c: c.id)


@post(
    "/console/v1/claims/{claim_id:str}/end",
    operation_id="endClaim",
    tags=TAGS,
    summary="The supplier has decided about a claim",
    opt=said(
        "了结争议款",
        "",
        SettlementRefusal.claim_not_found,
        SettlementRefusal.claim_ended,
        LedgerRefusal.rate_missing,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def end_claim_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    claim_id: FromPath[str],
    data: JSONBody[EndClaimIn],
) -> ClaimOut:
    made = await end_claim(env, actor, number(claim_id), data.outcome)
    return claim_out(made, await _currency(env, actor, made.connection_id))


@get(
    f"{AT}/account",
    operation_id="getSupplierAccount",
    tags=TAGS,
    summary="What is ours at a supplier, or owed to him, by our books",
    opt=said("供应商账户余额（我方账面）", "", *UNKNOWN),
)
async def account_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], connection_id: FromPath[str]
) -> SupplierAccountOut:
    return account_out(await payments.account_of(env, actor, number(connection_id)))


@post(
    f"{AT}/payments",
    operation_id="paySupplier",
    tags=TAGS,
    summary="Note money paid to a supplier, or back from him",
    opt=said(
        "登记对供应商的付款或退回",
        "",
        TenancyRefusal.step_up_required,
        *UNKNOWN,
        SettlementRefusal.payment_differs,
        LedgerRefusal.rate_missing,
    ),
    status_code=200,
)
async def pay_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    data: JSONBody[PayIn],
) -> PaymentOut:
    connection = number(connection_id)
    account = await payments.account_of(env, actor, connection)
    if data.amount.currency != account.currency:
        raise invalid(
            "amount.currency", f"the account is in {account.currency} / 账户币种为 {account.currency}"
        )
    amount_e4 = money.parse(data.amount.amount)
    own = await payments.own_currency_of(env, actor)
    if data.spent is not None and data.spent.currency != own:
        raise invalid("spent.currency", f"the mall keeps its books in {own} / 商城账簿币种为 {own}")
    spent_e4 = None if data.spent is None else money.parse(data.spent.amount)
    made = await payments.pay(env, actor, connection, amount_e4, data.reference, data.memo, spent_e4=spent_e4)
    return payment_out(made, account.currency, own)


@get(
    f"{AT}/payments",
    operation_id="listSupplierPayments",
    tags=TAGS,
    summary="Money paid to a supplier and back, newest first",
    opt=said("供应商付款记录", "", *UNKNOWN),
)
async def payments_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[PaymentOut]:
    connection = number(connection_id)
    currency = await _currency(env, actor, connection)
    before = after(cursor) or store.LAST
    found = await payments.list_payments(env, actor, connection, before=before, size=sized(size))
    own = await payments.own_currency_of(env, actor)
    return page(found, size, lambda p: payment_out(p, currency, own), lambda p: p.id)


async def _currency(env: Env, actor: Actor, connection_id: int) -> str:
    return (await payments.account_of(env, actor, connection_id)).currency


ROUTES = [
    *pull_routes.ROUTES,
    set_mapping_route,
    mapping_route,
    import_route,
    statements_route,
    lines_route,
    days_route,
    day_route,
    reconcile_route,
    close_route,
    evidence_route,
    differences_route,
    resolve_route,
    claims_route,
    end_claim_route,
    account_route,
    pay_route,
    payments_route,
    *objection_routes.ROUTES,
    *own_routes.ROUTES,
]
