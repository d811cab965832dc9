"""Not a test: 500 connections with 200 offers each, over 10,000 SKUs: pulled with nothing new, and with every
cost moved.

PYTHONPATH=src:tests:. python tests/supply/measure_pull.py [connections] [offers each]
"""

import asyncio
import contextlib
import sys
import time

import psycopg
import tests.conftest as throw_away

from commissary import supply
from commissary.simulators import Article
from make.orders import world as make_world
from make.supply import Trade
from make.tenancy import ground as make_ground

SKUS = 10_000


async def main(count: int, each: int) -> None:
    with contextlib.contextmanager(throw_away.admin_dsn.__wrapped__)() as dsn:
        async with make_ground(dsn) as ground, make_world(await ground.mall()) as world:
            trade = Trade(world)
            first_sku = await world.sku(98_750)
            skus = [first_sku, *world.env.ids.many(SKUS - 1)]
            with psycopg.connect(ground.admin_dsn, autocommit=True) as admin:
                admin.execute(
                    """insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, instrument_class,
                         issuer, redeem_scope, registered, tax_category, status, created_at, updated_at)
                       select s.mall_id, i, s.product_id, 'c' || i, '卡', 'card', 'code', s.instrument_class, 'i', 'issuer',
                         false, 'goods', 'listed', now(), now()
                       from catalog.sku s, unnest(%s::bigint[]) i where s.id = %s""",
                    (skus[1:], first_sku),
                )
            first = await trade.supplier(price_e4=90_000)
            await trade.offer(first, skus[0])
            for _ in range(count - 1):
                await trade.supplier(price_e4=90_000)
            for supplier in trade.suppliers.values():
                for n in range(each):
                    supplier.shop.articles[1_000 + n] = Article(1_000 + n, f"卡 {n}", "code", 90_000, 100)
            with psycopg.connect(ground.admin_dsn, autocommit=True) as admin:
                admin.execute(
                    """insert into supply.offer (mall_id, id, connection_id, good_id, sku_id, kind, unit_cost_e4, currency,
                         stock, rev, seen_at, created_at)
                       select c.mall_id, c.id + n, c.id, (1000 + n)::text, (%(skus)s::bigint[])[1 + (c.k * %(each)s + n) %% %(all)s],
                         'code', 90000, 'CNY', 100, 1, now(), now()
                       from (select *, row_number() over (order by id) as k from supply.connection) c,
                         generate_series(0, %(each)s - 1) n
                       on conflict do nothing""",
                    {"skus": skus, "each": each, "all": SKUS},
                )
                admin.execute("analyze supply.offer")
            await pull(trade, "first, names new")
            world.travel(seconds=301)
            await pull(trade, "nothing new")
            for supplier in trade.suppliers.values():
                for article in supplier.shop.articles.values():
                    article.price_e4 += 1_000
            world.travel(seconds=301)
            await pull(trade, "every cost new")


async def pull(trade: Trade, name: str) -> None:
    purchasing = trade.buying.purchasing
    began = time.monotonic()
    begun = await supply.pull(trade.world.env, purchasing)
    await asyncio.gather(*purchasing.pulls, return_exceptions=True)
    [[seen, wrong]] = await trade.world.rows(
        "select sum(seen), count(*) filter (where error <> '') from supply.pull"
    )
    print(f"{name}: {begun} connections, {seen} articles, {wrong} failed, {time.monotonic() - began:.1f} s")


asyncio.run(main(*(int(a) for a in sys.argv[1:]) if len(sys.argv) > 2 else (500, 200)))
