"""RSK08 API keys API 密钥管控. A replayed nonce, a wrong address, a missing scope and a secret that was rotated away are refused;
while both live, old and new secret sign; the old one works until its stated end and not after; a revoked key is refused
within a second. That a nonce stays spent over a restart is in tests/attack/test_requests.py.

    make test T=tests/journeys/test_rsk08_keys.py
"""

import asyncio
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from make.journey import Mall, cards
from make.trade import until
from world import Buyer


async def key_of(mall: Mall, buyer: Buyer, scopes: list[str], ip_allow: list[str]) -> Buyer:
    told = {"name": "second", "scopes": scopes, "ip_allow": ip_allow}
    made = await mall.owner.post(f"/buyers/{buyer.organisation}/keys", told)
    return replace(buyer, key_id=made["id"], secret=made["secret"])


async def test_what_is_refused(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(10))
    await mall.price(sku, "9")
    buyer = await mall.buyer("1000")

    async def order(by: Buyer, no: str, **how: Any) -> tuple[int, str]:
        told = {"client_order_no": no, "sku_id": sku, "quantity": 1}
        got = await mall.server.call(by, "POST", "/v1/orders", told, **how)
        return got.status, got.json.get("code", "")

    assert await order(buyer, "one", nonce="once-and-never-again-1") == (200, "")
    assert await order(buyer, "two", nonce="once-and-never-again-1") == (401, "nonce_used")
    got = [
        await mall.server.call(buyer, "GET", "/v1/balance", nonce="once-and-never-again-2") for _ in range(2)
    ]
    assert [(a.status, a.json.get("code")) for a in got] == [(200, None), (401, "nonce_used")]

    elsewhere = await key_of(mall, buyer, ["orders:write"], ["203.0.113.0/24"])
    assert await order(elsewhere, "three") == (403, "ip_not_allowed")
    here = await key_of(mall, buyer, ["orders:write"], ["203.0.113.0/24", "127.0.0.1"])
    assert await order(here, "four") == (200, "")

    reader = await key_of(mall, buyer, ["orders:read", "balance:read"], [])
    assert await order(reader, "five") == (403, "missing_scope")
    assert (await mall.server.call(reader, "GET", "/v1/webhook-endpoints")).json["code"] == "missing_scope"
    seen = await mall.server.call(reader, "GET", "/v1/orders?client_order_no=one")
    assert "codes" not in seen.json["items"][0]["lines"][0], "without codes:read no code is shown"

    forged = replace(buyer, secret="sk_" + "0" * 40)
    assert await order(forged, "six") == (401, "bad_signature")
    listed = await mall.server.call(buyer, "GET", "/v1/orders")
    assert {o["client_order_no"] for o in listed.json["items"]} == {"one", "four"}


async def test_addresses_are_changed_and_the_next_call_is_judged_by_them(mall: Mall) -> None:
    buyer = await mall.buyer("1000")
    held = await key_of(mall, buyer, ["balance:read"], [])

    async def code() -> str:
        return str((await mall.server.call(held, "GET", "/v1/balance")).json.get("code", "ok"))

    assert await code() == "ok"
    allowed = {"ip_allow": ["203.0.113.0/24"], "version": 1}
    changed = await mall.owner.call("PATCH", f"/keys/{held.key_id}", allowed)
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    began = time.monotonic()

    async def refused() -> bool:
        return await code() == "ip_not_allowed"

    await until(refused, 2, 0.02)
    assert time.monotonic() - began < 1
    again = {"ip_allow": []}
    stale = await mall.owner.call("PATCH", f"/keys/{held.key_id}", again, headers={"If-Match": '"1"'})
    assert (stale.status, stale.json["code"]) == (409, "conflict")
    fresh = await mall.owner.call("PATCH", f"/keys/{held.key_id}", again, headers={"If-Match": '"2"'})
    assert fresh.status == 200

    async def works() -> bool:
        return await code() == "ok"

    await until(works, 2, 0.02)


async def test_rotation_and_revocation(mall: Mall) -> None:
    buyer = await mall.buyer("1000")

    async def code(by: Buyer) -> str:
        return str((await mall.server.call(by, "GET", "/v1/balance")).json.get("code", "ok"))

    assert await code(buyer) == "ok"
    rotated = await mall.owner.post(f"/keys/{buyer.key_id}/rotate", {"overlap_s": 4})
    ends = datetime.fromisoformat(rotated["old_secret_until"]).timestamp()
    new = replace(buyer, secret=rotated["secret"])

    async def works() -> bool:
        return await code(new) == "ok"

    await until(works, 1.5, 0.05)
    assert await code(buyer) == "ok", "both live"
    while time.time() < ends - 0.3:
        assert await code(buyer) == "ok"
        await asyncio.sleep(0.1)
    await asyncio.sleep(ends - time.time() + 0.05)
    assert await code(buyer) == "bad_signature"
    assert await code(new) == "ok"

    await mall.owner.post(f"/keys/{buyer.key_id}/revoke")
    began = time.monotonic()

    async def refused() -> bool:
        return await code(new) != "ok"

    await until(refused, 2, 0.02)
    assert time.monotonic() - began < 1
    assert await code(new) == "key_revoked"
