"""Two editors 两人同时编辑. Whoever changes what somebody else changed since he read it is told, and nothing of his is written.

make test T=tests/journeys/test_two_editors.py
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from make.company import company
from make.friends import friend
from make.journey import Mall, Person, yuan

Read = Callable[[], Awaitable[Any]]
# Who edits, how, with which two changes, and how the record is read.
Desk = tuple[Person, str, str, dict[str, Any], dict[str, Any], Read]


async def department(mall: Mall) -> Desk:
    of = await company(mall)
    at = f"/own/departments/{of.market}"
    return of.manager.at, "PATCH", at, {"cost_centre": "A1"}, {"name": "另"}, lambda: of.manager.at.get(at)


async def suppliers_company(mall: Mall) -> Desk:
    him = await friend(mall)
    at = f"/suppliers/{him.id}"
    named = {"legal_name": "老周商贸有限公司", "country": "CN"}

    async def read() -> Any:
        return (await mall.owner.get(f"{at}/standing"))["company"]

    return mall.owner, "PUT", f"{at}/company", named, named | {"legal_name": "别家"}, read


async def credit_line(mall: Mall) -> Desk:
    buyer = await mall.buyer("10")
    at = f"/accounts/{buyer.account}"

    async def read() -> Any:
        line = (await mall.owner.get(at))["credit"]
        return line or {"limit": yuan("0.0000"), "version": 0}

    first, second = ({"limit": yuan(limit), "terms_days": 30} for limit in ("50", "99"))
    return mall.owner, "PUT", f"{at}/credit", first, second, read


async def supply_policy(mall: Mall) -> Desk:
    sku = await mall.sku()

    async def read() -> Any:
        return (await mall.owner.get(f"/skus/{sku}/route"))["policy"]

    first, second = ({"strategy": "quality", "tries": tries} for tries in (2, 4))
    return mall.owner, "PUT", f"/skus/{sku}/supply-policy", first, second, read


async def offer(mall: Mall) -> Desk:
    him, sku = await friend(mall), await mall.sku()
    made = await him.offer(sku, 3)

    async def read() -> Any:
        found = await mall.owner.get("/offers", sku_id=sku)
        return next(one for one in found["items"] if one["id"] == made["id"])

    return mall.owner, "PATCH", f"/offers/{made['id']}", {"weight": 50}, {"weight": 70}, read


async def price_template(mall: Mall) -> Desk:
    named = {"name": "成本加价", "base": "cost"}

    async def read() -> Any:
        found = (await mall.owner.get("/price-templates"))["items"]
        return next(iter(found), {"version": 0})

    first, second = (named | {"percent_bp": bp} for bp in (1000, 2000))
    return mall.owner, "PUT", "/price-templates", first, second, read


async def webhook_endpoint(mall: Mall) -> Desk:
    buyer = await mall.buyer("10")
    asked = {"organisation_id": str(buyer.organisation), "url": "https://hooks.example.com/a"}
    made = (await mall.owner.post("/webhook-endpoints", asked))["endpoint"]

    async def read() -> Any:
        found = await mall.owner.get("/webhook-endpoints", organisation=buyer.organisation)
        return next(one for one in found["items"] if one["id"] == made["id"])

    at = f"/webhook-endpoints/{made['id']}"
    return (
        mall.owner,
        "PATCH",
        at,
        {"events": ["order.accepted"]},
        {"url": "https://hooks.example.com/b"},
        read,
    )


@pytest.mark.parametrize(
    "make",
    [department, suppliers_company, credit_line, supply_policy, offer, price_template, webhook_endpoint],
)
async def test_the_second_of_two_is_told_and_nothing_of_his_is_written(
    mall: Mall, make: Callable[[Mall], Awaitable[Desk]]
) -> None:
    who, method, at, first, second, read = await make(mall)
    seen = (await read())["version"]
    tag = {"If-Match": f'"{seen}"'}
    saved = await who.call(method, at, first, headers=tag)
    assert saved.status in (200, 204), saved.body
    kept = await read()
    assert kept["version"] == seen + 1
    for late in (
        await who.call(method, at, second, headers=tag),
        await who.call(method, at, second | {"version": seen}),
    ):
        assert (late.status, late.json["code"]) == (409, "conflict")
    assert await read() == kept, "nothing of the late one is written"
    # Whoever has read it again goes through; and who names no version, as before.
    again = await who.call(method, at, second, headers={"If-Match": f'"{seen + 1}"'})
    assert again.status in (200, 204), again.body
    assert await read() != kept
    assert (await who.call(method, at, first)).status in (200, 204)
    assert (await read())["version"] == seen + 3


async def test_what_the_supplier_tells_of_an_offer_is_no_editors_doing(mall: Mall) -> None:
    him, sku = await friend(mall), await mall.sku()
    made = await him.offer(sku, 3)
    await him.person.put(f"/declared/{made['id']}", {"stock": 2, "unit_cost": yuan("7.9")})
    edited = await mall.owner.call(
        "PATCH", f"/offers/{made['id']}", {"weight": 7}, headers={"If-Match": '"1"'}
    )
    assert (edited.status, edited.headers["ETag"]) == (200, '"2"')


async def test_a_new_template_replaces_none_of_that_name(mall: Mall) -> None:
    made = {"name": "面值九折", "base": "cost", "percent_bp": 500}
    await mall.owner.put("/price-templates", made | {"version": 0})
    assert await mall.owner.refused("PUT", "/price-templates", made | {"version": 0, "percent_bp": 1}) == (
        409,
        "conflict",
    )
    assert (await mall.owner.get("/price-templates"))["items"][0]["percent_bp"] == 500
