"""Each protocol's answers to the letter, and the vectors that its makers printed."""

import json
import time
from typing import Any

import pytest
from tests.partnerapi.conftest import House, ShopOf
from tests.partnerapi.shops import APP_ID, APP_SECRET, Acg, Ask, Dujiao, Kky, Xgj, md5

from commissary import app
from commissary.base.errors import Refusal, Refused
from commissary.partnerapi.acg_faka import AcgFaka
from commissary.partnerapi.counter import Counter
from commissary.partnerapi.dujiao_next import DujiaoNext
from commissary.partnerapi.kakayun import Kakayun
from commissary.partnerapi.types import Call
from commissary.partnerapi.xianguanjia import Xianguanjia
from world import World

PHONE = [{"name": "phone", "label_zh": "手机号", "label_en": "Mobile", "type": "phone", "target": True}]
HIDDEN: Any = "not compared"


def like(found: Any, wanted: Any, at: str = "$") -> None:
    """Equal in every name and every type; in value unless it is hidden."""
    if wanted is HIDDEN:
        return
    assert type(found) is type(wanted), (at, found, wanted)
    if isinstance(wanted, dict):
        assert set(found) == set(wanted), (at, set(found) ^ set(wanted))
        for name in wanted:
            like(found[name], wanted[name], f"{at}.{name}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), (at, found)
        for n, (one, other) in enumerate(zip(found, wanted, strict=True)):
            like(one, other, f"{at}[{n}]")
    else:
        assert found == wanted, (at, found, wanted)


# Vectors: the shops of these tests sign as the makers do -----------------------------------------------------------


def test_kakayuns_vector() -> None:
    told = {
        "userid": "10052",
        "timestamp": 1735002156,
        "goodsid": "720938",
        "buynum": 1,
        "attach": "13088888888",
        "sign": "x",
    }
    assert Kky.sign(told, "9aa3034b6beba7cf5bfcf6089218a674") == "82a4da7502872e7a128b510d10cad6ab"
    assert Kky.sign(told, "9aa3034b6beba7cf5bfcf6089218a673") == "921bfe2dcd4ecca574d8b8c76412ede5"


def test_xianguanjias_vector() -> None:
    body = b'{"goods_type":1,"goods_no":"12344532"}'
    assert md5(body) == "9b8030f5097d5ed123405b003dd247c5"
    assert (APP_ID, APP_SECRET) == ("677859093659717", "wK63PxlOBaY9NoqMksLeZySzGIW25ifA")
    signature = Xgj.sign("1001", "o9wl81dncmvby3ijpq7eur456zhgtaxs", "1724414553", body)
    assert signature == "fda5954f48ab32b3b271c84450440ead"


def test_acg_fakas_vectors() -> None:
    key = "AB+C%41d"
    pairs = [("shared_code", "SKU-1"), ("num", "2"), ("card_id", "0"), ("password", ""), ("race", "月卡")]
    pairs += [("request_no", "123"), ("sku[颜色]", "红 色+1%"), ("sku[容量]", "128G")]
    whole = [*pairs, ("app_id", "1001"), ("app_key", key)]
    assert Acg.sign(whole, key) == "a0b3f4ee0428b6bbc456534d03a0777b"
    assert Acg.sign([("code", "X"), ("app_id", "1001"), ("app_key", key)], key) == (
        "a174cfa0480bb83d7dd32bc9d469efca"
    )
    plain = [("app_id", "1001"), ("app_key", "k" * 32)]
    assert Acg.sign(plain, "k" * 32) == "eb76aa2f1a9f701746802101b987fb6c"
    assert Acg.sign([*plain, ("code", "SKU-VIP-1M")], "k" * 32) == "becb59aa489f12d7d5685ab886cd4f81"


# Shapes ------------------------------------------------------------------------------------------------------------


async def test_acg_faka(shop_of: ShopOf, world: World) -> None:
    sku = await world.sku(name="月卡 <b>", max_quantity=10)
    await world.price(sku, ladder={1: "9.50", 10: "9.1234"})
    await world.stock(sku, 25, codes=[f"ACG-{n}" for n in range(25)])
    buyer = await world.buyer(balance_e4=1_234_500)
    shop = await shop_of("acg_faka", buyer)
    connected = await shop.say("authentication/connect")
    assert connected == {"code": 200, "msg": "success", "data": {"shopName": "Kitchen", "balance": 123.45}}
    item = (await shop.say("commodity/item", {"code": sku}))["data"]
    wanted = {
        "id": HIDDEN,
        "name": "月卡 <b>",
        "description": "",
        "cover": "",
        "price": "9.50",
        "user_price": "9.50",
        "factory_price": "9.50",
        "delivery_way": 0,
        "contact_type": 0,
        "password_status": 0,
        "sort": 0,
        "code": str(sku),
        "seckill_status": 0,
        "seckill_start_time": None,
        "seckill_end_time": None,
        "draft_status": 0,
        "draft_premium": 0,
        "inventory_hidden": 0,
        "only_user": 0,
        "purchase_count": 0,
        "minimum": 1,
        "maximum": 10,
        "widget": "[]",
        "config": "[wholesale]\n10=9.1234",
        "stock": 25,
        "api_status": 1,
        "status": 1,
    }
    like(item, wanted)
    assert 0 < item["id"] < 2**31
    [group] = [g for g in (await shop.say("commodity/items"))["data"] if item in g["children"]]
    like(group, {"id": HIDDEN, "name": "品牌", "children": HIDDEN})
    told = {"code": sku, "num": 10, "card_id": 0}
    assert (await shop.say("commodity/stock", told))["data"] == {"stock": "25"}
    assert (await shop.say("commodity/valuation", told))["data"] == {
        "price": "91.2340",
        "currency_code": "CNY",
    }
    state = {"shared_code": sku, "num": 25, "card_id": 0, "race": ""}
    assert (await shop.say("commodity/inventoryState", state))["data"] == []
    assert (await shop.say("commodity/inventoryState", state | {"num": 26}))["msg"] == "库存不足"
    inventory = (await shop.say("commodity/inventory", {"sharedCode": sku}))["data"]
    assert (inventory["count"], inventory["is_category"], inventory["price"]) == (25, False, "9.50")

    ask = shop.order("1", str(sku), 2)
    sold = shop.read(await shop.send(ask))
    like(
        sold,
        {
            "code": 200,
            "msg": "success",
            "data": {"secret": "ACG-0\nACG-1", "tradeNo": HIDDEN, "amount": "19.00", "url": None},
        },
    )
    asked = (await shop.say("commodity/query", {"tradeNo": sold["data"]["tradeNo"]}))["data"]
    assert asked == {"secret": "ACG-0\nACG-1", "widget": None, "status": 1}
    for more in ({"race": "月卡"}, {"sku[颜色]": "红"}, {"card_id": 7}):
        assert (await shop.buy("2", str(sku), 1, **more)).code == "商品不存在"
    assert not (await shop.buy("", str(sku))).ok  # without a number nothing tells a repetition
    for path in ("commodity/draftCard", "commodity/draft"):
        assert (await shop.say(path, {"code": sku}))["code"] == 0


async def test_a_shared_code_is_as_many_lines_as_were_bought(shop_of: ShopOf, world: World) -> None:
    sku = await world.sku("shared_code", name="通用码")
    await world.price(sku, "1")
    await world.stock(sku, codes=["SHARED"], cost_e4=0, unlimited=True)
    shop = await shop_of("acg_faka", await world.buyer(balance_e4=1_000_000))
    assert (await shop.say("commodity/stock", {"code": sku}))["data"] == {"stock": "10000"}
    assert (await shop.buy("1", str(sku), 3)).cards == ("SHARED", "SHARED", "SHARED")


async def test_kakayun(shop_of: ShopOf, world: World) -> None:
    sku = await world.sku("topup", name="话费 50", fields=PHONE)
    await world.price(sku, "49.8")
    buyer = await world.buyer(balance_e4=1_000_000, credit_e4=20_000)
    shop = await shop_of("kakayun", buyer)
    told = await shop.say("user/info")
    assert told == {"code": 1, "msg": "查询成功", "data": {"money": "100.0000", "creditquota": "2.0000"}}
    listed = await shop.say("goods/all", {"goodsname": "话费 50"})
    article = {
        "goodsid": HIDDEN,
        "imgurl": "",
        "goodsname": "话费 50",
        "goodsprice": "49.8000",
        "goodsstatus": 1,
        "goodstype": 1,
        "stock": 10000,
        "groupid": HIDDEN,
        "marketprice": "0.0000",
        "attach": [{"title": "手机号", "tip": "请输入手机号", "verification": 1}],
    }
    like(
        listed,
        {"code": 1, "msg": "success", "data": [article], "nowpage": "1", "allpage": 1, "count": 1},
    )
    number = listed["data"][0]["goodsid"]
    assert type(number) is int
    assert number < 2**31
    detail = (await shop.say("goods/details", {"goodsid": number}))["data"]
    like(detail, article | {"minbuy": 1, "maxbuy": 1000, "details": ""})
    for wish in (str(number), [str(number)], [number]):
        assert (await shop.say("goods/all", {"goodsid": wish}))["count"] == 1
    assert (await shop.say("goods/all", {"goodstype": 0, "goodsname": "话费 50"}))["count"] == 0
    template = await shop.say("goods/tpl", {"goodsid": number})
    assert template["data"] == [{"type": 1, "title": "手机号", "desc": "请输入手机号"}]

    # By another number than the buyer's limit; GET and forms are spoken too.
    sent = {"goodsid": number, "buynum": 1, "usorderno": "K1", "attach": "13800138000", "maxmoney": 49.8}
    placed = await shop.say("order/create", sent)
    like(placed, {"code": 1, "msg": "提交成功", "data": {"orderno": HIDDEN, "usorderno": "K1"}})
    order = (await shop.say("order/get", {"usorderno": "K1"}))["data"]
    wanted = {
        "orderno": HIDDEN,
        "usorderno": "K1",
        "money": "49.8000",
        "buynum": 1,
        "status": 3,
        "refundmoney": "0.0000",
        "refundstatus": 0,
        "receipt": "",
        "refundreceipt": "",
        "cardlist": [],
        "cards": [],
    }
    like(order, wanted)
    assert (await shop.say("order/cancelOrder", {"usorderno": "K1"})) == {
        "code": 1,
        "msg": "退款成功",
        "data": "",
    }
    back = (await shop.say("order/get", {"usorderno": "K1"}))["data"]
    like(back, wanted | {"status": 4, "refundmoney": "49.8000", "refundstatus": 1})
    assert (await shop.say("order/cancelOrder", {"usorderno": "K9"}))["code"] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sign": ""}, 1200),
        ({"userid": ""}, 1201),
        ({"timestamp": ""}, 1202),
        ({"timestamp": 1}, 403),
        ({"timestamp": 10**12}, 403),
        ({"userid": "10052"}, 1000),
        ({"userid": "ck_999_aaaaaaaaaaaa"}, 1000),
    ],
)
async def test_kakayuns_entrance(
    change: dict[str, Any], code: int, shop_of: ShopOf, world: World, house: House
) -> None:
    shop = await shop_of("kakayun", await world.buyer())
    told = {"userid": shop.buyer.key_id, "timestamp": int(time.time())} | change
    told = {"sign": Kky.sign(told, shop.buyer.secret)} | told
    answer = await house.served.raw(
        "POST", "/faces/kakayun/dockapiv3/user/info", json.dumps(told).encode(), {}
    )
    assert answer.json["code"] == code


