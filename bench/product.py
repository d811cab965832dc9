"""The product under test: a throw-away installation, `commissary up` as a child process, and a full mall in it.

    run_place    goods, buyers and codes; then the interleaved run of `place` against the server
    run_import   fresh files of codes into the vault, one after another

The server is the command that an operator starts, with nothing switched off and the embedded PostgreSQL as it configures
itself; this process only stocks, asks and watches, so its CPU is not the server's. Nothing is taken from the
environment: neither DATABASE_URL nor a COMMISSARY_ setting reaches the installation.
"""

import json
import os
import resource
import secrets
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec
import psycopg
from rich.console import Console
from rich.progress import TaskID

from bench import grow, machine, mall, place, served
from commissary import app, insight, stock
from commissary.base import embedded, migrate, money, settings
from commissary.cli import reach
from commissary.stock.types import ImportOptions

SKUS = 1000
BUYERS = 1000
ORDERS_PER_S = 20_000  # what a round's stock is laid out for; a faster machine needs more
TOLD_ROWS = 3
LOG_SEGMENTS = 120  # of 16 MB

COMMAND = "from commissary.cli import main; main()"


class ImportResult(msgspec.Struct, frozen=True):
    """Medians over the rounds; CPU is that of the importing process and of PostgreSQL together."""

    machine: machine.Facts
    rounds: int
    codes: int
    codes_per_s: float
    cpu_us_per_code: float
    peak_rss_mb: float


@dataclass(frozen=True)
class Installation:
    """A folder of its own; `read` are the settings of the server in it."""

    read: settings.Settings

    @property
    def data(self) -> Path:
        return self.read.data / f"pg{self.read.postgres}"


def run_place(
    rounds: int,
    seconds: float,
    grown: bool,
    as_json: bool,
    *,
    skus: int = SKUS,
    buyers: int = BUYERS,
    orders_per_s: float = ORDERS_PER_S,
    warm_seconds: float = 2.0,
    yardstick_codes: int = 300_000,
) -> place.Result:
    """Measures and prints. The keyword arguments make the run smaller for tests; figures are those of the defaults."""
    with interruptible(), installation() as here, ground(here) as on:
        # In stock before every round: what one round may take; before the first, what warming up may take too.
        zipf, hot = one_pass(seconds, orders_per_s)
        warm_zipf, warm_hot = one_pass(warm_seconds, orders_per_s)
        with stepping() as step:
            made = reach.run(stocked(here, on, skus, buyers, step))
            fill_up(here, on, made, mall.wanted(made, zipf + warm_zipf, hot + warm_hot), step)
            settle(on.admin_dsn)
        enough = mall.wanted(made, zipf, hot)

        def restock() -> None:
            fill_up(here, on, made, enough)
            settle(on.admin_dsn, checkpoint=False)

        with serving(here, on) as (url, pid):
            target = place.Target(
                base_url=url,
                keys=made.keys,
                sku_ids=[str(sku) for sku in made.sku_ids],
                server_pids=[pid],
                postmaster_pid=postmaster_pid(on),
                admin_dsn=on.admin_dsn,
                max_unit_price=mall.MOST_PRICE,
                grow=lambda orders: _grown(on.admin_dsn, orders),
                check=lambda: broken(on),
                restock=restock,
            )
            try:
                return place.run(
                    target,
                    rounds=rounds,
                    seconds=seconds,
                    grown=grown,
                    json=as_json,
                    warm_seconds=warm_seconds,
                    yardstick_codes=yardstick_codes,
                )
            except place.Invalid as invalid:
                raise click.ClickException(f"The run proved nothing: {invalid}") from None


