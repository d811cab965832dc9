"""PRC05, the floor 价格底线. No price is set, templated, quoted or sold under its least margin over the present cost, even
while costs jump to a third and threefold between two orders; only who has the right may say otherwise, and it is on
record. A supplier's cost that falls by 60 % or trebles is held: no price moves and nothing is bought until a person has
taken it.

    make test T=tests/journeys/test_prc05_floor.py
"""

import asyncio
from typing import Any

import pytest

from make.journey import Mall, cards, rungs, yuan
from make.sellers import CARD, seller
from make.trade import until


async def test_nothing_goes_out_under_the_floor(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(10), cost="5", expires_on="2028-12-31")
    await mall.owner.put("/floors", {"margin_bp": 1_000})  # 10 % for the whole mall: 5.50
    book, buyer = await mall.book(), await mall.buyer("1000")

    async def set_to(*ladder: str, **more: object) -> tuple[int, str]:
        steps = dict(zip((1, 10, 50), ladder, strict=False))
        wanted = {"book_id": book, "prices": [{"sku_id": sku, "rungs": rungs(steps)}]}
        answer = await mall.owner.call("POST", "/prices", wanted | more)
        return answer.status, answer.json.get("code", "set")

    assert await set_to("5.4999") == (409, "below_floor")
    assert await set_to("9", "5.4999") == (409, "below_floor"), "each rung counts"
    assert await set_to("5.5") == (201, "set")
    assert (await mall.order(buyer, sku))["lines"][0]["unit_price"] == yuan("5.5000")

    # Threefold: the dearer codes expire sooner, so they are what the next order takes.
    await mall.upload(sku, cards(10), cost="15", expires_on="2027-12-31")
    for pieces in (1, 10):
        lost = await mall.ask(buyer, (sku, pieces))
        assert (lost.status, lost.json["code"]) == (409, "below_floor")
    quoted = {"lines": [{"sku_id": sku, "quantity": 1}]}
    quote = await mall.server.call(buyer, "POST", "/v1/quotes", quoted)
    assert (quote.status, quote.json["code"]) == (409, "below_floor")
    template = {"name": "贴近成本", "base": "list", "percent_bp": 500}
    at = f"/price-templates/{(await mall.owner.put('/price-templates', template))['id']}"
    asked = {"book_id": book, "sku_ids": [sku]}
    shown = await mall.owner.post(f"{at}/preview", asked)
    [row] = shown["rows"]
    assert (row["outcome"], row["new"], row["floor"]) == ("below_floor", None, yuan("16.5000"))
    assert (await mall.owner.post(f"{at}/apply", asked | {"hash": shown["hash"]}))["change"] is None
    assert (await mall.balance(buyer))["balance"] == yuan("994.5000")

    assert await set_to("16.4999") == (409, "below_floor")
    assert await set_to("16.5") == (201, "set")
    assert (await mall.order(buyer, sku, 10))["lines"][0]["unit_price"] == yuan("16.5000")

    # A third of it: cheaper codes come in; the old ones are still there, and the dearest open lot is the cost.
    await mall.upload(sku, cards(10), cost="2", expires_on="2027-06-30")
    assert await set_to("5.4999") == (409, "below_floor")
    assert await set_to("5.5") == (201, "set")
    await mall.order(buyer, sku, 10)
    await mall.order(buyer, sku, 9)
    sold = await mall.rows(
        """select count(*) from orders.line where home_id = %s and unit_price_e4 * quantity < cost_e4 * 1.1""",
        (mall.world.home,),
    )
    assert sold == [(0,)]

    # One SKU's own floor, and a person who may go under it.
    await mall.upload(sku, cards(10), cost="10")
    await mall.owner.put("/floors", {"margin_bp": 2_000, "sku_id": sku})
    assert await set_to("11.5") == (409, "below_floor")
    buys = await mall.sign_in("purchasing")
    wanted = {"book_id": book, "prices": [{"sku_id": sku, "rungs": rungs({1: "9"})}], "override_floor": True}
    assert await buys.refused("POST", "/prices", wanted) == (403, "forbidden")
    assert await buys.refused("PUT", "/floors", {"margin_bp": 0}) == (403, "forbidden")
    assert await set_to("9", override_floor=True, reason="清仓") == (201, "set")
    still = await mall.ask(buyer, (sku, 1))
    assert (still.status, still.json["code"]) == (409, "below_floor"), "set, but not sold at a loss"
    [act] = [e for e in (await mall.owner.get("/audit"))["items"] if e["action"] == "pricing.change"][:1]
    assert (act["after"]["override_floor"], act["after"]["reason"]) == (True, "清仓")


