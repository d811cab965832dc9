"""Sign the log's newest size, and prove what stands in it."""

from functools import partial

from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.provenance import keys, note, store, tree
from commissary.provenance.types import Proof, ProvenEvent

FORMAT = "commissary-proof/1"


async def sign(env: Env, home: int) -> bool:
    """A checkpoint of all that has a place by now; whether there was anything new, and nobody else at it."""
    mall = mall_of(home)
    async with env.db.transaction(mall) as tx:
        head = await db.row(tx, store.Q.hold_head, {"home": home})
        if head is None or head[1] == head[2]:
            return False
        origin, size, _, _ = head
        root = await root_at(tx, home, size)
        name, private = await keys.private(tx, env, home, "log", origin)
        text = note.Checkpoint(origin, size, root).text
        signed = text + "\n" + note.sign(text, name, private).line
        facts = {"home": home, "size": size, "root": root, "note": signed, "at": env.now(mall)}
        await db.run(tx, store.Q.add_checkpoint, facts)
        await db.run(tx, store.Q.set_signed, facts)
    return True


async def root_at(tx: db.Tx, home: int, size: int) -> bytes:
    ask = partial(tree.root, size)
    return ask(tree.reader(await store.tiles(tx, home, tree.tiles_of(ask))))


async def consistency(tx: db.Tx, home: int, old: int, size: int) -> list[bytes]:
    """That the log of `size` begins with the log of `old`. Both are at most the log's own size."""
    ask = partial(tree.consistency, old, size)
    return ask(tree.reader(await store.tiles(tx, home, tree.tiles_of(ask))))


async def prove(tx: db.Tx, home: int, order_id: int, party_id: int) -> tuple[Proof | None, int]:
    """The events of an order that the newest checkpoint covers, disclosed for this party, and how many it does not cover
    yet. None: nothing is covered."""
    signed = await store.checkpoint(tx, home)
    key = await keys.public(tx, home)
    events = await store.events_of(tx, home, order_id)
    covered = [
        (e, e.position) for e in events if signed and e.position is not None and e.position < signed.size
    ]
    if signed is None or key is None or not covered:
        return None, len(events)
    wanted: dict[tree.Tile, None] = {}
    for _, position in covered:
        wanted |= dict.fromkeys(tree.tiles_of(partial(tree.inclusion, position, signed.size)))
    read = tree.reader(await store.tiles(tx, home, wanted))
    proven = [
        ProvenEvent(
            e.body.decode(),
            e.salt.hex(),
            position,
            [step.hex() for step in tree.inclusion(position, signed.size, read)],
        )
        for e, position in covered
    ]
    made = Proof(FORMAT, key.vkey, list(signed.witnesses), signed.note, str(order_id), str(party_id), proven)
    return made, len(events) - len(covered)
