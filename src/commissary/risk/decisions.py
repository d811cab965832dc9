"""Verdicts that were not a plain yes: kept with their evidence, written beside the order path and not in it."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import mall_of
from commissary.risk import store
from commissary.risk.types import Action, Decision
from commissary.tenancy.types import Actor

AT_ONCE = 500


async def record(tx: db.Tx, home: int, decisions: Sequence[Decision]) -> int:
    """Write decisions of one home, in the caller's transaction; one that is there already is left as it is."""
    return await store.record(tx, home, decisions) if decisions else 0


@dataclass
class DecisionLog:
    """Decisions on their way to the database. Never makes an order wait: when full, the oldest is dropped and counted
    in `dropped`."""

    capacity: int = 20_000
    dropped: int = 0
    written: int = 0
    _waiting: deque[tuple[int, Decision]] = field(default_factory=deque)

    def note(self, home: int, decision: Decision) -> None:
        """Only what has hits is worth keeping; a plain yes is not written."""
        if not decision.hits:
            return
        if len(self._waiting) >= self.capacity:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append((home, decision))

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    async def flush(self, env: Env) -> int:
        """Write what waits now, home by home; how many were new. What fails is put back in front and the error raised:
        the next flush tries again."""
        homes: dict[int, list[Decision]] = {}
        while self._waiting:
            home, decision = self._waiting.popleft()
            homes.setdefault(home, []).append(decision)
        written = 0
        try:
            while homes:
                home = next(iter(homes))
                some = homes[home][:AT_ONCE]
                async with env.db.transaction(mall_of(home)) as tx:
                    written += await record(tx, home, some)
                del homes[home][:AT_ONCE]
                if not homes[home]:
                    del homes[home]
        finally:
            self._put_back(homes)
            self.written += written
        return written

    def _put_back(self, homes: dict[int, list[Decision]]) -> None:
        left = [(home, decision) for home, some in homes.items() for decision in some]
        room = max(0, self.capacity - len(self._waiting))
        keep = left[-room:] if room else []
        self.dropped += len(left) - len(keep)
        self._waiting.extendleft(reversed(keep))


async def list_decisions(
    env: Env,
    actor: Actor,
    *,
    verdict: Action | None = None,
    buyer_id: int | None = None,
    order_id: int | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Decision]:
    """Newest first."""
    tenancy.require(actor, "risk.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.list_decisions(
            tx,
            actor.mall_id,
            verdict=verdict,
            buyer_id=buyer_id,
            order_id=order_id,
            before=before,
            size=size,
        )


async def get_decision(env: Env, actor: Actor, decision_id: int) -> Decision:
    tenancy.require(actor, "risk.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.decision(tx, actor.mall_id, decision_id)
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return found
