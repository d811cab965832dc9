"""Whom a SKU would be bought from now, by the rules that buying itself goes by. Nothing is bought, and nobody is asked."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from commissary import pricing, stock, supply, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.fulfilment import store
from commissary.fulfilment.types import RouteEnd
from commissary.pricing.types import PricingRefusal
from commissary.supply import rules
from commissary.supply.types import Choice, Offer, Policy, Weighed, Wish
from commissary.tenancy.types import Actor

DRAWS = 100  # canaries and weights are drawn: how often each source would come first is seen in so many draws
NO_LIMIT_E4 = 1 << 62


class Source(msgspec.Struct, frozen=True):
    """`first_bp`: for what share of lines it would be asked first; `turn`: when it would be, if all before it failed."""

    offer: Offer
    weighed: Weighed
    first_bp: int
    turn: int | None


class Route(msgspec.Struct, frozen=True):
    """`in_stock` None: no end of it. `most_unit_e4`: the dearest cost at which the price has its margin; None: no price."""

    quantity: int
    in_stock: int | None
    unit_price_e4: int | None
    most_unit_e4: int | None
    currency: str
    policy: Policy
    sources: tuple[Source, ...]
    end: RouteEnd


async def route(
    env: Env,
    purchasing: supply.Purchasing,
    actor: Actor,
    sku_id: int,
    *,
    quantity: int = 1,
    buyer_id: int | None = None,
) -> Route:
    """For a line of that buyer, or of one who pays the list's price. Refuses not_found."""
    tenancy.require(actor, "supply.read")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    market = await purchasing.reload(mall)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, store.Q.margin_of_sku, {"mall": mall, "sku": sku_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        price_e4 = await _price(tx, env, mall, home, buyer_id, sku_id, quantity)
        held = (await stock.available(tx, home, env.now(mall), [sku_id])).get(sku_id, 0)
        free = await supply.free_of(tx, home, market, [sku_id])
    most_e4 = None if price_e4 is None else rules.most_unit_cost_e4(price_e4, found[0])
    wish = Wish(0, 1, sku_id, quantity, NO_LIMIT_E4 if most_e4 is None else most_e4)
    now_s, policy = purchasing.monotonic(), market.policy(sku_id)
    first: Counter[int] = Counter()
    last = Choice(None, ())
    for n in range(DRAWS):
        last = market.choose(wish, (), 10_000 * (2 * n + 1) // (2 * DRAWS), now_s, free)
        if last.offer is not None:
            first[last.offer.id] += 1
    turns = _turns(market, wish, free, now_s, policy.tries)
    offers = {offer.id: offer for offer in market.offers_of(sku_id)}
    sources = [
        Source(offers[w.offer_id], rules.plain(w), first[w.offer_id] * 10_000 // DRAWS, turns.get(w.offer_id))
        for w in last.why
    ]
    end: RouteEnd = (
        "stock"
        if held is None or held >= quantity
        else "bought"
        if last.offer is not None
        else "waits"
        if last.wait
        else "fails"
        if policy.exhausted == "fail"
        else "people"
    )
    ordered = sorted(
        sources, key=lambda s: (s.turn or 99, bool(s.weighed.excluded), s.weighed.score, s.offer.id)
    )
    return Route(quantity, held, price_e4, most_e4, market.currency, policy, tuple(ordered), end)


def _turns(
    market: supply.Market, wish: Wish, free: Mapping[int, int], now_s: float, tries: int
) -> dict[int, int]:
    """Offer → its turn, as if each had failed; of what is drawn, the middle of the draw."""
    turns: dict[int, int] = {}
    tried: set[int] = set()
    while len(turns) < tries:
        choice = market.choose(wish, tried, 5_000, now_s, free)
        if choice.offer is None:
            break
        turns[choice.offer.id] = len(turns) + 1
        tried.add(choice.offer.connection_id)
    return turns


async def _price(
    tx: db.Tx, env: Env, mall: int, home: int, buyer_id: int | None, sku_id: int, quantity: int
) -> int | None:
    try:
        source = await pricing.source_now(tx, env, mall, buyer_id, sku_id, quantity)
    except Refused as refused:
        if refused.refusal is not PricingRefusal.not_priced:
            raise
        return None
    return (await pricing.why(tx, mall, sku_id, source, home)).unit_price_e4
