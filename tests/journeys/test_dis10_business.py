"""DIS10 lines of business 经营类型. The mall says what a buyer does with what he buys, and so may who keeps the buyer's people; it changes no
right, two editors do not overwrite each other, and nobody says it of another company.

    make test T=tests/journeys/test_dis10_business.py
"""

from typing import get_args

import pytest

from commissary.partners.types import Business
from make.journey import Mall, shopper, sign_in
from make.tenancy import PASSWORD


async def test_the_mall_says_what_a_buyer_does_and_a_late_editor_is_told(mall: Mall) -> None:
    made = await mall.owner.post("/buyers", {"name": "晨光", "business": "topup_dealer"})
    at = f"/buyers/{made['id']}"
    shown = await mall.owner.call("GET", at)
    assert (shown.json["business"], shown.json["version"]) == ("topup_dealer", 1)
    first = {"If-Match": shown.headers["ETag"]}
    edited = await mall.owner.call("PATCH", at, {"business": "online_seller"}, headers=first)
    assert (edited.status, edited.json["business"], edited.json["version"]) == (200, "online_seller", 2)
    late = await mall.owner.call("PATCH", at, {"notes": "late"}, headers=first)
    assert (late.status, late.json["code"]) == (409, "conflict")
    assert await mall.owner.refused("PATCH", at, {"business": "bank"}) == (422, "invalid_request")
    # Another edit leaves it as it is, also without a version.
    assert (await mall.owner.patch(at, {"notes": "kept"}))["business"] == "online_seller"
    log = await mall.owner.get("/audit", subject=f"buyer:{made['id']}")
    assert any((one["after"] or {}).get("business") == "online_seller" for one in log["items"])


@pytest.mark.parametrize("business", get_args(Business))
async def test_a_buyers_own_people_read_and_say_it_and_it_changes_no_right(mall: Mall, business: str) -> None:
    buyer = await mall.buyer("100")
    me = await shopper(mall, buyer)
    may = (await me.get("/me"))["permissions"]
    was = await me.get("/own/business")
    assert was == {"business": "general", "version": 1}
    now = await me.put("/own/business", {"business": business, "version": 1})
    assert now == {"business": business, "version": 2} == await me.get("/own/business")
    assert await me.refused("PUT", "/own/business", {"business": business, "version": 1}) == (409, "conflict")
    assert (await me.get("/me"))["permissions"] == may
    seen = await mall.owner.get(f"/buyers/{buyer.organisation}")
    assert (seen["business"], seen["version"]) == (business, 2)


async def test_who_keeps_no_people_and_who_is_no_buyer_is_turned_away(mall: Mall) -> None:
    buyer = await mall.buyer("100")
    told = {"organisation_id": str(buyer.organisation), "email": "she@example.com", "name": "苏白"}
    await mall.owner.post("/people", told | {"password": PASSWORD, "role": "employee"})
    she = await sign_in(mall.server, mall.world.slug, "she@example.com")
    assert (await she.get("/own/business"))["business"] == "general"
    wanted = {"business": "gift_company", "version": 1}
    assert await she.refused("PUT", "/own/business", wanted) == (403, "forbidden")
    assert await mall.owner.refused("GET", "/own/business") == (403, "forbidden")
    assert await mall.owner.refused("PUT", "/own/business", wanted) == (403, "forbidden")
