"""Money in, money out, corrections, departments, reversals."""

import asyncio

import pytest

from commissary import ledger
from commissary.base.errors import Refused
from commissary.ledger.types import LedgerRefusal, TransferKind
from commissary.tenancy.types import TenancyRefusal
from make.ledger import Till, events
from make.tenancy import House

YUAN = 10_000


async def recharge(till: Till, wallet: int, yuan: int, reference: str) -> bool:
    """Whether it was done before."""
    moved = await ledger.recharge(till.house.env, till.house.actor, wallet, yuan * YUAN, reference)
    return moved.repeated


async def test_a_reference_recharges_once(till: Till) -> None:
    wallet = await till.wallet()
    repeated = await asyncio.gather(*[recharge(till, wallet, 100, "bank-1") for _ in range(10)])
    assert sorted(repeated) == [False] + [True] * 9
    assert await till.free(wallet) == 100
    assert await till.free(till.books.cash_id) == -100
    assert [e.kind for e in await events(till.house)] == ["balance.recharged"]


@pytest.mark.parametrize(("other_wallet", "yuan"), [(False, 99), (True, 100)])
async def test_a_reference_is_not_used_for_anything_else(till: Till, other_wallet: bool, yuan: int) -> None:
    wallet, another = await till.wallet(), await till.wallet()
    await recharge(till, wallet, 100, "bank-1")
    with pytest.raises(Refused) as no:
        await recharge(till, another if other_wallet else wallet, yuan, "bank-1")
    assert no.value.refusal is LedgerRefusal.reference_used
    assert await till.free(another) == 0


async def test_money_goes_back_to_whoever_paid_it_and_no_more_than_he_paid(till: Till) -> None:
    mine, other = await till.wallet(), await till.wallet()
    await recharge(till, mine, 100, "bank-1")
    await recharge(till, mine, 500, "bank-2")
    await recharge(till, other, 100, "bank-3")

    async def back(yuan: int, of: str, reference: str) -> None:
        await ledger.withdraw(till.house.env, till.house.actor, mine, yuan * YUAN, of, reference)

    await back(60, "bank-1", "out-1")
    await back(60, "bank-1", "out-1")
    for yuan, of in [(41, "bank-1"), (1, "bank-3"), (1, "unknown")]:
        with pytest.raises(Refused) as no:
            await back(yuan, of, "out-2")
        assert no.value.refusal is LedgerRefusal.not_the_payer
    await back(40, "bank-1", "out-3")
    assert await till.free(mine) == 500


async def test_credit_is_not_paid_out(till: Till) -> None:
    wallet = await till.wallet(credit=1000)
    await recharge(till, wallet, 100, "bank-1")
    await till.pay(wallet, till.books.revenue_id, 50)
    with pytest.raises(Refused) as no:
        await ledger.withdraw(till.house.env, till.house.actor, wallet, 51 * YUAN, "bank-1", "out")
    assert no.value.refusal is LedgerRefusal.insufficient_balance


async def test_an_adjustment_needs_the_right_and_a_reason(till: Till) -> None:
    wallet = await till.wallet()
    with pytest.raises(Refused) as no:
        await ledger.adjust(till.house.env, till.house.actor_of("support"), wallet, YUAN, "why", "t-1")
    assert no.value.refusal is TenancyRefusal.forbidden
    with pytest.raises(Refused):
        await ledger.adjust(till.house.env, till.house.actor, wallet, YUAN, " ", "t-1")
    await ledger.adjust(till.house.env, till.house.actor, wallet, 5 * YUAN, "goodwill", "t-1")
    await ledger.adjust(till.house.env, till.house.actor, wallet, -2 * YUAN, "typing error", "t-2")
    assert await till.free(wallet) == 3
    assert await till.free(till.books.adjustment_id) == -3
    assert (await till.house.audited())[-2:] == ["ledger.adjust", "ledger.adjust"]


async def test_a_department_with_nothing_left_cannot_buy_though_the_company_could(till: Till) -> None:
    owner = till.house.env.ids.new()
    company = await till.wallet(money=100, owner=owner)
    department = await till.wallet(owner=owner, sub="marketing")
    with pytest.raises(Refused) as no:
        await till.pay(department, till.books.revenue_id, 1)
    assert no.value.refusal is LedgerRefusal.insufficient_balance
    moved = await ledger.allot(till.house.env, till.house.actor, company, department, 40 * YUAN)
    assert (moved.dr_id, moved.cr_id) == (company, department)
    await till.pay(department, till.books.revenue_id, 40)
    assert (await till.free(company), await till.free(department)) == (60, 0)


