"""What connectors share in reading a supplier's list of orders: times, and the lines of the span that was asked for."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from commissary.supply.connectors.answers import text_at
from commissary.supply.types import StatementLine, Unreadable


def ms_at(told: Mapping[str, Any], name: str) -> int:
    """An instant in any form of ISO 8601; UTC where it names no zone."""
    try:
        at = datetime.fromisoformat(text_at(told, name))
    except ValueError:
        raise Unreadable(f"{name} is no time") from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def utc(at_ms: int, form: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime(form)


def ref_at(told: Mapping[str, Any], name: str) -> str:
    """Our number; '' of an order that was placed without one."""
    return text_at(told, name) if told.get(name) not in (None, "") else ""


def within(lines: Iterable[StatementLine], start_ms: int, end_ms: int) -> tuple[StatementLine, ...]:
    return tuple([line for line in lines if start_ms <= line.at_ms < end_ms])
