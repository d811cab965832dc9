"""Quotes, floors, isolation between buyers, and the answer to "why this price"."""

import random
from datetime import timedelta

import pytest

from commissary import pricing
from commissary.base import db, money
from commissary.base.errors import Refused
from commissary.pricing import rules
from commissary.pricing.types import PricingRefusal, Quote, Why
from commissary.tenancy.types import TenancyRefusal
from make.pricing import YUAN, Counter, ladder
from make.tenancy import House


async def quote(counter: Counter, buyer: int, *lines: tuple[int, int], ttl_s: int = 60) -> Quote:
    return await pricing.quote(counter.house.env, counter.home, buyer, lines, ttl_s)


async def why(counter: Counter, sku: int, source: str) -> Why:
    async with counter.house.env.db.transaction(counter.mall) as tx:
        return await pricing.why(tx, counter.mall, sku, source, counter.home)


async def test_a_quote_is_priced_like_an_order_and_binds_for_a_minute(counter: Counter) -> None:
    sku = counter.sku(cost=5)
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10), (50, 9))})
    made = await quote(counter, buyer, (sku, 50))
    assert [(x.unit_price_e4, x.quantity) for x in made.lines] == [(90_000, 50)]
    assert made.expires_at == counter.now + timedelta(seconds=60)
    async with counter.house.env.db.transaction(counter.mall, role="vault") as tx:
        (row,) = await db.rows(
            tx, "select * from pricing.lock_quotes(%s, array[%s]::bigint[])", (counter.home, made.id)
        )
    assert row[:6] == (made.id, sku, buyer, made.expires_at, 50, 90_000)

    # Cost and price move; the quote does not.
    counter.stock(sku, 100)
    await counter.price(counter.list_id, {sku: ladder((1, 200))})
    async with counter.house.env.db.transaction(counter.mall) as tx:
        (again,) = await db.rows(
            tx, "select * from pricing.lock_quotes(%s, array[%s]::bigint[])", (counter.home, made.id)
        )
    assert again == row


async def test_no_more_than_the_quantity_is_bound(counter: Counter) -> None:
    sku = counter.sku(cost=5)
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    made = await quote(counter, buyer, (sku, 3))
    use = "select pricing.use_quotes(%s, array[%s]::bigint[], array[%s]::bigint[], array[%s]::integer[])"
    async with counter.house.env.db.transaction(counter.mall, role="vault") as tx:
        await tx.execute(use, (counter.home, made.id, sku, 3))
    with pytest.raises(Exception, match="used"):
        async with counter.house.env.db.transaction(counter.mall, role="vault") as tx:
            await tx.execute(use, (counter.home, made.id, sku, 1))


async def test_what_is_not_quoted(counter: Counter) -> None:
    buyer = await counter.buyer()
    good, unpriced = counter.sku(cost=5), counter.sku(cost=5)
    draft, delisted = counter.sku(status="draft"), counter.sku(status="delisted")
    await counter.price(counter.list_id, {s: ladder((1, 10)) for s in (good, draft, delisted)})
    dear = counter.sku(cost=5)
    await counter.price(counter.list_id, {dear: ladder((1, 50_000_000_000))})
    for lines, code in [
        ([(dear, 3)], "invalid_request"),
        ([(unpriced, 1)], "not_priced"),
        ([(draft, 1)], "unknown_sku"),
        ([(4711, 1)], "unknown_sku"),
        ([(delisted, 1)], "not_for_sale"),
        ([(good, 1001)], "quantity_over_limit"),
        ([(good, 0)], "invalid_request"),
        ([(good, 1), (good, 2)], "invalid_request"),
        ([], "invalid_request"),
    ]:
        with pytest.raises(Refused) as no:
            await quote(counter, buyer, *lines)
        assert no.value.refusal.code == code, lines
    for ttl_s in (0, 3601):
        with pytest.raises(Refused):
            await quote(counter, buyer, (good, 1), ttl_s=ttl_s)


# The floor


