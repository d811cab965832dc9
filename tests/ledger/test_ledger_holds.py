"""Holds: promised money is paid or freed, never both, never twice."""

import asyncio

import pytest

from commissary import ledger
from commissary.base.errors import Refusal, Refused
from commissary.ledger.types import Hold, LedgerRefusal, Settlement
from make.ledger import Till

YUAN = 10_000


async def hold(till: Till, wallet: int, yuan: int) -> int:
    async with till.house.env.db.transaction(till.house.mall) as tx:
        return await ledger.hold(
            tx, till.house.env, till.home, wallet, till.books.revenue_id, yuan * YUAN, till.now, 42
        )


async def settle(till: Till, *settlements: Settlement) -> list[Hold]:
    async with till.house.env.db.transaction(till.house.mall, role="vault") as tx:
        return await ledger.settle(tx, till.house.env, till.home, settlements, till.now)


async def test_held_money_cannot_be_spent(till: Till) -> None:
    wallet = await till.wallet(money=100)
    await hold(till, wallet, 80)
    with pytest.raises(Refused) as no:
        await till.pay(wallet, till.books.revenue_id, 21)
    assert no.value.refusal is LedgerRefusal.insufficient_balance
    with pytest.raises(Refused):
        await hold(till, wallet, 21)
    await till.pay(wallet, till.books.revenue_id, 20)
    assert await till.free(wallet) == 0


async def test_captured_in_parts_and_the_rest_released(till: Till) -> None:
    wallet = await till.wallet(money=100)
    held = await hold(till, wallet, 50)
    async with till.house.env.db.transaction(till.house.mall) as tx:
        first = await ledger.capture(tx, till.house.env, till.home, held, 20 * YUAN, till.now)
    assert first.rest_e4 == 30 * YUAN
    assert await till.free(wallet) == 50
    async with till.house.env.db.transaction(till.house.mall) as tx:
        last = await ledger.capture(
            tx, till.house.env, till.home, held, 10 * YUAN, till.now, release_rest=True
        )
    assert (last.captured_e4, last.released_e4, last.rest_e4) == (30 * YUAN, 20 * YUAN, 0)
    assert await till.free(wallet) == 70
    assert await till.free(till.books.revenue_id) == 30
    assert (await till.account(wallet)).held_e4 == 0


async def test_no_more_than_is_left(till: Till) -> None:
    wallet = await till.wallet(money=100)
    held = await hold(till, wallet, 50)
    await settle(till, Settlement(held, capture_e4=30 * YUAN))
    for too_much in (
        Settlement(held, capture_e4=21 * YUAN),
        Settlement(held, release_e4=21 * YUAN),
        Settlement(held, capture_e4=11 * YUAN, release_e4=10 * YUAN),
        Settlement(held, capture_e4=21 * YUAN, release_rest=True),
    ):
        with pytest.raises(Refused) as no:
            await settle(till, too_much)
        assert no.value.refusal is LedgerRefusal.hold_spent
    async with till.house.env.db.transaction(till.house.mall) as tx:
        assert (await ledger.release(tx, till.house.env, till.home, held, till.now)).rest_e4 == 0
        assert (await ledger.release(tx, till.house.env, till.home, held, till.now)).rest_e4 == 0
    assert await till.free(wallet) == 70


async def test_one_bad_hold_settles_none(till: Till) -> None:
    wallet = await till.wallet(money=100)
    good, bad = await hold(till, wallet, 10), await hold(till, wallet, 10)
    with pytest.raises(Refused):
        await settle(till, Settlement(good, capture_e4=10 * YUAN), Settlement(bad, capture_e4=11 * YUAN))
    assert await till.free(till.books.revenue_id) == 0
    done = await settle(till, Settlement(bad, release_rest=True), Settlement(good, capture_e4=10 * YUAN))
    assert [h.id for h in done] == [bad, good]


async def test_a_promise_is_kept_after_the_account_was_locked(till: Till) -> None:
    wallet = await till.wallet(money=100)
    held = await hold(till, wallet, 50)
    async with till.house.env.db.transaction(till.house.mall) as tx:
        await tx.execute("update ledger.account set state = 'locked' where id = %s", (wallet,))
    with pytest.raises(Refused) as no:
        await hold(till, wallet, 1)
    assert no.value.refusal is LedgerRefusal.account_locked
    await settle(till, Settlement(held, capture_e4=50 * YUAN))
    assert await till.free(till.books.revenue_id) == 50


async def test_many_captures_and_releases_at_once_spend_a_hold_once(till: Till) -> None:
    wallet = await till.wallet(money=100)
    held = await hold(till, wallet, 100)

    async def one(number: int) -> Refusal | None:
        wanted = (
            Settlement(held, capture_e4=10 * YUAN) if number % 2 else Settlement(held, release_e4=10 * YUAN)
        )
        try:
            await settle(till, wanted)
        except Refused as no:
            return no.refusal
        return None

    outcomes = await asyncio.gather(*[one(n) for n in range(30)])
    assert outcomes.count(None) == 10
    assert outcomes.count(LedgerRefusal.hold_spent) == 20
    account = await till.account(wallet)
    assert account.held_e4 == 0
    assert account.balance_e4 + (await till.account(till.books.revenue_id)).balance_e4 == 100 * YUAN


async def test_settling_crosswise_beside_placing_does_not_block(till: Till) -> None:
    one, two = await till.wallet(money=1000), await till.wallet(money=1000)
    holds = [(await hold(till, one, 1), await hold(till, two, 1)) for _ in range(10)]
    await asyncio.gather(
        *[settle(till, Settlement(a, capture_e4=YUAN), Settlement(b, capture_e4=YUAN)) for a, b in holds[:5]],
        *[settle(till, Settlement(b, capture_e4=YUAN), Settlement(a, capture_e4=YUAN)) for a, b in holds[5:]],
        *[till.pay(one, till.books.revenue_id, 1) for _ in range(10)],
        *[hold(till, two, 1) for _ in range(10)],
    )
    assert await till.free(one) == 980
    assert await till.free(two) == 980
