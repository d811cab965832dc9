"""Buying for the shelf, from the look at a SKU to the decision.

    policy ── look ── plan: what, how many, from whom, at what cost
       at most the approval limit ──> going            above ──> proposed ── a person ──> going | refused
       going ── restock_buy.begin: budget and purchase in one transaction ──> done | failed

Any number of processes may look: a policy's row is held while its SKU is counted, and a SKU has one plan at a time.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from commissary import stock, supply, tenancy
from commissary.base import db, ids, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.fulfilment import rules
from commissary.fulfilment import store_restock as store
from commissary.fulfilment.types import (
    Budget,
    FulfilmentRefusal,
    Restock,
    RestockPart,
    RestockPolicy,
    RestockState,
    RestockWhy,
)
from commissary.supply.types import Wish
from commissary.tenancy.types import Actor

POLICIES_AT_ONCE = 100
COUNTED_FOR = timedelta(minutes=15)  # counting reads four weeks of lines
PROPOSED_FOR = timedelta(days=3)  # then its cost says little, and the SKU is looked at anew


async def propose(
    env: Env, purchasing: supply.Purchasing, mall: int, now: datetime, chance: Callable[[], int]
) -> int:
    """Look at every policy that nobody else looks at; how many plans were made. Publishes `restock.proposed`."""
    market, home = await purchasing.market(mall), home_of(mall)
    async with env.db.transaction(mall) as tx:
        if await store.limits_of(tx, home) is None:
            return 0
        await db.run(tx, store.Q.lapse, {"home": home, "at": now, "before": now - PROPOSED_FOR})
    made, after = 0, 0
    while True:
        async with env.db.transaction(mall) as tx:
            policies = await store.lock_policies(tx, home, after, POLICIES_AT_ONCE)
            if not policies:
                return made
            after = policies[-1].sku_id
            # Asked now that they are held: whoever held them before has committed.
            busy = await store.planned(tx, home, [p.sku_id for p in policies])
            free = [p for p in policies if p.sku_id not in busy]
            if free:
                look = Look(env, market, home, now, chance, purchasing.monotonic())
                made += await look.at(tx, free)


class Look:
    """At some SKUs whose policies are held, in one transaction."""

    def __init__(
        self,
        env: Env,
        market: supply.Market,
        home: int,
        now: datetime,
        chance: Callable[[], int],
        now_s: float,
    ) -> None:
        self.env, self.market, self.home, self.now = env, market, home, now
        self.chance, self.now_s = chance, now_s

    async def at(self, tx: db.Tx, policies: list[RestockPolicy]) -> int:
        env, home, now = self.env, self.home, self.now
        limits = await store.limits_of(tx, home)
        assert limits is not None
        policies = await self._counted(tx, policies)
        available = await stock.available(tx, home, now, [p.sku_id for p in policies])
        _, zone = await store.mall_facts(tx, self.market.mall)
        month = rules.month_of(now, zone)
        used = await store.budgets(tx, home, month)
        nothing = Budget(0, month, 0, 0, 0, 0)
        replace = msgspec.structs.replace
        mall_e4 = replace(used.get(0, nothing), limit_e4=limits.monthly_budget_e4).left_e4
        mall_e4 -= await store.promised_e4(tx, home)
        notes: dict[int, str] = {}
        events: list[outbox.Event] = []
        for policy in policies:
            sku = policy.sku_id
            own_e4 = replace(used.get(sku, nothing), limit_e4=policy.monthly_budget_e4).left_e4
            plan, parts, notes[sku] = self._plan(policy, available.get(sku, 0), [own_e4, max(0, mall_e4)])
            if plan is None:
                continue
            alone = plan.amount_e4 <= min(policy.approval_e4, limits.approval_e4)
            state: RestockState = "going" if alone else "proposed"
            plan = replace(plan, state=state)
            if not await store.add_restock(tx, home, plan, parts, now if alone else None):
                continue
            mall_e4 -= plan.amount_e4
            system = Actor(self.market.mall, "system", "restock")
            shown = {"sku": str(sku), "quantity": plan.quantity, "amount_e4": plan.amount_e4, "state": state}
            await tenancy.audit(tx, env, system, "restock.propose", f"restock:{plan.id}", None, shown)
            told = shown | {"restock_id": str(plan.id), "currency": plan.currency}
            events.append(outbox.Event("restock.proposed", plan.id, 1, 0, now, told))
        await store.set_notes(tx, home, notes)
        await outbox.publish(tx, home, events, now)
        return len(events)

    async def _counted(self, tx: db.Tx, policies: list[RestockPolicy]) -> list[RestockPolicy]:
        """With what was sold lately. Ids carry the process's time, not the mall's."""
        old = self.now - COUNTED_FOR
        due = [p.sku_id for p in policies if p.counted_at is None or p.counted_at <= old]
        if not due:
            return policies
        clock = self.env.clock()
        week, month = (ids.id_at(clock - timedelta(days=n)) for n in (7, 28))
        counts = await store.sold(tx, self.home, due, week, month)
        await store.set_sold(tx, self.home, counts, self.now)
        return [
            msgspec.structs.replace(p, sold_7=counts[p.sku_id][0], sold_28=counts[p.sku_id][1])
            if p.sku_id in counts
            else p
            for p in policies
        ]

    def _plan(
        self, policy: RestockPolicy, available: int | None, left_e4: list[int]
    ) -> tuple[Restock | None, list[int], str]:
        """(the plan, its purchases, why there is none)"""
        if available is None:
            return None, [], "unlimited"
        pieces = rules.wanted(policy, policy.sold_7, policy.sold_28, available)
        if not pieces:
            return None, [], "enough"
        plan_id = self.env.ids.new()
        wish = Wish(plan_id, 0, policy.sku_id, pieces, policy.most_unit_e4, split=True)
        choice = self.market.choose(wish, (), self.chance(), self.now_s)
        offer = choice.offer
        if offer is None:
            return None, [], "no_supplier"
        room = rules.affordable(choice.unit_cost_e4, left_e4)
        pieces = min(pieces, *(n for n in (offer.stock, room) if n is not None), pieces)
        parts = rules.split(pieces, offer.least, offer.most)
        if not parts:
            return None, [], "budget" if room is not None and room < offer.least else "quantity"
        why = RestockWhy(
            available=available,
            sold_7=policy.sold_7,
            sold_28=policy.sold_28,
            reorder_point=rules.reorder_point(policy, policy.sold_7, policy.sold_28),
            left_e4=left_e4,
            policy_version=policy.version,
            offers=choice.why,
        )
        plan = Restock(
            id=plan_id,
            sku_id=policy.sku_id,
            quantity=sum(parts),
            unit_cost_e4=choice.unit_cost_e4,
            currency=self.market.currency,
            offer_id=offer.id,
            supplier_id=self.market.suppliers[offer.connection_id],
            why=why,
            payload="",
            made_by=policy.set_by,
            state="proposed",
            reason="",
            received=0,
            decided_by="",
            proposed_at=self.now,
            decided_at=None,
            ended_at=None,
        )
        return msgspec.structs.replace(plan, payload=payload_of(plan)), parts, ""


def payload_of(plan: Restock) -> str:
    """What a person approves: the plan's number, goods, pieces and cost."""
    told = [
        plan.id,
        plan.sku_id,
        plan.quantity,
        plan.unit_cost_e4,
        plan.currency,
        plan.offer_id,
        plan.made_by,
    ]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


