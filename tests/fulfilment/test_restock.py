"""Buying for the shelf: proposed by policy, approved above a limit, never beyond the budget, received as a lot."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from commissary import ledger, supply
from commissary.fulfilment import restock_buy, rules
from commissary.fulfilment.answers import Answer
from commissary.fulfilment.restock_routes import ROUTES
from commissary.fulfilment.types import RestockTerms
from commissary.ledger.types import RateDraft
from commissary.simulators import Lie
from commissary.supply.types import Code, Heard, Outcome, Result
from make.http import served
from make.orders import World
from make.supply import Supplier, Trade

CONSOLE = "/console/v1"


def yuan(amount: float) -> dict[str, str]:
    return {"amount": f"{amount:.4f}", "currency": "CNY"}


@dataclass
class Shop:
    """A SKU at 9.00 from one supplier; the owner sets policies, somebody of finance approves."""

    trade: Trade
    sku: int
    supplier: Supplier
    owner: httpx.AsyncClient
    finance: httpx.AsyncClient

    @property
    def world(self) -> World:
        return self.trade.world

    async def limits(self, budget: float, approval: float = 1_000_000) -> Any:
        seen = (await self.owner.get(f"{CONSOLE}/restock/limits")).json()["version"]
        body = {"monthly_budget": yuan(budget), "approval_above": yuan(approval), "version": seen}
        return (await self.owner.put(f"{CONSOLE}/restock/limits", json=body)).json()

    async def policy(self, sku: int | None = None, version: int = 0, **more: Any) -> httpx.Response:
        body = {
            "reorder_at": 4,
            "cover_days": 7,
            "most_pieces": 100,
            "most_unit_cost": yuan(20),
            "monthly_budget": yuan(1_000),
            "approval_above": yuan(1_000),
            "version": version,
        }
        return await self.owner.put(f"{CONSOLE}/skus/{sku or self.sku}/restock-policy", json=body | more)

    async def look(self) -> int:
        await self.trade.buying.purchasing.reload(self.world.mall)
        return await self.trade.buying.restock(
            self.world.env, self.world.mall, self.world.env.now(self.world.mall)
        )

    async def plans(self, **asked: str) -> list[dict[str, Any]]:
        return (await self.owner.get(f"{CONSOLE}/restocks", params=asked)).json()["items"]

    async def budget(self) -> dict[str | None, tuple[float, float, float]]:
        """SKU → (committed, spent, late)"""
        found = (await self.owner.get(f"{CONSOLE}/restock/limits")).json()["budgets"]
        return {
            b["sku_id"]: tuple(float(b[n]["amount"]) for n in ("committed", "spent", "late")) for b in found
        }

    async def on_the_shelf(self, sku: int | None = None) -> int:
        [[count]] = await self.world.rows(
            "select coalesce(sum(end_seq - next_seq + 1), 0)::int from stock.lot where state = 'open' and sku_id = %s",
            sku or self.sku,
        )
        return count

    async def silent(self, budget: float = 1_000) -> int:
        """A purchase of five that nobody has said anything about; its id."""
        await self.limits(budget)
        await self.policy()
        await self.look()
        self.supplier.answer = lambda _: None
        await self.trade.turn()
        [[attempt]] = await self.world.rows(
            "select id from supply.attempt where sku_id = %s and line_no < 1 order by id desc limit 1",
            self.sku,
        )
        return int(attempt)

    async def heard(self, attempt: int, result: Result, how: Heard) -> None:
        async with self.world.env.db.transaction(self.world.mall, "vault") as tx:
            about = (await supply.lock_attempts(tx, self.world.home, [attempt]))[attempt]
        await self.trade.buying.note(self.world.mall, Answer.about(about, result, how))

    async def sums(self) -> None:
        """Every month's row is what its parts come to."""
        assert (
            await self.world.rows(
                """select m.* from fulfilment.restock_month m where (m.committed_e4, m.spent_e4 + m.late_e4) <> (
                     select coalesce(sum(p.committed_e4), 0)::bigint, coalesce(sum(p.cost_e4), 0)::bigint
                     from fulfilment.restock_part p where p.home_id = m.home_id and p.month = m.month
                       and m.sku_id in (0, p.sku_id))"""
            )
            == []
        )


