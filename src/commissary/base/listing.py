"""One grammar for the lists that people look through.

A list takes `q` (what somebody typed), filters with types, `sort` (`-created_at`: the latest first), `cursor` (`next` of the page
before) and `size`. An empty parameter is none. It answers `{items, next, total_estimate}`; `GET …/totals` with the same filters
says the exact `{total, sums}` of all that match, which costs more. Ranges of time are half-open, of amounts closed. `…_not` beside a
filter by a code or an id: all of which that filter does not hold, those that have no such value at all among them.

A list's SQL is put together of named conditions, one per filter that was given: the planner sees what is asked for.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from commissary.base import db, money
from commissary.base.errors import invalid
from commissary.base.money import Money

T = TypeVar("T")
W = TypeVar("W")

Typed = Annotated[str | None, QueryParameter(description="What somebody typed", max_length=80)]
Sorted = Annotated[
    str | None, QueryParameter(description="A field; with `-` in front the greatest first", max_length=40)
]
Place = Annotated[str | None, QueryParameter(description="`next` of the page before", max_length=400)]
When = Annotated[
    str | None,
    QueryParameter(description="A time with its zone", max_length=40, schema_extra={"format": "date-time"}),
]
MOST_VALUES = 20
_DATED = re.compile(r"\d{4}-\d\d-\d\dT", re.ASCII)


class Listed(msgspec.Struct, Generic[T], frozen=True):
    """`next` is the cursor of the following page, null on the last. `total_estimate`: about how many match, over all pages;
    exact when the list is on one page."""

    items: list[T]
    next: str | None
    total_estimate: int


class Totals(msgspec.Struct, frozen=True):
    """Exact, over everything that matches."""

    total: int
    sums: dict[str, Money]


@dataclass(frozen=True)
class Sort:
    """`down`: the greatest first."""

    name: str
    down: bool


@dataclass
class Where:
    """Conditions that are given, and their parameters. Begin with the home or the mall."""

    params: dict[str, Any]
    texts: list[str] = field(default_factory=list)

    def add(self, text: str, **params: Any) -> None:
        self.texts.append(text)
        self.params |= params

    def deny(self, text: str, **params: Any) -> None:
        """What must not hold. Not `not`: of a row without a value it is unknown whether it holds, and such a row stays."""
        for name in params:
            text = text.replace(f"%({name})s", f"%(not_{name})s")
        self.texts.append(f"({text}) is not true")
        self.params |= {f"not_{name}": value for name, value in params.items()}

    @property
    def sql(self) -> str:
        return "\n  and ".join(self.texts)


@dataclass(frozen=True)
class Columns:
    """What a short list may be sorted by: field → (SQL, its type); rows alike come by `id`, which is a number or a `text`. No
    column is ever null."""

    id: str
    by: Mapping[str, tuple[str, str]]
    text: bool = False

    def order(self, sort: Sort) -> str:
        way = "desc" if sort.down else "asc"
        sql, _ = self.by[sort.name]
        return f"{sql} {way}, {self.id} {way}" if sql != self.id else f"{sql} {way}"

    def go_on(self, where: Where, sort: Sort, cursor: str | None) -> None:
        """From behind the row that `cursor` names."""
        if not cursor:
            return
        value, id_ = _opened(cursor, str if self.text else int)
        sql, kind = self.by[sort.name]
        than = "<" if sort.down else ">"
        if sql == self.id:
            where.add(f"{self.id} {than} %(after_id)s", after_id=id_)
        else:
            text = f"({sql}, {self.id}) {than} (%(after_value)s::text::{kind}, %(after_id)s)"
            where.add(text, after_value=value, after_id=id_)


def closed(value: object, id_: int | str) -> str:
    """A cursor: the row that a page ended with."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(msgspec.json.encode([text, id_])).decode().rstrip("=")


def _opened(cursor: str, kind: type[int] | type[str]) -> tuple[str, int | str]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, id_ = msgspec.json.decode(raw, type=tuple[str, kind])  # type: ignore[valid-type]
    except (ValueError, msgspec.MsgspecError):
        raise invalid("cursor", "not a cursor of this list / 游标无效") from None
    if (isinstance(id_, int) and not 0 <= id_ < 2**63) or "\0" in f"{value}{id_}":
        raise invalid("cursor", "not a cursor of this list / 游标无效")
    return value, id_


