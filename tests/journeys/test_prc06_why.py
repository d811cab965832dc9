"""PRC06 price history and "why this price" 价格溯源. Asked why, of a price as a buyer sees it, of a quote and of an order
line: the answer recomputes to the number that was shown and names who set it. The history has every change with its
author. How it is shown: tests/e2e/test_why_this_price.py.

    make test T=tests/journeys/test_prc06_why.py
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from make.journey import Mall, cards, yuan


async def test_the_answer_recomputes_to_the_shown_number(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(40))
    buyer, other = await mall.buyer("1000"), await mall.buyer("1000")
    ask = mall.owner

    async def why(**query: object) -> Any:
        return await ask.get(f"/skus/{sku}/why", **query)

    none = await ask.call("GET", f"/skus/{sku}/why?buyer_id={buyer.organisation}")
    assert (none.status, none.json["code"]) == (409, "not_priced")

    changes = [
        await mall.price(sku, {1: "9.9", 10: "9.1"}, reason="opening"),
        await mall.price(sku, {1: "8.8", 10: "8.1"}, buyer=buyer, reason="contract 2027"),
    ]
    for who, quantity, shown, kind, reason in (
        (other, 1, "9.9000", "list", "opening"),
        (other, 9, "9.9000", "list", "opening"),
        (other, 10, "9.1000", "list", "opening"),
        (buyer, 1, "8.8000", "contract", "contract 2027"),
        (buyer, 12, "8.1000", "contract", "contract 2027"),
    ):
        quoted = {"lines": [{"sku_id": sku, "quantity": quantity}]}
        quote = (await mall.server.call(who, "POST", "/v1/quotes", quoted)).json
        order = await mall.order(who, sku, quantity if quantity < 10 else 10)
        snapshot = await ask.get(f"/orders/{order['id']}/snapshot")
        [line] = snapshot["lines"]
        for answer in (
            await why(buyer_id=who.organisation, quantity=quantity),
            await why(source=f"quote:{quote['id']}"),
            await why(source=line["price_source"]),
        ):
            assert (
                answer["unit_price"] == yuan(shown) == quote["lines"][0]["unit_price"] == line["unit_price"]
            )
            entry = answer["entry"]
            assert (entry["book_kind"], entry["reason"]) == (kind, reason)
            assert entry["author"] == f"person:{mall.world.founded.person_id}"
            assert shown in answer["zh"]
            assert shown in answer["en"]

    # The order's answer stays, though the price moved on; a price asked for now is the new one.
    old = await mall.order(other, sku, 1, no="before")
    changes.append(await mall.price(sku, "12", reason="dearer"))
    soon = datetime.now(UTC) + timedelta(hours=1)
    changes.append(await mall.price(sku, "7", reason="618", valid_from=soon.isoformat()))
    changes.append(await ask.post(f"/price-changes/{changes[-1]['id']}/undo", {}))
    [line] = (await ask.get(f"/orders/{old['id']}/snapshot"))["lines"]
    assert (await why(source=line["price_source"]))["unit_price"] == yuan("9.9000")
    assert (await why(buyer_id=other.organisation))["unit_price"] == yuan("12.0000")
    assert (await why())["source"].startswith("list:")

    history = await ask.every(f"/skus/{sku}/prices")
    assert [e["change_id"] for e in history] == [c["id"] for c in reversed(changes)]
    assert {e["author"] for e in history} == {f"person:{mall.world.founded.person_id}"}
    assert [e["change_kind"] for e in history] == ["undo", "schedule", "edit", "edit", "edit"]
    assert [e["rungs"][0]["unit_price"] for e in history] == [
        yuan(p) for p in ("12.0000", "7.0000", "12.0000", "8.8000", "9.9000")
    ]
    for source in ("list:1:2:1", "quote:1", "nonsense"):
        answer = await ask.call("GET", f"/skus/{sku}/why?source={source}")
        assert (answer.status, answer.json["code"]) == (404, "no_such_price")


async def test_the_books_that_were_asked_are_told_for_a_tier_a_contract_and_any_instant(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(4))
    owner, buyer = mall.owner, await mall.buyer("1000")
    tier = (await owner.post("/tiers", {"name": "金牌", "rank": 1}))["id"]
    gold = (await owner.post("/books", {"kind": "tier", "name": "金牌价", "tier_id": tier}))["id"]
    await mall.price(sku, {1: "9.9", 10: "9.1"}, reason="opening")
    opened = datetime.now(UTC)
    ladder = [{"minimum": 1, "unit_price": yuan("9.5")}]
    await owner.post("/prices", {"book_id": gold, "prices": [{"sku_id": sku, "rungs": ladder}]})
    await mall.price(sku, "12", reason="dearer")
    soon = datetime.now(UTC) + timedelta(hours=1)
    await mall.price(sku, "7", reason="618", valid_from=soon.isoformat())

    async def why(**query: object) -> tuple[Any, ...]:
        told = await owner.get(f"/skus/{sku}/why", **query)
        # Anybody recomputes it: of the book that gave it, the last rung that the quantity reaches.
        [gave] = [b for b in told["asked"] if b["said"] == "price"]
        reached = [r for r in gave["rungs"] if r["minimum"] <= told["quantity"]]
        assert told["unit_price"] == reached[-1]["unit_price"]
        assert gave["rungs"] == told["entry"]["rungs"]
        return told["unit_price"]["amount"], [(b["book_kind"], b["said"]) for b in told["asked"]]

    assert await why() == ("12.0000", [("list", "price")])
    assert await why(tier_id=tier) == ("9.5000", [("tier", "price"), ("list", "not_asked")])
    assert await why(buyer_id=buyer.organisation) == ("12.0000", [("list", "price")])
    assert await why(at=opened.isoformat(), quantity=10) == ("9.1000", [("list", "price")])
    assert await why(at=opened.isoformat(), tier_id=tier) == (
        "9.9000", [("tier", "absent"), ("list", "price")],
    )  # fmt: skip
    assert await why(at=soon.isoformat()) == ("7.0000", [("list", "price")])
    late = await owner.call("GET", f"/skus/{sku}/why?at=2020-01-01T00:00:00Z")
    assert (late.status, late.json["code"]) == (409, "not_priced")
