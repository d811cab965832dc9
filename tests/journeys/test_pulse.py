"""A mall's day beside the same day a week ago, as its workbench shows it: counted from the orders, without what comes back,
and without costs for whoever may not see them.

    make test T=tests/journeys/test_pulse.py
"""

from make.journey import Installation, cards, yuan
from make.trade import travel, twin


async def test_today_beside_a_week_ago(installation: Installation) -> None:
    mall = await twin(installation)
    sku = await mall.sku()
    await mall.upload(sku, cards(20), cost="4")
    await mall.price(sku, "10")
    buyer = await mall.buyer("1000")
    first = await mall.order(buyer, sku, 3)
    await mall.order(buyer, sku, 1)
    before = await mall.owner.get("/pulse")
    assert (before["today"]["orders"], before["today"]["pieces"], before["today"]["delivered"]) == (2, 4, 4)
    assert (before["today"]["amount"], before["today"]["profit"]) == (yuan("40.0000"), yuan("24.0000"))
    assert before["then"]["orders"] == 0
    assert sum(h["orders"] for h in before["hours"]) == 2
    assert [h["hour"] for h in before["hours"]] == list(range(24))

    undo = {"line_no": 1, "reason": "bad codes"}
    await mall.owner.post(f"/orders/{first['id']}/reverse", undo, Idempotency_Key="back")
    after = await mall.owner.get("/pulse")
    assert (after["today"]["orders"], after["today"]["amount"]) == (2, yuan("10.0000"))

    await travel(mall, days=7, minutes=1)
    await mall.order(buyer, sku, 2)
    now = await mall.owner.get("/pulse")
    assert now["day"] != before["day"]
    assert (now["today"]["orders"], now["today"]["amount"]) == (1, yuan("20.0000"))
    assert (now["then"]["orders"], now["then"]["amount"]) == (2, yuan("10.0000"))
    assert sum(h["then_orders"] for h in now["hours"]) == 2
    await travel(mall, days=1)
    assert (await mall.owner.get("/pulse"))["then"]["orders"] == 0

    support = await mall.sign_in("support")
    assert (await support.get("/pulse"))["today"]["profit"] is None
