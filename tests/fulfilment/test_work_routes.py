"""The queue over HTTP, from the list to the delivery."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from commissary import fulfilment, supply, tenancy, web
from commissary.catalog.types import FieldSpec
from commissary.fulfilment.routes import ROUTES
from commissary.risk.types import Verdict
from make.orders import World
from make.tenancy import PASSWORD


@pytest_asyncio.fixture(loop_scope="session")
async def desk(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Signed in as somebody of the staff."""
    await world.house.person("fulfilment", "anna@example.com")
    token = await tenancy.sign_in(
        world.env, world.house.slug, "anna@example.com", PASSWORD, "192.0.2.1", None
    )
    purchasing = supply.Purchasing(world.env)
    buying = fulfilment.Buying(world.env, purchasing)
    offers = {
        "desk": world.desk,
        "buying": buying,
        "purchasing": purchasing,
        "outgoing": None,
        "public_url": "",
    }
    app = web.application(world.env, ROUTES, offers, "0")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),  # type: ignore[arg-type]
        base_url="http://mall",
        headers={"authorization": f"Bearer {token}"},
    ) as client:
        yield client


QUEUE = "/work"


async def post(client: httpx.AsyncClient, path: str, body: Any = None, key: str = "") -> httpx.Response:
    headers = {"idempotency-key": key} if key else {}
    return await client.post(f"/console/v1/{path}", json=body, headers=headers)


async def test_from_the_queue_to_the_delivery(world: World, desk: httpx.AsyncClient) -> None:
    phone = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)
    sku, buyer = await world.sku(10_000, kind="topup", fields=(phone,)), await world.buyer(100)
    placed = [await world.place(buyer, sku, 5, fields={"phone": "13912345678"}) for _ in range(2)]
    page = (await desk.get("/console/v1/work?size=1")).json()
    [item] = page["items"]
    assert (item["order_id"], item["target"], item["amount"]["amount"]) == (
        placed[0].id,
        "****5678",
        "5.0000",
    )
    assert item["late_at"] > item["since"]
    rest = (await desk.get("/console/v1/work", params={"cursor": page["next"]})).json()
    assert ([i["order_id"] for i in rest["items"]], rest["next"]) == ([placed[1].id], None)
    line = f"{QUEUE}/{placed[0].id}/1"
    assert (await post(desk, f"{line}/fields")).json()["code"] == "not_claimed"
    assert "until" in (await post(desk, f"{line}/claim", {"minutes": 5})).json()
    assert (await post(desk, f"{line}/fields")).json() == {"fields": {"phone": "13912345678"}}
    body = {"quantity": 3, "receipt": "R", "cost": {"amount": "2.7", "currency": "CNY"}}
    assert (await post(desk, f"{line}/deliver", body)).json()["code"] == "key_missing"
    for _ in range(2):
        done = (await post(desk, f"{line}/deliver", body, "k")).json()
        assert (done["status"], done["delivered"], done["returned_e4"]) == ("partial", 3, 20_000)
    other = f"{QUEUE}/{placed[1].id}/1"
    await post(desk, f"{other}/claim", {})
    assert (await post(desk, f"{other}/give-back")).json()["status"] == "waiting"
    await post(desk, f"{other}/claim", {})
    assert (await post(desk, f"{other}/fail", {"reason": "closed"}, "f")).json()["status"] == "failed"
    log = (await desk.get(f"/console/v1/orders/{placed[1].id}/log")).json()["items"]
    assert [e["action"] for e in log] == ["claimed", "given_back", "claimed", "failed"]
    assert (await desk.get("/console/v1/work?status=delivered")).status_code == 422
    assert (await desk.get("/console/v1/work?cursor=x")).status_code == 422


async def test_held_orders_over_http(world: World, desk: httpx.AsyncClient) -> None:
    sku, buyer = await world.sku(10_000), await world.buyer(100)
    await world.stock(sku, 1, cost_e4=1)
    world.verdict = Verdict("review")
    one, two = await world.place(buyer, sku), await world.place(buyer, sku)
    assert len((await desk.get("/console/v1/work?status=review")).json()["items"]) == 2
    [done] = (await post(desk, f"orders/{one.id}/approve", {})).json()
    assert done["status"] == "delivered"
    [done] = (await post(desk, f"orders/{two.id}/block", {"reason": "fraud"})).json()
    assert (done["status"], done["reason"]) == ("cancelled", "fraud")
    answer = await post(desk, f"orders/{one.id}/reverse", {"line_no": 1, "reason": "x"}, "k")
    assert answer.json()["code"] == "forbidden"
    assert (await post(desk, "orders/abc/block", {})).json()["code"] == "order_not_found"