@pytest_asyncio.fixture(loop_scope="session")
async def shop(world: World):
    trade = Trade(world)
    sku, supplier = await world.sku(98_750), await trade.supplier()
    await trade.offer(supplier, sku)
    async with (
        served(world.house, ROUTES) as owner,
        served(world.house, ROUTES, actor=world.house.actor_of("finance", 77)) as finance,
    ):
        made = Shop(trade, sku, supplier, owner, finance)
        yield made
        await made.sums()


async def test_what_runs_out_is_proposed_bought_and_received_as_a_lot_with_its_source(shop: Shop) -> None:
    await shop.limits(1_000)
    assert (await shop.policy()).json()["set_by"].startswith("person:")
    await shop.world.stock(shop.sku, 4)
    assert await shop.look() == 1
    [plan] = await shop.plans()
    assert (plan["status"], plan["quantity"], plan["amount"]["amount"]) == ("going", 1, "9.0000")
    assert plan["why"]["available"] == 4
    [weighed] = plan["why"]["offers"]
    assert (weighed["unit_cost"], weighed["taken"], weighed["excluded"]) == (yuan(9), True, "")
    await shop.trade.served()
    whole = (await shop.owner.get(f"{CONSOLE}/restocks/{plan['id']}")).json()
    assert (whole["plan"]["status"], whole["plan"]["received"]) == ("done", 1)
    [part] = whole["parts"]
    [[source, supplier, cost, received]] = await shop.world.rows(
        "select source, supplier_id, unit_cost_e4, received from stock.batch where id = %s",
        int(part["batch_id"]),
    )
    assert source == f"restock {plan['id']}, purchase {part['purchase_id']}"
    assert (supplier, cost, received) == (shop.supplier.kept.supplier_id, 90_000, 1)
    assert await shop.on_the_shelf() == 5
    assert await shop.budget() == {None: (0, 9, 0), str(shop.sku): (0, 9, 0)}
    assert await shop.trade.attempts(plan["id"]) == [("succeeded", "")]
    assert await shop.look() == 0
    assert (await shop.owner.get(f"{CONSOLE}/restock/policies")).json()["items"][0]["note"] == "enough"
    assert [kind for _, kind in await shop.world.events(plan["id"])] == [
        "restock.proposed",
        "restock.received",
    ]
    audited = await shop.world.house.audited()
    assert {"restock.limits", "restock.policy", "restock.propose"} <= set(audited)


async def test_what_is_bought_in_dollars_is_planned_spent_and_received_in_yuan(shop: Shop) -> None:
    world = shop.world
    abroad = await shop.trade.supplier("kinguin", price_e4=12_500, currency="USD")
    await shop.trade.offer(abroad, shop.sku)
    await ledger.set_rates(world.env, world.actor, [RateDraft("USD", 710_000_000)], "银行")
    await shop.limits(1_000)
    await shop.policy()
    assert await shop.look() == 1
    [plan] = await shop.plans()
    assert (plan["quantity"], plan["unit_cost"], plan["amount"]) == (5, yuan(8.875), yuan(44.375))
    await shop.trade.served()
    assert len(abroad.bought) == 1
    assert await shop.budget() == {None: (0, 44.375, 0), str(shop.sku): (0, 44.375, 0)}
    assert await world.rows(
        "select unit_cost_e4, currency, received from stock.batch where supplier_id = %s",
        abroad.kept.supplier_id,
    ) == [(88_750, "CNY", 5)]
    [[attempt]] = await world.rows("select id from supply.attempt where currency = 'USD'")
    back = Result(Outcome.failed, refunded_e4=12_500)
    await shop.heard(int(attempt), back, "asking")  # one of five, taken back
    assert await shop.budget() == {None: (0, 35.5, 0), str(shop.sku): (0, 35.5, 0)}


