"""What waits and what was decided, for whoever may see it."""

from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.approvals import store
from commissary.approvals.decide import seen, whose_stead, witnesses
from commissary.approvals.types import ActName, Comment, Line, Request, View
from commissary.base import db
from commissary.base.env import Env
from commissary.tenancy.types import Actor

MOST_OPEN = 1000  # a mall that has more waiting has another problem


class Shown(msgspec.Struct, frozen=True):
    """`stead`: 0, he may decide it by his own right; a person, in whose stead; None, he may not. `mentioned_at`: when a comment
    last called upon him."""

    request: Request
    stead: int | None
    mentioned_at: datetime | None = None


async def list_requests(
    env: Env, actor: Actor, view: View, *, before: int | None = None, size: int = 50
) -> list[Shown]:
    """`to_decide`: what he may decide, the one that is due first on top. `mine`: what he asked for. `open`, `decided`: all of the
    mall for who reads approvals, else what he may see of them. `mentioned`: in whose comments he is called upon, as far as he may
    see them still. Newest first."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        if view == "to_decide":
            return (await to_decide(tx, env, actor))[:size]
        if view == "mentioned":
            return await _mentioned(tx, env, actor, before, size)
        all_ = tenancy.allows(actor, "approvals.read")
        maker = None if all_ and view != "mine" else int(actor.id)
        is_open = {"open": True, "decided": False}.get(view)
        found = await store.requests(tx, mall, maker=maker, is_open=is_open, before=before, size=size)
        stead = await whose_stead(tx, env, actor, found)
    return [Shown(r, stead.get(r.id) if r.decision is None else None) for r in found]


async def _mentioned(tx: db.Tx, env: Env, actor: Actor, before: int | None, size: int) -> list[Shown]:
    mall, person, found = actor.mall_id, int(actor.id), list[Shown]()
    reads = tenancy.allows(actor, "approvals.read")
    while len(found) < size:
        some = await store.requests(tx, mall, mentions=person, before=before, size=size)
        stead = await whose_stead(tx, env, actor, some)
        at = await store.mentioned_at(tx, mall, person, [r.id for r in some])
        found += [
            Shown(r, stead.get(r.id) if r.decision is None else None, at[r.id])
            for r in some
            if reads or r.maker_id == person or r.id in stead
        ]
        if len(some) < size:
            break
        before = some[-1].id
    return found[:size]


async def to_decide(tx: db.Tx, env: Env, actor: Actor) -> list[Shown]:
    """Open, in time, and his to decide; due first on top."""
    now = env.now(actor.mall_id)
    some = await store.requests(tx, actor.mall_id, is_open=True, size=MOST_OPEN)
    some = [r for r in some if r.expires_at > now]
    stead = await whose_stead(tx, env, actor, some)
    found = [Shown(r, stead[r.id]) for r in some if r.id in stead]
    return sorted(found, key=lambda s: (s.request.due_at, s.request.id))


async def get_request(env: Env, actor: Actor, request_id: int) -> tuple[Shown, list[Comment], dict[int, str]]:
    """With what was said, and the people whom a comment may call upon. Refuses not_found, also for who may not see it."""
    async with env.db.transaction(actor.mall_id) as tx:
        request = await seen(tx, env, actor, request_id)
        stead = None
        if request.decision is None:
            stead = (await whose_stead(tx, env, actor, [request])).get(request.id)
        people = await witnesses(tx, env, actor.mall_id, request)
        return Shown(request, stead), await store.comments(tx, actor.mall_id, request_id), people


async def list_lines(
    env: Env, actor: Actor, request_id: int, *, warned: bool, after: int, size: int
) -> list[tuple[int, Line]]:
    """What it would change, part by part, as it was asked for. Refuses not_found, also for who may not see it."""
    async with env.db.transaction(actor.mall_id) as tx:
        await seen(tx, env, actor, request_id)
        return await store.numbered_lines(
            tx, actor.mall_id, request_id, warned=warned, after=after, size=size
        )


async def waiting_for(
    tx: db.Tx, mall: int, what: type[msgspec.Struct], subject: str, after: int, now: datetime
) -> int | None:
    """The request for this act on this subject that waits, of whomever; made later than `after`, an id."""
    asked = {"mall": mall, "kind": what.__name__, "subject": subject, "after": after, "now": now}
    found = await db.row(tx, store.Q.waiting_for, asked)
    return None if found is None else int(found[0])


async def is_asked_about(tx: db.Tx, mall: int, *acts: ActName) -> bool:
    """Whether a rule of the mall may put one of these acts before a second person, at whatever amount."""
    return any(rule.mode != "off" for rule in await store.rules(tx, mall, acts))
