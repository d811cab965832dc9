"""The queue of work by hand and of held orders for the console; the work log for partners too."""

from datetime import timedelta
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.params import (
    FromPath,
    FromQuery,
    HeaderParameter,
    JSONBody,
    PathParameter,
    SkipValidation,
)

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.listing import Listed, Place, Sorted, Totals, Typed, listed
from commissary.base.wire import Size, number, said, sized
from commissary.fulfilment import (
    evidence_routes,
    fix_routes,
    listing,
    own_provide_routes,
    provide_routes,
    purchase_routes,
    restock_routes,
    route_routes,
)
from commissary.fulfilment.listing import WorkQuery
from commissary.fulfilment.log import tried, work_log
from commissary.fulfilment.review import approve, block, reverse
from commissary.fulfilment.types import FulfilmentRefusal, Waits
from commissary.fulfilment.wire import (
    ApproveIn,
    BlockIn,
    ClaimIn,
    ClaimOut,
    DeliverIn,
    FailIn,
    FieldsOut,
    LogPage,
    ReverseIn,
    SettledOut,
    WorkOut,
    log_out,
    settled_out,
    work_out,
)
from commissary.fulfilment.work import claim, deliver, fail, give_back, reveal_fields
from commissary.orders.types import Mode, OrderRefusal
from commissary.stock.types import Code
from commissary.tenancy.types import Actor, Caller, TenancyRefusal

Buyer = NamedDependency[SkipValidation[Caller]]
Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="Any text of your own; the same again changes nothing",
        schema_extra={"min_length": 1},
    ),
]
LineNo = Annotated[int, PathParameter(ge=0, le=2**15 - 1)]


def work_query(
    q: Typed = None,
    status: FromQuery[list[Waits] | None] = None,
    sku_id: FromQuery[str | None] = None,
    buyer_id: FromQuery[str | None] = None,
    mode: FromQuery[Mode | None] = None,
    mine: FromQuery[bool] = False,
    status_not: FromQuery[list[Waits] | None] = None,
    sku_id_not: FromQuery[str | None] = None,
    buyer_id_not: FromQuery[str | None] = None,
    mode_not: FromQuery[Mode | None] = None,
) -> WorkQuery:
    """The filters, the same for the list and its totals."""
    return WorkQuery(
        q=q or "",
        status=tuple(dict.fromkeys(status or ("waiting", "working"))),
        sku_id=number(sku_id) if sku_id else None,
        buyer_id=number(buyer_id) if buyer_id else None,
        mode=mode,
        mine=mine,
        status_not=tuple(dict.fromkeys(status_not or ())),
        sku_id_not=number(sku_id_not) if sku_id_not else None,
        buyer_id_not=number(buyer_id_not) if buyer_id_not else None,
        mode_not=mode_not,
    )


FILTERED = {"wanted": Provide(work_query, sync_to_thread=False)}


@get(
    "/console/v1/work",
    operation_id="listWork",
    tags=["Work"],
    summary="Lines that need a person, by any of their filters",
    description="`q` is the buyer's number, the last four of an account, or begins the order's. Sorted by `created_at` or `amount`; the oldest "
    "first if nothing is said.",
    opt=said(
        "需要人工处理的订单行（按条件筛选）",
        "`q` 为客户订单号、充值账号后四位或订单号开头；可按 `created_at`、`amount` 排序，默认最早在前。",
        RequestRefusal.not_found,
    ),
    dependencies=FILTERED,
)
async def work_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[WorkQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[WorkOut]:
    sized(size)
    found, expected = await listing.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, work_out, lambda w: listing.cursor_of(w, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/work/totals",
    operation_id="totalWork",
    tags=["Work"],
    summary="How many lines match, and what their buyers pay for them",
    opt=said("符合条件的行数与金额合计", "", RequestRefusal.not_found),
    dependencies=FILTERED,
)
async def work_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[WorkQuery]
) -> Totals:
    return await listing.totals(env, actor, wanted)


@post(
    "/console/v1/work/{order_id:str}/{line_no:int}/claim",
    operation_id="claimWork",
    tags=["Work"],
    summary="Take a line, or renew one's claim",
    opt=said(
        "领取订单行或续期",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        FulfilmentRefusal.asks_buyer,
        FulfilmentRefusal.claimed_by_other,
        OrderRefusal.wrong_state,
    ),
    status_code=200,
)
async def claim_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    line_no: LineNo,
    data: JSONBody[ClaimIn],
) -> ClaimOut:
    lasting = timedelta(minutes=data.minutes)
    return ClaimOut(await claim(env, actor, _order(order_id), line_no, lasting))


@post(
    "/console/v1/work/{order_id:str}/{line_no:int}/give-back",
    operation_id="giveBackWork",
    tags=["Work"],
    summary="Put a claimed line back into the queue",
    opt=said(
        "退回已领取的订单行",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        FulfilmentRefusal.not_claimed,
        OrderRefusal.wrong_state,
    ),
    status_code=200,
)
async def give_back_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str], line_no: LineNo
) -> SettledOut:
    return settled_out(await give_back(env, actor, _order(order_id), line_no))


@post(
    "/console/v1/work/{order_id:str}/{line_no:int}/fields",
    operation_id="revealWorkFields",
    tags=["Work"],
    summary="The top-up fields in clear; every look is recorded",
    opt=said(
        "查看充值信息明文（每次查看均有记录）",
        "",
        TenancyRefusal.step_up_required,
        TenancyRefusal.reveals_locked,
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        FulfilmentRefusal.not_claimed,
        FulfilmentRefusal.no_fields,
        OrderRefusal.wrong_state,
    ),
    status_code=200,
)
async def fields_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str], line_no: LineNo
) -> FieldsOut:
    return FieldsOut(await reveal_fields(env, actor, _order(order_id), line_no))


