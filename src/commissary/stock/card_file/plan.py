"""What the columns of a file are, from its first lines; where that is not plain, why not."""

import re
from collections import Counter
from itertools import chain

import msgspec

from commissary.base import table_file
from commissary.catalog.types import Kind
from commissary.stock.card_file.text import (
    DELIMITERS_INSIDE,
    NUMBERING,
    is_date,
    is_grouped,
    is_link,
    is_plain_date,
    labels,
)
from commissary.stock.card_file.types import (
    ALIASES,
    EXPIRES_ON,
    IGNORED,
    NUMBER,
    SECRET,
    Fault,
    Layout,
    Reason,
    fault,
)


class Plan(msgspec.Struct, frozen=True):
    dialect: table_file.Dialect
    layout: Layout | None
    header: tuple[str, ...] | None
    sample: list[tuple[str, ...]]
    trouble: Fault | None = None


class _Unclear(Exception):
    def __init__(self, reason: Reason, line: int = 1, **found: object) -> None:
        super().__init__(reason.name)
        self.fault = fault(line, reason, None, **found)


def plan_of(
    source: table_file.Source,
    kind: Kind,
    layout: Layout | None,
    dialect: table_file.Dialect | None,
    limits: table_file.Limits | None,
) -> Plan:
    dialect = dialect or table_file.sniff(source, limits=limits)
    if layout is not None:
        return _given_plan(source, layout, dialect, limits)
    numbered = False
    try:
        if dialect.format == "text":
            _, lines = table_file.head(source, limits=limits)
            labelled = _labelled_layout(lines, kind)
            if labelled is not None:
                dialect = msgspec.structs.replace(dialect, delimiter="", rivals=())
                return Plan(dialect, labelled, None, [(line,) for line in lines])
            lines, numbered = _unnumbered(lines)
            delimiter, rivals = table_file.guess_delimiter(lines)
            if delimiter == " " and all(is_grouped(line) for line in lines):
                delimiter = ""
            dialect = msgspec.structs.replace(dialect, delimiter=delimiter, rivals=rivals)
        rows = _sample(source, dialect, limits)
        cells = [_drop_number(row.cells) if numbered else row.cells for row in rows]
        return Plan(dialect, *_guessed(rows, cells, dialect, kind, numbered), cells)
    except _Unclear as unclear:
        rows = _sample(source, dialect, limits)
        return Plan(dialect, None, None, [row.cells for row in rows], unclear.fault)


def _given_plan(
    source: table_file.Source, layout: Layout, dialect: table_file.Dialect, limits: table_file.Limits | None
) -> Plan:
    if SECRET not in layout.columns or len(set(layout.columns) - {IGNORED}) != sum(
        c != IGNORED for c in layout.columns
    ):
        raise ValueError("a layout has exactly one secret column and no other role twice")
    delimiter = "" if layout.labelled else layout.delimiter
    if dialect.format == "text" and delimiter is not None:
        dialect = msgspec.structs.replace(dialect, delimiter=delimiter, rivals=())
    sample = [row.cells for row in _sample(source, dialect, limits)]
    return Plan(dialect, layout, sample[0] if layout.has_header and sample else None, sample)


def _sample(
    source: table_file.Source, dialect: table_file.Dialect, limits: table_file.Limits | None
) -> list[table_file.Row]:
    rows = next(table_file.batches(source, 200, dialect=dialect, limits=limits), [])
    return [row for row in rows if row.fault is None]


def _guessed(
    rows: list[table_file.Row],
    cells: list[tuple[str, ...]],
    dialect: table_file.Dialect,
    kind: Kind,
    numbered: bool,
) -> tuple[Layout, tuple[str, ...] | None]:
    if not rows:
        raise _Unclear(Reason.columns_vary)
    found = table_file.columns_by_header(cells[0], ALIASES)
    has_header = bool(found.found) and not any(map(is_link, cells[0]))
    body = [_trimmed(row) for row in (cells[1:] if has_header else cells)]
    if has_header:
        columns = _columns_of_header(cells[0], found, kind)
    else:
        if dialect.rivals:
            fitting = " ".join(repr(each) for each in (dialect.delimiter, *dialect.rivals))
            raise _Unclear(Reason.delimiter_unclear, rows[0].line, found=fitting)
        if _looks_like_header(body):
            raise _Unclear(Reason.header_unclear, rows[0].line)
        columns = _columns_of_rows(body, dialect, kind)
    widths = _widths(rows[1:] if has_header else rows, len(columns)) if dialect.format == "xlsx" else ()
    layout = Layout(columns, dialect.delimiter, has_header, False, numbered, widths, given=False)
    return layout, cells[0] if has_header else None


def _columns_of_header(header: tuple[str, ...], found: table_file.Columns, kind: Kind) -> tuple[str, ...]:
    repeated = [role for role in found.repeated if role != IGNORED]
    if repeated:
        raise _Unclear(Reason.header_repeated, found=", ".join(repeated))
    roles = dict(found.found)
    link_at = roles.pop("link", None)
    if link_at is not None:
        if kind == "link" and SECRET not in roles:
            roles[SECRET] = link_at
        elif kind == "link":
            raise _Unclear(Reason.header_repeated, found=SECRET)
    if SECRET not in roles:
        raise _Unclear(Reason.header_without_secret)
    columns = [name or IGNORED for name in header]
    for role, at in roles.items():
        columns[at] = role
    for at, name in enumerate(columns):
        if at not in roles.values() and name in (NUMBER, SECRET, EXPIRES_ON):
            columns[at] = IGNORED
    while columns[-1] == IGNORED and not header[len(columns) - 1]:
        columns.pop()
    named = [name for name in columns if name != IGNORED]
    if len(set(named)) != len(named):
        raise _Unclear(Reason.header_repeated, found="extra")
    return tuple(columns)