async def test_above_its_limit_a_plan_waits_for_somebody_who_did_not_make_it(shop: Shop) -> None:
    await shop.limits(1_000)
    await shop.policy(approval_above=yuan(40))
    assert await shop.look() == 1
    [plan] = await shop.plans(status="proposed")
    assert (plan["quantity"], plan["amount"]["amount"]) == (5, "45.0000")
    await shop.trade.served()
    assert shop.supplier.bought == []
    path = f"{CONSOLE}/restocks/{plan['id']}"
    seen = {"payload": plan["payload"]}
    assert (await shop.owner.post(f"{path}/approve", json=seen)).json()["code"] == "own_restock"
    other = {"payload": "0" * 64}
    assert (await shop.finance.post(f"{path}/approve", json=other)).json()["code"] == "restock_changed"
    async with served(shop.world.house, ROUTES, actor=shop.world.house.actor_of("purchasing", 9)) as buyer:
        assert (await buyer.post(f"{path}/approve", json=seen)).status_code in (403, 404)
    said = await asyncio.gather(*(shop.finance.post(f"{path}/approve", json=seen) for _ in range(8)))
    assert sorted(r.status_code for r in said) == [200, *[409] * 7]
    await asyncio.gather(*(shop.trade.turn(shop.trade.again()) for _ in range(4)))
    await shop.trade.served()
    assert len(shop.supplier.bought) == 1
    assert await shop.on_the_shelf() == 5
    [plan] = await shop.plans()
    assert (plan["status"], plan["decided_by"], plan["received"]) == ("done", "person:77", 5)


async def test_a_mall_wide_limit_counts_too_and_a_refused_plan_is_not_bought(shop: Shop) -> None:
    await shop.limits(1_000, approval=10)
    await shop.policy()
    assert await shop.look() == 1
    [plan] = await shop.plans()
    refused = await shop.finance.post(f"{CONSOLE}/restocks/{plan['id']}/refuse", json={"reason": "too much"})
    assert refused.json()["status"] == "refused"
    again = await shop.finance.post(
        f"{CONSOLE}/restocks/{plan['id']}/approve", json={"payload": plan["payload"]}
    )
    assert again.json()["code"] == "restock_decided"
    await shop.trade.served()
    assert shop.supplier.bought == []


async def test_the_budget_is_never_exceeded_by_twenty_looks_at_once(shop: Shop) -> None:
    """Three SKUs ask for 45 each; the mall has 100 a month, each SKU 60."""
    skus = [shop.sku, await shop.world.sku(98_750), await shop.world.sku(98_750)]
    for sku in skus[1:]:
        await shop.trade.offer(shop.supplier, sku)
    await shop.limits(100)
    for sku in skus:
        await shop.policy(sku, monthly_budget=yuan(60))
    for _ in range(3):
        processes = [shop.trade.again() for _ in range(4)]
        for one in processes:
            await one.purchasing.reload(shop.world.mall)
        now = shop.world.env.now(shop.world.mall)
        await asyncio.gather(
            *(processes[n % 4].restock(shop.world.env, shop.world.mall, now) for n in range(20))
        )
        await asyncio.gather(*(shop.trade.turn(one) for one in processes))
        await shop.trade.served()
        for sku in skus:  # everything is sold at once
            await shop.world.rows("update stock.lot set state = 'frozen' where sku_id = %s returning 1", sku)
    budget = await shop.budget()
    assert budget[None] == (0, 99, 0)
    assert all(spent <= 60 for sku, (_, spent, _) in budget.items() if sku is not None)
    assert sum(o.quantity for o in shop.supplier.shop.orders.values()) == 11
    shop.world.travel(days=32)  # another month, another budget
    assert await shop.look() >= 1


async def test_a_purchase_that_fails_gives_its_money_back(shop: Shop) -> None:
    await shop.limits(1_000)
    await shop.policy()
    await shop.look()
    shop.supplier.shop.articles[101].stock = 0
    await shop.trade.served()
    [plan] = await shop.plans()
    assert (plan["status"], plan["received"]) == ("failed", 0)
    assert await shop.budget() == {None: (0, 0, 0), str(shop.sku): (0, 0, 0)}


async def test_what_was_bought_after_all_is_received_and_counted(shop: Shop) -> None:
    """Given up after the quiet time, then he says that it was made: the goods are ours, and so is the bill."""
    attempt = await shop.silent()
    await shop.heard(attempt, Result(Outcome.failed, reason="gone"), "person")
    assert (await shop.budget())[None] == (0, 0, 0)
    codes = tuple(Code(f"LATE-{n}-{attempt}") for n in range(5))
    for _ in range(2):
        await shop.heard(attempt, Result(Outcome.succeeded, cost_e4=450_000, codes=codes), "callback")
    assert await shop.on_the_shelf() == 5
    assert (await shop.budget())[None] == (0, 45, 0)
    [plan] = await shop.plans()
    assert (plan["status"], plan["received"]) == ("done", 5)
    shop.supplier.answer = shop.supplier.liar.answer
    await shop.trade.served()
    assert shop.supplier.bought == []


