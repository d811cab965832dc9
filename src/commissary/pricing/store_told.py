"""Rows ↔ types of price subscriptions, and of what subscribers were told. Reads `partners.buyer`, `catalog`, `stock.lot`
and `supply.shelf`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.arrays import Bigints
from commissary.pricing.standing import Shelf, Told, View
from commissary.pricing.types import Ladder, Subscription

Q = sql.load(__package__, "subscriptions.sql")


async def subscriptions(
    tx: db.Tx,
    mall: int,
    *,
    buyer_id: int | None = None,
    name: str | None = None,
    id_: int | None = None,
    after: int = 0,
    size: int = 100_000,
    counted: bool = True,
) -> list[Subscription]:
    """By id. `counted`: with the number of SKUs, which is looked up."""
    given = {"counted": counted} | {
        "mall": mall,
        "buyer": buyer_id,
        "name": name,
        "id": id_,
        "after": after,
        "size": size,
    }
    return [Subscription(*r) for r in await db.rows(tx, Q.subscriptions, given)]


async def told_skus(tx: db.Tx, mall: int, ids: Sequence[int]) -> dict[int, frozenset[int]]:
    found = await db.rows(tx, Q.told_skus, {"mall": mall, "ids": Bigints(ids)})
    return {r[0]: frozenset(r[1]) for r in found}


async def told(tx: db.Tx, mall: int, id_: int, skus: Sequence[int] | None) -> dict[int, Told]:
    given = {"mall": mall, "id": id_, "skus": None if skus is None else Bigints(skus)}
    found = await db.row(tx, Q.told, given)
    if found is None or found[0] is None:
        return {}
    ladders: dict[tuple[str, str], Ladder] = {}  # the same ones come again and again
    known: dict[int, Told] = {}
    for sku, steps, each, available in zip(
        found[0], found[1].split(","), found[2].split(","), found[3], strict=True
    ):
        ladder = ladders.get((steps, each))
        if ladder is None:
            ladder = Ladder(tuple(map(int, steps.split())), tuple(map(int, each.split())))
            ladders[steps, each] = ladder
        known[sku] = Told(ladder, available)
    return known


async def tell(tx: db.Tx, mall: int, id_: int, known: Mapping[int, Told], at: datetime) -> None:
    """He knows this now."""
    rows = [
        {"sku": sku, "minimums": t.ladder.minimums, "prices": t.ladder.prices_e4, "available": t.available}
        for sku, t in sorted(known.items())
    ]
    packed = Jsonb(rows, dumps=msgspec.json.encode)
    await db.run(tx, Q.tell, {"mall": mall, "id": id_, "told": packed, "at": at})


async def read_goods(tx: db.Tx, mall: int, view: View) -> None:
    """What SKUs there are, and which are listed."""
    found = await db.row(tx, Q.goods_of_mall, {"mall": mall})
    ids, kinds, listed = (found[0] or [], found[1] or [], found[2] or []) if found else ([], [], [])
    view.kinds = dict(zip(ids, kinds, strict=True))
    view.listed = frozenset(i for i, on in zip(ids, listed, strict=True) if on)
    parts: dict[int, tuple[tuple[int, int], ...]] = {}
    for bundle, sku, pieces in await db.rows(tx, Q.parts_of_mall, {"mall": mall}):
        parts[bundle] = (*parts.get(bundle, ()), (sku, pieces))
    view.parts = parts


async def read_shelves(tx: db.Tx, mall: int, at: datetime) -> dict[int, Shelf]:
    return {r[0]: Shelf(*r[1:]) for r in await db.rows(tx, Q.shelves, {"mall": mall, "at": at})}
