"""What one buyer may buy now and at what price, beside what he was told: whether there is news, and which. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from commissary.catalog.types import FROM_STOCK
from commissary.pricing import rules
from commissary.pricing.types import Ladder, Snapshot

NOTHING = Ladder((), ())
NewsKind = Literal["price", "available", "unavailable"]
Why = Literal["", "delisted", "not_priced", "out_of_stock", "below_floor"]


class Shelf(msgspec.Struct, frozen=True, gc=False):
    """Of one SKU: pieces in stock, and the cost of the next; whether suppliers serve it, and at what cost one can now."""

    pieces: int = 0
    cost_e4: int | None = None
    supplied: bool = False
    supply_cost_e4: int | None = None


EMPTY = Shelf()


class View(msgspec.Struct):
    """A mall as its subscribers are told of it."""

    snapshot: Snapshot
    kinds: dict[int, str] = {}
    listed: frozenset[int] = frozenset()
    parts: dict[int, tuple[tuple[int, int], ...]] = {}
    shelves: Mapping[int, Shelf] = {}


class Stand(msgspec.Struct, frozen=True, gc=False):
    """Of one SKU for one buyer. `why` it cannot be bought, or ''."""

    ladder: Ladder
    valid_from: datetime | None
    why: Why


class Told(msgspec.Struct, frozen=True, gc=False):
    """What he knows."""

    ladder: Ladder
    available: bool


class News(msgspec.Struct, frozen=True, gc=False):
    """`change_bp` is the greatest move of any rung; None where there was no price."""

    kind: NewsKind
    sku_id: int
    now: Stand
    old: Ladder
    change_bp: int | None = None


def stand(view: View, buyer_id: int, sku_id: int, at: datetime, *, availability: bool) -> Stand:
    """Without `availability` only whether there is a price is looked at."""
    found = rules.ladder_for(view.snapshot, buyer_id, sku_id, at)
    ladder, valid_from = (NOTHING, None) if found is None else (found[2].ladder, found[2].valid_from)
    why: Why = ""
    if sku_id not in view.listed:
        why = "delisted"
    elif found is None:
        why = "not_priced"
    elif availability:
        why = _lacking(view, sku_id, ladder.prices_e4[0])
    return Stand(ladder, valid_from, why)


def _lacking(view: View, sku_id: int, price_e4: int) -> Why:
    least_e4 = 0
    for part, pieces in view.parts.get(sku_id, ((sku_id, 1),)):
        shelf = view.shelves.get(part, EMPTY)
        stocked = view.kinds.get(part) in FROM_STOCK
        on_shelf = stocked and shelf.pieces >= pieces
        if not on_shelf and shelf.supply_cost_e4 is None and (stocked or shelf.supplied):
            return "out_of_stock"
        cost_e4 = shelf.cost_e4 if on_shelf else shelf.supply_cost_e4
        if cost_e4 is not None:
            least_e4 += rules.floor_e4(view.snapshot, part, cost_e4) * pieces
    return "below_floor" if price_e4 < least_e4 else ""


def greatest_move(old: Ladder, new: Ladder) -> tuple[int, int]:
    """(by how much, of what it was) at the quantity where it is greatest as a share. Both ladders have prices."""
    moved_e4, of_e4 = 0, 1
    for quantity in sorted({*old.minimums, *new.minimums}):
        was_e4 = old.prices_e4[rules.rung_of(old, quantity)]
        by_e4 = new.prices_e4[rules.rung_of(new, quantity)] - was_e4
        if abs(by_e4) * of_e4 > abs(moved_e4) * was_e4:
            moved_e4, of_e4 = by_e4, was_e4
    return moved_e4, of_e4


def news(
    told: Told | None, now: Stand, sku_id: int, *, threshold_bp: int, availability: bool
) -> tuple[News | None, Told | None]:
    """(what he is to be told, what he knows from then on); None: nothing, or as before. `told` None: a SKU that he never
    heard of; silence about its price is no change of it."""
    offered = now.why == ""
    if told is None:
        if not offered:
            return None, None
        known = Told(now.ladder, True)
        return (News("available", sku_id, now, NOTHING) if availability else None), known
    if availability and told.available and not offered:
        return News("unavailable", sku_id, now, told.ladder), Told(told.ladder, False)
    if availability and not told.available:
        if not offered:
            return None, None
        return News("available", sku_id, now, told.ladder), Told(now.ladder, True)
    if not now.ladder.prices_e4 or now.ladder == told.ladder:
        return None, None
    if not told.ladder.prices_e4:
        return News("price", sku_id, now, told.ladder), Told(now.ladder, told.available)
    moved_e4, of_e4 = greatest_move(told.ladder, now.ladder)
    if not moved_e4 or abs(moved_e4) * 10_000 < threshold_bp * of_e4:
        return None, None
    move_bp = abs(moved_e4) * 10_000 // of_e4 * (1 if moved_e4 > 0 else -1)
    return News("price", sku_id, now, told.ladder, move_bp), Told(now.ladder, told.available)
