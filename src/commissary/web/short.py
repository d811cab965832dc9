"""uvicorn's HTTP/1.1 protocol with a short way for `POST /v1/orders`.

Nine of ten requests of a busy mall are one small order. For those uvicorn's general cycle, made for bodies and answers
that stream, cost a quarter of the process: here the application gets the request when it is whole and its answer leaves
in one write. An application that has `at_once` is asked first without a task or a coroutine; what it cannot do so, and
every order that is unusual in form (chunked, large, pipelined, `Expect`), goes through plain ASGI.
"""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from commissary.base.http import ok_fields

log = logging.getLogger("commissary.http")

PATH = b"/v1/orders"
MOST_BYTES = 64 * 1024
IN_ONE_TURN = 8
_STATUS = {s.value: f"HTTP/1.1 {s.value} {s.phrase}\r\n".encode() for s in HTTPStatus}
_OK = _STATUS[200]
_OFFER = re.compile(rb"(\r\n)upgrade(:[ \t]*h2c[ \t]*(?=\r\n|$))", re.IGNORECASE)
_NOBODY_WAITS = asyncio.Event()


class Cycle:
    """One such request, and the way back to its client. uvicorn's protocol looks at the first four attributes."""

    __slots__ = (
        "_head",
        "_protocol",
        "_read",
        "disconnected",
        "keep_alive",
        "message_event",
        "parts",
        "response_complete",
        "scope",
    )

    def __init__(self, protocol: "Protocol", scope: Any, keep_alive: bool) -> None:
        self.scope = scope
        self.keep_alive = keep_alive
        self.response_complete = False
        self.disconnected = False
        self.message_event = _NOBODY_WAITS
        self.parts: list[bytes] = []
        self._head = b""
        self._read = False
        self._protocol = protocol

    @property
    def body(self) -> bytes:
        parts = self.parts
        return parts[0] if len(parts) == 1 else b"".join(parts)

    # For `at_once`

    def ok(self, payload: bytes, rid: str) -> None:
        """Without a look at the client's speed: it gets one small answer, and is read from again only after it."""
        if not self.disconnected:
            self._end(b"%b%b%b" % (_OK, self._protocol.default_fields(), ok_fields(payload, rid)), payload)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        self._protocol.start(self._through(work))

    # For ASGI

    async def run(self, app: Any, scope: Any) -> None:
        await self._through(app(scope, self.receive, self.send))

    async def receive(self) -> dict[str, Any]:
        """The whole body, once."""
        if self.disconnected or self._read:
            return {"type": "http.disconnect"}
        self._read = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message: Any) -> None:
        """Head and body together."""
        protocol = self._protocol
        if message["type"] == "http.response.start":
            fields = [b"%b: %b\r\n" % field for field in message["headers"]]
            self._head = b"".join([_STATUS[message["status"]], protocol.default_fields(), *fields])
            return
        if protocol.flow.write_paused and not self.disconnected:
            await protocol.flow.drain()
        if not self.disconnected:
            self._end(self._head, message["body"])

    async def _through(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            log.exception("an order's request failed outside the application's own care")
        if not self.response_complete and not self.disconnected:
            self._protocol.transport.close()

    def _end(self, head: bytes, payload: bytes) -> None:
        protocol = self._protocol
        last = b"" if self.keep_alive else b"connection: close\r\n"
        protocol.transport.write(b"%b%b\r\n%b" % (head, last, payload))
        self.response_complete = True
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()


class Coming:
    """Requests that are whole and not begun yet, of one server.

    A few of them are begun in a turn of the loop. When a hundred clients have got their answers, they ask again all at
    once; were they all read in one turn, PostgreSQL would stand still meanwhile: its rows for the next batch are there
    long before. So that batch is decided and sent off first, and the others are worked on while it is written.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[tuple[Protocol, Cycle]] = deque()

    @classmethod
    def of(cls, protocol: "Protocol") -> "Coming":
        found = _coming.get(protocol.server_state)
        if found is None:
            found = _coming[protocol.server_state] = cls(protocol.loop)
        return found

    def add(self, protocol: "Protocol", cycle: Cycle) -> None:
        if not self._waiting:
            self._loop.call_soon(self._begin_some)
        self._waiting.append((protocol, cycle))

    def _begin_some(self) -> None:
        for _ in range(min(IN_ONE_TURN, len(self._waiting))):
            protocol, cycle = self._waiting.popleft()
            protocol.begin(cycle)
        if self._waiting:
            self._loop.call_soon(self._begin_some)


_coming: WeakKeyDictionary[ServerState, Coming] = WeakKeyDictionary()


class Protocol(HttpToolsProtocol):
    """To be given to uvicorn as `http`."""

    cycle: Any
    _idle_since: float | None = None
    _fields: tuple[Any, bytes] = (None, b"")

    def data_received(self, data: bytes) -> None:
        if b"h2c" in data:
            data = self._as_http_1(data)
        super().data_received(data)

    def _as_http_1(self, data: bytes) -> bytes:
        """Java's client offers HTTP/2 with every first request (`Upgrade: h2c`). A server may go on as if it had not; but the parser
        takes what follows such a head for another protocol, and the body would be lost. So the offer gets another name, of the
        same length: whatever else those bytes may be, a request ends where it ended."""
        if self.cycle is not None and not self.cycle.response_complete:
            return data
        head, end, rest = data.partition(b"\r\n\r\n")
        return _OFFER.sub(rb"\1x-offer\2", head) + end + rest

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        headers = dict(self.headers)
        self.expect_100_continue = headers.get(b"expect", b"").lower() == b"100-continue"
        if self.url != PATH or not self._is_short(headers):
            super().on_headers_complete()
            return
        self.scope |= {"method": "POST", "path": "/v1/orders", "raw_path": PATH, "query_string": b""}
        self.cycle = Cycle(self, self.scope, self.parser.should_keep_alive())

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
        Coming.of(self).add(self, cycle)

    # A keep-alive timer per connection that looks when it is due, in place of one per answer.

    def on_response_complete(self) -> None:
        """As uvicorn has it, but for the timer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_in(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._idle_since is None:  # busy; its answer sets the timer again
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_in(left)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def _look_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """A task that the server waits for when it stops."""
        task = self.loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def default_fields(self) -> bytes:
        """uvicorn's own header lines. It makes a new list of them every second."""
        given = self.server_state.default_headers
        known, fields = Protocol._fields
        if known is not given:
            fields = b"".join([b"%b: %b\r\n" % field for field in given])
            Protocol._fields = (given, fields)
        return fields

    def begin(self, cycle: Cycle) -> None:
        at_once = getattr(self.app, "at_once", None)
        try:
            if at_once is None or not at_once(cycle.scope, cycle.body, cycle):
                self.start(cycle.run(self.app, cycle.scope))
        except Exception:
            log.exception("an order's request failed outside the application's own care")
            self.transport.close()

    def _is_short(self, headers: dict[bytes, bytes]) -> bool:
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
        size = headers.get(b"content-length")
        if size is None or b"transfer-encoding" in headers:
            return False
        return size.isdigit() and int(size) <= MOST_BYTES
