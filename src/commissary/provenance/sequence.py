"""Give each custody event its place in the log: gap-free, once, in commit order, off the order path.

Whoever writes a custody event publishes an outbox event of the same subject in the same transaction, and outbox rows are
numbered without a gap in commit order (decision 10). So the sequencer reads the outbox, as any consumer does, and gives
places to what the subjects it meets have new. It locks the log's head, which placement never touches, and does in one
transaction: places, tiles, head, outbox position. Killed anywhere, nothing happened; a second sequencer finds the head
locked and leaves it alone.
"""

import msgspec

from commissary.base import db, outbox
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.provenance import store, tree

CONSUMER = "transparency"
# Of the outbox in one transaction: some thousand orders, whether they came one by one or in great batches. Each step has
# its own trips to the database, so it is not short; PostgreSQL places orders meanwhile, so it is not long.
ROWS, BYTES = 100, 256 * 1024
OLDER = 1000  # subjects in one transaction of the sweep


class _About(msgspec.Struct, gc=False):
    """What is read of an outbox event; the rest of it is skipped, unread."""

    subject: int


_abouts = msgspec.json.Decoder(list[_About])


async def found(env: Env, home: int, origin: str) -> None:
    """Begin the log of a home, if it has none."""
    async with env.db.transaction(mall_of(home)) as tx:
        await db.run(tx, store.Q.found, {"home": home, "origin": origin, "at": env.now(mall_of(home))})


async def step(env: Env, home: int) -> bool:
    """One transaction's worth. Returns whether there may be more: false also when another holds the head."""
    async with env.db.transaction(mall_of(home)) as tx:
        head = await db.row(tx, store.Q.hold_head, {"home": home})
        if head is None:
            return False
        _, size, _, swept_to = head
        # Nobody is told anything until a checkpoint is signed, and that commit waits for the disk, for this one too: here
        # the orders' commits have it for themselves.
        await tx.execute("set local synchronous_commit = off")
        if swept_to is not None:
            return await _sweep(tx, home, size, swept_to)
        of_home = {"home": home, "consumer": CONSUMER}
        position = await db.row(tx, store.Q.position, of_home)
        after = position[0] if position else 0
        rows = await db.rows(tx, store.Q.outbox, {"home": home, "after": after, "most": ROWS, "bytes": BYTES})
        if not rows:
            return False
        await _append(tx, home, size, [a.subject for _, packed in rows for a in _abouts.decode(packed)])
        await outbox.advance(tx, home, [CONSUMER], rows[-1][0])
        return True


async def _sweep(tx: db.Tx, home: int, size: int, after: int) -> bool:
    """What happened before there was a log, or longer ago than the outbox reaches: by subject, once."""
    found = await db.rows(tx, store.Q.older_subjects, {"home": home, "after": after, "most": OLDER})
    await _append(tx, home, size, [r[0] for r in found])
    done = len(found) < OLDER
    await db.run(tx, store.Q.set_swept, {"home": home, "to": None if done else found[-1][0]})
    return True


async def _append(tx: db.Tx, home: int, size: int, subjects: list[int]) -> None:
    facts = {"home": home, "size": size, "subjects": Bigints(list(dict.fromkeys(subjects)))}
    added = await db.row(tx, store.Q.sequence, facts)
    assert added is not None
    count, leaves = added[0], bytes(added[1])
    if not count:
        return
    edge = await store.tiles(tx, home, tree.edge_of(size))
    await store.write_tiles(tx, home, tree.grow(edge, size, leaves))
    grown = {"home": home, "seen": size, "size": size + count}
    if await db.run(tx, store.Q.grow, grown) != 1:
        raise store.Torn("the head moved under its lock")


async def sweep_again(env: Env, home: int) -> None:
    """Look once more through every event, one by one: a repair, after `commissary check` found one without a place."""
    async with env.db.transaction(mall_of(home)) as tx:
        await db.run(tx, store.Q.set_swept, {"home": home, "to": 0})
