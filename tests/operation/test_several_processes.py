"""Two processes on one database: whichever is asked, one places; and when it dies or sleeps, the other takes over."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from commissary import insight
from commissary.orders.lane import LEASE_S
from make.pace import Pace
from world import Buyer, Ground, Served, World, free_port, signed

# From the end of a dead holder's lease until another places: PostgreSQL ends its session (2 s in a transaction), the
# other looks every half second, and a look may wait for a lock.
TAKE_OVER_S = 8


@dataclass
class Pair:
    """`holder` places for the mall, `other` forwards."""

    world: World
    buyer: Buyer
    sku: int
    holder: Served
    other: Served
    codes: dict[str, list[str]] = field(default_factory=dict)

    async def buy(self, at: Served, no: str, **headers: str) -> tuple[int, Any]:
        """One order of one piece. Answers that differ in their codes for one number are a fault of the test's own."""
        body = json.dumps({"client_order_no": no, "sku_id": str(self.sku), "quantity": 1}).encode()
        got = await at.raw(
            "POST",
            "/v1/orders",
            body,
            signed(self.buyer, "POST", "/v1/orders", body) | headers,
            timeout_s=40,
        )
        if got.status == 200:
            secrets = [code["secret"] for line in got.json["lines"] for code in line["codes"]]
            assert self.codes.setdefault(no, secrets) == secrets
        return got.status, got.json

    async def buy_surely(self, at: Sequence[Served], no: str) -> float:
        """As a client does: again with the same number until an answer is final; the seconds it took."""
        began = time.monotonic()
        for attempt in range(60):
            try:
                status, answer = await self.buy(at[attempt % len(at)], no)
            except (aiohttp.ClientError, OSError, TimeoutError):
                status = 0
            if status == 200:
                return time.monotonic() - began
            assert status == 0 or answer["outcome"] == "unknown" or answer["retryable"], answer
            await asyncio.sleep(0.2)
        raise AssertionError(f"{no} was never answered")

    async def lane(self) -> tuple[str, int]:
        [(address, fence)] = await self.world.rows(
            "select address, fence from orders.lane where home_id = %s", (self.world.home,)
        )
        return str(address), int(fence)

    async def over_for_s(self) -> float:
        """How long ago the lease of the lane ended, by the database's clock; negative while it lasts."""
        [(seconds,)] = await self.world.rows(
            "select extract(epoch from clock_timestamp() - expires_at)::float from orders.lane where home_id = %s",
            (self.world.home,),
        )
        return float(seconds)

    async def sessions(self) -> list[tuple[Any, ...]]:
        """What the lanes' connections are doing: told when a lane does not move."""
        return await self.world.rows(
            "select state, wait_event, clock_timestamp() - state_change, query from pg_stat_activity where application_name like 'lane%%'"
        )

    async def check(self) -> None:
        """Every order that was answered exists, no code went to two of them, the books are clean."""
        given = [secret for secrets in self.codes.values() for secret in secrets]
        assert len(given) == len(set(given))
        stored = await self.world.rows(
            "select client_order_no from orders.orders where home_id = %s", (self.world.home,)
        )
        assert set(self.codes) <= {no for (no,) in stored}
        assert len(stored) == len({no for (no,) in stored})
        # The world's builder seals codes without fingerprints and roots.
        builders = {"i8_every_code_has_its_fingerprint", "i8_sealed_batches_have_a_root"}
        findings = [f for f in await insight.audit(self.world.env) if f.check not in builders]
        assert not insight.broken(findings), insight.broken(findings)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def started(world_ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    world = await world_ground.world()
    logs = tmp_path_factory.mktemp("logs")
    sku = await world.sku()
    await world.price(sku, "9.50")
    await world.stock(sku, 6000)
    buyer = await world.buyer(balance_e4=10**12)
    holder = Served(world.admin_dsn, world_ground.key_folder, free_port(), logs / "holder.log")
    behind_a_proxy = {"COMMISSARY_PROXIES": "127.0.0.0/8"}
    other = Served(world.admin_dsn, world_ground.key_folder, free_port(), logs / "other.log", behind_a_proxy)
    await asyncio.gather(holder.start(), other.start())
    made = Pair(world, buyer, sku, holder, other)
    try:
        assert (await made.buy(holder, "first"))[0] == 200
        yield made
    finally:
        await asyncio.gather(holder.stop(), other.stop())
        await world.close()


@pytest.fixture
def pair(started: Pair) -> Pair:
    started.codes.clear()
    return started


async def test_orders_sent_to_either_are_placed_by_one(pair: Pair) -> None:
    numbers = iter(range(500))

    async def client() -> None:
        for number in numbers:
            at = pair.other if number % 2 else pair.holder
            assert (await pair.buy(at, f"alternate-{number}"))[0] == 200

    await asyncio.gather(*(client() for _ in range(32)))
    assert len(pair.codes) == 500
    assert await pair.lane() == (pair.holder.url, 1)

    # Whoever is asked, a number is one order.
    first = await pair.buy(pair.holder, "alternate-1")
    again = await pair.buy(pair.other, "alternate-1")
    assert first[1]["id"] == again[1]["id"]
    await pair.check()


async def test_the_holder_judges_by_the_clients_own_address(pair: Pair) -> None:
    pair = replace(pair, buyer=await pair.world.buyer(balance_e4=10**9, ip_allow=["203.0.113.9"]))
    believed = {"X-Forwarded-For": "203.0.113.9"}

    assert (await pair.buy(pair.other, "from-home", **believed))[0] == 200
    assert (await pair.buy(pair.other, "from-elsewhere"))[1]["code"] == "ip_not_allowed"
    # The holder trusts no proxy: the header counts for nothing, nor does one that looks like ours.
    assert (await pair.buy(pair.holder, "told", **believed))[1]["code"] == "ip_not_allowed"
    forged = {"Commissary-Forwarded": f"203.0.113.9 {int(time.time())} {'0' * 64}"}
    assert (await pair.buy(pair.holder, "forged", **forged))[1]["code"] == "ip_not_allowed"
    await pair.check()


async def test_tokens_batches_and_refusals_are_forwarded_as_well(pair: Pair) -> None:
    got = await pair.other.raw(
        "POST",
        "/oauth/token",
        f"grant_type=client_credentials&client_id={pair.buyer.key_id}&client_secret={pair.buyer.secret}".encode(),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert got.status == 200, got.body
    bearer = {"Authorization": f"Bearer {got.json['access_token']}", "Content-Type": "application/json"}
    order = {"client_order_no": "by-token", "sku_id": str(pair.sku), "quantity": 1}
    got = await pair.other.raw("POST", "/v1/orders", json.dumps(order).encode(), bearer)
    assert got.status == 200

    batch = {"orders": [order | {"client_order_no": f"batch-{i}"} for i in range(3)]}
    got = await pair.other.call(pair.buyer, "POST", "/v1/orders/batch", batch)
    assert [result["order"]["status"] for result in got.json["results"]] == ["delivered"] * 3

    unknown = order | {"client_order_no": "unknown", "sku_id": "1"}
    got = await pair.other.call(pair.buyer, "POST", "/v1/orders", unknown)
    assert got.json["code"] == "sku_unknown"
    assert got.headers["content-type"] == "application/problem+json"

    body = json.dumps(order | {"client_order_no": "once"}).encode()
    headers = signed(pair.buyer, "POST", "/v1/orders", body)
    first = await pair.other.raw("POST", "/v1/orders", body, headers)
    second = await pair.holder.raw("POST", "/v1/orders", body, headers)
    assert (first.status, second.json["code"]) == (200, "nonce_used")
    await pair.check()


async def test_a_killed_holder_is_replaced(pair: Pair, pace: Pace) -> None:
    assert pair.holder.process is not None
    under_way = [
        asyncio.create_task(pair.buy_surely([pair.holder, pair.other], f"load-{i}")) for i in range(40)
    ]
    await asyncio.sleep(0.02)
    await pair.holder.kill()
    killed_at = time.monotonic()
    # Asked in the moment of death: the other waits for the lease to end instead of sending its caller away.
    status, _ = await pair.buy(pair.other, "after-death")
    assert status == 200
    assert time.monotonic() - killed_at < LEASE_S + pace.patience(TAKE_OVER_S)
    await asyncio.gather(*under_way)
    assert await pair.lane() == (pair.other.url, 2)

    before = dict(pair.codes)
    for no in ("load-7", "load-0", "load-39", "after-death"):
        await pair.buy_surely([pair.other], no)
    assert pair.codes == before

    # Started again it forwards, to whom it lost the lane.
    await pair.holder.start()
    assert (await pair.buy(pair.holder, "back"))[0] == 200
    assert (await pair.lane())[0] == pair.other.url
    await pair.check()
    pair.holder, pair.other = pair.other, pair.holder


async def test_a_holder_that_slept_cannot_write_when_it_wakes(pair: Pair, pace: Pace) -> None:
    assert pair.holder.process is not None
    stop = asyncio.Event()
    done = 0
    _, fence = await pair.lane()

    async def client(number: int) -> None:
        nonlocal done
        at = [pair.holder, pair.other] if number % 2 else [pair.other, pair.holder]
        while not stop.is_set():
            await pair.buy_surely(at, f"sleep-{number}-{done}")
            done += 1

    async def so_many_more(orders: int, within_s: float) -> None:
        before, began = done, time.monotonic()
        while done < before + orders:
            assert time.monotonic() - began < pace.patience(within_s), await pair.sessions()
            await asyncio.sleep(0.05)

    clients = [asyncio.create_task(client(i)) for i in range(16)]
    await so_many_more(100, within_s=30)
    os.kill(pair.holder.process.pid, signal.SIGSTOP)
    try:
        # While the lease lasts nothing can be asked of anybody; from then on time counts.
        while (await pair.lane())[0] != pair.other.url:
            assert await pair.over_for_s() < pace.patience(TAKE_OVER_S), await pair.sessions()
            await asyncio.sleep(0.1)
        await so_many_more(100, within_s=30)
    finally:
        os.kill(pair.holder.process.pid, signal.SIGCONT)
    # Awake it answers by forwarding; what it had begun came to nothing, and its callers are told the truth.
    await pair.buy_surely([pair.holder], "awake")
    await so_many_more(100, within_s=30)
    stop.set()
    await asyncio.gather(*clients)
    assert await pair.lane() == (pair.other.url, fence + 1)
    await pair.check()
