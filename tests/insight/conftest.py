from collections.abc import AsyncIterator

import pytest_asyncio

from make.tenancy import Ground, House
from make.tenancy import ground as make_ground


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(admin_dsn: str) -> AsyncIterator[Ground]:
    async with make_ground(admin_dsn) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def house(ground: Ground) -> House:
    return await ground.mall()


@pytest_asyncio.fixture(loop_scope="session")
async def other(ground: Ground) -> House:
    return await ground.mall("Other")
