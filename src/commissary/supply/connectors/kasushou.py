"""卡速售 2.0 (doc.kasushou.com/api/v2api).

JSON with sorted keys; `Sign` = sha1(ms + body + key) in the headers. An order is accepted, never delivered at once: cards
come with `order/info`. Cards in a callback are not signed, so none is taken from there.
"""

import json
from collections.abc import Mapping
from typing import Any

from commissary.dialects import SPECS, compact, money, sign, verify
from commissary.supply.connectors.answers import (
    dict_at,
    int_at,
    json_of,
    list_at,
    object_of,
    only,
    text_at,
    words,
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
    GoodsNotice,
    InputField,
    Notice,
    Outcome,
    Page,
    Purchase,
    Request,
    Result,
    Unreadable,
)

_SPEC = SPECS["kasushou"]
_PAGE = 100
_OK, _NO = 200, 400
_STATES = {
    1: Outcome.accepted,
    2: Outcome.accepted,
    3: Outcome.succeeded,
    4: Outcome.failed,
    5: Outcome.failed,
}
_KINDS: dict[int, Any] = {1: "code", 2: "topup"}
_UNSIGNED = ("sign", "card_list", "express_list")
_PASSED_OVER = names(
    "msg external_orderno card_list card_no card_password express_list recharge_info goods_id goods_name",
    "quantity",
)


