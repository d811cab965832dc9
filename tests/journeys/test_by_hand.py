"""An order by hand 代客下单. One of the mall's people orders for a buyer: at his price, with his money, by every rule that holds for
him, once, and the log says whose hands it was.

    make test T=tests/journeys/test_by_hand.py
"""

import asyncio
from typing import Any

from make.journey import Mall, cards, yuan
from make.trade import PHONE


def asked(sku: str, quantity: int = 1, no: str = "hand-1", **line: Any) -> dict[str, Any]:
    return {"client_order_no": no, "lines": [{"sku_id": sku, "quantity": quantity} | line]}


async def test_what_is_quoted_is_paid_by_the_buyer_once(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, codes := cards(20, "H"))
    await mall.price(sku, "9.5")
    buyer, support = await mall.buyer("100"), await mall.sign_in("support")
    path = f"/buyers/{buyer.organisation}"
    quote = await support.post(f"{path}/quotes", {"lines": [{"sku_id": sku, "quantity": 2}], "ttl_s": 600})
    assert quote["amount"] == yuan("19.0000")
    await mall.price(sku, "12")  # what was shown holds
    told = asked(sku, 2) | {"quote_id": quote["id"]}
    answers = await asyncio.gather(*(support.call("POST", f"{path}/orders", told) for _ in range(4)))
    assert {a.status for a in answers} == {200}
    assert len({a.json["id"] for a in answers}) == 1, "the same again is the same order"
    order = answers[0].json
    assert (order["status"], order["total"]) == ("delivered", yuan("19.0000"))
    assert not [c for c in codes if c.encode() in answers[0].body], "codes are the buyer's to see"
    assert (await mall.balance(buyer))["available"] == yuan("81.0000")
    [row] = (await mall.owner.get("/orders", buyer_id=str(buyer.organisation)))["items"]
    assert (row["id"], row["channel"]) == (order["id"], "staff")
    lines = (await mall.owner.get("/audit", action="orders.place"))["items"]
    me = (await support.get("/me"))["person"]["id"]
    assert {(e["actor_id"], e["subject"]) for e in lines} == {(me, f"order:{order['id']}")}
    assert lines[0]["after"]["buyer_id"] == str(buyer.organisation)
    other = await support.refused("POST", f"{path}/orders", asked(sku, 3))
    assert other == (409, "idempotency_conflict")


async def test_every_rule_holds_and_a_refusal_stands_at_its_field(mall: Mall) -> None:
    code, topup = await mall.sku(), await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(3, "R"))
    await mall.price([code, topup], "40")
    buyer, owner = await mall.buyer("50"), mall.owner
    path = f"/buyers/{buyer.organisation}/orders"
    assert await owner.refused("POST", path, asked(code, 2)) == (409, "insufficient_balance")
    assert await owner.refused("POST", path, asked(code, 4)) == (409, "out_of_stock")
    wrong = await owner.call("POST", path, asked(topup, fields={"account": "12"}))
    assert wrong.json["fields"][0]["path"] == "lines[0].fields.account", wrong.body
    none = await owner.call("POST", path, asked(topup))
    assert none.json["fields"][0]["path"] == "lines[0].fields.account", none.body
    assert (await mall.balance(buyer))["available"] == yuan("50.0000")
    assert await owner.refused("POST", "/buyers/1/orders", asked(code)) == (404, "not_found")
    await owner.post(f"/buyers/{buyer.organisation}/suspend")
    assert await owner.refused("POST", path, asked(code)) == (409, "buyer_not_active")
    for role in ("finance", "purchasing", "readonly"):
        person = await mall.sign_in(role)
        assert await person.refused("POST", path, asked(code)) == (403, "forbidden")
