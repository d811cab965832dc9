"""An older version of the API around a request: its body brought up, its answer brought down, its headers said."""

import contextlib
from collections.abc import MutableMapping, Sequence
from typing import Any

import msgspec

from commissary.base.http import Send
from commissary.base.versions import Change, down, up

Headers = tuple[tuple[bytes, bytes], ...]


def spoken(changes: Sequence[Change], headers: Headers, body: bytes, send: Send) -> tuple[bytes, Send]:
    """(body, send) as whoever speaks the newest version needs them. Refusals and what is no JSON go through as they are, but for
    the headers; a body that is none is left to whoever reads it."""
    if changes and body:
        with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            body = msgspec.json.encode(up(changes, msgspec.json.decode(body)))
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def older(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            start["headers"] = [*message["headers"], *headers]
            if not _is_ours(start, changes):
                await send(start)
        elif message["type"] != "http.response.body" or not _is_ours(start, changes):
            await send(message)
        else:
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                payload = msgspec.json.encode(down(changes, msgspec.json.decode(b"".join(parts))))
                kept = [(n, v) for n, v in start["headers"] if n.lower() != b"content-length"]
                await send(start | {"headers": [*kept, (b"content-length", str(len(payload)).encode())]})
                await send({"type": "http.response.body", "body": payload})

    return body, older


def _is_ours(start: dict[str, Any], changes: Sequence[Change]) -> bool:
    """Is the answer one that changed?"""
    kind = dict(start["headers"]).get(b"content-type", b"")
    return bool(changes) and start["status"] < 300 and kind.startswith(b"application/json")
