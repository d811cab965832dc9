"""The loss guard: no price is set or quoted under its floor over the current cost."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from commissary import tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.pricing import rules, store
from commissary.pricing.types import Floor, PricingRefusal, Snapshot
from commissary.tenancy.types import Actor

# The least that may ever be asked for one piece, when nothing is known about its cost.
NO_COST = 0


async def set_floor(env: Env, actor: Actor, sku_id: int, margin_bp: int) -> Floor:
    """The least margin over cost of a SKU, or (`sku_id` 0) of the mall. Holds for the next order: the epoch rises.

    Lowering a floor is selling nearer to loss: it needs `pricing.floor`, like selling below one.
    """
    tenancy.require(actor, "pricing.write")
    tenancy.require(actor, "pricing.floor")
    if not -10_000 <= margin_bp <= 100_000:
        raise invalid("margin_bp", "between -10000 and 100000")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        at = env.now(mall)
        if sku_id and sku_id not in await store.goods(tx, mall, [sku_id]):
            raise Refused(PricingRefusal.unknown_sku, sku_id=str(sku_id))
        before = await store.set_floor(tx, mall, sku_id, margin_bp, actor.id, at)
        await tenancy.audit(
            tx,
            env,
            actor,
            "pricing.set_floor",
            f"sku:{sku_id}",
            {"margin_bp": before},
            {"margin_bp": margin_bp},
        )
        await tenancy.raise_epoch(tx, mall)
        return Floor(sku_id, margin_bp, actor.id, at)


async def floors_of(tx: db.Tx, mall: int, skus: Sequence[int], at: datetime) -> dict[int, int]:
    """The least unit price of each SKU at its current cost; a bundle's is that of its parts together. A SKU that has
    no open stock has no cost, and so no floor: the sale judges it again by what it takes."""
    costs = await store.costs(tx, mall, skus, at)
    margins = Snapshot(0, "", None, {}, {}, {}, {}, await store.floors(tx, mall))

    def floor(sku: int) -> int:
        cost = costs.of.get(sku)
        return NO_COST if cost is None else rules.floor_e4(margins, sku, cost)

    return {
        sku: sum(floor(part) * pieces for part, pieces in costs.parts[sku])
        if sku in costs.parts
        else floor(sku)
        for sku in skus
    }


def judge(floors: Mapping[int, int], prices: Iterable[tuple[int, int]]) -> None:
    """`prices`: (SKU, unit price). Refuses `below_floor`, naming the first and how many."""
    under = [(sku, price) for sku, price in prices if price < floors.get(sku, NO_COST)]
    if under:
        sku, price = under[0]
        raise Refused(
            PricingRefusal.below_floor,
            sku_id=str(sku),
            price=money.text(price),
            skus=len({s for s, _ in under}),
        )
