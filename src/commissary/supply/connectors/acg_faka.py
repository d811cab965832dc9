"""acg-faka's shared store, type 0: shops that sell to each other (read in lizhipay/acg-faka, version 3.6.0).

Forms; the secret itself travels in each as `app_key`, so `base_url` must be https. An order is delivered in its answer, one
card per line, or not at all.

Silence is a matter for people: nothing can be asked by our number, and a number used before is refused in words, as is
everything else; words may even come when the sale is done and the stock that is left cannot be read. So a refused `trade`
is not taken for "not bought", but for one reason that can only be given before: no money. What is looked at before it is
another thing: while `trade` has not been sent, nothing was sold. That holds for a number's first time, and `idempotent` is
False so that there is no second.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from commissary.dialects import SPECS, flattened, sign
from commissary.supply.connectors.answers import (
    dict_at,
    int_at,
    json_of,
    list_at,
    text_at,
    words,
    yuan_at,
)
from commissary.supply.reading import names
from commissary.supply.types import (
    Code,
    Connection,
    Conversation,
    Facts,
    Fault,
    Good,
    InputField,
    Notice,
    Outcome,
    Page,
    Purchase,
    Request,
    Result,
    Silence,
    Unreadable,
)

_SPEC = SPECS["acg_faka"]
_OK, _NO = 200, 0
_NO_MONEY = "余额不足"
_LONGEST_REF = 19
_PAID = 1
_ITSELF = 0
_CHOICES = ("select", "radio", "checkbox")
# How a text begins that stands in a card's place: the cards were gone when the money was taken, or people will send them.
_EXCUSES = ("很抱歉", "正在发货")
_PASSED_OVER = names("msg stock")


class AcgFaka:
    facts = Facts(
        idempotent=False,
        queries=False,
        cancels=False,
        callbacks=False,
        guard=None,
        kinds=frozenset({"code"}),
        passes_over=_PASSED_OVER,
    )
    heard = b""

    def __init__(self, connection: Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> Conversation[int]:
        return yuan_at((yield from self._ask("authentication/connect", {})), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        """All at once, without those that `good` says are not on sale to us."""
        groups = list_at(_kept((yield from self._say("commodity/items", {}))), "data")
        goods = [_good(each) for group in groups for each in list_at(group, "children")]
        return Page(tuple([good for good in goods if good.on_sale]), "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        return _good((yield from self._ask("commodity/item", {"code": good_id})))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        return (yield from self.good(at_ms, good_id)).fields or ()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        why = yield from self._why_not(purchase)
        if why is not None:
            return why
        order = {
            **purchase.fields,
            "shared_code": purchase.good_id,
            "contact": purchase.ref,  # they keep it; our buyer's stays with us
            "num": purchase.quantity,
            "card_id": 0,
            "device": 0,
            "request_no": _number(purchase.ref),
        }
        answer = yield from self._say("commodity/trade", order)
        code, said = int_at(answer, "code"), _said(answer)
        if code != _OK:
            outcome = Outcome.failed if code == _NO and said == _NO_MONEY else Outcome.unknown
            return Result(outcome, reason=str(code), said=said)
        sold = dict_at(answer, "data")
        number, cost_e4, codes = text_at(sold, "tradeNo"), yuan_at(sold, "amount"), _codes(sold)
        if len(codes) == purchase.quantity:
            return Result(Outcome.succeeded, number, cost_e4, codes=codes)
        said = f"{len(codes)} cards in place of {purchase.quantity}"
        return Result(Outcome.unknown, number, cost_e4, codes=codes, reason="secret", said=said)

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        """Never final. By their number, if we ever heard it, the cards are told, but not how many were bought, nor for
        how much: enough for people to decide, and for nobody else."""
        if not supplier_ref:
            return Result(Outcome.unknown, reason="cannot be asked")
        told = yield from self._ask("commodity/query", {"tradeNo": supplier_ref})
        state = int_at(told, "status")
        codes = _codes(told) if state == _PAID else ()
        return Result(Outcome.unknown, supplier_ref, codes=codes, reason=str(state))

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, supplier_ref, reason="cannot be cancelled")

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        raise Unreadable("this protocol has no callbacks")

    # The wire

    def _why_not(self, purchase: Purchase) -> Conversation[Result | None]:
        """No limit can be sent with an order, so price and stock are looked at before it."""
        asked = {"code": purchase.good_id, "num": purchase.quantity, "card_id": 0}
        try:
            stock = int_at((yield from self._ask("commodity/stock", {"code": purchase.good_id})), "stock")
            cost_e4 = yuan_at((yield from self._ask("commodity/valuation", asked)), "price")
        except Silence:
            return Result(Outcome.failed, reason="not_sent")  # the order was not
        except Fault as no:
            return Result(Outcome.failed, reason=no.code, said=no.said)
        if stock < purchase.quantity:
            return Result(Outcome.failed, reason="no_stock", said=f"{stock} in stock")
        if cost_e4 > purchase.most_unit_e4 * purchase.quantity:
            return Result(Outcome.failed, reason="too_dear", cost_e4=cost_e4)
        return None

    def _ask(self, path: str, what: Mapping[str, Any]) -> Conversation[dict[str, Any]]:
        return dict_at(_kept((yield from self._say(path, what))), "data")

    def _say(self, path: str, what: Mapping[str, Any]) -> Conversation[dict[str, Any]]:
        form = flattened({**what, "app_id": self._to.account, "app_key": self._to.secret})
        form["sign"] = sign(_SPEC, form, self._to.secret)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self._to.base_url}/shared/{path}"
        return json_of((yield Request("POST", url, headers, urlencode(form).encode())))


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    """Every no of theirs is a 0 with words."""
    code = int_at(answer, "code")
    if code == _OK:
        return answer
    if code == _NO:
        raise Fault(str(code), _said(answer))
    raise Unreadable(f"code {code}")


def _said(answer: Mapping[str, Any]) -> str:
    return str(answer.get("msg", ""))[:200]


def _number(ref: str) -> str:
    """Their column holds 19 characters, and one set to be lenient would cut the rest off."""
    return ref if len(ref) <= _LONGEST_REF else hashlib.sha256(ref.encode()).hexdigest()[:_LONGEST_REF]


def _codes(sold: Mapping[str, Any]) -> tuple[Code, ...]:
    """A card may hold anything but a line's end."""
    secret = text_at(sold, "secret").strip()
    if secret.startswith(_EXCUSES):
        return ()
    return tuple([Code(line.strip()) for line in secret.split("\n") if line.strip()])


