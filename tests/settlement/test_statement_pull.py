"""SUP11, statements asked for: daily, once, matched as if somebody had uploaded them; what goes wrong is told and tried again."""

import asyncio
import importlib
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from commissary import jobs, settlement
from commissary.base.errors import Refused
from commissary.settlement.types import Source
from commissary.simulators import Asked, Lie, Said
from commissary.supply import offers
from commissary.supply.types import Request, Response, StatementLine
from make.orders import World
from make.supply import CARD, Supplier, Trade

PULLING = importlib.import_module("commissary.settlement.pull")
PRICE = 90_000
GOODS = {"reloadly": f"{CARD}:10"}
ZONE = ZoneInfo("Asia/Shanghai")


class Books:
    """A supplier whose protocol tells, a day of purchases from him, and one process that asks."""

    def __init__(self, trade: Trade, supplier: Supplier, sku: int) -> None:
        self.trade, self.supplier, self.sku = trade, supplier, sku
        self.world = trade.world
        supplier.shop.clock = lambda: self.world.env.now(self.world.mall).timestamp()
        self.puller = settlement.Puller(self.world.env, trade.buying.purchasing)
        self.day = self.today()

    def today(self) -> date:
        return self.world.env.now(self.world.mall).astimezone(ZONE).date()

    async def source(self, by: Any = "api", hour: int = 6, zone: str = "") -> Source:
        told = Source(by, hour, zone)
        purchasing = self.trade.buying.purchasing
        return await settlement.set_source(
            self.world.env, self.world.actor, purchasing, self.supplier.kept.id, told
        )

    async def buy(self, times: int) -> list[str]:
        buyer = await self.world.buyer()
        for _ in range(times):
            await self.world.place(buyer, self.sku)
        await self.trade.served()
        return self.supplier.bought

    async def until(self, hour: int, days: int = 1) -> None:
        """That hour of a later day."""
        now = self.world.env.now(self.world.mall).astimezone(ZONE)
        then = (now + timedelta(days=days)).replace(hour=hour, minute=30)
        self.world.travel(seconds=(then - now).total_seconds())

    async def look(self, puller: "settlement.Puller | None" = None) -> int:
        one = puller or self.puller
        begun = await one.round()
        await asyncio.gather(*one._running)
        await jobs.Runner(self.world.env, {settlement.JOB: settlement.run_job}).drain()
        return begun

    async def expected(self) -> list[settlement.types.Expected]:
        return await settlement.list_expected(self.world.env, self.world.actor, self.supplier.kept.id)

    async def statements(self) -> list[settlement.types.Statement]:
        return await settlement.list_statements(self.world.env, self.world.actor, self.supplier.kept.id)

    async def matched(self) -> settlement.types.Day:
        return await settlement.get_day(self.world.env, self.world.actor, self.supplier.kept.id, self.day)


@pytest_asyncio.fixture(loop_scope="session", params=["commissary", "kinguin", "reloadly"])
async def books(world: World, request: pytest.FixtureRequest) -> AsyncIterator[Books]:
    trade = Trade(world)
    now = world.env.now(world.mall).astimezone(ZONE)
    world.travel(hours=(10 - now.hour) % 24)  # far from midnight
    sku = await world.sku(199_000)
    supplier = await trade.supplier(request.param, price_e4=PRICE)
    purchasing = trade.buying.purchasing
    good = GOODS.get(request.param, str(CARD))
    await offers.link_offer(
        world.env, purchasing, world.actor, connection_id=supplier.kept.id, good_id=good, sku_id=sku
    )
    made = Books(trade, supplier, sku)
    yield made
    await made.puller.close()


async def test_a_day_is_asked_for_once_and_matched(books: Books) -> None:
    """At its hour and not before, by one of two processes; four planted differences and nothing else."""
    await books.source(hour=6)
    refs = await books.buy(5)
    books.supplier.shop.misstated = {refs[1]: 700, refs[2]: "hidden", refs[3]: "twice"}
    noon = books.world.env.now(books.world.mall).timestamp()
    books.supplier.shop.invent(130_000, noon)
    await books.until(5)
    assert await books.look() == 0
    await books.until(6, 0)
    other = settlement.Puller(books.world.env, books.trade.again().purchasing)
    await asyncio.gather(books.look(), books.look(other))
    [done] = await books.expected()
    assert (done.day, done.state, done.error) == (books.day, "done", "")
    [statement] = await books.statements()
    assert (statement.day, statement.state, statement.lines) == (books.day, "imported", 6)
    assert statement.file_name.startswith("api-")
    day = await books.matched()
    assert day.counts == {"matched": 3, "amount": 1, "missing": 1, "duplicate": 1, "extra": 1}
    assert day.theirs_e4 - day.ours_e4 == 700 - PRICE + PRICE + 130_000

    asked = books.supplier.asked
    assert await books.look() == 0
    assert books.supplier.asked == asked


