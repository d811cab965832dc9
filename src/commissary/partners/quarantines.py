"""Quarantine: nothing is bought from a supplier while somebody, a rule or a name list says so.

    open ─release→ released        a name list's: open ─confirm→ confirmed ─release→ released

Only an end that was set lets it go by itself. The supplier is not told why: who must not be warned is not warned.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary import tenancy
from commissary.base import db, outbox, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.home import home
from commissary.partners import rules, standing
from commissary.partners.rules import Conduct, Limits
from commissary.partners.types import Cause, PartnerRefusal, Quarantine, QuarantineState
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "papers.sql")

# What a rule says when it quarantines.
REASONS: Mapping[Cause, str] = {
    "slow_topup": "top-ups complete suspiciously slowly / 充值到账异常缓慢（疑似慢充）",
    "complaints": "numbers are suspended after top-ups / 充值后号码被停机的投诉过多",
    "redeemed_early": "codes are used before anybody saw them / 卡密在查看前已被使用",
    "name_list": "a name is on a list / 名称命中名单",
}


async def quarantine(
    env: Env, actor: Actor, supplier_id: int, reason: str, until: datetime | None = None
) -> Quarantine:
    """By hand, at once. Refuses `already_quarantined`."""
    tenancy.require(actor, "partners.write")
    reason = _reason(reason)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    if until is not None and until <= at:
        raise invalid("until", "must be in the future / 须晚于当前时间")
    async with env.db.transaction(mall) as tx:
        await standing.hold(tx, mall, supplier_id)
        made = await open_one(tx, env, actor, supplier_id, "by_hand", reason, {}, until)
        if made is None:
            raise Refused(PartnerRefusal.already_quarantined)
        await outbox.publish(tx, home(mall), [await _told(tx, mall, made, at)], at)
    return made


async def judge_conduct(
    env: Env, mall: int, supplier_id: int, conduct: Conduct, limits: Limits | None = None
) -> Quarantine | None:
    """Quarantine whoever's measurements are beyond the limits; None: they are not, or it is in quarantine for that
    already."""
    found = rules.suspicious(conduct, limits or Limits())
    return await _by_rule(env, mall, supplier_id, found)


async def judge_offer(
    env: Env,
    mall: int,
    supplier_id: int,
    *,
    price_e4: int,
    face_e4: int,
    promised_s: int,
    limits: Limits | None = None,
) -> Quarantine | None:
    """The same for what is offered, before anything is bought: a cheap top-up that takes its time."""
    if not rules.suspicious_offer(price_e4, face_e4, promised_s, limits or Limits()):
        return None
    evidence = {"price_e4": price_e4, "face_e4": face_e4, "promised_s": promised_s}
    return await _by_rule(env, mall, supplier_id, ("slow_topup", evidence))


async def release(env: Env, actor: Actor, quarantine_id: int, reason: str) -> Quarantine:
    """It may be bought from again, if its papers allow. Refuses `quarantine_closed`."""
    return await _close(env, actor, quarantine_id, "released", reason)


async def confirm(env: Env, actor: Actor, quarantine_id: int, reason: str) -> Quarantine:
    """The name on the list is the supplier's: it stays out. Refuses `not_a_name_hit`, `quarantine_closed`."""
    return await _close(env, actor, quarantine_id, "confirmed", reason)


async def list_quarantines(
    env: Env,
    actor: Actor,
    *,
    supplier_id: int | None = None,
    state: QuarantineState | None = None,
    before: int | None = None,
    size: int = 50,
) -> list[Quarantine]:
    """Newest first."""
    tenancy.require(actor, "partners.read")
    asked = {"mall": actor.mall_id, "id": None, "supplier": supplier_id, "state": state}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.quarantines, asked | {"before": before, "size": size})
    return [Quarantine(*r) for r in found]


async def open_one(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    supplier_id: int,
    cause: Cause,
    reason: str,
    evidence: Mapping[str, Any],
    until: datetime | None = None,
    subject: str = "",
) -> Quarantine | None:
    """In the caller's transaction, with the supplier's file held. None: it is in quarantine for this already."""
    mall, at, id_ = actor.mall_id, env.now(actor.mall_id), env.ids.new()
    of = {"mall": mall, "supplier": supplier_id, "at": at}
    if not subject and (cause,) in await db.rows(tx, Q.blocking, of):
        return None
    told = Jsonb(dict(evidence), dumps=msgspec.json.encode)
    row = of | {"id": id_, "cause": cause, "subject": subject, "evidence": told, "reason": reason}
    if not await db.run(tx, Q.open_quarantine, row | {"until": until, "by": f"{actor.kind}:{actor.id}"}):
        return None
    shown: dict[str, object] = {
        "supplier_id": str(supplier_id),
        "cause": cause,
        "reason": reason,
        "evidence": dict(evidence),
    }
    shown["until"] = until.isoformat() if until else None
    await tenancy.audit(tx, env, actor, "quarantine.open", f"quarantine:{id_}", None, shown)
    return await _one(tx, mall, id_)


async def _by_rule(
    env: Env, mall: int, supplier_id: int, found: tuple[Cause, dict[str, int]] | None
) -> Quarantine | None:
    if found is None:
        return None
    cause, evidence = found
    actor, at = Actor(mall, "system", "partners.judge"), env.now(mall)
    async with env.db.transaction(mall) as tx:
        await standing.hold(tx, mall, supplier_id)
        made = await open_one(tx, env, actor, supplier_id, cause, REASONS[cause], evidence)
        if made is not None:
            await outbox.publish(tx, home(mall), [await _told(tx, mall, made, at)], at)
    return made


async def _close(
    env: Env, actor: Actor, quarantine_id: int, state: QuarantineState, reason: str
) -> Quarantine:
    tenancy.require(actor, "approvals.decide")
    reason = _reason(reason)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        old = await _one(tx, mall, quarantine_id)
        await standing.hold(tx, mall, old.supplier_id)
        if state == "confirmed" and old.cause != "name_list":
            raise Refused(PartnerRefusal.not_a_name_hit)
        row = {"mall": mall, "id": quarantine_id, "state": state, "closing": reason, "at": at}
        if not await db.run(tx, Q.close_quarantine, row | {"by": f"{actor.kind}:{actor.id}"}):
            raise Refused(PartnerRefusal.quarantine_closed)
        new = await _one(tx, mall, quarantine_id)
        told = {"state": state, "reason": reason, "supplier_id": str(old.supplier_id)}
        action = "quarantine.release" if state == "released" else "quarantine.confirm"
        await tenancy.audit(tx, env, actor, action, f"quarantine:{quarantine_id}", {"state": old.state}, told)
    return new


async def _one(tx: db.Tx, mall: int, quarantine_id: int) -> Quarantine:
    asked = {"mall": mall, "id": quarantine_id, "supplier": None, "state": None, "before": None, "size": 1}
    found = await db.row(tx, Q.quarantines, asked)
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Quarantine(*found)


async def _told(tx: db.Tx, mall: int, made: Quarantine, at: datetime) -> outbox.Event:
    own_id = (await standing.mall_facts(tx, mall)).own_id
    return quarantined(made, own_id, at)


def quarantined(made: Quarantine, own_id: int, at: datetime) -> outbox.Event:
    data = {"supplier_id": str(made.supplier_id), "reason": made.cause}
    return outbox.Event("supplier.quarantined", made.supplier_id, outbox.moment(at), own_id, at, data)


def _reason(reason: str) -> str:
    if not 1 <= len(reason.strip()) <= 500:
        raise invalid("reason", "say why, in at most 500 characters / 请说明原因（不超过 500 字）")
    return reason.strip()
