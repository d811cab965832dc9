"""Raw ASGI in a few functions, for the endpoints that must cost little; problem+json for all of them."""

import contextlib
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Container, Coroutine, Iterable, MutableMapping
from typing import Any, Protocol, TypeVar
from urllib.parse import parse_qsl

import msgspec

from commissary.base.errors import FieldFault, Outcome, Refusal, Refused, RequestRefusal, invalid

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

T = TypeVar("T")
encode = msgspec.json.encode
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
_NO_STORE = (b"cache-control", b"no-store")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """RFC 9457 problem details. `code` is stable and listed at `type`; `title` is English, `title_zh` Chinese."""

    type: str
    title: str
    title_zh: str
    status: int
    code: str
    outcome: Outcome
    retryable: bool
    request_id: str
    fields: list[FieldFault] | None = None
    facts: dict[str, Any] | None = None


_process = secrets.token_hex(4)
_last = 0
_REQUEST_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{13}")


def request_id() -> str:
    """Unique over processes; costs no random bytes per request. It tells its microsecond, or the next that is free, so
    that what it began is found by time."""
    global _last
    now = time.time_ns() // 1000
    _last = now if now > _last else _last + 1
    return f"{_process}-{_last:013x}"


def requested_at_us(rid: str) -> int | None:
    """When a request id was made, in Unix microseconds; None: it is none."""
    return int(rid[9:], 16) if _REQUEST_ID.fullmatch(rid) else None


def problem(
    refusal: Refusal,
    rid: str,
    fields: list[FieldFault] | None = None,
    facts: dict[str, Any] | None = None,
) -> Problem:
    return Problem(
        type=f"/docs/errors#{refusal.code}",
        title=refusal.en,
        title_zh=refusal.zh,
        status=refusal.status,
        code=refusal.code,
        outcome=refusal.outcome,
        retryable=refusal.retryable,
        request_id=rid,
        fields=fields or None,
        facts=facts or None,
    )


def problem_of(refused: Refused, rid: str) -> Problem:
    return problem(refused.refusal, rid, refused.fields, refused.facts)


async def body_of(receive: Receive, limit: int) -> bytes:
    """The whole body; past the limit it is refused without being kept."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and message["type"] == "http.request":
        if len(body) > limit:
            raise Refused(RequestRefusal.body_too_large, limit_bytes=limit)
        return body
    parts = [body]
    size = len(body)
    while message["type"] == "http.request" and message.get("more_body"):
        message = await receive()
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise Refused(RequestRefusal.body_too_large, limit_bytes=limit)
        parts.append(part)
    return b"".join(parts)


class Reply(Protocol):
    """The way back to a client whose request was taken without a coroutine."""

    def ok(self, payload: bytes, rid: str) -> None:
        """200 with that JSON, as `answer` would send it."""

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """The answer takes waiting after all: `work` gives it through `send`."""

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """As ASGI has it."""


def ok_fields(payload: bytes, rid: str) -> bytes:
    """The header lines of a 200 of `answer`."""
    return (
        b"content-type: application/json\r\ncache-control: no-store\r\ncontent-length: %d\r\n"
        b"commissary-request-id: %b\r\n" % (len(payload), rid.encode())
    )


async def answer(
    send: Send, status: int, payload: bytes, rid: str, *, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    kind = _JSON if status < 400 else _PROBLEM
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                kind,
                _NO_STORE,
                (b"content-length", str(len(payload)).encode()),
                (b"commissary-request-id", rid.encode()),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": payload})


async def refuse(
    send: Send, refused: Refused, rid: str, *, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:
    if refused.refusal.retryable and refused.refusal.status in (429, 503):
        headers = (*headers, (b"retry-after", b"1"))
    await answer(send, refused.refusal.status, encode(problem_of(refused, rid)), rid, headers=headers)


def once(query: Iterable[tuple[str, str]], lists: Container[str] = ()) -> None:
    """Refuses a parameter that is given twice and is no list: one of the two would silently count."""
    seen: set[str] = set()
    for name, _ in query:
        if name in seen and name not in lists:
            raise invalid(name.replace("\0", "")[:80], "given twice / 重复给出")
        seen.add(name)


def pairs(query: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string, as they were given."""
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True) if query else []


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Bad JSON and wrong forms become refusals that name the field."""
    refuse_zero(body)
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Refused(RequestRefusal.invalid_request, fields=[field_of(error)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(RequestRefusal.malformed_json) from None


def refuse_zero(body: bytes) -> None:
    """No text of a JSON body holds a zero character: PostgreSQL keeps none, and a text must come back as it went in."""
    if b"\\u0000" in body:
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            path = _zero(msgspec.json.decode(body), "")
            if path is not None:
                raise Refused(RequestRefusal.invalid_request, fields=[FieldFault(path or "body", ZERO)])


def _zero(node: Any, path: str) -> str | None:
    """Where it is; None: nowhere."""
    if isinstance(node, str):
        return path if "\0" in node else None
    inner: Iterable[tuple[str, Any]] = ()
    if isinstance(node, dict):
        if any("\0" in key for key in node):
            return path
        inner = ((f"{path}.{key}" if path else key, value) for key, value in node.items())
    elif isinstance(node, list):
        inner = ((f"{path}[{i}]", value) for i, value in enumerate(node))
    return next((found for at, value in inner if (found := _zero(value, at)) is not None), None)


ZERO = "a zero character is in it / 含有空字符（U+0000）"


def field_of(error: msgspec.ValidationError) -> FieldFault:
    """msgspec says `Expected … - at `$.lines[0].quantity``; keys of dicts are shown as `[...]`."""
    text, _, place = str(error).partition(" - at `")
    path = place.rstrip("`").removeprefix("$").removeprefix(".").removeprefix("key ")
    if "unknown field" in text or "missing required field" in text:
        name = text.rsplit("`", 2)[-2]
        path = f"{path}.{name}" if path else name
    return FieldFault(path or "body", text)
