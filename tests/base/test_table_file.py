"""Uploaded tables: the same rows from every spelling, resumable, and bombs that never go off."""

import io
import resource
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.base.errors import Refused
from commissary.base.table_file import (
    Dialect,
    Limits,
    Position,
    RowFault,
    TableRefusal,
    batches,
    columns_by_header,
    open_table,
    sniff,
)

TEXT = "卡号,密码\n6001,甲乙丙\n\n6002,pw2\n"
CELLS = [(1, ("卡号", "密码")), (2, ("6001", "甲乙丙")), (4, ("6002", "pw2"))]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["\n", ""])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_encodings(encoding: str, mark: bytes, newline: str, last: str) -> None:
    raw = mark + (TEXT.removesuffix("\n") + last).replace("\n", newline).encode(encoding)
    rows = list(open_table(raw))
    assert [(row.line, row.cells) for row in rows] == CELLS
    assert rows[-1].offset == len(raw)
    dialect = sniff(raw)
    assert dialect.encoding == encoding
    for row in rows:
        rest = list(open_table(raw, dialect=dialect, start=Position(row.line, row.offset)))
        assert rest == [later for later in rows if later.line > row.line]


@pytest.mark.parametrize(
    ("text", "delimiter", "cells"),
    [
        ("a,b\nc,d", ",", ("a", "b")), ("a\tb\nc\td", "\t", ("a", "b")), ("a;b\nc;d", ";", ("a", "b")),
        ("a|b\nc|d", "|", ("a", "b")), ("a----b\nc----d", "----", ("a", "b")), ("a---b\nc---d", "---", ("a", "b")),
        ("a，b\nc，d", "，", ("a", "b")), ("a   b\nc d", " ", ("a", "b")), ("ab\ncd", "", ("ab",)),
        ("a,b----c\nd----e", "----", ("a,b", "c")), ('"a,b";c\n"d,e";f', ";", ("a,b", "c")), ('"a"\n"b"', ",", ("a",)),
        ("a b c d\ne f g h", "", ("a b c d",)), ("a,b,c\n" + "1,2,1:9.9; 10:9.5\n" * 20, ",", ("a", "b", "c")),
    ],
)  # fmt: skip
def test_delimiters(text: str, delimiter: str, cells: tuple[str, ...]) -> None:
    raw = text.encode()
    assert sniff(raw).delimiter == delimiter
    assert next(open_table(raw)).cells == cells


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('"a,1","b""2"\nc,d', [(1, ("a,1", 'b"2')), (2, ("c", "d"))]),
        ('a"x,b\nc,d', [(1, ('a"x', "b")), (2, ("c", "d"))]),
        ('a,"b\nc"\nd,e', [(1, ("a", "b\nc")), (3, ("d", "e"))]),
        ('a,"b"c\nd,e', [(1, RowFault.misplaced_quote), (2, ("d", "e"))]),
        ('a,"b\nd,e', [(1, RowFault.unclosed_quote), (2, ("d", "e"))]),
        (
            'a,"b\n' + "d,e\n" * 25,
            [(1, RowFault.unclosed_quote), *[(line, ("d", "e")) for line in range(2, 27)]],
        ),
        ("a,b\x07\nd,e", [(1, RowFault.control_character), (2, ("d", "e"))]),
        ("a,b\rc,d\nd,e", [(1, RowFault.control_character), (2, ("d", "e"))]),
        ("a,b\n" + "d," * 70 + "\n", [(1, ("a", "b")), (2, RowFault.too_many_columns)]),
        ("a,b\nd," + "e" * 5_000, [(1, ("a", "b")), (2, RowFault.cell_too_long)]),
        ('"",""\nd,e', [(2, ("d", "e"))]),
    ],
)
def test_quotes_and_row_faults(text: str, rows: list[object]) -> None:
    found = open_table(text.encode(), dialect=Dialect())
    assert [(row.line, row.fault or row.cells) for row in found] == rows


