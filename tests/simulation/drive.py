"""One seed: a mall is founded, lives through its steps under weather, and is compared with the truth.

    from tests.simulation import run
    outcome = await run(seed=7, steps=60)                     # starts a PostgreSQL of its own
    outcome = await run(seed=7, steps=60, ground=ground)      # in a database that is there already

Raises `Wrong`, with the seed and the step in it. The same seed gives the same `outcome.hash`: of all that was asked and
answered, without ids.
"""

import asyncio
import hashlib
import json
import logging
import os
import random
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from commissary import insight, ledger, orders, tenancy
from commissary.base import db, embedded, hot
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.money import Money, parse
from commissary.base.money import text as money_text
from commissary.orders import lane as lanes
from commissary.orders.desk import Desk
from commissary.orders.wire import LineIn, OrderIn, OrderOut
from commissary.stock.vault import Vault
from commissary.tenancy.types import Caller, Founded
from simulation.truth import NEVER, Account, Asked, Line, Lot, Order, Quote, Sku, Truth, batches_of
from simulation.weather import Crash, Fault, Weather, WindyDatabase, trip
from world import Buyer, Ground, World
from world import ground as make_ground

COMPARE_EVERY = 20
# Rare paths of a busy mall are common in a small one: keys are soon forgotten and the probe is soon off.
SMALL = {"RECENT_KEYS": 3, "PROBE_AFTER_TROUBLE": 2}


class Wrong(AssertionError):
    """The mall and the truth differ."""


@dataclass(frozen=True)
class Outcome:
    """`hash` of all events; what happened, counted."""

    seed: int
    steps: int
    hash: str
    counts: Counter[str]
    seconds: float


async def run(
    seed: int,
    steps: int,
    dsn: str | None = None,
    *,
    ground: Ground | None = None,
    audit: bool = True,
) -> Outcome:
    """`dsn`: a server on which a throw-away database is made; without it, a server of our own is started."""
    if ground is not None:
        return await _live(Sim(seed, ground), steps, audit=audit)
    with ExitStack() as stack:
        if dsn is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="commissary-sim-")))
            stack.enter_context(embedded.claim(folder / "pg18"))
            server = embedded.start(folder / "pg18", settings={"shared_buffers": "128MB"})
            stack.callback(embedded.stop, server, "immediate")
            dsn = server.dsn("postgres")
        async with make_ground(dsn) as made:
            return await _live(Sim(seed, made), steps, audit=audit)


def main(seed: int | None, steps: int) -> int:
    """For the command line: one seed, told in words; 1 when it is wrong."""
    chosen = random.SystemRandom().randrange(2**31) if seed is None else seed
    print(f"seed {chosen}, {steps} steps; again: commissary sim --seed {chosen} --steps {steps}", flush=True)
    logging.disable(logging.CRITICAL)  # lost connections are the weather here
    try:
        outcome = asyncio.run(run(chosen, steps, os.environ.get("DATABASE_URL")))
    except Wrong as wrong:
        print(f"WRONG {wrong}")
        return 1
    for what, times in sorted(outcome.counts.items()):
        print(f"{times:6}  {what}")
    print(f"clean, events {outcome.hash[:16]}, {outcome.seconds:.1f} s")
    return 0


async def _live(sim: "Sim", steps: int, *, audit: bool) -> Outcome:
    began = time.perf_counter()
    normal = {name: getattr(lanes, name) for name in SMALL}
    for name, value in SMALL.items():
        setattr(lanes, name, value)
    weathered, hot.trip = hot.trip, trip
    try:
        await sim.found()
        for sim.step in range(1, steps + 1):
            try:
                await sim.one_step()
                if sim.step % COMPARE_EVERY == 0:
                    await sim.compare()
            except Wrong:
                raise
            except Exception as error:
                raise Wrong(f"{sim.where()}: {type(error).__name__}: {error}") from error
        await sim.compare()
        if audit:
            await sim.audit()
    finally:
        hot.trip = weathered
        for name, value in normal.items():
            setattr(lanes, name, value)
        await sim.end()
    return Outcome(sim.seed, steps, sim.hash.hexdigest(), sim.counts, time.perf_counter() - began)