async def test_an_order_without_a_number_is_one_order(shop_of: ShopOf, world: World) -> None:
    """Its repetition, byte for byte, is told by the signature; the next second's is another."""
    sku = await world.sku(name="无单号")
    await world.price(sku, "9.50")
    await world.stock(sku, 9)
    for face in ("kakayun", "dujiao_next"):
        shop = await shop_of(face, await world.buyer(balance_e4=1_000_000))
        good = (await shop.learn())["无单号"]
        ask = shop.order("", good, 1)
        first, again = [await shop.bought(await shop.send(ask), "") for _ in range(2)]
        assert first.ok
        assert first == again
        # A stranger who heard it can write the signature in other letters: it is still the same one.
        loud, quiet = ask.signature.upper(), ask.signature
        headers = {k: v.replace(quiet, loud) for k, v in ask.headers.items()}
        heard = Ask(ask.method, ask.path, headers, ask.body.replace(quiet.encode(), loud.encode()), loud)
        assert await shop.bought(await shop.send(heard), "") == first


async def test_dujiao_next(shop_of: ShopOf, world: World) -> None:
    sku = await world.sku(name="独角")
    await world.price(sku, ladder={1: "9.50", 10: "9"})
    await world.stock(sku, 3, codes=["DJ-1", "DJ-2", "DJ-3"])
    topup = await world.sku("topup", name="独角话费", fields=PHONE)
    await world.price(topup, "50")
    shop = await shop_of("dujiao_next", await world.buyer(balance_e4=1_000_000))
    like(
        await shop.say("ping"),
        {
            "ok": True,
            "site_name": "Kitchen",
            "protocol_version": "1.0",
            "user_id": HIDDEN,
            "balance": "100.00",
            "currency": "CNY",
            "member_level": None,
        },
    )
    categories = await shop.say("categories", method="GET")
    brand = {
        "id": HIDDEN,
        "parent_id": 0,
        "slug": HIDDEN,
        "name": {"zh-CN": "品牌", "en": "Brand"},
        "icon": "",
        "sort_order": 0,
    }
    like(categories, {"ok": True, "categories": [brand]})
    page = await shop.say("products?page=1&page_size=100&updated_after=2026-01-01T00:00:00Z", method="GET")
    assert set(page) == {"ok", "items", "total", "page", "page_size", "includes_inactive"}
    [product] = [p for p in page["items"] if p["title"]["zh-CN"] == "独角"]
    sku_shape = {
        "id": HIDDEN,
        "sku_code": f"A-{sku}",
        "spec_values": {},
        "price_amount": "9.50",
        "stock_status": "low_stock",
        "stock_quantity": 3,
        "is_active": True,
    }
    shape = {
        "id": HIDDEN,
        "slug": HIDDEN,
        "title": {"zh-CN": "独角", "en": "独角"},
        "description": HIDDEN,
        "content": HIDDEN,
        "seo_meta": {},
        "images": [],
        "tags": [],
        "price_amount": "9.50",
        "wholesale_prices": [{"min_quantity": 10, "unit_price": "9.00"}],
        "currency": "CNY",
        "fulfillment_type": "auto",
        "manual_form_schema": None,
        "is_active": True,
        "category_id": categories["categories"][0]["id"],
        "skus": [sku_shape],
        "created_at": HIDDEN,
        "updated_at": HIDDEN,
    }
    like(product, shape)
    assert product["id"] < 2**31  # a browser's number
    one = await shop.say(f"products/{product['id']}", method="GET")
    like(one, {"ok": True, "product": shape})
    gone = await shop.send(shop.ask("products/999999", {}, "GET"))
    assert (gone.status, gone.json["error_code"]) == (404, "product_not_found")

    bought = await shop.say(
        "orders", {"sku_id": product["skus"][0]["id"], "quantity": 2, "downstream_order_no": "D1"}
    )
    item = {
        "product_id": product["id"],
        "sku_id": product["id"],
        "title": HIDDEN,
        "quantity": 2,
        "unit_price": "9.5000",
        "total_price": "19.0000",
        "fulfillment_type": "auto",
    }
    given = {"type": "auto", "status": "delivered", "payload": "DJ-1\nDJ-2", "delivery_data": None}
    order = {
        "ok": True,
        "order_id": HIDDEN,
        "order_no": HIDDEN,
        "status": "delivered",
        "amount": "19.00",
        "refunded_amount": "0.00",
        "currency": "CNY",
        "items": [item],
        "fulfillment": given | {"delivered_at": HIDDEN},
    }
    like(bought, order)
    assert await shop.say(f"orders/{bought['order_id']}", method="GET") == bought
    refused = await shop.send(shop.ask(f"orders/{bought['order_id']}/cancel", {}))
    assert (refused.status, refused.json["error_code"]) == (409, "cancel_not_allowed")

    [form] = [p for p in page["items"] if p["title"]["zh-CN"] == "独角话费"]
    field = {"key": "phone", "type": "phone", "required": True, "max_len": 200}
    field |= {"label": {"zh-CN": "手机号", "en": "Mobile"}}
    assert (form["fulfillment_type"], form["manual_form_schema"]) == ("manual", {"fields": [field]})
    assert form["skus"][0]["stock_status"] == "unlimited"
    wanted = {"sku_id": form["id"], "quantity": 1, "downstream_order_no": "D2"}
    assert (await shop.say("orders", wanted))["error_code"] == "bad_request"
    waiting = await shop.say("orders", wanted | {"manual_form_data": {"phone": "13800138000"}})
    assert (waiting["status"], "fulfillment" in waiting) == ("fulfilling", False)
    off = await shop.say(f"orders/{waiting['order_id']}/cancel")
    like(off, {"ok": True, "order_id": waiting["order_id"], "order_no": HIDDEN, "status": "canceled"})
    assert (await shop.say(f"orders/{waiting['order_id']}", method="GET"))["refunded_amount"] == "50.00"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"Dujiao-Next-Api-Key": None}, 401, "missing_auth_headers"),
        ({"Dujiao-Next-Timestamp": None}, 401, "missing_auth_headers"),
        ({"Dujiao-Next-Signature": None}, 401, "missing_auth_headers"),
        ({"Dujiao-Next-Timestamp": "soon"}, 401, "invalid_timestamp"),
        ({"Dujiao-Next-Timestamp": "1700000000"}, 401, "timestamp_expired"),
        ({"Dujiao-Next-Signature": "0" * 64}, 401, "invalid_signature"),
        ({"Dujiao-Next-Api-Key": "dj_key"}, 403, "invalid_api_key"),
    ],
)
async def test_dujiao_nexts_entrance(
    change: dict[str, str | None], status: int, code: str, shop_of: ShopOf, world: World, house: House
) -> None:
    shop = await shop_of("dujiao_next", await world.buyer())
    ask = shop.ask("ping", {})
    headers = {k: v for k, v in (dict(ask.headers) | change).items() if v is not None}
    answer = await house.served.raw("POST", ask.path, b"", headers)
    assert (answer.status, answer.json["error_code"], answer.json["ok"]) == (status, code, False)