def _columns_of_rows(body: list[tuple[str, ...]], dialect: table_file.Dialect, kind: Kind) -> tuple[str, ...]:
    width, times = Counter(map(len, body)).most_common(1)[0]
    if times * 10 < len(body) * 9:
        raise _Unclear(Reason.columns_vary)
    body = [row for row in body if len(row) == width]
    if width == 1:
        if sum(DELIMITERS_INSIDE.search(row[0]) is not None for row in body) * 10 > len(body):
            raise _Unclear(Reason.columns_vary)
        return (SECRET,)
    columns = list(zip(*body, strict=True))
    dated = [at for at, column in enumerate(columns) if all(map(is_plain_date, column))]
    links = [at for at, column in enumerate(columns) if all(map(is_link, column))]
    if width == 2 and kind == "link" and len(links) == 1 and dated == [1 - links[0]]:
        return (SECRET, EXPIRES_ON) if links == [0] else (EXPIRES_ON, SECRET)
    if kind == "link" or links:
        raise _Unclear(Reason.columns_unclear, found=width)
    if width > 3 or (width == 3 and dated != [2]) or (width == 2 and dated == [0]) or len(dated) > 1:
        raise _Unclear(Reason.columns_unclear, found=width)
    codes = [column for at, column in enumerate(columns) if at not in dated]
    if any(all(len(cell) == 8 and cell.isdecimal() and is_date(cell) for cell in column) for column in codes):
        raise _Unclear(Reason.date_column_unclear)
    if (
        dialect.delimiter == " "
        and len(codes) == 2
        and all(len(number) == len(secret) for number, secret in zip(*codes, strict=True))
    ):
        raise _Unclear(Reason.spaces_unclear)
    if len(body) > 2 and any(len(set(column)) == 1 for column in codes):
        raise _Unclear(Reason.constant_column)
    if len(codes) == 2 and all(cell.isdecimal() and len(cell) < 8 for cell in codes[0]):
        counted = [int(cell) for cell in codes[0]]
        if counted[0] in (0, 1) and counted == list(range(counted[0], counted[0] + len(counted))):
            raise _Unclear(Reason.index_column)
    roles = (SECRET,) if len(codes) == 1 else (NUMBER, SECRET)
    return (*roles, EXPIRES_ON) if dated else roles


def _labelled_layout(lines: list[str], kind: Kind) -> Layout | None:
    """The labels of all sample lines together, if at least half of the lines have any."""
    found = [[role for role, _, _ in labels(line)] for line in lines]
    if sum(map(bool, found)) * 2 < len(lines):
        return None
    roles = list(dict.fromkeys(chain.from_iterable(found)))
    if kind == "link" and SECRET not in roles:
        roles = [SECRET if role == "link" else role for role in roles]
    if SECRET not in roles:
        raise _Unclear(Reason.header_without_secret)
    return Layout(tuple(roles), "", False, True, given=False)


def _unnumbered(lines: list[str]) -> tuple[list[str], bool]:
    """The lines without their numbering, if they count up by one; a header before them need not."""
    matches = [NUMBERING.match(line) for line in lines]
    first = 1 if len(lines) > 1 and matches[0] is None else 0
    counted = [int(match[1]) for match in matches[first:] if match is not None]
    if len(counted) != len(lines) - first or counted != list(range(counted[0], counted[0] + len(counted))):
        return lines, False
    if len(counted) == 1 and counted != [1]:
        return lines, False
    stripped = [line[match.end() :] if match else line for line, match in zip(lines, matches, strict=True)]
    return (stripped, True) if all(map(str.strip, stripped)) else (lines, False)


def _drop_number(cells: tuple[str, ...]) -> tuple[str, ...]:
    match = NUMBERING.match(cells[0])
    if match is None:
        return cells
    rest = cells[0][match.end() :]
    return (rest, *cells[1:]) if rest else cells[1:]


def _looks_like_header(body: list[tuple[str, ...]]) -> bool:
    """A first line of words above lines of codes."""
    first, rest = body[0], body[1:]
    if not rest:
        return False
    for at, cell in enumerate(first):
        below = [row[at] for row in rest if at < len(row)]
        if not below:
            continue
        if re.search(r"[\u4e00-\u9fff]", cell) and not any(
            re.search(r"[\u4e00-\u9fff]", each) for each in below
        ):
            return True
        if re.fullmatch(r"[A-Za-z][A-Za-z _.]*", cell) and all(re.search(r"\d", each) for each in below):
            return len(cell) < 16 and len({len(each) for each in below} | {len(cell)}) > 1
    return False


def _widths(rows: list[table_file.Row], columns: int) -> tuple[int, ...]:
    """The most digits seen in each column that has cells stored as numbers."""
    widths = [0] * columns
    stored = {at for row in rows for at in row.numbers if at < columns}
    for row in rows:
        for at in stored:
            if at < len(row.cells) and row.cells[at].isdecimal():
                widths[at] = max(widths[at], len(row.cells[at]))
    return tuple(widths)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    full = len(cells)
    while full > 1 and not cells[full - 1]:
        full -= 1
    return cells[:full]
