"""How much there is: for lists, for the buyer, for whoever buys in."""

from collections.abc import Sequence
from datetime import datetime

from commissary import catalog, tenancy
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.stock import store
from commissary.stock.types import BatchView, FaultLine, LowStock, SkuSummary
from commissary.tenancy.types import Actor

Q = store.Q


async def available(
    tx: db.Tx, home: int, now: datetime, skus: Sequence[int] | None = None
) -> dict[int, int | None]:
    """SKU → codes for sale; None: a shared code, as many as you like. A SKU without stock is absent."""
    wanted = None if skus is None else list(skus)
    found = await db.rows(tx, Q.available, {"home": home, "now": now, "skus": wanted})
    return {sku: None if unlimited else count for sku, count, unlimited in found}


async def low_stock(tx: db.Tx, home: int, now: datetime) -> list[LowStock]:
    """Listed SKUs at or below their threshold."""
    found = await db.rows(tx, Q.low_stock, {"home": home, "mall": mall_of(home), "now": now})
    return [LowStock(*row) for row in found]


async def watch_low(env: Env, mall: int) -> list[LowStock]:
    """Publish `stock.low` for SKUs that became low since they were last told or filled up; those told now."""
    home, now = home_of(mall), env.now(mall)
    async with env.db.transaction(mall) as tx:
        low = await low_stock(tx, home, now)
        ids = [each.sku_id for each in low]
        await db.run(tx, Q.rearm_low, {"home": home, "low": ids})
        told: dict[int, int] = dict(
            await db.rows(tx, Q.tell_low, {"home": home, "low": sorted(ids), "now": now})
        )
        news = [each for each in low if each.sku_id in told]
        own = await db.row(tx, Q.own_organisation, {"mall": mall}) if news else None
        owner = own[0] if own else 0
        events = [
            outbox.Event(
                "stock.low",
                each.sku_id,
                told[each.sku_id],
                owner,
                now,
                {"sku_id": str(each.sku_id), "available": each.available, "threshold": each.threshold},
            )
            for each in news
        ]
        await outbox.publish(tx, home, events, now)
    return news


async def summary(env: Env, actor: Actor, sku: int) -> SkuSummary:
    """One SKU by state, by batch, and by when it expires. Refuses not_found."""
    tenancy.require(actor, "stock.read")
    home, now = home_of(actor.mall_id), env.now(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        if sku not in await catalog.skus_by_id(tx, actor.mall_id, [sku]):
            raise Refused(RequestRefusal.not_found)
        found = await db.row(tx, Q.sku_counts, {"home": home, "sku": sku, "now": now})
        batches = await db.rows(
            tx, Q.list_batches, {"home": home, "sku": sku, "before": None, "size": 200, "batch": None}
        )
    assert found is not None
    for_sale, receiving, sold, frozen, void, expired, returned, unlimited, *ends = found
    return SkuSummary(
        sku,
        None if unlimited else for_sale,
        receiving,
        sold,
        frozen,
        void,
        expired,
        returned,
        dict(zip(("within_7_days", "within_30_days", "within_90_days", "later", "never"), ends, strict=True)),
        tuple(BatchView(*row) for row in batches),
    )


async def get_batch(env: Env, actor: Actor, batch: int) -> BatchView:
    tenancy.require(actor, "stock.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(
            tx,
            Q.list_batches,
            {"home": home_of(actor.mall_id), "sku": None, "before": None, "size": 1, "batch": batch},
        )
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return BatchView(*found)


async def import_faults(env: Env, actor: Actor, import_id: int) -> list[FaultLine]:
    """Every line of an import that became no code."""
    tenancy.require(actor, "stock.read")
    home, after, lines = home_of(actor.mall_id), 0, list[FaultLine]()
    async with env.db.transaction(actor.mall_id) as tx:
        if await db.row(tx, Q.import_state, {"home": home, "import": import_id}) is None:
            raise Refused(RequestRefusal.not_found)
        while found := await db.rows(
            tx, Q.faults_of_import, {"home": home, "import": import_id, "after": after, "most": 10_000}
        ):
            lines += [store.fault_line(row) for row in found]
            after = lines[-1].line
    return lines
