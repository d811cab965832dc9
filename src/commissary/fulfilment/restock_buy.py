"""The purchases of plans: begun within the budget, and what their answers come to.

A part is line −`part_no` of an order that is the plan, so that everything that guards a purchase for a line guards
these too: one that may have been made at a time, committed before its first byte, asked about until somebody knows.

Locks: plans, attempts, months by (SKU, month); nothing is published before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import msgspec

from commissary import stock, supply
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.fulfilment import rules
from commissary.fulfilment import store_restock as store
from commissary.fulfilment.types import Restock, RestockPart
from commissary.supply.types import Attempt, Choice, Wish
from commissary.tenancy.types import Actor

PLANS_AT_ONCE = 20
LOOK_AGAIN = timedelta(seconds=5)
FREEZE_AGAIN = timedelta(minutes=1)
Place = tuple[int, int]
replace = msgspec.structs.replace


async def begin(
    env: Env, purchasing: supply.Purchasing, market: supply.Market, chance: Callable[[], int]
) -> list[Attempt]:
    """Of plans that may go on: take the money from the budget and begin the purchases, in one transaction. To be called
    when it is committed; their places among those at once are taken."""
    taken: list[int] = []
    try:
        attempts, dead = await _begin(env, purchasing, market, chance, taken)
    except BaseException:
        for connection_id in taken:
            market.connections[connection_id].health.in_flight -= 1
        raise
    for part in dead:
        await _freeze(env, market.mall, part)
    return attempts


async def _begin(
    env: Env,
    purchasing: supply.Purchasing,
    market: supply.Market,
    chance: Callable[[], int],
    taken: list[int],
) -> tuple[list[Attempt], list[RestockPart]]:
    mall, home = market.mall, home_of(market.mall)
    now, now_s = env.now(mall), purchasing.monotonic()
    async with env.db.transaction(mall, "vault") as tx:
        due = await store.due_restocks(tx, home, now, PLANS_AT_ONCE)
        if not due:
            return [], []
        plans = await store.lock_restocks(tx, home, due)
        parts = await store.parts_of(tx, home, due, now)
        before = await supply.attempts_of(tx, home, due)
        budget = await _Room.of(tx, mall, home, now, {p.sku_id for p in parts if p.state == "waiting"})
        chosen: list[tuple[Wish, int, Choice]] = []
        buying: list[RestockPart] = []
        changed: list[RestockPart] = []
        next_at: dict[Place, datetime] = {}
        for part in parts:
            if part.state == "reversing":
                changed.append(part)
                next_at[part.place] = now + FREEZE_AGAIN
                continue
            plan, policy = plans[part.restock_id], market.policy(part.sku_id)
            tried = before.get(part.place, [])
            amount_e4 = part.quantity * plan.unit_cost_e4
            wish = Wish(*part.place, part.sku_id, part.quantity, plan.unit_cost_e4)
            choice = Choice(None, ())
            if len(tried) < policy.tries:
                choice = market.choose(wish, {a.connection_id for a in tried}, chance(), now_s)
            patient = now - (plan.decided_at or plan.proposed_at) < timedelta(seconds=policy.patience_s)
            if not budget.has(part.sku_id, amount_e4):
                changed.append(replace(part, state="failed", reason=budget.why(part.sku_id)))
            elif choice.offer is not None:
                budget.take(part.sku_id, amount_e4)
                market.connections[choice.offer.connection_id].health.in_flight += 1
                taken.append(choice.offer.connection_id)
                chosen.append((wish, len(tried) + 1, choice))
                buying.append(
                    replace(part, state="buying", reason="", month=budget.month, committed_e4=amount_e4)
                )
            elif choice.wait and patient:
                changed.append(part)
                next_at[part.place] = now + LOOK_AGAIN
            else:
                changed.append(replace(part, state="failed", reason=part.reason or "no_supplier"))
        attempts = await supply.begin(tx, env, home, market, chosen, now) if chosen else []
        for part in buying:
            await store.take(tx, home, budget.month, part.sku_id, part.committed_e4)
        changed += [replace(p, attempt_id=a.id) for p, a in zip(buying, attempts, strict=True)]
        await store.set_parts(tx, home, changed, next_at)
        await store.end_restocks(tx, home, due, now)
    return attempts, [p for p in parts if p.state == "reversing"]


@dataclass
class _Room:
    """What is left of the month, SKU by SKU and for the mall, counted down as it is taken; the rows are locked."""

    month: date
    left_e4: dict[int, int]
    off: set[int]

    @classmethod
    async def of(cls, tx: db.Tx, mall: int, home: int, now: datetime, skus: set[int]) -> "_Room":
        _, zone = await store.mall_facts(tx, mall)
        month, limits = rules.month_of(now, zone), await store.limits_of(tx, home)
        policies = await store.policies(tx, home, sorted(skus)) if skus else []
        asked = {p.sku_id: p.monthly_budget_e4 for p in policies if p.active}
        if not asked or limits is None:
            return cls(month, {}, skus)
        months = await store.open_months(tx, home, month, asked | {0: limits.monthly_budget_e4})
        return cls(month, {sku: b.left_e4 for sku, b in months.items()}, skus - set(asked))

    def has(self, sku_id: int, amount_e4: int) -> bool:
        return sku_id not in self.off and amount_e4 <= min(self.left_e4[sku_id], self.left_e4[0])

    def why(self, sku_id: int) -> str:
        return "switched_off" if sku_id in self.off else "budget"

    def take(self, sku_id: int, amount_e4: int) -> None:
        self.left_e4[sku_id] -= amount_e4
        self.left_e4[0] -= amount_e4


async def _freeze(env: Env, mall: int, part: RestockPart) -> None:
    """The supplier took the purchase back: what is left of its codes is not sold."""
    actor = Actor(mall, "system", "restock", permissions=frozenset({"stock.freeze"}))
    assert part.batch_id is not None
    await stock.freeze(env, actor, part.batch_id, "reversed by its supplier / 供应商已冲正")
    home = home_of(mall)
    async with env.db.transaction(mall, "vault") as tx:
        await store.lock_restocks(tx, home, [part.restock_id])
        now = {p.place: p for p in await store.parts_of(tx, home, [part.restock_id])}[part.place]
        if now.state == "reversing":
            await store.set_parts(tx, home, [replace(now, state="reversed")], {})


@dataclass
class Shelf:
    """What a batch of answers comes to for purchases of plans. Gathered first, written when all are judged."""

    now: datetime
    parts: dict[Place, RestockPart] = field(default_factory=dict)
    plans: Mapping[int, Restock] = field(default_factory=dict)
    goods: list[tuple[Attempt, stock.Bought]] = field(default_factory=list)
    _paid: list[Attempt] = field(default_factory=list)  # also when its goods are in doubt
    _failed: list[Attempt] = field(default_factory=list)
    _reversed: list[Attempt] = field(default_factory=list)

    @classmethod
    async def of(cls, tx: db.Tx, home: int, ids: Sequence[int], now: datetime) -> "Shelf":
        if not ids:
            return cls(now)
        plans = await store.lock_restocks(tx, home, ids)
        return cls(now, {p.place: p for p in await store.parts_of(tx, home, ids)}, plans)

    def add(self, was: Attempt, after: Attempt, bought: stock.Bought) -> Attempt:
        """The attempt as it is to be kept."""
        part = self.parts[was.order_id, was.line_no]
        if after.state in ("succeeded", "surplus") and was.state not in ("succeeded", "surplus"):
            if after.state == "succeeded" and part.attempt_id != was.id:
                after = replace(after, state="surplus")
            self._paid.append(after)
            if bought.codes:
                self.goods.append((after, bought))
        elif after.state == "failed" and was.state == "succeeded":
            self._reversed.append(after)
        elif after.state == "failed":
            self._failed.append(after)
        return after

    def doubt(self, attempt: Attempt) -> None:
        """Its codes were here before: they are not received; an open purchase is not paid either."""
        self.goods = [g for g in self.goods if g[0].id != attempt.id]
        if attempt.state == "succeeded":
            self._paid = [a for a in self._paid if a.id != attempt.id]

    async def write(self, tx: db.Tx, home: int) -> None:
        """Parts, budgets and plans. Before anything is published in this transaction."""
        changed: dict[Place, RestockPart] = {}
        months = {p.month for p in self.parts.values() if p.month is not None}
        if not self._paid and not self._failed and not self._reversed:
            return
        await store.lock_months(tx, home, months, {p.sku_id for p in self.parts.values()})
        counts = {attempt.id: len(bought.codes) for attempt, bought in self.goods}
        next_at: dict[Place, datetime] = {}
        for attempt in self._paid:
            part, cost_e4 = self._part(attempt), supply.cost_at_home_e4(attempt)
            own = part.attempt_id == attempt.id and part.state == "buying"
            await store.settle_month(
                tx, home, part, freed_e4=part.committed_e4 if own else 0, cost_e4=cost_e4
            )
            part = replace(part, cost_e4=part.cost_e4 + cost_e4)
            if own or part.state in ("waiting", "failed"):
                got = part.received + counts.get(attempt.id, 0)
                part = replace(
                    part, state="done", reason="", committed_e4=0, received=got, attempt_id=attempt.id
                )
            changed[part.place] = part
        for attempt in self._failed:
            part = self._part(attempt)
            if part.state == "buying" and part.attempt_id == attempt.id:
                await store.settle_month(tx, home, part, freed_e4=part.committed_e4)
                reason = attempt.reason[:200]
                changed[part.place] = replace(part, state="waiting", reason=reason, committed_e4=0)
                next_at[part.place] = self.now  # somebody else may have it at this cost
        for attempt in self._reversed:
            part = self._part(attempt)
            back = min(supply.back_at_home_e4(attempt), part.cost_e4)
            await store.settle_month(tx, home, part, back_e4=back)
            dead = part.batch_id is not None
            changed[part.place] = replace(
                part,
                state="reversing" if dead else "reversed",
                reason="reversed",
                cost_e4=part.cost_e4 - back,
            )
            if dead:
                next_at[part.place] = self.now
        self.parts |= changed
        await store.set_parts(tx, home, list(changed.values()), next_at)
        await store.end_restocks(tx, home, {p.restock_id for p in changed.values()}, self.now)

    async def receive(self, tx: db.Tx, env: Env, home: int) -> None:
        """Into the vault, each purchase as a lot that names its source. Publishes `restock.received`."""
        events, lots = [], []
        for attempt, bought in self.goods:
            part, count = self._part(attempt), len(bought.codes)
            batch = await stock.receive(
                tx,
                env,
                home,
                bought,
                supplier_id=attempt.supplier_id,
                unit_cost_e4=supply.cost_at_home_e4(attempt) // count,
                currency=self.plans[part.restock_id].currency,
                source=f"restock {part.restock_id}, purchase {attempt.id}",
            )
            if part.attempt_id == attempt.id:
                lots.append(replace(part, batch_id=batch))
            told = {
                "restock_id": str(part.restock_id),
                "sku": str(part.sku_id),
                "count": count,
                "batch": str(batch),
                "purchase": attempt.ref,
            }
            events.append(
                outbox.Event("restock.received", part.restock_id, 1 + part.part_no, 0, self.now, told)
            )
        await store.set_parts(tx, home, lots, {})
        await outbox.publish(tx, home, events, self.now)

    def _part(self, attempt: Attempt) -> RestockPart:
        return self.parts[attempt.order_id, attempt.line_no]
