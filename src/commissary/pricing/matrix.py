"""Prices beside what they must earn: the books of a mall side by side, and a change before it is made."""

from collections.abc import Mapping, Sequence

from commissary import tenancy
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.pricing import floors, rules, store
from commissary.pricing.types import Book, Earned, Ladder, MatrixRow, PricingRefusal, Seen
from commissary.tenancy.types import Actor

MOST_BOOKS = 1_000


async def matrix(env: Env, actor: Actor, skus: Sequence[int]) -> tuple[list[Book], list[MatrixRow]]:
    """What holds now for these SKUs in the list's and the tiers' books, in the order of the question."""
    tenancy.require(actor, "pricing.read")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        found = await store.list_books(tx, mall, None, MOST_BOOKS)
        books = [book for book in found if book.kind != "contract"]
        known = await store.goods(tx, mall, sorted(set(skus)))
        wanted = [sku for sku in dict.fromkeys(skus) if sku in known]
        least = await floors.floors_of(tx, mall, wanted, now)
        costs = await store.costs(tx, mall, wanted, now)
        ladders = {book.id: await store.ladders(tx, mall, book.id, wanted, now) for book in books}
    rows = []
    for sku in wanted:
        cost = rules.cost_of(costs.of, costs.parts, sku)
        held = {book.id: ladders[book.id][sku] for book in books if ladders[book.id].get(sku)}
        rows.append(
            MatrixRow(sku, cost, least[sku], {id_: earned(of, cost, least[sku]) for id_, of in held.items()})
        )
    return books, rows


async def look(
    env: Env, actor: Actor, book_id: int, ladders: Mapping[int, Ladder]
) -> tuple[Book, list[Seen]]:
    """What `set_prices` would write now, beside what holds, SKU by SKU. Writes nothing; refuses no_such_book and
    unknown_sku."""
    tenancy.require(actor, "pricing.read")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    for sku, ladder in ladders.items():
        if fault := rules.ladder_fault(ladder):
            raise invalid(f"prices[{sku}]", fault)
    async with env.db.transaction(mall) as tx:
        book = await store.book(tx, mall, book_id)
        skus = sorted(ladders)
        known = await store.goods(tx, mall, skus)
        for sku in skus:
            if sku not in known:
                raise Refused(PricingRefusal.unknown_sku, sku_id=str(sku))
        least = await floors.floors_of(tx, mall, skus, now)
        costs = await store.costs(tx, mall, skus, now)
        old = await store.ladders(tx, mall, book_id, skus, now)
    seen = []
    for sku, ladder in ladders.items():
        cost = rules.cost_of(costs.of, costs.parts, sku)
        seen.append(Seen(sku, cost, least[sku], old.get(sku), earned(ladder, cost, least[sku])))
    return book, seen


def earned(ladder: Ladder, cost_e4: int | None, least_e4: int) -> tuple[Earned, ...]:
    """What each rung of a ladder earns."""
    return tuple(
        rules.earned(minimum, price_e4, cost_e4, least_e4)
        for minimum, price_e4 in zip(ladder.minimums, ladder.prices_e4, strict=True)
    )
