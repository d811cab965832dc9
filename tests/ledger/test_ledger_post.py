"""Posting: all or nothing, never under the floor, never between books."""

import asyncio

import psycopg
import pytest

from commissary import ledger
from commissary.base import db
from commissary.base.errors import Refusal, Refused
from commissary.ledger.types import LedgerRefusal, TransferKind
from make.ledger import Till


async def test_money_moves_between_two_accounts(till: Till) -> None:
    wallet = await till.wallet(money=100)
    await till.pay(wallet, till.books.revenue_id, 30)
    assert await till.free(wallet) == 70
    assert await till.free(till.books.revenue_id) == 30
    assert await till.free(till.books.cash_id) == -100


async def test_an_account_is_opened_once(till: Till) -> None:
    owner = till.house.env.ids.new()
    assert await till.wallet(owner=owner) == await till.wallet(owner=owner)
    assert await till.wallet(owner=owner) != await till.wallet(owner=owner, sub="sales")


async def test_the_books_are_found_once(till: Till) -> None:
    async with till.house.env.db.transaction(till.house.mall) as tx:
        again = await ledger.found_books(
            tx, till.house.env, till.home, till.house.founded.organisation_id, "CNY"
        )
        assert await ledger.revenue_account(tx, till.home, "CNY") == again.revenue_id
    assert again == till.books


async def test_either_all_transfers_or_none(till: Till) -> None:
    rich, poor = await till.wallet(money=100), await till.wallet(money=10)
    revenue = till.books.revenue_id
    with pytest.raises(Refused) as no:
        async with till.house.env.db.transaction(till.house.mall) as tx:
            await ledger.post(
                tx,
                till.house.env,
                till.home,
                [till.transfer(rich, revenue, 50), till.transfer(poor, revenue, 11)],
                till.now,
            )
    assert no.value.refusal is LedgerRefusal.insufficient_balance
    assert no.value.facts["account_id"] == str(poor)
    assert await till.free(rich) == 100


async def test_a_refusal_writes_nothing_even_when_its_transaction_goes_on(till: Till) -> None:
    poor = await till.wallet(money=10)
    before = await till.transfers()
    async with till.house.env.db.transaction(till.house.mall) as tx:
        with pytest.raises(Refused):
            await ledger.post(
                tx, till.house.env, till.home, [till.transfer(poor, till.books.revenue_id, 11)], till.now
            )
    assert await till.transfers() == before
    assert await till.free(poor) == 10


@pytest.mark.parametrize(
    ("state", "pays", "receives"),
    [
        ("open", None, None),
        ("locked", "account_locked", None),
        ("closed", "account_closed", "account_closed"),
    ],
)
async def test_what_a_state_allows(till: Till, state: str, pays: str | None, receives: str | None) -> None:
    wallet = await till.wallet(money=100)
    async with till.house.env.db.transaction(till.house.mall) as tx:
        await db.run(tx, "update ledger.account set state = %s where id = %s", (state, wallet))
    for dr, cr, expected in [
        (wallet, till.books.revenue_id, pays),
        (till.books.cash_id, wallet, receives),
    ]:
        if expected is None:
            await till.pay(dr, cr, 1)
        else:
            with pytest.raises(Refused) as no:
                await till.pay(dr, cr, 1)
            assert no.value.refusal.code == expected


async def test_two_currencies_do_not_meet(till: Till) -> None:
    wallet = await till.wallet(money=100)
    async with till.house.env.db.transaction(till.house.mall) as tx:
        dollars = await ledger.open_account(tx, till.house.env, till.home, 5, "cash", "USD")
    with pytest.raises(Refused) as no:
        await till.pay(wallet, dollars, 1)
    assert no.value.refusal is LedgerRefusal.currency_mismatch


async def test_a_wallet_is_not_passed_to_another_company(till: Till) -> None:
    mine, yours = await till.wallet(money=100), await till.wallet()
    with pytest.raises(Refused) as no:
        await till.pay(mine, yours, 1)
    assert no.value.refusal is LedgerRefusal.wallet_to_wallet
    assert no.value.refusal.status == 403


