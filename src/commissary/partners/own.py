"""The console of a buyer's own people: whoever signed in for a buying company acts for it and for nobody else.

Routes below `/console/v1/own/` take `OWN`. Their organisation is the session's and is never a parameter, so another's
rows cannot be asked for; what the partner API does for a key, the same function does for a person.
"""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.http import request_id
from commissary.partners.departments import company_of, wallet_of
from commissary.tenancy.types import Actor, Caller


async def as_buyer(
    env: NamedDependency[Env], actor: NamedDependency[Actor], request: Request[Any, Any, Any]
) -> Caller:
    """Charged is his department, if he belongs to one. Refuses forbidden for the mall's own staff and for suppliers,
    buyer_suspended."""
    async with env.db.transaction(actor.mall_id) as tx:
        company = await company_of(tx, actor)
        wallet = await wallet_of(tx, actor, company)
    rid = request.scope.setdefault("state", {}).setdefault("request_id", request_id())
    return tenancy.caller_of(actor, company.home_id, wallet, str(rid))


OWN = {"caller": Provide(as_buyer)}
