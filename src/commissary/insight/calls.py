"""What programs called, for whoever writes them: every call is counted, refusals and a sample of the rest are kept.

Nothing here is on an order's way: a call is noted in memory when it was answered, and written once a second. What a
process keeps is bounded, for each company and in all; what was kept too long, or is too much, goes again.
"""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from commissary import orders
from commissary.base import db, sql
from commissary.base.arrays import Bigints, Ints, Smallints, Texts, Timestamps
from commissary.base.env import Env
from commissary.base.home import mall_of
from commissary.insight import rules
from commissary.tenancy.types import ApiKey

Q = sql.load(__package__, "calls.sql")

KEPT = timedelta(days=7)
COUNTED = timedelta(days=35)
MOST_OF_MALL = 100_000
REFUSALS_PER_S = 20  # kept of one company and process; all are counted
SUCCESSES_PER_S = 2
SUCCESSES_OF_ALL = 100  # between two flushes: what a process spends on samples, however many companies call
MOST_WAITING = 5_000
FEW, COUNTS_EVERY_S = (
    50,
    5.0,
)  # a row is written for every company that called; for many of them not every second
LONGEST = 4_000
OTHER = "(other)"
PLACED = "POST /v1/orders"
_ID = re.compile(r"/(\d+)(?=/|$)")
_CLIENT_NO = re.compile(rb'"client_order_no"\s*:\s*"([\x21\x23-\x5b\x5d-\x7e]{1,64})"')
_CODE = re.compile(rb'"code":"([a-z0-9_]{1,60})"')


class Row(msgspec.Struct, frozen=True):
    at: datetime
    organisation_id: int
    key_id: str
    method: str
    route: str
    path: str
    status: int
    code: str
    ip: str
    idempotency_key: str
    elapsed_us: int
    request_id: str
    refusal: str | None
    request: str | None


Counted = tuple[int, datetime, int, str, int, str]  # home, hour, company, route, status, code


@dataclass
class CallLog:
    """One per process. `routes`: the operations of the partner API, as their document writes the paths."""

    routes: Mapping[str, str]
    dropped: int = 0
    _rows: list[tuple[int, Row]] = field(default_factory=list)
    _counts: dict[Counted, list[int]] = field(default_factory=dict)
    _room: dict[tuple[int, bool], int] = field(default_factory=dict)  # left of this second, by company
    _second: int = 0
    _samples: int = 0  # since the last flush
    _counted_at: float = 0.0
    # Until the next flush: of placed orders, by key; and when each key called, and from where.
    _fast: dict[str, list[int]] = field(default_factory=dict)
    _used: dict[tuple[int, str], tuple[float, str]] = field(default_factory=dict)
    _hour: tuple[int, datetime] = (0, datetime.fromtimestamp(0, UTC))

    @classmethod
    def of(cls, paths: Iterable[str]) -> "CallLog":
        return cls({re.sub(r"\{[^}]*\}", "{}", path): path for path in paths})

    def placed(self, key: ApiKey, elapsed_s: float) -> bool:
        """Of nine orders in ten no more is done than this; a key's first between two flushes is kept."""
        slots = self._fast.get(key.id)
        if slots is not None:
            slots[rules.slot_of(elapsed_s)] += 1
            return False
        slots = self._fast[key.id] = self._slots(key, PLACED, 200, "")
        slots[rules.slot_of(elapsed_s)] += 1
        return self._sampled()

    def note(self, heard: orders.Heard, *, counted: bool = False) -> None:
        """A call that was answered. One that named no key of ours is nobody's."""
        key = heard.key
        if key is None:
            return
        status, path = heard.status, heard.path
        if status != 401:  # anybody may name a key
            self._used[key.home_id, key.id] = heard.at_s, heard.ip
        route = path if path in self.routes else self.routes.get(_ID.sub("/{}", path), OTHER)
        code = ""
        if status >= 400:
            found = _CODE.search(heard.answer)
            code = found[1].decode() if found else ""
        if not counted:
            slots = self._slots(key, f"{heard.method} {route}", status, code)
            slots[rules.slot_of(heard.elapsed_s)] += 1
        if counted or self._keeps(key, status >= 400, int(heard.at_s)):
            self._rows.append((key.home_id, _row(heard, key, route, code)))

    def _sampled(self) -> bool:
        if self._samples >= SUCCESSES_OF_ALL:
            return False
        self._samples += 1
        return True

    def _slots(self, key: ApiKey, route: str, status: int, code: str) -> list[int]:
        name = (key.home_id, self._this_hour(time.time()), key.organisation_id, route, status, code)
        slots = self._counts.get(name)
        if slots is None:
            slots = self._counts[name] = [0] * rules.SLOTS
        return slots

    def _this_hour(self, at_s: float) -> datetime:
        hour = int(at_s) // 3600
        if hour != self._hour[0]:
            self._hour = hour, datetime.fromtimestamp(hour * 3600, UTC)
        return self._hour[1]

    def _keeps(self, key: ApiKey, refused: bool, second: int) -> bool:
        if second != self._second:
            self._second = second
            self._room.clear()
        whose = (key.organisation_id, refused)
        left = self._room.get(whose, REFUSALS_PER_S if refused else SUCCESSES_PER_S)
        if left <= 0:
            return False
        if len(self._rows) >= MOST_WAITING:
            self.dropped += 1
            return False
        self._room[whose] = left - 1
        return refused or self._sampled()

    async def flush(self, env: Env, *, everything: bool = False) -> int:
        """Write what waits, home by home; how many rows. What cannot be written is given up but for its counts.
        `everything`: counts too, however many."""
        rows, self._rows, self._fast, self._samples = self._rows, [], {}, 0
        counts: dict[Counted, list[int]] = {}
        used: dict[tuple[int, str], tuple[float, str]] = {}
        now_s = time.monotonic()
        if everything or len(self._counts) <= FEW or now_s - self._counted_at >= COUNTS_EVERY_S:
            counts, self._counts, used, self._used = self._counts, {}, self._used, {}
            self._counted_at = now_s
        homes = sorted({home for home, _ in rows} | {name[0] for name in counts} | {name[0] for name in used})
        written = 0
        for home in homes:
            mine = [row for h, row in rows if h == home]
            async with env.db.transaction(mall_of(home)) as tx:
                await _write(tx, env, home, mine)
                await _count(
                    tx, home, sorted((name, slots) for name, slots in counts.items() if name[0] == home)
                )
                await _use(tx, home, sorted((id_, *said) for (h, id_), said in used.items() if h == home))
            written += len(mine)
        return written


