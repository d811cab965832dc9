"""Rows of a worksheet."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import python_calamine

from commissary.base.errors import Refused
from commissary.base.table_file.archive import copy_measured
from commissary.base.table_file.text import CONTROL
from commissary.base.table_file.types import Limits, Position, Row, RowFault, Source, TableRefusal

_WHOLE_NUMBER_MAX = 10**15  # Spreadsheet programs keep fifteen digits.


def sheet_rows(source: Source, name: str | None, limits: Limits, start: Position) -> Iterator[list[Row]]:
    with tempfile.TemporaryFile() as copy:
        copy_measured(source, copy, limits)
        copy.seek(0)
        try:
            book = python_calamine.CalamineWorkbook.from_filelike(copy)
            sheet = _chosen_sheet(book, name)
            left = sheet.start[1] if sheet.start else 0
            rows = enumerate(sheet.iter_rows(), 1)
            if start.line:
                rows = islice(rows, start.line, None)  # type: ignore[assignment]
            while taken := list(islice(rows, 4_096)):
                if taken[-1][0] > limits.rows_max:
                    raise Refused(TableRefusal.rows_too_many, rows_max=limits.rows_max)
                yield [
                    row
                    for line, values in taken
                    if any(value != "" for value in values)
                    for row in (_sheet_row(line, left, values, limits),)
                ]
        except (Refused, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
            raise
        except BaseException as error:
            # A panic in the reader's native code is a BaseException of its own.
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                raise Refused(TableRefusal.archive_damaged) from error
            raise


def _chosen_sheet(book: Any, name: str | None) -> Any:
    """The named sheet, else the only visible one with content."""
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        and sheet.visible == python_calamine.SheetVisibleEnum.Visible
    ]
    if name is not None:
        if name not in visible:
            raise Refused(TableRefusal.sheet_unclear, sheets=visible)
        return book.get_sheet_by_name(name)
    full = [sheet_name for sheet_name in visible if book.get_sheet_by_name(sheet_name).height]
    if not full:
        raise Refused(TableRefusal.file_empty)
    if len(full) > 1:
        raise Refused(TableRefusal.sheet_unclear, sheets=full)
    return book.get_sheet_by_name(full[0])


def _sheet_row(line: int, left: int, values: Sequence[Any], limits: Limits) -> Row:
    cells = [""] * left
    numbers = []
    for column, value in enumerate(values, left):
        if isinstance(value, str):
            text = value.strip()
            if len(text) > limits.cell_chars_max:
                return Row(line, (), 0, (), RowFault.cell_too_long, column)
            if CONTROL.search(text.replace("\n", "").replace("\r", "")):
                return Row(line, (), 0, (), RowFault.control_character, column)
        elif isinstance(value, bool):
            text = "TRUE" if value else "FALSE"
        elif isinstance(value, (int, float)):
            written = _number(value)
            if written is None:
                return Row(line, (), 0, (), RowFault.precision_lost, column)
            text = written
            numbers.append(column)
        elif isinstance(value, datetime):
            text = value.date().isoformat() if value.time() == time() else value.isoformat(" ")
        elif isinstance(value, (date, time)):
            text = value.isoformat()
        else:
            text = str(value)
        cells.append(text)
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > limits.columns_max:
        return Row(line, (), 0, (), RowFault.too_many_columns, limits.columns_max)
    return Row(line, tuple(cells), 0, tuple(numbers))


def _number(value: float) -> str | None:
    """As the person saw it, or None if the program may have rounded it."""
    if value == int(value) if abs(value) < 1e300 else False:
        return str(int(value)) if abs(value) < _WHOLE_NUMBER_MAX else None
    written = repr(value)
    digits = written.lstrip("-0.").split("e")[0].replace(".", "")
    return (
        written
        if "e" not in written and len(digits) <= 15 and written not in ("nan", "inf", "-inf")
        else None
    )