async def test_late_goods_beyond_the_budget_are_told_apart(shop: Shop) -> None:
    """The money was given back and spent again: the bill of the first is real, and the budget's rule still holds."""
    attempt = await shop.silent(budget=50)
    await shop.heard(attempt, Result(Outcome.failed, reason="gone"), "person")
    shop.supplier.answer = shop.supplier.liar.answer
    other = await shop.trade.supplier()
    await shop.trade.offer(other, shop.sku)
    await shop.trade.served()
    assert (await shop.budget())[None] == (0, 45, 0)
    codes = tuple(Code(f"LATER-{n}-{attempt}") for n in range(5))
    await shop.heard(attempt, Result(Outcome.succeeded, cost_e4=450_000, codes=codes), "callback")
    assert (await shop.budget())[None] == (0, 50, 40)
    assert await shop.on_the_shelf() == 10
    await shop.world.rows("update stock.lot set state = 'frozen' where sku_id = %s returning 1", shop.sku)
    assert await shop.look() == 0  # nothing is left


async def test_a_silent_purchase_is_made_once_though_its_process_dies(shop: Shop) -> None:
    shop.supplier.liar._lies = iter([Lie.silent_after])
    await shop.limits(1_000)
    await shop.policy()
    await shop.look()
    await shop.trade.turn()
    assert (await shop.budget())[None] == (45, 0, 0)
    reborn = shop.trade.again()
    for _ in range(3):
        shop.world.travel(seconds=60)
        await shop.trade.turn(reborn)
    assert len(shop.supplier.bought) == 1
    assert await shop.on_the_shelf() == 5
    assert (await shop.plans())[0]["status"] == "done"


async def test_a_process_that_dies_before_it_calls_leaves_a_plan_that_goes_on(shop: Shop) -> None:
    await shop.limits(1_000)
    await shop.policy()
    await shop.look()
    dead = shop.trade.again()
    market = await dead.purchasing.market(shop.world.mall)
    [begun] = await restock_buy.begin(shop.world.env, dead.purchasing, market, dead.chance)
    assert await restock_buy.begin(shop.world.env, dead.purchasing, market, dead.chance) == []
    assert (begun.quantity, shop.supplier.bought) == (5, [])
    quiet_s = market.connections[begun.connection_id].quiet_s
    reborn = shop.trade.again()
    for _ in range(8):
        shop.world.travel(seconds=quiet_s / 4 + 60)
        await shop.trade.turn(reborn)
    [plan] = await shop.plans()
    states = [s for s, _ in await shop.trade.attempts(plan["id"])]
    assert (plan["status"], states, shop.supplier.bought) == ("failed", ["failed"], [])
    assert (await shop.budget())[None] == (0, 0, 0)
    assert await shop.look() == 1


async def test_a_large_plan_is_split_as_its_offer_takes_it(shop: Shop) -> None:
    await shop.limits(1_000)
    async with shop.world.env.db.transaction(shop.world.mall) as tx:
        await tx.execute(
            "update supply.offer set most = 2, rev = tenancy.raise_epoch(%s)", (shop.world.mall,)
        )
    await shop.policy()
    await shop.look()
    await shop.trade.served()
    [plan] = await shop.plans()
    whole = (await shop.owner.get(f"{CONSOLE}/restocks/{plan['id']}")).json()
    assert [(p["quantity"], p["status"]) for p in whole["parts"]] == [(2, "done"), (2, "done"), (1, "done")]
    assert sorted(o.quantity for o in shop.supplier.shop.orders.values()) == [1, 2, 2]
    assert await shop.on_the_shelf() == 5


async def test_a_partial_delivery_is_received_as_far_as_it_came(shop: Shop) -> None:
    attempt = await shop.silent()
    codes = (Code(f"PART-1-{attempt}"), Code(f"PART-2-{attempt}"))
    await shop.heard(attempt, Result(Outcome.succeeded, cost_e4=180_000, codes=codes), "asking")
    [plan] = await shop.plans()
    assert (plan["status"], plan["received"], await shop.on_the_shelf()) == ("done", 2, 2)
    assert (await shop.budget())[None] == (0, 18, 0)
    assert await shop.trade.attempts(plan["id"]) == [("succeeded", "")]


