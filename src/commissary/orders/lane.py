"""The lane of a home: one queue, one connection, one batch after another.

A batch is whatever queued while the last commit was in flight; there is no timer. A key that stands twice waits for the
next batch, where the first one's order is already known. A batch that fails is tried again, then order by order, so that
a poisoned order harms nobody. After a lost connection the same orders are placed again with the probe on: what had
committed is found by its key, what had not is placed now.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg

from commissary.base import db
from commissary.base.crypto import Chance
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import mall_of
from commissary.base.ids import Ids
from commissary.orders import book as books
from commissary.orders import store
from commissary.orders.place import LostLane, Sold, StaleBook, place
from commissary.orders.types import Accepted, Declined, Known, OrderRefusal, Outcome, Wanted
from commissary.tenancy.types import AuthRefusal

log = logging.getLogger("commissary.lane")

BATCH = 256
MOST_WAITING = 20_000
LEASE_S = 6.0
ELSEWHERE_S = 0.5  # how long a foreign holder is believed in without asking the database again
CONNECTION_IDLE_S = 20.0
IDLE_S = 600.0  # a lane unused for so long lets its lease run out
PROBE_AFTER_TROUBLE = 30
RECENT_KEYS = 65_536


class Full(Exception):
    """The queue is longer than may be served in time."""


class Elsewhere(Refused):
    """Another process places for this home: forward to its address. Whoever cannot forward refuses."""

    def __init__(self, address: str) -> None:
        super().__init__(RequestRefusal.unavailable)
        self.address = address


@dataclass(slots=True)
class Ticket:
    """One order on its way; `group` is told when the outcome is there.

    The group knows no tickets: a ring of references would keep every order, its codes included, until the collector
    comes, and the collector would come to all of them at once.
    """

    wanted: Wanted
    group: "Group"
    outcome: Outcome | BaseException | None = None
    sold: Sold | None = None
    tried: bool = False
    nonce_spent: bool = False


Ahead = Callable[[Accepted, Sold], object]


@dataclass(slots=True)
class Group:
    """The orders of one request, by their number; `told` is called once, when the last has its outcome. `ahead` gets an
    outcome while it is written, to make an answer of it that nobody is told before `told`: the outcome may become
    another, then the answer is worth nothing."""

    left: int
    told: Callable[[], object]
    ahead: "Ahead | None" = None
    nonce_used: bool = False

    def settle(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.told()


@dataclass
class Lane:
    """`answer_known` is set by nobody: replays are returned as `Known` and answered from the database by the caller."""

    database: db.Database
    home: int
    ids: Ids
    holder: str
    address: str
    on_batch: Callable[[int, float, bool], None] = lambda _n, _s, _waiting: None
    on_taken: Callable[[int], Awaitable[object]] | None = (
        None  # before the first order under a new fence is judged
    )
    _queue: deque[Ticket] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _tx: db.Tx | None = None
    _book: books.Book | None = None
    _fence: store.Fence | None = None
    _lease_until: float = 0.0
    _probing: int = PROBE_AFTER_TROUBLE
    _recent: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    _stopping: bool = False
    _chance: Chance = field(default_factory=Chance)
    _claiming: asyncio.Lock = field(default_factory=asyncio.Lock)
    _elsewhere: str = ""
    _elsewhere_until: float = 0.0
    _used_at: float = 0.0
    _number: int = 0  # of the fence we hold, or held last
    _told: int = 0  # of the fence for which `on_taken` was done

    async def ready(self) -> None:
        """Return if this process places for the home, claiming the lane when it is free; raise Elsewhere if another does.

        To be asked before risk judges: only the holder counts. A database that does not answer is the lane's to wait
        for, so it is no obstacle here.
        """
        now = self._used_at = time.monotonic()
        if now < self._lease_until and self._told == self._number:
            return
        if self._stopping:
            raise Refused(RequestRefusal.draining)
        if now < self._elsewhere_until:
            raise Elsewhere(self._elsewhere)
        async with self._claiming:
            now = time.monotonic()
            if now < self._elsewhere_until:
                raise Elsewhere(self._elsewhere)
            if now >= self._lease_until:
                await self._claim_apart()
            if self._told != (number := self._number):
                if self.on_taken is not None:
                    await self.on_taken(self.home)
                self._told = number

    async def keep(self) -> None:
        """Renew the lease of a lane that was used lately: a quiet minute moves no lane, a dead process loses all."""
        now = time.monotonic()
        ours = self._lease_until > 0 and not self._stopping
        if ours and self._lease_until - now < LEASE_S / 2 and now - self._used_at < IDLE_S:
            async with self._claiming:
                await self._claim_apart()

    @property
    def stopping(self) -> bool:
        return self._stopping

    async def place(self, wanted: Sequence[Wanted]) -> list[Ticket]:
        """Queue the orders of one request and wait until each has its outcome."""
        done = asyncio.Event()
        tickets = self.queue(wanted, done.set)
        await done.wait()
        return tickets

    def queue(
        self, wanted: Sequence[Wanted], told: Callable[[], object], ahead: Ahead | None = None
    ) -> list[Ticket]:
        """The orders of one request; `told` is called when each has its outcome, in the middle of the lane's work: it
        only passes the word on. `ahead`: see Group."""
        if not self.has_room(len(wanted)):
            raise Full
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"lane-{self.home}")
        group = Group(len(wanted), told, ahead)
        tickets = [Ticket(w, group) for w in wanted]
        self._queue.extend(tickets)
        self._wake.set()
        return tickets

    def has_room(self, orders: int) -> bool:
        return not self._stopping and len(self._queue) + orders <= MOST_WAITING

    def book_at_once(self) -> books.Book | None:
        """The book if `ready` and `book` would return without waiting."""
        now = self._used_at = time.monotonic()
        return self._book if now < self._lease_until and self._told == self._number else None

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def book(self) -> books.Book:
        """The mall as this lane knows it; may be older than the database, never older than the last batch."""
        if self._book is None:
            self._book = await books.load(self.database, mall_of(self.home))
        return self._book

    async def reload(self, epoch: int) -> None:
        """The mall changed: read it again before the next order is checked."""
        if self._book is not None and self._book.epoch < epoch:
            self._book = await books.load(self.database, mall_of(self.home), self._book)

    async def drain(self) -> None:
        """Take no more, finish what is queued, give the lease back."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        if self._lease_until > 0:
            self._lease_until = 0.0
            async with self.database.transaction(mall_of(self.home), "vault") as tx:
                await store.release_lane(tx, self.home, self.holder)
        if self._tx is not None and not self._tx.closed:
            await self._tx.close()

    async def _run(self) -> None:
        while True:
            if not self._queue:
                if self._stopping:
                    return
                self._wake.clear()
                await self._rest()
                continue
            batch, later = self._next_batch()
            started = time.perf_counter()
            try:
                await self._settle(batch)
            except Exception as error:
                if isinstance(error, Elsewhere):
                    log.warning("the lane of home %d went to %s", self.home, error.address)
                else:
                    log.exception("a batch of %d orders failed as a whole", len(batch))
                for ticket in batch:
                    if ticket.outcome is None:
                        ticket.outcome = error
            for ticket in batch:
                ticket.group.settle()
            self._queue.extendleft(reversed(later))
            waiting = any(isinstance(t.outcome, Accepted) and t.outcome.state == "processing" for t in batch)
            self.on_batch(len(batch), time.perf_counter() - started, waiting)

    async def _rest(self) -> None:
        """Until there are orders. A lane that has none for a while gives its connection back: many malls that trade now
        and then must not hold all of a database's connections."""
        try:
            async with asyncio.timeout(CONNECTION_IDLE_S if self._tx is not None else None):
                await self._wake.wait()
        except TimeoutError:
            tx, self._tx = self._tx, None
            if tx is not None and not tx.closed:
                await tx.close()

    def _next_batch(self) -> tuple[list[Ticket], list[Ticket]]:
        """Up to BATCH orders with different keys and nonces; the others keep their place."""
        batch: list[Ticket] = []
        later: list[Ticket] = []
        keys: set[bytes] = set()
        while self._queue and len(batch) < BATCH:
            ticket = self._queue.popleft()
            key = ticket.wanted.key
            nonce = ticket.wanted.nonce
            if key in keys or (nonce is not None and nonce in keys):
                later.append(ticket)
                self._probing = max(self._probing, 1)
                continue
            keys.add(key)
            if nonce is not None:
                keys.add(nonce)
            if key in self._recent:
                self._probing = max(self._probing, 1)
            batch.append(ticket)
        if later:
            self._probing = max(self._probing, 2)
        return batch, later

    async def _settle(self, batch: list[Ticket]) -> None:
        """Give every ticket its outcome; whatever goes wrong once is tried again in a way that harms fewer."""
        deadline = time.monotonic() + 30
        while True:
            try:
                await self._place(batch, probe=self._probing > 0)
                self._probing = max(0, self._probing - 1)
                return
            except StaleBook:
                self._book = await books.load(self.database, mall_of(self.home), self._book)
            except LostLane:
                self._fence, self._lease_until = None, 0.0
            except psycopg.errors.UniqueViolation:
                await self._rollback()
                self._probing = PROBE_AFTER_TROUBLE
            except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
                await self._forget_connection()
                self._probing = PROBE_AFTER_TROUBLE
                for ticket in batch:
                    ticket.tried = True
                if time.monotonic() > deadline:
                    raise
                log.warning(
                    "the lane of home %d lost its connection: %s", self.home, str(error).split("\n")[0]
                )
                await asyncio.sleep(0.25)
            except Elsewhere:
                raise
            except Exception:
                await self._rollback()
                if len(batch) == 1:
                    raise
                log.exception("a batch of %d failed; trying its orders one by one", len(batch))
                for ticket in batch:
                    try:
                        await self._settle([ticket])
                    except Exception as error:
                        ticket.outcome = error
                return

    async def _place(self, batch: list[Ticket], *, probe: bool) -> None:
        tx = await self._connection()
        fence = await self._lease(tx)
        book = await self.book()
        known: dict[int, Outcome] = {}
        if probe:
            await db.begin(tx, mall_of(self.home), citus=self.database.citus)
            known = await self._probe(tx, batch)
        fresh = [t for i, t in enumerate(batch) if i not in known]
        nonces = [t.wanted for t in batch if t.wanted.nonce and not t.nonce_spent]
        outcomes: list[Outcome] = []
        sold: Sold | None = None
        if fresh:
            try:
                outcomes, sold = await place(
                    tx,
                    self.home,
                    book,
                    fence,
                    [t.wanted for t in fresh],
                    self.ids,
                    self._chance,
                    nonces=nonces,
                    begun=probe,
                    early=lambda outcomes, sold: _show(fresh, outcomes, sold),
                )
            except (StaleBook, LostLane):
                await tx.execute("rollback")
                raise
            if not probe and any(isinstance(o, Declined) for o in outcomes):
                await db.begin(tx, mall_of(self.home), citus=self.database.citus)
                await self._recognise(tx, fresh, outcomes)
                await tx.execute("commit")
        elif probe:
            await store.spend_nonces(tx, self.home, nonces)
            for wanted in nonces:
                wanted.nonce_ours = True
            await tx.execute("commit")
        for i, outcome in known.items():
            batch[i].outcome = outcome
        for ticket, outcome in zip(fresh, outcomes, strict=True):
            ticket.outcome = outcome
            ticket.sold = sold
            if isinstance(outcome, Accepted):
                self._recent[ticket.wanted.key] = None
        while len(self._recent) > RECENT_KEYS:
            self._recent.popitem(last=False)

    async def _probe(self, tx: db.Tx, batch: list[Ticket]) -> dict[int, Outcome]:
        """Which orders of the batch need no placing, by their place in it."""
        bound, spent = await store.probe(tx, self.home, [t.wanted for t in batch])
        known: dict[int, Outcome] = {}
        for ticket in batch:
            nonce = ticket.wanted.nonce
            ticket.nonce_spent = nonce is not None and (ticket.wanted.buyer.id, nonce) in spent
            # After a lost COMMIT the nonce may be spent by this very request. A replay never gets as far as spending it.
            if ticket.nonce_spent and not ticket.wanted.nonce_ours:
                ticket.group.nonce_used = True
        for i, ticket in enumerate(batch):
            before = bound.get(ticket.wanted.key)
            if ticket.group.nonce_used:
                known[i] = Declined(AuthRefusal.nonce_used)
            elif before is not None:
                known[i] = _bound_to(ticket.wanted, *before)
        return known

    async def _recognise(self, tx: db.Tx, tickets: Sequence[Ticket], outcomes: list[Outcome]) -> None:
        """A refusal writes nothing, so the unique index cannot say that this order was bought before. Its buyer must
        get that order, not be told that it is out of stock by now."""
        refused = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Declined)]
        if not refused:
            return
        bound = await store.bound_keys(tx, self.home, [tickets[i].wanted for i in refused])
        for i in refused:
            wanted = tickets[i].wanted
            if wanted.key in bound:
                outcomes[i] = _bound_to(wanted, *bound[wanted.key])

    async def _lease(self, tx: db.Tx) -> store.Fence:
        """Our fence, renewed well before it ends. Time here is the database's, so that clocks need not agree."""
        if self._fence is not None and time.monotonic() < self._lease_until - LEASE_S / 2:
            return self._fence
        await db.begin(tx, mall_of(self.home), citus=self.database.citus)
        claimed = await self._claim(tx)
        await tx.execute("commit")
        return self._held(*claimed)

    async def _claim_apart(self) -> None:
        """On a connection of the pool, because the lane's own may be in the middle of a batch."""
        try:
            async with self.database.transaction(mall_of(self.home), "vault") as tx:
                # Stopped in here it would keep the lane's row from everybody: for no longer than a batch may.
                await tx.execute("set local idle_in_transaction_session_timeout = '2s'")
                claimed = await self._claim(tx)
        except (psycopg.OperationalError, OSError) as error:
            log.warning("the lane of home %d cannot be claimed: %s", self.home, type(error).__name__)
            return
        self._held(*claimed)

    async def _claim(self, tx: db.Tx) -> tuple[float, str, str, int]:
        """(when by our clock, holder, address, fence): what the lane's row says after we asked for it."""
        asked_at = time.monotonic()
        found = await db.row(tx, "select clock_timestamp()")
        assert found is not None
        until = found[0] + timedelta(seconds=LEASE_S)
        return asked_at, *await store.claim_lane(tx, self.home, self.holder, self.address, found[0], until)

    def _held(self, asked_at: float, holder: str, address: str, number: int) -> store.Fence:
        """Our fence if it is ours now; else remember whose it is."""
        if holder != self.holder:
            self._fence, self._lease_until = None, 0.0
            self._elsewhere, self._elsewhere_until = address, asked_at + ELSEWHERE_S
            raise Elsewhere(address)
        self._fence = fence = store.Fence(holder, number)
        self._number = number
        self._lease_until, self._elsewhere_until = asked_at + LEASE_S, 0.0
        return fence

    async def _connection(self) -> db.Tx:
        if self._tx is None or self._tx.closed:
            self._tx = await self.database.lane_connection(self.home, self.holder)
            self._fence = None
        return self._tx

    async def _rollback(self) -> None:
        if self._tx is not None and not self._tx.closed:
            try:
                await self._tx.execute("rollback")
            except psycopg.Error:
                await self._forget_connection()

    async def _forget_connection(self) -> None:
        tx, self._tx, self._fence = self._tx, None, None
        if tx is not None:
            try:
                await asyncio.wait_for(tx.close(), 2)
            except (psycopg.Error, OSError, TimeoutError):
                log.debug("closing a broken connection failed")


def _show(tickets: Sequence[Ticket], outcomes: Sequence[Outcome], sold: Sold) -> None:
    for ticket, outcome in zip(tickets, outcomes, strict=True):
        ahead = ticket.group.ahead
        if ahead is not None and isinstance(outcome, Accepted):
            ahead(outcome, sold)


def _bound_to(wanted: Wanted, body: bytes, order_id: int) -> Known | Declined:
    """The order that its number was used for, if it was the same order."""
    if body == wanted.body:
        return Known(order_id)
    return Declined(OrderRefusal.idempotency_conflict, "client_order_no", {"order_id": str(order_id)})
