"""What was done for an order, as its buyer may read it."""

from commissary import supply
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.fulfilment import store
from commissary.fulfilment.types import Action, LogEntry, Tried
from commissary.orders.types import OrderRefusal, Settled


async def work_log(env: Env, mall: int, order_id: int, buyer_id: int | None = None) -> list[LogEntry]:
    """Oldest first. `buyer_id`: whose order it must be. Refuses order_not_found."""
    home = home_of(mall)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, store.Q.buyer_of, {"home": home, "order": order_id})
        if found is None or buyer_id not in (None, found[0]):
            raise Refused(OrderRefusal.order_not_found)
        return await store.log_of(tx, home, order_id)


async def tried(env: Env, mall: int, order_id: int) -> list[Tried]:
    """What was tried at suppliers for an order, line by line, first to last."""
    async with env.db.transaction(mall, "vault") as tx:
        found = await supply.attempts_of(tx, home_of(mall), [order_id])
    return [
        Tried(
            a.line_no,
            a.n,
            f"S****{a.supplier_id % 100:02d}",
            "delivered" if a.state == "succeeded" else "failed" if a.ended_at else "processing",
            a.called_at,
            a.ended_at,
        )
        for attempts in found.values()
        for a in attempts
    ]


def action_of(settled: Settled) -> Action | None:
    """What to tell of a line that was released or worked on; None when nothing came of it."""
    if settled.after == settled.before and not settled.reason:
        return None
    if settled.after == "waiting":
        return {"out_of_stock": Action.short, "below_floor": Action.unconfirmed}.get(
            settled.reason, Action.queued
        )
    return {
        "scheduled": Action.approved,
        "working": Action.claimed,
        "delivered": Action.delivered,
        "partial": Action.partly_delivered,
        "failed": Action.failed,
        "cancelled": Action.blocked,
        "reversed": Action.reversed,
    }.get(settled.after)
