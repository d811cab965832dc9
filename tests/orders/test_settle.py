"""What becomes of lines after placement: money to the unit, goods once, states by the table."""

import asyncio

import pytest

from commissary.base import outbox
from commissary.base.errors import Refused
from commissary.orders.types import Deliver, Fail, Move, Release, Reverse, Settled
from commissary.risk.types import Verdict
from commissary.stock.types import Code
from make.orders import World, lines_of, secrets_of


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


async def free(world: World, buyer) -> int:
    found = await world.account(buyer)
    return found.balance_e4 - found.held_e4


async def test_delivery_by_hand_captures_the_hold_and_shows_the_codes(world: World) -> None:
    sku, buyer = await world.sku(98_750, kind="topup"), await world.buyer(100)
    order = await world.place(buyer, sku, 2)
    assert (order.status, lines_of(order)) == ("processing", [("waiting", 0)])
    assert (await world.account(buyer)).held_e4 == 197_500
    oid = int(order.id)
    [settled] = await world.settle(Deliver(oid, 1, 2, (Code("s-1", "n-1"), Code("s-2")), cost_e4=180_000))
    assert settled == Settled(oid, 1, "waiting", "delivered", 2, 0)
    after = await world.desk.order(buyer, oid)
    assert (after.status, lines_of(after), secrets_of(after)) == (
        "delivered",
        [("delivered", 2)],
        ["s-1", "s-2"],
    )
    account = await world.account(buyer)
    assert (account.balance_e4, account.held_e4) == (1_000_000 - 197_500, 0)
    assert await world.events(oid) == [(1, "order.accepted"), (2, "order.delivered")]
    assert await world.rows("select cost_e4 from orders.line where order_id = %s", oid) == [(180_000,)]
    leaves = await world.rows("select n, kind, body from provenance.event where subject_id = %s", oid)
    assert [(n, kind) for n, kind, _ in leaves] == [(1, 3)]
    assert b"s-1" not in leaves[0][2]


async def test_three_of_five_are_paid_pro_rata_and_the_rest_is_free_again(world: World) -> None:
    sku, buyer = await world.sku(33_333, kind="topup"), await world.buyer(100)
    order = await world.place(buyer, sku, 5)
    [settled] = await world.settle(Deliver(int(order.id), 1, 3, receipt="R-77"))
    assert (settled.after, settled.delivered, settled.returned_e4) == ("partial", 3, 66_666)
    after = await world.desk.order(buyer, int(order.id))
    assert (after.status, lines_of(after)) == ("partially_delivered", [("partial", 3)])
    assert after.lines[0].returned is not None
    assert after.lines[0].returned.amount == "6.6666"
    assert after.lines[0].receipts == ["R-77"]
    account = await world.account(buyer)
    assert (account.balance_e4, account.held_e4) == (1_000_000 - 99_999, 0)


async def test_what_is_told_later_names_the_goods_and_the_callback(world: World) -> None:
    sku, buyer = await world.sku(kind="topup"), await world.buyer(100)
    own = await world.place(buyer, sku, 2, callback_url="https://shop.example.com/hook")
    plain = await world.place(buyer, sku)
    await world.settle(Deliver(int(own.id), 1, 1), Deliver(int(plain.id), 1, 1))
    async with world.env.db.transaction(world.mall) as tx:
        told = [e for _, events in await outbox.read(tx, world.home, 0) for e in events if e.n == 2]
    assert {e.subject: e.data.get("callback_url") for e in told} == {
        int(own.id): "https://shop.example.com/hook",
        int(plain.id): None,
    }
    [line] = next(e.data["lines"] for e in told if e.subject == int(own.id))
    assert (line["sku_id"], line["quantity"], line["delivered"]) == (str(sku), 2, 1)


async def test_failing_frees_the_money_and_ends_the_line(world: World) -> None:
    sku, buyer = await world.sku(kind="topup"), await world.buyer(100)
    order = await world.place(buyer, sku)
    await world.settle(Fail(int(order.id), 1, "number_unknown"))
    after = await world.desk.order(buyer, int(order.id))
    assert (after.status, after.lines[0].reason) == ("failed", "number_unknown")
    assert await free(world, buyer) == 1_000_000
    for change in (Deliver(int(order.id), 1, 1), Reverse(int(order.id), 1, "x"), Release(int(order.id), 1)):
        with refused("wrong_state"):
            await world.settle(change)
    assert await world.events(order.id) == [(1, "order.accepted"), (2, "order.failed")]


