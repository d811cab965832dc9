"""Encoding and delimiter of a text file, told by its beginning."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from commissary.base.errors import Refused
from commissary.base.table_file.source import is_zip, opened
from commissary.base.table_file.types import Dialect, Encoding, Limits, Source, TableRefusal

_SAMPLE_BYTES = 256 * 1024
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


def sniff(source: Source, *, limits: Limits | None = None, sheet: str | None = None) -> Dialect:
    """Format, encoding and delimiter, from the first bytes. Refuses what can never be read."""
    limits = limits or Limits()
    if is_zip(source, limits):
        return Dialect(format="xlsx", delimiter="", sheet=sheet)
    encoding, lines = head(source, limits=limits)
    delimiter, rivals = guess_delimiter(lines)
    return Dialect(encoding=encoding, delimiter=delimiter, rivals=rivals)


def head(source: Source, *, limits: Limits | None = None) -> tuple[Encoding, list[str]]:
    """Encoding and first non-blank lines (at most 200) of a text file."""
    limits = limits or Limits()
    with opened(source) as file:
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
