"""Money of other currencies: rates as dated data, positions that close to nothing, and what rates gained or lost."""

import asyncio
import random
from datetime import timedelta

import pytest

from commissary import ledger
from commissary.base.errors import Refused
from commissary.ledger import positions, rates, rules
from commissary.ledger.types import Exchange, Rate, RateDraft, RateLimits, TransferKind
from make.ledger import Till
from make.tenancy import House

E4, E8 = 10_000, 10**8
USD = "USD"


@pytest.mark.parametrize(
    ("foreign_e4", "rate_e8", "home_e4"),
    [
        (10 * E4, 710_000_000, 71 * E4),
        (1, 710_000_000, 8),  # 7.1 is rounded up: never cheaper than it is
        (1, 45_000, 1),
        (0, 710_000_000, 0),
        (123_457, 713_333_333, 880_660),
    ],
)
def test_a_cost_is_rounded_up(foreign_e4: int, rate_e8: int, home_e4: int) -> None:
    assert rules.at_home_up(foreign_e4, rate_e8) == home_e4


def test_the_most_that_is_sent_to_a_supplier_never_costs_more_than_may_be_paid() -> None:
    chance = random.Random(4)
    for _ in range(2_000):
        most_e4, rate_e8 = chance.randrange(10**9), chance.randrange(1, 10**11)
        abroad_e4 = rules.abroad_down(most_e4, rate_e8)
        assert rules.at_home_up(abroad_e4, rate_e8) <= most_e4 < rules.at_home_up(abroad_e4 + 1, rate_e8)


@pytest.mark.parametrize(
    ("position", "movement", "gain"),
    [
        ((0, 0), (100, -710), 0),  # opens
        ((100, -710), (50, -365), 0),  # grows
        ((100, -710), (-100, 730), -20),  # owed, and paid when it had become dearer
        ((100, -710), (-100, 700), 10),
        ((-100, 710), (100, -730), 20),  # held, and bought with when it had become dearer
        ((100, -710), (-50, 365), -10),  # half of it
        ((100, -710), (-150, 1095), -20),  # and beyond: the rest opens the other way at its own rate
        ((3, -10), (-1, 4), -1),  # a third of the book, towards zero
    ],
)
def test_what_a_movement_realises(position: tuple[int, int], movement: tuple[int, int], gain: int) -> None:
    assert rules.realise(*position, *movement) == gain


def test_whatever_moves_a_closed_position_holds_nothing_and_nothing_is_lost() -> None:
    chance = random.Random(7)
    for _ in range(500):
        foreign = book = spent = gained = 0
        for _ in range(chance.randrange(1, 12)):
            d_foreign = chance.choice((-1, 1)) * chance.randrange(1, 10**6)
            d_home = (
                -d_foreign // abs(d_foreign) * rules.at_home_up(abs(d_foreign), chance.randrange(1, 10**9))
            )
            gain = rules.realise(foreign, book, d_foreign, d_home)
            foreign, book = foreign + d_foreign, book + d_home + gain
            spent, gained = spent + d_home, gained + gain
            assert book == 0 or (book > 0) != (foreign > 0)
            assert foreign or not book
        if foreign:
            d_home = chance.randrange(1, 10**9) * (1 if foreign > 0 else -1)
            gain = rules.realise(foreign, book, -foreign, d_home)
            assert book + d_home + gain == 0
            spent, gained = spent + d_home, gained + gain
        assert spent == -gained


def test_parts_of_what_comes_back_are_the_whole() -> None:
    chance = random.Random(5)
    for _ in range(1_000):
        whole, rate = chance.randrange(2, 10**7), chance.randrange(1, 10**10)
        part = chance.randrange(whole)
        first = rules.back_at_home(whole, part, rate)
        assert first + rules.back_at_home(whole - part, whole - part, rate) == rules.at_home_up(whole, rate)


# Rates -----------------------------------------------------------------------------------------------------------


