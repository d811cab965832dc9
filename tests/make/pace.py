"""How fast this machine is just now, so that a bound in seconds bounds the product and not the machine."""

import hashlib
import threading
import time

WORK = 60_000  # rounds of PBKDF2: pure computing, and it lets other threads run meanwhile
USUAL_S = 0.011  # that work on the machine where the bounds were chosen, with nothing beside it
EVERY_S = 0.2


class Pace:
    """Does the same small piece of work again and again while a test runs: `with Pace() as pace: … pace.patience(5)`."""

    def __init__(self) -> None:
        self._took: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Pace":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def slowness(self) -> float:
        """1 on that machine when it is idle, 3 on one three times slower, or where others take two thirds of it."""
        took = self._took or [_work()]
        return max(1.0, sum(took) / len(took) / USUAL_S)

    def patience(self, seconds: float) -> float:
        return seconds * self.slowness

    def _run(self) -> None:
        while True:
            self._took.append(_work())
            if self._ended.wait(EVERY_S):
                return


def _work() -> float:
    began = time.perf_counter()
    hashlib.pbkdf2_hmac("sha256", b"pace", b"pace", WORK)
    return time.perf_counter() - began