def _good(told: Mapping[str, Any]) -> Good:
    return Good(
        id=text_at(told, "code"),
        name=text_at(told, "name"),
        kind="code",
        price_e4=yuan_at(told, "user_price"),
        # What people deliver by hand is never told to have arrived.
        on_sale=int_at(told, "status") == 1 and int_at(told, "delivery_way") == _ITSELF and _plain(told),
        stock=int_at(told, "stock"),
        least=max(1, int_at(told, "minimum")),
        most=int_at(told, "maximum") or None,
        fields=_fields(told),
    )


def _plain(told: Mapping[str, Any]) -> bool:
    """Without races and specifications, whose prices stand in `config` and are left out here. Wholesale prices change
    nothing for one piece, and `valuation` knows them."""
    config = told.get("config") or ""  # text in `items`, already read in `item`
    if isinstance(config, dict):
        return not (config.get("category") or config.get("sku"))
    if not isinstance(config, str):
        raise Unreadable("config")
    return not any(line.strip().startswith(("[category]", "[sku")) for line in config.splitlines())


def _fields(told: Mapping[str, Any]) -> tuple[InputField, ...]:
    widget = told.get("widget") or "[]"  # text in `items`, already read in `item`
    try:
        found = json.loads(widget) if isinstance(widget, str) else widget
    except (ValueError, RecursionError):
        raise Unreadable("widget") from None
    fields = list_at({"widget": found or []}, "widget")
    # A custom one shows something and asks for nothing.
    asked = [each for each in fields if each.get("type") != "custom"]
    return tuple([InputField(text_at(f, "name"), text_at(f, "cn"), _choices(f)) for f in asked])


def _choices(field: Mapping[str, Any]) -> tuple[str, ...]:
    """'一区=1,二区=2': what is shown, and what is sent."""
    pairs = words(field.get("dict")) if field.get("type") in _CHOICES else ()
    return tuple([pair.partition("=")[2].strip() or pair for pair in pairs])
