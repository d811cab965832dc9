"""Foreign shops: clients of each protocol, written from its documents alone, that sign by themselves."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import unquote_plus, urlencode

from world import Answer, Buyer, Served

APP_ID, APP_SECRET = "677859093659717", "wK63PxlOBaY9NoqMksLeZySzGIW25ifA"


@dataclass(frozen=True)
class Ask:
    """A request as it goes on the wire. `signature` stands somewhere in it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    signature: str


@dataclass(frozen=True)
class Bought:
    """What the shop understands of an answer. `code` is the protocol's own word for a no; `order` the supplier's number."""

    ok: bool
    code: Any = None
    order: str = ""
    cards: tuple[str, ...] = ()
    state: str = ""
    paid: str = ""


@dataclass
class Shop:
    """One shop with its credential."""

    served: Served
    buyer: Buyer
    name: ClassVar[str] = ""
    conflict: ClassVar[Any] = None
    no_money: ClassVar[Any] = None
    no_stock: ClassVar[Any] = None
    unknown_order: ClassVar[Any] = None
    bad_signature: ClassVar[Any] = None
    unknown_key: ClassVar[Any] = None
    bad_ip: ClassVar[Any] = None
    no_scope: ClassVar[Any] = None
    garbage: ClassVar[Any] = None
    unknown_path: ClassVar[Any] = None
    unknown_good: ClassVar[Any] = None
    goods: dict[int, str] = field(default_factory=dict)

    async def send(self, ask: Ask) -> Answer:
        return await self.served.raw(ask.method, ask.path, ask.body, ask.headers)

    async def say(self, what: str, told: Mapping[str, Any] | None = None, method: str = "POST") -> Any:
        return self.read(await self.send(self.ask(what, told or {}, method)))

    def read(self, answer: Answer) -> Any:
        assert answer.headers["content-type"].startswith("application/json"), answer.body
        return answer.json

    def ask(self, what: str, told: Mapping[str, Any], method: str = "POST") -> Ask:
        raise NotImplementedError

    def order(self, number: str, good: str, quantity: int, **more: Any) -> Ask:
        raise NotImplementedError

    async def bought(self, answer: Answer, number: str) -> Bought:
        raise NotImplementedError

    async def look(self, number: str, order: str) -> Any:
        """The protocol's answer about an order: its word for a no, or None when it tells."""
        raise NotImplementedError

    async def learn(self) -> dict[str, str]:
        """Name of each good → what the protocol calls it."""
        raise NotImplementedError

    async def buy(self, number: str, good: str, quantity: int = 1, **more: Any) -> Bought:
        return await self.bought(await self.send(self.order(number, good, quantity, **more)), number)


def md5(text: str | bytes) -> str:
    return hashlib.md5(text.encode() if isinstance(text, str) else text, usedforsecurity=False).hexdigest()


class Acg(Shop):
    name = "acg_faka"
    conflict = "The request ID already exists"
    no_money, no_stock, unknown_order = "余额不足", "库存不足", "订单不存在"
    bad_signature, unknown_key, unknown_good = "密钥错误", "商户ID不存在", "商品不存在"
    bad_ip, no_scope = "该密钥不允许从此 IP 使用", "密钥缺少此接口所需的权限"
    garbage, unknown_path = "请求体不是合法的 JSON", "未找到"

    @staticmethod
    def sign(pairs: list[tuple[str, str]], key: str) -> str:
        """As PHP builds it: sorted by the name at the top, without empty texts, and the whole of it URL-decoded."""
        kept = sorted([(k, v) for k, v in pairs if k != "sign" and v != ""], key=lambda p: p[0].split("[")[0])
        return md5(unquote_plus(f"{urlencode(kept)}&key={key}"))

    def ask(self, what: str, told: Mapping[str, Any], method: str = "POST") -> Ask:
        pairs = [(k, str(v)) for k, v in told.items()]
        pairs += [("app_id", self.buyer.key_id), ("app_key", self.buyer.secret)]
        signature = self.sign(pairs, self.buyer.secret)
        body = urlencode([*pairs, ("sign", signature)]).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Ask(method, f"/faces/acg_faka/shared/{what}", headers, body, signature)

    def order(self, number: str, good: str, quantity: int, **more: Any) -> Ask:
        told = {"shared_code": good, "contact": "a@b.cn", "num": quantity, "card_id": 0, "device": 0}
        return self.ask("commodity/trade", told | {"password": "", "race": "", "request_no": number} | more)

    async def bought(self, answer: Answer, number: str) -> Bought:
        told = self.read(answer)
        assert answer.status == 200
        if told["code"] != 200:
            return Bought(False, told["msg"])
        data = told["data"]
        return Bought(True, None, data["tradeNo"], tuple(data["secret"].split("\n")), "done", data["amount"])

    async def look(self, number: str, order: str) -> Any:
        told = await self.say("commodity/query", {"tradeNo": order})
        return None if told["code"] == 200 else told["msg"]

    async def learn(self) -> dict[str, str]:
        told = await self.say("commodity/items")
        return {i["name"]: i["code"] for group in told["data"] for i in group["children"]}


