"""One spelling for every way a person may write the same code. Pure.

The result feeds the blind index and nothing else: what is stored and delivered stays as it was uploaded.
"""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

_ASCII_NOISE = str.maketrans("", "", "".join(map(chr, range(0x21))) + "\x7f-_.")
_LINK = re.compile(r"https?://", re.IGNORECASE)


def normalise(text: str, *, case_sensitive: bool) -> str:
    """Width, spacing, group separators and invisible characters go; case goes only where the SKU says so.

    A link keeps its path and query letter for letter: there `-`, `_`, `.` and case are part of the token.
    A text made of separators alone is kept, so that it never becomes the empty string that all such texts share.
    """
    if text.isascii() and text.isalnum():  # most codes: nothing to take away, and no link
        return text if case_sensitive else text.lower()
    visible = (
        "".join(character for character in text if not _invisible(character)) if not text.isascii() else text
    )
    if _LINK.match(visible.strip()):
        return _link(visible)
    if text.isascii():
        plain = text.translate(_ASCII_NOISE)
        if plain:
            return plain if case_sensitive else plain.lower()
    return _settled(text, case_sensitive)


def _settled(text: str, case_sensitive: bool) -> str:
    """Removing a joiner lets its neighbours compose, and folding may undo a composition: repeat until nothing moves."""
    text = unicodedata.normalize("NFKC", text)
    kept_separators = not any(not _noise(character) for character in text)
    while True:
        before = text
        if not kept_separators:
            text = "".join(character for character in text if not _noise(character))
        if not case_sensitive:
            text = text.casefold()
        text = unicodedata.normalize("NFKC", text)
        if text == before:
            return text


def _link(text: str) -> str:
    text = "".join(text.split())
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


@lru_cache(maxsize=4_096)
def _noise(character: str) -> bool:
    return (
        _invisible(character)
        or character.isspace()
        or character in "_.·•‧・"
        or unicodedata.category(character) in ("Pd", "Pc", "Zs", "Zl", "Zp", "Cc")
        or character == "\u2212"  # The minus sign, which word processors make of a hyphen.
    )


@lru_cache(maxsize=4_096)
def _invisible(character: str) -> bool:
    """Zero-width and formatting characters, among them the few that Unicode files under marks and letters."""
    return (
        unicodedata.category(character) == "Cf"
        or character in "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
        or "\ufe00" <= character <= "\ufe0f"
        or "\u180b" <= character <= "\u180f"
    )


def without_invisible(text: str) -> str:
    """The text as a reader sees it: no zero-width characters, which no issuer prints and no till accepts."""
    if text.isascii():
        return text
    return "".join(character for character in text if not _invisible(character)).strip()
