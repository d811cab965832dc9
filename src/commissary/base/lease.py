"""A lease on a row, renewed while its work goes on: it may be short, so that a process that dies keeps others away no longer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

log = logging.getLogger("commissary.lease")

IN_TIME = 4  # three renewals may fail before it ends


def keep(
    name: str,
    length: timedelta,
    renew: Callable[[], Awaitable[bool]],
    lost: Callable[[], object] = lambda: None,
) -> "asyncio.Task[None]":
    """A task, to be cancelled when the work is over. `renew` answers whether the lease was still ours; when it was not, `lost`
    is called once and the task ends. A renewal that fails is tried again: the row may still be ours."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(length.total_seconds() / IN_TIME)
            try:
                kept = await renew()
            except Exception:
                log.exception("the lease of %s could not be renewed", name)
                continue
            if not kept:
                lost()
                return

    return asyncio.create_task(beat(), name=f"lease of {name}")
