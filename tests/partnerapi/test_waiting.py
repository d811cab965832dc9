"""acg-faka cannot wait: what is not delivered in time is called off or paid back, and its cards are never sold again.

In this process, so that the time can be short.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_network
from typing import Any

import httpx
import pytest_asyncio
from tests.partnerapi.shops import Acg

from commissary import orders, partnerapi, tenancy
from commissary.base.outgoing import Outgoing
from commissary.orders.types import Move
from commissary.partnerapi.acg_faka import AcgFaka
from world import Answer, Buyer, World

FIELDS = [{"name": "num", "label_zh": "账号", "label_en": "Account", "target": True}]


class Here:
    """The faces of this process as a server."""

    def __init__(self, faces: partnerapi.Faces) -> None:
        face = faces.table["acg_faka"]
        assert isinstance(face, AcgFaka)
        self.face, self.faces = face, faces
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(faces), base_url="http://mall")

    async def raw(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str], **more: Any
    ) -> Answer:
        got = await self.http.request(method, path, content=body, headers=dict(headers), **more)
        return Answer(got.status_code, got.content, got.headers)

    def shop(self, buyer: Buyer) -> Acg:
        return Acg(self, buyer)  # type: ignore[arg-type]


@pytest_asyncio.fixture(loop_scope="session")
async def here(world: World) -> AsyncIterator[Here]:
    async with Outgoing(production=False) as outgoing:
        yield Here(partnerapi.Faces(edge_of(world), outgoing))


def edge_of(world: World, proxies: Any = ()) -> orders.PartnerEdge:
    cache = tenancy.KeyCache(world.env)
    gate = tenancy.Gate(cache, world.env.keys, time.time, time.time() - 60, proxies)

    async def rest(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("nobody is asked beside the faces")

    return orders.PartnerEdge(world.desk, gate, rest)


async def state_of(world: World, buyer: Buyer) -> list[tuple[Any, ...]]:
    return await world.rows("select state from orders.orders where buyer_id = %s", [buyer.organisation])


async def test_a_top_up_that_nobody_charges_is_called_off(here: Here, world: World) -> None:
    sku = await world.sku("topup", fields=FIELDS)
    await world.price(sku, "50")
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = here.shop(buyer)
    here.face.wait_ms = 300
    item = (await shop.say("commodity/item", {"code": sku}))["data"]
    assert item["delivery_way"] == 1
    # A field that is called like one of theirs gets another name.
    assert '"name": "field1"' in item["widget"]
    assert not (await shop.buy("0", str(sku))).ok
    bought = await shop.buy("1", str(sku), field1="player-7")
    assert (bought.ok, bought.code) == (False, "未能及时发货，订单已取消，款项已退回")
    assert await state_of(world, buyer) == [("cancelled",)]
    assert await world.balance(buyer.account) == 1_000_000
    again = await shop.buy("1", str(sku), field1="player-7")
    assert not again.ok
    assert await state_of(world, buyer) == [("cancelled",)]


async def test_a_top_up_that_somebody_works_on_is_told_of(here: Here, world: World) -> None:
    sku = await world.sku("topup")
    await world.price(sku, "50")
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = here.shop(buyer)
    here.face.wait_ms = 1_500
    buying = asyncio.create_task(shop.buy("1", str(sku)))
    found: list[tuple[Any, ...]] = []
    for _ in range(100):
        found = await world.rows("select id from orders.orders where buyer_id = %s", [buyer.organisation])
        if found:
            break
        await asyncio.sleep(0.05)
    async with world.env.db.transaction(world.mall, "vault") as tx:
        change = Move(found[0][0], 1, "working")
        await orders.settle(tx, world.env, world.home, [change], world.now)
    bought = await buying
    assert bought.ok
    assert bought.cards == (f"正在发货中，请稍候。查询单号：{found[0][0]}",)
    assert (await shop.say("commodity/query", {"tradeNo": bought.order}))["data"]["status"] == 0


async def test_an_answer_that_comes_too_late_is_released(here: Here, world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 3)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = here.shop(buyer)
    here.face.answer_s = 0.0
    told = shop.read(await shop.send(shop.order("1", str(sku), 2)))
    assert told["code"] == 500  # no shop takes it for a no, nor for a sale
    await released(here)
    assert await world.balance(buyer.account) == 1_000_000
    assert await state_of(world, buyer) == [("reversed",)]
    here.face.answer_s = 20.0
    assert not (await shop.buy("1", str(sku), 2)).ok  # the number is spent
    # The cards that nobody was shown are not sold to anybody: one is left of three.
    assert (await shop.buy("2", str(sku), 2)).code == "库存不足"
    assert (await shop.buy("3", str(sku), 1)).ok


async def test_a_repetition_that_is_late_takes_nothing_back(here: Here, world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 3)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = here.shop(buyer)
    sold = await shop.buy("1", str(sku), 2)
    assert sold.ok
    here.face.answer_s = 0.0
    assert shop.read(await shop.send(shop.order("1", str(sku), 2)))["code"] == 500
    await released(here)
    here.face.answer_s = 20.0
    assert await shop.buy("1", str(sku), 2) == sold
    assert await world.balance(buyer.account) == 1_000_000 - 190_000


async def released(here: Here) -> None:
    while here.face._late:
        await asyncio.gather(*here.face._late)


async def test_a_secret_in_clear_is_taken_over_https_alone(world: World) -> None:
    buyer = await world.buyer(balance_e4=1_000_000)
    async with Outgoing(production=True) as outgoing:
        faces = partnerapi.Faces(edge_of(world, (ip_network("127.0.0.0/8"),)), outgoing, production=True)
        here = Here(faces)
        ask = here.shop(buyer).ask("authentication/connect", {})
        plain = await here.raw(ask.method, ask.path, ask.body, ask.headers)
        assert plain.json == {"code": 0, "msg": "密钥以明文传输，请改用 https 地址对接"}
        for proto, code in (("http", 0), ("https", 200)):
            headers = dict(ask.headers) | {"X-Forwarded-Proto": proto}
            assert (await here.raw(ask.method, ask.path, ask.body, headers)).json["code"] == code


async def test_a_process_that_stops_says_that_nothing_was_placed(here: Here, world: World) -> None:
    """So that the one which passed the order on looks for another."""
    shop = here.shop(await world.buyer())
    here.faces.edge.draining = True
    answer = await shop.send(shop.order("1", "1", 1))
    assert answer.headers["commissary-not-placed"] == "1"
    assert answer.json["code"] == 0