def run_import(rounds: int, codes: int, as_json: bool) -> ImportResult:
    """Measures and prints: file, blinding, encryption, commitments, roots, indexes and commits, nothing left out."""
    with interruptible(), installation() as here, stepping() as step, ground(here) as on:
        pids = [os.getpid(), postmaster_pid(on)]
        path = here.read.data / "codes.csv"

        async def one_after_another() -> list[tuple[float, float]]:
            measured = []
            async with app.environment(here.read, on) as env:
                made = await mall.make(env, on.admin_dsn, skus=1, buyers=0, step=step)
                [sku] = made.sku_ids
                for n in range(rounds + 1):
                    # The first file is small: it warms the statements and is not counted.
                    count = codes if n else min(codes, 5_000)
                    write_file(path, n, count)
                    name = f"file {n} of {rounds}" if n else "warming up"
                    step(name, 0, count)
                    cpu, began = machine.cpu_s(pids), time.perf_counter()
                    report = await stock.import_codes(
                        env,
                        made.actor,
                        made.actor.mall_id,
                        sku,
                        path,
                        ImportOptions(unit_cost_e4=money.parse(mall.COST), source="bench"),
                        progress=lambda done, _, name=name, count=count: step(
                            name, min(done, count - 1), count
                        ),  # type: ignore[misc]
                    )
                    wall, used = time.perf_counter() - began, machine.cpu_s(pids) - cpu
                    step(name, count, count)
                    if report.imported != count:
                        raise click.ClickException(f"The run proved nothing: {report}")
                    measured += [(wall, used)] if n else []
            return measured

        measured = reach.run(one_after_another())
        if wrong := broken(on):
            raise click.ClickException("The run proved nothing: " + "\n".join(wrong))
        result = ImportResult(
            machine=machine.facts(on.admin_dsn),
            rounds=rounds,
            codes=codes,
            codes_per_s=round(codes / statistics.median(wall for wall, _ in measured), 1),
            cpu_us_per_code=round(statistics.median(used for _, used in measured) / codes * 1e6, 2),
            peak_rss_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()
    else:
        Console().print(
            f"{result.codes_per_s:,.0f} codes/s, {result.cpu_us_per_code:.1f} µs CPU per code (importer and PostgreSQL), "
            f"peak memory {result.peak_rss_mb:.0f} MB; medians of {rounds} files of {codes:,} codes"
        )
    return result


def broken(on: app.Ground) -> list[str]:
    """What `commissary check` would report, a line each. Statistics first: none are kept of a partitioned table until
    somebody asks, and without them a join over a fresh one takes a minute instead of a second."""
    with psycopg.connect(on.admin_dsn, autocommit=True) as db:
        db.execute("analyze")
    found = reach.run(insight.audit(migrate.dsns(on.admin_dsn, on.keys.passwords).report))
    return [
        f"{f.check}: {f.title_en}: {json.dumps(f.rows[:TOLD_ROWS], default=str)}"
        for f in insight.broken(found)
    ]


# --- the installation ---------------------------------------------------------------------------------------------


@contextmanager
def installation() -> Iterator[Installation]:
    """An empty folder, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="commissary-bench-"))
    here = Installation(settings.read({}, data=folder, port=served.free_port()))
    try:
        yield here
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def ground(here: Installation) -> Iterator[app.Ground]:
    """The embedded PostgreSQL as it configures itself, but with room for the yardsticks' connections too."""
    data = here.data
    with embedded.claim(data):
        server = embedded.start(data, version=here.read.postgres, settings={"max_connections": "120"})
        try:
            yield app.ground_of(here.read, server.dsn("commissary"))
        finally:
            embedded.stop(server, "immediate")


@contextmanager
def serving(
    here: Installation, on: app.Ground, more: Mapping[str, str] | None = None, *, works: bool = True
) -> Iterator[tuple[str, int]]:
    """`commissary up` in a process tree of its own: (its URL, its pid). Without `works`, whoever calls starts the worker."""
    log = here.read.data / "server.log"
    how = ["--port", str(here.read.port), "--worker" if works else "--no-worker"]
    with running(here, on, ["up", "--no-demo", *how], more, log=log) as child:
        url = f"http://127.0.0.1:{here.read.port}"
        wait_until_ready(url, child, log)
        yield url, child.pid


@contextmanager
def running(
    here: Installation,
    on: app.Ground,
    arguments: Sequence[str],
    more: Mapping[str, str] | None = None,
    *,
    log: Path,
    before: str = "",
) -> Iterator["subprocess.Popen[bytes]"]:
    """A command on the installation until the block ends. `before`: Python that it runs first, to leave something out
    that is to be measured."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("COMMISSARY_")}
    env |= {"DATABASE_URL": on.admin_dsn} | dict(more or {})
    with (
        log.open("wb") as out,
        subprocess.Popen(  # noqa: S603 - our own interpreter and command
            [sys.executable, "-c", before + COMMAND, *arguments, "--data", str(here.read.data)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        ) as child,
    ):
        try:
            yield child
        finally:
            child.terminate()
            try:
                child.wait(60)
            except subprocess.TimeoutExpired:
                child.kill()


def wait_until_ready(url: str, child: "subprocess.Popen[bytes]", log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        if child.poll() is not None:
            break
        try:
            with opener.open(f"{url}/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException("The server did not start:\n" + log.read_text("utf-8", "replace")[-2000:])


def postmaster_pid(on: app.Ground) -> int:
    with psycopg.connect(on.admin_dsn) as db:
        stat = machine.read_stat(db.info.backend_pid)
    assert stat is not None
    return stat[0]


# --- stock --------------------------------------------------------------------------------------------------------


async def stocked(here: Installation, on: app.Ground, skus: int, buyers: int, step: mall.Step) -> mall.Mall:
    async with app.environment(here.read, on) as env:
        return await mall.make(env, on.admin_dsn, skus=skus, buyers=buyers, step=step)


def fill_up(
    here: Installation,
    on: app.Ground,
    made: mall.Mall,
    to: Mapping[int, int],
    step: mall.Step = lambda *_: None,
) -> None:
    """Brings every SKU to so many codes for sale."""
    left = mall.left(on.admin_dsn, made)
    short = {sku: count - left[sku] for sku, count in to.items() if left[sku] < count}

    async def fill() -> None:
        async with app.environment(here.read, on) as env:
            await mall.fill(env, on.admin_dsn, made, short, step)

    if short:
        reach.run(fill())


def one_pass(seconds: float, orders_per_s: float) -> tuple[int, int]:
    """Upper guesses of the orders of one round, by zipf and by the hot profile."""
    passes = 3
    zipf, hot = place.orders_expected(1, seconds, orders_per_s)
    return zipf // passes, hot // passes


def settle(admin_dsn: str, *, checkpoint: bool = True) -> None:
    """Pay the debts of the filling now: else whichever side runs next shares its core with a vacuum of a million codes.

    A checkpoint only once: after one, every page is written to the log whole when it is first touched. That happens every
    quarter of an hour, and would be most of a round's writing if it came before every round. Before it, the log gets as
    many segments as a server keeps for reuse once it has run for a day.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        db.execute("vacuum (analyze)")
        if checkpoint:
            for _ in range(LOG_SEGMENTS):
                db.execute("select pg_logical_emit_message(true, 'bench', '')")
                db.execute("select pg_switch_wal()")
            db.execute("checkpoint")


def write_file(path: Path, n: int, count: int) -> None:
    """A card file as the trade sends them; no two have a code in common. A letter in the middle keeps a password
    from looking like a payment card's number, which an import leaves out."""
    with path.open("w", encoding="utf-8") as file:
        file.write("卡号,密码,有效期\n")
        for i in range(count):
            file.write(
                f"JD{n:03d}{i:010d},{secrets.token_hex(4).upper()}K{secrets.token_hex(4).upper()},2037-12-31\n"
            )


def _grown(admin_dsn: str, orders: int) -> None:
    grow.grow(admin_dsn, orders)


# --- around it ----------------------------------------------------------------------------------------------------


@contextmanager
def stepping() -> Iterator[mall.Step]:
    """A bar on stderr for what is under way, and a line for what is done."""
    tasks: dict[str, TaskID] = {}
    began: dict[str, float] = {}
    with reach.progress() as bar:

        def step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
                began[what] = time.perf_counter()
            bar.update(tasks[what], completed=done)
            if done >= total:
                bar.remove_task(tasks.pop(what))
                bar.console.print(
                    f"{what}: {total:,} in {time.perf_counter() - began[what]:.1f} s", highlight=False
                )

        yield step


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM leaves by the same door as Ctrl-C: no server stays behind."""

    def leave(*_: object) -> None:
        raise KeyboardInterrupt

    before: Callable[..., Any] | int | None = None
    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not the main thread: whoever runs us there stops us
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
