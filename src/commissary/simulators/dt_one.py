"""DT One's Digital Value Services as the supplier speaks it (dvs-api-doc.dtone.com). Every article is one product."""

import json
import re
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from commissary.base import money
from commissary.simulators.shop import Article, Order, Shop
from commissary.simulators.types import Asked, Said, called_back

OURS = "CNY"
_REASONS = {
    "repeated": (400, 1007001, "Transaction external ID has already been used"),
    "off_sale": (404, 1003001, "Product is not available in your account"),
    "no_stock": (404, 1003001, "Product is not available in your account"),
    "field_missing": (400, 1005003, "Credit party mobile number is invalid"),
    "wrong_account": (400, 1005003, "Credit party mobile number is invalid"),
    "no_balance": (400, 1006001, "Insufficient balance"),
}
# It has no word for a part: a PIN that is missing is all that it says of it.
_NAMES = {5: "SUBMITTED", 7: "COMPLETED", 8: "REVERSED", 9: "DECLINED"}
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


class DtOne:
    """An order that came to nothing is DECLINED when its money is back, REVERSED if its PIN had been handed out, and on its
    way until then. Callbacks go to the address in the order as it was given, and nothing in them is signed."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.method == "POST" and asked.path in ("/async/transactions", "/sync/transactions")

    def answer(self, asked: Asked) -> Said:
        pair = b64encode(f"{self.shop.account}:{self.shop.key}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return _no(401, 1000401, "Unauthorized")
        what = {name: values[0] for name, values in parse_qs(asked.query).items()}
        match asked.method, *asked.path.strip("/").split("/"):
            case "GET", "balances":
                return _page([self._balance()] if what.get("unit", OURS) == OURS else [], what)
            case "GET", "products":
                return _page([_product(a) for a in self.shop.articles.values() if a.on_sale], what)
            case "GET", "products", number:
                article = self.shop.articles.get(int(number)) if number.isdecimal() else None
                if article is None or not article.on_sale:
                    return _no(*_REASONS["off_sale"])
                return _said(200, _product(article))
            case "POST", "async" | "sync", "transactions":
                return self._create(asked)
            case "GET", "transactions" if "from_date" in what:
                span = [datetime.fromisoformat(what[name]).timestamp() for name in ("from_date", "to_date")]
                return _page([_transaction(order) for order in self.shop.listed(span[0], span[1])], what)
            case "GET", "transactions":
                ref = what.get("external_id")
                found = list(self.shop.numbers.values()) if ref is None else self.shop.under(ref)
                if not found:
                    return _no(404, 1008004, "Transaction not found")
                return _page([_transaction(self.shop.look(order)) for order in found], what)
            case "GET", "transactions", number:
                of = self.shop.numbers.get(f"S{int(number):010d}") if number.isdecimal() else None
                if of is None:
                    return _no(404, 1008004, "Transaction not found")
                return _said(200, _transaction(self.shop.look(of)))
            case "POST", "transactions", number, "cancel":
                return _no(400, 1007007, "Transaction can no longer be cancelled")
        return _no(404, 1000404, "Resource not found")

    def callback(self, order: Order) -> Asked | None:
        body = json.dumps(_transaction(order), ensure_ascii=False).encode()
        return called_back(self.shop, order, {"content-type": "application/json"}, body)

    def _balance(self) -> dict[str, Any]:
        return {
            "id": 1,
            "unit_type": "CURRENCY",
            "unit": OURS,
            "available": _number(self.shop.balance_e4),
            "holding": 0.0,
            "credit_limit": 500.0,
        }

    def _create(self, asked: Asked) -> Said:
        what = json.loads(asked.body)
        receiving = what.get("credit_party_identifier") or {}
        right = {"external_id": str, "product_id": int, "auto_confirm": bool}
        if asked.headers.get("content-type") != "application/json" or any(
            type(what.get(name)) is not kind for name, kind in right.items()
        ):
            return _no(400, 1000400, "Bad Request")
        if not 1 <= len(what["external_id"]) <= 40 or not what["auto_confirm"]:
            return _no(400, 1000400, "Bad Request")
        if "mobile_number" in receiving and not _PHONE.fullmatch(receiving["mobile_number"]):
            return _no(400, 1000400, "Bad Request")
        done = self.shop.buy(
            what["external_id"],
            what["product_id"],
            1,
            receiving,
            callback_url=what.get("callback_url", ""),
            once=False,
        )
        if isinstance(done, str):
            return _no(*_REASONS[done])
        done.gives = min(done.gives, 1)  # a transaction has one PIN, so that more cannot be handed out
        if asked.path.startswith("/sync/"):
            self.shop.look(done)
        return _said(201, _transaction(done))


def _said(status: int, told: object, **headers: str) -> Said:
    named = {"content-type": "application/json"} | {n.replace("_", "-"): v for n, v in headers.items()}
    return Said(status, json.dumps(told, ensure_ascii=False).encode(), named)


def _no(status: int, code: int, message: str) -> Said:
    return _said(status, {"errors": [{"code": code, "message": message}]})


def _page(found: list[Any], what: dict[str, str]) -> Said:
    size, page = min(int(what.get("per_page", 50)), 100), int(what.get("page", 1))
    return _said(
        200,
        found[(page - 1) * size : page * size],
        x_total=str(len(found)),
        x_total_pages=str(-(-len(found) // size)),
        x_per_page=str(size),
        x_page=str(page),
    )


def _number(amount_e4: int) -> float:
    return float(money.text(amount_e4))


def _about(article: Article) -> dict[str, Any]:
    country = {"name": "China", "iso_code": "CHN", "regions": None}
    return {
        "id": article.id,
        "name": article.name,
        "description": article.name,
        "tags": None,
        "service": {"id": 1, "name": "Mobile", "subservice": {"id": 11, "name": "Airtime"}},
        "operator": {"id": 1, "name": "Operator", "country": country, "regions": None},
        "regions": None,
        "type": "FIXED_VALUE_PIN_PURCHASE" if article.kind == "code" else "FIXED_VALUE_RECHARGE",
    }


def _prices(price_e4: int) -> dict[str, Any]:
    fee_e4 = 5_000
    paid = {
        "unit_type": "CURRENCY",
        "unit": OURS,
        "amount": _number(price_e4 - fee_e4),
        "fee": _number(fee_e4),
    }
    return {"wholesale": paid, "retail": None}


def _product(article: Article) -> dict[str, Any]:
    amount = {"unit_type": "CURRENCY", "unit": OURS, "amount": _number(article.price_e4)}
    pin = {"pin": {"usage_info": None, "validity": None, "terms": None}} if article.kind == "code" else {}
    return {
        **_about(article),
        "validity": None,
        "required_debit_party_identifier_fields": None,
        "required_credit_party_identifier_fields": [list(article.fields)] if article.fields else None,
        "required_sender_fields": None,
        "required_beneficiary_fields": None,
        "required_statement_identifier_fields": None,
        "required_additional_identifier_fields": None,
        "availability_zones": ["INTERNATIONAL"],
        "source": amount,
        "destination": amount,
        "prices": _prices(article.price_e4),
        "rates": {"base": 1.0, "wholesale": 1.0, "retail": None},
        **pin,
        "benefits": None,
        "promotions": None,
    }


def _id(order: Order) -> int:
    return int(order.number.lstrip("S"))


def _transaction(order: Order) -> dict[str, Any]:
    state = 5
    if order.state in ("done", "partial"):
        state = 7
    elif order.state == "failed" and order.refunded_e4:
        state = 8 if order.handed else 9
    name = _NAMES[state]
    code = order.codes[0] if order.codes else None
    return {
        "id": _id(order),
        "external_id": order.ref,
        "creation_date": datetime.fromtimestamp(order.at_s, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "confirmation_expiration_date": "2025-11-26T07:53:20.000000Z",
        "confirmation_date": "2025-11-26T06:53:20.000000Z",
        "status": {"id": state * 10_000, "message": name, "class": {"id": state, "message": name}},
        "operator_reference": None,
        "pin": None if code is None else {"code": code[1], "serial": code[0]},
        "product": _about(order.article),
        "prices": _prices(order.total_e4),
        "rates": {"base": 1.0, "wholesale": 1.0, "retail": None},
        "benefits": None,
        "promotions": None,
        "requested_values": None,
        "adjusted_values": None,
        "sender": None,
        "beneficiary": None,
        "debit_party_identifier": None,
        "credit_party_identifier": dict(order.fields) or None,
        "statement_identifier": None,
        "callback_url": order.callback_url or None,
    }
