"""Money as integers in 1/10 000 of a currency's main unit, suffix `_e4`.

Wholesale unit prices have four decimals (9.8750 CNY). No float ever holds money. Cents exist only at the edges
(payment, invoice), where the rounding is named.
"""

import re
from functools import lru_cache
from typing import Annotated

import msgspec

from commissary.base.form import form

E4 = 10_000
MAX_E4 = 10**15  # 100 billion main units: far above any order, far below 2**63

_AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,4})?", re.ASCII)

Currency = Annotated[str, form("[A-Z]{3}")]


class Money(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """On the wire: `{"amount": "9.8750", "currency": "CNY"}`."""

    amount: Annotated[str, form(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")]
    currency: Currency


@lru_cache(maxsize=4096)  # the same prices come again and again
def parse(text: str) -> int:
    """'9.875' → 98750. Raises ValueError on anything but a plain decimal of at most four places."""
    if not _AMOUNT.fullmatch(text):
        raise ValueError(f"not an amount with at most 4 decimals: {text[:40]!r}")
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * E4 + int(part.ljust(4, "0") or "0"))


def text(amount_e4: int) -> str:
    """98750 → '9.8750'."""
    sign = "-" if amount_e4 < 0 else ""
    whole, part = divmod(abs(amount_e4), E4)
    return f"{sign}{whole}.{part:04d}"


@lru_cache(maxsize=16_384)
def of(amount_e4: int, currency: str) -> Money:
    return Money(text(amount_e4), currency)


def to_cents(amount_e4: int) -> int:
    """Half away from zero, the rounding of invoices and payment channels."""
    quotient, rest = divmod(abs(amount_e4), 100)
    cents = quotient + (rest >= 50)
    return -cents if amount_e4 < 0 else cents


def apply_bp(amount_e4: int, rate_bp: int) -> int:
    """`amount × rate / 10 000`, half away from zero: one rounding, here, for every rate in basis points."""
    product = amount_e4 * rate_bp
    quotient, rest = divmod(abs(product), 10_000)
    value = quotient + (rest >= 5_000)
    return -value if product < 0 else value
