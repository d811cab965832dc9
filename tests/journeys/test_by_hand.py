"""An order by hand 代客下单. One of the mall's people orders for a buyer: at his price, with his money, by every rule that holds for
him, once, and the log says whose hands it was.

    make test T=tests/journeys/test_by_hand.py
"""

import asyncio
from typing import Any

from make.journey import Mall, cards, yuan
from make.trade import PHONE, until


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


async def test_accounts_are_pasted_for_a_buyer_by_who_may_order(mall: Mall) -> None:
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.price(topup, "10")
    buyer, other = await mall.buyer("25"), await mall.buyer("25")
    support, fulfilment = await mall.sign_in("support"), await mall.sign_in("fulfilment")
    path = f"/buyers/{buyer.organisation}/paste"
    told = {"sku_id": topup, "text": "13900001111\nno phone\n13900002222\n13900002222\n13900003333"}
    looked = await support.post(f"{path}/check", told)
    assert (looked["lines"], looked["good"], looked["total"]) == (5, 3, yuan("30.0000"))
    assert looked["affordable"] == 2, "by his money"
    assert "available" not in looked, "what he has in all is another right"
    assert [one["row"] for one in looked["faults"]] == [2, 4]
    asked = told | {"leave_out": [2, 4], "max_unit_price": looked["unit_price"]}
    key = {"Idempotency-Key": "for-him"}
    answers = await asyncio.gather(*(support.call("POST", path, asked, headers=key) for _ in range(3)))
    assert {a.status for a in answers} == {200}
    assert len({a.json["id"] for a in answers}) == 1, "the same again is the same file"
    sheet = answers[0].json
    assert (sheet["buyer_id"], sheet["lines"]) == (str(buyer.organisation), 3)

    one = f"/order-files/{sheet['id']}"

    async def done() -> bool:
        return bool((await support.get(one))["status"] == "done")

    await until(done)
    assert (await support.get(one))["accepted"] == 2
    result = await support.call("GET", f"{one}/result")
    assert result.body.decode("utf-8-sig").count("insufficient_balance") == 1
    assert (await mall.balance(buyer))["available"] == yuan("5.0000")
    assert (await mall.balance(other))["available"] == yuan("25.0000")
    [line] = (await mall.owner.get("/audit", action="orders.upload_sheet"))["items"]
    assert line["actor_id"] == (await support.get("/me"))["person"]["id"]

    # Found by state and buyer; stopped no more.
    files = "/order-files"
    assert [s["id"] for s in (await support.get(files, status="done"))["items"]] == [sheet["id"]]
    assert (await support.get(files, status="running"))["items"] == []
    assert (await support.get(files, buyer_id=str(other.organisation)))["items"] == []
    assert await support.refused("POST", f"{one}/cancel") == (409, "sheet_ended")

    # A file spends his money as well: who may only see orders through spends none.
    text = f"client_order_no,sku,quantity,fields.account\nf-1,{topup},1,13900004444\n".encode()
    for person, path_ in ((fulfilment, path), (fulfilment, f"{path}/check")):
        assert await person.refused("POST", path_, told) == (403, "forbidden")
    upload = f"{files}?buyer_id={other.organisation}&file_name=o.csv"
    sent = {"Content-Type": "text/csv", "Idempotency-Key": "file"}
    assert (await fulfilment.call("POST", upload, text, headers=sent)).status == 403
    assert (await support.call("POST", upload, text, headers=sent)).json["accepted"] == 0
    assert await support.refused("POST", "/buyers/1/paste/check", told) == (404, "not_found")
    await mall.owner.post(f"/buyers/{buyer.organisation}/suspend")
    assert await support.refused("POST", f"{path}/check", told) == (409, "buyer_not_active")
