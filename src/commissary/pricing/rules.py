"""Which price holds: the buyer's contract, else the tier's book, else the list; never below the floor."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import pairwise

import msgspec

from commissary.base import money
from commissary.base.money import MAX_E4, apply_bp
from commissary.catalog.types import FROM_STOCK, Offered
from commissary.pricing.types import (
    MOST_RUNGS,
    Earned,
    Ladder,
    PreviewOutcome,
    PreviewRow,
    Price,
    Rounding,
    Snapshot,
    Template,
    Version,
)


def price_of(snapshot: Snapshot, buyer_id: int, sku_id: int, quantity: int, at: datetime) -> Price | None:
    """The unit price of that many pieces at that instant, or None when no book sells the SKU to this buyer."""
    for kind, book in books_of(snapshot, buyer_id):
        version = version_at(snapshot.versions.get((book, sku_id), ()), at)
        if version is not None and version.ladder.prices_e4:
            rung = rung_of(version.ladder, quantity)
            return Price(
                version.ladder.prices_e4[rung],
                f"{kind}:{book}:{version.id}:{version.ladder.minimums[rung]}",
            )
    return None


def books_of(snapshot: Snapshot, buyer_id: int) -> tuple[tuple[str, int], ...]:
    known = snapshot.books_of.get(buyer_id)
    if known is not None:
        return known
    found = []
    if (contract := snapshot.contract_books.get(buyer_id)) is not None:
        found.append(("contract", contract))
    tier = snapshot.tier_of.get(buyer_id)
    if tier is not None and (book := snapshot.tier_books.get(tier)) is not None:
        found.append(("tier", book))
    if snapshot.list_book is not None:
        found.append(("list", snapshot.list_book))
    snapshot.books_of[buyer_id] = books = tuple(found)
    return books


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


def cost_of(
    costs: Mapping[int, int], parts: Mapping[int, Sequence[tuple[int, int]]], sku_id: int
) -> int | None:
    """Of a piece; of a bundle, what its parts cost together. None: not known of it or of a part."""
    pieces = parts.get(sku_id, ((sku_id, 1),))
    if any(part not in costs for part, _ in pieces):
        return None
    return sum(costs[part] * quantity for part, quantity in pieces)


def earned(minimum: int, price_e4: int, cost_e4: int | None, floor_e4: int) -> Earned:
    """The margin is over cost, as floors are; rounded towards less."""
    margin_bp = None if not cost_e4 else (price_e4 - cost_e4) * 10_000 // cost_e4
    loss = cost_e4 is not None and price_e4 < cost_e4
    return Earned(minimum, price_e4, margin_bp, loss, price_e4 < floor_e4)


def ladder_for(
    snapshot: Snapshot, buyer_id: int, sku_id: int, at: datetime
) -> tuple[str, int, Version] | None:
    """The ladder this buyer sees, with the kind and id of its book: `price_of` picks its rungs from the same one."""
    for kind, book in books_of(snapshot, buyer_id):
        version = version_at(snapshot.versions.get((book, sku_id), ()), at)
        if version is not None and version.ladder.prices_e4:
            return kind, book, version
    return None


def ladder_fault(ladder: Ladder) -> str:
    """'' or what is wrong. An empty ladder takes the SKU out of the book."""
    minimums, prices = ladder.minimums, ladder.prices_e4
    if len(minimums) != len(prices):
        return "as many quantities as prices"
    if len(minimums) > MOST_RUNGS:
        return f"at most {MOST_RUNGS} rungs"
    if minimums and minimums[0] != 1:
        return "the first rung begins at one piece"
    if any(a >= b for a, b in pairwise(minimums)) or any(m > 2**31 - 1 for m in minimums):
        return "each rung begins above the one before"
    if any(not 0 < p <= MAX_E4 for p in prices):
        return "a price is more than zero"
    return ""


def marked_up(template: Template, base_e4: int) -> int:
    """The template's price for one base price: markup, rounding up, least and most. At least one ten-thousandth."""
    price_e4 = base_e4 + apply_bp(base_e4, template.percent_bp) + template.fixed_e4
    price_e4 = rounded_up(max(1, price_e4), template.rounding)
    if template.most_e4 is not None:
        price_e4 = min(price_e4, template.most_e4)
    if template.least_e4 is not None:
        price_e4 = max(price_e4, template.least_e4)
    return price_e4


