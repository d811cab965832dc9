"""SUP15 pre-orders 预售. Ordered before the release date, money is held; when the clock passes the date the goods are
delivered without anybody's doing; before that the order can be called off, and its money is free again.

    make test T=tests/journeys/test_sup15_preorder.py
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from make.journey import Installation, Mall, cards, yuan
from make.trade import travel, twin, until


async def test_a_preorder_is_delivered_on_its_date(installation: Installation) -> None:
    mall = await twin(installation)
    release = datetime.now(UTC) + timedelta(minutes=30)
    sku, codes = await mall.sku(release_at=release.isoformat()), cards(5)
    await mall.upload(sku, codes)
    await mall.price(sku, "10")
    buyer = await mall.buyer("100")

    kept, dropped = await mall.order(buyer, sku, 3, no="kept"), await mall.order(buyer, sku, 2, no="dropped")
    for order in (kept, dropped):
        assert (order["status"], order["lines"][0]["status"]) == ("scheduled", "scheduled")
        assert datetime.fromisoformat(order["lines"][0]["release_at"]) == release
        assert "codes" not in order["lines"][0]
    now = await mall.balance(buyer)
    assert (now["balance"], now["held"]) == (yuan("100.0000"), yuan("50.0000"))

    path = f"/v1/orders/{dropped['id']}"
    for _ in range(2):  # a repeat of the call changes nothing
        headers = _with_key(mall, buyer, f"{path}/cancel")
        off = await mall.server.raw("POST", f"{path}/cancel", b"", headers)
        assert (off.status, off.json["status"]) == (200, "cancelled"), off.body
    assert (await mall.balance(buyer))["held"] == yuan("30.0000")

    path = f"/v1/orders/{kept['id']}"
    await travel(mall, minutes=29)
    await asyncio.sleep(2)  # nobody is early
    assert (await mall.server.call(buyer, "GET", path)).json["status"] == "scheduled"
    await travel(mall, minutes=2)

    async def released() -> Any:
        now = (await mall.server.call(buyer, "GET", path)).json
        return now if now["status"] != "scheduled" else None

    seen = await until(released, 20)
    assert seen["status"] == "delivered"
    assert [c["secret"] for c in seen["lines"][0]["codes"]] == codes[:3]
    now = await mall.balance(buyer)
    assert (now["balance"], now["held"]) == (yuan("70.0000"), yuan("0.0000"))

    late = await mall.server.raw("POST", f"{path}/cancel", b"", _with_key(mall, buyer, f"{path}/cancel"))
    assert (late.status, late.json["code"]) == (409, "not_cancellable")
    assert (await mall.server.call(buyer, "GET", f"/v1/orders/{dropped['id']}")).json["status"] == "cancelled"
    assert (await mall.order(buyer, sku, 1))["status"] == "delivered"


def _with_key(mall: Mall, buyer, path: str) -> dict[str, str]:  # type: ignore[no-untyped-def]
    from world import signed

    return signed(buyer, "POST", path, b"") | {"Idempotency-Key": f"off{path}"}