async def approve_restock(env: Env, actor: Actor, restock_id: int, payload: str) -> Restock:
    """It is bought. `payload` as it was shown. Refuses step_up_required, restock_not_found, own_restock, restock_decided,
    restock_changed."""
    tenancy.require(actor, "approvals.decide")
    tenancy.require_proof(env, actor)
    return await _decide(env, actor, restock_id, "going", payload, "")


async def refuse_restock(env: Env, actor: Actor, restock_id: int, reason: str) -> Restock:
    """Nothing is bought; a new plan may follow. Also by its maker. Refuses restock_not_found, restock_decided."""
    return await _decide(env, actor, restock_id, "refused", None, reason[:200])


async def _decide(
    env: Env, actor: Actor, restock_id: int, state: RestockState, payload: str | None, reason: str
) -> Restock:
    tenancy.require(actor, "approvals.decide")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    by = name_of(actor)
    async with env.db.transaction(actor.mall_id) as tx:
        plan = (await store.lock_restocks(tx, home, [restock_id])).get(restock_id)
        if plan is None:
            raise Refused(FulfilmentRefusal.restock_not_found)
        if state == "going" and plan.made_by == by:
            raise Refused(FulfilmentRefusal.own_restock)
        if plan.state != "proposed":
            raise Refused(FulfilmentRefusal.restock_decided, status=plan.state)
        if payload is not None and payload != plan.payload:
            raise Refused(FulfilmentRefusal.restock_changed)
        await store.decide(tx, home, restock_id, state, reason, by, at)
        shown = {"state": state, "payload": plan.payload, "amount_e4": plan.amount_e4, "reason": reason}
        action = "restock.approve" if state == "going" else "restock.refuse"
        await tenancy.audit(tx, env, actor, action, f"restock:{restock_id}", {"state": plan.state}, shown)
    return msgspec.structs.replace(
        plan,
        state=state,
        reason=reason,
        decided_by=by,
        decided_at=at,
        ended_at=None if state == "going" else at,
    )


async def list_restocks(
    env: Env,
    actor: Actor,
    *,
    sku_id: int | None = None,
    state: RestockState | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Restock]:
    """Newest first."""
    _may_read(actor)
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.restocks(
            tx, home_of(actor.mall_id), sku_id=sku_id, state=state, before=before, size=size
        )


async def get_restock(env: Env, actor: Actor, restock_id: int) -> tuple[Restock, list[RestockPart]]:
    """With its purchases. Refuses restock_not_found."""
    _may_read(actor)
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.restocks(tx, home, ids=[restock_id])
        if not found:
            raise Refused(FulfilmentRefusal.restock_not_found)
        return found[0], await store.parts_of(tx, home, [restock_id])


def _may_read(actor: Actor) -> None:
    """Who decides about a plan sees it, also without a look at the rest of supply."""
    if not tenancy.allows(actor, "approvals.decide"):
        tenancy.require(actor, "supply.read")


def name_of(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}"