@dataclass
class Sim:
    seed: int
    ground: Ground
    step: int = 0
    truth: Truth = field(default_factory=Truth)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.hash = hashlib.sha256()
        self.weather = Weather(self.ground.admin_dsn)
        self.buyers: list[Buyer] = []
        self.asked: list[Asked] = []
        self.names: dict[int, str] = {}  # SKU → its name in the log
        self.signed_at: dict[bytes, int] = {}
        self.numbers = 0
        self.desk: Desk | None = None
        self.sleeper: Desk | None = None

    def where(self) -> str:
        return f"seed {self.seed}, step {self.step}"

    # The world begins

    async def found(self) -> None:
        self.database = WindyDatabase(self.ground.database, self.weather)
        self.env = Env(self.database, self.ground.ids, self.ground.keys)
        self.world = await shadow_world(self.ground, self.env)
        self.began = datetime.now(UTC)
        for _ in range(self.rng.randint(2, 4)):
            buyer = await self.world.buyer()
            self.buyers.append(buyer)
            self.truth.accounts[len(self.buyers)] = Account(buyer.account)
            await self._pay(len(self.buyers), self.rng.choice((500, 5_000, 20_000)) * 10_000)
        for kind in ("code", "code", "link", "shared_code", "topup", "code"):
            await self._new_sku(kind)
        await self._new_sku("bundle")
        self.desk = self._new_desk()

    async def end(self) -> None:
        for desk in (self.desk, self.sleeper):
            for lane in desk.lanes.values() if desk else ():
                if lane._task is not None:
                    lane._task.cancel()
        await self.database.drop_lanes()

    # A step

    async def one_step(self) -> None:
        acts = {
            self.some_orders: 60,
            self.more_stock: 9,
            self.new_price: 8,
            self.new_floor: 3,
            self.pay: 4,
            self.new_credit: 3,
            self.lock: 3,
            self.shelve: 4,
            self.time_passes: 4,
            self.quote: 4,
            self.take_over: 3,
            self.call_off: 4,
            self.new_sku: 2,
        }
        [act] = self.rng.choices(list(acts), list(acts.values()))
        self.counts[act.__name__] += 1
        await act()

    async def some_orders(self) -> None:
        """A handful at once; sometimes the weather strikes while they are placed."""
        assert self.desk is not None
        group = [self._an_order() for _ in range(self.rng.choice((1, 1, 2, 3, 6, 12)))]
        fault = self._a_fault() if self.rng.random() < 0.25 else None
        signed = [a for a in self.asked[-60:] if a.nonce is not None]
        if fault is None and self.rng.random() < 0.15 and signed:
            group[-1] = self.rng.choice(signed)  # the very request again, as a proxy or a thief would send it
        # Whoever asks for goods that the process does not know waits while it looks for them, and others overtake him,
        # also when they are new: such an order goes alone.
        known = (await self.desk.lane(self.world.home).book()).cards
        stranger = [a for a in group if any(sku not in known for sku, _, _ in a.lines)]
        group = stranger[:1] or group
        self.weather.calm()
        self.weather.fault = fault
        answers = await self._place(self.desk, group)
        expected = self._judge(group)
        if answers is None:  # the process ended: its clients ask the next one, with new nonces
            self.counts["crash"] += 1
            await self._restart()
            group = [Asked(a.buyer, a.no, a.lines, a.quote, self._a_nonce()) for a in group]
            answers = await self._place(self.desk, group)
            expected = self._judge(group)
            assert answers is not None
        elif self.weather.struck:
            self.counts["lost commit" if self.weather.lost_commit else "lost connection"] += 1
        self.weather.calm()
        self.asked += group
        for asked, answer, right in zip(group, answers, expected, strict=True):
            self._same(asked, answer, right)

    def _judge(self, group: list[Asked]) -> list[Order | str]:
        """Batch by batch as they were committed; once more where the answer was lost on the way."""
        expected: list[Order | str] = [""] * len(group)
        commits = self.weather.commits
        for n, batch in enumerate(batches_of(group)):
            if self.crashed and n >= commits:
                break  # never committed; it is asked again
            answers = self.truth.judge_batch([group[i] for i in batch])
            if self.weather.lost_commit and n == self.weather.lost_at:
                answers = self.truth.judge_batch([group[i] for i in batch], again=True)
            for i, answer in zip(batch, answers, strict=True):
                expected[i] = answer
        return expected

    async def _place(self, desk: Desk, group: list[Asked]) -> list[OrderOut | str] | None:
        """Answers in order, refusals as codes; None when the process ended under it."""
        self.crashed = False
        tasks = [asyncio.create_task(self._ask(desk, asked)) for asked in group]
        everyone = asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
        began = time.monotonic()
        while not everyone.done():
            lane_task = desk.lane(self.world.home)._task  # there when the first order is queued, not before
            waiting: set[asyncio.Future[Any]] = {everyone, lane_task} if lane_task else {everyone}
            await asyncio.wait(waiting, timeout=5 if lane_task else 0.01, return_when=asyncio.FIRST_COMPLETED)
            if time.monotonic() - began > 40:
                raise Wrong(f"{self.where()}: no answer in 40 s")
            if lane_task is not None and lane_task.done() and not everyone.done():
                if isinstance(lane_task.exception(), Crash):
                    self.crashed = True
                    for task in tasks:
                        task.cancel()
                    await everyone
                    return None
                raise Wrong(f"{self.where()}: the lane ended: {lane_task.exception()!r}")
        answers: list[OrderOut | str] = []
        for result in await everyone:
            if isinstance(result, Refused):
                answers.append(result.refusal.code)
            elif isinstance(result, BaseException):
                raise Wrong(f"{self.where()}: {result!r}") from result
            else:
                answers.append(result)
        return answers

    async def _ask(self, desk: Desk, asked: Asked) -> OrderOut:
        buyer = self.buyers[asked.buyer - 1]
        lines = tuple(
            LineIn(str(sku), quantity, Money(money_text(most), "CNY") if most is not None else None)
            for sku, quantity, most in asked.lines
        )
        order = OrderIn(asked.no, lines, quote_id=str(asked.quote) if asked.quote else None)
        at = self.signed_at.setdefault(asked.nonce, int(time.time())) if asked.nonce else 0
        return await desk.place(Caller(buyer.key, "192.0.2.7", asked.nonce, at), order)

    def _same(self, asked: Asked, answer: OrderOut | str, right: Order | str) -> None:
        got: object = answer
        wanted: object = right
        if isinstance(answer, OrderOut):
            got = {
                "state": answer.status,
                "total": parse(answer.total.amount),
                "lines": [
                    (
                        self._name(int(x.sku_id)),
                        x.quantity,
                        parse(x.unit_price.amount),
                        parse(x.amount.amount),
                        x.status,
                        x.delivered,
                        [c.secret for c in x.codes or []],
                    )
                    for x in answer.lines
                ],
            }
        if isinstance(right, Order):
            wanted = {
                "state": right.state,
                "total": right.amount,
                "lines": [self._line(x) for x in right.lines],
            }
        self._log("order", asked.buyer, asked.no, got)
        self.counts[f"= {right.state if isinstance(right, Order) else right}"] += 1
        if got != wanted:
            raise Wrong(f"{self.where()}: {asked}\n  answered {got}\n  truth is {wanted}")

    def _line(self, line: Line) -> tuple[Any, ...]:
        delivered = line.quantity if line.state == "delivered" else 0
        name = self._name(line.sku)
        return (name, line.quantity, line.price, line.amount, line.state, delivered, line.codes)

    # What buyers ask

    def _an_order(self) -> Asked:
        """New, or one that was sent before: the same, or the number used again for something else."""
        luck = self.rng.random()
        if self.asked and luck < 0.25:
            old = self.rng.choice(self.asked[-60:])
            if luck < 0.2:
                return Asked(old.buyer, old.no, old.lines, old.quote, self._a_nonce())
            return Asked(old.buyer, old.no, self._lines(), None, self._a_nonce())
        buyer = self.rng.randint(1, len(self.buyers))
        self.numbers += 1
        quote = None
        lines = self._lines()
        if self.truth.quotes and self.rng.random() < 0.25:
            quote = self.rng.choice(sorted(self.truth.quotes))
            if self.rng.random() < 0.9:
                buyer = self.truth.quotes[quote].buyer
                sku = self.rng.choice(list(self.truth.quotes[quote].lines))
                lines = ((sku, self.rng.randint(1, 4), None),)
        return Asked(buyer, f"N{self.numbers}", lines, quote, self._a_nonce())

    def _lines(self) -> tuple[tuple[int, int, int | None], ...]:
        lines = []
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            sku = self.rng.choice(list(self.truth.skus)) if self.rng.random() < 0.98 else 12345
            quantity = self.rng.choice((1, 1, 1, 1, 2, 2, 3, 3, 5, 8, 13, 51))
            most = None
            if self.rng.random() < 0.2:
                price = self.truth.price(0, sku, quantity) or 10_000
                most = price + self.rng.choice((-1, 0, 1, 5_000))
            lines.append((sku, quantity, most))
        return tuple(lines)

    def _a_nonce(self) -> bytes | None:
        return self.rng.randbytes(16) if self.rng.random() < 0.7 else None

    def _a_fault(self) -> Fault:
        what = self.rng.choice(("kill", "lose", "lose", "crash", "crash"))
        at = self.rng.randint(1, 9) if self.rng.random() < 0.6 else 0
        return Fault(what, at, after=self.rng.random() < 0.5)  # type: ignore[arg-type]

    # What the operator does

    async def more_stock(self) -> None:
        sku = self.rng.choice([s.id for s in self.truth.skus.values() if s.kind in ("code", "link")])
        await self._import(sku, self.rng.choice((1, 5, 10, 30, 60)))

    async def _import(self, sku: int, count: int, *, unlimited: bool = False) -> None:
        texts = [f"{self._name(sku)}-{self.numbers + i}" for i in range(1, count + 1)]
        self.numbers += count
        hours = NEVER if self.rng.random() < 0.4 else self.truth.hour + self.rng.randint(1, 72) + 0.5
        cost = self.rng.choice((50_000, 60_000, 95_000, 100_000))
        expires = None if hours == NEVER else self._time(hours)
        batch = await self.world.stock(sku, cost_e4=cost, expires=expires, codes=texts, unlimited=unlimited)
        [(lot,)] = await self.world.rows("select id from stock.lot where batch_id = %s", (batch,))
        made = Lot(batch, lot, hours, cost, texts, unlimited=unlimited)
        self.truth.lots.setdefault(sku, []).append(made)
        self._log("stock", self._name(sku), count, cost, hours, unlimited)

    async def new_price(self) -> None:
        await self._price(self.rng.choice(list(self.truth.skus)))

    async def _price(self, sku: int, *, plain: bool = False) -> None:
        """Often right at the floor, one unit over or under it."""
        lots = self.truth.lots.get(sku)
        base = self.rng.choice((90_000, 110_000, 130_000, 150_000))
        if lots and self.rng.random() < 0.4:
            base = max(1, self.truth.floor(sku, self.rng.choice(lots).cost) + self.rng.choice((-1, 0, 0, 1)))
        ladder = {1: base}
        if self.rng.random() < 0.4:
            ladder |= {3: max(1, base - 1), 10: max(1, base - 5_000)}
        buyer = self.rng.randint(1, len(self.buyers)) if not plain and self.rng.random() < 0.25 else 0
        since = self.truth.hour
        if not plain and self.rng.random() < 0.3:
            since += self.rng.randint(0, 10) + 0.5
        await self.world.price(
            sku,
            ladder=ladder,
            buyer=self.buyers[buyer - 1] if buyer else None,
            valid_from=self._time(since),
        )
        self.truth.prices.setdefault((buyer, sku), []).append((since, ladder))
        self._log("price", buyer, self._name(sku), since, sorted(ladder.items()))

    async def new_floor(self) -> None:
        sku = self.rng.choice([0, *self.truth.skus])
        margin = self.rng.choice((-2_000, 0, 150, 500))
        await self.world.floor(margin, sku)
        self.truth.floors[sku] = margin
        self._log("floor", self._name(sku) if sku else "", margin)

    async def pay(self) -> None:
        await self._pay(self.rng.randint(1, len(self.buyers)), self.rng.choice((1, 50, 1_000)) * 10_000 + 1)

    async def _pay(self, buyer: int, amount: int) -> None:
        await self.world.recharge(self.buyers[buyer - 1].account, amount)
        self.truth.accounts[buyer].balance += amount
        self.truth.cash -= amount
        self._log("pay", buyer, amount)

    async def new_credit(self) -> None:
        buyer = self.rng.randint(1, len(self.buyers))
        account = self.truth.accounts[buyer]
        credit = self.rng.choice((0, 100, 2_000)) * 10_000
        credit = max(credit, account.held - account.balance, 0)
        await self._account(buyer, "floor_e4 = -%(credit)s, limit_e4 = %(credit)s", {"credit": credit})
        account.credit = credit
        self._log("credit", buyer, credit)

    async def lock(self) -> None:
        buyer = self.rng.randint(1, len(self.buyers))
        account = self.truth.accounts[buyer]
        account.open = not account.open or self.rng.random() < 0.7
        await self._account(buyer, "state = %(state)s", {"state": "open" if account.open else "locked"})
        self._log("lock", buyer, account.open)

    async def shelve(self) -> None:
        sku = self.truth.skus[self.rng.choice(list(self.truth.skus))]
        sku.status = self.rng.choice(("listed", "listed", "listed", "listed", "delisted"))
        async with self.env.db.transaction(self.world.mall) as tx:
            await db.run(
                tx,
                "update catalog.sku set status = %s, version = version + 1 where id = %s",
                (sku.status, sku.id),
            )
            await tenancy.raise_epoch(tx, self.world.mall)
        self._log("shelve", self._name(sku.id), sku.status)

    async def new_sku(self) -> None:
        if len(self.truth.skus) < 14:
            await self._new_sku(self.rng.choice(("code", "bundle", "topup", "code")))

    async def _new_sku(self, kind: str) -> None:
        release = self.truth.hour + self.rng.randint(1, 30) + 0.5 if self.rng.random() < 0.1 else None
        parts: list[tuple[int, int]] = []
        if kind == "bundle":
            release = None
            whole = [s.id for s in self.truth.skus.values() if s.kind != "bundle"]
            parts = [(sku, self.rng.randint(1, 3)) for sku in self.rng.sample(whole, 2)]
        at = self._time(release) if release is not None else None
        sku = await self.world.sku(kind, parts=parts, release_at=at, max_quantity=50)
        self.truth.skus[sku] = Sku(sku, kind, release=release, parts=parts)
        self._log("sku", self._name(sku), kind, release)
        if kind in ("code", "link"):
            await self._import(sku, self.rng.randint(1, 40))
        if kind == "shared_code":
            await self._import(sku, 1, unlimited=True)
        if self.rng.random() < 0.95:
            await self._price(sku, plain=True)

    async def time_passes(self) -> None:
        self.truth.hour += self.rng.choice((1, 3, 24))
        await tenancy.move_clock(self.env, self.world.actor, int(self.truth.hour * 3600))
        self._log("time", self.truth.hour)

    async def quote(self) -> None:
        """A price promised for some pieces; binding until it expires."""
        buyer = self.rng.randint(1, len(self.buyers))
        sku = self.rng.choice([s.id for s in self.truth.skus.values() if s.kind in ("code", "link", "topup")])
        quantity, price = self.rng.randint(1, 8), self.rng.choice((40_000, 99_999, 130_000))
        expires = self.truth.hour + self.rng.randint(0, 12) + 0.5
        quote = self.env.ids.new()
        async with self.env.db.transaction(self.world.mall) as tx:
            await db.run(
                tx,
                "insert into pricing.quote (home_id, id, buyer_id, expires_at, made_at) values (%s, %s, %s, %s, %s)",
                (
                    self.world.home,
                    quote,
                    self.buyers[buyer - 1].organisation,
                    self._time(expires),
                    self.began,
                ),
            )
            await db.run(
                tx,
                """insert into pricing.quote_line (home_id, quote_id, sku_id, quantity, unit_price_e4, currency, source)
                   values (%s, %s, %s, %s, %s, 'CNY', 'list')""",
                (self.world.home, quote, sku, quantity, price),
            )
        self.truth.quotes[quote] = Quote(buyer, expires, {sku: (quantity, price)})
        self._log("quote", buyer, self._name(sku), quantity, price, expires)

    async def take_over(self) -> None:
        """Our process is paused past its lease, another takes over; then the sleeper wakes and must place nothing."""
        assert self.desk is not None
        if not self.desk.lanes:
            return
        sleeper, self.desk = self.desk, self._new_desk()
        await self._expire_lease()
        self.weather.calm()
        await self.desk.lane(self.world.home).book()
        first = [self._an_order()]
        answers = await self._place(self.desk, first)
        assert answers is not None
        for asked, answer, right in zip(first, answers, self._judge(first), strict=True):
            self._same(asked, answer, right)
        late = [self._an_order() for _ in range(3)]
        late = [Asked(a.buyer, f"L{self.numbers}-{i}", a.lines, None, None) for i, a in enumerate(late)]
        for answer in await self._place(sleeper, late) or []:
            if answer != "unavailable":
                raise Wrong(f"{self.where()}: a process that lost its lease answered {answer}")
        for lane in sleeper.lanes.values():
            if lane._task is not None:
                lane._task.cancel()
        self.asked += first

    async def call_off(self) -> None:
        """A buyer cancels; sometimes twice with the same key, sometimes what can no longer be cancelled."""
        assert self.desk is not None
        if not self.truth.orders:
            return
        order = self.rng.choice(list(self.truth.orders.values())[-20:])
        buyer = self.buyers[order.asked.buyer - 1]
        [(id_,)] = await self._rows(
            "select id from orders.orders where client_order_no = %s and buyer_id = %s",
            (order.asked.no, buyer.organisation),
        )
        right: Order | str = self.truth.cancel(order)
        self.numbers += 1
        for _ in range(self.rng.choice((1, 1, 2))):
            try:
                caller = Caller(buyer.key, "192.0.2.7")
                answer: OrderOut | str = await orders.cancel(self.desk, caller, id_, f"cancel-{self.numbers}")
            except Refused as refused:
                answer = refused.refusal.code
            self._same(order.asked, answer, right)

    # Comparing

    async def compare(self) -> None:
        """Every balance, counter, order and promise against the truth."""
        accounts = {
            row[0]: row[1:]
            for row in await self._rows("select id, balance_e4, held_e4, floor_e4 from ledger.account")
        }
        for buyer, a in self.truth.accounts.items():
            self._equal(f"account of buyer {buyer}", accounts[a.id], (a.balance, a.held, -a.credit))
        books = self.world.books
        self._equal("revenue", accounts[books.revenue_id][0], self.truth.revenue)
        self._equal("cash", accounts[books.cash_id][0], self.truth.cash)
        lots = dict(await self._rows("select id, next_seq from stock.lot"))
        for found in self.truth.lots.values():
            for lot in found:
                self._equal(f"next of lot {lot.texts[:1]}", lots[lot.id], lot.next + 1)
        found_orders = {
            (buyer, no): (state, amount)
            for buyer, no, state, amount in await self._rows(
                "select buyer_id, client_order_no, state, amount_e4 from orders.orders"
            )
        }
        wanted = {
            (self.buyers[o.asked.buyer - 1].organisation, o.asked.no): (o.state, o.amount)
            for o in self.truth.orders.values()
        }
        self._equal("orders", found_orders, wanted)
        [(count,)] = await self._rows("select count(*) from orders.orders")
        self._equal("number of orders", count, len(wanted))
        left = dict(await self._rows("select quote_id, quantity - used from pricing.quote_line"))
        for id_, quote in self.truth.quotes.items():
            self._equal("a quote's rest", left[id_], next(iter(quote.lines.values()))[0])
        self._log("same", sorted(n for n, _ in wanted.values()))

    async def audit(self) -> None:
        """The product's own check over the whole database."""
        found = insight.broken(await insight.audit(self.env))
        if found:
            first = found[0]
            raise Wrong(
                f"{self.where()}: check {[f.check for f in found]}: {first.title_en}: {first.rows[:3]}"
            )

    def _equal(self, what: str, got: object, wanted: object) -> None:
        if got != wanted:
            raise Wrong(f"{self.where()}: {what} is {got}, truth is {wanted}")

    # Small things

    def _new_desk(self) -> Desk:
        holder = f"sim:{secrets.token_hex(4)}"
        return Desk(self.env, Vault(self.env.keys), holder, "http://sim")

    async def _restart(self) -> None:
        await self.database.drop_lanes()
        await self._expire_lease()
        self.weather.calm()
        self.crashed = False
        self.desk = self._new_desk()
        await self.desk.lane(self.world.home).book()

    async def _expire_lease(self) -> None:
        """Six seconds pass."""
        async with self.env.db.transaction(self.world.mall, "vault") as tx:
            await db.run(tx, "update orders.lane set expires_at = clock_timestamp()")

    async def _account(self, buyer: int, change: str, params: dict[str, Any]) -> None:
        account = self.buyers[buyer - 1].account
        async with self.env.db.transaction(self.world.mall) as tx:
            await db.run(
                tx, f"update ledger.account set {change} where id = %(id)s", {"id": account} | params
            )

    async def _rows(self, query: str, params: Sequence[Any] = ()) -> Sequence[tuple[Any, ...]]:
        async with self.env.db.transaction(self.world.mall) as tx:
            return await db.rows(tx, query, params)

    def _time(self, hour: float) -> datetime:
        return self.began + timedelta(hours=hour)

    def _name(self, sku: int) -> str:
        if sku not in self.truth.skus and sku not in self.names:
            return "?"
        return self.names.setdefault(sku, f"S{len(self.names) + 1}")

    def _log(self, *event: object) -> None:
        text = json.dumps([self.step, *event], default=str)
        self.hash.update(text.encode())
        if os.environ.get("COMMISSARY_SIM_LOG"):
            print(text)


