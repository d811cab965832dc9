"""Telling subscribers that their prices moved, or what they may buy.

    look   what moved in the mall since the last look (epoch, entries in force, shelves) ─► SKUs that may be news, by subscriber
    tell   when a SKU has stood still for the subscriber's window, or after four of them at the latest: what he knows beside
           what holds now; the difference becomes a message and what he knows, in one transaction

What is to be looked at is in memory, what was told is in the database: after a crash whoever comes next compares
everything once, so nothing is lost, and nothing is told twice. One process tells a mall, by a lease that it checks in
every transaction that tells.
"""

import asyncio
import heapq
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commissary.base import db, money, outbox
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.pricing import rules, standing, store, store_told
from commissary.pricing.standing import News, Shelf, Told, View
from commissary.pricing.store_told import Q
from commissary.pricing.types import Ladder, Snapshot, Subscription

log = logging.getLogger("commissary.pricing")

EVERY_S = 0.25
LEASE = timedelta(seconds=10)
RENEW = timedelta(seconds=5)  # left of a lease when it is renewed
SHELVES_EVERY_S = 2.0  # sales move no epoch, but empty shelves
MOST_WINDOWS = 4  # a price that never stands still is told all the same
AT_ONCE = 1_000  # SKUs of one transaction
MESSAGE_BYTES = 14_000  # about, so that a body stays below 20 kB

Key = tuple[int, int]  # (book, SKU)
Due = tuple[float, float]  # (when it moved first, when it is to be told), monotonic
_KINDS = {"price": "price.changed", "available": "sku.available", "unavailable": "sku.unavailable"}


@dataclass
class Listener:
    """A subscription as the teller knows it. `skus` None: all. `all_due`: everything is compared then."""

    of: Subscription
    skus: frozenset[int] | None
    due: dict[int, Due] = field(default_factory=dict)
    all_due: float | None = None

    def compare(self, now_s: float) -> None:
        """All that he knows."""
        if self.all_due is None:
            self.all_due = now_s + self.of.window_ms / 1_000

    def moved(self, skus: Iterable[int], now_s: float) -> None:
        window_s = self.of.window_ms / 1_000
        for sku in skus if self.skus is None else self.skus.intersection(skus):
            first_s = self.due[sku][0] if sku in self.due else now_s
            self.due[sku] = (first_s, min(now_s + window_s, first_s + MOST_WINDOWS * window_s))


@dataclass
class Known:
    """A mall as it was at the last look."""

    view: View | None = None
    rev: int = -1
    shelves_s: float | None = None
    listeners: dict[int, Listener] = field(default_factory=dict)
    coming: list[tuple[datetime, Key]] = field(default_factory=list)  # a heap: prices with their instant


