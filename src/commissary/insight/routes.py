"""The console's search for an order, by whatever number somebody has."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from commissary.base.env import Env
from commissary.base.home import home
from commissary.base.wire import said
from commissary.insight.cases import find_cases
from commissary.insight.wire import CaseList, case_out
from commissary.tenancy.types import Actor

Number = Annotated[
    str,
    QueryParameter(
        description="Of the order (id, order_no or the buyer's client_order_no), its decision, a transfer, a hold or a webhook",
        min_length=1,
        max_length=80,
    ),
]


@get(
    "/console/v1/cases",
    operation_id="findCases",
    tags=["Orders"],
    summary="The case file of an order, by any of its numbers",
    opt=said("按任一单号查询订单全档"),
)
async def cases_route(env: NamedDependency[Env], actor: NamedDependency[Actor], number: Number) -> CaseList:
    found = await find_cases(env, actor, number)
    return CaseList([case_out(home(actor.mall_id), case) for case in found])


ROUTES = [cases_route]
