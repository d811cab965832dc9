"""Reloadly's gift cards as the supplier sells them. Every article is one face value of a product, at its price."""

import hashlib
import json
from typing import Any
from urllib.parse import parse_qs

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said

FACE, CURRENCY, OURS = "10", "USD", "CNY"
FEE_E4 = 5_000
_ACCEPT = "application/com.reloadly.giftcards-v1+json"
_HOSTS = ("https://", "http://127.0.0.1:")
_GONE = "The product was either not found or is no longer available, Please contact support"
_REASONS = {
    "repeated": (
        "CUSTOM_IDENTIFIER_ALREADY_USED",
        "The custom identifier provided has already been used. Please provide a new, unique custom identifier",
    ),
    "off_sale": (None, _GONE),
    "no_stock": (None, _GONE),
    "no_balance": ("INSUFFICIENT_BALANCE", "The balance does not suffice"),
}
_STATES = {"doing": "PROCESSING", "done": "SUCCESSFUL", "partial": "SUCCESSFUL", "failed": "FAILED"}


class Reloadly:
    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/orders")

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
            case "GET", "products":
                return _said(_page([_product(article) for article in self.shop.articles.values()], what))
            case "GET", "products", number:
                article = self.shop.articles.get(int(number)) if number.isdecimal() else None
                return _no(400, asked, None, _GONE) if article is None else _said(_product(article))
            case "POST", "orders":
                return self._buy(asked)
            case "GET", "reports", "transactions":
                ref = what.get("customIdentifier")
                found = list(self.shop.numbers.values()) if ref is None else self.shop.under(ref)
                return _said(_page([_order(self.shop.look(order)) for order in found], what))
            case "GET", "orders", "transactions", number, "cards":
                of = self.shop.numbers.get(f"S{int(number):010d}") if number.isdecimal() else None
                if of is None or not of.codes:
                    return _no(404, asked, None, "Invalid transaction id")
                return _said([{"cardNumber": name, "pinCode": pin} for name, pin in of.codes])
        return _no(404, asked, None, "No message available")

    def callback(self, order: Order) -> Asked | None:
        return None

    def _right_token(self) -> str:
        return hashlib.sha256(f"{self.shop.account} {self.shop.key}".encode()).hexdigest()

    def _token(self, asked: Asked) -> Said:
        """The audience may be any host of ours, or this machine."""
        what = json.loads(asked.body)
        ours = {
            "client_id": self.shop.account,
            "client_secret": self.shop.key,
            "grant_type": "client_credentials",
        }
        known = {name: value for name, value in what.items() if name != "audience"} == ours
        if not known or not str(what.get("audience")).startswith(_HOSTS) or _not_json(asked):
            return _no(401, asked, "INVALID_CREDENTIALS", "Access Denied")
        told = {"access_token": self._right_token(), "scope": "developer"}
        return _said(told | {"expires_in": 5_184_000, "token_type": "Bearer"})

    def _buy(self, asked: Asked) -> Said:
        what = json.loads(asked.body)
        right = {"productId": int, "quantity": int, "customIdentifier": str, "senderName": str}
        if _not_json(asked) or any(type(what.get(name)) is not kind for name, kind in right.items()):
            return _no(400, asked, "INVALID_INPUT_PROVIDED", "A required field is missing")
        if what.get("unitPrice") != float(FACE):
            return _no(400, asked, None, "Invalid price, please ensure you selected the right price.")
        ref, good = what["customIdentifier"], what["productId"]
        done = self.shop.buy(ref, good, what["quantity"], {}, once=False)
        return _no(400, asked, *_REASONS[done]) if isinstance(done, str) else _said(_order(done))


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


def _product(article: Article) -> dict[str, Any]:
    costs = _number(article.price_e4 - FEE_E4)
    return {
        "productId": article.id,
        "productName": article.name.removesuffix(f" {FACE} {CURRENCY}"),
        "global": False,
        "status": "ACTIVE" if article.on_sale else "INACTIVE",
        "supportsPreOrder": False,
        "senderFee": _number(FEE_E4),
        "senderFeePercentage": 0.0,
        "discountPercentage": 0.0,
        "denominationType": "FIXED",
        "recipientCurrencyCode": CURRENCY,
        "minRecipientDenomination": None,
        "maxRecipientDenomination": None,
        "senderCurrencyCode": OURS,
        "minSenderDenomination": None,
        "maxSenderDenomination": None,
        "fixedRecipientDenominations": [float(FACE)],
        "fixedSenderDenominations": [costs],
        "fixedRecipientToSenderDenominationsMap": {f"{FACE}.0": costs},
        "additionalRequirements": {"userIdRequired": False},
    }


def _id(order: Order) -> int:
    return int(order.number.lstrip("S"))


def _order(order: Order) -> dict[str, Any]:
    return {
        "transactionId": _id(order),
        "amount": _number(order.total_e4),
        "discount": 0.0,
        "currencyCode": OURS,
        "fee": _number(FEE_E4 * order.quantity),
        "customIdentifier": order.ref,
        "status": "REFUNDED" if order.state == "failed" and order.refunded_e4 else _STATES[order.state],
        "product": {
            "productId": order.article.id,
            "productName": order.article.name,
            "countryCode": "US",
            "quantity": order.quantity,
            "unitPrice": float(FACE),
            "totalPrice": float(FACE) * order.quantity,
            "currencyCode": CURRENCY,
        },
        "smsFee": 0.0,
        "recipientPhone": None,
        "transactionCreatedTime": "2025-11-26 06:53:20",
    }