async def floor(counter: Counter, sku: int, margin_bp: int) -> None:
    await pricing.set_floor(counter.house.env, counter.house.actor, sku, margin_bp)


async def test_a_price_under_the_floor_is_not_set(counter: Counter) -> None:
    sku = counter.sku(cost=10)
    await floor(counter, 0, 500)
    with pytest.raises(Refused) as no:
        await counter.price(counter.list_id, {sku: ladder((1, 11), (100, 10.4999))})
    assert no.value.refusal is PricingRefusal.below_floor
    await counter.price(counter.list_id, {sku: ladder((1, 11), (100, 10.5))})
    await floor(counter, sku, 1000)
    with pytest.raises(Refused):
        await counter.price(counter.list_id, {sku: ladder((1, 10.9999))})


async def test_the_dearest_open_lot_is_the_cost(counter: Counter) -> None:
    sku = counter.sku(cost=10)
    counter.stock(sku, 12)
    counter.stock(sku, 99, state="frozen")
    with pytest.raises(Refused):
        await counter.price(counter.list_id, {sku: ladder((1, 11.9999))})
    await counter.price(counter.list_id, {sku: ladder((1, 12))})


async def test_a_bundle_costs_what_its_parts_cost(counter: Counter) -> None:
    bundle = counter.bundle((counter.sku(cost=10), 2), (counter.sku(cost=3), 1))
    await floor(counter, 0, 1000)
    with pytest.raises(Refused):
        await counter.price(counter.list_id, {bundle: ladder((1, 25.2999))})
    await counter.price(counter.list_id, {bundle: ladder((1, 25.3))})


async def test_only_who_has_the_right_sets_a_price_under_the_floor(counter: Counter) -> None:
    sku = counter.sku(cost=10)
    env, house = counter.house.env, counter.house
    seller = house.actor
    weak = type(seller)(
        seller.mall_id, seller.kind, seller.id, seller.organisation_id, seller.permissions - {"pricing.floor"}
    )
    with pytest.raises(Refused) as no:
        await pricing.set_prices(env, weak, counter.list_id, {sku: ladder((1, 9))}, override_floor=True)
    assert no.value.refusal is TenancyRefusal.forbidden
    with pytest.raises(Refused) as no:
        await pricing.set_floor(env, weak, sku, -500)
    assert no.value.refusal is TenancyRefusal.forbidden
    await counter.price(counter.list_id, {sku: ladder((1, 9))}, override=True)
    buyer = await counter.buyer()
    with pytest.raises(Refused) as no:
        await quote(counter, buyer, (sku, 1))  # the right is to set it, not to bind us at a loss
    assert no.value.refusal is PricingRefusal.below_floor


