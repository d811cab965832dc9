"""Looking through connections, and through purchases that wait for people: the console's lists, by any of their filters."""

import msgspec

from commissary import tenancy
from commissary.base import sql
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.listing import Columns, Table, Where
from commissary.supply.types import Attempt, ConnectionState, KeptConnection
from commissary.tenancy.types import Actor

L = sql.load(__package__, "listing.sql")

CONNECTIONS = Table(
    L.connections_page,
    L.connections_matching,
    Columns("c.id", {"created_at": ("c.id", "bigint"), "name": ("c.name", "text")}),
    "created_at",
)
PURCHASES = Table(
    L.purchases_page,
    L.purchases_matching,
    Columns(
        "a.id",
        {"people_since": ("a.people_at", "timestamptz"), "called_at": ("a.called_at", "timestamptz")},
    ),
    "people_since",
)


class ConnectionQuery(msgspec.Struct, frozen=True):
    """`q` is part of the name."""

    q: str = ""
    status: tuple[ConnectionState, ...] = ()
    protocol: str | None = None
    supplier_id: int | None = None
    status_not: tuple[ConnectionState, ...] = ()
    protocol_not: str | None = None
    supplier_id_not: int | None = None


class PurchaseQuery(msgspec.Struct, frozen=True):
    """`q` begins the purchase's number or its order's, or is the supplier's own."""

    q: str = ""
    connection_id: int | None = None
    supplier_id: int | None = None
    sku_id: int | None = None
    connection_id_not: int | None = None
    supplier_id_not: int | None = None
    sku_id_not: int | None = None


async def look_connections(
    env: Env, actor: Actor, query: ConnectionQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[KeptConnection], int]:
    """One more than `size`, and about how many match."""
    where = _connections(actor, query)
    async with env.db.transaction(actor.mall_id) as tx:
        found, expected = await CONNECTIONS.look(tx, where, sort=sort, cursor=cursor, size=size)
    names = KeptConnection.__struct_fields__
    return [KeptConnection(**dict(zip(names, r, strict=True))) for r in found], expected


async def count_connections(env: Env, actor: Actor, query: ConnectionQuery) -> int:
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await CONNECTIONS.ask(tx, _connections(actor, query), "count(*)")
    return int(total)


def connection_cursor(kept: KeptConnection, sort: str | None) -> str:
    return CONNECTIONS.cursor(sort, kept.id, lambda _: kept.name)


async def look_purchases(
    env: Env, actor: Actor, query: PurchaseQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[Attempt], int]:
    """One more than `size`, and about how many match. Who may look is the caller's to ask."""
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        found, expected = await PURCHASES.look(
            tx, _purchases(actor, query), sort=sort, cursor=cursor, size=size
        )
    return [Attempt(*r) for r in found], expected


async def count_purchases(env: Env, actor: Actor, query: PurchaseQuery) -> int:
    async with env.db.transaction(actor.mall_id, "vault") as tx:
        [[total]] = await PURCHASES.ask(tx, _purchases(actor, query), "count(*)")
    return int(total)


def purchase_cursor(attempt: Attempt, sort: str | None) -> str:
    def value(name: str) -> object:
        return attempt.people_at if name == "people_since" else attempt.called_at

    return PURCHASES.cursor(sort, attempt.id, value)


def _connections(actor: Actor, query: ConnectionQuery) -> Where:
    tenancy.require(actor, "supply.read")
    where = Where({"mall": actor.mall_id}, [L.connections_of_mall])
    if query.status:
        where.add(L.connection_state, state=list(query.status))
    if query.protocol:
        where.add(L.connection_protocol, protocol=query.protocol)
    if query.supplier_id is not None:
        where.add(L.connection_supplier, supplier=query.supplier_id)
    if query.status_not:
        where.deny(L.connection_state, state=list(query.status_not))
    if query.protocol_not:
        where.deny(L.connection_protocol, protocol=query.protocol_not)
    if query.supplier_id_not is not None:
        where.deny(L.connection_supplier, supplier=query.supplier_id_not)
    if query.q.strip():
        where.add(L.connection_typed, q=query.q.strip())
    return where


def _purchases(actor: Actor, query: PurchaseQuery) -> Where:
    where = Where({"home": home_of(actor.mall_id)}, [L.purchases_for_people])
    if query.connection_id is not None:
        where.add(L.purchase_connection, connection=query.connection_id)
    if query.supplier_id is not None:
        where.add(L.purchase_supplier, supplier=query.supplier_id)
    if query.sku_id is not None:
        where.add(L.purchase_sku, sku=query.sku_id)
    if query.connection_id_not is not None:
        where.deny(L.purchase_connection, connection=query.connection_id_not)
    if query.supplier_id_not is not None:
        where.deny(L.purchase_supplier, supplier=query.supplier_id_not)
    if query.sku_id_not is not None:
        where.deny(L.purchase_sku, sku=query.sku_id_not)
    if typed := query.q.strip():
        begins = f"{typed}%" if typed.isascii() and typed.isdigit() else ""
        where.add(L.purchase_typed, q=typed, begins=begins)
    return where
