"""Articles that a supplier said are others now: asked about at once, instead of at the next pull.

What is pushed within a moment is one question per article and one change of the mall; of very much, the catalogue is
read. A callback is answered when that is written, so that the supplier tells again what was lost on the way.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from commissary.base.errors import Refused
from commissary.supply import store
from commissary.supply.market import Held, at_ms
from commissary.supply.offers import note_goods, sync
from commissary.supply.purchasing import Purchasing
from commissary.supply.talk import hold
from commissary.supply.types import Fault, Good, Offer, Silence, SupplyRefusal, Unreadable

GATHER_S = 0.1
AT_ONCE = 8
MOST_ASKED = 200  # beyond, a catalogue is less to read
ANSWER_S = 8.0  # whoever pushes waits some ten seconds
TRIES_S = (0.5, 2.0)


@dataclass
class Gathered:
    ids: set[str] = field(default_factory=set)
    task: "asyncio.Task[None] | None" = None


async def read_pushed(purchasing: Purchasing, mall: int, held: Held, good_ids: Sequence[str]) -> None:
    """Returns when what the supplier says of them now is written. Refuses supplier_unreachable."""
    env = purchasing.env
    async with env.db.transaction(mall) as tx:
        linked = {o.good_id for o in await store.offers_told(tx, mall, held.kept.id, sorted(set(good_ids)))}
    if not linked:
        return
    gathered = purchasing.pushes.get(held.kept.id)
    if gathered is None:
        gathered = purchasing.pushes[held.kept.id] = Gathered()
        task = asyncio.create_task(_read(purchasing, mall, held, gathered), name="pushed goods")
        gathered.task = task
        purchasing.pulls.add(task)
        task.add_done_callback(purchasing.pulls.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # told to who waits
    gathered.ids |= linked
    assert gathered.task is not None
    try:
        await asyncio.wait_for(asyncio.shield(gathered.task), ANSWER_S)
    except (Silence, Unreadable, Fault, TimeoutError) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=type(error).__name__) from error


async def _read(purchasing: Purchasing, mall: int, held: Held, gathered: Gathered) -> None:
    await asyncio.sleep(GATHER_S)
    del purchasing.pushes[held.kept.id]  # what comes from now on is asked anew
    env, ids = purchasing.env, sorted(gathered.ids)
    if len(ids) > MOST_ASKED:
        await sync(env, await purchasing.market(mall), held, purchasing.writing)
        return
    room = asyncio.Semaphore(AT_ONCE)

    async def one(good_id: str) -> Good | None:
        async with room:
            return await _ask(purchasing, mall, held, good_id)

    goods = [good for good in await asyncio.gather(*map(one, ids)) if good is not None]
    async with purchasing.writing:
        await note_goods(env, mall, held.kept.id, goods, env.now(mall))


async def _ask(purchasing: Purchasing, mall: int, held: Held, good_id: str) -> Good | None:
    """None: he says no, and the next pull will tell. Raises Silence, Unreadable."""
    for pause_s in (*TRIES_S, None):
        try:
            now = purchasing.env.now(mall)
            return await hold(held.connector.good(at_ms(now), good_id), held.send)
        except Fault as fault:
            return await _gone(purchasing, mall, held, good_id) if fault.code == NOT_LISTED else None
        except (Silence, Unreadable):
            if pause_s is None:
                raise
            await asyncio.sleep(pause_s)
    raise AssertionError


NOT_LISTED = "not_listed"
"""The code of a Fault that says clearly: this article is not sold."""


async def _gone(purchasing: Purchasing, mall: int, held: Held, good_id: str) -> Good | None:
    async with purchasing.env.db.transaction(mall) as tx:
        known: list[Offer] = await store.offers_told(tx, mall, held.kept.id, [good_id])
    if not known:
        return None
    o = known[0]
    return Good(o.good_id, o.good_name, o.kind, o.unit_cost_e4, False, o.stock, least=o.least, most=o.most)
