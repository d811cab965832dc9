"""福禄 open platform v2.0: one address, `biz_content` as a JSON text, signatures over sorted characters.

An order is accepted, never delivered at once; cards come sealed with `order.info.get`. No order can be cancelled, none
carries a price limit: the price is looked at before. The signature of an answer covers its `result` alone, neither the code
nor the order of the characters, so an order is believed only under the number that was asked for.

Read in the public clients: the names in articles, orders, templates and cards, the four states, and the codes for "try the
next article". Assumed: the list comes whole; an amount is per piece in yuan; `failed` returns all the money, since no amount
is told; an absent `result` is signed as an empty one. No source names the code for an order that they do not have.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from commissary.dialects import SPECS, ciphers, compact, sign
from commissary.supply.connectors.answers import dict_at, int_at, json_of, list_at, text_at, yuan_at
from commissary.supply.reading import names, noted
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

_SPEC = SPECS["fulu"]
_CHINA = timezone(timedelta(hours=8))  # no summer time since 1991
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOES = frozenset({3001, 3002, 3003, 3004, 3005, 3008})
_STATES = {
    "untreated": Outcome.accepted,
    "processing": Outcome.accepted,
    "success": Outcome.succeeded,
    "failed": Outcome.failed,
}
_KINDS: dict[str, Any] = {"卡密": "code", "直充": "topup"}
_CARDS = 3  # the `order_type` of an order for cards
_ADD = {"code": "fulu.order.card.add", "topup": "fulu.order.direct.add"}
_INPUTS = {
    "ChargeAccount": "charge_account",
    "ChargeGame": "charge_game_name",
    "ChargeRegion": "charge_game_region",
    "ChargeServer": "charge_game_srv",
    "ChargeType": "charge_type",
    "ChargePWD": "charge_password",
    "ChargeIp": "charge_ip",
    "ContactQQ": "contact_qq",
    "ContactType": "contact_tel",
}
"""What a template's inputs are called in an order."""
_PASSED_OVER = names(
    "message product_id product_name customer_order_no create_time finish_time order_id order_state order_type",
    "order_price buy_num template_id charge_account card_type card_deadline",
)


