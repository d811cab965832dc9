"""A file of rates as drafts: a header, then currency, rate, and from when. Read whole, or refused line by line."""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from commissary.base import table_file
from commissary.base.errors import Refused
from commissary.ledger.rates import MOST_E8, MOST_RATES
from commissary.ledger.rules import RATE_E8
from commissary.ledger.types import LedgerRefusal, RateDraft

NAMES: Mapping[str, Collection[str]] = {
    "currency": ("currency", "code", "币种", "货币", "货币代码"),
    "rate": ("rate", "exchange_rate", "汇率", "中间价"),
    "valid_from": ("valid_from", "from", "time", "date", "生效时间", "时间", "日期"),
}
BYTES_MAX = 1 << 20
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_RATE = re.compile(r"\d{1,6}(\.\d{1,8})?", re.ASCII)


def read(data: bytes, file_name: str) -> list[RateDraft]:
    """Refuses rates_faulty with `lines`, and what `table_file` refuses. Without a time a rate holds from now on."""
    rows = table_file.open_table(
        data, filename=file_name, limits=table_file.Limits(bytes_max=BYTES_MAX, rows_max=2 * MOST_RATES)
    )
    header = next(rows, None)
    columns = table_file.columns_by_header(header.cells if header and not header.fault else (), NAMES)
    at = columns.found
    if not {"currency", "rate"} <= at.keys() or columns.repeated:
        raise Refused(LedgerRefusal.rates_faulty, missing=sorted({"currency", "rate"} - at.keys()), lines=[])
    drafts: list[RateDraft] = []
    faults: list[dict[str, object]] = []
    for row in rows:

        def cell(role: str, cells: tuple[str, ...] = tuple(row.cells)) -> str:
            column = at.get(role)
            return cells[column].strip() if column is not None and column < len(cells) else ""

        currency, rate_e8 = cell("currency").upper(), parse(cell("rate"))
        since = cell("valid_from")
        when = _time(since) if since else None
        fault = ""
        if row.fault:
            fault = row.fault.name
        elif not _CURRENCY.fullmatch(currency):
            fault = "currency_unreadable"
        elif rate_e8 is None:
            fault = "rate_unreadable"
        elif since and when is None:
            fault = "time_unreadable"
        if fault or rate_e8 is None:
            faults.append({"line": row.line, "code": fault})
        else:
            drafts.append(RateDraft(currency, rate_e8, when))
    if faults:
        raise Refused(LedgerRefusal.rates_faulty, faulty=len(faults), lines=faults[:100])
    if not drafts:
        raise Refused(table_file.TableRefusal.file_empty)
    return drafts


def parse(text: str) -> int | None:
    """'7.1' → 710000000; None: no rate of at most eight decimals."""
    if not _RATE.fullmatch(text):
        return None
    whole, _, part = text.partition(".")
    found = int(whole) * RATE_E8 + int(part.ljust(8, "0") or "0")
    return found if 0 < found <= MOST_E8 else None


def _time(text: str) -> datetime | None:
    """An instant with its zone, or a day in UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC) if len(text) == 10 else None
    return found.astimezone(UTC)
