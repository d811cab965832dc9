"""SUP05 pushes of suppliers 上游价格与库存变动推送. A supplier with 10,000 articles tells that one of them costs something else:
within two seconds (p95) the buyer sees the price that follows it, or what is sold no more is refused; the other 9,999
are untouched. What he did not sign changes nothing. Another mall of this kind pushes by its webhooks.

    make test T=tests/journeys/test_sup05_push.py
"""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx

from commissary.base import money
from commissary.simulators import Article, Shop
from make.journey import Mall, yuan
from make.pace import Pace
from make.sellers import CARD, Seller, seller
from make.trade import until
from world import Buyer

SKUS = 10_000
PUSHES = 60
FIRST = 1_000  # number of the first article

OFFERS = """
insert into supply.offer (mall_id, id, connection_id, good_id, sku_id, good_name, kind, unit_cost_e4, currency, stock,
  rev, seen_at, created_at)
select %(mall)s, o.id, %(connection)s, (%(first)s + n - 1)::text, sku, '卡', 'code', 80000, 'CNY', 1000, 1, now(), now()
from unnest(%(skus)s::bigint[], %(ids)s::bigint[]) with ordinality as o (sku, id, n)
returning id
"""


async def follow(mall: Mall) -> None:
    """Prices are costs and a tenth, however far they move."""
    template = await mall.owner.put("/price-templates", {"name": "+10", "base": "cost", "percent_bp": 1000})
    rule = {"book_id": await mall.book(), "scope": "mall", "limit_bp": 10_000, "template_id": template["id"]}
    await mall.owner.put("/price-follows", rule)


def pushed(made: Seller, article: Article) -> None:
    """As he tells it, to the connection's address."""
    made.shop.callback_url = made.mall.server.url + made.connection["callback_path"]
    assert made.liar.deliver is not None
    made.liar.deliver(made.liar.supplier.changed(article))  # type: ignore[attr-defined]


async def seen(mall: Mall, buyer: Buyer, sku: str) -> Any:
    path = f"/v1/products?cursor={int(sku) - 1}&size=1"
    [product] = (await mall.server.call(buyer, "GET", path)).json["items"]
    assert product["sku_id"] == sku
    return product["unit_price"]


async def within(check: Callable[[], Awaitable[object]]) -> float:
    began = time.monotonic()
    await until(check, 60, 0.02)
    return time.monotonic() - began


async def test_a_push_among_ten_thousand_is_public_in_two_seconds(mall: Mall) -> None:
    skus = await mall.many_skus(SKUS, "code")
    await mall.price(skus, "9")
    await follow(mall)
    buyer = await mall.buyer("1000000")
    with Pace() as pace:
        async with seller(mall, price_e4=80_000, pull_s=86_400) as made:
            await made.read()
            shop = made.shop
            for n in range(SKUS):
                shop.articles[FIRST + n] = Article(FIRST + n, "卡", "code", 80_000, 1_000)
            world = mall.world
            given = {"mall": world.mall, "connection": int(made.connection["id"]), "first": FIRST}
            ids = world.env.ids.many(SKUS)
            await mall.rows(OFFERS, given | {"skus": [int(s) for s in skus], "ids": ids})
            [[before]] = await mall.rows(
                "select count(*) from pricing.entry where mall_id = %s", (world.mall,)
            )
            took = []
            for n in range(PUSHES):
                article, sku = shop.articles[FIRST + n * 7], skus[n * 7]
                article.price_e4 = 81_000 + n * 100
                wanted = yuan(money.text(article.price_e4 * 11 // 10))
                pushed(made, article)

                async def there(sku: str = sku, wanted: Any = wanted) -> bool:
                    return bool(await seen(mall, buyer, sku) == wanted)

                took.append(await within(there))
            p95 = statistics.quantiles(took, n=20)[-1]
            print(
                f"push to public price: p50 {statistics.median(took):.2f} s, p95 {p95:.2f} s, {PUSHES} pushes"
            )
            assert p95 <= pace.patience(2)
            [[after]] = await mall.rows(
                "select count(*) from pricing.entry where mall_id = %s", (world.mall,)
            )
            assert after - before == PUSHES

            gone = []
            for n in range(8):
                article, sku = shop.articles[FIRST + n * 7], skus[n * 7]
                article.on_sale = False
                pushed(made, article)

                async def refused(sku: str = sku) -> bool:
                    """Asked for only when it is gone: a purchase that fails would count against the supplier."""
                    left = "select 1 from supply.shelf where sku_id = %s and unit_cost_e4 is not null"
                    if await mall.rows(left, (int(sku),)):
                        return False
                    answer = await mall.ask(buyer, (sku, 1))
                    return answer.status == 409 and answer.json["code"] == "out_of_stock"

                gone.append(await within(refused))
            print(f"push to sold no more: worst {max(gone):.2f} s")
            assert max(gone) <= pace.patience(2)
            assert (await mall.ask(buyer, (skus[7 * 8], 1))).status == 200

            # A stranger's word, and one about an article that nobody linked.
            stranger = type(made.liar.supplier)(Shop(shop.account, "f" * 32, callback_url=shop.callback_url))
            told = stranger.changed(replace(shop.articles[FIRST], price_e4=1))  # type: ignore[attr-defined]
            async with httpx.AsyncClient() as client:
                answer = await client.post(f"{told.to}{told.path}", content=told.body)
                assert (answer.status_code, answer.json()["code"]) == (401, "callback_forged")
                told = made.liar.supplier.changed(shop.articles[CARD])  # type: ignore[attr-defined]
                answer = await client.post(f"{told.to}{told.path}", content=told.body)
                assert (answer.status_code, answer.text) == (200, "ok"), (
                    "what nobody linked is heard, no more"
                )


async def test_another_mall_pushes_by_its_webhooks(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9")
    await follow(mall)
    buyer = await mall.buyer()
    with Pace() as pace:
        async with seller(mall, "commissary", price_e4=80_000, pull_s=86_400) as made:
            await mall.owner.post(f"/connections/{made.connection['id']}/subscribe")
            assert made.shop.callback_url.endswith(made.connection["callback_path"])
            await made.offer(sku)
            await made.read()
            made.shop.articles[CARD].price_e4 = 85_000
            pushed(made, made.shop.articles[CARD])

            async def there() -> bool:
                return bool(await seen(mall, buyer, sku) == yuan("9.3500"))

            await until(there, pace.patience(5))
            made.shop.articles[CARD].on_sale = False
            pushed(made, made.shop.articles[CARD])

            async def gone() -> bool:
                return (await mall.ask(buyer, (sku, 1))).status == 409

            await until(gone, pace.patience(5))
