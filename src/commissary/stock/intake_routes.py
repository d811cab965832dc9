"""What suppliers' people brought, before the mall's: released, or sent back."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.stock import intakes
from commissary.stock.intake_wire import IntakeOut, ReleaseIn, intake_out
from commissary.stock.types import IntakeState, StockRefusal
from commissary.stock.wire import ReasonIn
from commissary.tenancy.types import Actor

NOES = (
    RequestRefusal.not_found,
    StockRefusal.intake_decided,
    StockRefusal.batch_receiving,
    StockRefusal.batch_recalled,
)


@get(
    "/console/v1/intakes",
    operation_id="listIntakes",
    tags=["Stock"],
    summary="What suppliers' people brought to the vault, newest first",
    opt=said("供应商送仓（按时间倒序）", "", RequestRefusal.not_found),
)
async def intakes_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    status: FromQuery[IntakeState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[IntakeOut]:
    tenancy.require(actor, "stock.read")
    found = await intakes.list_intakes(
        env, actor, state=status, before=after(cursor) or None, size=sized(size)
    )
    return page(found, size, intake_out, lambda i: i.id)


@post(
    "/console/v1/intakes/{intake_id:str}/release",
    operation_id="releaseIntake",
    tags=["Stock"],
    summary="Sell from now on what a supplier brought",
    opt=said("放行供应商送仓的卡密（开始销售）", "", *NOES),
    status_code=200,
)
async def release_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    intake_id: FromPath[str],
    data: JSONBody[ReleaseIn],
) -> IntakeOut:
    return intake_out(await intakes.release(env, actor, number(intake_id), data.reason))


@post(
    "/console/v1/intakes/{intake_id:str}/refuse",
    operation_id="refuseIntake",
    tags=["Stock"],
    summary="Send back what a supplier brought",
    opt=said("退回供应商送仓的卡密", "", *NOES),
    status_code=200,
)
async def refuse_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    intake_id: FromPath[str],
    data: JSONBody[ReasonIn],
) -> IntakeOut:
    return intake_out(await intakes.refuse(env, actor, number(intake_id), data.reason))


ROUTES = [intakes_route, release_route, refuse_route]
