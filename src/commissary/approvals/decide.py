"""A second person decides: the act is done in the transaction of the decision, or nothing of it is.

locked ─► open? ─► in time? ─► may he? ─► is what he saw what is stored, and what was asked?
                                                 │ approve
                      ┌ one savepoint ───────────▼──────────────────────────────┐
                      │ may the maker still? does the subject still hold? do it │
                      └───────┬──────────────────────────────┬──────────────────┘
                          done: approved                 a refusal: failed, with its code
"""

from collections.abc import Sequence

import msgspec

from commissary import tenancy
from commissary.approvals import rules, store
from commissary.approvals.acts import Acts, event, seal_of
from commissary.approvals.types import ApprovalRefusal, Comment, Decision, Delegate, Request, State
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home as home_of
from commissary.tenancy.types import Actor


async def decide(
    env: Env, acts: Acts, actor: Actor, request_id: int, *, approve: bool, seal: str, comment: str = ""
) -> Request:
    """The request with its decision: approved, refused, or failed when the act could not be done any more.

    Refuses own_request, not_yours_to_decide, already_decided, request_expired, seen_otherwise, not_found. Two at once: one
    decision. Publishes `approval.decided`.
    """
    mall, person = actor.mall_id, _person(actor)
    async with env.db.transaction(mall) as tx:
        role = acts.of[(await store.request(tx, mall, request_id)).kind].role
    async with env.db.transaction(mall, role) as tx:
        await db.run(tx, store.Q.one_at_a_time, {"id": request_id})
        request, now = await store.request(tx, mall, request_id), env.now(mall)
        instead_of = await _right(tx, env, actor, request)
        if request.decision is not None:
            raise Refused(ApprovalRefusal.already_decided, state=request.state)
        if request.expires_at <= now:
            raise Refused(ApprovalRefusal.request_expired)
        if seal != request.seal.hex():
            raise Refused(ApprovalRefusal.seen_otherwise)
        state: State = "approved" if approve else "refused"
        made = Decision(state, person, instead_of or None, comment, None, None, now)
        if approve:
            try:
                async with tx.transaction():
                    result = await _do(tx, env.within(tx, mall, role), acts, actor, request)
                made = msgspec.structs.replace(made, result=store.plain(result))
            except Refused as no:
                made = msgspec.structs.replace(made, state="failed", failure=no.refusal.code)
        return await _end(tx, env, actor, request, made)


async def withdraw(env: Env, actor: Actor, request_id: int, comment: str = "") -> Request:
    """By whoever asked. Refuses not_yours_to_withdraw, already_decided."""
    mall, person = actor.mall_id, _person(actor)
    async with env.db.transaction(mall) as tx:
        await db.run(tx, store.Q.one_at_a_time, {"id": request_id})
        request = await seen(tx, env, actor, request_id)
        if request.maker_id != person:
            raise Refused(ApprovalRefusal.not_yours_to_withdraw)
        if request.decision is not None:
            raise Refused(ApprovalRefusal.already_decided, state=request.state)
        made = Decision("withdrawn", person, None, comment, None, None, env.now(mall))
        return await _end(tx, env, actor, request, made)


async def add_comment(
    env: Env, actor: Actor, request_id: int, words: str, mentions: Sequence[int] = ()
) -> list[Comment]:
    """By whoever may see it; all of them. `mentions`: people whom it calls upon, each of whom may see it too; refuses
    invalid_request. Publishes `approval.mentioned`."""
    mall, person, now = actor.mall_id, _person(actor), env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        request = await seen(tx, env, actor, request_id)
        may_see = await witnesses(tx, env, mall, request) if mentions else {}
        for n, called in enumerate(mentions):
            if called not in may_see:
                raise invalid(f"mentions[{n}]", "nobody who may see this request")
        called_upon = sorted(set(mentions) - {person})
        said = Comment(env.ids.new(), person, words, now, called_upon)
        await store.add_comment(tx, mall, request_id, said)
        told = {"words": words, "mentions": [str(p) for p in called_upon]}
        await tenancy.audit(tx, env, actor, "approval.comment", f"approval:{request_id}", None, told)
        if called_upon:
            about = event("approval.mentioned", env, actor, request)
            about.data["people"] = told["mentions"]
            await outbox.publish(tx, home_of(mall), [about], now)
        return await store.comments(tx, mall, request_id)


async def witnesses(tx: db.Tx, env: Env, mall: int, request: Request) -> dict[int, str]:
    """The mall's people who may see it, with their names."""
    staff = await tenancy.staff(tx, mall)
    readers = await tenancy.holders_of(tx, mall, "approvals.read")
    holders, delegates = await _deciders(tx, env, mall)
    return {
        person: name
        for person, name in staff.items()
        if person == request.maker_id
        or person in readers
        or rules.in_whose_stead(request, holders, delegates, person) is not None
    }


