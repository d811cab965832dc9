"""Webhook receivers on a real socket, that answer as they are told and remember what they got."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from commissary.base.outgoing import Outgoing
from commissary.notify import LIMITS


@dataclass
class Got:
    id: str
    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def news(self) -> dict[str, Any]:
        return dict(json.loads(self.body)["data"])


@dataclass
class Receiver:
    """`answer` decides the status; None hangs until the receiver is closed. `got` is what was answered 2xx."""

    answer: Callable[[Got], int | None] = lambda _: 204
    delay_s: float = 0.0
    calls: list[Got] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0
    _runner: web.AppRunner | None = None
    _closed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def open(self) -> "Receiver":
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def close(self) -> None:
        self._closed.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        call = Got(request.headers["webhook-id"], dict(request.headers), body, request.path)
        self.calls.append(call)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            status = self.answer(call)
            if status is None:
                await self._closed.wait()
                return web.Response(status=503)
            if 200 <= status < 300:
                self.got.append(call)
            return web.Response(status=status, text="thanks" if status < 300 else "no\x00 \x1b[31mthanks")
        finally:
            self.at_once -= 1


def outgoing(*receivers: Receiver) -> Outgoing:
    """An `Outgoing` as the app makes it for webhooks, that may call these."""
    return Outgoing(production=False, allow={("127.0.0.1", r.port) for r in receivers}, limits=LIMITS)
