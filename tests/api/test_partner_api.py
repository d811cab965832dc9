"""The partner API over real HTTP: goods at the buyer's own prices, quotes, balance, both ways to authenticate."""

import asyncio
import base64
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from commissary import ledger
from commissary.ledger.buyers import add_buyer
from world import Ground, Served, World


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mall(world_ground: Ground) -> AsyncIterator[tuple[World, Served]]:
    world = await world_ground.world()
    async with world.serve() as served:
        yield world, served
    await world.close()


async def _token(served: Served, buyer: Any) -> str:
    pair = base64.b64encode(f"{buyer.key_id}:{buyer.secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
    got = await served.raw("POST", "/oauth/token", b"grant_type=client_credentials", headers)
    assert got.status == 200, got.body
    return str(got.json["access_token"])


async def test_products_are_those_with_a_price_for_this_buyer(mall: tuple[World, Served]) -> None:
    world, served = mall
    mine, other = await world.buyer(), await world.buyer()
    listed, contract, unpriced, draft = [await world.sku() for _ in range(3)] + [
        await world.sku(status="draft")
    ]
    bundle = await world.sku("bundle", parts=[(listed, 2)])
    topup = await world.sku("topup")
    for sku in (listed, draft, bundle, topup):
        await world.price(sku, "9.50")
    await world.price(contract, ladder={1: "8", 10: "7"}, buyer=mine)
    await world.stock(listed, 5)
    seen = {}
    path = "/v1/products?size=1"
    while path:
        got = await served.call(mine, "GET", path)
        assert got.status == 200, got.body
        assert len(got.json["items"]) == 1
        seen |= {item["sku_id"]: item for item in got.json["items"]}
        following = got.json["next"]
        path = f"/v1/products?size=1&cursor={following}" if following else ""
    assert set(seen) == {str(s) for s in (listed, contract, bundle, topup)}
    assert seen[str(contract)]["unit_price"] == {"amount": "8.0000", "currency": "CNY"}
    assert [r["minimum"] for r in seen[str(contract)]["prices"]] == [1, 10]
    assert (seen[str(listed)]["available"], seen[str(bundle)]["available"]) == (5, 2)
    assert seen[str(topup)]["available"] == 10_000
    theirs = (await served.call(other, "GET", "/v1/products")).json["items"]
    assert {p["sku_id"] for p in theirs} == {str(s) for s in (listed, bundle, topup)}
    assert str(unpriced) not in seen


async def test_both_authentications_reach_every_reading_endpoint(mall: tuple[World, Served]) -> None:
    world, served = mall
    buyer = await world.buyer(balance_e4=50_0000)
    sku = await world.sku()
    await world.price(sku, "2.50")
    bearer = {"Authorization": f"Bearer {await _token(served, buyer)}", "Content-Type": "application/json"}
    for path in ("/v1/products", "/v1/balance", "/v1/statements", "/v1/orders", "/v1/webhook-endpoints"):
        signed = await served.call(buyer, "GET", path)
        by_token = await served.raw("GET", path, b"", bearer)
        assert (signed.status, by_token.status) == (200, 200), (path, signed.body, by_token.body)
        assert signed.json == by_token.json
    body = {"lines": [{"sku_id": str(sku), "quantity": 3}]}
    made = await served.call(buyer, "POST", "/v1/quotes", body)
    assert made.status == 201, made.body
    assert made.json["amount"]["amount"] == "7.5000"


async def test_every_operation_is_told_in_both_languages(mall: tuple[World, Served]) -> None:
    _, served = mall
    spec = (await served.raw("GET", "/openapi.json", b"", {})).json
    operations = [o for item in spec["paths"].values() for o in item.values()]
    assert len(operations) > 20
    assert [o["operationId"] for o in operations if not o.get("x-summary-zh")] == []
    assert spec["paths"]["/v1/orders"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert "409" not in spec["paths"]["/v1/balance"]["get"]["responses"]


async def test_what_is_wrong_is_named(mall: tuple[World, Served]) -> None:
    world, served = mall
    buyer = await world.buyer()
    sku = str(await world.sku())

    def order(**changes: Any) -> dict[str, Any]:
        return {"client_order_no": "n", "lines": [{"sku_id": sku, "quantity": 1} | changes]}

    cases: list[tuple[str, Any, int, str]] = [
        ("/v1/orders", order(quantity=0), 422, "lines[0].quantity"),
        ("/v1/orders", order(quantity=-1), 422, "lines[0].quantity"),
        ("/v1/orders", order(quantity=10**30), 422, "lines[0].quantity"),
        ("/v1/orders", order(colour="red"), 422, "lines[0].colour"),
        ("/v1/orders", order(sku_id="9" * 19), 422, "sku_id"),
        ("/v1/orders", order() | {"quote_id": "9" * 19}, 422, "quote_id"),
        ("/v1/quotes", {"lines": [{"sku_id": sku, "quantity": 0}]}, 422, "quantity"),
        ("/v1/quotes", {"lines": [{"sku_id": "9" * 19, "quantity": 1}]}, 422, "sku_id"),
        ("/v1/webhook-endpoints", {"url": "https://a\x00b.example", "events": None}, 422, ""),
    ]
    for path, body, status, field in cases:
        got = await served.call(buyer, "POST", path, body)
        assert got.status == status, (path, body, got.body)
        assert field in str(got.json.get("fields")), got.body
    for path in ("/v1/orders", "/v1/quotes", "/v1/webhook-endpoints"):
        assert (await served.call(buyer, "POST", path, body=b"{")).status == 400
        assert (await served.call(buyer, "POST", path, body=b" " * 10_000_000)).status == 413
    for path in ("/v1/products?cursor=x", "/v1/products?size=0", "/v1/statements?cursor=9999999999999999999"):
        assert (await served.call(buyer, "GET", path)).status == 422, path


async def test_one_call_after_another_does_not_wait_for_acknowledgements(mall: tuple[World, Served]) -> None:
    """As a plain client does it: one connection, the next question after the answer. It would be 40 ms for each."""
    _, served = mall

    def ask() -> float:
        with socket.create_connection(("127.0.0.1", served.port)) as wire:
            began = time.monotonic()
            for _ in range(20):
                wire.sendall(b"GET /health/live HTTP/1.1\r\nHost: mall\r\n\r\n")
                got = b""
                while not got.endswith(b"}"):
                    got += wire.recv(4096)
            return time.monotonic() - began

    assert min([await asyncio.to_thread(ask) for _ in range(3)]) < 0.4


async def test_a_buyer_is_made_with_wallet_and_credit_at_once(world: World) -> None:
    from commissary.base.money import Money

    made, account, line = await add_buyer(
        world.env, world.actor, name="Shop", credit=(Money("100", "CNY"), 30, 3)
    )
    assert (account.id, account.owner_id, account.limit_e4) == (made.account_id, made.id, 1_000_000)
    assert line is not None
    assert line.terms_days == 30
    async with world.env.db.transaction(world.mall) as tx:
        assert (await ledger.balance(tx, world.home, account.id)).available_e4 == 1_000_000
