"""TRD11 one trace 一单一档. Any number of an order that somebody may hold in his hand, pasted into the console's search, opens
the same case file: the order's id and order_no, the buyer's client_order_no, the id of the request that placed it, the decision
of risk, the hold, the transfer of the payment, the purchase at a supplier by our number and by his, the delivery and the `webhook-id` of a callback.

    make test T=tests/journeys/test_trd11_case_file.py
"""

import asyncio
from typing import Any
from urllib.parse import quote

from make.journey import Mall, cards, yuan
from make.sellers import seller
from make.trade import PHONE, listen, topped_up, until


async def test_every_number_opens_the_same_file(mall: Mall) -> None:
    code = await mall.sku()
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(20))
    await mall.price(code, "9")
    await mall.price(topup, "5")
    buyer, other = await mall.buyer("1000", name="Lin Trading"), await mall.buyer("1000")
    ear = await listen(mall, buyer.organisation)
    try:
        lines = [
            {"sku_id": code, "quantity": 2},
            {"sku_id": topup, "quantity": 5, "fields": {"account": "13800138000"}},
        ]
        for n in range(5):  # neighbours in time
            await mall.order(other, code, 1, no=f"before-{n}")
        told = {"client_order_no": "2026/11-A", "lines": lines, "end_user": {"device_id": "d-1"}}
        answer = await mall.server.call(buyer, "POST", "/v1/orders", told)
        order, request = answer.json, answer.headers["Commissary-Request-Id"]
        again = await mall.server.call(buyer, "POST", "/v1/orders", told)
        assert again.json["id"] == order["id"]
        assert again.headers["Commissary-Request-Id"] != request
        await mall.order(other, code, 1, no="after")
        await topped_up(mall, await mall.sign_in("fulfilment"), order, 3, "three", line=2)

        async def heard() -> bool:
            return len(ear.events) == 2

        await until(heard)
        [case] = await search(mall, order["id"])
        numbers = {
            "order": order["id"],
            "order_no": order["order_no"],
            "client_order_no": "2026/11-A",
            "request": request,
            "decision": order["decision_id"],
            "hold": case["holds"][0]["id"],
            "webhook": ear.events[0].id,
            "later webhook": ear.events[1].id,
        }
        numbers |= {f"transfer {n}": t["id"] for n, t in enumerate(case["transfers"])}
        numbers |= {f"delivery {n}": d["id"] for n, d in enumerate(case["deliveries"])}
        assert len(numbers) == 12
        for name, number in numbers.items():
            assert await search(mall, number) == [case], name

        assert (case["order"]["buyer_name"], case["order"]["status"]) == (
            "Lin Trading",
            "partially_delivered",
        )
        assert case["order"]["total"] == yuan("43.0000")
        assert [(line["status"], line["delivered"]) for line in case["lines"]] == [
            ("delivered", 2),
            ("partial", 3),
        ]
        assert [(t["kind"], t["amount"]) for t in case["transfers"]] == [
            ("sale", yuan("-18.0000")),
            ("capture", yuan("-15.0000")),
        ]
        [hold] = case["holds"]
        assert (hold["captured"], hold["released"]) == (yuan("15.0000"), yuan("10.0000"))
        assert [leaf["kind"] for leaf in case["custody"]] == ["sold", "delivered"]
        assert [d["event"] for d in case["deliveries"]] == ["order.accepted", "order.partially_delivered"]
        assert [w["action"] for w in case["work"]][-1] == "partly_delivered"
        assert "orders.deliver" in [a["action"] for a in case["acts"]]
        assert case["decisions"] == []
    finally:
        await ear.receiver.close()


async def test_a_request_leads_to_all_its_orders_and_a_purchase_to_its_own(mall: Mall) -> None:
    code = await mall.sku()
    await mall.upload(code, cards(20))
    await mall.price(code, "9")
    buyer = await mall.buyer("1000")
    orders = [{"client_order_no": f"b-{n}", "sku_id": code} for n in range(3)]
    orders.append({"client_order_no": "b-none", "sku_id": "7"})
    answer = await mall.server.call(buyer, "POST", "/v1/orders/batch", {"orders": orders})
    placed = [r["order"]["id"] for r in answer.json["results"] if "order" in r]
    alone = await mall.order(buyer, code, no="alone")
    request = answer.headers["Commissary-Request-Id"]
    assert [c["order"]["id"] for c in await search(mall, request)] == placed
    assert {c["order"]["request_id"] for c in await search(mall, request)} == {request}
    [case] = await search(mall, alone["id"])
    assert case["order"]["request_id"] not in (None, request)
    assert await search(mall, case["order"]["request_id"]) == [case]
    read = await mall.server.call(buyer, "GET", f"/v1/orders/{alone['id']}")
    assert await search(mall, read.headers["Commissary-Request-Id"]) == [], "it placed nothing"

    bought = await mall.sku()
    await mall.price(bought, "9")
    async with seller(mall, price_e4=50_000) as made:
        await made.offer(bought)
        await asyncio.sleep(1)  # every process has read it within a second
        order = await mall.order(buyer, bought, no="from-a-supplier")

        async def done() -> Any:
            return await mall.owner.get(f"/orders/{order['id']}/purchases")

        [purchase] = await until(done)
        [case] = await search(mall, purchase["id"])
        assert case["order"]["id"] == order["id"]

        async def numbered() -> Any:
            [bought] = await mall.owner.get(f"/orders/{order['id']}/purchases")
            return bought["supplier_ref"]

        # As the supplier calls it.
        [case] = await search(mall, await until(numbered))
        assert case["order"]["id"] == order["id"]


async def test_what_one_may_not_read_is_left_out_and_nobody_elses_is_found(mall: Mall) -> None:
    code = await mall.sku()
    await mall.upload(code, cards(5))
    await mall.price(code, "9")
    one, two = await mall.buyer("1000"), await mall.buyer("1000")
    mine, his = await mall.order(one, code, no="same"), await mall.order(two, code, no="same")
    both = await search(mall, "same")
    assert sorted(c["order"]["id"] for c in both) == sorted([mine["id"], his["id"]])

    # Somebody's own number may look like another's id: both are shown.
    odd = await mall.order(two, code, no=mine["id"])
    assert {c["order"]["id"] for c in await search(mall, mine["id"])} == {mine["id"], odd["id"]}

    clerk = await mall.sign_in("developer")
    [case] = (await clerk.get("/cases", number=mine["order_no"]))["items"]
    assert (case["transfers"], case["holds"], case["decisions"], case["acts"]) == (None, None, None, None)
    assert case["custody"] is not None

    elsewhere = await mall.installation.mall("Elsewhere")
    rid = case["order"]["request_id"]
    for number in (mine["id"], mine["order_no"], "same", mine["decision_id"], rid):
        assert await search(elsewhere, number) == []
    for nothing in (
        "1",
        "9223372036854775807",
        "evt_1_2_3",
        "1-1",
        "0" * 8 + "-" + "f" * 13,
        "没有",
        "x" * 80,
    ):
        assert await search(mall, nothing) == []
    assert (await mall.owner.refused("GET", "/cases?number="))[0] == 422


async def search(mall: Mall, number: str):  # type: ignore[no-untyped-def]
    return (await mall.owner.get(f"/cases?number={quote(number, safe='')}"))["items"]
