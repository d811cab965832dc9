"""TRD08 a success that was none 成功后冲正. A top-up is delivered; the next day, by the clock of a test mall, it turns out not to
have arrived: the order shows reversed, the money is back, the buyer is told, and no second reversal pays twice. So with
codes: what the buyer has seen is not sold again. And so when the supplier takes it back himself: his account is even again.

    make test T=tests/journeys/test_trd08_reversal.py
"""

import asyncio
from dataclasses import replace
from typing import Any

from make.journey import Installation, cards, yuan
from make.sellers import TOPUP, seller
from make.trade import PHONE, listen, topped_up, travel, twin, until


async def test_reversed_on_the_next_day(installation: Installation) -> None:
    mall = await twin(installation)
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    code = await mall.sku()
    await mall.upload(code, cards(2))
    await mall.price(topup, "30")
    await mall.price(code, "9")
    buyer, clerk = await mall.buyer("100"), await mall.sign_in("fulfilment")
    ear = await listen(mall, buyer.organisation)
    try:
        lines = [
            {"sku_id": topup, "quantity": 1, "fields": {"account": "13800138000"}},
            {"sku_id": code, "quantity": 1},
        ]
        told = {"client_order_no": "trusting", "lines": lines}
        order = (await mall.server.call(buyer, "POST", "/v1/orders", told)).json
        path = f"/v1/orders/{order['id']}"
        await topped_up(mall, clerk, order, 1, "paid")
        assert (await mall.server.call(buyer, "GET", path)).json["status"] == "delivered"
        assert (await mall.balance(buyer))["balance"] == yuan("61.0000")

        await travel(mall, days=1)
        clerk = await mall.sign_in("fulfilment")
        assert await clerk.refused("POST", f"/orders/{order['id']}/reverse", wrong("x")) == (403, "forbidden")
        for _ in range(2):  # the same command again changes nothing
            back = await mall.owner.post(
                f"/orders/{order['id']}/reverse", wrong("supplier_reversed"), Idempotency_Key="k1"
            )
            assert (back["status"], back["returned_e4"]) == ("reversed", 30_0000)
        answer = await mall.owner.call(
            "POST",
            f"/orders/{order['id']}/reverse",
            wrong("twice"),
            headers={"Idempotency-Key": "k2"},
        )
        assert (answer.status, answer.json["code"]) == (409, "wrong_state")

        seen = (await mall.server.call(buyer, "GET", path)).json
        assert [(line["status"], line.get("reason")) for line in seen["lines"]] == [
            ("reversed", "supplier_reversed"),
            ("delivered", None),
        ]
        assert seen["lines"][0]["returned"] == yuan("30.0000")
        assert (await mall.balance(buyer))["balance"] == yuan("91.0000")

        await mall.owner.post(
            f"/orders/{order['id']}/reverse", {"line_no": 2, "reason": "dead_code"}, Idempotency_Key="k3"
        )
        seen = (await mall.server.call(buyer, "GET", path)).json
        assert seen["status"] == "reversed"
        assert (await mall.balance(buyer))["balance"] == yuan("100.0000")
        stock = await mall.owner.get(f"/skus/{code}/stock")
        assert (stock["available"], stock["sold"]) == (1, 1)

        async def told_twice() -> bool:
            return len(ear.heard("order.reversed")) == 2

        await until(told_twice)
        first = ear.heard("order.reversed")[0]
        assert first.data["lines"][0]["status"] == "reversed"
        log = (await mall.server.call(buyer, "GET", f"{path}/log")).json["items"]
        assert log[-1]["text_zh"]
        assert log[-1]["text_en"]
        acts = await mall.owner.get("/audit", subject=f"order:{order['id']}")
        assert [a["action"] for a in acts["items"]].count("orders.reverse") == 2
    finally:
        await ear.receiver.close()


async def test_a_supplier_takes_back_his_success_on_the_next_day(installation: Installation) -> None:
    """He calls, twice, and a forger before him: the order shows reversed, the money is back on both sides, the buyer is told once."""
    mall = await twin(installation)
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.price(topup, "9.8750")
    buyer = await mall.buyer("100")
    ear = await listen(mall, buyer.organisation, "order.reversed")
    try:
        async with seller(mall, price_e4=80_000) as him:
            field = next(iter(him.shop.articles[TOPUP].fields))
            await him.offer(topup, TOPUP, field_map={"account": field})
            lines = [{"sku_id": topup, "quantity": 1, "fields": {"account": "13800138000"}}]
            told = {"client_order_no": "trusting", "lines": lines}
            order = (await mall.server.call(buyer, "POST", "/v1/orders", told)).json

            async def has(status: str) -> Any:
                now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
                return now if now["status"] == status else None

            async def owed() -> int:
                [[sum_e4]] = await mall.rows(
                    """select sum(balance_e4)::bigint from ledger.account where kind = 'prepaid' and owner_id = %s""",
                    (int(him.connection["supplier_id"]),),
                )
                return int(sum_e4)

            await until(lambda: has("delivered"), 60)
            assert (await mall.balance(buyer))["balance"] == yuan("90.1250")
            assert await owed() == -80_000

            await travel(mall, days=1)
            [bought] = him.shop.orders.values()
            assert him.liar.deliver is not None
            call = him.liar.supplier.callback(bought)
            assert call is not None
            him.liar.deliver(replace(call, body=call.body.replace(b"3", b"5", 1)))  # not his signature
            await asyncio.sleep(1)
            assert await has("delivered")
            him.shop.fail(bought)  # he gives the money back, and calls
            call = him.liar.supplier.callback(bought)
            assert call is not None
            for _ in "twice":
                him.liar.deliver(call)
            seen = await until(lambda: has("reversed"), 30)
            [line] = seen["lines"]
            assert (line["status"], line["reason"]) == ("reversed", "reversed_by_supplier")
            assert line["returned"] == yuan("9.8750")
            assert (await mall.balance(buyer))["balance"] == yuan("100.0000")
            assert await owed() == 0
            [tried] = await mall.owner.get(f"/orders/{order['id']}/purchases")
            assert (tried["status"], tried["reason"]) == ("failed", "reversed")

            async def heard() -> Any:
                return ear.events

            [event] = await until(heard)
            assert event.data["order_id"] == order["id"]
            assert (await mall.commissary("check", "--json")).json["status"] == "clean"
            await asyncio.sleep(1)
            assert len(ear.events) == 1
    finally:
        await ear.receiver.close()


def wrong(reason: str) -> dict[str, object]:
    return {"line_no": 1, "reason": reason}