async def test_nothing_is_set_or_quoted_under_the_floor_while_costs_move_10_000_times(
    counter: Counter,
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    skus = counter.skus(100)
    lots = {sku: counter.stock(sku, 10) for sku in skus}
    costs = dict.fromkeys(skus, 10 * YUAN)
    buyer = await counter.buyer()
    margin_bp = 300
    await floor(counter, 0, margin_bp)
    await counter.price(counter.list_id, {s: ladder((1, 20)) for s in skus})
    prices = dict.fromkeys(skus, 20 * YUAN)
    quoted = refused = written = 0
    for _ in range(100):
        moved = []
        for sku in skus:  # 100 rounds of 100 SKUs
            costs[sku] = max(1, round(costs[sku] * chance.choice([0.4, 0.9, 0.99, 1.01, 1.1, 3])))
            costs[sku] = min(costs[sku], 10**9)
            moved.append((lots[sku], costs[sku]))
        counter.recost(moved)
        least = {s: c + money.apply_bp(c, margin_bp) for s, c in costs.items()}

        wanted = {s: max(1, round(least[s] * chance.uniform(0.98, 1.3))) for s in chance.sample(skus, 3)}
        try:
            await counter.price(counter.list_id, {s: ladder((1, p / YUAN)) for s, p in wanted.items()})
        except Refused:
            assert any(p < least[s] for s, p in wanted.items()), seed
        else:
            assert all(p >= least[s] for s, p in wanted.items()), seed
            prices |= wanted
            written += 1
        for sku in chance.sample(skus, 5):
            try:
                made = await quote(counter, buyer, (sku, 1))
            except Refused as no:
                refused += 1
                under = prices[sku] < least[sku]
                assert (no.refusal.code, under) == ("below_floor", True), seed  # noqa: PT017
            else:
                quoted += 1
                assert least[sku] <= made.lines[0].unit_price_e4 == prices[sku], seed
    assert min(quoted, refused, written) > 5, seed


# Isolation


async def test_two_buyers_never_see_each_others_price(counter: Counter) -> None:
    sku, secret = counter.sku(cost=1), counter.sku(cost=1)
    tier, tier_book = await counter.tier()
    contractor, member, stranger = await counter.buyer(), await counter.buyer(tier), await counter.buyer()
    contract = await counter.book("contract", buyer_id=contractor)
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await counter.price(tier_book, {sku: ladder((1, 9))})
    await counter.price(contract, {sku: ladder((1, 8)), secret: ladder((1, 7))})

    expected = {contractor: 8, member: 9, stranger: 10}
    for buyer, yuan in expected.items():
        seen = await counter.seen(buyer)
        assert seen[sku] == ladder((1, yuan))
        assert (secret in seen) == (buyer == contractor)
        made = await quote(counter, buyer, (sku, 1))
        assert made.lines[0].unit_price_e4 == yuan * YUAN
    for buyer in (member, stranger):
        with pytest.raises(Refused) as no:
            await quote(counter, buyer, (secret, 1))
        assert no.value.refusal is PricingRefusal.not_priced
    # And by the order path's snapshot.
    shown = await counter.snapshot()
    for buyer, yuan in expected.items():
        price = rules.price_of(shown, buyer, sku, 1, counter.now)
        assert price is not None
        assert price.unit_price_e4 == yuan * YUAN


async def test_another_mall_has_no_part_in_it(counter: Counter, other: House) -> None:
    sku = counter.sku()
    made = await counter.price(counter.list_id, {sku: ladder((1, 10))})
    for act in (
        pricing.set_prices(other.env, other.actor, counter.list_id, {sku: ladder((1, 1))}),
        pricing.undo(other.env, other.actor, made.id),
    ):
        with pytest.raises(Refused) as no:
            await act
        assert no.value.refusal.status == 404


# Why


async def test_the_answer_to_why_recomputes_the_price(counter: Counter) -> None:
    sku = counter.sku(cost=1)
    buyer = await counter.buyer()
    contract = await counter.book("contract", buyer_id=buyer)
    await counter.price(contract, {sku: ladder((1, 8), (10, 7.5))}, reason="year's agreement")
    made = await quote(counter, buyer, (sku, 12))
    source = made.lines[0].source
    await counter.price(contract, {sku: ladder((1, 99))})  # a later price does not change the answer
    answer = await why(counter, sku, source)
    assert answer.unit_price_e4 == made.lines[0].unit_price_e4 == 75_000
    assert answer.rung_minimum == 10
    assert answer.entry.reason == "year's agreement"
    assert "7.5000" in answer.en
    assert "满 10 件" in answer.zh
    by_quote = await why(counter, sku, f"quote:{made.id}")
    assert (by_quote.unit_price_e4, by_quote.quote_id) == (75_000, made.id)


async def test_a_source_that_names_no_price(counter: Counter) -> None:
    sku, other_sku = counter.sku(cost=1), counter.sku(cost=1)
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 8))})
    source = (await quote(counter, buyer, (sku, 1))).lines[0].source
    _, book, entry, rung = source.split(":")
    for faulty in (
        f"tier:{book}:{entry}:{rung}",
        f"list:{book}:{entry}:2",
        f"list:{book}:1:1",
        "quote:1",
        "x",
    ):
        with pytest.raises(Refused) as no:
            await why(counter, sku, faulty)
        assert no.value.refusal is PricingRefusal.no_such_price
    with pytest.raises(Refused):
        await why(counter, other_sku, source)
