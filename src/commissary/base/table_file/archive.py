"""A workbook's zip, inflated and measured before anybody reads it.

The reader of workbooks trusts the zip and builds the whole rectangle of cells in memory. It therefore never sees
the upload: the parts it needs are inflated and measured here, and handed over in a new, uncompressed archive.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from commissary.base.errors import Refused
from commissary.base.table_file.source import opened
from commissary.base.table_file.text import LINE_BYTES_MAX
from commissary.base.table_file.types import Limits, Source, TableRefusal

_ENTRIES_MAX = 4_096
_DIRECTORY_BYTES_MAX = 1024 * 1024
_FLOOR_BYTES = 1024 * 1024  # A small part may compress as well as it likes.
_OTHER_PART_BYTES_MAX = 16 * 1024 * 1024  # Names of sheets and styles; real ones stay far below.
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


def copy_measured(source: Source, copy: IO[bytes], limits: Limits) -> None:
    with opened(source) as file:
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
        if len(self.rest) > LINE_BYTES_MAX:
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
