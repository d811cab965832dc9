"""Reloadly's gift cards, v1 by its Accept header (the official OpenAPI; its Java SDK where that is silent).

Airtime and bills are left out: other hosts, other tokens. `account` and `secret` are the client's id and secret; `base_url`
names the host that gives tokens and the host of the cards with a blank between them, or one that does both. Every
conversation begins by asking for a token. That costs a request, and is right all the same: a token kept would be state, and
whether it still holds a matter of the clock. Keeping it belongs to the transport.

A product of fixed denominations is one good for each face value, "<productId>:<face value>"; free amounts are left out, and
so are products that ask for the buyer's account. The price of a good is the most that one card is charged at, rounded up:
what the map of denominations says in our currency, the flat `senderFee` of the OpenAPI, and `senderFeePercentage` of the
card's price, which is in answers and not in the OpenAPI. Its order of 59.99 USD shows that `discountPercentage` is not
taken off: 34536.21 NGN are 570 each, fee and SMS, with the discount told beside it. Newer orders have it taken off. It is
not counted on, since a price that is looked at must not be too low; what was charged is the order's `amount`.

An order's `unitPrice` is the face value and guards nothing, so the price is looked at first. `customIdentifier` is called
unique, and a second order under it is refused, but not while the first is on its way: it is searched for, never relied on.
The search is the SDK's; the OpenAPI has no such parameter, so whatever else is found is no answer. No e-mail address is
sent: the OpenAPI lists it as required, and says that the account's own is used without.

Callbacks are signed with a secret of their own, which a connection has no place for: none is heard.
"""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from commissary.base.money import E4, MAX_E4
from commissary.dialects import compact
from commissary.supply.connectors.answers import (
    dict_at,
    int_at,
    json_of,
    list_at,
    object_of,
    only,
    text_at,
)
from commissary.supply.connectors.refusals import unless_bought
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
    Response,
    Result,
    Unreadable,
)

_ACCEPT = "application/com.reloadly.giftcards-v1+json"
_PAGE = 200
_SENDER = "Commissary"  # on the receipt
_REPEATED = "CUSTOM_IDENTIFIER_ALREADY_USED"
_NO_PRODUCT, _NO_PRICE = "INVALID_PRODUCT", "WRONG_PRODUCT_PRICE"
_DEARER = "dearer"  # our own word
_NOES = frozenset({_REPEATED, _NO_PRODUCT, _NO_PRICE, _DEARER, "PRODUCT_NOT_FOUND", "INSUFFICIENT_BALANCE"})
# The documented refusals have no code. Their words are what there is.
_WORDS = {
    "Invalid price": _NO_PRICE,
    "The product was either not found or is no longer available": _NO_PRODUCT,
}
_STATES = {
    "PENDING": Outcome.accepted,
    "PROCESSING": Outcome.accepted,
    "SUCCESSFUL": Outcome.succeeded,
    "REFUNDED": Outcome.failed,
    # FAILED: the money is not back yet
}


