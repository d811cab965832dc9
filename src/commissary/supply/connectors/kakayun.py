"""卡卡云 v3 (showdoc.com.cn/2592446100589081).

JSON; `sign` = md5 of the sorted parameters and the key. Orders go to the supplier's own site, questions to one host for all
sites: `base_url` names both with a blank between them, or one that does both. Top-up fields are named by the code of their
type ("1": the account). The supplier forgets orders after 30 days: later, it says `NOT_FOUND` of those that it did deliver.
"""

from collections.abc import Mapping
from typing import Any

from commissary.dialects import SPECS, compact, money, sign, verify
from commissary.supply.connectors.answers import (
    dict_at,
    int_at,
    json_of,
    list_at,
    object_of,
    text_at,
    yuan_at,
)
from commissary.supply.connectors.refusals import unless_bought
from commissary.supply.reading import names
from commissary.supply.types import (
    NOT_FOUND,
    Code,
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

_SPEC = SPECS["kakayun"]
_PAGE = 50
_OK, _REPEATED, _NO_ORDER = 1, 1205, 1301
# Refused before any order was looked at; nothing is said of the number that was asked about.
_NOT_HEARD = frozenset({401, 402, 403, 404, 1000, 1001, 1002, 1200, 1201, 1202, 1300, 1400, 1401})
# This order was refused; one that was placed earlier under the same number may stand all the same.
_REFUSED = frozenset({-1, 1203, 1204, _REPEATED, 1206, 1207, 1208, 1209, 1210, 1211, 1212, 1213, 1214})
_STATES = {
    0: Outcome.accepted,
    1: Outcome.accepted,
    2: Outcome.failed,
    3: Outcome.accepted,
    4: Outcome.failed,
    5: Outcome.succeeded,
}
_PAID, _UNPAID = 1, 2
_ALL_BACK = frozenset({1, 4})  # 2: in part, 3: marked and not paid back
_KINDS: dict[int, Any] = {0: "code", 1: "topup"}
_PUSHED_CARDS = 1
_PASSED_OVER = names(
    "msg usorderno buynum refundstatus refundmoney cardlist card_type card_denomination card_expire_at",
    "timestamp goodsid goodsname",
)


class Kakayun:
    facts = Facts(
        idempotent=True, queries=True, cancels=True, callbacks=True, guard="total", passes_over=_PASSED_OVER
    )
    heard = b"ok"

    def __init__(self, connection: Connection) -> None:
        self._to = connection
        self._site, _, public = connection.base_url.partition(" ")
        self._public = public or self._site

    def balance(self, at_ms: int) -> Conversation[int]:
        """What can still be bought for: a buyer with credit may be below zero."""
        told = dict_at(_kept((yield from self._say("user/info", {}, at_ms))), "data")
        return yuan_at(told, "money") + yuan_at(told, "creditquota")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        page = int(cursor or 1)
        found = _kept((yield from self._say("goods/all", {"limit": _PAGE, "page": page}, at_ms)))
        goods = tuple([_good(each) for each in list_at(found, "data")])
        return Page(goods, str(page + 1) if page < int_at(found, "allpage") and goods else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        answer = yield from self._say("goods/details", {"goodsid": good_id}, at_ms)
        return _good(dict_at(_kept(answer), "data"))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        answer = yield from self._say("goods/tpl", {"goodsid": good_id}, at_ms)
        fields = [
            InputField(str(int_at(each, "type")), text_at(each, "title"))
            for each in list_at(_kept(answer), "data")
        ]
        if len({field.name for field in fields}) < len(fields):
            raise Unreadable("two fields of one type")
        return tuple(fields)

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        order: dict[str, Any] = {
            "goodsid": purchase.good_id,
            "buynum": purchase.quantity,
            "usorderno": purchase.ref,
            "maxmoney": money.yuan_down(purchase.most_unit_e4 * purchase.quantity, 4),
        }
        if purchase.callback_url:
            order["callbackurl"] = purchase.callback_url
        if purchase.fields:
            order["attach"] = _attach(purchase.fields)
        answer = yield from self._say("order/create", order, at_ms)
        code, said = int_at(answer, "code"), str(answer.get("msg", ""))[:200]
        if code == _OK:
            return Result(Outcome.accepted, text_at(dict_at(answer, "data"), "orderno"))
        if code not in _REFUSED:
            return Result(Outcome.unknown, reason=str(code), said=said)
        # A number that was used before, and yet no order under it: one of the two is wrong.
        no = Result(Outcome.unknown if code == _REPEATED else Outcome.failed, reason=str(code), said=said)
        return (yield from unless_bought(self.query(at_ms, purchase.ref), no))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        answer = yield from self._say("order/get", {"usorderno": ref}, at_ms)
        if int_at(answer, "code") == _NO_ORDER:
            return Result(Outcome.failed, reason=NOT_FOUND)
        told = dict_at(_kept(answer), "data")
        if text_at(told, "usorderno") != ref:
            raise Unreadable("another order")
        return _result(told)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        """Whether the money is back, the order says."""
        answer = yield from self._say("order/cancelOrder", {"usorderno": ref}, at_ms)
        code = int_at(answer, "code")
        outcome = Outcome.accepted if code == _OK else Outcome.unknown
        return Result(outcome, supplier_ref, reason=str(code), said=str(answer.get("msg", ""))[:200])

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        told = object_of(body)
        try:
            if not verify(_SPEC, told, self._to.secret, str(told.get("sign"))):
                raise Forged
        except (TypeError, ValueError, RecursionError):  # a number with a point, half a letter, a pit
            raise Unreadable("cannot have been signed") from None
        result = _result(told)
        cards_missing = int_at(told, "push_type") == _PUSHED_CARDS and not result.codes
        unsure = result.outcome is Outcome.unknown or result.reason == NOT_FOUND
        return Notice(text_at(told, "usorderno"), result, ask_again=unsure or cards_missing)

    # The wire

    def _say(self, path: str, what: Mapping[str, Any], at_ms: int) -> Conversation[dict[str, Any]]:
        asked = {**what, "userid": self._to.account, "timestamp": at_ms // 1000}
        body = compact(asked | {"sign": sign(_SPEC, asked, self._to.secret)}).encode()
        host = self._site if path == "order/create" else self._public
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return json_of((yield Request("POST", f"{host}/dockapiv3/{path}", headers, body)))


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    code = int_at(answer, "code")
    if code == _OK:
        return answer
    if code in _REFUSED or code in _NOT_HEARD:
        raise Fault(str(code), str(answer.get("msg", ""))[:200])
    raise Unreadable(f"code {code}")


def _good(told: Mapping[str, Any]) -> Good:
    """The list tells the titles of a top-up's fields and not their types, under which they are sent."""
    kind = _KINDS.get(int_at(told, "goodstype"))
    if kind is None:
        raise Unreadable("goodstype")
    return Good(
        id=text_at(told, "goodsid"),
        name=text_at(told, "goodsname"),
        kind=kind,
        price_e4=yuan_at(told, "goodsprice"),
        on_sale=int_at(told, "goodsstatus") == 1,
        stock=int_at(told, "stock"),
        least=int_at(told, "minbuy") if told.get("minbuy") else 1,
        most=int_at(told, "maxbuy") if told.get("maxbuy") else None,
        fields=() if kind == "code" else None,
    )


def _attach(fields: Mapping[str, str]) -> str | list[dict[str, str]]:
    """One field goes as a text, several with their types."""
    if len(fields) == 1:
        return next(iter(fields.values()))
    return [{"attachtype": name, "value": value} for name, value in fields.items()]


def _result(told: Mapping[str, Any]) -> Result:
    state = int_at(told, "status")
    cost_e4, refunded_e4 = yuan_at(told, "money"), yuan_at(told, "refundmoney")
    if not 0 <= refunded_e4 <= cost_e4:
        raise Unreadable("more came back than was paid")
    codes, reason = _codes(told), str(state)
    outcome = _STATES.get(state, Outcome.unknown)
    if state == _PAID and codes:
        outcome = Outcome.succeeded  # for cards it is the end, for top-ups the beginning
    elif state == _UNPAID:
        reason = NOT_FOUND  # nothing was bought, and what is being paid may look like this for a moment
    elif outcome is Outcome.failed and not (
        int_at(told, "refundstatus") in _ALL_BACK and refunded_e4 == cost_e4
    ):
        outcome = Outcome.unknown
    return Result(
        outcome=outcome,
        supplier_ref=text_at(told, "orderno"),
        cost_e4=cost_e4,
        refunded_e4=refunded_e4,
        codes=codes,
        reason=reason,
        said=str(told.get("refundreceipt") or told.get("receipt") or "")[:200],
    )


def _codes(told: Mapping[str, Any]) -> tuple[Code, ...]:
    """Sites of before September 2025 have `cardlist` alone, a line for each card: handed on as it is."""
    if told.get("cards", []) != []:
        return tuple([_code(each) for each in list_at(told, "cards")])
    lines = told.get("cardlist", [])
    if not isinstance(lines, list) or not all(isinstance(each, str) and each.strip() for each in lines):
        raise Unreadable("cardlist")
    return tuple([Code(each.strip()) for each in lines])


def _code(card: Mapping[str, Any]) -> Code:
    """A card that has a number alone: the number is the secret."""
    if card.get("card_pwd") == "":
        return Code(text_at(card, "card_no"))
    return Code(text_at(card, "card_pwd"), text_at(card, "card_no") if card.get("card_no") else None)