@post(
    "/console/v1/work/{order_id:str}/{line_no:int}/deliver",
    operation_id="deliverWork",
    tags=["Work"],
    summary="Deliver a claimed line, in whole or in part",
    opt=said(
        "交付已领取的订单行（可部分交付）",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        FulfilmentRefusal.not_claimed,
        FulfilmentRefusal.code_known,
        OrderRefusal.wrong_state,
        OrderRefusal.wrong_quantity,
    ),
    status_code=200,
)
async def deliver_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    line_no: LineNo,
    data: JSONBody[DeliverIn],
    idempotency_key: Key = "",
) -> SettledOut:
    settled = await deliver(
        env,
        actor,
        _order(order_id),
        line_no,
        data.quantity,
        codes=[Code(c.secret, c.number) for c in data.codes],
        receipt=data.receipt,
        cost_e4=None if data.cost is None else money.parse(data.cost.amount),
        idempotency_key=idempotency_key,
    )
    return settled_out(settled)


@post(
    "/console/v1/work/{order_id:str}/{line_no:int}/fail",
    operation_id="failWork",
    tags=["Work"],
    summary="Say that a claimed line cannot be delivered",
    opt=said(
        "标记已领取的订单行无法交付",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        FulfilmentRefusal.not_claimed,
        OrderRefusal.wrong_state,
    ),
    status_code=200,
)
async def fail_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    line_no: LineNo,
    data: JSONBody[FailIn],
    idempotency_key: Key = "",
) -> SettledOut:
    key = idempotency_key
    return settled_out(await fail(env, actor, _order(order_id), line_no, data.reason, idempotency_key=key))


@post(
    "/console/v1/orders/{order_id:str}/approve",
    operation_id="approveOrder",
    tags=["Work"],
    summary="Let held or short lines go on",
    opt=said(
        "放行暂挂或缺货的订单行",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.wrong_state,
        OrderRefusal.line_not_found,
        OrderRefusal.wrong_quantity,
    ),
    status_code=200,
)
async def approve_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    data: JSONBody[ApproveIn],
) -> list[SettledOut]:
    settled = await approve(
        env, actor, _order(order_id), data.line_no, even_below_floor=data.even_below_floor
    )
    return [settled_out(s) for s in settled]


@post(
    "/console/v1/orders/{order_id:str}/block",
    operation_id="blockOrder",
    tags=["Work"],
    summary="Cancel what risk has held",
    opt=said(
        "取消被风控暂挂的订单",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.wrong_state,
        OrderRefusal.line_not_found,
    ),
    status_code=200,
)
async def block_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str], data: JSONBody[BlockIn]
) -> list[SettledOut]:
    return [settled_out(s) for s in await block(env, actor, _order(order_id), data.reason)]


@post(
    "/console/v1/orders/{order_id:str}/reverse",
    operation_id="reverseLine",
    tags=["Work"],
    summary="Return the money of a delivery that was none",
    opt=said(
        "退回未实际送达的交付款项",
        "",
        OrderRefusal.order_not_found,
        OrderRefusal.line_not_found,
        OrderRefusal.key_missing,
        OrderRefusal.key_reused,
        OrderRefusal.wrong_state,
    ),
    status_code=200,
)
async def reverse_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    order_id: FromPath[str],
    data: JSONBody[ReverseIn],
    idempotency_key: Key = "",
) -> SettledOut:
    return settled_out(
        await reverse(env, actor, _order(order_id), data.line_no, data.reason, idempotency_key)
    )


@get(
    "/console/v1/orders/{order_id:str}/log",
    operation_id="getWorkLogForConsole",
    tags=["Work"],
    summary="What was done for an order",
    opt=said("订单处理记录", "", OrderRefusal.order_not_found),
)
async def console_log_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], order_id: FromPath[str]
) -> LogPage:
    staff = tenancy.allows(actor, "orders.read")
    if not staff:
        tenancy.require_for(actor, "orders.read", actor.organisation_id)
    buyer = None if staff else actor.organisation_id
    entries = await work_log(env, actor.mall_id, _order(order_id), buyer)
    return log_out(entries, await tried(env, actor.mall_id, _order(order_id)))


@get(
    "/v1/orders/{order_id:str}/log",
    operation_id="getWorkLog",
    tags=["Orders"],
    summary="What was done for an order",
    description="Oldest first, each entry in Chinese and English.",
    opt=said("订单处理记录", "按时间正序，每条含中英文。", OrderRefusal.order_not_found),
)
async def log_route(env: NamedDependency[Env], caller: Buyer, order_id: FromPath[str]) -> LogPage:
    tenancy.require_scope(caller, "orders:read")
    entries = await work_log(env, caller.key.mall_id, _order(order_id), caller.key.organisation_id)
    return log_out(entries, await tried(env, caller.key.mall_id, _order(order_id)))


def _order(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63:
        return int(text)
    raise Refused(OrderRefusal.order_not_found)


def _after(cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return 0, 0
    order_id, _, line_no = cursor.partition(".")
    if not (line_no.isascii() and line_no.isdigit() and len(line_no) <= 4):
        raise invalid("cursor", "not a cursor of this list / 游标无效")
    return number(order_id), int(line_no)


ROUTES = [
    work_route,
    work_totals_route,
    claim_route,
    give_back_route,
    fields_route,
    deliver_route,
    fail_route,
    approve_route,
    block_route,
    reverse_route,
    console_log_route,
    log_route,
    *fix_routes.ROUTES,
    *purchase_routes.ROUTES,
    *evidence_routes.ROUTES,
    *route_routes.ROUTES,
    *provide_routes.ROUTES,
    *own_provide_routes.ROUTES,
    *restock_routes.ROUTES,
]
