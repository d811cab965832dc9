"""Whether goods can be had for an account, asked without ordering."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from commissary import tenancy
from commissary.base.wire import said
from commissary.orders.desk import Desk
from commissary.orders.types import OrderRefusal
from commissary.orders.wire import AccountCheckIn, AccountCheckOut
from commissary.tenancy.types import Caller


@post(
    "/v1/account-checks",
    operation_id="checkAccount",
    tags=["Orders"],
    summary="Ask whether an account can be topped up",
    description=(
        "The same check as an order's, before anything is charged: `ok`, or the code of the refusal that an order would get. "
        "An account whose form is wrong is refused as in an order."
    ),
    opt=said(
        "充值账号预校验",
        "与下单时相同的校验：`ok`，或下单时会得到的拒绝代码；格式错误与下单时一样直接拒绝。",
        OrderRefusal.sku_unknown,
    ),
    status_code=200,
)
async def check_route(
    caller: NamedDependency[SkipValidation[Caller]],
    desk: NamedDependency[SkipValidation[Desk]],
    data: JSONBody[AccountCheckIn],
) -> AccountCheckOut:
    tenancy.require_scope(caller, "orders:write")
    no = await desk.check_account(caller, int(data.sku_id), data.fields)
    return AccountCheckOut(True) if no is None else AccountCheckOut(False, no.code, no.en, no.zh)


ROUTES = [check_route]
