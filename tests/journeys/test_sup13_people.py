"""SUP13 just-in-time supply 人工供货（申报库存、按单供货）. A supplier who has no program declares 20 pieces, 5 of his codes are in
the vault: 25 sales go through, the 26th is refused. He fetches what is asked of him, or hears of it, and provides: by his own
program, or in the console. What he refuses goes back to the buyer, and his score falls.

    make test T=tests/journeys/test_sup13_people.py
"""

import asyncio
import json
from collections import Counter
from typing import Any

from make.friends import friend
from make.journey import Mall, cards, yuan
from make.receivers import Receiver
from make.trade import RECEIVERS, until
from world import Buyer


async def ended(mall: Mall, buyer: Buyer, order: Any) -> Any:
    async def over() -> Any:
        now = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}")).json
        return now if now["status"] != "processing" else None

    return await until(over, 30)


async def test_twenty_declared_and_five_in_the_vault_are_twenty_five_sales(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer, him = await mall.buyer("1000"), await friend(mall)
    await mall.upload(sku, cards(5), cost="8", supplier_id=him.id)
    offer = await him.offer(sku, 20)
    await asyncio.sleep(1)  # every process has read it within a second

    answers = await asyncio.gather(*(mall.ask(buyer, (sku, 1)) for _ in range(26)))
    assert Counter(a.status for a in answers) == {200: 25, 409: 1}
    assert [a.json["code"] for a in answers if a.status == 409] == ["out_of_stock"]
    orders = [a.json for a in answers if a.status == 200]
    assert Counter(o["status"] for o in orders) == {"delivered": 5, "processing": 20}

    asked = await him.wanted(20)
    [told] = (await him.call("GET", "/v1/supply/offers"))["items"]
    assert (told["stock"], told["asked"], told["free"]) == (20, 20, 0)
    codes = dict(zip([w["id"] for w in asked], cards(20, "Z"), strict=True))
    for w in asked:
        given = {"codes": [{"secret": codes[w["id"]]}]}
        done = await him.call("POST", f"/v1/supply/requests/{w['id']}/provide", given)
        assert (done["status"], done["cost"]) == ("succeeded", yuan("8.0000"))
        again = await him.call("POST", f"/v1/supply/requests/{w['id']}/provide", given)
        assert again == done  # an answer that was lost
    got = [await ended(mall, buyer, o) for o in orders]
    assert {o["status"] for o in got} == {"delivered"}
    assert len({o["lines"][0]["codes"][0]["secret"] for o in got}) == 25
    assert (await mall.balance(buyer))["balance"] == yuan("753.1250")
    [[owed]] = await mall.rows(
        "select sum(balance_e4)::bigint from ledger.account where kind = 'prepaid' and owner_id = %s",
        (int(him.id),),
    )
    assert owed == -20 * 80_000
    refused = await mall.ask(buyer, (sku, 1))
    assert (refused.status, refused.json["code"]) == (409, "out_of_stock")

    before = await mall.owner.get(f"/connections/{him.connection['id']}/score")
    # He declares anew, in the console; then he cannot after all.
    told = await him.person.put(f"/declared/{offer['id']}", {"stock": 2, "unit_cost": yuan("7.9000")})
    assert (told["free"], told["unit_cost"]) == (2, yuan("7.9000"))
    await asyncio.sleep(1)
    order = await mall.order(buyer, sku, 2)
    [w] = await him.wanted(1)
    refusal = {"reason": "上家没货了"}
    done = await him.person.post(f"/supply-requests/{w['id']}/refuse", refusal)
    assert done["status"] == "failed"
    failed = await ended(mall, buyer, order)
    assert failed["status"] == "failed"
    assert (await mall.balance(buyer))["balance"] == yuan("753.1250")
    [tried] = await mall.owner.get(f"/orders/{order['id']}/purchases")
    assert (tried["status"], tried["reason"], tried["said"]) == (
        "failed",
        "refused_by_supplier",
        "上家没货了",
    )
    log = (await mall.server.call(buyer, "GET", f"/v1/orders/{order['id']}/log")).json
    assert [p["result"] for p in log["purchases"]] == ["failed"]
    assert (log["items"][0]["action"], log["items"][-1]["action"]) == ("buying", "failed")
    after = await mall.owner.get(f"/connections/{him.connection['id']}/score")
    assert after["points"] < before["points"]
    await mall.commissary("check")  # ends with 1 when an invariant is broken


async def test_he_is_called_when_something_is_asked_of_him(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer, him = await mall.buyer("100"), await friend(mall, provide_within_s=600)
    ear = await Receiver(port=RECEIVERS[0]).open()
    try:
        hook = {"url": ear.url, "events": ["supplier.requested"]}
        await him.call("POST", "/v1/webhook-endpoints", hook)
        await him.offer(sku, 3)
        await asyncio.sleep(1)
        await mall.order(buyer, sku, 2)

        async def called() -> Any:
            return ear.got

        [got] = await until(called, 20)
        body = json.loads(got.body)
        [w] = await him.wanted(1)
        assert body["type"] == "supplier.requested"
        assert body["data"]["purchase_id"] == w["id"]
        assert (body["data"]["quantity"], body["data"]["unit_cost"]) == (2, yuan("8.0000"))
    finally:
        await ear.close()


async def test_another_suppliers_requests_are_not_there(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.price(sku, "9.8750")
    buyer, him, stranger = await mall.buyer("100"), await friend(mall), await friend(mall)
    offer = await him.offer(sku, 3)
    await asyncio.sleep(1)
    await mall.order(buyer, sku)
    [w] = await him.wanted(1)
    assert (await stranger.call("GET", "/v1/supply/requests"))["items"] == []
    assert (await stranger.person.get("/supply-requests"))["items"] == []
    assert (await stranger.person.get("/declared"))["items"] == []
    codes = {"codes": [{"secret": cards(1)[0]}]}
    for act, body in (("take", None), ("provide", codes), ("refuse", {"reason": "no"})):
        of = f"/supply-requests/{w['id']}/{act}"
        assert await stranger.person.refused("POST", of, body) == (404, "attempt_not_found")
        path = f"/v1/supply/requests/{w['id']}/{act}"
        answer = await mall.server.call(stranger.program, "POST", path, body)
        assert (answer.status, answer.json["code"]) == (404, "attempt_not_found")
    stock = {"stock": 9}
    assert await stranger.person.refused("PUT", f"/declared/{offer['id']}", stock) == (404, "offer_not_found")
    # Nor is a buyer's key any use here, nor a supplier's for buying.
    answer = await mall.server.call(buyer, "GET", "/v1/supply/requests")
    assert (answer.status, answer.json["code"]) == (403, "missing_scope")
    bought = await mall.ask(him.program, (sku, 1))
    assert (bought.status, bought.json["code"]) == (403, "missing_scope")
    for path in ("/purchases", "/offers", "/connections", "/buyers"):
        assert (await him.person.refused("GET", path))[0] == 403, path
