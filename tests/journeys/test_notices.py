"""People are told what calls for them: in the console's list and at once in its stream, each kind only to who may read of it, of
his own organisation alone, and each person sees for himself.

    make test T=tests/journeys/test_notices.py
"""

import json
from typing import Any

from test_live import listening

from make.friends import friend
from make.journey import Mall, Person, cards, shopper
from make.trade import listen, turn, until


async def notices(person: Person, **query: object) -> list[tuple[str, str, bool]]:
    page = await person.get("/notices", **query)
    return [(one["kind"], one["subject_en"], one["unseen"]) for one in page["items"]]


async def told(person: Person, kind: str) -> Any:
    async def found() -> Any:
        return [one for one in (await person.get("/notices"))["items"] if one["kind"] == kind]

    [one] = await until(found, 90)
    return one


async def test_stock_that_runs_low_reaches_who_looks_after_it(mall: Mall) -> None:
    sku = await mall.sku(name_en="Tea 30", low_stock=2)
    plain = await mall.sku(name_en="Plain")
    await mall.upload(sku, cards(5))
    await mall.price([sku, plain], "9")
    buyer = await mall.buyer("1000")
    purchasing, finance = await mall.sign_in("purchasing"), await mall.sign_in("finance")
    elsewhere = await mall.installation.mall("Elsewhere")
    his = await shopper(mall, buyer)
    assert (await mall.owner.get("/stock/low"))["items"] == []
    async with listening(purchasing) as ear, listening(finance) as deaf, listening(elsewhere.owner) as away:
        await mall.order(buyer, sku, 3)
        await turn(mall, "stock.watch")
        one = await told(purchasing, "stock.low")

        async def heard() -> bool:
            return bool(_of(ear, "stock.low"))

        await until(heard, 10)
        assert _of(deaf, "stock.low") == _of(away, "stock.low") == []
    assert one["about"] == {"sku_id": sku, "available": 2, "threshold": 2}
    assert one["subject_en"] == "Tea 30"
    assert one["unseen"]
    [low] = (await purchasing.get("/stock/low"))["items"]
    known = {"sku_id": sku, "available": 2, "threshold": 2, "sold": 3, "days_left": 4, "restocked": False}
    assert low | known == low
    for nobody in (finance, elsewhere.owner, his):
        assert "stock.low" not in [kind for kind, _, _ in await notices(nobody)]
    assert (await finance.refused("GET", "/stock/low"))[0] == 403

    # Each sees for himself, and what comes later is unseen again.
    assert (await purchasing.get("/notices"))["unseen"] == 1
    await purchasing.post("/notices/seen", {"up_to": one["id"]})
    assert await notices(purchasing) == [("stock.low", "Tea 30", False)]
    assert (await purchasing.get("/notices"))["unseen"] == 0
    assert (await mall.owner.get("/notices"))["unseen"] == 1
    await purchasing.post("/notices/seen", {"up_to": "1"})
    assert (await purchasing.get("/notices"))["unseen"] == 0, "never back"
    assert await notices(mall.owner, kind="stock.low") == [("stock.low", "Tea 30", True)]
    assert await notices(mall.owner, kind="supplier.paused") == []
    assert (await mall.owner.refused("GET", "/notices?kind=order.delivered"))[0] == 422


async def test_both_sides_are_told_of_a_low_balance_and_nobody_else(mall: Mall) -> None:
    buyer, other = await mall.buyer("50", name="Lin"), await mall.buyer("50", name="Wu")
    his, theirs = await shopper(mall, buyer), await shopper(mall, other)
    await mall.owner.patch(f"/buyers/{buyer.organisation}", {"low_balance": "100"})
    await turn(mall, "ledger.low_balances")
    finance = await mall.sign_in("finance")
    for person in (his, finance):
        one = await told(person, "balance.low")
        assert one["subject_en"] == "Lin"
        assert one["about"]["available"] == {"amount": "50.0000", "currency": "CNY"}
    assert await notices(theirs) == []
    assert await notices(await mall.sign_in("purchasing")) == []


async def test_a_suppliers_people_are_told_what_is_asked_of_them(mall: Mall) -> None:
    buyer, him, stranger = await mall.buyer("100"), await friend(mall), await friend(mall)
    sku = await mall.sku(name_en="Tea 50")
    await mall.price(sku, "9")
    await him.offer(sku, 3)
    await mall.order(buyer, sku, 2)
    one = await told(him.person, "supplier.requested")
    assert (one["subject_en"], one["about"]["quantity"]) == ("Tea 50", 2)
    [asked] = await him.wanted(1)
    assert one["about"]["purchase_id"] == asked["id"]
    his = await shopper(mall, buyer)
    for nobody in (stranger.person, mall.owner, his):
        assert "supplier.requested" not in [kind for kind, _, _ in await notices(nobody)]


async def test_whose_endpoint_is_paused_by_itself_hears_of_it(mall: Mall) -> None:
    buyer, other = await mall.buyer("100", name="Lin"), await mall.buyer("100", name="Wu")
    his, theirs = await shopper(mall, buyer), await shopper(mall, other)
    sku = await mall.sku()
    await mall.upload(sku, cards(2))
    await mall.price(sku, "9")
    ear = await listen(mall, buyer.organisation, "order.delivered")
    ear.down = True
    # It did not answer since yesterday.
    long = "update notify.endpoint set failures = 20, failing_since = now() - interval '1 day' where id = %s returning id"
    assert await mall.rows(long, (int(ear.endpoint_id),))
    await mall.order(buyer, sku)
    one = await told(his, "endpoint.paused")
    assert one["about"] == {"endpoint_id": ear.endpoint_id, "cause": "not_answering"}
    for nobody in (theirs, mall.owner, await mall.sign_in("purchasing")):
        assert "endpoint.paused" not in [kind for kind, _, _ in await notices(nobody)]
    ear.down = False
    again = "update notify.endpoint set quiet_until = now() where id = %s returning id"
    assert await mall.rows(again, (int(ear.endpoint_id),))
    due = (
        "update notify.delivery set due_at = now() where endpoint_id = %s and state = 'waiting' returning id"
    )
    assert await mall.rows(due, (int(ear.endpoint_id),))
    back = await told(his, "endpoint.resumed")
    assert back["about"] == {"endpoint_id": ear.endpoint_id, "cause": ""}
    # What happens to one endpoint again and again is numbered by its time, so that a receiver knows which came last.
    rows = await mall.rows(
        "select events from base.outbox where home_id >> 10 = %s order by seq", (mall.world.mall,)
    )
    numbers = [e["n"] for (packed,) in rows for e in json.loads(packed) if e["kind"].startswith("endpoint.")]
    assert (len(numbers), numbers == sorted(numbers), min(numbers) > 1) == (2, True, True)
    await ear.receiver.close()


def _of(ear: Any, kind: str) -> list[Any]:
    return [one for one in ear.of("notice") if one["kind"] == kind]