async def test_codes_that_were_here_before_wait_for_a_person(shop: Shop) -> None:
    attempt = await shop.silent()
    twice = tuple(Code(f"SAME-{n}") for n in range(5))
    await shop.heard(attempt, Result(Outcome.succeeded, cost_e4=450_000, codes=twice), "asking")
    await shop.world.rows("update stock.lot set state = 'frozen' where sku_id = %s returning 1", shop.sku)
    attempt = await shop.silent()
    await shop.heard(attempt, Result(Outcome.succeeded, cost_e4=450_000, codes=twice), "asking")
    assert await shop.on_the_shelf() == 0
    [plan] = await shop.plans(status="going")
    assert await shop.trade.attempts(plan["id"]) == [("unknown", "code_known")]
    assert (await shop.budget())[None] == (45, 45, 0)


async def test_goods_that_are_taken_back_are_not_sold(shop: Shop) -> None:
    attempt = await shop.silent()
    codes = tuple(Code(f"BACK-{n}-{attempt}") for n in range(5))
    await shop.heard(attempt, Result(Outcome.succeeded, cost_e4=450_000, codes=codes), "asking")
    assert await shop.on_the_shelf() == 5
    await shop.heard(attempt, Result(Outcome.failed, refunded_e4=450_000), "callback")
    await shop.trade.turn()
    assert await shop.on_the_shelf() == 0
    assert (await shop.budget())[None] == (0, 0, 0)


async def test_without_the_malls_budget_nothing_is_bought_and_top_ups_never(shop: Shop) -> None:
    await shop.policy()
    assert await shop.look() == 0
    topup = await shop.world.sku(10_000, kind="topup")
    assert (await shop.policy(topup)).json()["code"] == "not_stocked"
    assert (await shop.policy(version=7)).json()["code"] == "restock_policy_changed"


async def test_it_is_filled_up_to_what_is_sold(shop: Shop) -> None:
    """Fourteen pieces this week: two a day; a week is fourteen."""
    buyer = await shop.world.buyer()
    await shop.world.stock(shop.sku, 15)
    await shop.world.place(buyer, shop.sku, 14)
    await shop.limits(1_000)
    await shop.policy(reorder_at=None, reorder_days=1)
    await shop.look()
    [plan] = await shop.plans()
    assert (plan["why"]["sold_7"], plan["why"]["reorder_point"], plan["quantity"]) == (14, 2, 13)


PIECES = st.integers(0, 10_000)


@given(PIECES, PIECES, st.integers(0, 500), st.integers(1, 90), st.integers(1, 5_000))
def test_what_is_wanted_fills_the_shelf_above_its_reorder_point(
    sold_7: int, available: int, point: int, days: int, most: int
) -> None:
    terms = RestockTerms(
        reorder_at=point,
        cover_days=days,
        most_pieces=most,
        most_unit_e4=1,
        monthly_budget_e4=1,
        approval_e4=1,
    )
    pieces = rules.wanted(terms, sold_7, sold_7, available)
    assert (pieces == 0) == (available > point)
    assert pieces <= most
    assert pieces in (0, most) or available + pieces > point


@given(PIECES, st.integers(1, 50), st.none() | st.integers(0, 50))
def test_every_part_is_one_that_the_offer_takes(pieces: int, least: int, more: int | None) -> None:
    most = None if more is None else least + more
    parts = rules.split(pieces, least, most)
    assert all(part >= least and (most is None or part <= most) for part in parts)
    assert sum(parts) <= pieces
    assert len(parts) == rules.MOST_PARTS or pieces - sum(parts) < least


def test_the_month_is_the_malls() -> None:
    late: Callable[[str], date] = lambda zone: rules.month_of(datetime(2026, 6, 30, 17, tzinfo=UTC), zone)  # noqa: E731
    assert (late("Asia/Shanghai"), late("Europe/Berlin")) == (date(2026, 7, 1), date(2026, 6, 1))


@pytest.mark.parametrize(("unit", "left", "pieces"), [(0, [1], None), (9, [100, 60], 6), (9, [0, 5], 0)])
def test_what_a_budget_affords(unit: int, left: list[int], pieces: int | None) -> None:
    assert rules.affordable(unit, left) == pieces
