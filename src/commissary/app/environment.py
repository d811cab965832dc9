"""What verbs need, held open as long as a process works."""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import psycopg

from commissary import (
    tenancy,
)
from commissary.app.ground import Ground
from commissary.base import db, migrate, node
from commissary.base.env import Env
from commissary.base.ids import Ids
from commissary.base.settings import Settings

log = logging.getLogger("commissary.app")


@asynccontextmanager
async def environment(settings: Settings, on: Ground) -> AsyncIterator[Env]:
    """What verbs need, with a node number of its own for ids; renewed as long as it is open."""
    database = db.Database(migrate.dsns(on.admin_dsn, on.keys.passwords))
    await database.open()
    lease = await node.lease_node(database, holder(), settings.address)
    ids = Ids(lease.node, lambda: time.time_ns() // 1_000_000, lease.high_water)
    env = Env(database, ids, on.keys)
    await tenancy.load_offsets(env)

    async def renew() -> None:
        nonlocal lease
        try:
            lease = await node.renew(database, lease, ids.new())
        except node.NoNode:
            log.warning("the lease of node %d was lost; taking another", lease.node)
            lease = await node.lease_node(database, holder(), settings.public_url)
            ids.move(lease.node, lease.high_water)

    task = asyncio.create_task(forever("node lease", 15, renew), name="node")
    try:
        yield env
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with contextlib.suppress(psycopg.Error, TimeoutError):
            await node.release(database, lease)
        await database.close()


def holder() -> str:
    """Who holds leases: unique to this start of this process."""
    return f"{socket.gethostname()}:{os.getpid()}:{time.time_ns()}"


async def forever(name: str, every_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do it again and again; a failure is logged and the next turn comes."""
    while True:
        await asyncio.sleep(every_s)
        try:
            await work()
        except Exception:
            log.exception("%s failed; next try in %d s", name, every_s)