@pytest.mark.parametrize(("jumped_e4", "then"), [(32_000, "3.5200"), (240_000, "26.4000")])
async def test_a_cost_that_jumps_waits_for_a_person(mall: Mall, jumped_e4: int, then: str) -> None:
    """Pushed by the supplier: 8.00 falls to 3.20, or trebles. The price follows costs by a tenth, however far they move."""
    sku = await mall.sku()
    await mall.price(sku, "8.8")
    await mall.owner.put("/floors", {"margin_bp": 500})
    template = await mall.owner.put("/price-templates", {"name": "+10", "base": "cost", "percent_bp": 1000})
    rule = {"book_id": await mall.book(), "scope": "mall", "limit_bp": 10_000, "template_id": template["id"]}
    await mall.owner.put("/price-follows", rule)
    buyer = await mall.buyer("1000")
    async with seller(mall, price_e4=80_000, pull_s=86_400) as him:
        offer = await him.offer(sku)
        await him.read()
        article = him.shop.articles[CARD]
        article.price_e4 = jumped_e4
        him.shop.callback_url = mall.server.url + him.connection["callback_path"]
        assert him.liar.deliver is not None
        him.liar.deliver(him.liar.supplier.changed(article))  # type: ignore[attr-defined]

        async def held() -> Any:
            [now] = [o for o in (await mall.owner.get("/offers"))["items"] if o["id"] == offer["id"]]
            return now if now["held_cost"] else None

        now = await until(held, 20)
        assert (now["unit_cost"], now["held_cost"]) == (
            yuan("8.0000"),
            yuan(f"{jumped_e4 / 10_000:.4f}"),
        )

        async def refused() -> Any:
            answer = await mall.ask(buyer, (sku, 1))
            return answer if answer.status == 409 else None

        assert (await until(refused, 10)).json["code"] == "out_of_stock"
        await asyncio.sleep(2)  # longer than what a push takes to be public
        assert await priced(mall, sku) == yuan("8.8000")
        assert (await mall.owner.get("/price-proposals"))["items"] == []
        clerk = await mall.sign_in("fulfilment")
        taken = {"accept_held": True}
        assert (await clerk.refused("PATCH", f"/offers/{offer['id']}", taken))[0] == 403
        await mall.owner.patch(f"/offers/{offer['id']}", taken)

        if jumped_e4 > 2 * 80_000:  # a move beyond its rule's limit is asked about once more

            async def asked() -> Any:
                return (await mall.owner.get("/price-proposals"))["items"]

            [proposal] = await until(asked, 20)
            assert (proposal["why"], await priced(mall, sku)) == ("over_limit", yuan("8.8000"))
            await mall.owner.post(f"/price-proposals/{proposal['id']}/decide", {"approve": True})

        async def followed() -> bool:
            return bool(await priced(mall, sku) == yuan(then))

        await until(followed, 20)

        async def sold() -> Any:
            answer = await mall.ask(buyer, (sku, 1))
            return answer.json if answer.status == 200 else None

        order = await until(sold, 10)
        assert order["lines"][0]["unit_price"] == yuan(then)


async def priced(mall: Mall, sku: str) -> Any:
    return (await mall.owner.get(f"/skus/{sku}/prices"))["items"][0]["rungs"][0]["unit_price"]