_ENDINGS: dict[Rounding, tuple[int, int]] = {  # (step, ending): prices are step × n + ending
    "none": (1, 0),
    "00": (10_000, 0),
    "90": (10_000, 9_000),
    "99": (10_000, 9_900),
    "tenth": (1_000, 0),
}


def rounded_up(price_e4: int, rounding: Rounding) -> int:
    """The least price with that ending which is not below: 12.91 → 13.90, 12.99, 13.00, 13.0."""
    step, ending = _ENDINGS[rounding]
    return -((ending - price_e4) // step) * step + ending


def ladder_text(ladder: Ladder | None) -> str:
    """`9.8750`, or from how many pieces on what: `1:9.8750; 10:9.5000`. Nothing: ``."""
    if ladder is None or not ladder.minimums:
        return ""
    if ladder.minimums == (1,):
        return money.text(ladder.prices_e4[0])
    return "; ".join(f"{m}:{money.text(p)}" for m, p in zip(ladder.minimums, ladder.prices_e4, strict=True))


def move_bp(old: Ladder, new: Ladder) -> int | None:
    """How far a price moves, up or down, at the quantity where it moves farthest; away from zero. None when the SKU comes into the
    book or leaves it."""
    if not old.minimums or not new.minimums:
        return None
    pairs = [
        (old.prices_e4[max(0, rung_of(old, q))], new.prices_e4[max(0, rung_of(new, q))])
        for q in sorted({*old.minimums, *new.minimums})
        if q >= max(old.minimums[0], new.minimums[0])
    ]
    moves = [(-(-abs(now - was) * 10_000 // was) if was else 10_000, now < was) for was, now in pairs]
    far, down = max(moves, default=(0, False))
    return -far if down else far


def farthest_bp(old: Ladder, new: Ladder) -> int:
    """The same without its sign; 0 when the SKU comes into the book or leaves it."""
    return abs(move_bp(old, new) or 0)


def preview_row(
    template: Template, sku_id: int, *, excluded: bool, old: Ladder | None, base: Ladder | None, least_e4: int
) -> PreviewRow:
    """What a template does to one SKU. `least_e4`: its floor over the current cost; a price under it is not written."""
    new = None
    if excluded:
        outcome: PreviewOutcome = "excluded"
    elif base is None or not base.prices_e4:
        outcome = "no_base"
    else:
        new = Ladder(base.minimums, tuple(marked_up(template, p) for p in base.prices_e4))
        outcome = "same" if new == old else "new"
        if min(new.prices_e4) < least_e4:
            outcome = "below_floor"
    return PreviewRow(sku_id, outcome, old, base, new if outcome == "new" else None, least_e4)


def preview_hash(template: Template, book_id: int, rows: Sequence[PreviewRow]) -> str:
    return sha256(msgspec.msgpack.encode((template, book_id, rows))).hexdigest()


class Source(msgspec.Struct, frozen=True):
    """A price's source taken apart."""

    kind: str
    book_id: int
    entry_id: int
    rung_minimum: int


def parse_source(text: str) -> Source | None:
    kind, *numbers = text.split(":")
    if kind not in ("contract", "tier", "list") or len(numbers) != 3:
        return None
    if not all(n.isascii() and n.isdigit() and len(n) < 20 for n in numbers):
        return None
    return Source(kind, int(numbers[0]), int(numbers[1]), int(numbers[2]))


MOST_SHOWN = 10_000


def left_of(o: Offered, stock: Mapping[int, int | None]) -> int | None:
    """How many may be bought at once; None: no stock limits it. `stock`: codes for sale by SKU, None for as many as you
    like."""
    if o.kind != "bundle":
        return stock.get(o.sku_id, 0) if o.kind in FROM_STOCK else None
    counted = [
        have // part.quantity
        for part in o.parts
        if part.kind in FROM_STOCK and (have := stock.get(part.sku_id, 0)) is not None
    ]
    return min(counted, default=None)


def shown(left: int | None) -> int:
    """Enough to order by; our whole stock is nobody's business."""
    if left is None:
        return MOST_SHOWN
    return left if left < 100 else min(left // 100 * 100, MOST_SHOWN)