class Reloadly:
    facts = Facts(
        idempotent=False,
        queries=True,
        cancels=False,
        callbacks=False,
        guard=None,
        kinds=frozenset({"code"}),
        signs_callbacks=False,
    )
    heard = b""

    def __init__(self, connection: Connection) -> None:
        self._to = connection
        self._auth, _, cards = connection.base_url.partition(" ")
        self._cards = cards or self._auth

    def balance(self, at_ms: int) -> Conversation[int]:
        token = yield from self._token()
        told = object_of((yield from self._get(token, "/accounts/balance")))
        self._is_ours(told, "currencyCode")
        return _e4(_exact_at(told, "balance"), ROUND_FLOOR)

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        page, token = int(cursor or 1), (yield from self._token())
        body = yield from self._get(
            token, "/products", size=_PAGE, page=page, includeRange="false", includeFixed="true"
        )
        products, last = _page(body)
        goods = tuple([good for each in products for good in self._goods(each)])
        return Page(goods, "" if last or not products else str(page + 1))

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        token = yield from self._token()
        return (yield from self._good(token, good_id))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        yield from self.good(at_ms, good_id)
        return ()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        token = yield from self._token()
        try:
            good = yield from self._good(token, purchase.good_id)
            if not good.on_sale:
                raise Fault(_NO_PRODUCT, "not on sale")
            if good.price_e4 > purchase.most_unit_e4:
                raise Fault(_DEARER, f"{good.price_e4} > {purchase.most_unit_e4}")
        except Fault as fault:
            return (yield from self._refused(token, purchase.ref, fault))
        product, _, face = good.id.partition(":")
        # By hand, because the face value is a number and no float may hold it.
        order = (
            f'{{"productId":{product},"quantity":{purchase.quantity},"unitPrice":{face}'
            f',"customIdentifier":{compact(purchase.ref)},"senderName":{compact(_SENDER)}}}'
        )
        headers = _headers(token) | {"Content-Type": "application/json"}
        answer = yield Request("POST", f"{self._cards}/orders", headers, order.encode())
        if answer.status != 200:
            return (yield from self._refused(token, purchase.ref, _fault(answer)))
        return (yield from self._result(token, object_of(answer.body), purchase.ref))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        token = yield from self._token()
        return (yield from self._found(token, ref))

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, supplier_ref)

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        raise Forged

    def _good(self, token: str, good_id: str) -> Conversation[Good]:
        product = good_id.partition(":")[0]
        told = object_of((yield from self._get(token, f"/products/{quote(product, safe='')}")))
        for good in self._goods(told):
            if good.id == good_id:
                return good
        raise Fault(_NO_PRICE, "no such face value")

    def _goods(self, told: Mapping[str, Any]) -> list[Good]:
        number, name = int_at(told, "productId"), text_at(told, "productName")
        kind = told.get("denominationType")
        if kind not in ("FIXED", "RANGE"):
            raise Unreadable("denominationType")
        needs = dict_at(told, "additionalRequirements") if told.get("additionalRequirements") else {}
        if kind == "RANGE" or needs.get("userIdRequired") is True:
            return []
        self._is_ours(told, "senderCurrencyCode")
        currency = text_at(told, "recipientCurrencyCode")
        fee = _exact_at(told, "senderFee")
        share = _exact_at(told, "senderFeePercentage") / 100 if told.get("senderFeePercentage") else 0
        goods = []
        for written, costs in _denominations(told).items():
            face = _exact_at({"face value": written}, "face value")
            price = _exact_at(costs, written) * (1 + share) + fee
            if face <= 0 or price <= 0:
                raise Unreadable("a card for nothing")
            plain = f"{face.normalize():f}"  # "25.00" and "25.0" are one good
            good = Good(
                id=f"{number}:{plain}",
                name=f"{name} {plain} {currency}",
                kind="code",
                price_e4=_e4(price, ROUND_CEILING),
                on_sale=told.get("status", "ACTIVE") == "ACTIVE",
                face_value_e4=_e4(face, ROUND_FLOOR) if currency == self._to.currency else None,
                fields=(),
            )
            goods.append(good)
        return goods

    def _refused(self, token: str, ref: str, fault: Fault) -> Conversation[Result]:
        """The number may have been used before, whatever is refused now. Only with no order was nothing bought."""
        if fault.code not in _NOES:
            return Result(Outcome.unknown, reason=fault.code, said=fault.said)
        # A number that was used before, and yet no order under it: one of the two is wrong.
        outcome = Outcome.unknown if fault.code == _REPEATED else Outcome.failed
        no = Result(outcome, reason=fault.code, said=fault.said)
        return (yield from unless_bought(self._found(token, ref), no))

    def _found(self, token: str, ref: str) -> Conversation[Result]:
        body = yield from self._get(token, "/reports/transactions", customIdentifier=ref, size=_PAGE, page=1)
        orders, _ = _page(body)
        # A bare list does not say that it is all there is.
        if not orders and int_at(object_of(body), "totalElements") == 0:
            return Result(Outcome.failed, reason=NOT_FOUND)
        return (yield from self._result(token, only(orders, "orders"), ref))

    def _result(self, token: str, told: Mapping[str, Any], ref: str) -> Conversation[Result]:
        if text_at(told, "customIdentifier") != ref:
            raise Unreadable("another order")
        self._is_ours(told, "currencyCode")
        number, state = text_at(told, "transactionId"), text_at(told, "status")
        cost_e4 = _e4(_exact_at(told, "amount"), ROUND_CEILING)
        outcome = _STATES.get(state, Outcome.unknown)
        codes: tuple[Code, ...] = ()
        if outcome is Outcome.succeeded:
            quantity = int_at(dict_at(told, "product"), "quantity")
            path = f"/orders/transactions/{quote(number, safe='')}/cards"
            codes = _codes((yield from self._get(token, path)))
            if not codes or len(codes) != quantity:
                raise Unreadable(f"{len(codes)} cards")
        return Result(outcome, number, cost_e4, cost_e4 if outcome is Outcome.failed else 0, codes, state)

    def _is_ours(self, told: Mapping[str, Any], name: str) -> None:
        if text_at(told, name) != self._to.currency:
            raise Unreadable(f"{name} is not {self._to.currency}")

    # The wire

    def _token(self) -> Conversation[str]:
        asked = {
            "client_id": self._to.account,
            "client_secret": self._to.secret,
            "grant_type": "client_credentials",
            "audience": self._cards,
        }
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        answer = yield Request("POST", f"{self._auth}/oauth/token", headers, compact(asked).encode())
        if 400 <= answer.status < 500:
            raise _fault(answer)
        token = text_at(json_of(answer), "access_token")
        if not token.isascii() or not token.isprintable():
            raise Unreadable("a token that no header can carry")
        return token

    def _get(self, token: str, path: str, **asked: str | int) -> Conversation[bytes]:
        url = f"{self._cards}{path}" + (f"?{urlencode(asked)}" if asked else "")
        answer = yield Request("GET", url, _headers(token))
        if answer.status != 200:
            raise _fault(answer)
        return answer.body


