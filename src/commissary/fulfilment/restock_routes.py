"""Buying for the shelf, for the console: policies and budgets, plans, the decision about one."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal, invalid
from commissary.base.money import Money
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.fulfilment.restock import approve_restock, get_restock, list_restocks, refuse_restock
from commissary.fulfilment.restock_policies import (
    list_restock_policies,
    restock_limits,
    set_restock_limits,
    set_restock_policy,
)
from commissary.fulfilment.types import (
    FulfilmentRefusal,
    PartState,
    Restock,
    RestockPart,
    RestockPolicy,
    RestockState,
    RestockTerms,
)
from commissary.fulfilment.wire import WeighedOut, weighed_out
from commissary.tenancy.types import Actor, TenancyRefusal

Pieces = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Days = Annotated[int, msgspec.Meta(ge=1, le=365)]
Version = Annotated[int, msgspec.Meta(ge=0)]


class RestockPolicyIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At or below `reorder_at` pieces, or what is sold in `reorder_days`, the shelf is filled up to `cover_days`. Amounts
    are in the mall's currency. `version`: the one you saw, 0 for a new policy."""

    active: bool = True
    reorder_at: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    reorder_days: Days | None = None
    cover_days: Days
    most_pieces: Pieces
    most_unit_cost: Money
    monthly_budget: Money
    approval_above: Money
    version: Version = 0


class RestockPolicyOut(msgspec.Struct, frozen=True, kw_only=True):
    """`sold_7`, `sold_28`: pieces ordered in so many days. `note`: why nothing was proposed at the last look."""

    sku_id: str
    active: bool
    reorder_at: int | None
    reorder_days: int | None
    cover_days: int
    most_pieces: int
    most_unit_cost: Money
    monthly_budget: Money
    approval_above: Money
    version: int
    set_by: str
    set_at: datetime
    sold_7: int
    sold_28: int
    note: str


class RestockLimitsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    monthly_budget: Money
    approval_above: Money
    version: Version = 0


class BudgetOut(msgspec.Struct, frozen=True):
    """`sku_id` null: the whole mall's. `late`: spent beyond the budget on purchases that had been made after all."""

    sku_id: str | None
    month: date
    limit: Money
    committed: Money
    spent: Money
    late: Money


class RestockLimitsOut(msgspec.Struct, frozen=True):
    """`version` 0: none are set, and nothing is bought for the shelf. `budgets`: this month's that were drawn on."""

    monthly_budget: Money
    approval_above: Money
    version: int
    budgets: list[BudgetOut]


