"""Words of a sheet ↔ values; rows that need the same repair together."""

import hashlib
import re
from collections.abc import Iterable, Sequence

from commissary.base import money, table_file
from commissary.bulk.types import MOST_SHOWN, Group, Problem
from commissary.pricing.rules import ladder_text as ladder_text
from commissary.pricing.types import Ladder

_RUNG = re.compile(r"\s*(?:([0-9]{1,9})\s*[+＋]?\s*[:：])?\s*([0-9][0-9.]*)\s*")
NOTHING = Ladder((), ())
PER_GROUP = 50


def ladder_of(text: str) -> Ladder:
    """ValueError when it is no price."""
    if not text.strip():
        return NOTHING
    minimums, prices = [], []
    for part in re.split("[;；\n]", text):
        if not part.strip():
            continue
        found = _RUNG.fullmatch(part)
        if found is None:
            raise ValueError(part)
        minimums.append(int(found[1]) if found[1] else 1)
        prices.append(money.parse(found[2]))
    return Ladder(tuple(minimums), tuple(prices))


def ladder_version(ladder: Ladder | None) -> str:
    """By what is there, not by when it was written: what was undone is as it was before."""
    return hashlib.sha256(ladder_text(ladder).encode()).hexdigest()[:10]


def headers_hash(headers: Sequence[str]) -> bytes:
    """The same for files with the same columns, however their names are spelled."""
    return hashlib.sha256("\x1f".join(table_file.plain_name(h) for h in headers).encode()).digest()


def grouped(problems: Iterable[Problem]) -> tuple[Group, ...]:
    """By the repair, the most frequent first. At most `MOST_SHOWN` are shown with their rows, some of each."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.reason, []).append(problem)
    room, found = MOST_SHOWN, []
    ordered = sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    for n, (reason, some) in enumerate(ordered):
        share = max(min(PER_GROUP, room // (len(ordered) - n)), 1)
        shown = tuple(some[: max(share, room if n == len(ordered) - 1 else 0)][:MOST_SHOWN])
        room = max(room - len(shown), 0)
        found.append(Group(reason, some[0].zh, some[0].en, len(some), shown))
    return tuple(found)
