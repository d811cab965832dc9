"""Prices change at an instant, are remembered for ever, and come back as they were."""

import asyncio
from datetime import timedelta

import pytest

from commissary import pricing
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.ids import Ids
from commissary.pricing import rules
from commissary.pricing.types import Change, Ladder, PricingRefusal
from commissary.tenancy.types import TenancyRefusal
from make.pricing import Counter, epoch, ladder

MS = timedelta(milliseconds=1)
GONE = Ladder((), ())


async def undo(counter: Counter, change: Change, *, force: bool = False) -> Change:
    return await pricing.undo(counter.house.env, counter.house.actor, change.id, force=force)


async def history(counter: Counter, sku: int) -> list[tuple[Ladder, str, str]]:
    async with counter.house.env.db.transaction(counter.mall) as tx:
        return [(e.ladder, e.change_kind, e.reason) for e in await pricing.history(tx, counter.mall, sku)]


async def test_a_price_holds_from_the_moment_it_is_set(counter: Counter) -> None:
    sku, before = counter.sku(), await epoch(counter.house)
    buyer = await counter.buyer()
    made = await counter.price(counter.list_id, {sku: ladder((1, 10), (50, 9))}, reason="opening")
    assert (made.kind, made.entries, made.reason) == ("edit", 1, "opening")
    assert await counter.seen(buyer) == {sku: ladder((1, 10), (50, 9))}
    assert await epoch(counter.house) > before
    assert "pricing.change" in await counter.house.audited()


async def test_who_may_not(counter: Counter) -> None:
    sku = counter.sku()
    with pytest.raises(Refused) as no:
        await pricing.set_prices(
            counter.house.env, counter.house.actor_of("support"), counter.list_id, {sku: ladder((1, 10))}
        )
    assert no.value.refusal is TenancyRefusal.forbidden


async def test_what_cannot_be_a_price(counter: Counter) -> None:
    sku = counter.sku()
    for ladders, code in [
        ({}, "invalid_request"),
        ({sku: Ladder((2,), (1,))}, "invalid_request"),
        ({12345: ladder((1, 1))}, "unknown_sku"),
    ]:
        with pytest.raises(Refused) as no:
            await counter.price(counter.list_id, ladders)
        assert no.value.refusal.code == code
    with pytest.raises(Refused) as no:
        await counter.price(4711, {sku: ladder((1, 1))})
    assert no.value.refusal is PricingRefusal.no_such_book
    with pytest.raises(Refused) as no:
        await counter.price(counter.list_id, {sku: ladder((1, 1))}, counter.now - MS)
    assert no.value.refusal is PricingRefusal.starts_in_the_past


async def test_each_kind_of_book_is_there_once(counter: Counter) -> None:
    tier, _ = await counter.tier()
    buyer = await counter.buyer()
    await counter.book("contract", buyer_id=buyer)
    for kind, more in [("list", {}), ("tier", {"tier_id": tier}), ("contract", {"buyer_id": buyer})]:
        with pytest.raises(Refused) as no:
            await counter.book(kind, **more)
        assert no.value.refusal is PricingRefusal.book_exists


async def test_5_000_skus_switch_between_two_orders(counter: Counter) -> None:
    skus = counter.skus(5_000)
    buyer = await counter.buyer()
    await counter.price(counter.list_id, dict.fromkeys(skus, ladder((1, 10))))
    midnight = counter.now + timedelta(days=3)
    made = await pricing.schedule(
        counter.house.env,
        counter.house.actor,
        counter.list_id,
        dict.fromkeys(skus, ladder((1, 6.18))),
        midnight,
        "618",
    )
    assert (made.kind, made.valid_from, made.entries) == ("schedule", midnight, 5_000)
    shown = await counter.snapshot()

    def prices(at: object) -> set[int]:
        found = [rules.price_of(shown, buyer, sku, 1, at) for sku in skus]  # type: ignore[arg-type]
        return {p.unit_price_e4 if p else 0 for p in found}

    assert prices(counter.now) == prices(midnight - MS) == {100_000}
    assert prices(midnight) == prices(midnight + MS) == {61_800}


async def test_undo_brings_equal_prices_back_once(counter: Counter) -> None:
    priced, new = counter.sku(), counter.sku()
    buyer = await counter.buyer()
    was = ladder((1, 9.8751), (10, 9.1234))
    await counter.price(counter.list_id, {priced: was})
    counter.house.clock.move(minutes=1)
    made = await counter.price(counter.list_id, {priced: ladder((1, 8)), new: ladder((1, 7))})
    counter.house.clock.move(minutes=1)
    undone = await undo(counter, made)
    assert (undone.kind, undone.undoes) == ("undo", made.id)
    assert await counter.seen(buyer) == {priced: was}
    with pytest.raises(Refused) as no:
        await undo(counter, made)
    assert no.value.refusal is PricingRefusal.already_undone
    counter.house.clock.move(minutes=1)
    await undo(counter, undone)  # and back again
    assert await counter.seen(buyer) == {priced: ladder((1, 8)), new: ladder((1, 7))}
    assert [kind for _, kind, _ in await history(counter, priced)] == ["undo", "undo", "edit", "edit"]


async def test_many_undos_at_once_undo_once(counter: Counter) -> None:
    sku = counter.sku()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    made = await counter.price(counter.list_id, {sku: ladder((1, 9))})
    outcomes = await asyncio.gather(*[undo(counter, made) for _ in range(6)], return_exceptions=True)
    assert sum(isinstance(o, Change) for o in outcomes) == 1
    assert len(await history(counter, sku)) == 3


