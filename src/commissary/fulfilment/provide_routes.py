"""What is asked of suppliers who are people: in the console for the mall and for each supplier's people, under `/v1` for
their programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import tenancy
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.money import Money
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.fulfilment import provide as verbs
from commissary.fulfilment.buy import Buying
from commissary.fulfilment.purchase_routes import CodeIn
from commissary.fulfilment.types import FulfilmentRefusal
from commissary.orders.types import OrderRefusal
from commissary.stock.types import Code
from commissary.supply.types import Attempt, AttemptState, SupplyRefusal
from commissary.tenancy.types import Actor, Caller

Talks = NamedDependency[SkipValidation[Buying]]
Signed = NamedDependency[SkipValidation[Caller]]
TAGS = ["Suppliers who are people"]
NOES = (
    SupplyRefusal.attempt_not_found,
    SupplyRefusal.attempt_ended,
    SupplyRefusal.provide_too_late,
    SupplyRefusal.provided_in_check,
    FulfilmentRefusal.claimed_by_other,
    RequestRefusal.not_found,
)


class WantedOut(msgspec.Struct, frozen=True, kw_only=True):
    """`provide_before`: then it goes elsewhere, or the buyer has his money back. `holder`: who has it in hand until
    `held_until`. `fields`: of a top-up, for whoever has just taken it in hand, and for him alone."""

    id: str
    supplier_id: str
    sku_id: str
    good_id: str
    kind: str
    quantity: int
    unit_cost: Money
    status: AttemptState
    asked_at: datetime
    provide_before: datetime
    holder: str = ""
    held_until: datetime | None = None
    fields: dict[str, str] = {}


class ProvideIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All codes of it, or the receipt of a top-up."""

    codes: Annotated[list[CodeIn], msgspec.Meta(max_length=1000)] = []
    receipt: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def __repr__(self) -> str:
        return "ProvideIn(…)"


class CannotIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ProvidedOut(msgspec.Struct, frozen=True):
    """`status`: succeeded; failed, when it was refused; unknown, as long as the mall looks at what was provided."""

    id: str
    status: AttemptState
    cost: Money | None


@get(
    "/console/v1/supply-requests",
    operation_id="listSupplyRequests",
    tags=TAGS,
    summary="What is asked of suppliers who are people, the oldest first",
    opt=said("待供货请求（最早的在前）", "", RequestRefusal.not_found),
)
async def wanted_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buying: Talks,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[WantedOut]:
    found = await verbs.list_wanted(env, buying, actor, after=after(cursor), size=sized(size))
    return page(found, size, wanted_out, lambda w: w.attempt.id)


@post(
    "/console/v1/supply-requests/{purchase_id:str}/take",
    operation_id="takeSupplyRequest",
    tags=TAGS,
    summary="Take it in hand for a while; with the fields of a top-up",
    opt=said("领取供货请求（充值信息仅领取人可见）", "", *NOES),
    status_code=200,
)
async def take_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], buying: Talks, purchase_id: FromPath[str]
) -> WantedOut:
    return wanted_out(*await verbs.take_in_hand(env, buying, actor, number(purchase_id)))


@post(
    "/console/v1/supply-requests/{purchase_id:str}/give-back",
    operation_id="giveBackSupplyRequest",
    tags=TAGS,
    summary="Put it back, so that a colleague may take it",
    opt=said("放回供货请求（同事可领取）", "", *NOES),
    status_code=200,
)
async def give_back_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], buying: Talks, purchase_id: FromPath[str]
) -> WantedOut:
    return wanted_out(await verbs.give_back(env, buying, actor, number(purchase_id)))


@post(
    "/console/v1/supply-requests/{purchase_id:str}/provide",
    operation_id="provideSupplyRequest",
    tags=TAGS,
    summary="Provide its codes, or the receipt of its top-up",
    opt=said("提交卡密或充值凭证", "", *NOES, OrderRefusal.wrong_quantity),
    status_code=200,
)
async def provide_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buying: Talks,
    purchase_id: FromPath[str],
    data: JSONBody[ProvideIn],
) -> ProvidedOut:
    return await _provide(env, actor, buying, purchase_id, data)


@post(
    "/console/v1/supply-requests/{purchase_id:str}/refuse",
    operation_id="refuseSupplyRequest",
    tags=TAGS,
    summary="Say that it cannot be provided",
    opt=said("无法供货（说明原因）", "", *NOES),
    status_code=200,
)
async def refuse_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    buying: Talks,
    purchase_id: FromPath[str],
    data: JSONBody[CannotIn],
) -> ProvidedOut:
    return provided_out(await verbs.refuse(env, buying, actor, number(purchase_id), data.reason))


