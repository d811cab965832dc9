"""What risk judged can be read back from the orders, so that counting goes on in another process."""

import time

import msgspec

from commissary import orders
from commissary.catalog.types import Component, FieldSpec
from commissary.orders.wire import EndUser
from commissary.risk.types import Facts, Line, Verdict
from make.orders import World

PHONE = FieldSpec("account", "账号", "Account", "phone", target=True)


def listen(world: World) -> list[Facts]:
    """The facts of every order from here on, as the judge sees them."""
    judged: list[Facts] = []

    def judge(facts: Facts) -> Verdict:
        judged.append(facts)
        return Verdict("allow")

    world.desk.judge = judge
    return judged


async def test_orders_are_read_as_they_were_judged(world: World) -> None:
    code, other = await world.sku(), await world.sku()
    topup = await world.sku(kind="topup", fields=(PHONE,))
    bundle = await world.sku(1_000_000, kind="bundle", components=(Component(code, 2), Component(other, 3)))
    for sku in (code, other):
        await world.stock(sku, 50)
    buyer, judged = await world.buyer(), listen(world)
    end_user = EndUser("203.0.113.7", "device-1")
    await world.place(buyer, code, 2, end_user=end_user)
    await world.place(buyer, topup, fields={"account": "13800138000"})
    await world.place(buyer, [(other, 1), (bundle, 2), (code, 1)])
    found = await orders.recent(world.env, world.mall, time.time() - 60, 100)
    assert len(judged) == len(found) == 3
    for was, read in zip(judged, found, strict=True):
        assert abs(was.at_s - read.at_s) < 2
        lines = [Line(w.sku_id, w.quantity, w.target) for w in was.lines]
        lines.sort(key=lambda w: w.sku_id)
        seen = msgspec.structs.replace(was, ip="", at_s=read.at_s, lines=tuple(lines))
        read = msgspec.structs.replace(read, lines=tuple(sorted(read.lines, key=lambda w: w.sku_id)))
        assert read == seen


async def test_the_youngest_are_read_when_there_are_too_many(world: World) -> None:
    sku = await world.sku()
    await world.stock(sku, 10)
    buyer = await world.buyer()
    began_s = time.time()
    for n in range(5):
        await world.place(buyer, sku, number=f"n{n}")
    keys = [orders.key_of(buyer.key.organisation_id, f"n{n}") for n in range(5)]
    found = await orders.recent(world.env, world.mall, began_s - 1, 3)
    assert [facts.order_key[:16] for facts in found] == keys[2:]
    assert await orders.recent(world.env, world.mall, time.time() + 5, 3) == []
