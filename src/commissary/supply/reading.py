"""What of a supplier's answer nobody looked at. A field that no document names is ignored, and kept: when an order is argued
about, it may be the one that mattered, and a protocol that grew is seen by it.

While a `Reading` lasts, objects that connectors read an answer into remember which of their names were asked for. Outside
of one (catalogues of a hundred thousand articles) they are plain dicts.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec

from commissary.supply.types import Unread

WHOLE = "*"
"""Stands for an answer that could not be read at all: a proxy's page, half a body."""
MOST_BYTES = 8 << 10  # of all that is kept of one purchase, in clear
MOST_VALUE = 2 << 10
MOST_FIELDS = 64
DEEPEST = 8
_NAME = re.compile(r"(?:[^\W\d]|[-$@]){1,40}\d{0,2}")
_SHOUTED = re.compile(r"[A-Z]{13,}\d*")


class Told(dict[str, Any]):
    """An object of an answer. Going through all of it, as for a signature, is not looking at a field."""

    __slots__ = ("asked",)

    def __init__(self, found: Mapping[str, Any], asked: set[str] | None = None) -> None:
        super().__init__(found)
        self.asked: set[str] = set() if asked is None else asked

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)

    def __or__(self, more: Mapping[str, Any]) -> "Told":  # type: ignore[override]
        return Told(super().__or__(dict(more)), self.asked)


class Reading:
    """The answers of one conversation, or one callback."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.heard = b""

    def unread(self, passed_over: Collection[str] = ()) -> tuple[Unread, ...]:
        """Each name with its value, in JSON. `passed_over`: the protocol's own, which are known and not needed. An empty
        one says nothing."""
        found = dict.fromkeys(
            Unread(name, _text(value))
            for answer in self.answers
            for name, value in _ignored(answer, "", frozenset(passed_over), 0)
        )
        return tuple(found)[:MOST_FIELDS]

    def whole(self) -> tuple[Unread, ...]:
        """The last answer as it came, of which nothing was understood."""
        return (Unread(WHOLE, _text(self.heard.decode("utf-8", "replace"))),) if self.heard else ()


_now: ContextVar[Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading() -> Iterator[Reading]:
    """For as long as one conversation is held, in its own task."""
    begun = Reading()
    token = _now.set(begun)
    try:
        yield begun
    finally:
        _now.reset(token)


def names(*rows: str) -> frozenset[str]:
    """Of words between blanks."""
    return frozenset(" ".join(rows).split())


def noted(found: Any) -> Any:
    """An answer that was just taken apart; from here on it remembers what is asked of it."""
    now = _now.get()
    if now is None:
        return found
    answer = _told(found, 0)
    now.answers.append(answer)
    return answer


def merged(had: Sequence[Unread], more: Sequence[Unread]) -> tuple[Unread, ...]:
    """What is kept of a purchase, after another answer: every name, and its values as long as there is room."""
    kept = list(had)
    seen, names = set(had), {one.name for one in had}
    size = sum(len(one.name) + len(one.value) for one in had)
    for one in more:
        if one in seen:
            continue
        if size + len(one.name) + len(one.value) > MOST_BYTES:
            one = Unread(one.name, "")
            if one.name in names:
                continue
        if len(kept) >= MOST_FIELDS:
            break
        kept.append(one)
        seen.add(one)
        names.add(one.name)
        size += len(one.name) + len(one.value)
    return tuple(kept)


def names_of(kept: Sequence[Unread]) -> list[str]:
    """As they may be shown. Whoever keys an object by a code has the code for a name: what does not look like the name of a
    field is shown as '?'."""
    return list(dict.fromkeys(".".join([_shown(step) for step in one.name.split(".")]) for one in kept))


def _shown(step: str) -> str:
    plain = step == WHOLE or (_NAME.fullmatch(step) and not _SHOUTED.fullmatch(step))
    return step if plain else "?"


def _told(found: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return found
    if isinstance(found, dict):
        return Told({name: _told(value, depth + 1) for name, value in found.items()})
    if isinstance(found, list):
        return [_told(each, depth + 1) for each in found]
    return found


def _ignored(found: Any, at: str, known: frozenset[str], depth: int) -> Iterator[tuple[str, Any]]:
    """Of what was looked at, only the parts that were not."""
    if isinstance(found, list):
        for each in found:
            yield from _ignored(each, at, known, depth)
    elif isinstance(found, Told):
        for name, value in found.items():
            place = f"{at}.{name}" if at else name
            if name in found.asked:
                yield from _ignored(value, place, known, depth + 1)
            elif name not in known and value not in (None, "", [], {}):
                yield place[:200], value


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()[:MOST_VALUE]
