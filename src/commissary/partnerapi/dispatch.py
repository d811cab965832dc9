"""Everything below /faces/: the face by its name, the body up to a bound, and an answer whatever goes wrong."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import psycopg

from commissary import orders
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import Receive, Scope, Send, body_of, once, pairs, refuse, request_id
from commissary.base.outgoing import Outgoing
from commissary.partnerapi import callbacks
from commissary.partnerapi.acg_faka import AcgFaka
from commissary.partnerapi.counter import Counter
from commissary.partnerapi.dujiao_next import DujiaoNext
from commissary.partnerapi.face import Face
from commissary.partnerapi.kakayun import Kakayun
from commissary.partnerapi.types import Call, Said
from commissary.partnerapi.xianguanjia import Xianguanjia

log = logging.getLogger("commissary.faces")

ROOT = "/faces/"
MOST_BYTES = 256 * 1024
_JSON = (b"content-type", b"application/json; charset=utf-8")
_NO_STORE = (b"cache-control", b"no-store")


@dataclass
class Faces:
    """An ASGI application for the paths that `serves` names; one per process, beside the partner edge whose gate and desk
    it uses."""

    edge: orders.PartnerEdge
    outgoing: Outgoing
    production: bool = False
    table: Mapping[str, Face] = field(init=False)

    def __post_init__(self) -> None:
        counter = Counter(self.edge, self.outgoing, self.production)
        made: list[Face] = [
            AcgFaka(counter),
            DujiaoNext(counter),
            Kakayun(counter),
            Xianguanjia(counter),
        ]
        self.table = {face.name: face for face in made}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, _, rest = scope["path"].removeprefix(ROOT).partition("/")
        face = self.table.get(name)
        rid = request_id()
        if face is None:
            await refuse(send, Refused(RequestRefusal.not_found), rid)
            return
        call = _call(scope, rest, rid)
        said, unplaced = await self._answer(face, call, receive, rid)
        if isinstance(said, orders.Answered):
            await said.relay(send)
            return
        headers = [_JSON, _NO_STORE, (b"content-length", str(len(said.body)).encode())]
        headers.append((b"commissary-request-id", rid.encode()))
        headers += [orders.NOT_PLACED] if unplaced else []
        await send({"type": "http.response.start", "status": said.status, "headers": headers})
        await send({"type": "http.response.body", "body": said.body})

    async def call_back(self) -> None:
        """Tell shops what became of their orders, as far as it is due."""
        await callbacks.send_due(self.edge, self.outgoing, self.table)

    async def _answer(
        self, face: Face, call: Call, receive: Receive, rid: str
    ) -> tuple[Said | orders.Answered, bool]:
        """And whether it is certain that nothing was placed because another process should."""
        try:
            if self.edge.draining:
                raise Refused(RequestRefusal.draining)
            once(pairs(call.scope["query_string"]))
            body = await body_of(receive, MOST_BYTES)
            passed_on = self.edge.forwarder.received(call.scope, body)
            call = _with(call, body, passed_on)
            return await face.answer(call), False
        except Refused as no:
            unplaced = no.refusal is RequestRefusal.draining or isinstance(no, orders.Elsewhere)
            return face.refused(call, no), unplaced
        except (psycopg.OperationalError, TimeoutError) as error:
            log.warning("request %s: the database is not reachable: %s", rid, type(error).__name__)
            return face.refused(call, Refused(RequestRefusal.unavailable)), False
        except Exception:
            log.exception("request %s to the face %s failed", rid, face.name)
            return face.refused(call, Refused(RequestRefusal.internal)), False


def _call(scope: Scope, path: str, rid: str) -> Call:
    try:
        query = dict(
            parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True, max_num_fields=100)
        )
    except ValueError:
        query = {}
    return Call(
        method=scope["method"],
        path=path,
        query=query,
        headers=dict(scope["headers"]),
        body=b"",
        began=asyncio.get_running_loop().time(),
        scope=scope,
        request_id=rid,
    )


def _with(call: Call, body: bytes, passed_on: Scope | None) -> Call:
    return Call(
        method=call.method,
        path=call.path,
        query=call.query,
        headers=call.headers,
        body=body,
        began=call.began,
        scope=passed_on or call.scope,
        passed_on=passed_on is not None,
    )
