"""How much is bought for the shelf, and in which purchases. Pure: counts, times and zones are arguments."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from commissary.fulfilment.types import RestockTerms

MOST_PARTS = 50


def sold_in(days: int, sold_7: int, sold_28: int) -> int:
    """Pieces in so many days, by the faster of the last week and the last four; rounded up."""
    in_28 = max(4 * sold_7, sold_28)
    return -(-in_28 * days // 28)


def reorder_point(terms: RestockTerms, sold_7: int, sold_28: int) -> int:
    days = 0 if terms.reorder_days is None else sold_in(terms.reorder_days, sold_7, sold_28)
    return max(days, terms.reorder_at or 0)


def wanted(terms: RestockTerms, sold_7: int, sold_28: int, available: int) -> int:
    """Pieces that fill the shelf up; 0 above the reorder point. Once filled it lies above that point."""
    point = reorder_point(terms, sold_7, sold_28)
    if available > point:
        return 0
    target = max(sold_in(terms.cover_days, sold_7, sold_28), point + 1)
    return min(target - available, terms.most_pieces)


def split(pieces: int, least: int, most: int | None) -> list[int]:
    """Into purchases that an offer takes: each of `least` to `most` pieces. A rest below `least` is left for the next
    plan, as is what is beyond MOST_PARTS."""
    if pieces < least:
        return []
    if most is None:
        return [pieces]
    parts = [most] * min(pieces // most, MOST_PARTS)
    rest = pieces - most * len(parts)
    if len(parts) < MOST_PARTS and rest >= max(least, 1):
        parts.append(rest)
    return parts


def affordable(unit_cost_e4: int, left_e4: Sequence[int]) -> int | None:
    """Pieces that every budget has room for; None: as many as you like."""
    return min(left_e4) // unit_cost_e4 if unit_cost_e4 else None


def month_of(now: datetime, zone: str) -> date:
    """The first day of the mall's month."""
    return now.astimezone(ZoneInfo(zone)).date().replace(day=1)
