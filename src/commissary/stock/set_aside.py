"""Take unsold codes of a range out of sale for good: written off, or sent back to their supplier."""

from commissary import tenancy
from commissary.base import outbox
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.stock import batch as batches
from commissary.stock import rules
from commissary.stock.types import LotState, Moved, StockRefusal
from commissary.tenancy.types import Actor


async def void_range(env: Env, actor: Actor, batch: int, first: int, last: int, reason: str) -> Moved:
    """Codes `first..last` as far as they are unsold; `sold` of the answer are the others. Again: nothing changes.

    Refuses range_outside_batch.
    """
    return await _out(env, actor, batch, first, last, reason, "void", batches.VOID)


async def return_to_supplier(env: Env, actor: Actor, batch: int, first: int, last: int, reason: str) -> Moved:
    """As `void_range`, for codes that the supplier takes back."""
    return await _out(env, actor, batch, first, last, reason, "returned", batches.TO_SUPPLIER)


async def _out(
    env: Env,
    actor: Actor,
    batch: int,
    first: int,
    last: int,
    reason: str,
    state: LotState,
    deed: batches.Deed,
) -> Moved:
    tenancy.require(actor, "stock.void")
    now, home = env.now(actor.mall_id), home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        held = await batches.hold(tx, home, batch)
        if not 1 <= first <= last <= held.received:
            raise Refused(StockRefusal.range_outside_batch, received=held.received)
        cuts = [c for lot in held.lots if (c := rules.set_aside(lot, first, last, state))]
        if cuts:
            await batches.cut(tx, env.ids, home, cuts, reason)
            ranges = sorted((c.first, c.last) for c in cuts)
            event = await batches.tell(tx, env, actor, held, deed, ranges, reason, now)
            await outbox.publish(tx, home, [event], now)
    return Moved(batch, sum(c.count for c in cuts), held.sold(first, last))