def sort_of(text: str | None, names: Sequence[str], default: str) -> Sort:
    """Refuses `invalid_request` for a field that the list is not sorted by."""
    asked = text or default
    name = asked.removeprefix("-")
    if name not in names:
        raise invalid(
            "sort", f"{', '.join(names)}; - in front for the greatest first / 可按以上字段排序，前加 - 为倒序"
        )
    return Sort(name, asked.startswith("-"))


def place_of(cursor: str | None, numbers: int) -> tuple[int, ...] | None:
    """Where a page begins: as many whole numbers, joined by dots."""
    if not cursor:
        return None
    parts = cursor.split(".")
    if len(parts) != numbers or not all(p.isascii() and p.isdigit() and len(p) <= 19 for p in parts):
        raise invalid("cursor", "not a cursor of this list / 游标无效")
    found = tuple(map(int, parts))
    if max(found) >= 2**63:
        raise invalid("cursor", "not a cursor of this list / 游标无效")
    return found


def amount_of(path: str, text: str | None) -> int | None:
    """An amount in a query, `12.50`."""
    if not text:
        return None
    try:
        return money.parse(text)
    except ValueError:
        raise invalid(path, "an amount with at most 4 decimals / 金额，最多 4 位小数") from None


def time_of(path: str, text: str | None) -> datetime | None:
    """An instant in a query, by RFC 3339 with its zone. (The framework would take a plain number for one.)"""
    if not text:
        return None
    try:
        at = msgspec.convert(text, datetime)
    except msgspec.ValidationError:
        at = None
    if at is None or at.tzinfo is None or not _DATED.match(text):
        raise invalid(
            path, "a time with its zone, 2026-11-01T00:00:00Z / 带时区的时间，例如 2026-11-01T00:00:00Z"
        )
    return at


@dataclass(frozen=True)
class Table:
    """A list of a few thousand rows: `page` is its query with {where} and {order}, `matching` one with {what} and {where},
    `order` what it may be sorted by, `default` how if nothing is said."""

    page: str
    matching: str
    order: Columns
    default: str

    async def look(
        self, tx: db.Tx, where: Where, *, sort: str | None, cursor: str | None, size: int, **params: Any
    ) -> tuple[list[Any], int]:
        """Rows, one more than `size`, and about how many match."""
        by = sort_of(sort, tuple(self.order.by), self.default)
        expected = await estimate(tx, self.matching.format(what="1", where=where.sql), where.params | params)
        self.order.go_on(where, by, cursor)
        text = self.page.format(where=where.sql, order=self.order.order(by))
        return await rows(tx, text, where.params | params | {"size": size + 1}), expected

    async def ask(self, tx: db.Tx, where: Where, what: str, more: str = "", **params: Any) -> list[Any]:
        """`what` of all that match: counts, sums, or ids in the order of `more`."""
        text = self.matching.format(what=what, where=where.sql)
        return await rows(tx, f"{text}\n{more}", where.params | params)

    def cursor(self, sort: str | None, id_: int | str, value: Callable[[str], object]) -> str:
        """Behind the row of that id, whose `value` of a field is asked for by the field's name."""
        name = sort_of(sort, tuple(self.order.by), self.default).name
        return closed("" if self.order.by[name][0] == self.order.id else value(name), id_)


async def rows(tx: db.Tx, query: str, params: Mapping[str, Any]) -> list[Any]:
    """Planned for these very values: what is common and what is rare want different plans."""
    cursor = await tx.execute(query, params, prepare=False, binary=True)
    return await cursor.fetchall()


async def estimate(tx: db.Tx, query: str, params: Mapping[str, Any]) -> int:
    """How many rows the planner expects of a query; nothing is read but statistics."""
    cursor = await tx.execute(f"explain (format json) {query}", params, prepare=False)
    row = await cursor.fetchone()
    assert row is not None
    plan = row[0] if not isinstance(row[0], str) else msgspec.json.decode(row[0])
    return int(plan[0]["Plan"]["Plan Rows"])


def listed(
    found: Sequence[T],
    size: int,
    show: Callable[[T], W],
    cursor: Callable[[T], object],
    *,
    first: bool,
    estimate: int,
) -> Listed[W]:
    """`found` was asked for with one row more than a page shows; `first`: this is the first page."""
    more = len(found) > size
    total = len(found) if first and not more else max(estimate, size + 1 if more else len(found))
    following = str(cursor(found[size - 1])) if more else None
    return Listed([show(item) for item in found[:size]], following, total)
