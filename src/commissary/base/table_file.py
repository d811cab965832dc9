"""Files of rows that people upload: CSV, TSV, TXT and XLSX, read as a stream of cells.

What a file is, is decided by its first bytes, never by its name. Nothing in a file is executed: no formula, no
macro, no external entity. Text resumes at a byte offset (`Row.offset`), a workbook at a line.

    whole file wrong   -> Refused(TableRefusal.…)      nothing more can be read
    one row wrong      -> Row.fault                    reading goes on with the next row

Sources: RFC 4180 (quotes), PKWARE APPNOTE 6.3 (zip directory), ECMA-376 part 1 §18.3 (cells and their references).
"""

import io
import re
import struct
import tempfile
import unicodedata
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Literal

import msgspec
import python_calamine

from commissary.base.errors import Refusal, Refused

Source = Path | bytes
Encoding = Literal["utf-8", "gb18030", "utf-16-le", "utf-16-be"]


class Limits(msgspec.Struct, frozen=True):
    """What one file may ask of us. `rows_max` counts lines, blank ones and the header too, so that a resumed
    reading meets the same limit; `cells_max` is the rectangle a worksheet spans, which is what it costs in memory.
    """

    bytes_max: int = 128 * 1024 * 1024
    rows_max: int = 2_000_000
    columns_max: int = 64
    cell_chars_max: int = 4_096
    unzipped_bytes_max: int = 256 * 1024 * 1024
    ratio_max: int = 100
    cells_max: int = 3_000_000


class Position(msgspec.Struct, frozen=True):
    """The place after a row: its line, and the byte after it (text only)."""

    line: int = 0
    offset: int = 0