@pytest.mark.parametrize("quantity", [0, 4])
async def test_no_more_pieces_than_ordered(world: World, quantity: int) -> None:
    order = await world.place(await world.buyer(), await world.sku(kind="topup"), 3)
    with refused("wrong_quantity"):
        await world.settle(Deliver(int(order.id), 1, quantity))
    with refused("wrong_quantity"):
        await world.settle(Deliver(int(order.id), 1, 3, (Code("only one"),)))


async def test_a_delivery_reversed_the_next_day_returns_what_was_paid(world: World) -> None:
    sku, buyer = await world.sku(33_333, kind="topup"), await world.buyer(100)
    order = await world.place(buyer, sku, 5)
    await world.settle(Deliver(int(order.id), 1, 3))
    world.travel(days=1)
    [settled] = await world.settle(Reverse(int(order.id), 1, "supplier_reversed"))
    assert (settled.after, settled.returned_e4) == ("reversed", 166_665)
    after = await world.desk.order(buyer, int(order.id))
    assert (after.status, after.lines[0].reason) == ("reversed", "supplier_reversed")
    assert await free(world, buyer) == 1_000_000
    assert await world.events(order.id) == [
        (1, "order.accepted"),
        (2, "order.partially_delivered"),
        (3, "order.reversed"),
    ]
    with refused("wrong_state"):
        await world.settle(Reverse(int(order.id), 1, "again"))


async def test_what_was_sold_at_once_can_be_reversed_too_and_leaves_room_for_later_lines(
    world: World,
) -> None:
    code, topup, buyer = (
        await world.sku(98_750),
        await world.sku(10_000, kind="topup"),
        await world.buyer(100),
    )
    await world.stock(code, 3)
    order = await world.place(buyer, [(code, 2), (topup, 1)])
    oid = int(order.id)
    await world.settle(Reverse(oid, 1, "dead_codes"))
    assert await free(world, buyer) == 1_000_000 - 10_000
    await world.settle(Deliver(oid, 2, 1))
    after = await world.desk.order(buyer, oid)
    assert (after.status, [line.status for line in after.lines]) == (
        "partially_delivered",
        ["reversed", "delivered"],
    )
    found = await world.rows("select n, kind from provenance.event where subject_id = %s order by n", oid)
    assert found == [(1, 2), (2, 3), (3, 5)]


async def test_a_held_order_is_delivered_from_the_lots_that_expire_first(world: World) -> None:
    sku, buyer = await world.sku(98_750), await world.buyer(100)
    late = await world.stock(sku, 5, expires=world.env.now(world.mall).replace(year=2090))
    soon = await world.stock(sku, 2, cost_e4=80_000, expires=world.env.now(world.mall).replace(year=2080))
    world.verdict = Verdict("review")
    order = await world.place(buyer, sku, 3)
    assert order.status == "review"
    await world.settle(Release(int(order.id), 1))
    after = await world.desk.order(buyer, int(order.id))
    assert secrets_of(after) == [f"T{soon}-1", f"T{soon}-2", f"T{late}-1"]
    assert await world.rows("select cost_e4 from orders.line where order_id = %s", int(order.id)) == [
        (250_000,)
    ]
    assert await free(world, buyer) == 1_000_000 - 296_250
    assert await world.events(order.id) == [(1, "order.review"), (2, "order.delivered")]


async def test_goods_that_are_short_wait_and_say_so(world: World) -> None:
    sku, buyer = await world.sku(98_750), await world.buyer(100)
    await world.stock(sku, 3)
    world.verdict = Verdict("review")
    first, second = await world.place(buyer, sku, 2), await world.place(buyer, sku, 2)
    one, other = await world.settle(Release(int(first.id), 1), Release(int(second.id), 1))
    assert (one.after, other.after, other.reason, other.short) == (
        "delivered",
        "waiting",
        "out_of_stock",
        True,
    )
    before = await world.events(second.id)
    await world.settle(Release(int(second.id), 1))
    assert await world.events(second.id) == before, "nothing changed, so nothing is told"
    await world.stock(sku, 1)
    await world.settle(Release(int(second.id), 1))
    assert (await world.desk.order(buyer, int(second.id))).status == "delivered"


