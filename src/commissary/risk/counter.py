"""Sliding windows, one counter per rule, one small log per counted party.

Windows. Time is cut into ticks, and an event counts while `tick(now) - tick(event) < span`: the window is half-open, and
an event exactly `window_s` old no longer counts. A limit up to 64 uses ticks of a millisecond and is exact; a larger one
uses 64 ticks per window, so that it looks back between 63/64 of the window and the whole of it. A fine log keeps the
last limit + 1 events, so that above the limit a count says "at least".

Memory. A party seen once is one integer; later a list `[total, tick, amount, tick, amount, …]` without gaps. Parties
live in two generations: who is seen moves to the young one; when a window has passed, whoever still stands in the old
one has nothing left that counts, and it is dropped whole. All counters of a process share one `Room`: at its capacity
the largest old generation goes, that is, the idler half of the busiest counter's parties.

Time going backwards. By less than a window: counted at the party's last tick. By more: the clock was set; its log
starts afresh.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

FINE = 64
_MARGIN_S = 1.0

Slot = int | list[int]


@dataclass
class Room:
    """How many parties may be remembered, over all counters. `reserved` counts places given out, used or not."""

    capacity: int
    reserved: int = 0
    evicted: int = 0
    counters: "set[Counter]" = field(default_factory=set)
    condemned: list[dict[Any, Slot]] = field(default_factory=list)

    def grant(self) -> int:
        """Some more places for a young generation; frees as many when there are none."""
        step = min(4096, max(1, self.capacity // (4 * max(1, len(self.counters)))))
        while self.reserved + step > self.capacity:
            if not self.condemned and not self._condemn_largest():
                break  # more counters than places: each has one party
            self.free(self.reserved + step - self.capacity)
        self.reserved += step
        return step

    def free(self, most: int) -> None:
        """Dropping a dictionary of a million at once would stall the process; so little by little."""
        while most > 0 and self.condemned:
            last = self.condemned[-1]
            count = min(most, len(last))
            for _ in range(count):
                last.popitem()
            self.reserved -= count
            most -= count
            if not last:
                self.condemned.pop()

    def _condemn_largest(self) -> bool:
        largest = max(self.counters, key=lambda c: len(c.old), default=None)
        if largest is None or not largest.old:
            largest = max(self.counters, key=lambda c: len(c.young), default=None)
            if largest is None or not largest.young:
                return False
            largest.turn()
        self.evicted += len(largest.old)
        self.condemned.append(largest.old)
        largest.old = {}
        return True

    @property
    def entities(self) -> int:
        return sum(len(c.young) + len(c.old) for c in self.counters) + sum(len(d) for d in self.condemned)


class Counter:
    """Counts of one rule. `add` is the hot call of the whole engine."""

    __slots__ = ("_most", "_per_s", "_quota", "_room", "_span", "keep_s", "old", "turn_at", "young")

    def __init__(self, window_s: int, limit: int, room: Room) -> None:
        self.young: dict[Any, Slot] = {}
        self.old: dict[Any, Slot] = {}
        self.keep_s = window_s + _MARGIN_S
        self.turn_at = 0.0
        self._room = room
        self._quota = 0
        room.counters.add(self)
        self.fit(window_s, limit)

    def fit(self, window_s: int, limit: int) -> None:
        """Also for a changed limit, as long as the ticks stay the same."""
        fine = limit <= FINE
        self._per_s = 1000.0 if fine else FINE / window_s
        self._span = window_s * 1000 if fine else FINE
        self._most = 1 + 2 * (limit + 1 if fine else FINE)

    def add(self, party: Hashable, at_s: float, amount: int = 1) -> int:
        """Count, and say how much stands in the window now, this included."""
        tick = int(at_s * self._per_s)
        young = self.young
        slot = young.get(party)
        if slot is None:
            if at_s >= self.turn_at or len(young) >= self._quota or party in self.old:
                return self._enter(party, at_s, tick, amount)
            young[party] = tick if amount == 1 else [amount, tick, amount]
            return amount
        if isinstance(slot, int):
            log = young[party] = [1, slot, 1]
        else:
            log = slot
        last = log[-2]
        if tick > last:
            if log[1] <= tick - self._span:
                _expire(log, tick - self._span)
            log += (tick, amount)
            log[0] += amount
            if len(log) > self._most:
                log[0] -= log[2]
                del log[1:3]
        elif last - tick < self._span:
            log[-1] += amount
            log[0] += amount
        else:
            log[:] = (amount, tick, amount)
        return log[0]

    def add_late(self, party: Hashable, at_s: float, amount: int = 1) -> None:
        """Count something of the past, unless the window has left it behind."""
        slot = self.young.get(party) or self.old.get(party)
        if slot is not None:
            last = slot if isinstance(slot, int) else slot[-2]
            if last - int(at_s * self._per_s) >= self._span:
                return
        self.add(party, at_s, amount)

    def seen(self, party: Hashable, at_s: float) -> int:
        """How much stands in the window, without counting."""
        slot = self.young.get(party)
        if slot is None:
            slot = self.old.get(party)
            if slot is None:
                return 0
        tick = int(at_s * self._per_s)
        log = [1, slot, 1] if isinstance(slot, int) else slot
        if log[-2] - tick >= self._span:
            return 0
        horizon = max(tick, log[-2]) - self._span
        return sum(log[i + 1] for i in range(1, len(log), 2) if log[i] > horizon)

    def take_back(self, party: Hashable, at_s: float, amount: int) -> None:
        """Undo an `add` of that time, as far as it still counts. Leaves no empty entry behind: an attempt that was
        undone must not push an older one out of a fine log."""
        slot = self.young.get(party)
        generation = self.young
        if slot is None:
            slot = self.old.get(party)
            generation = self.old
        if slot is None:
            return
        tick = int(at_s * self._per_s)
        log = [1, slot, 1] if isinstance(slot, int) else slot
        for i in range(len(log) - 2, 0, -2):
            # Counted at its own tick, or, when the clock had gone back, at the next one there was.
            if log[i] == tick or (log[i] > tick and (i == 1 or log[i - 2] < tick)):
                back = min(amount, log[i + 1])
                log[i + 1] -= back
                log[0] -= back
                if not log[i + 1]:
                    del log[i : i + 2]
                generation[party] = log if len(log) > 1 else [0, tick, 0]
                return

    def sweep(self, at_s: float) -> None:
        """Turn generations of a counter that nobody new has come to, and after the clock was set back."""
        if self.turn_at and not self.turn_at - 2 * self.keep_s <= at_s < self.turn_at:
            self._turn_by_time(at_s)

    def turn(self) -> None:
        """The young become the old; the old are condemned, still holding their places until freed."""
        if self.old:
            self._room.condemned.append(self.old)
        self._room.reserved -= self._quota - len(self.young)
        self.old, self.young, self._quota = self.young, {}, 0

    def empty(self) -> None:
        """Forget everybody."""
        self.turn()
        self.turn()

    def leave(self) -> None:
        """Give everything back: the rule is gone."""
        self.empty()
        self._room.counters.discard(self)

    def _enter(self, party: Hashable, at_s: float, tick: int, amount: int) -> int:
        if at_s >= self.turn_at:
            self._turn_by_time(at_s)
        if len(self.young) >= self._quota:
            step = self._room.grant()  # may turn this very counter
            self._quota += step
        slot = self.old.pop(party, None)
        if slot is not None:
            self._room.reserved -= 1
            self.young[party] = slot
            return self.add(party, at_s, amount)
        self.young[party] = tick if amount == 1 else [amount, tick, amount]
        return amount

    def _turn_by_time(self, at_s: float) -> None:
        """Old parties were idle since before the last turn, which is at least a window ago. However late this comes, the
        young wait for the next turn: who is known is counted without looking at the clock here."""
        self.turn()
        self.turn_at = at_s + self.keep_s


def _expire(log: list[int], horizon: int) -> None:
    i, end, gone = 1, len(log), 0
    while i < end and log[i] <= horizon:
        gone += log[i + 1]
        i += 2
    log[0] -= gone
    del log[1:i]
