"""Events written in the transaction of the change they tell of.

One row per transaction holds all its events as JSON. `seq` is gap-free per home and in commit order, because whoever
publishes holds the home's head row until commit: publish last. An event carries its own number within its subject
(`n`), so that a receiver can order events about one order; the relay never reads later state.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary.base import db
from commissary.base.ids import EPOCH_MS

_encode = msgspec.json.encode


class Event(msgspec.Struct, frozen=True, gc=False):
    """`kind` such as `order.delivered`; `subject` the id it is about; `owner` the organisation that may be told."""

    kind: str
    subject: int
    n: int
    owner: int
    at: datetime
    data: dict[str, Any] = {}


_decode = msgspec.json.Decoder(list[Event])


def pack(events: list[Event]) -> bytes:
    return _encode(events)


def unpack(packed: bytes) -> list[Event]:
    return _decode.decode(packed)


def moment(at: datetime) -> int:
    """The number of an event whose subject counts none of its own: seconds since 2025, which an integer column holds."""
    return int(at.timestamp()) - EPOCH_MS // 1000


async def publish(tx: db.Tx, home: int, events: list[Event], at: datetime) -> None:
    """Last act before commit. Nothing to publish, nothing written."""
    if events:
        await tx.execute("select base.publish(%s, %s, %s)", (home, at, pack(events)))


async def read(tx: db.Tx, home: int, after: int, limit: int = 50) -> list[tuple[int, list[Event]]]:
    """Rows after a position, oldest first."""
    found = await db.rows(
        tx,
        "select seq, events from base.outbox where home_id = %s and seq > %s order by seq limit %s",
        (home, after, limit),
    )
    return [(seq, unpack(bytes(packed))) for seq, packed in found]


async def hold(tx: db.Tx, home: int, consumer: str) -> int | None:
    """Where a consumer stands, held until the transaction ends; None while another holds it."""
    query = "select seq from base.outbox_position where home_id = %s and consumer = %s for update skip locked"
    found = await db.row(tx, query, (home, consumer))
    if found is None:  # the first time, or another has it
        await tx.execute(
            "insert into base.outbox_position (home_id, consumer, seq) values (%s, %s, 0) on conflict do nothing",
            (home, consumer),
        )
        found = await db.row(tx, query, (home, consumer))
    return found[0] if found else None


async def advance(tx: db.Tx, home: int, consumers: Sequence[str], seq: int) -> None:
    """These consumers have dealt with everything up to `seq`; in the transaction of what they did."""
    if consumers:
        await tx.execute(
            """insert into base.outbox_position (home_id, consumer, seq)
               select %s, name, %s from unnest(%s::text[]) as c (name) order by name
               on conflict (home_id, consumer) do update set seq = greatest(outbox_position.seq, excluded.seq)""",
            (home, seq, list(consumers)),
        )


async def prune(tx: db.Tx, home: int, before: datetime, consumers: list[str], most: int = 1000) -> int:
    """Forget old rows that every one of these consumers has passed; how many. One that never read holds all."""
    return await db.run(
        tx,
        """with passed as (
             select coalesce(min(coalesce(p.seq, 0)), 0) as seq
             from unnest(%(consumers)s::text[]) as c (name)
             left join base.outbox_position p on p.home_id = %(home)s and p.consumer = c.name
           ), old as (
             select o.seq from base.outbox o, passed
             where o.home_id = %(home)s and o.seq <= passed.seq and o.at < %(before)s order by o.seq limit %(most)s
           )
           delete from base.outbox o using old where o.home_id = %(home)s and o.seq = old.seq""",
        {"home": home, "before": before, "consumers": consumers, "most": most},
    )
