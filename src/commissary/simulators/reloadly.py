"""Reloadly's gift cards as the supplier sells them. Every article is one face value of a product, at its price."""

import json
from typing import Any

from commissary.simulators.reloadly_api import (
    NO_BALANCE,
    OURS,
    REPEATED,
    ReloadlyApi,
    id_of,
    moment,
    no,
    not_json,
    number,
    page,
    state_of,
)
from commissary.simulators.shop import Article, Order
from commissary.simulators.types import Asked, Said

FACE, CURRENCY = "10", "USD"
FEE_E4 = 5_000
_GONE = "The product was either not found or is no longer available, Please contact support"
_REASONS = {
    "repeated": REPEATED,
    "off_sale": (None, _GONE),
    "no_stock": (None, _GONE),
    "no_balance": NO_BALANCE,
}


class Reloadly(ReloadlyApi):
    ACCEPT = "application/com.reloadly.giftcards-v1+json"
    SCOPE = "developer"
    LASTS_S = 5_184_000

    def buys(self, asked: Asked) -> bool:
        return (asked.method, asked.path) == ("POST", "/orders")

    def answered(self, asked: Asked, path: tuple[str, ...], what: dict[str, str]) -> Said:
        match asked.method, *path:
            case "GET", "products":
                return self.said(page([_product(article) for article in self.shop.articles.values()], what))
            case "GET", "products", text:
                article = self.shop.articles.get(int(text)) if text.isdecimal() else None
                return no(400, asked, None, _GONE) if article is None else self.said(_product(article))
            case "POST", "orders":
                return self._buy(asked)
            case "GET", "reports", "transactions":
                return self.said(page([_order(order) for order in self.searched(what)], what))
            case "GET", "orders", "transactions", text, "cards":
                of = self.numbered(text)
                if of is None or not of.codes:
                    return no(404, asked, None, "Invalid transaction id")
                return self.said([{"cardNumber": name, "pinCode": pin} for name, pin in of.codes])
        return no(404, asked, None, "No message available")

    def _buy(self, asked: Asked) -> Said:
        what = json.loads(asked.body)
        right = {"productId": int, "quantity": int, "customIdentifier": str, "senderName": str}
        if not_json(asked) or any(type(what.get(name)) is not kind for name, kind in right.items()):
            return no(400, asked, "INVALID_INPUT_PROVIDED", "A required field is missing")
        if what.get("unitPrice") != float(FACE):
            return no(400, asked, None, "Invalid price, please ensure you selected the right price.")
        ref, good = what["customIdentifier"], what["productId"]
        done = self.shop.buy(ref, good, what["quantity"], {}, once=False)
        return no(400, asked, *_REASONS[done]) if isinstance(done, str) else self.said(_order(done))


def _product(article: Article) -> dict[str, Any]:
    costs = number(article.price_e4 - FEE_E4)
    return {
        "productId": article.id,
        "productName": article.name.removesuffix(f" {FACE} {CURRENCY}"),
        "global": False,
        "status": "ACTIVE" if article.on_sale else "INACTIVE",
        "supportsPreOrder": False,
        "senderFee": number(FEE_E4),
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


def _order(order: Order) -> dict[str, Any]:
    return {
        "transactionId": id_of(order),
        "amount": number(order.total_e4),
        "discount": 0.0,
        "currencyCode": OURS,
        "fee": number(FEE_E4 * order.quantity),
        "customIdentifier": order.ref,
        "status": state_of(order),
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
        "transactionCreatedTime": moment(order),
    }
