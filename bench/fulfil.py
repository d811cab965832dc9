"""Goods that the mall has not got: bought from a supplier for every order, over his real protocol and a socket.

The supplier is `commissary simulate` in a process of its own and answers after a fixed time, with the codes. Orders come in
by an open loop; what counts is read from the database afterwards: when each order was placed and when it was delivered.
"""

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
import msgspec
import psycopg
from rich.console import Console

from bench import asks, load, machine, mall, product, served
from commissary import app, pricing, supply
from commissary.base.env import Env
from commissary.base.outgoing import Outgoing
from commissary.cli import example_papers, reach
from commissary.tenancy.types import Actor

PROTOCOL = "commissary"  # one request buys and brings the codes; others ask before, or again
ARTICLE = "101"
ANSWERS_S = 0.05
AT_ONCE = 256
BUYERS = 50
PATIENCE_S = 60
BRAND = "Bench"


class Result(msgspec.Struct, frozen=True):
    """Medians over the rounds. `lines_per_s`: delivered, from the first order to the last delivery."""

    machine: machine.Facts
    rounds: int
    rate_per_s: float
    lines_per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_us_per_line: float
    failed: int
    doubles: int


def run(rounds: int, seconds: float, rate_per_s: float, as_json: bool) -> Result:
    """Measures and prints. Exit code 1: the run proved nothing."""
    port = served.free_port()
    with (
        product.interruptible(),
        product.installation() as here,
        product.ground(here) as on,
        supplier(port),
        product.stepping() as step,
    ):
        made = reach.run(_mall(here, on, port, ACCOUNT, step))
        allow = {"COMMISSARY_OUTGOING_ALLOW": f"127.0.0.1:{port}"}
        rows: list[dict[str, float]] = []
        with product.serving(here, on, allow) as (url, pid):
            roots = [pid, product.postmaster_pid(on)]
            for n in range(rounds + 1):
                step(f"round {n} of {rounds}" if n else "warming up", n, rounds + 1)
                row = _round(on, made, url, roots, seconds if n else 2.0, rate_per_s if n else 100.0)
                rows += [row] if n else []
        if wrong := product.broken(on):
            raise click.ClickException("The run proved nothing: " + "\n".join(wrong))
        result = Result(
            machine=machine.facts(on.admin_dsn),
            rounds=rounds,
            rate_per_s=rate_per_s,
            failed=int(sum(r["failed"] for r in rows)),
            doubles=doubles(on),
            **{
                name: round(statistics.median(r[name] for r in rows), 1)
                for name in ("lines_per_s", "p50_ms", "p95_ms", "p99_ms", "cpu_us_per_line")
            },
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        Console().print(
            f"{result.lines_per_s:,.0f} lines/s bought and delivered at {rate_per_s:,.0f} orders/s offered; placed to delivered "
            f"p50 {result.p50_ms:.0f}, p95 {result.p95_ms:.0f}, p99 {result.p99_ms:.0f} ms over a supplier that answers in "
            f"{ANSWERS_S * 1000:.0f} ms; {result.cpu_us_per_line:,.0f} µs CPU per line (server and PostgreSQL); "
            f"{result.failed} failed, {result.doubles} bought twice"
        )
    if result.doubles:
        raise SystemExit(1)
    return result


ACCOUNT = ("buyer-1", "0123456789abcdef0123456789abcdef")
"""(account, key) with any simulated supplier."""


@contextmanager
def supplier(port: int) -> Iterator[int]:
    """His process id while he answers."""
    command = [sys.executable, "-c", product.COMMAND, "simulate", PROTOCOL, "--port", str(port)]
    command += ["--stock", "1000000", "--looks", "0", "--share", "slow=1", "--slow", str(ANSWERS_S)]
    command += ["--balance", "100000000", "--mint", f"P{port}"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and command
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        try:
            served.wait_until_open(port, child)
            yield child.pid
        finally:
            child.send_signal(signal.SIGINT)
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


async def _mall(
    here: product.Installation, on: app.Ground, port: int, account: tuple[str, str], step: mall.Step
) -> mall.Mall:
    """One SKU of which there is nothing, and a supplier with his papers who has it."""
    async with app.environment(here.read, on) as env:
        made = await mall.make(env, on.admin_dsn, skus=1, buyers=BUYERS, step=step)
        await connect(env, made.actor, port, account, made.sku_ids[0])
        # The bench's mall sells for less than this supplier asks; what is measured is the buying.
        await pricing.set_floor(env, made.actor, 0, -9_000)
        return made


async def connect(
    env: Env, actor: Actor, port: int, account: tuple[str, str], sku: int, at_once: int = AT_ONCE
) -> None:
    """A supplier with his papers, who has that SKU."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await (
            await tx.execute("select brand_id from catalog.product where mall_id = %s", (actor.mall_id,))
        ).fetchone()
    assert found is not None
    company = await example_papers.open_supplier(env, actor)
    await example_papers.authorise(env, actor, company, found[0], BRAND)
    purchasing = supply.Purchasing(
        env, lambda: Outgoing(production=False, allow=[("127.0.0.1", port)], limits=supply.LIMITS)
    )
    draft = supply.ConnectionDraft(
        name=f"{BRAND} {port}",
        base_url=f"http://127.0.0.1:{port}",
        account=account[0],
        secret=account[1],
        at_once=at_once,
    )
    kept = await supply.add_connection(env, actor, draft, supplier_id=company, protocol=PROTOCOL)
    await supply.link_offer(env, purchasing, actor, connection_id=kept.id, good_id=ARTICLE, sku_id=sku)
    await purchasing.close()


def _round(
    on: app.Ground, made: mall.Mall, url: str, roots: list[int], seconds: float, rate_per_s: float
) -> dict[str, float]:
    with psycopg.connect(on.admin_dsn, autocommit=True) as db:
        [since] = db.execute("select clock_timestamp()").fetchone() or (None,)
        cpu = machine.cpu_s(roots)
        ask = asks.Ask(
            profile="hot",
            keys=list(made.keys),
            sku_ids=[str(made.sku_ids[0])],
            requests=int(rate_per_s * seconds),
            seed=int(time.time()),
        )
        report, _ = load.measure(
            load.Job(base_url=url, ask=ask, connections=64, seconds=seconds, rate_per_s=rate_per_s)
        )
        if not report.accepted:
            raise click.ClickException(f"The run proved nothing: {report}")
        give_up_at = time.monotonic() + PATIENCE_S
        while db.execute(
            "select 1 from orders.line where state in ('waiting', 'working') limit 1"
        ).fetchone():
            if time.monotonic() > give_up_at:
                raise click.ClickException("The run proved nothing: orders are still waiting")
            time.sleep(0.2)
        used = machine.cpu_s(roots) - cpu
        row = db.execute(
            """select count(*) filter (where o.state = 'delivered'), count(*) filter (where o.state <> 'delivered'),
                 extract(epoch from max(o.updated_at) - min(o.placed_at)),
                 percentile_cont(array[0.5, 0.95, 0.99]) within group (
                   order by extract(epoch from o.updated_at - o.placed_at) * 1000)
               from orders.orders o where o.placed_at >= %s""",
            (since,),
        ).fetchone()
        assert row is not None
        delivered, failed, wall_s, cuts = row
        return {
            "lines_per_s": float(delivered) / float(wall_s),
            "failed": float(failed),
            "p50_ms": float(cuts[0]),
            "p95_ms": float(cuts[1]),
            "p99_ms": float(cuts[2]),
            "cpu_us_per_line": used / max(1, delivered) * 1e6,
        }


def doubles(on: app.Ground) -> int:
    """Lines that were bought more than once."""
    with psycopg.connect(on.admin_dsn) as db:
        found = db.execute(
            """select count(*) from (select 1 from supply.attempt where state in ('succeeded', 'surplus')
               group by home_id, order_id, line_no having count(*) > 1) x"""
        ).fetchone()
    return int(found[0]) if found else 0
