"""Codes past their time leave the sale. Sales never take them anyway; this makes the counts say so."""

from datetime import datetime

from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.stock import batch as batches
from commissary.stock import store
from commissary.tenancy.types import Actor


async def expire_due(env: Env, mall: int, now: datetime) -> int:
    """Expire what is unsold and due, a transaction per batch; how many codes."""
    home, expired = home_of(mall), 0
    actor = Actor(mall, "system", "stock.expire")
    async with env.db.transaction(mall) as tx:
        due = await db.rows(tx, store.Q.batches_due, {"home": home, "now": now})
    for (batch,) in due:
        async with env.db.transaction(mall) as tx:
            held = await batches.hold(tx, home, batch)
            lots = [
                lot
                for lot in held.lots
                if lot.state == "open" and lot.expires_at is not None and lot.expires_at <= now
            ]
            if lots:
                await batches.set_states(tx, home, lots, "expired", "")
                ranges = [(lot.next, lot.end) for lot in lots]
                event = await batches.tell(tx, env, actor, held, batches.EXPIRE, ranges, "", now)
                await outbox.publish(tx, home, [event], now)
                expired += sum(lot.end - lot.next + 1 for lot in lots)
    return expired
