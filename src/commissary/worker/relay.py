"""From the outbox to the handlers. What several of them have not seen is read once; each works in a transaction of its own."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.worker.reactions import Reaction, Seen

log = logging.getLogger("commissary.worker")

ROWS_AT_ONCE = 50
POLL_S = 0.2  # also while events come in: a round costs the same for one row as for many
REST_S = (1, 5, 30)  # after a failure of a handler in a home

Rows = Sequence[tuple[int, Sequence[outbox.Event]]]
"""(number of the outbox row, its events), oldest first"""


@dataclass(frozen=True)
class _Reader:
    """A reaction and the kinds it hears."""

    reaction: Reaction
    kinds: frozenset[str]

    def heard(self, rows: Rows, after: int) -> list[Seen]:
        hears = self.reaction.hears
        return [
            (seq, no, event)
            for seq, events in rows
            if seq > after
            for no, event in enumerate(events)
            if event.kind in self.kinds and (hears is None or hears(event))
        ]


@dataclass
class Relay:
    """One per process. Two processes share the homes: whoever holds the position's row reads on."""

    env: Env
    reactions: Mapping[str, tuple[Reaction, ...]]
    moved: Callable[[], None] = lambda: None  # something came of it: senders may look
    _readers: dict[str, _Reader] = field(init=False)
    _failures: dict[tuple[int, str], tuple[int, float]] = field(default_factory=dict)
    _at_work: dict[tuple[int, str], asyncio.Task[None]] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        kinds: dict[str, set[str]] = {}
        known: dict[str, Reaction] = {}
        for kind, reactions in self.reactions.items():
            for reaction in reactions:
                if known.setdefault(reaction.name, reaction) != reaction:
                    raise ValueError(f"two reactions are called {reaction.name}")
                kinds.setdefault(reaction.name, set()).add(kind)
        self._readers = {name: _Reader(known[name], frozenset(kinds[name])) for name in known}

    async def run(self) -> None:
        """Until `stop`. A handler that is slow or fails holds up no other: who is at work or rests is left out."""
        try:
            while not self._stopping.is_set():
                try:
                    full = await self._round()
                except Exception:
                    log.exception("the relay failed")
                    full = False
                if full:  # there is more, as soon as this is done
                    if self._at_work:
                        await asyncio.wait(self._at_work.values(), timeout=POLL_S)
                    continue
                try:
                    await asyncio.wait_for(self._stopping.wait(), POLL_S)
                except TimeoutError:
                    continue
            await self._done()
        finally:
            for task in self._at_work.values():
                task.cancel()

    async def drain(self) -> None:
        """Hand over everything that is there."""
        while True:
            full = await self._round()
            worked = bool(self._at_work)
            await self._done()
            if not (full or worked):
                return

    async def stop(self) -> None:
        """What runs is finished."""
        self._stopping.set()

    async def _done(self) -> None:
        await asyncio.gather(*self._at_work.values())

    async def _round(self) -> bool:
        """Read once what those who stand at the same place have not seen. Whether a home had more than one reading's."""
        async with self.env.db.transaction(None) as tx:
            found = await db.rows(
                tx, "select home_id, seq, consumer from base.homes_to_read(%s)", (list(self._readers),)
            )
        now, groups = asyncio.get_running_loop().time(), dict[tuple[int, int], list[str]]()
        for home, seq, name in found:
            key = home, name
            if key not in self._at_work and now >= self._failures.get(key, (0, 0.0))[1]:
                groups.setdefault((home, seq), []).append(name)
        full = False
        for (home, after), names in sorted(groups.items()):
            try:
                full |= await self._read(home, after, names)
            except Exception:
                log.exception("the outbox of home %d could not be read", home)
        return full

    async def _read(self, home: int, after: int, names: Sequence[str]) -> bool:
        """Those for whom there is nothing in it have passed it; each of the others begins on his own."""
        async with self.env.db.transaction(mall_of(home)) as tx:
            rows = await outbox.read(tx, home, after, ROWS_AT_ONCE)
            if not rows:
                return False
            last = rows[-1][0]
            for_them = {name: self._readers[name].heard(rows, after) for name in names}
            await outbox.advance(tx, home, [name for name, seen in for_them.items() if not seen], last)
        for name, seen in for_them.items():
            if seen:
                task = asyncio.create_task(self._work(home, name, rows), name=f"relay {name}")
                self._at_work[home, name] = task
        return len(rows) >= ROWS_AT_ONCE

    async def _work(self, home: int, name: str, rows: Rows) -> None:
        """One handler's step; after a failure row by row, so that what stands before the bad one goes through."""
        key = home, name
        failures = self._failures.get(key, (0, 0.0))[0]
        try:
            if await self._step(home, name, self._first(name, rows) if failures else rows):
                self.moved()
            self._failures.pop(key, None)
        except Exception:
            log.exception("%s failed in home %d, time %d in a row", name, home, failures + 1)
            rest = REST_S[min(failures, len(REST_S)) - 1] if failures else 0
            self._failures[key] = failures + 1, asyncio.get_running_loop().time() + rest
        finally:
            del self._at_work[key]

    def _first(self, name: str, rows: Rows) -> Rows:
        """Up to the first row that has something for this one."""
        seen = self._readers[name].heard(rows, 0)
        return [row for row in rows if row[0] <= seen[0][0]]

    async def _step(self, home: int, name: str, rows: Rows) -> object:
        """Handle, move the position: one transaction. What came of it; None if another process has it."""
        reader, came_of_it = self._readers[name], None
        async with self.env.db.transaction(mall_of(home), reader.reaction.role) as tx:
            at = await outbox.hold(tx, home, name)
            if at is None or at >= rows[-1][0]:
                return None
            if seen := reader.heard(rows, at):
                came_of_it = await reader.reaction.handle(tx, self.env, home, seen)
            await outbox.advance(tx, home, [name], rows[-1][0])
        return came_of_it
