"""SIGTERM under load: what was begun is finished and answered, what comes is sent elsewhere, and elsewhere is open at once."""

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest_asyncio

from make.pace import Pace
from world import Answer, Buyer, Served, World, signed


@pytest_asyncio.fixture(loop_scope="session")
async def shop(world: World) -> tuple[int, Buyer]:
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 6000)
    return sku, await world.buyer(balance_e4=10**12)


@pytest_asyncio.fixture(loop_scope="session")
async def server(world: World, tmp_path: Path) -> AsyncIterator[Served]:
    async with world.serve(log=tmp_path / "server.log") as served:
        yield served


async def order(served: Served, buyer: Buyer, sku: int, no: str, **more: object) -> Answer:
    body = json.dumps({"client_order_no": no, "sku_id": str(sku), "quantity": 1} | more).encode()
    return await served.raw("POST", "/v1/orders", body, signed(buyer, "POST", "/v1/orders", body))


async def test_sigterm_breaks_nothing_off(
    world: World, shop: tuple[int, Buyer], server: Served, pace: Pace
) -> None:
    sku, buyer = shop
    assert server.process is not None
    by_hand = await world.sku("topup")
    await world.price(by_hand, "9.50")
    answered: dict[str, str] = {}
    last: list[Answer] = []

    async def client(number: int) -> None:
        """Buys until it is told that the server stops; anything but an answer fails the test."""
        for n in range(100_000):
            got = await order(server, buyer, sku, f"c{number}-{n}")
            if got.status != 200:
                last.append(got)
                return
            answered[f"c{number}-{n}"] = got.json["id"]

    async def ready() -> list[tuple[float, int]]:
        """What a balancer sees on connections of its own until the port is closed."""
        seen: list[tuple[float, int]] = []
        while True:
            try:
                async with aiohttp.ClientSession() as fresh, fresh.get(server.url + "/health/ready") as got:
                    seen.append((time.monotonic(), got.status))
            except aiohttp.ClientError:
                seen.append((time.monotonic(), 0))
                return seen
            await asyncio.sleep(0.02)

    clients = [asyncio.create_task(client(i)) for i in range(24)]
    patient = asyncio.create_task(order(server, buyer, by_hand, "patient", wait_ms=15_000))
    watch = asyncio.create_task(ready())
    await asyncio.sleep(1)
    assert len(answered) > 50
    server.process.send_signal(signal.SIGTERM)
    told_at = time.monotonic()
    await asyncio.gather(*clients)
    assert {(got.status, got.json["code"], got.headers["retry-after"]) for got in last} == {
        (503, "draining", "1")
    }
    # The long poll is answered early, with the order as it is.
    assert ((await patient).status, (await patient).json["status"]) == (200, "processing")

    seen = await watch
    at_503 = next(at for at, status in seen if status == 503)
    at_closed = next(at for at, status in seen if status == 0)
    assert at_503 - told_at < pace.patience(0.5)
    assert at_closed - told_at > 0.5
    assert await asyncio.wait_for(server.process.wait(), 30) == 0
    assert time.monotonic() - told_at < pace.patience(10)

    stored = await world.rows(
        "select client_order_no, id::text from orders.orders where home_id = %s", (world.home,)
    )
    assert dict(stored) == answered | {"patient": dict(stored)["patient"]}

    # The lane is free at once, though its lease of six seconds has hardly begun.
    free = "select count(*) from orders.lane where home_id = %s and expires_at <= clock_timestamp()"
    assert await world.rows(free, (world.home,)) == [(1,)]
    await server.start()
    began = time.monotonic()
    got = await order(server, buyer, sku, "after")
    assert got.status == 200
    assert time.monotonic() - began < pace.patience(2)


async def test_a_rolling_restart_behind_a_client_that_tries_again(
    world: World, shop: tuple[int, Buyer], server: Served, tmp_path: Path, pace: Pace
) -> None:
    """Two processes, one of them restarted, the holder of the lane: every order is placed once, nobody waits as long as a lease."""
    sku, buyer = shop
    codes: list[str] = []
    slowest = 0.0
    stop = asyncio.Event()

    async def client(number: int, servers: list[Served]) -> None:
        nonlocal slowest
        n = 0
        while not stop.is_set():
            began = time.monotonic()
            for attempt in range(200):
                try:
                    got = await order(servers[(number + attempt) % 2], buyer, sku, f"r{number}-{n}")
                except aiohttp.ClientConnectorError:
                    continue
                if got.status == 200:
                    codes.extend(code["secret"] for line in got.json["lines"] for code in line["codes"])
                    break
                assert got.json["code"] == "draining", got.json
                await asyncio.sleep(0.05)
            slowest = max(slowest, time.monotonic() - began)
            n += 1

    async with world.serve(log=tmp_path / "second.log") as second:
        assert (await order(server, buyer, sku, "holds-the-lane")).status == 200
        clients = [asyncio.create_task(client(i, [server, second])) for i in range(4)]
        await asyncio.sleep(0.5)
        assert server.process is not None
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(server.process.wait(), 30) == 0
        await server.start()
        stop.set()
        await asyncio.gather(*clients)
    assert len(codes) == len(set(codes)) > 50
    assert slowest < pace.patience(3)
    [(orders,)] = await world.rows("select count(*) from orders.orders where home_id = %s", (world.home,))
    assert orders == len(codes) + 1
