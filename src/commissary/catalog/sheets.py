"""What a sheet of SKUs needs: all of them, the products they belong to, and what would forbid a listing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commissary.base import db
from commissary.catalog import store
from commissary.catalog.rules import judge_listing
from commissary.catalog.store import Q
from commissary.catalog.types import ListingFault, Sku

AT_ONCE = 5_000


async def every_sku(tx: db.Tx, mall: int) -> list[Sku]:
    """By id, without deleted ones."""
    found: list[Sku] = []
    while True:
        after = found[-1].id if found else 0
        some = await store.find_skus(
            tx, mall, product_id=None, status=None, search=None, after=after, size=AT_ONCE
        )
        found += some
        if len(some) < AT_ONCE:
            return found


async def skus_by_id(tx: db.Tx, mall: int, ids: Sequence[int]) -> dict[int, Sku]:
    """Deleted ones too."""
    return await store.get_skus(tx, mall, ids)


async def products_of(tx: db.Tx, mall: int) -> list[tuple[int, str, str, str, str]]:
    """(id, name, English name, brand, its English name) of every product."""
    found = await db.rows(tx, Q.products_with_brands, {"mall": mall})
    return [(r[0], r[1], r[2], r[3], r[4]) for r in found]


async def versions_shown(
    tx: db.Tx, mall: int, wanted: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], Mapping[str, Any]]:
    """(SKU, version) → the SKU as it was shown then."""
    if not wanted:
        return {}
    ids, versions = [w[0] for w in wanted], [w[1] for w in wanted]
    found = await db.rows(tx, Q.sku_versions, {"mall": mall, "ids": ids, "versions": versions})
    return {(r[0], r[1]): r[2] for r in found}


async def listing_faults(
    tx: db.Tx, mall: int, skus: Sequence[Sku], at: datetime
) -> dict[int, list[ListingFault]]:
    """What would forbid each to be on sale as it stands here; parts of bundles are not looked at."""
    limits = await store.load_limits(tx, mall)
    name = await db.row(tx, Q.mall_name, {"mall": mall})
    house = str(name[0]) if name else ""
    return {
        sku.id: judge_listing(sku, limits, at, issued_by_mall=sku.issuer == house)
        for sku in skus
        if sku.kind != "bundle"
    }
