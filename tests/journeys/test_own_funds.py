"""A company's own wallet 资金流水: what moved on it by kind and by time, in pages, and what it got and gave by all that matches.

make test T=tests/journeys/test_own_funds.py
"""

from typing import Any

from make.journey import Mall, cards, shopper, yuan


async def test_what_moved_by_kind_and_time_with_its_sums(mall: Mall) -> None:
    sku = await mall.sku()
    await mall.upload(sku, cards(10), cost="4")
    await mall.price(sku, "10")
    buyer, other = await mall.buyer("1000"), await mall.buyer("7")
    for quantity in (1, 2, 3):
        await mall.order(buyer, sku, quantity)
    me = await shopper(mall, buyer)

    async def listed(**query: Any) -> Any:
        return await me.get("/own/transfers?" + "&".join(f"{k}={v}" for k, v in query.items()))

    async def totals(**query: Any) -> Any:
        return await me.get("/own/transfers/totals?" + "&".join(f"{k}={v}" for k, v in query.items()))

    every = (await listed())["items"]
    assert [t["kind"] for t in every] == ["sale"] * 3 + ["recharge"]
    sums = {"got": yuan("1000.0000"), "gave": yuan("-60.0000")}
    assert await totals() == {"total": 4, "sums": sums}
    assert await totals(kind="recharge") == {"total": 1, "sums": sums | {"gave": yuan("0.0000")}}
    assert await totals(kind="sale") == {"total": 3, "sums": sums | {"got": yuan("0.0000")}}

    for sort, order in (("at", every[::-1]), ("-at", every)):
        pages, cursor = [], ""
        while cursor is not None:
            page = await listed(sort=sort, size=1, cursor=cursor)
            pages += page["items"]
            cursor = page["next"]
        assert pages == order

    # Half-open: its own instant is the first within and the first without.
    middle = every[1]["at"].replace("+00:00", "Z")
    assert [t["id"] for t in (await listed(at_from=middle))["items"]] == [t["id"] for t in every[:2]]
    assert [t["id"] for t in (await listed(at_to=middle))["items"]] == [t["id"] for t in every[2:]]
    assert (await totals(at_from=middle))["total"] == 2
    assert await me.refused("GET", "/own/transfers?kind=gift") == (422, "invalid_request")
    assert await me.refused("GET", "/own/transfers?sort=amount") == (422, "invalid_request")

    theirs = await shopper(mall, other)
    assert (await theirs.get("/own/transfers/totals"))["total"] == 1
