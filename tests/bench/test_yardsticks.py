"""The yardsticks do the work they claim: real orders, real rows, real processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from bench import asks, copy, handwritten, load, machine, naive, place, served

BUYERS, SKUS = 10, 10


@pytest.fixture(scope="module")
def shop_dsn(admin_dsn: str) -> Iterator[str]:
    yield naive.create(admin_dsn, buyers=BUYERS, skus=SKUS, codes=2000)
    naive.drop(admin_dsn)


@pytest.fixture(scope="module", params=["naive", "handwritten"])
def shop(shop_dsn: str, request: pytest.FixtureRequest) -> Iterator[str]:
    env = {
        "BENCH_NAIVE_URL": naive.sqlalchemy_url(shop_dsn, "asyncpg"),
        "BENCH_HANDWRITTEN_DSN": handwritten.asyncpg_dsn(shop_dsn),
    }
    with served.served(f"bench.{request.param}:app", env) as server:
        yield server.base_url


def post(
    url: str, order: dict[str, Any], *, buyer: int = 3, signed_as: int | None = None, **faults: str
) -> httpx.Response:
    body = msgspec.json.encode(order)
    nonce, timestamp = (
        faults.get("nonce", os.urandom(8).hex()),
        faults.get("timestamp", str(int(time.time()))),
    )
    secret = f"secret-{signed_as or buyer}".encode()
    headers = {
        "Commissary-Key": f"key-{buyer}",
        "Commissary-Timestamp": timestamp,
        "Commissary-Nonce": nonce,
        "Commissary-Signature": asks.sign(secret, "POST", "/v1/orders", "", timestamp, nonce, body),
        "Content-Type": "application/json",
    }
    return httpx.post(f"{url}/v1/orders", content=body, headers=headers, trust_env=False)


def books(dsn: str, buyer: int) -> dict[str, Any]:
    """Every count that an order moves."""
    with psycopg.connect(dsn) as db:
        db.execute(naive.IN_MALL)
        row = db.execute(
            """SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM order_line), (SELECT count(*) FROM outbox),
                (SELECT count(*) FROM idempotency), (SELECT count(*) FROM code WHERE line_id IS NOT NULL),
                (SELECT count(*) FROM ledger_entry), (SELECT coalesce(sum(amount_e4), 0) FROM ledger_entry)::bigint,
                (SELECT count(*) FROM custody_event), (SELECT balance_e4 FROM account WHERE buyer_id = %s)""",
            [buyer],
        ).fetchone()
    assert row
    names = ("orders", "lines", "outbox", "idempotency", "sold", "entries", "ledger_sum", "events", "balance")
    return dict(zip(names, row, strict=True))


def unique(name: str) -> str:
    return f"{name}-{os.urandom(4).hex()}"


def test_an_order_is_delivered_and_booked_whole(shop: str, shop_dsn: str) -> None:
    before = books(shop_dsn, 3)
    lines = [{"sku_id": "1", "quantity": 2}, {"sku_id": "2", "quantity": 1}]
    answer = post(shop, {"client_order_no": unique("whole"), "lines": lines})
    after = books(shop_dsn, 3)
    assert answer.status_code == 201, answer.text
    codes = [code for line in answer.json()["lines"] for code in line["codes"]]
    assert [len(line["codes"]) for line in answer.json()["lines"]] == [2, 1]
    assert len(set(codes)) == 3
    assert all(code.startswith(("0001-", "0002-")) for code in codes)
    moved = {name: after[name] - before[name] for name in before}
    unit = 100_000 - 3 * 500 - 10  # tier 3, from one piece on
    assert moved == {
        "orders": 1,
        "lines": 2,
        "outbox": 1,
        "idempotency": 1,
        "sold": 3,
        "entries": 2,
        "ledger_sum": 0,
        "events": 2,
        "balance": -3 * unit,
    }


def test_no_row_is_seen_outside_its_mall(shop_dsn: str) -> None:
    with psycopg.connect(shop_dsn) as db:
        for table in naive.Base.metadata.tables:
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_the_same_order_again_is_the_same_order(shop: str, shop_dsn: str) -> None:
    order = {"client_order_no": unique("again"), "sku_id": "1", "quantity": 2}
    first = post(shop, order)
    between = books(shop_dsn, 3)
    again = post(shop, order)
    assert first.json()["id"] == again.json()["id"]
    assert {*first.json()["lines"][0]["codes"]} == {*again.json()["lines"][0]["codes"]}
    assert books(shop_dsn, 3) == between
    other = post(shop, order | {"quantity": 3})
    assert (other.status_code, other.json()["code"]) == (409, "client_order_no_used")


def test_refusals_leave_nothing_behind(shop: str, shop_dsn: str) -> None:
    order = {"client_order_no": unique("refused"), "sku_id": "1", "quantity": 1}
    before = books(shop_dsn, 3)
    cheap = order | {"max_unit_price": {"amount": "1.0000", "currency": "CNY"}}
    answers = [
        post(shop, order, signed_as=4),
        post(shop, order, timestamp=str(int(time.time()) - 400)),
        post(shop, order | {"sku_id": "999"}),
        post(shop, cheap),
        post(shop, order | {"sku_id": "9", "quantity": 900}),
    ]
    codes = [answer.json()["code"] for answer in answers]
    assert codes[:2] == ["signature_wrong", "timestamp_outside_window"]
    assert codes[2] in {"sku_unknown", "price_missing"}
    assert codes[3:] == ["price_above_limit", "stock_insufficient"]
    assert books(shop_dsn, 3) == before


def test_a_nonce_is_good_once(shop: str) -> None:
    nonce = os.urandom(8).hex()
    first = post(shop, {"client_order_no": unique("n"), "sku_id": "1", "quantity": 1}, nonce=nonce)
    second = post(shop, {"client_order_no": unique("n"), "sku_id": "1", "quantity": 1}, nonce=nonce)
    assert first.status_code == 201
    assert second.json()["code"] == "nonce_used"


def test_orders_under_load_sell_no_code_twice(shop: str, shop_dsn: str) -> None:
    before = books(shop_dsn, 0)
    ask = asks.Ask(profile="zipf", keys=naive.keys(BUYERS), sku_ids=naive.sku_ids(SKUS), requests=150)
    report, _ = load.measure(load.Job(base_url=shop, ask=ask, connections=32, seconds=30))
    after = books(shop_dsn, 0)
    assert report.accepted == 150, report
    assert report.codes_duplicated == 0
    assert after["orders"] - before["orders"] == 150
    assert after["sold"] - before["sold"] == report.codes
    assert after["ledger_sum"] == 0


def test_refusing_orders_is_not_speed(shop: str) -> None:
    """A key the shop does not know: every order is refused, fast."""
    strangers = place.Http("strangers", shop, [os.getpid()], 4, keys=[("nobody", "nothing")])
    with pytest.raises(place.Invalid, match="key_unknown"):
        strangers(0.3)


TABLES = (
    copy.LiveTable("sales.orders", "id"),
    (copy.LiveTable("sales.line", "order_id"), copy.LiveTable("sales.outbox", None, newest="seq")),
)


def test_copy_writes_the_rows_of_the_newest_orders(tables_dsn: str) -> None:
    rows = copy.from_live(tables_dsn, *TABLES, limit=2200)
    assert (len(rows.chunks), rows.orders_per_chunk) == (2, 1000)
    with copy.cloned(tables_dsn, rows.tables) as db:
        rate = copy.orders_per_s(db, rows, seconds=0.001)
        copied = db.execute(
            """SELECT (SELECT count(*) FROM bench_copy.sales_orders), (SELECT min(id) FROM bench_copy.sales_orders),
                (SELECT count(*) FROM bench_copy.sales_line), (SELECT count(*) FROM bench_copy.sales_outbox),
                (SELECT note FROM bench_copy.sales_orders ORDER BY id LIMIT 1),
                (SELECT count(*) FROM pg_indexes WHERE schemaname = 'bench_copy')"""
        ).fetchone()
    assert copied == (1000, 301, 2000, 10, "a\tb\\301", 3)
    assert rate > 1000
    with psycopg.connect(tables_dsn) as db:
        assert db.execute("SELECT to_regnamespace('bench_copy')").fetchone() == (None,)


def test_copy_goes_round_when_its_rows_run_out(tables_dsn: str) -> None:
    rows = copy.from_live(tables_dsn, *TABLES, limit=2000)
    with copy.cloned(tables_dsn, rows.tables) as db:
        rate = copy.orders_per_s(db, rows, seconds=0.3)
    assert rate * 0.3 > 2000, "two thousand rows must last for more than one pass, or this proves nothing"


def test_copy_of_generated_rows(tables_dsn: str) -> None:
    lines = copy.CopyTable(
        "sales.line", ("order_id", "n", "code"), lambda i: [(i, 1, b"\x00\xff"), (i, 2, None)]
    )
    rows = copy.from_rows([lines], orders=10)
    with copy.cloned(tables_dsn, rows.tables) as db:
        copy.orders_per_s(db, rows, seconds=0.0001)
        found = db.execute("SELECT code FROM bench_copy.sales_line WHERE order_id = 9 ORDER BY n").fetchall()
    assert found == [(b"\x00\xff",), (None,)]


def test_cpu_of_a_tree_counts_ended_grandchildren_once() -> None:
    burn = "import time; t = time.process_time()\nwhile time.process_time() - t < 0.4: pass"
    # The shell reaps its child and lives on: the child's time must have moved to the shell, and be counted once.
    script = f"{sys.executable} -c '{burn}'; read line"
    with subprocess.Popen(  # noqa: S603 - a fixed script
        ["/bin/sh", "-c", script], stdin=subprocess.PIPE
    ) as shell:
        deadline = time.monotonic() + 20
        used = [0.0]
        while used[-1] < 0.4 or machine.cpu_s([shell.pid]) > used[-1]:
            assert time.monotonic() < deadline
            used.append(machine.cpu_s([shell.pid]))
            time.sleep(0.2)
        assert 0.4 <= used[-1] < 0.8
        assert machine.cpu_s([shell.pid, shell.pid]) == used[-1]
        assert used == sorted(used)
        assert shell.stdin
        shell.stdin.write(b"\n")


def test_disk_probe_times_every_write(tmp_path: Path) -> None:
    taken = machine.probe(tmp_path, 20)
    assert len(taken) == 20
    assert all(0 < each < 10 for each in taken)
    assert not list(tmp_path.iterdir())
    assert machine.summary([0.001] * 98 + [0.5, 0.6]) == machine.Disk(1.0, 500.0)
