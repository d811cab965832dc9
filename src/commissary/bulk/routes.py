"""Uploads in the console."""

from typing import Annotated, Any

from litestar import Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from commissary import approvals, tenancy
from commissary.approvals.types import Request as Asked
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.table_file import TableRefusal
from commissary.base.wire import BINARY, XLSX, Cursor, Page, Size, after, number, page, said, sized
from commissary.bulk import act_routes, export_routes, results, store, undo, upload
from commissary.bulk.commit import commit
from commissary.bulk.types import BYTES_MAX, BulkRefusal, Options, Row, Seen, Upload, UploadKind
from commissary.bulk.wire import (
    ColumnsIn,
    CommitIn,
    RepairsIn,
    UploadOut,
    UploadRow,
    how_of,
    options_of,
    upload_out,
    upload_row,
)
from commissary.catalog.types import CatalogRefusal
from commissary.pricing.types import PricingRefusal
from commissary.stock.types import StockRefusal
from commissary.tenancy.types import Actor

FILE = {"text/csv": BINARY, "text/plain": BINARY, XLSX: BINARY}
AnyRequest = Request[Any, Any, Any]
FileName = Annotated[str, QueryParameter(description="As it is called", min_length=1, max_length=200)]
Sheet = Annotated[str | None, QueryParameter(description="Of a workbook with several", max_length=100)]


async def _shown(env: Env, actor: Actor, found: Upload, seen: Seen | None = None) -> UploadOut:
    """With its first rows, and those that its report speaks of."""
    sample: list[Row] = []
    grid: list[Row] = []
    if found.has_source:
        sample = await upload.rows_of(env, actor, found, None)
        report = found.report
        if (
            found.state == "open"
            and report is not None
            and report.errors
            and upload.may_see_rows(actor, found)
        ):
            lines = [p.line for group in report.errors for p in group.problems]
            grid = await upload.rows_of(env, actor, found, lines)
    books = await upload.books_of(env, actor) if found.kind == "prices" else []
    undoing = await undo.waits_for(env, actor.mall_id, found)
    return upload_out(found, seen, sample, grid, books, undoing)


@post(
    "/console/v1/uploads",
    operation_id="uploadFile",
    tags=["Imports"],
    summary="Upload a file of codes, SKUs or prices; nothing is imported yet",
    description="CSV, TXT or XLSX as the body, or what was pasted as text. It is kept sealed for a day. For codes name the SKU.",
    opt=said(
        "上传卡密、商品或价格文件（尚不导入）",
        "请求体为 CSV、TXT、XLSX 文件或粘贴的文本；加密保存 24 小时。卡密须指定 `sku_id`。",
        RequestRefusal.not_found,
        StockRefusal.not_from_stock,
        BulkRefusal.columns_incomplete,
        BulkRefusal.rows_too_many,
        *TableRefusal,
        takes=FILE,
    ),
    request_max_body_size=BYTES_MAX,
)
async def upload_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    request: AnyRequest,
    kind: FromQuery[UploadKind],
    file_name: FileName = "pasted.txt",
    sku_id: FromQuery[str | None] = None,
    sheet: Sheet = None,
) -> UploadOut:
    tenancy.require(actor, upload.PERMISSION[kind])  # before a large body is taken in
    options = Options(sku_id=number(sku_id) if sku_id else None)
    made = await upload.upload(
        env, actor, kind, await request.body(), file_name, options=options, sheet=sheet
    )
    return await _shown(env, actor, *await upload.get_upload(env, actor, made.id))


@get(
    "/console/v1/uploads",
    operation_id="listUploads",
    tags=["Imports"],
    summary="Uploads of one kind, newest first",
    opt=said("导入文件列表（按时间倒序）"),
)
async def uploads_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    kind: FromQuery[UploadKind],
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[UploadRow]:
    found = await upload.list_uploads(
        env, actor, kind, before=after(cursor) or store.ID_MAX, size=sized(size)
    )
    return page(found, size, upload_row, lambda u: u.id)


