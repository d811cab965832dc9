"""PRC02 price per customer 客户协议价. Two customers with different contracts ask the same endpoints and see different
prices; with every documented call, and with every id of the other in it, neither gets the other's price.

    make test T=tests/journeys/test_prc02_own_prices.py
"""

import json
import re
from typing import Any

from make.journey import Mall, cards, yuan
from world import Buyer

PRICES = {"mine": "7.1357", "theirs": "6.8246"}


async def test_two_contracts_and_every_documented_call(mall: Mall) -> None:
    sku, secret_goods = await mall.sku(), await mall.sku()
    for each in (sku, secret_goods):
        await mall.upload(each, cards(20))
    await mall.price(sku, "9.9000")
    mine, theirs = await mall.buyer(name="Mine"), await mall.buyer(name="Theirs")
    await mall.price(sku, PRICES["mine"], buyer=mine)
    await mall.price(sku, PRICES["theirs"], buyer=theirs)
    await mall.price(secret_goods, PRICES["theirs"], buyer=theirs)  # sold to him alone

    async def seen(buyer: Buyer, price: str) -> dict[str, Any]:
        quoted = {"lines": [{"sku_id": sku, "quantity": 2}]}
        products = (await mall.server.call(buyer, "GET", "/v1/products")).json["items"]
        quote = (await mall.server.call(buyer, "POST", "/v1/quotes", quoted)).json
        order = await mall.order(buyer, sku, 1, no="same-number")
        assert {p["sku_id"]: p["unit_price"] for p in products}[sku] == yuan(price)
        assert quote["lines"][0]["unit_price"] == yuan(price)
        assert order["lines"][0]["unit_price"] == yuan(price)
        return {"products": products, "quote": quote, "order": order}

    own = await seen(mine, PRICES["mine"])
    other = await seen(theirs, PRICES["theirs"])
    assert {p["sku_id"] for p in own["products"]} == {sku}
    assert {p["sku_id"] for p in other["products"]} == {sku, secret_goods}

    # Every call of the document, by the one with the other's ids.
    spec = (await mall.server.raw("GET", "/openapi.json", b"", {})).json
    hooked = {"url": "https://example.com/hook"}
    endpoint = (await mall.server.call(theirs, "POST", "/v1/webhook-endpoints", hooked)).json["endpoint"]
    asked = {"name": "theirs", "sku_ids": [sku, secret_goods]}
    told = (await mall.server.call(theirs, "PUT", "/v1/price-subscriptions", asked)).json
    ids = {
        "order_id": other["order"]["id"],
        "sheet_id": other["order"]["id"],
        "endpoint_id": endpoint["id"],
        "delivery_id": endpoint["id"],
        "subscription_id": told["id"],
        "line_no": "1",
        "purchase_id": other["order"]["id"],
        "offer_id": secret_goods,
    }
    bodies = [
        {},
        {"lines": [{"sku_id": secret_goods, "quantity": 1}]},
        {"client_order_no": "steal", "sku_id": secret_goods, "quantity": 1},
        {"client_order_no": "steal", "sku_id": sku, "quantity": 1, "quote_id": other["quote"]["id"]},
        {"orders": [{"client_order_no": "s1", "sku_id": sku, "quote_id": other["quote"]["id"]}]},
        {"lines": [{"sku_id": sku, "quantity": 1}], "buyer_id": str(theirs.organisation)},
        {"url": "https://example.com/mine"},
        {"name": "mine", "sku_ids": [secret_goods], "threshold_bp": 0},
    ]
    calls = 0
    for template, operations in spec["paths"].items():
        if not template.startswith("/v1/"):
            continue
        path = re.sub(r"\{(\w+)[^}]*\}", lambda m: ids[m[1]], template)
        queries = ["", f"?buyer_id={theirs.organisation}", f"?organisation_id={theirs.organisation}"]
        queries += [f"?cursor={int(secret_goods) - 1}", "?client_order_no=same-number"]
        for method in operations:
            for sent in [None] if method == "get" else bodies:
                for query in queries if method == "get" else [""]:
                    answer = await mall.server.call(mine, method.upper(), path + query, sent)
                    calls += 1
                    assert answer.status < 500, (method, path, answer.body)
                    assert PRICES["theirs"].encode() not in answer.body, (method, path, sent, answer.body)
    assert calls > 100
    assert len((await mall.server.call(theirs, "GET", "/v1/orders")).json["items"]) == 1
    assert PRICES["theirs"] in json.dumps((await mall.server.call(theirs, "GET", "/v1/orders")).json)
