"""One installation with a running server for all journeys, a fresh mall in it for each."""

from collections.abc import AsyncIterator

import pytest_asyncio

from make.journey import Installation, Mall
from make.trade import ALLOW
from world import Served, free_port, ground


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def installation(admin_dsn: str) -> AsyncIterator[Installation]:
    async with ground(admin_dsn) as made:
        log = made.key_folder.parent / "server.log"
        server = Served(made.admin_dsn, made.key_folder, free_port(), log, ALLOW, apart=True)
        await server.start()
        try:
            yield Installation(made, server)
        finally:
            await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def mall(installation: Installation) -> AsyncIterator[Mall]:
    made = await installation.mall()
    yield made
    await made.world.close()
