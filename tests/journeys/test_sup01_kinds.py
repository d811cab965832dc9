"""SUP01 one product model 统一商品模型. A code, a link, a top-up that asks for three fields and a bundle are made in the
console; the API refuses an order that leaves a field out, and names it; all four are delivered in one order.

    make test T=tests/journeys/test_sup01_kinds.py
"""

from typing import Any

from make.journey import Mall, cards, yuan

FIELDS = [
    {"name": "account", "label_zh": "充值账号", "label_en": "Account", "type": "phone", "target": True},
    {
        "name": "server",
        "label_zh": "区服",
        "label_en": "Server",
        "type": "choice",
        "choices": ["华东", "华南"],
    },
    {"name": "nick", "label_zh": "昵称", "label_en": "Nickname", "required": False, "max_length": 20},
]


async def test_four_kinds_are_delivered_in_one_order(mall: Mall) -> None:
    code, link = await mall.sku("code"), await mall.sku("link")
    topup = await mall.sku("topup", fields=FIELDS, instrument_class="direct_topup")
    parts = [{"sku_id": code, "quantity": 2}, {"sku_id": link, "quantity": 1}]
    bundle = await mall.sku("bundle", components=parts)
    secrets, links = cards(3), [f"https://gift.example.com/{c}" for c in cards(2)]
    await mall.upload(code, secrets)
    await mall.upload(link, links)
    for sku, price in ((code, "9"), (link, "8"), (topup, "30"), (bundle, "25")):
        await mall.price(sku, price)
    buyer = await mall.buyer("100")

    shown = (await mall.server.call(buyer, "GET", "/v1/products")).json["items"]
    assert {p["kind"] for p in shown} == {"code", "link", "topup", "bundle"}
    [asks] = [p["fields"] for p in shown if p["kind"] == "topup"]
    assert [f["name"] for f in asks] == ["account", "server", "nick"]

    def order(no: str, fields: dict[str, str]) -> dict[str, Any]:
        lines: list[dict[str, Any]] = [{"sku_id": s, "quantity": 1} for s in (code, link, topup, bundle)]
        lines[2]["fields"] = fields
        return {"client_order_no": no, "lines": lines}

    full = {"account": "138 0013 8000", "server": "华东", "nick": "小林"}
    for missing in ("account", "server"):
        left = {k: v for k, v in full.items() if k != missing}
        no = await mall.server.call(buyer, "POST", "/v1/orders", order("one", left))
        assert (no.status, no.json["code"]) == (422, "invalid_request")
        assert [f["path"] for f in no.json["fields"]] == [f"lines[2].fields.{missing}"]
        assert "缺少" in no.json["fields"][0]["message"]
    assert (await mall.balance(buyer))["balance"] == yuan("100.0000")

    placed = await mall.server.call(buyer, "POST", "/v1/orders", order("one", full))
    assert placed.status == 200, placed.body
    assert placed.json["status"] == "processing"
    path = f"/v1/orders/{placed.json['id']}"
    [waiting] = [line for line in placed.json["lines"] if line["status"] == "waiting"]
    assert (waiting["sku_id"], waiting["target"]) == (topup, "****8000")

    # The operator tops up by hand and says so.
    clerk = await mall.sign_in("fulfilment")
    [work] = (await clerk.get("/work"))["items"]
    at = "/".join(("/work", work["order_id"], str(work["line_no"])))
    await clerk.post(f"{at}/claim", {})
    told = await clerk.post(f"{at}/fields")
    assert told["fields"] == {"account": "13800138000", "server": "华东", "nick": "小林"}
    await clerk.post(f"{at}/deliver", {"quantity": 1, "receipt": "T-1"}, Idempotency_Key="t1")

    done = (await mall.server.call(buyer, "GET", path)).json
    assert done["status"] == "delivered"
    assert {line["status"] for line in done["lines"]} == {"delivered"}
    of = [(line["sku_id"], line.get("bundle_id"), len(line.get("codes", []))) for line in done["lines"]]
    assert of == [(code, None, 1), (link, None, 1), (topup, None, 0), (code, bundle, 2), (link, bundle, 1)]
    assert done["lines"][2]["receipts"] == ["T-1"]
    got = [c["secret"] for line in done["lines"] for c in line.get("codes", [])]
    assert sorted(got) == sorted(secrets + links)
    assert (await mall.balance(buyer))["balance"] == yuan("28.0000")
