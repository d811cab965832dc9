"""Limits, locks, statements, low balances: what a day in finance looks like, with days passing."""

from datetime import UTC, datetime, timedelta

import pytest

from commissary import ledger, partners
from commissary.base.errors import Refused
from commissary.ledger.types import Account, LedgerRefusal, Statement, TransferKind
from commissary.tenancy.types import TenancyRefusal
from make.ledger import Till, events

YUAN = 10_000
JULY = datetime(2026, 7, 1, tzinfo=UTC)


async def credit(till: Till, wallet: int, yuan: int, terms: int = 10, grace: int = 3) -> Account:
    return await ledger.set_credit(till.house.env, till.house.actor, wallet, yuan * YUAN, terms, grace)


async def recharge(till: Till, wallet: int, yuan: int) -> None:
    await ledger.recharge(
        till.house.env, till.house.actor, wallet, yuan * YUAN, f"bank-{till.house.env.ids.new()}"
    )


async def buy(till: Till, wallet: int, yuan: int) -> str:
    """'' or why not."""
    try:
        await till.pay(wallet, till.books.revenue_id, yuan)
    except Refused as no:
        return no.refusal.code
    return ""


async def test_only_who_may_sets_credit(till: Till) -> None:
    wallet = await till.wallet()
    with pytest.raises(Refused) as no:
        await ledger.set_credit(till.house.env, till.house.actor_of("support"), wallet, YUAN, 10)
    assert no.value.refusal is TenancyRefusal.forbidden
    await ledger.set_credit(till.house.env, till.house.actor_of("finance"), wallet, YUAN, 10)


async def test_a_raised_limit_may_be_used_at_once(till: Till) -> None:
    wallet = await till.wallet()
    assert await buy(till, wallet, 1) == "insufficient_balance"
    await credit(till, wallet, 100)
    assert await buy(till, wallet, 100) == ""
    assert await buy(till, wallet, 1) == "insufficient_balance"


async def test_a_limit_lowered_under_its_use_locks_until_paid_down(till: Till) -> None:
    wallet = await till.wallet(credit=100)
    await buy(till, wallet, 80)
    lowered = await credit(till, wallet, 50)
    assert (lowered.state, lowered.lock_reason) == ("locked", "over_limit")
    assert (lowered.floor_e4, lowered.limit_e4) == (-80 * YUAN, 50 * YUAN)
    assert await buy(till, wallet, 1) == "account_locked"

    await recharge(till, wallet, 20)
    between = await till.account(wallet)
    assert (between.state, between.floor_e4) == ("locked", -60 * YUAN)
    await recharge(till, wallet, 20)
    after = await till.account(wallet)
    assert (after.state, after.floor_e4, after.lock_reason) == ("open", -50 * YUAN, "")
    assert await buy(till, wallet, 10) == ""
    assert await buy(till, wallet, 1) == "insufficient_balance"
    told = [e.kind for e in await events(till.house) if e.kind.startswith("account.")]
    assert told == ["account.locked", "account.unlocked"]


async def test_a_hold_counts_as_used(till: Till) -> None:
    wallet = await till.wallet(credit=100)
    async with till.house.env.db.transaction(till.house.mall) as tx:
        held = await ledger.hold(
            tx, till.house.env, till.home, wallet, till.books.revenue_id, 80 * YUAN, till.now
        )
    assert (await credit(till, wallet, 50)).floor_e4 == -80 * YUAN
    async with till.house.env.db.transaction(till.house.mall) as tx:
        await ledger.capture(tx, till.house.env, till.home, held, 80 * YUAN, till.now)
    assert await till.free(wallet) == -80


async def test_the_lock_by_hand(till: Till) -> None:
    wallet = await till.wallet(money=10)
    env, actor = till.house.env, till.house.actor
    await ledger.lock(env, actor, wallet, "asked by the bank")
    await recharge(till, wallet, 10)
    assert await buy(till, wallet, 1) == "account_locked"
    await ledger.unlock(env, actor, wallet)
    assert await buy(till, wallet, 1) == ""
    await credit(till, wallet, 100)
    await buy(till, wallet, 60)
    await credit(till, wallet, 0)
    with pytest.raises(Refused) as no:
        await ledger.unlock(env, actor, wallet)
    assert no.value.refusal is LedgerRefusal.still_owing


# Statements: the clock of a mall stands at 1 July 2026, 08:00 UTC.


async def statement(till: Till, wallet: int, from_at: datetime, to_at: datetime) -> Statement:
    return await ledger.make_statement(till.house.env, till.house.actor, wallet, from_at, to_at)


async def listed(till: Till, wallet: int) -> list[Statement]:
    async with till.house.env.db.transaction(till.house.mall) as tx:
        return await ledger.statements(tx, till.home, wallet)


async def review(till: Till) -> tuple[int, int]:
    return await ledger.lock_overdue(till.house.env, till.house.mall, till.now)


