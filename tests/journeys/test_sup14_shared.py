"""SUP14 shared codes 通用码. One code is sold 1,000 times; its stock is unlimited on the list, in the quote, in the order
and in the console alike. (A shop's list and cart come with the shop.)

    make test T=tests/journeys/test_sup14_shared.py
"""

import asyncio

from make.journey import Mall, cards, yuan

CODE = "小满请你吃饭1107"


async def test_one_code_is_sold_a_thousand_times(mall: Mall) -> None:
    sku = await mall.sku("shared_code")
    two = await mall.owner.upload(sku, "\n".join(cards(2)).encode())
    assert (two.status, two.json["code"]) == (422, "shared_code_single")
    await mall.upload(sku, [CODE], cost="0")
    await mall.price(sku, "0.5")
    buyer = await mall.buyer("600")

    async def shown() -> None:
        [product] = (await mall.server.call(buyer, "GET", "/v1/products")).json["items"]
        assert (product["unlimited"], product["low"]) == (True, False)
        lines = {"lines": [{"sku_id": sku, "quantity": 1000}]}
        quote = await mall.server.call(buyer, "POST", "/v1/quotes", lines)
        assert quote.json["amount"] == yuan("500.0000")
        stock = await mall.owner.get(f"/skus/{sku}/stock")
        assert stock["available"] == "unlimited"
        assert [b["available"] for b in stock["batches"]] == ["unlimited"]
        [batch] = (await mall.owner.get("/batches", sku_id=sku))["items"]
        assert batch["available"] == "unlimited"

    await shown()
    got: list[str] = []
    for start in range(0, 1000, 100):
        some = (mall.order(buyer, sku, no=f"s{n}") for n in range(start, start + 100))
        got += [c["secret"] for o in await asyncio.gather(*some) for c in o["lines"][0]["codes"]]
    assert len(got) == 1000
    assert set(got) == {CODE}
    await shown()
    assert (await mall.balance(buyer))["balance"] == yuan("100.0000")

    many = await mall.order(buyer, sku, 100, no="many")
    again = (await mall.server.call(buyer, "GET", f"/v1/orders/{many['id']}")).json
    for order in (many, again):
        [line] = order["lines"]
        assert (line["delivered"], line["amount"]) == (100, yuan("50.0000"))
        assert [c["secret"] for c in line["codes"]] == [CODE]
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["sold"] == 0, "its counter stands still"
