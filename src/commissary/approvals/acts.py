"""An act that may need a second person: done at once, or written down and asked.

Which acts there are, and how each looks at its subject and is done, the composition root says (`app/acts.py`): the domains whose
verbs they are stand above this one. Looking, the rule and the doing are one transaction.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from commissary import tenancy
from commissary.approvals import rules, store
from commissary.approvals.types import ActName, Look, Request, Rule
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.tenancy.types import Actor

OPEN_FOR = timedelta(days=7)  # then whoever asked has to look at it again


@dataclass(frozen=True)
class Act:
    """`payload`: a frozen struct, exactly what will be done. `rules`: those that may ask about it. `look` refuses what the act would refuse, as far as it can be seen;
    `do` is the verb itself, which asks for its rights."""

    payload: type[msgspec.Struct]
    rules: tuple[ActName, ...]
    look: Callable[[db.Tx, Env, Actor, Any], Awaitable[Look]]
    do: Callable[[Env, Actor, Any], Awaitable[Any]]
    role: db.Role = "app"

    @property
    def kind(self) -> str:
        return self.payload.__name__


class Acts:
    """One per process; the same in all."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self.of = {act.kind: act for act in acts}

    async def ask(self, env: Env, actor: Actor, what: msgspec.Struct, reason: str = "") -> Any:
        """What the verb answers, or the `Request` that waits. Asking for the same again while the first waits is that one.

        Only people ask: the system and the command line act for the platform itself. Publishes `approval.asked`.
        """
        act = self.of[type(what).__name__]
        mall = actor.mall_id
        async with env.db.transaction(mall, act.role) as tx:
            here = env.within(tx, mall, act.role)
            known = await store.rules(tx, mall, act.rules)
            if actor.kind != "person" or all(rule.mode == "off" for rule in known):
                return await act.do(here, actor, what)
            look = await act.look(tx, here, actor, what)
            rule = await _asking(tx, actor, [r for a in look.acts for r in known if r.act == a], look)
            if rule is None:
                return await act.do(here, actor, what)
            return await _write(tx, env, actor, act, what, look, rule, reason)


async def _asking(tx: db.Tx, actor: Actor, known: Iterable[Rule], look: Look) -> Rule | None:
    """The first rule that asks. One that nobody set holds only if somebody else could decide."""
    for rule in known:
        if not rules.asks(rule, look):
            continue
        if rule.version:
            return rule
        holders = await tenancy.holders_of(tx, actor.mall_id, "approvals.decide")
        if any(rules.fits(rule.role, holders, person) for person in holders if str(person) != actor.id):
            return rule
    return None


async def _write(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    act: Act,
    what: msgspec.Struct,
    look: Look,
    rule: Rule,
    reason: str,
) -> Request:
    mall, now = actor.mall_id, env.now(actor.mall_id)
    made = Request(
        id=env.ids.new(),
        act=rule.act,
        kind=act.kind,
        subject=look.subject,
        maker_id=int(actor.id),
        organisation_id=actor.organisation_id,
        maker_ip=actor.ip,
        reason=reason[:500],
        payload=rules.canonical(what),
        holds=rules.holds_of(look),
        before=store.plain(look.before),
        after=store.plain(look.after),
        amount_e4=look.amount_e4,
        currency=look.currency,
        weight_e4=look.weight_e4,
        count=look.count,
        unit=look.unit,
        move_bp=look.move_bp,
        role=rule.role,
        seal=b"",
        asked_at=now,
        due_at=now + timedelta(minutes=rule.due_minutes),
        expires_at=now + max(OPEN_FOR, timedelta(minutes=rule.due_minutes)),
    )
    if (same := await store.same_open(tx, mall, made)) is not None:
        return await store.request(tx, mall, same)
    made = msgspec.structs.replace(made, seal=seal_of(env, mall, made))
    await store.add(tx, mall, made)
    await store.add_lines(tx, mall, made.id, look.lines)
    after = {"subject": made.subject, "act": made.act, "reason": made.reason, "seal": made.seal.hex()}
    await tenancy.audit(tx, env, actor, "approval.ask", f"approval:{made.id}", None, after | made.after)
    await outbox.publish(tx, home_of(mall), [event("approval.asked", env, actor, made)], now)
    return made


def seal_of(env: Env, mall: int, request: Request) -> bytes:
    """Keyed: who holds the database alone cannot make one."""
    return env.keys.blind(f"approval|{mall}", rules.sealed(mall, request))


def event(kind: str, env: Env, actor: Actor, request: Request) -> outbox.Event:
    now = env.now(actor.mall_id)
    data = {
        "act": request.act,
        "subject": request.subject,
        "state": request.state,
        "maker": str(request.maker_id),
    }
    return outbox.Event(kind, request.id, outbox.moment(now), 0, now, data)
