"""Amounts that may be finer than 1/10 000, in main units: read exactly, and rounded where it is said which way."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any

from commissary.base.money import E4, MAX_E4
from commissary.supply.types import Unreadable


def exact_at(told: Mapping[str, Any], name: str) -> Decimal:
    """Not below zero."""
    found = told.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int | Decimal):
        raise Unreadable(f"{name} is missing")
    try:
        exact = Decimal(found)
    except InvalidOperation:
        raise Unreadable(f"{name} is no number") from None
    if not exact.is_finite() or not 0 <= exact <= MAX_E4 // E4:
        raise Unreadable(f"{name} is no amount")
    return exact


def up(exact: Decimal) -> int:
    """What has to be paid, as `_e4`: never said too low."""
    return int((exact * E4).to_integral_value(ROUND_CEILING))


def down(exact: Decimal) -> int:
    """What there is, as `_e4`: never said too high."""
    return int((exact * E4).to_integral_value(ROUND_FLOOR))


def plain(exact: Decimal) -> str:
    """One way of writing for "25.00", "25.0" and 25."""
    return f"{exact.normalize():f}"
