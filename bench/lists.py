"""The console's list of orders over a million of them: every documented filter with every sort, and the totals.

    python -m bench lists            # an installation of its own, thrown away; prints a table

The orders are made by SQL, not placed: what is measured reads them only. They are as unevenly spread as real ones: SKUs and
buyers by zipf, one order in ten bought from suppliers, one in fifty not delivered, over four months.
"""

import asyncio
import os
import random
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench import machine
from commissary import tenancy
from commissary.base import crypto, db, embedded, migrate
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.ids import Ids, first_at
from commissary.orders.listing import OrderQuery, list_orders, order_totals
from commissary.tenancy.types import Actor

BUYERS, SKUS, SUPPLIERS = 1000, 1000, 20
DAYS = 120
AIM_MS, TOTALS_MS = 80, 500


def run(orders: int = 1_000_000, rounds: int = 5) -> None:
    folder = Path(tempfile.mkdtemp(prefix="commissary-lists-"))
    data = folder / "pg"
    with embedded.claim(data):
        server = embedded.start(data)
        try:
            asyncio.run(measure(server.dsn("commissary"), folder, orders, rounds))
        finally:
            embedded.stop(data, "immediate")
    shutil.rmtree(folder, ignore_errors=True)


async def measure(dsn: str, folder: Path, orders: int, rounds: int) -> None:
    keys = crypto.load_keys(folder / "keys")
    migrate.migrate(dsn, keys.passwords)
    database = db.Database(migrate.dsns(dsn, keys.passwords))
    await database.open()
    ids = Ids(1, lambda: time.time_ns() // 1_000_000)
    env = Env(database, ids, keys)
    try:
        founded = await tenancy.found_mall(
            dsn, ids, slug="lists", name="Lists", owner_email="o@example.com", owner_name="O",
            owner_password=secrets.token_urlsafe(12), at=env.clock(), currency="CNY",
        )  # fmt: skip
        began = time.monotonic()
        fill(dsn, home_of(founded.mall_id), founded.mall_id, orders)
        print(f"{orders:,} orders made in {time.monotonic() - began:.0f} s", file=sys.stderr)
        actor = Actor(
            founded.mall_id, "cli", "bench", founded.organisation_id, tenancy.permissions_of("owner")
        )
        await table(env, actor, rounds, Clock(dsn))
    finally:
        await database.close()


def fill(dsn: str, home: int, mall: int, orders: int) -> None:
    """As the superuser: buyers, goods, orders with one or two lines, attempts at suppliers."""
    now = datetime.now(UTC)
    low = first_at(int((now - timedelta(days=DAYS)).timestamp() * 1000))
    step = ((first_at(int(now.timestamp() * 1000)) - low) // orders) | 1
    facts = {"home": home, "mall": mall, "low": low, "step": step, "n": orders, "buyers": BUYERS}
    facts |= {"skus": SKUS, "suppliers": SUPPLIERS, "from": now - timedelta(days=DAYS), "days": DAYS}
    with psycopg.connect(dsn, autocommit=True) as tx:
        tx.execute("select orders.make_partitions(%s, 6)", [now - timedelta(days=DAYS)])
        tx.execute("select setseed(0.5)")
        for text in FILL:
            tx.execute(text, facts)
        for name in (
            "orders.orders",
            "orders.line",
            "supply.attempt",
            "orders.idempotency",
            "catalog.sku",
            "tenancy.organisation",
        ):
            tx.execute(f"vacuum (analyze) {name}")


# Of n: the rank by zipf with exponent 1, of a uniform number.
ZIPF = "least(%({n})s, floor(exp(random() * ln(%({n})s + 1)))::int)"
FILL = [
    """insert into tenancy.organisation (mall_id, id, kind, name, home_id, created_at)
       select %(mall)s, i, 'buyer', 'Buyer ' || i, %(home)s, now() from generate_series(1, %(buyers)s) i""",
    """insert into partners.buyer (mall_id, id, account_id, updated_at)
       select %(mall)s, i, i, now() from generate_series(1, %(buyers)s) i""",
    """insert into catalog.brand (mall_id, id, name_zh, name_en, fingerprint_scope, created_at)
       values (%(mall)s, 1, '品牌', 'Brand', 'bench', now())""",
    """insert into catalog.product (mall_id, id, brand_id, name_zh, name_en, created_at)
       values (%(mall)s, 1, 1, '商品', 'Product', now())""",
    """insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, created_at, updated_at)
       select %(mall)s, i, 1, 'S-' || i, '商品', 'Product', 'code', now(), now() from generate_series(1, %(skus)s) i""",
    f"""create temp table made as
       select %(low)s + i * %(step)s as id, {ZIPF.format(n="buyers")} as buyer, {ZIPF.format(n="skus")} as sku,
         case when random() < 0.9 then 'stock' when random() < 0.8 then 'supply' else 'manual' end as mode,
         random() as fate, random() as luck, (random() * random() * 5000000)::bigint / 500 * 500 + 10000 as amount, i
       from generate_series(1, %(n)s) i""",
    """insert into orders.orders (home_id, id, buyer_id, account_id, key_id, channel, client_order_no, amount_e4, currency,
         state, verdict, decision_id, events, placed_at, updated_at)
       select %(home)s, id, buyer, buyer, 'ck', case when luck < 0.05 then 'acg-faka' when luck < 0.06 then 'kakayun' else 'api' end,
         'PO-' || buyer || '-' || lpad(i::text, 8, '0'), amount, 'CNY',
         case when fate < 0.980 then 'delivered' when fate < 0.985 then 'processing' when fate < 0.990 then 'cancelled'
              when fate < 0.995 then 'failed' when fate < 0.998 then 'partially_delivered' when fate < 0.9985 then 'review'
              when fate < 0.9995 then 'scheduled' else 'reversed' end,
         case when luck > 0.995 then 'review' else 'allow' end, id - 1, 1,
         %(from)s + i * (%(days)s * interval '1 day') / %(n)s, now()
       from made""",
    f"""insert into orders.line (home_id, order_id, line_no, sku_id, sku_version, quantity, delivered, unit_price_e4, amount_e4,
         price_source, tax_category, fund_mode, mode, state)
       select %(home)s, id, n, case n when 1 then sku else {ZIPF.format(n="skus")} end, 1, 1, 1, amount, amount, 'list', 'c',
         'principal', mode, 'delivered'
       from made cross join generate_series(1, 2) n where n = 1 or made.i %% 5 = 0""",
    # Keys that no number leads to: they are looked through, as those of other buyers would be.
    """insert into orders.idempotency (home_id, key, body, order_id)
       select %(home)s, decode(md5(i::text), 'hex'), decode(md5('b' || i), 'hex'), id from made""",
    f"""insert into supply.attempt (home_id, id, order_id, line_no, n, sku_id, offer_id, connection_id, supplier_id, good_id, kind,
         quantity, most_unit_e4, unit_cost_e4, currency, why, state, called_at, ended_at)
       select %(home)s, id, id, 1, 1, sku, 1, 1, {ZIPF.format(n="suppliers")}, 'g', 'code', 1, 1, 1, 'CNY', '', 'succeeded',
         now(), now()
       from made where mode = 'supply'""",
]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    name: str
    query: OrderQuery


def asked(now: datetime) -> Iterator[Asked]:
    """Every filter alone, common and rare; then pairs and triples, chosen by a seed."""
    day = timedelta(days=1)
    one: dict[str, dict[str, Any]] = {
        "-": {},
        "status common": {"status": ("delivered",)},
        "status rare": {"status": ("review", "reversed")},
        "status several": {"status": ("processing", "failed", "cancelled", "delivered")},
        "buyer great": {"buyer_id": 1},
        "buyer small": {"buyer_id": 900},
        "sku hot": {"sku_id": 1},
        "sku cold": {"sku_id": 950},
        "supplier": {"supplier_id": 1},
        "supplier small": {"supplier_id": 19},
        "channel common": {"channel": "api"},
        "channel rare": {"channel": "kakayun"},
        "placed 1 day": {"placed_from": now - 9 * day, "placed_to": now - 8 * day},
        "placed 30 days": {"placed_from": now - 60 * day, "placed_to": now - 30 * day},
        "amount narrow": {"amount_min_e4": 2_000_000, "amount_max_e4": 2_002_000},
        "amount great": {"amount_min_e4": 4_800_000},
        "amount wide": {"amount_min_e4": 100_000, "amount_max_e4": 4_000_000},
        "mode common": {"mode": "stock"},
        "mode rare": {"mode": "manual"},
        "verdict common": {"verdict": "allow"},
        "verdict rare": {"verdict": "review"},
        "client no": {"q": "PO-1-00000010"},
        "order no": {"q": "2700"},
    }
    for name, facts in one.items():
        yield Asked(name, OrderQuery(**facts))
    chance = random.Random(7)
    names = [n for n in one if n != "-"]
    for size in (2, 2, 3):
        for _ in range(30):
            chosen = chance.sample(names, size)
            if len({n.split()[0] for n in chosen}) < size:
                continue
            facts = {}
            for name in chosen:
                facts |= one[name]
            yield Asked(" + ".join(chosen), OrderQuery(**facts))


SORTS = ("-created_at", "created_at", "-amount", "amount")


class Clock:
    """Wall time, and CPU of PostgreSQL and this process: what another machine's load does not change."""

    def __init__(self, dsn: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as tx:
            stat = machine.read_stat(tx.info.backend_pid)
        assert stat is not None
        self.pids = [stat[0], os.getpid()]

    async def of(self, rounds: int, work: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
        """Milliseconds of one, after one that is not counted: (the median's wall, the mean's CPU)."""
        await work()
        took, cpu = [], machine.cpu_s(self.pids)
        for _ in range(rounds):
            began = time.perf_counter()
            await work()
            took.append((time.perf_counter() - began) * 1000)
        return statistics.median(took), (machine.cpu_s(self.pids) - cpu) * 1000 / rounds


async def table(env: Env, actor: Actor, rounds: int, clock: Clock) -> None:
    """A line per filter: how many match, CPU of a page for each sort, CPU of the totals; then both over all."""
    pages: list[tuple[float, float]] = []
    totals: list[tuple[float, float]] = []
    print(f"{'filter':46} {'orders':>9} {' '.join(f'{s:>12}' for s in SORTS)} {'totals':>8}   CPU ms")
    for ask in list(asked(env.clock())):
        row = []
        for sort in SORTS:

            async def page(sort: str = sort, query: OrderQuery = ask.query) -> None:
                await list_orders(env, actor, query, sort=sort, cursor=None, size=50)

            row.append(await clock.of(rounds, page))

        async def sums(query: OrderQuery = ask.query) -> None:
            await order_totals(env, actor, query)

        summed = await clock.of(max(2, rounds // 2), sums)
        total = (await order_totals(env, actor, ask.query)).total
        told = " ".join(f"{cpu:12.1f}" for _, cpu in row)
        print(f"{ask.name:46} {total:9,} {told} {summed[1]:8.1f}", flush=True)
        pages += row
        totals.append(summed)
    for name, found, aim in (("a page", pages, AIM_MS), ("totals", totals, TOTALS_MS)):
        for what, n in (("CPU", 1), ("wall", 0)):
            times = sorted(t[n] for t in found)
            p95 = times[int(len(times) * 0.95)]
            print(
                f"{name}, {what}: median {statistics.median(times):.1f}, p95 {p95:.1f}, worst {times[-1]:.1f} ms (aim {aim})"
            )
