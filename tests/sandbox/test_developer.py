"""What a developer does in the console: keys of both modes, a logged call again in the sandbox, what is left of his limits, and hearing of
his own company's calls alone.

make test T=tests/sandbox/test_developer.py
"""

import asyncio
import json
from typing import Any

import httpx

from commissary.tenancy.types import BUYER_SCOPES
from make.journey import Person, cards, shopper, yuan
from make.receivers import Receiver
from make.sandbox import Pair
from make.trade import PHONE, RECEIVERS, until
from world import Buyer


async def logged(by: Person, **query: object) -> Any:
    """The newest call that matches, once it is written."""

    async def seen() -> Any:
        found = (await by.get("/own/calls", **query))["items"]
        return found[0] if found else None

    return await until(seen, 10)


async def test_a_key_of_either_mode_is_made_and_listed_from_one_page(on: Pair) -> None:
    buyer = await on.live.buyer("0")
    by = await shopper(on.live, buyer)
    asked = {"name": "my shop", "scopes": list(BUYER_SCOPES)}
    test = await by.post("/own/keys", asked | {"mode": "test"})
    live = await by.post("/own/keys", asked)
    assert (test["mode"], live["mode"]) == ("test", "live")
    assert test["id"].startswith("ck_test_")
    key = Buyer(test["id"], test["secret"], buyer.organisation, 0, None)  # type: ignore[arg-type]
    balance = (await on.live.server.call(key, "GET", "/v1/balance")).json
    assert (balance["livemode"], balance["balance"]) == (False, yuan("100000.0000"))
    assert test["id"] in [k["id"] for k in (await by.get("/own/keys", mode="test"))["items"]]
    assert test["id"] not in [k["id"] for k in (await by.get("/own/keys"))["items"]]
    revoked = await by.post(f"/own/keys/{test['id']}/revoke")
    assert revoked["revoked_at"]


async def test_a_refused_order_is_repeated_in_the_sandbox_and_never_live(on: Pair) -> None:
    live = on.live
    sku = await live.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await live.price(sku, "9.8750")
    buyer = await live.buyer("1")
    by = await shopper(live, buyer)
    order = {"client_order_no": "R-1", "sku_id": sku, "quantity": 1, "fields": {"account": "13800138000"}}
    refused = await live.server.call(buyer, "POST", "/v1/orders", order)
    assert refused.json["code"] == "insufficient_balance"
    call = await logged(by, code="insufficient_balance")
    kept = (await by.get(f"/own/calls/{call['id']}"))["request"]
    assert "13800138000" not in kept

    # The log hides the account: it is asked for again, by its place.
    answer = await by.call("POST", f"/own/calls/{call['id']}/replay", {"body": None})
    assert (answer.status, answer.json["code"]) == (422, "invalid_request")
    assert [f["path"] for f in answer.json["fields"]] == ["body.fields.account"]
    answer = await by.call("POST", f"/own/calls/{call['id']}/replay", {"body": "{"})
    assert [f["path"] for f in answer.json["fields"]] == ["body"]

    whole = json.loads(kept) | {"fields": {"account": "13800138000"}}
    done = await by.post(f"/own/calls/{call['id']}/replay", {"body": json.dumps(whole)})
    assert done["status"] == 200, done
    made = json.loads(done["body"])
    assert made["livemode"] is False
    assert done["order_id"] == made["id"]
    assert done["key_id"].startswith("ck_test_")
    again = await by.post(f"/own/calls/{call['id']}/replay", {"body": json.dumps(whole)})
    assert (again["order_id"], again["key_id"]) == (done["order_id"], done["key_id"])
    placed = await live.rows(
        "select home_id >> 10 from orders.orders where client_order_no = 'R-1' and buyer_id = %(b)s",
        {"b": buyer.organisation},
    )
    assert placed == [(on.shadow,)]
    # It is a call like any other: the sandbox's log has it, signed by the key that its page shows.
    await by.put("/me/mode", {"mode": "test"})

    async def in_the_sandbox_s_log() -> Any:
        path = f"/own/calls?key_id={done['key_id']}&route=/v1/orders"
        found = (await by.call("GET", path, headers={"Commissary-Mode": "test"})).json["items"]
        return {c["request_id"] for c in found}

    seen = await until(in_the_sandbox_s_log, 10)
    assert seen & {done["request_id"], again["request_id"]}


async def test_who_may_repeat_what(on: Pair) -> None:
    live = on.live
    one, other = await live.buyer("0"), await live.buyer("0")
    by, stranger = await shopper(live, one), await shopper(live, other)
    assert (await live.server.call(one, "GET", "/v1/orders/1")).status == 404
    call = await logged(by, code="order_not_found")
    path = f"/calls/{call['id']}/replay"
    assert await stranger.refused("POST", f"/own{path}", {"body": None}) == (404, "not_found")
    assert await stranger.refused("POST", path, {"body": None}) == (404, "not_found")
    for somebody, where in ((by, f"/own{path}"), (live.owner, path)):
        done = await somebody.post(where, {"body": None})
        assert (done["status"], done["method"], done["order_id"]) == (404, "GET", None)
    readonly = await live.sign_in("readonly")
    assert (await readonly.refused("POST", path, {"body": None}))[0] == 403


