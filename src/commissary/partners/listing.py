"""Looking through buyers and suppliers: the console's lists, by any of their filters. A mall has thousands of either."""

from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import listing, sql
from commissary.base.env import Env
from commissary.base.listing import Columns, Where
from commissary.partners.types import Buyer, Supplier
from commissary.tenancy.types import Actor, OrganisationStatus

Q = sql.load(__package__)

DEFAULT = "created_at"
BUYERS = Columns(
    "b.id",
    {
        "created_at": ("b.id", "bigint"),
        "name": ("o.name", "text"),
        "updated_at": ("b.updated_at", "timestamptz"),
    },
)
SUPPLIERS = Columns(
    "s.id",
    {
        "created_at": ("s.id", "bigint"),
        "name": ("o.name", "text"),
        "updated_at": ("s.updated_at", "timestamptz"),
    },
)


class CompanyQuery(msgspec.Struct, frozen=True):
    """`q` is part of the name. Suppliers have no tier."""

    q: str = ""
    status: tuple[OrganisationStatus, ...] = ()
    tier_id: int | None = None
    status_not: tuple[OrganisationStatus, ...] = ()
    tier_id_not: int | None = None


async def look_buyers(
    env: Env, actor: Actor, query: CompanyQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[Buyer], int]:
    """One more than `size`, and about how many match."""
    rows, expected = await _look(
        env, actor, _where(actor, Q.buyer_of_mall, query), BUYERS, (Q.look_buyers, Q.matching_buyers),
        sort, cursor, size, {},
    )  # fmt: skip
    return [Buyer(*r) for r in rows], expected


async def look_suppliers(
    env: Env, actor: Actor, query: CompanyQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[Supplier], int]:
    """`grade` is the best over a supplier's brands; whoever buys asks for the brand's own."""
    rows, expected = await _look(
        env, actor, _where(actor, Q.supplier_of_mall, query), SUPPLIERS, (Q.look_suppliers, Q.matching_suppliers),
        sort, cursor, size, {"at": env.now(actor.mall_id)},
    )  # fmt: skip
    return [Supplier(*r) for r in rows], expected


async def count_buyers(env: Env, actor: Actor, query: CompanyQuery) -> int:
    return await _count(env, actor, _where(actor, Q.buyer_of_mall, query), Q.matching_buyers)


async def count_suppliers(env: Env, actor: Actor, query: CompanyQuery) -> int:
    return await _count(env, actor, _where(actor, Q.supplier_of_mall, query), Q.matching_suppliers)


async def buyer_ids(env: Env, actor: Actor, query: CompanyQuery, most: int) -> list[int]:
    """Of all that match, at most so many."""
    tenancy.require(actor, "partners.read")
    where = _where(actor, Q.buyer_of_mall, query)
    async with env.db.transaction(actor.mall_id) as tx:
        text = Q.matching_buyers.format(what="b.id", where=where.sql) + "\norder by b.id limit %(most)s"
        return [r[0] for r in await listing.rows(tx, text, where.params | {"most": most})]


async def buyers_by_id(env: Env, actor: Actor, ids: list[int]) -> list[Buyer]:
    """Those of them that there are."""
    tenancy.require(actor, "partners.read")
    where = Where({"mall": actor.mall_id}, [Q.buyer_of_mall])
    where.add("b.id = any (%(ids)s::bigint[])", ids=ids)
    async with env.db.transaction(actor.mall_id) as tx:
        text = Q.look_buyers.format(where=where.sql, order="b.id")
        return [Buyer(*r) for r in await listing.rows(tx, text, where.params | {"size": len(ids)})]


def cursor_of(company: Buyer | Supplier, sort: str | None) -> str:
    name = listing.sort_of(sort, tuple(BUYERS.by), DEFAULT).name
    return listing.closed("" if name == "created_at" else getattr(company, name), company.id)


async def _look(
    env: Env,
    actor: Actor,
    where: Where,
    columns: Columns,
    texts: tuple[str, str],
    sort: str | None,
    cursor: str | None,
    size: int,
    more: dict[str, Any],
) -> tuple[list[Any], int]:
    tenancy.require(actor, "partners.read")
    by = listing.sort_of(sort, tuple(columns.by), DEFAULT)
    page, matching = texts
    async with env.db.transaction(actor.mall_id) as tx:
        expected = await listing.estimate(tx, matching.format(what="1", where=where.sql), where.params)
        columns.go_on(where, by, cursor)
        text = page.format(where=where.sql, order=columns.order(by))
        return await listing.rows(tx, text, where.params | more | {"size": size + 1}), expected


async def _count(env: Env, actor: Actor, where: Where, matching: str) -> int:
    tenancy.require(actor, "partners.read")
    async with env.db.transaction(actor.mall_id) as tx:
        text = matching.format(what="count(*)", where=where.sql)
        [[total]] = await listing.rows(tx, text, where.params)
    return int(total)


def _where(actor: Actor, of_mall: str, query: CompanyQuery) -> Where:
    where = Where({"mall": actor.mall_id}, [of_mall])
    if query.status:
        where.add(Q.company_status, status=list(query.status))
    if query.tier_id is not None:
        where.add(Q.buyer_tier, tier=query.tier_id)
    if query.status_not:
        where.deny(Q.company_status, status=list(query.status_not))
    if query.tier_id_not is not None:
        where.deny(Q.buyer_tier, tier=query.tier_id_not)
    if query.q.strip():
        where.add(Q.company_typed, q=query.q.strip())
    return where
