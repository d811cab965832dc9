"""福禄 v2.0 as a supplier speaks it, as far as its clients tell. Which of the codes 3001-3008 says what is assumed; those
from 9001 stand for the ones that no client names."""

import hashlib
import json
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said

_REASONS = {
    "off_sale": (3001, "商品不存在或已下架"),
    "no_stock": (3002, "商品库存不足"),
    "field_missing": (9001, "参数缺失"),
    "repeated": (9002, "外部订单号重复"),
    "no_balance": (9003, "余额不足"),
}
_UNSIGNED, _NO_ORDER, _NO_METHOD = (9004, "签名错误"), (9005, "订单不存在"), (9006, "接口不存在")
# It has no word for a part: fewer cards than were bought are all that it says of it.
_STATES = {"doing": "processing", "done": "success", "partial": "success", "failed": "failed"}
_BUYS = (b'"fulu.order.card.add"', b'"fulu.order.direct.add"')


class Fulu:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return any(method in asked.body for method in _BUYS)

    def answer(self, asked: Asked) -> Said:
        if asked.path != "/api/getway":
            return Said(404, b"")
        told = json.loads(asked.body)
        signature = told.pop("sign", "")
        line = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        if told.get("app_key") != self.shop.account or signature != self._sign(line):
            return self._said(_UNSIGNED)
        what = json.loads(told["biz_content"])
        known = {
            "fulu.user.info.get": self._user,
            "fulu.goods.list.get": self._list,
            "fulu.goods.info.get": self._info,
            "fulu.goods.template.get": self._template,
            "fulu.order.card.add": self._buy,
            "fulu.order.direct.add": self._buy,
            "fulu.order.info.get": self._order,
        }.get(told["method"])
        return known(what) if known is not None else self._said(_NO_METHOD)

    def callback(self, order: Order) -> Asked | None:
        return None

    def _sign(self, text: str) -> str:
        line = "".join([letter * text.count(letter) for letter in sorted(set(text))]) + self.shop.key
        return hashlib.md5(line.encode(), usedforsecurity=False).hexdigest()

    def _said(self, code: tuple[int, str], result: object = None) -> Said:
        text = "" if result is None else json.dumps(result, ensure_ascii=False, separators=(",", ":"))
        told = {"code": code[0], "message": code[1], "result": text, "sign": self._sign(text)}
        return Said(200, json.dumps(told, ensure_ascii=False).encode())

    def _well(self, result: object) -> Said:
        return self._said((0, "接口调用成功"), result)

    def _user(self, _what: dict[str, Any]) -> Said:
        return self._well({"name": "商户", "balance": _yuan(self.shop.balance_e4), "is_open": 1})

    def _list(self, _what: dict[str, Any]) -> Said:
        """Only what is on sale, and all of it."""
        return self._well([_article(a) for a in self.shop.articles.values() if a.on_sale])

    def _info(self, what: dict[str, Any]) -> Said:
        article = self.shop.articles.get(int(what["product_id"]))
        return self._said(_REASONS["off_sale"]) if article is None else self._well(_article(article))

    def _template(self, what: dict[str, Any]) -> Said:
        for article in self.shop.articles.values():
            if what["template_id"] == _template_id(article):
                inputs = [
                    {"Type": "text", "Id": "ChargeAccount", "Name": label, "SortId": 1}
                    for label in article.fields.values()
                ]
                info = {"Inputs": inputs, "ChargeNum": {"Id": "ChargeNum", "Value": "1-10"}}
                return self._well(
                    {"AddressId": what["template_id"], "IsServiceArea": False, "ElementInfo": info}
                )
        return self._said(_NO_ORDER)

    def _buy(self, what: dict[str, Any]) -> Said:
        done = self.shop.buy(what["customer_order_no"], what["product_id"], what["buy_num"], what)
        return self._said(_REASONS[done]) if isinstance(done, str) else self._well(self._told(done))

    def _order(self, what: dict[str, Any]) -> Said:
        order = self.shop.orders.get(what["customer_order_no"])
        return self._said(_NO_ORDER) if order is None else self._well(self._told(self.shop.look(order)))

    def _told(self, order: Order) -> dict[str, Any]:
        cards = [
            {
                "card_number": self._seal(n),
                "card_pwd": self._seal(p),
                "card_type": 0,
                "card_deadline": "2099-12-31",
            }
            for n, p in order.codes
        ]
        return {
            "order_id": order.number,
            "product_id": order.article.id,
            "product_name": order.article.name,
            "charge_account": order.fields.get("charge_account"),
            "customer_order_no": order.ref,
            "create_time": "2025-11-26 14:53:20",
            "buy_num": order.quantity,
            "order_price": _yuan(order.total_e4 // order.quantity),
            "order_state": _STATES[order.state],
            "order_type": 3 if order.article.kind == "code" else 4,
            "cards": cards or None,
        }

    def _seal(self, text: str) -> str:
        left = 16 - len(text.encode()) % 16
        padded = text.encode() + bytes([left]) * left
        encryptor = Cipher(algorithms.AES(self.shop.key.encode()), modes.ECB()).encryptor()  # noqa: S305
        return b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def _yuan(amount_e4: int) -> float:
    return float(money.text(amount_e4))


def _template_id(article: Article) -> str:
    return f"T{article.id}" if article.fields else ""


def _article(article: Article) -> dict[str, Any]:
    return {
        "product_id": article.id,
        "product_name": article.name,
        "product_type": "卡密" if article.kind == "code" else "直充",
        "face_value": _yuan(article.price_e4),
        "purchase_price": _yuan(article.price_e4),
        "sales_status": "上架" if article.on_sale else "下架",
        "stock_status": "充足" if article.stock else "断货",
        "template_id": _template_id(article),
        "details": "",
    }
