"""CHANGELOG.md as data: the form is Keep a Changelog's, its items are one line of light markup each.

Its links lead to files of the source, which a reader of the pages has not: their words stay.
"""

import re
from functools import lru_cache
from importlib import resources
from pathlib import Path

import msgspec

_SOURCE = Path(__file__).parents[4] / "CHANGELOG.md"
_RELEASE = re.compile(r"## \[(?P<version>[^]]+)\](?: - (?P<on>\d{4}-\d{2}-\d{2}))?")
_LINK = re.compile(r"\[([^]]+)\]\([^)]+\)")
BREAKING = "**Breaking.** "


class Note(msgspec.Struct, frozen=True):
    """`breaking`: whoever runs or calls the product has to do something."""

    text: str
    breaking: bool


class Release(msgspec.Struct, frozen=True):
    """`on` is empty until it is out."""

    version: str
    on: str
    kinds: tuple[tuple[str, tuple[Note, ...]], ...]


@lru_cache
def releases() -> tuple[Release, ...]:
    """Newest first. The wheel carries the file beside this one, a checkout has it at its root."""
    packed = resources.files(__package__).joinpath("CHANGELOG.md")
    found = packed if packed.is_file() else _SOURCE
    return read(found.read_text("utf-8")) if found.is_file() else ()


def read(text: str) -> tuple[Release, ...]:
    done: list[Release] = []
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]:
        title, _, rest = part.partition("\n")
        if found := _RELEASE.fullmatch(title.strip()):
            done.append(Release(found["version"], found["on"] or "", tuple(_kinds(rest))))
    return tuple(done)


def _kinds(text: str) -> list[tuple[str, tuple[Note, ...]]]:
    found = []
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        kind, _, rest = part.partition("\n")
        items = re.split(r"^- ", rest, flags=re.MULTILINE)[1:]
        found.append((kind.strip(), tuple(_note(" ".join(item.split())) for item in items)))
    return found


def _note(text: str) -> Note:
    plain = _LINK.sub(r"\1", text)
    return Note(plain.removeprefix(BREAKING), plain.startswith(BREAKING))