class RowFault(Enum):
    """What one row can have wrong as a row, in order of precedence: (English, 中文)."""

    control_character = (
        "The line holds a control character; remove it",
        "该行含有控制字符，请删除",
    )
    unclosed_quote = (
        'A quoted cell is never closed; double every quote inside a cell ("") or remove it',
        '引号没有闭合；单元格内的引号请写成两个 ("") 或删除',
    )
    misplaced_quote = (
        "Text follows a closing quote; put the whole cell in quotes or in none",
        "引号之后还有文字；请整格加引号或不加引号",
    )
    odd_dashes = (
        "The line has more dashes in a row than its separator; it is unclear where the cell ends",
        "连续的短横线多于分隔符，无法确定分隔位置",
    )
    too_many_columns = ("The row has too many columns", "该行列数过多")
    cell_too_long = ("A cell is too long", "单元格内容过长")
    precision_lost = (
        "The cell holds a number that the spreadsheet program has rounded; format the column as text and paste again",
        "单元格是数字且已被表格软件舍入；请把该列设为文本格式后重新粘贴",
    )

    def __init__(self, en: str, zh: str) -> None:
        self.en = en
        self.zh = zh


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row. `line` counts from 1; `offset` is the byte after it in a text file, 0 in a workbook.

    `numbers` are the columns a workbook stored as numbers: leading zeros they had are gone. With a `fault`, `cells`
    is empty and `fault_column` counts from 0.
    """

    line: int
    cells: tuple[str, ...]
    offset: int = 0
    numbers: tuple[int, ...] = ()
    fault: RowFault | None = None
    fault_column: int | None = None

    def __repr__(self) -> str:
        return f"Row(line={self.line})"  # Cells may be secrets; a traceback must not show them.


class Dialect(msgspec.Struct, frozen=True):
    """How a file is written. `delimiter`: "" one cell a line, " " any run of white space, else itself.

    `rivals` are other delimiters that would split the sample just as evenly: with them the choice is a guess.
    `sheet` None means the only visible sheet that holds anything.
    """

    format: Literal["text", "xlsx"] = "text"
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    rivals: tuple[str, ...] = ()
    sheet: str | None = None


class TableRefusal(Refusal):
    """Why a whole file cannot be read."""

    file_too_large = (413, "The file is larger than allowed", "文件超过大小上限")
    file_empty = (422, "The file holds no rows", "文件没有任何内容")
    file_format_unsupported = (
        415,
        "This is neither text nor an .xlsx workbook; save it as .xlsx or as CSV in UTF-8",
        "既不是文本也不是 .xlsx 工作簿；请另存为 .xlsx 或 UTF-8 编码的 CSV",
    )
    archive_damaged = (422, "The workbook is damaged; save it again", "工作簿已损坏，请重新保存")
    archive_bomb = (
        413,
        "The workbook expands far beyond its size; it was not opened",
        "工作簿解压后体积异常，已拒绝打开",
    )
    workbook_has_macros = (
        415,
        "The workbook carries macros; save it as .xlsx without them",
        "工作簿含有宏；请另存为不含宏的 .xlsx",
    )
    workbook_has_entities = (
        415,
        "The workbook declares XML entities, which spreadsheet programs never write",
        "工作簿声明了 XML 实体，正常表格软件不会生成，已拒绝",
    )
    sheet_too_large = (
        413,
        "The sheet spans more cells than allowed; delete blank rows and columns or split it",
        "工作表范围过大；请删除空白行列或拆分文件",
    )
    sheet_unclear = (
        422,
        "The workbook has several sheets with content, or none of this name; name the sheet to read",
        "工作簿有多个非空工作表或没有该名称的工作表；请指定要读取的工作表",
    )
    encoding_unknown = (
        422,
        "The text is not UTF-8, GBK/GB18030 or UTF-16 with a byte order mark",
        "文本不是 UTF-8、GBK/GB18030 或带 BOM 的 UTF-16 编码",
    )
    encoding_broken = (
        422,
        "A line cannot be read in the encoding of the lines before it",
        "某一行无法用前文的编码读取",
    )
    text_has_nul = (422, "The text holds NUL bytes", "文本含有 NUL 字节")
    line_too_long = (422, "A line is too long", "某一行过长")
    rows_too_many = (413, "The file has more lines than allowed; split it", "文件行数超过上限，请拆分")
    quotes_broken = (422, "Too many quoted cells are never closed", "未闭合的引号过多")


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


def sniff(source: Source, *, limits: Limits | None = None, sheet: str | None = None) -> Dialect:
    """Format, encoding and delimiter, from the first bytes. Refuses what can never be read."""
    limits = limits or Limits()
    if _is_zip(source, limits):
        return Dialect(format="xlsx", delimiter="", sheet=sheet)
    encoding, lines = head(source, limits=limits)
    delimiter, rivals = guess_delimiter(lines)
    return Dialect(encoding=encoding, delimiter=delimiter, rivals=rivals)


def head(source: Source, *, limits: Limits | None = None) -> tuple[Encoding, list[str]]:
    """Encoding and first non-blank lines (at most 200) of a text file."""
    limits = limits or Limits()
    with _opened(source) as file:
        sample = file.read(_SAMPLE_BYTES)
        whole = not file.read(1)
    encoding, text = _decode_sample(sample, whole)
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    if not lines:
        raise Refused(TableRefusal.file_empty)
    if not whole and len(lines) > 1:
        lines.pop()  # The sample may end within it.
    return encoding, lines[:200]


def guess_delimiter(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The delimiter that splits at least nine lines of ten alike, and its equals.

    The trade's dashes come first: a code may hold a comma, none holds four dashes. White space is taken only when
    every line has the same two or three words and nothing else fits. What does not split the first line, the header, stands within
    cells, such as the `;` of a ladder of prices.
    """
    if not lines:
        return "", ()
    fitting = []
    bare = [_QUOTED.sub("", line[:4_096]) for line in lines]
    for delimiter, pattern in _DELIMITERS.items():
        found = [len(pattern.findall(line)) for line in bare]
        common, times = Counter(found).most_common(1)[0]
        if common and times * 10 >= len(lines) * 9:
            fitting.append((found[0] == 0, delimiter))
    if fitting:
        ordered = [delimiter for _, delimiter in sorted(fitting, key=lambda f: f[0])]
        return ordered[0], tuple(ordered[1:])
    if all(len(line) > 1 and line.strip()[0] == '"' == line.strip()[-1] for line in lines):
        return ",", ()
    words = {len(line.split()) for line in lines}
    if words in ({2}, {3}):
        return " ", ()
    return "", ()


class Columns(msgspec.Struct, frozen=True):
    """`found`: role -> column; `unknown`: named columns with no role; `repeated`: roles that two columns claim."""

    found: dict[str, int]
    unknown: tuple[int, ...]
    repeated: tuple[str, ...]


