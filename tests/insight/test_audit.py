"""Every check finds the fault it is for, and only where there is one."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import pytest_asyncio
from psycopg.conninfo import make_conninfo

from commissary import insight
from commissary.base import migrate
from commissary.base.errors import Refused
from commissary.insight.types import INVARIANTS
from make.tenancy import PASSWORDS
from world import World, ground


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def traded(admin_dsn: str) -> AsyncIterator[World]:
    """A mall with sales, holds, a bundle, a shared code and a quote in it; nobody is connected to its database."""
    async with ground(admin_dsn) as on:
        world = await on.world()
        await _trade(world)
        await world.close()
        await on.database.close()
        yield world


async def test_a_mall_that_traded_is_clean(traded: World) -> None:
    found = await insight.audit(_report(traded.admin_dsn))
    assert [f for f in found if f.status in ("broken", "warning")] == []
    assert {f.invariant for f in found} == set(INVARIANTS)
    assert {f.check for f in found if f.status == "not_applicable"} == set()


async def test_every_check_says_what_it_found_in_both_languages(traded: World) -> None:
    for finding in await insight.audit(_report(traded.admin_dsn)):
        assert finding.title_en
        assert any("\u4e00" <= c <= "\u9fff" for c in finding.title_zh)


async def test_a_role_that_is_blind_is_not_told_that_all_is_well(traded: World) -> None:
    found = await insight.audit(migrate.dsns(traded.admin_dsn, PASSWORDS).app)
    assert [f.check for f in insight.broken(found) if f.invariant == "V"] == ["v_sees_every_mall"]


def _bought(state: str, n: int) -> str:
    """A purchase for a line that there is not."""
    ended = "null" if state == "unknown" else "now()"
    return f"""insert into supply.attempt (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id,
        good_id, kind, quantity, most_unit_e4, unit_cost_e4, currency, why, state, called_at, ended_at)
      select home_id, {n}, 1, 1, {n}, 1, 1, 1, 1, 'g', 'code', 1, 10, 10, 'CNY', '[]', '{state}', now(), {ended}
      from ledger.account limit 1"""


FAULTS = {
    "i1_balance_is_its_transfers": "update ledger.account set balance_e4 = balance_e4 + 1 where kind in ('wallet', 'revenue')",
    "i1_balances_sum_to_zero": "update ledger.account set balance_e4 = balance_e4 + 1 where kind = 'cash'",
    "i2_free_money_above_floor": """alter table ledger.account drop constraint account_floor;
        update ledger.account set floor_e4 = 0, balance_e4 = -1 where kind = 'wallet'""",
    "i2_holds_are_what_is_held": "update ledger.account set held_e4 = held_e4 + 1 where kind = 'wallet'",
    "i3_no_code_in_two_lines": "update orders.take set first_seq = 1 where first_seq = 2 and not shared",
    "i3_takes_are_of_their_batch": "update orders.take set lot_id = lot_id + 1 where not shared",
    "i4_keys_have_orders": "delete from orders.orders where state = 'delivered'",
    "i4_orders_have_keys": "delete from orders.idempotency",
    "i4_orders_are_their_lines": "update orders.orders set amount_e4 = amount_e4 + 1",
    "i4_lines_are_their_prices": "update orders.line set amount_e4 = amount_e4 + 1 where bundle_id is null",
    "i4_order_states_follow_lines": "update orders.orders set state = 'processing' where state = 'delivered'",
    "i4_orders_are_paid_for": "delete from ledger.transfer where kind = 1",
    "i4_delivered_is_taken": "delete from orders.take where not shared",
    "i4_costs_are_of_their_lots": "update orders.line set cost_e4 = cost_e4 + 1 where mode = 'stock'",
    "i4_quotes_are_used_by_lines": "update pricing.quote_line set used = used + 1",
    "i4_recent_orders_were_told": "delete from base.outbox where seq > 1",
    "i4_outbox_has_no_gap": "delete from base.outbox where seq = 2",
    "i5_one_purchase_for_a_line": "drop index supply.attempt_live;"
    + _bought("unknown", 1)
    + ";"
    + _bought("unknown", 2),
    "i5_what_was_bought_was_delivered": _bought("succeeded", 1),
    "i5_a_purchase_is_paid_once": _bought("surplus", 1),
    "i5_reserved_is_of_open_purchases": _bought("surplus", 1)
    + "; insert into supply.reserved select home_id, id, offer_id, 1, quantity from supply.attempt where id = 1",
    "i5_declared_is_free_or_asked_for": _bought("unknown", 1)
    + """; insert into supply.reserved select home_id, id, offer_id, 1, quantity from supply.attempt where id = 1;
        insert into supply.declared select home_id, offer_id, 1, 1, 1, now() from supply.attempt where id = 1""",
    "i6_handed_over_once": """update orders.line set mode = 'supply', delivered = quantity
        where mode = 'stock' and state = 'delivered'""",
    "i8_batches_are_covered_once": "update stock.batch set received = received + 1",
    "i8_lots_offer_nothing_sold": "update stock.lot set next_seq = start_seq where state = 'open' and not unlimited",
    "i7_returned_is_refunded_or_released": "update orders.line set returned_e4 = 1 where amount_e4 > 1",
    "i9_leaves_are_of_their_events": "update provenance.event set body = body || ' '::bytea",
    "i9_sales_have_one_leaf": "delete from provenance.event where kind = 2 and n = 1",
    "i9_leaves_have_sales": """insert into provenance.event select home_id, subject_id, n + 100, kind, at, body, salt, leaf
        from provenance.event where kind = 2""",
    "i10_keys_are_unique": """alter table orders.idempotency drop constraint idempotency_pkey;
        insert into orders.idempotency select * from orders.idempotency""",
    "i10_client_numbers_are_unique": "update orders.orders set client_order_no = 'same', buyer_id = 1",
    "w_default_partitions_are_empty": """alter table orders.line detach partition orders.line_{month};
        insert into orders.line select * from orders.line_{month}""",
    "w_partitions_are_ahead": "drop table orders.take_{next_month}",
}


@pytest.mark.parametrize("check", FAULTS)
async def test_a_planted_fault_is_found(traded: World, admin_dsn: str, check: str) -> None:
    copy = f"w_{secrets.token_hex(6)}"
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(f"create database {copy} template {_name(traded)} strategy file_copy")
        connection.execute(f"grant connect on database {copy} to commissary_report")
        try:
            dsn = make_conninfo(admin_dsn, dbname=copy)
            with psycopg.connect(dsn) as fault:
                fault.execute(_months(FAULTS[check]))
            found = await insight.audit(_report(dsn))
        finally:
            connection.execute(f"drop database {copy} with (force)")
    status = "warning" if check.startswith("w_") else "broken"
    assert check in {f.check for f in found if f.status == status}
    assert all(f.rows for f in found if f.status == status)


async def test_every_check_of_ours_has_its_planted_fault() -> None:
    """Checks of other domains are tested with them."""
    ours = {c.name for c in insight.checks() if c.domain in ("insight", "supply")}
    assert ours - set(FAULTS) == set()


async def _trade(world: World) -> None:
    card, link, shared, topup = [await world.sku(kind) for kind in ("code", "link", "shared_code", "topup")]
    bundle = await world.sku("bundle", parts=[(card, 2), (link, 1)])
    for sku in (card, link, shared, topup, bundle):
        await world.price(sku, "20.0000")
    await world.stock(card, 4)
    await world.stock(card, 10, cost_e4=60_000)
    await world.stock(link, 10)
    await world.stock(shared, 1, unlimited=True)
    rich = await world.buyer(balance_e4=500_0000, credit_e4=100_0000)
    poor = await world.buyer(balance_e4=1_0000)
    await _quoted(world, rich.organisation, card)
    for sku, quantity in ((card, 1), (card, 1), (card, 4), (shared, 3), (topup, 2), (bundle, 2)):
        await world.place(rich, sku, quantity)
    with pytest.raises(Refused):
        await world.place(poor, card)


async def _quoted(world: World, buyer: int, sku: int) -> None:
    """A quote nobody has used yet."""
    quote = world.env.ids.new()
    async with world.env.db.transaction(world.mall) as tx:
        await tx.execute(
            "insert into pricing.quote values (%s, %s, %s, %s, %s)",
            (world.home, quote, buyer, world.now + timedelta(hours=1), world.now),
        )
        await tx.execute(
            "insert into pricing.quote_line values (%s, %s, %s, 5, 0, 200000, 'CNY', 'list')",
            (world.home, quote, sku),
        )


def _months(sql: str) -> str:
    now = datetime.now(UTC)
    then = (now.replace(day=1) + timedelta(days=40)).replace(day=1)
    return sql.replace("{month}", f"{now:%Y%m}").replace("{next_month}", f"{then:%Y%m}")


def _report(dsn: str) -> str:
    return migrate.dsns(dsn, PASSWORDS).report


def _name(world: World) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(world.admin_dsn)["dbname"])
