"""Fills the product's tables with copies of orders that it has placed, for the `--grown` comparison.

Every copy has fresh ids that lie before all present ones (ids are time-ordered, so the copies look older) and a
fresh idempotency key; its lines, takes and transfers come along. The ranges of codes are the template's, so the
invariants about overlaps and balances do not hold afterwards: grow only a database that is thrown away.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from bench import copy

TEMPLATE_ORDERS = 100_000
EPOCH_MS = 1_735_689_600_000  # of the product's ids: milliseconds since 2025 in the upper bits
ID_SHIFT = 22

# Per table: the column that names the order, and what to put in the place of columns that must change.
OLDER = "{} - %(delta)s"
TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "orders.orders": ("id", {"id": OLDER}),
    "orders.line": ("order_id", {"order_id": OLDER}),
    "orders.take": ("order_id", {"order_id": OLDER}),
    "orders.idempotency": (
        "order_id",
        {"order_id": OLDER, "key": "decode(md5({}::text || %(delta)s::text), 'hex')"},
    ),
    "ledger.transfer": ("order_id", {"order_id": OLDER, "id": OLDER}),
    "risk.decision": ("order_id", {"order_id": OLDER, "id": OLDER}),
    "provenance.event": ("subject_id", {"subject_id": OLDER}),
}


def grow(dsn: str, orders: int, say: Callable[[int], None] = lambda _: None) -> int:
    """Brings `orders.orders` to this many rows, as a superuser; returns the number of rows there are then.

    `say` hears the number after every step. Ends with VACUUM ANALYZE, so that the first run after it is not cold.
    """
    with psycopg.connect(dsn, autocommit=True) as db:
        have = count(db)
        if have == 0:
            raise ValueError("orders.orders is empty: place some orders before growing it")
        if have >= orders:
            return have
        template = make_template(db)
        low, high = span(db, copy.named)
        first, last = span(db, template_of)
        # The first copy ends right before the oldest id there is, the next one right before that copy.
        deltas = range(last - low + 1, 1 << 63, last - first + 1)
        tiles = -(-(orders - have) // template)
        make_partitions(db, first - deltas[tiles - 1], high)
        for tile in range(tiles):
            wanted = min(template, orders - have)
            add_copies(db, deltas[tile], wanted)
            have += wanted
            say(have)
        db.execute("DROP SCHEMA bench_grow CASCADE")
        for table in TABLES:
            db.execute(sql.SQL("VACUUM (ANALYZE) {}").format(copy.named(table)))
        db.execute("CHECKPOINT")
    return have


def make_template(db: psycopg.Connection) -> int:
    """Unlogged copies of the newest orders' rows in the schema bench_grow; returns how many orders."""
    db.execute("DROP SCHEMA IF EXISTS bench_grow CASCADE")
    db.execute("CREATE SCHEMA bench_grow")
    db.execute(
        "CREATE UNLOGGED TABLE bench_grow.chosen AS SELECT id FROM orders.orders ORDER BY id DESC LIMIT %s",
        [TEMPLATE_ORDERS],
    )
    for table, (order_column, _) in TABLES.items():
        db.execute(
            sql.SQL(
                "CREATE UNLOGGED TABLE {} AS SELECT t.* FROM {} t JOIN bench_grow.chosen c ON c.id = t.{}"
            ).format(template_of(table), copy.named(table), sql.Identifier(order_column))
        )
    db.execute("CREATE INDEX ON bench_grow.chosen (id)")
    db.execute("ANALYZE bench_grow.chosen")
    row = db.execute("SELECT count(*) FROM bench_grow.chosen").fetchone()
    assert row
    return int(row[0])


def span(db: psycopg.Connection, of: Callable[[str], sql.Identifier]) -> tuple[int, int]:
    """The lowest and the highest of all ids in the tables, or in their templates."""
    ranges = [
        sql.SQL("SELECT min(id) AS low, max(id) AS high FROM {}").format(of(table))
        for table, (_, changed) in TABLES.items()
        if "id" in changed
    ]
    row = db.execute(
        sql.SQL("SELECT min(low), max(high) FROM ({}) r").format(sql.SQL(" UNION ALL ").join(ranges))
    ).fetchone()
    assert row
    return int(row[0]), int(row[1])


def make_partitions(db: psycopg.Connection, low: int, high: int) -> None:
    """The months between two ids, as they would have been there when orders were really placed in them."""
    start, end = (datetime.fromtimestamp(((at >> ID_SHIFT) + EPOCH_MS) / 1000, UTC) for at in (low, high))
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    db.execute("SELECT orders.make_partitions(%s, %s)", [start, months])


def add_copies(db: psycopg.Connection, delta: int, limit: int) -> None:
    """One copy of the template's newest `limit` orders, in one transaction."""
    with db.transaction():
        for table, (order_column, changed) in TABLES.items():
            columns = copy.columns_of(db, table)
            values = [
                sql.SQL(changed.get(column, "{}").replace("%(delta)s", str(delta))).format(
                    sql.Identifier("t", column)
                )
                for column in columns
            ]
            db.execute(
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} t WHERE t.{} >= {}").format(
                    copy.named(table),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join(values),
                    template_of(table),
                    sql.Identifier(order_column),
                    sql.Literal(oldest_of(db, limit)),
                )
            )


def oldest_of(db: psycopg.Connection, limit: int) -> int:
    row = db.execute(
        "SELECT id FROM bench_grow.chosen ORDER BY id DESC OFFSET %s LIMIT 1", [limit - 1]
    ).fetchone()
    assert row
    return int(row[0])


def template_of(table: str) -> sql.Identifier:
    return sql.Identifier("bench_grow", table.replace(".", "_"))


def count(db: psycopg.Connection) -> int:
    row = db.execute("SELECT count(*) FROM orders.orders").fetchone()
    assert row
    return int(row[0])
