"""Asking to buy. What a member buys alone is approved by the rule, in the transaction that counts it, and ordered at once."""

import hashlib
from collections.abc import Sequence

import msgspec

from commissary import orders, partners, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.errors import RequestRefusal as FormRefusal
from commissary.partners.types import Department, DepartmentMember
from commissary.requests import goods, rules, store
from commissary.requests.place import caller_of, place_request
from commissary.requests.types import Recipient, Request, RequestLine, RequestRefusal, Sealed
from commissary.tenancy.types import Actor

BUYS = "own.orders.write"  # who has it buys without asking


class Asked(msgspec.Struct, frozen=True):
    """`most_e4`: what it may come to when it is ordered; None: what it costs now. `department_id` None: the one joined first."""

    request_no: str
    lines: Sequence[RequestLine]
    reason: str = ""
    recipients: Sequence[Recipient] = ()
    department_id: int | None = None
    most_e4: int | None = None


async def ask(env: Env, desk: orders.Desk, actor: Actor, asked: Asked) -> Request:
    """As it is afterwards; the same number with the same content is the same request. Refuses no_department, not_found,
    department_closed, not_priced_for_you, request_no_reused, and what an order would be refused for in form."""
    tenancy.require(actor, "own.requests.write")
    mall, person, body = actor.mall_id, int(actor.id), _hash(asked)
    async with env.db.transaction(mall) as tx:
        company = await partners.company_of(tx, actor)
        before = await store.by_no(tx, mall, company.id, person, asked.request_no)
        of, _ = await _department(tx, actor, asked.department_id)
    if before is not None:
        return await _again(env, desk, actor, before, body)
    caller = caller_of(mall, company.id, of.account_id, person)
    lines = await goods.checked(desk, caller, asked.lines)
    lines, currency = await goods.priced(desk, mall, company.id, lines, env.now(mall))
    amount_e4 = rules.amount_e4(lines)
    most_e4 = amount_e4 if asked.most_e4 is None else asked.most_e4
    if most_e4 < amount_e4:
        raise invalid("max_amount", "is less than it costs now / 低于当前金额")
    sealed = Sealed([dict(one.fields) if one.fields else None for one in lines], list(asked.recipients))
    async with env.db.transaction(mall) as tx:
        of, member = await _department(tx, actor, of.id, lock=True)
        at = env.now(mall)
        alone = member is None or tenancy.allows(actor, BUYS)
        if not alone and member is not None:
            month_e4 = await store.bought_alone_e4(tx, mall, of.id, person, at)
            alone = rules.buys_alone(of, member, amount_e4, month_e4)
        new = Request(
            id=env.ids.new(),
            organisation_id=company.id,
            department_id=of.id,
            asked_by=person,
            request_no=asked.request_no,
            body=body,
            reason=asked.reason.strip(),
            recipients=len(asked.recipients),
            currency=currency,
            amount_e4=amount_e4,
            most_e4=amount_e4 if alone else most_e4,
            state="approved" if alone else "asked",
            alone=alone,
            decided_by=None,
            decided_at=None,
            comment="",
            order_id=None,
            failure="",
            asked_at=at,
            updated_at=at,
        )
        if added := await store.add(tx, env, mall, new, lines, sealed):
            told = {
                "department_id": str(of.id),
                "amount_e4": amount_e4,
                "most_e4": new.most_e4,
                "alone": alone,
                "lines": [{"sku_id": str(one.sku_id), "quantity": one.quantity} for one in lines],
            }
            await tenancy.audit(tx, env, actor, "request.ask", f"request:{new.id}", None, told)
        else:
            before = await store.by_no(tx, mall, company.id, person, asked.request_no)
            assert before is not None, "a number that is taken by nobody"
    if not added and before is not None:
        return await _again(env, desk, actor, before, body)
    return await place_request(env, desk, mall, new.id, actor) if alone else new


async def _again(env: Env, desk: orders.Desk, actor: Actor, before: Request, body: bytes) -> Request:
    if before.body != body:
        raise Refused(RequestRefusal.request_no_reused)
    return await place_request(env, desk, actor.mall_id, before.id, actor)


async def _department(
    tx: db.Tx, actor: Actor, department_id: int | None, *, lock: bool = False
) -> tuple[Department, DepartmentMember | None]:
    """The one named, or that which the asker joined first; his membership, None for who buys for the whole company and belongs
    to none. Locked, his purchases are counted one after another."""
    mall, person = actor.mall_id, int(actor.id)
    if department_id is None:
        mine = [d for d in await partners.departments_of(tx, actor, all_of_them=False) if d.state == "open"]
        if not mine:
            raise Refused(RequestRefusal.no_department)
        department_id = mine[0].id
    of = await partners.open_department(tx, actor, department_id)
    member = await partners.member_of(tx, mall, of.id, person, lock=lock)
    if member is None and not tenancy.allows(actor, BUYS):
        raise Refused(FormRefusal.not_found)
    return of, member


def _hash(asked: Asked) -> bytes:
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).digest()
