"""Statements that are asked of suppliers, in the console: how they come, what is waited for, one asked for now."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from commissary import supply
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.wire import Cursor, Page, Size, number, page, said, sized
from commissary.settlement import store
from commissary.settlement.pull import pull_day
from commissary.settlement.sources import get_source, list_expected, set_source
from commissary.settlement.types import Expected, SettlementRefusal, Source
from commissary.settlement.wire import StatementOut, day_of, statement_out
from commissary.supply.types import SupplyRefusal
from commissary.tenancy.types import Actor

AT = "/console/v1/connections/{connection_id:str}"
TAGS = ["Settlement"]
UNKNOWN = (SettlementRefusal.connection_unknown, RequestRefusal.not_found)
Talks = NamedDependency[SkipValidation[supply.Purchasing]]
Replace = Annotated[bool, QueryParameter(description="Instead of another statement of the day")]


class SourceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`hour` of the day after, in `zone` (the mall's, if left out): from then on the statement is asked for or, by file,
    missed."""

    by: Literal["file", "api"]
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 8
    zone: Annotated[str, msgspec.Meta(max_length=64)] = ""


class SourceOut(msgspec.Struct, frozen=True):
    """Without `expected` nothing is waited for."""

    by: Literal["file", "api"]
    hour: int
    zone: str
    expected: bool


class ExpectedOut(msgspec.Struct, frozen=True):
    """`error`: why the last request brought nothing; `told_at`: when the mall was told that it is missing."""

    day: date
    status: Literal["waiting", "done"]
    tries: int
    due_at: datetime
    error: str
    told_at: datetime | None
    ended_at: datetime | None


@put(
    f"{AT}/statement-source",
    operation_id="setStatementSource",
    tags=TAGS,
    summary="Say how a supplier's daily statements come: by file, or asked for",
    opt=said("设置供应商每日对账单来源：文件或接口", "", *UNKNOWN, SupplyRefusal.statement_not_told),
)
async def set_source_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
    data: JSONBody[SourceIn],
) -> SourceOut:
    told = Source(data.by, data.hour, data.zone)
    return _source_out(await set_source(env, actor, purchasing, number(connection_id), told))


@get(
    f"{AT}/statement-source",
    operation_id="getStatementSource",
    tags=TAGS,
    summary="How a supplier's daily statements come",
    opt=said("查询供应商每日对账单来源", "", *UNKNOWN),
)
async def source_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], connection_id: FromPath[str]
) -> SourceOut:
    return _source_out(await get_source(env, actor, number(connection_id)))


@get(
    f"{AT}/expected-statements",
    operation_id="listExpectedStatements",
    tags=TAGS,
    summary="Days whose statement is waited for or has come, newest first",
    opt=said("应到对账单列表", "", *UNKNOWN),
)
async def expected_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    connection_id: FromPath[str],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[ExpectedOut]:
    before = store.LAST_DAY if cursor is None else day_of(cursor)
    found = await list_expected(env, actor, number(connection_id), before=before, size=sized(size))
    return page(found, size, _expected_out, lambda e: e.day.isoformat())


@post(
    f"{AT}/days/{{day:str}}/statement/pull",
    operation_id="pullStatement",
    tags=TAGS,
    summary="Ask the supplier for a day's statement now, and match it",
    opt=said(
        "立即向供应商拉取某日对账单并对账",
        "",
        *UNKNOWN,
        SupplyRefusal.connection_not_found,
        SupplyRefusal.statement_not_told,
        SupplyRefusal.supplier_unreachable,
        SupplyRefusal.supplier_said_no,
        SettlementRefusal.statement_lines_faulty,
        SettlementRefusal.statement_too_long,
        SettlementRefusal.day_not_over,
        SettlementRefusal.day_closed,
        SettlementRefusal.day_has_statement,
        SettlementRefusal.day_decided,
        SettlementRefusal.statement_missing,
    ),
    status_code=200,
)
async def pull_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    connection_id: FromPath[str],
    day: FromPath[str],
    replace: Replace = False,
) -> StatementOut:
    connection, of = number(connection_id), day_of(day)
    made, job = await pull_day(env, actor, purchasing, connection, of, replace=replace)
    async with env.db.transaction(actor.mall_id) as tx:
        account, _ = await store.account(tx, home_of(actor.mall_id), connection)
    return statement_out(made, account.currency, job)


def _source_out(s: Source) -> SourceOut:
    return SourceOut(s.by, s.hour, s.zone, s.expected)


def _expected_out(e: Expected) -> ExpectedOut:
    return ExpectedOut(e.day, e.state, e.tries, e.due_at, e.error, e.told_at, e.ended_at)


ROUTES = [set_source_route, source_route, expected_route, pull_route]
