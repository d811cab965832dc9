"""An order that came to the wrong process: sent on to the one that places for its home, as it came.

One process places for a home, whoever holds its lane; a balancer knows nothing of that. So the process that was asked
sends the signed request on unchanged (method, path, query, headers, body), and the holder judges signature, nonce, scopes
and risk as if it had been asked itself. Only the client's address must be told, in a header that no client can make: it
is bound to this very request by a key that comes from the key folder, which all processes of an installation share.

            ┌── holder answers ─────────────────────────────→ relayed as it is
  asked ────┼── "not placed" (it stops, or lost the lane) ──→ look again who holds the lane
            └── silence ── its lease runs out (6 s) ────────→ the lane is claimed and the order placed here
                        └─ it keeps its lease ──────────────→ wait; at the end 503 `unavailable`, outcome unknown

A request is sent on once: a process that receives one and does not hold the lane says "not placed".
"""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

import aiohttp
from yarl import URL

from commissary.base.crypto import Keyring
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import Scope, Send
from commissary.orders.lane import LEASE_S, Elsewhere, Lane
from commissary.tenancy.types import AuthRefusal

log = logging.getLogger("commissary.forward")

FORWARDED = b"commissary-forwarded"
NOT_PLACED = (b"commissary-not-placed", b"1")
SILENCE_S = 3 * LEASE_S  # how long we look for somebody who answers
ANSWER_S = 60.0  # how long a holder may work that keeps its lease
LOOK_S = 0.5
MOST_WAITING = 2_000
CLOCKS_S = 300  # how far the clocks of two processes may be apart, as those of a caller and us

Headers = list[tuple[bytes, bytes]]

_ONE_HOP = {
    b"host",
    b"connection",
    b"keep-alive",
    b"transfer-encoding",
    b"content-length",
    b"te",
    b"trailer",
    b"upgrade",
    b"expect",
    b"accept-encoding",
    b"x-forwarded-for",
    FORWARDED,
}
_RELAYED = ("content-type", "cache-control", "retry-after", "commissary-request-id")


@dataclass(frozen=True)
class Answered:
    """What the holder said."""

    status: int
    headers: Headers
    body: bytes

    async def relay(self, send: Send) -> None:
        length = (b"content-length", str(len(self.body)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [*self.headers, length],
            }
        )
        await send({"type": "http.response.body", "body": self.body})


