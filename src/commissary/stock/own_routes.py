"""What a supplier's own people brought, before themselves. The supplier is the session's."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.stock import intakes
from commissary.stock.intake_wire import IntakeOut, intake_out
from commissary.stock.types import IntakeState
from commissary.tenancy.types import Actor

ROOT = "/console/v1/own/intakes"


@get(
    ROOT,
    operation_id="listMyIntakes",
    tags=["Own: supply"],
    summary="What one brought to the mall's vault, newest first",
    opt=said("我的送仓记录（按时间倒序）", "", RequestRefusal.not_found),
)
async def intakes_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    status: FromQuery[IntakeState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[IntakeOut]:
    tenancy.require(actor, "own.supply.read")
    found = await intakes.list_intakes(
        env, actor, state=status, before=after(cursor) or None, size=sized(size)
    )
    return page(found, size, intake_out, lambda i: i.id)


@get(
    f"{ROOT}/{{intake_id:str}}",
    operation_id="getMyIntake",
    tags=["Own: supply"],
    summary="One of what one brought, and whether the mall has released it",
    opt=said("查询送仓", "", RequestRefusal.not_found),
)
async def intake_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], intake_id: FromPath[str]
) -> IntakeOut:
    tenancy.require(actor, "own.supply.read")
    return intake_out(await intakes.get_intake(env, actor, number(intake_id)))


ROUTES = [intakes_route, intake_route]