async def test_dujiao_nexts_window_and_path(shop_of: ShopOf, world: World, house: House) -> None:
    shop = await shop_of("dujiao_next", await world.buyer())
    assert isinstance(shop, Dujiao)
    for ago, code in ((55, None), (-55, None), (65, "timestamp_expired"), (-65, "timestamp_expired")):
        told = shop.read(await shop.send(shop.raw_ask("ping", b"", stamp=int(time.time()) - ago)))
        assert told.get("error_code") == code
    # Who signs the whole path is right too.
    stamp, path = str(int(time.time())), "/faces/dujiao_next/api/v1/upstream/ping"
    headers = {
        "Dujiao-Next-Api-Key": shop.buyer.key_id,
        "Dujiao-Next-Timestamp": stamp,
        "Dujiao-Next-Signature": Dujiao.sign(shop.buyer.secret, "POST", path, stamp, b""),
    }
    assert (await house.served.raw("POST", path, b"", headers)).json["ok"] is True


async def test_xianguanjia(shop_of: ShopOf, world: World) -> None:
    sku = await world.sku(name="闲鱼卡")
    await world.price(sku, "9.5050")
    await world.stock(sku, 9, codes=[f"XY-{n}" for n in range(9)])
    shop = await shop_of("xianguanjia", await world.buyer(balance_e4=1_000_099))
    features = {"is_support_order_refund": False, "is_support_goods_notify": False}
    features |= {"is_support_loss_purchase": False}
    assert await shop.say("open/info") == {
        "code": 0,
        "msg": "OK",
        "data": {"app_id": int(APP_ID), "features": features},
    }
    assert (await shop.say("user/info"))["data"] == {"balance": 10_000}
    assert (await shop.say("user/info/"))["code"] == 0
    goods = {
        "goods_no": str(sku),
        "goods_type": 2,
        "goods_name": "闲鱼卡",
        "price": 951,
        "stock": 9,
        "status": 1,
        "update_time": HIDDEN,
    }
    listed = (await shop.say("goods/list", {"keyword": "闲鱼卡", "page_no": 1, "page_size": 20}))["data"]
    like(listed, {"list": [goods], "count": 1})
    assert (await shop.say("goods/list", {"keyword": "闲鱼卡", "goods_type": 3}))["data"]["count"] == 0
    like((await shop.say("goods/detail", {"goods_no": str(sku)}))["data"], goods | {"template": []})
    assert (await shop.say("goods/detail", {"goods_no": "1", "goods_type": 2}))["code"] == 1100

    order = {
        "order_type": 2,
        "order_no": "X1",
        "out_order_no": HIDDEN,
        "order_status": 20,
        "order_amount": 1901,
        "goods_no": str(sku),
        "goods_name": "闲鱼卡",
        "buy_quantity": 2,
        "order_time": HIDDEN,
        "end_time": HIDDEN,
        "remark": "",
        "card_items": [{"card_pwd": "XY-0"}, {"card_pwd": "XY-1"}],
    }
    asked = {"order_no": "X1", "goods_no": str(sku), "buy_quantity": 2}
    short = await shop.say("order/purchase/create", asked | {"max_amount": 1900})
    assert short["code"] == 1202
    sold = await shop.say("order/purchase/create", asked | {"max_amount": 1901})
    like(sold, {"code": 0, "msg": "OK", "data": order})
    assert (await shop.say("order/detail", {"order_no": "X1"}))["data"] == sold["data"]
    assert (await shop.say("order/recharge/create", asked | {"order_no": "X2"}))["code"] == 1100
    for path in ("order/ticket/create", "order/refund/apply", "goods/change/subscribe"):
        assert (await shop.say(path, {"order_no": "X3"}))["code"] == 1201
    assert isinstance(shop, Xgj)
    for ago, code in ((290, 0), (310, 408), (-310, 408)):
        told = shop.read(await shop.send(shop.raw_ask("user/info", b"", stamp=int(time.time()) - ago)))
        assert told["code"] == code
    for body in (b"", b"{}"):
        assert (shop.read(await shop.send(shop.raw_ask("user/info", body))))["code"] == 0


