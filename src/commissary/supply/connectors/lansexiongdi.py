"""蓝色兄弟 (showdoc.com.cn/lsxd/2687462433675270).

Forms; `sign` = MD5 of the sorted parameters and `&key=`, in capitals; `version` and `extendParameter` are not signed. It tops
up one account with one piece, knows an order by our number alone, and never says what an order cost or gave back.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from commissary.dialects import SPECS, compact, sign, verify
from commissary.supply.connectors.answers import form_of, json_of, list_at, text_at, yuan_at
from commissary.supply.connectors.listing import search
from commissary.supply.connectors.refusals import blamed, unless_bought
from commissary.supply.reading import names
from commissary.supply.types import (
    NOT_FOUND,
    Connection,
    Conversation,
    Facts,
    Fault,
    Forged,
    Good,
    InputField,
    Notice,
    Outcome,
    Page,
    Purchase,
    Request,
    Result,
    Unreadable,
)

_SPEC = SPECS["lansexiongdi"]
_ACCOUNT, _ACCOUNT_TYPE = "rechargeAccount", "accountType"
_FIELDS = (InputField(_ACCOUNT, "充值账号"),)
_OK, _TAKEN, _REPEATED, _NO_ORDER = "0000", "2000", "1005", "1012"
# Refused before any order was looked at.
_NOT_HEARD = frozenset({"1000", "1002", "1003", "1004", "1099", "1100"})
# This order was refused; one that was placed earlier under the same number may stand all the same.
_REFUSED = frozenset({"1001", _REPEATED, "1006", "1007", "1008", "1009", "1010", "1011", "1101", "1102"})
_WRONG_ACCOUNTS = frozenset({"1011"})
_STATES = {
    "01": Outcome.succeeded,
    "02": Outcome.accepted,
    "03": Outcome.failed,
    "04": Outcome.unknown,
}
_SIGNED = ("merchantId", "outTradeNo", _ACCOUNT, "status")
_PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_QQ = re.compile(r"[1-9]\d{4,8}|[1-3]\d{9}", re.ASCII)
_PASSED_OVER = names("message")


class Lansexiongdi:
    facts = Facts(
        idempotent=True,
        queries=True,
        cancels=False,
        callbacks=True,
        guard=None,
        tells_money=False,
        kinds=frozenset({"topup"}),
        field=_ACCOUNT,
        passes_over=_PASSED_OVER,
    )
    heard = b"success"

    def __init__(self, connection: Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> Conversation[int]:
        return yuan_at(_kept((yield from self._say("info", {}, at_ms))), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        """All of them at once: what this account may buy."""
        found = _kept((yield from self._say("product", {}, at_ms)))
        return Page(tuple([_good(each) for each in list_at(found, "products")]), "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        return (yield from search(self.goods, at_ms, good_id))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        """The account; what a few articles want beside it is agreed with people."""
        yield from self.good(at_ms, good_id)
        return _FIELDS

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        """Fields other than the account go as `extendParameter`."""
        if purchase.quantity != 1:
            return Result(Outcome.failed, reason="quantity")  # nothing was sent
        more = dict(purchase.fields)
        account = more.pop(_ACCOUNT, "").strip()  # the supplier strips it before it verifies
        order = {
            "outTradeNo": purchase.ref,
            "productId": purchase.good_id,
            _ACCOUNT: account,
            _ACCOUNT_TYPE: more.pop(_ACCOUNT_TYPE, "") or _account_type(account),
            "number": "1",
            "notifyUrl": purchase.callback_url,
        }
        if more:
            order["extendParameter"] = compact(more)
        answer = yield from self._say("order", order, at_ms)
        code, said = text_at(answer, "code"), str(answer.get("message", ""))[:200]
        if code == _TAKEN:
            return Result(Outcome.accepted)
        if code not in _REFUSED:
            return Result(Outcome.unknown, reason=code, said=said)
        # A number that was used before, and yet no order under it: one of the two is wrong.
        no = Result(Outcome.unknown if code == _REPEATED else Outcome.failed, reason=code, said=said)
        return (yield from unless_bought(self.query(at_ms, purchase.ref), blamed(no, _WRONG_ACCOUNTS)))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        answer = yield from self._say("query", {"outTradeNo": ref}, at_ms)
        if text_at(answer, "code") == _NO_ORDER:
            return Result(Outcome.failed, reason=NOT_FOUND)
        told = _kept(answer)
        if text_at(told, "outTradeNo") != ref:
            raise Unreadable("another order")
        return _result(text_at(told, "status"), str(told.get("message", ""))[:200])

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, reason="no_cancel")

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        """The signed line holds the account as the buyer wrote it, `&` and all. So it is made of the four names that it
        has and no other, and the merchant must be us: else its parts could be cut anew into another order's."""
        told = form_of(body)
        signed = {name: text_at(told, name) for name in _SIGNED}
        if signed["merchantId"] != self._to.account or not verify(
            _SPEC, signed, self._to.secret, told.get("sign", "")
        ):
            raise Forged
        result = _result(signed["status"])
        return Notice(signed["outTradeNo"], result, ask_again=result.outcome is Outcome.unknown)

    # The wire

    def _say(self, path: str, what: Mapping[str, str], at_ms: int) -> Conversation[dict[str, Any]]:
        asked = {**what, "merchantId": self._to.account, "timeStamp": str(at_ms // 1000), "version": "1.0"}
        body = urlencode(asked | {"sign": sign(_SPEC, asked, self._to.secret)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return json_of((yield Request("POST", f"{self._to.base_url}/recharge/{path}", headers, body)))


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    code = text_at(answer, "code")
    if code == _OK:
        return answer
    if code in _REFUSED or code in _NOT_HEARD:
        raise Fault(code, str(answer.get("message", ""))[:200])
    raise Unreadable(f"code {code[:40]}")


def _good(told: Mapping[str, Any]) -> Good:
    """Listed is on sale. Stock is never told."""
    return Good(
        id=text_at(told, "product_id"),
        name=text_at(told, "item_name"),
        kind="topup",
        price_e4=yuan_at(told, "channel_price"),
        on_sale=True,
        face_value_e4=yuan_at(told, "original_price"),
        most=1,
        fields=_FIELDS,
    )


def _account_type(account: str) -> str:
    """1 a phone, 2 a QQ number, 0 any other. A wrong one is refused as such, and buys nothing."""
    return "1" if _PHONE.fullmatch(account) else "2" if _QQ.fullmatch(account) else "0"


def _result(state: str, said: str = "") -> Result:
    return Result(_STATES.get(state, Outcome.unknown), reason=state[:40], said=said)
