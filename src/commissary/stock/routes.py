"""Batches, imports and what may be done to them, in the console."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from commissary import approvals, tenancy
from commissary.approvals.types import Request as Asked
from commissary.base import http, money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, When, listed, time_of
from commissary.base.table_file import TableRefusal
from commissary.base.wire import BINARY, Size, number, said, sized
from commissary.stock import (
    counts,
    guarded,
    intake_routes,
    listing,
    own_routes,
    upload,
)
from commissary.stock.card_file import CodeFileRefusal
from commissary.stock.freeze import freeze, recall, unfreeze
from commissary.stock.import_codes import import_codes
from commissary.stock.listing import BatchQuery
from commissary.stock.types import BatchState, ImportOptions, LotState, Moved, StockRefusal
from commissary.stock.wire import (
    BatchOut,
    ImportIn,
    ImportOut,
    MovedOut,
    RangeIn,
    ReasonIn,
    RecallIn,
    ShredIn,
    SummaryOut,
    batch_out,
    faults_csv,
    import_out,
    moved_out,
    summary_out,
)
from commissary.tenancy.types import Actor, TenancyRefusal

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
_options = msgspec.json.Decoder(ImportIn)


def batch_query(
    q: Typed = None,
    status: FromQuery[list[BatchState] | None] = None,
    lots: FromQuery[list[LotState] | None] = None,
    sku_id: FromQuery[str | None] = None,
    supplier_id: FromQuery[str | None] = None,
    expires_from: When = None,
    expires_to: When = None,
    status_not: FromQuery[list[BatchState] | None] = None,
    lots_not: FromQuery[list[LotState] | None] = None,
    sku_id_not: FromQuery[str | None] = None,
    supplier_id_not: FromQuery[str | None] = None,
) -> BatchQuery:
    """The filters, the same for the list and its totals."""
    return BatchQuery(
        q=q or "",
        status=tuple(dict.fromkeys(status or ())),
        lots=tuple(dict.fromkeys(lots or ())),
        sku_id=number(sku_id) if sku_id else None,
        supplier_id=number(supplier_id) if supplier_id else None,
        expires_from=time_of("expires_from", expires_from),
        expires_to=time_of("expires_to", expires_to),
        status_not=tuple(dict.fromkeys(status_not or ())),
        lots_not=tuple(dict.fromkeys(lots_not or ())),
        sku_id_not=number(sku_id_not) if sku_id_not else None,
        supplier_id_not=number(supplier_id_not) if supplier_id_not else None,
    )


FILTERED = {"wanted": Provide(batch_query, sync_to_thread=False)}


@get(
    "/console/v1/batches",
    operation_id="listBatches",
    tags=["Stock"],
    summary="Batches, by any of their filters",
    description="`q` is part of the source or begins the batch's number. `lots`: some of its codes are so. Sorted by `created_at`, `expires_at`, "
    "`unit_cost` or `received`; the latest first if nothing is said.",
    opt=said(
        "批次列表（按条件筛选）",
        "`q` 为来源的一部分或批次号开头；`lots` 为其部分卡密所处状态；可按 `created_at`、`expires_at`、`unit_cost`、`received` 排序，默认最新在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def batches_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[BatchQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[BatchOut]:
    sized(size)
    found, expected = await listing.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, batch_out, lambda b: listing.cursor_of(b, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/batches/totals",
    operation_id="totalBatches",
    tags=["Stock"],
    summary="How many batches match, and what their codes for sale cost",
    opt=said("符合条件的批次数与在售成本合计", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def batch_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[BatchQuery]
) -> Totals:
    return await listing.totals(env, actor, wanted)


@get(
    "/console/v1/batches/{batch_id:str}",
    operation_id="getBatch",
    tags=["Stock"],
    summary="One batch",
    opt=said("查询批次", "", RequestRefusal.not_found),
)
async def batch_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], batch_id: FromPath[str]
) -> BatchOut:
    return batch_out(await counts.get_batch(env, actor, number(batch_id)))


@get(
    "/console/v1/skus/{sku_id:str}/stock",
    operation_id="getStock",
    tags=["Stock"],
    summary="Stock of a SKU by state, expiry and batch",
    opt=said("商品库存（按状态、有效期与批次）", "", RequestRefusal.not_found),
)
async def stock_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], sku_id: FromPath[str]
) -> SummaryOut:
    return summary_out(await counts.summary(env, actor, number(sku_id)))


@post(
    "/console/v1/imports",
    operation_id="importCodes",
    tags=["Stock"],
    summary="Upload a file of codes: a form with the parts `options` (JSON) and `file`",
    opt=said(
        "上传卡密文件（表单含 `options`（JSON）与 `file`）",
        "",
        RequestRefusal.not_found,
        StockRefusal.not_from_stock,
        StockRefusal.supplier_unknown,
        StockRefusal.supplier_not_qualified,
        StockRefusal.shared_code_single,
        StockRefusal.import_options_differ,
        StockRefusal.import_running,
        CodeFileRefusal.layout_unclear,
        *TableRefusal,
        takes=FORM,
    ),
    request_max_body_size=upload.UPLOAD_MAX,
)
async def import_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], request: Request[Any, Any, Any]
) -> ImportOut:
    tenancy.require(actor, "stock.import")  # before a large body is taken in
    content_type = request.headers.get("content-type", "")
    options, name, content = await upload.read_upload(content_type, request.stream(), upload.UPLOAD_MAX)
    asked = http.decode(_options, options)
    report = await import_codes(
        env,
        actor,
        actor.mall_id,
        number(asked.sku_id),
        content,
        ImportOptions(
            unit_cost_e4=money.parse(asked.unit_cost),
            supplier_id=None if asked.supplier_id is None else number(asked.supplier_id),
            source=asked.source,
            expires_on=asked.expires_on,
            proof_name=asked.proof_name,
            proof_sha256=asked.proof_sha256,
            layout=asked.layout,
            sheet=asked.sheet,
        ),
        file_name=name,
        dry_run=asked.dry_run,
    )
    return import_out(report)


@get(
    "/console/v1/imports/{import_id:str}/faults",
    operation_id="exportFaults",
    tags=["Stock"],
    summary="Lines of an import that became no code, as CSV",
    opt=said("导出未入库的行（CSV）", "", RequestRefusal.not_found, gives="text/csv"),
    media_type="text/csv",
)
async def faults_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], import_id: FromPath[str]
) -> Response[bytes]:
    found = await counts.import_faults(env, actor, number(import_id))
    return Response(
        faults_csv(found),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="faults-{number(import_id)}.csv"'},
    )


@post(
    "/console/v1/batches/{batch_id:str}/freeze",
    operation_id="freezeBatch",
    tags=["Stock"],
    summary="Stop selling a batch",
    opt=said("冻结批次（停止销售）", "", RequestRefusal.not_found, StockRefusal.batch_receiving),
    status_code=200,
)
async def freeze_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    batch_id: FromPath[str],
    data: JSONBody[ReasonIn],
) -> MovedOut:
    return moved_out(await freeze(env, actor, number(batch_id), data.reason))


@post(
    "/console/v1/batches/{batch_id:str}/unfreeze",
    operation_id="unfreezeBatch",
    tags=["Stock"],
    summary="Sell a frozen batch again",
    opt=said(
        "解冻批次",
        "",
        RequestRefusal.not_found,
        StockRefusal.batch_receiving,
        StockRefusal.batch_recalled,
        StockRefusal.batch_of_intake,
    ),
    status_code=200,
)
async def unfreeze_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    batch_id: FromPath[str],
    data: JSONBody[ReasonIn],
) -> MovedOut:
    return moved_out(await unfreeze(env, actor, number(batch_id), data.reason))


@post(
    "/console/v1/batches/{batch_id:str}/recall",
    operation_id="recallBatch",
    tags=["Stock"],
    summary="Freeze a batch for good, name the ranges that are out, tell their holders, refund them if wished",
    description="If the money back needs a second person, that alone waits: the batch is recalled at once.",
    opt=said(
        "召回批次：列出已售区间、通知持有人，可选退款",
        "若退款须经复核，仅退款等待审批，批次立即召回。",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
        StockRefusal.batch_receiving,
        asks=True,
    ),
    status_code=200,
)
async def recall_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    batch_id: FromPath[str],
    data: JSONBody[RecallIn],
) -> Response[MovedOut]:
    tenancy.require(actor, "stock.freeze")
    tenancy.require_proof(env, actor)
    batch = number(batch_id)
    if not data.refund:
        return Response(moved_out(await recall(env, actor, batch, data.reason)))
    done = await acts.ask(env, actor, guarded.RefundRecall(batch, data.reason), data.reason)
    if isinstance(done, Asked):
        await recall(env, actor, batch, data.reason)  # only the money waits; the sale stops now
        return approvals.waits(done)
    return Response(moved_out(done))


@post(
    "/console/v1/batches/{batch_id:str}/void",
    operation_id="voidCodes",
    tags=["Stock"],
    summary="Write off a range of codes, as far as they are unsold",
    opt=said(
        "作废未售出的卡密区间",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
        StockRefusal.batch_receiving,
        StockRefusal.range_outside_batch,
        asks=True,
    ),
    status_code=200,
)
async def void_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    batch_id: FromPath[str],
    data: JSONBody[RangeIn],
) -> Response[MovedOut]:
    what = guarded.VoidCodes(number(batch_id), data.first, data.last, data.reason)
    return _moved(await acts.ask(env, actor, what, data.reason))


@post(
    "/console/v1/batches/{batch_id:str}/return",
    operation_id="returnToSupplier",
    tags=["Stock"],
    summary="Send a range of codes back to the supplier, as far as they are unsold",
    opt=said(
        "将未售出的卡密区间退回供应商",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
        StockRefusal.batch_receiving,
        StockRefusal.range_outside_batch,
        asks=True,
    ),
    status_code=200,
)
async def return_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    batch_id: FromPath[str],
    data: JSONBody[RangeIn],
) -> Response[MovedOut]:
    what = guarded.ReturnCodes(number(batch_id), data.first, data.last, data.reason)
    return _moved(await acts.ask(env, actor, what, data.reason))


@post(
    "/console/v1/batches/{batch_id:str}/shred",
    operation_id="shredBatch",
    tags=["Stock"],
    summary="Destroy a batch's data key: nobody reads its codes any more",
    opt=said(
        "销毁批次数据密钥（卡密永久不可读）",
        "",
        RequestRefusal.not_found,
        TenancyRefusal.step_up_required,
        StockRefusal.batch_receiving,
        StockRefusal.confirmation_wrong,
        StockRefusal.batch_has_unsold,
        asks=True,
    ),
    status_code=200,
)
async def shred_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    acts: approvals.Doing,
    batch_id: FromPath[str],
    data: JSONBody[ShredIn],
) -> Response[MovedOut]:
    what = guarded.ShredBatch(number(batch_id), data.confirmation, data.reason)
    return _moved(await acts.ask(env, actor, what, data.reason))


def _moved(done: Moved | Asked) -> Response[MovedOut]:
    return approvals.waits(done) if isinstance(done, Asked) else Response(moved_out(done))


ROUTES = [
    batches_route,
    batch_totals_route,
    batch_route,
    stock_route,
    import_route,
    faults_route,
    freeze_route,
    unfreeze_route,
    recall_route,
    void_route,
    return_route,
    shred_route,
    *intake_routes.ROUTES,
    *own_routes.ROUTES,
]
