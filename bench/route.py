"""What whom-to-buy-from costs: 500 suppliers, 100,000 offers, ten of them for each of 10,000 SKUs.

Three places pay for it: placing an order (which looks up what a piece costs at the cheapest), the choice when a line is
bought, and reading again when something changed. The mall is read from PostgreSQL as a server reads it; what is timed is
CPU of one thread, so that what else runs on the machine counts little.
"""

import gc
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec
import psycopg
from rich.console import Console
from rich.table import Table

from bench import machine, mall, product
from commissary import app, pricing, supply, tenancy
from commissary.base import db, money
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.cli import example_papers, reach
from commissary.orders import book as books
from commissary.orders import place
from commissary.orders import store as order_store
from commissary.pricing.types import Ladder
from commissary.supply import shelf, store
from commissary.supply.market import Market
from commissary.supply.offers import note_goods
from commissary.supply.types import Good, Offer, Request, Response, Silence, Wish

SUPPLIERS, SKUS, PER_SKU = 500, 10_000, 10
LOOKS = 20_000  # a side and round
BRAND = "Bench"
PROTOCOL = "kasushou"


class Result(msgspec.Struct, frozen=True):
    """CPU µs, medians over the rounds; `start` and `change` in ms of wall clock: what a process waits for."""

    machine: machine.Facts
    rounds: int
    suppliers: int
    offers: int
    place_adds_p50_us: float
    choose_p50_us: float
    choose_p99_us: float
    market_mb: float
    start_market_ms: float
    start_book_ms: float
    start_server_s: float
    change_market_ms: float
    change_book_ms: float


@dataclass(frozen=True)
class Shop:
    """Who sells what: every SKU from PER_SKU of the connections."""

    made: mall.Mall
    skus: Sequence[int]
    connections: Sequence[int]


