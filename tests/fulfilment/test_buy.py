"""Lines bought from suppliers: whom from, what is delivered, and that nothing is ever bought twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest
import pytest_asyncio

from commissary import fulfilment
from commissary.base.errors import Refused
from commissary.base.money import Money
from commissary.catalog.types import FieldSpec
from commissary.simulators import Lie
from commissary.simulators.calls import forged
from commissary.simulators.shop import Order
from commissary.stock.types import Code
from commissary.supply import connections
from make.orders import World, secrets_of
from make.pace import Pace
from make.supply import TOPUP, Trade

PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def state(trade: Trade, buyer, oid: str) -> str:
    return (await trade.world.desk.order(buyer, int(oid))).status


async def test_what_is_sold_out_here_is_bought_where_it_is_cheapest(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    dear, cheap = await trade.supplier(price_e4=95_000), await trade.supplier(price_e4=90_000)
    for supplier in (dear, cheap):
        await trade.offer(supplier, sku)
    order = await world.place(buyer, sku, 2)
    assert order.status == "processing"
    await trade.served()
    done = await world.desk.order(buyer, int(order.id))
    assert done.status == "delivered"
    assert len(set(secrets_of(done))) == 2
    assert (len(cheap.bought), len(dear.bought)) == (1, 0)
    assert await trade.attempts(order.id) == [("succeeded", "")]
    log = await fulfilment.work_log(world.env, world.mall, int(order.id))
    assert [e.action for e in log] == ["buying", "asking", "delivered"]
    [[cost]] = await world.rows("select cost_e4 from orders.line where order_id = %s", int(order.id))
    assert cost == 180_000
    [[paid]] = await world.rows(
        "select sum(balance_e4) from ledger.account where kind = 'prepaid' and owner_id = %s",
        cheap.kept.supplier_id,
    )
    assert paid == -180_000


async def test_own_stock_goes_first(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    await world.stock(sku, 1)
    assert (await world.place(buyer, sku)).status == "delivered"
    assert (await world.place(buyer, sku)).status == "processing"


async def test_an_order_that_would_be_bought_at_a_loss_is_refused(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    await trade.offer(await trade.supplier(price_e4=98_751), sku)
    with pytest.raises(Refused, match=r"^below_floor$"):
        await world.place(buyer, sku)


async def test_a_price_that_rose_meanwhile_is_not_paid(trade: Trade) -> None:
    """The purchase carries the dearest price at which it may be made; the buyer gets his money back."""
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier(price_e4=90_000)
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    supplier.shop.articles[101].price_e4 = 98_751
    await trade.turn()
    await trade.turn()
    assert supplier.bought == []
    assert await state(trade, buyer, order.id) == "failed"
    assert (await world.account(buyer)).held_e4 == 0


async def test_the_cheapest_fails_and_the_second_serves(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    cheap, second = await trade.supplier(price_e4=80_000), await trade.supplier(price_e4=90_000)
    for supplier in (cheap, second):
        await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    cheap.shop.articles[101].stock = 0
    await trade.served()
    assert await state(trade, buyer, order.id) == "delivered"
    assert (len(cheap.bought), len(second.bought)) == (0, 1)
    assert [s for s, _ in await trade.attempts(order.id)] == ["failed", "succeeded"]
    log = await fulfilment.work_log(world.env, world.mall, int(order.id))
    assert [e.action for e in log] == ["buying", "bought_elsewhere", "asking", "delivered"]
    [[why]] = await world.rows(
        "select convert_from(why, 'utf8') from supply.attempt where order_id = %s and n = 2", int(order.id)
    )
    assert '"excluded":"tried"' in why


async def test_silence_after_the_purchase_buys_nowhere_else(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    silent = await trade.supplier(price_e4=80_000, lies=[Lie.silent_after])
    other = await trade.supplier(price_e4=90_000)
    for supplier in (silent, other):
        await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    assert await trade.attempts(order.id) == [("unknown", "no answer")]
    assert await state(trade, buyer, order.id) == "processing"
    await trade.later(seconds=6)
    assert await state(trade, buyer, order.id) == "delivered"
    assert (len(silent.bought), len(other.bought)) == (1, 0)


async def test_an_order_that_never_arrived_is_bought_elsewhere_after_the_quiet_time(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    silent = await trade.supplier(price_e4=80_000, lies=[Lie.silent_before], quiet_s=600)
    other = await trade.supplier(price_e4=90_000)
    for supplier in (silent, other):
        await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    for _ in range(6):
        await trade.later(seconds=60)
    assert await trade.attempts(order.id) == [("unknown", "not_found")]
    for _ in range(6):
        await trade.later(seconds=60)
    assert [s for s, _ in await trade.attempts(order.id)] == ["failed", "succeeded"]
    assert (len(silent.bought), len(other.bought)) == (0, 1)
    assert await state(trade, buyer, order.id) == "delivered"


async def test_a_process_that_dies_between_sending_and_saving_buys_once(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    dying = trade.again()

    async def never(*_: object) -> None:
        raise asyncio.CancelledError

    dying.note = never  # type: ignore[method-assign]
    await trade.turn(dying)
    assert len(supplier.bought) == 1
    assert await trade.attempts(order.id) == [("calling", "")]
    await trade.turn()
    assert len(supplier.bought) == 1
    await trade.later(seconds=41)
    assert await state(trade, buyer, order.id) == "delivered"
    assert len(supplier.bought) == 1


async def test_two_processes_on_one_line_buy_once(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    placed = [await world.place(buyer, sku) for _ in range(10)]
    both = [trade.again(), trade.again()]
    for one in both:
        await one.purchasing.reload(world.mall)
    await asyncio.gather(*(one.turn(world.mall) for one in both))
    for one in both:
        await one.drain()
    assert len(supplier.bought) == 10
    await trade.served()
    for order in placed:
        assert await state(trade, buyer, order.id) == "delivered"


async def test_no_supplier_left_gives_the_money_back(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    only = await trade.supplier()
    await trade.offer(only, sku)
    order = await world.place(buyer, sku)
    only.shop.articles[101].on_sale = False
    await trade.turn()
    await trade.turn()
    assert await state(trade, buyer, order.id) == "failed"
    assert only.bought == []


async def test_a_topup_goes_to_the_number_that_was_given(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750, kind="topup", fields=(PHONE,)), await world.buyer()
    supplier = await trade.supplier(topup=True)
    await trade.offer(supplier, sku, TOPUP)
    order = await world.place(buyer, sku, fields={"phone": "13912345678"})
    await trade.served()
    assert await state(trade, buyer, order.id) == "delivered"
    [bought] = supplier.shop.orders.values()
    assert list(bought.fields.values()) == ["13912345678"]


@pytest.mark.parametrize("back_e4", [0, 90_000, 250_000, 360_000])
async def test_a_part_whose_money_is_not_that_of_the_rest_is_for_people(trade: Trade, back_e4: int) -> None:
    """Three of five and the money of none, one, two and a bit, or four: nothing is charged, delivered or bought again."""
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    heard = supplier.shop.placed

    def three(order: Order) -> None:
        heard(order)
        order.ends, order.gives, order.returns_e4 = "partial", 3, back_e4

    supplier.shop.placed = three
    order = await world.place(buyer, sku, 5)
    await trade.served()
    await trade.later(minutes=31)
    assert await state(trade, buyer, order.id) == "processing"
    assert [kept for kept, _ in await trade.attempts(order.id)] == ["unknown"]
    assert len(supplier.bought) == 1
    [[people]] = await world.rows(
        "select people_at is not null from supply.attempt where order_id = %s", int(order.id)
    )
    assert people
    assert (await world.account(buyer)).balance_e4 == 10_000_000


async def test_a_code_that_was_sold_before_is_not_delivered(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    first = await world.place(buyer, sku)
    await trade.served()
    [had] = (await world.desk.order(buyer, int(first.id))).lines[0].codes or ()
    second = await world.place(buyer, sku)
    finish = supplier.shop.finish

    def same_again(order) -> None:
        finish(order)
        order.codes = [(had.number, had.secret)]

    supplier.shop.finish = same_again  # type: ignore[method-assign]
    await trade.served()
    assert await trade.attempts(second.id) == [("unknown", "code_known")]
    assert await state(trade, buyer, second.id) == "processing"
    [[waiting]] = await world.rows(
        "select id from supply.attempt where home_id = %s and people_at is not null", world.home
    )
    with pytest.raises(Refused, match=r"^invalid_request$"):  # he is not paid in dollars
        await fulfilment.decide(
            world.env, trade.buying, world.actor, waiting, bought=True, cost=Money("9", "USD")
        )
    decided = await fulfilment.decide(
        world.env,
        trade.buying,
        world.actor,
        waiting,
        bought=True,
        codes=[Code("FRESH-1")],
        cost=Money("9", "CNY"),
    )
    assert decided.state == "succeeded"
    assert secrets_of(await world.desk.order(buyer, int(second.id))) == ["FRESH-1"]


async def test_a_callback_delivers_and_coming_again_changes_nothing(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier(looks=99)
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    [bought] = supplier.shop.orders.values()
    supplier.shop.finish(bought)
    told = supplier.liar.supplier.callback(bought)
    assert told is not None
    for _ in range(3):
        heard = await trade.buying.hear(supplier.kept.callback_token, told.headers, {}, told.body)
        assert heard == b"ok"
        await trade.buying.drain()
    assert await state(trade, buyer, order.id) == "delivered"
    assert await trade.attempts(order.id) == [("succeeded", "")]


async def test_a_forged_callback_is_refused(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier(looks=99)
    await trade.offer(supplier, sku)
    order = await world.place(buyer, sku)
    await trade.turn()
    [bought] = supplier.shop.orders.values()
    supplier.shop.finish(bought)
    told = forged(supplier.liar.supplier, bought)
    assert told is not None
    with pytest.raises(Refused, match=r"^callback_forged$"):
        await trade.buying.hear(supplier.kept.callback_token, told.headers, {}, told.body)
    with pytest.raises(Refused, match=r"^connection_not_found$"):
        await trade.buying.hear("x" * 43, told.headers, {}, told.body)
    assert await state(trade, buyer, order.id) == "processing"


async def test_a_success_that_is_taken_back_the_next_day(trade: Trade) -> None:
    """Of a top-up: the buyer has his money back, and so have we; he is told."""
    world = trade.world
    sku, buyer = await world.sku(98_750, kind="topup", fields=(PHONE,)), await world.buyer()
    supplier = await trade.supplier(topup=True)
    await trade.offer(supplier, sku, TOPUP)
    order = await world.place(buyer, sku, fields={"phone": "13912345678"})
    await trade.served()
    assert await state(trade, buyer, order.id) == "delivered"
    world.travel(days=1)
    [bought] = supplier.shop.orders.values()
    supplier.shop.fail(bought)
    told = supplier.liar.supplier.callback(bought)
    assert told is not None
    for _ in range(2):
        await trade.buying.hear(supplier.kept.callback_token, told.headers, {}, told.body)
        await trade.buying.drain()
    assert await state(trade, buyer, order.id) == "reversed"
    assert (await world.account(buyer)).balance_e4 == 10_000_000
    assert await trade.attempts(order.id) == [("failed", "reversed")]
    [[owed]] = await world.rows(
        "select sum(balance_e4) from ledger.account where kind = 'prepaid' and owner_id = %s",
        supplier.kept.supplier_id,
    )
    assert owed == 0
    assert (await world.events(order.id))[-1][1] == "order.reversed"


async def test_the_probe_of_a_hung_supplier_holds_up_nobody(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    hung, quick = await trade.supplier(), await trade.supplier()
    await trade.offer(quick, sku)
    await connections.switch(world.env, world.actor, hung.kept.id, "paused")
    never, probes = asyncio.Event(), 0

    async def hang(request: object) -> object:
        nonlocal probes
        probes += 1
        await never.wait()
        raise AssertionError

    hung.send = hang  # type: ignore[method-assign, assignment]
    order = await world.place(buyer, sku)
    await trade.buying.purchasing.reload(world.mall)
    for _ in range(4):
        await asyncio.wait_for(trade.buying.turn(world.mall), 5)
        await asyncio.sleep(0.1)
        world.travel(seconds=3)
        trade.clock_s += 60
    assert probes == 1, "none is begun beside the one that hangs"
    assert await state(trade, buyer, order.id) == "delivered"
    for call in list(trade.buying._calls):
        call.cancel()


async def test_one_order_that_cannot_be_read_keeps_no_other_from_its_goods(trade: Trade) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750, kind="topup", fields=(PHONE,)), await world.buyer()
    supplier = await trade.supplier(topup=True)
    await trade.offer(supplier, sku, TOPUP)
    bad, *good = [await world.place(buyer, sku, fields={"phone": f"1391234567{n}"}) for n in range(4)]
    async with world.env.db.transaction(world.mall, "vault") as tx:
        await tx.execute("update orders.line set fields = 'k1' where order_id = %s", (int(bad.id),))
    await trade.served()
    assert [await state(trade, buyer, o.id) for o in good] == ["delivered"] * 3
    assert await state(trade, buyer, bad.id) == "processing"
    assert len(supplier.bought) == 3


async def test_one_hung_supplier_holds_up_no_other_goods(trade: Trade) -> None:
    world = trade.world
    stuck, free = await world.sku(98_750), await world.sku(98_750)
    buyer = await world.buyer(10_000)
    hung, quick = await trade.supplier(at_once=4), await trade.supplier(at_once=8)
    await trade.offer(hung, stuck)
    await trade.offer(quick, free)
    never = asyncio.Event()

    async def hang(request: object) -> object:
        await never.wait()
        raise AssertionError

    answer, hung.send = hung.send, hang  # type: ignore[method-assign, assignment]
    behind = [await world.place(buyer, stuck) for _ in range(40)]
    others = [await world.place(buyer, free) for _ in range(40)]
    for _ in range(12):
        await trade.buying.purchasing.reload(world.mall)
        await trade.buying.turn(world.mall)
        await asyncio.sleep(0.1)
        world.travel(seconds=3)
        trade.clock_s += 1
    assert [await state(trade, buyer, o.id) for o in others] == ["delivered"] * 40
    assert [await state(trade, buyer, o.id) for o in behind] == ["processing"] * 40
    assert len(quick.bought) == 40
    [[calling]] = await world.rows(
        "select count(*) from supply.attempt where connection_id = %s", hung.kept.id
    )
    assert calling == 4
    hung.send = answer  # type: ignore[method-assign]
    for call in list(trade.buying._calls):
        call.cancel()


@asynccontextmanager
async def running(trade: Trade, buying: fulfilment.Buying) -> AsyncIterator[None]:
    """It looks by itself, as in a process; time goes by much faster than it looks."""

    async def hours_pass() -> None:
        while True:
            await asyncio.sleep(0.02)
            trade.clock_s += 1

    tasks = [asyncio.create_task(buying.run()), asyncio.create_task(hours_pass())]
    try:
        yield
    finally:
        await buying.stop()
        await tasks[0]
        tasks[1].cancel()


async def comes(what: Callable[[], Awaitable[bool]], within_s: float) -> bool:
    for _ in range(int(within_s / 0.05)):
        if await what():
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_new_process_finds_orders_and_who_is_paused_by_itself(trade: Trade, pace: Pace) -> None:
    """Nothing is known to it of any mall; what is due in one says so."""
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    paused, on = await trade.supplier(), await trade.supplier()
    await trade.offer(on, sku)
    await connections.switch(world.env, world.actor, paused.kept.id, "paused")

    async def back() -> bool:
        return await world.rows("select from supply.connection where state = 'paused'") == []

    async with running(trade, trade.again()):
        assert await comes(back, pace.patience(10)), "it was asked until it had answered often enough"
    order = await world.place(buyer, sku)

    async def delivered() -> bool:
        world.travel(seconds=1)
        return await state(trade, buyer, order.id) == "delivered"

    async with running(trade, trade.again()):
        assert await comes(delivered, pace.patience(10))


async def test_a_mall_is_looked_at_by_its_own_clock(trade: Trade, pace: Pace) -> None:
    world = trade.world
    world.travel(days=40)
    sku, buyer = await world.sku(98_750), await world.buyer()
    await trade.offer(await trade.supplier(), sku)
    order = await world.place(buyer, sku)

    async def accepted() -> bool:
        return [a for a, _ in await trade.attempts(order.id)] == ["accepted"]

    async def delivered() -> bool:
        return await state(trade, buyer, order.id) == "delivered"

    async with running(trade, trade.again()):
        assert await comes(accepted, pace.patience(10))
        assert not await comes(delivered, 0.5), "its time stands still"
        world.travel(minutes=5)
        assert await comes(delivered, pace.patience(10))


async def test_a_closed_mall_buys_nothing(trade: Trade, pace: Pace) -> None:
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier()
    await trade.offer(supplier, sku)
    await world.place(buyer, sku)

    async def bought() -> bool:
        return bool(supplier.bought)

    with psycopg.connect(world.house.ground.admin_dsn, autocommit=True) as admin:
        admin.execute("update tenancy.mall set status = 'closed' where id = %s", (world.mall,))
        async with running(trade, trade.again()):
            assert not await comes(bought, 0.5)
            admin.execute("update tenancy.mall set status = 'open' where id = %s", (world.mall,))
            assert await comes(bought, pace.patience(10))
        await trade.buying.drain()
