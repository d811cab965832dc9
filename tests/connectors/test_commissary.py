"""Buying from another mall: the real one, in a process of its own, and the signatures that its SDK is held by."""

import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from commissary import dialects, supply
from commissary.base.outgoing import Outgoing
from commissary.dialects import SPECS
from commissary.supply.types import NOT_FOUND, Connection, Connector, Conversation, Outcome, Purchase, Result
from world import Ground, World

GOLDEN = json.loads((Path(__file__).parents[2] / "sdk" / "golden.json").read_text())
FIELDS = [
    {"name": "phone", "label_zh": "手机号", "label_en": "Mobile number", "type": "phone", "target": True}
]


@pytest.mark.parametrize("vector", GOLDEN["requests"], ids=lambda v: v["name"])
def test_the_signatures_of_the_sdk(vector: dict[str, str]) -> None:
    body = base64.b64decode(vector["body_base64"])
    parts = {**vector, "timestamp": str(vector["timestamp"])}
    assert vector["body_sha256"] == hashlib.sha256(body).hexdigest()
    assert dialects.sign(SPECS["commissary"], parts, vector["secret"]) == vector["signature"]


class Elsewhere:
    """A mall that is somebody else's, and our connection to it."""

    def __init__(self, world: World, connector: Connector, wire: supply.Wire, goods: dict[str, int]) -> None:
        self.world, self.connector, self.wire, self.goods = world, connector, wire, goods

    async def buy(self, ref: str, good: str, quantity: int = 1, most_unit_e4: int = 100_000) -> Result:
        fields = {"phone": "13800138000"} if good == "topup" else {}
        purchase = Purchase(ref, str(self.goods[good]), quantity, most_unit_e4, fields)
        return await self.heard(self.connector.place(now_ms(), purchase), placing=True)

    async def query(self, ref: str) -> Result:
        return await self.heard(self.connector.query(now_ms(), ref))

    async def heard(self, talk: Conversation[Result], *, placing: bool = False) -> Result:
        """Whatever our own API says, our own connector knows it, by the newest version of both."""
        known = self.connector.facts.passes_over
        result = await supply.outcome(talk, self.wire.send, placing=placing, passed_over=known)
        assert supply.unread_names(result.unread) == []
        return result


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def elsewhere(world_ground: Ground) -> AsyncIterator[Elsewhere]:
    world = await world_ground.world()
    goods = {"code": await world.sku(), "topup": await world.sku("topup", fields=FIELDS)}
    for sku in goods.values():
        await world.price(sku, ladder={1: "9.8750"})
    await world.stock(goods["code"], 20)
    buyer = await world.buyer(balance_e4=5_000_0000)
    async with world.serve() as server:
        allow = {("127.0.0.1", server.port)}
        async with Outgoing(production=False, allow=allow) as outgoing:
            connection = Connection(f"http://127.0.0.1:{server.port}", buyer.key.id, buyer.secret)
            yield Elsewhere(world, supply.TABLE["commissary"](connection), supply.Wire(outgoing), goods)
    await world.close()


async def test_goods_and_money(elsewhere: Elsewhere) -> None:
    ask = elsewhere.connector
    page = await supply.hold(ask.goods(now_ms()), elsewhere.wire.send)
    told = {good.id: good for good in page.goods}
    code, topup = (told[str(elsewhere.goods[name])] for name in ("code", "topup"))
    assert (code.kind, code.price_e4, topup.kind, page.next) == ("code", 98_750, "topup", "")
    assert [f.name for f in topup.fields or ()] == ["phone"]
    assert await supply.hold(ask.good(now_ms(), code.id), elsewhere.wire.send) == code
    assert await supply.hold(ask.balance(now_ms()), elsewhere.wire.send) <= 5_000_0000


async def test_bought_once_and_shown_again(elsewhere: Elsewhere) -> None:
    placed = await elsewhere.buy("A1", "code", 2)
    assert (placed.outcome, placed.cost_e4, len(placed.codes)) == (Outcome.succeeded, 197_500, 2)
    assert await elsewhere.query("A1") == placed
    assert await elsewhere.buy("A1", "code", 2) == placed
    assert (await elsewhere.buy("A1", "code", 3)).outcome is Outcome.unknown  # another order under its number


async def test_clear_noes(elsewhere: Elsewhere) -> None:
    found = await elsewhere.query("nothing")
    assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    dear = await elsewhere.buy("A2", "code", most_unit_e4=98_749)
    assert (dear.outcome, dear.reason) == (Outcome.failed, "price_above_max")
    empty = await elsewhere.buy("A3", "code", 500)
    assert (empty.outcome, empty.reason) == (Outcome.failed, "out_of_stock")


async def test_a_topup_by_hand_and_called_off(elsewhere: Elsewhere) -> None:
    placed = await elsewhere.buy("A4", "topup")
    assert placed.outcome is Outcome.accepted
    off = await elsewhere.heard(elsewhere.connector.cancel(now_ms(), "A4", placed.supplier_ref))
    assert (off.outcome, off.refunded_e4) == (Outcome.failed, 98_750)
    assert (await elsewhere.query("A4")).outcome is Outcome.failed


async def test_asked_to_tell_of_changes_once_and_again(elsewhere: Elsewhere) -> None:
    url = "https://example.com/callbacks/token"
    first = await supply.hold(elsewhere.connector.subscribe(now_ms(), url), elsewhere.wire.send)  # type: ignore[attr-defined]
    again = await supply.hold(elsewhere.connector.subscribe(now_ms(), url), elsewhere.wire.send)  # type: ignore[attr-defined]
    assert first.startswith("whsec_")
    assert again.startswith("whsec_")
    assert first != again
    made = await elsewhere.world.rows(
        "select url, events from notify.endpoint where mall_id = %s", (elsewhere.world.mall,)
    )
    assert made == [(url, ["price.changed", "sku.available", "sku.unavailable"])]
    asked = "select every, availability, window_ms from pricing.subscription where mall_id = %s"
    assert await elsewhere.world.rows(asked, (elsewhere.world.mall,)) == [(True, True, 1_000)]