async def test_an_unknown_account_is_refused(till: Till) -> None:
    with pytest.raises(Refused) as no:
        await till.pay(till.books.cash_id, 12345, 1)
    assert no.value.refusal is LedgerRefusal.no_such_account


async def test_a_limit_of_10_000_takes_exactly_50_of_100_parallel_posts_of_200(till: Till) -> None:
    wallet = await till.wallet(credit=10_000)

    async def buy() -> Refusal | None:
        try:
            await till.pay(wallet, till.books.revenue_id, 200)
        except Refused as no:
            return no.refusal
        return None

    outcomes = await asyncio.gather(*[buy() for _ in range(100)])
    assert outcomes.count(None) == 50
    assert outcomes.count(LedgerRefusal.insufficient_balance) == 50
    assert await till.free(wallet) == -10_000
    assert await till.transfers() == 50


async def test_opposite_transfers_at_once_do_not_block_each_other(till: Till) -> None:
    owner = till.house.env.ids.new()
    parent = await till.wallet(money=1000, owner=owner)
    department = await till.wallet(money=1000, owner=owner, sub="d")
    await asyncio.gather(
        *[
            till.pay(*pair, 1, TransferKind.allotment)
            for pair in [(parent, department), (department, parent)] * 20
        ]
    )
    assert (await till.free(parent), await till.free(department)) == (1000, 1000)


async def test_our_money_has_no_way_to_an_agent_supplier(till: Till) -> None:
    wallet = await till.wallet(money=100)
    supplier = till.house.env.ids.new()
    env, home = till.house.env, till.home
    async with env.db.transaction(till.house.mall) as tx:
        agent = await ledger.open_account(tx, env, home, supplier, "agent", "CNY")
        split = await ledger.open_account(tx, env, home, supplier, "split", "CNY")
    for ours in (till.books.cash_id, till.books.revenue_id, wallet):
        with pytest.raises(psycopg.errors.CheckViolation) as no:
            await till.pay(ours, agent, 1)
        assert db.violated(no.value) == "transfer_within_books"
        with pytest.raises(psycopg.errors.CheckViolation):
            await till.pay(split, ours, 1)
        # Neither does a role that writes the row by hand get past it.
        with pytest.raises(psycopg.errors.CheckViolation):
            async with env.db.transaction(till.house.mall, role="vault") as tx:
                await tx.execute(
                    "insert into ledger.transfer (home_id, id, dr_id, cr_id, amount_e4, currency, kind, at)"
                    " values (%s, %s, %s, %s, 1, 'CNY', 8, now())",
                    (home, env.ids.new(), ours, agent),
                )
    await till.pay(split, agent, 7)
    assert await till.free(agent) == 7
    with pytest.raises(psycopg.errors.CheckViolation) as no:
        async with env.db.transaction(till.house.mall) as tx:
            await tx.execute(
                "insert into ledger.account (home_id, id, owner_id, kind, currency, updated_at)"
                " values (%s, 9, 9, 'agent', 'CNY', now())",
                (home,),
            )
    assert db.violated(no.value) == "account_books"


@pytest.mark.parametrize("role", ["app", "vault", "report"])
@pytest.mark.parametrize(
    "statement",
    [
        "update ledger.transfer set amount_e4 = 1",
        "delete from ledger.transfer",
        "truncate ledger.transfer",
        "delete from ledger.account",
        "update ledger.account set currency = 'USD'",
        "update ledger.hold set amount_e4 = 1",
        "delete from ledger.statement",
        "update ledger.reference set amount_e4 = 1",
        "delete from ledger.reversal",
    ],
)
async def test_nobody_may_rewrite_the_past(till: Till, role: db.Role, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with till.house.env.db.transaction(till.house.mall, role=role) as tx:
            await tx.execute(statement)


async def test_another_mall_sees_nothing(till: Till, other: object) -> None:
    wallet = await till.wallet(money=5)
    with pytest.raises(Refused) as no:
        async with till.house.env.db.transaction(other.mall) as tx:  # type: ignore[attr-defined]
            await ledger.balance(tx, till.home, wallet)
    assert no.value.refusal is LedgerRefusal.no_such_account
