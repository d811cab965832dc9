"""A supplier who hangs, and what the others' orders feel of it.

One server, three SKUs: one in stock, one bought from a supplier who is well, one from a supplier whose process is stopped
in every second round: his port still takes connections, and nothing comes back. Orders for all three come in alike in
both kinds of rounds, by open loops. What counts is the answer to an order for the first two, and how long a line of the
second takes from order to delivery.
"""

import os
import signal
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
import msgspec
import psycopg
from rich.console import Console
from rich.table import Table

from bench import asks, fulfil, load, machine, mall, product, served
from commissary import app, pricing
from commissary.cli import reach

RATE_PER_S = 40.0  # of the orders that are looked at; two in three are for what is in stock
HUNG_PER_S = 10.0
AT_ONCE = 32  # with the supplier who hangs
PATIENCE_S = 300


class Round(msgspec.Struct, frozen=True):
    """ms. `queued`: lines that still waited for the supplier who hangs when the round was over."""

    answer_p50: float
    answer_p99: float
    bought_p50: float
    bought_p99: float
    queued: int


class Result(msgspec.Struct, frozen=True):
    """Medians over the rounds; a ratio is taken in each pair of rounds by itself."""

    machine: machine.Facts
    rounds: int
    seconds: float
    calm: Round
    hung: Round
    answer_p99_ratio: float
    bought_p99_ratio: float
    doubles: int


