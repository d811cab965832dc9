"""A plain supplier such as there are hundreds: forms, MD5 in capitals over sorted parameters, fen, codes as one text.

Nobody's protocol in particular; a buyer describes it in the settings of a `form` (docs/extending/add-a-supplier.md).
"""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_REASONS = {
    "repeated": ("1005", "订单号重复"),
    "off_sale": ("1006", "商品已下架"),
    "no_stock": ("1007", "库存不足"),
    "field_missing": ("1008", "充值账号为空"),
    "too_dear": ("1009", "商品已涨价"),
    "no_balance": ("1010", "余额不足"),
}
_STATES = {"doing": "processing", "done": "success", "partial": "partial", "failed": "failed"}


class Form:
    """An order that came to nothing is closed when all its money is back."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.path == "/api/order"

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("content-type", "").partition(";")[0] != "application/x-www-form-urlencoded":
            return Said(415, b"")
        what = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if what.get("app_id") != self.shop.account or len(what.get("time", "")) != 14:
            return _said("1001", "无此商户或时间格式不正确")
        if what.get("sign") != self._sign(what):
            return _said("1002", "签名错误")
        known = {
            "/api/balance": self._balance,
            "/api/goods": self._goods,
            "/api/order": self._buy,
            "/api/order/query": self._order,
            "/api/order/cancel": self._cancel,
        }.get(asked.path)
        return known(what) if known is not None else Said(404, b"")

    def callback(self, order: Order) -> Asked | None:
        told = {
            "app_id": self.shop.account,
            "order_no": order.ref,
            "status": _state(order),
            "amount": str(_fen(order.total_e4)),
        }
        told["sign"] = self._sign(told)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return called_back(self.shop, order, headers, urlencode(told).encode())

    def _sign(self, what: dict[str, str]) -> str:
        pairs = [f"{name}={value}" for name, value in sorted(what.items()) if name != "sign" and value]
        line = "&".join([*pairs, f"key={self.shop.key}"])
        return hashlib.md5(line.encode(), usedforsecurity=False).hexdigest().upper()

    def _balance(self, _what: dict[str, str]) -> Said:
        return _said("0", "ok", {"balance": _fen(self.shop.balance_e4)})

    def _goods(self, what: dict[str, str]) -> Said:
        size, page = min(int(what["size"]), 50), int(what["page"])
        articles = list(self.shop.articles.values())
        shown = [_article(article) for article in articles[(page - 1) * size : page * size]]
        return _said("0", "ok", {"list": shown, "total": len(articles)})

    def _buy(self, what: dict[str, str]) -> Said:
        number = int(what["number"])
        done = self.shop.buy(
            what["order_no"],
            int(what["goods_id"]),
            number,
            {"account": what.get("account", "")},
            int(what["max_price"]) * 100 * number,
            what.get("notify_url", ""),
            once=False,
        )
        if isinstance(done, str):
            return _said(*_REASONS[done])
        return _said("0", "ok", {"trade_no": done.number})

    def _order(self, what: dict[str, str]) -> Said:
        order = self.shop.orders.get(what["order_no"])
        if order is None:
            return _said("1404", "订单不存在")
        self.shop.look(order)
        told = {
            "order_no": order.ref,
            "trade_no": order.number,
            "number": order.quantity,
            "status": _state(order),
            "amount": _fen(order.total_e4),
            "cards": "\n".join(f"{name}----{secret}" for name, secret in order.codes),
        }
        return _said("0", "ok", {"order": told})

    def _cancel(self, what: dict[str, str]) -> Said:
        order = self.shop.orders.get(what["order_no"])
        if order is None or order.state != "doing":
            return _said("1011", "订单无法取消")
        self.shop.fail(order)
        return _said("0", "ok")


def _said(code: str, message: str, data: object = None) -> Said:
    told = {"code": code, "message": message, "data": data}
    return Said(200, json.dumps(told, ensure_ascii=False).encode())


def _fen(amount_e4: int) -> int:
    return amount_e4 // 100


def _state(order: Order) -> str:
    back = order.state == "failed" and order.refunded_e4 == order.paid_e4
    return "closed" if back else _STATES[order.state]


def _article(article: Article) -> dict[str, Any]:
    return {
        "goods_id": article.id,
        "name": article.name,
        "type": "card" if article.kind == "code" else "direct",
        "price": _fen(article.price_e4),
        "on_sale": article.on_sale,
        "stock": article.stock,
    }