async def test_a_turned_back_purchase_and_one_that_came_to_nothing(books: Books) -> None:
    if books.supplier.kept.protocol != "commissary":
        return
    await books.source()
    [kept, nothing] = await books.buy(2)
    books.supplier.shop.fail(books.supplier.shop.orders[nothing])
    await books.until(7)
    await books.look()
    lines = await settlement.list_lines(books.world.env, books.world.actor, books.supplier.kept.id, books.day)
    of = {ref: [(x.status, x.amount_e4) for x, _ in lines if x.ref == ref] for ref in (kept, nothing)}
    assert of == {kept: [("bought", PRICE)], nothing: [("bought", PRICE), ("refunded", -PRICE)]}


async def test_silence_is_tried_again_and_told_of_once(books: Books) -> None:
    await books.source()
    [ref] = await books.buy(1)
    await books.until(7)
    honest = books.supplier.answer
    books.supplier.answer = lambda asked: None
    pauses = []
    for _ in range(9):
        await books.look()
        [waits] = await books.expected()
        assert (waits.state, waits.error) == ("waiting", "silence")
        pauses.append(waits.due_at - books.world.env.now(books.world.mall))
        books.world.travel(seconds=pauses[-1].total_seconds() + 1)
    assert pauses[0] < timedelta(minutes=6) < pauses[3] < pauses[-1] <= timedelta(hours=6)
    told = [e for _, e in await books.world.events(books.supplier.kept.id) if e.endswith("missing")]
    assert told == ["supplier.statement_missing"]

    def garbage(asked: Asked) -> Said | None:
        return Said(502, b"<html>")

    books.supplier.answer = garbage
    await books.look()
    assert (await books.expected())[-1].error == "unreadable"
    books.supplier.answer = honest
    books.world.travel(hours=7)
    await books.look()
    assert {e.state for e in await books.expected()} == {"done"}
    assert (await books.matched()).counts == {"matched": 1}
    assert ref in books.supplier.bought


async def test_a_process_that_dies_leaves_the_day_to_another(books: Books) -> None:
    await books.source()
    await books.buy(1)
    await books.until(7)
    books.supplier.answer, honest = (
        (lambda asked: (_ for _ in ()).throw(asyncio.CancelledError())),
        books.supplier.answer,
    )
    await books.puller.round()
    await books.puller.close()
    books.supplier.answer = honest
    other = settlement.Puller(books.world.env, books.trade.again().purchasing)
    assert await books.look(other) == 0  # it is still leased
    books.world.travel(seconds=31)
    assert await books.look(other) == 1
    assert (await books.matched()).counts == {"matched": 1}


