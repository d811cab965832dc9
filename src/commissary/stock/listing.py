"""Looking through batches: the console's list, by any of its filters, and what is for sale of those that match."""

from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import listing, money, sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.listing import Columns, Table, Totals, Where
from commissary.base.money import Money
from commissary.stock.types import BatchState, BatchView, LotState
from commissary.tenancy.types import Actor

L = sql.load(__package__, "listing.sql")
BATCHES = Table(
    L.page,
    L.matching,
    Columns(
        "b.id",
        {
            "created_at": ("b.id", "bigint"),
            "expires_at": ("b.expires_at", "timestamptz"),
            "unit_cost": ("b.unit_cost_e4", "bigint"),
            "received": ("b.received", "integer"),
        },
    ),
    "-created_at",
)


class BatchQuery(msgspec.Struct, frozen=True):
    """`q` is part of the source, or begins the batch's number. `lots`: a range of it is so. `expires_*` is half-open."""

    q: str = ""
    status: tuple[BatchState, ...] = ()
    lots: tuple[LotState, ...] = ()
    sku_id: int | None = None
    supplier_id: int | None = None
    expires_from: datetime | None = None
    expires_to: datetime | None = None
    status_not: tuple[BatchState, ...] = ()
    lots_not: tuple[LotState, ...] = ()
    sku_id_not: int | None = None
    supplier_id_not: int | None = None


async def look(
    env: Env, actor: Actor, query: BatchQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[BatchView], int]:
    """One more than `size`, and about how many match."""
    where = _where(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await BATCHES.look(tx, where, sort=sort, cursor=cursor, size=size)
    return [BatchView(*row) for row in found], expected


async def totals(env: Env, actor: Actor, query: BatchQuery) -> Totals:
    """How many match; `available` is what their codes for sale cost, in other currencies `available_usd` and so on."""
    where = _where(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await BATCHES.ask(tx, where, "count(*)")
        worth = await listing.rows(tx, L.worth.format(where=where.sql), where.params)
    sums: dict[str, Money] = {}
    for currency, _, cost_e4 in worth:
        name = "available" if len(worth) == 1 else f"available_{currency.lower()}"
        sums[name] = money.of(cost_e4, currency)
    return Totals(total, sums)


async def batch_ids(env: Env, actor: Actor, query: BatchQuery, most: int) -> list[int]:
    """Of all that match, at most so many."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await BATCHES.ask(tx, _where(actor, query), "b.id", "order by b.id limit %(most)s", most=most)
    return [r[0] for r in found]


async def batches_by_id(env: Env, actor: Actor, ids: list[int]) -> list[BatchView]:
    """Those of them that there are."""
    tenancy.require(actor, "stock.read")
    where = Where({"home": home_of(actor.mall_id)}, [L.home])
    where.add("b.id = any (%(ids)s::bigint[])", ids=ids)
    async with env.db.transaction(actor.mall_id) as tx:
        found, _ = await BATCHES.look(tx, where, sort=None, cursor=None, size=len(ids))
    return [BatchView(*row) for row in found]


def cursor_of(batch: BatchView, sort: str | None) -> str:
    def value(name: str) -> object:
        if name == "expires_at":
            return batch.expires_at or "infinity"
        return batch.unit_cost_e4 if name == "unit_cost" else batch.received

    return BATCHES.cursor(sort, batch.id, value)


def _where(actor: Actor, query: BatchQuery) -> Where:
    tenancy.require(actor, "stock.read")
    where = Where({"home": home_of(actor.mall_id)}, [L.home])
    if query.sku_id is not None:
        where.add(L.sku, sku=query.sku_id)
    if query.supplier_id is not None:
        where.add(L.supplier, supplier=query.supplier_id)
    if query.status:
        where.add(L.state, state=list(query.status))
    if query.lots:
        where.add(L.lot_state, lots=list(query.lots))
    if query.expires_from is not None:
        where.add(L.expires_from, expires_from=query.expires_from)
    if query.expires_to is not None:
        where.add(L.expires_to, expires_to=query.expires_to)
    if query.sku_id_not is not None:
        where.deny(L.sku, sku=query.sku_id_not)
    if query.supplier_id_not is not None:
        where.deny(L.supplier, supplier=query.supplier_id_not)
    if query.status_not:
        where.deny(L.state, state=list(query.status_not))
    if query.lots_not:
        where.deny(L.lot_state, lots=list(query.lots_not))
    if typed := query.q.strip():
        begins = f"{typed}%" if typed.isascii() and typed.isdigit() else ""
        where.add(L.typed, q=typed, begins=begins)
    return where
