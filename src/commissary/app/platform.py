"""A serving process: what it holds, which door a request goes through, and what it does beside them for itself."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import psycopg

from commissary import (
    insight,
    orders,
    partnerapi,
    requests,
    risk,
    tenancy,
    web,
)
from commissary.app.environment import forever
from commissary.app.working import Outward, Working, settle_memory, watch
from commissary.base import home
from commissary.base.env import Env
from commissary.base.http import Receive, Reply, Scope, Send, answer

API = "/console/v1/"  # of the console's page; all else below /console is the page
_ASK_AGAIN = [(b"cache-control", b"no-cache"), (b"x-content-type-options", b"nosniff")]

log = logging.getLogger("commissary.app")


App = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass
class Platform:
    """Everything a running process holds; what the server serves."""

    env: Env
    epochs: tenancy.Epochs
    desk: orders.Desk
    edge: orders.PartnerEdge
    faces: partnerapi.Faces
    rest: App
    docs: App
    callbacks: App
    log: App
    genuine: App
    console: web.ConsoleDoor
    openapi: web.Document
    console_openapi: web.Document
    metrics: web.Metrics
    decisions: risk.DecisionLog
    engine: risk.Engine
    calls: insight.CallLog
    live: insight.Live
    outward: Outward
    working: Working | None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def at_once(self, scope: Scope, body: bytes, reply: Reply) -> bool:
        """For `POST /v1/orders`, see `web/short.py`."""
        return self.edge.at_once(scope, body, reply)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By path: partners first, because they are in a hurry."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.startswith("/v1/"):
            await self.edge(scope, receive, send)
        elif path.startswith("/callbacks/"):
            await self.callbacks(scope, receive, send)
        elif path.startswith(partnerapi.ROOT):
            await self.faces(scope, receive, send)
        elif path == "/openapi.json":
            await web.serve(self.openapi, scope, send, _ASK_AGAIN)
        elif path == "/console/openapi.json":
            await web.serve(self.console_openapi, scope, send, _ASK_AGAIN)
        elif path == "/console" or (path.startswith("/console/") and not f"{path}/".startswith(API)):
            await self.console(scope, receive, send)
        elif path == "/docs" or path.startswith("/docs/"):
            await self.docs(scope, receive, send)
        elif path.startswith("/log/"):
            await self.log(scope, receive, send)
        elif path.startswith("/verify/"):
            await self.genuine(scope, receive, send)
        elif path.startswith("/health/"):
            await self._health(path, send)
        elif path == "/metrics":
            await self.metrics.serve(send)
        else:
            await self.rest(scope, receive, send)

    async def _health(self, path: str, send: Send) -> None:
        """`live`: the process answers. `ready`: it can sell, so a balancer may send to it."""
        if path == "/health/live":
            await answer(send, 200, b'{"status":"live"}', "-")
        elif path == "/health/ready":
            status, payload = 200, b'{"status":"ready"}'
            if self.edge.draining:
                status, payload = 503, b'{"status":"draining"}'
            else:
                try:
                    async with asyncio.timeout(2), self.env.db.transaction(None) as tx:
                        await tx.execute("select 1")
                except Exception as error:
                    log.warning("not ready: %s", type(error).__name__)
                    status, payload = 503, b'{"status":"database unreachable"}'
            await answer(send, status, payload, "-")
        else:
            await answer(send, 404, b'{"status":"no such check"}', "-")

    def start(self) -> None:
        """Begin what runs beside requests."""
        settle_memory()
        if self.working is not None:
            self.working.start()
        self.tasks = [asyncio.create_task(watch(self.epochs), name="epochs")]
        self.tasks += [
            asyncio.create_task(forever(name, every_s, work), name=name)
            for name, every_s, work in (
                ("decisions", 1, self._keep_decisions),
                ("calls", 1, self._keep_calls),
                ("risk counters", 5, self._sweep),
                ("order files", 1, self._order_files),
                ("requests", 2, self._requests),
                ("lanes", 1, self.desk.keep),
                ("shops' callbacks", 1, self.faces.call_back),
                ("live", 1, self.live.round),
            )
        ]

    async def drain(self) -> None:
        """Refuse new calls of partners, finish the orders queued, give the lanes back: another process may have them."""
        self.edge.draining = True
        self.live.close()
        await self.desk.drain()

    async def stop(self) -> None:
        """Take no new orders, finish those queued, give leases back."""
        await self.drain()
        await self.edge.forwarder.close()
        await (self.working.stop() if self.working is not None else self.outward.buying.stop())
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, TimeoutError):
            await self._keep_decisions()
            await self.calls.flush(self.env, everything=True)

    async def _sweep(self) -> None:
        self.engine.sweep(time.time())

    async def _order_files(self) -> None:
        for mall in await tenancy.open_malls(self.env):
            for sheet in await orders.running_sheets(self.env, mall.id):
                await orders.run_sheet(self.env, self.desk, home.home(mall.id), sheet)

    async def _requests(self) -> None:
        for mall in await tenancy.open_malls(self.env):
            await requests.place_approved(self.env, self.desk, mall.id)

    async def _keep_decisions(self) -> None:
        await self.decisions.flush(self.env)

    async def _keep_calls(self) -> None:
        await self.calls.flush(self.env)
