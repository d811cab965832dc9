"""The interleaved run: shape of its result, discarded rounds, broken invariants."""

import random
from typing import Any

import msgspec
import psycopg
import pytest
from rich.progress import Progress

from bench import copy, machine, naive, place, served
from make.pace import Pace


def target(dsn: str, server: served.Served, **changes: Any) -> place.Target:
    with psycopg.connect(dsn) as db:
        stat = machine.read_stat(db.info.backend_pid)
        assert stat
        return place.Target(
            base_url=server.base_url,
            keys=naive.keys(10),
            sku_ids=naive.sku_ids(10),
            server_pids=[server.pid] if server.pid else [],
            postmaster_pid=stat[0],
            admin_dsn=dsn,
            orders=copy.LiveTable("sales.orders", "id"),
            others=(
                copy.LiveTable("sales.line", "order_id"),
                copy.LiveTable("sales.outbox", None, newest="seq"),
            ),
            **changes,
        )


@pytest.mark.slow
def test_a_run_compares_all_sides(tables_dsn: str, capsys: pytest.CaptureFixture[str], pace: Pace) -> None:
    """The stand-in product accepts everything at once, so its ratios must be huge; the shape is the contract."""
    checks = []
    grown = []
    seconds = min(3.0, pace.patience(0.6))  # the slowest yardstick answers its first orders within that
    with served.served("bench.ceiling:app") as server:
        product = target(tables_dsn, server, check=lambda: checks.append(1) or [], grow=grown.append)
        result = place.run(
            product,
            rounds=1,
            seconds=seconds,
            warm_seconds=seconds,
            stalled_ms=1e9,
            yardstick_codes=30_000,
            json=True,
            grown=True,
        )
    printed = msgspec.json.decode(capsys.readouterr().out)
    assert printed == msgspec.to_builtins(result)
    assert set(printed) == {
        "machine",
        "rounds",
        "discarded",
        "ratios",
        "cpu_us_per_order",
        "p99_ms_half_load",
        "medians",
    }
    assert printed["ratios"]["http_single_over_orm"] > 10
    assert printed["ratios"]["grown_over_small"] > 0
    assert grown == [1_000_000, 10_000_000]
    assert printed["rounds"] == 1
    assert len(checks) == 1
    assert 0 < printed["cpu_us_per_order"] < 2000
    half, single = printed["medians"]["half_load"], printed["medians"]["http_single"]
    assert 0.2 < half["orders_per_s"] / single["orders_per_s"] < 1.2
    with psycopg.connect(tables_dsn) as db:
        left = db.execute("SELECT count(*) FROM pg_database WHERE datname = 'bench_naive'").fetchone()
    assert left == (0,)


@pytest.fixture
def idle(tables_dsn: str) -> place.Target:
    return target(tables_dsn, served.Served("http://127.0.0.1:1", 0))


def test_a_broken_invariant_ends_the_run(tables_dsn: str) -> None:
    broken = target(
        tables_dsn,
        served.Served("http://127.0.0.1:1", 0),
        check=lambda: ["I1: the ledger does not sum to zero"],
    )
    with pytest.raises(place.Invalid, match="I1"):
        place.interleave(broken, {"a": lambda _: {"orders_per_s": 1.0}}, 1, 0.1, random.Random(1), Progress())


def test_rounds_on_a_stalled_disk_are_discarded_but_not_for_ever(idle: place.Target) -> None:
    runs: list[str] = []
    sides: dict[str, place.Side] = {
        name: lambda _, name=name: runs.append(name) or {"orders_per_s": 1.0} for name in "abcd"
    }
    kept, discarded = place.interleave(idle, sides, 2, 0.1, random.Random(1), Progress(), stalled_ms=0.0)
    assert (len(kept), discarded) == (2, 2)
    rounds = ["".join(runs[at : at + 4]) for at in range(0, 16, 4)]
    assert all(sorted(each) == list("abcd") for each in rounds)
    assert len(set(rounds)) > 1, "the order must change from round to round"
    runs.clear()
    kept, discarded = place.interleave(idle, sides, 1, 0.1, random.Random(1), Progress(), stalled_ms=1e9)
    assert (len(kept), discarded, len(runs)) == (1, 0, 4)


def test_medians_are_medians_and_faults_are_sums() -> None:
    measured = [{"orders_per_s": rate, "refused": 1.0} for rate in (10.0, 1000.0, 30.0)]
    assert place.medians_of(measured) == {"orders_per_s": 30.0, "refused": 3.0}