async def test_what_is_left_of_a_key_s_limits_is_what_risk_counted(on: Pair) -> None:
    live = on.live
    sku = await live.sku()
    await live.price(sku, "9.8750")
    await live.upload(sku, cards(9))
    buyer = await live.buyer("1000")
    by = await shopper(live, buyer)
    rule = {"name_zh": "日限购", "name_en": "A day", "kind": "cap", "action": "refuse"}
    params = {"per": "buyer", "quantity": 6, "window_s": 86_400}
    await live.owner.post("/risk/rules", rule | {"params": params})

    async def limits() -> Any:
        quota = await by.get("/own/quota", key_id=buyer.key_id)
        return {(limit["kind"], limit["per"]): limit for limit in quota["limits"]}

    async def known() -> Any:
        return ("cap", "buyer") in await limits()

    await until(known, 10)
    before = await limits()
    assert (before["cap", "buyer"]["used"], before["cap", "buyer"]["left"]) == (0, 6)
    assert (before["velocity", "key"]["used"], before["velocity", "key"]["limit"]) == (0, 50_000)
    await live.order(buyer, sku, 2)
    await live.order(buyer, sku, 1)
    after = await limits()
    assert (after["cap", "buyer"]["used"], after["cap", "buyer"]["left"]) == (3, 3)
    assert after["velocity", "key"]["used"] == 2
    refused = await live.ask(buyer, (sku, 4))
    assert refused.json["code"] == "risk_cap"
    assert (await limits())["cap", "buyer"]["left"] == 3
    other = await live.buyer("0")
    assert await by.refused("GET", f"/own/quota?key_id={other.key_id}") == (404, "not_found")
    seen = await live.owner.get("/quota", key_id=buyer.key_id)
    assert (seen["endpoints"], seen["most_endpoints"]) == (0, 16)


async def test_an_endpoint_of_the_sandbox_hears_of_orders_of_test_keys_alone(on: Pair) -> None:
    live = on.live
    sku = await live.sku()
    await live.price(sku, "9.8750")
    await live.upload(sku, cards(3))
    buyer = await live.buyer("100")
    by = await shopper(live, buyer)
    test = await by.post("/own/keys", {"name": "tests", "scopes": list(BUYER_SCOPES), "mode": "test"})
    key = Buyer(test["id"], test["secret"], buyer.organisation, 0, None)  # type: ignore[arg-type]
    await by.put("/me/mode", {"mode": "test"})
    receiver = await Receiver(port=RECEIVERS[0]).open()
    try:
        asked = {"url": receiver.url, "events": ["order.delivered"]}
        made = await by.call("POST", "/own/webhook-endpoints", asked, headers={"Commissary-Mode": "test"})
        assert made.status < 300, made.body
        assert (await by.get("/own/webhook-endpoints"))["items"] == []
        await live.order(buyer, sku)
        told = {"client_order_no": "T-1", "sku_id": sku, "quantity": 1, "wait_ms": 10_000}
        order = (await live.server.call(key, "POST", "/v1/orders", told)).json
        assert (order["status"], order["livemode"]) == ("delivered", False)

        async def heard() -> Any:
            return receiver.got

        await until(heard, 20)
        await asyncio.sleep(2)
        assert [got.news["order_id"] for got in receiver.got] == [order["id"]]
    finally:
        await receiver.close()


async def test_a_developer_hears_of_his_own_company_s_calls_alone(on: Pair) -> None:
    live = on.live
    one, other = await live.buyer("0"), await live.buyer("0")
    by = await shopper(live, one)
    heard: list[Any] = []
    url = f"{live.server.url}/console/v1/events"
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("GET", url, headers={"Cookie": by.cookie}) as stream,
    ):
        assert stream.status_code == 200

        async def listen() -> None:
            event = ""
            async for line in stream.aiter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    heard.append((event, json.loads(line.removeprefix("data: "))))
                    if event == "calls":
                        return

        listening = asyncio.create_task(listen())

        async def begun() -> Any:
            return any(event == "hello" for event, _ in heard)

        await until(begun, 10)
        await live.server.call(other, "GET", "/v1/balance")
        await asyncio.sleep(3)
        assert not listening.done()
        await live.server.call(one, "GET", "/v1/balance")
        await asyncio.wait_for(listening, 15)
    assert {event for event, _ in heard} <= {"hello", "calls", "resync"}
    assert heard[-1] == ("calls", {"organisation_id": str(one.organisation), "new": 1})
