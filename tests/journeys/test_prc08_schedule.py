"""PRC08 scheduled prices 定时调价. 5,000 SKUs switch at one instant, scheduled before. Programs order twenty of them at a
time, from a second or more before to as long after: every order is all old or all new, and the line is at the instant.

    make test T=tests/journeys/test_prc08_schedule.py
"""

import asyncio
import random
from datetime import UTC, datetime, timedelta

from make.journey import Mall, yuan
from make.pace import Pace

COUNT, LINES, PROGRAMS = 5_000, 20, 12


async def test_no_order_mixes_old_and_new_lines(mall: Mall, pace: Pace) -> None:
    skus = await mall.many_skus(COUNT)
    await mall.price(skus, "20")
    buyer = await mall.buyer("10000000")
    assert (
        await mall.ask(buyer, (skus[0], 1))
    ).status == 200  # the first order waits until the prices are read
    around = timedelta(seconds=min(5, pace.patience(1)))
    switch = datetime.now(UTC) + 3 * around + timedelta(seconds=1)
    change = await mall.price(skus, "10", valid_from=switch.isoformat(), reason="618")
    assert (change["kind"], change["entries"]) == ("schedule", COUNT)
    assert datetime.fromisoformat(change["valid_from"]) == switch
    assert datetime.now(UTC) < switch - 1.2 * around, "too slow to see what comes before"

    seen: list[tuple[datetime, set[str]]] = []

    async def program(seed: int) -> None:
        chance = random.Random(seed)
        while (now := datetime.now(UTC)) < switch + around:
            if now < switch - around:
                await asyncio.sleep(0.05)
                continue
            answer = await mall.ask(buyer, *((sku, 1) for sku in chance.sample(skus, LINES)))
            assert answer.status == 200, answer.body
            order = answer.json
            placed = datetime.fromisoformat(order["created_at"])
            seen.append((placed, {line["unit_price"]["amount"] for line in order["lines"]}))

    await asyncio.gather(*(program(seed) for seed in range(PROGRAMS)))
    assert all(prices == ({"20.0000"} if at < switch else {"10.0000"}) for at, prices in seen)
    before = sum(at < switch for at, _ in seen)
    assert before > 20
    assert len(seen) - before > 20
    one = await mall.owner.get(f"/skus/{skus[-1]}/why", buyer_id=buyer.organisation)
    assert one["unit_price"] == yuan("10.0000")
    assert (one["entry"]["change_kind"], one["entry"]["reason"]) == ("schedule", "618")