async def test_xianguanjia_tops_up(shop_of: ShopOf, world: World) -> None:
    more = [*PHONE, {"name": "game_area", "label_zh": "大区", "label_en": "Area"}]
    sku = await world.sku("topup", name="闲鱼直充", fields=more)
    other = await world.sku("topup", name="闲鱼问得多", fields=[*PHONE, more[1] | {"name": "mood"}])
    for one in (sku, other):
        await world.price(one, "50")
    shop = await shop_of("xianguanjia", await world.buyer(balance_e4=1_000_000))
    names = await shop.learn()
    assert "闲鱼直充" in names
    assert "闲鱼问得多" not in names  # this protocol has no place for such a field
    detail = (await shop.say("goods/detail", {"goods_no": str(sku), "goods_type": 1}))["data"]
    assert [(t["code"], t["name"]) for t in detail["template"]] == [
        ("account", "手机号"),
        ("game_area", "大区"),
    ]
    content = {"account": "13800138000", "game_area": "一区", "buyer_ip": "192.0.2.1"}
    bought = await shop.buy("XD1", str(sku), biz_content=content)
    assert (bought.ok, bought.state, bought.cards) == (True, "10", ())
    assert not (await shop.buy("XD2", str(sku), biz_content={"game_area": "一区"})).ok


