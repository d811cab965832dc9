"""Rows ↔ types of custody events and of the log over them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Byteas, Smallints
from commissary.provenance.tree import Tile
from commissary.provenance.types import CustodyEvent, Kind, Logged, Signed, WitnessView

Q = sql.load(__package__)


class Torn(Exception):
    """A row of the log is not what its holder saw: nothing of the transaction may stand."""


def columns(events: Sequence[CustodyEvent]) -> dict[str, Any]:
    """The parameters of `provenance.append`, for statements that call it beside others."""
    return {
        "subjects": Bigints([e.subject_id for e in events]),
        "ns": Smallints([e.n for e in events]),
        "kinds": Smallints([e.kind for e in events]),
        "bodies": Byteas([e.body for e in events]),
        "salts": Byteas([e.salt for e in events]),
        "leaves": Byteas([e.leaf for e in events]),
    }


async def append(tx: db.Tx, home: int, at: datetime, events: Sequence[CustodyEvent]) -> None:
    """The same transaction publishes an event of the same subject: by it the sequencer finds these."""
    if events:
        await tx.execute(Q.append, {"home": home, "at": at, **columns(events)})


async def next_n(tx: db.Tx, home: int, subject_id: int) -> int:
    """The number of the subject's next event. The caller holds the subject's row, so nobody else asks meanwhile."""
    found = await db.row(tx, Q.next_n, {"home": home, "subject": subject_id})
    assert found is not None
    return int(found[0])


async def next_ns(tx: db.Tx, home: int, subject_ids: Sequence[int]) -> dict[int, int]:
    """The same of many subjects, all of them held; one that has no event yet is left out."""
    return dict(await db.rows(tx, Q.next_ns, {"home": home, "subjects": Bigints(subject_ids)}))


async def events_of(tx: db.Tx, home: int, subject_id: int) -> list[Logged]:
    """Of an order or a batch, oldest first."""
    found = await db.rows(tx, Q.events, {"home": home, "subject": subject_id})
    return [
        Logged(n, Kind(kind), at, bytes(body), bytes(salt), bytes(leaf), position)
        for n, kind, at, body, salt, leaf, position in found
    ]


async def recalled_before(tx: db.Tx, home: int, orders: Sequence[int], batch: int) -> set[int]:
    """Which of these orders have that batch's recall in custody already. The caller holds the orders."""
    facts = {"home": home, "orders": Bigints(orders), "mark": f'["{batch}",'.encode()}
    return {r[0] for r in await db.rows(tx, Q.recalled, facts)}


async def tiles(tx: db.Tx, home: int, wanted: Iterable[Tile]) -> dict[Tile, bytes]:
    """Those that are there, each as long as it is by now."""
    asked = list(wanted)
    if not asked:
        return {}
    facts = {"home": home, "levels": [t[0] for t in asked], "numbers": [t[1] for t in asked]}
    return {(level, number): bytes(h) for level, number, h in await db.rows(tx, Q.tiles, facts)}


async def write_tiles(tx: db.Tx, home: int, changed: Mapping[Tile, bytes]) -> None:
    facts = {"home": home, "levels": [t[0] for t in changed], "numbers": [t[1] for t in changed]}
    written = await db.run(tx, Q.write_tiles, facts | {"hashes": Byteas(list(changed.values()))})
    if written != len(changed):
        raise Torn(f"{written} of {len(changed)} tiles could grow")


async def commitments(tx: db.Tx, home: int, first: int, count: int) -> list[bytes]:
    """The entries of the log from a position on."""
    facts = {"home": home, "first": first, "count": count}
    return [bytes(r[0]) for r in await db.rows(tx, Q.commitments, facts)]


async def checkpoint(tx: db.Tx, home: int, size: int | None = None) -> Signed | None:
    """The newest, or the one of that size, with the cosignatures it has by now."""
    found = await db.row(tx, Q.checkpoint, {"home": home, "size": size})
    if found is None:
        return None
    origin, size, root, note, at = found
    cosigned = await db.rows(tx, Q.cosignatures, {"home": home, "size": size})
    note += "".join(line for line, _ in cosigned)
    return Signed(origin, size, bytes(root), note, at, tuple(vkey for _, vkey in cosigned))


async def witnesses(tx: db.Tx, home: int) -> list[WitnessView]:
    return [WitnessView(*r) for r in await db.rows(tx, Q.witnesses, {"home": home})]
