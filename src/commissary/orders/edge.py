"""The partner API's front: authenticate, then the hot endpoints as raw ASGI, then everything else.

Under `/v1` authentication precedes routing and parsing. The hot endpoints (place, place many, query) have documented
twins in routes.py that call the same desk; one corpus of requests runs against both.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import psycopg

from commissary import tenancy
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import (
    Receive,
    Scope,
    Send,
    answer,
    body_of,
    decode,
    encode,
    problem_of,
    refuse,
    request_id,
)
from commissary.orders.desk import Desk
from commissary.orders.forward import NOT_PLACED, Forwarder
from commissary.orders.lane import Elsewhere
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
    """`rest` is the ASGI application of all other routes; it finds the caller in `scope["state"]["caller"]`."""

    desk: Desk
    gate: tenancy.Gate
    rest: Callable[[Scope, Receive, Send], Awaitable[None]]
    draining: bool = False
    answered: dict[tuple[str, int], int] = field(default_factory=dict)
    forwarder: Forwarder = field(init=False)

    def __post_init__(self) -> None:
        self.forwarder = Forwarder(self.desk.env.keys, self.desk.address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rid = request_id()
        try:
            if self.draining:
                raise Refused(RequestRefusal.draining)
            method, path = scope["method"], scope["path"]
            places = method == "POST" and path in (_ORDERS, _BATCH)
            body = await body_of(receive, _LIMITS.get(path, ONE_LIMIT))
            forwarded = self.forwarder.received(scope, body) if places else None
            caller = await self.gate.admit(forwarded or scope, body, spent_with_order=places)
            if places:
                place = self._one if path == _ORDERS else self._many
                try:
                    payload = await place(caller, body, rid)
                except Elsewhere:
                    if forwarded is not None:
                        raise
                    await self._elsewhere(scope, send, body, caller, rid, lambda: place(caller, body, rid))
                else:
                    await answer(send, 200, payload, rid)
            elif (
                method == "GET"
                and path.startswith("/v1/orders/")
                and path[11:].isascii()
                and path[11:].isdigit()
            ):
                tenancy.require_scope(caller, "orders:read")
                await answer(send, 200, encode(await self.desk.order(caller, _id(path[11:]))), rid)
            else:
                state: dict[str, Any] = dict(scope.get("state") or {})
                state |= {"caller": caller, "request_id": rid}
                scope["state"] = state
                await self.rest(scope, _replay(body, receive), send)
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
    ) -> None:
        """Another process places for this home: its answer is ours."""
        lane = self.desk.lane(caller.key.home_id)
        said = await self.forwarder.place(scope, body, caller.ip, lane, attempt)
        if isinstance(said, bytes):
            await answer(send, 200, said, rid)
        else:
            await said.relay(send)

    async def _one(self, caller: Caller, body: bytes, rid: str) -> bytes:
        del rid
        tenancy.require_scope(caller, "orders:write")
        return encode(await self.desk.place(caller, decode(_one, body)))

    async def _many(self, caller: Caller, body: bytes, rid: str) -> bytes:
        tenancy.require_scope(caller, "orders:write")
        return encode(await place_many(self.desk, caller, decode(_many, body), rid))


async def place_many(desk: Desk, caller: Caller, asked: BatchIn, rid: str) -> BatchOut:
    """A result per order, in order; the request itself fails only when none of them was looked at."""
    answers = await desk.place_many(caller, asked.orders)
    return BatchOut([_result(o, a, rid) for o, a in zip(asked.orders, answers, strict=True)])


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
