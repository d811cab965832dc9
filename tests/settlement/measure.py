"""How long a large day takes: generated purchases, transfers and lines, imported by file and matched.

    PYTHONPATH=src:tests:. .venv/bin/python tests/settlement/measure.py [lines]

In a database of its own on the server of DATABASE_URL, else on an embedded one. One line in a thousand is different.
"""

import asyncio
import os
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
from rich.progress import Progress

from commissary import settlement
from commissary.base import embedded, money
from commissary.base.ids import Ids
from make.orders import world as make_world
from make.settlement import HEADER, Counter, counter
from make.tenancy import ground

LINES = 1_000_000
ONE_IN = 1_000


async def fill(made: Counter, lines: int) -> tuple[bytes, int]:
    """Purchases and their transfers by COPY; the statement's file, and the difference that it hides."""
    world, at = made.world, made.noon()
    noon_ms = int(at.timestamp() * 1000)
    ids = Ids(1, lambda: noon_ms).many(lines)
    out, hidden, total = [HEADER], 0, 0
    async with await psycopg.AsyncConnection.connect(world.house.ground.admin_dsn) as tx:
        cursor = tx.cursor()
        async with cursor.copy(
            """copy supply.attempt (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id, good_id, kind,
                 quantity, most_unit_e4, unit_cost_e4, currency, why, state, supplier_ref, cost_e4, called_at, ended_at)
               from stdin"""
        ) as copy:
            for n, id_ in enumerate(ids):
                cost = 10_000 + n % 900_000
                total += cost
                await copy.write_row(
                    (world.home, id_, id_, 1, 1, 1, 1, made.id, made.kept.supplier_id, "101", "code", 1, cost, cost, "CNY", b"",
                     "succeeded", f"S{id_}", cost, at, at)
                )  # fmt: skip
                if n % ONE_IN == 0:
                    hidden -= cost
                    continue
                if n % ONE_IN == 1:
                    cost, hidden = cost + 7, hidden + 7
                out.append(f"{id_},S{id_},101,1,{money.text(cost)},成功")
        async with cursor.copy(
            "copy ledger.transfer (home_id, id, dr_id, cr_id, amount_e4, currency, kind, at) from stdin"
        ) as copy:
            for n, id_ in enumerate(ids):
                await copy.write_row(
                    (world.home, id_, made.prepaid, made.goods, 10_000 + n % 900_000, "CNY", 8, at)
                )
        for account, amount in ((made.prepaid, -total), (made.goods, total)):
            await tx.execute(
                "update ledger.account set balance_e4 = balance_e4 + %s where id = %s", (amount, account)
            )
    async with await psycopg.AsyncConnection.connect(world.house.ground.admin_dsn, autocommit=True) as tx:
        await tx.execute("vacuum analyze supply.attempt, ledger.transfer")
    return "\n".join(out).encode("gbk"), hidden


async def measure(admin_dsn: str, lines: int) -> None:
    async with ground(admin_dsn) as on, make_world(await on.mall()) as world:
        made = await counter(world)
        file, hidden = await fill(made, lines)
        print(f"{lines:,} purchases, a file of {len(file) / 2**20:.0f} MiB, difference {money.text(hidden)}")
        with Progress() as bar:

            async def timed(name: str, work: Any, **more: Any) -> Any:
                task = bar.add_task(name, total=None)
                began = time.perf_counter()
                done = await work(
                    world.env, world.actor, made.id, made.day, **more,
                    progress=lambda n, total: bar.update(task, completed=n, total=total),
                )  # fmt: skip
                bar.console.print(f"{name}: {time.perf_counter() - began:.1f} s")
                return done

            await timed("import", settlement.import_statement, source=file)
            day = await timed("reconcile", settlement.reconcile)
            assert day.theirs_e4 - day.ours_e4 == hidden, (day, hidden)
            print(day.counts, "peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MiB")


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else LINES
    with ExitStack() as stack:
        given = os.environ.get("DATABASE_URL")
        if given is None:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "pg18"
            stack.enter_context(embedded.claim(data))
            server = embedded.start(data, settings={"shared_buffers": "256MB"})
            stack.callback(embedded.stop, server, "immediate")
            given = server.dsn("postgres")
        asyncio.run(measure(given, lines))


if __name__ == "__main__":
    main()
