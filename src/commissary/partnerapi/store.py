"""Rows ↔ types of the faces. Reads `tenancy.mall` for a mall's name and currency."""

from collections.abc import Sequence
from datetime import datetime

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints, Texts, Words
from commissary.partnerapi.types import Due

Q = sql.load(__package__)


async def numbers(tx: db.Tx, mall: int) -> dict[int, int]:
    """Thing → its number."""
    return {thing: number for number, thing in await db.rows(tx, Q.numbers, {"mall": mall})}


async def add_numbers(tx: db.Tx, mall: int, things: Sequence[int]) -> None:
    """In the order of the question; those that have one keep it."""
    await db.rows(tx, Q.lock_numbers, {"mall": mall})
    known = await numbers(tx, mall)
    new = [thing for thing in dict.fromkeys(things) if thing not in known]
    if new:
        await db.run(tx, Q.add_numbers, {"mall": mall, "things": Bigints(new)})


async def mall(tx: db.Tx, mall_id: int) -> tuple[str, str]:
    """(name, currency)"""
    found = await db.row(tx, Q.mall, {"mall": mall_id})
    assert found is not None
    return str(found[0]), str(found[1])


async def application(tx: db.Tx, mall_id: int, face: str) -> tuple[str, bytes] | None:
    """(app id, sealed secret)"""
    found = await db.row(tx, Q.application, {"mall": mall_id, "face": face})
    return None if found is None else (str(found[0]), bytes(found[1]))


async def set_application(
    tx: db.Tx, mall_id: int, face: str, app_id: str, sealed: bytes, at: datetime
) -> None:
    told = {"mall": mall_id, "face": face, "app_id": app_id, "secret": sealed, "at": at}
    await db.run(tx, Q.set_application, told)


async def wish(tx: db.Tx, home: int, dues: Sequence[Due], now: datetime) -> int:
    """How many rows came of it. An order is named once."""
    return await db.run(
        tx,
        Q.wish,
        {
            "home": home,
            "now": now,
            "orders": Bigints([d.order_id for d in dues]),
            "faces": Words([d.face for d in dues]),
            "keys": Texts([d.key_id for d in dues]),
            "urls": Texts([d.url for d in dues]),
            "ns": Ints([d.n for d in dues]),
        },
    )


async def homes_due(tx: db.Tx, now: datetime) -> list[int]:
    return [r[0] for r in await db.rows(tx, Q.homes_due, {"now": now})]


async def lease(tx: db.Tx, home: int, now: datetime, until: datetime, lease_id: int, most: int) -> list[Due]:
    told = {"home": home, "now": now, "until": until, "lease": lease_id, "most": most}
    return [Due(*r) for r in await db.rows(tx, Q.lease, told)]


async def heard(tx: db.Tx, home: int, order_id: int, lease_id: int) -> None:
    await db.run(tx, Q.heard, {"home": home, "order": order_id, "lease": lease_id})


async def again(tx: db.Tx, home: int, order_id: int, lease_id: int, due: datetime) -> None:
    await db.run(tx, Q.again, {"home": home, "order": order_id, "lease": lease_id, "due": due})
