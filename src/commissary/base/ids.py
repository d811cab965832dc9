"""63-bit time-ordered ids: 41 bits of milliseconds since 2025, 10 bits of node, 12 bits of sequence.

They come from the application, never from a database sequence, so that rows can live in any home. A node number is
leased (tenancy of nodes: `base.node`), and a generator never goes backwards: when the clock does, it keeps counting
from its last value. At most 4,096 ids per millisecond and node; past that it borrows the next millisecond.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
NODE_BITS = 10
SEQUENCE_BITS = 12
SHIFT = NODE_BITS + SEQUENCE_BITS
LAST_ID = 2**63 - 1
SLACK = timedelta(minutes=10)  # ids are made by the clocks of several processes, a moment before their rows
_SEQUENCE = (1 << SEQUENCE_BITS) - 1


class Ids:
    """One per process. `now_ms` is passed in so that tests and simulations own time."""

    def __init__(self, node: int, now_ms: Callable[[], int], high_water: int = 0) -> None:
        if not 0 <= node < 1 << NODE_BITS:
            raise ValueError(f"node {node} is outside 0..1023")
        self._node = node << SEQUENCE_BITS
        self._now_ms = now_ms
        self._tick = 0  # milliseconds and sequence in one number, so that a carry is an addition
        self._tick = self._ticks_of(high_water)

    @staticmethod
    def _ticks_of(id_: int) -> int:
        return (id_ >> SHIFT << SEQUENCE_BITS) | (id_ & _SEQUENCE)

    def new(self) -> int:
        tick, now = self._tick + 1, (self._now_ms() - EPOCH_MS) << SEQUENCE_BITS
        self._tick = tick = now if now > tick else tick
        sequence = tick & _SEQUENCE
        return ((tick ^ sequence) << NODE_BITS) | self._node | sequence

    def move(self, node: int, high_water: int) -> None:
        """Go on as another node: the lease of the old number was lost, and somebody else may have it."""
        if not 0 <= node < 1 << NODE_BITS:
            raise ValueError(f"node {node} is outside 0..1023")
        self._node = node << SEQUENCE_BITS
        self._tick = max(self._tick, self._ticks_of(high_water))

    def many(self, count: int) -> list[int]:
        new = self.new
        return [new() for _ in range(count)]


def at_ms(id_: int) -> int:
    """Unix milliseconds at which the id was made (or borrowed from)."""
    return (id_ >> SHIFT) + EPOCH_MS


def first_at(unix_ms: int) -> int:
    """The smallest id of that millisecond: the bound of a time partition."""
    return (unix_ms - EPOCH_MS) << SHIFT


def id_at(at: datetime) -> int:
    """The smallest id of that instant, within what a column holds: a window of time is a range of the index."""
    return min(max(first_at(int(at.timestamp() * 1000)), 0), LAST_ID)
