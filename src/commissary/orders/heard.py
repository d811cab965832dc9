"""A call of the partner API as it was answered, for whoever counts calls."""

import time
from collections.abc import Mapping, MutableMapping
from typing import Any, Protocol

from commissary.base.http import Scope, Send
from commissary.tenancy.types import ApiKey, Caller

_REQUEST_ID = b"commissary-request-id"


class Heard:
    """`answer` is the beginning of what refused, else empty; `key` who called, as far as the call says it."""

    __slots__ = (
        "_send",
        "answer",
        "at_s",
        "began",
        "body",
        "elapsed_s",
        "ip",
        "key",
        "request_id",
        "scope",
        "status",
    )

    def __init__(self, scope: Scope, request_id: str, send: Send | None = None, began: float = 0.0) -> None:
        self.scope = scope
        self.request_id = request_id
        self.began = began or time.perf_counter()
        self.elapsed_s = 0.0
        self.at_s = 0.0
        self.status = 0
        self.answer = b""
        self.body = b""
        self.ip = ""
        self.key: ApiKey | None = None
        self._send = send

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            # Also of what went well: by it the caller finds the call in the log.
            fields = list(message.get("headers", ()))
            if all(name != _REQUEST_ID for name, _ in fields):
                message = {**message, "headers": [*fields, (_REQUEST_ID, self.request_id.encode())]}
        elif self.status >= 400 and not self.answer:
            self.answer = message.get("body", b"")[:16_384]
        assert self._send is not None
        await self._send(message)

    def by(self, caller: Caller) -> None:
        self.key, self.ip = caller.key, caller.ip

    def ended(self) -> "Heard":
        self.elapsed_s = time.perf_counter() - self.began
        self.at_s = time.time()
        return self

    @property
    def method(self) -> str:
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def headers(self) -> Mapping[bytes, bytes]:
        return dict(self.scope["headers"])


class Calls(Protocol):
    """Who counts them. Neither may wait, nor fail."""

    def note(self, heard: Heard, *, counted: bool = False) -> None:
        """`counted`: by `placed` before."""

    def placed(self, key: ApiKey, elapsed_s: float) -> bool:
        """An order that was placed without a coroutine; whether it shall be noted too."""
