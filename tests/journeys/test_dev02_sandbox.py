"""DEV02 the sandbox 沙箱: with a test key a developer sees every way an order can go, without a supplier, a socket or a yuan. Each magic
article number comes out as the table in `sandbox/magic.py` says, which is the table of docs/sandbox.md; and nothing of a sandbox reaches its
live mall, or the other way.

    make test T=tests/journeys/test_dev02_sandbox.py
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import pytest_asyncio

from commissary import sandbox
from make.journey import Installation, yuan
from make.pace import Pace
from make.sandbox import Pair, pair
from make.trade import post_keyed, until
from world import Buyer


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def pairs(installation: Installation) -> Pair:
    return await pair(installation)


async def _order(on: Pair, key: Buyer, good: dict[str, Any], quantity: int = 1, **fields: str) -> Any:
    told: dict[str, Any] = {
        "client_order_no": secrets.token_hex(8),
        "sku_id": good["sku_id"],
        "quantity": quantity,
    }
    if fields:
        told["fields"] = fields
    return await on.live.server.call(key, "POST", "/v1/orders", told)


async def _becomes(on: Pair, key: Buyer, id_: str, status: str, patience_s: float) -> Any:
    async def seen() -> Any:
        now = (await on.live.server.call(key, "GET", f"/v1/orders/{id_}")).json
        return now if now["status"] == status else None

    return await until(seen, patience_s)


async def test_every_magic_good_comes_out_as_its_row_says(pairs: Pair) -> None:
    on = pairs
    buyer = await on.live.buyer("0")
    key = await on.test_key(buyer)
    goods = await on.goods(key)
    assert goods[""]["livemode"] is False
    assert set(goods) - {""} == {m.how for m in sandbox.TABLE}
    assert all(g["sku_id"] for how, g in goods.items() if how)
    stories: dict[str, Callable[[Pair, Buyer, dict[str, Any], Pace], Awaitable[None]]] = {
        "success": _success, "slow": _slow, "fail": _fail, "unknown": _unknown, "partial": _partial,
        "reversed": _reversed, "out_of_stock": _sold_out, "price_jump": _fail, "wrong_account": _wrong_account,
        "review": _review,
    }  # fmt: skip
    assert set(stories) == set(goods) - {""}, "a magic good without a story"
    with Pace() as pace:
        await asyncio.gather(*(story(on, key, goods[how], pace) for how, story in stories.items()))
    # Play money only moved as the rows say.
    balance = (await on.live.server.call(key, "GET", "/v1/balance")).json
    assert balance["livemode"] is False
    assert balance["held"] == yuan("10.0000"), "the order in review alone"
    live = await on.live.balance(buyer)
    assert (live["balance"], "livemode" in live) == (yuan("0.0000"), False)
    await on.live.commissary("check")


async def _success(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    told = {
        "client_order_no": secrets.token_hex(8),
        "sku_id": good["sku_id"],
        "quantity": 2,
        "wait_ms": 10_000,
    }
    answer = await on.live.server.call(key, "POST", "/v1/orders", told)
    order = answer.json
    assert (answer.status, order["status"], order["livemode"]) == (200, "delivered", False), answer.body
    codes = order["lines"][0]["codes"]
    assert len(codes) == 2
    assert all(c["secret"].startswith("TEST-") and c["number"].startswith("TEST-") for c in codes)


async def _slow(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    order = (await _order(on, key, good)).json
    await asyncio.sleep(4)
    now = (await on.live.server.call(key, "GET", f"/v1/orders/{order['id']}")).json
    assert now["status"] == "processing"
    await _becomes(on, key, order["id"], good["status"], pace.patience(25))


async def _fail(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    order = (await _order(on, key, good)).json
    assert order["status"] == "processing"
    failed = await _becomes(on, key, order["id"], "failed", pace.patience(15))
    assert failed["lines"][0]["status"] == "failed"
    assert "codes" not in failed["lines"][0]


async def _unknown(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    order = (await _order(on, key, good)).json

    async def asked_about() -> Any:
        path = f"/orders/{order['id']}/purchases"
        headers = {"Commissary-Mode": "test"}
        found = (await on.live.owner.call("GET", path, headers=headers)).json
        return found if [p["status"] for p in found] == ["unknown"] else None

    await on.live.owner.put("/me/mode", {"mode": "test"})
    await until(asked_about, pace.patience(15))
    done = await _becomes(on, key, order["id"], good["status"], pace.patience(70))
    assert len(done["lines"][0]["codes"]) == 1


async def _partial(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    order = (await _order(on, key, good, 3)).json
    done = await _becomes(on, key, order["id"], good["status"], pace.patience(15))
    [line] = done["lines"]
    assert (line["delivered"], len(line["codes"]), line["returned"]) == (2, 2, yuan("10.0000"))


async def _reversed(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    order = (await _order(on, key, good)).json
    await _becomes(on, key, order["id"], "delivered", pace.patience(15))
    done = await _becomes(on, key, order["id"], good["status"], pace.patience(30))
    assert done["lines"][0]["reason"] == "reversed_by_supplier"
    assert done["lines"][0]["returned"] == yuan("10.0000")


async def _sold_out(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    answer = await _order(on, key, good)
    assert (answer.status, answer.json["code"]) == (409, good["refusal"])


async def _wrong_account(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    order = (await _order(on, key, good, account=good["account"])).json

    async def asked() -> Any:
        now = (await on.live.server.call(key, "GET", f"/v1/orders/{order['id']}")).json
        return now if "fix" in now["lines"][0] else None

    waiting = await until(asked, pace.patience(15))
    assert waiting["lines"][0]["reason"] == "wrong_account"
    body = json.dumps({"fields": {"account": "13800000002"}}).encode()
    fixed = await post_keyed(on.live, key, f"/v1/orders/{order['id']}/lines/1/fields", "right", body)
    assert fixed.status < 300, fixed.body
    await _becomes(on, key, order["id"], good["status"], pace.patience(20))


async def _review(on: Pair, key: Buyer, good: dict[str, Any], pace: Pace) -> None:
    answer = await _order(on, key, good, account=good["account"])
    assert (answer.status, answer.json["status"]) == (200, good["status"]), answer.body
