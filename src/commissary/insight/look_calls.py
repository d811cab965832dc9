"""Looking through the calls of programs: the mall's developers at all of them, a buyer's at his own company's."""

from datetime import timedelta

from commissary import notify, tenancy
from commissary.base import db, listing
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.http import requested_at_us
from commissary.base.ids import first_at
from commissary.base.listing import Where
from commissary.insight import rules
from commissary.insight.calls import Q
from commissary.insight.types import Called, CalledFully, CallGroup, CallQuery
from commissary.tenancy.types import Actor

_CLOCKS_MS = 5_000  # how far two processes' clocks may be apart
_CONDITIONS = {
    "method": "c.method = %(method)s",
    "route": "c.route = %(route)s",
    "code": "c.code = %(code)s",
    "key_id": "c.key_id = %(key_id)s",
    "ip": "c.ip = %(ip)s",
    "status": "c.status = %(status)s",
    "path": "starts_with(c.path, %(path)s)",
    "at_from": "c.at >= %(at_from)s",
    "at_to": "c.at < %(at_to)s",
}


async def list_calls(
    env: Env, actor: Actor, query: CallQuery, *, before: int | None, size: int
) -> list[Called]:
    """Newest first."""
    where = Where(_homes(actor), ["c.home_id between %(first)s and %(last)s"])
    company = _company(actor, query.organisation_id)
    if company is not None:
        where.add("c.organisation_id = %(company)s", company=company)
    for name, text in _CONDITIONS.items():
        if (value := getattr(query, name)) is not None:
            where.add(text, **{name: value})
    if query.refused is not None:
        where.add("c.status >= 400" if query.refused else "c.status < 400")
    if query.q:
        where.add("(c.request_id = %(q)s or c.idempotency_key = %(q)s)", q=query.q)
    if before is not None:
        where.add("c.id < %(before)s", before=before)
    async with env.db.transaction(actor.mall_id) as tx:
        found = await listing.rows(tx, Q.calls.format(where=where.sql), where.params | {"size": size})
    return [Called(*r) for r in found]


async def get_call(
    env: Env, actor: Actor, call_id: int
) -> tuple[CalledFully, list[int], list[notify.DeliveryView]]:
    """The call, the orders that it placed, and what webhooks told of them. Refuses not_found."""
    company = _company(actor, None)
    async with env.db.transaction(actor.mall_id) as tx:
        row = await db.row(tx, Q.call, _homes(actor) | {"id": call_id, "company": company})
        if row is None:
            raise Refused(RequestRefusal.not_found)
        call = CalledFully(*row)
        orders = await _orders(tx, actor, call)
    told: list[notify.DeliveryView] = []
    if tenancy.allows(actor, "notify.read") or tenancy.allows(actor, "own.webhooks.write"):
        for order in orders:
            told += await notify.list_deliveries(env, actor, subject_id=order, size=50)
    return call, orders, told


async def group_calls(
    env: Env, actor: Actor, hours: int, organisation_id: int | None = None
) -> list[CallGroup]:
    """By route and what came of it, over the last hours, the most frequent first; with how long they took."""
    company = _company(actor, organisation_id)
    facts = _homes(actor) | {"since": env.clock() - timedelta(hours=hours), "company": company}
    slots: dict[tuple[str, int, str], list[int]] = {}
    async with env.db.transaction(actor.mall_id) as tx:
        for route, status, code, _calls, counted in await db.rows(tx, Q.counts, facts):
            sums = slots.setdefault((route, status, code), [0] * rules.SLOTS)
            for place, count in enumerate(counted[: rules.SLOTS]):
                sums[place] += count
    groups = [CallGroup(route, status, code, sums) for (route, status, code), sums in slots.items()]
    return sorted(groups, key=lambda g: (-g.calls, g.route, g.status, g.code))


async def _orders(tx: db.Tx, actor: Actor, call: CalledFully) -> list[int]:
    """Found by time: an order is made a moment after its request."""
    at_us = requested_at_us(call.request_id)
    if at_us is None:
        return []
    since = first_at(int(at_us / 1000 - _CLOCKS_MS))
    if not 0 < since < 2**62:
        return []
    facts = {"home": call.home_id, "request": call.request_id, "since": since}
    return [r[0] for r in await db.rows(tx, Q.orders_of, facts | {"company": call.organisation_id})]


def _company(actor: Actor, wanted: int | None) -> int | None:
    """None: all of the mall, for its own developers."""
    if tenancy.allows(actor, "keys.read"):
        return wanted
    tenancy.require(actor, "own.keys.write")
    return actor.organisation_id


def _homes(actor: Actor) -> dict[str, object]:
    return {"first": actor.mall_id << 10, "last": (actor.mall_id << 10) + 1023}


def total_of(groups: list[CallGroup]) -> list[int]:
    """The slots of all of them together."""
    sums = [0] * rules.SLOTS
    for group in groups:
        for place, count in enumerate(group.slots):
            sums[place] += count
    return sums
