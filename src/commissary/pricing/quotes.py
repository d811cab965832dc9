"""Quotes: a price that binds us for a while, up to a quantity, whatever costs and prices do meanwhile."""

from collections.abc import Sequence
from datetime import timedelta

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, invalid
from commissary.base.home import mall_of
from commissary.base.money import MAX_E4, text
from commissary.pricing import floors, rules, store
from commissary.pricing.types import Ladder, PricingRefusal, Quote, QuoteLine
from commissary.tenancy.types import Actor

TTL_S = 60
MOST_TTL_S = 3_600
MOST_LINES = 100


async def quote(
    env: Env,
    home: int,
    buyer_id: int,
    wanted: Sequence[tuple[int, int]],
    ttl_s: int = TTL_S,
    actor: Actor | None = None,
) -> Quote:
    """`wanted`: (SKU, quantity), each SKU once. Priced as an order would be now, from this buyer's books alone.

    The floor is judged here, over the dearest stock there is, because the sale will not judge a quote again. `actor`:
    the person whose act this is, for the audit. Refuses
    unknown_sku, not_for_sale, quantity_over_limit, not_priced, below_floor.
    """
    if not 0 < len(wanted) <= MOST_LINES or len({sku for sku, _ in wanted}) != len(wanted):
        raise invalid("lines", f"1 to {MOST_LINES} lines, each SKU once")
    if not 0 < ttl_s <= MOST_TTL_S:
        raise invalid("ttl_s", f"1 to {MOST_TTL_S}")
    mall, skus = mall_of(home), [sku for sku, _ in wanted]
    async with env.db.transaction(mall) as tx:
        now = env.now(mall)
        currency = await store.currency_of(tx, mall)
        known = await store.goods(tx, mall, skus)
        snapshot = await store.snapshot_of(tx, mall, currency, buyer_id, skus, now)
        lines = []
        for number, (sku, quantity) in enumerate(wanted):
            goods = known.get(sku)
            if goods is None or goods.status in ("draft", "deleted"):
                raise _line_refused(PricingRefusal.unknown_sku, number, "sku_id", sku)
            if goods.status != "listed":
                raise _line_refused(PricingRefusal.not_for_sale, number, "sku_id", sku)
            if quantity < 1:
                raise invalid(f"lines[{number}].quantity", "at least one")
            if quantity > goods.max_quantity:
                most = {"max_quantity": goods.max_quantity}
                raise _line_refused(PricingRefusal.quantity_over_limit, number, "quantity", sku, **most)
            price = rules.price_of(snapshot, buyer_id, sku, quantity, now)
            if price is None:
                raise _line_refused(PricingRefusal.not_priced, number, "sku_id", sku)
            lines.append(QuoteLine(sku, quantity, price.unit_price_e4, price.source))
        if sum(line.unit_price_e4 * line.quantity for line in lines) > MAX_E4:
            raise invalid("lines", f"together at most {text(MAX_E4)} / 合计不得超过该金额")
        least = await floors.floors_of(tx, mall, skus, now)
        floors.judge(least, [(line.sku_id, line.unit_price_e4) for line in lines])
        expires_at = now + timedelta(seconds=ttl_s)
        made = Quote(env.ids.new(), buyer_id, currency, tuple(lines), now, expires_at)
        await store.add_quote(tx, home, made)
        if actor is not None:
            told = {"lines": [{"sku_id": str(sku), "quantity": n} for sku, n in wanted], "ttl_s": ttl_s}
            await tenancy.audit(tx, env, actor, "pricing.quote", f"quote:{made.id}", None, told)
        return made


def _line_refused(refusal: PricingRefusal, number: int, field: str, sku: int, **facts: int) -> Refused:
    fault = FieldFault(f"lines[{number}].{field}", refusal.en)
    return Refused(refusal, fields=[fault], sku_id=str(sku), **facts)


async def prices_for(
    tx: db.Tx, env: Env, mall: int, buyer_id: int, skus: Sequence[int] | None = None
) -> dict[int, Ladder]:
    """The ladder of each SKU as this buyer would pay it now: his contract's, else his tier's, else the list's."""
    now = env.now(mall)
    currency = await store.currency_of(tx, mall)
    snapshot = await store.snapshot_of(tx, mall, currency, buyer_id, skus, now)
    found = {}
    for sku in sorted({sku for _, sku in snapshot.versions}):
        seen = rules.ladder_for(snapshot, buyer_id, sku, now)
        if seen is not None:
            found[sku] = seen[2].ladder
    return found
