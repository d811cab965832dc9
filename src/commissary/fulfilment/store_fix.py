"""Rows ↔ types of corrections that buyers are asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Smallints, Texts
from commissary.fulfilment.types import FixRequest, FixState, FixTerms
from commissary.supply.types import WRONG_ACCOUNT

Q = sql.load(__package__, "fix.sql")


async def askable(
    tx: db.Tx, mall: int, home: int, orders: Collection[int]
) -> dict[tuple[int, int], tuple[str, int]]:
    """Line → (the field that names its account, how often it was corrected)."""
    found = await db.rows(tx, Q.askable, {"mall": mall, "home": home, "orders": Bigints(sorted(orders))})
    return {(order_id, line_no): (field, count) for order_id, line_no, field, count in found}


async def add(tx: db.Tx, home: int, requests: Sequence[FixRequest], at: datetime) -> None:
    if not requests:
        return
    told: dict[str, object] = {"home": home, "at": at, "reason": WRONG_ACCOUNT}
    told["ids"] = Bigints([r.id for r in requests])
    told["orders"] = Bigints([r.order_id for r in requests])
    told["lines"] = Smallints([r.line_no for r in requests])
    told["attempts"] = Bigints([r.attempt_id for r in requests])
    told["fields"] = Texts([r.field for r in requests])
    told["corrections"] = Smallints([r.corrections for r in requests])
    told["deadlines"] = [r.deadline for r in requests]
    await db.run(tx, Q.add_fixes, told)


async def last_of(tx: db.Tx, home: int, order_id: int, line_no: int) -> FixRequest | None:
    found = await db.row(tx, Q.last_fix, {"home": home, "order": order_id, "line": line_no})
    return FixRequest(*found) if found else None


async def end(tx: db.Tx, home: int, id_: int, state: FixState, at: datetime, by: str = "") -> None:
    """The caller holds the order's lock and has seen it open."""
    ended = await db.run(tx, Q.end_fix, {"home": home, "id": id_, "state": state, "at": at, "by": by})
    assert ended == 1, "an open request ended beside its order's lock"


async def find(
    tx: db.Tx, home: int, *, state: str | None, order_id: int | None, after: int, size: int
) -> list[FixRequest]:
    told = {"home": home, "state": state, "order": order_id, "after": after, "size": size}
    return [FixRequest(*r) for r in await db.rows(tx, Q.fixes, told)]


async def due(tx: db.Tx, home: int, now: datetime, after: int, size: int) -> list[tuple[int, int, int]]:
    """(request, order, line) each."""
    told = {"home": home, "now": now, "reason": WRONG_ACCOUNT, "after": after, "size": size}
    return [(r[0], r[1], r[2]) for r in await db.rows(tx, Q.due_fixes, told)]


async def homes_to_end(tx: db.Tx, clocks: Mapping[str, object]) -> list[int]:
    """Of all malls, where `due` would find something."""
    return [r[0] for r in await db.rows(tx, Q.homes_to_end, clocks)]


async def forgiven(tx: db.Tx, home: int, orders: Collection[int]) -> set[int]:
    return {r[0] for r in await db.rows(tx, Q.forgiven, {"home": home, "orders": Bigints(sorted(orders))})}


async def terms(tx: db.Tx, home: int) -> FixTerms | None:
    found = await db.row(tx, Q.fix_terms, {"home": home})
    return FixTerms(*found) if found else None


async def put_terms(tx: db.Tx, home: int, minutes: int, *, seen: int, by: str, at: datetime) -> bool:
    told = {"home": home, "minutes": minutes, "seen": seen, "by": by, "at": at}
    return bool(await db.run(tx, Q.put_fix_terms, told))
