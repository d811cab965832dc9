"""What one piece of text is: a date, a link, a labelled value, a number before the line."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from commissary.base import table_file
from commissary.stock.card_file.types import ALIASES, IGNORED

NUMBERING = re.compile(r"\s*(\d{1,7})\s*[.、)．）]\s*")
DELIMITERS_INSIDE = re.compile(r"-{3,}|[\t|;,，；]")
_LABELS = "|".join(
    re.escape(name).replace(r"\ ", r"[ _]?")
    for name in sorted(
        (name for role, names in ALIASES.items() if role != IGNORED for name in names), key=len, reverse=True
    )
)
LABEL = re.compile(rf"(?:^|(?<=[\s,，;；|、。\-.)）]))({_LABELS})\s*[:：]\s*", re.IGNORECASE)
_ROLES = {table_file.plain_name(name): role for role, names in ALIASES.items() for name in names}


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


def is_plain_date(text: str) -> bool:
    return not text.isdecimal() and text != "" and is_date(text)


def is_date(text: str) -> bool:
    try:
        return read_date(text) is not None or text != ""
    except ValueError:
        return False


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


def is_grouped(text: str) -> bool:
    """One word, or three and more groups of the same length: two groups could be a number and its password."""
    words = text.split()
    return len(words) < 2 or (
        len(words) > 2 and len({len(word) for word in words}) == 1 and len(words[0]) <= 8
    )


def labels(text: str) -> list[tuple[str, int, int]]:
    """(role, where the label begins, where its value begins)."""
    if ":" not in text and "：" not in text:
        return []
    return [(_role(match[1]), match.start(), match.end()) for match in LABEL.finditer(text)]


@lru_cache(maxsize=1_024)
def _role(label: str) -> str:
    return _ROLES[table_file.plain_name(label)]


def without_separator(text: str) -> str:
    """A value without what stands between it and the next label; one dash at its end is its own."""
    while True:
        shorter = text.rstrip(" \t\n\u3000,，;；|、。")
        if shorter.endswith("--"):
            shorter = shorter.rstrip("-")
        if shorter == text:
            return text
        text = shorter
