"""TRD06 partial fill 部分交付. Five pieces are ordered, three can be delivered: the buyer pays for three, the money of two is
free again, he is told, and the order, the balance, the ledger and the audit agree. By hand, and from a supplier who gives back
the money of two. (Commission and invoice come later.)

    make test T=tests/journeys/test_trd06_partial.py
"""

from typing import Any

from commissary.simulators.shop import Order
from make.journey import Mall, cards, yuan
from make.sellers import seller
from make.trade import PHONE, WORK, Ear, listen, topped_up, until


async def test_three_of_five(mall: Mall) -> None:
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.price(topup, "3.3333")
    buyer, clerk = await mall.buyer("100"), await mall.sign_in("fulfilment")
    ear = await listen(mall, buyer.organisation, "order.partially_delivered")
    try:
        lines = [{"sku_id": topup, "quantity": 5, "fields": {"account": "13800138000"}}]
        placed = await mall.server.call(
            buyer, "POST", "/v1/orders", {"client_order_no": "five", "lines": lines}
        )
        assert (placed.status, placed.json["total"]) == (200, yuan("16.6665"))
        held = await mall.balance(buyer)
        assert (held["balance"], held["held"]) == (yuan("100.0000"), yuan("16.6665"))

        done = await topped_up(mall, clerk, placed.json, 3, "three")
        assert (done["status"], done["delivered"], done["returned_e4"]) == ("partial", 3, 6_6666)
        again = await topped_again(clerk, placed.json["id"])
        assert again["status"] == "partial"

        order = (await mall.server.call(buyer, "GET", f"/v1/orders/{placed.json['id']}")).json
        [line] = order["lines"]
        assert (order["status"], line["status"], line["delivered"]) == ("partially_delivered", "partial", 3)
        assert (line["amount"], line["returned"]) == (yuan("16.6665"), yuan("6.6666"))
        after = await mall.balance(buyer)
        assert (after["balance"], after["held"]) == (yuan("90.0001"), yuan("0.0000"))
        moved = (await mall.owner.get(f"/accounts/{buyer.account}/transfers"))["items"]
        paid = [(t["kind"], t["amount"]) for t in moved if t["order_id"] == order["id"]]
        assert paid == [("capture", yuan("-9.9999"))]

        async def told() -> bool:
            return bool(ear.events)

        await until(told)
        [event] = ear.events
        assert event.data["order_id"] == order["id"]
        assert event.data["lines"] == [{"sku_id": topup, "quantity": 5, "delivered": 3, "status": "partial"}]
        assert (await mall.commissary("check", "--json")).json["status"] == "clean"
    finally:
        await ear.receiver.close()


async def topped_again(clerk, order_id: str):  # type: ignore[no-untyped-def]
    """The same command once more: nothing happens, the answer is how it stands."""
    told = {"quantity": 3, "receipt": "R-three"}
    return await clerk.post(f"{WORK}/{order_id}/1/deliver", told, Idempotency_Key="three")


async def test_codes_found_by_hand_are_handed_over_with_the_part(mall: Mall) -> None:
    """A mixed order: codes from stock at once, a top-up line in part; each line is paid for what it brought."""
    code = await mall.sku()
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(2))
    await mall.price(code, "10")
    await mall.price(topup, "1")
    buyer, clerk = await mall.buyer("100"), await mall.sign_in("fulfilment")
    lines = [
        {"sku_id": code, "quantity": 2},
        {"sku_id": topup, "quantity": 5, "fields": {"account": "13800138000"}},
    ]
    order = (
        await mall.server.call(buyer, "POST", "/v1/orders", {"client_order_no": "mix", "lines": lines})
    ).json
    at = f"{WORK}/{order['id']}/2"
    await clerk.post(f"{at}/claim", {})
    found = {"quantity": 3, "codes": [{"secret": f"H{n}"} for n in range(3)]}
    await clerk.post(f"{at}/deliver", found, Idempotency_Key="h")
    done = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
    assert [line["status"] for line in done["lines"]] == ["delivered", "partial"]
    assert [c["secret"] for c in done["lines"][1]["codes"]] == ["H0", "H1", "H2"]
    assert done["lines"][1]["returned"] == yuan("2.0000")
    assert (await mall.balance(buyer))["balance"] == yuan("77.0000")


async def test_a_supplier_delivers_three_of_five(mall: Mall) -> None:
    """And gives back the money of two: so does the mall, by itself; its books with him say what three cost."""
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    ear = await listen(mall, buyer.organisation, "order.partially_delivered")
    try:
        async with seller(mall, price_e4=80_000) as him:
            await him.offer(sku)
            await him.read()
            heard = him.shop.placed

            def three(order: Order) -> None:
                heard(order)
                order.ends, order.gives, order.returns_e4 = "partial", 3, 2 * 80_000

            him.shop.placed = three
            order = await mall.order(buyer, sku, 5)
            held = await mall.balance(buyer)
            assert (held["balance"], held["held"]) == (yuan("100.0000"), yuan("49.3750"))

            async def ended() -> Any:
                now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
                return now if now["status"] != "processing" else None

            done = await until(ended, 60)
            [line], [there] = done["lines"], him.shop.orders.values()
            assert (done["status"], line["status"], line["delivered"]) == (
                "partially_delivered",
                "partial",
                3,
            )
            assert (line["amount"], line["returned"]) == (yuan("49.3750"), yuan("19.7500"))
            assert [c["secret"] for c in line["codes"]] == [secret for _, secret in there.handed]

        after = await mall.balance(buyer)
        assert (after["balance"], after["held"]) == (yuan("70.3750"), yuan("0.0000"))
        moved = (await mall.owner.get(f"/accounts/{buyer.account}/transfers"))["items"]
        assert [t["amount"] for t in moved if t["order_id"] == order["id"]] == [yuan("-29.6250")]
        [tried] = await mall.owner.get(f"/orders/{order['id']}/purchases")
        assert (tried["status"], tried["cost"]) == ("succeeded", yuan("24.0000"))
        [[owed, cost]] = await mall.rows(
            """select a.balance_e4, l.cost_e4 from ledger.account a, orders.line l
               where a.kind = 'prepaid' and a.owner_id = %s and l.order_id = %s""",
            (int(tried["supplier_id"]), int(order["id"])),
        )
        assert (owed, cost) == (-3 * 80_000, 3 * 80_000)
        [event] = await until(lambda: _events(ear))
        assert event.data["lines"] == [{"sku_id": sku, "quantity": 5, "delivered": 3, "status": "partial"}]
        assert (await mall.commissary("check", "--json")).json["status"] == "clean"
    finally:
        await ear.receiver.close()


async def _events(ear: Ear) -> Any:
    return ear.events
