"""Data keys under a new key-encryption key, or destroyed."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable

from commissary import tenancy
from commissary.base import db, outbox, shredded
from commissary.base.arrays import Bigints, Byteas, Texts
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.stock import batch as batches
from commissary.stock import store, vault
from commissary.stock.types import Moved, StockRefusal
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.stock")
Q = store.Q


async def rewrap(
    env: Env, mall: int, progress: Callable[[int], None] | None = None, *, most: int = 500
) -> int:
    """Wrap every data key of the mall by the current KEK; how many were behind. No code is read, selling goes on.

    Safe to repeat and to stop anywhere: a key changes only from the KEK it was read under.
    """
    home, after, done = home_of(mall), 0, 0
    current = env.keys.current
    while True:
        async with env.db.transaction(mall, "vault") as tx:
            found = await db.rows(
                tx, Q.keys_behind, {"home": home, "current": current, "after": after, "most": most}
            )
            if not found:
                break
            new = [vault.rewrapped(env.keys, mall, batch, kek, bytes(dek)) for batch, kek, dek in found]
            changed = await db.run(
                tx,
                Q.rewrap,
                {
                    "home": home,
                    "ids": Bigints([batch for batch, _, _ in found]),
                    "olds": Texts([kek for _, kek, _ in found]),
                    "keks": Texts([kek for kek, _ in new]),
                    "deks": Byteas([dek for _, dek in new]),
                },
            )
            await tenancy.audit(
                tx,
                env,
                Actor(mall, "system", "stock.rewrap"),
                "stock.rewrap",
                f"mall:{mall}",
                after={"batches": changed, "to": current},
            )
        after = found[-1][0]
        done += changed
        if progress is not None:
            progress(done)
    return done


async def shred(env: Env, actor: Actor, batch: int, confirmation: str, reason: str) -> Moved:
    """Destroy the data key: the codes cannot be read any more, by anyone, sold ones included.

    A process that has the key in memory keeps it until it restarts. Refuses confirmation_wrong unless `confirmation`
    is the batch's id, and batch_has_unsold.
    """
    tenancy.require(actor, "stock.void")
    if confirmation != str(batch):
        raise Refused(StockRefusal.confirmation_wrong)
    return await _destroy(env, actor, batch, reason)


async def shred_again(env: Env) -> int:
    """Of the batches that were shredded once, those whose keys are there again, because the database came back from a backup;
    how many. Run before anything is sold. One that has unsold codes is left and told of."""
    if env.keys.folder is None:
        return 0
    by_mall: dict[int, list[int]] = defaultdict(list)
    for one in await asyncio.to_thread(shredded.read, env.keys.folder / shredded.NAME):
        by_mall[one.mall].append(one.batch)
    count = 0
    for mall, batches_ in by_mall.items():
        async with env.db.transaction(mall, "vault") as tx:
            found = await db.rows(tx, Q.readable, {"home": home_of(mall), "batches": Bigints(batches_)})
        for (batch,) in found:
            try:
                await _destroy(env, Actor(mall, "system", "stock.shred"), batch, "restored")
                count += 1
            except Refused as no:
                log.warning("batch %d was shredded once and is here again: %s", batch, no.refusal.code)
    return count


async def _destroy(env: Env, actor: Actor, batch: int, reason: str) -> Moved:
    now, home = env.now(actor.mall_id), home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        held = await batches.hold(tx, home, batch)
        if any(lot.state in ("open", "frozen") and lot.next <= lot.end for lot in held.lots):
            raise Refused(StockRefusal.batch_has_unsold)
        if held.state == "shredded":
            return Moved(batch, 0)
        await db.run(tx, Q.shred, {"home": home, "batch": batch})
        event = await batches.tell(tx, env, actor, held, batches.SHRED, [(1, held.received)], reason, now)
        await outbox.publish(tx, home, [event], now)
        if env.keys.folder is not None:
            one = shredded.Shredded(actor.mall_id, batch, now)
            await asyncio.to_thread(shredded.add, env.keys.folder, one)
    return Moved(batch, held.received)