def columns_by_header(header: Sequence[str], aliases: Mapping[str, Collection[str]]) -> Columns:
    """Which column plays which role. Case, width, spaces and punctuation of the names do not matter."""
    roles = {plain_name(alias): role for role, names in aliases.items() for alias in names}
    found: dict[str, int] = {}
    unknown: list[int] = []
    repeated: list[str] = []
    for column, name in enumerate(header):
        role = roles.get(plain_name(name))
        if role is None:
            if name:
                unknown.append(column)
        elif role in found:
            repeated.append(role)
        else:
            found[role] = column
    return Columns(found, tuple(unknown), tuple(repeated))


def plain_name(name: str) -> str:
    """A header as people mean it: `Card No.` and `card_no` are one name; a bracketed unit is left out."""
    name = unicodedata.normalize("NFKC", name).casefold()
    name = re.sub(r"[(\[【（].*?[)\]】）]", "", name)
    return re.sub(r"[\W_]+", "", name)


# ── Text ────────────────────────────────────────────────────────────────────────────────────────────────────────

_SAMPLE_BYTES = 256 * 1024
_CHUNK_BYTES = 1024 * 1024
_LINE_BYTES_MAX = 1024 * 1024
_QUOTED_LINES_MAX = 20  # An address may span lines; a quote that swallows more was never meant as one.
_UNCLOSED_MAX = 100  # Each costs a look ahead, so a file made of them must not buy unlimited work.
_QUOTING = frozenset(",;\t|")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_DELIMITERS = {
    "----": re.compile(r"(?<!-)-{4}(?!-)"),
    "---": re.compile(r"(?<!-)-{3}(?!-)"),
    "\t": re.compile(r"\t"),
    "|": re.compile(r"\|"),
    ";": re.compile(";"),
    ",": re.compile(","),
    "，": re.compile("，"),
}
_QUOTED = re.compile(r'"[^"]*"')
_UTF8_MARK = b"\xef\xbb\xbf"
_FOREIGN = (
    b"\xd0\xcf\x11\xe0",  # OLE: .xls, or an .xlsx with a password
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"MZ\x90",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"SQLite format",
)


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
        if _is_zip(source, limits):
            yield from _sheet_rows(source, dialect.sheet, limits, start)
        else:
            yield from _text_rows(source, dialect, limits, start)
    except Refused as refused:
        if filename is not None:
            refused.facts.setdefault("filename", filename)
        raise


def _text_rows(source: Source, dialect: Dialect, limits: Limits, start: Position) -> Iterator[list[Row]]:
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
            if (controls or len(open_lines) > 1) and _CONTROL.search(text):
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
        controls = _CONTROL.search(text) is not None
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
    with _opened(source) as file:
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
            if len(carry) > _LINE_BYTES_MAX:
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


def _decode_sample(sample: bytes, whole: bool) -> tuple[Encoding, str]:
    if sample.startswith(_FOREIGN):
        raise Refused(TableRefusal.file_format_unsupported)
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding: Encoding = "utf-16-le" if sample[0] == 0xFF else "utf-16-be"
        text = sample[2 : len(sample) & ~1].decode(encoding, "replace")
        if "\0" in text:
            raise Refused(TableRefusal.text_has_nul, line=text[: text.index("\0")].count("\n") + 1)
        return encoding, text
    if b"\0" in sample:
        raise Refused(TableRefusal.text_has_nul, line=sample[: sample.index(b"\0")].count(b"\n") + 1)
    if not whole:
        sample = sample[: sample.rfind(b"\n") + 1] or sample[:-4]
    try:
        return "utf-8", sample.removeprefix(_UTF8_MARK).decode("utf-8")
    except UnicodeDecodeError as error:
        if sample.startswith(_UTF8_MARK):
            line = sample[: error.start].count(b"\n") + 1
            raise Refused(TableRefusal.encoding_broken, line=line, encoding="utf-8") from None
    try:
        text = sample.decode("gb18030")
    except UnicodeDecodeError:
        raise Refused(TableRefusal.encoding_unknown) from None
    # GB18030 can spell almost any bytes; text that comes out as unassigned or private characters was not GB18030.
    if any(unicodedata.category(character) in ("Co", "Cn") for character in set(text)):
        raise Refused(TableRefusal.encoding_unknown)
    return "gb18030", text


def _is_zip(source: Source, limits: Limits) -> bool:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.bytes_max:
        raise Refused(TableRefusal.file_too_large, bytes=size, bytes_max=limits.bytes_max)
    if size == 0:
        raise Refused(TableRefusal.file_empty)
    with _opened(source) as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _opened(source: Source) -> IO[bytes]:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


