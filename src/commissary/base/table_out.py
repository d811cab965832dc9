"""Files of rows that we give out: CSV and XLSX. The same rows are the same bytes, whenever they are asked for.

A text that a spreadsheet would run as a formula (OWASP ASVS 1.2.10) gets an apostrophe in front, in both formats, for a
workbook is soon saved as CSV; `unguarded` takes it off again, so that what went out comes back as it was. Workbooks hold
texts only, formatted as such: leading zeros and long numbers survive a spreadsheet program.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Literal
from xml.sax.saxutils import escape

Format = Literal["csv", "xlsx"]
MARK = b"\xef\xbb\xbf"  # by which spreadsheet programs know UTF-8
_FORMULA = re.compile("[' ]*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?", re.ASCII)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # no XML may hold them
_THEN = (1980, 1, 1, 0, 0, 0)


def guarded(cell: str) -> str:
    """As a text that no spreadsheet program evaluates. A negative number is none of its formulas."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Lines without the mark, every cell guarded."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[guarded(str(cell)) for cell in row] for row in rows])
    return out.getvalue().encode()


def table(rows: Iterable[Sequence[object]], format_: Format, *, sheet: str = "Sheet1") -> bytes:
    """A whole file; the first row is its header."""
    return MARK + csv_lines(rows) if format_ == "csv" else workbook(rows, sheet=sheet)


def workbook(
    rows: Iterable[Sequence[object] | None],
    *,
    sheet: str = "Sheet1",
    numbers: Sequence[Sequence[int]] = (),
    guard: bool = True,
) -> bytes:
    """An .xlsx of one sheet. None is a blank line; `numbers`: of each row the columns that are written as numbers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(zipfile.ZipInfo(name, _THEN), text.replace("{sheet}", escape(sheet[:31])))
        info = zipfile.ZipInfo("xl/worksheets/sheet1.xml", _THEN)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w") as part:
            part.write(_SHEET_HEAD.encode())
            for n, row in enumerate(rows, 1):
                if row is not None:
                    plain = numbers[n - 1] if n <= len(numbers) else ()
                    part.write(_row(n, row, plain, guard=guard).encode())
            part.write(b"</sheetData></worksheet>")
    return out.getvalue()


def _row(line: int, cells: Sequence[object], numbers: Sequence[int], *, guard: bool) -> str:
    written = []
    for column, value in enumerate(cells):
        text = str(value)
        if text and column in numbers:
            written.append(f'<c r="{_letters(column)}{line}"><v>{escape(text)}</v></c>')
        elif text:
            shown = escape(_UNWRITABLE.sub("", guarded(text) if guard else text)).replace("\r", "&#13;")
            written.append(
                f'<c r="{_letters(column)}{line}" s="1" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
            )
    return f'<row r="{line}">{"".join(written)}</row>'


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
