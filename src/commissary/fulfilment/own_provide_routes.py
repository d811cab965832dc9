"""What is asked of a supplier, before his own people; beside what `provide_routes` has for them and for the mall's. The supplier
is the session's."""

from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.table_file import TableRefusal
from commissary.base.wire import BINARY, XLSX, said
from commissary.fulfilment.buy import Buying
from commissary.fulfilment.provide_sheet import LIMITS, Came, provide_sheet
from commissary.fulfilment.types import FulfilmentRefusal, ProvidedStatus
from commissary.tenancy.types import Actor

Talks = NamedDependency[SkipValidation[Buying]]
FILE = {"text/csv": BINARY, XLSX: BINARY}


class ProvidedLineOut(msgspec.Struct, frozen=True):
    """`pieces` are the codes that the sheet has for the request. `code` is that of a refusal, `zh` and `en` say it."""

    purchase_id: str
    line: int
    pieces: int
    status: ProvidedStatus
    code: str
    zh: str
    en: str


class ProvidedResultsOut(msgspec.Struct, frozen=True):
    dry_run: bool
    refused: int
    items: list[ProvidedLineOut]


@post(
    "/console/v1/own/supply-requests/results",
    operation_id="provideMyRequests",
    tags=["Own: supply"],
    summary="Provide many requests at once by a sheet: our number, and a code a line or a receipt",
    description="The body is the file: CSV, text or .xlsx. Each request is taken by itself; the same sheet again is answered as it was.",
    opt=said(
        "批量回传供货结果（表格）",
        "请求体即文件：CSV、文本或 .xlsx，列为我方单号与卡密（一行一张）或凭证号。逐单处理，重复上传返回原结果。",
        FulfilmentRefusal.results_unreadable,
        FulfilmentRefusal.results_too_many,
        *TableRefusal,
        takes=FILE,
    ),
    request_max_body_size=LIMITS.bytes_max,
    status_code=200,
)
async def results_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buying: Talks,
    request: Request[Any, Any, Any],
    file_name: Annotated[str, QueryParameter(description="The file's name, for people", max_length=200)] = "",
    dry_run: Annotated[bool, QueryParameter(description="Only say what would be refused")] = False,
) -> ProvidedResultsOut:
    tenancy.require(actor, "own.supply.write")  # before a large body is taken in
    content = await request.body()
    came = await provide_sheet(env, buying, actor, content, file_name=file_name, dry_run=dry_run)
    return ProvidedResultsOut(dry_run, sum(c.status == "refused" for c in came), [_out(c) for c in came])


def _out(c: Came) -> ProvidedLineOut:
    why = c.refusal
    code, zh, en = ("", "", "") if why is None else (why.code, why.zh, why.en)
    return ProvidedLineOut(c.ref, c.line, c.pieces, c.status, code, zh, en)


ROUTES = [results_route]
