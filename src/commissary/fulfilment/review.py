"""A person decides: orders held by risk, lines that would be sold at a loss, deliveries that were none."""

from commissary import orders, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.fulfilment import store
from commissary.fulfilment.log import action_of
from commissary.fulfilment.types import Action
from commissary.orders.types import Cancel, OrderNow, OrderRefusal, Release, Reverse, Settled
from commissary.tenancy.types import Actor


async def approve(
    env: Env, actor: Actor, order_id: int, line_no: int | None = None, *, even_below_floor: bool = False
) -> list[Settled]:
    """Let held lines go on: to their date, from stock, or to a person. Also lines of stock that wait for goods or for
    an approval of their loss, which asks for `pricing.floor`.

    Refuses forbidden, order_not_found, wrong_state. Goods that are short are no refusal: see `Settled.reason`.
    """
    tenancy.require(actor, "orders.write")
    if even_below_floor:
        tenancy.require(actor, "pricing.floor")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        order = await _locked(tx, home, order_id)
        chosen = [
            line
            for line in order.lines
            if line_no in (None, line.line_no)
            and (line.state == "review" or (line.state == "waiting" and line.mode == "stock"))
        ]
        if not chosen:
            raise Refused(OrderRefusal.wrong_state, status=order.state)
        changes = [Release(order_id, line.line_no, even_below_floor) for line in chosen]
        settled = await orders.settle(tx, env, home, changes, at, actor)
        entries = []
        for s in settled:
            action = action_of(s) if s.after != "scheduled" else None
            if s.before == "review":
                entries.append((order_id, s.line_no, Action.approved))
            if action is not None and s.before != s.after:
                entries.append((order_id, s.line_no, action))
        await store.add_log(tx, env, home, at, entries)
        return settled


async def block(env: Env, actor: Actor, order_id: int, reason: str = "blocked") -> list[Settled]:
    """Cancel what risk has held; the money is free again. Refuses forbidden, order_not_found, wrong_state."""
    tenancy.require(actor, "orders.write")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        order = await _locked(tx, home, order_id)
        changes = [Cancel(order_id, line.line_no, reason) for line in order.lines if line.state == "review"]
        if not changes:
            raise Refused(OrderRefusal.wrong_state, status=order.state)
        settled = await orders.settle(tx, env, home, changes, at, actor)
        await store.add_log(tx, env, home, at, [(order_id, s.line_no, Action.blocked) for s in settled])
        return settled


async def reverse(
    env: Env, actor: Actor, order_id: int, line_no: int, reason: str, idempotency_key: str
) -> Settled:
    """A delivery that turned out to be none: the buyer gets his money back. Refuses forbidden, wrong_state."""
    tenancy.require(actor, "aftersale.refund")
    home, at = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        asked = ["reverse", str(order_id), line_no, reason]
        repeated = await orders.first_time(
            tx, env, home, f"person|{actor.id}", idempotency_key, asked, order_id, at
        )
        if repeated is not None:
            return as_it_is(await _locked(tx, home, order_id), line_no)
        [settled] = await orders.settle(tx, env, home, [Reverse(order_id, line_no, reason)], at, actor)
        await store.add_log(tx, env, home, at, [(order_id, line_no, Action.reversed)])
        return settled


def as_it_is(order: OrderNow, line_no: int) -> Settled:
    """The answer to a command that was carried out before."""
    for line in order.lines:
        if line.line_no == line_no:
            return Settled(
                order.id, line_no, line.state, line.state, line.delivered, line.returned_e4, line.reason
            )
    raise Refused(OrderRefusal.line_not_found)


async def _locked(tx: db.Tx, home: int, order_id: int) -> OrderNow:
    found = await orders.lock(tx, home, [order_id])
    if order_id not in found:
        raise Refused(OrderRefusal.order_not_found)
    return found[order_id]
