"""The money of a recalled batch: every line gets back what it paid for codes of that batch, once, whoever dies or repeats."""

import asyncio

import msgspec
import pytest

from commissary import jobs, ledger, orders, stock, worker
from commissary.base import outbox
from commissary.base.errors import Refused
from commissary.orders.types import Reverse
from commissary.tenancy.types import Actor
from make.provenance import audited
from world import Buyer, World

HANDLERS = {orders.RECALL_JOB: orders.tell_holders}
PRICE = 95_000
COST = 50_000


async def recalled(world: World, batch: int, *, refund: bool = True) -> None:
    await stock.recall(world.env, world.actor, batch, "stolen_cards", refund=refund)
    await worker.Relay(world.env, worker.REACTIONS).drain()


async def drained(world: World) -> None:
    await jobs.Runner(world.env, HANDLERS).drain()


async def spent(world: World, buyers: list[Buyer]) -> list[int]:
    return [10_000_0000 - await world.balance(b.account) for b in buyers]


async def sold(world: World, codes: int = 400, of: int = 2) -> tuple[list[Buyer], int, list[int]]:
    sku = await world.sku()
    await world.price(sku, "9.5000")
    batch = await world.stock(sku, codes)
    buyers = await world.buyers(20, balance_e4=10_000_0000)
    ids = [
        int(o.id) for _ in range(9) for o in await asyncio.gather(*(world.place(b, sku, of) for b in buyers))
    ]
    return buyers, batch, ids


async def events(world: World, kind: str) -> list[int]:
    rows = await world.rows("select events from base.outbox where home_id = %s order by seq", (world.home,))
    return [e.subject for (packed,) in rows for e in outbox.unpack(bytes(packed)) if e.kind == kind]


async def test_everybody_is_paid_once_though_the_job_is_broken_off(world: World) -> None:
    buyers, batch, ids = await sold(world)
    assert await spent(world, buyers) == [9 * 2 * PRICE] * 20
    look = await orders.look_at_recall(world.env, world.actor, batch)
    assert (look.orders, look.buyers, look.pieces, look.refund_e4) == (180, 20, 360, 360 * PRICE)
    await recalled(world, batch)
    for _ in range(15):
        runner = jobs.Runner(world.env, HANDLERS)
        await runner.start_due()
        await asyncio.sleep(0.03)
        await runner.stop()
    await drained(world)
    assert await spent(world, buyers) == [0] * 20
    assert sorted(await events(world, "order.reversed")) == sorted(ids)

    # Again, as if it had lost its cursor, and by two processes at once.
    for _ in range(2):
        async with world.env.db.transaction(world.mall) as tx:
            payload = {"home": str(world.home), "batch": str(batch), "refund": "yes"}
            await jobs.defer(tx, world.env, world.mall, orders.RECALL_JOB, payload)
    await asyncio.gather(*(drained(world) for _ in range(2)))
    assert await spent(world, buyers) == [0] * 20
    assert len(await events(world, "order.reversed")) == len(ids)
    assert len(await events(world, "order.recalled")) == len(ids)
    assert await audited(world) == []


async def test_it_may_be_ordered_afterwards_and_by_nobody_without_the_right(world: World) -> None:
    buyers, batch, _ = await sold(world, of=1)
    await recalled(world, batch, refund=False)
    await drained(world)
    assert await spent(world, buyers) == [9 * PRICE] * 20
    with pytest.raises(Refused) as no:
        await stock.recall(world.env, clerk(world, "stock.freeze"), batch, "stolen_cards", refund=True)
    assert no.value.refusal.code == "forbidden"
    for _ in range(3):
        await recalled(world, batch)
    await drained(world)
    assert await spent(world, buyers) == [0] * 20
    found = await jobs.list_jobs(world.env, world.actor, kind=orders.RECALL_JOB)
    assert len(found) == 2, "one to tell, one to pay; a third and a fourth wish change nothing"
    assert await audited(world) == []


async def test_a_line_of_two_batches_gets_its_part_and_later_the_rest(world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "9.5000")
    first, second = await world.stock(sku, 3), await world.stock(sku, 10)
    [buyer] = await world.buyers(1, balance_e4=10_000_0000)
    order = await world.place(buyer, sku, 5)
    took = dict(
        await world.rows(
            "select batch_id, sum(last_seq - first_seq + 1) from orders.take where order_id = %s group by 1",
            (int(order.id),),
        )
    )
    assert set(took) == {first, second}
    parts = [await orders.look_at_recall(world.env, world.actor, batch) for batch in (first, second)]
    assert [part.refund_e4 for part in parts] == [int(took[batch]) * PRICE for batch in (first, second)]
    await recalled(world, first)
    await drained(world)
    left = 5 * PRICE - 5 * PRICE * int(took[first]) // 5
    assert await spent(world, [buyer]) == [left]
    assert await events(world, "order.refunded") == [int(order.id)]
    [(state, returned)] = await world.rows(
        "select state, returned_e4 from orders.line where order_id = %s", (int(order.id),)
    )
    assert (state, returned) == ("delivered", 5 * PRICE - left)
    await recalled(world, second)
    await drained(world)
    assert await spent(world, [buyer]) == [0]
    assert await audited(world) == []


async def test_what_was_turned_back_before_is_not_paid_again(world: World) -> None:
    buyers, batch, ids = await sold(world, of=1)
    async with world.env.db.transaction(world.mall, "vault") as tx:
        await orders.settle(
            tx, world.env, world.home, [Reverse(ids[0], 1, "by hand")], world.env.now(world.mall)
        )
    await recalled(world, batch)
    await drained(world)
    assert await spent(world, buyers) == [0] * 20
    assert await audited(world) == []


async def test_the_suppliers_payable_bears_the_cost_of_what_was_paid_back(world: World) -> None:
    """Once; and a supplier to whom nothing was ever owed has nothing taken."""
    _, batch, _ = await sold(world, of=2)
    supplier = world.env.ids.new()
    await world.rows("update stock.batch set supplier_id = %s where id = %s returning 1", (supplier, batch))
    async with world.env.db.transaction(world.mall) as tx:
        payable = await ledger.open_account(tx, world.env, world.home, supplier, "payable", "CNY")
    await recalled(world, batch)
    await recalled(world, batch)
    await drained(world)
    assert await world.balance(payable) == -180 * 2 * COST
    assert await audited(world) == []


def clerk(world: World, *permissions: str) -> Actor:
    return msgspec.structs.replace(world.actor, permissions=frozenset(permissions))
