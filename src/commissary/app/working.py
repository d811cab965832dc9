"""What goes on beside requests: consequences of events, buying, webhooks, jobs, the clock's work, the transparency log.

In a process of its own (`working`), so that orders need not share a core with it, or in the one that serves
(`platform(…, works=True)`). Any number of processes may do it: each piece of work is leased.
"""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from commissary import (
    bulk,
    fulfilment,
    notify,
    orders,
    provenance,
    sandbox,
    settlement,
    supply,
    tenancy,
    worker,
)
from commissary.app.environment import environment, forever
from commissary.app.ground import Ground
from commissary.base.env import Env
from commissary.base.outgoing import Limits, Outgoing
from commissary.base.settings import BadSettings, Settings

log = logging.getLogger("commissary.app")

JOBS = {
    orders.RECALL_JOB: orders.tell_holders,
    settlement.JOB: settlement.run_job,
    notify.RESEND_JOB: notify.run_resend,
    **bulk.HANDLERS,
}


@dataclass(frozen=True)
class Outward:
    """How suppliers, receivers of webhooks and witnesses are spoken to; a process that serves has it as well, for tests of
    connections, purchases by hand and suppliers' callbacks."""

    purchasing: supply.Purchasing
    buying: fulfilment.Buying
    inside: sandbox.Inside
    outside: Outgoing
    witnesses: Outgoing


@asynccontextmanager
async def outward(
    env: Env, settings: Settings, nudge: Callable[[], None] | None = None
) -> AsyncIterator[Outward]:
    """Closed at the end. `nudge`: tells the process that buys, if it is another."""

    def speak(limits: Limits) -> Outgoing:
        return Outgoing(production=settings.production, allow=tuple(settings.outgoing_allow), limits=limits)

    purchasing = supply.Purchasing(env, lambda: speak(supply.LIMITS), settings.public_url)
    inside = sandbox.Inside(env)
    purchasing.inside = inside.send_for
    made = Outward(
        purchasing,
        fulfilment.Buying(env, purchasing, elsewhere=nudge),
        inside,
        outside=speak(notify.LIMITS),
        witnesses=speak(Limits(total_seconds=5)),
    )
    try:
        yield made
    finally:
        await purchasing.close()
        await made.outside.close()
        await made.witnesses.close()


@dataclass
class Working:
    """One per process that works beside requests."""

    env: Env
    outward: Outward
    worker: worker.Worker
    keeper: provenance.Keeper
    statements: settlement.Puller
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    def of(cls, env: Env, outward: Outward, settings: Settings) -> "Working":
        return cls(
            env,
            outward,
            worker.Worker(env, outward.outside, outward.buying, JOBS),
            provenance.Keeper(
                env,
                host_of(settings),
                settings.log_folder,
                outward.witnesses,
                authority=authority_of(settings),
            ),
            settlement.Puller(env, outward.purchasing),
        )

    def start(self) -> None:
        self.worker.start()
        self.tasks = [
            asyncio.create_task(forever(name, every_s, work), name=name)
            for name, every_s, work in (
                ("log", 1, self._keep_log),
                ("log files", 1, self.keeper.publish),
                ("witnesses", 2, self.keeper.ask_witnesses),
                ("time stamps", 5, self.keeper.stamp),
                ("pulls", 3, self._pull),
                ("statements", 5, self._pull_statements),
                ("sandboxes", 0.3, self._sandboxes),
                ("nonces", 300, self._empty_nonces),
                ("partitions", 3600, self._make_partitions),
            )
        ]

    async def stop(self) -> None:
        """Finishes what is on its way, within some ten seconds. Before the database is closed."""
        await self.worker.stop()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.statements.close()

    async def _keep_log(self) -> None:
        await self.keeper.round()

    async def _pull(self) -> None:
        await supply.pull(self.env, self.outward.purchasing)

    async def _pull_statements(self) -> None:
        await self.statements.round()

    async def _sandboxes(self) -> None:
        await self.outward.inside.round(self.outward.buying)

    async def _empty_nonces(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select tenancy.empty_idle_nonces(%s)", (int(time.time()),))

    async def _make_partitions(self) -> None:
        async with self.env.db.transaction(None) as tx:
            await tx.execute("select orders.make_partitions(clock_timestamp(), 4)")


@asynccontextmanager
async def working(settings: Settings, on: Ground) -> AsyncIterator[Working]:
    """A process that works and serves nobody."""
    async with environment(settings, on) as env, outward(env, settings) as spoken:
        epochs = tenancy.Epochs(env.db)
        epochs.watch_any(lambda: tenancy.load_offsets(env))
        epochs.watch(spoken.purchasing.changed)
        await epochs.poll()
        made = Working.of(env, spoken, settings)
        settle_memory()
        made.start()
        watching = asyncio.create_task(watch(epochs), name="epochs")
        try:
            yield made
        finally:
            await made.stop()
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def watch(epochs: tenancy.Epochs) -> None:
    """Hear of what changed in malls."""
    await epochs.run(lambda error: log.warning("epochs: %s", type(error).__name__))


def settle_memory() -> None:
    """What is alive now stays; young objects of requests die by reference count. Left alone, the collector walked
    all prices and goods again and again: a third of the CPU of an order."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def host_of(settings: Settings) -> str:
    """Our public name, the first part of a log's origin."""
    return settings.public_url.partition("://")[2]


def authority_of(settings: Settings) -> provenance.Authority | None:
    """Who stamps time, if anybody. Raises BadSettings when its certificates cannot be read."""
    if settings.tsa_root is None:
        return None
    try:
        return provenance.Authority.read(settings.tsa_url, settings.tsa_root.read_bytes())
    except (OSError, ValueError) as error:
        raise BadSettings(f"COMMISSARY_TSA_ROOT: no certificates in PEM ({type(error).__name__})") from None
