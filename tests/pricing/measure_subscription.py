"""Not a test: 200 buyers subscribed to 10,000 SKUs each, and a change of 1,000 SKUs: how long the change takes with and
without them, and until every message of it is in the outbox.

PYTHONPATH=src:tests:. python tests/pricing/measure_subscription.py [subscribers] [SKUs]
"""

import asyncio
import contextlib
import sys
import time

import tests.conftest as throw_away

from commissary import pricing
from commissary.pricing.subscriptions import Wanted
from make.pricing import Counter, counter, ladder
from make.tenancy import ground as make_ground


async def main(buyers: int, count: int) -> None:
    with contextlib.contextmanager(throw_away.admin_dsn.__wrapped__)() as dsn:
        async with make_ground(dsn) as ground:
            made = await counter(await ground.mall())
            skus = made.skus(count, kind="topup")
            await made.price(made.list_id, {s: ladder((1, 10)) for s in skus})
            some = skus[:: count // 1_000]
            await timed("change of 1,000 SKUs, nobody subscribed", made.price(made.list_id, at(some, 10.1)))
            env, began = made.house.env, time.monotonic()
            for _ in range(buyers):
                wanted = Wanted(availability=True, threshold_bp=100, window_s=1)
                await pricing.subscribe(env, made.house.actor, await made.buyer(), wanted)
            print(f"subscribing: {(time.monotonic() - began) / buyers * 1000:.0f} ms each")
            teller, s = pricing.Teller(env), 0.0
            teller.monotonic = lambda: s
            await timed("seen by a process that begins", teller.round())
            s += 2
            await timed("everything compared", teller.round())
            await timed(f"change of 1,000 SKUs, {buyers} subscribed", made.price(made.list_id, at(some, 11)))
            await timed("seen", teller.round())
            s += 2
            cpu = time.process_time()
            messages = await timed("told", teller.round())
            print(f"{messages} messages, {time.process_time() - cpu:.1f} s of CPU in the process")
            quiet = await timed("a round with nothing new", teller.round())
            assert (quiet, messages > 0) == (0, True)
            await check(made, buyers, len(some))


def at(skus: list[int], price: float) -> dict[int, object]:
    return {s: ladder((1, price)) for s in skus}


async def timed(name: str, work: object) -> object:
    began = time.monotonic()
    done = await work  # type: ignore[misc]
    print(f"{name}: {time.monotonic() - began:.2f} s")
    return done


async def check(made: Counter, buyers: int, some: int) -> None:
    async with made.house.env.db.transaction(made.mall) as tx:
        found = await tx.execute("select count(*) from pricing.told where prices_e4 = '{110000}'")
        row = await found.fetchone()
    assert row == (buyers * some,), row


asyncio.run(main(*(int(a) for a in sys.argv[1:]) if len(sys.argv) > 2 else (200, 10_000)))
