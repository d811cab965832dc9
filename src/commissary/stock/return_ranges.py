"""Codes that an order took and nobody has seen go back on sale."""

from collections.abc import Sequence
from datetime import datetime

from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.stock import batch as batches
from commissary.stock import rules
from commissary.stock.types import LotState, Range, StockRefusal
from commissary.tenancy.types import Actor


async def return_ranges(
    tx: db.Tx, env: Env, actor: Actor, home: int, ranges: Sequence[Range], reason: str, now: datetime
) -> list[outbox.Event]:
    """Unsell ranges, in the caller's transaction (vault or app); the events are the caller's to publish with its own.

    The caller vouches that the codes were not shown and that it does this once: it changes its order in the same
    transaction. Lock accounts before, as placing does, and nothing else of stock: batches are locked in id order. Each range becomes a lot of its own:
    for sale, or frozen or expired if its batch is. A range that is unsold already stays as it is, shared codes too.
    Refuses range_not_sold when only part of a range is sold.
    """
    events = []
    for batch in sorted({r.batch_id for r in ranges if not r.shared}):
        held = await batches.hold(tx, home, batch)
        cuts = []
        for wanted in (r for r in ranges if r.batch_id == batch and not r.shared):
            found = [
                c
                for lot in held.lots
                if (c := rules.give_back(lot, wanted.first_seq, wanted.last_seq, _state(held, lot, now)))
            ]
            count = sum(c.count for c in found)
            if count not in (0, wanted.count):
                raise Refused(StockRefusal.range_not_sold)
            if found:
                # One at a time: the next range of this batch may lie in a lot that this one has cut.
                await batches.cut(tx, env.ids, home, found, "")
                held = await batches.hold(tx, home, batch)
                cuts += found
        if cuts:
            back = sorted((c.first, c.last) for c in cuts)
            events.append(await batches.tell(tx, env, actor, held, batches.GIVE_BACK, back, reason, now))
    return events


def _state(held: batches.HeldBatch, lot: rules.Held, now: datetime) -> LotState:
    if held.state != "sealed" or lot.state == "frozen":
        return "frozen"
    if lot.expires_at is not None and lot.expires_at <= now:
        return "expired"
    return "open"