async def test_no_call_passes_a_wallet_to_another_company(till: Till) -> None:
    wallets = [await till.wallet(money=10) for _ in range(6)]
    for one in wallets:
        for other in wallets:
            with pytest.raises(Refused) as no:
                await ledger.allot(till.house.env, till.house.actor, one, other, YUAN)
            assert no.value.refusal is LedgerRefusal.wallet_to_wallet


async def test_an_allotment_is_money_and_not_credit(till: Till) -> None:
    owner = till.house.env.ids.new()
    company = await till.wallet(credit=100, owner=owner)
    department = await till.wallet(owner=owner, sub="d")
    with pytest.raises(Refused) as no:
        await ledger.allot(till.house.env, till.house.actor, company, department, YUAN)
    assert no.value.refusal is LedgerRefusal.insufficient_balance


async def test_another_mall_cannot_touch_a_wallet(till: Till, other: House) -> None:
    wallet = await till.wallet(money=10)
    with pytest.raises(Refused) as no:
        await ledger.recharge(other.env, other.actor, wallet, YUAN, "bank-1")
    assert no.value.refusal is LedgerRefusal.no_such_account


# Reversals


async def reverse(till: Till, transfer: int, yuan: int | None = None) -> None:
    async with till.house.env.db.transaction(till.house.mall) as tx:
        amount = None if yuan is None else yuan * YUAN
        await ledger.reverse(tx, till.house.env, till.home, transfer, till.now, amount)


async def test_a_transfer_is_turned_back_in_parts_and_no_further(till: Till) -> None:
    wallet = await till.wallet(money=100)
    sale = await till.pay(wallet, till.books.revenue_id, 30)
    await reverse(till, sale.id, 10)
    await reverse(till, sale.id)
    assert await till.free(wallet) == 100
    for yuan in (None, 1):
        with pytest.raises(Refused) as no:
            await reverse(till, sale.id, yuan)
        assert no.value.refusal is LedgerRefusal.already_reversed


async def test_the_same_reversal_many_times_at_once_happens_once(till: Till) -> None:
    wallet = await till.wallet(money=100)
    sale = await till.pay(wallet, till.books.revenue_id, 30)
    outcomes = await asyncio.gather(*[reverse(till, sale.id) for _ in range(8)], return_exceptions=True)
    assert outcomes.count(None) == 1
    assert await till.free(wallet) == 100


async def test_a_reversal_beyond_the_floor_becomes_a_debt_that_the_next_recharge_pays(till: Till) -> None:
    owner = till.house.env.ids.new()
    wallet = await till.wallet(credit=20, owner=owner)
    first = await ledger.recharge(till.house.env, till.house.actor, wallet, 100 * YUAN, "bank-1")
    await till.pay(wallet, till.books.revenue_id, 90)
    await reverse(till, first.transfer_id)  # the bank took it back; 10 and 20 of credit are there

    async with till.house.env.db.transaction(till.house.mall) as tx:
        debt = await ledger.open_account(tx, till.house.env, till.home, owner, "debt", "CNY")
    assert await till.free(wallet) == -20
    assert await till.free(debt) == -70
    assert await till.free(till.books.cash_id) == 0

    await recharge(till, wallet, 50, "bank-2")
    assert (await till.free(wallet), await till.free(debt)) == (-20, -20)
    await recharge(till, wallet, 50, "bank-3")
    assert (await till.free(wallet), await till.free(debt)) == (10, 0)
    await recharge(till, wallet, 5, "bank-4")
    assert (await till.free(wallet), await till.free(debt)) == (15, 0)


async def test_what_was_reversed_cannot_be_paid_back_as_well(till: Till) -> None:
    wallet = await till.wallet(money=1000)
    first = await ledger.recharge(till.house.env, till.house.actor, wallet, 100 * YUAN, "bank-1")
    await reverse(till, first.transfer_id, 60)
    with pytest.raises(Refused) as no:
        await ledger.withdraw(till.house.env, till.house.actor, wallet, 41 * YUAN, "bank-1", "out")
    assert no.value.refusal is LedgerRefusal.not_the_payer
    await ledger.withdraw(till.house.env, till.house.actor, wallet, 40 * YUAN, "bank-1", "out")
    assert TransferKind.withdrawal == 5
