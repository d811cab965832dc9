"""What a new mall still lacks, for the console's first page."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from commissary.base.env import Env
from commissary.base.wire import said
from commissary.insight.steps import first_steps
from commissary.insight.types import FirstStep
from commissary.tenancy.types import Actor


class FirstStepOut(msgspec.Struct, frozen=True):
    step: FirstStep
    done: bool


class FirstStepList(msgspec.Struct, frozen=True):
    """In the order in which they are taken. `done`: all of them."""

    items: list[FirstStepOut]
    done: bool


@get(
    "/console/v1/first-steps",
    operation_id="firstSteps",
    tags=["Sessions"],
    summary="What a mall has already of what it needs before it sells",
    description="Looked up in its goods, stock, prices, buyers, keys and orders each time.",
    opt=said("开业步骤完成情况", "每次按商品、库存、价格、客户、密钥与订单的实际数据计算。"),
)
async def first_steps_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> FirstStepList:
    found = await first_steps(env, actor)
    return FirstStepList([FirstStepOut(step, done) for step, done in found.items()], all(found.values()))


ROUTES = [first_steps_route]
