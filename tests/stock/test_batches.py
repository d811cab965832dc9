"""Acts on a batch, alone, repeated, and racing with sales and each other."""

import asyncio
import random
import secrets
from datetime import timedelta

import pytest

from commissary import stock
from commissary.base import outbox
from commissary.base.errors import Refused, RequestRefusal
from commissary.stock.types import Moved, Range, StockRefusal
from make.stock import Shelf, violations
from make.stock import shelf as make_shelf
from make.tenancy import Ground


async def filled(shelf: Shelf, count: int = 100, ends: str = "") -> int:
    codes = [f"K{secrets.token_hex(4)}G{secrets.token_hex(4)}Z".upper() for _ in range(count)]
    text = "\n".join(codes) if not ends else "密码,有效期\n" + "\n".join(f"{code},{ends}" for code in codes)
    return (await shelf.bring(text)).batches[0]


async def published(shelf: Shelf) -> list[tuple[str, int]]:
    async with shelf.house.env.db.transaction(shelf.mall) as tx:
        return [(event.kind, event.n) for _, batch in await outbox.read(tx, shelf.home, 0) for event in batch]


async def test_a_frozen_batch_is_not_sold_until_it_is_released(shelf: Shelf) -> None:
    batch, env, actor = await filled(shelf), shelf.house.env, shelf.house.actor
    await shelf.sell(30)
    moved = await stock.freeze(env, actor, batch, "complaints")
    assert moved.codes == 70
    assert [(r.first_seq, r.last_seq) for r in moved.sold] == [(1, 30)]
    assert await shelf.sell(1) == []
    assert await shelf.available() is None
    assert (await stock.freeze(env, actor, batch, "again")).codes == 0
    assert (await stock.unfreeze(env, actor, batch)).codes == 70
    assert (await stock.unfreeze(env, actor, batch)).codes == 0
    assert await shelf.sell(70) == [(batch, 31, 100)]
    # What changed nothing is not told; what did is told once, in audit, custody and to listeners.
    assert (await shelf.house.audited())[-3:] == ["stock.import", "stock.freeze", "stock.unfreeze"]
    assert await published(shelf) == [("stock.received", 1), ("stock.frozen", 2), ("stock.released", 3)]
    kinds = await shelf.rows("select n, kind from provenance.event where home_id = %(home)s order by n")
    assert kinds == [(1, 1), (2, 6), (3, 9)]
    assert await violations(shelf) == []


async def test_a_range_is_voided_as_far_as_it_is_unsold(shelf: Shelf) -> None:
    batch, env, actor = await filled(shelf), shelf.house.env, shelf.house.actor
    await shelf.sell(30)
    moved = await stock.void_range(env, actor, batch, 21, 50, "leaked")
    assert moved.codes == 20
    assert [(r.first_seq, r.last_seq) for r in moved.sold] == [(21, 30)]
    assert await shelf.lots() == [(1, 31, 30, "sold_out"), (31, 31, 50, "void"), (51, 51, 100, "open")]
    assert (await stock.void_range(env, actor, batch, 21, 50, "leaked")).codes == 0
    assert (await stock.return_to_supplier(env, actor, batch, 91, 100, "unwanted")).codes == 10
    assert await shelf.sell(40) == [(batch, 51, 90)]
    assert await shelf.sell(1) == []
    for first, last in ((0, 5), (90, 101), (5, 4)):
        with pytest.raises(Refused) as no:
            await stock.void_range(env, actor, batch, first, last, "")
        assert no.value.refusal is StockRefusal.range_outside_batch
    summary = await stock.summary(env, actor, shelf.sku)
    assert (summary.sold, summary.void, summary.returned, summary.available) == (70, 20, 10, 0)
    assert await violations(shelf) == []


async def test_a_recall_freezes_for_good_and_names_what_is_out(shelf: Shelf) -> None:
    batch, env, actor = await filled(shelf), shelf.house.env, shelf.house.actor
    (taken,) = await shelf.sell(30)
    first = await stock.recall(env, actor, batch, "stolen")
    again = await stock.recall(env, actor, batch, "stolen")
    assert (first.codes, again.codes) == (70, 0)
    assert first.sold == again.sold
    assert [(r.first_seq, r.last_seq) for r in first.sold] == [(1, 30)]
    with pytest.raises(Refused) as no:
        await stock.unfreeze(env, actor, batch)
    assert no.value.refusal is StockRefusal.batch_recalled
    await give_back(shelf, taken)
    assert await shelf.sell(1) == []
    assert [kind for kind, _ in await published(shelf)].count("stock.recalled") == 1
    assert await violations(shelf) == []


async def give_back(shelf: Shelf, *taken: tuple[int, int, int]) -> None:
    ranges = [Range(0, batch, first, last, 0, False) for batch, first, last in taken]
    env = shelf.house.env
    async with env.db.transaction(shelf.mall, "vault") as tx:
        events = await stock.return_ranges(
            tx, env, shelf.house.actor, shelf.home, ranges, "cancelled", shelf.house.clock.now
        )
        await outbox.publish(tx, shelf.home, events, shelf.house.clock.now)


