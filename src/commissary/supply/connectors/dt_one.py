"""DT One's Digital Value Services, v1 (dvs-api-doc.dtone.com, its OpenAPI 1.23.0; developers.dtone.com).

JSON over HTTP basic authentication: `account` is the API key, `secret` the API secret, and `base_url` ends in `/v1`. Sold are
products of a fixed value that ask for nothing but the receiving account, mobile or other, and only one piece each: a
transaction has no quantity. Ranged values are left out, and so are products that want a sender, a beneficiary or a bill, or
that leave a choice of accounts. A price is the wholesale amount with its fee, in the unit of our account.

A transaction names no price limit, so the product is looked at first; it is then created and confirmed in one step. It is
created without waiting for the operator: the other way keeps a connection open for three minutes. What an answer means is
told by the class of its status, by number and by word. `REJECTED`, `DECLINED` and `CANCELLED` free what was held, and
`REVERSED` brings back what was paid, so that each of them is the end with all of the money returned. `external_id` is called
unique, and a second one is refused; that two at once cannot both pass, nobody says: it is searched for, never relied on.
A confirmed transaction cannot be cancelled.

Callbacks carry a transaction and no signature. So the address that we give has a proof in it, which only the two of us know;
with it, a callback is a reason to ask, and no more.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from commissary.dialects import compact
from commissary.supply.connectors.answers import (
    array_of,
    dict_at,
    int_at,
    list_at,
    object_of,
    only,
    text_at,
)
from commissary.supply.connectors.exact import down, exact_at, up
from commissary.supply.connectors.listed import ms_at, ref_at, utc, within
from commissary.supply.connectors.refusals import blamed, unless_bought
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
    Kind,
    Notice,
    Outcome,
    Page,
    Purchase,
    Request,
    Response,
    Result,
    StatementLine,
    StatementPage,
    Unreadable,
)

_PAGE = 100
_KINDS: dict[str, Kind] = {"FIXED_VALUE_RECHARGE": "topup", "FIXED_VALUE_PIN_PURCHASE": "code"}
_RANGED = frozenset({"RANGED_VALUE_RECHARGE", "RANGED_VALUE_PIN_PURCHASE", "RANGED_VALUE_PAYMENT"})
_FIELDS = {
    "mobile_number": "手机号（+国家代码） / Mobile number, from + on",
    "account_number": "账号 / Account number",
    "account_qualifier": "账号附加信息 / Account qualifier",
}
_WANTED_BESIDE = (
    "required_debit_party_identifier_fields",
    "required_sender_fields",
    "required_beneficiary_fields",
    "required_statement_identifier_fields",
    "required_additional_identifier_fields",
)
_STATES = {
    (1, "CREATED"): Outcome.accepted,
    (2, "CONFIRMED"): Outcome.accepted,
    (3, "REJECTED"): Outcome.failed,
    (4, "CANCELLED"): Outcome.failed,
    (5, "SUBMITTED"): Outcome.accepted,
    (7, "COMPLETED"): Outcome.succeeded,
    (8, "REVERSED"): Outcome.failed,
    (9, "DECLINED"): Outcome.failed,
}
_REPEATED, _NO_ORDER = "1007001", "1008004"
_DEARER, _NOT_SOLD = "dearer", "not_sold"  # our own words
_WRONG_ACCOUNTS = ("1005003", "1005503")  # the receiving number
# This order was refused; one that was placed earlier under the same number may stand all the same.
_REFUSED = frozenset(
    {
        _REPEATED,
        _DEARER,
        _NOT_SOLD,
        "1000400",  # a value of the wrong form
        "1003001",  # the product
        "1003002",
        "1003003",
        *_WRONG_ACCOUNTS,
        "1006001",  # the balance
        "1006003",
        "1006503",
        "1007500",
    }
)
_PASSED_OVER = names(
    "description service operator availability_zones source destination rates benefits promotions tags",
    "validity region pin creation_date confirmation_expiration_date confirmation_date product",
    "callback_url id name status message prices credit_party_identifier product_type",
)


class DtOne:
    facts = Facts(
        idempotent=False,
        queries=True,
        cancels=False,
        callbacks=True,
        guard=None,
        says_refunds=False,
        signs_callbacks=False,
        statements=True,
        passes_over=_PASSED_OVER,
    )
    heard = b"ok"

    def __init__(self, connection: Connection) -> None:
        self._to = connection
        pair = b64encode(f"{connection.account}:{connection.secret}".encode()).decode()
        self._headers = {"Accept": "application/json", "Authorization": f"Basic {pair}"}

    def balance(self, at_ms: int) -> Conversation[int]:
        """What may be spent. A line of credit is told apart, and not counted."""
        unit = self._to.currency
        found = array_of((yield from self._get("/balances", unit_type="CURRENCY", unit=unit)).body)
        ours = only([each for each in found if each.get("unit") == unit], "balances")
        return down(exact_at(ours, "available"))

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        page = int(cursor or 1)
        answer = yield from self._get("/products", page=page, per_page=_PAGE)
        pages = int_at(answer.headers, "x-total-pages")
        found = [self._good(each) for each in array_of(answer.body)]
        goods = tuple([good for good in found if good is not None])
        return Page(goods, str(page + 1) if page < pages and found else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        told = object_of((yield from self._get(f"/products/{quote(good_id, safe='')}")).body)
        good = self._good(told)
        if good is None or good.id != good_id:
            raise Fault(_NOT_SOLD, "not a product of a fixed value that we can ask for")
        return good

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        return (yield from self.good(at_ms, good_id)).fields or ()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        if purchase.quantity != 1:
            return Result(Outcome.failed, reason="quantity")  # nothing was sent
        try:
            good = yield from self.good(at_ms, purchase.good_id)
            if good.price_e4 > purchase.most_unit_e4:
                raise Fault(_DEARER, f"{good.price_e4} > {purchase.most_unit_e4}")
        except Fault as fault:
            return (yield from self._refused(purchase.ref, fault))
        order: dict[str, Any] = {
            "external_id": purchase.ref,
            "product_id": int(good.id),
            "auto_confirm": True,
        }
        if receiving := {name: purchase.fields[name] for name in _FIELDS if purchase.fields.get(name)}:
            order["credit_party_identifier"] = receiving
        if purchase.callback_url:
            order["callback_url"] = self._proven(purchase.callback_url, purchase.ref)
        headers = self._headers | {"Content-Type": "application/json"}
        url = f"{self._to.base_url}/async/transactions"
        answer = yield Request("POST", url, headers, compact(order).encode())
        if answer.status != 201:
            return (yield from self._refused(purchase.ref, _fault(answer)))
        return self._result(object_of(answer.body), purchase.ref)

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        return (yield from self._found(ref))

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, supplier_ref, reason="no_cancel")

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        ref = text_at(object_of(body), "external_id")
        theirs = query.get("proof", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(theirs, self._proof(ref).encode()):
            raise Forged
        return Notice(ref, Result(Outcome.unknown), ask_again=True)

    def statement(
        self, at_ms: int, start_ms: int, end_ms: int, cursor: str = ""
    ) -> Conversation[StatementPage]:
        number, form = int(cursor or 1), "%Y-%m-%dT%H:%M:%SZ"
        span = {"from_date": utc(start_ms, form), "to_date": utc(end_ms, form)}
        try:
            answer = yield from self._get("/transactions", **span, page=number, per_page=_PAGE)
        except Fault as fault:
            if fault.code != _NO_ORDER:
                raise
            return StatementPage((), "")
        found, pages = array_of(answer.body), int_at(answer.headers, "x-total-pages")
        lines = within([self._line(each) for each in found], start_ms, end_ms)
        return StatementPage(lines, str(number + 1) if number < pages and found else "")

    def _line(self, told: Mapping[str, Any]) -> StatementLine:
        of, cost_e4 = dict_at(dict_at(told, "status"), "class"), self._cost_e4(told)
        outcome = _STATES.get((int_at(of, "id"), text_at(of, "message")), Outcome.unknown)
        return StatementLine(
            ref_at(told, "external_id"),
            text_at(told, "id"),
            text_at(dict_at(told, "product"), "id"),
            1,
            cost_e4,
            cost_e4 if outcome is Outcome.failed else 0,
            ms_at(told, "creation_date"),
        )

    def _found(self, ref: str) -> Conversation[Result]:
        """Without our number it would look back for a day only."""
        try:
            answer = yield from self._get("/transactions", external_id=ref, per_page=_PAGE)
        except Fault as fault:
            if fault.code != _NO_ORDER:
                raise
            return Result(Outcome.failed, reason=NOT_FOUND)
        found = array_of(answer.body)
        if not found and answer.headers.get("x-total") == "0":
            return Result(Outcome.failed, reason=NOT_FOUND)
        return self._result(only(found, "transactions"), ref)

    def _good(self, told: Mapping[str, Any]) -> Good | None:
        """None: left out."""
        number, name, kind = int_at(told, "id"), text_at(told, "name"), told.get("type")
        if kind not in _KINDS and kind not in _RANGED:
            raise Unreadable("type")
        wanted = _wanted(told, "required_credit_party_identifier_fields")
        if kind in _RANGED or len(wanted) > 1 or any(_wanted(told, each) for each in _WANTED_BESIDE):
            return None
        names = wanted[0] if wanted else []
        if any(each not in _FIELDS for each in names):
            return None
        return Good(
            id=str(number),
            name=name,
            kind=_KINDS[str(kind)],
            price_e4=self._cost_e4(told),
            on_sale=True,  # listed, or it would not be found
            most=1,
            fields=tuple([InputField(each, _FIELDS[each]) for each in names]),
        )

    def _cost_e4(self, told: Mapping[str, Any]) -> int:
        price = dict_at(dict_at(told, "prices"), "wholesale")
        if (price.get("unit_type"), price.get("unit")) != ("CURRENCY", self._to.currency):
            raise Unreadable(f"a price that is not in {self._to.currency}")
        return up(exact_at(price, "amount") + exact_at(price, "fee"))

    def _refused(self, ref: str, fault: Fault) -> Conversation[Result]:
        if fault.code not in _REFUSED:
            return Result(Outcome.unknown, reason=fault.code, said=fault.said)
        # A number that was used before, and yet no order under it: one of the two is wrong.
        outcome = Outcome.unknown if fault.code == _REPEATED else Outcome.failed
        no = Result(outcome, reason=fault.code, said=fault.said)
        return (yield from unless_bought(self._found(ref), blamed(no, _WRONG_ACCOUNTS)))

    def _result(self, told: Mapping[str, Any], ref: str) -> Result:
        if text_at(told, "external_id") != ref:
            raise Unreadable("another order")
        status = dict_at(told, "status")
        of = dict_at(status, "class")
        outcome = _STATES.get((int_at(of, "id"), text_at(of, "message")), Outcome.unknown)
        cost_e4, codes = self._cost_e4(told), _codes(told)
        if outcome is Outcome.succeeded and not codes:
            if dict_at(told, "product").get("type") not in ("FIXED_VALUE_RECHARGE", "RANGED_VALUE_RECHARGE"):
                raise Unreadable("no PIN")
        elif outcome is not Outcome.succeeded and codes:
            outcome = Outcome.unknown  # handed out, whatever became of it
        refunded_e4 = cost_e4 if outcome is Outcome.failed else 0
        reason = text_at(status, "message")
        return Result(outcome, text_at(told, "id"), cost_e4, refunded_e4, codes, reason)

    # The wire

    def _get(self, path: str, **asked: str | int) -> Conversation[Response]:
        url = f"{self._to.base_url}{path}" + (f"?{urlencode(asked)}" if asked else "")
        answer = yield Request("GET", url, self._headers)
        if answer.status != 200:
            raise _fault(answer)
        return answer

    def _proven(self, url: str, ref: str) -> str:
        return f"{url}{'&' if '?' in url else '?'}proof={self._proof(ref)}"

    def _proof(self, ref: str) -> str:
        return hmac.new(self._to.secret.encode(), f"dt_one callback {ref}".encode(), "sha256").hexdigest()


def _fault(answer: Response) -> Fault:
    """A clear no has `errors`, each with its code, and the status of one who asked wrongly. Of several, the one that
    decides least is the reason."""
    if not 400 <= answer.status < 500:
        raise Unreadable(f"HTTP {answer.status}")
    errors = list_at(object_of(answer.body), "errors")
    faults = [Fault(text_at(each, "code"), text_at(each, "message")[:200]) for each in errors]
    if not faults:
        raise Unreadable("no errors")
    return min(faults, key=lambda fault: (fault.code in _REFUSED, fault.code != _REPEATED))


def _wanted(told: Mapping[str, Any], name: str) -> list[list[str]]:
    """Choices of fields that are wanted together; null where nothing is."""
    found = told.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(each, list) for each in found):
        raise Unreadable(name)
    if not all(isinstance(field, str) and field for each in found for field in each):
        raise Unreadable(name)
    return [each for each in found if each]


def _codes(told: Mapping[str, Any]) -> tuple[Code, ...]:
    if told.get("pin") is None:
        return ()
    pin = dict_at(told, "pin")
    if pin.get("code") is None:
        return ()
    return (Code(text_at(pin, "code"), text_at(pin, "serial") if pin.get("serial") is not None else None),)