class Fulu:
    facts = Facts(
        idempotent=True,
        queries=True,
        cancels=False,
        callbacks=False,
        guard=None,
        field="charge_account",
        says_missing=False,
        says_refunds=False,
        passes_over=_PASSED_OVER,
    )
    heard = b"success"

    def __init__(self, connection: Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> Conversation[int]:
        return yuan_at(_object((yield from self._ask("fulu.user.info.get", {}, at_ms))), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        """Airtime and data plans have orders of their own, which are not spoken here: left out."""
        found = list_at({"list": (yield from self._ask("fulu.goods.list.get", {}, at_ms))}, "list")
        return Page(tuple([_good(each) for each in found if text_at(each, "product_type") in _KINDS]), "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        return _good((yield from self._info(good_id, at_ms)))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        told = yield from self._info(good_id, at_ms)
        if _good(told).kind == "code":
            return ()
        if not told.get("template_id"):
            return (InputField(self.facts.field, "充值账号"),)
        asked = {"template_id": text_at(told, "template_id")}
        template = _object((yield from self._ask("fulu.goods.template.get", asked, at_ms)))
        if template.get("IsServiceArea"):
            raise Unreadable("a game's regions and servers")
        return tuple([_input(each) for each in list_at(dict_at(template, "ElementInfo"), "Inputs")])

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        good = yield from self.good(at_ms, purchase.good_id)
        if good.price_e4 > purchase.most_unit_e4:
            return (
                yield from self._unless_bought(at_ms, purchase.ref, Result(Outcome.failed, reason="dearer"))
            )
        order: dict[str, Any] = {"product_id": int(purchase.good_id), "customer_order_no": purchase.ref}
        if good.kind == "topup":
            # No field of a buyer's may stand in for the number, the article or the quantity.
            order |= {k: v for k, v in purchase.fields.items() if k.startswith(("charge_", "contact_"))}
        order["buy_num"] = purchase.quantity
        try:
            placed = _object((yield from self._ask(_ADD[good.kind], order, at_ms)))
        except Fault as fault:
            outcome = Outcome.failed if int(fault.code) in _NOES else Outcome.unknown
            no = Result(outcome, reason=fault.code, said=fault.said)
            return (yield from self._unless_bought(at_ms, purchase.ref, no))
        return Result(Outcome.accepted, text_at(placed, "order_id"), _cost_e4(placed))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        asked = {"customer_order_no": ref}
        told = _object((yield from self._ask("fulu.order.info.get", asked, at_ms)))
        if text_at(told, "customer_order_no") != ref:
            raise Unreadable("another order")
        return self._result(told)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        yield from ()
        return Result(Outcome.unknown, supplier_ref)

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> Notice:
        raise Unreadable("no document says how a callback is signed")

    def _unless_bought(self, at_ms: int, ref: str, no: Result) -> Conversation[Result]:
        """`no`, unless an order stands under this number: the article may be refused before the number is looked at."""
        try:
            return (yield from self.query(at_ms, ref))
        except Fault:
            return no
        except (Silence, Unreadable):
            return Result(Outcome.unknown, reason=no.reason, said=no.said)

    def _result(self, told: Mapping[str, Any]) -> Result:
        state, cost_e4 = text_at(told, "order_state"), _cost_e4(told)
        outcome = _STATES.get(state, Outcome.unknown)
        codes = tuple([self._card(each) for each in list_at(told, "cards")]) if told.get("cards") else ()
        if outcome is not Outcome.succeeded:
            codes = ()
        elif int_at(told, "order_type") == _CARDS and len(codes) != int_at(told, "buy_num"):
            raise Unreadable(f"{len(codes)} cards")
        refunded_e4 = cost_e4 if outcome is Outcome.failed else 0
        return Result(outcome, text_at(told, "order_id"), cost_e4, refunded_e4, codes, reason=state)

    def _card(self, told: Mapping[str, Any]) -> Code:
        number = self._opened(text_at(told, "card_number")) if told.get("card_number") else ""
        secret = self._opened(text_at(told, "card_pwd"))
        if not secret:
            raise Unreadable("a card without a password")
        return Code(secret, number if number not in ("", "无卡号") else None)

    def _opened(self, sealed: str) -> str:
        try:
            return ciphers.open_ecb(self._to.secret.encode(), sealed).decode().strip()
        except ValueError:
            raise Unreadable("a card that cannot be opened") from None

    # The wire

    def _info(self, good_id: str, at_ms: int) -> Conversation[dict[str, Any]]:
        told = _object((yield from self._ask("fulu.goods.info.get", {"product_id": good_id}, at_ms)))
        if text_at(told, "product_id") != good_id:
            raise Unreadable("another article")
        return told

    def _ask(self, method: str, what: Mapping[str, Any], at_ms: int) -> Conversation[Any]:
        asked = {
            "app_key": self._to.account,
            "method": method,
            "timestamp": f"{(_EPOCH + timedelta(milliseconds=at_ms)).astimezone(_CHINA):%Y-%m-%d %H:%M:%S}",
            "version": "2.0",
            "format": "json",
            "charset": "utf-8",
            "sign_type": "md5",
            "app_auth_token": "",
            "biz_content": compact(what),
        }
        body = compact(asked | {"sign": sign(_SPEC, asked, self._to.secret)}).encode()
        headers = {"Content-Type": "application/json"}
        answer = json_of((yield Request("POST", f"{self._to.base_url}/api/getway", headers, body)))
        code, result = int_at(answer, "code"), answer.get("result")
        result = "" if result is None else result
        if not isinstance(result, str) or not self._signed(result, answer.get("sign")):
            raise Unreadable("not signed")
        if code:
            raise Fault(str(code), str(answer.get("message", ""))[:200])
        try:
            return noted(json.loads(result, parse_float=Decimal))
        except (ValueError, RecursionError):
            raise Unreadable("result is not JSON") from None

    def _signed(self, result: str, signature: object) -> bool:
        """Over the text as it came. Written again as JSON it might have other characters."""
        # Half a surrogate pair is a text in JSON and none in UTF-8: it must not stop us.
        line = ("".join(sorted(result)) + self._to.secret).encode("utf-8", "surrogatepass")
        ours = hashlib.md5(line, usedforsecurity=False).hexdigest()
        theirs = str(signature).lower().encode("utf-8", "surrogatepass")
        return isinstance(signature, str) and hmac.compare_digest(ours.encode(), theirs)


def _object(value: object) -> dict[str, Any]:
    return dict_at({"result": value}, "result")


def _good(told: Mapping[str, Any]) -> Good:
    kind = _KINDS.get(text_at(told, "product_type"))
    if kind is None:
        raise Unreadable("product_type")
    return Good(
        id=text_at(told, "product_id"),
        name=text_at(told, "product_name"),
        kind=kind,
        price_e4=yuan_at(told, "purchase_price"),
        on_sale=text_at(told, "sales_status") == "上架",
        stock=0 if text_at(told, "stock_status") == "断货" else None,
        face_value_e4=yuan_at(told, "face_value") if told.get("face_value") else None,
        fields=() if kind == "code" else None,
    )


def _input(told: Mapping[str, Any]) -> InputField:
    name = _INPUTS.get(text_at(told, "Id"))
    if name is None:
        raise Unreadable(f"input {text_at(told, 'Id')}")
    return InputField(name, text_at(told, "Name"))


def _cost_e4(told: Mapping[str, Any]) -> int:
    return yuan_at(told, "order_price") * int_at(told, "buy_num")
