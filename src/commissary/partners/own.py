"""The console of a buyer's own people: whoever signed in for a buying company acts for it and for nobody else.

Routes below `/console/v1/own/` take `OWN`. Their organisation is the session's and is never a parameter, so another's
rows cannot be asked for; what the partner API does for a key, the same function does for a person. Routes that take `FOR_BUYER`
are the mall's own: the buyer is named in the path, and `orders.place` is asked for.
"""

from typing import Any

import msgspec
from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import request_id
from commissary.base.wire import number
from commissary.partners.departments import company_of, wallet_of
from commissary.partners.types import PartnerRefusal
from commissary.tenancy.types import Actor, Caller, TenancyRefusal


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


async def for_buyer(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    request: Request[Any, Any, Any],
    buyer_id: FromPath[str],
) -> Caller:
    """One of the mall's own people in a buyer's stead: the order is the buyer's, with his prices and from his main wallet, and
    keeps whose hands placed it. Codes are not shown to him. Refuses forbidden, not_found, buyer_not_active."""
    tenancy.require(actor, "orders.place")
    instead = msgspec.structs.replace(actor, organisation_id=number(buyer_id), permissions=_IN_STEAD)
    async with env.db.transaction(actor.mall_id) as tx:
        try:
            company = await company_of(tx, instead)
        except Refused as no:
            # Of the buyer, not of who asks.
            there = no.refusal is not TenancyRefusal.forbidden
            raise Refused(PartnerRefusal.buyer_not_active if there else RequestRefusal.not_found) from no
    rid = request.scope.setdefault("state", {}).setdefault("request_id", request_id())
    return tenancy.caller_of(instead, company.home_id, company.account_id, str(rid))


_IN_STEAD = frozenset({"own.orders.write", "own.orders.read"})
OWN = {"caller": Provide(as_buyer)}
FOR_BUYER = {"caller": Provide(for_buyer)}
