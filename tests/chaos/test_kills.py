"""kill -9 of the server and of PostgreSQL under signed load: nothing acknowledged is lost, nothing is bought twice.

The quick form kills the server three times and the postmaster once. `COMMISSARY_CHAOS=50:10` is the long form.
"""

import asyncio
import json
import os
import random
import secrets
import shutil
import signal
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psycopg
import pytest_asyncio

from commissary import insight
from commissary.base import embedded
from world import Answer, Buyer, Served, World, ground

SERVER_KILLS, POSTMASTER_KILLS = map(int, os.environ.get("COMMISSARY_CHAOS", "3:1").split(":"))
CLIENTS = 2
AT_ONCE = 8  # orders in flight per client
RECOVERY_S = 30.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def guarded() -> AsyncIterator[tuple[World, embedded.Server]]:
    """A mall on a PostgreSQL of its own, which is started again whenever it ends, as `commissary up` does."""
    folder = Path(tempfile.mkdtemp(prefix="commissary-test-"))
    data = folder / f"pg{os.environ.get('COMMISSARY_TEST_PG', '18')}"
    version = int(data.name[2:])

    def start() -> embedded.Server:
        return embedded.start(data, version=version, settings={"shared_buffers": "128MB"})

    try:
        with embedded.claim(data):
            server = start()
            stop_guarding = embedded.guard(server, start, lambda _: None, every_s=0.2)
            try:
                async with ground(server.dsn("postgres")) as on:
                    yield await on.world(), server
            finally:
                stop_guarding()
                embedded.stop(data, "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Client:
    """A buyer's program: sends an order until it has an answer, always under the same number."""

    buyer: Buyer
    skus: list[int]
    server: Served
    rng: random.Random
    answered: dict[str, Answer] = field(default_factory=dict)
    asked: dict[str, bytes] = field(default_factory=dict)
    last_s: float = 0.0
    ended: bool = False

    async def run(self) -> None:
        await asyncio.gather(*(self._one_after_another(n) for n in range(AT_ONCE)))

    async def _one_after_another(self, hand: int) -> None:
        n = 0
        while not self.ended:
            n += 1
            no = f"{self.buyer.organisation}-{hand}-{n}"
            lines = [
                {"sku_id": str(self.rng.choice(self.skus)), "quantity": self.rng.choice((1, 1, 2, 3))}
                for _ in range(self.rng.choice((1, 1, 2)))
            ]
            self.asked[no] = json.dumps({"client_order_no": no, "lines": lines}).encode()
            await self._until_answered(no)

    async def _until_answered(self, no: str) -> None:
        """503, a lost connection, a time-out: not known, so the same again."""
        while True:
            try:
                answer = await self.server.call(
                    self.buyer, "POST", "/v1/orders", body=self.asked[no], timeout_s=20
                )
            except (aiohttp.ClientError, OSError, TimeoutError):
                await asyncio.sleep(0.05)
                continue
            if answer.status == 200 or (answer.json["outcome"] == "failed" and answer.status != 503):
                self.answered[no] = answer
                self.last_s = time.monotonic()
                return
            await asyncio.sleep(0.05)


async def test_kills_lose_nothing(guarded: tuple[World, embedded.Server]) -> None:
    world, postgres = guarded
    rng = random.Random(secrets.randbits(32))
    skus = [await world.sku() for _ in range(4)]
    for sku in skus:
        await world.price(sku, "9.0000")
        await world.stock(sku, 30_000 if SERVER_KILLS > 3 else 4_000)
    buyers = await world.buyers(CLIENTS, balance_e4=10_000_000_0000)
    kills = (
        ["server"] * SERVER_KILLS + ["postmaster"] * POSTMASTER_KILLS + ["worker"] * max(1, SERVER_KILLS // 5)
    )
    rng.shuffle(kills)
    recoveries: dict[str, list[float]] = {"server": [], "postmaster": [], "worker": []}

    log = world.ground.key_folder.parent / "server.log"
    async with world.serve(log=log, apart=True) as server:
        clients = [Client(b, skus, server, rng) for b in buyers]
        running = asyncio.gather(*(c.run() for c in clients))
        await _answers_after(clients, time.monotonic())
        for what in kills:
            await asyncio.sleep(rng.uniform(0.2, 0.8))
            killed_at = time.monotonic()
            if what == "server":
                await server.kill()
                await server.start()
            elif what == "worker":
                while not (workers := server.workers):  # noqa: ASYNC110 - the one before was just killed
                    await asyncio.sleep(0.02)
                os.kill(workers[0], signal.SIGKILL)
            else:
                pid = postgres.pid
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
                while postgres.pid in (pid, None):  # its orphans go on answering for a moment
                    assert time.monotonic() - killed_at < RECOVERY_S, "PostgreSQL did not come back"
                    await asyncio.sleep(0.02)
            await _answers_after(clients, time.monotonic())
            recoveries[what].append(time.monotonic() - killed_at)
        await asyncio.sleep(0.5)
        for client in clients:
            client.ended = True
        await asyncio.wait_for(running, 60)

        # Every answer is still the answer: over HTTP, and in the tables.
        for client in clients:
            some = rng.sample(sorted(client.answered), min(60, len(client.answered)))
            for no in some:
                again = await _asked_again(client, no)
                assert again.status == client.answered[no].status
                if again.status == 200:
                    assert again.json == client.answered[no].json
    told = await _nothing_lost(world, clients)
    found = insight.broken(await insight.audit(world.env))
    assert found == [], found
    print(f"\n{told}; every invariant holds")
    for what, r in recoveries.items():
        if r:
            print(
                f"{what} killed {len(r)} times, answering again after {statistics.median(r):.1f} s (median), at most {max(r):.1f} s"
            )
    assert max(r for each in recoveries.values() for r in each) <= RECOVERY_S


async def _asked_again(client: Client, no: str) -> Answer:
    """The replay reads through a pool of its own, which may still be busy reconnecting."""
    moment = time.monotonic()
    while True:
        answer = await client.server.call(client.buyer, "POST", "/v1/orders", body=client.asked[no])
        if answer.status != 503 or time.monotonic() - moment > RECOVERY_S:
            return answer
        await asyncio.sleep(0.1)


async def _answers_after(clients: list[Client], moment: float) -> None:
    """Until each client got an answer to an order again."""
    while not all(c.last_s > moment for c in clients):
        assert time.monotonic() - moment < 2 * RECOVERY_S, "the mall did not come back"
        await asyncio.sleep(0.02)


async def _nothing_lost(world: World, clients: list[Client]) -> str:
    """What was compared, in a sentence."""
    with psycopg.connect(world.admin_dsn) as tx:
        kept = {
            no: (str(id_), amount)
            for no, id_, amount in tx.execute(
                "select client_order_no, id, amount_e4 from orders.orders"
            ).fetchall()
        }
    acknowledged = {no: a.json for c in clients for no, a in c.answered.items() if a.status == 200}
    assert acknowledged, "no order went through"
    missing, unasked = acknowledged.keys() - kept.keys(), kept.keys() - acknowledged.keys()
    different = [
        no
        for no, order in acknowledged.items()
        if no in kept and kept[no] != (order["id"], round(float(order["total"]["amount"]) * 10_000))
    ]
    told = f"{len(acknowledged)} orders acknowledged, {len(missing)} missing, {len(unasked)} unasked, {len(different)} different"
    assert (missing, unasked, different) == (set(), set(), []), told
    codes = [c["secret"] for o in acknowledged.values() for line in o["lines"] for c in line["codes"]]
    assert len(codes) == len(set(codes)), "a code was delivered twice"
    return f"{told}; {len(codes)} codes delivered, none twice"
