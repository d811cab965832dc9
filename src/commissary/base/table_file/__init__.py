"""Files of rows that people upload: CSV, TSV, TXT and XLSX, read as a stream of cells.

What a file is, is decided by its first bytes, never by its name. Nothing in a file is executed: no formula, no
macro, no external entity. Text resumes at a byte offset (`Row.offset`), a workbook at a line.

    whole file wrong   -> Refused(TableRefusal.…)      nothing more can be read
    one row wrong      -> Row.fault                    reading goes on with the next row

Sources: RFC 4180 (quotes), PKWARE APPNOTE 6.3 (zip directory), ECMA-376 part 1 §18.3 (cells and their references).
"""

from collections.abc import Iterator
from itertools import chain

from commissary.base.errors import Refused
from commissary.base.table_file.dialect import guess_delimiter, head, sniff
from commissary.base.table_file.header import Columns, columns_by_header, plain_name
from commissary.base.table_file.source import is_zip
from commissary.base.table_file.text import text_rows
from commissary.base.table_file.types import (
    Dialect,
    Encoding,
    Limits,
    Position,
    Row,
    RowFault,
    Source,
    TableRefusal,
)
from commissary.base.table_file.workbook import sheet_rows

__all__ = [
    "Columns",
    "Dialect",
    "Encoding",
    "Limits",
    "Position",
    "Row",
    "RowFault",
    "Source",
    "TableRefusal",
    "batches",
    "columns_by_header",
    "guess_delimiter",
    "head",
    "open_table",
    "plain_name",
    "sniff",
]


def open_table(
    source: Source,
    *,
    filename: str | None = None,
    limits: Limits | None = None,
    dialect: Dialect | None = None,
    start: Position | None = None,
) -> Iterator[Row]:
    """Rows in file order, blank ones left out. `filename` only names the file in a refusal.

    To resume, give the `dialect` of the first reading and the `Position` of the last row taken: a file changed in
    between is the caller's to notice (compare digests).
    """
    return chain.from_iterable(
        _row_lists(source, filename=filename, limits=limits, dialect=dialect, start=start)
    )


def batches(
    source: Source,
    size: int,
    *,
    filename: str | None = None,
    limits: Limits | None = None,
    dialect: Dialect | None = None,
    start: Position | None = None,
) -> Iterator[list[Row]]:
    """The rows of `open_table` in lists of `size`, the last one shorter."""
    waiting: list[Row] = []
    for rows in _row_lists(source, filename=filename, limits=limits, dialect=dialect, start=start):
        waiting += rows
        whole = len(waiting) - len(waiting) % size
        for at in range(0, whole, size):
            yield waiting[at : at + size]
        del waiting[:whole]
    if waiting:
        yield waiting


def _row_lists(
    source: Source,
    *,
    filename: str | None,
    limits: Limits | None,
    dialect: Dialect | None,
    start: Position | None,
) -> Iterator[list[Row]]:
    limits = limits or Limits()
    start = start or Position()
    try:
        dialect = dialect or sniff(source, limits=limits)
        if is_zip(source, limits):
            yield from sheet_rows(source, dialect.sheet, limits, start)
        else:
            yield from text_rows(source, dialect, limits, start)
    except Refused as refused:
        if filename is not None:
            refused.facts.setdefault("filename", filename)
        raise