# ── Workbooks ───────────────────────────────────────────────────────────────────────────────────────────────────
# The reader of workbooks trusts the zip and builds the whole rectangle of cells in memory. It therefore never sees
# the upload: the parts it needs are inflated and measured here, and handed over in a new, uncompressed archive.

_ENTRIES_MAX = 4_096
_DIRECTORY_BYTES_MAX = 1024 * 1024
_FLOOR_BYTES = 1024 * 1024  # A small part may compress as well as it likes.
_OTHER_PART_BYTES_MAX = 16 * 1024 * 1024  # Names of sheets and styles; real ones stay far below.
_WHOLE_NUMBER_MAX = 10**15  # Spreadsheet programs keep fifteen digits.
_NEEDED = re.compile(
    r"(?:\[content_types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/sharedstrings\.xml|xl/styles\.xml|xl/worksheets/[^/]+\.xml)"
)
_CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])")
_STRING = re.compile(rb"<(?:[^\s<>/:]+:)?si(?=[\s/>])")
_PLACED_CELL = re.compile(
    rb"""<(?:[^\s<>/:]+:)?c(?:\s[^<>]*?)?\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']"""
)
_DECLARATION = re.compile(rb"<!\s*(?:doctype|entity)", re.IGNORECASE)


def _sheet_rows(source: Source, name: str | None, limits: Limits, start: Position) -> Iterator[list[Row]]:
    with tempfile.TemporaryFile() as copy:
        _copy_measured(source, copy, limits)
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
            if _CONTROL.search(text.replace("\n", "").replace("\r", "")):
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


def _copy_measured(source: Source, copy: IO[bytes], limits: Limits) -> None:
    with _opened(source) as file:
        entries = _directory(file, limits)
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as clean:
            total = 0
            for entry in entries:
                name = entry.filename.lower()
                needed = _NEEDED.fullmatch(name) is not None
                measure: _SheetMeasure | _StringsMeasure | None = None
                if name.startswith("xl/worksheets/"):
                    measure = _SheetMeasure(limits)
                elif name == "xl/sharedstrings.xml":
                    measure = _StringsMeasure(limits)
                elif needed and entry.file_size > _OTHER_PART_BYTES_MAX:
                    raise Refused(TableRefusal.archive_bomb)
                target = clean.open(entry.filename, "w") if needed else None
                tail = b""
                try:
                    for chunk in _inflated(file, entry, limits):
                        total += len(chunk)
                        if total > limits.unzipped_bytes_max:
                            raise Refused(TableRefusal.archive_bomb)
                        if target is None:
                            continue
                        if b"\0" in chunk or _DECLARATION.search(tail + chunk):
                            raise Refused(TableRefusal.workbook_has_entities)
                        if measure is not None:
                            measure.add(chunk)
                        tail = chunk[-64:]
                        target.write(chunk)
                    if measure is not None:
                        measure.finish()
                finally:
                    if target is not None:
                        target.close()


def _directory(file: IO[bytes], limits: Limits) -> list[zipfile.ZipInfo]:
    """The entries, once the directory has been found plain: no comment, no zip64, nothing before or overlapping.

    Spreadsheet programs write exactly this; anything else could be read differently by another reader.
    """
    size = file.seek(0, io.SEEK_END)
    if size < 42:
        raise Refused(TableRefusal.archive_damaged)
    file.seek(size - 42)
    tail = file.read(42)
    signature, _, _, _, _, directory_bytes, directory_at, comment = struct.unpack("<4s4H2LH", tail[20:])
    if (
        signature != b"PK\x05\x06"
        or comment
        or tail.startswith(b"PK\x06\x07")
        or directory_at + directory_bytes + 22 != size
    ):
        raise Refused(TableRefusal.archive_damaged)
    if directory_bytes > _DIRECTORY_BYTES_MAX:
        raise Refused(TableRefusal.archive_bomb)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise Refused(TableRefusal.archive_damaged) from None
    names = {entry.filename.lower() for entry in entries}
    if len(names) != len(entries):
        raise Refused(TableRefusal.archive_damaged)
    if "xl/workbook.xml" not in names:
        raise Refused(TableRefusal.file_format_unsupported)
    if any(name.endswith(("vbaproject.bin", ".xlm")) or name.startswith("xl/macrosheets/") for name in names):
        raise Refused(TableRefusal.workbook_has_macros)
    if any(entry.flag_bits & 0x1 or entry.compress_type not in (0, 8) for entry in entries):
        raise Refused(TableRefusal.archive_damaged)
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if (
        len(entries) > _ENTRIES_MAX
        or unpacked > limits.unzipped_bytes_max
        or unpacked > max(_FLOOR_BYTES, packed * limits.ratio_max)
        or any(
            entry.file_size > max(_FLOOR_BYTES, entry.compress_size * limits.ratio_max) for entry in entries
        )
    ):
        raise Refused(TableRefusal.archive_bomb)
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Refused(TableRefusal.archive_bomb)
        end = entry.header_offset + 30 + entry.compress_size
    if end > directory_at:
        raise Refused(TableRefusal.archive_damaged)
    return entries


