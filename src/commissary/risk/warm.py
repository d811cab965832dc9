"""Counting goes on over a restart, and over a lane that moves to another process: the orders that still count are read
once, before the first order of the mall is judged here.

The orders of a mall are known to a higher domain, so the composition root hands in how to read them. What is read is
what was accepted: attempts that were refused are known to the process that refused them alone, and are forgotten with it;
so is the address that a buyer's program called from, which no order keeps.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence

from commissary.base.env import Env
from commissary.risk.engine import Engine
from commissary.risk.types import Facts

log = logging.getLogger("commissary.risk")

MOST = 100_000

History = Callable[[Env, int, float, int], Awaitable[Sequence[Facts]]]
"""(env, mall, since which Unix second, at most how many: the youngest) → orders"""


async def warm(env: Env, engine: Engine, mall: int, history: History, most: int = MOST) -> int:
    """Fill the counters of a mall with its orders of the longest window, at most `most`; how many there were."""
    window_s = engine.looks_back_s(mall)
    if not window_s:
        return 0
    found = await history(env, mall, env.clock().timestamp() - window_s, most)
    engine.refill(mall, found)
    if found:
        log.info("mall %d: %d orders of the last %d s are counted again", mall, len(found), window_s)
    return len(found)
