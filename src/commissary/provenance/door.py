"""The log over HTTP, for anybody: `/log/<name>/…`. Static files by another way, and a witness's one verb.

GET  checkpoint · key · tile/… · stamped · timestamp · consistency/<old>/<size> · witness-key
    POST add-checkpoint
"""

import asyncio
import logging
import re
import time
from dataclasses import dataclass, field

import psycopg

from commissary import tenancy
from commissary.base import http
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.provenance import note, sign, stamp, store, tiles, witness

log = logging.getLogger("commissary.log")

BODY_MAX = 64 * 1024
KNOWN_S = 1.0
AT_ONCE = 4  # strangers never get more of the database's connections than this
FRESH, FOR_EVER = b"no-cache", b"public, max-age=31536000, immutable"
OCTETS = "application/octet-stream"
_PATH = re.compile(r"/log/([a-z0-9][a-z0-9-]{1,38})(?:\.([1-9][0-9]{0,3}))?/(.+)", re.ASCII)
_SPAN = re.compile(r"consistency/(0|[1-9][0-9]{0,17})/([1-9][0-9]{0,17})", re.ASCII)


@dataclass
class LogDoor:
    """An ASGI application for `/log/` and below. `host` names the witness key of a mall that has no log of its own."""

    env: Env
    host: str
    _malls: dict[str, int] = field(default_factory=dict)
    _read_at: float = -KNOWN_S
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        try:
            async with self._few:
                status, kind, body, kept = await self._answer(scope, receive)
        except Refused as refused:
            status, kind, body, kept = refused.refusal.status, witness.PLAIN, b"too large\n", FRESH
        except (psycopg.OperationalError, TimeoutError) as error:
            log.warning("the log could not be read: %s", type(error).__name__)
            status, kind, body, kept = 503, witness.PLAIN, b"try again\n", FRESH
        except Exception:
            log.exception("a request to the log failed")
            status, kind, body, kept = 500, witness.PLAIN, b"a fault on our side\n", FRESH
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", kept),
            (b"x-content-type-options", b"nosniff"),
            (b"access-control-allow-origin", b"*"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _answer(self, scope: http.Scope, receive: http.Receive) -> tuple[int, str, bytes, bytes]:
        asked = _PATH.fullmatch(scope["path"])
        home = await self._home(asked[1], asked[2]) if asked else None
        if asked is None or home is None:
            return 404, witness.PLAIN, b"there is no such log\n", FRESH
        name = f"{self.host}{scope['path'].removesuffix(asked[3])}witness"
        if asked[3] == "add-checkpoint":
            if scope["method"] != "POST":
                return 405, witness.PLAIN, b"POST\n", FRESH
            body = await http.body_of(receive, BODY_MAX)
            status, kind, text = await witness.add_checkpoint(self.env, home, name, body)
            return status, kind, text.encode(), FRESH
        if scope["method"] not in ("GET", "HEAD"):
            return 405, witness.PLAIN, b"GET, HEAD\n", FRESH
        if asked[3] == "witness-key":
            key = await witness.witness_key(self.env, home, name)
            return 200, witness.PLAIN, f"{key.vkey}\n".encode(), FRESH
        found = await self._read(home, asked[3])
        return found or (404, witness.PLAIN, b"not in this log\n", FRESH)

    async def _read(self, home: int, path: str) -> tuple[int, str, bytes, bytes] | None:
        async with self.env.db.transaction(mall_of(home)) as tx:
            if (tile := tiles.read_path(path)) is not None:
                found = await tiles.resource(tx, home, *tile)
                return None if found is None else (200, OCTETS, found, FOR_EVER)
            signed = await store.checkpoint(tx, home)
            if signed is None:
                return None
            if path == "checkpoint":
                return 200, witness.PLAIN, signed.note.encode(), FRESH
            if path == "key":
                return 200, witness.PLAIN, (await tiles.keys_text(tx, home, signed)).encode(), FRESH
            if path in ("stamped", "timestamp") and (stamped := await stamp.newest(tx, home)) is not None:
                if path == "stamped":
                    return 200, witness.PLAIN, stamped.checkpoint.encode(), FRESH
                return 200, stamp.REPLY, stamped.response, FRESH
            span = _SPAN.fullmatch(path)
            if span is not None and int(span[1]) <= int(span[2]) <= signed.size:
                proof = await sign.consistency(tx, home, int(span[1]), int(span[2]))
                return 200, witness.PLAIN, "".join(f"{note.b64(step)}\n" for step in proof).encode(), FOR_EVER
        return None

    async def _home(self, slug: str, shelf: str | None) -> int | None:
        if slug not in self._malls and time.monotonic() - self._read_at >= KNOWN_S:
            self._read_at = time.monotonic()
            self._malls = {m.slug: m.id for m in await tenancy.open_malls(self.env)}
        mall, number = self._malls.get(slug), int(shelf or 0)
        return home_of(mall, number) if mall is not None and number < 1024 else None
