"""Rows ↔ types of prices. Reads `partners.buyer` for tiers."""

from itertools import groupby

from commissary.base import db, sql
from commissary.pricing.types import Ladder, Snapshot, Version

Q = sql.load(__package__)


async def load_snapshot(tx: db.Tx, mall_id: int, currency: str, epoch: int) -> Snapshot:
    """Everything `rules.price_of` needs; the caller read the epoch before, so a later change is noticed."""
    at = {"mall": mall_id, "currency": currency}
    list_book = None
    tiers: dict[int, int] = {}
    contracts: dict[int, int] = {}
    for book_id, kind, tier_id, buyer_id in await db.rows(tx, Q.books, at):
        if kind == "list":
            list_book = book_id
        elif kind == "tier":
            tiers[tier_id] = book_id
        else:
            contracts[buyer_id] = book_id
    versions = {
        key: tuple(
            Version(at_, id_, Ladder(tuple(minimums), tuple(prices)))
            for _, _, at_, id_, minimums, prices in group
        )
        for key, group in groupby(await db.rows(tx, Q.versions, at), key=lambda r: (r[0], r[1]))
    }
    return Snapshot(
        epoch=epoch,
        currency=currency,
        list_book=list_book,
        tier_books=tiers,
        contract_books=contracts,
        tier_of={int(buyer): int(tier) for buyer, tier in await db.rows(tx, Q.tiers_of_buyers, at)},
        versions=versions,
        floors_bp={int(sku): int(bp) for sku, bp in await db.rows(tx, Q.floors, at)},
    )
