"""Rows ↔ types of claims and of the work log."""

from collections.abc import Sequence
from datetime import datetime

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Smallints, Texts
from commissary.base.env import Env
from commissary.fulfilment.types import Action, LogEntry

Q = sql.load(__package__)


async def claim_of(tx: db.Tx, home: int, order_id: int, line_no: int) -> tuple[int, datetime] | None:
    """(person, until). The caller holds the order's lock, as everybody who changes a claim does."""
    found = await db.row(tx, Q.claim_of, {"home": home, "order": order_id, "line": line_no})
    return (int(found[0]), found[1]) if found else None


async def set_claim(
    tx: db.Tx, home: int, order_id: int, line_no: int, person_id: int, until: datetime
) -> None:
    params = {"home": home, "order": order_id, "line": line_no, "person": person_id, "until": until}
    await db.run(tx, Q.set_claim, params)


async def drop_claim(tx: db.Tx, home: int, order_id: int, line_no: int) -> None:
    await db.run(tx, Q.drop_claim, {"home": home, "order": order_id, "line": line_no})


async def add_log(
    tx: db.Tx, env: Env, home: int, at: datetime, entries: Sequence[tuple[int, int, Action]]
) -> None:
    """(order, line, what was done) each."""
    if not entries:
        return
    await db.run(
        tx,
        Q.add_log,
        {
            "home": home,
            "at": at,
            "orders": Bigints([order_id for order_id, _, _ in entries]),
            "ids": Bigints(env.ids.many(len(entries))),
            "lines": Smallints([line_no for _, line_no, _ in entries]),
            "actions": Texts([a.name for _, _, a in entries]),
            "zh": Texts([a.zh for _, _, a in entries]),
            "en": Texts([a.en for _, _, a in entries]),
        },
    )


async def log_of(tx: db.Tx, home: int, order_id: int) -> list[LogEntry]:
    return [LogEntry(*r) for r in await db.rows(tx, Q.log, {"home": home, "order": order_id})]