async def shadow_world(ground: Ground, env: Env) -> World:
    """A mall whose clock can be moved, founded without the slow password of an owner."""
    at = datetime.now(UTC)
    organisation = env.ids.new()
    slug = f"sim-{secrets.token_hex(6)}"
    async with await psycopg.AsyncConnection.connect(ground.admin_dsn) as tx:
        await tx.execute("set local role commissary_owner")
        await tx.execute("select pg_advisory_xact_lock(1)")
        found = await (await tx.execute("select tenancy.next_mall_id()")).fetchone()
        assert found is not None
        live, mall = found[0], found[0] + 1
        for id_, name, of in ((live, slug, None), (mall, f"{slug}-test", live)):
            await tx.execute(
                "select tenancy.found_mall(%s, %s, 'Sim', 'CNY', 'Asia/Shanghai', %s, %s)",
                (id_, name, of, at),
            )
            await tx.execute(
                """insert into tenancy.organisation (mall_id, id, kind, name, home_id, created_at)
                   values (%s, %s, 'mall', 'Sim', %s, %s)""",
                (id_, organisation, home_of(id_), at),
            )
    async with env.db.transaction(mall) as tx:
        books = await ledger.found_books(tx, env, home_of(mall), organisation, "CNY")
    return World(ground, env, Founded(mall, organisation, 1), f"{slug}-test", home_of(mall), "CNY", books)
