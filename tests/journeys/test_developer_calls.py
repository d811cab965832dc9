"""The developer's workbench 开发者工作台. A buyer's programmer sees what his program called: every call counted, refusals with their
code, what was asked without anybody's data, and the way from a call to its order and the webhook about it. The mall's developer
sees all companies, another buyer none of it.

    make test T=tests/journeys/test_developer_calls.py
"""

import asyncio
import json
from typing import Any

from make.journey import Mall, cards, shopper
from make.trade import PHONE, listen, until
from world import Buyer

OWN = "/own"


async def test_a_programmer_finds_what_his_program_did(mall: Mall) -> None:
    sku, codes = await mall.sku(), cards(40)
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(sku, codes, cost="5")
    await mall.price([sku, topup], "9.50")
    buyer, other = await mall.buyer("1000"), await mall.buyer("10")
    ear = await listen(mall, buyer.organisation)
    me, stranger, staff = (
        await shopper(mall, buyer),
        await shopper(mall, other),
        await mall.sign_in("developer"),
    )
    for n in range(30):
        await mall.order(buyer, sku, no=f"ok-{n}")
    await mall.order(buyer, sku, no="told-1")
    too_much = await mall.ask(other, (sku, 5), no="poor-1")
    assert too_much.json["code"] == "insufficient_balance"
    phone = {
        "client_order_no": "bad-1",
        "sku_id": topup,
        "fields": {"account": "13812345678", "x": "13800001111"},
    }
    assert (await mall.server.call(buyer, "POST", "/v1/orders", phone)).status == 422
    assert (await mall.server.call(buyer, "GET", "/v1/orders/12345")).status == 404
    assert (await mall.server.call(buyer, "GET", "/v1/balance")).status == 200
    forger = Buyer(buyer.key_id, "sk_" + "x" * 43, buyer.organisation, buyer.account, None)  # type: ignore[arg-type]
    assert (await mall.server.call(forger, "GET", "/v1/balance")).status == 401

    async def counted() -> Any:
        found = await me.get(f"{OWN}/calls/stats")
        return found if found["calls"] >= 35 else None

    stats = await until(counted)
    assert (stats["calls"], stats["refused"]) == (35, 3)
    groups = {(g["route"], g["status"], g["code"]): g["calls"] for g in stats["groups"]}
    assert groups["POST /v1/orders", 200, ""] == 31, "every call is counted"
    assert groups["GET /v1/orders/{order_id}", 404, "order_not_found"] == 1
    assert groups["GET /v1/balance", 401, "bad_signature"] == 1
    assert 1 <= stats["p50_ms"] <= stats["p95_ms"] <= stats["p99_ms"]

    refused = (await me.get(f"{OWN}/calls", refused="true"))["items"]
    assert [c["code"] for c in refused] == ["bad_signature", "order_not_found", "invalid_request"]
    assert {c["ip"] for c in refused} == {"127.0.0.1"}
    for which, found in (
        ("status=422", ["invalid_request"]),
        ("status=401", ["bad_signature"]),
        ("method=POST&refused=true", ["invalid_request"]),
        ("path=/v1/orders/&refused=true", ["order_not_found"]),
        ("path=/v1/orders_", []),
    ):
        assert [c["code"] for c in (await me.get(f"{OWN}/calls?{which}"))["items"]] == found, which
    assert await me.refused("GET", f"{OWN}/calls?status=20") == (422, "invalid_request")
    [bad] = (await me.get(f"{OWN}/calls", q="bad-1"))["items"]
    assert (bad["idempotency_key"], bad["key_id"], bad["method"]) == ("bad-1", buyer.key_id, "POST")
    full = await me.get(f"{OWN}/calls/{bad['id']}")
    assert json.loads(full["refusal"])["code"] == "invalid_request"
    asked = json.loads(full["request"])
    assert asked["sku_id"] == topup
    assert set(asked["fields"]) == {"account", "x"}

    # From a call to its order and what was told of it.
    await until(lambda: heard(ear, "order.delivered"))
    [told] = (await me.get(f"{OWN}/calls", q="told-1"))["items"] or [None]
    if told is not None:  # of calls that went well a sample is kept
        linked = await me.get(f"{OWN}/calls/{told['id']}")
        [order] = linked["order_ids"]
        assert (await me.get(f"{OWN}/orders/{order}"))["client_order_no"] == "told-1"
        assert "order.delivered" in {d["event"] for d in linked["deliveries"]}

    # Whose they are.
    assert {c["code"] for c in (await stranger.get(f"{OWN}/calls"))["items"]} == {"insufficient_balance"}
    assert await stranger.refused("GET", f"{OWN}/calls/{bad['id']}") == (404, "not_found")
    seen = (await staff.get("/calls", size=200))["items"]
    assert {c["organisation_id"] for c in seen} == {str(buyer.organisation), str(other.organisation)}
    assert (await staff.get(f"/calls/{bad['id']}"))["call"]["id"] == bad["id"]
    assert await me.refused("GET", "/audit") == (403, "forbidden")

    # Nothing of it is secret.
    kept = json.dumps([[str(v) for v in r] for r in await mall.rows("select * from insight.call", [])])
    hidden = [
        *codes,
        "13812345678",
        "13800001111",
        buyer.secret.decode() if isinstance(buyer.secret, bytes) else buyer.secret,
    ]
    assert [word for word in hidden if word in kept] == []
    await ear.receiver.close()


async def heard(ear: Any, kind: str) -> bool:
    await asyncio.sleep(0)
    return bool(ear.heard(kind))


async def test_a_call_that_went_well_says_by_what_it_is_found(mall: Mall) -> None:
    buyer = await mall.buyer("10")
    me = await shopper(mall, buyer)
    for path in ("/v1/products", "/v1/balance", "/v1/webhook-endpoints"):
        answer = await mall.server.call(buyer, "GET", path)
        [request] = answer.headers.getall("Commissary-Request-Id")

        async def found(request: str = request) -> Any:
            return (await me.get(f"{OWN}/calls", q=request))["items"]

        [row] = await until(found)
        assert (row["path"], row["status"], row["request_id"]) == (path, 200, request)
        await asyncio.sleep(1.1)  # of what goes well two calls a second are kept
