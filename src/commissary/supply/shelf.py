"""What can be bought now, and at what cost: worked out when an offer, a connection or a supplier's papers change, so that
placing an order only looks it up."""

from collections.abc import Collection, Sequence
from datetime import datetime

from commissary import ledger, partners, stock, tenancy
from commissary.base import db, outbox, sql
from commissary.base.arrays import Bigints, Texts
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.ledger.rules import RATE_E8
from commissary.supply import store

Goods = tuple[int, str]
"""(brand, instrument class): what papers are asked by."""
P = sql.load(__package__, "people.sql")

Claim = tuple[int, int, str]
"""(supplier, brand, instrument class): what papers are asked for."""


async def lay_out(tx: db.Tx, env: Env, mall: int, skus: Sequence[int], rev: int) -> None:
    """Of these SKUs anew, in the transaction of the change that touched them; `rev` is the epoch that it raised. Publishes
    `cost.changed` of each whose cheapest cost is another now."""
    if not skus:
        return
    at = env.now(mall)
    rates = await ledger.rates_of(tx, mall, at)
    worth = {rates.currency: RATE_E8}
    worth |= {c: rate.rate_e8 for c in rates.known if (rate := rates.fresh(c, at)) is not None}
    asked: dict[str, object] = {"mall": mall, "skus": Bigints(sorted(set(skus)))}
    asked |= {"currencies": Texts(list(worth)), "rates": Bigints(list(worth.values()))}
    found = await db.rows(tx, store.Q.cheapest, asked)
    refused = await unfit(tx, env, mall, {(supplier, brand, of) for _, supplier, brand, of, *_ in found})
    costs: dict[int, int | None] = {}
    people: dict[int, list[int]] = {}
    others: set[int] = set()
    for sku, supplier, brand, of, cost_e4, by_people, by_programs in found:
        costs.setdefault(sku, None)
        if cost_e4 is not None and (supplier, brand, of) not in refused:
            known = costs[sku]
            costs[sku] = cost_e4 if known is None else min(known, cost_e4)
            people.setdefault(sku, []).extend(by_people or [])
            if by_programs:
                others.add(sku)
    put = {"mall": mall, "rev": rev, "skus": Bigints(list(costs)), "costs": Bigints(list(costs.values()))}
    before: dict[int, int | None] = dict(
        await db.rows(tx, store.Q.shelf_of, {"mall": mall, "skus": Bigints(sorted(costs))})
    )
    moved: dict[int, int | None] = dict(await db.rows(tx, store.Q.put_shelf, put))
    only = [sorted(people[s]) if people.get(s) and s not in others else None for s in costs]
    told = [None if offers is None else f"{{{','.join(map(str, offers))}}}" for offers in only]
    await db.run(tx, P.set_people, {"mall": mall, "skus": Bigints(list(costs)), "people": Texts(told)})
    gone = set(skus) - set(costs)
    if gone:
        await db.run(tx, store.Q.drop_shelf, {"mall": mall, "skus": Bigints(sorted(gone))})
    await outbox.publish(tx, home_of(mall), [_moved(s, before.get(s), c, at) for s, c in moved.items()], at)


def _moved(sku: int, old: int | None, new: int | None, at: datetime) -> outbox.Event:
    data = {"sku_id": str(sku), "old_e4": old, "new_e4": new}
    return outbox.Event("cost.changed", sku, outbox.moment(at), 0, at, data)


async def lay_out_of(
    tx: db.Tx, env: Env, mall: int, rev: int, *, connection: int | None = None, supplier: int | None = None
) -> None:
    """Everything that this connection, or this supplier, serves."""
    asked = {"mall": mall, "connection": connection, "supplier": supplier}
    await lay_out(tx, env, mall, [r[0] for r in await db.rows(tx, store.Q.skus_of, asked)], rev)


async def supplier_changed(tx: db.Tx, env: Env, mall: int, supplier: int) -> None:
    """A reaction to his papers: he may be bought from again, or no more."""
    rev = await tenancy.raise_epoch(tx, mall)
    await lay_out_of(tx, env, mall, rev, supplier=supplier)


async def on_standing(tx: db.Tx, env: Env, home: int, seen: Sequence[tuple[int, int, outbox.Event]]) -> bool:
    """A reaction to what became of suppliers' papers; the event's subject is the supplier."""
    for supplier in sorted({event.subject for _, _, event in seen}):
        await supplier_changed(tx, env, mall_of(home), supplier)
    return bool(seen)


async def skus_served(tx: db.Tx, mall: int, suppliers: Sequence[int], now: datetime) -> list[int]:
    """By their offers: for the watch over goods that nobody fit supplies any more."""
    del now
    found: set[int] = set()
    for supplier in suppliers:
        asked = {"mall": mall, "connection": None, "supplier": supplier}
        found |= {r[0] for r in await db.rows(tx, store.Q.skus_of, asked)}
    return sorted(found)


async def suppliers_serving(
    tx: db.Tx, mall: int, skus: Sequence[int], now: datetime
) -> dict[int, list[int | None]]:
    """By their offers; a SKU without any is absent."""
    del now
    found: dict[int, list[int | None]] = {}
    for sku, supplier in await db.rows(tx, store.Q.serving, {"mall": mall, "skus": Bigints(skus)}):
        found.setdefault(sku, []).append(supplier)
    return found


OFFERS = stock.Sources(skus_served, suppliers_serving)


async def goods_of(tx: db.Tx, mall: int, skus: Sequence[int]) -> dict[int, Goods]:
    """By SKU."""
    found = await db.rows(tx, store.Q.goods_of, {"mall": mall, "skus": Bigints(skus)})
    return {r[0]: (r[1], r[2]) for r in found}


async def unfit(tx: db.Tx, env: Env, mall: int, claims: Collection[Claim]) -> dict[Claim, str]:
    """Why that supplier may not be bought such goods from; the others are left out."""
    if not claims:
        return {}
    asked = sorted(claims)
    found = await partners.qualified(
        tx,
        mall,
        [supplier for supplier, _, _ in asked],
        [brand for _, brand, _ in asked],
        at=env.now(mall),
        instrument_classes=[of for _, _, of in asked],
    )
    return {
        claim: fitness.why for claim, fitness in zip(asked, found, strict=True) if fitness.why is not None
    }
