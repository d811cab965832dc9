from collections.abc import AsyncIterator

import pytest_asyncio

from make.orders import World
from make.orders import world as make_world
from make.tenancy import Ground
from make.tenancy import ground as make_ground


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(admin_dsn: str) -> AsyncIterator[Ground]:
    async with make_ground(admin_dsn) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def world(ground: Ground) -> AsyncIterator[World]:
    """A fresh mall; its books are checked after every test."""
    async with make_world(await ground.mall()) as made:
        yield made