class Kasushou:
    facts = Facts(
        idempotent=True,
        queries=True,
        cancels=True,
        callbacks=True,
        guard="unit",
        pushes=True,
        passes_over=_PASSED_OVER,
    )
    heard = b"ok"

    def __init__(self, connection: Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> Conversation[int]:
        return yuan_at((yield from self._ask("user/info", {}, at_ms)), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        page = int(cursor or 1)
        asked = {"cate_id": 0, "keyword": "", "limit": _PAGE, "page": page}
        found = yield from self._ask("goods/list", asked, at_ms)
        goods = tuple([_good(each) for each in list_at(found, "list")])
        more = page * _PAGE < int_at(found, "total") and goods
        return Page(goods, str(page + 1) if more else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        return _good((yield from self._ask("goods/info", {"id": int(good_id)}, at_ms)))

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        answer = yield from self._say("goods/attach", {"goods_id": good_id}, at_ms)
        return _fields(list_at(_kept(answer), "data"))

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        order: dict[str, Any] = {
            "id": int(purchase.good_id),
            "quantity": purchase.quantity,
            "external_orderno": purchase.ref,
            "safe_price": money.yuan_down(purchase.most_unit_e4, 4),
        }
        if purchase.callback_url:
            order["url"] = purchase.callback_url
        if purchase.fields:
            order["attach"] = dict(purchase.fields)
        answer = yield from self._say("order/buy", order, at_ms)
        code = answer.get("code")
        if code == _OK:
            placed = dict_at(answer, "data")
            return Result(Outcome.accepted, text_at(placed, "ordersn"), yuan_at(placed, "total_price"))
        said = str(answer.get("msg", ""))[:200]
        if code != _NO:
            return Result(Outcome.unknown, reason=str(code), said=said)
        # One code for every no, a number used before included. Only with no order under it was nothing bought.
        no = Result(Outcome.failed, reason=str(code), said=said)
        return (yield from unless_bought(self.query(at_ms, purchase.ref), no))

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        asked = {"day": 0, "external_orderno": ref, "ordersn": ""}
        answer = yield from self._say("order/info", asked, at_ms)
        found = list_at(_kept(answer), "data")
        return _result(only(found, "orders")) if found else Result(Outcome.failed, reason=NOT_FOUND)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        """A request to cancel; whether it was heeded, the order says later."""
        answer = yield from self._say("order/close", {"ordersn": supplier_ref}, at_ms)
        outcome = Outcome.accepted if answer.get("code") == _OK else Outcome.unknown
        return Result(
            outcome, supplier_ref, reason=str(answer.get("code")), said=str(answer.get("msg", ""))[:200]
        )

    def notice(
        self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> Notice | GoodsNotice:
        told = object_of(body)
        if "external_orderno" not in told and "id" in told:
            return self._changed(told)
        signed = {name: value for name, value in told.items() if name not in _UNSIGNED}
        if not all(isinstance(value, str | int) for value in signed.values()):
            raise Unreadable("a value that has more than one way to be written")
        parts = {"timestamp": str(told.get("time")), "body": compact(signed, ordered=True, slashes=True)}
        if not verify(_SPEC, parts, self._to.secret, str(told.get("sign"))):
            raise Forged
        result = _result(told | {"card_list": []})
        return Notice(text_at(told, "external_orderno"), result, ask_again=True)

    def _changed(self, told: Mapping[str, Any]) -> GoodsNotice:
        """Of the notice only the article and the time are signed, not the price."""
        signed = {"id": told.get("id"), "time": told.get("time")}
        if not all(isinstance(value, str | int) for value in signed.values()):
            raise Unreadable("a value that has more than one way to be written")
        parts = {"timestamp": str(told.get("time")), "body": compact(signed, ordered=True, slashes=True)}
        if not verify(_SPEC, parts, self._to.secret, str(told.get("sign"))):
            raise Forged
        return GoodsNotice((str(told["id"]),))

    # The wire

    def _ask(self, path: str, what: Mapping[str, Any], at_ms: int) -> Conversation[dict[str, Any]]:
        return dict_at(_kept((yield from self._say(path, what, at_ms))), "data")

    def _say(self, path: str, what: Mapping[str, Any], at_ms: int) -> Conversation[dict[str, Any]]:
        body = compact(what, ordered=True).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "UserId": self._to.account,
            "Timestamp": str(at_ms),
            "Sign": sign(_SPEC, {"timestamp": str(at_ms), "body": body}, self._to.secret),
        }
        return json_of((yield Request("POST", f"{self._to.base_url}/api/v1/{path}", headers, body)))


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    code = answer.get("code")
    if code == _OK:
        return answer
    if code == _NO:
        raise Fault(str(code), str(answer.get("msg", ""))[:200])
    raise Unreadable(f"code {code!r}")


def _good(told: Mapping[str, Any]) -> Good:
    kind = _KINDS.get(int_at(told, "goods_type"))
    if kind is None:
        raise Unreadable("goods_type")
    attach = told.get("attach")
    return Good(
        id=text_at(told, "id"),
        name=text_at(told, "goods_name"),
        kind=kind,
        price_e4=yuan_at(told, "goods_price"),
        on_sale=int_at(told, "status") == 1,
        stock=int_at(told, "stock_num"),
        face_value_e4=yuan_at(told, "face_value") if told.get("face_value") else None,
        least=int(told.get("start_count") or 1),
        most=int(told["end_count"]) if told.get("end_count") else None,
        banned_channels=words(told.get("can_no_buy")),
        least_resale_e4=yuan_at(told, "can_price") if told.get("can_price") else None,
        fields=_fields(attach) if isinstance(attach, list) else None,
    )


def _fields(told: list[dict[str, Any]]) -> tuple[InputField, ...]:
    return tuple([InputField(text_at(f, "key"), str(f.get("name", "")), _choices(f)) for f in told])


def _choices(field: Mapping[str, Any]) -> tuple[str, ...]:
    """Of those kinds that have any; a cascade is left to people."""
    if field.get("type") not in ("checkbox", "select", "radio"):
        return ()
    options = field.get("options")
    try:
        parsed = json.loads(options) if isinstance(options, str) and options[:1] in "[{" else options
    except ValueError:
        parsed = options
    if isinstance(parsed, dict):
        parsed = parsed.get("options")
    return tuple(str(each) for each in parsed) if isinstance(parsed, list) else words(parsed)


def _result(told: Mapping[str, Any]) -> Result:
    state = int_at(told, "status")
    cards = list_at(told, "card_list")
    cost_e4, refunded_e4 = yuan_at(told, "total_price"), yuan_at(told, "has_back_money")
    outcome = _STATES.get(state, Outcome.unknown)
    if outcome is Outcome.failed and refunded_e4 < cost_e4:
        outcome = Outcome.unknown  # in part, or not yet: a part may have been delivered
    return Result(
        outcome=outcome,
        supplier_ref=text_at(told, "ordersn"),
        cost_e4=cost_e4,
        refunded_e4=refunded_e4,
        codes=tuple([Code(text_at(c, "card_password"), str(c.get("card_no") or "") or None) for c in cards]),
        reason=str(state),
        said=str(told.get("recharge_hints", ""))[:200],
    )
