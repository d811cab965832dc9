"""Reloadly's gift cards, v1 by its Accept header (the official OpenAPI; its Java SDK where that is silent).

Bills are left out, airtime is `reloadly_airtime`, and what they share `reloadly_api`.

A product of fixed denominations is one good for each face value, "<productId>:<face value>"; free amounts are left out, and
so are products that ask for the buyer's account. The price of a good is the most that one card is charged at, rounded up:
what the map of denominations says in our currency, the flat `senderFee` of the OpenAPI, and `senderFeePercentage` of the
card's price, which is in answers and not in the OpenAPI. Its order of 59.99 USD shows that `discountPercentage` is not
taken off: 34536.21 NGN are 570 each, fee and SMS, with the discount told beside it. Newer orders have it taken off. It is
not counted on, since a price that is looked at must not be too low; what was charged is the order's `amount`.

An order's `unitPrice` is the face value and guards nothing, so the price is looked at first. The search for an order is the
SDK's; the OpenAPI has no such parameter, so whatever else is found is no answer. No e-mail address is sent: the OpenAPI
lists it as required, and says that the account's own is used without.

Callbacks are signed with a secret of their own, which a connection has no place for: none is heard.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from commissary.dialects import compact
from commissary.supply.connectors.answers import array_of, dict_at, int_at, list_at, object_of, text_at
from commissary.supply.connectors.exact import down, exact_at, plain, up
from commissary.supply.connectors.listed import ms_at, ref_at
from commissary.supply.connectors.reloadly_api import (
    DEARER,
    PAGE,
    REPEATED,
    STATES,
    Api,
    is_list,
    page,
    refused,
)
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
    Result,
    StatementLine,
    StatementPage,
    Unreadable,
)

_ACCEPT = "application/com.reloadly.giftcards-v1+json"
_SENDER = "Commissary"  # on the receipt
_NO_PRODUCT, _NO_PRICE = "INVALID_PRODUCT", "WRONG_PRODUCT_PRICE"
_NOES = frozenset({REPEATED, _NO_PRODUCT, _NO_PRICE, DEARER, "PRODUCT_NOT_FOUND", "INSUFFICIENT_BALANCE"})
# The documented refusals have no code. Their words are what there is.
_WORDS = {
    "Invalid price": _NO_PRICE,
    "The product was either not found or is no longer available": _NO_PRODUCT,
}
_PASSED_OVER = names(
    "scope expires_in token_type global supportsPreOrder discountPercentage fixedRecipientDenominations",
    "fixedSenderDenominations discount fee product smsFee transactionCreatedTime productId productName",
    "countryCode unitPrice totalPrice currencyCode totalElements totalPages size number last timeStamp",
    "path logoUrls brand redeemInstruction country quantity recipientEmail customIdentifier pageable",
    "numberOfElements first empty sort",
)


class Reloadly:
    facts = Facts(
        idempotent=False,
        queries=True,
        cancels=False,
        callbacks=False,
        guard=None,
        kinds=frozenset({"code"}),
        signs_callbacks=False,
        statements=True,
        passes_over=_PASSED_OVER,
    )
    heard = b""

    def __init__(self, connection: Connection) -> None:
        self._to = connection
        self._api = Api(connection, _ACCEPT, _WORDS)

    def balance(self, at_ms: int) -> Conversation[int]:
        token = yield from self._api.token()
        told = object_of((yield from self._api.get(token, "/accounts/balance")))
        self._api.is_ours(told, "currencyCode")
        return down(exact_at(told, "balance"))

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        number, token = int(cursor or 1), (yield from self._api.token())
        body = yield from self._api.get(
            token, "/products", size=PAGE, page=number, includeRange="false", includeFixed="true"
        )
        products, last = page(body)
        goods = tuple([good for each in products for good in self._goods(each)])
        return Page(goods, "" if last or not products else str(number + 1))

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        token = yield from self._api.token()
        return (yield from self._good(token, good_id))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        yield from self.good(at_ms, good_id)
        return ()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        token = yield from self._api.token()
        try:
            good = yield from self._good(token, purchase.good_id)
            if not good.on_sale:
                raise Fault(_NO_PRODUCT, "not on sale")
            if good.price_e4 > purchase.most_unit_e4:
                raise Fault(DEARER, f"{good.price_e4} > {purchase.most_unit_e4}")
        except Fault as fault:
            return (yield from refused(self._found(token, purchase.ref), fault, _NOES))
        product, _, face = good.id.partition(":")
        # By hand, because the face value is a number and no float may hold it.
        order = (
            f'{{"productId":{product},"quantity":{purchase.quantity},"unitPrice":{face}'
            f',"customIdentifier":{compact(purchase.ref)},"senderName":{compact(_SENDER)}}}'
        )
        answer = yield self._api.post(token, "/orders", order.encode())
        if answer.status != 200:
            return (yield from refused(self._found(token, purchase.ref), self._api.fault(answer), _NOES))
        return (yield from self._result(token, object_of(answer.body), purchase.ref))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        token = yield from self._api.token()
        return (yield from self._found(token, ref))

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, supplier_ref)

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        raise Forged

    def statement(
        self, at_ms: int, start_ms: int, end_ms: int, cursor: str = ""
    ) -> Conversation[StatementPage]:
        return (
            yield from self._api.statement("/reports/transactions", self._listed, start_ms, end_ms, cursor)
        )

    def _listed(self, told: Mapping[str, Any]) -> StatementLine:
        self._api.is_ours(told, "currencyCode")
        cost_e4, product = up(exact_at(told, "amount")), dict_at(told, "product")
        return StatementLine(
            ref_at(told, "customIdentifier"),
            text_at(told, "transactionId"),
            f"{text_at(product, 'productId')}:{plain(exact_at(product, 'unitPrice'))}",
            int_at(product, "quantity"),
            cost_e4,
            cost_e4 if STATES.get(text_at(told, "status")) is Outcome.failed else 0,
            ms_at(told, "transactionCreatedTime"),
        )

    def _good(self, token: str, good_id: str) -> Conversation[Good]:
        product = good_id.partition(":")[0]
        told = object_of((yield from self._api.get(token, f"/products/{quote(product, safe='')}")))
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
        self._api.is_ours(told, "senderCurrencyCode")
        currency = text_at(told, "recipientCurrencyCode")
        fee = exact_at(told, "senderFee")
        share = exact_at(told, "senderFeePercentage") / 100 if told.get("senderFeePercentage") else 0
        goods = []
        for written, costs in _denominations(told).items():
            face = exact_at({"face value": written}, "face value")
            price = exact_at(costs, written) * (1 + share) + fee
            if face <= 0 or price <= 0:
                raise Unreadable("a card for nothing")
            amount = plain(face)
            good = Good(
                id=f"{number}:{amount}",
                name=f"{name} {amount} {currency}",
                kind="code",
                price_e4=up(price),
                on_sale=told.get("status", "ACTIVE") == "ACTIVE",
                face_value_e4=down(face) if currency == self._to.currency else None,
                fields=(),
            )
            goods.append(good)
        return goods

    def _found(self, token: str, ref: str) -> Conversation[Result]:
        order = yield from self._api.search(token, "/reports/transactions", ref)
        if order is None:
            return Result(Outcome.failed, reason=NOT_FOUND)
        return (yield from self._result(token, order, ref))

    def _result(self, token: str, told: Mapping[str, Any], ref: str) -> Conversation[Result]:
        if text_at(told, "customIdentifier") != ref:
            raise Unreadable("another order")
        self._api.is_ours(told, "currencyCode")
        number, state = text_at(told, "transactionId"), text_at(told, "status")
        cost_e4 = up(exact_at(told, "amount"))
        outcome = STATES.get(state, Outcome.unknown)
        codes: tuple[Code, ...] = ()
        if outcome is Outcome.succeeded:
            quantity = int_at(dict_at(told, "product"), "quantity")
            path = f"/orders/transactions/{quote(number, safe='')}/cards"
            codes = _codes((yield from self._api.get(token, path)))
            if not codes or len(codes) != quantity:
                raise Unreadable(f"{len(codes)} cards")
        return Result(outcome, number, cost_e4, cost_e4 if outcome is Outcome.failed else 0, codes, state)


def _denominations(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By face value as it is written. The OpenAPI draws a list of small objects, answers have one."""
    name = "fixedRecipientToSenderDenominationsMap"
    pairs = list_at(told, name) if isinstance(told.get(name), list) else [dict_at(told, name)]
    return {written: pair for pair in pairs for written in pair}


def _codes(body: bytes) -> tuple[Code, ...]:
    """The OpenAPI draws one card as an object, the SDK a list."""
    cards = array_of(body) if is_list(body) else [object_of(body)]
    return tuple([_code(card) for card in cards])


def _code(card: Mapping[str, Any]) -> Code:
    """A card without a PIN: its number is what is redeemed."""
    if card.get("pinCode") in (None, ""):
        return Code(text_at(card, "cardNumber"))
    return Code(
        text_at(card, "pinCode"),
        None if card.get("cardNumber") in (None, "") else text_at(card, "cardNumber"),
    )