@get(
    "/v1/supply/requests",
    operation_id="listOwnRequests",
    tags=TAGS,
    summary="What is asked of you, the oldest first",
    opt=said("待我供货的请求（最早的在前）", "", RequestRefusal.not_found),
)
async def wanted_own_route(
    env: NamedDependency[Env], caller: Signed, buying: Talks, cursor: Cursor = None, size: Size = 50
) -> Page[WantedOut]:
    found = await verbs.list_wanted(
        env, buying, tenancy.program_of(caller), after=after(cursor), size=sized(size)
    )
    return page(found, size, wanted_out, lambda w: w.attempt.id)


@post(
    "/v1/supply/requests/{purchase_id:str}/take",
    operation_id="takeOwnRequest",
    tags=TAGS,
    summary="Take it in hand for a while; with the fields of a top-up",
    opt=said("领取供货请求（充值信息仅领取人可见）", "", *NOES),
    status_code=200,
)
async def take_own_route(
    env: NamedDependency[Env], caller: Signed, buying: Talks, purchase_id: FromPath[str]
) -> WantedOut:
    return wanted_out(*await verbs.take_in_hand(env, buying, tenancy.program_of(caller), number(purchase_id)))


@post(
    "/v1/supply/requests/{purchase_id:str}/give-back",
    operation_id="giveBackOwnRequest",
    tags=TAGS,
    summary="Put it back, so that a colleague may take it",
    opt=said("放回供货请求（同事可领取）", "", *NOES),
    status_code=200,
)
async def give_back_own_route(
    env: NamedDependency[Env], caller: Signed, buying: Talks, purchase_id: FromPath[str]
) -> WantedOut:
    actor = tenancy.program_of(caller)
    return wanted_out(await verbs.give_back(env, buying, actor, number(purchase_id)))


@post(
    "/v1/supply/requests/{purchase_id:str}/provide",
    operation_id="provideOwnRequest",
    tags=TAGS,
    summary="Provide its codes, or the receipt of its top-up",
    description="The same again is answered as it was, so it may be repeated when an answer was lost.",
    opt=said("提交卡密或充值凭证", "内容相同的重复提交返回原结果", *NOES, OrderRefusal.wrong_quantity),
    status_code=200,
)
async def provide_own_route(
    env: NamedDependency[Env],
    caller: Signed,
    buying: Talks,
    purchase_id: FromPath[str],
    data: JSONBody[ProvideIn],
) -> ProvidedOut:
    return await _provide(env, tenancy.program_of(caller), buying, purchase_id, data)


@post(
    "/v1/supply/requests/{purchase_id:str}/refuse",
    operation_id="refuseOwnRequest",
    tags=TAGS,
    summary="Say that you cannot provide it",
    opt=said("无法供货（说明原因）", "", *NOES),
    status_code=200,
)
async def refuse_own_route(
    env: NamedDependency[Env],
    caller: Signed,
    buying: Talks,
    purchase_id: FromPath[str],
    data: JSONBody[CannotIn],
) -> ProvidedOut:
    actor = tenancy.program_of(caller)
    return provided_out(await verbs.refuse(env, buying, actor, number(purchase_id), data.reason))


async def _provide(env: Env, actor: Actor, buying: Buying, purchase_id: str, data: ProvideIn) -> ProvidedOut:
    codes = [Code(c.secret, c.number) for c in data.codes]
    return provided_out(
        await verbs.provide(env, buying, actor, number(purchase_id), codes=codes, receipt=data.receipt)
    )


def wanted_out(w: verbs.Wanted, fields: dict[str, str] | None = None) -> WantedOut:
    a = w.attempt
    return WantedOut(
        id=a.ref,
        supplier_id=str(a.supplier_id),
        sku_id=str(a.sku_id),
        good_id=a.good_id,
        kind=a.kind,
        quantity=a.quantity,
        unit_cost=money.of(a.unit_cost_e4, a.currency),
        status=a.state,
        asked_at=a.called_at,
        provide_before=w.before,
        holder=w.holder,
        held_until=w.until,
        fields=fields or {},
    )


def provided_out(a: Attempt) -> ProvidedOut:
    return ProvidedOut(a.ref, a.state, None if a.cost_e4 is None else money.of(a.cost_e4, a.currency))


ROUTES = [
    wanted_route,
    take_route,
    give_back_route,
    provide_route,
    refuse_route,
    wanted_own_route,
    take_own_route,
    give_back_own_route,
    provide_own_route,
    refuse_own_route,
]