async def set_(house: House, rate: str, *, days: float = 0, confirm: bool = False) -> Rate:
    when = house.env.now(house.mall) + timedelta(days=days) if days else None
    drafts = [RateDraft(USD, int(float(rate) * E8), when)]
    [made] = await rates.set_rates(house.env, house.actor, drafts, "中国银行", confirm=confirm)
    return made


async def now_(house: House) -> tuple[int | None, bool]:
    """(in force, whether it is too old to buy by)"""
    known, now = await rates.current_rates(house.env, house.actor)
    rate = known.at(USD, now)
    return (None, False) if rate is None else (rate.rate_e8, known.is_stale(rate, now))


async def test_a_rate_holds_from_its_instant_on_and_grows_stale(till: Till) -> None:
    house = till.house
    assert await now_(house) == (None, False)
    await set_(house, "7.10")
    await set_(house, "7.30", days=1)
    assert await now_(house) == (710_000_000, False)
    house.clock.move(days=1)
    assert await now_(house) == (730_000_000, False)
    house.clock.move(hours=48)
    assert await now_(house) == (730_000_000, False)
    house.clock.move(seconds=1)
    assert await now_(house) == (730_000_000, True)
    await rates.set_limits(house.env, house.actor, RateLimits(stale_after_s=3 * 86_400))
    assert await now_(house) == (730_000_000, False)
    found, own = await rates.list_rates(house.env, house.actor, currency=USD)
    assert ([r.rate_e8 for r in found], own) == ([730_000_000, 710_000_000], "CNY")
    assert {"ledger.set_rate", "ledger.set_rate_limits"} <= set(await house.audited())


async def test_a_jump_is_confirmed(till: Till) -> None:
    house = till.house
    await set_(house, "7.10")
    await set_(house, "8.52")  # 20 % is within the limit
    with pytest.raises(Refused, match=r"^rate_jumped$") as no:
        await set_(house, "71.0")
    assert (no.value.facts["last_e8"], no.value.facts["limit_bp"]) == (852_000_000, 2_000)
    await set_(house, "71.0", confirm=True)
    with pytest.raises(
        Refused, match=r"^rate_jumped$"
    ):  # against what is in force before it, not against the newest
        await set_(house, "7.10", days=3)
    await rates.set_limits(house.env, house.actor, RateLimits(jump_bp=100))
    with pytest.raises(Refused, match=r"^rate_jumped$"):
        await set_(house, "72.0")


async def test_no_rate_is_set_twice_over_a_jump_by_two_at_once(till: Till) -> None:
    house = till.house
    await set_(house, "7.10")
    both = await asyncio.gather(set_(house, "8.50"), set_(house, "5.70"), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in both) == [False, True]


async def test_history_is_not_rewritten(till: Till) -> None:
    house = till.house
    await set_(house, "7.10")
    with pytest.raises(Refused, match=r"^rate_in_the_past$"):
        await set_(house, "7.20", days=-1)
    drafts = [RateDraft("CNY", E8)]
    with pytest.raises(Refused, match=r"^rate_unneeded$"):
        await rates.set_rates(house.env, house.actor, drafts, "x")
    with pytest.raises(Refused, match=r"^forbidden$"):
        await rates.set_rates(house.env, house.actor_of("finance"), [RateDraft(USD, E8)], "x")
    for role in ("app", "vault"):
        async with house.env.db.transaction(house.mall, role) as tx:  # type: ignore[arg-type]
            with pytest.raises(Exception, match="permission denied"):
                await tx.execute("update ledger.rate set rate_e8 = 1")


# What moves ------------------------------------------------------------------------------------------------------


