"""TRD11 one trace 一单一档. Any number of an order that somebody may hold in his hand, pasted into the console's search, opens
the same case file: the order's id and order_no, the buyer's client_order_no, the decision of risk, the hold, the transfer
of the payment, the delivery and the `webhook-id` of a callback. The number of the procurement comes with suppliers.

    make test T=tests/journeys/test_trd11_case_file.py
"""

from urllib.parse import quote

from make.journey import Mall, cards, yuan
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
        order = (await mall.server.call(buyer, "POST", "/v1/orders", told)).json
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
            "decision": order["decision_id"],
            "hold": case["holds"][0]["id"],
            "webhook": ear.events[0].id,
            "later webhook": ear.events[1].id,
        }
        numbers |= {f"transfer {n}": t["id"] for n, t in enumerate(case["transfers"])}
        numbers |= {f"delivery {n}": d["id"] for n, d in enumerate(case["deliveries"])}
        assert len(numbers) == 11
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

    clerk = await mall.sign_in("fulfilment")
    [case] = (await clerk.get("/cases", number=mine["order_no"]))["items"]
    assert (case["transfers"], case["holds"], case["decisions"], case["acts"]) == (None, None, None, None)
    assert case["custody"] is not None

    elsewhere = await mall.installation.mall("Elsewhere")
    for number in (mine["id"], mine["order_no"], "same", mine["decision_id"]):
        assert await search(elsewhere, number) == []
    for nothing in ("1", "9223372036854775807", "evt_1_2_3", "1-1", "没有", "x" * 80):
        assert await search(mall, nothing) == []
    assert (await mall.owner.refused("GET", "/cases?number="))[0] == 422


async def search(mall: Mall, number: str):  # type: ignore[no-untyped-def]
    return (await mall.owner.get(f"/cases?number={quote(number, safe='')}"))["items"]