class Kky(Shop):
    name = "kakayun"
    conflict, no_money, no_stock, unknown_order = 1205, 1213, -1, 1301
    bad_signature, unknown_key, bad_ip, no_scope = 401, 1000, 402, 1002
    garbage, unknown_path, unknown_good = -1, -1, 1206

    @staticmethod
    def sign(told: Mapping[str, Any], key: str) -> str:
        pairs = []
        for name in sorted(told):
            value = told[name]
            if name == "sign" or value is None or value == "":
                continue
            if not isinstance(value, str):
                value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            pairs.append(f"{name}={value}")
        return md5("&".join(pairs) + key)

    def ask(self, what: str, told: Mapping[str, Any], method: str = "POST") -> Ask:
        full = {"userid": self.buyer.key_id, "timestamp": int(time.time())} | dict(told)
        signature = self.sign(full, self.buyer.secret)
        body = json.dumps(full | {"sign": signature}).encode()
        return Ask(
            method,
            f"/faces/kakayun/dockapiv3/{what}",
            {"Content-Type": "application/json;charset=utf-8"},
            body,
            signature,
        )

    def order(self, number: str, good: str, quantity: int, **more: Any) -> Ask:
        told = {"goodsid": good, "buynum": quantity} | ({"usorderno": number} if number else {})
        return self.ask("order/create", told | more)

    async def bought(self, answer: Answer, number: str) -> Bought:
        told = self.read(answer)
        assert answer.status == 200
        if told["code"] != 1:
            return Bought(False, told["code"])
        assert set(told["data"]) == {"orderno", "usorderno"}
        got = (await self.say("order/get", {"orderno": told["data"]["orderno"]}))["data"]
        cards = tuple(card["card_pwd"] for card in got["cards"])
        return Bought(True, None, got["orderno"], cards, str(got["status"]), got["money"])

    async def look(self, number: str, order: str) -> Any:
        codes = set()
        for told in ({"usorderno": number}, {"orderno": order}):
            code = (await self.say("order/get", told))["code"]
            codes.add(None if code == 1 else code)
        [only] = codes
        return only

    async def learn(self) -> dict[str, str]:
        found: dict[str, str] = {}
        page, pages = 1, 1
        while page <= pages:
            told = await self.say("goods/all", {"limit": 50, "page": page})
            found |= {g["goodsname"]: str(g["goodsid"]) for g in told["data"]}
            page, pages = page + 1, told["allpage"]
        return found


