"""Dated versions of the partner API: which there are, what changed with each, and how an older one is still spoken.

A server speaks the newest. For an older version a request is brought up to it, change by change, and its answer brought down again; each
change is a pure function of one body. A version that no change between touches an operation costs that operation nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from commissary.base.errors import Refused, RequestRefusal

VERSIONS = ("2026-11-01", "2026-11-27")
FIRST, NEWEST = VERSIONS[0], VERSIONS[-1]
HEADER = b"commissary-version"

Body = Any
Turn = Callable[[Body], Body]


def _same(body: Body) -> Body:
    return body


@dataclass(frozen=True)
class Change:
    """`since`: the version that has it. `operations`: (method, path with its parameters as `{…}`). `up` makes a request of the version
    before one of this, `down` an answer of this one of the version before; both get a body that is theirs to change."""

    id: str
    since: str
    breaking: bool
    operations: tuple[tuple[str, str], ...]
    told_en: str
    told_zh: str
    up: Turn = _same
    down: Turn = _same


@dataclass(frozen=True)
class Registry:
    """`ends`: version → (deprecated on, gone on)."""

    changes: Sequence[Change]
    versions: Sequence[str] = VERSIONS
    ends: Mapping[str, tuple[date, date]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert list(self.versions) == sorted(set(self.versions))
        assert {c.since for c in self.changes} <= set(self.versions[1:]), "a change begins with a version"

    def __hash__(self) -> int:
        return id(self)

    def asked(self, told: bytes | None, pinned: str) -> str:
        """Of the header, else the key's. Refuses `version_unknown`."""
        if told is None:
            return pinned if pinned in self.versions else self.versions[0]
        version = told.decode("latin-1").strip()
        if version not in self.versions:
            raise Refused(RequestRefusal.version_unknown, known=list(self.versions))
        return version

    @lru_cache(maxsize=4096)  # noqa: B019 — one registry per process
    def between(self, version: str, method: str, path: str) -> tuple[Change, ...]:
        """What changed of an operation since that version, oldest first."""
        if version == self.versions[-1]:
            return ()
        later = [c for c in self.changes if c.since > version]
        found = [c for c in later if any(m == method and _matches(p, path) for m, p in c.operations)]
        return tuple(sorted(found, key=lambda c: c.since))

    @lru_cache(maxsize=64)  # noqa: B019
    def headers(self, version: str) -> tuple[tuple[bytes, bytes], ...]:
        """Of an answer in that version: which it is and, of one that ends, when (RFC 9745, RFC 8594)."""
        told = [(HEADER, version.encode())]
        if version in self.ends:
            since, until = (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in self.ends[version])
            told.append((b"deprecation", f"@{int(since.timestamp())}".encode()))
            told.append((b"sunset", format_datetime(until, usegmt=True).encode()))
            told.append((b"link", b'</docs/changelog>; rel="deprecation"; type="text/html"'))
        return tuple(told)


def up(changes: Sequence[Change], body: Body) -> Body:
    """A request as the newest version has it."""
    for change in changes:
        body = change.up(body)
    return body


def down(changes: Sequence[Change], body: Body) -> Body:
    """An answer as the older version had it."""
    for change in reversed(changes):
        body = change.down(body)
    return body


def _matches(template: str, path: str) -> bool:
    return bool(re.fullmatch(re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(template)), path))
