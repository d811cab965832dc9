"""Shops are told what became of their orders: signed, at least once, the newest state, and nobody else is told."""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from tests.partnerapi.conftest import Heard, House, ShopOf
from tests.partnerapi.shops import APP_ID, APP_SECRET, Kky, md5

from commissary import notify, orders, supply, tenancy
from commissary.base.outgoing import Outgoing
from commissary.orders.types import Deliver
from commissary.stock.types import Code
from commissary.supply.types import Connection, Outcome
from make.pace import Pace
from world import World

PHONE = [{"name": "phone", "label_zh": "手机号", "label_en": "Mobile", "type": "phone", "target": True}]
WORDS = {"kakayun": "ok", "dujiao_next": '{"ok":true,"message":"received"}', "xianguanjia": '{"code":0}'}
URL = {"kakayun": "callbackurl", "dujiao_next": "callback_url", "xianguanjia": "notify_url"}
faces = pytest.mark.parametrize("face", sorted(WORDS))


async def until(true: Callable[[], bool], pace: Pace, s: float = 8) -> None:
    give_up_at = asyncio.get_running_loop().time() + pace.patience(s)
    while not true():
        assert asyncio.get_running_loop().time() < give_up_at
        await asyncio.sleep(0.05)


async def topup(world: World) -> str:
    name = f"直充 {secrets.token_hex(4)}"
    sku = await world.sku("topup", name=name, fields=PHONE)
    await world.price(sku, "50")
    return name


def filled(face: str) -> dict[str, Any]:
    return {
        "kakayun": {"attach": "13800138000"},
        "dujiao_next": {"manual_form_data": {"phone": "13800138000"}},
        "xianguanjia": {"biz_content": {"account": "13800138000"}},
    }[face]


async def deliver(world: World, order: str, *codes: Code) -> None:
    change = Deliver(int(order), 1, 1, codes, "" if codes else "充值流水 8842")
    async with world.env.db.transaction(world.mall, "vault") as tx:
        await orders.settle(tx, world.env, world.home, [change], world.now)


async def waiting(world: World, order: str) -> int:
    [(n,)] = await world.rows("select count(*) from partnerapi.callback where order_id = %s", [int(order)])
    return int(n)


@faces
async def test_what_is_delivered_later_is_told(
    face: str, shop_of: ShopOf, house: House, world: World, pace: Pace
) -> None:
    name, buyer = await topup(world), await world.buyer(balance_e4=1_000_000)
    shop = await shop_of(face, buyer)
    good = (await shop.learn())[name]
    house.ear.word = lambda _: (200, WORDS[face])
    told = {URL[face]: f"{house.ear.url}/{face}/api/v1/upstream/callback?seat=7"} | filled(face)
    bought = await shop.buy("2026112600000000077", good, **told)
    assert bought.ok
    await asyncio.sleep(1.5)
    assert house.ear.calls == []  # nothing has become of it
    await deliver(world, bought.order)
    await until(lambda: bool(house.ear.calls), pace)
    [heard] = house.ear.calls
    assert heard.path == f"/{face}/api/v1/upstream/callback"
    assert heard.query["seat"] == "7"
    CHECKS[face](heard, buyer.key_id, buyer.secret, bought.order)
    await asyncio.sleep(0.5)
    assert await waiting(world, bought.order) == 0
    assert "8842" not in house.log.read_text()


def kakayuns(heard: Heard, key_id: str, secret: str, order: str) -> None:
    """As our own connector reads it."""
    told = json.loads(heard.body)
    assert told["sign"] == Kky.sign(told, secret)
    connector = supply.TABLE["kakayun"](Connection("http://x", key_id, secret))
    notice = connector.notice({}, {}, heard.body)
    assert (notice.ref, notice.trusted.outcome) == ("2026112600000000077", Outcome.succeeded)
    assert (notice.trusted.supplier_ref, told["receipt"], told["push_type"]) == (order, "充值流水 8842", 0)


def dujiao_nexts(heard: Heard, key_id: str, secret: str, order: str) -> None:
    told = json.loads(heard.body)
    stamp = heard.headers["dujiao-next-timestamp"]
    line = f"POST\n{heard.path}\n{stamp}\n{md5(heard.body)}"
    assert heard.headers["dujiao-next-api-key"] == key_id
    wanted = hmac.new(secret.encode(), line.encode(), hashlib.sha256).hexdigest()
    assert heard.headers["dujiao-next-signature"] == wanted
    assert told["event"] == "order.delivered"
    assert (told["order_id"], told["downstream_order_no"]) == (int(order), "2026112600000000077")
    assert (told["status"], told["fulfillment"]["payload"]) == ("delivered", "充值流水 8842")


def xianguanjias(heard: Heard, key_id: str, secret: str, order: str) -> None:
    told, query = json.loads(heard.body), heard.query
    line = f"{APP_ID},{APP_SECRET},{md5(heard.body)},{query['timestamp']},{key_id},{secret}"
    assert (query["mch_id"], query["sign"]) == (key_id, md5(line))
    assert (told["order_no"], told["out_order_no"]) == ("2026112600000000077", order)
    assert (told["order_type"], told["order_status"], told["remark"]) == (1, 20, "充值流水 8842")


CHECKS = {"kakayun": kakayuns, "dujiao_next": dujiao_nexts, "xianguanjia": xianguanjias}


