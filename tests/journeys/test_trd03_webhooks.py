"""TRD03 signed webhooks 签名回调. A buyer's receiver is down for an hour, by the clock of a test mall, while his orders are
accepted, delivered and reversed; then it is up. Every event arrives once per id, in order per order, with a signature
that the SDK verifies; the delivery log shows each try; a replay from the console brings the same id and body again.

    make test T=tests/journeys/test_trd03_webhooks.py
"""

import asyncio
from collections import defaultdict

from make.journey import Installation
from make.trade import PHONE, listen, topped_up, travel, twin, until

ORDERS = 6
STEPS = ["order.accepted", "order.delivered", "order.reversed"]


async def test_a_receiver_that_was_down_for_an_hour(installation: Installation) -> None:
    mall = await twin(installation)
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.price(topup, "10")
    buyer = await mall.buyer("1000")
    ear = await listen(mall, buyer.organisation)
    try:
        ear.down = True
        placed = []
        for n in range(ORDERS):
            lines = [{"sku_id": topup, "quantity": 1, "fields": {"account": f"1380013800{n}"}}]
            told = {"client_order_no": f"PO-{n}", "lines": lines}
            if n == 0:
                told["callback_url"] = (
                    "https://elsewhere.example.com/hook"  # not his endpoint's host: not called
                )
            answer = await mall.server.call(buyer, "POST", "/v1/orders", told)
            assert answer.status == 200, answer.body
            placed.append(answer.json)
        for n, order in enumerate(placed):
            await topped_up(mall, mall.owner, order, 1, f"d{n}")
            reverse = {"line_no": 1, "reason": "supplier_reversed"}
            await mall.owner.post(f"/orders/{order['id']}/reverse", reverse, Idempotency_Key=f"r{n}")
        for _ in range(12):  # an hour, five minutes at a time
            await asyncio.sleep(0.3)
            await travel(mall, minutes=5)
        assert ear.events == []
        assert ear.calls >= 5, "a receiver that is down is asked now and then"
        down = ear.calls

        ear.down = False

        async def all_there() -> bool:
            await travel(mall, minutes=10)
            return len(ear.events) >= ORDERS * len(STEPS)

        await until(all_there, 20, 0.4)
        await asyncio.sleep(0.5)  # and nothing twice

        assert len(ear.events) == len({e.id for e in ear.events}) == ORDERS * len(STEPS)
        stories = defaultdict(list)
        for event in ear.events:
            stories[event.data["order_id"]].append((event.data["sequence"], event.type))
        for order in placed:
            told_of = stories[order["id"]]
            assert [kind for _, kind in told_of] == STEPS
            numbers = [n for n, _ in told_of]
            assert numbers == sorted(set(numbers))
        [delivered] = [e for e in ear.heard("order.delivered") if e.data["client_order_no"] == "PO-1"]
        assert delivered.data["lines"] == [
            {"sku_id": topup, "quantity": 1, "delivered": 1, "status": "delivered"}
        ]

        log = await mall.owner.every("/webhook-deliveries", endpoint_id=ear.endpoint_id)
        assert {d["state"] for d in log} == {"delivered"}
        full = [await mall.owner.get(f"/webhook-deliveries/{d['id']}") for d in log]
        tries = [t["status"] for d in full for t in d["attempts"]]
        assert (tries.count(204), tries.count(500)) == (ORDERS * len(STEPS), down)

        first = ear.events[0]
        [asked] = [d for d in full if d["delivery"]["event_id"] == first.id]
        again = await mall.owner.post(
            "/webhook-deliveries/replay", {"delivery_ids": [asked["delivery"]["id"]]}
        )
        assert again == {"replayed": 1}

        async def replayed() -> bool:
            return len(ear.events) > ORDERS * len(STEPS)

        await until(replayed)
        assert (ear.events[-1].id, ear.events[-1].raw) == (first.id, first.raw)
    finally:
        await ear.receiver.close()
