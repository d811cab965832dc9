"""Deposits of suppliers: what is asked by the terms in force, and what is there."""

import asyncio
from datetime import timedelta

import pytest

from commissary import ledger, partners
from commissary.base import money
from commissary.base.errors import Refused
from commissary.base.money import Money
from make.ledger import Till


def yuan(amount: str) -> Money:
    return Money(amount, "CNY")


async def asked(till: Till, deposit_e4: int, *, in_days: int = 0, supplier: int | None = None) -> int:
    house = till.house
    if supplier is None:
        supplier = (await partners.add_supplier(house.env, house.actor, name="Mill")).id
    day = house.env.now(house.mall).date() + timedelta(days=in_days)
    await partners.set_terms(
        house.env, house.actor, supplier, valid_from=day, settlement_days=7, deposit_e4=deposit_e4
    )
    return supplier


async def test_a_deposit_covers_what_the_terms_ask_from_their_day_on(till: Till) -> None:
    house = till.house
    mill = await asked(till, 500 * money.E4)
    await asked(till, 800 * money.E4, in_days=10, supplier=mill)
    now = await ledger.deposit_of(house.env, house.actor, mill)
    assert (now.required_e4, now.held_e4, now.missing_e4) == (500 * money.E4, 0, 500 * money.E4)
    now = await ledger.receive_deposit(house.env, house.actor, mill, yuan("600"), "bank-1")
    assert (now.held_e4, now.missing_e4) == (600 * money.E4, 0)
    house.clock.move(days=11)
    now = await ledger.deposit_of(house.env, house.actor, mill)
    assert (now.required_e4, now.missing_e4) == (800 * money.E4, 200 * money.E4)
    assert "ledger.receive_deposit" in await house.audited()
    async with house.env.db.transaction(house.mall) as tx:
        assert await ledger.rebuild(tx, till.home) == []


async def test_a_deposit_arrives_once_per_reference(till: Till) -> None:
    house = till.house
    mill = await asked(till, 500 * money.E4)
    paid = [ledger.receive_deposit(house.env, house.actor, mill, yuan("100"), "bank-1") for _ in range(3)]
    await asyncio.gather(*paid)
    assert (await ledger.deposit_of(house.env, house.actor, mill)).held_e4 == 100 * money.E4
    for amount, code in ((yuan("101"), "reference_used"), (Money("100", "USD"), "invalid_request")):
        with pytest.raises(Refused, match=f"^{code}$"):
            await ledger.receive_deposit(house.env, house.actor, mill, amount, "bank-1")
    with pytest.raises(Refused, match=r"^not_found$"):
        await ledger.receive_deposit(house.env, house.actor, 12345, yuan("1"), "bank-2")
    with pytest.raises(Refused, match=r"^forbidden$"):
        await ledger.receive_deposit(house.env, house.actor_of("support"), mill, yuan("1"), "bank-2")
