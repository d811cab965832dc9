"""Purchases that wait for a person: what may be seen of them, and the decision."""

from collections.abc import Sequence

import msgspec

from commissary import supply, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.base.money import Money
from commissary.fulfilment import store
from commissary.fulfilment.answers import Answer
from commissary.fulfilment.buy import Buying
from commissary.orders.types import OrderRefusal
from commissary.stock.types import Code
from commissary.supply import types as words
from commissary.supply.types import Attempt, Outcome, Result, SupplyRefusal, Weighed
from commissary.tenancy.types import Actor


async def purchases_of(env: Env, actor: Actor, order_id: int) -> list[Attempt]:
    """All purchases for an order, or for a plan to restock, line by line, first to last. Refuses order_not_found."""
    tenancy.require(actor, "fulfilment.read")
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        found = await supply.attempts_of(tx, home, [order_id])
        if not found and await db.row(tx, store.Q.buyer_of, {"home": home, "order": order_id}) is None:
            raise Refused(OrderRefusal.order_not_found)
    return [attempt for attempts in found.values() for attempt in attempts]


class Record(msgspec.Struct, frozen=True):
    """A purchase and the choice it came of. `weighed` None: not for this person's eyes; its money is in `currency`. `unread`:
    the names of what its supplier said that nothing here looks at."""

    purchase: Attempt
    weighed: list[Weighed] | None
    currency: str
    unread: list[str]


async def records_of(env: Env, actor: Actor, order_id: int) -> list[Record]:
    """`purchases_of`, each with every offer that was weighed for it, if he may read of supply. Refuses order_not_found."""
    found = await purchases_of(env, actor, order_id)
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        kept = await supply.unread_of(tx, env, home, [a.id for a in found])
    names = {a.id: supply.unread_names(kept.get(a.id, ())) for a in found}
    async with env.db.transaction(actor.mall_id) as tx:
        currency = await tenancy.currency_of(tx, actor.mall_id)
        if not tenancy.allows(actor, "supply.read"):
            return [Record(a, None, currency, names[a.id]) for a in found]
        whys = await supply.whys_of(tx, home, [a.id for a in found])
    return [Record(a, whys[a.id], currency, names[a.id]) for a in found]


async def decide(
    env: Env,
    buying: Buying,
    actor: Actor,
    attempt_id: int,
    *,
    bought: bool,
    codes: Sequence[Code] = (),
    cost: Money | None = None,
    receipt: str = "",
    reason: str = "",
) -> Attempt:
    """A person has found out what became of a purchase. Bought: with these codes, or those that came with the answer
    that did not fit, at a `cost` in the supplier's currency. Not bought: another supplier is asked, or the money is free
    again.

    Refuses attempt_not_found, attempt_ended, wrong_quantity.
    """
    tenancy.require(actor, "fulfilment.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall, "vault") as tx:
        attempt = await _attempt(tx, home, attempt_id)
        if attempt.ended_at is not None:
            raise Refused(SupplyRefusal.attempt_ended, status=attempt.state)
        if cost is not None and cost.currency != attempt.currency:
            raise invalid(
                "cost.currency", f"it was bought in {attempt.currency} / 该采购币种为 {attempt.currency}"
            )
        cost_e4 = None if cost is None else money.parse(cost.amount)
        had = await supply.kept_codes(tx, env, home, attempt_id)
        given = tuple(words.Code(c.secret, c.number) for c in codes) or had[: attempt.quantity]
        if bought and attempt.kind == "code" and not 0 < len(given) <= attempt.quantity:
            raise Refused(OrderRefusal.wrong_quantity, quantity=attempt.quantity)
        await tenancy.audit(
            tx,
            env,
            actor,
            "fulfilment.decide_purchase",
            f"attempt:{attempt_id}",
            {"state": attempt.state, "reason": attempt.reason},
            {
                "bought": bought,
                "codes": len(given) if bought else 0,
                "cost_e4": cost_e4,
                "reason": reason[:200],
            },
        )
    result = Result(
        Outcome.succeeded if bought else Outcome.failed,
        supplier_ref=receipt,
        cost_e4=cost_e4,
        codes=given if bought else (),
        reason="" if bought else (reason or "decided_by_person"),
    )
    await buying.note(mall, Answer.about(attempt, result, "person"))
    async with env.db.transaction(mall, "vault") as tx:
        return await _attempt(tx, home, attempt_id)


async def _attempt(tx: db.Tx, home: int, attempt_id: int) -> Attempt:
    found = (await supply.lock_attempts(tx, home, [attempt_id])).get(attempt_id)
    if found is None:
        raise Refused(SupplyRefusal.attempt_not_found)
    return found
