"""Looking through lines that need a person: the console's list, by any of its filters."""

from collections.abc import Sequence

import msgspec

from commissary import tenancy
from commissary.base import listing, money, sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.listing import Sort, Totals, Where
from commissary.fulfilment.types import Waits, WorkItem
from commissary.fulfilment.work import person_of
from commissary.orders.types import Mode
from commissary.tenancy.types import Actor

L = sql.load(__package__, "listing.sql")

SORTS = ("created_at", "amount")
DEFAULT = "created_at"


class WorkQuery(msgspec.Struct, frozen=True):
    """`q` is the buyer's number, the last four of an account, or begins the order's. `mine`: in one's own hands."""

    q: str = ""
    status: tuple[Waits, ...] = ("waiting", "working")
    sku_id: int | None = None
    buyer_id: int | None = None
    mode: Mode | None = None
    mine: bool = False
    status_not: tuple[Waits, ...] = ()
    sku_id_not: int | None = None
    buyer_id_not: int | None = None
    mode_not: Mode | None = None


async def look(
    env: Env, actor: Actor, query: WorkQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[WorkItem], int]:
    """The oldest first if nothing is said; one more than `size`, and about how many match."""
    by = listing.sort_of(sort, SORTS, DEFAULT)
    where = _where(env, actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        matching = L.work_matching.format(what="1", where=where.sql)
        expected = await listing.estimate(tx, matching, where.params)
        _go_on(where, by, cursor)
        text = L.work_page.format(where=where.sql, order=_order(by))
        found = await listing.rows(tx, text, where.params | {"size": size + 1})
    return [WorkItem(*r) for r in found], expected


async def totals(env: Env, actor: Actor, query: WorkQuery) -> Totals:
    """How many lines match, and what their buyers pay for them."""
    where = _where(env, actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        what = "count(*), coalesce(sum(l.amount_e4), 0)::bigint, max(o.currency)"
        text = L.work_matching.format(what=what, where=where.sql)
        [[total, amount, currency]] = await listing.rows(tx, text, where.params)
    return Totals(total, {"amount": money.of(amount, currency)} if currency else {})


async def work_ids(env: Env, actor: Actor, query: WorkQuery, most: int) -> list[tuple[int, int]]:
    """(order, line) of all that match, at most so many."""
    where = _where(env, actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        text = L.work_matching.format(what="l.order_id, l.line_no", where=where.sql)
        text += "\norder by l.order_id, l.line_no limit %(most)s"
        found = await listing.rows(tx, text, where.params | {"most": most})
    return [(r[0], r[1]) for r in found]


async def work_by_place(env: Env, actor: Actor, places: Sequence[tuple[int, int]]) -> list[WorkItem]:
    """Those of these (order, line) that need a person."""
    where = _where(env, actor, WorkQuery(status=("review", "waiting", "working")))
    where.add(L.work_places, orders=[o for o, _ in places], lines=[line for _, line in places])
    async with env.db.transaction(actor.mall_id) as tx:
        text = L.work_page.format(where=where.sql, order="l.order_id, l.line_no")
        found = await listing.rows(tx, text, where.params | {"size": len(places)})
    return [WorkItem(*r) for r in found]


def cursor_of(item: WorkItem, sort: str | None) -> str:
    place = f"{item.order_id}.{item.line_no}"
    by = listing.sort_of(sort, SORTS, DEFAULT)
    return f"{item.amount_e4}.{place}" if by.name == "amount" else place


def _order(by: Sort) -> str:
    way = "desc" if by.down else "asc"
    place = f"l.order_id {way}, l.line_no {way}"
    return f"l.amount_e4 {way}, {place}" if by.name == "amount" else place


def _go_on(where: Where, by: Sort, cursor: str | None) -> None:
    if by.name == "amount":
        if (at := listing.place_of(cursor, 3)) is not None:
            text = L.work_under if by.down else L.work_over
            where.add(text, amount=at[0], order=at[1], line=at[2])
    elif (at := listing.place_of(cursor, 2)) is not None:
        where.add(L.work_before if by.down else L.work_behind, order=at[0], line=at[1])


def _where(env: Env, actor: Actor, query: WorkQuery) -> Where:
    tenancy.require(actor, "fulfilment.read")
    mall = actor.mall_id
    params = {"mall": mall, "home": home_of(mall), "now": env.now(mall), "states": list(query.status)}
    where = Where(params, [L.work_of_home])
    if query.sku_id is not None:
        where.add(L.work_sku, sku=query.sku_id)
    if query.buyer_id is not None:
        where.add(L.work_buyer, buyer=query.buyer_id)
    if query.mode is not None:
        where.add(L.work_mode, mode=query.mode)
    if query.mine:
        where.add(L.work_mine, person=person_of(actor))
    if query.status_not:
        where.deny(L.work_state, state=list(query.status_not))
    if query.sku_id_not is not None:
        where.deny(L.work_sku, sku=query.sku_id_not)
    if query.buyer_id_not is not None:
        where.deny(L.work_buyer, buyer=query.buyer_id_not)
    if query.mode_not is not None:
        where.deny(L.work_mode, mode=query.mode_not)
    if typed := query.q.strip():
        begins = f"{typed}%" if typed.isascii() and typed.isdigit() and len(typed) > 4 else ""
        where.add(L.work_typed, q=typed, begins=begins)
    return where
