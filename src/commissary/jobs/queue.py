"""Defer a job in a transaction; run what is due, resumably.

A handler is called again after a crash: it goes on from `job.cursor`, which it saved with `job.progress`, and its own
writes are idempotent or in the transaction that saves the cursor. It reports at least every few hundred rows.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Literal

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base import lease as leases
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.jobs.types import JobState, Unit

log = logging.getLogger("commissary.jobs")
Q = sql.load(__package__)

LEASE = timedelta(seconds=30)
TRIES = 5
RETRY_DELAYS_S = (5, 30, 120, 600)
AT_ONCE = 4
POLL_S = 0.5


class Stopped(Exception):
    """Someone asked to cancel the job: clean up and let it pass."""


class LeaseLost(Exception):
    """Another runner has the job now: write nothing more."""


@dataclass
class Job:
    """What a handler holds. `payload` and `cursor` are plain JSON values."""

    env: Env
    mall_id: int
    id: int
    kind: str
    payload: dict[str, Any]
    cursor: Any
    done: int
    total: int | None
    attempt: int
    lease: int

    async def progress(
        self,
        done: int | None = None,
        *,
        total: int | None = None,
        cursor: Any = None,
        tx: db.Tx | None = None,
    ) -> None:
        """Say how far it is, in the caller's transaction if given. Raises `Stopped` or `LeaseLost`."""
        if tx is None:
            async with self.env.db.transaction(self.mall_id) as own:
                asked = await self._save(own, done, total, cursor)
        else:
            asked = await self._save(tx, done, total, cursor)
        self.done = self.done if done is None else done
        self.cursor = self.cursor if cursor is None else cursor
        if asked:
            raise Stopped

    async def _save(self, tx: db.Tx, done: int | None, total: int | None, cursor: Any) -> bool:
        facts = {
            "mall": self.mall_id,
            "id": self.id,
            "lease": self.lease,
            "done": done,
            "total": total,
            "cursor": None if cursor is None else _json(cursor),
            "until": self.env.now(self.mall_id) + LEASE,
        }
        found = await db.row(tx, Q.progress, facts)
        if found is None:
            raise LeaseLost
        return bool(found[0])


Handler = Callable[[Job], Awaitable[Any]]
"""Returns the result, a plain JSON value or None. A `Refused` fails the job for good, other errors are tried again."""


async def defer(
    tx: db.Tx,
    env: Env,
    mall: int,
    kind: str,
    payload: Mapping[str, Any],
    *,
    by: str = "system",
    unit: Unit | Literal[""] = "",
    total: int | None = None,
    after: timedelta = timedelta(0),
) -> int:
    """A job in the caller's transaction; its id. `by` such as `person:7`; the payload holds ids, never secrets."""
    id_, now = env.ids.new(), env.now(mall)
    facts = {"mall": mall, "id": id_, "kind": kind, "payload": _json(payload), "unit": unit, "total": total}
    await db.run(tx, Q.defer, facts | {"due": now + after, "by": by, "now": now})
    return id_


@dataclass
class Runner:
    """Runs what is due, a few at once. `handlers`: kind → handler; a kind without one waits."""

    env: Env
    handlers: Mapping[str, Handler]
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until `stop`."""
        while not self._stopping.is_set():
            try:
                found = await self.start_due()
            except Exception:
                log.exception("looking for jobs failed")
                found = 0
            if not found:
                await _either(self._stopping.wait(), POLL_S)

    async def drain(self) -> int:
        """Run what is due to the end; how many."""
        count = 0
        while found := await self.start_due():
            count += found
            await asyncio.gather(*self._running)
        return count

    async def stop(self) -> None:
        """Take no more; what runs is interrupted and goes on elsewhere at once."""
        self._stopping.set()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def start_due(self) -> int:
        count, latest = 0, max(self.env.offsets.values(), default=0)
        async with self.env.db.transaction(None) as tx:
            found = await db.rows(
                tx, Q.malls_due, {"now": self.env.clock() + timedelta(seconds=max(latest, 0))}
            )
        for (mall,) in found:
            if len(self._running) >= AT_ONCE or self._stopping.is_set():
                break
            if job := await self._take(mall):
                count += 1
                task = asyncio.create_task(self._run(job), name=f"job-{job.kind}")
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        return count

    async def _take(self, mall: int) -> Job | None:
        now, lease = self.env.now(mall), self.env.ids.new()
        facts = {"mall": mall, "now": now, "until": now + LEASE, "lease": lease, "kinds": list(self.handlers)}
        async with self.env.db.transaction(mall) as tx:
            r = await db.row(tx, Q.take, facts)
        if r is None:
            return None
        job = Job(self.env, mall, r[0], r[1], r[2], r[3], r[4], r[5], r[6], lease)
        if r[7] or job.attempt > TRIES:  # cancelled, or killed each time, before it could say so
            await self._finish(
                job, JobState.cancelled if r[7] else JobState.failed, error="" if r[7] else "crashed"
            )
            return None
        return job

    async def _run(self, job: Job) -> None:
        work = asyncio.ensure_future(self.handlers[job.kind](job))
        beat = leases.keep(f"job {job.id}", LEASE, partial(self._renew, job), work.cancel)
        try:
            result = await work
        except Stopped:
            await self._finish(job, JobState.cancelled)
        except LeaseLost:
            log.warning("job %d lost its lease", job.id)
        except asyncio.CancelledError:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            if self._stopping.is_set():
                await self._finish(job, JobState.queued, given_back=1)
        except Refused as no:
            await self._finish(job, JobState.failed, error=no.refusal.code)
        except Exception as error:
            log.exception("job %d (%s), try %d", job.id, job.kind, job.attempt)
            last = job.attempt >= TRIES
            delay = timedelta(seconds=0 if last else RETRY_DELAYS_S[job.attempt - 1])
            state = JobState.failed if last else JobState.queued
            await self._finish(job, state, error=f"internal:{type(error).__name__}", delay=delay)
        else:
            await self._finish(job, JobState.done, result=result)
        finally:
            beat.cancel()

    async def _renew(self, job: Job) -> bool:
        try:
            await job.progress()
        except Stopped:
            return True  # the handler hears it at its own next progress, where it can stop cleanly
        except LeaseLost:
            return False
        return True

    async def _finish(
        self,
        job: Job,
        state: JobState,
        *,
        result: Any = None,
        error: str = "",
        delay: timedelta = timedelta(0),
        given_back: int = 0,
    ) -> None:
        now = self.env.now(job.mall_id)
        facts = {
            "mall": job.mall_id,
            "id": job.id,
            "lease": job.lease,
            "state": state,
            "result": None if result is None else _json(result),
            "error": error,
            "due": now + delay,
            "now": now,
            "given_back": given_back,
        }
        async with self.env.db.transaction(job.mall_id) as tx:
            await db.run(tx, Q.finish, facts)


def _json(value: Any) -> Jsonb:
    return Jsonb(value, dumps=msgspec.json.encode)


async def _either(waiting: Awaitable[object], seconds: float) -> None:
    try:
        await asyncio.wait_for(waiting, seconds)
    except TimeoutError:
        return
