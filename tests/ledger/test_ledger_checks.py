"""The ledger's checks find each planted fault, by name, and nothing in sound books."""

import re
from datetime import timedelta
from importlib import resources

import psycopg
import pytest

from commissary import ledger
from commissary.ledger.types import Exchange, TransferKind
from make.ledger import Till

YUAN = 10_000
_TEXT = resources.files("commissary.ledger").joinpath("checks.sql").read_text("utf-8")
_PARTS = re.split(r"^-- name: (\w+)\s*$", _TEXT, flags=re.MULTILINE)
CHECKS = dict(zip(_PARTS[1::2], _PARTS[2::2], strict=True))


def broken(connection: psycopg.Connection[tuple[object, ...]], home: int) -> set[str]:
    """Names of the checks that return rows of this home."""
    return {
        name for name, text in CHECKS.items() if any(r[0] == home for r in connection.execute(text.encode()))
    }


async def a_busy_day(till: Till) -> dict[str, int]:
    """Books with something of everything in them."""
    house = till.house
    wallet = await till.wallet(credit=100)
    first = await ledger.recharge(house.env, house.actor, wallet, 500 * YUAN, "bank-1")
    for number in (1, 2):
        async with house.env.db.transaction(house.mall) as tx:
            sale = till.transfer(wallet, till.books.revenue_id, 50, TransferKind.sale, number)
            await ledger.post(tx, house.env, till.home, [sale], till.now)
            held = await ledger.hold(
                tx, house.env, till.home, wallet, till.books.revenue_id, 20 * YUAN, till.now, number
            )
    async with house.env.db.transaction(house.mall) as tx:
        await ledger.capture(tx, house.env, till.home, held, 5 * YUAN, till.now)
        back = till.transfer(till.books.revenue_id, wallet, 50, TransferKind.refund, 1)
        await ledger.post(tx, house.env, till.home, [back], till.now)
        await ledger.reverse(tx, house.env, till.home, first.transfer_id, till.now, YUAN)
        supplier = await ledger.open_account(
            tx, house.env, till.home, house.env.ids.new(), "prepaid", "USD", "1"
        )
        for dollars, yuan, kind in ((10, 71, TransferKind.purchase), (-4, 30, TransferKind.recharge)):
            other = till.books.adjustment_id if dollars > 0 else till.books.cash_id
            moved = Exchange(house.env.ids.new(), supplier, other, "USD", dollars * YUAN, yuan * YUAN, kind)
            await ledger.exchange(tx, house.env, till.home, [moved], till.now)
    house.clock.move(days=1)
    begin, end = till.now.replace(hour=0) - timedelta(days=1), till.now.replace(hour=0)
    made = await ledger.make_statement(house.env, house.actor, wallet, begin, end)
    return {
        "home": till.home,
        "wallet": wallet,
        "hold": held,
        "statement": made.id,
        "revenue": till.books.revenue_id,
    }


PLANTED = [
    (
        "update ledger.account set balance_e4 = balance_e4 + 1 where home_id = %(home)s and id = %(revenue)s",
        {"i1_balances_sum_to_zero", "i1_balance_is_its_transfers"},
    ),
    (
        "delete from ledger.transfer where home_id = %(home)s and kind = 3",
        {"i1_balance_is_its_transfers", "statements_equal_the_ledger"},
    ),
    (
        "update ledger.transfer set currency = 'USD' where home_id = %(home)s and kind = 3",
        {"i1_transfers_join_accounts"},
    ),
    (
        "update ledger.account set kind = 'wallet', floor_e4 = -100000000 where home_id = %(home)s and id = %(revenue)s",
        {"i1_transfers_join_accounts", "i2_limit_and_floor"},
    ),
    (
        "alter table ledger.account drop constraint account_floor;"
        " update ledger.account set floor_e4 = 0, balance_e4 = -10000000"
        " where home_id = (select max(home_id) from ledger.account) and id = {wallet}",
        {"i1_balances_sum_to_zero", "i1_balance_is_its_transfers", "i2_free_money_above_floor"},
    ),
    (
        "update ledger.hold set released_e4 = released_e4 + 1 where home_id = %(home)s and id = %(hold)s",
        {"i2_holds_are_what_is_held"},
    ),
    (
        "update ledger.hold set captured_e4 = captured_e4 - 1, released_e4 = released_e4 + 1"
        " where home_id = %(home)s and id = %(hold)s",
        {"captures_are_transfers"},
    ),
    (
        "update ledger.account set floor_e4 = floor_e4 - 1 where home_id = %(home)s and id = %(wallet)s",
        {"i2_limit_and_floor"},
    ),
    (
        "update ledger.transfer set order_id = 99 where home_id = %(home)s and kind = 3",
        {"i7_refunds_within_payments"},
    ),
    (
        "update ledger.reversal set amount_e4 = 100000000 where home_id = %(home)s",
        {"i7_reversals_within_transfers"},
    ),
    (
        "update ledger.statement set debits_e4 = debits_e4 + 1, credits_e4 = credits_e4 + 1"
        " where home_id = %(home)s and id = %(statement)s",
        {"statements_equal_the_ledger"},
    ),
    (
        "update ledger.exchange set foreign_e4 = foreign_e4 + 1 where home_id = %(home)s and foreign_e4 > 0",
        {"i1_exchanges_are_posted", "i1_positions_are_their_exchanges"},
    ),
    (
        "update ledger.account set balance_e4 = balance_e4 + 1 where home_id = %(home)s and sub = 'fx:USD'",
        {"i1_balances_sum_to_zero", "i1_balance_is_its_transfers", "i1_positions_are_their_exchanges"},
    ),
]


async def test_sound_books_break_nothing(till: Till) -> None:
    facts = await a_busy_day(till)
    with psycopg.connect(till.house.ground.admin_dsn) as connection:
        assert broken(connection, facts["home"]) == set()
    async with till.house.env.db.transaction(till.house.mall) as tx:
        assert await ledger.rebuild(tx, till.home) == []


@pytest.mark.parametrize(("statement", "names"), PLANTED)
async def test_a_planted_fault_is_found(till: Till, statement: str, names: set[str]) -> None:
    facts = await a_busy_day(till)
    with psycopg.connect(till.house.ground.admin_dsn) as connection:
        if "{wallet}" in statement:
            connection.execute(statement.format(**facts).encode())
        else:
            connection.execute(statement.encode(), facts)
        assert broken(connection, facts["home"]) == names
        connection.rollback()


def test_every_check_has_its_planted_fault() -> None:
    assert set().union(*[names for _, names in PLANTED]) == set(CHECKS)


async def test_rebuild_names_the_account_and_both_figures(till: Till) -> None:
    facts = await a_busy_day(till)
    async with till.house.env.db.transaction(till.house.mall) as tx:
        await tx.execute(
            "update ledger.account set balance_e4 = balance_e4 + 7, held_e4 = held_e4 + 3 where id = %s",
            (facts["wallet"],),
        )
        (found,) = await ledger.rebuild(tx, till.home)
    assert found.account_id == facts["wallet"]
    assert found.balance_e4 - found.balance_by_transfers_e4 == 7
    assert found.held_e4 - found.held_by_holds_e4 == 3
