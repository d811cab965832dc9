"""A plain supplier, such as `commissary simulate form` is: forms, MD5 in capitals over sorted parameters, fen, codes as one
text. The guide's example of a connector; the suite of all connectors exercises it as it stands here.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from commissary.dialects import Sorted, money, sign, verify
from commissary.supply import types
from commissary.supply.connectors.answers import dict_at, fen_at, int_at, json_of, list_at, said_at, text_at
from commissary.supply.connectors.listing import search
from commissary.supply.connectors.refusals import unless_bought

# A row of dialects.SPECS, once somebody else's vector proves it.
_SPEC = Sorted(tail="&key={key}", upper=True)
_PAGE = 50
_OK, _REPEATED, _MISSING = "0", "1005", "1404"
# This order: off sale, no stock, no account, too dear, no money.
_REFUSED = {"1006", "1007", "1008", "1009", "1010"}
_DOING, _DONE, _NOTHING = types.Outcome.accepted, types.Outcome.succeeded, types.Outcome.failed
_STATES = {"processing": _DOING, "success": _DONE, "closed": _NOTHING}
_KINDS: dict[str, Any] = {"card": "code", "direct": "topup"}
_FIELDS = (types.InputField("account", "充值账号"),)


class ExampleSupplier:
    """An order that is `closed` has all its money back, so there is no sum of what came back in its answers."""

    facts = types.Facts(
        idempotent=False,
        queries=True,
        cancels=True,
        callbacks=True,
        guard="unit",
        field="account",
        says_refunds=False,
        signs_callbacks=False,
        passes_over=frozenset({"message", "order_no", "number"}),
    )
    heard = b"success"

    def __init__(self, connection: types.Connection) -> None:
        self._to = connection

    def balance(self, at_ms: int) -> types.Conversation[int]:
        return fen_at((yield from self._ask("balance", {}, at_ms)), "balance")

    def goods(self, at_ms: int, cursor: str = "") -> types.Conversation[types.Page]:
        page = int(cursor or 1)
        found = yield from self._ask("goods", {"page": str(page), "size": str(_PAGE)}, at_ms)
        goods = tuple([_good(each) for each in list_at(found, "list")])
        return types.Page(goods, str(page + 1) if goods and page * _PAGE < int_at(found, "total") else "")

    def good(self, at_ms: int, good_id: str) -> types.Conversation[types.Good]:
        return (yield from search(self.goods, at_ms, good_id))

    def template(self, at_ms: int, good_id: str) -> types.Conversation[tuple[types.InputField, ...]]:
        return (yield from self.good(at_ms, good_id)).fields or ()

    def place(self, at_ms: int, purchase: types.Purchase) -> types.Conversation[types.Result]:
        order = {
            "order_no": purchase.ref,
            "goods_id": purchase.good_id,
            "number": str(purchase.quantity),
            "max_price": str(money.fen_down(purchase.most_unit_e4)),
            "notify_url": purchase.callback_url,
        }
        code, answer = yield from self._say("order", order | dict(purchase.fields), at_ms)
        if code == _OK:
            return types.Result(types.Outcome.accepted, text_at(dict_at(answer, "data"), "trade_no"))
        no = types.Result(types.Outcome.failed, reason=code, said=said_at(answer, "message"))
        if code in _REFUSED:
            return no
        if code == _REPEATED:  # the order that was placed before, not this one's failure
            return (yield from unless_bought(self.query(at_ms, purchase.ref), no))
        return types.Result(types.Outcome.unknown, reason=code, said=no.said)

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> types.Conversation[types.Result]:
        code, answer = yield from self._say("order/query", {"order_no": ref}, at_ms)
        if code == _MISSING:
            return types.Result(types.Outcome.failed, reason=types.NOT_FOUND)
        order = dict_at(_kept(code, answer), "order")
        outcome = _STATES.get(
            text_at(order, "status"), types.Outcome.unknown
        )  # what is not listed is not known
        cost_e4 = fen_at(order, "amount")
        cards = text_at(order, "cards").split("\n") if order.get("cards") else []
        pairs = [card.partition("----") for card in cards]
        if not all(secret for _, _, secret in pairs):
            raise types.Unreadable("cards")
        return types.Result(
            outcome,
            text_at(order, "trade_no"),
            cost_e4,
            refunded_e4=cost_e4 if outcome is types.Outcome.failed else 0,
            codes=tuple([types.Code(secret, number or None) for number, _, secret in pairs]),
            reason=text_at(order, "status"),
        )

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> types.Conversation[types.Result]:
        code, _ = yield from self._say("order/cancel", {"order_no": ref}, at_ms)
        return types.Result(
            types.Outcome.accepted if code == _OK else types.Outcome.unknown, supplier_ref, reason=code
        )

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> types.Notice:
        told = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        signature = told.pop("sign", "")
        if told.get("app_id") != self._to.account or not verify(_SPEC, told, self._to.secret, signature):
            raise types.Forged
        return types.Notice(text_at(told, "order_no"), types.Result(types.Outcome.unknown), ask_again=True)

    def _ask(self, path: str, what: Mapping[str, str], at_ms: int) -> types.Conversation[dict[str, Any]]:
        return _kept(*(yield from self._say(path, what, at_ms)))

    def _say(
        self, path: str, what: Mapping[str, str], at_ms: int
    ) -> types.Conversation[tuple[str, dict[str, Any]]]:
        """(code, the whole answer)"""
        china = datetime.fromtimestamp(at_ms / 1000, UTC) + timedelta(hours=8)
        sent = dict(what) | {"app_id": self._to.account, "time": china.strftime("%Y%m%d%H%M%S")}
        body = urlencode(sent | {"sign": sign(_SPEC, sent, self._to.secret)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = json_of((yield types.Request("POST", f"{self._to.base_url}/api/{path}", headers, body)))
        return text_at(answer, "code"), answer


def _kept(code: str, answer: dict[str, Any]) -> dict[str, Any]:
    if code == _OK:
        return dict_at(answer, "data")
    if code in _REFUSED | {_REPEATED, _MISSING, "1001", "1002"}:
        raise types.Fault(code, said_at(answer, "message"))
    raise types.Unreadable(f"code {code!r}")


def _good(told: Mapping[str, Any]) -> types.Good:
    kind = _KINDS[text_at(told, "type")]
    return types.Good(
        id=text_at(told, "goods_id"),
        name=text_at(told, "name"),
        kind=kind,
        price_e4=fen_at(told, "price"),
        on_sale=told.get("on_sale") is True,
        stock=int_at(told, "stock"),
        fields=_FIELDS if kind == "topup" else (),
    )