@dataclass
class Forwarder:
    """One per process. `address` is ours, where others forward to."""

    keys: Keyring
    address: str
    waiting: int = 0
    _session: aiohttp.ClientSession | None = field(default=None, repr=False)

    async def place(
        self, scope: Scope, body: bytes, ip: str, lane: Lane, attempt: Callable[[], Awaitable[bytes]]
    ) -> Answered | bytes:
        """The holder's answer, or what `attempt` gives once the lane is ours. Raises Refused."""
        if self.waiting >= MOST_WAITING:
            raise Refused(RequestRefusal.overloaded)
        self.waiting += 1
        try:
            return await self._place(scope, body, ip, lane, attempt)
        finally:
            self.waiting -= 1

    def received(self, scope: Scope, body: bytes) -> Scope | None:
        """The request as its first receiver saw it, if it was forwarded by one of us; None if it comes from a client."""
        told = None
        for name, value in scope["headers"]:
            if name == FORWARDED:
                told = value
        if told is None:
            return None
        ip, _, rest = told.partition(b" ")
        at, _, mac = rest.partition(b" ")
        if not at.isdigit() or len(at) > 12 or abs(int(at) - time.time()) > CLOCKS_S:
            return None
        if not hmac.compare_digest(mac, self._mac(ip, at, scope, body)):
            return None
        seen = dict(scope)
        seen["client"] = (ip.decode(), 0)
        seen["headers"] = [(n, v) for n, v in scope["headers"] if n not in (FORWARDED, b"x-forwarded-for")]
        return seen

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _place(
        self, scope: Scope, body: bytes, ip: str, lane: Lane, attempt: Callable[[], Awaitable[bytes]]
    ) -> Answered | bytes:
        give_up_at = time.monotonic() + SILENCE_S
        maybe_placed = False
        while True:
            try:
                return await attempt()
            except Elsewhere as elsewhere:
                address = elsewhere.address
            except Refused as refused:
                # Our own message to a holder that died before it answered may have spent the nonce, or bought.
                if maybe_placed and refused.refusal in (AuthRefusal.nonce_used, RequestRefusal.draining):
                    raise Refused(RequestRefusal.unavailable) from None
                raise
            if time.monotonic() > give_up_at:
                log.warning("nobody places for home %d: %s does not answer", lane.home, address)
                raise Refused(RequestRefusal.unavailable)
            if address != self.address:  # else it was held by whoever had our address before us
                try:
                    answered = await self._ask(address, scope, body, ip, lane)
                except _Silence as silence:
                    maybe_placed |= silence.maybe_placed
                else:
                    if maybe_placed and answered.status == AuthRefusal.nonce_used.status:
                        raise Refused(RequestRefusal.unavailable)
                    return answered
            await asyncio.sleep(LOOK_S / 2)

    async def _ask(self, address: str, scope: Scope, body: bytes, ip: str, lane: Lane) -> Answered:
        """Raises _Silence as soon as the lane is ours or a third's, whatever the old holder does."""
        give_up_at = time.monotonic() + ANSWER_S
        sending = asyncio.create_task(self._send(address, scope, body, ip))
        try:
            while True:
                done, _ = await asyncio.wait({sending}, timeout=LOOK_S)
                if done:
                    return sending.result()
                if time.monotonic() > give_up_at:
                    raise Refused(RequestRefusal.unavailable)
                try:
                    await lane.ready()
                except Elsewhere as now:
                    if now.address == address:
                        continue
                except Refused:
                    continue  # we are stopping ourselves; his answer is still worth waiting for
                raise _Silence(maybe_placed=True)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _send(self, address: str, scope: Scope, body: bytes, ip: str) -> Answered:
        query: bytes = scope["query_string"]
        path: bytes = scope["raw_path"]
        url = URL(
            address + path.decode("ascii") + (f"?{query.decode('ascii')}" if query else ""), encoded=True
        )
        at = str(int(time.time())).encode()
        plain_ip = str(ip_address(ip)).encode()
        told = b" ".join((plain_ip, at, self._mac(plain_ip, at, scope, body)))
        headers = [(n, v) for n, v in scope["headers"] if n not in _ONE_HOP] + [(FORWARDED, told)]
        try:
            async with self._pool().request(
                scope["method"],
                url,
                data=body,
                headers=[(n.decode("latin-1"), v.decode("latin-1")) for n, v in headers],
                allow_redirects=False,
            ) as got:
                answered = Answered(got.status, _relayed(got.headers), await got.read())
                if NOT_PLACED[0].decode() in got.headers:
                    raise _Silence(maybe_placed=False)
                return answered
        except aiohttp.ClientConnectorError:
            raise _Silence(maybe_placed=False) from None
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("%s broke off a forwarded order: %s", address, type(error).__name__)
            raise _Silence(maybe_placed=True) from None

    def _mac(self, ip: bytes, at: bytes, scope: Scope, body: bytes) -> bytes:
        """Over the client's address and everything that makes this request this one, its own proof of identity included."""
        own = [v for n, v in scope["headers"] if n in (b"commissary-signature", b"authorization")]
        parts = (ip, at, scope["method"].encode(), scope["raw_path"], scope["query_string"], *own)
        message = b"\n".join((*parts, hashlib.sha256(body).digest()))
        key = hmac.digest(self.keys.index_key, b"commissary|forwarded orders", "sha256")
        return hmac.digest(key, message, "sha256").hex().encode()

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Shorter than our server keeps an idle connection: it must not close one that we are about to use.
                connector=aiohttp.TCPConnector(limit=0, limit_per_host=512, keepalive_timeout=30),
                timeout=aiohttp.ClientTimeout(total=ANSWER_S, sock_connect=3),
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


class _Silence(Exception):
    """No answer. `maybe_placed`: the holder may have got the request all the same."""

    def __init__(self, *, maybe_placed: bool) -> None:
        super().__init__()
        self.maybe_placed = maybe_placed


def _relayed(headers: Mapping[str, str]) -> Headers:
    return [(n.lower().encode(), v.encode("latin-1")) for n, v in headers.items() if n.lower() in _RELAYED]
