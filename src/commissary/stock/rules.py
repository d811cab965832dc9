"""How a lot is cut. Pure.

A lot `start..end` with a counter `next`: below it codes are sold, from it on they are in the lot's state. Cutting keeps
every code in exactly one lot, and sold codes sold.
"""

from datetime import datetime

import msgspec

from commissary.stock.types import LotState

UNSOLD: frozenset[LotState] = frozenset({"open", "frozen", "expired"})


class Held(msgspec.Struct, frozen=True):
    """A lot as read under lock."""

    id: int
    start: int
    next: int
    end: int
    state: LotState
    expires_at: datetime | None
    unlimited: bool


class Piece(msgspec.Struct, frozen=True):
    start: int
    next: int
    end: int
    state: LotState


class Cut(msgspec.Struct, frozen=True):
    """`kept` replaces the lot, `new` are lots of their own; codes `first..last` changed their state."""

    lot_id: int
    kept: Piece
    new: list[Piece]
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def set_aside(lot: Held, first: int, last: int, state: LotState) -> Cut | None:
    """The unsold codes of the lot within `first..last`, in another state. None: there are none to change."""
    first, last = max(first, lot.next), min(last, lot.end)
    if first > last or lot.state not in UNSOLD:
        return None
    pieces = []
    if first > lot.start:
        pieces.append(Piece(lot.start, lot.next, first - 1, lot.state if lot.next < first else "sold_out"))
    pieces.append(Piece(first, first, last, state))
    if last < lot.end:
        pieces.append(Piece(last + 1, last + 1, lot.end, lot.state))
    return Cut(lot.id, pieces[0], pieces[1:], first, last)


def give_back(lot: Held, first: int, last: int, state: LotState) -> Cut | None:
    """The sold codes of the lot within `first..last`, unsold again. The lot's counter stays where buyers look for it."""
    first, last = max(first, lot.start), min(last, lot.next - 1)
    if first > last or lot.unlimited:
        return None
    pieces = []
    if first > lot.start:
        pieces.append(Piece(lot.start, first, first - 1, "sold_out"))
    pieces.append(Piece(first, first, last, state))
    if last < lot.end:
        pieces.append(Piece(last + 1, lot.next, lot.end, lot.state))
    return Cut(lot.id, pieces[-1], pieces[:-1], first, last)
