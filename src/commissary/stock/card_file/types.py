"""The words of card files: what a file, a row and a fault are, and what the trade calls the columns."""

from collections.abc import Sequence
from datetime import date
from enum import Enum

import msgspec

from commissary.base import table_file
from commissary.base.errors import Refusal

NUMBER, SECRET, EXPIRES_ON, IGNORED = "number", "secret", "expires_on", "-"


class Layout(msgspec.Struct, frozen=True):
    """What each column is: `number`, `secret`, `expires_on`, `-` (ignored) or any other name, kept as extra.

    `delimiter` None means as sniffed. `labelled`: each line names its own values; `numbered`: each line begins with
    its number. `widths` are the digits expected of columns that a workbook stores as numbers (0: any).
    `given` marks a layout that a person confirmed: codes may then hold spaces and other delimiters.
    """

    columns: Sequence[str]
    delimiter: str | None = None
    has_header: bool = False
    labelled: bool = False
    numbered: bool = False
    widths: Sequence[int] = ()
    given: bool = True


class CodeRow(msgspec.Struct, frozen=True, gc=False):
    """One code. For a link, `secret` is the address."""

    line: int
    number: str | None
    secret: str
    expires_on: date | None = None
    extra: dict[str, str] | None = None

    def __repr__(self) -> str:
        return f"CodeRow(line={self.line})"  # A code must not reach a log by way of a traceback.


class Fault(msgspec.Struct, frozen=True):
    """Why a line is no code. `column` counts from 1."""

    line: int
    reason_code: str
    zh: str
    en: str
    column: int | None = None


class CodeBatch(msgspec.Struct, frozen=True):
    """Codes and faults of some consecutive rows; reading may resume at `after`."""

    codes: list[CodeRow]
    faults: list[Fault]
    after: table_file.Position


class Preview(msgspec.Struct, frozen=True):
    """What a dry run shows. `rows` are masked; with `trouble`, `layout` is None and a person must give one."""

    dialect: table_file.Dialect
    layout: Layout | None
    header: tuple[str, ...] | None
    rows: tuple[tuple[str, ...], ...]
    trouble: Fault | None = None


class CodeFileRefusal(Refusal):
    """Why a file of codes cannot be read as a whole."""

    layout_unclear = (
        422,
        "It is unclear what the columns of the file are; name them and try again",
        "无法确定文件各列的含义；请指定列后重试",
    )


