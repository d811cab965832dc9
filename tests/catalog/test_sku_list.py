"""The console's list of SKUs: filters, every sort in pages without gaps, and how many there are."""

from typing import Any

from commissary.catalog.listing import SORTS
from commissary.catalog.routes import ROUTES
from make.console import console
from make.tenancy import House

NAMES = [
    ("B-2", "茶礼", "Tea"),
    ("A-9", "茶礼", "tea gift"),
    ("C-1", "咖啡", "Coffee"),
    ("A-10", "话费", "Phone"),
    ("Z", "a", "b"),
]


async def test_filters_sorts_and_totals(house: House) -> None:
    async with console(house, ROUTES, house.actor) as client:

        async def post(path: str, body: Any) -> Any:
            answer = await client.post(f"/console/v1{path}", json=body)
            assert answer.status_code == 201, answer.text
            return answer.json()

        async def listed(**query: Any) -> Any:
            answer = await client.get("/console/v1/skus", params=query)
            assert answer.status_code == 200, (query, answer.text)
            return answer.json()

        brands = [(await post("/brands", {"name_zh": n, "name_en": n}))["id"] for n in ("甲", "乙")]
        products = [
            (await post("/products", {"brand_id": b, "name_zh": "品", "name_en": "P"}))["id"] for b in brands
        ]
        made = []
        for n, (code, zh, en) in enumerate(NAMES):
            draft = {"product_id": products[n % 2], "code": code, "name_zh": zh, "name_en": en}
            made.append(await post("/skus", draft | {"kind": ("code", "topup", "link")[n % 3]}))
        await client.delete(f"/console/v1/skus/{made[4]['id']}")
        alive = made[:4]
        keys: dict[str, Any] = {
            name: (lambda s, name=name: s[name]) for name in SORTS.by if name != "created_at"
        }
        keys["created_at"] = lambda s: int(s["id"])
        for name, key in keys.items():
            for way in ("", "-"):
                found: list[Any] = []
                page = await listed(sort=way + name, size=1)
                assert page["total_estimate"] >= 2
                while True:
                    found += page["items"]
                    if page["next"] is None:
                        break
                    page = await listed(sort=way + name, size=1, cursor=page["next"])
                wanted = sorted(alive, key=lambda s, key=key: (key(s), int(s["id"])), reverse=bool(way))
                assert [s["id"] for s in found] == [s["id"] for s in wanted], way + name

        async def finds(wanted: list[Any], **query: Any) -> None:
            page = await listed(**query)
            assert [s["id"] for s in page["items"]] == [s["id"] for s in wanted], query
            assert page["total_estimate"] == len(wanted)
            totals = await client.get("/console/v1/skus/totals", params=query)
            assert totals.json() == {"total": len(wanted), "sums": {}}, query

        await finds(alive)
        await finds([made[0], made[1]], q="茶")
        await finds([made[0], made[1]], search="TEA")
        await finds([made[1], made[3]], q="a-")
        await finds([], q="%")
        await finds([made[4]], status="deleted")
        await finds(made, status=["deleted", "draft"])
        await finds([made[0], made[3]], kind="code")
        await finds([made[0], made[2], made[3]], kind=["code", "link"])
        await finds([made[0], made[2]], product_id=products[0])
        await finds([made[1], made[3]], brand_id=brands[1])
        await finds([made[1]], brand_id=brands[1], q="tea", kind="topup")
        assert (await client.get(f"/console/v1/skus/{made[0]['id']}")).json()["code"] == "B-2"
        for bad in (
            {"sort": "price"},
            {"cursor": "%%%"},
            {"cursor": "WzEsMl0"},
            {"cursor": "12"},
            {"size": 0},
        ):
            assert (await client.get("/console/v1/skus", params=bad)).status_code == 422, bad
