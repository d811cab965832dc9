"""The delivery log, replay, and tidying up."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import mall_of
from commissary.notify.endpoints import visible
from commissary.notify.store import Q, homes_of
from commissary.notify.types import DeliveryState, NotifyRefusal
from commissary.tenancy.types import Actor

REPLAY_MAX = 10_000
KEPT = timedelta(days=30)
PRUNED_AT_ONCE = 1_000
ID_MAX = 2**63 - 1

ENDED = Q.ended.format(asked=Q.asked)
REPLAY, REPLAYABLE = Q.replay.format(ended=ENDED), Q.replayable.format(ended=ENDED)
LIST = Q.list_deliveries.format(asked=Q.asked)


class DeliveryView(msgspec.Struct, frozen=True):
    """`due_at` is the next try of a waiting one, the end of the lease of one being sent."""

    home_id: int
    id: int
    endpoint_id: int
    event_id: str
    event: str
    subject_id: int
    n: int
    state: DeliveryState
    reason: str
    attempts: int
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None


class AttemptView(msgspec.Struct, frozen=True):
    """`answer` is the beginning of what the receiver said; no status when nothing came."""

    at: datetime
    status: int | None
    error: str
    elapsed_ms: int
    answer: str


async def list_deliveries(
    env: Env,
    actor: Actor,
    *,
    organisation_id: int | None = None,
    endpoint_id: int | None = None,
    subject_id: int | None = None,
    state: DeliveryState | None = None,
    event: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int = ID_MAX,
    size: int = 50,
) -> list[DeliveryView]:
    """Newest first; a partner sees its own only."""
    facts = homes_of(actor.mall_id) | {
        "mall": actor.mall_id,
        "organisation": visible(actor, organisation_id),
        "endpoint": endpoint_id,
        "subject": subject_id,
        "state": state,
        "event": event,
        "since": since,
        "until": until,
        "before": before,
        "size": size,
    }
    async with env.db.transaction(actor.mall_id) as tx:
        return [_view(r) for r in await db.rows(tx, LIST, facts)]


async def get_delivery(
    env: Env, actor: Actor, delivery_id: int
) -> tuple[DeliveryView, bytes, list[AttemptView]]:
    """A delivery, the body as signed and sent, and its tries, latest first. Refuses `delivery_not_found`."""
    facts = homes_of(actor.mall_id) | {
        "mall": actor.mall_id,
        "organisation": visible(actor, None),
        "id": delivery_id,
    }
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.row(tx, Q.delivery, facts)
        if found is None:
            raise Refused(NotifyRefusal.delivery_not_found)
        view = _view(found[:-1])
        tries = await db.rows(tx, Q.attempts, {"home": view.home_id, "delivery": delivery_id})
    return view, bytes(found[-1]), [AttemptView(*r) for r in tries]


class Ended(msgspec.Struct, frozen=True):
    """Which of the deliveries that ended: by ids, or by all of what else is said. `beyond`: with a greater id alone. `ended_by`: not
    later than then."""

    delivery_ids: Sequence[int] | None = None
    endpoint_id: int | None = None
    subject_id: int | None = None
    event: str | None = None
    state: DeliveryState | None = None
    beyond: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    ended_by: datetime | None = None

    def is_everything(self) -> bool:
        """What there ever was, which is no plausible wish."""
        said = (self.delivery_ids, self.endpoint_id, self.subject_id, self.event, self.state, self.since)
        return all(one is None for one in said)


async def replay(env: Env, actor: Actor, wanted: Ended) -> list[int]:
    """Send again what ended, with the same webhook-id and body, from the start of the schedule; the ids, at most
    10,000 at once. What is still open, or whose endpoint is disabled, is left as it is.

    Replayed deliveries of one subject go in their order, but behind what was delivered meanwhile: receivers compare
    `sequence`.
    """
    organisation = whose(actor)
    if wanted.is_everything():
        return []
    async with env.db.transaction(actor.mall_id) as tx:
        again = await replay_in(tx, env, actor.mall_id, organisation, wanted, REPLAY_MAX)
        if again:
            told = {"count": len(again), "first": str(again[0]), "last": str(again[-1])}
            whole = wanted.endpoint_id is not None
            subject = f"webhook:{wanted.endpoint_id}" if whole else f"delivery:{again[0]}"
            await tenancy.audit(tx, env, actor, "webhook.replay", subject, None, told)
    return again


async def count_replayable(env: Env, actor: Actor, wanted: Ended) -> int:
    """How many `replay` would send again in all, some of them in further calls. Writes nothing."""
    organisation = whose(actor)
    if wanted.is_everything():
        return 0
    async with env.db.transaction(actor.mall_id) as tx:
        return await count_in(tx, actor.mall_id, organisation, wanted)


async def replay_in(
    tx: db.Tx, env: Env, mall: int, organisation: int | None, wanted: Ended, most: int
) -> list[int]:
    """The first of them, by id, of one company or of all, in the caller's transaction."""
    facts = _asked(mall, organisation, wanted) | {"now": env.now(mall), "most": most}
    return sorted(id_ for (id_,) in await db.rows(tx, REPLAY, facts))


async def count_in(tx: db.Tx, mall: int, organisation: int | None, wanted: Ended) -> int:
    found = await db.row(tx, REPLAYABLE, _asked(mall, organisation, wanted))
    return int(found[0]) if found else 0


def whose(actor: Actor) -> int | None:
    """Of which company he may send again; None: of any. Refuses `forbidden`."""
    if tenancy.allows(actor, "notify.write"):
        return None
    tenancy.require(actor, "own.webhooks.write")
    return actor.organisation_id


def _asked(mall: int, organisation: int | None, wanted: Ended) -> dict[str, object]:
    return homes_of(mall) | {
        "mall": mall,
        "organisation": organisation,
        "ids": None if wanted.delivery_ids is None else list(wanted.delivery_ids),
        "endpoint": wanted.endpoint_id,
        "subject": wanted.subject_id,
        "event": wanted.event,
        "state": wanted.state,
        "beyond": wanted.beyond,
        "since": wanted.since,
        "until": wanted.until,
        "ended_by": wanted.ended_by,
    }


async def prune(env: Env, kept: timedelta = KEPT) -> int:
    """Forget deliveries that ended long ago, with their attempts; a thousand per transaction."""
    before, count = env.clock() - kept, 0
    async with env.db.transaction(None) as tx:
        homes = [home for (home,) in await db.rows(tx, Q.homes_ended, {"before": before})]
    for home in homes:
        gone = PRUNED_AT_ONCE
        while gone == PRUNED_AT_ONCE:
            async with env.db.transaction(mall_of(home)) as tx:
                facts = {"home": home, "before": before, "most": PRUNED_AT_ONCE}
                gone = await db.run(tx, Q.prune, facts)
            count += gone
    return count


def _view(r: Sequence[object]) -> DeliveryView:
    view = DeliveryView(*r)  # type: ignore[arg-type]
    return msgspec.structs.replace(view, state=DeliveryState(view.state))