def _headers(token: str) -> dict[str, str]:
    return {"Accept": _ACCEPT, "Authorization": f"Bearer {token}"}


def _fault(answer: Response) -> Fault:
    """A clear no has a `message`, perhaps a code, and the status of one who asked wrongly."""
    if not 400 <= answer.status < 500:
        raise Unreadable(f"HTTP {answer.status}")
    told = object_of(answer.body)
    said = text_at(told, "message")
    if told.get("errorCode") is not None:
        return Fault(text_at(told, "errorCode"), said[:200])
    known = [code for words, code in _WORDS.items() if said.startswith(words)]
    return Fault(known[0] if known else f"HTTP {answer.status}", said[:200])


_read_list = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal).decode


def _listed(body: bytes) -> list[dict[str, Any]] | None:
    """A bare list, as the OpenAPI draws them; None: not a list."""
    if not body.lstrip().startswith(b"["):
        return None
    try:
        return _read_list(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, ArithmeticError, RecursionError):
        raise Unreadable("not a list of objects in JSON") from None


def _page(body: bytes) -> tuple[list[dict[str, Any]], bool]:
    """And whether it is the last. The OpenAPI draws a bare list, the SDK a page with its `content`."""
    listed = _listed(body)
    if listed is not None:
        return listed, True
    told = object_of(body)
    last = told.get("last")
    if not isinstance(last, bool):
        raise Unreadable("last is missing")
    return list_at(told, "content"), last


def _denominations(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By face value as it is written. The OpenAPI draws a list of small objects, answers have one."""
    name = "fixedRecipientToSenderDenominationsMap"
    pairs = list_at(told, name) if isinstance(told.get(name), list) else [dict_at(told, name)]
    return {written: pair for pair in pairs for written in pair}


def _codes(body: bytes) -> tuple[Code, ...]:
    """The OpenAPI draws one card as an object, the SDK a list."""
    cards = _listed(body)
    return tuple([_code(card) for card in ([object_of(body)] if cards is None else cards)])


def _code(card: Mapping[str, Any]) -> Code:
    """A card without a PIN: its number is what is redeemed."""
    if card.get("pinCode") in (None, ""):
        return Code(text_at(card, "cardNumber"))
    return Code(
        text_at(card, "pinCode"),
        None if card.get("cardNumber") in (None, "") else text_at(card, "cardNumber"),
    )


def _exact_at(told: Mapping[str, Any], name: str) -> Decimal:
    """Amounts may be finer than 1/10 000 here."""
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise Unreadable(f"{name} is missing")
    try:
        exact = Decimal(found)
    except InvalidOperation:
        raise Unreadable(f"{name} is no number") from None
    if not exact.is_finite() or not 0 <= exact <= MAX_E4 // E4:
        raise Unreadable(f"{name} is no amount")
    return exact


def _e4(exact: Decimal, rounding: str) -> int:
    return int((exact * E4).to_integral_value(rounding))
