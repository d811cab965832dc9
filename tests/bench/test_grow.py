"""Growing keeps every order whole and every id apart, on the product's real tables."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench import copy, grow, place
from commissary.base import ids, migrate

PLACED = 120
HOME = 1 << 10


@pytest.fixture
def mall_dsn(admin_dsn: str) -> Iterator[str]:
    name = f"bench_grow_{os.getpid()}"
    dsn = make_conninfo(admin_dsn, dbname=name)
    migrate.migrate(dsn, dict.fromkeys(migrate.ROLES, "bench-only"))
    now = datetime.now(UTC)
    start = ids.first_at(int((now - timedelta(days=2)).timestamp() * 1000))
    with psycopg.connect(dsn) as db:
        db.execute("SELECT orders.make_partitions(%s, 2)", [now - timedelta(days=2)])
        db.execute(
            """INSERT INTO orders.orders (home_id, id, buyer_id, account_id, client_order_no, amount_e4, currency,
                state, verdict, decision_id, events, placed_at, updated_at)
            SELECT %(home)s, %(start)s + (i::bigint << 40), 1, 1, 'n' || i, 100, 'CNY', 'delivered', 'allow', 0, 1, now(), now()
            FROM generate_series(1, %(placed)s) i""",
            {"home": HOME, "start": start, "placed": PLACED},
        )
        db.execute(
            """INSERT INTO orders.line (home_id, order_id, line_no, sku_id, sku_version, quantity, unit_price_e4, amount_e4,
                price_source, tax_category, fund_mode, mode, state)
            SELECT home_id, id, n, 1, 1, 1, 50, 50, 'book', 't', 'f', 'stock', 'delivered'
            FROM orders.orders, generate_series(1, 2) n"""
        )
        db.execute(
            "INSERT INTO orders.take SELECT home_id, order_id, line_no, 1, 1, 1, 1, 1, 40, false FROM orders.line"
        )
        db.execute(
            "INSERT INTO orders.idempotency SELECT home_id, decode(md5(id::text), 'hex'), decode(md5('b'), 'hex'), id FROM orders.orders"
        )
        db.execute(
            "INSERT INTO ledger.transfer SELECT home_id, id + 7, 1, 2, 100, 'CNY', 1, id, null, now() FROM orders.orders"
        )
    yield dsn
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")


def counts(dsn: str) -> tuple[int, ...]:
    with psycopg.connect(dsn) as db:
        row = db.execute(
            """SELECT (SELECT count(DISTINCT id) FROM orders.orders), (SELECT count(*) FROM orders.orders_default),
                (SELECT count(*) FROM orders.line l JOIN orders.orders o ON o.id = l.order_id),
                (SELECT count(*) FROM orders.take k JOIN orders.line l USING (home_id, order_id, line_no)),
                (SELECT count(DISTINCT key) FROM orders.idempotency i JOIN orders.orders o ON o.id = i.order_id),
                (SELECT count(DISTINCT t.id) FROM ledger.transfer t JOIN orders.orders o ON o.id = t.order_id)"""
        ).fetchone()
    assert row
    return row


def whole(orders: int) -> tuple[int, ...]:
    return (orders, 0, 2 * orders, 2 * orders, orders, orders)


def test_growing_adds_whole_orders_with_ids_of_their_own(mall_dsn: str) -> None:
    heard: list[int] = []
    assert grow.grow(mall_dsn, 1000, heard.append) == 1000
    assert counts(mall_dsn) == whole(1000)
    assert heard[-1] == 1000
    assert grow.grow(mall_dsn, 2500) == 2500
    assert counts(mall_dsn) == whole(2500)


def test_a_large_enough_table_is_left_alone(mall_dsn: str) -> None:
    assert grow.grow(mall_dsn, PLACED - 1) == PLACED
    assert counts(mall_dsn)[0] == PLACED


def test_nothing_grows_from_nothing(mall_dsn: str) -> None:
    with psycopg.connect(mall_dsn) as db:
        db.execute("TRUNCATE orders.orders")
    with pytest.raises(ValueError, match="empty"):
        grow.grow(mall_dsn, 10)


def test_copy_knows_the_tables_that_an_order_writes(mall_dsn: str) -> None:
    rows = copy.from_live(mall_dsn, place.ORDERS, place.ROWS_OF_ORDERS, limit=100)
    with copy.cloned(mall_dsn, rows.tables) as db:
        copy.orders_per_s(db, rows, seconds=0.0001)
        copied = db.execute(
            """SELECT (SELECT count(*) FROM bench_copy.orders_orders), (SELECT count(*) FROM bench_copy.orders_line),
                (SELECT count(*) FROM bench_copy.orders_take), (SELECT count(*) FROM bench_copy.orders_idempotency),
                (SELECT count(*) FROM bench_copy.ledger_transfer)"""
        ).fetchone()
    assert copied == (100, 200, 200, 100, 100)
