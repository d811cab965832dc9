"""SUP04 score, pause, recovery 供应商评分与自动熔断. Four of ten purchases come back as a proxy's page: within the minute the supplier is
paused, nothing more is sold of him, the mall is told by webhook, and an audit line says so. While he is away his probes fail and
he stays paused; then he answers, and is back by himself. Nobody touches a setting.

    make test T=tests/journeys/test_sup04_pause.py
"""

import asyncio
import time
from typing import Any

from commissary.simulators import Lie
from make.journey import Mall
from make.sellers import seller
from make.trade import listen, until

WINDOW_S = 60


async def test_a_supplier_who_fails_is_paused_told_of_and_back_by_himself(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("1000")
    ear = await listen(mall, mall.world.founded.organisation_id, "supplier.paused", "supplier.resumed")
    lies = [Lie.none, Lie.page_before, Lie.none, Lie.page_before, Lie.none] * 2
    try:
        async with seller(mall, price_e4=80_000, lies=lies) as him:
            path = f"/connections/{him.connection['id']}"
            await him.offer(sku)
            await him.read()
            assert (await mall.owner.get(f"{path}/score"))["grade"] == "new"
            about = f"connection:{him.connection['id']}"

            async def acts(kind: str) -> list[str]:
                found = (await mall.owner.get("/audit", subject=about))["items"]
                return [a["action"] for a in found if a["actor_kind"] == kind]

            by_people = await acts("person")

            async def status() -> str:
                return str((await mall.owner.get(path))["state"])

            async def told(kind: str) -> Any:
                return ear.heard(kind)

            began = time.monotonic()
            await asyncio.gather(*(mall.order(buyer, sku) for _ in range(10)))

            async def paused() -> bool:
                return await status() == "paused"

            await until(paused, WINDOW_S)
            assert time.monotonic() - began < WINDOW_S
            him.liar.down = True
            [event] = await until(lambda: told("supplier.paused"), 20)
            assert event.data["connection_id"] == him.connection["id"]
            refused = await until(lambda: _refused(mall, buyer, sku), 5)
            assert refused.json["code"] == "out_of_stock"
            await asyncio.sleep(25)  # longer than two probes
            assert await paused()
            assert ear.heard("supplier.resumed") == []

            him.liar.down = False

            async def on() -> bool:
                return await status() == "on"

            await until(on, 90)
            await until(lambda: told("supplier.resumed"), 20)

            async def sold() -> Any:
                answer = await mall.ask(buyer, (sku, 1))
                return answer if answer.status == 200 else None

            await until(sold, 10)
            assert (len(ear.heard("supplier.paused")), len(ear.heard("supplier.resumed"))) == (1, 1)
            assert await acts("system") == ["supply.on", "supply.paused"]
            assert await acts("person") == by_people, "nobody touched a setting"
            assert (await mall.owner.get(f"{path}/score"))["success_bp"] < 10_000
    finally:
        await ear.receiver.close()


async def _refused(mall: Mall, buyer: Any, sku: str) -> Any:
    answer = await mall.ask(buyer, (sku, 1))
    return answer if answer.status == 409 else None
