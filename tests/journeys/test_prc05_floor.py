"""PRC05, the floor 价格底线. No price is set, templated, quoted or sold under its least margin over the present cost, even
while costs jump to a third and threefold between two orders; only who has the right may say otherwise, and it is on
record. (Holding an abnormal cost for approval comes with supplier feeds.)

    make test T=tests/journeys/test_prc05_floor.py
"""

from make.journey import Mall, cards, rungs, yuan


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
