"""The partner API's front: authenticate, then the hot endpoints as raw ASGI, then everything else.

Under `/v1` authentication precedes routing and parsing. The hot endpoints (place, place many, query) have documented
twins in routes.py that call the same desk; one corpus of requests runs against both.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import psycopg

from commissary import tenancy
from commissary.base import older
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import (
    Receive,
    Reply,
    Scope,
    Send,
    answer,
    body_of,
    decode,
    encode,
    once,
    pairs,
    problem_of,
    refuse,
    request_id,
)
from commissary.base.versions import HEADER as VERSION
from commissary.base.versions import Registry
from commissary.orders.desk import Desk
from commissary.orders.forward import FORWARDED, NOT_PLACED, Answered, Forwarder
from commissary.orders.heard import Calls, Heard
from commissary.orders.lane import Elsewhere, Ticket
from commissary.orders.place import Sold
from commissary.orders.types import Accepted
from commissary.orders.wire import BatchIn, BatchOut, BatchResult, OrderIn, OrderOut
from commissary.tenancy.types import Caller

log = logging.getLogger("commissary.edge")

ONE_LIMIT = 256 * 1024
MANY_LIMIT = 4 * 1024 * 1024
FILE_LIMIT = 24 * 1024 * 1024
_one = msgspec.json.Decoder(OrderIn)
_many = msgspec.json.Decoder(BatchIn)
_ORDERS, _BATCH = "/v1/orders", "/v1/orders/batch"
_LIMITS = {_BATCH: MANY_LIMIT, "/v1/order-files": FILE_LIMIT, "/v1/order-files/check": FILE_LIMIT}


@dataclass
class PartnerEdge:
    """`rest` is the ASGI application of all other routes; it finds the caller in `scope["state"]["caller"]`. `versions`: how older
    versions of the API are spoken; none of them touches the short way of an order."""

    desk: Desk
    gate: tenancy.Gate
    rest: Callable[[Scope, Receive, Send], Awaitable[None]]
    calls: Calls | None = None
    versions: Registry = field(default_factory=lambda: Registry(()))
    draining: bool = False
    answered: dict[tuple[str, int], int] = field(default_factory=dict)
    forwarder: Forwarder = field(init=False)

    def __post_init__(self) -> None:
        self.forwarder = Forwarder(self.desk.env.keys, self.desk.address)
        # Keys that the short way serves: in their version an order is what it is in the newest, and it does not end.
        self._plain = frozenset(
            v
            for v in self.versions.versions
            if v not in self.versions.ends and not self.versions.between(v, "POST", _ORDERS)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        heard = Heard(scope, request_id(), send)
        await self._careful(self._serve(scope, receive, heard), heard.send, heard.request_id)
        self._tell(heard)

    def at_once(self, scope: Scope, body: bytes, reply: Reply) -> bool:
        """`POST /v1/orders` without a coroutine, as nine of ten go: a known key's signed order that waits for nothing but
        the lane. False: nothing was done, and `__call__` is to be asked."""
        rid, began = request_id(), time.perf_counter()
        try:
            headers = dict(scope["headers"])
            if self.draining or FORWARDED in headers or VERSION in headers:
                return False
            caller = self.gate.admit_at_once(scope, headers, body)
            if caller is None or "orders:write" not in caller.key.scopes:
                return False
            if caller.key.api_version not in self._plain:
                return False
            caller = _with_id(caller, rid)
            waiting = _Waiting(self, caller, scope, body, reply, began)
            waiting.ticket = self.desk.queue_at_once(caller, decode(_one, body), waiting.told, waiting.ahead)
        except Exception as error:
            heard = Heard(scope, rid, reply.send, began)
            heard.body = body
            reply.later(self._refuse(error, heard))
            return True
        return waiting.ticket is not None

    async def answer(self, waiting: "_Waiting", ticket: Ticket) -> None:
        """What `at_once` began and could not end without waiting."""
        caller = waiting.caller
        heard = waiting.heard(waiting.reply.send)
        rid = caller.request_id
        await self._careful(self._answer(waiting, ticket, caller, heard.send, rid), heard.send, rid)
        self._tell(heard)

    async def _refuse(self, error: Exception, heard: Heard) -> None:
        await self._careful(_raise(error), heard.send, heard.request_id)
        self._tell(heard)

    def _tell(self, heard: Heard) -> None:
        """Of a call that was not admitted, the key that it named is told, if there is one."""
        if self.calls is None:
            return
        if heard.key is None:
            name = heard.headers.get(b"commissary-key", b"")
            heard.key = self.gate.keys.get(name.decode("latin-1"))
            heard.ip = self.gate.address_of(heard.scope)
        self.calls.note(heard.ended())

    async def _answer(
        self, waiting: "_Waiting", ticket: Ticket, caller: Caller, send: Send, rid: str
    ) -> None:
        body = waiting.body
        try:
            payload = encode(await self.desk.answer(caller, ticket))
        except Elsewhere:
            await self._elsewhere(
                waiting.scope, send, body, caller, rid, lambda: self._one(caller, body, rid)
            )
        else:
            await answer(send, 200, payload, rid)

    async def _serve(self, scope: Scope, receive: Receive, heard: Heard) -> None:
        send: Send = heard.send
        rid = heard.request_id
        if self.draining:
            raise Refused(RequestRefusal.draining)
        method, path = scope["method"], scope["path"]
        places = method == "POST" and path in (_ORDERS, _BATCH)
        heard.body = body = await body_of(receive, _LIMITS.get(path, ONE_LIMIT))
        passed_on = self.forwarder.received(scope, body) if places else None
        caller = await self.gate.admit(passed_on or scope, body, spent_with_order=places)
        asked = dict((passed_on or scope)["headers"]).get(VERSION)
        version = self.versions.asked(asked, caller.key.api_version)
        caller = _with_id(caller, rid, version)
        came, plain = body, send  # as they are passed on to another process, which speaks that version too
        if asked is not None or version != self.versions.versions[-1]:
            changes = self.versions.between(version, method, path)
            body, send = older.spoken(changes, self.versions.headers(version), body, send)
        heard.by(caller)
        if places:
            once(pairs(scope["query_string"]))
            place = self._one if path == _ORDERS else self._many
            try:
                payload = await place(caller, body, rid)
            except Elsewhere:
                if passed_on is not None:
                    raise
                await self._elsewhere(scope, send, came, caller, rid, lambda: place(caller, body, rid), plain)
            else:
                await answer(send, 200, payload, rid)
        elif (
            method == "GET" and path.startswith("/v1/orders/") and path[11:].isascii() and path[11:].isdigit()
        ):
            once(pairs(scope["query_string"]))
            tenancy.require_scope(caller, "orders:read")
            await answer(send, 200, encode(await self.desk.order(caller, _id(path[11:]))), rid)
        else:
            state: dict[str, Any] = dict(scope.get("state") or {})
            state |= {"caller": caller, "request_id": rid}
            scope["state"] = state
            await self.rest(scope, _replay(body, receive), send)

    async def _careful(self, work: Awaitable[None], send: Send, rid: str) -> None:
        """Whatever goes wrong is an answer."""
        try:
            await work
        except Refused as refused:
            unplaced = refused.refusal is RequestRefusal.draining or isinstance(refused, Elsewhere)
            await refuse(send, refused, rid, headers=(NOT_PLACED,) if unplaced else ())
        except (psycopg.OperationalError, TimeoutError) as error:
            log.warning("request %s: the database is not reachable: %s", rid, type(error).__name__)
            await refuse(send, Refused(RequestRefusal.unavailable), rid)
        except Exception:
            log.exception("request %s failed", rid)
            await refuse(send, Refused(RequestRefusal.internal), rid)

    async def _elsewhere(
        self,
        scope: Scope,
        send: Send,
        body: bytes,
        caller: Caller,
        rid: str,
        attempt: Callable[[], Awaitable[bytes]],
        plain: Send | None = None,
    ) -> None:
        """Another process places for this home: its answer is ours."""
        lane = self.desk.lane(caller.key.home_id)
        said = await self.forwarder.place(scope, body, caller.ip, lane, attempt)
        if isinstance(said, bytes):
            await answer(send, 200, said, rid)
        else:
            await said.relay(plain or send)

    async def anywhere(
        self,
        scope: Scope,
        body: bytes,
        caller: Caller,
        attempt: Callable[[], Awaitable[bytes]],
        *,
        passed_on: bool,
    ) -> bytes | Answered:
        """What `attempt` gives, or what another process answers that places for this home and was sent the request as it
        came. One that was passed on to us goes no further: Elsewhere is raised."""
        try:
            return await attempt()
        except Elsewhere:
            if passed_on:
                raise
            lane = self.desk.lane(caller.key.home_id)
            return await self.forwarder.place(scope, body, caller.ip, lane, attempt)

    async def _one(self, caller: Caller, body: bytes, rid: str) -> bytes:
        del rid
        tenancy.require_scope(caller, "orders:write")
        return encode(await self.desk.place(caller, decode(_one, body)))

    async def _many(self, caller: Caller, body: bytes, rid: str) -> bytes:
        tenancy.require_scope(caller, "orders:write")
        return encode(await place_many(self.desk, caller, decode(_many, body), rid))


@dataclass(slots=True)
class _Waiting:
    """An order that `at_once` put into the lane."""

    edge: PartnerEdge
    caller: Caller
    scope: Scope
    body: bytes
    reply: Reply
    began: float
    ticket: Ticket | None = None
    made: tuple[Accepted, bytes | None] | None = None  # the answer to an outcome that is being written

    def ahead(self, outcome: Accepted, sold: Sold) -> None:
        self.made = outcome, self._payload(outcome, sold)

    def told(self) -> None:
        """The lane says that the outcome is there, and goes on with its next batch first."""
        asyncio.get_running_loop().call_soon(self.answer)

    def answer(self) -> None:
        # The ticket leads here: a ring of the two would wait for the collector, codes and all.
        ticket, self.ticket = self.ticket, None
        made, self.made = self.made, None
        assert ticket is not None
        # What was made ahead of a commit that failed is another outcome's.
        ours = made is not None and made[0] is ticket.outcome
        payload = made[1] if made is not None and ours else self._payload(ticket.outcome, ticket.sold)
        if payload is not None:
            self.reply.ok(payload, self.caller.request_id)
            calls = self.edge.calls
            if calls is not None and calls.placed(self.caller.key, time.perf_counter() - self.began):
                heard = self.heard()
                heard.status = 200
                calls.note(heard.ended(), counted=True)
        else:
            self.reply.later(self.edge.answer(self, ticket))

    def _payload(self, outcome: object, sold: Sold | None) -> bytes | None:
        try:
            fresh = self.edge.desk.answer_at_once(self.caller, outcome, sold)
            return encode(fresh) if fresh is not None else None
        except Exception:
            log.exception("a fresh order could not be shown at once")
            return None

    def heard(self, send: Send | None = None) -> Heard:
        found = Heard(self.scope, self.caller.request_id, send, self.began)
        found.by(self.caller)
        found.body = self.body
        return found


async def place_many(desk: Desk, caller: Caller, asked: BatchIn, rid: str) -> BatchOut:
    """A result per order, in order; the request itself fails only when none of them was looked at."""
    answers = await desk.place_many(caller, asked.orders)
    return BatchOut([_result(o, a, rid) for o, a in zip(asked.orders, answers, strict=True)])


def _with_id(caller: Caller, rid: str, version: str = "") -> Caller:
    """Every order keeps the id of the request that placed it."""
    return Caller(caller.key, caller.ip, caller.nonce, caller.signed_at, rid, version)


async def _raise(error: Exception) -> None:
    raise error


def _result(asked: OrderIn, answered: OrderOut | Refused, rid: str) -> BatchResult:
    if isinstance(answered, Refused):
        return BatchResult(asked.client_order_no, error=problem_of(answered, rid))
    return BatchResult(asked.client_order_no, order=answered)


def _id(text: str) -> int:
    value = int(text[:20])
    return value if value < 2**63 else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body was read for its signature; the framework reads it again, and then waits for the caller to leave: a
    streamed answer ends when it is told so too early."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return messages.pop() if messages else await receive()

    return again