class Dujiao(Shop):
    name = "dujiao_next"
    conflict, no_money, no_stock = "bad_request", "insufficient_balance", "insufficient_stock"
    unknown_order, bad_signature, unknown_key = "order_not_found", "invalid_signature", "invalid_api_key"
    bad_ip, no_scope, garbage, unknown_path = (
        "invalid_api_key",
        "invalid_api_key",
        "bad_request",
        "bad_request",
    )
    unknown_good = "sku_unavailable"

    @staticmethod
    def sign(secret: str, method: str, path: str, stamp: str, body: bytes) -> str:
        line = f"{method}\n{path}\n{stamp}\n{md5(body)}"
        return hmac.new(secret.encode(), line.encode(), hashlib.sha256).hexdigest()

    def ask(self, what: str, told: Mapping[str, Any], method: str = "POST") -> Ask:
        body = json.dumps(dict(told)).encode() if told else b""
        return self.raw_ask(what, body, method)

    def raw_ask(self, what: str, body: bytes, method: str = "POST", stamp: int | None = None) -> Ask:
        """The shop knows its upstream's address and adds the path, and that is what it signs."""
        path, at = f"/api/v1/upstream/{what}", str(int(time.time()) if stamp is None else stamp)
        signature = self.sign(self.buyer.secret, method, path.partition("?")[0], at, body)
        headers = {
            "Dujiao-Next-Api-Key": self.buyer.key_id,
            "Dujiao-Next-Timestamp": at,
            "Dujiao-Next-Signature": signature,
            "Content-Type": "application/json",
        }
        return Ask(method, f"/faces/dujiao_next{path}", headers, body, signature)

    def order(self, number: str, good: str, quantity: int, **more: Any) -> Ask:
        told = {"sku_id": int(good), "quantity": quantity, "trace_id": "t"}
        return self.ask("orders", told | ({"downstream_order_no": number} if number else {}) | more)

    async def bought(self, answer: Answer, number: str) -> Bought:
        told = self.read(answer)
        assert told["ok"] is (answer.status == 200)
        if not told["ok"]:
            assert set(told) == {"ok", "error_code", "error_message"}
            return Bought(False, told["error_code"])
        payload = told.get("fulfillment", {}).get("payload", "")
        cards = tuple(payload.split("\n")) if payload else ()
        return Bought(True, None, str(told["order_id"]), cards, told["status"], told["amount"])

    async def look(self, number: str, order: str) -> Any:
        told = await self.say(f"orders/{order}", method="GET")
        return None if told["ok"] else told["error_code"]

    async def learn(self) -> dict[str, str]:
        told = await self.say("products?page_size=100", method="GET")
        return {p["title"]["zh-CN"]: str(p["skus"][0]["id"]) for p in told["items"]}


class Xgj(Shop):
    name = "xianguanjia"
    conflict, no_money, no_stock, unknown_order = 1203, 1201, 1102, 1200
    bad_signature, unknown_key, bad_ip, no_scope = 401, 1000, 403, 403
    garbage, unknown_path, unknown_good = 1201, 1201, 1100

    @staticmethod
    def sign(mch_id: str, mch_secret: str, stamp: str, body: bytes) -> str:
        return md5(f"{APP_ID},{APP_SECRET},{md5(body)},{stamp},{mch_id},{mch_secret}")

    def ask(self, what: str, told: Mapping[str, Any], method: str = "POST") -> Ask:
        return self.raw_ask(what, json.dumps(dict(told)).encode() if told else b"", method)

    def raw_ask(self, what: str, body: bytes, method: str = "POST", stamp: int | None = None) -> Ask:
        at = str(int(time.time()) if stamp is None else stamp)
        signature = self.sign(self.buyer.key_id, self.buyer.secret, at, body)
        query = urlencode({"mch_id": self.buyer.key_id, "timestamp": at, "sign": signature})
        path = f"/faces/xianguanjia/goofish/{what}?{query}"
        return Ask(method, path, {"Content-Type": "application/json"}, body, signature)

    def order(self, number: str, good: str, quantity: int, **more: Any) -> Ask:
        told = {"order_no": number, "goods_no": good, "buy_quantity": quantity, "item_id": 0}
        path = "order/recharge/create" if "biz_content" in more else "order/purchase/create"
        return self.ask(path, told | more)

    async def bought(self, answer: Answer, number: str) -> Bought:
        told = self.read(answer)
        assert answer.status == 200
        if told["code"] != 0:
            return Bought(False, told["code"])
        data = told["data"]
        cards = tuple(card["card_pwd"] for card in data.get("card_items", ()))
        return Bought(
            True, None, data["out_order_no"], cards, str(data["order_status"]), str(data["order_amount"])
        )

    async def look(self, number: str, order: str) -> Any:
        codes = set()
        for told in ({"order_no": number}, {"out_order_no": order}):
            code = (await self.say("order/detail", told))["code"]
            codes.add(None if code == 0 else code)
        [only] = codes
        return only

    async def learn(self) -> dict[str, str]:
        told = await self.say("goods/list", {"page_no": 1, "page_size": 100})
        return {g["goods_name"]: g["goods_no"] for g in told["data"]["list"]}


SHOPS: dict[str, type[Shop]] = {shop.name: shop for shop in (Acg, Kky, Dujiao, Xgj)}
