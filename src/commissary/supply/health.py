"""How a connection has done lately, and the breaker over it. In memory of one process; times are monotonic seconds."""

from collections import deque
from dataclasses import dataclass, field

WINDOW_S = 60.0
MOST_KEPT = 200
LEAST_RESULTS = 10
BREAKS_AT_BP = 4_000
PROBES_TO_RETURN = 3
SMOOTHING = 0.1


@dataclass(slots=True)
class Health:
    """`good` results were bought or clearly refused for a reason of the goods; silence and nonsense are not."""

    in_flight: int = 0
    success_bp: float = 10_000.0
    latency_ms: float = 0.0
    probes: int = 0  # that went well, one after the other, while paused
    _lately: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def note(self, now_s: float, good: bool, latency_ms: float) -> None:
        self.success_bp += SMOOTHING * ((10_000 if good else 0) - self.success_bp)
        self.latency_ms += SMOOTHING * (latency_ms - self.latency_ms)
        self._lately.append((now_s, good))

    def broken(self, now_s: float) -> bool:
        """Of enough results within the window, too many were bad."""
        while self._lately and self._lately[0][0] < now_s - WINDOW_S:
            self._lately.popleft()
        count = len(self._lately)
        if count < LEAST_RESULTS:
            return False
        bad = sum(not good for _, good in self._lately)
        return bad * 10_000 >= BREAKS_AT_BP * count

    def failures_bp(self) -> int:
        count = len(self._lately)
        return 0 if not count else sum(not good for _, good in self._lately) * 10_000 // count

    def probed(self, good: bool) -> bool:
        """Whether it may be bought from again. What went wrong before is forgotten then."""
        self.probes = self.probes + 1 if good else 0
        if self.probes < PROBES_TO_RETURN:
            return False
        self.probes = 0
        self._lately.clear()
        return True
