"""Reloadly's airtime, v1 by its Accept header (the official OpenAPI; its Java SDK where that is silent).

What it shares with the gift cards is `reloadly_api`. A good is one amount of one operator, "<operatorId>:<amount>", in the
currency of our account. An operator of fixed amounts has those; one with a range is listed with the amounts that it
suggests, and may be bought at any amount between its ends. Local amounts are left out, because what they cost depends on a
rate, and so are operators that answer with a PIN.

The price of a good is the most that it is charged at: the amount, and the fees that newer answers tell, of which it is not
said whether the local or the international one is meant. The OpenAPI's own top-up shows that the discount is taken off what
is charged. It is not counted on before, since a price that is looked at must not be too low; an order's cost has it off.

An order names its amount and no limit, so the operator is looked at first. It is placed without waiting for the operator,
which answers with a number alone; what became of it is read by that number, or searched for by our own. By number, the
OpenAPI draws the order, and the SDK reads an envelope around it.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from commissary.dialects import compact
from commissary.supply.connectors.answers import dict_at, int_at, object_of, text_at
from commissary.supply.connectors.exact import down, exact_at, plain, up
from commissary.supply.connectors.listed import ms_at, ref_at
from commissary.supply.connectors.refusals import blamed
from commissary.supply.connectors.reloadly_api import DEARER, PAGE, REPEATED, STATES, Api, page, refused
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
    Result,
    StatementLine,
    StatementPage,
    Unreadable,
)

_ACCEPT = "application/com.reloadly.topups-v1+json"
_NUMBER = "number"
_FIELDS = (InputField(_NUMBER, "手机号（含国家代码） / Phone number with its country's code"),)
_NO_OPERATOR, _NO_AMOUNT = "OPERATOR_UNAVAILABLE_OR_CURRENTLY_INACTIVE", "INVALID_AMOUNT_FOR_OPERATOR"
_WRONG_ACCOUNTS = ("INVALID_RECIPIENT_PHONE",)
_NOES = frozenset(
    {
        REPEATED,
        DEARER,
        _NO_OPERATOR,
        _NO_AMOUNT,
        "COUNTRY_NOT_SUPPORTED",
        "INSUFFICIENT_BALANCE",
        "INVALID_AMOUNT",
        "INVALID_PHONE_NUMBER",
        *_WRONG_ACCOUNTS,
        "OPERATOR_NOT_IN_SERVICE",
        "PHONE_RECENTLY_RECHARGED",
    }
)
_WORDS = {"Operator not found": _NO_OPERATOR}
_PASSED_OVER = names(
    "scope expires_in token_type id bundle data pin supportsLocalAmounts",
    "supportsGeographicalRechargePlans senderCurrencySymbol destinationCurrencyCode",
    "destinationCurrencySymbol commission internationalDiscount localDiscount name fx recipientPhone",
    "senderPhone countryCode operatorId operatorName deliveredAmount deliveredAmountCurrencyCode",
    "transactionDate totalElements totalPages size number last timeStamp path logoUrls promotions",
    "operatorTransactionId pageable numberOfElements first empty sort discount",
)


class ReloadlyAirtime:
    facts = Facts(
        idempotent=False,
        queries=True,
        cancels=False,
        callbacks=False,
        guard=None,
        kinds=frozenset({"topup"}),
        field=_NUMBER,
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
        operators, last = page((yield from self._api.get(token, "/operators", size=PAGE, page=number)))
        goods = [self._good(each, amount) for each in operators for amount in _listed(each)]
        return Page(tuple(goods), "" if last or not operators else str(number + 1))

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        token = yield from self._api.token()
        good, _ = yield from self._looked_at(token, good_id)
        return good

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        yield from self.good(at_ms, good_id)
        return _FIELDS

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        if purchase.quantity != 1:
            return Result(Outcome.failed, reason="quantity")  # nothing was sent
        token = yield from self._api.token()
        try:
            good, country = yield from self._looked_at(token, purchase.good_id)
            if not good.on_sale:
                raise Fault(_NO_OPERATOR, "not on sale")
            if good.price_e4 > purchase.most_unit_e4:
                raise Fault(DEARER, f"{good.price_e4} > {purchase.most_unit_e4}")
        except Fault as fault:
            return (yield from refused(self._found(token, purchase.ref), fault, _NOES))
        operator, _, amount = good.id.partition(":")
        order = {
            "operatorId": operator,
            "amount": amount,
            "useLocalAmount": False,
            "customIdentifier": purchase.ref,
            "recipientPhone": {"countryCode": country, "number": purchase.fields.get(_NUMBER, "")},
        }
        answer = yield self._api.post(token, "/topups-async", compact(order).encode())
        if answer.status != 200:
            no = yield from refused(self._found(token, purchase.ref), self._api.fault(answer), _NOES)
            return blamed(no, _WRONG_ACCOUNTS)
        return Result(Outcome.accepted, text_at(object_of(answer.body), "transactionId"))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        token = yield from self._api.token()
        if not supplier_ref:
            return (yield from self._found(token, ref))
        path = f"/topups/{quote(supplier_ref, safe='')}/status"
        told = object_of((yield from self._api.get(token, path)))
        if told.get("transaction") is not None:
            order = dict_at(told, "transaction")
            if order.setdefault("status", told.get("status")) != told.get("status"):
                raise Unreadable("two states")
            told = order
        return self._result(told, ref)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, supplier_ref)

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        raise Forged

    def _looked_at(self, token: str, good_id: str) -> Conversation[tuple[Good, str]]:
        """And the country of its operator."""
        operator, _, written = good_id.partition(":")
        told = object_of((yield from self._api.get(token, f"/operators/{quote(operator, safe='')}")))
        amount = _offered(told, written)
        if amount is None or told.get("pin") is True:
            raise Fault(_NO_AMOUNT, "no such amount")
        return self._good(told, amount), text_at(dict_at(told, "country"), "isoName")

    def _good(self, told: Mapping[str, Any], amount: Decimal) -> Good:
        self._api.is_ours(told, "senderCurrencyCode")
        name = f"{text_at(told, 'name')} {plain(amount)} {self._to.currency}"
        if said := _description(told, amount):
            name += f" {said}"
        return Good(
            id=f"{int_at(told, 'operatorId')}:{plain(amount)}",
            name=name,
            kind="topup",
            price_e4=up(amount + _fees(told, amount)),
            on_sale=told.get("status", "ACTIVE") == "ACTIVE",
            most=1,
            fields=_FIELDS,
        )

    def _found(self, token: str, ref: str) -> Conversation[Result]:
        order = yield from self._api.search(token, "/topups/reports/transactions", ref)
        return Result(Outcome.failed, reason=NOT_FOUND) if order is None else self._result(order, ref)

    def _result(self, told: Mapping[str, Any], ref: str) -> Result:
        if text_at(told, "customIdentifier") != ref:
            raise Unreadable("another order")
        state, cost_e4 = text_at(told, "status"), self._cost_e4(told)
        outcome = STATES.get(state, Outcome.unknown)
        refunded_e4 = cost_e4 if outcome is Outcome.failed else 0
        return Result(outcome, text_at(told, "transactionId"), cost_e4, refunded_e4, reason=state)

    def _cost_e4(self, told: Mapping[str, Any]) -> int:
        self._api.is_ours(told, "requestedAmountCurrencyCode")
        cost = exact_at(told, "requestedAmount")
        if told.get("fee") is not None:
            cost += exact_at(told, "fee")
        if told.get("discount") is not None and told.get("discountCurrencyCode") == self._to.currency:
            cost = max(cost - exact_at(told, "discount"), Decimal(0))
        return up(cost)

    def statement(
        self, at_ms: int, start_ms: int, end_ms: int, cursor: str = ""
    ) -> Conversation[StatementPage]:
        path = "/topups/reports/transactions"
        return (yield from self._api.statement(path, self._line, start_ms, end_ms, cursor))

    def _line(self, told: Mapping[str, Any]) -> StatementLine:
        cost_e4 = self._cost_e4(told)
        return StatementLine(
            ref_at(told, "customIdentifier"),
            text_at(told, "transactionId"),
            f"{text_at(told, 'operatorId')}:{plain(exact_at(told, 'requestedAmount'))}",
            1,
            cost_e4,
            cost_e4 if STATES.get(text_at(told, "status")) is Outcome.failed else 0,
            ms_at(told, "transactionDate"),
        )


def _listed(told: Mapping[str, Any]) -> list[Decimal]:
    if told.get("pin") is True:
        return []
    if _is_range(told):
        return [
            each for each in _amounts(told, "suggestedAmounts") if _offered(told, plain(each)) is not None
        ]
    return _amounts(told, "fixedAmounts")


def _offered(told: Mapping[str, Any], written: str) -> Decimal | None:
    """The amount, if it is written in the one way that it is, and may be bought."""
    if not _is_range(told):
        return next((each for each in _amounts(told, "fixedAmounts") if plain(each) == written), None)
    amount = _amount(written)
    if amount is None or not amount or told.get("minAmount") is None or told.get("maxAmount") is None:
        return None  # without ends: local amounts alone
    within = exact_at(told, "minAmount") <= amount <= exact_at(told, "maxAmount")
    return amount if within and plain(amount) == written else None


def _is_range(told: Mapping[str, Any]) -> bool:
    kind = told.get("denominationType")
    if kind not in ("FIXED", "RANGE"):
        raise Unreadable("denominationType")
    return bool(kind == "RANGE")


def _amounts(told: Mapping[str, Any], name: str) -> list[Decimal]:
    found = told.get(name)
    if not isinstance(found, list):
        raise Unreadable(f"{name} is missing")
    amounts = [exact_at({name: each}, name) for each in found]
    if not all(amounts):
        raise Unreadable("a top-up of nothing")
    return amounts


def _fees(told: Mapping[str, Any], amount: Decimal) -> Decimal:
    """The OpenAPI has none, newer answers have four."""
    if told.get("fees") is None:
        return Decimal(0)
    fees = dict_at(told, "fees")

    def most(*names: str) -> Decimal:
        return max([exact_at(fees, name) for name in names if fees.get(name) is not None], default=Decimal(0))

    share = most("internationalPercentage", "localPercentage")
    return most("international", "local") + amount * share / 100


def _description(told: Mapping[str, Any], amount: Decimal) -> str:
    """What a bundle of this price holds. The OpenAPI draws an empty list, answers have them by amount."""
    known = told.get("fixedAmountsDescriptions")
    if not isinstance(known, dict):
        return ""
    said = [text for written, text in known.items() if _amount(written) == amount and isinstance(text, str)]
    return said[0].strip() if said else ""


def _amount(written: str) -> Decimal | None:
    try:
        return exact_at({"amount": written}, "amount")
    except Unreadable:
        return None
