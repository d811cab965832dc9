"""Stop the sale of a batch, let it go on, or recall it for good."""

from datetime import datetime

from commissary import tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.stock import batch as batches
from commissary.stock import store
from commissary.stock.types import Moved, StockRefusal
from commissary.tenancy.types import Actor


async def freeze(env: Env, actor: Actor, batch: int, reason: str) -> Moved:
    """Nothing of the batch is sold from the commit on. Frozen before: nothing changes."""
    tenancy.require(actor, "stock.freeze")
    now, home = env.now(actor.mall_id), home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        held = await batches.hold(tx, home, batch)
        lots = [lot for lot in held.lots if lot.state == "open"]
        if lots:
            await batches.set_states(tx, home, lots, "frozen", reason)
            ranges = [(lot.next, lot.end) for lot in lots]
            event = await batches.tell(tx, env, actor, held, batches.FREEZE, ranges, reason, now)
            await outbox.publish(tx, home, [event], now)
    return Moved(batch, sum(lot.end - lot.next + 1 for lot in lots), held.sold())


async def unfreeze(env: Env, actor: Actor, batch: int, reason: str = "") -> Moved:
    """Frozen codes are for sale again, those past their time are expired. Refuses batch_recalled, batch_of_intake."""
    tenancy.require(actor, "stock.freeze")
    now, home = env.now(actor.mall_id), home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        held = await batches.hold(tx, home, batch)
        if held.state == "recalled":
            raise Refused(StockRefusal.batch_recalled)
        if await db.row(tx, store.Q.waiting_intake_of_batch, {"home": home, "batch": batch}):
            raise Refused(StockRefusal.batch_of_intake)
        lots = [lot for lot in held.lots if lot.state == "frozen"]
        if lots:
            event = await thaw(tx, env, actor, held, reason, now)
            await outbox.publish(tx, home, [event], now)
    return Moved(batch, sum(lot.end - lot.next + 1 for lot in lots), held.sold())


async def thaw(
    tx: db.Tx, env: Env, actor: Actor, held: batches.HeldBatch, reason: str, now: datetime
) -> outbox.Event:
    """The frozen lots of a batch that is held; the event is the caller's to publish."""
    lots = [lot for lot in held.lots if lot.state == "frozen"]
    due = [lot for lot in lots if lot.expires_at is not None and lot.expires_at <= now]
    await batches.set_states(tx, held.home, due, "expired", "")
    await batches.set_states(tx, held.home, [lot for lot in lots if lot not in due], "open", "")
    ranges = [(lot.next, lot.end) for lot in lots]
    return await batches.tell(tx, env, actor, held, batches.UNFREEZE, ranges, reason, now)


async def recall(env: Env, actor: Actor, batch: int, reason: str, *, refund: bool = False) -> Moved:
    """Freeze for good, and say which ranges are out: who holds them is on the orders. A repeat says the same again.

    Codes given back by a cancelled order later on are frozen too. `refund`: whoever holds some gets his money back, also
    when the batch was recalled before without; it needs `aftersale.refund` too.
    """
    tenancy.require(actor, "stock.freeze")
    if refund:
        tenancy.require(actor, "aftersale.refund")
    more = {"refund": True} if refund else {}
    now, home = env.now(actor.mall_id), home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        held = await batches.hold(tx, home, batch)
        lots = [lot for lot in held.lots if lot.state == "open"]
        await batches.set_states(tx, home, lots, "frozen", reason)
        deed = None
        if held.state == "sealed":
            deed = batches.RECALL
            await db.run(tx, store.Q.set_batch_state, {"home": home, "batch": batch, "state": "recalled"})
        elif refund and held.state == "recalled":
            asked = {"mall": actor.mall_id, "subject": f"batch:{batch}"}
            deed = None if await db.row(tx, store.Q.refund_was_ordered, asked) else batches.REFUND
        if deed is not None:
            sold = [(r.first_seq, r.last_seq) for r in held.sold()]
            ranges = [(lot.next, lot.end) for lot in held.lots if lot.state in ("open", "frozen")]
            event = await batches.tell(tx, env, actor, held, deed, sorted(sold + ranges), reason, now, more)
            await outbox.publish(tx, home, [event], now)
    return Moved(batch, sum(lot.end - lot.next + 1 for lot in lots), held.sold())
