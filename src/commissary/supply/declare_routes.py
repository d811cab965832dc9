"""What people declare to have: in the console by the mall or by the supplier himself, under `/v1` by his programs."""

from datetime import datetime

import msgspec
from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.money import Money
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.supply.declare import Declared, declare, list_declared
from commissary.supply.types import SupplyRefusal
from commissary.supply.wire import Stock
from commissary.tenancy.types import Actor, Caller

Signed = NamedDependency[SkipValidation[Caller]]


class DeclareIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`stock`: what you have now, what is asked of you already included. `unit_cost`: what a piece costs from now on;
    without: as before."""

    stock: Stock
    unit_cost: Money | None = None


class DeclaredOut(msgspec.Struct, frozen=True, kw_only=True):
    """`asked`: of `stock`, what is asked of you at the moment; `free`: what may still be sold. `held_cost`: the cost that
    you told last, when it waits for the mall because it jumped; nothing is bought meanwhile."""

    offer_id: str
    supplier_id: str
    good_id: str
    good_name: str
    sku_id: str
    kind: str
    unit_cost: Money
    held_cost: Money | None
    on: bool
    stock: int
    asked: int
    free: int
    declared_at: datetime | None


@get(
    "/console/v1/declared",
    operation_id="listDeclared",
    tags=["Suppliers who are people"],
    summary="What people offer, and what they declared to have",
    opt=said("人工供货：货源与申报库存", "", RequestRefusal.not_found),
)
async def declared_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[DeclaredOut]:
    found = await list_declared(env, actor, after=after(cursor), size=sized(size))
    return page(found, size, declared_out, lambda d: d.offer_id)


@put(
    "/console/v1/declared/{offer_id:str}",
    operation_id="declareStock",
    tags=["Suppliers who are people"],
    summary="Declare what a supplier has, and at what cost",
    description="`stock` is what he has now, what is asked of him already included.",
    opt=said(
        "人工供货：申报库存与成本",
        "库存为当前实有数量（含待供货请求）",
        SupplyRefusal.offer_not_found,
        SupplyRefusal.not_people,
        RequestRefusal.not_found,
    ),
)
async def declare_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    offer_id: FromPath[str],
    data: JSONBody[DeclareIn],
) -> DeclaredOut:
    return declared_out(await declare(env, actor, number(offer_id), **_told(data)))


@get(
    "/v1/supply/offers",
    operation_id="listOwnOffers",
    tags=["Suppliers who are people"],
    summary="Your offers, and what you declared to have",
    opt=said("我的货源与申报库存", "", RequestRefusal.not_found),
)
async def offers_own_route(
    env: NamedDependency[Env], caller: Signed, cursor: Cursor = None, size: Size = 50
) -> Page[DeclaredOut]:
    found = await list_declared(env, tenancy.program_of(caller), after=after(cursor), size=sized(size))
    return page(found, size, declared_out, lambda d: d.offer_id)


@put(
    "/v1/supply/offers/{offer_id:str}",
    operation_id="declareOwnStock",
    tags=["Suppliers who are people"],
    summary="Declare what you have, and at what cost",
    description="`stock` is what you have now, what is asked of you already included.",
    opt=said(
        "申报库存与成本",
        "库存为当前实有数量（含待供货请求）",
        SupplyRefusal.offer_not_found,
        RequestRefusal.not_found,
    ),
)
async def declare_own_route(
    env: NamedDependency[Env], caller: Signed, offer_id: FromPath[str], data: JSONBody[DeclareIn]
) -> DeclaredOut:
    return declared_out(await declare(env, tenancy.program_of(caller), number(offer_id), **_told(data)))


def _told(data: DeclareIn) -> dict[str, int]:
    cost = {} if data.unit_cost is None else {"unit_cost_e4": money.parse(data.unit_cost.amount)}
    return {"stock": data.stock} | cost


def declared_out(d: Declared) -> DeclaredOut:
    return DeclaredOut(
        offer_id=str(d.offer_id),
        supplier_id=str(d.supplier_id),
        good_id=d.good_id,
        good_name=d.good_name,
        sku_id=str(d.sku_id),
        kind=d.kind,
        unit_cost=money.of(d.unit_cost_e4, d.currency),
        held_cost=None if d.held_cost_e4 is None else money.of(d.held_cost_e4, d.currency),
        on=d.state == "on" and d.on_sale,
        stock=d.declared,
        asked=d.asked,
        free=d.free,
        declared_at=d.declared_at,
    )


ROUTES = [declared_route, declare_route, offers_own_route, declare_own_route]
