"""Acts on many in the console: looked at, then done by a job."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary.base.env import Env
from commissary.base.errors import Refusal, RequestRefusal
from commissary.base.money import Money
from commissary.base.wire import Cursor, Id, Page, Size, after, number, page, said, sized
from commissary.bulk import act as acting
from commissary.bulk.acts import Effects, Subject
from commissary.bulk.types import Act, ActAction, ActList, BulkRefusal, Filter, Item, ItemState
from commissary.tenancy.types import Actor, TenancyRefusal

Value = Annotated[str, msgspec.Meta(max_length=500)]


class SubjectIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`line_no` of a line of an order, in the list of work."""

    id: Id
    line_no: Annotated[int, msgspec.Meta(ge=0, le=2**15 - 1)] = 0


class BulkIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To these `subjects`, or to everything that `filter` matches: the names and texts of the list's own parameters. `dry_run`: only
    say what it would do. `expected`: as many matched when it was looked at; refused if it is another number by now."""

    action: ActAction
    subjects: Annotated[list[SubjectIn], msgspec.Meta(min_length=1, max_length=1_000)] | None = None
    filter: Filter | None = None
    args: dict[str, Value] = {}
    dry_run: bool = False
    expected: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


class SkippedOut(msgspec.Struct, frozen=True):
    """`reason` is `already`, or the code of what would refuse it."""

    reason: str
    count: int


class BulkOut(msgspec.Struct, frozen=True):
    """`acting` of `matched` would change, the others are `skipped`. `pieces`: codes, articles or messages; `sums`: what they amount
    to. Null ids: nothing was begun."""

    act_id: str | None
    job_id: str | None
    matched: int
    acting: int
    pieces: int
    skipped: list[SkippedOut]
    sums: dict[str, Money]


class ActOut(msgspec.Struct, frozen=True):
    """`counts` of its items by their status."""

    id: str
    list: ActList
    action: ActAction
    args: dict[str, str]
    filter: Filter | None
    total: int
    counts: dict[str, int]
    job_id: str
    made_by: str
    made_at: datetime


class ItemOut(msgspec.Struct, frozen=True):
    """`n` is its place; `reason` the code of a refusal."""

    n: int
    subject_id: str
    line_no: int
    status: ItemState
    reason: str
    detail: str


def _said(zh: str, *more: Refusal) -> dict[str, Any]:
    return said(
        zh,
        "先以 `dry_run` 预览影响，再执行；后台任务逐项处理，逐项给出结果。",
        RequestRefusal.not_found,
        BulkRefusal.nothing_matches,
        BulkRefusal.too_many_subjects,
        BulkRefusal.matched_otherwise,
        BulkRefusal.nothing_to_do,
        *more,
    )


TOLD = "Look at what it would do with `dry_run`, then do it: a job goes through them one by one, each with its own result."


@post(
    "/console/v1/skus/bulk",
    operation_id="actOnSkus",
    tags=["Bulk"],
    summary="List, delist or set a field of many SKUs",
    description=f"{TOLD} `set_tax_category` and `set_max_quantity` take their value in `args`.",
    opt=_said("批量操作商品：上架、下架、设置字段"),
    status_code=200,
)
async def skus_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BulkIn]
) -> BulkOut:
    return await _do(env, actor, "skus", data)


@post(
    "/console/v1/batches/bulk",
    operation_id="actOnBatches",
    tags=["Bulk"],
    summary="Freeze, unfreeze or void many batches",
    description=f"{TOLD} `args.reason` is kept. To void wants a fresh proof of who asks.",
    opt=_said("批量操作批次：冻结、解冻、作废", TenancyRefusal.step_up_required),
    status_code=200,
)
async def batches_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BulkIn]
) -> BulkOut:
    return await _do(env, actor, "batches", data)


@post(
    "/console/v1/buyers/bulk",
    operation_id="actOnBuyers",
    tags=["Bulk"],
    summary="Give many buyers a tier, suspend or resume them",
    description=f"{TOLD} `args.tier_id` is a tier's id, or `none`.",
    opt=_said("批量操作客户：设置等级、停用、恢复"),
    status_code=200,
)
async def buyers_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BulkIn]
) -> BulkOut:
    return await _do(env, actor, "buyers", data)


@post(
    "/console/v1/orders/bulk",
    operation_id="actOnOrders",
    tags=["Bulk"],
    summary="Cancel many orders, or send what was told of them again",
    description=f"{TOLD} `cancel` takes `args.reason`.",
    opt=_said("批量操作订单：取消、重发通知"),
    status_code=200,
)
async def orders_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BulkIn]
) -> BulkOut:
    return await _do(env, actor, "orders", data)


@post(
    "/console/v1/work/bulk",
    operation_id="actOnWork",
    tags=["Bulk"],
    summary="Give many lines back, or fail them",
    description=f"{TOLD} `fail` takes `args.reason`, which buyers see.",
    opt=_said("批量操作人工订单：退回、判定失败"),
    status_code=200,
)
async def work_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[BulkIn]
) -> BulkOut:
    return await _do(env, actor, "work", data)


@get(
    "/console/v1/bulk-acts/{act_id:str}",
    operation_id="getBulkAct",
    tags=["Bulk"],
    summary="An act on many, with how far it is",
    opt=said("查询批量操作", "", RequestRefusal.not_found, BulkRefusal.act_not_found),
)
async def act_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], act_id: FromPath[str]
) -> ActOut:
    return _act(await acting.get_act(env, actor, number(act_id)))


@get(
    "/console/v1/bulk-acts/{act_id:str}/items",
    operation_id="listBulkActItems",
    tags=["Bulk"],
    summary="What became of each, in the order in which they are done",
    opt=said("批量操作逐项结果", "", RequestRefusal.not_found, BulkRefusal.act_not_found),
)
async def items_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    act_id: FromPath[str],
    status: FromQuery[ItemState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[ItemOut]:
    found = await acting.items_of(
        env, actor, number(act_id), state=status, after=after(cursor), size=sized(size)
    )
    return page(found, size, _item, lambda i: i.n)


@get(
    "/console/v1/bulk-acts/{act_id:str}/result",
    operation_id="exportBulkActResult",
    tags=["Bulk"],
    summary="What became of each, as CSV",
    opt=said(
        "导出批量操作逐项结果（CSV）",
        "",
        RequestRefusal.not_found,
        BulkRefusal.act_not_found,
        gives="text/csv",
    ),
    media_type="text/csv",
)
async def result_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], act_id: FromPath[str]
) -> Response[bytes]:
    return Response(
        await acting.result_csv(env, actor, number(act_id)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="act-{number(act_id)}.csv"'},
    )


async def _do(env: Env, actor: Actor, list_: ActList, asked: BulkIn) -> BulkOut:
    subjects: list[Subject] | None = None
    if asked.subjects is not None:
        subjects = [(int(s.id), s.line_no) for s in asked.subjects]
    given = None if subjects is not None else (asked.filter or {})
    if asked.dry_run:
        wanted, effects = await acting.look(
            env, actor, list_, asked.action, asked.args, subjects=subjects, given=given
        )
        return _out(None, len(wanted), effects)
    begun, effects = await acting.begin(
        env, actor, list_, asked.action, asked.args, subjects=subjects, given=given, expected=asked.expected
    )
    return _out(begun, begun.total, effects)


def _out(begun: Act | None, matched: int, effects: Effects) -> BulkOut:
    return BulkOut(
        None if begun is None else str(begun.id),
        None if begun is None else str(begun.job_id),
        matched,
        effects.acting,
        effects.pieces,
        [SkippedOut(reason, count) for reason, count in effects.skipped.most_common()],
        effects.sums(),
    )


def _act(found: Act) -> ActOut:
    return ActOut(
        str(found.id),
        found.list,
        found.action,
        dict(found.args),
        None if found.query is None else dict(found.query),
        found.total,
        dict(found.counts),
        str(found.job_id),
        str(found.made_by),
        found.made_at,
    )


def _item(item: Item) -> ItemOut:
    return ItemOut(item.n, str(item.subject_id), item.line_no, item.state, item.reason, item.detail)


ROUTES = [
    skus_route,
    batches_route,
    buyers_route,
    orders_route,
    work_route,
    act_route,
    items_route,
    result_route,
]
