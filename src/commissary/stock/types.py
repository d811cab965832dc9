"""Batches, lots and ranges as data."""

from datetime import datetime
from typing import Literal

import msgspec

LotState = Literal["receiving", "open", "sold_out", "frozen", "void", "expired", "returned"]


class Lot(msgspec.Struct, frozen=True):
    """A range of a batch as read under lock; codes `next_seq..end_seq` are unsold."""

    id: int
    sku_id: int
    batch_id: int
    next_seq: int
    end_seq: int
    unit_cost_e4: int
    unlimited: bool


class Range(msgspec.Struct, frozen=True, gc=False):
    """Codes `first_seq..last_seq` of a batch, taken from a lot."""

    lot_id: int
    batch_id: int
    first_seq: int
    last_seq: int
    unit_cost_e4: int
    shared: bool

    @property
    def count(self) -> int:
        return self.last_seq - self.first_seq + 1


class Code(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """In clear, for the moment it is handed over. Its repr shows nothing."""

    secret: str
    number: str | None = None
    expires_at: datetime | None = None

    def __repr__(self) -> str:
        return "Code(…)"
