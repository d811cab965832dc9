"""Custody events to rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Byteas, Smallints
from commissary.provenance.types import CustodyEvent

Q = sql.load(__package__)


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
    if events:
        await tx.execute(Q.append, {"home": home, "at": at, **columns(events)})


async def next_n(tx: db.Tx, home: int, subject_id: int) -> int:
    """The number of the subject's next event. The caller holds the subject's row, so nobody else asks meanwhile."""
    found = await db.row(tx, Q.next_n, {"home": home, "subject": subject_id})
    assert found is not None
    return int(found[0])