async def prune(env: Env, mall: int, now: datetime) -> int:
    """Forget calls that are old, or more than a mall keeps; how many."""
    homes = {"first": mall << 10, "last": (mall << 10) + 1023}
    async with env.db.transaction(mall) as tx:
        gone = await db.run(tx, Q.prune, homes | {"before": now - KEPT, "most": MOST_OF_MALL})
        await db.run(tx, Q.prune_counts, homes | {"before": now - COUNTED})
    return gone


async def _write(tx: db.Tx, env: Env, home: int, rows: Sequence[Row]) -> None:
    if not rows:
        return
    columns = {
        name: Texts([getattr(r, name) for r in rows])
        for name in (
            "key_id",
            "method",
            "route",
            "path",
            "code",
            "ip",
            "idempotency_key",
            "request_id",
            "refusal",
            "request",
        )
    }
    await db.run(
        tx,
        Q.keep,
        columns
        | {
            "home": home,
            "ids": Bigints(env.ids.many(len(rows))),
            "ats": Timestamps([r.at for r in rows]),
            "companies": Bigints([r.organisation_id for r in rows]),
            "statuses": Smallints([r.status for r in rows]),
            "elapsed": Ints([r.elapsed_us for r in rows]),
        },
    )


async def _count(tx: db.Tx, home: int, counted: Sequence[tuple[Counted, Sequence[int]]]) -> None:
    """In the order of their keys, so that processes wait for each other and not in a circle."""
    if counted:
        facts = {
            "home": home,
            "hours": Timestamps([name[1] for name, _ in counted]),
            "companies": Bigints([name[2] for name, _ in counted]),
            "routes": Texts([name[3] for name, _ in counted]),
            "statuses": Smallints([name[4] for name, _ in counted]),
            "codes": Texts([name[5] for name, _ in counted]),
            "slots": Bigints([calls for _, slots in counted for calls in slots]),
            "each": rules.SLOTS,
        }
        await db.run(tx, Q.count, facts)


async def _use(tx: db.Tx, home: int, used: Sequence[tuple[str, float, str]]) -> None:
    """In the order of their keys, as above."""
    if used:
        facts = {
            "home": home,
            "keys": Texts([id_ for id_, _, _ in used]),
            "ats": Timestamps([datetime.fromtimestamp(at_s, UTC) for _, at_s, _ in used]),
            "ips": Texts([ip for _, _, ip in used]),
        }
        await db.run(tx, Q.use, facts)


def _row(heard: orders.Heard, key: ApiKey, route: str, code: str) -> Row:
    refused = heard.status >= 400
    named = _CLIENT_NO.search(heard.body) if heard.method == "POST" else None
    given = heard.headers.get(b"idempotency-key", named[1] if named else b"")
    return Row(
        at=datetime.fromtimestamp(heard.at_s, UTC),
        organisation_id=key.organisation_id,
        key_id=key.id,
        method=heard.method,
        route=route,
        path=heard.path[:200],
        status=heard.status,
        code=code,
        ip=heard.ip,
        idempotency_key=_plain(given)[:200],
        elapsed_us=min(2**31 - 1, int(heard.elapsed_s * 1_000_000)),
        request_id=heard.request_id,
        refusal=_plain(heard.answer)[:LONGEST] if refused else None,
        request=_request(heard.body) if refused and heard.body else None,
    )


def _request(body: bytes) -> str | None:
    """What was sent, as far as it is JSON and short enough to be read by people."""
    if len(body) > 64 * 1024:
        return None
    try:
        asked = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return msgspec.json.encode(rules.redacted(asked)).decode()[:LONGEST].replace("\\u0000", "")


def _plain(text: bytes) -> str:
    return text.decode("utf-8", "replace").replace("\0", "")
