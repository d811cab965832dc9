"""Everything that works beside requests, in one process."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from datetime import timedelta
from typing import Any

from commissary import fulfilment, jobs, notify, pricing
from commissary.base.env import Env
from commissary.base.outgoing import Outgoing
from commissary.worker.reactions import REACTIONS, Reaction
from commissary.worker.relay import Relay
from commissary.worker.schedule import SCHEDULE, Clockwork, Periodic, everywhere

log = logging.getLogger("commissary.worker")

RESTOCK, RESTOCK_EVERY = "stock.restock", timedelta(minutes=1)


class Worker:
    """Events, prices to tell, webhooks, jobs, schedules and buying. `start` inside a running loop; `stop` finishes what is on its way. Any number of processes may have one.

    `outgoing` is for webhooks alone, made with `notify.LIMITS`. `handlers`: job kind → handler.
    """

    def __init__(
        self,
        env: Env,
        outgoing: Outgoing,
        buying: fulfilment.Buying | None = None,
        handlers: Mapping[str, jobs.Handler] | None = None,
        *,
        reactions: Mapping[str, tuple[Reaction, ...]] = REACTIONS,
        schedule: Sequence[Periodic] = SCHEDULE,
    ) -> None:
        self.sender = notify.Sender(env, outgoing)
        self.relay = Relay(env, reactions, moved=self.sender.nudge)
        self.teller = pricing.Teller(env)
        self.runner = jobs.Runner(env, handlers or {})
        if buying is not None:
            schedule = [*schedule, Periodic(RESTOCK, RESTOCK_EVERY, everywhere(buying.restock))]
        self.clockwork = Clockwork(env, schedule)
        self.buying = buying
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            self._begin("relay", self.relay.run()),
            self._begin("prices", self.teller.run()),
            self._begin("webhooks", self.sender.run()),
            self._begin("jobs", self.runner.run()),
            self._begin("schedule", self.clockwork.run()),
        ]
        if self.buying is not None:
            self._tasks.append(self._begin("buying", self.buying.run()))

    async def stop(self) -> None:
        """At most some ten seconds: as long as a receiver may take to answer. Before the database is closed."""
        await self.relay.stop()
        await self.clockwork.stop()
        await self.teller.stop()
        await asyncio.gather(self.runner.stop(), self.sender.stop())
        if self.buying is not None:
            await self.buying.stop()
        _, late = await asyncio.wait(self._tasks, timeout=10) if self._tasks else (set(), set())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                log.critical("%s ended", name, exc_info=error)

        task = asyncio.create_task(work, name=name)
        task.add_done_callback(ended)
        return task
