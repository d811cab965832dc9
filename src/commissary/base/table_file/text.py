"""Rows of a text file, as a stream that can be taken up again at a byte."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from commissary.base.errors import Refused
from commissary.base.table_file.source import opened
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

_CHUNK_BYTES = 1024 * 1024
LINE_BYTES_MAX = 1024 * 1024
_QUOTED_LINES_MAX = 20  # An address may span lines; a quote that swallows more was never meant as one.
_UNCLOSED_MAX = 100  # Each costs a look ahead, so a file made of them must not buy unlimited work.
_QUOTING = frozenset(",;\t|")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def text_rows(source: Source, dialect: Dialect, limits: Limits, start: Position) -> Iterator[list[Row]]:
    line, offset = start.line, start.offset
    delimiter = dialect.delimiter
    split = _splitter(delimiter)
    quoting = delimiter in _QUOTING
    too_many_dashes = delimiter + "-" if delimiter.strip("-") == "" and delimiter else None
    open_lines: deque[tuple[str, int, int]] = deque()  # Lines of a quoted cell not yet closed.
    unclosed = 0

    controls = True

    def careful(lines: Iterable[tuple[str, int, int]], at_end: bool = False) -> Iterator[Row]:
        nonlocal unclosed
        todo = deque(lines)
        while todo or (at_end and open_lines):
            if todo:
                open_lines.append(todo.popleft())
                if len(open_lines) > 1 and '"' not in open_lines[-1][0] and not _too_open(open_lines, limits):
                    continue
            text, first, _ = open_lines[0]
            if len(open_lines) > 1:
                text = "\n".join(part for part, _, _ in open_lines)
            end = open_lines[-1][2]
            if not text or text.isspace():
                open_lines.clear()
                continue
            if (controls or len(open_lines) > 1) and CONTROL.search(text):
                row = Row(first, (), end, (), RowFault.control_character)
            else:
                row = _careful_row(text, first, end, split, delimiter, quoting, too_many_dashes, limits)
            if row.fault is RowFault.unclosed_quote:
                if todo and not _too_open(open_lines, limits):
                    continue
                if not (at_end or todo or _too_open(open_lines, limits)):
                    return
                unclosed += 1
                if unclosed > _UNCLOSED_MAX:
                    raise Refused(TableRefusal.quotes_broken, line=first)
                _, _, end = open_lines.popleft()
                row = Row(first, (), end, (), row.fault, row.fault_column)
                todo.extendleft(reversed(open_lines))
            open_lines.clear()
            if row.fault or any(row.cells):
                yield row

    for text, sizes in _blocks(source, dialect.encoding, start, limits):
        lines = text.split("\n")
        first_line, first_offset = line, offset
        line += len(sizes)
        offset += sum(sizes)
        if first_offset == 0 and dialect.encoding == "utf-8" and lines[0].startswith("\ufeff"):
            lines[0] = lines[0][1:]
        controls = CONTROL.search(text) is not None
        plain = (
            not open_lines
            and not (quoting and '"' in text)
            and not (too_many_dashes and too_many_dashes in text)
            and not controls
            and max(map(len, lines)) <= limits.cell_chars_max
        )
        if plain:
            rows = _plain_rows(lines, sizes, first_line, first_offset, split, limits)
        else:
            rows = list(careful(_placed(lines, sizes, first_line, first_offset)))
        if line > limits.rows_max:
            rows = [row for row in rows if row.line <= limits.rows_max]
            yield rows
            raise Refused(TableRefusal.rows_too_many, line=limits.rows_max + 1, rows_max=limits.rows_max)
        if rows:
            yield rows
    if open_lines:
        yield list(careful((), at_end=True))


def _plain_rows(
    lines: list[str],
    sizes: list[int],
    line: int,
    offset: int,
    split: Callable[[str], list[str]],
    limits: Limits,
) -> list[Row]:
    """The fast path: no quotes, no control characters, no long lines."""
    rows = []
    columns_max = limits.columns_max
    strip = str.strip
    for text, size in zip(lines, sizes, strict=True):
        line += 1
        offset += size
        cells = tuple(map(strip, split(text)))
        if len(cells) > columns_max:
            rows.append(Row(line, (), offset, (), RowFault.too_many_columns, columns_max))
        elif any(cells):
            rows.append(Row(line, cells, offset))
    return rows


def _placed(lines: list[str], sizes: list[int], line: int, offset: int) -> Iterator[tuple[str, int, int]]:
    for text, size in zip(lines, sizes, strict=True):
        line += 1
        offset += size
        yield text, line, offset


def _too_open(lines: deque[tuple[str, int, int]], limits: Limits) -> bool:
    return (
        len(lines) >= _QUOTED_LINES_MAX
        or sum(len(text) for text, _, _ in lines) > limits.cell_chars_max * limits.columns_max
    )


def _careful_row(
    text: str,
    line: int,
    offset: int,
    split: Callable[[str], list[str]],
    delimiter: str,
    quoting: bool,
    too_many_dashes: str | None,
    limits: Limits,
) -> Row:
    fault: RowFault | None = None
    column: int | None = None
    cells: list[str] = []
    if too_many_dashes and too_many_dashes in text:
        fault = RowFault.odd_dashes
    elif quoting and '"' in text:
        cells, fault = _split_quoted(text, delimiter)
        column = len(cells) if fault else None
    else:
        cells = split(text)
    cells = [cell.strip() for cell in cells]
    if fault is None and len(cells) > limits.columns_max:
        fault, column = RowFault.too_many_columns, limits.columns_max
    if fault is None and len(text) > limits.cell_chars_max:
        for at, cell in enumerate(cells):
            if len(cell) > limits.cell_chars_max:
                fault, column = RowFault.cell_too_long, at
                break
    return Row(line, () if fault else tuple(cells), offset, (), fault, column)


def _split_quoted(text: str, delimiter: str) -> tuple[list[str], RowFault | None]:
    """RFC 4180; a quote inside an unquoted cell is an ordinary character, as in the codes of some issuers."""
    if text[0] == '"' == text[-1] and text.count('"') == 2 * len(whole := text[1:-1].split(f'"{delimiter}"')):
        return whole, None  # Every cell quoted, no quote inside: what most programs write.
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            end = text.find('"', at + 1)
            while end >= 0 and text.startswith('""', end):
                end = text.find('"', end + 2)
            if end < 0:
                return cells, RowFault.unclosed_quote
            rest = text[end + 1 :].lstrip(" ")
            if rest and not rest.startswith(delimiter):
                return cells, RowFault.misplaced_quote
            cells.append(text[at + 1 : end].replace('""', '"'))
            if not rest:
                return cells, None
            at = len(text) - len(rest) + 1
        else:
            end = text.find(delimiter, at)
            cell = text[at:] if end < 0 else text[at:end]
            if cell.lstrip().startswith('"'):
                return cells, RowFault.misplaced_quote
            cells.append(cell)
            if end < 0:
                return cells, None
            at = end + 1


def _splitter(delimiter: str) -> Callable[[str], list[str]]:
    if delimiter == "":
        return lambda text: [text]
    if delimiter == " ":
        return str.split
    return lambda text: text.split(delimiter)


def _blocks(
    source: Source, encoding: Encoding, start: Position, limits: Limits
) -> Iterator[tuple[str, list[int]]]:
    """Whole lines of about a mebibyte, `\\r\\n` made `\\n`, with the bytes each line took."""
    wide = encoding.startswith("utf-16")
    newline = {"utf-16-le": b"\n\0", "utf-16-be": b"\0\n"}.get(encoding, b"\n")
    line, offset = start.line, start.offset
    carry = b""
    with opened(source) as file:
        if offset == 0 and wide:
            file.seek(2)
        else:
            file.seek(offset)
        while True:
            read = file.read(_CHUNK_BYTES)
            buffer = carry + read
            if not buffer:
                return
            cut = _after_last(buffer, newline) if read else len(buffer)
            block, carry = buffer[:cut], buffer[cut:]
            if len(carry) > LINE_BYTES_MAX:
                raise Refused(TableRefusal.line_too_long, line=line + block.count(newline) + 1)
            if not block:
                continue
            try:
                text = block.decode(encoding)
            except UnicodeDecodeError as error:
                bad = line + block[: error.start].decode(encoding, "replace").count("\n") + 1
                raise Refused(TableRefusal.encoding_broken, line=bad, encoding=encoding) from None
            if "\0" in text:
                bad = line + text[: text.index("\0")].count("\n") + 1
                raise Refused(TableRefusal.text_has_nul, line=bad)
            text = text.removesuffix("\n")
            if wide:
                sizes = [len(part.encode(encoding)) + 2 for part in text.split("\n")]
                if line == 0 and offset == 0:
                    sizes[0] += 2
            elif block.isascii():
                sizes = [len(part) + 1 for part in text.split("\n")]
            else:
                sizes = [len(part) + 1 for part in block.removesuffix(b"\n").split(b"\n")]
            if not block.endswith(newline):
                sizes[-1] -= len(newline)  # The last line of the file, unfinished.
            line += len(sizes)
            if "\r" in text:
                text = text.replace("\r\n", "\n").removesuffix("\r")
            yield text, sizes


def _after_last(buffer: bytes, newline: bytes) -> int:
    at = buffer.rfind(newline)
    while at > 0 and at % len(newline):
        at = buffer.rfind(newline, 0, at + len(newline) - 1)
    return at + len(newline) if at >= 0 else 0
