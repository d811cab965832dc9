"""Lists by one grammar 列表. Batches, connections, purchases, work, audit and jobs take the same parameters as orders and SKUs:
filters, sorts, cursors that go on where a page ended, and exact totals.

    make test T=tests/journeys/test_lists.py
"""

from typing import Any

import pytest

from make.journey import Mall, Person, cards, yuan

WORK = "/work"
LISTS = {
    "/batches": ("created_at", "expires_at", "unit_cost", "received"),
    "/work": ("created_at", "amount"),
    "/purchases": ("people_since", "called_at"),
    "/connections": ("created_at", "name"),
    "/audit": ("at",),
    "/jobs": ("created_at",),
}


async def walked(who: Person, path: str, **query: object) -> list[Any]:
    """All pages of two rows each."""
    found: list[Any] = []
    cursor: dict[str, object] = {}
    while True:
        page = await who.get(path, **query, size=2, **cursor)
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def filled(mall: Mall) -> dict[str, Any]:
    sku, topup = await mall.sku(), await mall.sku("topup", instrument_class="direct_topup")
    for n in range(5):
        day = f"2030-0{n + 1}-01" if n < 4 else None
        await mall.upload(sku, cards(5 - n, f"L{n}"), cost=str(9 - n), source=f"到货 {n}", expires_on=day)
    await mall.price(topup, "3")
    buyer = await mall.buyer("1000")
    for n in range(5):
        await mall.order(buyer, topup, n + 1, no=f"W-{n}")
    for _ in range(3):
        await mall.owner.post("/exports", {"list": "skus"})
    return {"sku": sku, "topup": topup, "buyer": buyer}


async def test_every_sort_goes_through_all_pages_without_a_row_twice(mall: Mall) -> None:
    await filled(mall)
    for path, sorts in LISTS.items():
        whole = (await mall.owner.get(path, size=200))["items"]
        total = (await mall.owner.get(f"{path}/totals"))["total"]
        assert total == len(whole), path
        for sort in (s for name in sorts for s in (name, f"-{name}")):
            found = await walked(mall.owner, path, sort=sort)
            keys = [str(row.get("id") or (row["order_id"], row["line_no"])) for row in found]
            assert len(set(keys)) == len(keys) == total, (path, sort)
        assert await mall.owner.refused("GET", f"{path}?sort=colour") == (422, "invalid_request")
        assert await mall.owner.refused("GET", f"{path}?cursor=~") == (422, "invalid_request")


async def test_batches_by_what_is_asked(mall: Mall) -> None:
    told = await filled(mall)
    by_cost = await walked(mall.owner, "/batches", sort="unit_cost")
    assert [b["unit_cost"]["amount"] for b in by_cost] == [f"{n}.0000" for n in (5, 6, 7, 8, 9)]
    last = (await walked(mall.owner, "/batches", sort="expires_at"))[-1]
    assert last["expires_at"] is None, "what never expires comes last"
    totals = await mall.owner.get("/batches/totals", sku_id=told["sku"])
    assert totals == {"total": 5, "sums": {"available": yuan("115.0000")}}
    ends = {"expires_from": "2030-01-15T00:00:00Z", "expires_to": "2030-03-15T00:00:00Z"}
    assert len(await walked(mall.owner, "/batches", **ends)) == 2
    assert [b["source"] for b in await walked(mall.owner, "/batches", q="货 3")] == ["到货 3"]
    await mall.owner.post(f"/batches/{last['id']}/freeze", {"reason": "x"})
    assert [b["id"] for b in await walked(mall.owner, "/batches", lots="frozen")] == [last["id"]]


async def test_work_audit_and_jobs_by_what_is_asked(mall: Mall) -> None:
    told = await filled(mall)
    assert (await mall.owner.get(f"{WORK}/totals"))["sums"] == {"amount": yuan("45.0000")}
    dearest = (await walked(mall.owner, "/work", sort="-amount"))[0]
    assert dearest["amount"] == yuan("15.0000")
    assert [w["client_order_no"] for w in await walked(mall.owner, "/work", q="W-3")] == ["W-3"]
    assert await walked(mall.owner, "/work", mine="true") == []
    audit = await walked(mall.owner, "/audit", q="stock")
    assert {e["action"] for e in audit} == {"stock.import"}
    assert len(audit) == 5
    of_sku = await walked(mall.owner, "/audit", q=told["sku"])
    assert {e["subject"] for e in of_sku} == {f"sku:{told['sku']}"}
    assert len(await walked(mall.owner, "/jobs", kind="bulk.export", mine="true")) == 3
    assert await walked(mall.owner, "/jobs", status="failed") == []


@pytest.mark.parametrize("path", LISTS)
async def test_who_may_not_read_a_list_may_not_count_it(mall: Mall, path: str) -> None:
    person = await mall.sign_in("support" if path in ("/connections", "/audit", "/jobs") else "developer")
    for at in (path, f"{path}/totals"):
        assert await person.refused("GET", at) == (403, "forbidden")
