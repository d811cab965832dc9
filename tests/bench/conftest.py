"""A database with a few tables shaped like a shop's: partitions, a generated column, row-level security."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench import place


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures mean nothing here: a run need not wait until the machine is quiet between its sides."""
    monkeypatch.setattr(place, "QUIET_S", 0.3)


@pytest.fixture
def tables_dsn(admin_dsn: str) -> Iterator[str]:
    name = f"bench_tables_{os.getpid()}"
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    dsn = make_conninfo(admin_dsn, dbname=name)
    with psycopg.connect(dsn) as db:
        db.execute(
            """CREATE SCHEMA sales;
            CREATE TABLE sales.orders (id bigint PRIMARY KEY, note text, doubled bigint GENERATED ALWAYS AS (id * 2) STORED)
                PARTITION BY RANGE (id);
            CREATE TABLE sales.orders_all PARTITION OF sales.orders DEFAULT;
            CREATE TABLE sales.line (order_id bigint, n int, code bytea, PRIMARY KEY (order_id, n), CHECK (n > 0));
            CREATE TABLE sales.outbox (seq bigint PRIMARY KEY, events text);
            ALTER TABLE sales.line ENABLE ROW LEVEL SECURITY; ALTER TABLE sales.line FORCE ROW LEVEL SECURITY;
            INSERT INTO sales.orders SELECT i, E'a\\tb\\\\' || i FROM generate_series(1, 2500) i;
            INSERT INTO sales.line SELECT i, n, '\\x00ff' FROM generate_series(1, 2500) i, generate_series(1, 2) n;
            INSERT INTO sales.outbox SELECT i, 'e' FROM generate_series(1, 25) i;"""
        )
    yield dsn
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")
