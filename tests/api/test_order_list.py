"""The console's list of orders: each filter, each sort, pages without gaps, and totals that are exact."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from commissary import tenancy
from commissary.base.errors import Refused
from commissary.base.money import E4
from commissary.orders.listing import OrderQuery, cursor_of, list_orders, order_totals
from commissary.tenancy.types import Actor
from make.tenancy import PASSWORD
from world import World

SORTS = ("-created_at", "created_at", "-amount", "amount")


@pytest.fixture
async def orders(world: World) -> list[Any]:
    """Twelve orders of two buyers, from stock and for a person; one is held by hand to be rare."""
    card, topup = await world.sku(), await world.sku("topup")
    await world.price(card, "10")
    await world.price(topup, "20")
    await world.stock(card, 50)
    first, second = await world.buyer(balance_e4=1000 * E4), await world.buyer(balance_e4=1000 * E4)
    made = []
    for n in range(12):
        buyer, sku = (first, second)[n % 3 == 0], (card, topup)[n % 4 == 0]
        made.append(await world.place(buyer, sku, 1 + n % 5, no=f"PO-{n:03d}%"))
    return [made, first.organisation, second.organisation, card, topup]


async def every(world: World, query: OrderQuery, sort: str | None = None, size: int = 5) -> list[Any]:
    """All pages, one after the other."""
    found: list[Any] = []
    cursor = None
    while True:
        page, expected = await list_orders(world.env, world.actor, query, sort=sort, cursor=cursor, size=size)
        assert expected >= 0
        found += page[:size]
        if len(page) <= size:
            return found
        cursor = cursor_of(page[size - 1], sort)


def ids(found: Sequence[Any]) -> list[str]:
    return [str(o.id) for o in found]


async def test_each_filter_finds_exactly_what_fits(world: World, orders: list[Any]) -> None:
    made, first, second, card, topup = orders
    everything = {o.id: o for o in made}

    async def finds(query: OrderQuery, fits: Any) -> None:
        wanted = [o.id for o in reversed(made) if fits(o)]
        assert len(wanted) > 0
        for sort in SORTS:
            found = await every(world, query, sort)
            assert sorted(ids(found)) == sorted(wanted), (query, sort)
            keys = [(o.amount_e4, o.id) if "amount" in sort else o.id for o in found]
            assert keys == sorted(keys, reverse=sort.startswith("-")), (query, sort)
        assert ids(await every(world, query)) == wanted
        totals = await order_totals(world.env, world.actor, query)
        amount = sum(round(float(everything[i].total.amount) * E4) for i in wanted)
        assert (totals.total, totals.amount_e4, totals.currency) == (len(wanted), amount, "CNY")

    def amount(o: Any) -> float:
        return float(o.total.amount)

    [[bought_by]] = [[{str(o.id): o.buyer_id for o in await every(world, OrderQuery())}]]
    await finds(OrderQuery(), lambda o: True)
    await finds(OrderQuery(status=("delivered",)), lambda o: o.status == "delivered")
    await finds(OrderQuery(status=("processing",)), lambda o: o.status == "processing")
    await finds(OrderQuery(status=("processing", "delivered", "failed")), lambda o: True)
    await finds(OrderQuery(buyer_id=second), lambda o: bought_by[o.id] == second)
    await finds(OrderQuery(sku_id=card), lambda o: o.lines[0].sku_id == str(card))
    await finds(OrderQuery(mode="manual"), lambda o: o.lines[0].sku_id == str(topup))
    await finds(OrderQuery(mode="stock", sku_id=card), lambda o: o.lines[0].sku_id == str(card))
    await finds(OrderQuery(channel="api"), lambda o: True)
    await finds(OrderQuery(status_not=("processing", "failed")), lambda o: o.status == "delivered")
    await finds(OrderQuery(buyer_id_not=second), lambda o: bought_by[o.id] == first)
    await finds(OrderQuery(sku_id_not=card), lambda o: o.lines[0].sku_id == str(topup))
    await finds(OrderQuery(mode_not="stock"), lambda o: o.lines[0].sku_id == str(topup))
    await finds(OrderQuery(mode_not="manual"), lambda o: o.lines[0].sku_id == str(card))
    await finds(OrderQuery(supplier_id_not=5, channel_not="staff", verdict_not="review"), lambda o: True)
    await finds(
        OrderQuery(buyer_id=first, sku_id=card, sku_id_not=topup, status_not=("processing",)),
        lambda o: bought_by[o.id] == first and o.lines[0].sku_id == str(card),
    )
    await finds(OrderQuery(verdict="allow"), lambda o: True)
    middle = made[6].created_at
    await finds(OrderQuery(placed_from=middle), lambda o: o.created_at >= middle)
    await finds(OrderQuery(placed_to=middle), lambda o: o.created_at < middle)
    await finds(OrderQuery(amount_min_e4=30 * E4), lambda o: amount(o) >= 30)
    await finds(OrderQuery(amount_min_e4=20 * E4, amount_max_e4=40 * E4), lambda o: 20 <= amount(o) <= 40)
    await finds(OrderQuery(q=made[3].client_order_no), lambda o: o is made[3])
    await finds(OrderQuery(q=made[3].id), lambda o: o is made[3])
    await finds(OrderQuery(q=made[3].order_no), lambda o: o is made[3])
    await finds(OrderQuery(q=made[3].id[:4]), lambda o: True)
    together = OrderQuery(buyer_id=first, mode="stock", status=("delivered",), amount_min_e4=20 * E4)
    await finds(
        together,
        lambda o: bought_by[o.id] == first and o.status == "delivered" and amount(o) >= 20,
    )
    for nothing in (
        OrderQuery(q="PO-00"),
        OrderQuery(q="PO-00%"),  # no pattern of SQL
        OrderQuery(q="没有"),
        OrderQuery(q="0001"),
        OrderQuery(q=f"{world.home + 1024}-{made[0].id}"),
        OrderQuery(status=("reversed",)),
        OrderQuery(supplier_id=5),
        OrderQuery(verdict="review"),
        OrderQuery(mode="supply"),
        OrderQuery(mode="manual", sku_id=card),
        OrderQuery(placed_from=world.now + timedelta(hours=1)),
        OrderQuery(amount_min_e4=2, amount_max_e4=1),
    ):
        for sort in SORTS:
            assert await every(world, nothing, sort) == []
        assert (await order_totals(world.env, world.actor, nothing)).total == 0


async def test_a_buyer_sees_his_own_and_another_mall_nothing(world: World, orders: list[Any]) -> None:
    made, first, second, *_ = orders
    people = Actor(world.mall, "person", "9", second, tenancy.permissions_of("distributor"))

    async def see(actor: Actor, query: OrderQuery) -> list[str]:
        found, _ = await list_orders(world.env, actor, query, sort=None, cursor=None, size=50)
        return ids(found)

    own = [o.id for n, o in reversed(list(enumerate(made))) if n % 3 == 0]
    assert await see(people, OrderQuery()) == own
    assert await see(people, OrderQuery(buyer_id=second)) == own
    assert (await order_totals(world.env, people, OrderQuery())).total == len(own)
    for query in (
        OrderQuery(buyer_id=first),
        OrderQuery(supplier_id=1),
        OrderQuery(verdict="review"),
        OrderQuery(supplier_id_not=1),
        OrderQuery(verdict_not="review"),
    ):
        with pytest.raises(Refused, match="forbidden"):
            await see(people, query)
        with pytest.raises(Refused, match="forbidden"):
            await order_totals(world.env, people, query)
    other = await world.ground.world("Other")
    assert await see(other.actor, OrderQuery()) == []
    assert await see(other.actor, OrderQuery(q=made[0].id)) == []


async def test_the_grammar_over_http(world: World, orders: list[Any]) -> None:
    made, _, second, card, _ = orders
    async with world.serve() as server:
        asked = {"mall": world.slug, "email": "owner@example.com", "password": PASSWORD}
        cookie = (
            (await server.raw("POST", "/console/v1/sessions", json.dumps(asked).encode(), {}))
            .headers["Set-Cookie"]
            .split(";")[0]
        )

        async def get(path: str) -> Any:
            return await server.raw("GET", f"/console/v1{path}", b"", {"Cookie": cookie})

        page = (await get("/orders?size=5")).json
        assert [o["id"] for o in page["items"]] == [o.id for o in reversed(made)][:5]
        assert page["total_estimate"] >= 6
        row = page["items"][0]
        assert row["buyer_name"] == "Buyer"
        assert row["total"] == {"amount": made[-1].total.amount, "currency": "CNY"}
        assert row["lines"][0]["sku_code"] == f"A-{card}"
        assert "codes" not in row["lines"][0]
        last = (await get(f"/orders?size=200&cursor={page['next']}")).json
        assert (len(last["items"]), last["next"]) == (7, None)

        # Empty parameters are none.
        empty = "&".join(
            f"{n}=" for n in ("q", "status", "buyer_id", "placed_from", "amount_min", "sort", "cursor")
        )
        assert len((await get(f"/orders?{empty}")).json["items"]) == 12
        several = (await get("/orders?status=processing&status=delivered&status=")).json
        assert (len(several["items"]), several["total_estimate"]) == (12, 12)
        since = made[6].created_at.isoformat().replace("+00:00", "Z")
        assert len((await get(f"/orders?placed_from={since}&sort=amount")).json["items"]) == 6
        totals = (await get(f"/orders/totals?buyer_id={second}")).json
        assert totals == {"total": 4, "sums": {"total": totals["sums"]["total"]}}

        for bad in (
            "status=sold", "sort=buyer", "sort=-", "cursor=x", "sort=amount&cursor=5", "cursor=1.2", "amount_min=ten",
            "size=201", "size=0", "placed_from=2026-01-01", "placed_from=2026-01-01T00:00:00", "placed_to=0", "placed_to=-58800", "verdict=maybe",
            "cursor=9999999999999999999",
        ):  # fmt: skip
            answer = await get(f"/orders?{bad}")
            assert (answer.status, answer.json["code"]) == (422, "invalid_request"), (bad, answer.body)
        assert (await get("/orders?buyer_id=x")).status == 404