@get(
    "/console/v1/uploads/{upload_id:str}",
    operation_id="getUpload",
    tags=["Imports"],
    summary="An upload: its columns, its dry run, its result",
    opt=said("查询导入文件：列、校验与结果", "", RequestRefusal.not_found, BulkRefusal.upload_not_found),
)
async def get_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], upload_id: FromPath[str]
) -> UploadOut:
    return await _shown(env, actor, *await upload.get_upload(env, actor, number(upload_id)))


@put(
    "/console/v1/uploads/{upload_id:str}/columns",
    operation_id="setUploadColumns",
    tags=["Imports"],
    summary="Say what the columns are, and what the file does not say itself",
    description="Remembered for files with the same headers.",
    opt=said(
        "指定各列含义与导入选项",
        "同样表头的文件会沿用。",
        RequestRefusal.not_found,
        BulkRefusal.upload_not_found,
        BulkRefusal.upload_ended,
        BulkRefusal.upload_waits,
        BulkRefusal.source_gone,
    ),
)
async def columns_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    upload_id: FromPath[str],
    data: JSONBody[ColumnsIn],
) -> UploadOut:
    options = None if data.options is None else options_of(data.options)
    await upload.set_layout(env, actor, number(upload_id), data.roles, options)
    return await _shown(env, actor, *await upload.get_upload(env, actor, number(upload_id)))


@patch(
    "/console/v1/uploads/{upload_id:str}/rows",
    operation_id="repairUpload",
    tags=["Imports"],
    summary="Mend rows in place, or leave them out",
    opt=said(
        "就地修正或剔除行",
        "",
        RequestRefusal.not_found,
        BulkRefusal.upload_not_found,
        BulkRefusal.upload_not_yours,
        BulkRefusal.upload_ended,
        BulkRefusal.upload_waits,
        BulkRefusal.source_gone,
        BulkRefusal.no_such_row,
        BulkRefusal.repairs_too_many,
    ),
)
async def repair_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    upload_id: FromPath[str],
    data: JSONBody[RepairsIn],
) -> UploadOut:
    rows = {r.line: None if r.cells is None else tuple(r.cells) for r in data.rows}
    await upload.repair(env, actor, number(upload_id), rows)
    return await _shown(env, actor, *await upload.get_upload(env, actor, number(upload_id)))


@post(
    "/console/v1/uploads/{upload_id:str}/check",
    operation_id="checkUpload",
    tags=["Imports"],
    summary="A dry run: what a commit would do, and which rows need which repair",
    opt=said(
        "校验导入文件（试运行）",
        "",
        RequestRefusal.not_found,
        BulkRefusal.upload_not_found,
        BulkRefusal.upload_ended,
        BulkRefusal.upload_waits,
        BulkRefusal.source_gone,
        BulkRefusal.columns_incomplete,
        BulkRefusal.rows_too_many,
        StockRefusal.not_from_stock,
        StockRefusal.supplier_unknown,
        StockRefusal.supplier_not_qualified,
        StockRefusal.shared_code_single,
        *TableRefusal,
    ),
    status_code=200,
)
async def check_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], upload_id: FromPath[str]
) -> UploadOut:
    await upload.check(env, actor, number(upload_id))
    return await _shown(env, actor, *await upload.get_upload(env, actor, number(upload_id)))


@post(
    "/console/v1/uploads/{upload_id:str}/commit",
    operation_id="commitUpload",
    tags=["Imports"],
    summary="Import what was checked, as a job: all of it or the good rows, now or at an instant to come",
    description="Prices that a rule puts before a second person wait for him instead (202) and are done in the transaction of his word.",
    opt=said(
        "提交导入（后台任务）：全部成功或仅有效行；立即或定时",
        "须经复核的价格导入返回 202 并等待审批，审批通过时在同一事务内生效。",
        RequestRefusal.not_found,
        BulkRefusal.upload_not_found,
        BulkRefusal.upload_ended,
        BulkRefusal.upload_waits,
        BulkRefusal.source_gone,
        BulkRefusal.not_checked,
        BulkRefusal.upload_has_errors,
        BulkRefusal.nothing_to_do,
        asks=True,
    ),
    status_code=200,
)
async def commit_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    upload_id: FromPath[str],
    data: JSONBody[CommitIn],
) -> Response[UploadOut]:
    done = await commit(env, acts, actor, number(upload_id), how_of(data), data.revision)
    if isinstance(done, Asked):
        return approvals.waits(done)
    return Response(await _shown(env, actor, *await upload.get_upload(env, actor, done.id)))


