"""kill -9 in the middle of sending: every event arrives at least once, in order per order, and none is lost."""

import asyncio
import dataclasses
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from pathlib import Path

from commissary.base import outbox
from commissary.base.outgoing import HostPort
from make.pace import Pace
from make.tenancy import House
from make.webhooks import Post

ORDERS, STEPS = 60, 4


async def begin(house: House, allow: HostPort, node: int, ahead_s: int = 0) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("worker_process.py")), stdin=PIPE, stdout=PIPE
    )
    told = {
        "node": node,
        "kek": house.ground.keys.keks["k1"].hex(),
        "ahead_s": ahead_s,
        "dsns": dataclasses.asdict(house.ground.dsns),
        "port": allow[1],
    }
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(told).encode() + b"\n")
    await process.stdin.drain()
    assert await process.stdout.readline() == b"started\n"
    return process


async def test_killed_workers_lose_nothing(house: House, pace: Pace) -> None:
    post = Post(house)
    house.clock.move(seconds=time.time() - house.clock.now.timestamp())
    receiver = await post.receiver(delay_s=0.01)
    buyer = await house.buyer()
    await post.endpoint(buyer, receiver)

    async def publish(n: int) -> None:
        for first in range(0, ORDERS, 20):
            async with house.env.db.transaction(house.mall) as tx:
                events = [post.order(buyer, 1 + o, n, "accepted") for o in range(first, first + 20)]
                await outbox.publish(tx, post.home, events, house.clock.now)

    async def reach(count: int) -> None:
        started = time.monotonic()
        while len({g.id for g in receiver.got}) < count:
            await asyncio.sleep(0.005)
            assert time.monotonic() - started < pace.patience(30), (len(receiver.got), await post.states())

    killed = []
    for n in range(1, STEPS + 1):
        await publish(n)
        process = await begin(house, ("127.0.0.1", receiver.port), 100 + n, 100 * n)
        try:
            if n < STEPS:  # die while some of this step is on its way
                await reach(ORDERS * (n - 1) + 10)
                killed.append((await post.states()).get("sending", 0))
            else:
                await reach(ORDERS * STEPS)
        finally:
            process.kill()
            await process.wait()
    assert max(killed) > 0, "no kill came in the middle of sending"
    story = defaultdict(list)
    for got in receiver.got:
        story[got.news["order_id"]].append(got.news["sequence"])
    assert len(story) == ORDERS
    for told in story.values():
        first_heard = list(dict.fromkeys(told))
        assert first_heard == [1, 2, 3, 4]
    repeated = len(receiver.got) - ORDERS * STEPS
    assert repeated <= 64 * (STEPS - 1), "more than what was leased at the kills was sent again"
    await receiver.close()
