"""The door for suppliers' callbacks: `/callbacks/<token>`. Signed by the supplier, and answered in his words when what
he said is written. Before routing, sign-in and everything else: a callback that is lost is a delivery that is late."""

import logging

from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import Receive, Scope, Send, body_of, once, pairs, refuse, request_id
from commissary.fulfilment.buy import Buying
from commissary.supply.types import Unreadable

log = logging.getLogger("commissary.fulfilment")

LIMIT = 64 * 1024
PREFIX = "/callbacks/"


class Callbacks:
    """Raw ASGI. GET too: some suppliers put everything into the query."""

    def __init__(self, buying: Buying) -> None:
        self.buying = buying

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rid = request_id()
        try:
            heard = await self._hear(scope, receive)
        except Unreadable:
            await refuse(send, Refused(RequestRefusal.malformed_json), rid)
        except Refused as refused:
            await refuse(send, refused, rid)
        except Exception:
            log.exception("a callback failed; request %s", rid)
            await refuse(send, Refused(RequestRefusal.internal), rid)
        else:
            kind = b"application/json" if heard[:1] in (b"{", b"[") else b"text/plain; charset=utf-8"
            start = {"type": "http.response.start", "status": 200}
            headers = [(b"content-type", kind), (b"content-length", str(len(heard)).encode())]
            await send(start | {"headers": headers})
            await send({"type": "http.response.body", "body": heard})

    async def _hear(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] not in ("GET", "POST"):
            raise Refused(RequestRefusal.method_not_allowed)
        body = await body_of(receive, LIMIT)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = pairs(scope["query_string"])
        once(query)
        return await self.buying.hear(scope["path"].removeprefix(PREFIX), headers, dict(query), body)
