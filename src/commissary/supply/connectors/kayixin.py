"""卡易信 v3 (7qsaa0ye9g.apifox.cn).

JSON; `X-Signature` = md5(app id + secret + version + seconds + body) in the headers. An order is accepted, and what became of
it, its price and its cards, is read with `order/getDetail`. Callbacks are signed whole, their cards encrypted.

1000 is the only code that the document names; the others mean "no" without saying of what. So a refused order is looked for
under our number, and that there is none is believed only in words: anything else might be a no to the question itself.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from commissary.dialects import SPECS, ciphers, money, sign, verify
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

_SPEC = SPECS["kayixin"]
_VERSION = "3.0"
_JSON = msgspec.json.Encoder(decimal_format="number")
_OK = 1000
_WITHDRAWN, _REFUNDED = 4, 5
# 0 is not paid and 9 asks for money back: neither says how it ends.
_STATES = {
    1: Outcome.accepted,
    2: Outcome.accepted,
    3: Outcome.succeeded,
    _WITHDRAWN: Outcome.failed,
    _REFUNDED: Outcome.failed,
    7: Outcome.accepted,
    8: Outcome.accepted,
}
_VOID = (2, 4)
_KINDS: dict[int, Any] = {1: "code", 3: "topup"}
_CHOICE = 14
_CHANNELS = {1: "拼多多", 2: "闲鱼", 3: "淘宝", 4: "京东", 5: "抖音"}
_PASSED_OVER = names("msg data count cardId cancelRequest")


class Kayixin:
    # Nothing is said of the same number sent again, so it is not relied on. The limit is the whole order's.
    facts = Facts(
        idempotent=False, queries=True, cancels=True, callbacks=True, guard="total", passes_over=_PASSED_OVER
    )
    heard = b"ok"

    def __init__(self, connection: Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> Conversation[int]:
        return yuan_at((yield from self._ask("user/getAccount", {}, at_ms)), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        """Of one specification each: the others cannot be bought by their number alone."""
        page = int(cursor or 1)
        found = yield from self._ask("goods/getList", {"page": page, "skuType": "0"}, at_ms)
        # One is the number of pages and one of articles; their names and their titles disagree on which is which.
        pages = min(int_at(found, "allCount"), int_at(found, "allPage"))
        goods = tuple([_good(each) for each in list_at(found, "items")])
        return Page(goods, str(page + 1) if page < pages and goods else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        told = yield from self._ask("goods/getDetail", {"goodsId": int(good_id)}, at_ms)
        banned, least_resale_e4 = _channels(told)
        return msgspec.structs.replace(
            _good(told),
            stock=int_at(told, "stockCount"),
            least=max(1, int_at(told, "minQuantity")),
            most=int_at(told, "maxQuantity") or None,
            banned_channels=banned,
            least_resale_e4=least_resale_e4,
            fields=_fields(told),
        )

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        return _fields((yield from self._ask("goods/getDetail", {"goodsId": int(good_id)}, at_ms)))

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        limit_e4 = purchase.most_unit_e4 * purchase.quantity
        order: dict[str, Any] = {
            "goodsId": int(purchase.good_id),
            "count": purchase.quantity,
            "outerNumber": purchase.ref,
            "safePrice": Decimal(money.yuan_down(limit_e4, 4)),
        }
        if purchase.callback_url:
            order["notifyUrl"] = purchase.callback_url
        if purchase.fields:
            order["attach"] = [{"name": name, "value": value} for name, value in purchase.fields.items()]
        code, answer = yield from self._say("order/create", order, at_ms)
        if code == _OK:
            return Result(Outcome.accepted, text_at(dict_at(answer, "data"), "orderNumber"))
        no = Result(Outcome.failed, reason=str(code), said=_said(answer))
        return (yield from unless_bought(self.query(at_ms, purchase.ref), no))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        code, answer = yield from self._say("order/getDetail", _named(ref, supplier_ref), at_ms)
        if code != _OK:
            said = _said(answer)
            if "订单" in said and "不存在" in said:
                return Result(Outcome.failed, reason=NOT_FOUND, said=said)
            return Result(Outcome.unknown, reason=str(code), said=said)
        told = dict_at(answer, "data")
        if told.get("outerNumber") not in (None, "", ref):
            raise Unreadable("another order")
        return _result(told, _cards(told))

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        """A request, which people may have to look at; whether it was heeded, the order says later."""
        code, answer = yield from self._say("order/refunds", _named(ref, supplier_ref), at_ms)
        outcome = Outcome.accepted if code == _OK else Outcome.unknown
        return Result(outcome, supplier_ref, reason=str(code), said=_said(answer))

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        parts = self._parts(headers.get("x-timestamp", ""), body)
        if not verify(_SPEC, parts, self._to.secret, headers.get("x-signature", "")):
            raise Forged
        told = object_of(body)
        sealed = told.get("cards") or ""
        try:
            opened = ciphers.open_ecb(self._to.secret.encode(), str(sealed)) if sealed else b"[]"
        except ValueError:
            raise Unreadable("cards cannot be opened") from None
        cards = _cards(object_of(b'{"cards":' + opened + b"}"))
        return Notice(text_at(told, "outerNumber"), _result(told, cards))

    # The wire

    def _ask(self, path: str, what: Mapping[str, Any], at_ms: int) -> Conversation[dict[str, Any]]:
        code, answer = yield from self._say(path, what, at_ms)
        if code != _OK:
            raise Fault(str(code), _said(answer))
        return dict_at(answer, "data")

    def _say(
        self, path: str, what: Mapping[str, Any], at_ms: int
    ) -> Conversation[tuple[int, dict[str, Any]]]:
        """The code, and the answer."""
        seconds, body = str(at_ms // 1000), _JSON.encode(what)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-APP-ID": self._to.account,
            "X-Version": _VERSION,
            "X-Timestamp": seconds,
            "X-Signature": sign(_SPEC, self._parts(seconds, body), self._to.secret),
        }
        answer = json_of((yield Request("POST", f"{self._to.base_url}/api/v3/{path}", headers, body)))
        return int_at(answer, "code"), answer

    def _parts(self, seconds: str, body: bytes) -> dict[str, Any]:
        return {"app_id": self._to.account, "version": _VERSION, "timestamp": seconds, "body": body}


def _named(ref: str, supplier_ref: str) -> dict[str, str]:
    """By one of the two; theirs is said to be unique."""
    return {"orderNumber": supplier_ref, "outerNumber": "" if supplier_ref else ref}


def _said(answer: Mapping[str, Any]) -> str:
    return str(answer.get("msg", ""))[:200]


def _good(told: Mapping[str, Any]) -> Good:
    kind, multiple = _KINDS.get(int_at(told, "goodsType")), int_at(told, "multiple")
    if kind is None or multiple < 1:
        raise Unreadable("goodsType or multiple")
    return Good(
        id=text_at(told, "goodsId"),
        name=text_at(told, "name"),
        kind=kind,
        # One that is ordered is sent, and paid, so many times.
        price_e4=yuan_at(told, "salesPrice") * multiple,
        on_sale=int_at(told, "status") == 1 and int_at(told, "skuType") == 0,
        face_value_e4=yuan_at(told, "faceValue") or None,
    )


def _channels(told: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    """Where it may not be sold, and for how much at the least; those that may are listed, each with its limit."""
    channel = told.get("channel") or {}
    if not isinstance(channel, dict) or not channel or int_at(channel, "status") != 1:
        return (), None
    open_to = {int_at(each, "type"): yuan_at(each, "limitPrice") for each in list_at(channel, "items")}
    banned = tuple([name for number, name in _CHANNELS.items() if number not in open_to])
    return banned, max(open_to.values(), default=0) or None


def _fields(told: Mapping[str, Any]) -> tuple[InputField, ...]:
    fields = list_at(told, "rechargeTemplates") if told.get("rechargeTemplates") is not None else []
    return tuple(
        [
            InputField(text_at(f, "title"), str(f.get("placeholder") or f["title"]), _choices(f))
            for f in fields
        ]
    )


def _choices(field: Mapping[str, Any]) -> tuple[str, ...]:
    """A cascade is left to people."""
    if int_at(field, "type") != _CHOICE:
        return ()
    return tuple([text_at(each, "value") for each in list_at(field, "options")])


def _cards(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """None where the order is a top-up."""
    return list_at(told, "cards") if told.get("cards") is not None else []


def _code(card: Mapping[str, Any]) -> Code:
    """Either of the two may be empty; one alone is the secret."""
    told = [text_at(card, name) for name in ("cardNo", "cardPwd") if card.get(name) not in (None, "")]
    if not told:
        raise Unreadable("an empty card")
    return Code(told[-1], told[0] if len(told) > 1 else None)


def _result(told: Mapping[str, Any], cards: list[dict[str, Any]]) -> Result:
    state = int_at(told, "status")
    cost_e4, refunded_e4 = yuan_at(told, "money"), yuan_at(told, "retMoney")
    if state == _WITHDRAWN:
        refunded_e4 = refunded_e4 or cost_e4  # the state itself says: all of it
    outcome = _STATES.get(state, Outcome.unknown)
    if outcome is Outcome.failed and refunded_e4 < cost_e4:
        outcome = Outcome.unknown  # in part, or not yet: a part may have been delivered
    if outcome is Outcome.succeeded and any(int_at(card, "status") in _VOID for card in cards):
        outcome = Outcome.unknown  # done, and taken back card by card
    return Result(
        outcome=outcome,
        supplier_ref=text_at(told, "orderNumber"),
        cost_e4=cost_e4,
        refunded_e4=refunded_e4,
        codes=tuple([_code(card) for card in cards]),
        reason=str(state),
        said=str(told.get("result") or "")[:200],
    )
