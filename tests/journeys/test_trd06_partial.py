"""TRD06 partial fill 部分交付. Five pieces are ordered, three can be delivered: the buyer pays for three, the money of two is
free again, he is told, and the order, the balance, the ledger and the audit agree. By hand; what a supplier delivers in
part, commission and invoice come with their own issues.

    make test T=tests/journeys/test_trd06_partial.py
"""

from make.journey import Mall, cards, yuan
from make.trade import PHONE, WORK, listen, topped_up, until


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
