"""Rows ↔ types of the vault."""

from typing import Any

from commissary.base import sql
from commissary.stock.types import FaultLine

Q = sql.load(__package__)


def fault_line(row: tuple[Any, ...]) -> FaultLine:
    line, reason, detail = row
    return FaultLine(line, reason, detail["zh"], detail["en"], detail.get("column"))