async def seen(tx: db.Tx, env: Env, actor: Actor, request_id: int) -> Request:
    """By who reads approvals, who asked, and who may decide. To all others it is not there."""
    request = await store.request(tx, actor.mall_id, request_id)
    if tenancy.allows(actor, "approvals.read") or request.maker_id == _person(actor):
        return request
    if await whose_stead(tx, env, actor, [request]):
        return request
    raise Refused(RequestRefusal.not_found)


async def whose_stead(tx: db.Tx, env: Env, actor: Actor, some: list[Request]) -> dict[int, int]:
    """Those of them that he may decide about, by his own right (0) or in a colleague's stead."""
    person = _person(actor)
    holders, delegates = await _deciders(tx, env, actor.mall_id)
    found = {r.id: rules.in_whose_stead(r, holders, delegates, person) for r in some}
    return {id_: stead for id_, stead in found.items() if stead is not None}


async def _deciders(tx: db.Tx, env: Env, mall: int) -> tuple[dict[int, str], list[Delegate]]:
    now = env.now(mall)
    delegates = [d for d in await store.delegates(tx, mall, now) if d.from_at <= now]
    return await tenancy.holders_of(tx, mall, "approvals.decide"), delegates


async def expire(env: Env, mall: int, now: object) -> int:
    """The turn: what nobody decided in time is void."""
    del now
    at = env.now(mall)
    async with env.db.transaction(mall) as tx:
        gone = [int(r[0]) for r in await db.rows(tx, store.Q.expire, {"mall": mall, "now": at})]
        system = Actor(mall, "system", "approvals.expire")
        for id_ in gone:
            await tenancy.audit(
                tx, env, system, "approval.expire", f"approval:{id_}", {"state": "open"}, {"state": "expired"}
            )
        some = await store.requests(tx, mall, ids=gone) if gone else []
        events = [event("approval.decided", env, system, r) for r in some]
        await outbox.publish(tx, home_of(mall), events, at)
    return len(gone)


async def _right(tx: db.Tx, env: Env, actor: Actor, request: Request) -> int:
    if request.maker_id == _person(actor):
        raise Refused(ApprovalRefusal.own_request)
    stead = (await whose_stead(tx, env, actor, [request])).get(request.id)
    if stead is not None:
        return stead
    if tenancy.allows(actor, "approvals.read") or tenancy.allows(actor, "approvals.decide"):
        raise Refused(ApprovalRefusal.not_yours_to_decide, role=request.role)
    raise Refused(RequestRefusal.not_found)


async def _do(tx: db.Tx, here: Env, acts: Acts, actor: Actor, request: Request) -> object:
    """Exactly what was asked, by whoever asked, with the rights he has now. Refuses, and then nothing of it is done."""
    mall = actor.mall_id
    if seal_of(here, mall, request) != request.seal:
        raise Refused(ApprovalRefusal.payload_changed)
    maker = await tenancy.actor_now(tx, mall, request.maker_id, request.organisation_id, request.maker_ip)
    if maker is None:
        raise Refused(ApprovalRefusal.maker_lost_right)
    # He proved himself when he asked, where the act wants that; now whoever decides has.
    maker = msgspec.structs.replace(maker, proof=actor.proof)
    act = acts.of[request.kind]
    what = msgspec.json.decode(request.payload, type=act.payload)
    look = await act.look(tx, here, maker, what)
    if rules.holds_of(look) != request.holds:
        raise Refused(ApprovalRefusal.subject_changed)
    if look.lines and rules.digest(await store.lines(tx, mall, request.id)) != rules.digest(look.lines):
        raise Refused(ApprovalRefusal.payload_changed)  # what was shown is not what would be done
    return await act.do(here, maker, what)


async def _end(tx: db.Tx, env: Env, actor: Actor, request: Request, made: Decision) -> Request:
    mall = actor.mall_id
    if not await store.add_decision(tx, mall, request, made):
        raise Refused(ApprovalRefusal.already_decided)
    done = msgspec.structs.replace(request, decision=made)
    after = {"state": made.state, "comment": made.comment, "seal": request.seal.hex()}
    if made.failure:
        after["failure"] = made.failure
    if made.instead_of:
        after["instead_of"] = f"person:{made.instead_of}"
    subject, before = f"approval:{request.id}", {"state": "open", "maker": f"person:{request.maker_id}"}
    await tenancy.audit(tx, env, actor, _DEEDS[made.state], subject, before, after)
    await outbox.publish(tx, home_of(mall), [event("approval.decided", env, actor, done)], made.at)
    return done


_DEEDS = {
    "approved": "approval.approve",
    "refused": "approval.refuse",
    "withdrawn": "approval.withdraw",
    "failed": "approval.fail",
}


def _person(actor: Actor) -> int:
    """Programs and the platform neither ask nor decide."""
    return int(actor.id) if actor.kind == "person" else 0
