"""Pre-orders by their date: never early, once, resumable; and lines whose goods came in."""

import asyncio
from datetime import datetime, timedelta

import pytest

from commissary import fulfilment, orders
from commissary.base.errors import Refused
from commissary.fulfilment.types import Released
from make import killable
from make.orders import World, secrets_of
from make.work import list_work


def tomorrow(world: World) -> datetime:
    return world.env.now(world.mall) + timedelta(days=1)


async def preorders(world: World, count: int, stocked: int, price_e4: int = 10_000):
    sku, buyer = await world.sku(price_e4, release_at=tomorrow(world)), await world.buyer(1000)
    if stocked:
        await world.stock(sku, stocked, cost_e4=1)
    return sku, buyer, [await world.place(buyer, sku) for _ in range(count)]


async def states(world: World, sku: int) -> dict[str, int]:
    return dict(
        await world.rows("select state, count(*)::int from orders.line where sku_id = %s group by 1", sku)
    )


async def test_a_preorder_is_delivered_when_the_clock_has_passed_and_not_before(world: World) -> None:
    _, buyer, [order] = await preorders(world, 1, 1)
    assert order.status == "scheduled"
    assert order.lines[0].release_at is not None
    assert await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall)) == Released()
    world.travel(hours=23, minutes=59)
    assert await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall)) == Released()
    world.travel(minutes=2)
    done = await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall))
    assert done == Released(delivered=1)
    after = await world.desk.order(buyer, int(order.id))
    assert (after.status, len(secrets_of(after))) == ("delivered", 1)
    assert await world.events(order.id) == [(1, "order.accepted"), (2, "order.delivered")]
    log = await fulfilment.work_log(world.env, world.mall, int(order.id), buyer.key.organisation_id)
    assert [(e.action, e.zh) for e in log] == [("released", "到期放行，进入处理"), ("delivered", "已交付")]
    assert await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall)) == Released()


async def test_a_preorder_can_be_called_off_before_its_date(world: World) -> None:
    sku, buyer, [order] = await preorders(world, 1, 1)
    assert (await orders.cancel(world.desk, buyer, int(order.id), "k")).status == "cancelled"
    world.travel(days=2)
    assert await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall)) == Released()
    assert await states(world, sku) == {"cancelled": 1}


async def test_what_is_short_waits_and_goes_on_when_goods_come_in(world: World) -> None:
    sku, buyer, placed = await preorders(world, 3, 1)
    world.travel(days=2)
    now = world.env.now(world.mall)
    assert await fulfilment.release_due(world.env, world.mall, now) == Released(1, 2)
    assert await fulfilment.release_restocked(world.env, world.mall, now) == Released()
    await world.stock(sku, 1, cost_e4=1)
    assert await fulfilment.release_restocked(world.env, world.mall, now) == Released(1, 1)
    assert (await world.desk.order(buyer, int(placed[1].id))).status == "delivered"
    last = await world.desk.order(buyer, int(placed[2].id))
    assert (last.status, last.lines[0].reason) == ("processing", "out_of_stock")


async def test_topups_go_to_a_person_on_their_date(world: World) -> None:
    sku = await world.sku(kind="topup", release_at=tomorrow(world))
    order = await world.place(await world.buyer(), sku)
    world.travel(days=2)
    assert await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall)) == Released(
        waiting=1
    )
    [item] = await list_work(world.env, world.actor)
    assert (item.order_id, item.state) == (int(order.id), "waiting")


async def test_runs_beside_each_other_and_beside_cancels_release_each_line_once(world: World) -> None:
    sku, buyer, placed = await preorders(world, 120, 200)
    world.travel(days=2)
    now = world.env.now(world.mall)
    results = await asyncio.gather(
        fulfilment.release_due(world.env, world.mall, now),
        fulfilment.release_due(world.env, world.mall, now),
        *(orders.cancel(world.desk, buyer, int(o.id), f"k{o.id}") for o in placed[::6]),
        return_exceptions=True,
    )
    bad = [r for r in results if isinstance(r, BaseException) and not isinstance(r, Refused)]
    assert bad == []
    await fulfilment.release_due(world.env, world.mall, now)
    ended = await states(world, sku)
    cancelled = len([r for r in results[2:] if not isinstance(r, Refused)])
    assert ended.get("cancelled", 0) == cancelled
    assert ended["delivered"] == 120 - cancelled
    for order in placed:
        assert len(await world.rows("select from provenance.event where subject_id = %s", int(order.id))) <= 1


async def test_a_release_killed_again_and_again_delivers_each_line_once(world: World) -> None:
    sku, _, placed = await preorders(world, 400, 400)
    world.travel(days=2)
    kills = 0
    for attempt in range(1, 5):
        before = (await states(world, sku)).get("delivered", 0)
        child = await asyncio.to_thread(killable.start, world, "release", attempt)
        while child.poll() is None and (await states(world, sku)).get("delivered", 0) == before:
            pass  # asking the database is the pause
        kills += killable.kill(child)
    assert kills >= 2
    assert (await states(world, sku))["delivered"] > 0
    await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall))
    assert await states(world, sku) == {"delivered": 400}
    assert await world.rows("select next_seq, state from stock.lot where sku_id = %s", sku) == [
        (401, "sold_out")
    ]
    told = [k for o in placed[::40] for k in await world.events(o.id)]
    assert told == [(1, "order.accepted"), (2, "order.delivered")] * 10


async def test_an_order_that_cannot_go_on_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    sku, _, placed = await preorders(world, 4, 4)
    poisoned = int(placed[1].id)
    # A hand in the tables: its hold was spent already.
    await world.rows(
        "update ledger.hold h set captured_e4 = 1 from orders.line l where l.hold_id = h.id and l.order_id = %s returning 1",
        poisoned,
    )
    world.travel(days=2)
    done = await fulfilment.release_due(world.env, world.mall, world.env.now(world.mall))
    assert done == Released(delivered=3, skipped=1)
    assert str(poisoned) in caplog.text
    await world.rows(
        "update ledger.hold h set captured_e4 = 0 from orders.line l where l.hold_id = h.id and l.order_id = %s returning 1",
        poisoned,
    )
    assert await states(world, sku) == {"delivered": 3, "scheduled": 1}
