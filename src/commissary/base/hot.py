"""Statements of the order path: prepared once per connection, any number of them in one trip.

psycopg's cursors cost more than the order path's own work: each call parses the statement, looks at every parameter's
type and waits for its turn in the event loop. Here a trip is one pipeline of libpq: everything is sent, then everything
is read. PostgreSQL infers the parameters' types from the functions called; scalars travel as text, columns (`arrays`)
and bytes in binary.
"""

import asyncio
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult
from psycopg.rows import TupleRow

from commissary.base.arrays import Column
from commissary.base.db import Tx

_PARAMETER = re.compile(r"%\((\w+)\)s")
_numbers = itertools.count(1)


class Hot:
    """One statement, its `%(name)s` turned into `$1` once; `takes` is the order of its parameters."""

    def __init__(self, query: str) -> None:
        self.takes = tuple(dict.fromkeys(_PARAMETER.findall(query)))
        places = {name: f"${i}" for i, name in enumerate(self.takes, 1)}
        self.text = _PARAMETER.sub(lambda found: places[found[1]], query).encode()
        self.name = b"hot_%d" % next(_numbers)


Call = str | tuple[Hot, Mapping[str, Any]]
"""A plain statement (`begin`), or a hot one with its parameters."""

_prepared: WeakKeyDictionary[Tx, set[bytes]] = WeakKeyDictionary()


Early = Callable[[list[TupleRow]], None]


async def trip(tx: Tx, calls: Sequence[Call], early: Early | None = None) -> list[list[TupleRow]]:
    """The rows of each call, on a `lane_connection`. The first error is raised; what came after it in the trip was not done.

    `early` gets the rows of the first call as soon as they are there, while the server works on the others; it must not
    raise, and what it makes of them is worth nothing if the trip fails.

    Whoever is cancelled in the middle of a trip loses the connection: what the server made of it is unknown.
    """
    pgconn = tx.pgconn
    known = _prepared.setdefault(tx, set())
    new: set[bytes] = set()
    wanted: list[bytes | None] = []  # of each result: what it prepares, or None for a call
    first = 0  # results, up to and with the first call's
    whole = False
    shown: dict[PGresult, list[TupleRow]] = {}

    def show(result: PGresult) -> None:
        assert early is not None
        shown[result] = _rows(tx, result)
        early(shown[result])

    pgconn.enter_pipeline_mode()
    try:
        for call in calls:
            if early is not None and not first and wanted:
                pgconn.send_flush_request()
                pgconn.flush()  # and it may begin, while the others are packed
                first = len(wanted)
            if isinstance(call, str):
                pgconn.send_query_params(call.encode(), None)
                wanted.append(None)
                continue
            hot, given = call
            if hot.name not in known and hot.name not in new:
                pgconn.send_prepare(hot.name, hot.text)
                new.add(hot.name)
                wanted.append(hot.name)
            values, formats = _packed([given[name] for name in hot.takes])
            pgconn.send_query_prepared(hot.name, values, formats, Format.BINARY)
            wanted.append(None)
        pgconn.pipeline_sync()
        results = await _exchange(pgconn, first, show)
        pgconn.exit_pipeline_mode()
        whole = True
    finally:
        if not whole:
            pgconn.finish()
    for result, prepares in zip(results, wanted, strict=True):
        if result.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
        if (
            prepares is not None
        ):  # it stays, also when a later call of this trip fails and the transaction goes
            known.add(prepares)
    return [
        shown[result] if result in shown else _rows(tx, result)
        for result, prepares in zip(results, wanted, strict=True)
        if prepares is None
    ]


def _packed(given: Sequence[Any]) -> tuple[list[bytes | None], list[int]]:
    values: list[bytes | None] = []
    formats: list[int] = []
    for value in given:
        if isinstance(value, Column):
            values.append(value.packed())
            formats.append(1)
        elif value is None:
            values.append(None)
            formats.append(0)
        elif isinstance(value, bytes):
            values.append(value)
            formats.append(1)
        elif isinstance(value, datetime):
            values.append(value.isoformat().encode())
            formats.append(0)
        elif isinstance(value, int | str):
            values.append(str(value).encode())
            formats.append(0)
        else:
            raise TypeError(f"a hot statement takes no {type(value).__name__}")
    return values, formats


async def _exchange(pgconn: PGconn, first: int, early: Callable[[PGresult], None]) -> list[PGresult]:
    """Send what libpq holds and read to the end of the pipeline, watching the socket once for the whole trip: psycopg's
    own wait takes a task, a timer and two calls of the kernel each time that something comes."""
    loop, socket = asyncio.get_running_loop(), pgconn.socket
    ready = asyncio.Event()
    results: list[PGresult] = []
    loop.add_reader(socket, ready.set)
    sending = False
    try:
        if pgconn.flush():
            sending = True
            loop.add_writer(socket, ready.set)
        while True:
            while not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:  # between two calls; at the end of a dead connection for ever
                    if pgconn.status == ConnStatus.BAD:
                        raise errors.OperationalError("the server went away in the middle of a trip")
                    continue
                if result.status == ExecStatus.PIPELINE_SYNC:
                    return results
                results.append(result)
                if len(results) == first and result.status == ExecStatus.TUPLES_OK:
                    early(result)
            await ready.wait()
            ready.clear()
            pgconn.consume_input()
            if sending and not pgconn.flush():
                sending = False
                loop.remove_writer(socket)
    finally:
        if sending:
            loop.remove_writer(socket)
        loop.remove_reader(socket)


def _rows(tx: Tx, result: PGresult) -> list[TupleRow]:
    if not result.ntuples:
        return []
    reading = Transformer(tx)
    reading.set_pgresult(result)
    return reading.load_rows(0, result.ntuples, tuple)
