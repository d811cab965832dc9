"""Reloadly's airtime as the supplier sells it. Every article is one amount of an operator, at that amount."""

import json
from typing import Any

from commissary.base import money
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

_REASONS = {
    "repeated": REPEATED,
    "off_sale": ("OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "The operator is currently inactive"),
    "no_stock": ("OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "The operator is currently inactive"),
    "field_missing": ("INVALID_RECIPIENT_PHONE", "Recipient phone number is not valid"),
    "wrong_account": ("INVALID_RECIPIENT_PHONE", "Recipient phone number is not valid"),
    "no_balance": NO_BALANCE,
}


class ReloadlyAirtime(ReloadlyApi):
    ACCEPT = "application/com.reloadly.topups-v1+json"
    SCOPE = "send-topups read-operators"
    LASTS_S = 86_400

    def buys(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path in ("/topups", "/topups-async")

    def answered(self, asked: Asked, path: tuple[str, ...], what: dict[str, str]) -> Said:
        match asked.method, *path:
            case "GET", "operators":
                return self.said(page([_operator(article) for article in self.shop.articles.values()], what))
            case "GET", "operators", text:
                article = self.shop.articles.get(int(text)) if text.isdecimal() else None
                if article is None:
                    return no(404, asked, None, "Operator not found for given id")
                return self.said(_operator(article))
            case "POST", "topups" | "topups-async":
                return self._buy(asked)
            case "GET", "topups", "reports", "transactions":
                return self.said(page([_order(order) for order in self.searched(what)], what))
            case "GET", "topups", text, "status":
                of = self.numbered(text)
                if of is None:
                    return no(404, asked, None, "Transaction not found")
                return self.said(_order(self.shop.look(of)))
        return no(404, asked, None, "No message available")

    def _buy(self, asked: Asked) -> Said:
        what = json.loads(asked.body)
        right = {"operatorId": str, "amount": str, "customIdentifier": str, "recipientPhone": dict}
        if not_json(asked) or any(type(what.get(name)) is not kind for name, kind in right.items()):
            return no(400, asked, "INVALID_INPUT_PROVIDED", "A required field is missing")
        article = self.shop.articles.get(int(what["operatorId"]))
        if article is not None and money.parse(what["amount"]) != article.price_e4:
            return no(400, asked, "INVALID_AMOUNT_FOR_OPERATOR", "The amount is not valid for the operator")
        phone = what["recipientPhone"]
        fields = {"number": phone.get("number", "")} if phone.get("countryCode") == "CN" else {}
        done = self.shop.buy(what["customIdentifier"], int(what["operatorId"]), 1, fields, once=False)
        if isinstance(done, str):
            return no(400, asked, *_REASONS[done])
        return self.said({"transactionId": id_of(done)} if asked.path.endswith("async") else _order(done))


def _operator(article: Article) -> dict[str, Any]:
    amount = number(article.price_e4)
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


def _order(order: Order) -> dict[str, Any]:
    amount = number(order.total_e4)
    return {
        "transactionId": id_of(order),
        "status": state_of(order),
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
        "transactionDate": moment(order),
        "pinDetail": None,
        "balanceInfo": None,
    }
