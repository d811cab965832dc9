"""The composition root: settings → database → domains → doors to the world. The only file that wires."""

import asyncio
import gc
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from commissary import tenancy
from commissary.base import crypto, db, embedded, migrate, node
from commissary.base.env import Env
from commissary.base.http import Receive, Scope, Send
from commissary.base.ids import Ids
from commissary.base.settings import Settings
from commissary.orders.desk import Desk
from commissary.orders.edge import PartnerEdge
from commissary.stock.vault import Vault
from commissary.tenancy.authenticate import Gate

log = logging.getLogger("commissary.app")


@dataclass(frozen=True)
class Ground:
    """A migrated database and its keys; `admin_dsn` may change the schema and found malls."""

    admin_dsn: str
    keys: crypto.Keyring
    server: embedded.Server | None
    lease: embedded.Lease | None

    def leave(self) -> None:
        """Stop what we started; an outside server stays."""
        if self.server is not None:
            embedded.stop(self.server)
        if self.lease is not None:
            self.lease.release()


def ground(settings: Settings, say: Callable[[str], None] = lambda _: None) -> Ground:
    """The database of these settings, started if it is ours, at this version of the schema."""
    server = lease = None
    if settings.database_url is None:
        data = settings.data / f"pg{settings.postgres}"
        if settings.keys.is_relative_to(data):
            raise crypto.KeyFault(
                f"the key folder {settings.keys} must not lie inside the data folder {data}"
            )
        lease = embedded.claim(data)
        server = embedded.start(data, version=settings.postgres)
        say(f"PostgreSQL {server.version} runs on {data}")
    admin_dsn = server.dsn("commissary") if server is not None else str(settings.database_url)
    keys = crypto.load_keys(settings.keys)
    applied = migrate.migrate(admin_dsn, keys.passwords)
    if applied:
        say(f"{len(applied)} migrations applied")
    return Ground(admin_dsn, keys, server, lease)


@dataclass
class Platform:
    """Everything a running process holds. `asgi` is what the server serves."""

    env: Env
    key_cache: tenancy.KeyCache
    epochs: tenancy.Epochs
    desk: Desk
    gate: Gate
    edge: PartnerEdge
    rest: Callable[[Scope, Receive, Send], Awaitable[None]]
    node: node.Lease
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            await self.edge(scope, receive, send)
        else:
            await self.rest(scope, receive, send)

    def start(self) -> None:
        """Begin the work that runs beside requests."""
        # What is alive now stays; young objects of requests die by reference count. Left alone, the collector walked
        # all prices and goods again and again: a third of the CPU of an order.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        self.tasks += [
            asyncio.create_task(
                self.epochs.run(lambda e: log.warning("epochs: %s", type(e).__name__)), name="epochs"
            ),
            asyncio.create_task(_forever("node lease", 15, self._renew), name="node"),
            asyncio.create_task(_forever("nonces", 300, self._empty_nonces), name="nonces"),
        ]

    async def stop(self) -> None:
        """Take no new orders, finish those queued, give leases back."""
        self.edge.draining = True
        await self.desk.drain()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await node.release(self.env.db, self.node)
        await self.env.db.close()

    async def _renew(self) -> None:
        self.node = await node.renew(self.env.db, self.node, self.env.ids.new())

    async def _empty_nonces(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select tenancy.empty_idle_nonces(%s)", (int(time.time()),))


@asynccontextmanager
async def platform(settings: Settings, on: Ground) -> AsyncIterator[Platform]:
    """Wire a process on that ground; drained and closed at the end."""
    database = db.Database(migrate.dsns(on.admin_dsn, on.keys.passwords))
    await database.open()
    holder = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}"
    lease = await node.lease_node(database, holder, settings.public_url)
    ids = Ids(lease.node, lambda: time.time_ns() // 1_000_000, lease.high_water)
    env = Env(database, ids, on.keys)
    await tenancy.load_offsets(env)
    key_cache = tenancy.KeyCache(env)
    epochs = tenancy.Epochs(database)
    epochs.watch(key_cache.reload)
    desk = Desk(env, Vault(on.keys), holder, settings.public_url)
    gate = Gate(key_cache, on.keys, time.time, time.time(), settings.proxies)
    rest = _nothing
    made = Platform(env, key_cache, epochs, desk, gate, PartnerEdge(desk, gate, rest), rest, lease)
    made.start()
    try:
        yield made
    finally:
        await made.stop()


async def _forever(name: str, every_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do it again and again; a failure is logged and the next turn comes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception:
            log.exception("%s failed; next try in %d s", name, every_s)


def now() -> datetime:
    return datetime.now(UTC)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    from commissary.base.http import answer

    await answer(send, 404, b"{}", "x")
