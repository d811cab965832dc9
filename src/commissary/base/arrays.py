"""PostgreSQL array parameters with a stated element type, packed in one go.

psycopg guesses the element type of a list from its values, so the same statement would be prepared once per guess, and
it packs element by element. Hot statements pass whole columns: `Bigints(ids)`, `Texts(numbers)`. None is SQL null.
"""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii")
_EMPTY = struct.Struct(">iiI")
_NULL = b"\xff\xff\xff\xff"
_PG_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class _Column:
    """A column of values; `values` is kept as given."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values


class Bigints(_Column):
    __slots__ = ()


class Ints(_Column):
    __slots__ = ()


class Smallints(_Column):
    __slots__ = ()


class Bools(_Column):
    __slots__ = ()


class Texts(_Column):
    __slots__ = ()


class Byteas(_Column):
    __slots__ = ()


class Timestamps(_Column):
    """Aware datetimes; `datetime.max` in UTC stands for infinity."""

    __slots__ = ()


def _fixed(code: str, width: int) -> Callable[[Sequence[Any]], tuple[bytes, bool]]:
    one = struct.Struct(f">i{code}")

    def pack(values: Sequence[Any]) -> tuple[bytes, bool]:
        try:
            pairs = chain.from_iterable(zip(repeat(width), values))
            return struct.pack(">" + f"i{code}" * len(values), *pairs), False
        except struct.error:
            if None not in values:
                raise
        return b"".join(_NULL if v is None else one.pack(width, v) for v in values), True

    return pack


_length = struct.Struct(">i").pack


def _bytes(values: Sequence[bytes | None]) -> tuple[bytes, bool]:
    has_null = None in values
    return b"".join(_NULL if v is None else _length(len(v)) + v for v in values), has_null


def _texts(values: Sequence[str | None]) -> tuple[bytes, bool]:
    return _bytes([None if v is None else v.encode() for v in values])


_bigints = _fixed("q", 8)


def _timestamps(values: Sequence[datetime | None]) -> tuple[bytes, bool]:
    return _bigints([None if v is None else _microseconds(v) for v in values])


def _microseconds(at: datetime) -> int:
    if at.year == 9999:
        return 2**63 - 1
    since = at - _PG_EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _register(
    cls: type[_Column], array_oid: int, element_oid: int, pack: Callable[[Sequence[Any]], tuple[bytes, bool]]
) -> None:
    class ColumnDumper(Dumper):
        format = Format.BINARY
        oid = array_oid

        def dump(self, obj: _Column) -> Buffer:
            if not obj.values:
                return _EMPTY.pack(0, 0, element_oid)
            body, has_null = pack(obj.values)
            return _HEAD.pack(1, has_null, element_oid, len(obj.values), 1) + body

    psycopg.adapters.register_dumper(cls, ColumnDumper)


_register(Bigints, 1016, 20, _bigints)
_register(Ints, 1007, 23, _fixed("i", 4))
_register(Smallints, 1005, 21, _fixed("h", 2))
_register(Bools, 1000, 16, _fixed("?", 1))
_register(Texts, 1009, 25, _texts)
_register(Byteas, 1001, 17, _bytes)
_register(Timestamps, 1185, 1184, _timestamps)