async def test_codes_given_back_are_sold_again(shelf: Shelf) -> None:
    batch = await filled(shelf)
    await shelf.sell(30)
    await give_back(shelf, (batch, 11, 15), (batch, 16, 20), (batch, 1, 2))
    assert await shelf.available() == 82
    assert await violations(shelf) == []
    await give_back(shelf, (batch, 11, 15))  # again, and not sold meanwhile: nothing happens
    assert await shelf.available() == 82
    with pytest.raises(Refused) as no:
        await give_back(shelf, (batch, 1, 5))
    assert no.value.refusal is StockRefusal.range_not_sold
    sold = [n for _ in range(82) for _, first, last in await shelf.sell(1) for n in range(first, last + 1)]
    assert sorted(sold) == [1, 2, *range(11, 21), *range(31, 101)]
    assert await violations(shelf) == []


async def test_what_expires_leaves_the_sale(shelf: Shelf) -> None:
    env, clock = shelf.house.env, shelf.house.clock
    soon = await filled(shelf, 10, "2026-07-03")
    await filled(shelf, 10, "2026-08-30")
    await shelf.sell(4)
    assert await stock.expire_due(env, shelf.mall, clock.now) == 0
    clock.now += timedelta(days=3)  # past the midnight that ends 3 July in Shanghai
    assert await shelf.available() == 10
    assert await stock.expire_due(env, shelf.mall, clock.now) == 6
    assert await stock.expire_due(env, shelf.mall, clock.now) == 0
    summary = await stock.summary(env, shelf.house.actor, shelf.sku)
    assert (summary.sold, summary.expired, summary.available) == (4, 6, 10)
    assert summary.expiring == {
        "within_7_days": 0, "within_30_days": 0, "within_90_days": 10, "later": 0, "never": 0,
    }  # fmt: skip
    await give_back(shelf, (soon, 1, 2))  # comes back too late to be sold
    assert await shelf.available() == 10
    assert await violations(shelf) == []


async def test_the_first_to_expire_is_sold_first(shelf: Shelf) -> None:
    later, sooner = await filled(shelf, 5, "2027-07-03"), await filled(shelf, 5, "2027-06-03")
    assert await shelf.sell(7) == [(sooner, 1, 5), (later, 1, 2)]


async def test_low_stock_is_told_once_until_it_was_filled_up(ground: Ground) -> None:
    shelf = await make_shelf(await ground.mall(), low_stock=5)
    env = shelf.house.env

    async def told() -> list[int]:
        return [each.available for each in await stock.watch_low(env, shelf.mall)]

    assert await told() == [0]
    assert await told() == []
    await filled(shelf, 6)
    assert await told() == []
    await shelf.sell(1)
    assert await told() == [5]
    await shelf.sell(1)
    assert await told() == []
    assert [event for event in await published(shelf) if event[0] == "stock.low"] == [
        ("stock.low", 1), ("stock.low", 2),
    ]  # fmt: skip


async def test_another_malls_batch_is_not_found(ground: Ground, shelf: Shelf) -> None:
    batch = await filled(shelf, 3)
    stranger = (await make_shelf(await ground.mall())).house
    for act in (stock.freeze, stock.unfreeze, stock.recall):
        with pytest.raises(Refused) as no:
            await act(stranger.env, stranger.actor, batch, "")
        assert no.value.refusal is RequestRefusal.not_found
    with pytest.raises(Refused) as no:
        await stock.freeze(shelf.house.env, shelf.house.actor_of("support"), batch, "")
    assert no.value.refusal.code == "forbidden"


@pytest.mark.parametrize("seed", range(4))
async def test_acts_race_with_sales(shelf: Shelf, seed: int) -> None:
    """Sellers, givers-back, and every act at once: no code sold twice without having come back, none lost."""
    chance = random.Random(seed)
    batches = [await filled(shelf, 300, f"2027-0{n}-01") for n in (1, 2, 3)]
    env, actor = shelf.house.env, shelf.house.actor
    owned: set[tuple[int, int]] = set()

    async def sell() -> None:
        for _ in range(25):
            taken = await shelf.sell(chance.randint(1, 7))
            for batch, first, last in taken:
                for n in range(first, last + 1):
                    assert (batch, n) not in owned, "sold twice"
                    owned.add((batch, n))
            if taken and chance.random() < 0.4:
                back = chance.choice(taken)
                # Ours until the commit; taken off first, since another may buy it the moment it is committed.
                owned.difference_update((back[0], n) for n in range(back[1], back[2] + 1))
                await give_back(shelf, back)

    async def act() -> None:
        for _ in range(12):
            batch = chance.choice(batches[:2])
            match chance.randrange(4):
                case 0:
                    await stock.freeze(env, actor, batch, "x")
                case 1:
                    await stock.unfreeze(env, actor, batch)
                case 2:
                    first = chance.randint(1, 300)
                    await stock.void_range(env, actor, batch, first, min(300, first + 3), "x")
                case _:
                    await stock.expire_due(env, shelf.mall, shelf.house.clock.now)

    async def recall() -> Moved:
        await asyncio.sleep(chance.random() / 5)
        return await stock.recall(env, actor, batches[2], "x")

    *_, recalled = await asyncio.gather(sell(), sell(), sell(), sell(), act(), act(), recall())
    # Nothing of a recalled batch was sold after the recall, so what is out is what the recall named, less what came back.
    named = {(r.batch_id, n) for r in recalled.sold for n in range(r.first_seq, r.last_seq + 1)}
    assert {code for code in owned if code[0] == batches[2]} <= named
    assert await violations(shelf) == []
    counts = await stock.summary(env, actor, shelf.sku)
    assert counts.sold == len(owned)
    assert sum([counts.available or 0, counts.sold, counts.frozen, counts.void, counts.expired]) == 900
