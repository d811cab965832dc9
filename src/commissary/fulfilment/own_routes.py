"""What became of an order, before the buyer's own people; and their corrections of what was wrong in it."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import partners, tenancy
from commissary.base.wire import said
from commissary.fulfilment import fix
from commissary.fulfilment.fix_routes import CORRECTING, Bought, CorrectIn, Desk, Key, LineNo, order_id_of
from commissary.fulfilment.routes import log_route
from commissary.fulfilment.wire import SettledOut, settled_out
from commissary.orders.types import OrderRefusal
from commissary.tenancy.types import Actor, Caller

ROOT = "/console/v1/own/orders"

log_twin = get(
    f"{ROOT}/{{order_id:str}}/log",
    operation_id="getMyWorkLog",
    tags=["Own: orders"],
    summary="What was done for an order",
    opt=said("订单处理记录", "", OrderRefusal.order_not_found),
    dependencies=partners.OWN,
)(log_route.fn)


@post(
    f"{ROOT}/{{order_id:str}}/lines/{{line_no:int}}/fields",
    operation_id="correctMyLine",
    tags=["Own: orders"],
    summary="Correct the fields of a line whose account was wrong",
    opt=said("更正充值信息", "", *CORRECTING),
    status_code=200,
    dependencies=partners.OWN,
)
async def correct_route(
    desk: Desk,
    buying: Bought,
    actor: NamedDependency[Actor],
    caller: NamedDependency[SkipValidation[Caller]],
    order_id: FromPath[str],
    line_no: LineNo,
    data: JSONBody[CorrectIn],
    idempotency_key: Key = "",
) -> SettledOut:
    tenancy.require_scope(caller, "orders:write")
    order = order_id_of(order_id)
    settled = await fix.correct_for(desk, actor, order, line_no, data.fields, idempotency_key, buying.nudge)
    return settled_out(settled)


ROUTES = [log_twin, correct_route]
