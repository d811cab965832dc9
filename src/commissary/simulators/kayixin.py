"""卡易信 v3 as a supplier speaks it (7qsaa0ye9g.apifox.cn). Of its codes the document names 1000; the others are made up."""

import base64
import hashlib
import json
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_PAGE = 50
_OK, _NO, _STRANGER = 1000, 1001, 1002
_REASONS = {
    "repeated": "采购单号重复",
    "off_sale": "商品已暂停销售",
    "no_stock": "库存不足",
    "field_missing": "充值信息不完整",
    "too_dear": "订单成本超过安全价格",
    "no_balance": "账户余额不足",
}


class Kayixin:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.path.endswith("/order/create")

    def answer(self, asked: Asked) -> Said:
        headers = asked.headers
        seconds = headers.get("x-timestamp", "")
        if (
            headers.get("x-app-id") != self.shop.account
            or headers.get("x-version") != "3.0"
            or len(seconds) != 10
            or headers.get("x-signature") != self._sign(seconds, asked.body)
        ):
            return _said(_STRANGER, "签名错误")
        known = {
            "user/getAccount": self._account,
            "goods/getList": self._list,
            "goods/getDetail": self._detail,
            "order/create": self._create,
            "order/getDetail": self._order,
            "order/refunds": self._refunds,
        }.get(asked.path.removeprefix("/api/v3/"))
        what = json.loads(asked.body, parse_float=Decimal)
        return known(what) if known is not None else Said(404, b"")

    def callback(self, order: Order) -> Asked | None:
        told = _order(order)
        del told["count"]
        told["cards"] = self._sealed(_cards(order)) if order.codes else ""
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        seconds = "1764140000"
        headers = {
            "content-type": "application/json",
            "x-app-id": self.shop.account,
            "x-version": "3.0",
            "x-timestamp": seconds,
            "x-signature": self._sign(seconds, body),
        }
        return called_back(self.shop, order, headers, body)

    def _sign(self, seconds: str, body: bytes) -> str:
        text = f"{self.shop.account}{self.shop.key}3.0{seconds}".encode() + body
        return hashlib.md5(text, usedforsecurity=False).hexdigest()

    def _sealed(self, cards: list[dict[str, Any]]) -> str:
        plain = json.dumps(cards, ensure_ascii=False, separators=(",", ":")).encode()
        short = 16 - len(plain) % 16
        cipher = Cipher(algorithms.AES(self.shop.key.encode()), modes.ECB()).encryptor()  # noqa: S305
        return base64.b64encode(cipher.update(plain + bytes([short]) * short) + cipher.finalize()).decode()

    def _account(self, _what: dict[str, Any]) -> Said:
        return _said(_OK, "success", {"balance": _number(self.shop.balance_e4)})

    def _list(self, what: dict[str, Any]) -> Said:
        articles, page = list(self.shop.articles.values()), int(what.get("page") or 1)
        told = {
            "allCount": -(-len(articles) // _PAGE),
            "allPage": len(articles),
            "items": [_article(a) for a in articles[(page - 1) * _PAGE : page * _PAGE]],
        }
        return _said(_OK, "success", told)

    def _detail(self, what: dict[str, Any]) -> Said:
        article = self.shop.articles.get(int(what["goodsId"]))
        if article is None:
            return _said(_NO, "商品不存在")
        fields = [
            {"type": 0, "title": name, "placeholder": label, "required": 1}
            for name, label in article.fields.items()
        ]
        more = {
            "minQuantity": 1,
            "maxQuantity": 100,
            "stockCount": article.stock,
            "rechargeTemplates": fields,
            "channel": {
                "status": 1,
                "items": [{"type": 2, "limitPrice": 0}, {"type": 3, "limitPrice": 9.9}],
            },
        }
        return _said(_OK, "success", {**_article(article), **more})

    def _create(self, what: dict[str, Any]) -> Said:
        safe = what.get("safePrice")
        done = self.shop.buy(
            what["outerNumber"],
            int(what["goodsId"]),
            int(what["count"]),
            {each["name"]: each["value"] for each in what.get("attach") or []},
            money.parse(str(safe)) if safe is not None else None,
            what.get("notifyUrl", ""),
            once=False,
        )
        if isinstance(done, str):
            return _said(_NO, _REASONS[done])
        return _said(_OK, "购买成功", {"cards": [], "orderNumber": done.number})

    def _order(self, what: dict[str, Any]) -> Said:
        order = self._named(what)
        if order is None:
            return _said(_NO, "订单不存在")
        self.shop.look(order)
        return _said(_OK, "success", {**_order(order), "cards": _cards(order) or None})

    def _refunds(self, what: dict[str, Any]) -> Said:
        order = self._named(what)
        if order is None or order.state != "doing":
            return _said(_NO, "该订单不支持申请退款")
        self.shop.fail(order)
        return _said(_OK, "success", {"status": _state(order)})

    def _named(self, what: dict[str, Any]) -> Order | None:
        return self.shop.numbers.get(what.get("orderNumber") or "") or self.shop.orders.get(
            what.get("outerNumber") or ""
        )


def _said(code: int, message: str, data: object = None) -> Said:
    told = {"code": code, "msg": message, **({} if data is None else {"data": data})}
    return Said(200, json.dumps(told, ensure_ascii=False).encode())


def _number(amount_e4: int) -> float:
    """As they write it: a number. Four places survive it."""
    return float(money.text(amount_e4))


def _state(order: Order) -> int:
    if order.state in ("doing", "done"):
        return 2 if order.state == "doing" else 3
    return 4 if order.refunded_e4 == order.total_e4 else 5


def _article(article: Article) -> dict[str, Any]:
    return {
        "goodsId": article.id,
        "name": article.name,
        "faceValue": _number(article.price_e4),
        "salesPrice": _number(article.price_e4),
        "goodsType": 1 if article.kind == "code" else 3,
        "warrantyDays": 0,
        "status": 1 if article.on_sale else 2,
        "multiple": 1,
        "isRepeat": 1,
        "isRefOrder": 1,
        "isRefMoney": 1,
        "skuType": 0,
        "imgUrl": "",
        "warrantyTime": 0,
        "warrantyUnit": 0,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "orderNumber": order.number,
        "outerNumber": order.ref,
        "status": _state(order),
        "count": order.quantity,
        "money": _number(order.total_e4),
        "retMoney": _number(order.refunded_e4),
        "result": "",
        "startCount": "",
        "nowCount": "",
        "endCount": "",
    }


def _cards(order: Order) -> list[dict[str, Any]]:
    return [
        {"cardId": f"{n}", "cardNo": number, "cardPwd": secret, "cancelRequest": 1, "status": 0}
        for n, (number, secret) in enumerate(order.codes, 1)
    ]
