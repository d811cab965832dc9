"""A chunk of an import, away from the database: read, blinded, sorted out, sealed. Runs in a thread."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from commissary.base.table_file import Position
from commissary.catalog.types import Kind
from commissary.stock import card_file
from commissary.stock.merkle import Tree
from commissary.stock.normalise import normalise
from commissary.stock.types import FaultLine
from commissary.stock.vault import Sealer

FOREVER = datetime.max.replace(tzinfo=UTC)  # how `arrays.Timestamps` spells infinity

REASONS = {
    "repeated_in_file": ("The code stands in this file before", "该卡密在本文件中重复"),
    "known_elsewhere": ("The code was imported before", "该卡密此前已导入"),
    "expired": ("The code has expired", "该卡密已过期"),
}


class Coded(msgspec.Struct, frozen=True, gc=False):
    """A code and how it is found again."""

    line: int
    fingerprint: bytes
    number: str | None
    secret: str
    ends_at: datetime

    def __repr__(self) -> str:
        return f"Coded(line={self.line})"


@dataclass(frozen=True)
class Prepared:
    """`codes` are the first rows of each fingerprint, in file order; `repeats` later rows of the same."""

    codes: dict[bytes, Coded]
    repeats: list[tuple[int, bytes]]
    expired: list[int]
    faults: list[card_file.Fault]
    after: Position


@dataclass(frozen=True)
class Reading:
    """What a row means for this SKU. `ends` remembers the instants at which days end."""

    kind: Kind
    case_sensitive: bool
    zone: ZoneInfo
    now: datetime
    default_day: date | None
    blind: Callable[[str], bytes] = field(repr=False)
    ends: dict[date | None, datetime] = field(default_factory=lambda: {None: FOREVER})

    def end(self, day: date | None) -> datetime:
        """The instant after the last day, by the mall's clock."""
        found = self.ends.get(day)
        if found is None:
            assert day is not None
            found = datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)
            self.ends[day] = found
        return found


def prepare(rows: Iterator[card_file.CodeBatch], reading: Reading) -> Prepared | None:
    """The next chunk of the file, or None behind its end.

    A code with a number is number and secret together; a link is itself, whatever stands beside it.
    """
    read = next(rows, None)
    if read is None:
        return None
    codes: dict[bytes, Coded] = {}
    repeats: list[tuple[int, bytes]] = []
    expired: list[int] = []
    case_sensitive, whole = reading.case_sensitive, reading.kind != "link"
    for row in read.codes:
        ends_at = reading.end(row.expires_on or reading.default_day)
        if ends_at <= reading.now:
            expired.append(row.line)
            continue
        value = normalise(row.secret, case_sensitive=case_sensitive)
        if row.number is not None and whole:
            value = f"{normalise(row.number, case_sensitive=case_sensitive)}\x1f{value}"
        fingerprint = reading.blind(value)
        if fingerprint in codes:
            repeats.append((row.line, fingerprint))
        else:
            codes[fingerprint] = Coded(row.line, fingerprint, row.number, row.secret, ends_at)
    return Prepared(codes, repeats, expired, read.faults, read.after)


@dataclass
class Batch:
    """A batch of this import. `stored`: it has a row, because it has a code."""

    sealer: Sealer
    ends_at: datetime
    received: int = 0
    stored: bool = False
    tree: Tree = field(default_factory=Tree)


@dataclass(frozen=True)
class Growth:
    """The codes a batch gains by a chunk: its numbers `batch.received + 1` and on."""

    batch: Batch
    codes: list[Coded]

    @property
    def first(self) -> int:
        return self.batch.received + 1


def grow(new: Sequence[Coded], batch_of: Callable[[datetime], Batch]) -> list[Growth]:
    """Codes by the batch of their expiry, each in file order."""
    by_end: dict[datetime, list[Coded]] = {}
    for code in new:
        by_end.setdefault(code.ends_at, []).append(code)
    return [Growth(batch_of(ends_at), codes) for ends_at, codes in by_end.items()]


def seal(growths: Sequence[Growth]) -> tuple[list[bytes], list[bytes]]:
    """(ciphers, commitments) of all codes, growth after growth."""
    ciphers: list[bytes] = []
    commitments: list[bytes] = []
    for growth in growths:
        some, proofs = growth.batch.sealer.seal_many(
            growth.first, [(code.number, code.secret) for code in growth.codes]
        )
        ciphers += some
        commitments += proofs
    return ciphers, commitments


def left_out(chunk: Prepared, known: Mapping[bytes, bool]) -> tuple[list[FaultLine], dict[str, int]]:
    """Lines that became no code, and their counts. `known`: fingerprint → came with this import.

    A code known elsewhere is so at each of its rows, so that the counts do not depend on where chunks begin.
    """
    reasons: list[tuple[int, str]] = [(line, "expired") for line in chunk.expired]
    reasons += [
        (chunk.codes[fingerprint].line, "repeated_in_file" if own else "known_elsewhere")
        for fingerprint, own in known.items()
    ]
    reasons += [
        (line, "repeated_in_file" if known.get(fingerprint, True) else "known_elsewhere")
        for line, fingerprint in chunk.repeats
    ]
    counts = dict.fromkeys(REASONS, 0)
    for _, reason in reasons:
        counts[reason] += 1
    lines = [FaultLine(line, reason, REASONS[reason][1], REASONS[reason][0]) for line, reason in reasons]
    lines += [FaultLine(f.line, f.reason_code, f.zh, f.en, f.column) for f in chunk.faults]
    lines.sort(key=lambda line: line.line)
    return lines, {**counts, "faulty": len(chunk.faults)}
