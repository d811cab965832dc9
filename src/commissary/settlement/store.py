"""Rows ↔ types of settlement. Reads what our purchases and the ledger's transfers say."""

from collections.abc import Mapping as Facts
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.arrays import Bigints, Bools, Ints, Texts, Timestamps, Words
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.settlement.types import (
    Account,
    Claim,
    Day,
    Difference,
    Found,
    Line,
    Mapping,
    Payment,
    SettlementRefusal,
    Statement,
)

Q = sql.load(__package__)
LAST = 2**63 - 1
LAST_DAY = date(9999, 1, 1)


async def account(tx: db.Tx, home: int, connection_id: int) -> tuple[Account, ZoneInfo]:
    """With the mall's zone, which says when a day begins. Refuses connection_unknown."""
    given = {"home": home, "mall": mall_of(home), "connection": connection_id}
    found = await db.row(tx, Q.account, given)
    if found is None:
        raise Refused(SettlementRefusal.connection_unknown)
    return Account(*found[:6]), ZoneInfo(found[6])


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants at which that day begins and ends."""
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


async def mapping(tx: db.Tx, mall: int, connection_id: int) -> Mapping:
    found = await db.row(tx, Q.mapping, {"mall": mall, "connection": connection_id})
    return Mapping() if found is None else msgspec.convert(dict(zip(_MAPPING, found, strict=True)), Mapping)


_MAPPING = ("columns", "statuses", "amounts")


async def set_mapping(tx: db.Tx, mall: int, connection_id: int, told: Mapping, at: datetime) -> None:
    given = {"mall": mall, "connection": connection_id, "at": at, "amounts": told.amounts}
    given |= {"columns": jsonb(told.columns), "statuses": jsonb(told.statuses)}
    await db.run(tx, Q.set_mapping, given)


def jsonb(value: Any) -> Jsonb:
    return Jsonb(value, dumps=msgspec.json.encode)


async def add_lines(tx: db.Tx, home: int, statement_id: int, lines: Sequence[Line]) -> None:
    await db.run(
        tx,
        Q.add_lines,
        {
            "home": home,
            "id": statement_id,
            "lines": Ints([x.line_no for x in lines]),
            "refs": Texts([x.ref for x in lines]),
            "ref_ids": Bigints([x.ref_id for x in lines]),
            "supplier_refs": Texts([x.supplier_ref for x in lines]),
            "articles": Words([x.article for x in lines]),
            "quantities": Ints([x.quantity for x in lines]),
            "amounts": Bigints([x.amount_e4 for x in lines]),
            "statuses": Words([x.status for x in lines]),
            "ats": Timestamps([x.at for x in lines]),
        },
    )


async def statement_of(
    tx: db.Tx, home: int, connection_id: int, day: date, sha256: bytes | None = None
) -> Statement | None:
    """The one that counts, or the one of that very file."""
    given = {"home": home, "connection": connection_id, "day": day, "sha256": sha256}
    found = await db.row(tx, Q.statement_of_day if sha256 is None else Q.statement_by_hash, given)
    return None if found is None else Statement(*found)


async def touch(tx: db.Tx, home: int, connection_id: int, day: date) -> int:
    """The day's row, locked, its match out of date. Refuses day_closed."""
    found = await db.row(tx, Q.touch_day, {"home": home, "connection": connection_id, "day": day})
    if found is None:
        raise Refused(SettlementRefusal.day_closed)
    return int(found[0])


async def touch_beside(tx: db.Tx, home: int, connection_id: int, day: date) -> None:
    """What stands in a day tells late from missing in those beside it."""
    days = [day - timedelta(days=1), day + timedelta(days=1)]
    await db.run(tx, Q.touch_known_day, {"home": home, "connection": connection_id, "days": days})


async def copied(tx: db.Tx, query: str, given: Facts[str, Any], told: "Any" = None) -> bytes:
    """What a COPY gives; `told` hears how many lines came so far."""
    pieces, lines = [], 0
    async with tx.cursor() as cursor, cursor.copy(query.encode(), given) as copy:
        async for piece in copy:
            pieces.append(bytes(piece))
            lines += 1
            if told is not None and lines % 50_000 == 0:
                told(lines)
    return b"".join(pieces)


async def add_differences(
    tx: db.Tx, env: Env, home: int, connection_id: int, day: date, found: Sequence[Found], at: datetime
) -> None:
    await db.run(
        tx,
        Q.add_differences,
        {
            "home": home,
            "connection": connection_id,
            "day": day,
            "at": at,
            "ids": Bigints(env.ids.many(len(found))),
            "keys": Texts([f.key for f in found]),
            "kinds": Words([f.kind for f in found]),
            "attempts": Bigints([f.attempt_id for f in found]),
            "refunds": Bools([f.refund for f in found]),
            "statements": Bigints([f.statement_id for f in found]),
            "lines": Ints([f.line_no for f in found]),
            "ours": Bigints([f.ours_e4 for f in found]),
            "theirs": Bigints([f.theirs_e4 for f in found]),
            "others": Ints([f.other_offset for f in found]),
        },
    )


async def days(
    tx: db.Tx, home: int, connection_id: int, day: date | None = None, before: date = LAST_DAY, size: int = 1
) -> list[Day]:
    """Newest first."""
    given = {"home": home, "connection": connection_id, "day": day, "before": before, "size": size}
    return [Day(*r) for r in await db.rows(tx, Q.days, given)]


async def the_day(tx: db.Tx, home: int, connection_id: int, day: date) -> Day:
    """Refuses day_not_found."""
    found = await days(tx, home, connection_id, day)
    if not found:
        raise Refused(SettlementRefusal.day_not_found)
    return found[0]


async def differences(
    tx: db.Tx,
    home: int,
    *,
    connection_id: int | None = None,
    day: date | None = None,
    state: str | None = None,
    kind: str | None = None,
    id_: int | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Difference]:
    given = {
        "home": home,
        "connection": connection_id,
        "day": day,
        "state": state,
        "kind": kind,
        "id": id_,
        "after": after,
        "size": size,
    }
    return [Difference(*r) for r in await db.rows(tx, Q.differences, given)]


async def claims(
    tx: db.Tx,
    home: int,
    *,
    connection_id: int | None = None,
    state: str | None = None,
    id_: int | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Claim]:
    given = {
        "home": home,
        "connection": connection_id,
        "state": state,
        "id": id_,
        "after": after,
        "size": size,
    }
    return [Claim(*r) for r in await db.rows(tx, Q.claims, given)]


async def payments(
    tx: db.Tx,
    home: int,
    connection_id: int,
    *,
    reference: str | None = None,
    before: int = LAST,
    size: int = 50,
) -> list[Payment]:
    """Newest first."""
    given = {
        "home": home,
        "connection": connection_id,
        "reference": reference,
        "before": before,
        "size": size,
    }
    return [Payment(*r) for r in await db.rows(tx, Q.payments, given)]


async def mall_organisation(tx: db.Tx, home: int) -> int:
    """Who owns the mall's own books: connecting to a supplier opened one of them."""
    found = await db.row(tx, Q.mall_organisation, {"home": home})
    assert found is not None, "a connection without the account of what is bought"
    return int(found[0])
