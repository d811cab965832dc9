"""蓝色兄弟 as a supplier speaks it (showdoc.com.cn/lsxd/2687462433675270)."""

import hashlib
import json
import re
from urllib.parse import parse_qsl, urlencode

from commissary.base import money
from commissary.simulators.shop import Order, Shop
from commissary.simulators.types import Asked, Said, called_back

_REASONS = {
    "repeated": ("1005", "Order repeat"),
    "off_sale": ("1006", "Invalid item"),
    "no_stock": ("1006", "Invalid item"),
    "field_missing": ("1001", "Missing parameters"),
    "wrong_account": ("1011", "Account format matching"),
    "too_dear": ("1010", "Interface price adjustment"),
    "no_balance": ("1008", "Insufficient Balance"),
}
_NEEDED = ("outTradeNo", "productId", "rechargeAccount", "accountType", "number", "notifyUrl", "version")
_FORMS = {"0": r".+", "1": r"1[3456789]\d{9}", "2": r"[1-3]\d{4,9}|[1-9]\d{4,8}"}


class Lansexiongdi:
    """An order that came to nothing is 03 when its money is back, and abnormal until then."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def buys(self, asked: Asked) -> bool:
        return asked.path.endswith("/recharge/order")

    def answer(self, asked: Asked) -> Said:
        what = dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
        if what.get("merchantId") != self.shop.account:
            return _said("1002", "Invalid merchant")
        if len(what.get("timeStamp", "")) != 10:
            return _said("1004", "Request expiration")
        if what.get("sign") != self._sign(what):
            return _said("1003", "Invalid signature")
        known = {
            "order": self._buy,
            "query": self._order,
            "info": self._balance,
            "product": self._products,
        }.get(asked.path.removeprefix("/recharge/"))
        return known(what) if known is not None else Said(404, b"")

    def callback(self, order: Order) -> Asked | None:
        told = {
            "merchantId": self.shop.account,
            "outTradeNo": order.ref,
            "rechargeAccount": order.fields["rechargeAccount"],
            "status": _state(order),
        }
        told["sign"] = self._sign(told)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return called_back(self.shop, order, headers, urlencode(told).encode())

    def _sign(self, what: dict[str, str]) -> str:
        unsigned = ("sign", "version", "extendParameter")
        pairs = [f"{k}={v.strip()}&" for k, v in sorted(what.items()) if k not in unsigned and v.strip()]
        line = "".join(pairs) + "key=" + self.shop.key
        return hashlib.md5(line.encode(), usedforsecurity=False).hexdigest().upper()

    def _balance(self, _what: dict[str, str]) -> Said:
        return _said("0000", "ok", balance=money.text(self.shop.balance_e4))

    def _products(self, _what: dict[str, str]) -> Said:
        listed = [
            {
                "product_id": str(a.id),
                "channel_price": money.text(a.price_e4),
                "item_name": a.name,
                "original_price": money.text(a.price_e4),
            }
            for a in self.shop.articles.values()
            if a.on_sale
        ]
        return _said("0000", "ok", products=listed)

    def _buy(self, what: dict[str, str]) -> Said:
        if any(not what.get(name) for name in _NEEDED) or what["number"] != "1":
            return _said("1001", "Missing parameters")
        form = _FORMS.get(what["accountType"])
        if form is None or not re.fullmatch(form, what["rechargeAccount"]):
            return _said("1011", "Account format matching")
        extended = json.loads(what.get("extendParameter") or "{}")
        fields = {"rechargeAccount": what["rechargeAccount"], **extended}
        done = self.shop.buy(
            what["outTradeNo"], int(what["productId"]), 1, fields, callback_url=what["notifyUrl"]
        )
        return _said(*_REASONS[done]) if isinstance(done, str) else _said("2000", "ok")

    def _order(self, what: dict[str, str]) -> Said:
        order = self.shop.orders.get(what.get("outTradeNo", ""))
        if order is None:
            return _said("1012", "no order")
        state = _state(self.shop.look(order))
        message = {"01": "success", "03": "fail"}.get(state, "pending")
        return _said("0000", message, status=state, outTradeNo=order.ref)


def _state(order: Order) -> str:
    if order.state in ("failed", "partial"):
        return "03" if order.refunded_e4 == order.paid_e4 else "04"
    return "01" if order.state == "done" else "02"


def _said(code: str, message: str, **beside: object) -> Said:
    told = {"code": code, "message": message, **beside}
    return Said(200, json.dumps(told, ensure_ascii=False).encode())
