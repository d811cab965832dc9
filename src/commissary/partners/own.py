"""The console of a buyer's own people: whoever signed in for a buying company acts for it and for nobody else.

Routes below `/console/v1/own/` take `OWN`. Their organisation is the session's and is never a parameter, so another's
rows cannot be asked for; what the partner API does for a key, the same function does for a person.
"""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.http import request_id
from commissary.partners.buyers import Q
from commissary.partners.types import Buyer
from commissary.tenancy.types import Actor, AuthRefusal, Caller, TenancyRefusal


async def as_buyer(
    env: NamedDependency[Env], actor: NamedDependency[Actor], request: Request[Any, Any, Any]
) -> Caller:
    """Refuses forbidden for the mall's own staff and for suppliers, buyer_suspended."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.buyer, {"mall": actor.mall_id, "id": actor.organisation_id})
    if found is None:
        raise Refused(TenancyRefusal.forbidden)
    buyer = Buyer(*found)
    if buyer.status != "active":
        raise Refused(AuthRefusal.buyer_suspended)
    rid = request.scope.setdefault("state", {}).setdefault("request_id", request_id())
    return tenancy.caller_of(actor, buyer.home_id, buyer.account_id, str(rid))


OWN = {"caller": Provide(as_buyer)}
