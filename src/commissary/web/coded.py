"""A document in the coding that its reader takes: as brotli where the build made that, as gzip also where it is made here.

The console's files, the pages of the documentation and the API's own documents are all given out by this: the coding is agreed on,
each coding has its own ETag, what a reader has is not sent again. What is coded here is coded once, when it is first asked for, in a
thread: orders are placed by the same loop.
"""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Fields = list[tuple[bytes, bytes]]

CODINGS = ("br", "gzip")  # in the order of preference
LEAST_BYTES = 1_024  # below, a coding saves no packet
_TEXTS = ("text/", "application/json", "image/svg+xml")


@dataclass
class Document:
    """`coded`: the same, compressed, by the name of the coding: by the build, or, where there is nothing yet, on demand."""

    content_type: str
    body: bytes
    coded: dict[str, bytes] = field(default_factory=dict, repr=False)
    on_demand: bool = True
    tag: str = ""
    _packing: "asyncio.Future[bytes] | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.tag = self.tag or f'"{sha256(self.body).hexdigest()[:20]}"'

    def coding(self, told: Mapping[bytes, bytes]) -> str | None:
        """The best that the reader takes; None: as it is. `told`: the request's header fields."""
        taken = _codings(told.get(b"accept-encoding", b"").decode("latin-1"))
        return next((c for c in CODINGS if c in taken and (c in self.coded or self._can(c))), None)

    async def ready(self, coding: str | None) -> None:
        """Makes that coding, if nobody has yet; whoever asks meanwhile waits for the same."""
        if coding is None or coding in self.coded:
            return
        if self._packing is None:
            self._packing = asyncio.ensure_future(asyncio.to_thread(_gzip, self.body))
        self.coded[coding] = await asyncio.shield(self._packing)

    def given(
        self, told: Mapping[bytes, bytes], coding: str | None, more: Fields
    ) -> tuple[int, Fields, bytes]:
        """Status, header fields and body, in a coding that is there; `more`: fields of its own."""
        tag = self.tag if coding is None else f'"{self.tag.strip(chr(34))}-{coding}"'
        fields = [
            (b"content-type", self.content_type.encode()),
            (b"etag", tag.encode()),
            (b"vary", b"accept-encoding"),
            *more,
        ]
        had = told.get(b"if-none-match", b"").decode("latin-1").split(",")
        if tag in (one.strip().removeprefix("W/") for one in had):
            return 304, fields[1:], b""
        if coding is None:
            return 200, fields, self.body
        return 200, [*fields, (b"content-encoding", coding.encode())], self.coded[coding]

    def _can(self, coding: str) -> bool:
        worth = len(self.body) >= LEAST_BYTES and self.content_type.startswith(_TEXTS)
        return coding == "gzip" and self.on_demand and worth


async def serve(document: Document, scope: Mapping[str, Any], send: Send, more: Fields) -> None:
    """The answer to a GET or HEAD; anything else is 405."""
    if scope["method"] not in ("GET", "HEAD"):
        await answer(send, 405, [(b"allow", b"GET, HEAD")], b"")
        return
    told = {name.lower(): value for name, value in scope.get("headers", [])}
    coding = document.coding(told)
    await document.ready(coding)
    status, fields, body = document.given(told, coding, more)
    await answer(send, status, fields, body, head=scope["method"] == "HEAD")


async def answer(send: Send, status: int, headers: Fields, body: bytes, *, head: bool = False) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())] if status != 304 else headers
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


def _gzip(body: bytes) -> bytes:
    """Without a time, so that it is the same in every process."""
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


def _codings(accepted: str) -> set[str]:
    """Those a client takes; `q=0` means that it does not."""
    found = set()
    for part in accepted.split(","):
        coding, _, weight = part.strip().partition(";")
        if weight.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(coding.strip().lower())
    return found
