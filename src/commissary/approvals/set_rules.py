"""Rules of a mall, and who decides in somebody's stead. Making a rule weaker is itself an act under a rule."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from commissary import tenancy
from commissary.approvals import rules, store
from commissary.approvals.acts import Act
from commissary.approvals.types import ApprovalRefusal, Delegate, Look, Rule
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.tenancy.types import Actor

LONGEST = timedelta(days=92)


class SetRule(msgspec.Struct, frozen=True):
    """`seen`: the version that was looked at, 0 for a rule never set."""

    rule: Rule
    seen: int


async def look(tx: db.Tx, env: Env, actor: Actor, what: SetRule) -> Look:
    tenancy.require(actor, "approvals.write")
    new = what.rule
    if new.mode == "above" and new.above_e4 is None and new.above_count is None and new.above_bp is None:
        raise invalid("above", "say above what / 请填写触发条件")
    if new.role and not await tenancy.is_staff_role(tx, actor.mall_id, new.role):
        raise invalid("role", "no role of the mall's staff that may decide / 不是可审批的商城角色")
    [old] = await store.rules(tx, actor.mall_id, [new.act])
    if old.version != what.seen:
        raise Refused(ApprovalRefusal.rule_changed)
    weaker = rules.is_weaker(old, new)
    return Look(
        acts=("approvals.weaken",) if weaker else (),
        subject=f"rule:{new.act}",
        before=shown(old),
        after=shown(new),
        holds={"version": old.version},
        count=1,
        unit="acts",
    )


async def set_rule(env: Env, actor: Actor, what: SetRule) -> Rule:
    """Needs `approvals.write`. Refuses rule_changed."""
    mall, now = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        seen = await look(tx, env, actor, what)
        made = await store.put_rule(tx, mall, what.rule, what.seen, f"{actor.kind}:{actor.id}", now)
        if made is None:
            raise Refused(ApprovalRefusal.rule_changed)
        await tenancy.audit(tx, env, actor, "approval.rule", seen.subject, seen.before, seen.after)
        return made


async def list_rules(env: Env, actor: Actor) -> tuple[list[Rule], dict[int, str]]:
    """Of every act, and who may decide at all."""
    tenancy.require(actor, "approvals.read")
    async with env.db.transaction(actor.mall_id) as tx:
        holders = await tenancy.holders_of(tx, actor.mall_id, "approvals.decide")
        return await store.rules(tx, actor.mall_id, rules.ACTS), holders


async def delegate(
    env: Env, actor: Actor, delegate_id: int, until_at: datetime, from_at: datetime | None = None
) -> Delegate:
    """Let a colleague decide in one's stead for a while; another replaces the one before. What oneself asked for he does not
    decide by that. Needs `approvals.decide`; refuses delegate_unfit."""
    tenancy.require(actor, "approvals.decide")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    made = Delegate(int(actor.id), delegate_id, from_at or now, until_at)
    if not now < until_at <= made.from_at + LONGEST or made.from_at >= until_at:
        raise invalid(
            "until_at", "after the beginning, at most 92 days later / 结束时间须晚于开始且不超过 92 天"
        )
    async with env.db.transaction(mall) as tx:
        if delegate_id == made.person_id or not await tenancy.is_staff(tx, mall, delegate_id):
            raise Refused(ApprovalRefusal.delegate_unfit)
        old = [d for d in await store.delegates(tx, mall, now) if d.person_id == made.person_id]
        facts = {"mall": mall, "person": made.person_id, "delegate": delegate_id, "now": now}
        await db.run(tx, store.Q.put_delegate, facts | {"from_at": made.from_at, "until_at": made.until_at})
        before = _told(old[0]) if old else None
        subject = f"person:{actor.id}"
        await tenancy.audit(tx, env, actor, "approval.delegate", subject, before, _told(made))
    return made


async def end_delegation(env: Env, actor: Actor) -> None:
    """One's own; silent when there is none."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, store.Q.drop_delegate, {"mall": mall, "person": int(actor.id)})
        if found is not None:
            subject, old = f"person:{actor.id}", Delegate(*found)
            await tenancy.audit(tx, env, actor, "approval.delegate", subject, _told(old), None)


async def list_delegates(env: Env, actor: Actor) -> list[Delegate]:
    """Those that hold now or will; one's own without `approvals.read`."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.delegates(tx, actor.mall_id, env.now(actor.mall_id))
    if tenancy.allows(actor, "approvals.read"):
        return found
    return [d for d in found if actor.id in (str(d.person_id), str(d.delegate_id))]


def shown(rule: Rule) -> dict[str, Any]:
    """For the audit and for whoever decides about it."""
    named = {"mode": rule.mode, "above_e4": rule.above_e4, "above_count": rule.above_count}
    return named | {"above_bp": rule.above_bp, "role": rule.role, "due_minutes": rule.due_minutes}


def _told(delegate: Delegate) -> dict[str, Any]:
    return {
        "delegate": f"person:{delegate.delegate_id}",
        "from_at": delegate.from_at.isoformat(),
        "until_at": delegate.until_at.isoformat(),
    }


ACTS = [Act(SetRule, ("approvals.weaken",), look, set_rule)]
