"""A serving process: what it holds, which door a request goes through, and the work beside requests."""

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import psycopg

from commissary import (
    fulfilment,
    insight,
    orders,
    partnerapi,
    provenance,
    requests,
    risk,
    sandbox,
    settlement,
    supply,
    tenancy,
    web,
    worker,
)
from commissary.app.environment import forever
from commissary.base import home
from commissary.base.env import Env
from commissary.base.http import Receive, Reply, Scope, Send, answer

API = "/console/v1/"  # of the console's page; all else below /console is the page

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
    openapi: bytes
    console_openapi: bytes
    metrics: web.Metrics
    decisions: risk.DecisionLog
    engine: risk.Engine
    calls: insight.CallLog
    purchasing: supply.Purchasing
    worker: worker.Worker
    keeper: provenance.Keeper
    statements: settlement.Puller
    live: insight.Live
    inside: sandbox.Inside
    buying: fulfilment.Buying
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
            await answer(send, 200, self.openapi, "-")
        elif path == "/console/openapi.json":
            await answer(send, 200, self.console_openapi, "-")
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
        """Begin the work that runs beside requests."""
        # What is alive now stays; young objects of requests die by reference count. Left alone, the collector walked
        # all prices and goods again and again: a third of the CPU of an order.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        self.worker.start()
        self.tasks += [
            asyncio.create_task(
                self.epochs.run(lambda e: log.warning("epochs: %s", type(e).__name__)), name="epochs"
            ),
            asyncio.create_task(forever("decisions", 1, self._keep_decisions), name="decisions"),
            asyncio.create_task(forever("calls", 1, self._keep_calls), name="calls"),
            asyncio.create_task(forever("risk counters", 5, self._sweep), name="sweep"),
            asyncio.create_task(forever("order files", 1, self._order_files), name="order files"),
            asyncio.create_task(forever("requests", 2, self._requests), name="requests"),
            asyncio.create_task(forever("lanes", 1, self.desk.keep), name="lanes"),
            asyncio.create_task(forever("shops' callbacks", 1, self.faces.call_back), name="callbacks"),
            asyncio.create_task(forever("log", 1, self._keep_log), name="log"),
            asyncio.create_task(forever("log files", 1, self.keeper.publish), name="log files"),
            asyncio.create_task(forever("witnesses", 2, self.keeper.ask_witnesses), name="witnesses"),
            asyncio.create_task(forever("time stamps", 5, self.keeper.stamp), name="time stamps"),
            asyncio.create_task(forever("pulls", 3, self._pull), name="pulls"),
            asyncio.create_task(forever("statements", 5, self._pull_statements), name="statements"),
            asyncio.create_task(forever("live", 1, self.live.round), name="live"),
            asyncio.create_task(forever("sandboxes", 0.3, self._sandboxes), name="sandboxes"),
            asyncio.create_task(forever("nonces", 300, self._empty_nonces), name="nonces"),
            asyncio.create_task(forever("partitions", 3600, self._make_partitions), name="partitions"),
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
        await self.worker.stop()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, TimeoutError):
            await self._keep_decisions()
            await self._keep_calls()

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

    async def _keep_log(self) -> None:
        await self.keeper.round()

    async def _pull(self) -> None:
        await supply.pull(self.env, self.purchasing)

    async def _pull_statements(self) -> None:
        await self.statements.round()

    async def _sandboxes(self) -> None:
        await self.inside.round(self.buying)

    async def _empty_nonces(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select tenancy.empty_idle_nonces(%s)", (int(time.time()),))

    async def _make_partitions(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select orders.make_partitions(clock_timestamp(), 4)")
