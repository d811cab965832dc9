"""`commissary demo`: the main job end to end in a fresh mall, over real HTTP, then the books are checked. Some of the orders
are for goods that the mall has not got and buys from suppliers: simulators of three protocols behind sockets, one of which lies."""

import asyncio
import json
import secrets
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import click

from commissary import app, catalog, insight, partners, pricing, simulators, stock, tenancy
from commissary.base import money, settings
from commissary.catalog.types import SkuDraft
from commissary.cli import example_suppliers, reach
from commissary.cli.example_mall import SCOPES, open_buyer
from commissary.cli.example_orders import signed
from commissary.cli.malls import open_mall
from commissary.cli.serve import Server, bound
from commissary.pricing.types import Ladder
from commissary.stock.types import ImportOptions
from commissary.tenancy.types import Actor

AT_ONCE = 64
TRIES = 3
SUPPLIED_ONE_IN = 20
PROTOCOLS = ("kasushou", "acg_faka", "kakayun")
LIAR = "kakayun"
ARTICLE = 101


@click.command()
@click.option(
    "--orders",
    default=2000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How often the distributor buys.",
)
@reach.json_option
@click.option("--keep", is_flag=True, help="Leave the folder behind and say where it is.")
def demo(orders: int, as_json: bool, keep: bool) -> None:
    """Import a card file, price it, let a distributor buy over signed HTTP, deliver, check the books; then exit.

    Runs in a throw-away folder with a PostgreSQL of its own, or in a fresh mall on DATABASE_URL.
    """
    folder = Path(tempfile.mkdtemp(prefix="commissary-demo-"))
    read = settings.read(data=folder, port=0)
    listen = bound(read)
    port = listen.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    read = replace(read, port=port, public_url=url, address=url)
    say = (lambda _: None) if as_json else reach.console.print
    try:
        on = app.ground(read, say)
        try:
            told = reach.run(story(read, on, listen, orders, say))
        finally:
            on.leave()
    finally:
        if keep:
            reach.console.print(f"left in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if as_json:
        click.echo(json.dumps(told))
    else:
        for name, value in told.items():
            reach.console.print(f"  {name:>20}  {value}")
    clean = told["audit"] == "clean" and told["ledger_sum_e4"] == 0
    clean = clean and told["codes_duplicated"] == 0 and told["purchases_doubled"] == 0
    raise SystemExit(0 if clean else 1)


async def story(
    read: settings.Settings, on: app.Ground, listen: Any, orders: int, say: Any
) -> dict[str, Any]:
    """The main job; what is counted comes from the answers over HTTP, from the suppliers' own books and from the audit, not
    from our own hopes."""
    stands = [
        example_suppliers.Stand(
            protocol,
            f"演示供应商 {protocol}",
            (simulators.Article(ARTICLE, "演示卡 10元", "code", money.parse("8"), orders),),
            lies=protocol == LIAR,
        )
        for protocol in PROTOCOLS
    ]
    async with example_suppliers.standing(stands, str(8 * (orders + 1))) as suppliers:
        allow = read.outgoing_allow | {("127.0.0.1", one.port) for one in suppliers}
        async with app.platform(replace(read, outgoing_allow=allow), on) as platform:
            return await _story(platform, read.public_url, on, listen, orders, say, suppliers)


async def _story(
    platform: app.Platform,
    url: str,
    on: app.Ground,
    listen: Any,
    orders: int,
    say: Any,
    suppliers: list[example_suppliers.Open],
) -> dict[str, Any]:
    env = platform.env
    made = await open_mall(
        env,
        on.admin_dsn,
        slug=f"demo-{secrets.token_hex(4)}",
        name="Demo 演示",
        owner_email="owner@example.com",
        owner_name="Owner",
        owner_password=secrets.token_urlsafe(12),
    )
    actor = Actor(made.mall_id, "cli", "demo", made.organisation_id, tenancy.permissions_of("owner"))
    sku = await _sku(platform, actor, orders, say)
    supplied = [await _supplied(platform, actor, sku, one, say) for one in suppliers]
    buyer = await open_buyer(env, actor, "演示分销商", None, "0", str(orders * 10))
    view, secret = await partners.issue_key(env, actor, buyer, name="demo", scopes=SCOPES)
    server = Server(platform, listen)
    till = Till(url, view.id, secret, str(sku.id), [str(one) for one in supplied])
    serving = asyncio.create_task(server.serve(sockets=[listen]))
    await server.listening.wait()
    say(f"A distributor buys {orders:,} times over {url}")
    bought, pace = await till.buy(orders)
    found = await insight.audit(env)
    server.should_exit = True
    await serving
    audit = "broken" if insight.broken(found) else "clean"
    return bought | told_by(suppliers) | {"ledger_sum_e4": await _ledger_sum(on), "audit": audit} | pace


def told_by(suppliers: list[example_suppliers.Open]) -> dict[str, Any]:
    """What the suppliers' own books say of our purchases."""
    books = [one.shop.books() for one in suppliers]
    return {
        "suppliers": ", ".join(
            f"{one.stand.protocol} {sum(kept.sold.values())}" + (f" ({one.lied} lies)" if one.lied else "")
            for one, kept in zip(suppliers, books, strict=True)
        ),
        "purchases": sum(sum(kept.sold.values()) for kept in books),
        "purchases_doubled": sum(len(kept.doubles) for kept in books),
    }


@dataclass(frozen=True)
class Goods:
    id: int
    brand_id: int
    product_id: int
    book_id: int


async def _sku(platform: app.Platform, actor: Actor, orders: int, say: Any) -> Goods:
    """A brand, a SKU, a card file in the vault, a price."""
    env = platform.env
    brand = await catalog.add_brand(
        env, actor, name_zh="演示品牌", name_en=f"Demo brand {secrets.token_hex(3)}"
    )
    product = await catalog.add_product(env, actor, brand_id=brand.id, name_zh="演示卡", name_en="Demo card")
    sku = await _listed(platform, actor, product.id, "DEMO-1", "演示卡 10元", "Demo card, 10 CNY")
    # A tenth of the file is a repetition, as files of the trade are.
    unique = [
        f"DEMO{i:010d}----{secrets.token_hex(4).upper()}K{secrets.token_hex(4).upper()}"
        for i in range(orders)
    ]
    lines = unique + unique[: orders // 10]
    with reach.progress() as bar:
        task = bar.add_task("card file", total=len(lines))
        report = await stock.import_codes(
            env,
            actor,
            actor.mall_id,
            sku,
            "\n".join(lines).encode(),
            ImportOptions(unit_cost_e4=money.parse("8.5"), source="demo", expires_on=date(2030, 12, 31)),
            file_name="cards.txt",
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    say(f"Imported {report.imported:,} codes, {report.repeated_in_file:,} repeated lines left out")
    async with env.db.transaction(actor.mall_id) as tx:
        book = await pricing.open_book(tx, env, actor, "list", "list")
    await pricing.set_prices(
        env, actor, book.id, {sku: Ladder((1, 10), (money.parse("9.8750"), money.parse("9.5")))}
    )
    return Goods(sku, brand.id, product.id, book.id)


async def _supplied(
    platform: app.Platform, actor: Actor, like: Goods, one: example_suppliers.Open, say: Any
) -> int:
    """A SKU of which the mall has nothing, and who sells it to the mall."""
    protocol = one.stand.protocol
    sku = await _listed(
        platform,
        actor,
        like.product_id,
        f"DEMO-{protocol}",
        f"演示卡 10元（{protocol}）",
        f"Demo card from {protocol}",
    )
    price = Ladder((1,), (money.parse("9.8750"),))
    await pricing.set_prices(platform.env, actor, like.book_id, {sku: price})
    await example_suppliers.connect(
        platform, actor, one, {ARTICLE: sku}, {like.brand_id: "演示品牌"}, AT_ONCE
    )
    lies = ", and does not always say the truth" if one.stand.lies else ""
    say(f"Connected a supplier who speaks {protocol} at {one.url}{lies}")
    return sku


async def _listed(
    platform: app.Platform, actor: Actor, product_id: int, code: str, name_zh: str, name_en: str
) -> int:
    draft = SkuDraft(
        product_id=product_id,
        code=code,
        name_zh=name_zh,
        name_en=name_en,
        kind="code",
        instrument_class="specific_item_voucher",
        issuer="演示品牌",
        redeem_scope="issuer",
        registered=False,
        tax_category="modern_service",
    )
    sku = await catalog.create_sku(platform.env, actor, draft)
    await catalog.list_sku(platform.env, actor, sku.id, sku.version)
    return sku.id


@dataclass
class Till:
    """A distributor's program: signed single orders, AT_ONCE at a time; one in twenty is for goods that a supplier has, of
    each in turn."""

    url: str
    key_id: str
    secret: str = field(repr=False)
    sku_id: str
    supplied_ids: list[str]
    accepted: int = 0
    refused: int = 0
    waiting: int = 0
    supplied: int = 0
    seconds: list[float] = field(default_factory=list)
    supplied_s: list[float] = field(default_factory=list)
    seen: list[tuple[str | None, str]] = field(default_factory=list, repr=False)

    async def buy(self, orders: int) -> tuple[dict[str, int], dict[str, float]]:
        """What was bought, and how fast; orders that wait for the supplier are timed apart."""
        numbers, run = iter(range(orders)), secrets.token_hex(4)
        began = time.perf_counter()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

            async def one_after_another() -> None:
                for number in numbers:
                    turn, rest = divmod(number, SUPPLIED_ONE_IN)
                    whose = None if rest else self.supplied_ids[turn % len(self.supplied_ids)]
                    await self._one(session, f"{run}-{number}", whose)

            await asyncio.gather(*(one_after_another() for _ in range(min(AT_ONCE, orders))))
        wall = time.perf_counter() - began
        bought = {
            "orders": orders,
            "accepted": self.accepted,
            "refused": self.refused,
            "waiting": self.waiting,
            "codes_delivered": len(self.seen),
            "codes_duplicated": len(self.seen) - len(set(self.seen)),
        }
        return bought, {
            "seconds": round(wall, 3),
            "orders_per_second": round(orders / wall, 1),
            "p50_ms": _cut(self.seconds, 50),
            "p99_ms": _cut(self.seconds, 99),
            "supplied": self.supplied,
            "supplied_p95_ms": _cut(self.supplied_s, 95),
        }

    async def _one(self, session: aiohttp.ClientSession, number: str, supplied_id: str | None) -> None:
        asked = {"client_order_no": number, "sku_id": supplied_id or self.sku_id, "quantity": 1}
        supplied = supplied_id is not None
        body = json.dumps(asked | ({"wait_ms": 20_000} if supplied else {})).encode()
        began = time.perf_counter()
        for _ in range(TRIES):
            async with session.post(
                f"{self.url}/v1/orders", data=body, headers=signed(self.key_id, self.secret, body)
            ) as answer:
                order = await answer.json(content_type=None)
            if answer.status != 200 or order["status"] != "processing":
                break  # else again, with the same number: the same order as it is then
        (self.supplied_s if supplied else self.seconds).append(time.perf_counter() - began)
        if answer.status == 200 and order["status"] == "delivered":
            self.accepted += 1
            self.supplied += supplied
            self.seen.extend((c.get("number"), c["secret"]) for line in order["lines"] for c in line["codes"])
        elif answer.status == 200 and order["status"] == "processing":
            self.waiting += 1
        else:
            self.refused += 1


def _cut(seconds: list[float], percent: int) -> float:
    """That percentile, in milliseconds; of nothing, nothing."""
    if len(seconds) < 2:
        return round(sum(seconds) * 1000, 2)
    return round(statistics.quantiles(seconds, n=100)[percent - 1] * 1000, 2)


async def _ledger_sum(on: app.Ground) -> int:
    """All balances of the installation, which must come to nothing."""
    import psycopg

    async with await psycopg.AsyncConnection.connect(on.admin_dsn) as tx:
        found = await (
            await tx.execute("select coalesce(sum(balance_e4), 0)::bigint from ledger.account")
        ).fetchone()
    return int(found[0]) if found else 0
