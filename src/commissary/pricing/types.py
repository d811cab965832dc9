"""Prices: ladders in books, and the snapshot that the order path reads."""

from datetime import datetime

import msgspec


class Ladder(msgspec.Struct, frozen=True):
    """From `minimums[i]` pieces on, a piece costs `prices_e4[i]`. Empty: the SKU is not in the book."""

    minimums: tuple[int, ...]
    prices_e4: tuple[int, ...]


class Version(msgspec.Struct, frozen=True):
    """A ladder from an instant on, until the next version of the same book and SKU."""

    valid_from: datetime
    id: int
    ladder: Ladder


class Price(msgspec.Struct, frozen=True, gc=False):
    """`source` recomputes: `contract:<book>:<entry>:<rung minimum>`, likewise tier and list."""

    unit_price_e4: int
    source: str


class Snapshot(msgspec.Struct):
    """All prices of a mall in one currency at one epoch. `books` maps (book, sku) to versions, newest first."""

    epoch: int
    currency: str
    list_book: int | None
    tier_books: dict[int, int]
    contract_books: dict[int, int]
    tier_of: dict[int, int]
    versions: dict[tuple[int, int], tuple[Version, ...]]
    floors_bp: dict[int, int]
