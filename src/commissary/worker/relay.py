"""From the outbox to the handlers: for each reaction, each home that has something new for it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.worker.reactions import Reaction

log = logging.getLogger("commissary.worker")

ROWS_AT_ONCE = 50
POLL_S = 0.2  # also while events come in: a round costs the same for one row as for many
REST_S = (1, 5, 30)  # after a failure of a handler in a home


@dataclass
class Relay:
    """One per process. Two processes share the homes: whoever holds the position's row reads on."""

    env: Env
    reactions: Mapping[str, tuple[Reaction, ...]]
    moved: Callable[[], None] = lambda: None  # something came of it: senders may look
    _failures: dict[tuple[str, int], tuple[int, float]] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def consumers(self) -> dict[str, tuple[Reaction, frozenset[str]]]:
        """name → (reaction, the kinds it hears)"""
        kinds: dict[str, set[str]] = {}
        known: dict[str, Reaction] = {}
        for kind, reactions in self.reactions.items():
            for reaction in reactions:
                if known.setdefault(reaction.name, reaction) != reaction:
                    raise ValueError(f"two reactions are called {reaction.name}")
                kinds.setdefault(reaction.name, set()).add(kind)
        return {name: (known[name], frozenset(kinds[name])) for name in known}

    async def run(self) -> None:
        """Until `stop`; each reaction at its own pace, so that a slow or failing one holds up no other."""
        await asyncio.gather(*(self._run(*one) for one in self.consumers().values()))

    async def drain(self) -> int:
        """Hand over everything that is there; how many outbox rows, over all reactions."""
        total = 0
        for reaction, kinds in self.consumers().values():
            while rows := await self._round(reaction, kinds):
                total += rows
        return total

    async def stop(self) -> None:
        """The round that runs is finished."""
        self._stopping.set()

    async def _run(self, reaction: Reaction, kinds: frozenset[str]) -> None:
        while not self._stopping.is_set():
            try:
                rows = await self._round(reaction, kinds)
            except Exception:
                log.exception("the relay of %s failed", reaction.name)
                rows = 0
            if rows >= ROWS_AT_ONCE:
                continue
            try:
                await asyncio.wait_for(self._stopping.wait(), POLL_S)
            except TimeoutError:
                continue

    async def _round(self, reaction: Reaction, kinds: frozenset[str]) -> int:
        async with self.env.db.transaction(None) as tx:
            homes = await db.rows(
                tx, "select home_id from base.homes_with_events(%s) order by home_id", (reaction.name,)
            )
        total, now = 0, asyncio.get_running_loop().time()
        for (home,) in homes:
            failures, until = self._failures.get((reaction.name, home), (0, 0.0))
            if now < until:
                continue
            try:
                # After a failure row by row: what stands before the bad one goes through.
                rows, came_of_it = await self._step(reaction, kinds, home, 1 if failures else ROWS_AT_ONCE)
                total += rows
                if came_of_it:
                    self.moved()
                if failures:
                    del self._failures[reaction.name, home]
            except Exception:
                log.exception("%s failed in home %d, time %d in a row", reaction.name, home, failures + 1)
                rest = REST_S[min(failures, len(REST_S)) - 1] if failures else 0
                self._failures[reaction.name, home] = (failures + 1, now + rest)
        return total

    async def _step(
        self, reaction: Reaction, kinds: frozenset[str], home: int, most: int
    ) -> tuple[int, bool]:
        """Read, handle, move the position: one transaction. How many rows, and whether anything came of them."""
        came_of_it = False
        async with self.env.db.transaction(mall_of(home), reaction.role) as tx:
            position = await db.row(
                tx,
                """select seq from base.outbox_position where home_id = %s and consumer = %s
                   for update skip locked""",
                (home, reaction.name),
            )
            if position is None:  # the first time, or another process has it
                await outbox.advance(tx, home, reaction.name, 0)
                position = await db.row(
                    tx,
                    "select seq from base.outbox_position where home_id = %s and consumer = %s",
                    (home, reaction.name),
                )
                assert position is not None
            rows = await outbox.read(tx, home, position[0], most)
            seen = [
                (seq, no, event)
                for seq, events in rows
                for no, event in enumerate(events)
                if event.kind in kinds
            ]
            if seen:
                came_of_it = bool(await reaction.handle(tx, self.env, home, seen))
            if rows:
                await outbox.advance(tx, home, reaction.name, rows[-1][0])
        return len(rows), came_of_it
