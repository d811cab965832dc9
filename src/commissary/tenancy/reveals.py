"""The door through which a person sees a secret: a code, the fields of a top-up, a contact, a file of codes.

What each look needs stands here once: a reason, a fresh proof of who he is, no more than 60 looks a minute, and a line in
the log of who saw what, committed before the secret is read. The 61st look locks its person out for a quarter of an hour
and tells the mall. What is shown is shown with its viewer's mark over it.

    seen = await tenancy.look(env, actor, Look("code", owner_id, f"order:{id}", place, reason))
    … read the secret, in a transaction of its own, and answer it with `seen`
"""

from datetime import timedelta

from commissary.base import db, outbox, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home
from commissary.tenancy.audit import audit
from commissary.tenancy.policy import policy_of
from commissary.tenancy.proof import require_proof
from commissary.tenancy.roles import allows, require_for
from commissary.tenancy.types import Actor, Look, Revealed, TenancyRefusal, Watermark

Q = sql.load(__package__, "reveals.sql")

PER_MINUTE = 60
MINUTE = timedelta(minutes=1)
LOCKED = timedelta(minutes=15)


async def look(env: Env, actor: Actor, wanted: Look, *, value_e4: int | None = None) -> Watermark:
    """The line is written and this is what goes over the page. `value_e4`: of the order that codes are of; up to what
    the mall has set, no fresh proof is asked. The permission is the caller's to ask for. Refuses `step_up_required`,
    `reveals_locked`."""
    reason = wanted.reason.strip()
    if not 1 <= len(reason) <= 200:
        raise invalid("reason", "say why, in 1 to 200 characters / 请填写理由（1–200 个字符）")
    if actor.kind != "person":
        raise Refused(TenancyRefusal.forbidden)
    mall, now = actor.mall_id, env.now(actor.mall_id)
    key = {"mall": mall, "person": int(actor.id)}
    async with env.db.transaction(mall) as tx:
        if value_e4 is None or value_e4 > (await policy_of(tx, mall)).reveal_above_e4:
            require_proof(env, actor)
        held = await db.row(tx, Q.hold_pace, key)
        until = held[0] if held is not None and held[0] is not None and held[0] > now else None
        if until is None:
            [[looks]] = await db.rows(tx, Q.looks_since, key | {"since": now - MINUTE})
            if looks < PER_MINUTE:
                return await _written(tx, env, actor, wanted, reason)
            until = now + LOCKED
            await db.run(tx, Q.lock_pace, key | {"until": until})
            after = {"until": until, "looks": looks}
            await audit(tx, env, actor, "reveal.lock", f"person:{actor.id}", None, after)
            own = await db.row(tx, Q.own_organisation, {"mall": mall})
            told = {"person_id": actor.id, "until": until.isoformat()}
            owner = own[0] if own else 0
            event = outbox.Event("reveals.locked", int(actor.id), outbox.moment(now), owner, now, told)
            await outbox.publish(tx, home(mall), [event], now)
    raise Refused(TenancyRefusal.reveals_locked, until=until.isoformat())


async def list_reveals(
    env: Env,
    actor: Actor,
    *,
    person_id: int | None = None,
    subject: str | None = None,
    before_id: int | None = None,
    size: int = 50,
) -> list[Revealed]:
    """Who saw what, newest first: all of it to who may read the audit log; to a partner's people, who saw what is theirs."""
    owner = None
    if not allows(actor, "audit.read"):
        require_for(actor, "codes.read", actor.organisation_id)
        owner = actor.organisation_id
    params = {"mall": actor.mall_id, "owner": owner, "person": person_id, "subject": subject}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.list_reveals, params | {"before": before_id, "size": size})
    return [Revealed(*r) for r in found]


async def _written(tx: db.Tx, env: Env, actor: Actor, wanted: Look, reason: str) -> Watermark:
    mall, id_, at = actor.mall_id, env.ids.new(), env.now(actor.mall_id)
    row = {"mall": mall, "id": id_, "at": at, "person": int(actor.id), "organisation": actor.organisation_id}
    row |= {"owner": wanted.owner_id, "ip": actor.ip[:64], "kind": wanted.kind, "subject": wanted.subject}
    await db.run(tx, Q.add_reveal, row | {"place": wanted.place, "reason": reason})
    told = {"kind": wanted.kind, "place": wanted.place, "reason": reason}
    await audit(tx, env, actor, f"reveal.{wanted.kind}", wanted.subject, None, told)
    viewer = await db.row(tx, Q.viewer, {"mall": mall, "person": int(actor.id)})
    name, email = viewer or ("", actor.id)
    return Watermark(f"{name} {email}".strip(), at, str(id_))
