"""Saved views: whose they are, who may change them, one default, and no more than fit a page."""

import asyncio
from typing import Any

from commissary import tenancy
from commissary.tenancy.types import Actor
from commissary.tenancy.view_routes import ROUTES
from commissary.tenancy.views import MOST
from make.console import console
from make.tenancy import PASSWORD, House

VIEW = {"page": "orders", "name": "异常", "search": "status=failed&sort=-amount"}


async def person(house: House, role: str) -> Actor:
    own = house.founded.organisation_id
    made = await tenancy.add_person(
        house.env, house.actor, organisation_id=own, email=f"{role}@example.com", name=role, password=PASSWORD, role=role
    )  # fmt: skip
    return Actor(house.mall, "person", str(made.id), own, tenancy.permissions_of(role))


async def views(client: Any, **query: str) -> list[Any]:
    return list((await client.get("/console/v1/views", params=query)).json()["items"])


async def save(client: Any, **more: Any) -> Any:
    return await client.put("/console/v1/views", json=VIEW | more)


async def test_private_shared_and_whose_they_are(house: House) -> None:
    lin, wu = await person(house, "support"), await person(house, "finance")
    async with (
        console(house, ROUTES, lin) as his,
        console(house, ROUTES, wu) as hers,
        console(house, ROUTES, house.actor) as owner,
    ):
        mine = (await save(his)).json()
        assert (mine["mine"], mine["shared"], mine["search"]) == (True, False, VIEW["search"])
        assert await views(hers) == []
        for client in (hers, owner):
            assert (await save(client, id=mine["id"])).status_code == 404
            assert (await client.delete(f"/console/v1/views/{mine['id']}")).status_code == 404
        shared = (await save(his, shared=True, name="大额", position=2)).json()
        [seen] = await views(hers)
        assert (seen["id"], seen["mine"], seen["name"]) == (shared["id"], False, "大额")
        assert (await save(hers, id=shared["id"])).status_code == 403
        assert (await hers.delete(f"/console/v1/views/{shared['id']}")).status_code == 403
        assert seen["pinned"], "a tab, unless somebody says otherwise"
        assert not (await save(his, id=mine["id"], pinned=False)).json()["pinned"]
        changed = (await save(owner, id=shared["id"], name="大额单", position=1, shared=False)).json()
        assert (changed["name"], changed["shared"], changed["mine"]) == ("大额单", True, False)
        assert [v["id"] for v in await views(his)] == [mine["id"], shared["id"]]
        assert await views(his, page="skus") == []
        assert (await owner.delete(f"/console/v1/views/{shared['id']}")).status_code == 204
        assert (await owner.delete(f"/console/v1/views/{shared['id']}")).status_code == 404
        assert [v["id"] for v in await views(his)] == [mine["id"]]
        for bad in (
            {"page": ""},
            {"page": "A b"},
            {"name": ""},
            {"search": "x" * 2001},
            {"position": -1},
            {"x": 1},
        ):
            assert (await save(his, **bad)).status_code in (400, 422), bad
    log = await tenancy.list_audit(house.env, house.actor)
    told = [
        (e.action, e.before is None, e.after is None) for e in reversed(log) if e.action.startswith("view.")
    ]
    assert told == [
        ("view.share", True, False),
        ("view.change", False, False),
        ("view.delete", False, True),
    ]


async def test_one_default_and_no_more_than_fit(house: House) -> None:
    lin = await person(house, "support")
    async with console(house, ROUTES, lin) as his, console(house, ROUTES, house.actor) as owner:
        first = (await save(his, is_default=True)).json()
        second = (await save(his, is_default=True)).json()
        await save(owner, is_default=True)
        common = (await save(owner, is_default=True, shared=True)).json()
        other = (await save(his, is_default=True, page="skus")).json()
        defaults = {v["id"] for v in await views(his) if v["is_default"]}
        assert defaults == {second["id"], common["id"], other["id"]}
        await save(his, id=first["id"], is_default=True)
        assert {v["id"] for v in await views(his) if v["is_default"]} == {
            first["id"],
            common["id"],
            other["id"],
        }

        answers = await asyncio.gather(*(save(his) for _ in range(MOST + 5)))
        kept = [a for a in answers if a.status_code == 200]
        assert len(kept) == MOST - 2
        assert {a.json()["code"] for a in answers if a.status_code != 200} == {"view_limit"}
        assert (await save(his, page="skus")).status_code == 200
        assert (await save(his, shared=True)).status_code == 200
        assert (await save(his, id=first["id"], name="仍可修改")).status_code == 200
