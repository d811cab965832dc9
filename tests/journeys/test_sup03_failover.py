"""SUP03 one SKU, several suppliers 一品多源: three suppliers of different protocols serve one SKU. The cheapest fails, the order
succeeds by the second, exactly one purchase exists, and the record says who was weighed, at what cost, and why not. SUP10 the
loss guard 亏损保护: a cost that rose after listing is never paid. TRD09 the work log: the buyer sees every try with its result and
a mask for the supplier.

    make test T=tests/journeys/test_sup03_failover.py
"""

from contextlib import AsyncExitStack
from typing import Any

from make.journey import Mall, yuan
from make.sellers import CARD, seller
from make.trade import until
from world import Buyer


async def ended(mall: Mall, buyer: Buyer, order: Any, patience_s: float = 60) -> Any:
    async def over() -> Any:
        now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
        return now if now["status"] not in ("processing", "review", "scheduled") else None

    return await until(over, patience_s)


async def test_the_cheapest_fails_and_the_second_serves(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    async with AsyncExitStack() as stack:
        cheap = await stack.enter_async_context(seller(mall, "kasushou", place=0, price_e4=80_000))
        second = await stack.enter_async_context(seller(mall, "kakayun", place=1, price_e4=85_000))
        third = await stack.enter_async_context(seller(mall, "acg_faka", place=2, price_e4=90_000))
        for each in (cheap, second, third):
            await each.offer(sku)
            await each.read()
        cheap.shop.articles[CARD].stock = 0  # and the mall does not know yet
        order = await mall.order(buyer, sku, 2)
        assert order["status"] == "processing"
        done = await ended(mall, buyer, order)
        assert done["status"] == "delivered"
        assert len({c["secret"] for c in done["lines"][0]["codes"]}) == 2
        assert (cheap.bought, second.bought, third.bought) == (0, 1, 0)

        tried = await mall.owner.get(f"/orders/{order['id']}/purchases")
        assert [(t["status"], t["connection_id"]) for t in tried] == [
            ("failed", cheap.connection["id"]),
            ("succeeded", second.connection["id"]),
        ]
        # The record of each choice: who was weighed, at what cost and score, why not, and whom it fell on.
        first, then = ({w["unit_cost"]["amount"]: w for w in t["weighed"]} for t in tried)
        assert {cost: (w["excluded"], w["taken"]) for cost, w in first.items()} == {
            "8.0000": ("", True),
            "8.5000": ("", False),
            "9.0000": ("", False),
        }
        assert {cost: (w["excluded"], w["taken"]) for cost, w in then.items()} == {
            "8.0000": ("tried", False),
            "8.5000": ("", True),
            "9.0000": ("", False),
        }
        assert then["8.0000"]["score"] is None
        scores = [first[cost]["score"]["amount"] for cost in sorted(first)]
        assert [float(s) for s in scores] == sorted(float(s) for s in scores)
        assert all(float(w["score"]["amount"]) >= float(cost) for cost, w in first.items())
        clerk = await mall.sign_in("fulfilment")
        seen = await clerk.get(f"/orders/{order['id']}/purchases")
        may = "supply.read" in (await clerk.get("/me"))["permissions"]
        assert [t["weighed"] is not None for t in seen] == [may, may]
        # Neither protocol said anything that its connector does not know.
        assert [t["unread_fields"] for t in tried + seen] == [[]] * 4

        log = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}/log")).json
        assert [p["result"] for p in log["purchases"]] == ["failed", "delivered"]
        assert all(p["supplier"].startswith("S****") for p in log["purchases"])
        assert [e["action"] for e in log["items"]][:2] == ["buying", "bought_elsewhere"]
        assert (await mall.balance(buyer))["balance"] == yuan("80.2500")
        await mall.commissary("check")  # ends with 1 when an invariant is broken


async def test_a_cost_that_rose_is_not_paid(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    async with seller(mall, "kasushou", place=0, price_e4=80_000) as only:
        await only.offer(sku)
        await only.read()
        only.shop.articles[CARD].price_e4 = 98_751
        order = await mall.order(buyer, sku)
        done = await ended(mall, buyer, order)
        assert (done["status"], only.bought) == ("failed", 0)
        assert done["lines"][0]["reason"] == "no_supplier"
        assert (await mall.balance(buyer))["balance"] == yuan("100.0000")
        # Once the mall knows the new cost, the sale is refused before anything is asked.
        await only.offer(sku)
        refused = await mall.ask(buyer, (sku, 1))
        assert (refused.status, refused.json["code"]) == (409, "below_floor")
        # So is a buyer's own limit, by a word that never changes.
        only.shop.articles[CARD].price_e4 = 80_000
        await only.offer(sku)

        async def sold() -> Any:
            answer = await mall.ask(buyer, (sku, 1))
            return answer.json if answer.status == 200 else None

        assert (await ended(mall, buyer, await until(sold, 10)))["status"] == "delivered"
        told = {"client_order_no": "mine", "sku_id": sku, "max_unit_price": yuan("9.8749")}
        dear = await mall.server.call(buyer, "POST", "/v1/orders", told)
        assert (dear.status, dear.json["code"]) == (409, "price_above_max"), dear.body
        assert only.bought == 1
        # Whatever was bought was sold for more, by the ledger: the one purchase beside what its order paid.
        traded = await mall.rows(
            """select cost.amount_e4, sum(paid.amount_e4)::bigint from supply.attempt a
               join ledger.transfer cost on cost.home_id = a.home_id and cost.id = a.id
               left join ledger.transfer paid on paid.home_id = a.home_id and paid.order_id = a.order_id
               where a.home_id = %s group by cost.id, cost.amount_e4""",
            (mall.world.home,),
        )
        assert traded == [(80_000, 98_750)]
