"""PostgreSQL array parameters with a stated element type, packed in one go.

psycopg guesses the element type of a list from its values, so the same statement would be prepared once per guess, and
it packs element by element. Hot statements pass whole columns: `Bigints(ids)`, `Texts(numbers)`. None is SQL null.
"""

import struct
from array import array
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, ClassVar, Protocol

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii").pack
_EMPTY = struct.Struct(">iiI").pack
_NULL = b"\xff\xff\xff\xff"
_PG_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Column:
    """A column of values; `values` is kept as given."""

    __slots__ = ("values",)
    element_oid: ClassVar[int]

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values

    @staticmethod
    def pack(values: Sequence[Any]) -> bytes:
        """The elements, none of them null: each class has its own."""
        raise NotImplementedError

    def packed(self) -> bytes:
        """The array in PostgreSQL's binary form."""
        values = self.values
        count = len(values)
        if not count:
            return _EMPTY(0, 0, self.element_oid)
        pack = self.pack
        if values[0] is None:  # so are the others most often: no top-up fields, no holds
            nulls = values.count(None)
        else:
            try:
                return _HEAD(1, 0, self.element_oid, count, 1) + pack(values)
            except (TypeError, AttributeError, struct.error):
                nulls = values.count(None)
                if not nulls:
                    raise
        if nulls == count:
            body = _NULL * count
        else:
            body = b"".join([_NULL if v is None else pack((v,)) for v in values])
        return _HEAD(1, 1, self.element_oid, count, 1) + body


class _Pack(Protocol):
    def __call__(self, values: Sequence[Any]) -> bytes: ...


_LARGE = 512


def _fixed(code: str, width: int) -> _Pack:
    """Numbers of one width, each behind its length. One call packs a column; a large one is laid out byte by byte, in
    strides, rather than by a format of its own."""
    head = struct.pack(">i", width)
    stride = 4 + width

    @lru_cache(maxsize=_LARGE)
    def of(count: int) -> Callable[..., bytes]:
        return struct.Struct(">" + f"i{code}" * count).pack

    def pack(values: Sequence[Any]) -> bytes:
        if len(values) < _LARGE:
            behind = [width] * (2 * len(values))
            behind[1::2] = values
            return of(len(values))(*behind)
        column = array(code, values)
        column.byteswap()
        raw = column.tobytes()
        body = bytearray((head + bytes(width)) * len(values))
        for i in range(width):
            body[4 + i :: stride] = raw[i::width]
        return bytes(body)

    return pack


_length = lru_cache(maxsize=4096)(struct.Struct(">i").pack)


def _bytes(values: Sequence[bytes]) -> bytes:
    lengths = list(map(len, values))
    if lengths.count(lengths[0]) == len(lengths):  # hashes, salts: one length for all
        length = _length(lengths[0])
        return length + length.join(values)
    behind: list[Any] = [None] * (2 * len(values))
    behind[::2], behind[1::2] = map(_length, lengths), values
    return b"".join(behind)


def _texts(values: Sequence[str]) -> bytes:
    return _bytes([v.encode() for v in values])


_bigints = _fixed("q", 8)


def _timestamps(values: Sequence[datetime]) -> bytes:
    return _bigints([_microseconds(v) for v in values])


def _microseconds(at: datetime) -> int:
    if at.year == 9999:
        return 2**63 - 1
    since = at - _PG_EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


class _Known(dict[str, bytes]):
    """Words that come again and again, ready for a column. Bounded: a column of ever new texts gains nothing here."""

    def __missing__(self, word: str) -> bytes:
        if len(self) >= 4096:
            self.clear()
        self[word] = packed = _texts((word,))
        return packed


_known = _Known()


def _words(values: Sequence[str]) -> bytes:
    return b"".join([_known[v] for v in values])


class Bigints(Column):
    __slots__ = ()
    element_oid = 20
    pack = staticmethod(_bigints)


class Ints(Column):
    __slots__ = ()
    element_oid = 23
    pack = staticmethod(_fixed("i", 4))


class Smallints(Column):
    __slots__ = ()
    element_oid = 21
    pack = staticmethod(_fixed("h", 2))


class Bools(Column):
    __slots__ = ()
    element_oid = 16
    pack = staticmethod(_fixed("b", 1))


class Texts(Column):
    __slots__ = ()
    element_oid = 25
    pack = staticmethod(_texts)


class Words(Column):
    """Texts of which there are few: states, kinds, channels."""

    __slots__ = ()
    element_oid = 25
    pack = staticmethod(_words)


class Byteas(Column):
    __slots__ = ()
    element_oid = 17
    pack = staticmethod(_bytes)


class Timestamps(Column):
    """Aware datetimes; `datetime.max` in UTC stands for infinity."""

    __slots__ = ()
    element_oid = 1184
    pack = staticmethod(_timestamps)


def _register(cls: type[Column], array_oid: int) -> None:
    class ColumnDumper(Dumper):
        format = Format.BINARY
        oid = array_oid

        def dump(self, obj: Column) -> Buffer:
            return obj.packed()

    psycopg.adapters.register_dumper(cls, ColumnDumper)


_register(Bigints, 1016)
_register(Ints, 1007)
_register(Smallints, 1005)
_register(Bools, 1000)
_register(Texts, 1009)
_register(Words, 1009)
_register(Byteas, 1001)
_register(Timestamps, 1185)
