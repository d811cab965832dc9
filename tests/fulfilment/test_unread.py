"""Evidence beside a purchase: what its supplier said and nobody looked at, sealed, with names that may be shown."""

import json
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from commissary import fulfilment, supply
from commissary.base.crypto import KeyFault
from commissary.base.home import home as home_of
from commissary.fulfilment import purchases
from commissary.simulators import Asked, Lie, Said
from commissary.supply.types import Unread
from make.orders import World
from make.supply import Supplier, Trade

SPARE = "SPARE-CODE-77-88-99"


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


def grows(supplier: Supplier, more: dict[str, Any]) -> None:
    """Its order in the answer to a question has more fields from now on."""
    plain = supplier.answer

    def answer(asked: Asked) -> Said | None:
        said = plain(asked)
        if said is None:
            return None
        told = json.loads(said.body)
        data = told.get("data")
        orders = data if isinstance(data, list) else [data]
        for order in orders:
            if isinstance(order, dict):
                order |= more
        return Said(said.status, json.dumps(told).encode(), said.headers)

    supplier.answer = answer


async def names(trade: Trade, order_id: str) -> list[list[str]]:
    world = trade.world
    return [r.unread for r in await purchases.records_of(world.env, world.actor, int(order_id))]


async def kept(trade: Trade, order_id: str) -> tuple[Unread, ...]:
    world = trade.world
    [attempt] = await fulfilment.purchases_of(world.env, world.actor, int(order_id))
    async with world.env.db.transaction(world.mall, "vault") as tx:
        found = await supply.unread_of(tx, world.env, home_of(world.mall), [attempt.id])
    return found.get(attempt.id, ())


@pytest.mark.parametrize("protocol", ["kakayun", "kasushou", "kayixin"])
async def test_a_field_that_no_document_names_is_kept_sealed(trade: Trade, protocol: str) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier(protocol)
    await trade.offer(supplier, sku)
    plain = await world.place(buyer, sku)
    await trade.served()
    assert await names(trade, plain.id) == [[]]
    grows(supplier, {"spare_secret": SPARE, "note2": {"of": [1, 2]}, "AB12-CD34-EF56-GH78": "a name?"})
    order = await world.place(buyer, sku)
    await trade.served()
    assert (await world.desk.order(buyer, int(order.id))).status == "delivered"
    # In the answer to the order, in that to the question, or in both: by name, each once.
    assert await names(trade, order.id) == [["data.spare_secret", "data.note2", "data.?"]]
    evidence = await kept(trade, order.id)
    assert Unread("data.spare_secret", f'"{SPARE}"') in evidence
    assert len(set(evidence)) == len(evidence)
    [[row]] = await world.rows("select a::text from supply.attempt a where order_id = %s", int(order.id))
    [[sealed]] = await world.rows("select unread from supply.attempt where order_id = %s", int(order.id))
    for secret in (SPARE, "AB12-CD34-EF56-GH78"):
        assert secret not in row
        assert secret.encode() not in bytes(sealed)
    # It holds for this purchase alone.
    with pytest.raises(KeyFault):
        world.env.keys.open_field(world.mall, "supplier-unread", bytes(sealed), b"1")


async def test_what_a_callback_says_besides(trade: Trade) -> None:
    """Coming twice, it is kept once, and nothing is decided by it."""
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier("kakayun", looks=99)
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    [bought] = supplier.shop.orders.values()
    supplier.shop.finish(bought)
    told = supplier.liar.supplier.callback(bought)
    assert told is not None
    body = json.loads(told.body) | {"backup_pin": SPARE}
    body["sign"] = supplier.liar.supplier._sign(body)
    told = replace(told, body=json.dumps(body).encode())
    for _ in range(2):
        await trade.buying.hear(supplier.kept.callback_token, told.headers, {}, told.body)
        await trade.buying.drain()
    assert (await world.desk.order(buyer, int(order.id))).status == "delivered"
    assert await kept(trade, order.id) == (Unread("backup_pin", f'"{SPARE}"'),)
    assert await names(trade, order.id) == [["backup_pin"]]


async def test_a_callback_that_only_makes_us_ask(trade: Trade) -> None:
    """Kasushou signs too little of it to be believed; what it says besides is kept with the answer."""
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier("kasushou", looks=99)
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    [bought] = supplier.shop.orders.values()
    supplier.shop.finish(bought)
    told = supplier.liar.supplier.callback(bought)
    assert told is not None
    body = json.loads(told.body)
    body["express_list"] = []
    body["card_list"] = [{"hint9": SPARE}]  # not signed
    await trade.buying.hear(supplier.kept.callback_token, told.headers, {}, json.dumps(body).encode())
    await trade.buying.drain()
    assert (await world.desk.order(buyer, int(order.id))).status == "delivered"
    assert [one.name for one in await kept(trade, order.id)] == ["card_list.hint9"]


async def test_an_answer_that_is_no_answer_is_kept_whole(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier("kakayun", lies=[Lie.truncated_after])
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    assert await trade.attempts(order.id) == [("unknown", "unreadable")]
    assert await names(trade, order.id) == [["*"]]
    for _ in range(3):
        await trade.later(seconds=6)
    assert (await world.desk.order(buyer, int(order.id))).status == "delivered"
    assert await names(trade, order.id) == [["*"]]
