"""The rows of an uploaded file, with what a person mended in them."""

from collections.abc import Iterator, Mapping
from itertools import islice

from commissary.base import table_file, table_out
from commissary.base.errors import Refused
from commissary.base.table_file import Dialect, Limits, Position
from commissary.bulk.types import BYTES_MAX, ROWS_MAX, BulkRefusal, Row, UploadKind

Repairs = Mapping[int, tuple[str, ...] | None]


def limits(kind: UploadKind) -> Limits:
    return Limits(bytes_max=BYTES_MAX, rows_max=ROWS_MAX[kind] * 2 + 100)


def rows(data: bytes, dialect: Dialect, kind: UploadKind, repairs: Repairs) -> Iterator[Row]:
    """In file order, blank and left-out ones aside; the header is the first. Refuses `rows_too_many`."""
    for count, row in enumerate(table_file.open_table(data, dialect=dialect, limits=limits(kind))):
        if count > ROWS_MAX[kind]:
            raise Refused(BulkRefusal.rows_too_many, rows_max=ROWS_MAX[kind])
        if row.line in repairs:
            mended = repairs[row.line]
            if mended is not None and any(mended):
                yield Row(row.line, mended)
        elif row.fault is not None:
            fault = (row.fault.name, row.fault.zh, row.fault.en, row.fault_column)
            yield Row(row.line, row.cells, fault)
        else:
            yield Row(row.line, row.cells, numbers=row.numbers)


def head(data: bytes, dialect: Dialect, kind: UploadKind, count: int) -> list[Row]:
    """The first rows as they are."""
    return list(islice(rows(data, dialect, kind, {}), count))


def effective(data: bytes, dialect: Dialect, kind: UploadKind, repairs: Repairs) -> tuple[bytes, Dialect]:
    """The file as if it had been written with the mended rows, each at its own line."""
    if not repairs:
        return data, dialect
    if dialect.format == "xlsx":
        return _workbook(data, dialect, kind, repairs)
    text = data.decode(dialect.encoding).removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").split("\n")
    starts = [row.line for row in table_file.open_table(data, dialect=dialect, limits=limits(kind))]
    ends = {
        line: following - 1 for line, following in zip(starts, [*starts[1:], len(lines) + 1], strict=True)
    }
    for line, cells in repairs.items():
        for n in range(line, ends.get(line, line) + 1):
            lines[n - 1] = ""
        if cells is not None:
            lines[line - 1] = _joined(cells, dialect.delimiter)
    return "\n".join(lines).encode("utf-8"), Dialect(delimiter=dialect.delimiter)


def _workbook(data: bytes, dialect: Dialect, kind: UploadKind, repairs: Repairs) -> tuple[bytes, Dialect]:
    written: list[tuple[str, ...] | None] = []
    numbers: list[tuple[int, ...]] = []
    for row in rows(data, dialect, kind, repairs):
        while len(written) < row.line - 1:
            written.append(None)
            numbers.append(())
        written.append(row.cells)
        numbers.append(row.numbers)
    return table_out.workbook(written, numbers=numbers, guard=False), Dialect(format="xlsx", delimiter="")


def _joined(cells: tuple[str, ...], delimiter: str) -> str:
    plain = [" ".join(cell.split("\n")).strip() for cell in cells]
    if delimiter in (",", ";", "\t", "|"):
        plain = [f'"{c.replace(chr(34), chr(34) * 2)}"' if delimiter in c or '"' in c else c for c in plain]
    return (delimiter or " ").join(plain).rstrip()


START = Position()
