"""Rows, how they are written, what one file may ask of us, and what can be wrong."""

from enum import Enum
from pathlib import Path
from typing import Literal

import msgspec

from commissary.base.errors import Refusal

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