class RestockWhyOut(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan was made of: pieces on the shelf, ordered in 7 and 28 days, and at or below which it is filled; what was left of
    the SKU's and of the mall's budget; every offer that was weighed."""

    available: int
    sold_7: int
    sold_28: int
    reorder_point: int
    left: list[Money]
    policy_version: int
    offers: list[WeighedOut]


class RestockOut(msgspec.Struct, frozen=True, kw_only=True):
    """`payload`: what an approval names."""

    id: str
    sku_id: str
    quantity: int
    unit_cost: Money
    amount: Money
    offer_id: str
    supplier_id: str
    why: RestockWhyOut
    payload: str
    made_by: str
    status: RestockState
    reason: str
    received: int
    decided_by: str
    proposed_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None


class RestockPartOut(msgspec.Struct, frozen=True, kw_only=True):
    n: int
    quantity: int
    status: PartState
    reason: str
    received: int
    cost: Money
    purchase_id: str | None
    batch_id: str | None


class RestockWholeOut(msgspec.Struct, frozen=True):
    plan: RestockOut
    parts: list[RestockPartOut]


class ApproveRestockIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    payload: Annotated[str, msgspec.Meta(min_length=64, max_length=64)]


class RefuseRestockIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""


@get(
    "/console/v1/restock/limits",
    operation_id="getRestockLimits",
    tags=["Supply"],
    summary="The mall's budget for filling the shelf, and what is used of this month's",
    opt=said("补货总预算与本月使用情况"),
)
async def limits_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> RestockLimitsOut:
    return await _limits(env, actor)


@put(
    "/console/v1/restock/limits",
    operation_id="setRestockLimits",
    tags=["Supply"],
    summary="Set the mall's monthly budget for filling the shelf",
    opt=said(
        "设置补货总预算与审批线", "", FulfilmentRefusal.restock_policy_changed, RequestRefusal.not_found
    ),
)
async def set_limits_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[RestockLimitsIn]
) -> RestockLimitsOut:
    _, _, currency = await restock_limits(env, actor)
    await set_restock_limits(
        env,
        actor,
        monthly_budget_e4=_e4(data.monthly_budget, currency, "monthly_budget"),
        approval_e4=_e4(data.approval_above, currency, "approval_above"),
        seen=data.version,
    )
    return await _limits(env, actor)


@get(
    "/console/v1/restock/policies",
    operation_id="listRestockPolicies",
    tags=["Supply"],
    summary="Which SKUs are bought for the shelf, and when",
    opt=said("自动补货策略列表"),
)
async def policies_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], cursor: Cursor = None, size: Size = 50
) -> Page[RestockPolicyOut]:
    _, _, currency = await restock_limits(env, actor)
    found = await list_restock_policies(env, actor, after=after(cursor), size=sized(size))
    return page(found, size, lambda p: policy_out(p, currency), lambda p: p.sku_id)


@put(
    "/console/v1/skus/{sku_id:str}/restock-policy",
    operation_id="setRestockPolicy",
    tags=["Supply"],
    summary="When a SKU is bought for the shelf, how much, and within what budget",
    opt=said(
        "设置商品自动补货策略",
        "",
        FulfilmentRefusal.not_stocked,
        FulfilmentRefusal.restock_policy_changed,
        RequestRefusal.not_found,
    ),
)
async def set_policy_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sku_id: FromPath[str],
    data: JSONBody[RestockPolicyIn],
) -> RestockPolicyOut:
    _, _, currency = await restock_limits(env, actor)
    terms = RestockTerms(
        active=data.active,
        reorder_at=data.reorder_at,
        reorder_days=data.reorder_days,
        cover_days=data.cover_days,
        most_pieces=data.most_pieces,
        most_unit_e4=_e4(data.most_unit_cost, currency, "most_unit_cost"),
        monthly_budget_e4=_e4(data.monthly_budget, currency, "monthly_budget"),
        approval_e4=_e4(data.approval_above, currency, "approval_above"),
    )
    return policy_out(await set_restock_policy(env, actor, number(sku_id), terms, data.version), currency)


@get(
    "/console/v1/restocks",
    operation_id="listRestocks",
    tags=["Supply"],
    summary="Plans that fill the shelf, newest first",
    opt=said("补货计划列表（最新在前）", "", RequestRefusal.not_found),
)
async def restocks_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    sku_id: FromQuery[str | None] = None,
    status: FromQuery[RestockState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[RestockOut]:
    found = await list_restocks(
        env,
        actor,
        sku_id=number(sku_id) if sku_id else None,
        state=status,
        before=after(cursor) or None,
        size=sized(size),
    )
    return page(found, size, restock_out, lambda r: r.id)


@get(
    "/console/v1/restocks/{restock_id:str}",
    operation_id="getRestock",
    tags=["Supply"],
    summary="A plan that fills the shelf, with its purchases",
    opt=said("查询补货计划", "", FulfilmentRefusal.restock_not_found, RequestRefusal.not_found),
)
async def restock_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], restock_id: FromPath[str]
) -> RestockWholeOut:
    plan, parts = await get_restock(env, actor, number(restock_id))
    return RestockWholeOut(restock_out(plan), [part_out(p, plan.currency) for p in parts])


@post(
    "/console/v1/restocks/{restock_id:str}/approve",
    operation_id="approveRestock",
    tags=["Supply"],
    summary="Let a plan above its approval limit be bought",
    description="By another person than the one who set its policy.",
    opt=said(
        "批准补货计划",
        "审批人不得为策略制定人",
        TenancyRefusal.step_up_required,
        FulfilmentRefusal.restock_not_found,
        FulfilmentRefusal.own_restock,
        FulfilmentRefusal.restock_decided,
        FulfilmentRefusal.restock_changed,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def approve_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    restock_id: FromPath[str],
    data: JSONBody[ApproveRestockIn],
) -> RestockOut:
    return restock_out(await approve_restock(env, actor, number(restock_id), data.payload))


@post(
    "/console/v1/restocks/{restock_id:str}/refuse",
    operation_id="refuseRestock",
    tags=["Supply"],
    summary="Let a plan not be bought",
    opt=said(
        "驳回补货计划",
        "",
        FulfilmentRefusal.restock_not_found,
        FulfilmentRefusal.restock_decided,
        RequestRefusal.not_found,
    ),
    status_code=200,
)
async def refuse_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    restock_id: FromPath[str],
    data: JSONBody[RefuseRestockIn],
) -> RestockOut:
    return restock_out(await refuse_restock(env, actor, number(restock_id), data.reason))


async def _limits(env: Env, actor: Actor) -> RestockLimitsOut:
    limits, used, currency = await restock_limits(env, actor)
    budgets = [
        BudgetOut(
            str(b.sku_id) if b.sku_id else None,
            b.month,
            money.of(b.limit_e4, currency),
            money.of(b.committed_e4, currency),
            money.of(b.spent_e4, currency),
            money.of(b.late_e4, currency),
        )
        for b in used
    ]
    return RestockLimitsOut(
        money.of(limits.monthly_budget_e4 if limits else 0, currency),
        money.of(limits.approval_e4 if limits else 0, currency),
        limits.version if limits else 0,
        budgets,
    )


def _e4(amount: Money, currency: str, name: str) -> int:
    value = money.parse(amount.amount)
    if amount.currency != currency or not 0 <= value <= money.MAX_E4:
        raise invalid(name, f"not below zero, in {currency} / 须为非负的 {currency} 金额")
    return value


def policy_out(p: RestockPolicy, currency: str) -> RestockPolicyOut:
    return RestockPolicyOut(
        sku_id=str(p.sku_id),
        active=p.active,
        reorder_at=p.reorder_at,
        reorder_days=p.reorder_days,
        cover_days=p.cover_days,
        most_pieces=p.most_pieces,
        most_unit_cost=money.of(p.most_unit_e4, currency),
        monthly_budget=money.of(p.monthly_budget_e4, currency),
        approval_above=money.of(p.approval_e4, currency),
        version=p.version,
        set_by=p.set_by,
        set_at=p.set_at,
        sold_7=p.sold_7,
        sold_28=p.sold_28,
        note=p.note,
    )


def restock_out(r: Restock) -> RestockOut:
    return RestockOut(
        id=str(r.id),
        sku_id=str(r.sku_id),
        quantity=r.quantity,
        unit_cost=money.of(r.unit_cost_e4, r.currency),
        amount=money.of(r.amount_e4, r.currency),
        offer_id=str(r.offer_id),
        supplier_id=str(r.supplier_id),
        why=_why_out(r),
        payload=r.payload,
        made_by=r.made_by,
        status=r.state,
        reason=r.reason,
        received=r.received,
        decided_by=r.decided_by,
        proposed_at=r.proposed_at,
        decided_at=r.decided_at,
        ended_at=r.ended_at,
    )


def _why_out(r: Restock) -> RestockWhyOut:
    why = r.why
    return RestockWhyOut(
        available=why.available,
        sold_7=why.sold_7,
        sold_28=why.sold_28,
        reorder_point=why.reorder_point,
        left=[money.of(e4, r.currency) for e4 in why.left_e4],
        policy_version=why.policy_version,
        offers=[weighed_out(w, r.currency, r.offer_id) for w in why.offers],
    )


def part_out(p: RestockPart, currency: str) -> RestockPartOut:
    return RestockPartOut(
        n=p.part_no,
        quantity=p.quantity,
        status=p.state,
        reason=p.reason,
        received=p.received,
        cost=money.of(p.cost_e4, currency),
        purchase_id=str(p.attempt_id) if p.attempt_id else None,
        batch_id=str(p.batch_id) if p.batch_id else None,
    )


ROUTES = [
    limits_route,
    set_limits_route,
    policies_route,
    set_policy_route,
    restocks_route,
    restock_route,
    approve_route,
    refuse_route,
]
