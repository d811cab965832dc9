"""What would happen now to a line of a SKU, for the console."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter, SkipValidation

from commissary import supply
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.money import Money
from commissary.base.wire import number, said
from commissary.fulfilment.route import Route, Source, route
from commissary.fulfilment.types import RouteEnd
from commissary.supply.types import ConnectionState, Exhausted, Strategy
from commissary.tenancy.types import Actor

Talks = NamedDependency[SkipValidation[supply.Purchasing]]
Quantity = Annotated[int, QueryParameter(description="Of how many pieces", ge=1, le=1_000_000)]


class RoutePolicyOut(msgspec.Struct, frozen=True):
    """As it was set, or the default, of version 0."""

    strategy: Strategy
    tries: int
    exhausted: Exhausted
    patience_s: int
    version: int


class RouteSourceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`unit_cost` in the mall's currency, as is `score`: what a piece will have cost, failures and waiting included;
    null: it is left out, for `excluded`. `first_bp`: for what share of lines it would be asked first. `turn`: when it
    would be, if all before it failed."""

    offer_id: str
    connection_id: str
    connection_name: str
    connection_state: ConnectionState
    supplier_id: str
    good_id: str
    good_name: str
    unit_cost: Money
    score: Money | None
    excluded: str
    told: str
    first_bp: int
    turn: int | None
    weight: int
    canary_bp: int
    on: bool
    success_bp: int
    latency_ms: int
    version: int


class RouteOut(msgspec.Struct, frozen=True, kw_only=True):
    """`in_stock` null: no end of it. `most_unit_cost`: the dearest at which the price has its margin; null: no price is set.
    `end`: delivered from stock, bought, waits for a supplier within the patience, or fails or goes to people at once."""

    sku_id: str
    quantity: int
    in_stock: int | None
    unit_price: Money | None
    most_unit_cost: Money | None
    policy: RoutePolicyOut
    sources: list[RouteSourceOut]
    end: RouteEnd


@get(
    "/console/v1/skus/{sku_id:str}/route",
    operation_id="routeSku",
    tags=["Supply"],
    summary="Whom a SKU would be bought from now, and why",
    description="By the rules that buying itself goes by. Nothing is bought, and no supplier is asked. With `buyer_id` at "
    "his price, else at the list's.",
    opt=said(
        "采购路由模拟：此刻会向谁采购及原因",
        "与实际采购使用同一规则；不产生采购，也不询问供应商。填写 `buyer_id` 按该客户的价格，否则按标价",
        RequestRefusal.not_found,
    ),
)
async def route_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    purchasing: Talks,
    sku_id: FromPath[str],
    quantity: Quantity = 1,
    buyer_id: FromQuery[str | None] = None,
) -> RouteOut:
    buyer = number(buyer_id) if buyer_id else None
    found = await route(env, purchasing, actor, number(sku_id), quantity=quantity, buyer_id=buyer)
    market = await purchasing.market(actor.mall_id)
    return _out(sku_id, found, market)


def _out(sku_id: str, found: Route, market: supply.Market) -> RouteOut:
    def amount(value_e4: int | None) -> Money | None:
        return None if value_e4 is None else money.of(value_e4, found.currency)

    policy = found.policy
    return RouteOut(
        sku_id=sku_id,
        quantity=found.quantity,
        in_stock=found.in_stock,
        unit_price=amount(found.unit_price_e4),
        most_unit_cost=amount(found.most_unit_e4),
        policy=RoutePolicyOut(
            policy.strategy, policy.tries, policy.exhausted, policy.patience_s, policy.version
        ),
        sources=[_source_out(source, found.currency, market) for source in found.sources],
        end=found.end,
    )


def _source_out(source: Source, currency: str, market: supply.Market) -> RouteSourceOut:
    offer, weighed, held = source.offer, source.weighed, market.connections[source.offer.connection_id]
    # Without a rate the cost stands in the supplier's own money.
    paid_in = offer.currency if weighed.excluded == "no_rate" else currency
    fit = not weighed.excluded or weighed.excluded == "resting"
    return RouteSourceOut(
        offer_id=str(offer.id),
        connection_id=str(offer.connection_id),
        connection_name=held.kept.name,
        connection_state=held.kept.state,
        supplier_id=str(weighed.supplier_id),
        good_id=offer.good_id,
        good_name=offer.good_name,
        unit_cost=money.of(weighed.unit_cost_e4, paid_in),
        score=money.of(max(weighed.score, 0), currency) if fit else None,
        excluded=weighed.excluded,
        told=weighed.told,
        first_bp=source.first_bp,
        turn=source.turn,
        weight=offer.weight,
        canary_bp=offer.canary_bp,
        on=offer.state == "on",
        success_bp=held.success_bp,
        latency_ms=held.latency_ms,
        version=offer.version,
    )


ROUTES = [route_route]