@dataclass
class Teller:
    """One per process. `run` until `stop`."""

    env: Env
    monotonic: Callable[[], float] = time.monotonic
    _me: str = ""
    _malls: dict[int, Known] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._me = str(self.env.ids.new())

    async def run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.round()
            except Exception:
                log.exception("telling of prices failed")
            try:
                await asyncio.wait_for(self._stopping.wait(), EVERY_S)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        self._stopping.set()

    async def round(self) -> int:
        """In every mall with subscribers; how many messages were written."""
        async with self.env.db.transaction(None) as tx:
            malls = await db.rows(tx, Q.tellers)
        count = 0
        for mall, epoch, rev, holder, expires_at in malls:
            try:
                if await self._mine(mall, holder, expires_at):
                    known = self._malls.setdefault(mall, Known())
                    await self._look(mall, known, epoch, rev)
                    count += await self._tell(mall, known)
                else:
                    self._malls.pop(mall, None)
            except Exception:
                self._malls.pop(mall, None)  # what was half seen is seen anew
                log.exception("telling prices of mall %d", mall)
        return count

    async def _mine(self, mall: int, holder: str, expires_at: datetime) -> bool:
        now = self.env.clock()
        if holder == self._me and expires_at - now > RENEW:
            return True
        if holder != self._me and expires_at >= now:
            return False
        given = {"mall": mall, "me": self._me, "now": now, "until": now + LEASE}
        async with self.env.db.transaction(mall) as tx:
            return await db.run(tx, Q.take, given) == 1

    # Look

    async def _look(self, mall: int, known: Known, epoch: int, rev: int) -> None:
        now, now_s = self.env.now(mall), self.monotonic()
        written: set[Key] = set()
        changed: set[int] = set()  # SKUs, whoever buys them
        buyers: set[int] | None = set()  # whose books are others now; None: everybody's
        first = known.view is None  # everybody is compared whole
        new_rev, new_epoch = rev != known.rev, known.view is None or epoch != known.view.snapshot.epoch
        shelves_due = known.shelves_s is None or now_s - known.shelves_s >= SHELVES_EVERY_S
        if new_rev or new_epoch or (shelves_due and self._counts(known)):
            async with self.env.db.transaction(mall) as tx:
                if new_rev:
                    await self._read_listeners(tx, mall, known, now_s)
                    known.rev = rev
                if new_epoch:
                    buyers = await self._read_prices(tx, mall, known, epoch, written)
                    changed |= await _read_goods(tx, mall, known)
                if self._counts(known) and (new_epoch or new_rev or shelves_due):
                    moved = await _read_shelves(tx, mall, known, now)
                    changed |= moved if known.shelves_s is not None else set()
                    known.shelves_s = now_s
        assert known.view is not None
        if first:
            changed, buyers = set(), set()
        self._come_into_force(known, written, now)
        by_book: dict[int, set[int]] = {}
        for book, sku in written:
            by_book.setdefault(book, set()).add(sku)
        if not by_book and not changed and buyers == set():
            return
        for n, listener in enumerate(known.listeners.values()):
            if buyers is None or listener.of.buyer_id in buyers:
                listener.compare(now_s)
            for _, book in rules.books_of(known.view.snapshot, listener.of.buyer_id):
                if book in by_book:
                    listener.moved(by_book[book], now_s)
            listener.moved(changed, now_s)
            if n % 20 == 19:
                await asyncio.sleep(0)

    def _counts(self, known: Known) -> bool:
        return any(one.of.availability for one in known.listeners.values())

    async def _read_listeners(self, tx: db.Tx, mall: int, known: Known, now_s: float) -> None:
        """Who is new or asks for something else is compared whole, at once."""
        found = {s.id: s for s in await store_told.subscriptions(tx, mall, counted=False)}
        before = known.listeners
        lists = [s.id for s in found.values() if not s.every and (s.id not in before or before[s.id].of != s)]
        skus = await store_told.told_skus(tx, mall, lists)
        known.listeners = {}
        for id_, of in found.items():
            old = before.get(id_)
            if old is not None and old.of == of:
                known.listeners[id_] = old
            else:
                known.listeners[id_] = Listener(of, None if of.every else skus.get(id_, frozenset()))
                known.listeners[id_].compare(now_s)

    async def _read_prices(
        self, tx: db.Tx, mall: int, known: Known, epoch: int, written: set[Key]
    ) -> set[int] | None:
        """Buyers whose books are others now; None: all."""
        old = known.view.snapshot if known.view is not None else None
        if known.view is None or old is None:
            new = await store.load_snapshot(tx, mall, await store.currency_of(tx, mall), epoch)
            known.view = View(new)
            fresh: Iterable[Key] = new.versions
        else:
            new = await store.refresh_snapshot(tx, mall, old, epoch, written)
            known.view.snapshot = new
            fresh = set(written)
        now = self.env.now(mall)
        for key in fresh:
            for version in new.versions[key]:
                if version.valid_from > now:
                    heapq.heappush(known.coming, (version.valid_from, key))
        return None if old is None else _whose_books(old, new)

    def _come_into_force(self, known: Known, written: set[Key], now: datetime) -> None:
        while known.coming and known.coming[0][0] <= now:
            written.add(heapq.heappop(known.coming)[1])

    # Tell

    async def _tell(self, mall: int, known: Known) -> int:
        count = 0
        for listener in list(known.listeners.values()):
            now_s = self.monotonic()
            if listener.all_due is not None and listener.all_due <= now_s:
                skus = await self._differing(mall, known, listener.of)
                listener.all_due = None
                count += await self._tell_of(mall, known, listener, skus)
            due = [sku for sku, (_, at_s) in listener.due.items() if at_s <= now_s]
            if due:
                for sku in due:
                    del listener.due[sku]
                count += await self._tell_of(mall, known, listener, due)
        return count

    async def _differing(self, mall: int, known: Known, of: Subscription) -> list[int]:
        """Of all: those that are news by a look without a lock."""
        view, now = known.view, self.env.now(mall)
        assert view is not None
        async with self.env.db.transaction(mall) as tx:
            told = await store_told.told(tx, mall, of.id, None)
        found = []
        for n, sku in enumerate(sorted(told.keys() | view.listed if of.every else told)):
            if _news(view, of, told.get(sku), sku, now)[1] is not None:
                found.append(sku)
            if n % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
        return found

    async def _tell_of(self, mall: int, known: Known, listener: Listener, skus: Sequence[int]) -> int:
        count = 0
        for first in range(0, len(skus), AT_ONCE):
            count += await self._write(mall, known, listener.of, skus[first : first + AT_ONCE])
        return count

    async def _write(self, mall: int, known: Known, of: Subscription, skus: Sequence[int]) -> int:
        """What he knows and the messages that tell it: one transaction, under the lease and the subscription's row."""
        view, now = known.view, self.env.now(mall)
        assert view is not None
        async with self.env.db.transaction(mall) as tx:
            if await db.row(tx, Q.still_mine, {"mall": mall, "me": self._me}) is None:
                raise LookupError("another process tells this mall now")
            locked = await db.row(tx, Q.lock, {"mall": mall, "id": of.id, "changed_at": of.changed_at})
            if locked is None:
                return 0
            n = locked[0]
            told = await store_told.told(tx, mall, of.id, skus)
            knows: dict[int, Told] = {}
            news: list[News] = []
            for sku in skus:
                if sku not in told and not of.every:
                    continue
                one, then = _news(view, of, told.get(sku), sku, now)
                if one is not None:
                    news.append(one)
                if then is not None:
                    knows[sku] = then
            if not knows:
                return 0
            await store_told.tell(tx, mall, of.id, knows, now)
            events = _events(of.id, of.buyer_id, n, news, view.snapshot.currency, now)
            if events:
                await db.run(tx, Q.counted, {"mall": mall, "id": of.id, "n": n + len(events)})
                await outbox.publish(tx, home_of(mall), events, now)
        return len(events)


