"""The faults: at a chosen statement of the placing connection the backend dies, the answer is lost, or we do."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from commissary.base import db, hot

_trip = hot.trip
What = Literal["kill", "lose", "crash"]
# Statements of a lease: the commit behind them is no batch's.
_LEASE = ("clock_timestamp()", "orders.lane", "claim_lane", "pg_stat_activity")


class Crash(BaseException):
    """The process ends here. Nothing catches it, as nothing catches kill -9."""


@dataclass
class Fault:
    """`what` befalls the n-th statement from now on, or (0) the commit of the next batch: `kill` before it ran, `lose`
    after, `crash` before or after."""

    what: What
    statement: int
    after: bool = False


@dataclass
class Weather:
    """What the placing connections of one world go through. `commits` counts batches that were committed."""

    admin_dsn: str
    fault: Fault | None = None
    statements: int = 0
    commits: int = 0
    lost_commit: bool = False
    lost_at: int = -1  # which batch's
    struck: bool = False
    open: "list[Windy]" = field(default_factory=list)

    def calm(self) -> None:
        self.fault, self.statements, self.commits = None, 0, 0
        self.lost_commit = self.struck = False

    async def end_backend(self, pid: int) -> None:
        async with await psycopg.AsyncConnection.connect(self.admin_dsn, autocommit=True) as admin:
            await admin.execute("select pg_terminate_backend(%s, 5000)", (pid,))


class Windy:
    """A placing connection in that weather; everything but statements is the real one's."""

    def __init__(self, real: db.Tx, weather: Weather) -> None:
        self._real = real
        self._weather = weather
        self._placing = False

    async def execute(self, query: Any, *args: Any, **more: Any) -> Any:
        weather = self._weather
        weather.statements += 1
        text = str(query)
        commits = text == "commit" and self._placing
        due = 0 if commits and weather.fault and not weather.fault.statement else weather.statements
        fault = weather.fault if weather.fault and weather.fault.statement == due else None
        if fault is not None:
            weather.fault, weather.struck = None, True
            if fault.what == "crash" and not fault.after:
                raise Crash
            if fault.what == "kill":
                await weather.end_backend(self._real.info.backend_pid)
        done = await self._real.execute(query, *args, **more)
        if text.startswith("begin"):
            self._placing = False
        elif text not in ("commit", "rollback"):
            self._placing = self._placing or not any(word in text for word in _LEASE)
        weather.commits += commits
        if fault is not None and fault.what == "lose":
            weather.lost_commit, weather.lost_at = commits, weather.commits - 1
            await weather.end_backend(self._real.info.backend_pid)
            raise psycopg.OperationalError("the answer was lost")
        if fault is not None and fault.what == "crash":
            raise Crash
        return done

    async def trip(self, calls: Sequence[hot.Call], early: hot.Early | None = None) -> Any:
        """The same for statements that are sent together: what befalls one of them befalls them all."""
        weather = self._weather
        numbers = range(weather.statements + 1, weather.statements + len(calls) + 1)
        weather.statements += len(calls)
        commits = "commit" in calls
        fault = weather.fault
        if fault is not None and not (fault.statement in numbers or (commits and not fault.statement)):
            fault = None
        if fault is not None:
            weather.fault, weather.struck = None, True
            if fault.what == "crash" and not fault.after:
                raise Crash
            if fault.what == "kill":
                await weather.end_backend(self._real.info.backend_pid)
        done = await _trip(self._real, calls, early)
        self._placing = not commits
        weather.commits += commits
        if fault is not None and fault.what == "lose":
            weather.lost_commit, weather.lost_at = commits, weather.commits - 1
            await weather.end_backend(self._real.info.backend_pid)
            raise psycopg.OperationalError("the answer was lost")
        if fault is not None and fault.what == "crash":
            raise Crash
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


async def trip(tx: Any, calls: Sequence[hot.Call], early: hot.Early | None = None) -> Any:
    """To stand in the place of `hot.trip` while a world lives."""
    return await (tx.trip(calls, early) if isinstance(tx, Windy) else _trip(tx, calls, early))


class WindyDatabase(db.Database):
    """The same pools; its placing connections are in the weather."""

    def __init__(self, calm: db.Database, weather: Weather) -> None:
        super().__init__(calm.dsns, calm.citus, calm._pools, calm._opening)
        self.weather = weather

    async def lane_connection(self, home: int, holder: str) -> Any:
        made = Windy(await super().lane_connection(home, holder), self.weather)
        self.weather.open.append(made)
        return made

    async def drop_lanes(self) -> None:
        """What the kernel does for a process that died."""
        for connection in self.weather.open:
            if not connection.closed:
                await asyncio.wait_for(connection.close(), 5)
        self.weather.open.clear()
