"""The way to the database: one pool per role, and one function that begins every transaction.

Roles (made by `base.migrate`): `app` serves the web and sees no cipher; `vault` places orders, imports and reveals;
`report` reads every mall and writes nothing. None may change the schema or bypass row-level security, except that
`report` sees all malls. A transaction says its mall first; without one, tables of malls show no row.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolClosed

from commissary.base import arrays as arrays  # registers the dumpers

Role = Literal["app", "vault", "report"]
Tx = AsyncConnection[TupleRow]

# A stalled process must not hold hot rows; a waiting one must not wait for ever.
_GUARDS = (
    "-c idle_in_transaction_session_timeout=10s -c lock_timeout=5s -c statement_timeout=60s -c timezone=UTC"
)
# Measured 2 to 3.5 times together on the placement connection: each statement there is many small index look-ups.
TRUSTED_S = 0.5  # a connection lent so lately is believed to live; if it does not, the statement says so
_PLACEMENT = (
    "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off "
    "-c max_parallel_workers_per_gather=0 -c idle_in_transaction_session_timeout=2s "
    "-c lock_timeout=3s -c statement_timeout=30s -c timezone=UTC"
)


@dataclass(frozen=True)
class Dsns:
    """Where each role connects; made by `base.migrate.dsns`."""

    app: str
    vault: str
    report: str


@dataclass
class Database:
    dsns: Dsns
    citus: bool = False
    _pools: dict[Role, AsyncConnectionPool[Tx]] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _closed: bool = False

    def dsn_for(self, home: int, role: Role = "app") -> str:
        """The server that has this home. Today the only one; with cells or Citus, one of several."""
        del home
        return str(getattr(self.dsns, role))

    async def open(self) -> None:
        async with self.transaction(None) as tx:
            found = await row(tx, "select exists (select from pg_extension where extname = 'citus')")
            self.citus = bool(found and found[0])

    async def close(self) -> None:
        """For good: a pool that a straggler opened now would keep the process from ending."""
        async with self._opening:
            self._closed = True
            for pool in self._pools.values():
                await pool.close()
            self._pools.clear()

    @asynccontextmanager
    async def transaction(self, mall: int | None, role: Role = "app") -> AsyncIterator[Tx]:
        """Begin inside `mall` (None: inside no mall, only platform look-ups work), commit at the end, roll back on error."""
        pool = self._pools.get(role) or await self._pool(role)
        async with pool.connection() as tx:
            await begin(tx, mall, citus=self.citus)
            try:
                yield tx
            except BaseException:
                if not tx.closed and not tx.broken:
                    await tx.execute("rollback")
                raise
            await tx.execute("commit")

    async def lane_connection(self, home: int, holder: str) -> Tx:
        """A connection of its own for placing orders by `hot.trip`, with the planner settings that fit it; named after
        its home and holder."""
        plans = "" if self.citus else " -c plan_cache_mode=force_generic_plan"
        dsn = make_conninfo(
            self.dsn_for(home, "vault"), options=_PLACEMENT + plans, application_name=lane_name(home, holder)
        )
        # psycopg throws away every prepared statement of a connection after a rollback, `hot`'s too, unless it has none.
        return await AsyncConnection.connect(dsn, autocommit=True, prepare_threshold=None)

    async def _pool(self, role: Role) -> AsyncConnectionPool[Tx]:
        async with self._opening:
            if self._closed:
                raise PoolClosed("the database is closed")
            if role not in self._pools:
                dsn = make_conninfo(getattr(self.dsns, role), options=_GUARDS, application_name=role)
                pool: AsyncConnectionPool[Tx] = AsyncConnectionPool(
                    dsn,
                    min_size=1,
                    max_size=12 if role != "report" else 3,
                    kwargs={"autocommit": True},
                    timeout=5,
                    open=False,
                    check=_still_there,
                )
                await pool.open()
                self._pools[role] = pool
        return self._pools[role]


@dataclass
class Joined(Database):
    """A database of one open transaction: whatever begins one joins it, and only whoever opened it commits. So several verbs,
    each of which is a transaction of its own elsewhere, are done together or not at all."""

    tx: Tx | None = None
    mall: int = 0
    role: Role = "app"
    outer: Database | None = None

    @asynccontextmanager
    async def transaction(self, mall: int | None, role: Role = "app") -> AsyncIterator[Tx]:
        assert self.tx is not None
        assert (mall, role) == (self.mall, self.role), "a verb of another mall or role cannot join"
        yield self.tx


_seen_alive: WeakKeyDictionary[Tx, float] = WeakKeyDictionary()


async def _still_there(tx: Tx) -> None:
    """Asked of a connection before it is lent: one that was lent a moment ago need not prove itself again."""
    now = time.monotonic()
    if now - _seen_alive.get(tx, -TRUSTED_S) >= TRUSTED_S:
        await AsyncConnectionPool.check_connection(tx)
    _seen_alive[tx] = now


def lane_name(home: int, holder: str) -> str:
    """What PostgreSQL calls the session by which this holder places for a home; all of a home begin alike."""
    return f"lane {home} {hashlib.blake2b(holder.encode(), digest_size=8).hexdigest()}"


async def begin(tx: Tx, mall: int | None, *, citus: bool = False) -> None:
    """`SET LOCAL` as a statement, never set_config(): on Citus only the statement reaches other nodes."""
    if mall is None:
        await tx.execute("begin")
        return
    propagate = "set local citus.propagate_set_commands = 'local'; " if citus else ""
    await tx.execute(f"begin; {propagate}set local app.mall = '{int(mall)}'", prepare=False)


def beginning(mall: int, *, citus: bool = False) -> list[str]:
    """The same as single statements, which is what a pipeline carries."""
    propagate = ["set local citus.propagate_set_commands = 'local'"] if citus else []
    return ["begin", *propagate, f"set local app.mall = '{int(mall)}'"]


Params = Mapping[str, Any] | Sequence[Any]


async def rows(tx: Tx, query: str, params: Params = ()) -> list[TupleRow]:
    """All rows of a query."""
    cursor = await tx.execute(query, params, binary=True)
    return await cursor.fetchall()


async def row(tx: Tx, query: str, params: Params = ()) -> TupleRow | None:
    """The first row or None."""
    cursor = await tx.execute(query, params, binary=True)
    return await cursor.fetchone()


async def run(tx: Tx, query: str, params: Params = ()) -> int:
    """Execute; how many rows it touched."""
    return (await tx.execute(query, params)).rowcount


def violated(error: psycopg.Error) -> str:
    """The name of the constraint that said no, or ''."""
    return error.diag.constraint_name or ""