def run(rounds: int, seconds: float, as_json: bool, *, warm_seconds: float = 3.0) -> Result:
    """Measures and prints. Exit code 1: something was bought twice."""
    well_port, hung_port = served.free_port(), served.free_port()
    with (
        product.interruptible(),
        product.installation() as here,
        product.ground(here) as on,
        fulfil.supplier(well_port),
        fulfil.supplier(hung_port) as pid,
        product.stepping() as step,
    ):
        made = reach.run(_mall(here, on, well_port, hung_port, step))
        codes = int(RATE_PER_S * (2 * rounds * seconds + warm_seconds) * 2)
        product.fill_up(here, on, made, {made.sku_ids[0]: codes}, step)
        product.settle(on.admin_dsn)
        allow = {"COMMISSARY_OUTGOING_ALLOW": f"127.0.0.1:{well_port},127.0.0.1:{hung_port}"}
        pairs: list[tuple[Round, Round]] = []
        with product.serving(here, on, allow) as (url, _):
            _round(on, made, url, warm_seconds)
            for n in range(rounds):
                calm = _round(on, made, url, seconds)
                with _stopped(pid):
                    hung = _round(on, made, url, seconds)
                _drained(on)
                pairs.append((calm, hung))
                step("pairs of rounds", n + 1, rounds)
        if wrong := product.broken(on):
            raise click.ClickException("The run proved nothing: " + "\n".join(wrong))
        result = Result(
            machine=machine.facts(on.admin_dsn),
            rounds=rounds,
            seconds=seconds,
            calm=_median([calm for calm, _ in pairs]),
            hung=_median([hung for _, hung in pairs]),
            answer_p99_ratio=_ratio([(h.answer_p99, c.answer_p99) for c, h in pairs]),
            bought_p99_ratio=_ratio([(h.bought_p99, c.bought_p99) for c, h in pairs]),
            doubles=fulfil.doubles(on),
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()
    else:
        _show(result)
    if result.doubles:
        raise SystemExit(1)
    return result


def _show(result: Result) -> None:
    table = Table("ms", "all well", "one hangs", title=f"{result.rounds} pairs of {result.seconds:g} s")
    for name in Round.__struct_fields__:
        table.add_row(
            name.replace("_", ", "),
            f"{getattr(result.calm, name):,.1f}",
            f"{getattr(result.hung, name):,.1f}",
        )
    Console().print(table)
    Console().print(
        f"p99 while one hangs ÷ while all are well: {result.answer_p99_ratio:.2f} of answers, "
        f"{result.bought_p99_ratio:.2f} from order to delivery; {result.doubles} bought twice"
    )


async def _mall(
    here: product.Installation, on: app.Ground, well_port: int, hung_port: int, step: mall.Step
) -> mall.Mall:
    async with app.environment(here.read, on) as env:
        made = await mall.make(env, on.admin_dsn, skus=3, buyers=fulfil.BUYERS, step=step)
        _, well, hung = made.sku_ids
        await fulfil.connect(env, made.actor, well_port, fulfil.ACCOUNT, well)
        await fulfil.connect(env, made.actor, hung_port, fulfil.ACCOUNT, hung, AT_ONCE)
        await pricing.set_floor(env, made.actor, 0, -9_000)
        return made


def _round(on: app.Ground, made: mall.Mall, url: str, seconds: float) -> Round:
    stock, well, hung = made.sku_ids
    since = _now(on)
    with ThreadPoolExecutor(1) as beside:
        behind = beside.submit(load.measure, _job(made, url, [hung], HUNG_PER_S, seconds))
        report, _ = load.measure(_job(made, url, [stock, well], RATE_PER_S, seconds))
        if report.accepted < report.sent or not behind.result()[0].accepted:
            raise click.ClickException(f"The run proved nothing: {report}")
    _drained(on, [well])
    with psycopg.connect(on.admin_dsn) as db:
        row = db.execute(
            """select percentile_cont(array[0.5, 0.99]) within group (
                 order by extract(epoch from o.updated_at - o.placed_at) * 1000)::float8[]
               from orders.orders o join orders.line l on l.home_id = o.home_id and l.order_id = o.id
               where o.placed_at >= %s and l.sku_id = %s and o.state = 'delivered'""",
            (since, well),
        ).fetchone()
        assert row is not None
        return Round(report.p50_ms, report.p99_ms, *row[0], queued=_open(db, [hung]))


def _job(made: mall.Mall, url: str, skus: list[int], rate_per_s: float, seconds: float) -> load.Job:
    ask = asks.Ask(
        profile="zipf",
        keys=list(made.keys),
        sku_ids=[str(sku) for sku in skus],
        requests=int(rate_per_s * seconds),
        seed=time.time_ns(),
    )
    return load.Job(base_url=url, ask=ask, connections=32, seconds=seconds, rate_per_s=rate_per_s)


@contextmanager
def _stopped(pid: int) -> Iterator[None]:
    """He hangs: his connections stand, and nothing is answered."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def _drained(on: app.Ground, skus: list[int] | None = None) -> None:
    """Nothing waits any more, of these SKUs or of all."""
    give_up_at = time.monotonic() + PATIENCE_S
    with psycopg.connect(on.admin_dsn, autocommit=True) as db:
        while _open(db, skus):
            if time.monotonic() > give_up_at:
                raise click.ClickException("The run proved nothing: orders are still waiting")
            time.sleep(0.2)


def _open(db: "psycopg.Connection[Any]", skus: list[int] | None) -> int:
    found = db.execute(
        """select count(*) from orders.line where state in ('waiting', 'working')
           and (%(skus)s::bigint[] is null or sku_id = any (%(skus)s::bigint[]))""",
        {"skus": skus},
    ).fetchone()
    assert found is not None
    return int(found[0])


def _now(on: app.Ground) -> datetime:
    with psycopg.connect(on.admin_dsn) as db:
        found = db.execute("select clock_timestamp()").fetchone()
    assert found is not None
    now: datetime = found[0]
    return now


def _median(of: list[Round]) -> Round:
    return Round(
        *[
            round(statistics.median(getattr(r, name) for r in of), 1)
            for name in ("answer_p50", "answer_p99", "bought_p50", "bought_p99")
        ],
        queued=int(statistics.median(r.queued for r in of)),
    )


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return round(statistics.median(hung / calm for hung, calm in pairs), 3)