async def test_without_an_application_nobody_is_let_in(house: House, world_ground: Any) -> None:
    world = await world_ground.world()
    shop = Xgj(house.served, await world.buyer())
    assert (await shop.say("user/info"))["code"] == 401


# Refusals ----------------------------------------------------------------------------------------------------------

UNKNOWN = {"acg_faka": 500, "kakayun": 9999, "xianguanjia": 1209, "dujiao_next": "internal_error"}


def test_no_refusal_is_without_a_word_and_none_that_may_have_bought_is_a_no() -> None:
    """Of every refusal that there is, those that come tomorrow included."""

    class Tomorrow(Refusal):
        no = (418, "No", "否")
        perhaps = (503, "Perhaps", "或许", True, "platform", "unknown")

    counter: Counter = None  # type: ignore[assignment]
    faces = [AcgFaka(counter), Kakayun(counter), DujiaoNext(counter), Xianguanjia(counter)]
    call = Call("POST", "x", {}, {}, b"", 0.0)
    for face in faces:
        for refusal in [r for kind in (*app.REFUSALS.values(), Tomorrow) for r in kind]:
            said = face.refused(call, Refused(refusal))
            told = json.loads(said.body)
            code = told.get("error_code", told.get("code"))
            if refusal.outcome == "failed":
                assert code != UNKNOWN[face.name], (face.name, refusal)
                assert said.status < 500
            else:
                assert code == UNKNOWN[face.name], (face.name, refusal)
            assert told.get("msg") or told.get("error_message")
            if face.name in ("kakayun", "xianguanjia"):
                assert code != {"kakayun": 1, "xianguanjia": 0}[face.name]
