"""The rows of a card file, one after another, as codes or as faults."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from commissary.base import table_file
from commissary.base.errors import Refused
from commissary.catalog.types import Kind
from commissary.stock.card_file.plan import plan_of
from commissary.stock.card_file.text import (
    DELIMITERS_INSIDE,
    LABEL,
    NUMBERING,
    is_grouped,
    is_link,
    labels,
    mask,
    read_date,
    without_separator,
)
from commissary.stock.card_file.types import (
    EXPIRES_ON,
    IGNORED,
    NUMBER,
    SECRET,
    CodeBatch,
    CodeFileRefusal,
    CodeRow,
    Fault,
    Layout,
    Preview,
    Reason,
    fault,
)
from commissary.stock.normalise import without_invisible
from commissary.stock.pan import payment_card_brand

_SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,3}")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')  # How programs write text into CSV so that leading zeros survive.


def sniff(
    source: table_file.Source,
    *,
    kind: Kind,
    layout: Layout | None = None,
    dialect: table_file.Dialect | None = None,
    limits: table_file.Limits | None = None,
    shown: int = 5,
) -> Preview:
    """How the file would be read, with its first rows masked. Nothing else is read."""
    plan = plan_of(source, kind, layout, dialect, limits)
    first = 1 if plan.header is not None else 0
    return Preview(
        plan.dialect,
        plan.layout,
        plan.header,
        tuple(tuple(map(mask, cells)) for cells in plan.sample[first : first + shown]),
        plan.trouble,
    )


def read_codes(
    source: table_file.Source,
    *,
    kind: Kind,
    layout: Layout | None = None,
    dialect: table_file.Dialect | None = None,
    limits: table_file.Limits | None = None,
    filename: str | None = None,
    start: table_file.Position | None = None,
    accept_payment_cards: bool = False,
) -> Iterator[CodeRow | Fault]:
    """Every row of the file, as a code or as a fault, in file order."""
    return chain.from_iterable(
        items
        for items, _ in _read(
            source, 1_000, kind, layout, dialect, limits, filename, start, accept_payment_cards
        )
    )


def code_batches(
    source: table_file.Source,
    size: int,
    *,
    kind: Kind,
    layout: Layout | None = None,
    dialect: table_file.Dialect | None = None,
    limits: table_file.Limits | None = None,
    filename: str | None = None,
    start: table_file.Position | None = None,
    accept_payment_cards: bool = False,
) -> Iterator[CodeBatch]:
    """`size` rows at a time. To resume, give the preview's `dialect` and `layout` and the last batch's `after`."""
    for items, after in _read(
        source, size, kind, layout, dialect, limits, filename, start, accept_payment_cards
    ):
        yield CodeBatch(
            [item for item in items if isinstance(item, CodeRow)],
            [item for item in items if isinstance(item, Fault)],
            after,
        )


def _read(
    source: table_file.Source,
    size: int,
    kind: Kind,
    layout: Layout | None,
    dialect: table_file.Dialect | None,
    limits: table_file.Limits | None,
    filename: str | None,
    start: table_file.Position | None,
    accept_payment_cards: bool,
) -> Iterator[tuple[list[CodeRow | Fault], table_file.Position]]:
    plan = plan_of(source, kind, layout, dialect, limits)
    layout = plan.layout
    if layout is None:
        trouble = plan.trouble
        assert trouble is not None
        raise Refused(
            CodeFileRefusal.layout_unclear,
            reason=trouble.reason_code,
            line=trouble.line,
            en=trouble.en,
            zh=trouble.zh,
        )
    reader = _Reader(layout, kind, plan.dialect, accept_payment_cards)
    header_due = layout.has_header and (start is None or start.line == 0)
    for rows in table_file.batches(
        source, size, filename=filename, limits=limits, dialect=plan.dialect, start=start
    ):
        last = rows[-1]
        after = table_file.Position(last.line, last.offset)
        if header_due:
            header_at = next((at for at, row in enumerate(rows) if row.fault is None), None)
            if header_at is not None:
                header_due = False
                del rows[header_at]
        yield [reader.read(row) for row in rows], after


class _Reader:
    """One layout applied to many rows."""

    def __init__(
        self, layout: Layout, kind: Kind, dialect: table_file.Dialect, accept_payment_cards: bool
    ) -> None:
        self.layout = layout
        self.columns = tuple(layout.columns)
        self.link = kind == "link"
        self.sheet = dialect.format == "xlsx"
        self.accept_payment_cards = accept_payment_cards
        self.at = {role: at for at, role in enumerate(self.columns) if role in (NUMBER, SECRET, EXPIRES_ON)}
        self.extras = [
            (at, role)
            for at, role in enumerate(self.columns)
            if role not in (NUMBER, SECRET, EXPIRES_ON, IGNORED)
        ]

    def read(self, row: table_file.Row) -> CodeRow | Fault:
        line = row.line
        if row.fault is not None:
            column = None if row.fault_column is None else row.fault_column + 1
            return Fault(line, row.fault.name, row.fault.zh, row.fault.en, column)
        cells: Sequence[str] = row.cells
        if self.layout.labelled:
            found = self._labelled(line, cells[0])
            if isinstance(found, Fault):
                return found
            cells = found
        else:
            if self.layout.numbered:
                match = NUMBERING.match(cells[0])
                if match is None:
                    return fault(line, Reason.numbering_missing, 1)
                rest = cells[0][match.end() :]
                cells = (rest, *cells[1:]) if rest else cells[1:]
            expected = len(self.columns)
            if len(cells) != expected:
                full = len(cells)
                while full and not cells[full - 1]:
                    full -= 1
                if full > expected or (full < expected and not self.sheet):
                    return fault(line, Reason.columns_differ, None, found=len(cells), expected=expected)
                cells = (*cells[:full], *("",) * (expected - full))
        secret_at = self.at[SECRET]
        secret = self._value(row, cells, secret_at)
        if isinstance(secret, Fault):
            return secret
        if not secret:
            return fault(line, Reason.secret_missing, secret_at + 1)
        number: str | None = None
        number_at = self.at.get(NUMBER)
        if number_at is not None:
            value = self._value(row, cells, number_at)
            if isinstance(value, Fault):
                return value
            if not value:
                return fault(line, Reason.number_missing, number_at + 1)
            number = value
        if self.link and not is_link(secret):
            return fault(line, Reason.link_malformed, secret_at + 1)
        expires_on: date | None = None
        expires_at = self.at.get(EXPIRES_ON)
        if expires_at is not None:
            try:
                expires_on = read_date(cells[expires_at])
            except ValueError:
                return fault(line, Reason.date_unclear, expires_at + 1)
        extra = {name: cells[at] for at, name in self.extras if cells[at]} if self.extras else None
        if not self.accept_payment_cards:
            for at, cell in enumerate(cells):
                if at == expires_at or (self.link and at == secret_at):
                    continue  # The digits of an address name a page, not an account.
                brand = payment_card_brand(cell) if len(cell) >= 13 else None
                if brand:
                    return fault(line, Reason.payment_card_number, at + 1, found=brand)
        return CodeRow(line, number, secret, expires_on, extra or None)

    def _value(self, row: table_file.Row, cells: Sequence[str], at: int) -> str | Fault:
        """A number or a secret, unwrapped and found whole."""
        text = cells[at]
        line = row.line
        if not text.isascii():
            text = without_invisible(text)
            if "\ufffd" in text:
                return fault(line, Reason.unreadable_character, at + 1)
        if text[:1] in ("=", "'", "#"):
            match = _TEXT_FORMULA.fullmatch(text)
            if match:
                text = match[1].strip()
            elif text[0] == "'" and text[1:].isdecimal():
                text = text[1:]
            elif text in _SHEET_ERRORS or not text.strip("#"):
                return fault(line, Reason.cell_error, at + 1)
        if "+" in text and _ROUNDED.fullmatch(text):
            return fault(line, Reason.precision_lost, at + 1)
        if at in row.numbers:
            expected = self.layout.widths[at] if at < len(self.layout.widths) else 0
            if expected and len(text) < expected:
                return fault(line, Reason.leading_zero_lost, at + 1, found=len(text), expected=expected)
        if self.layout.given:
            return text
        if not text.isalnum():
            if LABEL.match(text):
                return fault(line, Reason.label_unexpected, at + 1)
            if DELIMITERS_INSIDE.search(text):
                return fault(line, Reason.delimiter_unexpected, at + 1)
            if not self.link and not is_grouped(text):
                return fault(line, Reason.spaces_unclear, at + 1)
        return text

    def _labelled(self, line: int, text: str) -> list[str] | Fault:
        found = labels(text)
        if not found:
            return fault(line, Reason.label_missing, None, found=", ".join(self.columns))
        before = text[: found[0][1]]
        before = before[match.end() :] if (match := NUMBERING.match(before)) else before
        if before.strip():
            return fault(line, Reason.text_before_label, None)
        values: dict[str, str] = {}
        for at, (role, _, end) in enumerate(found):
            role = SECRET if role == "link" and self.link else role
            stop = found[at + 1][1] if at + 1 < len(found) else len(text)
            if role in values:
                return fault(line, Reason.label_repeated, None, found=role)
            values[role] = without_separator(text[end:stop])
        missing = [role for role in self.columns if role not in values and role in (NUMBER, SECRET)]
        if missing:
            return fault(line, Reason.label_missing, None, found=", ".join(missing))
        if any(role not in self.columns for role in values):
            return fault(line, Reason.label_unexpected, None)
        return [values.get(role, "") for role in self.columns]
