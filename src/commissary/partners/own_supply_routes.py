"""A supplier's own keys, for his programs: they spend from no wallet."""

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import said
from commissary.partners import suppliers
from commissary.partners.wire import KeyIn, NewKeyOut, new_key_out
from commissary.tenancy.types import Actor


@post(
    "/console/v1/own/supply-keys",
    operation_id="issueMySupplyKey",
    tags=["Own: supply"],
    summary="An API key of one's own programs; its secret is shown once",
    opt=said("签发本企业供货程序的 API 密钥（密钥仅显示一次）", "", RequestRefusal.not_found),
)
async def issue_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[KeyIn]
) -> NewKeyOut:
    tenancy.require(actor, "own.supply.write")
    told = msgspec.structs.asdict(data)
    return new_key_out(*await suppliers.issue_supplier_key(env, actor, actor.organisation_id, **told))


ROUTES = [issue_route]
