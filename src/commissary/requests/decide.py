"""The second person's word, and the asker's taking back."""

import msgspec

from commissary import orders, partners, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.errors import RequestRefusal as FormRefusal
from commissary.requests import goods, rules, store
from commissary.requests.place import ask_again, place_request
from commissary.requests.types import Request, RequestRefusal
from commissary.tenancy.types import Actor

DECIDES = "own.requests.decide"


async def decide(
    env: Env, desk: orders.Desk, actor: Actor, id_: int, *, approve: bool, most_e4: int | None, comment: str
) -> Request:
    """`most_e4` is what the decider saw as the most it may come to; approving something else is refused. Approved, it is ordered at
    once. Refuses not_found, own_request, not_the_approver, request_decided, amount_moved."""
    mall = actor.mall_id
    moved: int | None = None
    async with env.db.transaction(mall) as tx:
        company = await partners.company_of(tx, actor)
        old = await store.request(tx, mall, company.id, id_, lock=True)
        await _may_decide(tx, actor, old)
        if old.state != "asked":
            raise Refused(RequestRefusal.request_decided, state=old.state)
        at = env.now(mall)
        told = {"decided_by": int(actor.id), "decided_at": at, "comment": comment.strip(), "updated_at": at}
        if not approve:
            new = msgspec.structs.replace(old, state="refused", **told)
        else:
            if most_e4 != old.most_e4:
                raise _moved(old.most_e4, old.currency)
            lines, _ = await store.lines_of(tx, env, mall, id_)
            lines, _ = await goods.priced(desk, mall, company.id, lines, at)
            await store.reprice(tx, mall, id_, lines)
            amount_e4 = rules.amount_e4(lines)
            if amount_e4 > old.most_e4:
                moved = amount_e4
                await ask_again(tx, env, actor, old, amount_e4)
            new = msgspec.structs.replace(old, state="approved", amount_e4=amount_e4, **told)
        if moved is None:
            await store.save(tx, mall, new)
            was, now = _shown(old), _shown(new)
            await tenancy.audit(tx, env, actor, "request.decide", f"request:{id_}", was, now)
    if moved is not None:
        raise _moved(moved, old.currency)
    return await place_request(env, desk, mall, id_, actor) if approve else new


async def withdraw(env: Env, actor: Actor, id_: int) -> Request:
    """One's own, while nobody has decided. Refuses not_found, request_decided."""
    tenancy.require(actor, "own.requests.write")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        old = await store.request(tx, mall, actor.organisation_id, id_, lock=True)
        if old.asked_by != int(actor.id):
            raise Refused(FormRefusal.not_found)
        if old.state != "asked":
            raise Refused(RequestRefusal.request_decided, state=old.state)
        new = msgspec.structs.replace(old, state="withdrawn", updated_at=env.now(mall))
        await store.save(tx, mall, new)
        await tenancy.audit(tx, env, actor, "request.withdraw", f"request:{id_}", _shown(old), _shown(new))
        return new


async def standing_of(tx: db.Tx, actor: Actor, request: Request) -> tuple[bool, bool]:
    """(may see it, may decide it)."""
    person = int(actor.id)
    member = await partners.member_of(tx, actor.mall_id, request.department_id, person)
    head, approver = member is not None and member.head, tenancy.allows(actor, DECIDES)
    decides = rules.may_decide(person, request.asked_by, head, approver)
    return decides or request.asked_by == person, decides


async def _may_decide(tx: db.Tx, actor: Actor, request: Request) -> None:
    if request.asked_by == int(actor.id):
        raise Refused(RequestRefusal.own_request)
    sees, decides = await standing_of(tx, actor, request)
    if decides:
        return
    member = await partners.member_of(tx, actor.mall_id, request.department_id, int(actor.id))
    raise Refused(RequestRefusal.not_the_approver if sees or member else FormRefusal.not_found)


def _moved(most_e4: int, currency: str) -> Refused:
    return Refused(RequestRefusal.amount_moved, max_amount=money.text(most_e4), currency=currency)


def _shown(one: Request) -> dict[str, object]:
    return {"state": one.state, "amount_e4": one.amount_e4, "comment": one.comment}