async def test_a_supplier_who_takes_long_is_asked_by_one(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several leases long; the other process looks all the while. A day that is done is no longer kept."""
    monkeypatch.setattr(PULLING, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(PULLING, "PATIENCE_S", 0.01)
    await books.source()
    await books.buy(1)
    await books.until(7)
    send, free = books.supplier.send, asyncio.Event()

    async def slowly(request: Request) -> Response:
        await free.wait()
        return await send(request)

    books.supplier.send = slowly  # type: ignore[method-assign]
    other = settlement.Puller(books.world.env, books.trade.again().purchasing)
    assert await books.puller.round() == 1
    for _ in range(12):
        await asyncio.sleep(0.25)
        assert await other.round() == 0
    free.set()
    await asyncio.gather(*books.puller._running)
    kept = "select state, leased_until from settlement.pull where home_id = %s"
    assert await books.world.rows(kept, books.world.home) == [("done", None)]


async def test_a_day_without_orders_has_a_statement_without_lines(books: Books) -> None:
    """It is an answer: what we bought and he does not list is missing."""
    await books.source()
    await books.until(7)
    await books.look()
    [statement] = await books.statements()
    assert (statement.lines, statement.state) == (0, "imported")
    assert (await books.matched()).counts == {}


async def test_days_that_nobody_was_there_for_are_asked_for_afterwards(books: Books) -> None:
    await books.source()
    await books.until(7, 4)
    await books.look()
    days = [e.day for e in await books.expected()]
    assert days == [books.day + timedelta(days=n) for n in (3, 2, 1, 0)]
    assert {e.state for e in await books.expected()} == {"done"}


async def test_a_file_counts_and_by_file_it_is_missed(books: Books) -> None:
    """By file nothing is asked; a day without one is told of; one that came ends the waiting."""
    await books.source("file")
    [ref] = await books.buy(1)
    await books.until(7)
    asked = books.supplier.asked
    await books.look()
    books.world.travel(hours=8)
    await books.look()
    assert books.supplier.asked == asked
    [waits] = await books.expected()
    assert (waits.error, waits.told_at is not None) == ("statement_missing", True)
    file = f"ref,amount\n{ref},9\n".encode()
    world = books.world
    await settlement.import_statement(world.env, world.actor, books.supplier.kept.id, books.day, file)
    books.world.travel(hours=8)
    await books.look()
    assert (await books.expected())[-1].state == "done"


async def test_a_person_asks_now(books: Books) -> None:
    world, kept = books.world, books.supplier.kept
    [ref] = await books.buy(1)
    at = (world.env, world.actor, books.trade.buying.purchasing, kept.id, books.day)
    with pytest.raises(Refused) as no:
        await settlement.pull_day(*at)
    assert no.value.refusal.code == "day_not_over"
    await books.until(1)
    made, job = await settlement.pull_day(*at)
    assert (made.lines, made.repeated, job is not None) == (1, False, True)
    again, none = await settlement.pull_day(*at)
    assert (again.id, again.repeated, none) == (made.id, True, None)
    books.supplier.shop.misstated = {ref: 100}
    with pytest.raises(Refused) as no:
        await settlement.pull_day(*at)
    assert no.value.refusal.code == "day_has_statement"
    newer, _ = await settlement.pull_day(*at, replace=True)
    assert newer.amount_e4 == PRICE + 100
    books.supplier.answer = lambda asked: None
    with pytest.raises(Refused) as no:
        await settlement.pull_day(*at)
    assert no.value.refusal.code == "supplier_unreachable"


async def test_who_does_not_tell_is_not_asked(world: World) -> None:
    trade = Trade(world)
    mute = await trade.supplier("kasushou")
    asked = (world.env, world.actor, trade.buying.purchasing, mute.kept.id)
    with pytest.raises(Refused) as no:
        await settlement.set_source(*asked, Source("api", 6, ""))
    assert no.value.refusal.code == "statement_not_told"
    made = await settlement.set_source(*asked, Source("file", 6, "Europe/Berlin"))
    assert (made.by, made.zone) == ("file", "Europe/Berlin")
    with pytest.raises(Refused) as no:
        await settlement.pull_day(*asked, date(2026, 1, 1))
    assert no.value.refusal.code == "statement_not_told"


async def test_a_part_delivery_is_what_came_for_what_was_kept(books: Books) -> None:
    """Two of four came, and the money of the others at once: the same on both sides, and no difference. One that gave two for
    the money of four is one, of pieces."""
    if books.supplier.kept.protocol != "commissary":
        return  # the others list no part of an order
    await books.source()
    world, buyer = books.world, await books.world.buyer()
    books.supplier.liar.lies[:] = [Lie.partial, Lie.none]
    part = await world.place(buyer, books.sku, 4)
    await books.trade.served()
    await books.trade.later(seconds=30)
    whole = await world.place(buyer, books.sku, 2)
    await books.trade.served()
    assert [(await world.desk.order(buyer, int(o.id))).status for o in (part, whole)] == [
        "partially_delivered",
        "delivered",
    ]
    await books.until(7)
    await books.look()
    assert (await books.matched()).counts == {"matched": 2}
    lines = await settlement.list_lines(world.env, world.actor, books.supplier.kept.id, books.day)
    assert sorted((x.status, x.quantity, x.amount_e4) for x, _ in lines) == [
        ("bought", 2, 2 * PRICE),
        ("bought", 2, 2 * PRICE),
    ]


@pytest.mark.parametrize(
    ("charged", "returned", "delivered", "ours", "rows"),
    [
        (40, 0, 4, 40, ["4,40,bought"]),
        (40, 20, 2, 20, ["2,20,bought"]),
        (40, 20, None, 20, ["2,20,bought"]),
        # Some of it came back before it was booked, and the rest when it was turned back.
        (40, 40, 0, 20, ["2,20,bought", "2,20,refunded"]),
        # More came back than our books know of, or none of it, or they have it at something else: a difference, to the cent.
        (40, 30, 2, 20, ["2,20,bought", "2,10,refunded"]),
        (40, 20, 2, 40, ["4,40,bought", "4,20,refunded"]),
        (40, 10, 3, 20, ["4,40,bought", "4,10,refunded"]),
        (40, 20, 2, None, ["4,40,bought", "4,20,refunded"]),
        (40, 40, 0, None, ["4,0,failed"]),
        (40, 40, 0, 40, ["4,40,bought", "4,40,refunded"]),
    ],
)
def test_what_a_list_says_as_a_file(
    charged: int, returned: int, delivered: int | None, ours: int | None, rows: list[str]
) -> None:
    line = StatementLine("7", "S7", "101", 4, charged * 10_000, returned * 10_000, 0, delivered)
    booked = {} if ours is None else {7: ours * 10_000}
    file = PULLING.as_file([line], booked).decode().splitlines()[1:]
    said = [row.split(",") for row in file]
    assert [row[:3] for row in said] == [["7", "S7", "101"]] * len(rows)
    assert [f"{row[3]},{float(row[4]):g},{row[5]}" for row in said] == rows
