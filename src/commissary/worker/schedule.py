"""All periodic work, on one screen; each turn is taken by one process, by a row of the database."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import msgspec

from commissary import (
    approvals,
    bulk,
    fulfilment,
    insight,
    jobs,
    ledger,
    notify,
    partners,
    provenance,
    stock,
    supply,
    tenancy,
)
from commissary.base import db, outbox
from commissary.base import lease as leases
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.worker.reactions import REACTIONS

log = logging.getLogger("commissary.worker")

LEASE = timedelta(seconds=10)  # renewed while the work goes on; so long a dead process keeps others from it
LONGEST = timedelta(minutes=8)  # what takes longer is a job
OUTBOX_KEPT = timedelta(days=7)
LOOK_MAX_S = 2.0  # how late a turn may begin; after its process died, a lease later


@dataclass(frozen=True)
class Periodic:
    """`work` returns a count for the log, or nothing. It may be killed and begun again."""

    name: str
    every: timedelta
    work: Callable[[Env], Awaitable[object]]


async def prune_outbox(env: Env, kept: timedelta = OUTBOX_KEPT) -> int:
    """Forget events that every reaction and the log have passed and that are old enough to re-feed nobody."""
    consumers = sorted(
        {r.name for reactions in REACTIONS.values() for r in reactions} | {provenance.CONSUMER}
    )
    before, count = env.clock() - kept, 0
    async with env.db.transaction(None) as tx:
        # A consumer that never reads: every home that ever published.
        homes = await db.rows(tx, "select home_id from base.homes_with_events('')")
    for (home,) in homes:
        gone = 1000
        while gone == 1000:
            async with env.db.transaction(mall_of(home)) as tx:
                gone = await outbox.prune(tx, home, before, consumers)
            count += gone
    return count


async def _open_malls(env: Env) -> list[int]:
    return [mall.id for mall in await tenancy.open_malls(env)]


def everywhere(
    work: Callable[[Env, int, datetime], Awaitable[object]],
    where: Callable[[Env], Awaitable[Sequence[int]]] = _open_malls,
) -> Callable[[Env], Awaitable[object]]:
    """The same work in every open mall, by each mall's own clock; one mall's trouble does not keep it from the next. Its
    count is of what was done, so that a turn with nothing to do leaves no line in the log. `where`: those in which there is
    something to do, for what comes every few seconds."""

    async def all_malls(env: Env) -> int:
        done = 0
        for mall in await where(env):
            try:
                done += _count(await work(env, mall, env.now(mall)))
            except Exception:
                log.exception("%s in mall %d", getattr(work, "__name__", "work"), mall)
        return done

    return all_malls


def _count(done: object) -> int:
    """Of a number, several, or a struct of numbers; nothing counts as nothing."""
    if isinstance(done, msgspec.Struct):
        done = msgspec.structs.astuple(done)
    if isinstance(done, tuple):
        return sum(map(_count, done))
    return done if isinstance(done, int) else 0


async def watch_stock(env: Env, mall: int, now: datetime) -> None:
    """Expired lots leave the shelf; what runs low is told once."""
    await stock.expire_due(env, mall, now)
    await stock.watch_low(env, mall)


async def delist_unsupplied(env: Env, mall: int, now: datetime) -> int:
    """Goods that nobody fit supplies, neither from the shelf nor by an offer."""
    return await stock.delist_unsupplied(env, mall, now, (stock.LOTS, supply.OFFERS))


async def audit(env: Env) -> int:
    """The invariants, over every mall; a breach is the loudest thing a log can say."""
    broken = insight.broken(await insight.audit(env))
    for finding in broken:
        log.critical("invariant %s is broken (%s): run commissary check", finding.invariant, finding.check)
    return len(broken)


async def refresh_statistics(env: Env) -> None:
    """What the planner believes of the order tables."""
    async with env.db.transaction(None) as tx:
        await tx.execute("select orders.refresh_statistics()")


SCHEDULE: Sequence[Periodic] = (
    Periodic("orders.statistics", timedelta(minutes=15), refresh_statistics),
    Periodic("insight.audit", timedelta(hours=1), audit),
    Periodic(
        "orders.release",
        timedelta(seconds=2),
        everywhere(fulfilment.release_due, fulfilment.malls_to_release),
    ),
    Periodic("orders.restocked", timedelta(seconds=30), everywhere(fulfilment.release_restocked)),
    Periodic(
        "work.fixes", timedelta(seconds=5), everywhere(fulfilment.end_fixes, fulfilment.malls_to_end_fixes)
    ),
    Periodic("work.claims", timedelta(minutes=1), everywhere(fulfilment.expire_claims)),
    Periodic("stock.watch", timedelta(minutes=1), everywhere(watch_stock)),
    Periodic("partners.papers", timedelta(seconds=30), everywhere(partners.watch_papers)),
    Periodic("stock.sources", timedelta(seconds=20), everywhere(delist_unsupplied)),
    Periodic("supply.rates", timedelta(seconds=20), everywhere(supply.follow_rates)),
    Periodic("approvals.expire", timedelta(seconds=30), everywhere(approvals.expire)),
    Periodic("ledger.low_balances", timedelta(seconds=30), everywhere(ledger.tell_low_balances)),
    Periodic("ledger.budgets", timedelta(seconds=30), everywhere(ledger.turn_budgets)),
    Periodic("ledger.overdue", timedelta(minutes=1), everywhere(ledger.lock_overdue)),
    Periodic("outbox.prune", timedelta(hours=1), prune_outbox),
    Periodic("calls.prune", timedelta(hours=1), everywhere(insight.prune_calls)),
    Periodic("bulk.sweep", timedelta(minutes=10), everywhere(bulk.sweep)),
    Periodic("notices.prune", timedelta(hours=6), everywhere(notify.prune_notices)),
    Periodic("webhooks.prune", timedelta(hours=6), notify.prune),
)


@dataclass
class Clockwork:
    """One per process. Every process offers itself; the row of the name decides."""

    env: Env
    schedule: Sequence[Periodic] = SCHEDULE
    _at_work: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until `stop`. One slow piece of work holds up no other."""
        pause = min([LOOK_MAX_S, *(one.every.total_seconds() / 4 for one in self.schedule)])
        try:
            while not self._stopping.is_set():
                await self._look()
                try:
                    await asyncio.wait_for(self._stopping.wait(), pause)
                except TimeoutError:
                    continue
            await asyncio.gather(*self._at_work.values())
        finally:
            for turn in self._at_work.values():
                turn.cancel()
            await asyncio.gather(*self._at_work.values(), return_exceptions=True)

    async def _look(self) -> None:
        """One question for everything that nobody here is at."""
        free = {one.name: one for one in self.schedule if one.name not in self._at_work}
        try:
            due = await jobs.due_turns(self.env, list(free), self.env.clock())
        except Exception:
            log.exception("what is due cannot be seen")
            return
        for name in due:
            self._at_work[name] = asyncio.create_task(self._take(free[name]), name=f"turn {name}")

    async def _take(self, one: Periodic) -> None:
        try:
            await self.turn(one)
        except Exception:
            log.exception("the turn of %s could not be taken", one.name)
        finally:
            del self._at_work[one.name]

    async def turn(self, one: Periodic) -> bool:
        """Do it if it is due and nobody else does."""
        lease = await jobs.take_turn(self.env, one.name, self.env.clock(), LEASE)
        if lease is None:
            return False
        started, error = time.monotonic(), ""
        work = asyncio.ensure_future(asyncio.wait_for(one.work(self.env), LONGEST.total_seconds()))
        beat = leases.keep(one.name, LEASE, partial(self._renew, one.name, lease), work.cancel)
        try:
            done = await work
            log.log(logging.INFO if done else logging.DEBUG, "%s: %s", one.name, done)
        except Refused as no:
            error = no.refusal.code
        except asyncio.CancelledError:
            if not beat.done():  # we are stopped, not the work by its beat
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
                raise
            log.warning("%s is done by another process", one.name)
        except Exception as fault:
            log.exception("%s failed; next turn in %s", one.name, one.every)
            error = type(fault).__name__
        finally:
            beat.cancel()
        now = self.env.clock()
        await jobs.end_turn(
            self.env,
            one.name,
            lease,
            now=now,
            due=now + one.every,
            elapsed_ms=round((time.monotonic() - started) * 1000),
            error=error,
        )
        return True

    async def _renew(self, name: str, lease: int) -> bool:
        return await jobs.keep_turn(self.env, name, lease, self.env.clock() + LEASE)

    async def stop(self) -> None:
        self._stopping.set()