def _inflated(file: IO[bytes], entry: zipfile.ZipInfo, limits: Limits) -> Iterator[bytes]:
    """The true bytes of an entry, refused as soon as they are more than the directory promised."""
    file.seek(entry.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(b"PK\x03\x04"):
        raise Refused(TableRefusal.archive_damaged)
    name_bytes, extra_bytes = struct.unpack("<2H", header[26:])
    file.seek(name_bytes + extra_bytes, io.SEEK_CUR)
    left = entry.compress_size
    inflater = zlib.decompressobj(-15)
    true_bytes = 0
    while left:
        packed = file.read(min(left, 64 * 1024))
        if not packed:
            raise Refused(TableRefusal.archive_damaged)
        left -= len(packed)
        while packed:
            if entry.compress_type == 0:
                chunk, packed = packed, b""
            else:
                try:
                    chunk = inflater.decompress(packed, 256 * 1024)
                except zlib.error:
                    raise Refused(TableRefusal.archive_damaged) from None
                packed = inflater.unconsumed_tail
            true_bytes += len(chunk)
            if true_bytes > entry.file_size:
                raise Refused(TableRefusal.archive_bomb)
            if chunk:
                yield chunk
            if inflater.eof:
                break
    while entry.compress_type == 8 and not inflater.eof:
        chunk = inflater.decompress(b"", 256 * 1024)  # Output that waited for room, not for input.
        if not chunk:
            raise Refused(TableRefusal.archive_damaged)
        true_bytes += len(chunk)
        if true_bytes > entry.file_size:
            raise Refused(TableRefusal.archive_bomb)
        yield chunk
    if true_bytes != entry.file_size:
        raise Refused(TableRefusal.archive_damaged)


class _Measure:
    """Sees a part in pieces that never cut a tag in two."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rest = b""

    def add(self, chunk: bytes) -> None:
        chunk = self.rest + chunk
        cut = chunk.rfind(b">") + 1
        self._count(chunk[:cut])
        self.rest = chunk[cut:]
        if len(self.rest) > _LINE_BYTES_MAX:
            raise Refused(TableRefusal.archive_damaged)

    def finish(self) -> None:
        self._count(self.rest)

    def _count(self, xml: bytes) -> None:
        raise NotImplementedError


class _StringsMeasure(_Measure):
    """Counts shared strings: each costs memory, even one that no cell uses."""

    strings = 0

    def _count(self, xml: bytes) -> None:
        self.strings += len(_STRING.findall(xml))
        if self.strings > self.limits.cells_max:
            raise Refused(TableRefusal.sheet_too_large, cells_max=self.limits.cells_max)


class _SheetMeasure(_Measure):
    """Counts a worksheet's cells as they pass, and the corner of the rectangle they span.

    Every cell must name its place: without it, places follow from counting, and a few bytes could span the sheet.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.cells = 0
        self.row_max = 0
        self.columns: set[bytes] = set()

    def _count(self, xml: bytes) -> None:
        placed = _PLACED_CELL.findall(xml)
        if len(placed) != len(_CELL.findall(xml)):
            raise Refused(TableRefusal.archive_damaged, found="cells without a reference")
        if not placed:
            return
        self.cells += len(placed)
        self.columns.update(letters for letters, _ in placed)
        self.row_max = max(self.row_max, max(int(row) for _, row in placed))
        if len(self.columns) > 16_384:
            raise Refused(TableRefusal.sheet_too_large)
        width = max(_column_number(letters) for letters in self.columns)
        if self.cells > self.limits.cells_max or self.row_max * width > self.limits.cells_max:
            raise Refused(
                TableRefusal.sheet_too_large,
                rows=self.row_max,
                columns=width,
                cells_max=self.limits.cells_max,
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
