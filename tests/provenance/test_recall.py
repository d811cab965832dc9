"""A recalled batch: everybody who holds its codes is listed, and each of their orders is told once, whoever dies."""

import asyncio

import msgspec
import pytest
import pytest_asyncio

from commissary import insight, jobs, orders, provenance, stock, worker
from commissary.base import outbox
from commissary.base.errors import Refused, RequestRefusal
from commissary.orders.recall import START
from commissary.orders.wire import LineIn, OrderIn
from make.provenance import audited, keeper
from world import Buyer, World

HANDLERS = {orders.RECALL_JOB: orders.tell_holders}


@pytest_asyncio.fixture(loop_scope="session")
async def sold(world: World) -> tuple[World, list[Buyer], int, list[int]]:
    """A batch of 600 codes, 500 of them with 250 orders of 25 buyers; other orders beside. (…, batch, its orders)"""
    sku, other = await world.sku(), await world.sku()
    for each in (sku, other):
        await world.price(each, "9.5000")
    batch = await world.stock(sku, 600)
    await world.stock(other, 100)
    buyers = await world.buyers(25, balance_e4=10_000_0000)
    ids = [
        int(o.id) for _ in range(10) for o in await asyncio.gather(*(world.place(b, sku, 2) for b in buyers))
    ]
    await asyncio.gather(*(world.place(b, other) for b in buyers))
    return world, buyers, batch, ids


async def recalled(world: World, batch: int, reason: str = "stolen_cards") -> None:
    """And the consequence is waiting as a job."""
    await stock.recall(world.env, world.actor, batch, reason)
    await worker.Relay(world.env, worker.REACTIONS).drain()


async def told(world: World) -> list[outbox.Event]:
    rows = await world.rows("select events from base.outbox where home_id = %s order by seq", (world.home,))
    return [e for (packed,) in rows for e in outbox.unpack(bytes(packed)) if e.kind == "order.recalled"]


async def test_holders_are_listed_page_by_page(sold: tuple[World, list[Buyer], int, list[int]]) -> None:
    world, buyers, batch, ids = sold
    found, after = [], START
    while page := await orders.holders(world.env, world.actor, batch, after=after, size=70):
        found += page
        after = page[-1].place
    assert sorted(h.order_id for h in found) == sorted(ids)
    assert {h.buyer_id for h in found} == {b.organisation for b in buyers}
    covered = [seq for h in found for seq in range(h.first_seq, h.last_seq + 1)]
    assert sorted(covered) == list(range(1, 501))
    with pytest.raises(Refused) as no:
        await orders.holders(world.env, world.actor, 77)
    assert no.value.refusal is RequestRefusal.not_found


async def test_each_order_is_told_once_though_the_job_is_broken_off(
    sold: tuple[World, list[Buyer], int, list[int]],
) -> None:
    world, _, batch, ids = sold
    await recalled(world, batch)
    await recalled(world, batch, "again")
    for _ in range(25):
        runner = jobs.Runner(world.env, HANDLERS)
        await runner.start_due()
        await asyncio.sleep(0.02)
        await runner.stop()  # as a process that is told to end: the job goes on elsewhere
    await jobs.Runner(world.env, HANDLERS).drain()
    [job] = await jobs.list_jobs(world.env, world.actor, kind=orders.RECALL_JOB)
    assert (job.state, job.done, job.total) == ("done", 250, 250)

    events = await told(world)
    assert sorted(e.subject for e in events) == sorted(ids)
    assert {e.n for e in events} == {2}, "numbered behind the sale's own event"
    assert all(e.data["reason"] == "stolen_cards" for e in events)
    assert all(e.data["lines"][0]["status"] == "recalled" for e in events)
    assert await audited(world) == []


async def test_a_job_that_lost_its_cursor_tells_nobody_twice(
    sold: tuple[World, list[Buyer], int, list[int]],
) -> None:
    """As if it was killed between telling and saying so, every time."""
    world, _, batch, ids = sold
    await recalled(world, batch)
    await jobs.Runner(world.env, HANDLERS).drain()
    for _ in range(2):
        async with world.env.db.transaction(world.mall) as tx:
            payload = {"home": str(world.home), "batch": str(batch)}
            await jobs.defer(tx, world.env, world.mall, orders.RECALL_JOB, payload)
    await asyncio.gather(*(jobs.Runner(world.env, HANDLERS).drain() for _ in range(2)))
    assert len(await told(world)) == len(ids)


async def test_the_recall_is_in_custody_and_in_the_buyers_proof(
    sold: tuple[World, list[Buyer], int, list[int]],
) -> None:
    world, _, batch, ids = sold
    await recalled(world, batch, "供应商来函：疑似盗刷")
    await jobs.Runner(world.env, HANDLERS).drain()
    assert {e.data["reason"] for e in await told(world)} == {"recalled"}, "free text is not for webhooks"
    await keeper(world).round()
    found = await insight.order_proof(world.env, world.home, ids[0])
    [recall] = found.recalls
    assert (recall.line_no, recall.batch_id, recall.reason) == (1, batch, "供应商来函：疑似盗刷")
    _, _, _, events = provenance.verify_proof(msgspec.json.encode(found.proof).decode())
    assert [e["kind"] for e in events] == ["sold", "recalled"]
    assert events[1]["codes"] == events[0]["codes"]
    page = await insight.authenticity(world.env, found.pieces[0].token)
    assert page is not None
    assert page.standing == "recalled"


async def test_buyers_of_other_batches_hear_nothing(sold: tuple[World, list[Buyer], int, list[int]]) -> None:
    world, _, batch, ids = sold
    await recalled(world, batch)
    await jobs.Runner(world.env, HANDLERS).drain()
    assert {e.subject for e in await told(world)} == set(ids)
    await keeper(world).round()
    [(sale,)] = await world.rows(
        "select max(id) from orders.orders where home_id = %s and id <> all (%s)", (world.home, ids)
    )
    found = await insight.order_proof(world.env, world.home, sale)
    assert found.recalls == []
    page = await insight.authenticity(world.env, found.pieces[0].token)
    assert page is not None
    assert page.standing == "genuine"


async def test_an_order_that_brought_a_callback_is_told_there(world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "9.5000")
    batch = await world.stock(sku, 2)
    buyer = await world.buyer(balance_e4=100_0000)
    url = "https://shop.example/told"
    asked = OrderIn("c-1", (LineIn(str(sku), 1),), callback_url=url)
    await world.desk.place(world.caller(buyer), asked)
    await world.place(buyer, sku)
    await recalled(world, batch)
    await jobs.Runner(world.env, HANDLERS).drain()
    assert sorted(e.data.get("callback_url", "") for e in await told(world)) == ["", url]
