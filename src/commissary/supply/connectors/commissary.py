"""Another mall of this kind, over its partner API `/v1`: HMAC over the request line and the body.

Its orders are idempotent by our number, its refusals say themselves whether something may have happened (`outcome`), and
`max_unit_price` guards every piece to 1/10 000. A callback of a single order is not signed for us alone: we ask.

Its webhooks `price.changed`, `sku.available` and `sku.unavailable` tell at once what moved: a price subscription and an
endpoint there, which leads to this connection's callback address; the endpoint's `whsec_…` stands behind our secret, a
blank between them. An old message told again has us ask once more, so its time is not looked at.
"""

import base64
import binascii
import dataclasses
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from commissary.dialects import SPECS, compact, money, sign
from commissary.supply.connectors.answers import dict_at, int_at, list_at, object_of, text_at
from commissary.supply.connectors.listed import ms_at, within
from commissary.supply.connectors.refusals import blamed
from commissary.supply.reading import names
from commissary.supply.types import (
    NOT_FOUND,
    WRONG_ACCOUNT,
    Code,
    Connection,
    Conversation,
    Facts,
    Fault,
    Forged,
    Good,
    GoodsNotice,
    InputField,
    Kind,
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

_SPEC = SPECS["commissary"]
_PAGE = 200
_HOOKS = "/v1/webhook-endpoints"
_NEWS = ("price.changed", "sku.available", "sku.unavailable")
_WRONG_ACCOUNTS = frozenset({"account_dead", "account_refused"})
_STATES = {
    "review": Outcome.accepted,
    "scheduled": Outcome.accepted,
    "processing": Outcome.accepted,
    "delivered": Outcome.succeeded,
    "failed": Outcome.failed,
    "cancelled": Outcome.failed,
    "reversed": Outcome.failed,
}
_KINDS: dict[str, Kind] = {
    "code": "code",
    "link": "code",
    "voucher": "code",
    "membership": "code",
    "shared_code": "code",
    "topup": "topup",
}
_PASSED_OVER = names(
    "created_at line_no sku_id quantity amount client_order_no status total lines outcome retryable title",
    "type request_id order_no delivered unit_price decision_id livemode bundle_id reason release_at target "
    "receipts fix title_zh fields facts next codes",
)


class Commissary:
    facts = Facts(
        idempotent=True,
        queries=True,
        cancels=True,
        callbacks=False,
        guard="unit",
        quiet_s=60,
        statements=True,
        pushes=True,
        subscribes=True,
        passes_over=_PASSED_OVER,
    )
    heard = b""

    def __init__(self, connection: Connection) -> None:
        secret, *hooks = connection.secret.split() or [""]
        self._to = dataclasses.replace(connection, secret=secret)
        self._hooks = [_hook(each) for each in hooks]

    def balance(self, at_ms: int) -> Conversation[int]:
        return self._money(dict_at((yield from self._get(at_ms, "/v1/balance")), "available"))

    def goods(self, at_ms: int, cursor: str = "") -> Conversation[Page]:
        """Bundles are left out: their parts can be bought."""
        asked = {"size": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
        found = yield from self._get(at_ms, "/v1/products", asked)
        goods = [self._good(each) for each in list_at(found, "items") if each.get("kind") in _KINDS]
        return Page(tuple(goods), text_at(found, "next") if found.get("next") is not None else "")

    def good(self, at_ms: int, good_id: str) -> Conversation[Good]:
        # A page begins behind an id.
        asked = {"size": "1", "cursor": str(int(good_id) - 1)}
        for told in list_at((yield from self._get(at_ms, "/v1/products", asked)), "items"):
            if text_at(told, "sku_id") == good_id and told.get("kind") in _KINDS:
                return self._good(told)
        raise Fault("not_listed", good_id)

    def template(self, at_ms: int, good_id: str) -> Conversation[tuple[InputField, ...]]:
        return (yield from self.good(at_ms, good_id)).fields or ()

    def place(self, at_ms: int, purchase: Purchase) -> Conversation[Result]:
        line: dict[str, Any] = {
            "sku_id": purchase.good_id,
            "quantity": purchase.quantity,
            "max_unit_price": {"amount": money.yuan(purchase.most_unit_e4), "currency": self._to.currency},
        }
        if purchase.fields:
            line["fields"] = dict(sorted(purchase.fields.items()))
        body = compact({"client_order_no": purchase.ref, "lines": [line]}).encode()
        answer = yield self._request("POST", "/v1/orders", "", body, at_ms)
        if answer.status == 200:
            return self._result(object_of(answer.body), purchase.ref)
        return _refused(answer)

    def query(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        asked = urlencode({"client_order_no": ref})
        answer = yield self._request("GET", "/v1/orders", asked, b"", at_ms)
        if answer.status == 404 and object_of(answer.body).get("code") == "order_not_found":
            return Result(Outcome.failed, reason=NOT_FOUND)
        told = _kept(answer)
        orders = list_at(told, "items")
        if len(orders) != 1:
            raise Unreadable(f"{len(orders)} orders of one number")
        # A list shows no codes.
        order = yield from self._get(at_ms, _path(text_at(orders[0], "id")))
        if not all("fix" in line for line in list_at(order, "lines")):
            return self._result(order, ref)
        # There they wait until we name another account. Only our own buyer knows it, and whether he will: we call it off.
        off = yield self._cancellation(at_ms, ref, text_at(order, "id"))
        return self._result(object_of(off.body) if off.status == 200 else order, ref)

    def cancel(self, at_ms: int, ref: str, supplier_ref: str = "") -> Conversation[Result]:
        return self._result(_kept((yield self._cancellation(at_ms, ref, supplier_ref))), ref)

    def _cancellation(self, at_ms: int, ref: str, supplier_ref: str) -> Request:
        """The number of the purchase is the key: a second cancellation is the first one again."""
        more = {"Idempotency-Key": f"cancel-{ref}"}
        return self._request("POST", f"{_path(supplier_ref)}/cancel", "", b"", at_ms, more)

    def notice(self, headers: Mapping[str, str], query: Mapping[str, str], body: bytes) -> GoodsNotice:
        said = f"{headers.get('webhook-id')}.{headers.get('webhook-timestamp')}.".encode() + body
        theirs = [each[3:] for each in headers.get("webhook-signature", "").split() if each[:3] == "v1,"]
        for key in self._hooks:
            ours = base64.b64encode(hmac.digest(key, said, "sha256")).decode()
            if any(hmac.compare_digest(ours.encode(), each.encode()) for each in theirs):
                return _changed(object_of(body))
        raise Forged

    def statement(
        self, at_ms: int, start_ms: int, end_ms: int, cursor: str = ""
    ) -> Conversation[StatementPage]:
        """The list is newest first, and has no filter: it is read until it is older."""
        asked = {"size": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
        told = yield from self._get(at_ms, "/v1/orders", asked)
        lines = [self._line(each) for each in list_at(told, "items")]
        older = any(line.at_ms < start_ms for line in lines)
        following = "" if older or told.get("next") is None else text_at(told, "next")
        return StatementPage(within(lines, start_ms, end_ms), following)

    def _line(self, told: Mapping[str, Any]) -> StatementLine:
        lines = list_at(told, "lines")
        return StatementLine(
            text_at(told, "client_order_no"),
            text_at(told, "id"),
            text_at(lines[0], "sku_id") if len(lines) == 1 else "",
            sum([int_at(each, "quantity") for each in lines]),
            self._money(dict_at(told, "total")),
            sum([self._money(dict_at(each, "returned")) for each in lines if "returned" in each]),
            ms_at(told, "created_at"),
            sum([int_at(each, "delivered") for each in lines]),
        )

    def subscribe(self, at_ms: int, url: str) -> Conversation[str]:
        """An endpoint of ours there is used again, with a new secret. The key needs `catalog:read` and `webhooks:write`."""
        known = list_at((yield from self._get(at_ms, _HOOKS, {"size": "200"})), "items")
        ours = [e for e in known if e.get("url") == url and e.get("state") != "disabled"]
        path, sent = _HOOKS, compact({"url": url, "events": list(_NEWS)})
        if ours:
            path, sent = (
                f"{_HOOKS}/{quote(text_at(ours[0], 'id'), safe='')}/rotate",
                compact({"overlap_s": 0}),
            )
        made = yield self._request("POST", path, "", sent.encode(), at_ms)
        secret = text_at(_kept(made), "secret")
        wanted = compact({"name": "commissary", "availability": True, "window_s": 1}).encode()
        _kept((yield self._request("PUT", "/v1/price-subscriptions", "", wanted, at_ms)))
        return secret

    # The wire

    def _get(
        self, at_ms: int, path: str, asked: Mapping[str, str] | None = None
    ) -> Conversation[dict[str, Any]]:
        return _kept((yield self._request("GET", path, urlencode(asked or {}), b"", at_ms)))

    def _request(
        self,
        method: Any,
        path: str,
        query: str,
        body: bytes,
        at_ms: int,
        more: Mapping[str, str] | None = None,
    ) -> Request:
        # Once per instant and request: a nonce that was used before is refused, and so is a request sent twice.
        nonce = hashlib.blake2b(f"{at_ms}|{method}|{path}|{query}|".encode() + body, digest_size=16)
        parts = {
            "method": method,
            "path": path,
            "query": query,
            "timestamp": str(at_ms // 1000),
            "nonce": nonce.hexdigest(),
            "body_sha256": hashlib.sha256(body).hexdigest(),
        }
        headers = {
            "Commissary-Key": self._to.account,
            "Commissary-Timestamp": parts["timestamp"],
            "Commissary-Nonce": parts["nonce"],
            "Commissary-Signature": sign(_SPEC, parts, self._to.secret),
        } | dict(more or {})
        if body:
            headers["Content-Type"] = "application/json"
        return Request(method, f"{self._to.base_url}{path}" + (f"?{query}" if query else ""), headers, body)

    def _money(self, told: Mapping[str, Any]) -> int:
        if told.get("currency") != self._to.currency:
            raise Unreadable(f"money in {str(told.get('currency'))[:10]}")
        try:
            return money.of_yuan(text_at(told, "amount"))
        except ValueError as error:
            raise Unreadable(str(error)) from None

    def _good(self, told: Mapping[str, Any]) -> Good:
        name = dict_at(told, "name")
        face, fields = told.get("face_value"), list_at(told, "fields")
        return Good(
            id=text_at(told, "sku_id"),
            name=text_at(name, "zh"),
            kind=_KINDS[text_at(told, "kind")],
            price_e4=self._money(dict_at(told, "unit_price")),
            on_sale=True,  # only what may be bought is listed
            stock=None if told.get("unlimited") is True else int_at(told, "available"),
            face_value_e4=self._money(face) if isinstance(face, dict) else None,
            most=int_at(told, "max_quantity"),
            fields=tuple(
                [InputField(text_at(f, "name"), text_at(f, "label_zh"), _choices(f)) for f in fields]
            ),
        )

    def _result(self, told: Mapping[str, Any], ref: str) -> Result:
        if text_at(told, "client_order_no") != ref:
            raise Unreadable("another order")
        state, cost_e4, lines = (
            text_at(told, "status"),
            self._money(dict_at(told, "total")),
            list_at(told, "lines"),
        )
        back_e4 = sum([self._money(dict_at(each, "returned")) for each in lines if "returned" in each])
        outcome = _STATES.get(state, Outcome.unknown)  # delivered in part is for people
        if outcome is Outcome.failed and back_e4 != cost_e4:
            outcome = Outcome.unknown
        codes = [_code(code) for each in lines if "codes" in each for code in list_at(each, "codes")]
        said = str(told.get("reason", ""))[:200]
        wrong = outcome is Outcome.failed and any(each.get("reason") == WRONG_ACCOUNT for each in lines)
        reason = WRONG_ACCOUNT if wrong else state
        return Result(outcome, text_at(told, "id"), cost_e4, back_e4, tuple(codes), reason, said)


def _hook(secret: str) -> bytes:
    """Raises ValueError, whose text does not repeat it."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError(
            "the secret of the key, and behind a blank the endpoint's whsec_… / 密钥，空格后可接 whsec_…"
        )
    return key


def _changed(told: dict[str, Any]) -> GoodsNotice:
    """Of other news, nothing."""
    if told.get("type") not in _NEWS:
        return GoodsNotice(())
    return GoodsNotice(tuple([text_at(c, "sku_id") for c in list_at(dict_at(told, "data"), "changes")]))


def _path(order_id: str) -> str:
    return f"/v1/orders/{quote(order_id, safe='')}"


def _kept(answer: Response) -> dict[str, Any]:
    if answer.status in (200, 201):
        return object_of(answer.body)
    problem = object_of(answer.body)
    raise Fault(text_at(problem, "code"), str(problem.get("title", ""))[:200])


def _refused(answer: Response) -> Result:
    """A refusal says whether something may have happened. A number that stands for another order is for people."""
    problem = object_of(answer.body)
    code = text_at(problem, "code")
    clear = (
        400 <= answer.status < 500 and problem.get("outcome") == "failed" and code != "idempotency_conflict"
    )
    outcome = Outcome.failed if clear else Outcome.unknown
    no = Result(outcome, reason=code, said=str(problem.get("title", ""))[:200])
    return blamed(no, _WRONG_ACCOUNTS)


def _choices(told: Mapping[str, Any]) -> tuple[str, ...]:
    choices = told.get("choices") or []
    if not isinstance(choices, list) or not all(isinstance(each, str) for each in choices):
        raise Unreadable("choices")
    return tuple(choices)


def _code(told: Mapping[str, Any]) -> Code:
    return Code(text_at(told, "secret"), text_at(told, "number") if told.get("number") is not None else None)
