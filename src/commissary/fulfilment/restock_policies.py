"""What is bought for the shelf, and within what: per SKU by whoever buys, for the whole mall by whoever approves."""

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.catalog.types import FROM_STOCK
from commissary.fulfilment import rules
from commissary.fulfilment import store_restock as store
from commissary.fulfilment.restock import name_of
from commissary.fulfilment.types import (
    Budget,
    FulfilmentRefusal,
    RestockLimits,
    RestockPolicy,
    RestockTerms,
)
from commissary.tenancy.types import Actor


async def set_restock_policy(
    env: Env, actor: Actor, sku_id: int, terms: RestockTerms, seen: int
) -> RestockPolicy:
    """`seen`: the version that was looked at, 0 if there was none. Who sets it is the maker of its plans.

    Refuses not_stocked, restock_policy_changed.
    """
    tenancy.require(actor, "supply.write")
    if terms.reorder_at is None and terms.reorder_days is None:
        raise invalid("reorder_at", "say pieces or days of cover / 请填写补货点（件数或天数）")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, store.Q.sku_kind, {"mall": actor.mall_id, "sku": sku_id})
        if found is None:
            raise invalid("sku_id", "there is no such SKU / 商品不存在")
        if found[0] not in FROM_STOCK - {"shared_code"}:
            raise Refused(FulfilmentRefusal.not_stocked, kind=found[0])
        before = await store.policies(tx, home, [sku_id])
        if not await store.put_policy(tx, home, sku_id, terms, seen=seen, by=name_of(actor), at=at):
            raise Refused(FulfilmentRefusal.restock_policy_changed)
        [after] = await store.policies(tx, home, [sku_id])
        was = _shown(before[0]) if before else None
        await tenancy.audit(tx, env, actor, "restock.policy", f"sku:{sku_id}", was, _shown(after))
    return after


async def list_restock_policies(
    env: Env, actor: Actor, *, after: int = 0, size: int = 50
) -> list[RestockPolicy]:
    tenancy.require(actor, "supply.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.policies(tx, home_of(actor.mall_id), after=after, size=size)


async def set_restock_limits(
    env: Env, actor: Actor, *, monthly_budget_e4: int, approval_e4: int, seen: int
) -> RestockLimits:
    """Refuses restock_policy_changed."""
    tenancy.require(actor, "approvals.decide")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        before = await store.limits_of(tx, home)
        if not await store.put_limits(
            tx,
            home,
            budget_e4=monthly_budget_e4,
            approval_e4=approval_e4,
            seen=seen,
            by=name_of(actor),
            at=at,
        ):
            raise Refused(FulfilmentRefusal.restock_policy_changed)
        was = None if before is None else msgspec.structs.asdict(before)
        shown = {"monthly_budget_e4": monthly_budget_e4, "approval_e4": approval_e4}
        await tenancy.audit(tx, env, actor, "restock.limits", f"mall:{actor.mall_id}", was, shown)
        after = await store.limits_of(tx, home)
    assert after is not None
    return after


async def restock_limits(env: Env, actor: Actor) -> tuple[RestockLimits | None, list[Budget], str]:
    """(the mall's limits, this month's budgets as far as anything was taken from them, the currency)"""
    tenancy.require(actor, "supply.read")
    home, now = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        currency, zone = await store.mall_facts(tx, actor.mall_id)
        used = await store.budgets(tx, home, rules.month_of(now, zone))
        return await store.limits_of(tx, home), list(used.values()), currency


def _shown(policy: RestockPolicy) -> dict[str, object]:
    return {name: getattr(policy, name) for name in RestockTerms.__struct_fields__} | {
        "version": policy.version
    }
