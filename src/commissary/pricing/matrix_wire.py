"""Prices beside what they earn, over HTTP."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from commissary.base import money
from commissary.base.money import Money
from commissary.base.wire import Id
from commissary.pricing.types import Earned, MatrixRow, Seen
from commissary.pricing.wire import BookOut, PriceIn, Rung, rungs


class PricesLookIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As `PricesIn`: what would be written."""

    book_id: Id
    prices: Annotated[list[PriceIn], msgspec.Meta(min_length=1, max_length=1_000)]


class EarnedOut(msgspec.Struct, frozen=True):
    """`margin_bp`: over cost; null: no cost is known. `loss`: a piece costs more than that."""

    minimum: int
    unit_price: Money
    margin_bp: int | None
    loss: bool
    below_floor: bool


class PriceLookOut(msgspec.Struct, frozen=True):
    """`old`: what holds now; null: the SKU is not in the book. `floor`: the least that may be asked for a piece."""

    sku_id: str
    cost: Money | None
    floor: Money
    old: list[Rung] | None
    new: list[EarnedOut]


class BookPricesOut(msgspec.Struct, frozen=True):
    book_id: str
    rungs: list[EarnedOut]


class MatrixRowOut(msgspec.Struct, frozen=True):
    """`prices`: of the books that have the SKU."""

    sku_id: str
    cost: Money | None
    floor: Money
    prices: list[BookPricesOut]


class MatrixOut(msgspec.Struct, frozen=True):
    """`books`: the list's and the tiers'."""

    books: list[BookOut]
    rows: list[MatrixRowOut]


def earned_out(of: Iterable[Earned], currency: str) -> list[EarnedOut]:
    return [
        EarnedOut(e.minimum, money.of(e.price_e4, currency), e.margin_bp, e.loss, e.below_floor) for e in of
    ]


def look_out(seen: Seen, currency: str) -> PriceLookOut:
    return PriceLookOut(
        str(seen.sku_id),
        None if seen.cost_e4 is None else money.of(seen.cost_e4, currency),
        money.of(seen.floor_e4, currency),
        None if seen.old is None else rungs(seen.old, currency),
        earned_out(seen.new, currency),
    )


def row_out(row: MatrixRow, currency: str) -> MatrixRowOut:
    return MatrixRowOut(
        str(row.sku_id),
        None if row.cost_e4 is None else money.of(row.cost_e4, currency),
        money.of(row.floor_e4, currency),
        [BookPricesOut(str(book), earned_out(of, currency)) for book, of in row.prices.items()],
    )