async def test_an_undo_that_was_overtaken_is_refused_unless_forced(counter: Counter) -> None:
    first, second = counter.sku(), counter.sku()
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {first: ladder((1, 10)), second: ladder((1, 10))})
    made = await counter.price(counter.list_id, {first: ladder((1, 9)), second: ladder((1, 9))})
    counter.house.clock.move(minutes=1)
    await counter.price(counter.list_id, {second: ladder((1, 8))})
    with pytest.raises(Refused) as no:
        await undo(counter, made)
    assert no.value.refusal is PricingRefusal.overtaken
    assert (no.value.facts["skus"], no.value.facts["sku_id"]) == (1, str(second))
    await undo(counter, made, force=True)
    assert await counter.seen(buyer) == {first: ladder((1, 10)), second: ladder((1, 10))}


async def test_a_schedule_is_undone_before_it_begins(counter: Counter) -> None:
    sku = counter.sku()
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    midnight = counter.now + timedelta(days=1)
    made = await counter.price(counter.list_id, {sku: ladder((1, 6))}, midnight)
    await undo(counter, made)
    shown = await counter.snapshot()
    for at in (counter.now, midnight - MS, midnight, midnight + MS):
        price = rules.price_of(shown, buyer, sku, 1, at)
        assert price is not None
        assert price.unit_price_e4 == 100_000


async def test_an_empty_ladder_takes_the_sku_out_of_the_book(counter: Counter) -> None:
    sku = counter.sku()
    buyer = await counter.buyer()
    contract = await counter.book("contract", buyer_id=buyer)
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    await counter.price(contract, {sku: ladder((1, 8))})
    assert await counter.seen(buyer) == {sku: ladder((1, 8))}
    await counter.price(contract, {sku: GONE})
    assert await counter.seen(buyer) == {sku: ladder((1, 10))}
    await counter.price(counter.list_id, {sku: GONE})
    assert await counter.seen(buyer) == {}


async def test_history_has_every_change_with_its_author_and_reason(counter: Counter) -> None:
    sku = counter.sku()
    for n, reason in enumerate(["a", "b", "c"], start=1):
        await counter.price(counter.list_id, {sku: ladder((1, n))}, reason=reason)
    assert await history(counter, sku) == [
        (ladder((1, 3)), "edit", "c"),
        (ladder((1, 2)), "edit", "b"),
        (ladder((1, 1)), "edit", "a"),
    ]
    async with counter.house.env.db.transaction(counter.mall) as tx:
        found = await pricing.history(tx, counter.mall, sku)
    assert {e.author for e in found} == {f"person:{counter.house.founded.person_id}"}


# Reading on from what a process knows


async def test_a_refreshed_snapshot_is_what_a_fresh_one_would_be(counter: Counter) -> None:
    skus = counter.skus(20)
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {s: ladder((1, 10)) for s in skus[:10]})
    known = await counter.snapshot()
    before = dict(known.versions)

    contract = await counter.book("contract", buyer_id=buyer)
    await counter.price(contract, {skus[0]: ladder((1, 8))})
    await counter.price(counter.list_id, {s: ladder((1, 11)) for s in skus[5:]})
    await counter.price(
        counter.list_id, {s: ladder((1, 6)) for s in skus[:3]}, counter.now + timedelta(days=30)
    )
    await pricing.set_floor(counter.house.env, counter.house.actor, skus[1], 500)
    async with counter.house.env.db.transaction(counter.mall) as tx:
        refreshed = await pricing.refresh_snapshot(tx, counter.mall, known, 1)
    assert refreshed == await counter.snapshot()
    assert known.versions == before
    async with counter.house.env.db.transaction(counter.mall) as tx:
        assert await pricing.refresh_snapshot(tx, counter.mall, refreshed, 1) == refreshed


async def test_a_process_with_a_slow_clock_writes_behind_one_with_a_fast_clock(counter: Counter) -> None:
    """Ids bear the clock of their process; in a book they grow all the same, so nothing is missed or lost."""
    env, house = counter.house.env, counter.house
    slow = Env(env.db, Ids(9, lambda: 1_767_225_600_000), env.keys, env.clock)
    sku = counter.sku()
    buyer = await counter.buyer()
    await counter.price(counter.list_id, {sku: ladder((1, 10))})
    known = await counter.snapshot()
    await pricing.set_prices(slow, house.actor, counter.list_id, {sku: ladder((1, 9))})
    async with env.db.transaction(counter.mall) as tx:
        refreshed = await pricing.refresh_snapshot(tx, counter.mall, known, 2)
    price = rules.price_of(refreshed, buyer, sku, 1, counter.now)
    assert price is not None
    assert price.unit_price_e4 == 90_000
    assert refreshed.versions == (await counter.snapshot()).versions


async def test_parallel_changes_of_a_book_are_all_read_on(counter: Counter) -> None:
    skus = counter.skus(30)
    known = await counter.snapshot()

    async def one(sku: int) -> None:
        await counter.price(counter.list_id, {sku: ladder((1, 10))})

    async def follow() -> None:
        nonlocal known
        for _ in range(15):
            async with counter.house.env.db.transaction(counter.mall) as tx:
                known = await pricing.refresh_snapshot(tx, counter.mall, known, 1)
            await asyncio.sleep(0.01)

    await asyncio.gather(follow(), *[one(s) for s in skus])
    await follow()
    assert {sku for _, sku in known.versions} == set(skus)
