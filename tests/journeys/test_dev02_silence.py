"""DEV02 failures on demand 故障模拟: a supplier who says nothing for 31 seconds, in real time, behind a real socket. What he
did meanwhile is not known, so it is asked about, and not bought again; an answer that comes that late still counts.

    make test T=tests/journeys/test_dev02_silence.py
"""

from datetime import datetime
from typing import Any

from commissary import simulators
from commissary.simulators import Lie
from make.journey import Mall, yuan
from make.pace import Pace
from make.sellers import seller
from make.trade import until


async def test_silence_of_31_seconds_is_asked_about_and_nothing_is_bought_twice(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    with Pace() as pace:
        async with seller(mall, lies=[Lie.silent_after, Lie.slow]) as him:
            him.liar.slow_s = simulators.SILENCE_S
            await him.offer(sku)
            silent = await mall.order(buyer, sku)
            await until(lambda: _bought(him, 1), pace.patience(10))
            slow = await mall.order(buyer, sku)
            await until(lambda: _bought(him, 2), pace.patience(10))

            async def seen(order: Any, status: str) -> Any:
                found = await mall.owner.get(f"/orders/{order['id']}/purchases")
                assert len(found) == 1, found
                return found[0] if found[0]["status"] == status else None

            # He said nothing for as long: he may have sold it, so it is neither done nor failed.
            unknown = await until(lambda: seen(silent, "unknown"), simulators.SILENCE_S + pace.patience(10))
            assert unknown["people_since"] is None
            done = await until(lambda: seen(silent, "succeeded"), pace.patience(30))
            assert done["id"] == unknown["id"]
            late = await until(lambda: seen(slow, "succeeded"), simulators.SILENCE_S + pace.patience(10))
            took = datetime.fromisoformat(late["ended_at"]) - datetime.fromisoformat(late["called_at"])
            assert took.total_seconds() >= simulators.SILENCE_S
            assert done["asked"] >= 1
            assert him.bought == 2
    for order in (silent, slow):
        now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
        assert (now["status"], len(now["lines"][0]["codes"])) == ("delivered", 1)
    assert (await mall.balance(buyer))["balance"] == yuan("80.2500")
    await mall.commissary("check")


async def _bought(him: Any, count: int) -> bool:
    return him.bought == count
