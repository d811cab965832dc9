"""Looking through SKUs: the console's list, by any of its filters. A mall has thousands, not millions: its own are read in whole."""

import msgspec

from commissary import tenancy
from commissary.base import listing
from commissary.base.env import Env
from commissary.base.listing import Columns, Where
from commissary.catalog.store import Q, rows_to_skus
from commissary.catalog.types import Kind, Sku, Status
from commissary.tenancy.types import Actor

DEFAULT = "created_at"
SORTS = Columns(
    "s.id",
    {
        "created_at": ("s.id", "bigint"),
        "code": ("s.code", "text"),
        "name_zh": ("s.name_zh", "text"),
        "name_en": ("s.name_en", "text"),
        "updated_at": ("s.updated_at", "timestamptz"),
    },
)


class SkuQuery(msgspec.Struct, frozen=True):
    """`q` is part of the article number or a name. Without `status`: all but the deleted ones."""

    q: str = ""
    status: tuple[Status, ...] = ()
    kind: tuple[Kind, ...] = ()
    product_id: int | None = None
    brand_id: int | None = None
    status_not: tuple[Status, ...] = ()
    kind_not: tuple[Kind, ...] = ()
    product_id_not: int | None = None
    brand_id_not: int | None = None


async def look(
    env: Env, actor: Actor, query: SkuQuery, *, sort: str | None, cursor: str | None, size: int
) -> tuple[list[Sku], int]:
    """One more than `size`, and about how many match."""
    tenancy.require(actor, "catalog.read")
    by = listing.sort_of(sort, tuple(SORTS.by), DEFAULT)
    where = _where(actor.mall_id, query)
    async with env.db.transaction(actor.mall_id) as tx:
        expected = await listing.estimate(tx, Q.matching_skus.format(where=where.sql), where.params)
        SORTS.go_on(where, by, cursor)
        text = Q.look_skus.format(where=where.sql, order=SORTS.order(by))
        found = await listing.rows(tx, text, where.params | {"size": size + 1})
        return await rows_to_skus(tx, actor.mall_id, found), expected


async def count(env: Env, actor: Actor, query: SkuQuery) -> int:
    """Exactly how many match."""
    tenancy.require(actor, "catalog.read")
    where = _where(actor.mall_id, query)
    async with env.db.transaction(actor.mall_id) as tx:
        [[total]] = await listing.rows(tx, Q.count_skus.format(where=where.sql), where.params)
    return int(total)


async def sku_ids(env: Env, actor: Actor, query: SkuQuery, most: int) -> list[int]:
    """Of all that match, at most so many."""
    tenancy.require(actor, "catalog.read")
    where = _where(actor.mall_id, query)
    async with env.db.transaction(actor.mall_id) as tx:
        text = Q.sku_ids.format(where=where.sql)
        return [r[0] for r in await listing.rows(tx, text, where.params | {"most": most})]


def cursor_of(sku: Sku, sort: str | None) -> str:
    name = listing.sort_of(sort, tuple(SORTS.by), DEFAULT).name
    return listing.closed("" if name == "created_at" else getattr(sku, name), sku.id)


def _where(mall: int, query: SkuQuery) -> Where:
    where = Where({"mall": mall}, [Q.sku_of_mall])
    if query.status:
        where.add(Q.sku_status, status=list(query.status))
    else:
        where.add(Q.sku_not_deleted)
    if query.kind:
        where.add(Q.sku_kind, kind=list(query.kind))
    if query.product_id is not None:
        where.add(Q.sku_product, product=query.product_id)
    if query.brand_id is not None:
        where.add(Q.sku_brand, brand=query.brand_id)
    if query.status_not:
        where.deny(Q.sku_status, status=list(query.status_not))
    if query.kind_not:
        where.deny(Q.sku_kind, kind=list(query.kind_not))
    if query.product_id_not is not None:
        where.deny(Q.sku_product, product=query.product_id_not)
    if query.brand_id_not is not None:
        where.deny(Q.sku_brand, brand=query.brand_id_not)
    if query.q.strip():
        where.add(Q.sku_typed, q=query.q.strip())
    return where