def run(rounds: int, as_json: bool, *, suppliers: int = SUPPLIERS, skus: int = SKUS) -> Result:
    """Measures and prints. The keyword arguments make the run smaller for tests; figures are those of the defaults."""
    with (
        product.interruptible(),
        product.installation() as here,
        product.ground(here) as on,
        product.stepping() as step,
    ):
        shop = reach.run(_shop(here, on, suppliers, skus, step))
        product.settle(on.admin_dsn, checkpoint=False)
        found = reach.run(_measured(here, on, shop, rounds, step))
        began = time.monotonic()
        with product.serving(here, on):
            started_s = time.monotonic() - began
        result = Result(
            machine=machine.facts(on.admin_dsn),
            rounds=rounds,
            suppliers=suppliers,
            offers=skus * PER_SKU,
            start_server_s=round(started_s, 2),
            **found,
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        sys.stdout.flush()
        return result
    table = Table("", "median", title=f"{suppliers:,} suppliers, {result.offers:,} offers, {rounds} rounds")
    table.columns[1].justify = "right"
    for name, told in TOLD.items():
        table.add_row(told, f"{getattr(result, name):,.2f}")
    Console().print(table)
    return result


TOLD = {
    "place_adds_p50_us": "CPU µs that offers add to placing a line, p50",
    "choose_p50_us": "CPU µs of a choice among ten, the record of it included, p50",
    "choose_p99_us": "CPU µs of a choice among ten, p99",
    "market_mb": "MB of memory, all suppliers and offers of the mall",
    "start_market_ms": "ms until a process that begins knows the suppliers",
    "start_book_ms": "ms until a process that begins can place orders",
    "start_server_s": "s from start to ready of a server",
    "change_market_ms": "ms to read again when one offer has changed, buying",
    "change_book_ms": "ms to read again when one offer has changed, placing",
}


# --- the mall -----------------------------------------------------------------------------------------------------


async def _shop(
    here: product.Installation, on: app.Ground, suppliers: int, skus: int, step: mall.Step
) -> Shop:
    """Goods of which nothing is in stock; every supplier has his papers, and his share of the goods."""
    async with app.environment(here.read, on) as env:
        made = await mall.make(env, on.admin_dsn, skus=1, buyers=1, step=step)
        ids = _copies(on, made, env, skus)
        await _price(env, made, ids)
        async with env.db.transaction(made.actor.mall_id) as tx:
            found = await db.row(tx, "select brand_id from catalog.product limit 1", ())
        assert found is not None

        async def connect(n: int) -> int:
            company = await example_papers.open_supplier(env, made.actor)
            await example_papers.authorise(env, made.actor, company, found[0], BRAND)
            draft = supply.ConnectionDraft(
                name=f"{BRAND} {n}",
                base_url=f"https://supplier-{n}.example",
                account="buyer-1",
                secret="0123456789abcdef0123456789abcdef",  # noqa: S106 - of nobody
                at_once=64,
            )
            kept = await supply.add_connection(env, made.actor, draft, supplier_id=company, protocol=PROTOCOL)
            return kept.id

        connections = await mall.each("suppliers", range(suppliers), connect, step)
        await _offers(env, made, ids, connections, step)
        return Shop(made, ids, connections)


def _copies(on: app.Ground, made: mall.Mall, env: Env, count: int) -> list[int]:
    """The mall's one SKU so many times more."""
    ids = [env.ids.new() for _ in range(count)]
    with psycopg.connect(on.admin_dsn) as admin:
        admin.execute(
            """insert into catalog.sku select (jsonb_populate_record(s, jsonb_build_object('id', n.id, 'code',
                 'ROUTE-' || n.id))).* from catalog.sku s, unnest(%(ids)s) as n (id)
               where s.mall_id = %(mall)s and s.id = %(sku)s""",
            {"ids": Bigints(ids), "mall": made.actor.mall_id, "sku": made.sku_ids[0]},
        )
    return ids


async def _price(env: Env, made: mall.Mall, skus: Sequence[int]) -> None:
    ladder = Ladder((1,), (money.parse("10.0000"),))
    async with env.db.transaction(made.actor.mall_id) as tx:
        found = await db.row(tx, "select id from pricing.book where kind = 'list'", ())
    assert found is not None
    for first in range(0, len(skus), 1_000):
        await pricing.set_prices(
            env, made.actor, found[0], dict.fromkeys(skus[first : first + 1_000], ladder)
        )


async def _offers(
    env: Env, made: mall.Mall, skus: Sequence[int], connections: Sequence[int], step: mall.Step
) -> None:
    """Every SKU from PER_SKU suppliers; a connection's in one change, as when it is read for the first time."""
    chance, company = random.Random(1), made.actor.mall_id
    at = env.now(company)
    for n, connection in enumerate(connections):
        new = [
            Offer(
                id=env.ids.new(),
                connection_id=connection,
                good_id=str(place),
                sku_id=skus[place],
                good_name=f"Bench card {place}",
                kind="code",
                unit_cost_e4=chance.randrange(75_000, 95_000),
                currency="CNY",
                stock=chance.choice((None, 0, 1_000, 1_000)),
                on_sale=chance.random() < 0.95,
                least=1,
                most=None,
                field_map={},
                weight=100,
                canary_bp=0,
                warranty_hours=0,
                held_cost_e4=None,
                state="on",
                rev=0,
                seen_at=at,
                created_at=at,
            )
            for place in _served(n, len(connections), len(skus))
        ]
        async with env.db.transaction(company) as tx:
            rev = await tenancy.raise_epoch(tx, company)
            await store.put_offers(tx, company, connection, new, rev, at)
            await shelf.lay_out(tx, env, company, [o.sku_id for o in new], rev)
        step("offers", n + 1, len(connections))


def _served(n: int, connections: int, skus: int) -> list[int]:
    """Places of the SKUs that the n-th supplier has: each SKU is had by PER_SKU of them."""
    return [sku for sku in range(skus) if (n - sku) % connections < PER_SKU]


# --- what is measured ---------------------------------------------------------------------------------------------


async def _measured(
    here: product.Installation, on: app.Ground, shop: Shop, rounds: int, step: mall.Step
) -> dict[str, float]:
    company = shop.made.actor.mall_id
    async with app.environment(here.read, on) as env:
        rows: list[dict[str, float]] = []
        for n in range(rounds):
            rows.append(await _round(env, shop, n))
            step("rounds", n + 1, rounds)
        megabytes = await _memory(env, company)
    medians = {name: round(statistics.median(row[name] for row in rows), 2) for name in rows[0]}
    return medians | {"market_mb": megabytes}


async def _round(env: Env, shop: Shop, n: int) -> dict[str, float]:
    company = shop.made.actor.mall_id
    market, market_ms = await _timed(_market(env, company))
    book, book_ms = await _timed(books.load(env.db, company))
    row = {"start_market_ms": market_ms, "start_book_ms": book_ms}
    row |= _choices(market, shop, n) | _lookups(book, shop, n)
    await _move(env, shop, n)
    async with env.db.transaction(company) as tx:
        _, row["change_market_ms"] = await _timed(market.refresh(tx, env))
    _, row["change_book_ms"] = await _timed(books.load(env.db, company, book))
    return row


async def _timed(work: Awaitable[mall.T]) -> tuple[mall.T, float]:
    """(its result, ms of wall clock)"""
    began = time.perf_counter()
    made = await work
    return made, (time.perf_counter() - began) * 1_000


async def _market(env: Env, company: int) -> Market:
    return await supply.Purchasing(env, transport=lambda _: _nowhere).reload(company)


async def _nowhere(_: Request) -> Response:
    raise Silence(sent=False)


def _choices(market: Market, shop: Shop, seed: int) -> dict[str, float]:
    """Single choices, with their records: what one line pays."""
    chance = random.Random(seed)
    wishes = [Wish(1, 1, chance.choice(shop.skus), 1, 95_000) for _ in range(LOOKS)]
    took: list[int] = []
    for wish in wishes:
        at = chance.randrange(10_000)
        began = time.thread_time_ns()
        made = market.choose(wish, (), at, 1.0)
        took.append(time.thread_time_ns() - began)
        assert len(made.why) == PER_SKU
    took.sort()
    return {
        "choose_p50_us": took[len(took) // 2] / 1_000,
        "choose_p99_us": took[len(took) * 99 // 100] / 1_000,
    }


def _lookups(book: books.Book, shop: Shop, seed: int) -> dict[str, float]:
    """Where the pieces of a line come from, with the offers and without: the difference is what placing pays."""
    chance = random.Random(seed)
    parts = [
        place.Part(book.cards[sku], 1, 100_000, 100_000, "list", None)
        for sku in chance.choices(shop.skus, k=LOOKS)
    ]
    without = replace(book, costs={})
    return {"place_adds_p50_us": max(0.0, _looked_up(parts, book) - _looked_up(parts, without))}


def _looked_up(parts: Sequence[place.Part], book: books.Book) -> float:
    """CPU µs a line, the median of hundreds: one alone is shorter than the clock can tell."""
    view = order_store.View(
        now=datetime.now(UTC),
        at_ms=0,
        epoch=book.epoch,
        fenced=True,
        accounts={},
        revenue=order_store.AccountView(0, 0, "open"),
        lots={},
        quotes={},
        most_lots=8,
    )
    took = []
    for first in range(0, len(parts), 100):
        began = time.thread_time_ns()
        for part in parts[first : first + 100]:
            place.source_of(part, "delivered", view, book)
        took.append((time.thread_time_ns() - began) / 100_000)
    return statistics.median(took)


async def _move(env: Env, shop: Shop, n: int) -> None:
    """One supplier tells of another cost for one article."""
    company, connection = shop.made.actor.mall_id, shop.connections[0]
    good = Good(
        str(_served(0, len(shop.connections), len(shop.skus))[0]), "Bench card", "code", 70_001 + n, True
    )
    assert await note_goods(env, company, connection, [good], env.now(company))


async def _memory(env: Env, company: int) -> float:
    gc.collect()
    tracemalloc.start()
    market = await _market(env, company)
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert market.offers
    return round(used / 1e6, 1)
