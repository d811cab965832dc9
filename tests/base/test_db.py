"""Pools of connections: once closed, nobody opens another, however late he comes."""

import asyncio

import psycopg
import pytest

from commissary.base import db


async def test_a_straggler_opens_no_pool_after_the_end(admin_dsn: str) -> None:
    """The pool's own tasks swallow a cancellation while they connect: left over, they keep a process from ending."""
    before = asyncio.all_tasks()
    database = db.Database(db.Dsns(admin_dsn, admin_dsn, admin_dsn))
    async with database.transaction(None) as tx:
        await tx.execute("select 1")
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    for role in ("app", "vault"):  # of a pool that is being closed, and of one that never was open
        with pytest.raises(psycopg.OperationalError):
            async with database.transaction(None, role):  # type: ignore[arg-type]
                pass
    await closing
    assert asyncio.all_tasks() == before
