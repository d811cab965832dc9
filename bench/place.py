"""`commissary bench place`: the order path beside its yardsticks, in interleaved rounds.

    side            what runs                                                      compared as
    http_single     signed single orders, 256 connections, zipf                    ÷ orm; CPU per order
    http_hot        the same from one buyer for one SKU                            ÷ http_single
    http_bulk       signed batches of 100, 8 connections, zipf                     ÷ copy
    half_load       open loop at half of the median http_single so far             p99
    orm             the naive ORM endpoint, 64 connections, zipf                   yardstick
    handwritten     one hand-written transaction per order, 64 connections, zipf   yardstick
    copy            COPY of the rows the product has just written                  yardstick

Every round runs every side once in a fresh random order; a side warms up before the first round. A round during
which fdatasync had a p99 over 2 ms is thrown away and counted, at most as many times as there are rounds: on a disk
that is always slow the rest is kept, and `machine` shows why. Figures are medians over the kept rounds; a ratio is
that of each round, then the median.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import asks, copy, handwritten, load, machine, naive, served

STALLED_MS = 2.0
PROBES_PER_SIDE = 80
QUIET_S = 5.0
COPY_ORDERS = 40_000
SMALL_ORDERS = 1_000_000
GROWN_ORDERS = 10_000_000


# What a placed order writes, but for its nonce (not keyed by order; COPY is spared it).
ORDERS = copy.LiveTable("orders.orders", "id")
ROWS_OF_ORDERS = (
    copy.LiveTable("orders.line", "order_id"),
    copy.LiveTable("orders.take", "order_id"),
    copy.LiveTable("orders.idempotency", "order_id"),
    copy.LiveTable("ledger.transfer", "order_id"),
    copy.LiveTable("risk.decision", "order_id"),
    copy.LiveTable("provenance.event", "subject_id"),
    copy.LiveTable("base.outbox", None, newest="seq", per_orders=200),
)


@dataclass(frozen=True)
class Target:
    """The product under test, running and stocked; `admin_dsn` is a superuser on the product's database.

    `orders` and `others` name the tables that one placed order writes, for the COPY yardstick.
    `max_unit_price` is an amount in CNY that no line exceeds. `grow(n)` (`grow.grow` with a DSN) brings the orders
    table to n rows (`--grown` only). `check()` returns broken invariants, one per line.
    `restock()` is called before every round. `asks.codes_needed` and `orders_expected` say how much stock a run takes.
    """

    base_url: str
    keys: Sequence[tuple[str, str]]
    sku_ids: Sequence[str]
    server_pids: Sequence[int]
    postmaster_pid: int
    admin_dsn: str
    orders: copy.LiveTable = ORDERS
    others: Sequence[copy.LiveTable] = ROWS_OF_ORDERS
    max_unit_price: str | None = None
    grow: Callable[[int], None] | None = None
    check: Callable[[], Sequence[str]] | None = None
    restock: Callable[[], None] | None = None


class Ratios(msgspec.Struct, frozen=True):
    http_single_over_orm: float
    http_bulk_over_copy: float
    hot_over_zipf: float
    grown_over_small: float | None


class Result(msgspec.Struct, frozen=True):
    """`medians[side]` holds `orders_per_s`, and for HTTP sides latencies, CPU and what went wrong (sums)."""

    machine: machine.Facts
    rounds: int
    discarded: int
    ratios: Ratios
    cpu_us_per_order: float
    p99_ms_half_load: float
    medians: dict[str, dict[str, float]]


class Invalid(Exception):
    """The run proved nothing: orders failed, a code was delivered twice or an invariant broke."""


Measured = dict[str, float]
Side = Callable[[float], Measured]
SUMMED = ("refused", "broken", "unfinished")


def run(
    target: Target,
    *,
    rounds: int = 5,
    seconds: float = 5.0,
    grown: bool = False,
    json: bool = False,
    seed: int = 1,
    warm_seconds: float = 2.0,
    yardstick_codes: int = 300_000,
    stalled_ms: float = STALLED_MS,
) -> Result:
    """Measures, prints (a table, or one JSON object with `json`), and returns the same.

    `yardstick_codes` are stocked for the two HTTP yardsticks together. Progress goes to stderr.
    Raises `Invalid` when what was measured was not the selling of orders.
    """
    if grown and target.grow is None:
        raise ValueError("--grown needs a target that can grow its orders table")
    rng = random.Random(seed)
    with ExitStack() as stack:
        console = Console(stderr=True)
        progress = stack.enter_context(bar(console))
        sides = stack.enter_context(prepared_sides(target, progress, warm_seconds, yardstick_codes))
        kept, discarded = interleave(target, sides, rounds, seconds, rng, progress, stalled_ms)
        medians = {name: medians_of([each[name] for each in kept]) for name in sides}
        if grown:
            medians |= measure_grown(target, sides, rounds, seconds, rng, progress, warm_seconds, stalled_ms)
    result = Result(
        machine=machine.facts(target.admin_dsn),
        rounds=len(kept),
        discarded=discarded,
        ratios=ratios(kept, medians),
        cpu_us_per_order=medians["http_single"]["cpu_us_per_order"],
        p99_ms_half_load=medians["half_load"]["p99_ms"],
        medians=medians,
    )
    if json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()
    else:
        show(result)
    return result


def orders_expected(rounds: int, seconds: float, orders_per_s: float = 20_000) -> tuple[int, int]:
    """Upper guesses of how many orders a run places by zipf and by the hot profile, warm-ups and discards included."""
    passes = 2 * rounds + 1
    return int(2.5 * passes * seconds * orders_per_s), int(passes * seconds * orders_per_s)


# --- rounds -------------------------------------------------------------------------------------------------------


def interleave(
    target: Target,
    sides: dict[str, Side],
    rounds: int,
    seconds: float,
    rng: random.Random,
    progress: Progress,
    stalled_ms: float = STALLED_MS,
) -> tuple[list[dict[str, Measured]], int]:
    """The kept rounds and the number of discarded ones."""
    folder = machine.data_directory(target.admin_dsn)
    kept: list[dict[str, Measured]] = []
    discarded = 0
    task = progress.add_task("rounds", total=rounds * len(sides))
    while len(kept) < rounds:
        measured: dict[str, Measured] = {}
        probes: list[float] = []
        if target.restock:
            progress.update(task, description=f"round {len(kept) + 1} of {rounds}: restocking")
            target.restock()
        for name in rng.sample(list(sides), len(sides)):
            progress.update(task, description=f"round {len(kept) + 1} of {rounds}: {name}")
            wait_until_quiet(target)
            probes += machine.probe(folder, PROBES_PER_SIDE)
            measured[name] = sides[name](seconds)
            progress.advance(task)
        probes += machine.probe(folder, PROBES_PER_SIDE)
        disk = machine.summary(probes)
        if target.check and (broken := target.check()):
            raise Invalid("\n".join(broken))
        if disk.p99_ms > stalled_ms and discarded < rounds:
            discarded += 1
            progress.console.print(f"round discarded: fdatasync p99 {disk.p99_ms:.1f} ms")
            progress.advance(task, -len(sides))
            continue
        kept.append(measured)
    return kept, discarded


def measure_grown(
    target: Target,
    sides: dict[str, Side],
    rounds: int,
    seconds: float,
    rng: random.Random,
    progress: Progress,
    warm_seconds: float,
    stalled_ms: float,
) -> dict[str, Measured]:
    """http_single with 1M and with 10M orders in the table, each beside COPY, which shows whether the machine drifted.

    Invariants are not checked here: the rows that fill the table are copies of orders, not sales.
    """
    assert target.grow
    medians: dict[str, Measured] = {}
    for label, orders in (("small", SMALL_ORDERS), ("grown", GROWN_ORDERS)):
        task = progress.add_task(f"growing to {orders:,} orders", total=None)
        target.grow(orders)
        progress.remove_task(task)
        pair = {name: sides[name] for name in ("http_single", "copy")}
        pair["http_single"](warm_seconds)
        kept, _ = interleave(replace(target, check=None), pair, rounds, seconds, rng, progress, stalled_ms)
        medians[f"http_single_{label}"] = medians_of([each["http_single"] for each in kept])
        medians[f"copy_{label}"] = medians_of([each["copy"] for each in kept])
    return medians


def wait_until_quiet(target: Target) -> None:
    """Waits for work that the side before has left behind (relays, checkpoints, vacuum), but not for ever."""
    roots = [*target.server_pids, target.postmaster_pid]
    give_up_at = time.monotonic() + QUIET_S
    before = machine.cpu_s(roots)
    while time.monotonic() < give_up_at:
        time.sleep(0.25)
        now = machine.cpu_s(roots)
        if now - before <= 0.05:
            return
        before = now


def medians_of(measured: Sequence[Measured]) -> Measured:
    return {
        name: sum(each[name] for each in measured)
        if name in SUMMED
        else round(statistics.median(each[name] for each in measured), 2)
        for name in measured[0]
    }


def ratios(kept: Sequence[dict[str, Measured]], medians: dict[str, Measured]) -> Ratios:
    """Of each round by itself, then the median: the machine may be twice as fast in one round as in another, and both
    sides of a ratio are measured within a minute. The grown table is not in the rounds."""

    def over(side: str, yardstick: str) -> float:
        each = [round_[side]["orders_per_s"] / round_[yardstick]["orders_per_s"] for round_ in kept]
        return round(statistics.median(each), 3)

    grown = medians.get("http_single_grown")
    return Ratios(
        http_single_over_orm=over("http_single", "orm"),
        http_bulk_over_copy=over("http_bulk", "copy"),
        hot_over_zipf=over("http_hot", "http_single"),
        grown_over_small=round(grown["orders_per_s"] / medians["http_single_small"]["orders_per_s"], 3)
        if grown
        else None,
    )


# --- sides --------------------------------------------------------------------------------------------------------


@contextmanager
def prepared_sides(
    target: Target, progress: Progress, warm_seconds: float, yardstick_codes: int
) -> Iterator[dict[str, Side]]:
    """Starts the yardsticks, warms every side, and gives the sides by name."""
    task = progress.add_task("preparing yardsticks", total=None)
    with ExitStack() as stack:
        stack.callback(naive.drop, target.admin_dsn)
        dsn = naive.create(target.admin_dsn, codes=yardstick_codes)
        orm = stack.enter_context(
            served.served("bench.naive:app", {"BENCH_NAIVE_URL": naive.sqlalchemy_url(dsn, "asyncpg")})
        )
        by_hand = stack.enter_context(
            served.served("bench.handwritten:app", {"BENCH_HANDWRITTEN_DSN": handwritten.asyncpg_dsn(dsn)})
        )
        postgres = target.postmaster_pid
        product = [*target.server_pids, postgres]

        def selling(name: str, connections: int, **changes: Any) -> Http:
            side = Http(name, target.base_url, product, connections, target.keys, target.sku_ids)
            return replace(side, max_unit_price=target.max_unit_price, **changes)

        single = selling("http_single", 256)
        sides: dict[str, Side] = {
            "http_single": single,
            "http_hot": selling("http_hot", 256, profile="hot"),
            "http_bulk": selling("http_bulk", 8, orders_per_request=100),
            "half_load": selling("half_load", 256, half_of=single),
            "orm": Http("orm", orm.base_url, [orm.pid, postgres], 64),
            "handwritten": Http("handwritten", by_hand.base_url, [by_hand.pid, postgres], 64),
        }
        for name, side in sides.items():
            progress.update(task, description=f"warming {name}")
            side(warm_seconds)
        progress.update(task, description="reading the rows for COPY")
        rows = copy.from_live(target.admin_dsn, target.orders, target.others, COPY_ORDERS)
        db = stack.enter_context(copy.cloned(target.admin_dsn, rows.tables))
        sides["copy"] = lambda seconds: {"orders_per_s": copy.orders_per_s(db, rows, seconds)}
        sides["copy"](warm_seconds)
        progress.remove_task(task)
        yield sides


@dataclass
class Http:
    """One HTTP side. It remembers its rates: they size the next run's requests, and half of them is the half load."""

    name: str
    base_url: str
    pids: Sequence[int]
    connections: int
    keys: Sequence[tuple[str, str]] = field(default_factory=naive.keys)
    sku_ids: Sequence[str] = field(default_factory=naive.sku_ids)
    max_unit_price: str | None = None
    profile: asks.Profile = "zipf"
    orders_per_request: int = 1
    half_of: "Http | None" = None
    rates: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> Measured:
        rate = statistics.median(self.half_of.rates) / 2 if self.half_of else None
        expected = self.rates[-1] * 1.6 + 1000 if self.rates else 25_000
        orders = int((rate or expected) * seconds)
        job = load.Job(
            base_url=self.base_url,
            ask=asks.Ask(
                profile=self.profile,
                keys=list(self.keys),
                sku_ids=list(self.sku_ids),
                requests=max(1, orders // self.orders_per_request),
                orders_per_request=self.orders_per_request,
                seed=random.randrange(2**32),
                max_unit_price=self.max_unit_price,
            ),
            connections=self.connections,
            seconds=seconds,
            rate_per_s=rate,
        )
        report, cpu_s = load.measure(job, lambda: machine.cpu_s(self.pids))
        refused = sum(report.refusals.values())
        if report.codes_duplicated:
            raise Invalid(f"{self.name}: {report.codes_duplicated} codes were delivered twice")
        if refused + report.broken > report.accepted / 100:
            raise Invalid(
                f"{self.name}: {report.accepted} accepted, {report.broken} connections broken, "
                f"statuses {report.statuses}, refusals {report.refusals}"
            )
        if not report.orders_per_s:
            raise Invalid(f"{self.name}: no order was answered within {seconds} s")
        self.rates.append(report.orders_per_s)
        return {
            "orders_per_s": report.orders_per_s,
            "cpu_us_per_order": cpu_s / report.accepted * 1e6,
            "generator_us_per_order": report.cpu_s / report.accepted * 1e6,
            "codes_per_order": report.codes / report.accepted,
            "p50_ms": report.p50_ms,
            "p95_ms": report.p95_ms,
            "p99_ms": report.p99_ms,
            "late_ms_p99": report.late_ms_p99,
            "refused": refused,
            "broken": report.broken,
            "unfinished": report.unfinished,
        }


# --- output -------------------------------------------------------------------------------------------------------


def bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


def show(result: Result) -> None:
    console = Console()
    facts = result.machine
    console.print(
        f"{facts.cpu}, {facts.cores} cores, {facts.memory_gib} GiB, {facts.system}, Python {facts.python}, "
        f"PostgreSQL {facts.postgresql}, fdatasync p50 {facts.fdatasync_ms_p50} ms p99 {facts.fdatasync_ms_p99} ms"
    )
    sides = Table("side", title=f"medians of {result.rounds} rounds, {result.discarded} discarded")
    for column in ("orders/s", "CPU µs/order", "p50 ms", "p95 ms", "p99 ms"):
        sides.add_column(column, justify="right")
    for name, measured in result.medians.items():
        cells = [f"{measured['orders_per_s']:,.0f}"]
        cells += [
            f"{measured[key]:,.1f}" if key in measured else "–"
            for key in ("cpu_us_per_order", "p50_ms", "p95_ms", "p99_ms")
        ]
        sides.add_row(name, *cells)
    console.print(sides)
    for name, ratio in msgspec.structs.asdict(result.ratios).items():
        console.print(f"{name:24} {'not measured' if ratio is None else f'{ratio:.2f}'}")
    console.print(f"{'cpu_us_per_order':24} {result.cpu_us_per_order:.0f}")
    console.print(f"{'p99_ms_half_load':24} {result.p99_ms_half_load:.1f}")
