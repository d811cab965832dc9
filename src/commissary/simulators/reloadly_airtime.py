"""Reloadly's airtime as the supplier sells it. Every article is one amount of an operator, at that amount."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said

OURS = "CNY"
_ACCEPT = "application/com.reloadly.topups-v1+json"
_HOSTS = ("https://", "http://127.0.0.1:")
_REASONS = {
    "repeated": (
        "CUSTOM_IDENTIFIER_ALREADY_USED",
        "The custom identifier provided has already been used. Please provide a new, unique custom identifier",
    ),
    "off_sale": ("OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "The operator is currently inactive"),
    "no_stock": ("OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "The operator is currently inactive"),
    "field_missing": ("INVALID_RECIPIENT_PHONE", "Recipient phone number is not valid"),
    "no_balance": ("INSUFFICIENT_BALANCE", "The balance does not suffice"),
}
# It has no word for a part, and none for money of which a part came back.
_STATES = {"doing": "PROCESSING", "done": "SUCCESSFUL", "partial": "SUCCESSFUL", "failed": "FAILED"}


class ReloadlyAirtime:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path in ("/topups", "/topups-async")

    def answer(self, asked: Asked) -> Said:
        if (asked.method, asked.path) == ("POST", "/oauth/token"):
            return self._token(asked)
        if asked.headers.get("authorization") != f"Bearer {self._right_token()}":
            return _no(401, asked, "INVALID_TOKEN", "Full authentication is required to access this resource")
        if asked.headers.get("accept") != _ACCEPT:
            return _no(406, asked, None, "Could not find acceptable representation")
        what = {name: values[0] for name, values in parse_qs(asked.query).items()}
        match asked.method, *asked.path.strip("/").split("/"):
            case "GET", "accounts", "balance":
                told = {"balance": _number(self.shop.balance_e4), "currencyCode": OURS}
                return _said(told | {"currencyName": "Chinese Yuan", "updatedAt": "2025-11-26 06:53:20"})
            case "GET", "operators":
                return _said(_page([_operator(article) for article in self.shop.articles.values()], what))
            case "GET", "operators", number:
                article = self.shop.articles.get(int(number)) if number.isdecimal() else None
                if article is None:
                    return _no(404, asked, None, "Operator not found for given id")
                return _said(_operator(article))
            case "POST", "topups" | "topups-async":
                return self._buy(asked)
            case "GET", "topups", "reports", "transactions":
                ref = what.get("customIdentifier")
                found = list(self.shop.numbers.values()) if ref is None else self.shop.under(ref)
                return _said(_page([_order(self.shop.look(order)) for order in found], what))
            case "GET", "topups", number, "status":
                of = self.shop.numbers.get(f"S{int(number):010d}") if number.isdecimal() else None
                if of is None:
                    return _no(404, asked, None, "Transaction not found")
                return _said(_order(self.shop.look(of)))
        return _no(404, asked, None, "No message available")

    def callback(self, order: Order) -> Asked | None:
        return None

    def _right_token(self) -> str:
        return hashlib.sha256(f"topups {self.shop.account} {self.shop.key}".encode()).hexdigest()

    def _token(self, asked: Asked) -> Said:
        """The audience may be any host of ours, or this machine."""
        what = json.loads(asked.body)
        audience = str(what.pop("audience", ""))
        ours = {"client_id": self.shop.account, "client_secret": self.shop.key}
        known = what == ours | {"grant_type": "client_credentials"}
        if not known or not audience.startswith(_HOSTS) or _not_json(asked):
            return _no(401, asked, "INVALID_CREDENTIALS", "Access Denied")
        told = {"access_token": self._right_token(), "scope": "send-topups read-operators"}
        return _said(told | {"expires_in": 86_400, "token_type": "Bearer"})

    def _buy(self, asked: Asked) -> Said:
        what = json.loads(asked.body)
        right = {"operatorId": str, "amount": str, "customIdentifier": str, "recipientPhone": dict}
        if _not_json(asked) or any(type(what.get(name)) is not kind for name, kind in right.items()):
            return _no(400, asked, "INVALID_INPUT_PROVIDED", "A required field is missing")
        article = self.shop.articles.get(int(what["operatorId"]))
        if article is not None and money.parse(what["amount"]) != article.price_e4:
            return _no(400, asked, "INVALID_AMOUNT_FOR_OPERATOR", "The amount is not valid for the operator")
        phone = what["recipientPhone"]
        fields = {"number": phone.get("number", "")} if phone.get("countryCode") == "CN" else {}
        done = self.shop.buy(what["customIdentifier"], int(what["operatorId"]), 1, fields, once=False)
        if isinstance(done, str):
            return _no(400, asked, *_REASONS[done])
        return _said({"transactionId": _id(done)} if asked.path.endswith("async") else _order(done))


def _said(told: object) -> Said:
    return Said(200, json.dumps(told, ensure_ascii=False).encode(), {"content-type": _ACCEPT})


def _no(status: int, asked: Asked, code: str | None, message: str) -> Said:
    told = {"timeStamp": "2025-11-26 06:53:20", "message": message, "path": asked.path, "errorCode": code}
    return Said(status, json.dumps(told | {"infoLink": None, "details": []}).encode())


def _not_json(asked: Asked) -> bool:
    return asked.headers.get("content-type") != "application/json"


def _page(found: list[Any], what: dict[str, str]) -> dict[str, Any]:
    size, page = int(what.get("size", 200)), int(what.get("page", 1))
    return {
        "content": found[(page - 1) * size : page * size],
        "totalElements": len(found),
        "totalPages": -(-len(found) // size),
        "last": page * size >= len(found),
        "size": size,
        "number": page - 1,
    }


def _number(amount_e4: int) -> float:
    return float(money.text(amount_e4))


def _operator(article: Article) -> dict[str, Any]:
    amount = _number(article.price_e4)
    return {
        "id": article.id,
        "operatorId": article.id,
        "name": article.name.removesuffix(f" {amount:g} {OURS}"),
        "bundle": False,
        "data": False,
        "pin": False,
        "supportsLocalAmounts": False,
        "denominationType": "FIXED",
        "senderCurrencyCode": OURS,
        "senderCurrencySymbol": "¥",
        "destinationCurrencyCode": OURS,
        "destinationCurrencySymbol": "¥",
        "commission": 0.0,
        "internationalDiscount": 0.0,
        "localDiscount": 0.0,
        "mostPopularAmount": None,
        "minAmount": None,
        "maxAmount": None,
        "localMinAmount": None,
        "localMaxAmount": None,
        "country": {"isoName": "CN", "name": "China"},
        "fx": {"rate": 1.0, "currencyCode": OURS},
        "logoUrls": [],
        "fixedAmounts": [amount],
        "fixedAmountsDescriptions": [],
        "localFixedAmounts": [],
        "localFixedAmountsDescriptions": [],
        "suggestedAmounts": [],
        "suggestedAmountsMap": [],
        "promotions": [],
        "status": "ACTIVE" if article.on_sale else "INACTIVE",
    }


def _id(order: Order) -> int:
    return int(order.number.lstrip("S"))


def _order(order: Order) -> dict[str, Any]:
    amount = _number(order.total_e4)
    return {
        "transactionId": _id(order),
        "status": "REFUNDED" if order.state == "failed" and order.refunded_e4 else _STATES[order.state],
        "operatorTransactionId": None,
        "customIdentifier": order.ref,
        "recipientPhone": order.fields.get("number", ""),
        "recipientEmail": None,
        "senderPhone": None,
        "countryCode": "CN",
        "operatorId": order.article.id,
        "operatorName": order.article.name,
        "discount": 0.0,
        "discountCurrencyCode": OURS,
        "requestedAmount": amount,
        "requestedAmountCurrencyCode": OURS,
        "deliveredAmount": amount,
        "deliveredAmountCurrencyCode": OURS,
        "transactionDate": "2025-11-26 06:53:20",
        "pinDetail": None,
        "balanceInfo": None,
    }