def _news(
    view: View, of: Subscription, told: Told | None, sku: int, now: datetime
) -> tuple[News | None, Told | None]:
    counts = of.availability
    now_ = standing.stand(view, of.buyer_id, sku, now, availability=counts)
    return standing.news(told, now_, sku, threshold_bp=of.threshold_bp, availability=counts)


def _whose_books(old: Snapshot, new: Snapshot) -> set[int] | None:
    if (old.list_book, old.tier_books, old.floors_bp) != (new.list_book, new.tier_books, new.floors_bp):
        return None
    pairs = ((old.tier_of, new.tier_of), (old.contract_books, new.contract_books))
    return {
        buyer
        for before, after in pairs
        for buyer in before.keys() | after.keys()
        if before.get(buyer) != after.get(buyer)
    }


async def _read_goods(tx: db.Tx, mall: int, known: Known) -> set[int]:
    """SKUs that were listed, or taken off; bundles whose parts are others."""
    assert known.view is not None
    listed, parts = known.view.listed, known.view.parts
    await store_told.read_goods(tx, mall, known.view)
    moved = set(listed ^ known.view.listed)
    if parts != known.view.parts:
        moved |= {
            b for b in parts.keys() | known.view.parts.keys() if parts.get(b) != known.view.parts.get(b)
        }
    return moved


async def _read_shelves(tx: db.Tx, mall: int, known: Known, now: datetime) -> set[int]:
    """SKUs, and bundles with one, that ran out, came in, or cost something else."""
    assert known.view is not None
    before, after = known.view.shelves, await store_told.read_shelves(tx, mall, now)
    known.view.shelves = after
    moved = {
        sku
        for sku in before.keys() | after.keys()
        if _matter(before.get(sku, standing.EMPTY)) != _matter(after.get(sku, standing.EMPTY))
    }
    if moved or known.view.parts:
        moved |= {b for b, parts in known.view.parts.items() if any(p in moved for p, _ in parts)}
    return moved


def _matter(shelf: Shelf) -> tuple[int, int | None, bool, int | None]:
    """Whether there are 100 more matters to nobody: no part of a bundle is more."""
    return min(shelf.pieces, 100), shelf.cost_e4, shelf.supplied, shelf.supply_cost_e4


def _events(
    id_: int, buyer: int, n: int, news: Sequence[News], currency: str, at: datetime
) -> list[outbox.Event]:
    """Messages of one kind each, with as many SKUs as a body holds, numbered in the order in which they are sent."""
    events: list[outbox.Event] = []
    for kind, wire in _KINDS.items():
        some: list[dict[str, object]] = []
        weight = 0
        for one in [*(x for x in news if x.kind == kind), None]:
            if some and (one is None or weight + _weight(one) > MESSAGE_BYTES):
                number = n + len(events) + 1
                data = {"subscription_id": str(id_), "sequence": number, "changes": some}
                events.append(outbox.Event(wire, id_, number, buyer, at, data))
                some, weight = [], 0
            if one is not None:
                some.append(_told_of(one, currency))
                weight += _weight(one)
    return events


def _weight(one: News) -> int:
    return 300 + 80 * len(one.now.ladder.minimums)


def _told_of(one: News, currency: str) -> dict[str, object]:
    if one.kind == "unavailable":
        return {"sku_id": str(one.sku_id), "reason": one.now.why}
    told: dict[str, object] = {"sku_id": str(one.sku_id), "prices": _prices(one.now.ladder, currency)}
    told["unit_price"] = _money(one.now.ladder.prices_e4[0], currency)
    assert one.now.valid_from is not None
    told["valid_from"] = one.now.valid_from.isoformat()
    if one.kind == "price" and one.old.prices_e4:
        told |= {"old_unit_price": _money(one.old.prices_e4[0], currency), "change_bp": one.change_bp}
    return told


def _prices(ladder: Ladder, currency: str) -> list[dict[str, object]]:
    return [
        {"minimum": minimum, "unit_price": _money(price_e4, currency)}
        for minimum, price_e4 in zip(ladder.minimums, ladder.prices_e4, strict=True)
    ]


def _money(amount_e4: int, currency: str) -> dict[str, str]:
    return {"amount": money.text(amount_e4), "currency": currency}
