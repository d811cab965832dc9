"""A supplier's cost moves and the price follows: at once within its limit, beyond it when a person says so, and never
under its floor."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from commissary import supply, worker
from commissary.pricing.routes import ROUTES
from make.http import served
from make.orders import World
from make.orders import world as make_world
from make.supply import CARD, Supplier, Trade


class Shelf:
    """One SKU, bought at 9.00 and sold at 9.90, that is cost + 10 %."""

    def __init__(self, trade: Trade, supplier: Supplier, sku: int, mall: httpx.AsyncClient) -> None:
        self.trade, self.supplier, self.sku, self.mall = trade, supplier, sku, mall

    async def follow(self, limit_bp: int, scope: str = "sku", **more: Any) -> None:
        book = str(self.trade.world.book_id)
        rules = {"name": "ten", "base": "cost", "percent_bp": 1000}
        template = (await self.mall.put("/console/v1/price-templates", json=rules)).json()
        asked: dict[str, Any] = {"book_id": book, "template_id": template["id"], "limit_bp": limit_bp}
        asked |= {"scope": scope} | more | ({"scope_id": str(self.sku)} if scope == "sku" else {})
        answer = await self.mall.put("/console/v1/price-follows", json=asked)
        assert answer.status_code == 200, answer.text

    async def cost(self, price_e4: int) -> None:
        """The supplier tells another cost, it is pulled, and everything comes of it that comes."""
        self.supplier.shop.articles[CARD].price_e4 = price_e4
        self.trade.world.travel(seconds=301)
        await supply.pull(self.trade.world.env, self.trade.buying.purchasing)
        await worker.Relay(self.trade.world.env, worker.REACTIONS).drain()

    async def history(self) -> list[tuple[str, str, str]]:
        items = (await self.mall.get(f"/console/v1/skus/{self.sku}/prices")).json()["items"]
        return [(e["rungs"][0]["unit_price"]["amount"], e["author"], e["reason"]) for e in items]

    async def price(self) -> str:
        return (await self.history())[0][0]

    async def waiting(self) -> list[Any]:
        items: list[Any] = (await self.mall.get("/console/v1/price-proposals")).json()["items"]
        return items

    async def decide(self, proposal: Any, approve: bool) -> httpx.Response:
        url = f"/console/v1/price-proposals/{proposal['id']}/decide"
        return await self.mall.post(url, json={"approve": approve})


@pytest_asyncio.fixture(loop_scope="session")
async def shelf(world: World) -> AsyncIterator[Shelf]:
    trade = Trade(world)
    sku = await world.sku(99_000)
    supplier = await trade.supplier(price_e4=90_000)
    await trade.offer(supplier, sku)
    async with served(world.house, ROUTES, env=world.env, actor=lambda: world.actor) as mall:
        yield Shelf(trade, supplier, sku, mall)


async def test_a_small_move_is_made_at_once_and_says_why(shelf: Shelf) -> None:
    await shelf.follow(500)
    await shelf.cost(92_000)
    price, author, reason = (await shelf.history())[0]
    assert (price, author) == ("10.1200", "system:pricing.follow")
    assert "9.2000" in reason
    assert "ten" in reason
    assert await shelf.waiting() == []


async def test_a_scope_is_of_the_mall_and_of_its_kind(shelf: Shelf) -> None:
    """Neither the SKU of another mall, nor a SKU named as a product, nor nothing at all."""
    async with make_world(await shelf.trade.world.house.ground.mall()) as other:
        foreign = await other.sku(99_000)
    book, rules = str(shelf.trade.world.book_id), {"name": "ten", "base": "cost", "percent_bp": 1000}
    template = (await shelf.mall.put("/console/v1/price-templates", json=rules)).json()["id"]
    asked = {"book_id": book, "template_id": template, "limit_bp": 1}
    for scope, id_ in (("sku", foreign), ("product", shelf.sku), ("brand", 12345)):
        told = asked | {"scope": scope, "scope_id": str(id_)}
        answer = await shelf.mall.put("/console/v1/price-follows", json=told)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_scope")
    assert (await shelf.mall.get("/console/v1/price-follows")).json()["items"] == []
    await shelf.follow(1)


async def test_without_a_rule_nothing_moves(shelf: Shelf) -> None:
    await shelf.cost(92_000)
    assert await shelf.price() == "9.9000"


async def test_a_narrower_rule_that_is_off_keeps_a_wider_one_away(shelf: Shelf) -> None:
    await shelf.follow(500, "mall")
    await shelf.cost(92_000)
    assert await shelf.price() == "10.1200"
    await shelf.follow(500, active=False)
    await shelf.cost(93_000)
    assert await shelf.price() == "10.1200"


async def test_a_great_move_waits_for_a_person_and_is_approved_once(shelf: Shelf) -> None:
    await shelf.follow(500)
    await shelf.cost(99_000)
    assert await shelf.price() == "9.9000"
    [asked] = await shelf.waiting()
    assert (asked["why"], asked["rungs"][0]["unit_price"]["amount"]) == ("over_limit", "10.8900")
    first, second = await shelf.decide(asked, True), await shelf.decide(asked, True)
    assert (first.status_code, first.json()) == (200, second.json())
    assert await shelf.price() == "10.8900"
    assert len(await shelf.history()) == 2
    late = await shelf.decide(asked, False)
    assert (late.status_code, late.json()["code"]) == (409, "proposal_decided")


async def test_a_refused_move_is_not_made_and_a_newer_one_replaces_what_waits(shelf: Shelf) -> None:
    await shelf.follow(500)
    await shelf.cost(99_000)
    [old] = await shelf.waiting()
    await shelf.cost(100_000)
    [new] = await shelf.waiting()
    assert new["rungs"][0]["unit_price"]["amount"] == "11.0000"
    assert (await shelf.decide(old, True)).status_code == 409
    assert (await shelf.decide(new, False)).json()["state"] == "refused"
    assert await shelf.waiting() == []
    assert await shelf.price() == "9.9000"


async def test_no_move_goes_under_the_floor_not_even_an_approved_one(shelf: Shelf) -> None:
    floor = {"sku_id": str(shelf.sku), "margin_bp": 2000}
    assert (await shelf.mall.put("/console/v1/floors", json=floor)).status_code == 200
    await shelf.follow(500)
    await shelf.cost(92_000)
    [asked] = await shelf.waiting()
    assert asked["why"] == "below_floor"
    no = await shelf.decide(asked, True)
    assert (no.status_code, no.json()["code"]) == (409, "below_floor")
    assert await shelf.price() == "9.9000"


async def test_a_cost_that_falls_by_sixty_per_cent_or_trebles_moves_no_price(shelf: Shelf) -> None:
    await shelf.follow(10_000)
    for jumped in (36_000, 270_000):
        await shelf.cost(jumped)
        assert await shelf.price() == "9.9000"
        assert await shelf.waiting() == []
