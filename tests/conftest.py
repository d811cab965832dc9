"""A throw-away PostgreSQL for the whole test session."""

import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from commissary.base import embedded
from make import template
from make.pace import Pace
from make.tenancy import PASSWORDS
from world import Ground, World
from world import ground as make_ground

PREFIX = "commissary-test-"


@pytest.fixture(scope="session")
def admin_dsn() -> Iterator[str]:
    """The superuser's DSN to database `postgres`: `DATABASE_URL`, else a server of version COMMISSARY_TEST_PG (18).

    Durable as in production (fsync, synchronous_commit); make databases of your own in it, with your own names.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        with template.template(given, PASSWORDS):
            yield given
        return
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    version = int(os.environ.get("COMMISSARY_TEST_PG", "18"))
    data = folder / f"pg{version}"
    try:
        with embedded.claim(data):
            server = embedded.start(data, version=version, settings={"shared_buffers": "256MB"})
            with template.template(server.dsn("postgres"), PASSWORDS):
                yield server.dsn("postgres")
            embedded.stop(server, "immediate")
    finally:
        shutil.rmtree(folder)


def sweep() -> None:
    """Remove servers of test sessions that were killed: nobody holds their lease any more."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        for lock in folder.glob("pg*.lock"):
            if time.time() - lock.stat().st_mtime < 60:
                continue
            data = lock.with_suffix("")
            try:
                with embedded.claim(data):
                    embedded.stop(data, "immediate")
                    shutil.rmtree(folder, ignore_errors=True)
            except embedded.InUse:
                continue


@pytest.fixture
def pace() -> Iterator[Pace]:
    """How slow the machine is while this test runs: bounds in seconds are `pace.patience(…)`."""
    with Pace() as made:
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world_ground(admin_dsn: str) -> AsyncIterator[Ground]:
    """A throw-away database, one per module."""
    async with make_ground(admin_dsn) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def world(world_ground: Ground) -> AsyncIterator[World]:
    """A fresh mall in the module's database: tests/world.py."""
    made = await world_ground.world()
    yield made
    await made.close()
