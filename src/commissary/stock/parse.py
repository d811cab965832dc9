"""Files of card codes (卡密文件) in the ways the trade writes them, read as a stream of codes and faults. Pure but for reading.

    header or none      卡号,密码,有效期 · number,password · one code a line · one link a line
    four dashes         卡号----密码----有效期
    prose               卡号：… 密码：… 有效期：…
    numbering           1. … / 1、… before each line

A file whose columns are not plain is refused with `layout_unclear`, a row that does not fit becomes a `Fault`
that says what was found and how to mend it: a guess would sell a date as a password. An explicit `Layout` settles both.
No text made here repeats a secret.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit

import msgspec

from commissary.base import table_file
from commissary.base.errors import Refusal, Refused
from commissary.catalog.types import Kind
from commissary.stock.normalise import without_invisible
from commissary.stock.pan import payment_card_brand

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


def sniff(
    source: table_file.Source,
    *,
    kind: Kind,
    layout: Layout | None = None,
    dialect: table_file.Dialect | None = None,
    limits: table_file.Limits | None = None,
    shown: int = 5,
) -> Preview:
    """How the file would be read, with its first rows masked. Nothing else is read."""
    plan = _plan(source, kind, layout, dialect, limits)
    first = 1 if plan.header is not None else 0
    return Preview(
        plan.dialect,
        plan.layout,
        plan.header,
        tuple(tuple(map(mask, cells)) for cells in plan.sample[first : first + shown]),
        plan.trouble,
    )


def read_codes(
    source: table_file.Source,
    *,
    kind: Kind,
    layout: Layout | None = None,
    dialect: table_file.Dialect | None = None,
    limits: table_file.Limits | None = None,
    filename: str | None = None,
    start: table_file.Position | None = None,
    accept_payment_cards: bool = False,
) -> Iterator[CodeRow | Fault]:
    """Every row of the file, as a code or as a fault, in file order."""
    return chain.from_iterable(
        items
        for items, _ in _read(
            source, 1_000, kind, layout, dialect, limits, filename, start, accept_payment_cards
        )
    )


def code_batches(
    source: table_file.Source,
    size: int,
    *,
    kind: Kind,
    layout: Layout | None = None,
    dialect: table_file.Dialect | None = None,
    limits: table_file.Limits | None = None,
    filename: str | None = None,
    start: table_file.Position | None = None,
    accept_payment_cards: bool = False,
) -> Iterator[CodeBatch]:
    """`size` rows at a time. To resume, give the preview's `dialect` and `layout` and the last batch's `after`."""
    for items, after in _read(
        source, size, kind, layout, dialect, limits, filename, start, accept_payment_cards
    ):
        yield CodeBatch(
            [item for item in items if isinstance(item, CodeRow)],
            [item for item in items if isinstance(item, Fault)],
            after,
        )


def mask(text: str) -> str:
    """First two and last two characters; nothing of a text too short to hide the rest."""
    if not text:
        return ""
    return f"{text[:2]}••••{text[-2:]}" if len(text) >= 8 else "••••"


@lru_cache(maxsize=4_096)  # What is no date raises and is not kept: a password never lingers here.
def read_date(text: str) -> date | None:
    """A date however the trade writes it, None for "never". ValueError where day and month could be either."""
    text = unicodedata.normalize("NFKC", text).strip()
    if text.casefold() in _NEVER:
        return None
    for form in _DATES:
        match = form.fullmatch(text)
        if match:
            found = date(int(match["y"]), int(match["m"]), int(match["d"]))
            if 2000 <= found.year < 2200:
                return found
    raise ValueError("not a plain date")


_TIME = r"(?:[ T]\s*(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?"
_DATES = (
    re.compile(r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})" + _TIME),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _TIME),
    re.compile(r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日?" + _TIME),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})" + _TIME),
)
_NEVER = frozenset({"", "-", "永久", "长期", "永久有效", "长期有效", "无限期", "never", "none", "permanent"})


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────

_SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,3}")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')  # How programs write text into CSV so that leading zeros survive.
_NUMBERING = re.compile(r"\s*(\d{1,7})\s*[.、)．）]\s*")
_DELIMITERS_INSIDE = re.compile(r"-{3,}|[\t|;,，；]")
_LABELS = "|".join(
    re.escape(name).replace(r"\ ", r"[ _]?")
    for name in sorted(
        (name for role, names in ALIASES.items() if role != IGNORED for name in names), key=len, reverse=True
    )
)
_LABEL = re.compile(rf"(?:^|(?<=[\s,，;；|、。\-.)）]))({_LABELS})\s*[:：]\s*", re.IGNORECASE)
_ROLES = {table_file.plain_name(name): role for role, names in ALIASES.items() for name in names}


class _Plan(msgspec.Struct, frozen=True):
    dialect: table_file.Dialect
    layout: Layout | None
    header: tuple[str, ...] | None
    sample: list[tuple[str, ...]]
    trouble: Fault | None = None


def _read(
    source: table_file.Source,
    size: int,
    kind: Kind,
    layout: Layout | None,
    dialect: table_file.Dialect | None,
    limits: table_file.Limits | None,
    filename: str | None,
    start: table_file.Position | None,
    accept_payment_cards: bool,
) -> Iterator[tuple[list[CodeRow | Fault], table_file.Position]]:
    plan = _plan(source, kind, layout, dialect, limits)
    layout = plan.layout
    if layout is None:
        trouble = plan.trouble
        assert trouble is not None
        raise Refused(
            CodeFileRefusal.layout_unclear,
            reason=trouble.reason_code,
            line=trouble.line,
            en=trouble.en,
            zh=trouble.zh,
        )
    reader = _Reader(layout, kind, plan.dialect, accept_payment_cards)
    header_due = layout.has_header and (start is None or start.line == 0)
    for rows in table_file.batches(
        source, size, filename=filename, limits=limits, dialect=plan.dialect, start=start
    ):
        last = rows[-1]
        after = table_file.Position(last.line, last.offset)
        if header_due:
            header_at = next((at for at, row in enumerate(rows) if row.fault is None), None)
            if header_at is not None:
                header_due = False
                del rows[header_at]
        yield [reader.read(row) for row in rows], after


class _Reader:
    """One layout applied to many rows."""

    def __init__(
        self, layout: Layout, kind: Kind, dialect: table_file.Dialect, accept_payment_cards: bool
    ) -> None:
        self.layout = layout
        self.columns = tuple(layout.columns)
        self.link = kind == "link"
        self.sheet = dialect.format == "xlsx"
        self.accept_payment_cards = accept_payment_cards
        self.at = {role: at for at, role in enumerate(self.columns) if role in (NUMBER, SECRET, EXPIRES_ON)}
        self.extras = [
            (at, role)
            for at, role in enumerate(self.columns)
            if role not in (NUMBER, SECRET, EXPIRES_ON, IGNORED)
        ]

    def read(self, row: table_file.Row) -> CodeRow | Fault:
        line = row.line
        if row.fault is not None:
            column = None if row.fault_column is None else row.fault_column + 1
            return Fault(line, row.fault.name, row.fault.zh, row.fault.en, column)
        cells: Sequence[str] = row.cells
        if self.layout.labelled:
            found = self._labelled(line, cells[0])
            if isinstance(found, Fault):
                return found
            cells = found
        else:
            if self.layout.numbered:
                match = _NUMBERING.match(cells[0])
                if match is None:
                    return _fault(line, Reason.numbering_missing, 1)
                rest = cells[0][match.end() :]
                cells = (rest, *cells[1:]) if rest else cells[1:]
            expected = len(self.columns)
            if len(cells) != expected:
                full = len(cells)
                while full and not cells[full - 1]:
                    full -= 1
                if full > expected or (full < expected and not self.sheet):
                    return _fault(line, Reason.columns_differ, None, found=len(cells), expected=expected)
                cells = (*cells[:full], *("",) * (expected - full))
        secret_at = self.at[SECRET]
        secret = self._value(row, cells, secret_at)
        if isinstance(secret, Fault):
            return secret
        if not secret:
            return _fault(line, Reason.secret_missing, secret_at + 1)
        number: str | None = None
        number_at = self.at.get(NUMBER)
        if number_at is not None:
            value = self._value(row, cells, number_at)
            if isinstance(value, Fault):
                return value
            if not value:
                return _fault(line, Reason.number_missing, number_at + 1)
            number = value
        if self.link and not is_link(secret):
            return _fault(line, Reason.link_malformed, secret_at + 1)
        expires_on: date | None = None
        expires_at = self.at.get(EXPIRES_ON)
        if expires_at is not None:
            try:
                expires_on = read_date(cells[expires_at])
            except ValueError:
                return _fault(line, Reason.date_unclear, expires_at + 1)
        extra = {name: cells[at] for at, name in self.extras if cells[at]} if self.extras else None
        if not self.accept_payment_cards:
            for at, cell in enumerate(cells):
                if at == expires_at or (self.link and at == secret_at):
                    continue  # The digits of an address name a page, not an account.
                brand = payment_card_brand(cell) if len(cell) >= 13 else None
                if brand:
                    return _fault(line, Reason.payment_card_number, at + 1, found=brand)
        return CodeRow(line, number, secret, expires_on, extra or None)

    def _value(self, row: table_file.Row, cells: Sequence[str], at: int) -> str | Fault:
        """A number or a secret, unwrapped and found whole."""
        text = cells[at]
        line = row.line
        if not text.isascii():
            text = without_invisible(text)
            if "\ufffd" in text:
                return _fault(line, Reason.unreadable_character, at + 1)
        if text[:1] in ("=", "'", "#"):
            match = _TEXT_FORMULA.fullmatch(text)
            if match:
                text = match[1].strip()
            elif text[0] == "'" and text[1:].isdecimal():
                text = text[1:]
            elif text in _SHEET_ERRORS or not text.strip("#"):
                return _fault(line, Reason.cell_error, at + 1)
        if "+" in text and _ROUNDED.fullmatch(text):
            return _fault(line, Reason.precision_lost, at + 1)
        if at in row.numbers:
            expected = self.layout.widths[at] if at < len(self.layout.widths) else 0
            if expected and len(text) < expected:
                return _fault(line, Reason.leading_zero_lost, at + 1, found=len(text), expected=expected)
        if self.layout.given:
            return text
        if not text.isalnum():
            if _LABEL.match(text):
                return _fault(line, Reason.label_unexpected, at + 1)
            if _DELIMITERS_INSIDE.search(text):
                return _fault(line, Reason.delimiter_unexpected, at + 1)
            if not self.link and not _is_grouped(text):
                return _fault(line, Reason.spaces_unclear, at + 1)
        return text

    def _labelled(self, line: int, text: str) -> list[str] | Fault:
        found = _labels(text)
        if not found:
            return _fault(line, Reason.label_missing, None, found=", ".join(self.columns))
        before = text[: found[0][1]]
        before = before[match.end() :] if (match := _NUMBERING.match(before)) else before
        if before.strip():
            return _fault(line, Reason.text_before_label, None)
        values: dict[str, str] = {}
        for at, (role, _, end) in enumerate(found):
            role = SECRET if role == "link" and self.link else role
            stop = found[at + 1][1] if at + 1 < len(found) else len(text)
            if role in values:
                return _fault(line, Reason.label_repeated, None, found=role)
            values[role] = _without_separator(text[end:stop])
        missing = [role for role in self.columns if role not in values and role in (NUMBER, SECRET)]
        if missing:
            return _fault(line, Reason.label_missing, None, found=", ".join(missing))
        if any(role not in self.columns for role in values):
            return _fault(line, Reason.label_unexpected, None)
        return [values.get(role, "") for role in self.columns]


def is_link(text: str) -> bool:
    """A whole https address with a host of its own, and no name or password before it."""
    if (
        len(text) > 2_048
        or not text.lower().startswith("https://")
        or re.search(r"[\s\\<>\"^`{}\x00-\x1f]", text)
    ):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return bool(host and "@" not in parts.netloc and re.fullmatch(r"[^\s.]+(?:\.[^\s.]+)+", host))


def _fault(line: int, reason: Reason, column: int | None, **found: object) -> Fault:
    return Fault(line, reason.name, reason.zh.format(**found), reason.en.format(**found), column)


def _is_grouped(text: str) -> bool:
    """One word, or three and more groups of the same length: two groups could be a number and its password."""
    words = text.split()
    return len(words) < 2 or (
        len(words) > 2 and len({len(word) for word in words}) == 1 and len(words[0]) <= 8
    )


def _labels(text: str) -> list[tuple[str, int, int]]:
    """(role, where the label begins, where its value begins)."""
    if ":" not in text and "：" not in text:
        return []
    return [(_role(match[1]), match.start(), match.end()) for match in _LABEL.finditer(text)]


@lru_cache(maxsize=1_024)
def _role(label: str) -> str:
    return _ROLES[table_file.plain_name(label)]


def _without_separator(text: str) -> str:
    """A value without what stands between it and the next label; one dash at its end is its own."""
    while True:
        shorter = text.rstrip(" \t\n\u3000,，;；|、。")
        if shorter.endswith("--"):
            shorter = shorter.rstrip("-")
        if shorter == text:
            return text
        text = shorter


# ── The plan: what the columns are, from the first lines ────────────────────────────────────────────────────────


class _Unclear(Exception):
    def __init__(self, reason: Reason, line: int = 1, **found: object) -> None:
        super().__init__(reason.name)
        self.fault = _fault(line, reason, None, **found)


def _plan(
    source: table_file.Source,
    kind: Kind,
    layout: Layout | None,
    dialect: table_file.Dialect | None,
    limits: table_file.Limits | None,
) -> _Plan:
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
                return _Plan(dialect, labelled, None, [(line,) for line in lines])
            lines, numbered = _unnumbered(lines)
            delimiter, rivals = table_file.guess_delimiter(lines)
            if delimiter == " " and all(_is_grouped(line) for line in lines):
                delimiter = ""
            dialect = msgspec.structs.replace(dialect, delimiter=delimiter, rivals=rivals)
        rows = _sample(source, dialect, limits)
        cells = [_drop_number(row.cells) if numbered else row.cells for row in rows]
        return _Plan(dialect, *_guessed(rows, cells, dialect, kind, numbered), cells)
    except _Unclear as unclear:
        rows = _sample(source, dialect, limits)
        return _Plan(dialect, None, None, [row.cells for row in rows], unclear.fault)


def _given_plan(
    source: table_file.Source, layout: Layout, dialect: table_file.Dialect, limits: table_file.Limits | None
) -> _Plan:
    if SECRET not in layout.columns or len(set(layout.columns) - {IGNORED}) != sum(
        c != IGNORED for c in layout.columns
    ):
        raise ValueError("a layout has exactly one secret column and no other role twice")
    delimiter = "" if layout.labelled else layout.delimiter
    if dialect.format == "text" and delimiter is not None:
        dialect = msgspec.structs.replace(dialect, delimiter=delimiter, rivals=())
    sample = [row.cells for row in _sample(source, dialect, limits)]
    return _Plan(dialect, layout, sample[0] if layout.has_header and sample else None, sample)


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
        if sum(_DELIMITERS_INSIDE.search(row[0]) is not None for row in body) * 10 > len(body):
            raise _Unclear(Reason.columns_vary)
        return (SECRET,)
    columns = list(zip(*body, strict=True))
    dated = [at for at, column in enumerate(columns) if all(map(_is_plain_date, column))]
    links = [at for at, column in enumerate(columns) if all(map(is_link, column))]
    if width == 2 and kind == "link" and len(links) == 1 and dated == [1 - links[0]]:
        return (SECRET, EXPIRES_ON) if links == [0] else (EXPIRES_ON, SECRET)
    if kind == "link" or links:
        raise _Unclear(Reason.columns_unclear, found=width)
    if width > 3 or (width == 3 and dated != [2]) or (width == 2 and dated == [0]) or len(dated) > 1:
        raise _Unclear(Reason.columns_unclear, found=width)
    codes = [column for at, column in enumerate(columns) if at not in dated]
    if any(
        all(len(cell) == 8 and cell.isdecimal() and _is_date(cell) for cell in column) for column in codes
    ):
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
    found = [[role for role, _, _ in _labels(line)] for line in lines]
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
    matches = [_NUMBERING.match(line) for line in lines]
    first = 1 if len(lines) > 1 and matches[0] is None else 0
    counted = [int(match[1]) for match in matches[first:] if match is not None]
    if len(counted) != len(lines) - first or counted != list(range(counted[0], counted[0] + len(counted))):
        return lines, False
    if len(counted) == 1 and counted != [1]:
        return lines, False
    stripped = [line[match.end() :] if match else line for line, match in zip(lines, matches, strict=True)]
    return (stripped, True) if all(map(str.strip, stripped)) else (lines, False)


def _drop_number(cells: tuple[str, ...]) -> tuple[str, ...]:
    match = _NUMBERING.match(cells[0])
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


def _is_plain_date(text: str) -> bool:
    return not text.isdecimal() and text != "" and _is_date(text)


def _is_date(text: str) -> bool:
    try:
        return read_date(text) is not None or text != ""
    except ValueError:
        return False
