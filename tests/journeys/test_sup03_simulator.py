"""SUP03 what would happen now 路由模拟: the simulator says whom a line would be bought from, in which order and why not the others;
then it is bought so.

    make test T=tests/journeys/test_sup03_simulator.py
"""

from contextlib import AsyncExitStack
from typing import Any

from make.journey import Mall, yuan
from make.sellers import seller
from make.trade import until


async def routed(mall: Mall, sku: str, **asked: Any) -> Any:
    return await mall.owner.get(f"/skus/{sku}/route", **asked)


async def test_what_it_says_is_what_happens(mall: Mall) -> None:
    sku = await mall.sku()
    nobody = await routed(mall, sku)
    assert (nobody["end"], nobody["sources"], nobody["unit_price"]) == ("fails", [], None)
    await mall.price(sku, "9.8750")
    buyer = await mall.buyer("100")
    async with AsyncExitStack() as stack:
        cheap = await stack.enter_async_context(seller(mall, "kasushou", place=0, price_e4=80_000))
        second = await stack.enter_async_context(seller(mall, "kakayun", place=1, price_e4=85_000))
        dear = await stack.enter_async_context(seller(mall, "acg_faka", place=2, price_e4=99_000))
        offers = {each.url: await each.offer(sku) for each in (cheap, second, dear)}
        named = {each.connection["id"]: each.url for each in (cheap, second, dear)}
        for each in (cheap, second, dear):
            await each.read()

        def turns(route: Any) -> dict[str, Any]:
            return {
                named[s["connection_id"]]: (s["turn"], s["excluded"], s["first_bp"]) for s in route["sources"]
            }

        now = await routed(mall, sku, quantity=2)
        assert (now["end"], now["unit_price"], now["in_stock"]) == ("bought", yuan("9.8750"), 0)
        assert turns(now) == {
            cheap.url: (1, "", 10_000),
            second.url: (2, "", 0),
            dear.url: (None, "too_dear", 0),
        }
        assert [s["score"] and s["score"]["amount"] for s in now["sources"]] == ["8.0000", "8.5000", None]

        policy = {"strategy": "weighted", "tries": 1, "exhausted": "people", "patience_s": 0}
        await mall.owner.put(f"/skus/{sku}/supply-policy", policy)
        await mall.owner.call("PATCH", f"/offers/{offers[cheap.url]['id']}", {"weight": 25})
        await mall.owner.call("PATCH", f"/offers/{offers[second.url]['id']}", {"weight": 75})
        weighted = await routed(mall, sku)
        assert weighted["policy"] == policy | {"version": 1}
        assert {url: first for url, (_, _, first) in turns(weighted).items()} == {
            cheap.url: 2_500,
            second.url: 7_500,
            dear.url: 0,
        }
        await mall.owner.call("PATCH", f"/offers/{offers[cheap.url]['id']}", {"canary_bp": 1_000})
        assert turns(await routed(mall, sku))[cheap.url][2] == 1_000

        await mall.owner.post(f"/connections/{second.connection['id']}/switch", {"state": "off"})
        await mall.owner.call("PATCH", f"/offers/{offers[cheap.url]['id']}", {"on": False})
        gone = await routed(mall, sku)
        assert gone["end"] == "people"
        assert {s["excluded"] for s in gone["sources"]} == {"off", "offer_off", "too_dear"}

        await mall.owner.post(f"/connections/{second.connection['id']}/switch", {"state": "on"})
        left = await routed(mall, sku)
        assert turns(left)[second.url][:2] == (1, "")
        order = await mall.order(buyer, sku, 1)

        async def done() -> Any:
            [tried] = await mall.owner.get(f"/orders/{order['id']}/purchases") or [None]
            return tried if tried and tried["status"] == "succeeded" else None

        assert (await until(done, 60))["connection_id"] == second.connection["id"]
        assert (cheap.bought, second.bought, dear.bought) == (0, 1, 0)


async def test_it_is_of_ones_own_mall_and_for_who_may_see_supply(mall: Mall) -> None:
    sku = await mall.sku()
    assert (await mall.owner.refused("GET", "/skus/123/route"))[0] == 404
    support = await mall.sign_in("support")
    assert await support.refused("GET", f"/skus/{sku}/route") == (403, "forbidden")
    assert (await mall.owner.call("GET", f"/skus/{sku}/route?quantity=0")).status in (400, 422)
