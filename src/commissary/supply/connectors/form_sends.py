"""What a form sends: a request with its parameters, its time and its signature. Faults are of what cannot be said in it,
before anything is sent."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

from commissary.dialects import Parts, compact, money, sign
from commissary.supply.connectors.form_spec import Ask, Fields, FormSpec, Guard, Put, rule, sent_as
from commissary.supply.types import Connection, Fault, Purchase, Request

_CHINA = timezone(timedelta(hours=8))
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


def order(spec: FormSpec, to: Connection, at_ms: int, purchase: Purchase) -> Request:
    ask = spec.place
    beside: list[tuple[str, Any]] = []
    if purchase.quantity != 1 and "quantity" not in ask.send:
        raise Fault("quantity", "one piece at a time")
    if ask.guard is not None:
        beside.append((ask.guard.name, _limit(ask.guard, purchase)))
    if purchase.fields:
        if ask.fields is None:
            raise Fault("fields", "none are sent")
        beside += _written(ask.fields, purchase.fields)
    ours: dict[str, str | int] = {
        "ref": purchase.ref,
        "good": purchase.good_id,
        "quantity": purchase.quantity,
        "callback_url": purchase.callback_url,
    }
    return request(spec, to, at_ms, ask, ours, beside)


def request(
    spec: FormSpec,
    to: Connection,
    at_ms: int,
    ask: Ask,
    ours: Mapping[str, str | int],
    beside: Iterable[tuple[str, Any]] = (),
) -> Request:
    """`to` has the supplier's address; everything stays under it. What is empty of ours is not sent."""
    signing, told = spec.sign, dict[str, Any](ask.fixed)
    for word, name in ask.send.items():
        sent, value = sent_as(name), ours.get(word, "")
        if value != "":
            told[sent.name] = _whole_number(word, value) if sent.as_ == "int" else str(value)
    places: dict[str, dict[str, Any]] = {"parameter": told, "header": dict(spec.headers), "query": {}}

    def put(where: Put, value: Any) -> None:
        if where.in_ == "parameter" and where.name in told:
            raise Fault("fields", f"{where.name} is taken")
        places[where.in_][where.name] = value

    for name, value in beside:
        put(Put("parameter", name), value)
    at = "" if signing.timestamp is None else _time(at_ms, signing.timestamp.clock)
    if signing.timestamp is not None:
        put(signing.timestamp, int(at) if signing.timestamp.as_ == "int" else at)
    if signing.account is not None:
        put(signing.account, to.account)

    def query() -> str:
        return urlencode(places["query"] | (_flat(told) if ask.method == "GET" else {}))

    def body() -> bytes:
        if ask.method == "GET":
            return b""
        in_json = (ask.encoding or spec.encoding) == "json"
        return compact(told, ordered=True).encode() if in_json else urlencode(_flat(told)).encode()

    values: Mapping[str, Any] = told
    if isinstance(rule(signing.spec), Parts):
        values = parts(spec, to, at, ask.method, ask.path, query(), body())
    put(signing.put, sign(rule(signing.spec), values, to.secret))
    headers = {"Accept": "application/json"} | places["header"]
    if ask.method == "POST":
        headers["Content-Type"] = f"{_TYPES[ask.encoding or spec.encoding]}; charset=utf-8"
    url = f"{to.base_url}{ask.path}" + (f"?{asked}" if (asked := query()) else "")
    return Request(ask.method, url, headers, body())


def parts(
    spec: FormSpec, to: Connection, at: str, method: str, path: str, query: str, body: bytes
) -> dict[str, Any]:
    """All that a rule of parts may be made of."""
    return {
        **spec.sign.also,
        "timestamp": at,
        "account": to.account,
        "app_id": to.account,
        "method": method,
        "path": path,
        "query": query,
        "body": body,
        "body_md5": hashlib.md5(body, usedforsecurity=False).hexdigest(),
        "body_sha256": hashlib.sha256(body).hexdigest(),
    }


def _limit(guard: Guard, purchase: Purchase) -> str | int:
    """Rounded down, never up."""
    limit_e4 = purchase.most_unit_e4 * (purchase.quantity if guard.of == "total" else 1)
    match guard.unit:
        case "fen":
            return money.fen_down(limit_e4)
        case "yuan":
            return money.yuan_down(limit_e4, 2)
        case "yuan4":
            return money.yuan_down(limit_e4, 4)


def _written(fields: Fields, told: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    match fields.shape:
        case "flat":
            yield from told.items()
        case "object":
            yield fields.name, dict(told)
        case "pairs":
            yield fields.name, [{fields.key: name, fields.value: value} for name, value in told.items()]
        case "text":
            if len(told) != 1:
                raise Fault("fields", "a text holds one field")
            yield fields.name, next(iter(told.values()))


def _whole_number(word: str, value: str | int) -> int:
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Fault(word, "no whole number")
    return int(text)


def _flat(told: Mapping[str, Any]) -> dict[str, str]:
    """As a rule of sorted parameters writes them."""
    return {name: value if isinstance(value, str) else compact(value) for name, value in told.items()}


def _time(at_ms: int, clock: str) -> str:
    if clock in ("s", "ms"):
        return str(at_ms if clock == "ms" else at_ms // 1000)
    there = datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(_CHINA)
    return there.strftime("%Y-%m-%d %H:%M:%S" if clock == "text" else "%Y%m%d%H%M%S")
