"""A holder that stops in the middle of a batch keeps its rows locked; once its lease is over they are taken from it."""

import asyncio
import time
from collections.abc import Callable

import psycopg
import pytest

from commissary.base import db
from commissary.base.errors import Refused
from commissary.orders import Desk
from commissary.orders.lane import LEASE_S, Elsewhere
from make.pace import Pace
from world import World

LOCKS = (
    b"select l.fence, a.id, s.id from orders.lane l, ledger.account a, stock.lot s "
    b"where l.home_id = $1 and a.home_id = $1 and s.home_id = $1 for update"
)


def within_a_pipeline(tx: db.Tx, home: int, mall: int) -> None:
    """Half a batch was sent: PostgreSQL waits for the rest, and counts that as work."""
    pgconn = tx.pgconn
    pgconn.enter_pipeline_mode()
    for query, values in _statements(home, mall):
        pgconn.send_query_params(query, values)
    pgconn.send_flush_request()
    while pgconn.flush():
        pass


def behind_a_pipeline(tx: db.Tx, home: int, mall: int) -> None:
    """As psycopg ends a pipeline: a Sync, and a Flush when the answers are not there yet."""
    pgconn = tx.pgconn
    pgconn.enter_pipeline_mode()
    for query, values in _statements(home, mall):
        pgconn.send_query_params(query, values)
    pgconn.pipeline_sync()
    pgconn.send_flush_request()
    while pgconn.flush():
        pass


def _statements(home: int, mall: int) -> list[tuple[bytes, list[bytes]]]:
    return [
        (b"begin", []),
        (b"select set_config('app.mall', $1, true)", [str(mall).encode()]),
        (LOCKS, [str(home).encode()]),
    ]


def in_the_middle_of_the_answer(tx: db.Tx, home: int, mall: int) -> None:
    """More is coming than the socket holds, and nobody reads it."""
    pgconn = tx.pgconn
    pgconn.enter_pipeline_mode()
    for query, values in _statements(home, mall):
        pgconn.send_query_params(query, values)
    pgconn.send_query_params(b"select repeat('x', 1000000) from generate_series(1, 50)", [])
    pgconn.pipeline_sync()
    while pgconn.flush():
        pass


@pytest.mark.parametrize("stopped", [within_a_pipeline, behind_a_pipeline, in_the_middle_of_the_answer])
async def test_the_rows_of_a_holder_that_sleeps_are_taken_from_it(
    world: World, pace: Pace, stopped: Callable[[db.Tx, int, int], None]
) -> None:
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 10)
    buyer = await world.buyer(balance_e4=10**9)
    sleeper, other = world.new_desk(), world.new_desk()
    await world.place(buyer, sku, no="before", desk=sleeper)
    tx = sleeper.lane(world.home)._tx
    assert tx is not None
    stopped(tx, world.home, world.mall)
    name = db.lane_name(world.home, sleeper.holder)
    while not await world.rows(  # noqa: ASYNC110
        "select from pg_stat_activity where application_name = %s and wait_event like 'Client%%' and xact_start is not null",
        (name,),
    ):
        await asyncio.sleep(0.01)

    asleep, placed = time.monotonic(), None
    while placed is None and time.monotonic() - asleep < LEASE_S + pace.patience(4):
        try:
            placed = await world.place(buyer, sku, no="after", desk=other)
        except Refused:  # the lease lasts
            await asyncio.sleep(0.2)
    assert placed is not None
    assert time.monotonic() - asleep > LEASE_S / 2

    # Awake again it finds that the lane is another's.
    with pytest.raises(Elsewhere):
        await world.place(buyer, sku, no="awake", desk=sleeper)
    [(orders,)] = await world.rows("select count(*) from orders.orders where home_id = %s", (world.home,))
    assert orders == 2
    await other.drain()
    await sleeper.drain()


async def test_one_that_falls_asleep_after_the_lane_was_taken_is_ended_too(world: World, pace: Pace) -> None:
    """It was at work when the claim looked: only a holder that goes on asking finds it."""
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 10)
    buyer = await world.buyer(balance_e4=10**9)
    first, second = world.new_desk(), world.new_desk()
    await world.place(buyer, sku, no="before", desk=first)
    lane = first.lane(world.home)
    tx, lane._stopping = lane._tx, True  # as a process that is stopped: it renews nothing
    assert tx is not None
    taken_by, since = None, time.monotonic()
    while taken_by is None and time.monotonic() - since < LEASE_S + pace.patience(4):
        try:
            taken_by = await world.place(buyer, sku, no="taken", desk=second)
        except Refused:
            await asyncio.sleep(0.2)
    assert taken_by is not None
    await tx.execute("begin")
    await tx.execute(f"set local app.mall = '{world.mall}'".encode())
    await tx.execute("set local idle_in_transaction_session_timeout = 0")
    await tx.execute("select id from ledger.account where home_id = %s for update", (world.home,))
    keeping = asyncio.create_task(_keep(second))
    try:
        asked = time.monotonic()
        await world.place(buyer, sku, no="after", desk=second)
        assert time.monotonic() - asked < LEASE_S + pace.patience(4)
    finally:
        keeping.cancel()
    await second.drain()
    await tx.close()


async def _keep(desk: Desk) -> None:
    while True:
        await desk.keep()
        await asyncio.sleep(0.5)


async def test_a_holder_within_its_lease_is_left_alone(world: World) -> None:
    """However long its batch takes."""
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 10)
    buyer = await world.buyer(balance_e4=10**9)
    holder, other = world.new_desk(), world.new_desk()
    await world.place(buyer, sku, no="before", desk=holder)
    tx = holder.lane(world.home)._tx
    assert tx is not None
    async with tx.pipeline():
        for statement in db.beginning(world.mall):
            await tx.execute(statement)
        await tx.execute("select fence from orders.lane where home_id = %s for share", (world.home,))
    [(pid,)] = await world.rows(
        "select pid from pg_stat_activity where application_name = %s",
        (db.lane_name(world.home, holder.holder),),
    )
    with pytest.raises(Elsewhere):  # at once: who only asks waits for no batch
        await other.lane(world.home).ready()
    try:
        await tx.execute("commit")
    except psycopg.OperationalError as ended:
        raise AssertionError("the session of a living holder was ended") from ended
    assert await world.rows("select from pg_stat_activity where pid = %s", (pid,))
    await other.drain()
    await holder.drain()
