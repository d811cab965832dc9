"""RSK10 recall of a batch 批次召回. A batch turns out to be stolen: what is unsold is frozen for good, everybody who holds its codes
is listed, and each of their orders is told once by a signed webhook, with the reason; the buyer reads it in full beside
his proof. If it is wished, now or later, every holder gets his money back, once. A repeat changes nothing.

    make test T=tests/journeys/test_rsk10_recall.py
"""

import asyncio
from decimal import Decimal

from make.journey import Mall, cards
from make.trade import listen, until
from world import Buyer


async def wallet(mall: Mall, buyer: Buyer) -> Decimal:
    told = (await mall.server.call(buyer, "GET", "/v1/balance")).json
    return Decimal(told["available"]["amount"])


async def test_a_recall_reaches_every_holder_once(mall: Mall) -> None:
    sku, other = await mall.sku(), await mall.sku()
    [batch] = (await mall.upload(sku, cards(60)))["batches"]
    await mall.upload(other, cards(10))
    await mall.price([sku, other], "9.5")
    buyers = [await mall.buyer(name=name) for name in ("甲", "乙")]
    ears = [await listen(mall, b.organisation, "order.recalled", place=i) for i, b in enumerate(buyers)]
    try:
        orders = {b: [await mall.order(b, sku, 2) for _ in range(8)] for b in buyers}
        untouched = await mall.order(buyers[0], other)
        word = {"reason": "stolen_cards"}
        moved = await mall.owner.post(f"/batches/{batch}/recall", word)
        assert moved["changed"] == 60 - 32
        assert (await mall.ask(buyers[0], (sku, 1))).json["code"] == "out_of_stock"

        holders = await mall.owner.every(f"/batches/{batch}/holders")
        held = {h["order_id"]: (h["buyer_name"], h["first"], h["last"]) for h in holders}
        assert set(held) == {o["id"] for placed in orders.values() for o in placed}
        assert untouched["id"] not in held
        assert {name for name, _, _ in held.values()} == {"甲", "乙"}
        assert sorted(n for _, first, last in held.values() for n in range(first, last + 1)) == list(
            range(1, 33)
        )

        async def all_told() -> bool:
            return all(len(ear.events) >= 8 for ear in ears)

        await until(all_told, 20)
        assert (await mall.owner.post(f"/batches/{batch}/recall", word))["changed"] == 0
        await asyncio.sleep(1.5)
        for buyer, ear in zip(buyers, ears, strict=True):
            assert {e.data["order_id"] for e in ear.events} == {o["id"] for o in orders[buyer]}
            assert len(ear.events) == 8
            for event in ear.events:
                assert (event.type, event.data["reason"]) == ("order.recalled", "stolen_cards")
                assert [(line["sku_id"], line["status"]) for line in event.data["lines"]] == [
                    (sku, "recalled")
                ]

        async def proven() -> bool:
            path = f"/v1/orders/{orders[buyers[0]][0]['id']}/proof"
            told = (await mall.server.call(buyers[0], "GET", path)).json
            return [(r["line_no"], r["batch_id"], r["reason"]) for r in told.get("recalls", ())] == [
                (1, batch, "stolen_cards")
            ]

        await until(proven, 10)
        [job] = await mall.owner.every("/jobs", kind="orders.recall")
        assert (job["state"], job["done"], job["total"]) == ("done", 16, 16)
        # Now with the money, for the batch that was recalled already; by somebody who may give it, and once.
        spent = [await wallet(mall, b) for b in buyers]
        purchasing = await mall.sign_in("purchasing")
        refused = await purchasing.call("POST", f"/batches/{batch}/recall", word | {"refund": True})
        assert (refused.status, refused.json["code"]) == (403, "forbidden")
        for _ in range(2):
            assert (await mall.owner.post(f"/batches/{batch}/recall", word | {"refund": True}))[
                "changed"
            ] == 0

        async def paid_back() -> bool:
            return [await wallet(mall, b) for b in buyers] == [s + 8 * 19 for s in spent]

        await until(paid_back, 20)

        async def done() -> bool:
            found = await mall.owner.every("/jobs", kind="orders.recall")
            return [(j["state"], j["done"]) for j in found] == [("done", 16)] * 2

        await until(done, 10)
        assert await paid_back()
        path = f"/v1/orders/{orders[buyers[0]][0]['id']}"
        assert (await mall.server.call(buyers[0], "GET", path)).json["status"] == "reversed"
        path = f"/v1/orders/{untouched['id']}"
        assert (await mall.server.call(buyers[0], "GET", path)).json["status"] == "delivered"
        assert all(len(ear.events) == 8 for ear in ears)
    finally:
        for ear in ears:
            await ear.receiver.close()
