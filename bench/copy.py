"""The COPY yardstick: the rows of an order, written by nothing but COPY into copies of the same tables.

It is the speed limit of a design that does no checking at all. The tables are made `LIKE … INCLUDING ALL`, so they
have the product's columns, defaults, CHECKs and indexes; partitions, foreign keys and row-level security do not
come along, which favours COPY. Text is formatted before the clock starts; one transaction per 1000 orders.
Only the time inside the transactions counts; the copies are emptied between passes.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "bench_copy"
ORDERS_PER_COPY = 1000

Row = Sequence[Any]


@dataclass(frozen=True)
class CopyTable:
    """`name` may be qualified (`orders.orders`); `rows(i)` yields the rows of the i-th order, `columns` their order."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[int], Iterable[Row]]


@dataclass(frozen=True)
class LiveTable:
    """Rows as the product itself has written them; `order_key` is the column that holds the order's id.

    `order_key` None: the table has one row per batch (an outbox batch), so `per_orders` rows of it are taken per
    that many orders, newest first by `newest`.
    """

    name: str
    order_key: str | None
    newest: str | None = None
    per_orders: int = 100


@dataclass(frozen=True)
class Prepared:
    """`chunks[i][t]` is the COPY text of table t for the i-th thousand orders."""

    tables: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    chunks: list[list[bytes]]
    orders_per_chunk: int


def from_rows(tables: Sequence[CopyTable], orders: int) -> Prepared:
    starts = range(0, orders, ORDERS_PER_COPY)
    chunks = [
        [
            b"".join(
                line(row) for i in range(start, min(start + ORDERS_PER_COPY, orders)) for row in table.rows(i)
            )
            for table in tables
        ]
        for start in starts
    ]
    return Prepared(
        tuple(table.name for table in tables),
        tuple(table.columns for table in tables),
        chunks,
        min(ORDERS_PER_COPY, orders),
    )


def from_live(dsn: str, orders: LiveTable, others: Sequence[LiveTable], limit: int) -> Prepared:
    """The newest `limit` orders with all their rows, oldest first, in whole thousands if there are that many."""
    with psycopg.connect(dsn) as db:
        assert orders.order_key
        found = db.execute(
            sql.SQL("SELECT {key} FROM {table} ORDER BY {key} DESC LIMIT {limit}").format(
                key=sql.Identifier(orders.order_key), table=named(orders.name), limit=sql.Literal(limit)
            )
        ).fetchall()
        ids = sorted(row[0] for row in found)
        if not ids:
            raise ValueError(f"{orders.name} is empty: there is nothing to copy")
        size = min(ORDERS_PER_COPY, len(ids))
        groups = [ids[at : at + size] for at in range(0, len(ids) - size + 1, size)]
        tables = [orders, *others]
        columns = tuple(columns_of(db, table.name) for table in tables)
        skipped = [0] * len(tables)
        chunks = []
        for group in groups:
            texts = []
            for t, table in enumerate(tables):
                text = text_of(db, table, columns[t], group, skipped[t])
                skipped[t] += size // table.per_orders
                texts.append(text)
            chunks.append(texts)
    return Prepared(tuple(table.name for table in tables), columns, chunks, size)


def text_of(
    db: psycopg.Connection, table: LiveTable, columns: tuple[str, ...], ids: list[int], skip: int
) -> bytes:
    wanted = sql.SQL(", ").join(map(sql.Identifier, columns))
    if table.order_key:
        query = sql.SQL("COPY (SELECT {} FROM {} WHERE {key} = ANY ({ids}) ORDER BY {key}) TO STDOUT").format(
            wanted, named(table.name), key=sql.Identifier(table.order_key), ids=sql.Literal(ids)
        )
    else:
        assert table.newest
        query = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {} DESC OFFSET {} LIMIT {}) TO STDOUT").format(
            wanted,
            named(table.name),
            sql.Identifier(table.newest),
            sql.Literal(skip),
            sql.Literal(max(1, len(ids) // table.per_orders)),
        )
    with db.cursor().copy(query) as copy:
        return b"".join(bytes(block) for block in copy)


@contextmanager
def cloned(dsn: str, tables: Iterable[str]) -> Iterator[psycopg.Connection]:
    """A connection that sees empty copies of the tables in a schema of their own, gone when the block ends."""
    with psycopg.connect(dsn, autocommit=True) as db:
        schema = sql.Identifier(SCHEMA)
        db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
        db.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        try:
            for name in tables:
                db.execute(
                    sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(copied(name), named(name))
                )
            yield db
        finally:
            db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))


def orders_per_s(db: psycopg.Connection, prepared: Prepared, seconds: float) -> float:
    """Copies chunk after chunk, in passes over all of them, for `seconds` of time inside transactions."""
    commands = [
        sql.SQL("COPY {} ({}) FROM STDIN").format(
            copied(name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        for name, columns in zip(prepared.tables, prepared.columns, strict=True)
    ]
    truncate = sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(copied, prepared.tables)))
    orders = 0
    inside_s = 0.0
    while inside_s < seconds:
        db.execute(truncate)
        for texts in prepared.chunks:
            start = time.perf_counter()
            with db.transaction(), db.cursor() as cursor:
                for command, text in zip(commands, texts, strict=True):
                    with cursor.copy(command) as copy:
                        copy.write(text)
            inside_s += time.perf_counter() - start
            orders += prepared.orders_per_chunk
            if inside_s >= seconds:
                break
    return orders / inside_s


def named(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def copied(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name.replace(".", "_"))


def columns_of(db: psycopg.Connection, name: str) -> tuple[str, ...]:
    """Columns in table order, without the generated ones, which COPY may not write."""
    rows = db.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [named(name).as_string(db)],
    ).fetchall()
    return tuple(row[0] for row in rows)


def line(row: Row) -> bytes:
    return ("\t".join(map(field, row)) + "\n").encode()


def field(value: Any) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, bytes):
        return r"\\x" + value.hex()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "{" + ",".join(map(str, value)) + "}"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
