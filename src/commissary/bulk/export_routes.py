"""Files that go out, in the console."""

from datetime import datetime

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from commissary import approvals
from commissary.approvals.types import Request
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import XLSX, Cursor, Page, Size, after, number, page, said, sized
from commissary.bulk import codes_out, export, store
from commissary.bulk.types import MOST_DOWNLOADS, BulkRefusal, Export, ExportFormat, ExportList, Filter
from commissary.tenancy.types import Actor, TenancyRefusal

MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX, "zip": "application/zip"}


class ExportIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that `filter` matches: the names and texts of the list's own parameters; `account_id` of transfers, `book_id` of
    prices, `batch_id` of codes. `zip`: codes in clear, encrypted (AES-256); as `csv` and `xlsx` they are masked."""

    list: ExportList
    format: ExportFormat = "xlsx"
    filter: Filter = {}


class ExportOut(msgspec.Struct, frozen=True):
    """`downloads_left` within the day that it lives. `sha256` is of the file as it is fetched."""

    id: str
    list: ExportList
    format: ExportFormat
    file_name: str
    rows: int | None
    bytes: int | None
    sha256: str | None
    job_id: str
    made_at: datetime
    ready_at: datetime | None
    expires_at: datetime
    downloads_left: int


class ExportKeyOut(msgspec.Struct, frozen=True):
    """Shown once."""

    password: str

    def __repr__(self) -> str:
        return "ExportKeyOut(…)"


@post(
    "/console/v1/exports",
    operation_id="beginExport",
    tags=["Exports"],
    summary="A file of everything that matches, by a job",
    description="Orders, buyers, transfers, audit and codes want a fresh proof of who asks; so do their files. Codes in clear wait for a "
    "second person, unless the mall's rule says otherwise.",
    opt=said(
        "导出全部符合条件的记录（后台任务）",
        "订单、客户、流水、审计与卡密的导出及下载须近期身份验证；明文卡密默认须他人复核。",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
        asks=True,
    ),
)
async def begin_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    data: JSONBody[ExportIn],
) -> Response[ExportOut]:
    if (data.list, data.format) == ("codes", "zip"):
        export.require(env, actor, "codes")
        done = await acts.ask(env, actor, codes_out.of(data.filter))
        return approvals.waits(done) if isinstance(done, Request) else Response(_out(done))
    return Response(_out(await export.begin(env, actor, data.list, data.format, data.filter)))


@get(
    "/console/v1/exports",
    operation_id="listExports",
    tags=["Exports"],
    summary="One's own exports, newest first",
    opt=said("本人的导出（按时间倒序）"),
)
async def exports_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[ExportOut]:
    found = await export.list_exports(env, actor, before=after(cursor) or store.ID_MAX, size=sized(size))
    return page(found, size, _out, lambda e: e.id)


@get(
    "/console/v1/exports/{export_id:str}",
    operation_id="getExport",
    tags=["Exports"],
    summary="One export",
    opt=said("查询导出", "", RequestRefusal.not_found, BulkRefusal.export_not_found),
)
async def export_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], export_id: FromPath[str]
) -> ExportOut:
    return _out(await export.get_export(env, actor, number(export_id)))


@post(
    "/console/v1/exports/{export_id:str}/fetch",
    operation_id="fetchExport",
    tags=["Exports"],
    summary="The file itself, three times within a day; each time is counted and audited",
    opt=said(
        "下载导出文件（24 小时内最多 3 次，每次计数并留痕）",
        "",
        RequestRefusal.not_found,
        BulkRefusal.export_not_found,
        TenancyRefusal.step_up_required,
        BulkRefusal.export_not_ready,
        BulkRefusal.export_gone,
        gives="application/octet-stream",
    ),
    status_code=200,
    media_type="application/octet-stream",
)
async def fetch_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], export_id: FromPath[str]
) -> Response[bytes]:
    found, data = await export.fetch(env, actor, number(export_id))
    return Response(
        data,
        media_type=MEDIA[found.format],
        headers={
            "content-disposition": f'attachment; filename="{found.file_name}"',
            "cache-control": "no-store",
        },
    )


@post(
    "/console/v1/exports/{export_id:str}/password",
    operation_id="showExportPassword",
    tags=["Exports"],
    summary="The password of an encrypted file, shown once",
    opt=said(
        "加密导出文件的密码（仅显示一次）",
        "",
        RequestRefusal.not_found,
        BulkRefusal.export_not_found,
        TenancyRefusal.step_up_required,
        BulkRefusal.export_not_ready,
        BulkRefusal.export_gone,
    ),
    status_code=200,
)
async def password_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], export_id: FromPath[str]
) -> ExportKeyOut:
    return ExportKeyOut(await export.show_password(env, actor, number(export_id)))


def _out(found: Export) -> ExportOut:
    left = MOST_DOWNLOADS - found.downloads if found.has_file else 0
    return ExportOut(
        str(found.id),
        found.list,
        found.format,
        found.file_name,
        found.rows,
        found.size,
        None if found.sha256 is None else found.sha256.hex(),
        str(found.job_id),
        found.made_at,
        found.ready_at,
        found.expires_at,
        left,
    )


ROUTES = [begin_route, exports_route, export_route, fetch_route, password_route]
