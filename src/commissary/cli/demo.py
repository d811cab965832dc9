"""`commissary demo`: the main job end to end in a fresh mall, over real HTTP, then the books are checked."""

import asyncio
import hashlib
import hmac
import json
import secrets
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import click

from commissary import app, catalog, insight, partners, pricing, stock, tenancy
from commissary.base import money, settings
from commissary.catalog.types import SkuDraft
from commissary.cli import reach
from commissary.cli.example_mall import SCOPES, open_buyer
from commissary.cli.malls import open_mall
from commissary.cli.serve import Server, bound
from commissary.pricing.types import Ladder
from commissary.stock.types import ImportOptions
from commissary.tenancy.types import Actor

AT_ONCE = 64


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
    clean = told["audit"] == "clean" and told["codes_duplicated"] == 0 and told["ledger_sum_e4"] == 0
    raise SystemExit(0 if clean else 1)


async def story(
    read: settings.Settings, on: app.Ground, listen: Any, orders: int, say: Any
) -> dict[str, Any]:
    """The main job; what is counted comes from the answers over HTTP and from the audit, not from our own hopes."""
    async with app.platform(read, on) as platform:
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
        buyer = await open_buyer(env, actor, "演示分销商", None, "0", str(orders * 10))
        view, secret = await partners.issue_key(env, actor, buyer, name="demo", scopes=SCOPES)
        server = Server(platform, listen)
        serving = asyncio.create_task(server.serve(sockets=[listen]))
        await server.listening.wait()
        say(f"A distributor buys {orders:,} times over {read.public_url}")
        bought, pace = await _buy(read.public_url, view.id, secret, str(sku), orders)
        found = await insight.audit(env)
        server.should_exit = True
        await serving
    audit = "broken" if insight.broken(found) else "clean"
    return bought | {"ledger_sum_e4": await _ledger_sum(on), "audit": audit} | pace


async def _sku(platform: app.Platform, actor: Actor, orders: int, say: Any) -> int:
    """A brand, a SKU, a card file in the vault, a price."""
    env = platform.env
    brand = await catalog.add_brand(
        env, actor, name_zh="演示品牌", name_en=f"Demo brand {secrets.token_hex(3)}"
    )
    product = await catalog.add_product(env, actor, brand_id=brand.id, name_zh="演示卡", name_en="Demo card")
    draft = SkuDraft(
        product_id=product.id,
        code="DEMO-1",
        name_zh="演示卡 10元",
        name_en="Demo card, 10 CNY",
        kind="code",
        instrument_class="specific_item_voucher",
        issuer="演示品牌",
        redeem_scope="issuer",
        registered=False,
        tax_category="modern_service",
    )
    sku = await catalog.create_sku(env, actor, draft)
    await catalog.list_sku(env, actor, sku.id, sku.version)
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
            sku.id,
            "\n".join(lines).encode(),
            ImportOptions(unit_cost_e4=money.parse("8.5"), source="demo", expires_on=date(2030, 12, 31)),
            file_name="cards.txt",
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    say(f"Imported {report.imported:,} codes, {report.repeated_in_file:,} repeated lines left out")
    async with env.db.transaction(actor.mall_id) as tx:
        book = await pricing.open_book(tx, env, actor, "list", "list")
    await pricing.set_prices(
        env, actor, book.id, {sku.id: Ladder((1, 10), (money.parse("9.8750"), money.parse("9.5")))}
    )
    return sku.id


async def _buy(
    url: str, key_id: str, secret: str, sku_id: str, orders: int
) -> tuple[dict[str, int], dict[str, float]]:
    """Signed single orders, AT_ONCE at a time: what was bought, and how fast."""
    numbers = iter(range(orders))
    seconds: list[float] = []
    seen: list[tuple[str | None, str]] = []
    accepted = refused = 0
    run = secrets.token_hex(4)

    async def one_after_another(session: aiohttp.ClientSession) -> None:
        nonlocal accepted, refused
        for number in numbers:
            body = json.dumps(
                {"client_order_no": f"{run}-{number}", "sku_id": sku_id, "quantity": 1}
            ).encode()
            began = time.perf_counter()
            async with session.post(
                f"{url}/v1/orders", data=body, headers=_signed(key_id, secret, body)
            ) as answer:
                order = await answer.json(content_type=None)
            seconds.append(time.perf_counter() - began)
            if answer.status == 200 and order["status"] == "delivered":
                accepted += 1
                seen.extend(
                    (code.get("number"), code["secret"]) for line in order["lines"] for code in line["codes"]
                )
            else:
                refused += 1

    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        await asyncio.gather(*(one_after_another(session) for _ in range(min(AT_ONCE, orders))))
    wall = time.perf_counter() - began
    cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [seconds[0]] * 99
    bought = {
        "orders": orders,
        "accepted": accepted,
        "refused": refused,
        "codes_delivered": len(seen),
        "codes_duplicated": len(seen) - len(set(seen)),
    }
    return bought, {
        "seconds": round(wall, 3),
        "orders_per_second": round(orders / wall, 1),
        "p50_ms": round(cuts[49] * 1000, 2),
        "p99_ms": round(cuts[98] * 1000, 2),
    }


def _signed(key_id: str, secret: str, body: bytes) -> dict[str, str]:
    at, nonce = str(int(time.time())), secrets.token_hex(16)
    message = f"POST\n/v1/orders\n\n{at}\n{nonce}\n{hashlib.sha256(body).hexdigest()}"
    return {
        "Content-Type": "application/json",
        "Commissary-Key": key_id,
        "Commissary-Timestamp": at,
        "Commissary-Nonce": nonce,
        "Commissary-Signature": hmac.new(secret.encode(), message.encode(), "sha256").hexdigest(),
    }


async def _ledger_sum(on: app.Ground) -> int:
    """All balances of the installation, which must come to nothing."""
    import psycopg

    async with await psycopg.AsyncConnection.connect(on.admin_dsn) as tx:
        found = await (
            await tx.execute("select coalesce(sum(balance_e4), 0)::bigint from ledger.account")
        ).fetchone()
    return int(found[0]) if found else 0
