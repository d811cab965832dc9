"""The console's list of work, for tests of the verbs that it leads to."""

from collections.abc import Sequence
from typing import Any

from commissary.base.env import Env
from commissary.fulfilment import listing
from commissary.fulfilment.types import WorkItem
from commissary.tenancy.types import Actor


async def list_work(
    env: Env,
    actor: Actor,
    *,
    states: Sequence[str] = ("waiting", "working"),
    cursor: str | None = None,
    size: int = 50,
    **query: Any,
) -> list[WorkItem]:
    """A page, oldest first."""
    asked = listing.WorkQuery(status=tuple(states), **query)  # type: ignore[arg-type]
    found, _ = await listing.look(env, actor, asked, sort=None, cursor=cursor, size=size)
    return found[:size]
