"""Which price holds: the buyer's contract, else the tier's book, else the list; never below the floor."""

from bisect import bisect_right
from datetime import datetime

from commissary.base.money import apply_bp
from commissary.pricing.types import Ladder, Price, Snapshot, Version


def price_of(snapshot: Snapshot, buyer_id: int, sku_id: int, quantity: int, at: datetime) -> Price | None:
    """The unit price of that many pieces at that instant, or None when no book sells the SKU to this buyer."""
    for kind, book in _books(snapshot, buyer_id):
        version = version_at(snapshot.versions.get((book, sku_id), ()), at)
        if version is not None and version.ladder.prices_e4:
            rung = rung_of(version.ladder, quantity)
            return Price(
                version.ladder.prices_e4[rung],
                f"{kind}:{book}:{version.id}:{version.ladder.minimums[rung]}",
            )
    return None


def _books(snapshot: Snapshot, buyer_id: int) -> list[tuple[str, int]]:
    found = []
    if (contract := snapshot.contract_books.get(buyer_id)) is not None:
        found.append(("contract", contract))
    tier = snapshot.tier_of.get(buyer_id)
    if tier is not None and (book := snapshot.tier_books.get(tier)) is not None:
        found.append(("tier", book))
    if snapshot.list_book is not None:
        found.append(("list", snapshot.list_book))
    return found


def version_at(versions: tuple[Version, ...], at: datetime) -> Version | None:
    """`versions` stand newest first, so the first that has begun is the one that holds."""
    for version in versions:
        if version.valid_from <= at:
            return version
    return None


def rung_of(ladder: Ladder, quantity: int) -> int:
    return bisect_right(ladder.minimums, quantity) - 1


def floor_e4(snapshot: Snapshot, sku_id: int, unit_cost_e4: int) -> int:
    """The least unit price for goods of that cost: the SKU's own margin, else the mall's (sku 0), else cost."""
    margin_bp = snapshot.floors_bp.get(sku_id, snapshot.floors_bp.get(0, 0))
    return unit_cost_e4 + apply_bp(unit_cost_e4, margin_bp)


def list_price_e4(snapshot: Snapshot, sku_id: int, at: datetime) -> int:
    """The list price of one piece: the weight of a bundle's part. 0 when it has none."""
    if snapshot.list_book is None:
        return 0
    version = version_at(snapshot.versions.get((snapshot.list_book, sku_id), ()), at)
    return version.ladder.prices_e4[0] if version is not None and version.ladder.prices_e4 else 0
