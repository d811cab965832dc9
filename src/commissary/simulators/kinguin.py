"""Kinguin's eCommerce API as the marketplace speaks it. Every article has one offer, at its price."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_REASONS = {
    "repeated": (
        400,
        "ConstraintViolation",
        'Invalid "orderExternalId" property. The value should be unique.',
    ),
    "off_sale": (422, "ProductUnavailable", "There is no such offer."),
    "no_stock": (422, "ProductUnavailable", "There is no such offer."),
    "too_dear": (422, "ProductUnavailable", "There is no such offer."),
    "no_balance": (422, "InsufficientBalance", "There are not enough funds."),
    "field_missing": (400, "ConstraintViolation", "A property is missing."),
}
_STATES = {"doing": "processing", "done": "completed", "partial": "completed", "failed": "canceled"}


class Kinguin:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/v2/order")

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("x-api-key") != self.shop.key:
            return _said(
                401, {"kind": "Authorization", "status": 401, "detail": "Invalid authentication data."}
            )
        what = {name: values[0] for name, values in parse_qs(asked.query).items()}
        match asked.method, *asked.path.strip("/").split("/"):
            case "GET", "v1", "balance":
                return _said(200, {"balance": _euros(self.shop.balance_e4)})
            case "GET", "v1", "products":
                return _said(200, _page([_article(a) for a in self.shop.articles.values()], what))
            case "GET", "v2", "products", number:
                return self._product(number)
            case "POST", "v2", "order":
                return self._buy(json.loads(asked.body))
            case "GET", "v1", "order":
                return self._orders(what)
            case "GET", "v2", "order", number, "keys":
                return self._keys(unquote(number), what)
        return _no(404, "Http", "No such path.")

    def callback(self, order: Order) -> Asked | None:
        told = {
            "orderId": order.number,
            "orderExternalId": order.ref,
            "status": _state(order),
            "updatedAt": "2025-11-26T06:53:20.025+00:00",
        }
        secret = hmac.new(self.shop.key.encode(), b"kinguin webhook", hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-event-name": "order.status",
            "x-event-secret": secret,
        }
        return called_back(self.shop, order, headers, json.dumps(told).encode())

    def _product(self, number: str) -> Said:
        article = self.shop.articles.get(int(number))
        return _no(404, "Http", "Not found.") if article is None else _said(200, _article(article))

    def _buy(self, what: dict[str, Any]) -> Said:
        (wanted,) = what["products"]
        quantity = wanted["qty"]
        most_e4 = money.parse(str(wanted["price"])) * quantity
        ref, good = what["orderExternalId"], int(wanted["productId"])
        done = self.shop.buy(ref, good, quantity, {}, most_e4, once=False)
        return _no(*_REASONS[done]) if isinstance(done, str) else _said(201, _order(done))

    def _orders(self, what: dict[str, str]) -> Said:
        if "createdAtFrom" in what:
            span = [
                datetime.fromisoformat(what[name]).timestamp() for name in ("createdAtFrom", "createdAtTo")
            ]
            return _said(200, _page([_order(order) for order in self.shop.listed(span[0], span[1])], what))
        ref = what.get("orderExternalId")
        found = list(self.shop.numbers.values()) if ref is None else self.shop.under(ref)
        return _said(200, _page([_order(self.shop.look(o)) for o in found], what))

    def _keys(self, number: str, what: dict[str, str]) -> Said:
        order = self.shop.numbers.get(number)
        if order is None:
            return _no(404, "OrderNotFound", "Order not found.")
        keys = [_key(order, name, secret) for name, secret in order.codes]
        return _said(200, _page(keys, what)["results"])


def _said(status: int, told: object) -> Said:
    return Said(status, json.dumps(told, ensure_ascii=False).encode())


def _no(status: int, kind: str, detail: str) -> Said:
    return _said(status, {"kind": kind, "status": status, "detail": detail, "trace": "082a4cee9b"})


def _page(found: list[Any], what: dict[str, str]) -> dict[str, Any]:
    size, page = min(int(what.get("limit", 25)), 100), int(what.get("page", 1))
    return {"results": found[(page - 1) * size : page * size], "item_count": len(found)}


def _euros(amount_e4: int) -> float:
    return float(money.text(amount_e4))


def _state(order: Order) -> str:
    return "refunded" if order.state == "failed" and order.refunded_e4 else _STATES[order.state]


def _article(article: Article) -> dict[str, Any]:
    return {
        "kinguinId": article.id,
        "productId": str(article.id),
        "name": article.name,
        "platform": "Steam",
        "qty": article.stock,
        "textQty": article.stock,
        "price": _euros(article.price_e4),
        "isPreorder": False,
        "regionId": 3,
        "updatedAt": "2025-11-26T06:53:20+00:00",
    }


def _order(order: Order) -> dict[str, Any]:
    article, total = order.article, _euros(order.total_e4)
    product = {
        "kinguinId": article.id,
        "productId": str(article.id),
        "qty": order.quantity,
        "name": article.name,
        "price": _euros(order.total_e4 // order.quantity),
        "totalPrice": total,
        "isPreorder": False,
        "keyType": "text",
        "keys": [{"id": name, "status": "DELIVERED"} for name, _ in order.codes],
    }
    return {
        "totalPrice": total,
        "requestTotalPrice": total,
        "paymentPrice": total,
        "status": _state(order),
        "storeId": 1,
        "createdAt": datetime.fromtimestamp(order.at_s, UTC).isoformat(timespec="seconds"),
        "orderId": order.number,
        "orderExternalId": order.ref,
        "products": [product],
        "totalQty": order.quantity,
        "isPreorder": False,
    }


def _key(order: Order, name: str, secret: str) -> dict[str, Any]:
    return {
        "id": name,
        "serial": secret,
        "type": "text/plain",
        "name": order.article.name,
        "kinguinId": order.article.id,
        "productId": str(order.article.id),
    }
