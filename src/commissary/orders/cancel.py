"""Calling an order off before it is delivered."""

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.orders import store_later
from commissary.orders.desk import Desk
from commissary.orders.settle import first_time, settle
from commissary.orders.types import Cancel, OrderRefusal, Settled
from commissary.orders.wire import OrderOut
from commissary.tenancy.types import Actor, Caller

CANCELLABLE = ("review", "scheduled", "waiting")


async def cancel(desk: Desk, caller: Caller, order_id: int, idempotency_key: str) -> OrderOut:
    """Every line that nobody has begun on; the money held for them is free again. The order as it is then.

    The same key again changes nothing. Refuses key_missing, key_reused, order_not_found, not_cancellable.
    """
    env, home = desk.env, caller.key.home_id
    async with env.db.transaction(caller.key.mall_id, "vault") as tx:
        at = env.now(caller.key.mall_id)
        scope = f"buyer|{caller.key.organisation_id}"
        asked = ["cancel", str(order_id)]
        if await first_time(tx, env, home, scope, idempotency_key, asked, order_id, at) is None:
            await _cancel(tx, env, home, order_id, buyer_id=caller.key.organisation_id)
    return await desk.order(caller, order_id)


async def cancel_for(env: Env, actor: Actor, order_id: int, reason: str = "") -> list[Settled]:
    """By the mall's staff, or by the buyer's own people. Refuses forbidden, order_not_found, not_cancellable."""
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        home = home_of(actor.mall_id)
        staff = tenancy.allows(actor, "orders.write")
        if not staff:
            tenancy.require_for(actor, "orders.write", actor.organisation_id)
        buyer_id = None if staff else actor.organisation_id
        return await _cancel(tx, env, home, order_id, buyer_id=buyer_id, actor=actor, reason=reason)


async def _cancel(
    tx: db.Tx,
    env: Env,
    home: int,
    order_id: int,
    *,
    buyer_id: int | None,
    actor: Actor | None = None,
    reason: str = "",
) -> list[Settled]:
    locked = await store_later.lock_orders(tx, home, [order_id])
    order = locked.get(order_id)
    if order is None or buyer_id not in (None, order.buyer_id):
        raise Refused(OrderRefusal.order_not_found)
    # Called off without a reason, a line keeps the one that it waited for: whoever called it off reads it there.
    lines = [line for line in order.lines if line.state in CANCELLABLE]
    changes = [Cancel(order_id, line.line_no, reason or line.reason) for line in lines]
    if not changes:
        raise Refused(OrderRefusal.not_cancellable, status=order.state)
    return await settle(tx, env, home, changes, env.now(mall_of(home)), actor, locked=locked)