async def test_a_statement_is_the_ledger(till: Till) -> None:
    wallet = await till.wallet(credit=1000)
    await recharge(till, wallet, 40)
    await buy(till, wallet, 100)
    till.house.clock.move(days=1)
    first = await statement(till, wallet, JULY, JULY + timedelta(days=1))
    assert (first.opening_e4, first.debits_e4, first.credits_e4, first.closing_e4, first.transfers) == (
        0,
        100 * YUAN,
        40 * YUAN,
        -60 * YUAN,
        2,
    )
    assert first.due_e4 == 60 * YUAN
    await buy(till, wallet, 5)
    till.house.clock.move(days=1)
    second = await statement(till, wallet, first.to_at, JULY + timedelta(days=2))
    assert (second.opening_e4, second.closing_e4, second.transfers) == (-60 * YUAN, -65 * YUAN, 1)


async def test_a_period_must_have_ended_and_follow_the_last(till: Till) -> None:
    wallet = await till.wallet()
    with pytest.raises(Refused) as no:
        await statement(till, wallet, JULY, till.now)
    assert no.value.refusal is LedgerRefusal.period_open
    till.house.clock.move(days=3)
    await statement(till, wallet, JULY, JULY + timedelta(days=1))
    for gap in (-1, 1):
        begin = JULY + timedelta(days=1, seconds=gap)
        with pytest.raises(Refused) as no:
            await statement(till, wallet, begin, JULY + timedelta(days=2))
        assert no.value.refusal is LedgerRefusal.period_overlaps


async def test_overdue_locks_after_grace_and_payment_unlocks(till: Till) -> None:
    wallet = await till.wallet()
    await credit(till, wallet, 1000, terms=10, grace=3)
    await buy(till, wallet, 100)
    till.house.clock.move(days=1)
    made = await statement(till, wallet, JULY, JULY + timedelta(days=1))
    assert made.due_at == JULY + timedelta(days=11)

    till.house.clock.now = JULY + timedelta(days=14)
    assert await review(till) == (0, 0)
    till.house.clock.move(seconds=1)
    assert await review(till) == (1, 0)
    assert await review(till) == (0, 0)
    assert (await till.account(wallet)).lock_reason == "overdue"
    assert await buy(till, wallet, 1) == "account_locked"

    await recharge(till, wallet, 99)
    assert (await till.account(wallet)).state == "locked"
    await recharge(till, wallet, 1)
    assert (await till.account(wallet)).state == "open"
    assert (await listed(till, wallet))[0].paid_at == till.now
    assert await buy(till, wallet, 1) == ""


async def test_more_days_of_grace_unlock(till: Till) -> None:
    wallet = await till.wallet()
    await credit(till, wallet, 1000, terms=1, grace=0)
    await buy(till, wallet, 100)
    till.house.clock.move(days=1)
    await statement(till, wallet, JULY, JULY + timedelta(days=1))
    till.house.clock.move(days=5)
    assert await review(till) == (1, 0)
    assert (await credit(till, wallet, 1000, terms=1, grace=30)).state == "open"


async def test_only_the_refund_of_an_order_in_the_statement_pays_it(till: Till) -> None:
    wallet = await till.wallet(credit=1000)

    async def order(number: int, yuan: int, *, back: bool = False) -> None:
        revenue = till.books.revenue_id
        transfer = (
            till.transfer(revenue, wallet, yuan, TransferKind.refund, number)
            if back
            else till.transfer(wallet, revenue, yuan, TransferKind.sale, number)
        )
        async with till.house.env.db.transaction(till.house.mall) as tx:
            await ledger.post(tx, till.house.env, till.home, [transfer], till.now)

    await order(1, 100)
    till.house.clock.move(days=1)
    await statement(till, wallet, JULY, JULY + timedelta(days=1))
    await order(2, 100)
    await order(2, 100, back=True)
    till.house.clock.move(days=1)
    assert await review(till) == (1, 0)
    await order(1, 100, back=True)
    assert await review(till) == (0, 1)


# Low balance


async def test_low_balance_is_told_once_until_it_was_above_again(till: Till) -> None:
    house = till.house
    buyer_id = house.env.ids.new()
    wallet = await till.wallet(money=100, owner=buyer_id)
    async with house.env.db.transaction(house.mall) as tx:
        await partners.add_buyer(
            tx,
            house.env,
            house.actor,
            name="Corner shop",
            account_id=wallet,
            low_balance_e4=50 * YUAN,
            id=buyer_id,
        )

    async def told() -> int:
        return await ledger.tell_low_balances(house.env, house.mall, till.now)

    assert await told() == 0
    await buy(till, wallet, 50)
    assert await told() == 0  # fifty is not below fifty
    await buy(till, wallet, 1)
    assert [await told(), await told()] == [1, 0]
    await buy(till, wallet, 10)
    assert await told() == 0
    await recharge(till, wallet, 100)
    assert await told() == 0
    await buy(till, wallet, 100)
    assert [await told(), await told()] == [1, 0]
    lows = [e for e in await events(house) if e.kind == "balance.low"]
    own = house.founded.organisation_id
    assert [(e.subject, e.owner, e.data["buyer_id"], e.data["available_e4"]) for e in lows] == [
        (wallet, told, buyer_id, left * YUAN) for left in (49, 39) for told in (buyer_id, own)
    ]
