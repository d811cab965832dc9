"""What the transparency log costs those who order: p99 at half load with it, beside p99 of a server that keeps none.

Two kinds of rounds in random order, each with a server and a worker of its own on one installation: `kept` is what an
operator starts; in `unkept` nobody gives the events their places, hashes the tree or signs. That each line writes its event
in its order's own commit belongs to the order and is in both. Before a round the log has caught up with the one before.
"""

import random
import statistics
import sys
import time
from typing import Any

import click
import msgspec
import psycopg
from rich.console import Console

from bench import mall, place, product
from commissary import app
from commissary.cli import reach

UNKEPT = """
import commissary.provenance
async def _nothing(self):
    return 0
commissary.provenance.Keeper.round = commissary.provenance.Keeper.publish = _nothing
"""
PATIENCE_S = 60


class Result(msgspec.Struct, frozen=True):
    """ms and µs are medians over the rounds; ratios are taken in each round by itself, kept ÷ unkept."""

    machine: Any
    rounds: int
    rate_per_s: float
    kept_p99_ms: float
    unkept_p99_ms: float
    p99_ratio: float
    cpu_ratio: float


def run(rounds: int, seconds: float, as_json: bool, *, skus: int = 1000, buyers: int = 1000) -> Result:
    """Measures and prints."""
    rng = random.Random(1)
    with product.interruptible(), product.installation() as here, product.ground(here) as on:
        with product.stepping() as step:
            made = reach.run(product.stocked(here, on, skus, buyers, step))
            zipf, _ = product.one_pass(2 * rounds * (seconds + 4), 6_000)
            product.fill_up(here, on, made, mall.wanted(made, zipf, 0), step)
            product.settle(on.admin_dsn)
            rate, pairs = 0.0, []
            for n in range(rounds):
                step("rounds", n, rounds)
                measured: dict[str, place.Measured] = {}
                for name in rng.sample(["kept", "unkept"], 2):
                    _caught_up(here, on)
                    rate, measured[name] = _round(here, on, made, name == "kept", rate, seconds)
                pairs.append((measured["kept"], measured["unkept"]))
            step("rounds", rounds, rounds)
        _caught_up(here, on)
        if wrong := product.broken(on):
            raise click.ClickException("The run proved nothing: " + "\n".join(wrong))
        result = Result(
            machine=place.machine.facts(on.admin_dsn),
            rounds=rounds,
            rate_per_s=round(rate),
            kept_p99_ms=_median([kept["p99_ms"] for kept, _ in pairs]),
            unkept_p99_ms=_median([unkept["p99_ms"] for _, unkept in pairs]),
            p99_ratio=_median([kept["p99_ms"] / unkept["p99_ms"] for kept, unkept in pairs]),
            cpu_ratio=_median(
                [kept["cpu_us_per_order"] / unkept["cpu_us_per_order"] for kept, unkept in pairs]
            ),
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()
    else:
        Console().print(
            f"p99 at {result.rate_per_s:,.0f} orders/s: {result.kept_p99_ms:.1f} ms with the log, {result.unkept_p99_ms:.1f} ms "
            f"without; {result.p99_ratio:.2f} in the median round; CPU per order {result.cpu_ratio:.2f}"
        )
    return result


def _round(
    here: product.Installation, on: app.Ground, made: mall.Mall, kept: bool, rate: float, seconds: float
) -> tuple[float, place.Measured]:
    """(half of what the first server could do, what was measured at that rate)"""
    log, before = here.read.data / "worker.log", "" if kept else UNKEPT
    with (
        product.serving(here, on, works=False) as (url, pid),
        product.running(here, on, ["worker"], log=log, before=before) as worker,
    ):
        side = place.Http(
            "half_load",
            url,
            [pid, worker.pid, product.postmaster_pid(on)],
            256,
            made.keys,
            [str(sku) for sku in made.sku_ids],
            max_unit_price=mall.MOST_PRICE,
        )
        warm = side(3.0)
        rate = rate or warm["orders_per_s"] / 2
        half = place.replace(side, half_of=place.replace(side, rates=[2 * rate]))
        time.sleep(1.0)
        return rate, half(seconds)


def _caught_up(here: product.Installation, on: app.Ground) -> None:
    """Until every event has its place."""
    with psycopg.connect(on.admin_dsn, autocommit=True) as db:

        def behind() -> bool:
            found = db.execute("select exists (select from provenance.homes_behind())").fetchone()
            return bool(found and found[0])

        if not behind():
            return
        with product.serving(here, on):
            give_up_at = time.monotonic() + PATIENCE_S
            while behind():
                if time.monotonic() > give_up_at:
                    raise click.ClickException("The run proved nothing: the log does not catch up")
                time.sleep(0.2)


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 3)
