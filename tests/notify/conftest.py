"""The SDK is a distribution of its own; its verifier is used from the source tree."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

sys.path.insert(0, str(Path(__file__).parents[2] / "sdk" / "python" / "src"))

from make.tenancy import Ground
from make.tenancy import ground as make_ground
from make.webhooks import Post


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ground(admin_dsn: str) -> AsyncIterator[Ground]:
    async with make_ground(admin_dsn) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def post(ground: Ground) -> AsyncIterator[Post]:
    made = Post(await ground.mall())
    yield made
    for receiver in made.receivers:
        await receiver.close()
    for sender in made.senders:
        await sender.stop()
        await sender.outgoing.close()
    async with made.house.env.db.transaction(made.house.mall) as tx:  # the next test's senders see every mall
        await tx.execute(
            "update notify.delivery set state = 'dead', ended_at = now() where home_id = %s and ended_at is null",
            (made.home,),
        )
