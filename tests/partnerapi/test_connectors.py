"""Our own connectors buy from our own faces, over a real wire: two sides that were written apart."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from tests.partnerapi.conftest import House

from commissary import supply
from commissary.base.outgoing import Outgoing
from commissary.supply.types import (
    NOT_FOUND,
    Connection,
    Connector,
    Fault,
    Outcome,
    Purchase,
    Result,
)
from world import Buyer, World

PHONE = [{"name": "phone", "label_zh": "手机号", "label_en": "Mobile", "type": "phone", "target": True}]
TWO = [*PHONE, {"name": "area", "label_zh": "大区", "label_en": "Area"}]


@pytest_asyncio.fixture(loop_scope="session")
async def wire(house: House) -> AsyncIterator[supply.Wire]:
    async with Outgoing(production=False, allow=[("127.0.0.1", house.served.port)]) as outgoing:
        yield supply.Wire(outgoing)


def connector(house: House, protocol: str, buyer: Buyer) -> Connector:
    to = Connection(f"{house.served.url}/faces/{protocol}", buyer.key_id, buyer.secret)
    return supply.TABLE[protocol](to)


def now_ms() -> int:
    return int(time.time() * 1000)


async def stocked(world: World, name: str, n: int = 20, **more: Any) -> int:
    sku = await world.sku(name=name, **more)
    await world.price(sku, "9.50")
    if n:
        await world.stock(sku, n)
    return sku


async def the_good(bought_from: Connector, wire: supply.Wire, name: str) -> str:
    cursor = ""
    while True:
        page = await supply.hold(bought_from.goods(now_ms(), cursor), wire.send)
        for good in page.goods:
            if good.name == name:
                return good.id
        assert page.next, f"{name} is not offered"
        cursor = page.next


async def buy(
    bought_from: Connector, wire: supply.Wire, ref: str, good: str, quantity: int = 1, **more: Any
) -> Result:
    purchase = Purchase(ref, good, quantity, **({"most_unit_e4": 100_000} | more))
    return await supply.outcome(bought_from.place(now_ms(), purchase), wire.send, placing=True)


async def test_kakayun_buys_cards(house: House, world: World, wire: supply.Wire) -> None:
    name = "kky cards"
    await stocked(world, name)
    buyer = await world.buyer(balance_e4=1_000_000, credit_e4=500_000)
    shop = connector(house, "kakayun", buyer)
    assert await supply.hold(shop.balance(now_ms()), wire.send) == 1_500_000
    good = await the_good(shop, wire, name)
    told = await supply.hold(shop.good(now_ms(), good), wire.send)
    assert (told.name, told.kind, told.price_e4, told.on_sale, told.stock) == (name, "code", 95_000, True, 20)
    assert (told.least, told.most) == (1, 1000)

    bought = await buy(shop, wire, "R1", good, 2)
    assert (bought.outcome, bought.codes) == (Outcome.accepted, ())
    found = await supply.outcome(shop.query(now_ms(), "R1"), wire.send)
    assert (found.outcome, found.supplier_ref, found.cost_e4) == (
        Outcome.succeeded,
        bought.supplier_ref,
        190_000,
    )
    assert len({code.secret for code in found.codes}) == 2
    again = await buy(shop, wire, "R1", good, 2)
    assert (again.outcome, again.supplier_ref) == (Outcome.accepted, bought.supplier_ref)
    assert await world.balance(buyer.account) == 1_000_000 - 190_000

    other = await buy(
        shop, wire, "R1", good, 1
    )  # a conflict, and then the order that stands under the number
    assert (other.outcome, other.codes) == (Outcome.succeeded, found.codes)
    nothing = await supply.outcome(shop.query(now_ms(), "R9"), wire.send)
    assert (nothing.outcome, nothing.reason) == (Outcome.failed, NOT_FOUND)


async def test_kakayun_names_its_limit(house: House, world: World, wire: supply.Wire) -> None:
    name = "kky limit"
    await stocked(world, name)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = connector(house, "kakayun", buyer)
    good = await the_good(shop, wire, name)
    dear = await buy(shop, wire, "R1", good, 3, most_unit_e4=94_999)
    assert (dear.outcome, dear.reason) == (Outcome.failed, "1210")
    assert (await buy(shop, wire, "R1", good, 3, most_unit_e4=95_000)).outcome is Outcome.accepted
    for reason, quantity in (("-1", 900), ("1213", 10)):
        if reason == "1213":
            poor = connector(house, "kakayun", await world.buyer(balance_e4=1))
            refused = await buy(poor, wire, "R2", good, quantity)
        else:
            refused = await buy(shop, wire, "R2", good, quantity)
        assert (refused.outcome, refused.reason) == (Outcome.failed, reason)


@pytest.mark.parametrize("fields", [PHONE, TWO], ids=["one", "two"])
async def test_kakayun_tops_up(
    fields: list[dict[str, Any]], house: House, world: World, wire: supply.Wire
) -> None:
    name = f"kky topup {len(fields)}"
    await stocked(world, name, 0, kind="topup", fields=fields)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = connector(house, "kakayun", buyer)
    good = await the_good(shop, wire, name)
    template = await supply.hold(shop.template(now_ms(), good), wire.send)
    assert template[0].name == "1"
    assert [field.label for field in template] == [spec["label_zh"] for spec in fields]
    filled = {field.name: "13800138000" if field.name == "1" else "一区" for field in template}
    missing = await buy(shop, wire, "T0", good)
    assert missing.outcome is Outcome.failed
    bought = await buy(shop, wire, "T1", good, fields=filled)
    assert bought.outcome is Outcome.accepted
    doing = await supply.outcome(shop.query(now_ms(), "T1"), wire.send)
    assert (doing.outcome, doing.reason) == (Outcome.accepted, "3")
    assert await world.rows(
        "select target_last from orders.line where order_id = %s", [int(bought.supplier_ref)]
    ) == [("8000",)]

    cancelled = await supply.outcome(shop.cancel(now_ms(), "T1"), wire.send)
    assert cancelled.outcome is Outcome.accepted
    over = await supply.outcome(shop.query(now_ms(), "T1"), wire.send)
    assert (over.outcome, over.refunded_e4) == (Outcome.failed, 95_000)
    assert await world.balance(buyer.account) == 1_000_000


async def test_acg_faka_buys_cards(house: House, world: World, wire: supply.Wire) -> None:
    name = "acg cards"
    sku = await stocked(world, name)
    buyer = await world.buyer(balance_e4=1_000_000)
    shop = connector(house, "acg_faka", buyer)
    assert await supply.hold(shop.balance(now_ms()), wire.send) == 1_000_000
    good = await the_good(shop, wire, name)
    assert good == str(sku)
    told = await supply.hold(shop.good(now_ms(), good), wire.send)
    assert (told.price_e4, told.on_sale, told.stock, told.most) == (95_000, True, 20, 1000)
    bought = await buy(shop, wire, "2026112600000000009", good, 3)
    assert (bought.outcome, bought.cost_e4, len(bought.codes)) == (Outcome.succeeded, 285_000, 3)
    again = await buy(shop, wire, "2026112600000000009", good, 3)
    assert again == bought
    seen = await supply.outcome(shop.query(now_ms(), "x", bought.supplier_ref), wire.send)
    assert seen.codes == bought.codes
    assert await world.balance(buyer.account) == 1_000_000 - 285_000

    few = await buy(shop, wire, "2", good, 18)
    assert (few.outcome, few.reason) == (Outcome.failed, "no_stock")
    dear = await buy(shop, wire, "3", good, 1, most_unit_e4=94_999)
    assert (dear.outcome, dear.reason) == (Outcome.failed, "too_dear")
    poor = connector(house, "acg_faka", await world.buyer(balance_e4=1))
    refused = await buy(poor, wire, "4", good, 1)
    assert (refused.outcome, refused.said) == (Outcome.failed, "余额不足")


async def test_whoever_has_the_wrong_secret(house: House, world: World, wire: supply.Wire) -> None:
    buyer = await world.buyer(balance_e4=1_000_000)
    stranger = Buyer(buyer.key_id, "sk_guessed", buyer.organisation, buyer.account, buyer.key)
    for protocol in ("kakayun", "acg_faka"):
        shop = connector(house, protocol, stranger)
        with pytest.raises(Fault):
            await supply.hold(shop.balance(now_ms()), wire.send)