class Desk:
    """An account with a supplier in dollars, and the mall's goods and cash."""

    def __init__(self, till: Till, supplier: int, goods: int) -> None:
        self.till, self.supplier, self.goods = till, supplier, goods

    async def move(self, usd_e4: int, cny_e4: int, kind: TransferKind = TransferKind.purchase) -> None:
        """More than zero dollars: bought; less: paid."""
        house, other = self.till.house, self.goods if usd_e4 > 0 else self.till.books.cash_id
        one = Exchange(house.env.ids.new(), self.supplier, other, USD, usd_e4, cny_e4, kind)
        async with house.env.db.transaction(house.mall) as tx:
            await ledger.exchange(tx, house.env, self.till.home, [one], self.till.now)

    async def stands(self) -> dict[str, int]:
        async with self.till.house.env.db.transaction(self.till.house.mall) as tx:
            found = await tx.execute(
                """select kind || ' ' || sub || ' ' || currency, balance_e4 from ledger.account
                   where sub like 'fx%%' or id = any (%s)""",
                ([self.supplier, self.goods, self.till.books.cash_id],),
            )
            return {name: e4 for name, e4 in await found.fetchall() if e4}

    async def sums(self) -> dict[str, int]:
        async with self.till.house.env.db.transaction(self.till.house.mall) as tx:
            found = await tx.execute(
                "select currency, sum(balance_e4)::bigint from ledger.account group by 1"
            )
            return dict(await found.fetchall())


async def desk(till: Till) -> Desk:
    house, own = till.house, till.house.founded.organisation_id
    async with house.env.db.transaction(house.mall) as tx:
        supplier = await ledger.open_account(
            tx, house.env, till.home, house.env.ids.new(), "prepaid", USD, "1"
        )
        goods = await ledger.open_account(tx, house.env, till.home, own, "clearing", "CNY", "purchases")
    return Desk(till, supplier, goods)


async def test_bought_at_one_rate_and_paid_at_another(till: Till) -> None:
    at = await desk(till)
    await at.move(10 * E4, 71 * E4)
    assert await at.stands() == {
        "prepaid 1 USD": -10 * E4,
        "clearing fx:USD USD": 10 * E4,
        "clearing fx:USD CNY": -71 * E4,
        "clearing purchases CNY": 71 * E4,
    }
    await at.move(-10 * E4, 73 * E4, TransferKind.recharge)
    # Margin is over 71, and the rate lost two: together what the bank paid.
    assert await at.stands() == {
        "clearing purchases CNY": 71 * E4,
        "adjustment fx CNY": 2 * E4,
        "cash  CNY": -73 * E4,
    }
    assert await at.sums() == {"CNY": 0, "USD": 0}
    house = till.house
    [found], own = await positions.realised(
        house.env, house.actor, till.now - timedelta(days=1), till.now + timedelta(days=1)
    )
    assert (found.currency, found.movements, found.result_e4, own) == (USD, 1, -2 * E4, "CNY")


async def test_what_is_open_is_worth_what_the_rate_of_the_instant_says(till: Till) -> None:
    at, house = await desk(till), till.house
    await set_(house, "7.30")
    await at.move(10 * E4, 71 * E4)
    before = await till.transfers()
    [one], _ = await positions.positions(house.env, house.actor)
    assert (one.foreign_e4, one.book_e4, one.value_e4, one.unrealised_e4) == (
        10 * E4,
        71 * E4,
        73 * E4,
        -2 * E4,
    )
    then = till.now
    house.clock.move(hours=1)
    await at.move(-30 * E4, 219 * E4, TransferKind.recharge)  # 20 are held now
    await set_(house, "7.50")
    [now], _ = await positions.positions(house.env, house.actor)
    assert (now.foreign_e4, now.book_e4, now.unrealised_e4) == (-20 * E4, -146 * E4, 4 * E4)
    assert ([one], "CNY") == await positions.positions(house.env, house.actor, then)
    assert await till.transfers() == before + 3  # a report posts nothing


async def test_two_at_once_realise_it_once(till: Till) -> None:
    at = await desk(till)
    await at.move(10 * E4, 71 * E4)
    paid = [at.move(-5 * E4, 36 * E4, TransferKind.recharge) for _ in range(2)]
    await asyncio.gather(*paid)
    stands = await at.stands()
    assert stands["adjustment fx CNY"] == 1 * E4
    assert not any("fx:USD" in name for name in stands)
