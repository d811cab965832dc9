"""One server and one mall per module, and a receiver of callbacks that the server may call."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from tests.partnerapi.shops import APP_ID, APP_SECRET, SHOPS, Shop

from commissary import partnerapi
from world import Buyer, Ground, Served, World, free_port

ShopOf = Callable[[str, Buyer], Awaitable[Shop]]


@dataclass
class Heard:
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Ear:
    """A shop's own address. `word` is what it answers; `calls` is everything that came."""

    url: str
    word: Callable[[Heard], tuple[int, str]] = lambda _: (200, "ok")
    calls: list[Heard] = field(default_factory=list)


@dataclass
class House:
    """The server, its log, and an ear."""

    served: Served
    ear: Ear
    log: Path


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(world_ground: Ground, tmp_path_factory: object) -> AsyncIterator[House]:
    port = free_port()
    ear = Ear(f"http://127.0.0.1:{port}")

    async def take(request: web.Request) -> web.Response:
        heard = Heard(request.path, dict(request.query), dict(request.headers), await request.read())
        ear.calls.append(heard)
        status, text = ear.word(heard)
        return web.Response(status=status, text=text)

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    log = tmp_path_factory.mktemp("faces") / "server.log"  # type: ignore[attr-defined]
    served = Served(
        world_ground.admin_dsn,
        world_ground.key_folder,
        free_port(),
        log,
        {"COMMISSARY_OUTGOING_ALLOW": f"127.0.0.1:{port}"},
    )
    await served.start()
    try:
        yield House(served, ear, log)
    finally:
        await served.stop()
        await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(world_ground: Ground) -> AsyncIterator[World]:
    """One mall per module: each that sells keeps a connection of its own in the server."""
    made = await world_ground.world()
    yield made
    await made.close()


async def connected(world: World) -> None:
    """Its staff has entered the mall's application with 闲管家."""
    await partnerapi.enter_application(world.env, world.actor, "xianguanjia", APP_ID, APP_SECRET)


@pytest_asyncio.fixture(loop_scope="session")
async def shop_of(house: House, world: World) -> ShopOf:
    """A shop of that protocol, connected as that buyer."""
    house.ear.calls.clear()
    house.ear.word = lambda _: (200, "ok")

    async def made(name: str, buyer: Buyer) -> Shop:
        if name == "xianguanjia":
            await connected(world)
        return SHOPS[name](house.served, buyer)

    return made


@pytest.fixture(autouse=True)
def no_faults(house: House) -> Iterator[None]:
    """Whatever a test sends: what the server writes of it is no fault of ours."""
    before = len(house.log.read_text())
    yield
    written = house.log.read_text()[before:]
    assert "Traceback" not in written, written
    assert "not reachable" not in written, written
