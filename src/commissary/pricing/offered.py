"""What one buyer may buy: listed goods that have a price for him, and how much there is of each."""

from commissary import catalog, stock
from commissary.base import db
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.catalog.types import Offered
from commissary.pricing import quotes
from commissary.pricing.rules import left_of
from commissary.pricing.types import Ladder, Offer

CHUNK = 500


async def offers(
    tx: db.Tx, env: Env, home: int, buyer_id: int, *, after: int = 0, size: int | None = None
) -> list[Offer]:
    """By SKU, those behind `after`; at most `size` of them, or all."""
    mall, first = mall_of(home), after
    found: list[tuple[Offered, Ladder]] = []
    while size is None or len(found) < size:
        goods = await catalog.sellable(tx, mall, after=first, size=CHUNK)
        ids = [o.sku_id for o in goods]
        ladders = await quotes.prices_for(tx, env, mall, buyer_id, ids) if ids else {}
        found += [(o, ladders[o.sku_id]) for o in goods if o.sku_id in ladders]
        if len(goods) < CHUNK:
            break
        first = ids[-1]
    found = found[:size]
    needed = {o.sku_id for o, _ in found} | {p.sku_id for o, _ in found for p in o.parts}
    left = await stock.available(tx, home, env.now(mall), sorted(needed))
    return [Offer(o, ladder, left_of(o, left)) for o, ladder in found]


async def offer(tx: db.Tx, env: Env, home: int, buyer_id: int, sku_id: int) -> Offer | None:
    """None: there is no such SKU, or not for this buyer."""
    mall = mall_of(home)
    [*goods] = await catalog.sellable(tx, mall, after=sku_id - 1, size=1)
    if not goods or goods[0].sku_id != sku_id:
        return None
    ladder = (await quotes.prices_for(tx, env, mall, buyer_id, [sku_id])).get(sku_id)
    if ladder is None:
        return None
    needed = {sku_id} | {p.sku_id for p in goods[0].parts}
    left = await stock.available(tx, home, env.now(mall), sorted(needed))
    return Offer(goods[0], ladder, left_of(goods[0], left))
