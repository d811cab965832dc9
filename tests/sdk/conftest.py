"""The SDK is a distribution of its own; its tests run from the source tree, against the real mall in a process of its
own, over a line that fails on demand."""

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

sys.path[:0] = [str(Path(__file__).parents[2] / "sdk" / "python" / "src"), str(Path(__file__).parent)]

from bad_line import BadLine  # noqa: E402
from shop import Mall, Shop  # noqa: E402

from make.receivers import Receiver  # noqa: E402
from world import Buyer, Ground, free_port  # noqa: E402


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mall(world_ground: Ground) -> AsyncIterator[Mall]:
    """The real one, in a process of its own; `receiver` is where it may send webhooks."""
    world = await world_ground.world()
    receiver = await Receiver(port=free_port()).open()
    skus = {name: await world.sku() for name in ("sku", "other", "empty")}
    skus["topup"] = await world.sku("topup", fields=[_PHONE])
    for sku in skus.values():
        await world.price(sku, ladder={1: "9.8750", 10: "9.5000"})
    await world.stock(skus["sku"], 5_000)
    await world.stock(skus["other"], 5_000)
    allowed = {"COMMISSARY_OUTGOING_ALLOW": f"127.0.0.1:{receiver.port}"}
    async with world.serve(settings=allowed) as server:
        yield Mall(world, server, {name: str(sku) for name, sku in skus.items()}, receiver)
    await receiver.close()
    await world.close()


@pytest_asyncio.fixture(loop_scope="session")
async def buyer(mall: Mall) -> Buyer:
    """A fresh one, with money."""
    return await mall.world.buyer(balance_e4=500_000_0000)


@pytest.fixture
def shop(mall: Mall, buyer: Buyer) -> Iterator[Shop]:
    with BadLine(mall.server.port) as line:
        made = Shop(mall.world, mall.server, line, buyer, **mall.skus)
        yield made
        made.close()


_PHONE = {"name": "phone", "label_zh": "手机号", "label_en": "Mobile number", "type": "phone", "target": True}