async def test_a_loss_waits_for_approval(world: World) -> None:
    sku, buyer = await world.sku(98_750), await world.buyer(100)
    await world.stock(sku, 2, cost_e4=98_751)
    world.verdict = Verdict("review")
    order = await world.place(buyer, sku, 2)
    [settled] = await world.settle(Release(int(order.id), 1))
    assert (settled.after, settled.reason) == ("waiting", "below_floor")
    assert await world.rows("select sum(next_seq)::int from stock.lot where sku_id = %s", sku) == [(1,)]
    [settled] = await world.settle(Release(int(order.id), 1, even_below_floor=True))
    assert settled.after == "delivered"


async def test_a_shared_code_is_released_without_moving_its_counter(world: World) -> None:
    sku, buyer = await world.sku(50_000, kind="shared_code"), await world.buyer(100)
    await world.stock(sku, 1, cost_e4=10_000, shared=True)
    world.verdict = Verdict("review")
    order = await world.place(buyer, sku, 4)
    await world.settle(Release(int(order.id), 1))
    after = await world.desk.order(buyer, int(order.id))
    assert (lines_of(after), len(secrets_of(after))) == ([("delivered", 4)], 1)
    assert await world.rows("select cost_e4 from orders.line where sku_id = %s", sku) == [(40_000,)]
    assert await world.rows("select next_seq, state from stock.lot where sku_id = %s", sku) == [(1, "open")]


async def test_two_workers_on_one_line_one_wins(world: World) -> None:
    sku, buyer = await world.sku(kind="topup"), await world.buyer(1000)
    for _ in range(5):
        order = await world.place(buyer, sku, 2)
        oid = int(order.id)
        done = await asyncio.gather(
            world.settle(Deliver(oid, 1, 2)),
            world.settle(Fail(oid, 1, "x")),
            world.settle(Deliver(oid, 1, 1)),
            world.settle(Move(oid, 1, "working")),
            return_exceptions=True,
        )
        lost = [r for r in done if isinstance(r, Refused)]
        assert all(r.refusal.code == "wrong_state" for r in lost)
        assert len(lost) in (2, 3)
        assert len([r for r in done if isinstance(r, list)]) == 4 - len(lost)
        ends = [r[0].after for r in done if isinstance(r, list) and r[0].after != "working"]
        assert len(ends) == 1


async def test_releases_beside_sales_of_the_same_goods_sell_each_code_once(world: World) -> None:
    sku = await world.sku(10_000)
    buyers = [await world.buyer(100) for _ in range(3)]
    await world.stock(sku, 40, cost_e4=1)
    world.verdict = Verdict("review")
    held = [await world.place(buyers[i % 3], sku) for i in range(30)]
    world.verdict = Verdict("allow")
    results = await asyncio.gather(
        *(world.settle(Release(int(o.id), 1)) for o in held),
        *(world.place(buyers[i % 3], sku) for i in range(30)),
        return_exceptions=True,
    )
    bad = [r for r in results if isinstance(r, BaseException) and not isinstance(r, Refused)]
    assert bad == []
    assert all(r.refusal.code == "out_of_stock" for r in results if isinstance(r, Refused))
    assert await world.rows("select next_seq from stock.lot where sku_id = %s", sku) == [(41,)]
    waiting = await world.rows(
        "select count(*) from orders.line where sku_id = %s and state = 'waiting'", sku
    )
    sold = await world.rows("select count(*) from orders.line where sku_id = %s and state = 'delivered'", sku)
    assert (sold[0][0], waiting[0][0] + len([r for r in results if isinstance(r, Refused)])) == (40, 20)


async def test_unknown_orders_and_lines_are_refused_and_nothing_is_written(world: World) -> None:
    order = await world.place(await world.buyer(), await world.sku(kind="topup"))
    with refused("order_not_found"):
        await world.settle(Fail(12345, 1, "x"))
    with refused("line_not_found"):
        await world.settle(Fail(int(order.id), 1, "x"), Fail(int(order.id), 2, "x"))
    assert await world.events(order.id) == [(1, "order.accepted")]


async def test_the_act_of_a_person_is_in_the_audit_log(world: World) -> None:
    order = await world.place(await world.buyer(), await world.sku(kind="topup"))
    await world.settle(Deliver(int(order.id), 1, 1, (Code("hush"),)))
    found = await world.rows(
        "select action, before::text, after::text from tenancy.audit where subject = %s", f"order:{order.id}"
    )
    assert [f[0] for f in found] == ["orders.deliver"]
    assert "hush" not in str(found)