@post(
    "/console/v1/uploads/{upload_id:str}/undo",
    operation_id="undoUpload",
    tags=["Imports"],
    summary="Let what held before a sheet hold again",
    description="Prices that a rule puts before a second person wait for him instead (202), and are as they were with his word.",
    opt=said(
        "撤销一次商品或价格导入",
        "须经复核的价格撤销返回 202 并等待审批，审批通过时价格恢复原样。",
        RequestRefusal.not_found,
        RequestRefusal.conflict,
        BulkRefusal.upload_not_found,
        BulkRefusal.not_undoable,
        BulkRefusal.already_undone,
        PricingRefusal.no_such_change,
        PricingRefusal.already_undone,
        PricingRefusal.overtaken,
        PricingRefusal.below_floor,
        CatalogRefusal.sku_is_listed,
        CatalogRefusal.sku_is_deleted,
        CatalogRefusal.part_of_bundle,
        asks=True,
    ),
    status_code=200,
)
async def undo_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    upload_id: FromPath[str],
) -> Response[UploadOut]:
    done = await undo.undo(env, acts, actor, number(upload_id))
    if isinstance(done, Asked):
        return approvals.waits(done)
    return Response(await _shown(env, actor, *await upload.get_upload(env, actor, done.id)))


@delete(
    "/console/v1/uploads/{upload_id:str}",
    operation_id="discardUpload",
    tags=["Imports"],
    summary="Give an upload up; its bytes are gone",
    opt=said(
        "放弃导入文件并清除内容",
        "",
        RequestRefusal.not_found,
        BulkRefusal.upload_not_found,
        BulkRefusal.upload_ended,
        BulkRefusal.upload_waits,
    ),
    status_code=204,
)
async def discard_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], upload_id: FromPath[str]
) -> None:
    await upload.discard(env, actor, number(upload_id))


@get(
    "/console/v1/uploads/{upload_id:str}/result",
    operation_id="exportUploadResult",
    tags=["Imports"],
    summary="What became of each row, as CSV",
    opt=said(
        "导出逐行结果（CSV）", "", RequestRefusal.not_found, BulkRefusal.upload_not_found, gives="text/csv"
    ),
    media_type="text/csv",
)
async def result_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], upload_id: FromPath[str]
) -> Response[bytes]:
    return _csv(await results.result_csv(env, actor, number(upload_id)), f"result-{number(upload_id)}.csv")


@get(
    "/console/v1/uploads/{upload_id:str}/rejected",
    operation_id="exportRejectedRows",
    tags=["Imports"],
    summary="The rows that are not taken, in their own columns with an error beside them, as CSV",
    description="Of codes before the commit, and only for whoever uploaded them.",
    opt=said(
        "导出被拒行：原有列加错误列（CSV）",
        "卡密仅限提交前由上传者下载。",
        RequestRefusal.not_found,
        BulkRefusal.upload_not_found,
        BulkRefusal.upload_not_yours,
        BulkRefusal.source_gone,
        BulkRefusal.columns_incomplete,
        gives="text/csv",
    ),
    media_type="text/csv",
)
async def rejected_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], upload_id: FromPath[str]
) -> Response[bytes]:
    return _csv(
        await results.rejected_csv(env, actor, number(upload_id)), f"rejected-{number(upload_id)}.csv"
    )


def _csv(data: bytes, name: str) -> Response[bytes]:
    return Response(
        data,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = [
    upload_route,
    uploads_route,
    get_route,
    columns_route,
    repair_route,
    check_route,
    commit_route,
    undo_route,
    discard_route,
    result_route,
    rejected_route,
    *act_routes.ROUTES,
    *export_routes.ROUTES,
]
