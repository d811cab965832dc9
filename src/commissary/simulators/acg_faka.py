"""acg-faka's shared store, type 0, as the shop that sells speaks it (read in lizhipay/acg-faka, version 3.6.0)."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said

_OK, _NO = 200, 0
_REASONS = {
    "repeated": "The request ID already exists",
    "off_sale": "当前商品已停售",
    "no_stock": "库存不足",
    "field_missing": "填写的信息有误",
    "no_balance": "余额不足",
}
_PAID = 1


class AcgFaka:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.path.endswith("/commodity/trade")

    def answer(self, asked: Asked) -> Said:
        form = parse_qsl(asked.body.decode(), keep_blank_values=True)
        what = dict(form)
        if what.get("app_id") != self.shop.account:
            return _said(_NO, "商户ID不存在")
        if what.get("sign") != self._sign(form):
            return _said(_NO, "密钥错误")
        known = {
            "authentication/connect": self._connect,
            "commodity/items": self._items,
            "commodity/item": self._item,
            "commodity/stock": self._stock,
            "commodity/valuation": self._valuation,
            "commodity/trade": self._trade,
            "commodity/query": self._query,
        }.get(asked.path.removeprefix("/shared/"))
        return known(what) if known is not None else Said(404, b"")

    def callback(self, order: Order) -> Asked | None:
        return None

    def _sign(self, form: list[tuple[str, str]]) -> str:
        """As PHP does: built as a query, and then the whole of it decoded, the key at its end too."""
        signed = sorted(
            [(k, v) for k, v in form if k != "sign" and v != ""], key=lambda pair: pair[0].split("[")[0]
        )
        line = unquote_plus(f"{urlencode(signed)}&key={self.shop.key}")
        return hashlib.md5(line.encode(), usedforsecurity=False).hexdigest()

    def _connect(self, _what: dict[str, str]) -> Said:
        return _said(
            _OK, "success", {"shopName": "测试店", "balance": float(money.text(self.shop.balance_e4))}
        )

    def _items(self, _what: dict[str, str]) -> Said:
        children = [_commodity(a) for a in self.shop.articles.values() if a.on_sale]
        return _said(_OK, "success", [{"id": 1, "name": "全部", "children": children}])

    def _item(self, what: dict[str, str]) -> Said:
        """Unlike in the list, `config` and `widget` are no texts here."""
        article = self._article(what["code"])
        if article is None:
            return _said(_NO, "商品不存在")
        if not article.on_sale:
            return _said(_NO, "该商品暂未上架")
        return _said(_OK, "success", {**_commodity(article), "config": [], "widget": _widget(article)})

    def _stock(self, what: dict[str, str]) -> Said:
        article = self._article(what["code"])
        if article is None:
            return _said(_NO, "商品不存在")
        return _said(_OK, "success", {"stock": str(article.stock)})

    def _valuation(self, what: dict[str, str]) -> Said:
        article = self._article(what["code"])
        if article is None:
            return _said(_NO, "商品不存在#0")
        return _said(_OK, "success", {"price": money.text(article.price_e4 * int(what["num"]))})

    def _trade(self, what: dict[str, str]) -> Said:
        article = self._article(what["shared_code"])
        if article is None:
            return _said(_NO, "商品不存在")
        quantity = int(what["num"])
        if article.stock < quantity:  # looked at before the number is
            return _said(_NO, _REASONS["no_stock"])
        fields = {name: what.get(name, "") for name in article.fields}
        done = self.shop.buy(what["request_no"], article.id, quantity, fields, once=False)
        if isinstance(done, str):
            return _said(_NO, _REASONS[done])
        self.shop.finish(done)
        done.codes = [("", secret) for _number, secret in done.codes]
        told = {
            "url": None,
            "amount": money.text(done.total_e4),
            "tradeNo": done.number,
            "secret": _secret(done),
            "stock": str(article.stock),
        }
        return _said(_OK, "success", told)

    def _query(self, what: dict[str, str]) -> Said:
        order = self.shop.numbers.get(what.get("tradeNo", ""))
        if order is None:
            return _said(_NO, "订单不存在")
        return _said(_OK, "success", {"secret": _secret(order), "widget": None, "status": _PAID})

    def _article(self, code: str) -> Article | None:
        return next((a for a in self.shop.articles.values() if str(a.id) == code), None)


def _said(code: int, message: str, data: object = None) -> Said:
    told = {"code": code, "msg": message, **({} if data is None else {"data": data})}
    return Said(200, json.dumps(told, ensure_ascii=False).encode())


def _secret(order: Order) -> str:
    return "\n".join(secret for _number, secret in order.codes)


def _widget(article: Article) -> list[dict[str, str]]:
    return [
        {"cn": label, "name": name, "placeholder": "", "type": "text", "regex": "", "error": "", "dict": ""}
        for name, label in article.fields.items()
    ]


def _commodity(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "name": article.name,
        "description": "",
        "cover": "",
        "price": money.text(article.price_e4 * 2),
        "user_price": money.text(article.price_e4),
        "factory_price": "0.00",
        "delivery_way": 0,
        "contact_type": 0,
        "password_status": 0,
        "sort": 0,
        "code": str(article.id),
        "seckill_status": 0,
        "draft_status": 0,
        "draft_premium": 0,
        "inventory_hidden": 0,
        "only_user": 0,
        "purchase_count": 0,
        "minimum": 0,
        "maximum": 0,
        "widget": json.dumps(_widget(article), ensure_ascii=False),
        "config": "",
        "stock": article.stock,
        "api_status": 1,
        "status": 1 if article.on_sale else 0,
    }
