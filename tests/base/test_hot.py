"""Trips on a placement connection: what came back, what an error leaves behind, and that a broken one is not used again."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from commissary.base import db, hot
from commissary.base.arrays import Bigints, Bools, Byteas, Ints, Smallints, Texts, Timestamps, Words

NUMBERS = hot.Hot("select n from unnest(%(numbers)s::bigint[]) as n order by n")
FAILS = hot.Hot("select 1 / %(by)s::integer")
FAILS_TOO = hot.Hot("select 2 / %(by)s::integer")
BACK = hot.Hot("select p from unnest(%(parts)s::bytea[]) as p")
ECHO = hot.Hot(
    "select %(i)s::bigint[], %(j)s::integer[], %(h)s::smallint[], %(b)s::boolean[], %(t)s::text[], %(w)s::text[],"
    " %(y)s::bytea[], %(at)s::timestamptz[], %(n)s::bigint, %(text)s::text, %(raw)s::bytea, %(when)s::timestamptz,"
    " %(none)s::bigint"
)


@pytest_asyncio.fixture(loop_scope="session")
async def tx(admin_dsn: str) -> AsyncIterator[db.Tx]:
    made = await psycopg.AsyncConnection.connect(admin_dsn, autocommit=True, prepare_threshold=None)
    yield made
    await made.close()


async def test_rows_come_back_call_by_call(tx: db.Tx) -> None:
    for numbers in ([3, 1, 2], [], list(range(1000))):
        begun, found, ended = await hot.trip(
            tx, ["begin", (NUMBERS, {"numbers": Bigints(numbers)}), "commit"]
        )
        assert (begun, found, ended) == ([], [(n,) for n in sorted(numbers)], [])


@pytest.mark.parametrize("count", [1, 3, 300, 600])
@pytest.mark.parametrize("nulls", ["none", "some", "all"])
async def test_every_kind_of_value_arrives_as_it_was(tx: db.Tx, count: int, nulls: str) -> None:
    def column(values: list[Any]) -> list[Any]:
        some = (values * count)[:count]
        return [None if nulls == "all" or (nulls == "some" and n % 2) else v for n, v in enumerate(some)]

    at = datetime(2026, 11, 25, 23, 28, 50, 123456, tzinfo=UTC)
    given = {
        "i": column([2**63 - 1, -(2**63), 0]),
        "j": column([2**31 - 1, -(2**31), 7]),
        "h": column([2**15 - 1, -(2**15), 7]),
        "b": column([True, False]),
        "t": column(["", "券厨", "a'b"]),
        "w": column(["sold", "券"]),
        "y": column([b"", b"\0\xff", b"xyz"]),
        "at": column([at]),
    }
    kinds = (Bigints, Ints, Smallints, Bools, Texts, Words, Byteas, Timestamps)
    columns = {name: kind(given[name]) for name, kind in zip(given, kinds, strict=True)}
    scalars = {"n": -5, "text": "it's", "raw": b"\0", "when": at, "none": None}
    [[row]] = await hot.trip(tx, [(ECHO, columns | scalars)])
    assert list(row[:8]) == list(given.values())
    assert row[8:11] == (-5, "it's", b"\0")
    assert row[11].astimezone(UTC) == at
    assert row[12] is None


async def test_more_than_the_sockets_hold_goes_both_ways(tx: db.Tx) -> None:
    """Whoever only sends until all is sent waits for a server that waits to be read."""
    large = Byteas([bytes([n]) * 1_000_000 for n in range(12)])
    calls: list[hot.Call] = [(BACK, {"parts": large})] * 3
    found = await asyncio.wait_for(hot.trip(tx, calls), 60)
    assert [[n for (n,) in rows] for rows in found] == [list(large.values)] * 3


async def test_an_error_is_raised_and_the_connection_goes_on(tx: db.Tx) -> None:
    """What was prepared before the error is prepared still, what stood behind it is not; both must work afterwards."""
    calls: list[hot.Call] = ["begin", (FAILS, {"by": 0}), (FAILS_TOO, {"by": 1}), "commit"]
    for _ in range(3):
        with pytest.raises(psycopg.errors.DivisionByZero):
            await hot.trip(tx, calls)
        await tx.execute("rollback")
    assert await hot.trip(tx, [(FAILS, {"by": 1}), (FAILS_TOO, {"by": 1})]) == [[(1,)], [(2,)]]


async def test_the_first_rows_are_shown_while_the_server_works_on_the_rest(tx: db.Tx) -> None:
    shown: list[tuple[list[Any], float]] = []
    began_s = time.monotonic()

    def show(rows: list[Any]) -> None:
        shown.append((rows, time.monotonic() - began_s))

    numbers = (NUMBERS, {"numbers": Bigints([2, 1])})
    for _ in range(2):  # prepared with the trip, and before it
        shown.clear()
        began_s = time.monotonic()
        found = await hot.trip(tx, [numbers, "select pg_sleep(0.5)", (FAILS, {"by": 1})], show)
        took_s = time.monotonic() - began_s
        assert [rows for rows, _ in shown] == [found[0]] == [[(1,), (2,)]]
        assert found[2] == [(1,)]
        assert shown[0][1] < took_s - 0.4


async def test_rows_of_a_trip_that_fails_are_shown_but_not_given(tx: db.Tx) -> None:
    shown: list[list[Any]] = []
    with pytest.raises(psycopg.errors.DivisionByZero):
        await hot.trip(tx, [(NUMBERS, {"numbers": Bigints([1])}), (FAILS, {"by": 0})], shown.append)
    assert shown == [[(1,)]]
    with pytest.raises(psycopg.errors.DivisionByZero):
        await hot.trip(tx, [(FAILS, {"by": 0}), (NUMBERS, {"numbers": Bigints([1])})], shown.append)
    assert shown == [[(1,)]], "of a call that failed there is nothing to show"
    assert await hot.trip(tx, [(FAILS, {"by": 1})]) == [[(1,)]]


async def test_who_is_cancelled_in_the_middle_loses_the_connection(tx: db.Tx) -> None:
    going = asyncio.create_task(hot.trip(tx, ["select pg_sleep(30)"]))
    await asyncio.sleep(0.2)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    assert tx.closed


@pytest.mark.parametrize("while_it", ["sleeps", "answers", "is away"])
async def test_a_server_that_goes_away_is_an_operational_error(
    tx: db.Tx, admin_dsn: str, while_it: str
) -> None:
    """However much of the answer came: nobody waits for the rest, or asks a dead connection for it for ever."""
    calls = {
        "sleeps": ["begin", "select pg_sleep(30)"],
        "answers": [
            "begin",
            "select repeat('x', 9000) from generate_series(1, 100000)",
            "select pg_sleep(30)",
        ],
        "is away": ["begin", "select 1", "commit"],
    }[while_it]
    pid = tx.info.backend_pid
    going = None if while_it == "is away" else asyncio.create_task(hot.trip(tx, list(calls)))
    await asyncio.sleep(0.2)
    async with await psycopg.AsyncConnection.connect(admin_dsn, autocommit=True) as other:
        await other.execute("select pg_terminate_backend(%s)", (pid,))
        while await db.rows(other, "select from pg_stat_activity where pid = %s", (pid,)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    with pytest.raises(psycopg.OperationalError):
        await asyncio.wait_for(going or hot.trip(tx, list(calls)), 20)