class Reason(Enum):
    """Faults, in order of precedence: (English, 中文)."""

    columns_unclear = (
        "Found {found} columns and no header; add a header (number, password, expires) or name the columns",
        "发现 {found} 列且没有表头；请添加表头（卡号、密码、有效期）或指定各列",
    )
    columns_vary = (
        "Rows differ in their number of columns; add a header or give the delimiter",
        "各行列数不一致；请添加表头或指定分隔符",
    )
    delimiter_unclear = (
        "More than one delimiter fits: {found}; give the delimiter",
        "有多种分隔符都适用：{found}；请指定分隔符",
    )
    spaces_unclear = (
        "A space may separate two columns or two groups of one code; use ---- between columns or give the layout",
        "空格可能是列分隔，也可能是同一卡密的分组；请在列之间使用 ---- 或指定列",
    )
    header_unclear = (
        "The first line looks like a header, but its names are unknown; use number, password, expires, or name the columns",
        "首行像是表头，但名称无法识别；请使用“卡号、密码、有效期”或指定各列",
    )
    header_repeated = (
        "Two columns of the header mean the same: {found}; rename one or name the columns",
        "表头中有两列含义相同：{found}；请修改其中一列或指定各列",
    )
    header_without_secret = (
        "The header names no password, code or link column; add one or name the columns",
        "表头中没有密码、卡密或链接列；请补充或指定各列",
    )
    date_column_unclear = (
        "A column of eight digits may be dates or passwords; write dates as 2027-12-31 or name the columns",
        "八位数字列可能是日期也可能是密码；请把日期写成 2027-12-31 或指定各列",
    )
    constant_column = (
        "A column has the same value in every row, so it is hardly a password; name the columns",
        "某列所有行的值相同，不像是密码；请指定各列",
    )
    index_column = (
        "The first column counts 1, 2, 3; remove it, head it “no.”, or name the columns",
        "首列为顺序编号 1、2、3；请删除、将表头写为“序号”或指定各列",
    )
    columns_differ = (
        "Found {found} columns where {expected} are expected; check the delimiter in this line",
        "发现 {found} 列，应为 {expected} 列；请检查该行的分隔符",
    )
    label_missing = (
        "The line lacks a label that other lines have: {found}; write all values on one line",
        "该行缺少其他行都有的标签：{found}；请把各项写在同一行",
    )
    label_repeated = ("The line has a label twice: {found}; keep one", "该行标签重复：{found}；请只保留一个")
    label_unexpected = (
        "A value begins with a label that other lines do not have; write all lines alike",
        "值以标签开头而其他行没有；请统一各行格式",
    )
    text_before_label = (
        "There is text before the first label; remove it",
        "第一个标签之前有其他文字；请删除",
    )
    numbering_missing = (
        "Other lines begin with their number, this one does not; number all lines or none",
        "其他行以编号开头，该行没有；请全部编号或全部不编号",
    )
    secret_missing = ("The password, code or link is empty", "密码、卡密或链接为空")
    number_missing = ("The card number is empty", "卡号为空")
    cell_error = ("The cell shows a spreadsheet error; mend it", "单元格是表格错误值；请修正")
    precision_lost = (
        "The spreadsheet program has rounded the number; format the column as text and paste it again",
        "数字已被表格软件舍入；请把该列设为文本格式后重新粘贴",
    )
    leading_zero_lost = (
        "The cell is a number of {found} digits where {expected} are expected; its leading zeros may be lost: "
        "format the column as text and paste it again",
        "单元格是 {found} 位数字，应为 {expected} 位，可能丢失前导零；请把该列设为文本格式后重新粘贴",
    )
    unreadable_character = (
        "The value holds a character that could not be read; check the encoding of the file",
        "内容含有无法识别的字符；请检查文件编码",
    )
    delimiter_unexpected = (
        "The value holds a delimiter; check the line, or give the layout if it belongs to the code",
        "内容中含有分隔符；请检查该行，若属于卡密本身请指定列",
    )
    link_malformed = (
        "The link is not a full https:// address; write it as https://host/path without spaces",
        "链接不是完整的 https:// 地址；请写成 https://域名/路径 且不含空格",
    )
    date_unclear = (
        "The date cannot be read for certain; write it as 2027-12-31",
        "日期无法确定；请写成 2027-12-31",
    )
    payment_card_number = (
        "The value is a payment card number ({found}); these are never accepted",
        "内容是支付卡号（{found}）；不予接收",
    )

    def __init__(self, en: str, zh: str) -> None:
        self.en = en
        self.zh = zh


ALIASES: dict[str, tuple[str, ...]] = {
    NUMBER: (
        "卡号", "卡券号", "券号", "账号", "帐号", "序列号", "编码", "card", "card no", "card number", "number",
        "account", "serial", "serial no", "serial number", "sn", "voucher number",
    ),
    SECRET: (
        "密码", "卡密", "卡券密码", "券码", "兑换码", "激活码", "充值码", "提货码", "核销码", "密钥", "cdk", "cdkey",
        "password", "passwd", "pwd", "pin", "pin code", "code", "card code", "card password", "secret", "key",
        "redeem code", "redemption code", "activation code", "voucher", "voucher code", "gift code", "license key",
    ),
    EXPIRES_ON: (
        "有效期", "有效期至", "有效期限", "过期时间", "过期日期", "到期时间", "到期日期", "到期日", "截止日期", "失效时间",
        "expires", "expires at", "expires on", "expiry", "expiry date", "expiration", "expiration date",
        "valid until", "valid to", "valid thru", "end date",
    ),
    "link": ("链接", "卡券链接", "兑换链接", "领取链接", "短链接", "网址", "地址", "link", "url", "href", "short url"),
    IGNORED: ("序号", "行号", "no", "seq", "index", "#", "id"),
}  # fmt: skip


def fault(line: int, reason: Reason, column: int | None, **found: object) -> Fault:
    return Fault(line, reason.name, reason.zh.format(**found), reason.en.format(**found), column)
