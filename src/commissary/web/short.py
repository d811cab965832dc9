"""uvicorn's HTTP/1.1 protocol with a short way for `POST /v1/orders`.

Nine of ten requests of a busy mall are one small order. For those uvicorn's general cycle, made for bodies and answers
that stream, cost a quarter of the process: here the application gets the request when it is whole and its answer leaves
in one write. The application sees the same ASGI; everything else, and every order that is unusual in form (chunked,
large, pipelined, `Expect`), takes uvicorn's own way.
"""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = logging.getLogger("commissary.http")

PATH = b"/v1/orders"
MOST_BYTES = 64 * 1024
_STATUS = {s.value: f"HTTP/1.1 {s.value} {s.phrase}\r\n".encode() for s in HTTPStatus}
_NOBODY_WAITS = asyncio.Event()


class Cycle:
    """One such request. uvicorn's protocol looks at the first four attributes."""

    __slots__ = (
        "_head",
        "_protocol",
        "_read",
        "disconnected",
        "keep_alive",
        "message_event",
        "parts",
        "response_complete",
    )

    def __init__(self, protocol: "Protocol", keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.response_complete = False
        self.disconnected = False
        self.message_event = _NOBODY_WAITS
        self.parts: list[bytes] = []
        self._head = b""
        self._read = False
        self._protocol = protocol

    async def run(self, app: Any, scope: Any) -> None:
        try:
            await app(scope, self.receive, self.send)
        except Exception:
            log.exception("an order's request failed outside the application's own care")
        if not self.response_complete and not self.disconnected:
            self._protocol.transport.close()

    async def receive(self) -> dict[str, Any]:
        """The whole body, once."""
        if self.disconnected or self._read:
            return {"type": "http.disconnect"}
        self._read = True
        return {"type": "http.request", "body": b"".join(self.parts), "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        """Head and body together."""
        protocol = self._protocol
        if message["type"] == "http.response.start":
            given = (*protocol.server_state.default_headers, *message["headers"])
            head = [_STATUS[message["status"]], *[b"%b: %b\r\n" % header for header in given]]
            if not self.keep_alive:
                head.append(b"connection: close\r\n")
            self._head = b"".join(head)
            return
        if protocol.flow.write_paused and not self.disconnected:
            await protocol.flow.drain()
        if self.disconnected:
            return
        protocol.transport.write(b"%b\r\n%b" % (self._head, message["body"]))
        self.response_complete = True
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()


class Protocol(HttpToolsProtocol):
    """To be given to uvicorn as `http`."""

    cycle: Any

    def on_headers_complete(self) -> None:
        if self.url != PATH or not self._is_short():
            super().on_headers_complete()
            return
        self.scope |= {"method": "POST", "path": "/v1/orders", "raw_path": PATH, "query_string": b""}
        self.cycle = Cycle(self, self.parser.should_keep_alive())

    def on_body(self, body: bytes) -> None:
        if type(self.cycle) is Cycle:
            self.cycle.parts.append(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        cycle = self.cycle
        if type(cycle) is not Cycle:
            super().on_message_complete()
            return
        # One turn of the loop later than need be: a batch whose rows are read and locked is decided and sent off
        # first, and these are worked on while PostgreSQL commits it.
        self.loop.call_soon(self._begin, cycle, self.scope)

    def _begin(self, cycle: Cycle, scope: Any) -> None:
        task = self.loop.create_task(cycle.run(self.app, scope))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _is_short(self) -> bool:
        parser, before = self.parser, self.cycle
        if (
            parser.get_method() != b"POST"
            or parser.get_http_version() != "1.1"
            or self.expect_100_continue
            or parser.should_upgrade()
            or (before is not None and not before.response_complete)
            or self.limit_concurrency is not None
        ):
            return False
        size = None
        for name, value in self.headers:
            if name == b"content-length":
                size = value
            elif name == b"transfer-encoding":
                return False
        return size is not None and size.isdigit() and int(size) <= MOST_BYTES
