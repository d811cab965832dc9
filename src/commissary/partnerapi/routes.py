"""The mall's application with 闲管家, in the console. Faces themselves are no routes: see dispatch.py."""

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from commissary.base.env import Env
from commissary.base.wire import said
from commissary.partnerapi import applications
from commissary.partnerapi.wire import ApplicationIn, ApplicationOut
from commissary.partnerapi.xianguanjia import NAME
from commissary.tenancy.types import Actor

PATH = f"/console/v1/faces/{NAME}/application"


@get(
    PATH,
    operation_id="getXianguanjiaApplication",
    tags=["Partners"],
    summary="The mall's application with Xianguanjia",
    opt=said("闲管家应用"),
)
async def get_application(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> ApplicationOut:
    return ApplicationOut(await applications.application_of(env, actor, NAME))


@put(
    PATH,
    operation_id="enterXianguanjiaApplication",
    tags=["Partners"],
    summary="Enter the mall's application with Xianguanjia",
    opt=said("登记闲管家应用（AppKey、AppSecret）"),
)
async def enter_application(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ApplicationIn]
) -> ApplicationOut:
    told = await applications.enter_application(env, actor, NAME, data.app_id, data.app_secret)
    return ApplicationOut(told)


ROUTES = [get_application, enter_application]
