"""Lines that are bought from suppliers, from the choice to the delivery.

    look      which malls have something due: one statement, so that a mall in which nothing happens costs nothing
    open      lines that wait ── choose ── attempts, committed ──> called, each connection at its own pace
    ask       attempts whose answer is open ── asked again when it is time
    hear      callbacks
       └─────────── every answer ──> write: attempt, line, money, codes, in one transaction

Nothing is sent before its attempt is committed, and no answer counts before it is written: killed anywhere in between,
the attempt is there and is asked about. What an answer comes to is decided in `answers.py`. Whoever else works on the same line waits at the order's lock and then finds
another state.

What is bought for the shelf (`restock_buy.py`) goes the same way, as line −1, −2, … of a plan.

Locks: orders, plans, attempts, declarations, budgets, the buyers' money, suppliers' accounts, fingerprints.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import psycopg

from commissary import orders, supply
from commissary.base import db, ids
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.home import home as home_of
from commissary.base.home import mall_of
from commissary.fulfilment import fix, restock, restock_buy, store
from commissary.fulfilment.answers import Answer, Log, Page
from commissary.fulfilment.log import action_of
from commissary.fulfilment.types import Action
from commissary.orders.types import Change, Fail, LineNow, Move, OrderNow, ToPeople
from commissary.supply import rules
from commissary.supply.types import (
    WRONG_ACCOUNT,
    Attempt,
    Choice,
    GoodsNotice,
    Notice,
    Outcome,
    Result,
    Unread,
    Wish,
)

log = logging.getLogger("commissary.fulfilment")

ORDERS_AT_ONCE = 100
ANSWERS_AT_ONCE = 200
GATHER_S = 0.02  # how long answers, and orders, are waited for to be written together: a batch costs little more than one
ASKED_AT_ONCE = 100
POLL_S = 0.2
BRISK_POLL_S = 0.05  # as long as something was bought in the last seconds
BRISK_FOR_S = 10.0
BUSY_S = 0.25  # how long goods are passed over that nobody could serve just now
ASK_LEASE = timedelta(seconds=60)  # longer than a question may take
EVERYTHING = frozenset({"lines", "plans", "asks", "breaker"})
ENDED_BADLY = frozenset({"failed", "surplus"})
_fields = msgspec.json.Decoder(dict[str, str]).decode


@dataclass
class Buying:
    """One per process; any number of processes may have one. `elsewhere`: tells the process that buys, if it is another."""

    env: Env
    purchasing: supply.Purchasing
    chance: Callable[[], int] = lambda: random.randrange(10_000)
    elsewhere: Callable[[], None] | None = None
    _answers: dict[int, list[tuple[Answer, asyncio.Future[None]]]] = field(default_factory=dict)
    _writers: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _calls: set[asyncio.Task[None]] = field(default_factory=set)
    _busy: dict[int, dict[int, float]] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    def nudge(self) -> None:
        """An order came in that may be bought: look at once."""
        self._wake.set()
        if self.elsewhere is not None:
            self.elsewhere()

    async def run(self) -> None:
        """Until `stop`."""
        worked_at, whole_at = -BRISK_FOR_S, -POLL_S
        while not self._stopping:
            self._wake.clear()
            began_s = self.purchasing.monotonic()
            pause_s = BRISK_POLL_S if began_s - worked_at < BRISK_FOR_S else POLL_S
            # Between two whole looks a nudge is answered by looking for orders alone.
            whole = began_s - whole_at >= pause_s
            if whole:
                whole_at = began_s
            for mall, due in sorted((await self._look(whole)).items()):
                try:
                    if await self.turn(mall, due):
                        worked_at = began_s
                except Exception:  # one mall's trouble keeps no other from its goods
                    log.exception("buying for mall %d failed; next look in %g s", mall, POLL_S)
            await asyncio.sleep(GATHER_S)
            try:
                await asyncio.wait_for(self._wake.wait(), pause_s - GATHER_S)
            except TimeoutError:
                continue

    async def stop(self, within_s: float = 10.0) -> None:
        """No new purchases; answers that come in time are written. What is still open is asked about later."""
        self._stopping = True
        self._wake.set()
        if self._calls:
            await asyncio.wait(self._calls, timeout=within_s)
        for call in list(self._calls):
            call.cancel()
        await asyncio.gather(*self._calls, *self._writers.values(), return_exceptions=True)

    async def _look(self, whole: bool) -> dict[int, set[str]]:
        """Which malls there is something to do in, and what: one statement for all of them. It says where to look; what is
        done is decided there."""
        due: dict[int, set[str]] = {}
        try:
            async with self.env.db.transaction(None) as tx:
                look = self._busy_goods() | self.env.clocks()
                found = await db.rows(tx, store.Q.due if whole else store.Q.due_lines, look)
        except Exception:
            log.exception("no mall can be seen; next look in %g s", POLL_S)
            return due
        for home, what in found:
            due.setdefault(mall_of(home), set()).add(what)
        for mall in self.purchasing.to_judge() if whole else ():
            due.setdefault(mall, set()).add("breaker")
        return due

    async def turn(self, mall: int, due: Collection[str] = EVERYTHING) -> int:
        """One look at a mall; how many purchases were begun or asked about."""
        market = await self.purchasing.market(mall)
        if not market.connections:
            return 0
        if "breaker" in due:
            for held in await self.purchasing.judge(market):
                self._start(self.purchasing.probe(market, held))
        begun = await self.open(market) if "lines" in due else 0
        begun += await self.open_stock(market) if "plans" in due else 0
        return begun + (await self.ask(market) if "asks" in due else 0)

    async def restock(self, env: Env, mall: int, now: datetime) -> int:
        """One look at what is bought for the shelf; how many plans were made."""
        return await restock.propose(env, self.purchasing, mall, now, self.chance)

    async def drain(self) -> None:
        """Until every call that is on its way has been heard and written."""
        while self._calls or any(self._answers.values()):
            await asyncio.gather(*self._calls, *self._writers.values(), return_exceptions=True)

    # Begin

    async def open(self, market: supply.Market) -> int:
        """Begin purchases for lines that wait, oldest first, as many as there are places at suppliers."""
        mall, home = market.mall, home_of(market.mall)
        begun, after = 0, 0
        while not self._stopping:
            async with self.env.db.transaction(mall) as tx:
                look: dict[str, object] = {"home": home, "after": after, "size": ORDERS_AT_ONCE}
                look["without"] = Bigints(self._busy_skus(mall))
                waiting = [r[0] for r in await db.rows(tx, store.Q.lines_to_buy, look)]
                epoch = await supply.epoch_of(tx, mall) if waiting else 0
            if not waiting:
                return begun
            # Nobody is turned away by what was known before his order.
            await self.purchasing.reload(mall, epoch)
            after = waiting[-1]
            begun += await self._begin_or_each(market, home, waiting)
        return begun

    async def _begin_or_each(self, market: supply.Market, home: int, asked: Sequence[int]) -> int:
        """All at once; when that fails, order by order, so that one bad order harms no other. How many were begun."""
        taken: list[int] = []  # connections whose places were taken for what is being written
        try:
            calls = await self._begin(market, home, asked, taken)
        except BaseException as error:
            for connection_id in taken:
                market.connections[connection_id].health.in_flight -= 1
            if not isinstance(error, Exception) or isinstance(error, psycopg.OperationalError):
                raise
            if len(asked) > 1:
                return sum([await self._begin_or_each(market, home, [order_id]) for order_id in asked])
            if isinstance(error, psycopg.errors.UniqueViolation):
                log.info("order %d was begun elsewhere", asked[0])
            else:
                log.exception("order %d cannot be bought", asked[0])
            return 0
        for attempt, fields in calls:
            self._start(self._call(market, attempt, fields))
        return len(calls)

    async def _begin(
        self, market: supply.Market, home: int, asked: Sequence[int], taken: list[int]
    ) -> list[tuple[Attempt, dict[str, str]]]:
        """Choose and write, in one transaction; what is to be called when it is committed."""
        mall, now_s = market.mall, self.purchasing.monotonic()
        now = self.env.now(mall)
        chosen: list[tuple[Wish, int, Choice]] = []
        changes: list[Change] = []
        told: list[Log] = []
        async with self.env.db.transaction(mall, "vault") as tx:
            found = await orders.lock(tx, home, asked, skip_taken=True)
            waiting = [
                (order, line)
                for order in found.values()
                for line in order.lines
                if line.state == "waiting" and line.mode == "supply" and not line.asks_buyer
            ]
            before = await supply.attempts_of(tx, home, found)
            forgiven = await fix.forgiven(tx, home, before)
            facts = await self._facts(tx, mall, home, found)
            free = await supply.free_of(tx, home, market, {line.sku_id for _, line in waiting})
            for order, line in waiting:
                place = (order.id, line.line_no)
                fields, margin_bp = facts[place]
                tried = [a for a in before.get(place, ()) if a.state in ENDED_BADLY]
                if len(tried) < len(before.get(place, ())):
                    continue  # something may have been bought for it: its answer decides
                tried = [a for a in tried if a.id not in forgiven]
                wish = Wish(*place, line.sku_id, line.quantity, _most(line, margin_bp), fields)
                choice = self._choose(market, wish, tried, now_s, free)
                if choice.offer is not None:
                    market.connections[choice.offer.connection_id].health.in_flight += 1
                    taken.append(choice.offer.connection_id)
                    if choice.offer.id in free:
                        free[choice.offer.id] -= line.quantity
                    chosen.append((wish, len(before.get(place, ())) + 1, choice))
                    changes.append(Move(*place, "working"))
                    told.append((*place, Action.bought_elsewhere if tried else Action.buying))
                    continue
                policy = market.policy(line.sku_id)
                waited = now - _since(order, line)
                if choice.wait and waited < timedelta(seconds=policy.patience_s):
                    self._busy.setdefault(mall, {})[line.sku_id] = now_s + BUSY_S
                elif policy.exhausted == "fail":
                    changes.append(Fail(*place, "no_supplier"))
                    told.append((*place, Action.failed))
                else:
                    changes.append(ToPeople(*place, "no_supplier"))
                    told.append((*place, Action.no_supplier))
            if changes:
                await orders.settle(tx, self.env, home, changes, now, locked=found)
                await store.add_log(tx, self.env, home, now, told)
            attempts = await supply.begin(tx, self.env, home, market, chosen, now) if chosen else []
        return [(attempt, dict(wish.fields)) for attempt, (wish, _, _) in zip(attempts, chosen, strict=True)]

    async def open_stock(self, market: supply.Market) -> int:
        """Begin purchases of plans that fill the shelf."""
        if self._stopping:
            return 0
        begun = await restock_buy.begin(self.env, self.purchasing, market, self.chance)
        for attempt in begun:
            self._start(self._call(market, attempt, {}))
        return len(begun)

    def _choose(
        self,
        market: supply.Market,
        wish: Wish,
        tried: Sequence[Attempt],
        now_s: float,
        free: Mapping[int, int],
    ) -> Choice:
        if len(tried) >= market.policy(wish.sku_id).tries:
            return Choice(None, ())
        return market.choose(wish, {a.connection_id for a in tried}, self.chance(), now_s, free)

    async def _facts(
        self, tx: db.Tx, mall: int, home: int, found: Mapping[int, OrderNow]
    ) -> dict[tuple[int, int], tuple[dict[str, str], int]]:
        """Per line: the top-up fields in clear, and the margin over cost in basis points."""
        given = {"mall": mall, "home": home, "orders": Bigints(sorted(found))}
        facts = {}
        for order_id, line_no, sealed, margin_bp in await db.rows(tx, store.Q.facts_to_buy, given):
            fields = {}
            if sealed is not None:
                fields = _fields(self.env.keys.open_field(mall, "order-fields", bytes(sealed)))
            facts[order_id, line_no] = (fields, margin_bp)
        return facts

    def _busy_skus(self, mall: int) -> list[int]:
        now_s = self.purchasing.monotonic()
        busy = self._busy.get(mall, {})
        for sku_id in [sku for sku, until in busy.items() if until <= now_s]:
            del busy[sku_id]
        return list(busy)

    def _busy_goods(self) -> dict[str, object]:
        """The same of all malls, in pairs."""
        pairs = [(home_of(mall), sku) for mall in list(self._busy) for sku in self._busy_skus(mall)]
        return {"homes": Bigints([p[0] for p in pairs]), "skus": Bigints([p[1] for p in pairs])}

    # Hear

    async def _call(self, market: supply.Market, attempt: Attempt, fields: Mapping[str, str]) -> None:
        result = await self.purchasing.place(market, attempt, fields)
        await self.note(market.mall, Answer.about(attempt, result, "placing"))

    async def ask(self, market: supply.Market) -> int:
        """About purchases whose answer is open and whose time has come."""
        mall, home = market.mall, home_of(market.mall)
        now = self.env.now(mall)
        async with self.env.db.transaction(mall, "vault") as tx:
            due = await supply.due_attempts(tx, home, now, now + ASK_LEASE, ASKED_AT_ONCE)
        for attempt in due:
            self._start(self._ask(market, attempt))
        return len(due)

    async def _ask(self, market: supply.Market, attempt: Attempt, called: tuple[Unread, ...] = ()) -> None:
        """`called`: what a callback said besides, which is the reason to ask."""
        facts = market.sent_to(attempt).connector.facts
        if not facts.queries:
            result = Result(Outcome.unknown, reason="cannot_be_asked")
        else:
            result = await self.purchasing.ask(market, attempt)
        if called:
            result = msgspec.structs.replace(result, unread=called + result.unread)
        await self.note(market.mall, Answer.about(attempt, result, "asking"))

    async def hear(
        self, token: str, headers: Mapping[str, str], query: Mapping[str, str], body: bytes
    ) -> bytes:
        """A callback; what it is answered with, once it is written. Refuses as `supply.hear`, supplier_unreachable; raises Unreadable."""
        mall, held, notice = await supply.hear(self.purchasing, token, headers, query, body)
        if isinstance(notice, GoodsNotice):
            await supply.read_pushed(self.purchasing, mall, held, notice.good_ids)
            return held.connector.heard
        attempt = await self._named(mall, notice, held.kept.id)
        if attempt is not None:
            if notice.ask_again:
                market = await self.purchasing.market(mall)
                self._start(self._ask(market, attempt, notice.trusted.unread))
            else:
                await self.note(mall, Answer.about(attempt, notice.trusted, "callback"))
        return held.connector.heard

    async def _named(self, mall: int, notice: Notice, connection_id: int) -> Attempt | None:
        """The purchase that a callback is about; None when it is none of this connection's."""
        if not (notice.ref.isascii() and notice.ref.isdigit() and len(notice.ref) < 20):
            return None
        async with self.env.db.transaction(mall, "vault") as tx:
            found = await supply.lock_attempts(tx, home_of(mall), [int(notice.ref)])
        attempt = found.get(int(notice.ref))
        return attempt if attempt is not None and attempt.connection_id == connection_id else None

    # Write

    async def note(self, mall: int, answer: Answer) -> None:
        """Into the books, with whatever else was heard meanwhile; returns when it is committed."""
        home = home_of(mall)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers.setdefault(home, []).append((answer, done))
        writer = self._writers.get(home)
        if writer is None or writer.done():
            self._writers[home] = asyncio.create_task(self._write_all(home), name=f"answers-{home}")
        await done

    async def _write_all(self, home: int) -> None:
        while self._answers.get(home):
            await asyncio.sleep(GATHER_S)
            batch = self._answers[home][:ANSWERS_AT_ONCE]
            del self._answers[home][:ANSWERS_AT_ONCE]
            await self._write_or_each(home, batch)

    async def _write_or_each(self, home: int, batch: Sequence[tuple[Answer, asyncio.Future[None]]]) -> None:
        """All at once; when that fails, one by one, so that one bad answer harms no other."""
        try:
            later = await self._write(home, [answer for answer, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                log.exception("an answer about purchase %d cannot be written", batch[0][0].attempt_id)
                if not batch[0][1].done():
                    batch[0][1].set_exception(error)
                return
            log.warning("%d answers failed together (%s): one by one", len(batch), type(error).__name__)
            for one in batch:
                await self._write_or_each(home, [one])
            return
        for answer, done in batch:
            if any(answer is one for one in later):  # not by value: a callback comes twice word for word
                self._answers[home].append((answer, done))
            elif not done.done():
                done.set_result(None)

    async def _write(self, home: int, answers: Sequence[Answer]) -> list[Answer]:
        """Those that must wait for the next batch: a second answer about one line."""
        mall = mall_of(home)
        market = await self.purchasing.market(mall)
        now = self.env.now(mall)
        async with self.env.db.transaction(mall, "vault") as tx:
            found = await orders.lock(tx, home, [a.order_id for a in answers if not a.for_stock])
            shelf = await restock_buy.Shelf.of(tx, home, [a.order_id for a in answers if a.for_stock], now)
            attempts = await supply.lock_attempts(tx, home, [a.attempt_id for a in answers])
            suspects = [a.attempt_id for a in answers if a.result.reason == WRONG_ACCOUNT]
            asking = await fix.Asking.of(tx, home, [attempts[i] for i in suspects if i in attempts])
            page = Page(market, found, now, shelf, asking)
            for answer in answers:
                page.add(answer, attempts.get(answer.attempt_id))
            await page.check_codes(tx, self.env, mall)
            await supply.give_back(tx, home, market, page.booked)
            await shelf.write(tx, home)
            if page.changes:
                settled = await orders.settle(tx, self.env, home, page.changes, now, locked=found)
                done = [(s.order_id, s.line_no, action_of(s)) for s in settled if s.after != "waiting"]
                page.told[:0] = [(o, n, action) for o, n, action in done if action is not None]
            await store.add_log(tx, self.env, home, now, page.told)
            if asking.requests:
                await asking.write(tx, self.env, home, now)
            if page.booked:
                await supply.book(tx, self.env, home, market, page.booked, now)
            await page.keep_codes(tx, self.env, home)
            await page.keep_unread(tx, self.env, home)
            await shelf.receive(tx, self.env, home)
        if page.back:
            self.nudge()
        return page.later

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        def ended(task: asyncio.Task[None]) -> None:
            self._calls.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("a talk with a supplier was lost; it is held again: %s", type(error).__name__)

        task = asyncio.create_task(work)
        self._calls.add(task)
        task.add_done_callback(ended)


def _most(line: LineNow, margin_bp: int) -> int:
    """What a piece may cost: at that cost its price still has the margin."""
    return rules.most_unit_cost_e4(line.unit_price_e4, margin_bp)


def _since(order: OrderNow, line: LineNow) -> datetime:
    """When the line came to us."""
    placed = datetime.fromtimestamp(ids.at_ms(order.id) / 1000, tz=UTC)
    return max(placed, line.release_at) if line.release_at else placed
