"""The console's lists of buyers and suppliers: filters, every sort in pages without gaps, and how many there are."""

from typing import Any

import pytest

from commissary import ledger, partners, tenancy
from commissary.base.home import home as home_of
from commissary.partners.listing import BUYERS
from commissary.partners.routes import ROUTES
from make.console import console
from make.tenancy import House

NAMES = ["Wu Retail", "Lin Trading", "陈记", "lin & sons", "Abc"]


@pytest.mark.parametrize("kind", ["buyers", "suppliers"])
async def test_filters_sorts_and_totals(house: House, kind: str) -> None:
    made = []
    for name in NAMES:
        if kind == "suppliers":
            made.append((await partners.add_supplier(house.env, house.actor, name=name)).id)
            continue
        async with house.env.db.transaction(house.mall) as tx:
            account = await ledger.open_account(
                tx, house.env, home_of(house.mall), house.env.ids.new(), "wallet", "CNY"
            )
            made.append(
                (await partners.add_buyer(tx, house.env, house.actor, name=name, account_id=account)).id
            )
    async with house.env.db.transaction(house.mall) as tx:
        await tenancy.set_organisation(tx, house.env, house.actor, made[4], status="suspended")

    async with console(house, ROUTES, house.actor) as client:

        async def listed(**query: Any) -> Any:
            answer = await client.get(f"/console/v1/{kind}", params=query)
            assert answer.status_code == 200, (query, answer.text)
            return answer.json()

        everything = (await listed())["items"]
        assert [c["name"] for c in everything] == NAMES
        for name in BUYERS.by:
            for way in ("", "-"):
                found: list[Any] = []
                page = await listed(sort=way + name, size=2)
                while page["next"] is not None:
                    found += page["items"]
                    page = await listed(sort=way + name, size=2, cursor=page["next"])
                found += page["items"]
                key = "id" if name == "created_at" else name
                wanted = sorted(everything, key=lambda c, key=key: (c[key], int(c["id"])), reverse=bool(way))
                assert [c["id"] for c in found] == [c["id"] for c in wanted], way + name

        async def finds(wanted: list[str], **query: Any) -> None:
            page = await listed(**query)
            assert [c["name"] for c in page["items"]] == wanted, query
            assert page["total_estimate"] == len(wanted)
            totals = await client.get(f"/console/v1/{kind}/totals", params=query)
            assert totals.json() == {"total": len(wanted), "sums": {}}, query

        await finds(["Lin Trading", "lin & sons"], q="LIN")
        await finds(["陈记"], q="陈")
        await finds([], q="%")
        await finds(["Abc"], status="suspended")
        await finds(NAMES, status=["active", "suspended"])
        await finds(NAMES[:4], status="active")
        if kind == "buyers":
            await finds(["Lin Trading", "lin & sons"], search="lin")
            await finds([], tier_id="5")
        for bad in ({"sort": "tier"}, {"cursor": "5"}, {"size": 201}, {"status": "gone"}):
            assert (await client.get(f"/console/v1/{kind}", params=bad)).status_code in (400, 422), bad
