"""Another mall's partner API, as far as a buyer meets it. The real one is tried too: tests/connectors/test_commissary.py."""

import base64
import hashlib
import hmac
import json
import math
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_REFUSALS = {
    "repeated": (409, "idempotency_conflict"),
    "off_sale": (404, "sku_unknown"),
    "no_stock": (409, "out_of_stock"),
    "field_missing": (422, "invalid_request"),
    "too_dear": (409, "price_above_max"),
    "no_balance": (409, "insufficient_balance"),
}
_STATES = {
    "doing": "processing",
    "done": "delivered",
    "partial": "partially_delivered",
    "failed": "failed",
}


class Commissary:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/v1/orders")

    def answer(self, asked: Asked) -> Said:
        sent = asked.headers
        lines = [
            asked.method,
            asked.path,
            asked.query,
            sent.get("commissary-timestamp", ""),
            sent.get("commissary-nonce", ""),
            hashlib.sha256(asked.body).hexdigest(),
        ]
        signature = hmac.new(self.shop.key.encode(), "\n".join(lines).encode(), "sha256").hexdigest()
        if sent.get("commissary-key") != self.shop.account or sent.get("commissary-signature") != signature:
            return _problem(401, "bad_signature")
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/v1/balance":
            return _said({"available": _money(self.shop.balance_e4)})
        if asked.path == "/v1/webhook-endpoints":
            if asked.method == "GET":
                return _said({"items": [], "next": None})
            self.shop.callback_url = str(json.loads(asked.body)["url"])
            return _said({"endpoint": {"id": "1", "url": self.shop.callback_url}, "secret": self.hook_secret})
        if (asked.method, asked.path) == ("PUT", "/v1/price-subscriptions"):
            return _said({"id": "1"} | json.loads(asked.body))
        if asked.path == "/v1/products":
            return self._products(int(query.get("cursor", 0)), int(query["size"]))
        if self.buys(asked):
            return self._buy(json.loads(asked.body))
        if asked.path == "/v1/orders" and "client_order_no" not in query:
            return self._orders(int(query.get("cursor", 0)), int(query.get("size", 50)))
        if asked.path == "/v1/orders":
            found = self.shop.orders.get(query["client_order_no"])
            if found is None:
                return _problem(404, "order_not_found")
            return _said({"items": [_order(found, codes=False)], "next": None})
        number, _, what = asked.path.removeprefix("/v1/orders/").partition("/")
        order = self.shop.numbers.get(number)
        if order is None or what not in ("", "cancel"):
            return _problem(404, "order_not_found")
        if not what:
            return _said(_order(self.shop.look(order)))
        if order.state != "doing":
            return _problem(409, "not_cancellable")
        self.shop.fail(order)
        return _said(_order(order))

    @property
    def hook_secret(self) -> str:
        """Of the buyer's endpoint."""
        return "whsec_" + base64.b64encode(hashlib.sha256(self.shop.key.encode()).digest()).decode()

    def changed(self, article: Article) -> Asked:
        """`price.changed`, signed by Standard Webhooks, to the account's address."""
        price = {"unit_price": _money(article.price_e4), "sku_id": str(article.id), "change_bp": 100}
        told = {"type": "price.changed", "data": {"subscription_id": "1", "sequence": 1, "changes": [price]}}
        body = json.dumps(told).encode()
        key = base64.b64decode(self.hook_secret.removeprefix("whsec_"))
        mac = base64.b64encode(hmac.digest(key, b"evt_1.1764140000." + body, "sha256")).decode()
        headers = {
            "content-type": "application/json",
            "webhook-id": "evt_1",
            "webhook-timestamp": "1764140000",
        }
        return called_back(self.shop, None, headers | {"webhook-signature": f"v1,{mac}"}, body)

    def callback(self, order: Order) -> Asked | None:
        return None

    def _products(self, after: int, size: int) -> Said:
        found = sorted(
            (a for a in self.shop.articles.values() if a.id > after and a.on_sale), key=lambda a: a.id
        )
        shown = found[:size]
        following = str(shown[-1].id) if len(found) > size else None
        return _said({"items": [_product(a) for a in shown], "next": following})

    def _orders(self, after: int, size: int) -> Said:
        """Newest first."""
        found = self.shop.listed(-math.inf, math.inf)[::-1]
        shown = [_order(order, codes=False) for order in found[after : after + size]]
        return _said({"items": shown, "next": str(after + size) if len(found) > after + size else None})

    def _buy(self, what: dict[str, Any]) -> Said:
        [line] = what["lines"]
        known = self.shop.orders.get(what["client_order_no"])
        if (
            known is not None
            and known.article.id == int(line["sku_id"])
            and known.quantity == line["quantity"]
        ):
            return _said(_order(known))
        most_e4 = money.parse(line["max_unit_price"]["amount"]) * line["quantity"]
        done = self.shop.buy(
            what["client_order_no"], int(line["sku_id"]), line["quantity"], line.get("fields") or {}, most_e4
        )
        return _problem(*_REFUSALS[done]) if isinstance(done, str) else _said(_order(done))


def _said(told: object) -> Said:
    return Said(200, json.dumps(told, ensure_ascii=False).encode())


def _problem(status: int, code: str) -> Said:
    told = {"code": code, "status": status, "title": code, "outcome": "failed", "retryable": False}
    return Said(status, json.dumps(told).encode(), {"content-type": "application/problem+json"})


def _money(amount_e4: int) -> dict[str, str]:
    return {"amount": money.text(amount_e4), "currency": "CNY"}


def _product(article: Article) -> dict[str, Any]:
    return {
        "sku_id": str(article.id),
        "kind": article.kind,
        "name": {"zh": article.name, "en": article.name},
        "face_value": None,
        "max_quantity": 1000,
        "unit_price": _money(article.price_e4),
        "available": article.stock,
        "unlimited": False,
        "fields": [
            {"name": k, "label_zh": v, "label_en": v, "choices": []} for k, v in article.fields.items()
        ],
    }


def _order(order: Order, *, codes: bool = True) -> dict[str, Any]:
    line: dict[str, Any] = {
        "line_no": 1,
        "sku_id": str(order.article.id),
        "quantity": order.quantity,
        "delivered": len(order.codes) or (order.quantity if order.state == "done" else 0),
        "amount": _money(order.total_e4),
        "status": "working" if order.state == "doing" else order.state.replace("done", "delivered"),
    }
    if order.refunded_e4:
        line["returned"] = _money(order.refunded_e4)
    if codes and order.codes:
        line["codes"] = [{"secret": secret, "number": number} for number, secret in order.codes]
    return {
        "id": order.number,
        "client_order_no": order.ref,
        "status": _STATES[order.state],
        "total": _money(order.total_e4),
        "created_at": datetime.fromtimestamp(order.at_s, UTC).isoformat(),
        "lines": [line],
    }
