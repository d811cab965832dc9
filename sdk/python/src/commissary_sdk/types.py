"""What goes to the mall and what comes back. Money is `Decimal`, time is timezone-aware, ids are strings.

Every answer keeps `raw`, the JSON as it came, so that a field younger than this package is not lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .errors import CommissaryError

FINAL_STATUSES = frozenset({"delivered", "partially_delivered", "failed", "cancelled", "reversed"})


@dataclass(frozen=True, slots=True)
class Money:
    """At most four decimals: wholesale unit prices look like 9.8750."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str) -> Money:
        """`Money.of("9.90", "CNY")`; refuses floats, whose last digits are noise."""
        if isinstance(amount, float):
            raise ValueError("money is never a float: pass '9.90' or Decimal('9.90')")
        return cls(Decimal(amount), currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to buy.

    `max_unit_price` is the most you agree to pay for one: a dearer price refuses the order instead of buying.
    `fields` are a top-up's inputs, such as `{"phone": "13800000000"}`.
    """

    sku_id: str
    quantity: int = 1
    max_unit_price: Money | None = None
    fields: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class EndUser:
    """Who stands behind your order, for the mall's risk rules."""

    ip: str | None = None
    device_id: str | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """One order of a batch. `client_order_no` is your own number: store it before you send it."""

    client_order_no: str
    lines: Line | Sequence[Line]
    quote_id: str | None = None
    wait_ms: int | None = None
    end_user: EndUser | None = None
    callback_url: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """One delivered code. `secret` is the password, the link or the voucher's text; it is in no `repr`, so that logs
    stay clean. `number` is there when the code has one."""

    secret: str = field(repr=False)
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """The mall asks for a correction: `field` is wrong. Corrected before `until`, the line goes on, else it fails."""

    field: str
    until: datetime


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A bundle is delivered as its parts: `sku_id` is then the part's, `bundle_id` what was ordered."""

    line_no: int
    sku_id: str
    quantity: int
    unit_price: Money
    status: str
    codes: tuple[Code, ...] = ()
    delivered: int = 0
    bundle_id: str | None = None
    reason: str | None = None
    receipts: tuple[str, ...] = ()
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """`id` is for programs, `order_no` for people."""

    id: str
    client_order_no: str
    status: str
    total: Money
    lines: tuple[OrderLine, ...]
    decision_id: str
    order_no: str
    reason: str | None
    created_at: datetime
    raw: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes of all lines, in order."""
        return tuple(code for line in self.lines for code in line.codes)

    @property
    def final(self) -> bool:
        """Whether waiting longer is pointless. A status this package does not know is not final."""
        return self.status in FINAL_STATUSES


@dataclass(frozen=True, slots=True)
class Placement:
    """The answer to one order of a batch: an order or an error, never both."""

    client_order_no: str
    order: Order | None = None
    error: CommissaryError | None = None

    def get(self) -> Order:
        """The order, or raises the error."""
        if self.order is not None:
            return self.order
        assert self.error is not None  # noqa: S101
        raise self.error


@dataclass(frozen=True, slots=True)
class QuoteLine:
    sku_id: str
    quantity: int
    unit_price: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """A price that binds the mall until `expires_at`: pass `quote_id=quote.id` to `place`."""

    id: str
    lines: tuple[QuoteLine, ...]
    amount: Money
    expires_at: datetime
    raw: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Product:
    """One SKU at your own price; `name` is the Chinese one. What is not here, such as `prices` by quantity, is in `raw`."""

    sku_id: str
    name: str
    name_en: str
    unit_price: Money
    raw: Mapping[str, Any] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Balance:
    """`amounts` holds every amount of the answer under its name; `available` is what you can still spend."""

    available: Money
    amounts: Mapping[str, Money]
    raw: Mapping[str, Any] = field(repr=False, compare=False)
