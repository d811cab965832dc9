"""Where the goods on the shelf come from, and what leaves the sale when none of its sources may be bought from any more.

What lies on the shelf was bought while its supplier was fit, so it is neither frozen nor voided here: beside another fit
source it goes on being sold, and freezing a batch is a person's act. A SKU that was delisted is listed again by a person
too, once a source is fit.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from commissary import catalog, partners, tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.partners.rules import may_promise_genuine, unsupplied
from commissary.partners.types import Fitness
from commissary.stock import store
from commissary.tenancy.types import Actor

Q = store.Q

AT_ONCE = 100  # SKUs of one transaction


class Sources(msgspec.Struct, frozen=True):
    """One way in which suppliers are sources of SKUs. `skus_of`: listed SKUs that any of these suppliers feeds;
    `suppliers_of`: everybody who feeds each of these SKUs, None for the mall itself."""

    skus_of: Callable[[db.Tx, int, Sequence[int], datetime], Awaitable[Iterable[int]]]
    suppliers_of: Callable[
        [db.Tx, int, Sequence[int], datetime], Awaitable[Mapping[int, Iterable[int | None]]]
    ]


async def skus_of(tx: db.Tx, mall: int, suppliers: Sequence[int], now: datetime) -> list[int]:
    """By their open lots."""
    asked = {"home": home_of(mall), "mall": mall, "suppliers": list(suppliers), "now": now}
    return [r[0] for r in await db.rows(tx, Q.skus_of_suppliers, asked)]


async def suppliers_of(
    tx: db.Tx, mall: int, skus: Sequence[int], now: datetime
) -> dict[int, list[int | None]]:
    """By open lots; a SKU without any is absent."""
    found: dict[int, list[int | None]] = {}
    asked = {"home": home_of(mall), "skus": list(skus), "now": now}
    for sku, supplier in await db.rows(tx, Q.suppliers_of_skus, asked):
        found.setdefault(sku, []).append(supplier)
    return found


LOTS = Sources(skus_of, suppliers_of)


class SkuSource(msgspec.Struct, frozen=True):
    """A source of a SKU as a person sees it. None: the mall's own goods."""

    supplier_id: int | None
    fitness: Fitness | None


async def sources_of(
    env: Env, actor: Actor, sku: int, sources: Sequence[Sources] = (LOTS,)
) -> list[SkuSource]:
    """Who feeds a SKU, of what grade, and whether he may. Refuses `not_found`."""
    tenancy.require(actor, "stock.read")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        if not await db.rows(tx, Q.source_facts, {"mall": mall, "skus": [sku]}):
            raise Refused(RequestRefusal.not_found)
        return (await _feeding(tx, mall, [sku], now, sources)).get(sku, [])


async def genuine_of(
    tx: db.Tx, mall: int, skus: Sequence[int], now: datetime, sources: Sequence[Sources]
) -> set[int]:
    """Those of these SKUs that may carry the badge 正品 at that moment."""
    fed = await _feeding(tx, mall, skus, now, sources)
    return {sku for sku, each in fed.items() if genuine(each)}


async def _feeding(
    tx: db.Tx, mall: int, skus: Sequence[int], now: datetime, sources: Sequence[Sources]
) -> dict[int, list[SkuSource]]:
    """Each source once, though it may feed a SKU in several ways; the mall's own first."""
    by: dict[int, set[int | None]] = {}
    for each in sources:
        for sku, found in (await each.suppliers_of(tx, mall, skus, now)).items():
            by.setdefault(sku, set()).update(found)
    feeding = {sku: sorted(found, key=lambda s: s or 0) for sku, found in by.items()}
    fit = await _fitness(tx, mall, feeding, now)
    return {
        sku: [SkuSource(s, None if s is None else fit[sku, s]) for s in each] for sku, each in feeding.items()
    }


def genuine(sources: Sequence[SkuSource]) -> bool:
    """Whether a SKU may carry the badge 正品: every source is the issuer or one hop from it, and proven. Goods whose
    supplier nobody wrote down prove nothing."""
    return bool(sources) and all(
        s.fitness is not None and s.fitness.ok and may_promise_genuine(s.fitness.grade) for s in sources
    )


async def delist_unsupplied(env: Env, mall: int, now: datetime, sources: Sequence[Sources] = (LOTS,)) -> int:
    """The job: take off sale every SKU that a lapsed supplier feeds and nobody fit does, with an audit line and an event
    each. Returns how many. It looks at what is, not at what happened: a SKU listed again without a fit source leaves the sale at the
    next turn, and a killed turn is made up for by the next."""
    actor = Actor(mall, "system", "stock.sources")
    async with env.db.transaction(mall) as tx:
        suppliers = sorted({s for s, _ in await partners.lapsed(tx, mall, now)})
        if not suppliers:
            return 0
        fed = {sku for each in sources for sku in await each.skus_of(tx, mall, suppliers, now)}
    skus, count = sorted(fed), 0
    for at in range(0, len(skus), AT_ONCE):
        async with env.db.transaction(mall) as tx:
            some = skus[at : at + AT_ONCE]
            feeding: dict[int, list[int | None]] = {}
            for each in sources:
                for sku, found in (await each.suppliers_of(tx, mall, some, now)).items():
                    feeding.setdefault(sku, []).extend(found)
            fit = await _fitness(tx, mall, feeding, now)
            doomed = unsupplied(feeding, {pair for pair, each in fit.items() if not each.ok})
            why = {
                sku: {
                    "reason": "no_qualified_source",
                    "suppliers": {str(s): fit[sku, s].why for s in feeding[sku] if s is not None},
                }
                for sku in doomed
            }
            done = await catalog.delist_skus(tx, env, actor, doomed, why) if doomed else []
            if done:
                own = await db.row(tx, Q.own_organisation, {"mall": mall})
                assert own is not None
                n = outbox.moment(now)
                data = [{"sku_id": str(sku), "reason": "no_qualified_source"} for sku in done]
                events = [
                    outbox.Event("sku.delisted", int(d["sku_id"]), n, own[0], now, dict(d)) for d in data
                ]
                await outbox.publish(tx, home_of(mall), events, now)
            count += len(done)
    return count


async def _fitness(
    tx: db.Tx, mall: int, feeding: Mapping[int, Iterable[int | None]], now: datetime
) -> dict[tuple[int, int], Fitness]:
    """(SKU, supplier) → whether the supplier may be its source."""
    facts = await db.rows(tx, Q.source_facts, {"mall": mall, "skus": list(feeding)})
    pairs = [
        (sku, supplier, brand, class_)
        for sku, brand, class_, _ in facts
        for supplier in sorted({s for s in feeding[sku] if s is not None})
    ]
    if not pairs:
        return {}
    found = await partners.qualified(
        tx,
        mall,
        [p[1] for p in pairs],
        [p[2] for p in pairs],
        at=now,
        instrument_classes=[p[3] for p in pairs],
    )
    return {(sku, supplier): each for (sku, supplier, _, _), each in zip(pairs, found, strict=True)}
