"""The order of an approved request: through the desk and its lane like any other, charged to the department.

What it may cost was committed with the approval, and the order's number is the request's: whoever looks next, after a kill between
approval and order or beside somebody who is placing it, finds the order that exists or places the one that does not.
"""

import logging
from datetime import timedelta

import msgspec

from commissary import orders, partners, tenancy
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.errors import RequestRefusal as FormRefusal
from commissary.base.home import home as home_of
from commissary.orders.types import OrderRefusal
from commissary.partners.types import Department, PartnerRefusal
from commissary.requests import goods, rules, store
from commissary.requests.types import REQUEST_MOVES, Request, RequestLine
from commissary.tenancy.types import Actor, ApiKey, Caller

log = logging.getLogger("commissary.requests")

CONSOLE = "console"
PASSING = frozenset(
    {FormRefusal.overloaded, FormRefusal.draining, FormRefusal.unavailable, FormRefusal.internal}
)
LEFT_ALONE = timedelta(seconds=3)  # whoever approved it is placing it
PRICINGS = 3  # a price that moves again and again is asked about


async def place_request(env: Env, desk: orders.Desk, mall: int, id_: int, by: Actor | None = None) -> Request:
    """As it is afterwards: `placed`, `failed`, asked again, or still `approved` when nobody could place it now. Safe to kill, to
    repeat and to run beside itself."""
    actor = by or Actor(mall, "system", "requests.place")
    for _ in range(PRICINGS):
        async with env.db.transaction(mall) as tx:
            request = await store.request(tx, mall, None, id_)
            if request.state != "approved":
                return request
            lines, _ = await store.lines_of(tx, env, mall, id_)
            of = await partners.department(tx, mall, request.organisation_id, request.department_id)
        caller = caller_of(mall, request.organisation_id, of.account_id, request.asked_by)
        if of.state != "open" and not await _placed_before(desk, caller, request):
            return await _ended(env, actor, id_, failure=PartnerRefusal.department_closed.code)
        try:
            order = await place_order(desk, caller, request, lines)
        except orders.Elsewhere:
            return request  # the process that places for this home looks for it
        except Refused as no:
            if no.refusal in PASSING:
                return request
            before = await _placed_before(desk, caller, request)
            if before is not None:
                return await _ended(env, actor, id_, order_id=int(before.id))
            if no.refusal is OrderRefusal.price_above_max:
                if (again := await _priced_anew(env, desk, actor, of, id_)) is not None:
                    return again
                continue
            return await _ended(env, actor, id_, failure=no.refusal.code)
        return await _ended(env, actor, id_, order_id=int(order.id))
    return request


async def place_approved(env: Env, desk: orders.Desk, mall: int) -> int:
    """What was approved and not placed, because a process died or another has the lane. The count of those looked at."""
    before = env.now(mall) - LEFT_ALONE
    async with env.db.transaction(mall) as tx:
        found = await db.rows(tx, store.Q.approved, {"home": home_of(mall), "before": before})
    for (id_,) in found:
        try:
            await place_request(env, desk, mall, id_)
        except Exception:
            log.exception("request %d of mall %d could not be placed", id_, mall)
    return len(found)


async def place_order(
    desk: orders.Desk, caller: Caller, request: Request, lines: list[RequestLine]
) -> orders.OrderOut:
    """The one place where a request becomes an order. Raises Refused, orders.Elsewhere."""
    asked = orders.OrderIn(
        order_no_of(request.id),
        lines=tuple(
            orders.LineIn(
                str(one.sku_id),
                one.quantity,
                money.of(one.unit_price_e4, request.currency),
                dict(one.fields) if one.fields else None,
            )
            for one in lines
        ),
    )
    return await desk.place(caller, asked, CONSOLE)


def order_no_of(request_id: int) -> str:
    return f"request-{request_id}"


def caller_of(mall: int, company_id: int, account_id: int, person_id: int) -> Caller:
    """A person where a key would stand: the order keeps who asked for it; codes are not shown to him here."""
    scopes = frozenset({"orders:write", "orders:read"})
    key = ApiKey(f"person:{person_id}", mall, home_of(mall), company_id, account_id, scopes, (), ())
    return Caller(key, "")


async def _placed_before(desk: orders.Desk, caller: Caller, request: Request) -> orders.OrderOut | None:
    """By another process, or by this one before it was killed."""
    try:
        return await desk.by_client_no(caller, order_no_of(request.id))
    except Refused as no:
        if no.refusal is OrderRefusal.order_not_found:
            return None
        raise


async def _ended(
    env: Env, actor: Actor, id_: int, *, order_id: int | None = None, failure: str = ""
) -> Request:
    """An order is a fact, whatever another attempt said before; a failure is told of an approved request only."""
    to, mall = ("failed" if order_id is None else "placed"), actor.mall_id
    async with env.db.transaction(mall) as tx:
        old = await store.request(tx, mall, None, id_, lock=True)
        if to not in REQUEST_MOVES[old.state]:
            return old
        at = env.now(mall)
        new = msgspec.structs.replace(old, state=to, order_id=order_id, failure=failure, updated_at=at)
        await store.save(tx, mall, new)
        act = "request.place" if order_id is not None else "request.fail"
        told = {"state": to, "order_id": str(order_id or ""), "failure": failure}
        await tenancy.audit(tx, env, actor, act, f"request:{id_}", {"state": old.state}, told)
        return new


async def _priced_anew(env: Env, desk: orders.Desk, actor: Actor, of: Department, id_: int) -> Request | None:
    """A price rose between approval and order. None: it is still within what was approved, and may be placed at what it costs
    now; else it is asked again."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        old = await store.request(tx, mall, None, id_, lock=True)
        if old.state != "approved":
            return old
        lines, _ = await store.lines_of(tx, env, mall, id_)
        priced, _ = await goods.priced(desk, mall, of.organisation_id, lines, env.now(mall))
        await store.reprice(tx, mall, id_, priced)
        amount_e4 = rules.amount_e4(priced)
        if amount_e4 <= old.most_e4:
            await store.save(tx, mall, msgspec.structs.replace(old, amount_e4=amount_e4))
            return None
        return await ask_again(tx, env, actor, old, amount_e4)


async def ask_again(tx: db.Tx, env: Env, actor: Actor, old: Request, amount_e4: int) -> Request:
    """At the new amount, whoever decided before; the caller holds its lock and has priced its lines."""
    new = msgspec.structs.replace(
        old,
        state="asked",
        alone=False,
        amount_e4=amount_e4,
        most_e4=amount_e4,
        decided_by=None,
        decided_at=None,
        comment="",
        updated_at=env.now(actor.mall_id),
    )
    await store.save(tx, actor.mall_id, new)
    was, now = {"amount_e4": old.amount_e4, "most_e4": old.most_e4}, {"amount_e4": amount_e4}
    await tenancy.audit(tx, env, actor, "request.ask_again", f"request:{old.id}", was, now)
    return new
