from pathlib import Path

import pytest
import pytest_asyncio

from commissary import provenance
from make.provenance import Export
from world import Buyer, World


@pytest.fixture
def exported(tmp_path: Path) -> Export:
    """The log as it is now, as files."""

    async def export(world: World) -> Path:
        folder = tmp_path / world.slug
        assert await provenance.export(world.env, world.home, folder) is not None
        return folder

    return export


@pytest_asyncio.fixture(loop_scope="session")
async def shop(world: World) -> tuple[World, Buyer, int]:
    sku = await world.sku()
    await world.price(sku, "9.5000")
    await world.stock(sku, 2_000)
    return world, await world.buyer(balance_e4=100_000_0000), sku
