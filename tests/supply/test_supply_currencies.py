"""Offers in another currency: compared, limited and sold by the rate in force, kept at the rate they were chosen at."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest_asyncio

from commissary import supply, worker
from commissary.ledger import rates
from commissary.ledger.types import RateDraft
from make.orders import World
from make.supply import CARD, Supplier, Trade

E8 = 10**8


class Counter:
    """One SKU at 75.00 yuan; one supplier in dollars asks 10.00, and one at home asks 74.00."""

    def __init__(self, trade: Trade, sku: int, abroad: Supplier) -> None:
        self.trade, self.world, self.sku, self.abroad = trade, trade.world, sku, abroad

    async def rate(self, rate_e8: int, **more: Any) -> None:
        env = self.world.env
        await rates.set_rates(env, self.world.actor, [RateDraft("USD", rate_e8)], "银行", **more)
        await worker.Relay(env, worker.REACTIONS).drain()

    async def shelf(self) -> int | None:
        async with self.world.env.db.transaction(self.world.mall) as tx:
            return (await supply.load_costs(tx, self.world.mall))[self.sku]

    async def buy(self) -> str:
        buyer = await self.world.buyer()
        return (await self.world.place(buyer, self.sku)).id

    async def follow(self) -> int:
        return await supply.follow_rates(self.world.env, self.world.mall, self.world.env.now(self.world.mall))

    async def weighed(self, order: int | str) -> list[dict[str, Any]]:
        """By the last purchase of that order."""
        [[why]] = await self.world.rows(
            "select convert_from(why, 'utf8') from supply.attempt where order_id = %s order by id desc limit 1",
            int(order),
        )
        found: list[dict[str, Any]] = json.loads(why)
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def counter(world: World) -> AsyncIterator[Counter]:
    trade = Trade(world)
    sku = await world.sku(750_000)
    abroad = await trade.supplier("kinguin", price_e4=100_000, currency="USD")
    await trade.offer(abroad, sku)
    yield Counter(trade, sku, abroad)


async def test_the_shelf_follows_the_rate(counter: Counter) -> None:
    assert await counter.shelf() is None  # without a rate nothing can be bought
    await counter.rate(7 * E8 + 1)
    assert await counter.shelf() == 700_001  # rounded up
    await counter.rate(73 * E8 // 10)
    assert await counter.shelf() == 730_000
    told = [kind for _, kind in await counter.world.events(counter.sku)]
    assert told == ["cost.changed"] * 3  # the first word: that there is none
    assert await counter.follow() == 0  # what was laid out is not laid out again


async def test_a_stale_rate_buys_nothing_until_a_new_one_is_set(counter: Counter) -> None:
    await counter.rate(7 * E8)
    counter.world.travel(hours=48, seconds=1)
    assert await counter.follow() == 1
    assert await counter.shelf() is None
    assert await counter.follow() == 0
    await counter.rate(7 * E8)
    assert await counter.shelf() == 700_000


async def test_a_rate_that_was_set_ahead_counts_from_its_instant(counter: Counter) -> None:
    await counter.rate(7 * E8)
    env, world = counter.world.env, counter.world
    later = env.now(world.mall) + timedelta(hours=1)
    await rates.set_rates(env, world.actor, [RateDraft("USD", 72 * E8 // 10, later)], "银行")
    await worker.Relay(env, worker.REACTIONS).drain()
    assert await counter.shelf() == 700_000
    world.travel(hours=1)
    assert await counter.follow() == 1
    assert await counter.shelf() == 720_000


async def test_the_cheapest_is_found_over_currencies_and_the_record_says_by_which_rate(
    counter: Counter,
) -> None:
    at_home = await counter.trade.supplier("kasushou", price_e4=740_000)
    await counter.trade.offer(at_home, counter.sku)
    await counter.rate(71 * E8 // 10)
    order = await counter.buy()
    await counter.trade.served()
    assert (len(counter.abroad.bought), len(at_home.bought)) == (1, 0)
    abroad, home = await counter.weighed(order)
    assert (abroad["unit_cost_e4"], home["unit_cost_e4"]) == (710_000, 740_000)
    assert abroad["rate_id"]
    assert "rate_id" not in home
    # What may be paid at most went out in his currency: 75.00 at 7.10, rounded down.
    [[most, rate, cost]] = await counter.world.rows(
        """select a.most_unit_e4, a.rate_e8, l.cost_e4 from supply.attempt a
           join orders.line l using (home_id, order_id, line_no) where a.order_id = %s""",
        int(order),
    )
    assert (rate, cost) == (710_000_000, 710_000)
    assert most * rate <= 750_000 * E8 < (most + 1) * rate

    counter.world.travel(hours=49)
    await counter.follow()
    order = await counter.buy()
    await counter.trade.served()
    assert (len(counter.abroad.bought), len(at_home.bought)) == (1, 1)
    stale, _ = await counter.weighed(order)
    assert (stale["excluded"], stale["told"]) == ("no_rate", "stale")


async def test_a_rate_that_rose_makes_the_line_too_dear_before_anything_is_asked(counter: Counter) -> None:
    await counter.rate(7 * E8)
    order = await counter.buy()
    await counter.rate(76 * E8 // 10)
    asked = counter.abroad.asked
    await counter.trade.turn()
    assert counter.abroad.bought == []
    assert counter.abroad.asked == asked
    assert await counter.trade.attempts(order) == []


async def test_what_is_taken_back_returns_at_the_rate_it_was_bought_at(counter: Counter) -> None:
    world = counter.world
    await counter.rate(71 * E8 // 10)
    await counter.buy()
    await counter.trade.served()
    await counter.rate(73 * E8 // 10)
    [order] = counter.abroad.shop.orders.values()
    order.state, order.refunded_e4, order.codes = "failed", order.total_e4, []
    [[attempt]] = await world.rows("select id from supply.attempt where state = 'succeeded'")
    market = await counter.trade.buying.purchasing.reload(world.mall)
    async with world.env.db.transaction(world.mall, "vault") as tx:
        known = (await supply.lock_attempts(tx, world.home, [attempt]))[attempt]
    await counter.trade.buying._ask(market, known)
    stands = await world.rows(
        "select sub, currency, balance_e4 from ledger.account where balance_e4 <> 0 and kind in ('clearing', 'prepaid')"
    )
    assert stands == []
    assert await world.rows("select sum(result_e4)::int, count(*)::int from ledger.exchange") == [(0, 2)]
    assert counter.abroad.shop.articles[CARD].price_e4 == 100_000
