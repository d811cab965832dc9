"""The yardsticks alone: `python -m bench ceiling`, `python -m bench naive|handwritten --dsn CONNINFO`."""

import statistics

import click
import psycopg

from bench import asks, handwritten, lists, load, machine, naive, served


@click.group()
def main() -> None:
    """Measures one yardstick by itself. The comparison is `commissary bench place`."""


@main.command()
@click.option("--seconds", default=4.0)
def ceiling(seconds: float) -> None:
    """What the load generator and uvicorn reach when nothing is done per order."""
    with served.served("bench.ceiling:app") as server:
        for connections, rate, per_request in (
            (64, None, 1),
            (256, None, 1),
            (256, 5000.0, 1),
            (8, None, 100),
        ):
            job = load.Job(
                base_url=server.base_url,
                ask=asks.Ask(
                    profile="zipf",
                    keys=naive.keys(),
                    sku_ids=naive.sku_ids(),
                    requests=int((rate or 40_000 if per_request == 1 else 1500) * seconds),
                    orders_per_request=per_request,
                ),
                connections=connections,
                seconds=seconds,
                rate_per_s=rate,
            )
            say(f"{connections} connections, {per_request} per request", job, [server.pid])


@main.command("naive")
@click.option("--dsn", required=True, help="conninfo of a superuser; the database bench_naive is made afresh")
@click.option("--driver", default="asyncpg", type=click.Choice(["asyncpg", "psycopg"]))
@click.option("--rounds", default=5)
@click.option("--seconds", default=5.0)
@click.option("--connections", default=64)
def measure_naive(dsn: str, driver: str, rounds: int, seconds: float, connections: int) -> None:
    """The naive ORM endpoint."""
    url = naive.sqlalchemy_url(naive.create(dsn), driver)
    measure("bench.naive:app", {"BENCH_NAIVE_URL": url}, dsn, rounds, seconds, connections)


@main.command("handwritten")
@click.option("--dsn", required=True, help="conninfo of a superuser; the database bench_naive is made afresh")
@click.option("--rounds", default=5)
@click.option("--seconds", default=5.0)
@click.option("--connections", default=64)
def measure_handwritten(dsn: str, rounds: int, seconds: float, connections: int) -> None:
    """One hand-written transaction per order."""
    env = {"BENCH_HANDWRITTEN_DSN": handwritten.asyncpg_dsn(naive.create(dsn))}
    measure("bench.handwritten:app", env, dsn, rounds, seconds, connections)


@main.command("lists")
@click.option("--orders", default=1_000_000)
@click.option("--rounds", default=5)
def measure_lists(orders: int, rounds: int) -> None:
    """The console's list of orders: every filter with every sort."""
    lists.run(orders, rounds)


def measure(app: str, env: dict[str, str], dsn: str, rounds: int, seconds: float, connections: int) -> None:
    try:
        with served.served(app, env) as server:
            pids = [server.pid, postmaster_pid(dsn)]
            rates = []
            for n in range(rounds + 1):
                ask = asks.Ask(
                    profile="zipf",
                    keys=naive.keys(),
                    sku_ids=naive.sku_ids(),
                    requests=int(4000 * seconds),
                    seed=n,
                )
                job = load.Job(base_url=server.base_url, ask=ask, connections=connections, seconds=seconds)
                report = say("warm-up" if n == 0 else f"round {n}", job, pids)
                rates += [report.orders_per_s] if n else []
            click.echo(f"median {statistics.median(rates):.0f} orders/s")
    finally:
        naive.drop(dsn)


def say(label: str, job: load.Job, pids: list[int]) -> load.Report:
    report, cpu_s = load.measure(job, lambda: machine.cpu_s(pids))
    orders = max(1, report.accepted)
    click.echo(
        f"{label:32} {report.orders_per_s:8.0f} orders/s  p50 {report.p50_ms:.1f}  p99 {report.p99_ms:.1f} ms  "
        f"server {cpu_s / orders * 1e6:.0f}  generator {report.cpu_s / orders * 1e6:.0f} µs/order  "
        f"{report.statuses} {report.refusals or ''}"
    )
    return report


def postmaster_pid(dsn: str) -> int:
    """Parent of the backend that serves us; the server must run on this machine."""
    with psycopg.connect(dsn, autocommit=True) as db:
        stat = machine.read_stat(db.info.backend_pid)
    if stat is None:
        raise click.UsageError("PostgreSQL does not run on this machine")
    return stat[0]


if __name__ == "__main__":
    main()