@faces
async def test_what_is_delivered_at_once(
    face: str, shop_of: ShopOf, house: House, world: World, pace: Pace
) -> None:
    """Is told too, where shops wait for it; 闲管家 has it from the answer."""
    name = f"卡 {secrets.token_hex(4)}"
    sku = await world.sku(name=name)
    await world.price(sku, "9.50")
    [code] = codes = [f"CB-{secrets.token_hex(6)}"]
    await world.stock(sku, codes=codes)
    shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
    house.ear.word = lambda _: (200, WORDS[face])
    good = (await shop.learn())[name]
    bought = await shop.buy("1", good, **{URL[face]: f"{house.ear.url}/cb"})
    assert bought.cards == (code,)
    if face == "xianguanjia":
        await asyncio.sleep(2)
        assert house.ear.calls == []
    else:
        await until(lambda: bool(house.ear.calls), pace)
        assert code in house.ear.calls[0].body.decode()
    assert code not in house.log.read_text()


async def test_a_deaf_shop_is_told_again_and_hears_the_newest(
    shop_of: ShopOf, house: House, world: World, pace: Pace
) -> None:
    name, buyer = await topup(world), await world.buyer(balance_e4=1_000_000)
    shop = await shop_of("dujiao_next", buyer)
    good = (await shop.learn())[name]
    answers = iter([(500, ""), (200, "<html>"), (200, '{"ok":false}')])
    house.ear.word = lambda _: next(answers, (200, WORDS["dujiao_next"]))
    told = {"callback_url": f"{house.ear.url}/cb"} | filled("dujiao_next")
    bought = await shop.buy("1", good, **told)
    await deliver(world, bought.order, Code(secret="BY-HAND", number=None))  # noqa: S106
    for n in (1, 2, 3):
        await until(lambda n=n: len(house.ear.calls) == n, pace)
        await asyncio.sleep(0.3)
        # Its time comes.
        [(attempts,)] = await world.rows(
            "update partnerapi.callback set due_at = now() where order_id = %s returning attempts",
            [int(bought.order)],
        )
        assert attempts == n
    await until(lambda: len(house.ear.calls) == 4, pace)
    await asyncio.sleep(0.3)
    assert await waiting(world, bought.order) == 0
    assert {json.loads(c.body)["fulfillment"]["payload"] for c in house.ear.calls} == {"BY-HAND"}

    cancelled = await shop.buy("2", good, **told)
    await shop.say(f"orders/{cancelled.order}/cancel")
    await until(lambda: len(house.ear.calls) == 5, pace)
    last = json.loads(house.ear.calls[-1].body)
    assert (last["status"], last["fulfillment"], last["downstream_order_no"]) == ("canceled", None, "2")


async def test_a_revoked_key_hears_nothing(shop_of: ShopOf, house: House, world: World) -> None:
    name, buyer = await topup(world), await world.buyer(balance_e4=1_000_000)
    shop = await shop_of("kakayun", buyer)
    good = (await shop.learn())[name]
    bought = await shop.buy("1", good, callbackurl=f"{house.ear.url}/cb", **filled("kakayun"))
    await tenancy.revoke_key(world.env, world.actor, buyer.key_id)
    await asyncio.sleep(1)
    await deliver(world, bought.order)
    await asyncio.sleep(2.5)
    assert house.ear.calls == []
    assert await waiting(world, bought.order) == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/cb",
        "https://localhost/cb",
        "https://10.0.0.1/cb",
        "https://169.254.169.254/latest",
        "https://[::1]/cb",
        "http://shop.example/cb",
        "ftp://shop.example/cb",
        "https://user:pw@shop.example/cb",
        "not a url",
    ],
)
async def test_addresses_that_are_not_called(url: str, shop_of: ShopOf, world: World) -> None:
    buyer = await world.buyer(balance_e4=1_000_000)
    name = await topup(world)
    refusals = {"kakayun": 1401, "dujiao_next": "invalid_callback_url", "xianguanjia": 1201}
    for face, code in refusals.items():
        shop = await shop_of(face, buyer)
        good = (await shop.learn())[name]
        bought = await shop.buy("1", good, **{URL[face]: url}, **filled(face))
        assert (bought.ok, bought.code) == (False, code)


async def test_webhooks_of_our_own_do_not_go_to_a_shops_callback(
    shop_of: ShopOf, house: House, world: World, pace: Pace
) -> None:
    """A buyer may have both; each hears its own."""
    name, buyer = await topup(world), await world.buyer(balance_e4=1_000_000)
    port = int(house.ear.url.rpartition(":")[2])
    async with Outgoing(production=False, allow=[("127.0.0.1", port)]) as outgoing:
        await notify.add_endpoint(
            world.env, outgoing, world.actor, organisation_id=buyer.organisation, url=f"{house.ear.url}/hook"
        )
    shop = await shop_of("kakayun", buyer)
    good = (await shop.learn())[name]
    bought = await shop.buy("1", good, callbackurl=f"{house.ear.url}/cb", **filled("kakayun"))
    await deliver(world, bought.order)
    await until(lambda: {"/hook", "/cb"} <= {c.path for c in house.ear.calls}, pace)
    for call in house.ear.calls:
        assert ("webhook-signature" in call.headers) == (call.path == "/hook")