@given(st.lists(st.lists(st.text('ab",\n 中', max_size=6), min_size=2, max_size=3), min_size=1, max_size=8))
def test_what_is_quoted_comes_back(table: list[list[str]]) -> None:
    table = [[cell.strip() for cell in row] for row in table]
    text = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    found = [list(row.cells) for row in open_table(text.encode(), dialect=Dialect())]
    assert found == [row for row in table if any(row)]


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        for row in open_table(raw):
            assert row.cells or row.fault
    except Refused as refused:
        assert isinstance(refused.refusal, TableRefusal)  # noqa: PT017


@pytest.mark.parametrize(
    ("raw", "refusal", "line"),
    [
        (b"", TableRefusal.file_empty, None),
        (b"\n \n", TableRefusal.file_empty, None),
        (b"a,b\nc,d\0\n", TableRefusal.text_has_nul, 2),
        (b"a,b\n" * 100_000 + b"c,\0\n", TableRefusal.text_has_nul, 100_001),
        (b"a,b\n" * 100_000 + b"c,\xff\xff\n", TableRefusal.encoding_broken, 100_001),
        ("甲,乙\n".encode() * 50_000 + "丙,丁丁\n".encode("gbk"), TableRefusal.encoding_broken, 50_001),
        (b"a,b\n" + b"x" * 2_500_000, TableRefusal.line_too_long, 2),
        ("prix,10 €\nné,e\n".encode("latin-1", "replace"), TableRefusal.encoding_unknown, None),
        (b"%PDF-1.7\n", TableRefusal.file_format_unsupported, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", TableRefusal.file_format_unsupported, None),
        ((b'a,"b\n' + b"c,d\n" * 25) * 150, TableRefusal.quotes_broken, 2_601),
    ],
)
def test_files_refused(raw: bytes, refusal: TableRefusal, line: int | None) -> None:
    with pytest.raises(Refused) as refused:
        list(open_table(raw, dialect=Dialect() if raw.startswith(b"a,") else None, filename="a.csv"))
    assert refused.value.refusal is refusal
    assert refused.value.facts.get("line") == line
    assert refused.value.facts["filename"] == "a.csv"


def test_size_and_rows_are_limited() -> None:
    with pytest.raises(Refused) as refused:
        list(open_table(b"a,b\n" * 10, limits=Limits(bytes_max=39)))
    assert refused.value.refusal is TableRefusal.file_too_large
    rows = []
    with pytest.raises(Refused) as refused:
        rows.extend(open_table(b"a,b\n" * 10, limits=Limits(rows_max=9)))
    assert refused.value.refusal is TableRefusal.rows_too_many
    assert refused.value.facts["line"] == 10
    assert len(list(open_table(b"a,b\n" * 10, limits=Limits(rows_max=10)))) == 10


def test_resume_and_batches_across_blocks(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(
        "".join(f'{n},"密,{n}"\r\n' if n % 1_000 == 0 else f"{n},密{n}\r\n" for n in range(150_000)),
        "gb18030",
    )
    rows = list(open_table(path))
    assert [row.line for row in rows] == list(range(1, 150_001))
    assert list(map(len, batches(path, 40_000))) == [40_000, 40_000, 40_000, 30_000]
    for at in (0, 1, 999, 74_321, 149_999):
        start = Position(rows[at].line, rows[at].offset)
        assert list(open_table(path, start=start, dialect=sniff(path))) == rows[at + 1 :]


def test_columns_by_header() -> None:
    found = columns_by_header(
        ["Card No.", "密 码", "备注（选填）", "", "PIN"], {"number": ["card_no"], "secret": ["密码", "pin"]}
    )
    assert found.found == {"number": 0, "secret": 1}
    assert found.unknown == (2,)
    assert found.repeated == ("secret",)


# ── Workbooks ───────────────────────────────────────────────────────────────────────────────────────────────────


def workbook(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def rows_of(*rows: list[object]) -> bytes:
    return workbook(lambda book: [book.active.append(row) for row in rows])


def altered(raw: bytes, changes: dict[str, bytes | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive with parts replaced, added or (None) removed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def test_cells_of_a_workbook() -> None:
    raw = rows_of(
        ["卡号", "面值", "日期"],
        ["000123", 12.5, date(2027, 12, 31)],
        [],
        ["=1+1", True, datetime(2027, 12, 31, 23, 59)],  # noqa: DTZ001
        [42, 999_999_999_999_999, None],
        [1.2345678901234567e18, 1, 1],
        [1234567.123456789, 1, 1],
        ["a\x7fb", 1, 1],
    )
    rows = list(open_table(raw))
    assert rows[0].cells == ("卡号", "面值", "日期")
    assert (rows[1].line, rows[1].cells, rows[1].numbers) == (2, ("000123", "12.5", "2027-12-31"), (1,))
    assert (rows[2].line, rows[2].cells) == (
        4,
        ("", "TRUE", "2027-12-31 23:59:00"),
    )  # The formula was not computed.
    assert rows[3].cells == ("42", "999999999999999")
    assert [(row.line, row.fault, row.fault_column) for row in rows[4:]] == [
        (6, RowFault.precision_lost, 0),
        (7, RowFault.precision_lost, 0),
        (8, RowFault.control_character, 0),
    ]
    assert list(open_table(raw, start=Position(4))) == rows[3:]


def test_columns_do_not_shift_when_the_first_is_empty() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active["B3"] = "x"
        book.active["D5"] = "y"

    assert [(row.line, row.cells) for row in open_table(workbook(fill))] == [
        (3, ("", "x")),
        (5, ("", "", "", "y")),
    ]


def test_which_sheet() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book.active.append(["a"])
        book.create_sheet("empty")
        book.create_sheet("second").append(["b"])
        book.create_sheet("hidden").append(["c"])
        book["hidden"].sheet_state = "hidden"

    raw = workbook(fill)
    with pytest.raises(Refused) as refused:
        list(open_table(raw))
    assert refused.value.refusal is TableRefusal.sheet_unclear
    assert refused.value.facts["sheets"] == ["Sheet", "second"]
    assert next(open_table(raw, dialect=sniff(raw, sheet="second"))).cells == ("b",)
    with pytest.raises(Refused):
        list(open_table(raw, dialect=sniff(raw, sheet="hidden")))
    with pytest.raises(Refused) as refused:
        list(open_table(rows_of()))
    assert refused.value.refusal is TableRefusal.file_empty


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(data: bytes) -> bytes:
    return b"<worksheet " + NAMESPACE + b"><sheetData>" + data + b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"xl/vbaProject.bin": b"x"}, TableRefusal.workbook_has_macros),
        ({"xl/macrosheets/sheet1.xml": b"x"}, TableRefusal.workbook_has_macros),
        ({SHEET: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + sheet(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>')}, TableRefusal.workbook_has_entities),
        ({"xl/workbook.xml": b"<!doctype x><workbook/>"}, TableRefusal.workbook_has_entities),
        ({SHEET: sheet(b"").decode().encode("utf-16")}, TableRefusal.workbook_has_entities),
        ({SHEET: sheet(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}, TableRefusal.sheet_too_large),
        ({SHEET: sheet(b"<row><c><v>1</v></c></row>")}, TableRefusal.archive_damaged),
        ({SHEET: sheet(b'<row r="1"><c x="<" r="A1"><v>1</v></c></row>')}, TableRefusal.archive_damaged),
        ({SHEET: b"<worksheet"}, TableRefusal.archive_damaged),
        ({SHEET: None}, TableRefusal.archive_damaged),
        ({"xl/workbook.xml": None, "mimetype": b"ods"}, TableRefusal.file_format_unsupported),
        ({"xl/media/a.bin": b"\0" * 3_000_000}, TableRefusal.archive_bomb),
        ({"xl/sharedStrings.xml": b"<sst>" + b"".join(b"<si>%d</si>" % n for n in range(1_100)) + b"</sst>"}, TableRefusal.sheet_too_large),
        ({"XL/WORKBOOK.xml": b"x"}, TableRefusal.archive_damaged),
    ],
)  # fmt: skip
def test_hostile_workbooks(changes: dict[str, bytes | None], refusal: TableRefusal) -> None:
    raw = rows_of(["a", "b"])
    limits = Limits(cells_max=1_000) if "xl/sharedStrings.xml" in changes else Limits()
    assert list(open_table(altered(raw, {}), limits=limits))
    with pytest.raises(Refused) as refused:
        list(open_table(altered(raw, changes), limits=limits))
    assert refused.value.refusal is refusal


def test_archives_that_two_readers_could_read_differently() -> None:
    raw = rows_of(["a", "b"])
    for other in (raw + b"x", b"PK\x03\x04" + raw, raw[:-2] + b"\x01\x00x", raw[:-30], raw[:200]):
        with pytest.raises(Refused) as refused:
            list(open_table(other))
        assert refused.value.refusal is TableRefusal.archive_damaged
    locked = altered(raw, {}, zipfile.ZIP_LZMA)
    with pytest.raises(Refused):
        list(open_table(locked))


@given(st.integers(0, 5_000), st.integers(0, 255))
def test_a_flipped_byte_is_read_or_refused(at: int, byte: int) -> None:
    raw = bytearray(FLIPPED)
    raw[at % len(raw)] = byte
    try:
        list(open_table(bytes(raw)))
    except Refused as refused:
        assert isinstance(refused.refusal, TableRefusal)  # noqa: PT017


FLIPPED = rows_of(["a", "b"], ["c", 1])


def bomb(unzipped_bytes: int, promised_bytes: int | None = None) -> bytes:
    """A workbook whose sheet inflates to `unzipped_bytes`, its directory promising `promised_bytes`."""
    raw = rows_of(["a"])
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(sheet(b"")) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 1_000_000) + packer.flush(
        zlib.Z_FULL_FLUSH
    )  # Stands alone: repeat it for nothing.
    packed += block * (unzipped_bytes // 1_000_000) + packer.flush()
    promised = unzipped_bytes if promised_bytes is None else promised_bytes
    local, directory, offset = b"", b"", 0
    with zipfile.ZipFile(io.BytesIO(raw)) as old:
        parts = {name: old.read(name) for name in old.namelist() if name != SHEET}
    entries = [(name, zlib.compress(content, 9, -15), len(content)) for name, content in parts.items()]
    for name, content, size in [*entries, (SHEET, packed, promised)]:
        size = min(size, 0xFFFFFFFE)
        fields = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0x21, 0, len(content), size, len(name), 0)
        offset = len(local)
        local += b"PK\x03\x04" + fields + name.encode() + content
        directory += (
            b"PK\x01\x02"
            + struct.pack("<H", 20)
            + fields
            + struct.pack("<HHHLL", 0, 0, 0, 0, offset)
            + name.encode()
        )
    count = len(entries) + 1
    return (
        local
        + directory
        + b"PK\x05\x06"
        + struct.pack("<HHHHLLH", 0, 0, count, count, len(directory), len(local), 0)
    )


PROBE = """
import re, sys, time
from pathlib import Path
from commissary.base.errors import Refused
from commissary.base.table_file import open_table
began = time.process_time()
try:
    list(open_table(Path(sys.argv[1])))
    print("read")
except Refused as refused:
    seconds = time.process_time() - began
    peak_kib = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]
    print(refused.refusal.name, seconds, int(peak_kib) // 1024)
"""


@pytest.mark.parametrize("honest", [True, False])
def test_ten_gigabytes_stay_packed(tmp_path: Path, honest: bool) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb(10_000_000_000, None if honest else 50_000))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True
    )
    reason, seconds, megabytes = done.stdout.split()
    assert reason == "archive_bomb"
    assert float(seconds) < 1
    assert int(megabytes) < 200


def test_a_long_text_stays_small_in_memory_and_fast(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("".join(f"6{n:015d},{n * 7919:016X},2027-12-31\n" for n in range(200_000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    assert sum(1 for _ in open_table(path)) == 200_000
    assert time.process_time() - began < 3  # Usually a tenth of it.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
