"""Purchases that wait for a supplier's people, against what these have declared to have.

What is declared is one number per offer. A purchase that begins takes from it, in its own transaction; one that fails
gives back, unless more was declared meanwhile. Placing an order counts what is free less what waits to be bought, so
that nobody is promised what nobody has (`orders.place`).

Locks: declarations in the order of their offers; after attempts, before money.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import msgspec

from commissary.base import db, money, outbox, sql
from commissary.base.arrays import Bigints, Bools, Ints
from commissary.supply.market import Market
from commissary.supply.types import OPEN_ATTEMPTS, Attempt

D = sql.load(__package__, "people.sql")
MOST = 1_000_000  # pieces of one declaration


async def free_of(tx: db.Tx, home: int, market: Market, skus: Collection[int]) -> dict[int, int]:
    """Offer → pieces that may be asked for, of people's offers of these SKUs, locked. No query where there are none."""
    wanted = [o.id for sku in skus for o in market.offers_of(sku) if market.by_people(o.connection_id)]
    if not wanted:
        return {}
    given = {"home": home, "offers": Bigints(sorted(wanted))}
    return dict.fromkeys(wanted, 0) | dict(await db.rows(tx, D.lock_free, given))


async def ask_people(tx: db.Tx, home: int, market: Market, begun: Sequence[Attempt], at: datetime) -> None:
    """Take what these purchases want from what was declared, and tell the suppliers. Publishes `supplier.requested`."""
    asked = [a for a in begun if market.by_people(a.connection_id)]
    if not asked:
        return
    given = {
        "home": home,
        "attempts": Bigints([a.id for a in asked]),
        "offers": Bigints([a.offer_id for a in asked]),
        "quantities": Ints([a.quantity for a in asked]),
    }
    await db.run(tx, D.reserve, given)
    await outbox.publish(tx, home, [_requested(market, a, at) for a in asked], at)


async def give_back(tx: db.Tx, home: int, market: Market, changes: Sequence[tuple[Attempt, Attempt]]) -> None:
    """(before, after) each: what of it ended is not asked of anybody any more."""
    ended = [
        now
        for was, now in changes
        if was.state in OPEN_ATTEMPTS
        and now.state not in OPEN_ATTEMPTS
        and market.by_people(now.connection_id)
    ]
    if not ended:
        return
    await db.rows(tx, D.lock_free, {"home": home, "offers": Bigints(sorted({a.offer_id for a in ended}))})
    given = {"home": home, "attempts": Bigints([a.id for a in ended])}
    await db.run(tx, D.end_reserved, given | {"backs": Bools([a.state == "failed" for a in ended])})


async def requests(
    tx: db.Tx, home: int, supplier_id: int | None, *, after: int = 0, size: int = 50
) -> list[Attempt]:
    """Purchases that wait for people, the oldest first. `supplier_id` None: everybody's."""
    given = {"home": home, "supplier": supplier_id, "after": after, "size": size}
    return [Attempt(*r) for r in await db.rows(tx, D.requests, given)]


def due_at(market: Market, attempt: Attempt) -> datetime | None:
    """By when it is to be provided; None when it is not people's."""
    within_s = market.sent_to(attempt).connector.facts.within_s
    return None if within_s is None else attempt.called_at + timedelta(seconds=within_s)


async def load_people(tx: db.Tx, mall: int) -> dict[int, tuple[int, ...]]:
    """SKU → the offers of people that serve it, where nobody else can."""
    return {sku: tuple(found) for sku, found in await db.rows(tx, D.people, {"mall": mall})}


def _requested(market: Market, a: Attempt, at: datetime) -> outbox.Event:
    told = {
        "purchase_id": a.ref,
        "sku_id": str(a.sku_id),
        "good_id": a.good_id,
        "quantity": a.quantity,
        "unit_cost": msgspec.to_builtins(money.of(a.unit_cost_e4, a.currency)),
        "provide_before": due_at(market, a),
    }
    return outbox.Event("supplier.requested", a.id, 1, a.supplier_id, at, told)


async def put_stock(tx: db.Tx, home: int, offer_id: int, stock: int, at: datetime) -> None:
    """The caller holds the offer's lock. The declaration's own is taken first, so that what is asked is seen whole."""
    await db.rows(tx, D.lock_free, {"home": home, "offers": Bigints([offer_id])})
    await db.run(tx, D.declare, {"home": home, "offer": offer_id, "stock": stock, "at": at})
