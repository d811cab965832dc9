"""Reactions, periodic work, and the whole worker."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from commissary import notify, provenance, worker
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.home import home
from commissary.fulfilment.types import Released
from commissary.notify.types import BY_WIRE, Event
from commissary.worker import schedule
from commissary.worker.reactions import Seen
from commissary.worker.schedule import everywhere, prune_outbox
from make.pace import Pace
from make.receivers import outgoing
from make.tenancy import House
from make.webhooks import Post


def event(kind: str, n: int) -> outbox.Event:
    return outbox.Event(kind, 1, n, 0, datetime(2026, 7, 1, tzinfo=UTC))


async def publish(house: House, *events: outbox.Event) -> None:
    async with house.env.db.transaction(house.mall) as tx:
        await outbox.publish(tx, home(house.mall), list(events), house.clock.now)


class Ear:
    """Remembers what it heard; fails while `deaf_to` is there."""

    def __init__(self, mall: int, deaf_to: int | None = None) -> None:
        self.mall = mall
        self.deaf_to = deaf_to
        self.heard: list[int] = []

    async def __call__(self, tx: db.Tx, env: Env, home_id: int, seen: Sequence[Seen]) -> None:
        if home_id >> 10 != self.mall:
            return
        if any(e.n == self.deaf_to for _, _, e in seen):
            raise ValueError("deaf")
        self.heard += [e.n for _, _, e in seen]


async def test_each_handler_hears_its_kinds_in_order(house: House) -> None:
    left, right = Ear(house.mall), Ear(house.mall)
    one, two = worker.Reaction("t.left", left), worker.Reaction("t.right", right)
    relay = worker.Relay(house.env, {"a": (one, two), "b": (two,)})
    await publish(house, event("a", 1), event("b", 2), event("c", 3))
    await publish(house, event("a", 4))
    await relay.drain()
    assert (left.heard, right.heard) == ([1, 4], [1, 2, 4])
    await relay.drain()
    assert left.heard == [1, 4], "a position that moved is not read again"


async def test_a_failing_handler_holds_up_itself_alone_and_loses_nothing(house: House) -> None:
    good, bad = Ear(house.mall), Ear(house.mall, deaf_to=3)
    relay = worker.Relay(house.env, {"a": (worker.Reaction("t.good", good), worker.Reaction("t.bad", bad))})
    for n in range(1, 6):
        await publish(house, event("a", n))
    for _ in range(5):
        await relay.drain()
    assert good.heard == [1, 2, 3, 4, 5]
    assert bad.heard == [1, 2], "what stands before the bad one goes through, what stands behind waits"
    bad.deaf_to = None
    await asyncio.sleep(1.1)
    for _ in range(3):
        await relay.drain()
    assert bad.heard == [1, 2, 3, 4, 5]


async def test_a_slow_handler_holds_up_no_other(house: House, pace: Pace) -> None:
    class Slow(Ear):
        go = asyncio.Event()

        async def __call__(self, tx: db.Tx, env: Env, home_id: int, seen: Sequence[Seen]) -> None:
            await self.go.wait()
            await super().__call__(tx, env, home_id, seen)

    slow, quick, choosy = Slow(house.mall), Ear(house.mall), Ear(house.mall)
    odd = worker.Reaction("t.choosy", choosy, hears=lambda event: event.n % 2 == 1)
    relay = worker.Relay(
        house.env, {"a": (worker.Reaction("t.slow", slow), worker.Reaction("t.quick", quick), odd)}
    )
    running = asyncio.create_task(relay.run())
    for n in range(1, 6):
        await publish(house, event("a", n))
        started = time.monotonic()
        while quick.heard != list(range(1, n + 1)):
            await asyncio.sleep(0.02)
            assert time.monotonic() - started < pace.patience(3)
    assert slow.heard == []
    slow.go.set()
    await relay.drain()
    await relay.stop()
    await running
    assert slow.heard == quick.heard
    assert choosy.heard == [1, 3, 5], "what it does not hear it passes"


async def test_two_relays_hand_over_once(house: House) -> None:
    ear = Ear(house.mall)
    table = {"a": (worker.Reaction("t.once", ear),)}
    for n in range(100):
        await publish(house, event("a", n))
    await asyncio.gather(*(worker.Relay(house.env, table).drain() for _ in range(3)))
    assert ear.heard == list(range(100))


async def test_a_turn_is_taken_by_one_process_at_a_time(house: House) -> None:
    done = []

    async def work(env: Env) -> None:
        done.append(env.clock())
        await asyncio.sleep(0.05)

    one = worker.Periodic("t.turn", timedelta(minutes=5), work)
    clocks = [worker.Clockwork(house.env, [one]) for _ in range(4)]
    assert sorted(await asyncio.gather(*(c.turn(one) for c in clocks))) == [False, False, False, True]
    assert not await clocks[0].turn(one), "not before its time"
    house.clock.move(minutes=5)
    assert await clocks[1].turn(one)
    assert len(done) == 2


async def test_a_turn_that_failed_or_was_killed_comes_again(house: House) -> None:
    tries = 0

    async def work(env: Env) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("no")
        if tries == 2:
            await asyncio.Event().wait()

    one = worker.Periodic("t.again", timedelta(minutes=1), work)
    clock = worker.Clockwork(house.env, [one])
    assert await clock.turn(one)
    house.clock.move(minutes=1)
    killed = asyncio.create_task(clock.turn(one))
    await asyncio.sleep(0.1)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    assert not await clock.turn(one), "its lease has not ended"
    house.clock.move(seconds=11)
    assert await clock.turn(one), "a dead process keeps nobody from it for longer"
    assert tries == 3


async def test_a_long_turn_keeps_its_lease_and_ends_when_it_lost_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "LEASE", timedelta(seconds=0.4))
    ended = []

    async def work(env: Env) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(env.clock())

    one = worker.Periodic("t.long", timedelta(minutes=1), work)
    clock, other = [worker.Clockwork(house.env, [one]) for _ in range(2)]
    running = asyncio.create_task(clock.turn(one))
    await asyncio.sleep(0.05)
    for _ in range(5):
        house.clock.move(seconds=0.3)
        await asyncio.sleep(0.3)
        assert not await other.turn(one), "somebody does it"
    assert not ended
    with psycopg.connect(house.ground.admin_dsn, autocommit=True) as admin:
        admin.execute("update jobs.turn set lease = 1 where name = 't.long'")
        assert await asyncio.wait_for(running, 5)
        assert len(ended) == 1
        found = admin.execute("select lease, last_at from jobs.turn where name = 't.long'").fetchall()
    assert found == [(1, None)]


async def test_old_events_are_forgotten_when_all_have_passed(house: House) -> None:
    async def left() -> int:
        async with house.env.db.transaction(house.mall) as tx:
            found = await db.row(
                tx, "select count(*) from base.outbox where home_id = %s", (home(house.mall),)
            )
        assert found is not None
        return int(found[0])

    for n in range(3):
        await publish(house, event("order.accepted", n))
    house.clock.move(days=8)
    await publish(house, event("order.accepted", 9))
    await prune_outbox(house.env)
    assert await left() == 4, "nobody has read them"
    await worker.Relay(house.env, worker.REACTIONS).drain()
    await prune_outbox(house.env)
    assert await left() == 4, "the log has not read them"
    await provenance.Keeper(house.env, "mall.example").round()
    await prune_outbox(house.env)
    assert await left() == 1, "the young one stays"


def test_receivers_are_told_of_all_they_may_hear_of() -> None:
    known = {
        kind for kind, reactions in worker.REACTIONS.items() if any(r.name == "webhooks" for r in reactions)
    }
    assert set(BY_WIRE) - {Event.endpoint_test.wire} <= known


async def test_from_the_outbox_to_the_receiver(house: House, pace: Pace) -> None:
    post = Post(house)
    receiver = await post.receiver()
    buyer = await house.buyer()
    await post.endpoint(buyer, receiver)
    async with outgoing(receiver) as out:
        running = worker.Worker(house.env, out)
        running.start()
        await publish(house, *(post.order(buyer, o, 1) for o in range(1, 31)))
        started = time.monotonic()
        while len(receiver.got) < 30:
            await asyncio.sleep(0.01)
            assert time.monotonic() - started < pace.patience(10)
        started = time.monotonic()
        await running.stop()
        assert time.monotonic() - started < pace.patience(3)
    assert await post.states() == {"delivered": 30}
    assert {d.attempts for d in await notify.list_deliveries(house.env, house.actor)} == {1}
    await receiver.close()


async def test_a_turn_counts_what_it_did_not_where_it_looked(house: House) -> None:
    """A count of malls would put a line into an idle server's log every two seconds."""

    def turn(said: object) -> Callable[[Env], Awaitable[object]]:
        async def work(env: Env, mall: int, now: datetime) -> object:
            return said if mall == house.mall else None

        return everywhere(work)

    assert [await turn(said)(house.env) for said in (None, 0, (0, 0), Released())] == [0, 0, 0, 0]
    assert [await turn(said)(house.env) for said in (3, (2, 1), Released(delivered=3))] == [3, 3, 3]
