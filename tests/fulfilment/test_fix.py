"""A top-up whose account a supplier calls wrong: its buyer is asked, corrects it, and is charged once, whatever comes
beside it and is killed when."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
import pytest_asyncio

from commissary import fulfilment, orders, tenancy
from commissary.base.errors import Refused
from commissary.catalog.types import FieldSpec
from commissary.orders.types import Correct
from commissary.orders.wire import LineIn, OrderIn, OrderOut
from commissary.risk.types import Hit, Verdict
from commissary.tenancy.types import Caller
from make.orders import World
from make.supply import TOPUP, Supplier, Trade
from make.trade import until

PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)
WRONG, RIGHT, OTHER = "13900000001", "13900000002", "13900000003"
ASKED = ("failed", "wrong_account")


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def sold(trade: Trade, *specs: FieldSpec) -> tuple[int, Supplier, Caller]:
    """A top-up, who sells it, who wants it. WRONG and OTHER are nobody's numbers."""
    world = trade.world
    sku = await world.sku(98_750, kind="topup", fields=specs or (PHONE,))
    supplier = await trade.supplier("lansexiongdi")
    supplier.shop.wrong_accounts |= {WRONG, OTHER}
    await trade.offer(supplier, sku, TOPUP)
    return sku, supplier, await world.buyer()


async def asked(trade: Trade, sku: int, buyer: Caller) -> OrderOut:
    """An order that waits for its buyer."""
    order = await trade.world.place(buyer, sku, fields={"phone": WRONG})
    await trade.turn()
    return await now(trade, buyer, order)


async def now(trade: Trade, buyer: Caller, order: OrderOut) -> OrderOut:
    return await trade.world.desk.order(buyer, int(order.id))


async def correct(
    trade: Trade, buyer: Caller, order: OrderOut, phone: str = RIGHT, key: str = "k"
) -> OrderOut:
    fields = {"phone": phone}
    desk, nudge = trade.world.desk, trade.buying.nudge
    return await fulfilment.correct(desk, buyer, int(order.id), 1, fields, key, nudge)


async def requests(trade: Trade) -> list[tuple[str, str]]:
    found = await fulfilment.list_fixes(trade.world.env, trade.world.actor)
    return [(f.state, f.ended_by) for f in found]


async def captures(trade: Trade, order: OrderOut) -> list[int]:
    found = await trade.world.rows(
        "select amount_e4 from ledger.transfer where order_id = %s order by id", int(order.id)
    )
    return [r[0] for r in found]


async def test_the_buyer_is_asked_and_nobody_else(trade: Trade) -> None:
    sku, supplier, buyer = await sold(trade)
    other = await trade.supplier(topup=True, price_e4=95_000)
    await trade.offer(other, sku, TOPUP)
    order = await asked(trade, sku, buyer)
    [line] = order.lines
    assert (order.status, line.status, line.reason) == ("processing", "waiting", "wrong_account")
    assert line.fix is not None
    left = line.fix.until - trade.world.env.now(trade.world.mall)
    assert line.fix.field == "phone"
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    assert (await trade.world.account(buyer)).held_e4 == 98_750
    for _ in range(3):
        await trade.later(minutes=10)
    assert await trade.attempts(order.id) == [ASKED]
    assert (supplier.bought, other.bought) == ([], [])
    assert [k for _, k in await trade.world.events(order.id)][-1] == "order.fix_requested"
    log = await fulfilment.work_log(trade.world.env, trade.world.mall, int(order.id))
    assert [e.action for e in log] == ["buying", "fix_requested"]
    assert await requests(trade) == [("open", "")]


async def test_corrected_the_same_order_completes_and_is_charged_once(trade: Trade) -> None:
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    dear = await trade.supplier(topup=True, price_e4=95_000)
    await trade.offer(dear, sku, TOPUP)
    order = await asked(trade, sku, buyer)
    after = await correct(trade, buyer, order)
    [line] = after.lines
    assert (line.status, line.reason, line.fix, line.target) == ("waiting", None, None, "****0002")
    await trade.served()
    done = await now(trade, buyer, order)
    assert (done.id, done.status) == (order.id, "delivered")
    assert await trade.attempts(order.id) == [ASKED, ("succeeded", "")]
    # By the same supplier, who is the cheapest still: it was not his fault.
    assert [o.fields["rechargeAccount"] for o in supplier.shop.orders.values()] == [RIGHT]
    assert dear.bought == []
    assert await captures(trade, order) == [98_750]
    account = await world.account(buyer)
    assert (account.held_e4, account.balance_e4) == (0, 10_000_000 - 98_750)
    assert await requests(trade) == [("corrected", f"key:{buyer.key.id}")]
    # What was ordered at first is kept, as sealed as it was.
    [[n, sealed, last, target]] = await world.rows(
        "select n, fields, target_last, target_index from orders.line_before where order_id = %s",
        int(order.id),
    )
    assert (n, last) == (1, "0001")
    assert WRONG in world.env.keys.open_field(world.mall, "order-fields", bytes(sealed)).decode()
    [[new]] = await world.rows("select target_index from orders.line where order_id = %s", int(order.id))
    assert bytes(new) == world.env.keys.blind(f"target|{world.mall}", RIGHT)[:16] != bytes(target)
    log = [e.action for e in await fulfilment.work_log(world.env, world.mall, int(order.id))]
    assert log == ["buying", "fix_requested", "corrected", "buying", "asking", "delivered"]


async def test_a_supplier_is_not_paused_for_what_buyers_typed(trade: Trade) -> None:
    sku, supplier, buyer = await sold(trade)
    for _ in range(12):
        await asked(trade, sku, buyer)
    order = await trade.world.place(buyer, sku, fields={"phone": RIGHT})
    await trade.served()
    assert (await now(trade, buyer, order)).status == "delivered"
    [[state]] = await trade.world.rows("select state from supply.connection where id = %s", supplier.kept.id)
    assert state == "on"


async def test_what_is_no_correction_is_refused(trade: Trade) -> None:
    world = trade.world
    sku, _, buyer = await sold(trade)
    stranger = await world.buyer()
    order = await world.place(buyer, sku, fields={"phone": WRONG})
    with pytest.raises(Refused, match=r"^nothing_to_correct$"):
        await correct(trade, buyer, order)
    await trade.turn()
    with pytest.raises(Refused, match=r"^order_not_found$"):
        await correct(trade, stranger, order)
    with pytest.raises(Refused, match=r"^line_not_found$"):
        await fulfilment.correct(
            world.desk, buyer, int(order.id), 2, {"phone": RIGHT}, "k", trade.buying.nudge
        )
    with pytest.raises(Refused, match=r"^key_missing$"):
        await correct(trade, buyer, order, key="")
    with pytest.raises(Refused, match=r"^fix_unchanged$") as same:
        await correct(trade, buyer, order, WRONG)
    with pytest.raises(Refused, match=r"^invalid_request$") as malformed:
        await correct(trade, buyer, order, "12")
    for no in (same, malformed):
        assert [f.path for f in no.value.fields] == ["fields.phone"]
    for action in ("refuse", "review"):
        world.verdict = Verdict(action, (Hit(0, "risk_listed", {}),))  # type: ignore[arg-type]
        with pytest.raises(Refused, match=r"^risk_listed$"):
            await correct(trade, buyer, order)
    world.verdict = Verdict("allow")
    with pytest.raises(Refused, match=r"^asks_buyer$"):
        await fulfilment.claim(world.env, world.staff(), int(order.id), 1)
    assert await requests(trade) == [("open", "")]
    await correct(trade, buyer, order)  # and none of it used the key up


async def test_the_same_again_changes_nothing(trade: Trade) -> None:
    sku, supplier, buyer = await sold(trade)
    order = await asked(trade, sku, buyer)
    first = await correct(trade, buyer, order)
    assert await correct(trade, buyer, order) == first
    with pytest.raises(Refused, match=r"^key_reused$"):
        await correct(trade, buyer, order, "13900000009")
    with pytest.raises(Refused, match=r"^nothing_to_correct$"):
        await correct(trade, buyer, order, key="another")
    await trade.served()
    assert (await correct(trade, buyer, order)).status == "delivered"
    assert len(supplier.bought) == 1


async def test_corrections_come_to_an_end(trade: Trade) -> None:
    sku, supplier, buyer = await sold(trade)
    order = await asked(trade, sku, buyer)
    for n, phone in enumerate((OTHER, WRONG, OTHER)):
        await correct(trade, buyer, order, phone, f"k{n}")
        await trade.turn()
    done = await now(trade, buyer, order)
    assert (done.status, done.lines[0].reason) == ("failed", "wrong_account")
    assert await trade.attempts(order.id) == [ASKED] * 4
    assert (supplier.bought, await captures(trade, order)) == ([], [])
    assert (await trade.world.account(buyer)).held_e4 == 0
    with pytest.raises(Refused, match=r"^too_many_corrections$"):
        await correct(trade, buyer, order)


async def test_not_corrected_in_time_the_money_is_free_again(trade: Trade) -> None:
    world = trade.world
    sku, _, buyer = await sold(trade)
    changed = await fulfilment.set_fix_terms(world.env, world.actor, 30, 0)
    assert (changed.open_minutes, changed.version) == (30, 1)
    with pytest.raises(Refused, match=r"^fix_terms_changed$"):
        await fulfilment.set_fix_terms(world.env, world.actor, 60, 0)
    order = await asked(trade, sku, buyer)
    world.travel(minutes=29)
    assert await fulfilment.end_fixes(world.env, world.mall, world.env.now(world.mall)) == 0
    world.travel(minutes=1)
    with pytest.raises(Refused, match=r"^fix_expired$"):
        await correct(trade, buyer, order)
    assert await fulfilment.end_fixes(world.env, world.mall, world.env.now(world.mall)) == 1
    assert await fulfilment.end_fixes(world.env, world.mall, world.env.now(world.mall)) == 0
    done = await now(trade, buyer, order)
    assert (done.status, done.lines[0].reason, done.lines[0].fix) == ("failed", "wrong_account", None)
    assert (await world.account(buyer)).held_e4 == 0
    assert [k for _, k in await world.events(order.id)][-1] == "order.failed"
    assert await requests(trade) == [("expired", "")]
    with pytest.raises(Refused, match=r"^nothing_to_correct$"):
        await correct(trade, buyer, order)


async def test_a_buyer_who_cancels_instead_has_his_money_back(trade: Trade) -> None:
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    order = await asked(trade, sku, buyer)
    assert (await orders.cancel(world.desk, buyer, int(order.id), "c")).status == "cancelled"
    assert (await world.account(buyer)).held_e4 == 0
    with pytest.raises(Refused, match=r"^nothing_to_correct$"):
        await correct(trade, buyer, order)
    assert await fulfilment.end_fixes(world.env, world.mall, world.env.now(world.mall)) == 1
    assert await requests(trade) == [("withdrawn", "")]
    await trade.turn()
    assert supplier.bought == []


async def test_people_correct_for_the_buyer_or_wait_no_longer(trade: Trade) -> None:
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    first, second = [await asked(trade, sku, buyer) for _ in range(2)]
    fields, nudge = {"phone": RIGHT}, trade.buying.nudge
    support = world.staff(role="support")
    with pytest.raises(Refused, match=r"^forbidden$"):
        await fulfilment.withdraw_fix(world.env, support, int(second.id), 1)
    for _ in range(2):
        told = await fulfilment.correct_for(world.desk, world.actor, int(first.id), 1, fields, "k", nudge)
        assert (told.after, told.reason) == ("waiting", "")
    gone = await fulfilment.withdraw_fix(world.env, world.actor, int(second.id), 1)
    assert (gone.after, gone.returned_e4) == ("failed", 98_750)
    with pytest.raises(Refused, match=r"^nothing_to_correct$"):
        await fulfilment.withdraw_fix(world.env, world.actor, int(second.id), 1)
    await trade.served()
    assert (await now(trade, buyer, first)).status == "delivered"
    assert len(supplier.bought) == 1
    doer = f"{world.actor.kind}:{world.actor.id}"
    assert await requests(trade) == [("corrected", doer), ("withdrawn", doer)]
    audited = await tenancy.list_audit(world.env, world.actor, subject=f"order:{first.id}")
    assert [e.action for e in audited] == ["orders.correct"]
    assert RIGHT not in str(audited)


async def test_goods_that_name_no_account_go_to_the_next_supplier(trade: Trade) -> None:
    """There is nothing that their buyer could be asked for, and who refused it counts as tried."""
    plain = FieldSpec("phone", "手机号", "Phone", type="phone")
    sku, supplier, buyer = await sold(trade, plain)
    other = await trade.supplier(topup=True, price_e4=95_000)
    await trade.offer(other, sku, TOPUP)
    order = await trade.world.place(buyer, sku, fields={"phone": WRONG})
    await trade.served()
    assert (await now(trade, buyer, order)).status == "delivered"
    assert (len(supplier.bought), len(other.bought)) == (0, 1)


async def test_lines_of_one_order_wait_each_for_its_own_correction(trade: Trade) -> None:
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    lines = tuple(LineIn(str(sku), 1, fields={"phone": phone}) for phone in (WRONG, OTHER))
    order = await world.desk.place(buyer, OrderIn(client_order_no="two", lines=lines))
    await trade.turn()
    await correct(trade, buyer, order)
    await trade.served()
    first, second = (await now(trade, buyer, order)).lines
    assert (first.status, second.status, second.fix is not None) == ("delivered", "waiting", True)
    assert await trade.attempts(order.id) == [ASKED, ("succeeded", ""), ASKED]
    assert await captures(trade, order) == [98_750]
    assert (await world.account(buyer)).held_e4 == 98_750
    assert len(supplier.bought) == 1


async def test_only_a_line_that_asks_is_corrected(trade: Trade) -> None:
    world = trade.world
    sku, _, buyer = await sold(trade)
    order = await world.place(buyer, sku, fields={"phone": WRONG})
    with pytest.raises(Refused, match=r"^wrong_state$"):
        await world.settle(Correct(int(order.id), 1, b"x", None, None))


async def test_a_failure_heard_later_asks_too(trade: Trade) -> None:
    """A person finds out that a purchase in doubt came to nothing, and why."""
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    supplier.shop.looks = 100
    order = await world.place(buyer, sku, fields={"phone": RIGHT})
    await trade.turn()
    [purchase] = await fulfilment.purchases_of(world.env, world.actor, int(order.id))
    await fulfilment.decide(
        world.env, trade.buying, world.actor, purchase.id, bought=False, reason="wrong_account"
    )
    assert (await now(trade, buyer, order)).lines[0].fix is not None


# Beside each other ------------------------------------------------------------------------------------------------


async def test_of_two_corrections_at_once_one_counts(trade: Trade) -> None:
    sku, supplier, buyer = await sold(trade)
    for n in range(8):
        order = await asked(trade, sku, buyer)
        both = [correct(trade, buyer, order, f"1380000{n}00{i}", f"{n}-{i}") for i in range(2)]
        answers = await asyncio.gather(*both, return_exceptions=True)
        [no] = [a for a in answers if isinstance(a, Refused)]
        assert no.refusal.code == "nothing_to_correct"
        await trade.served()
        assert (await now(trade, buyer, order)).status == "delivered"
        assert await trade.attempts(order.id) == [ASKED, ("succeeded", "")]
        assert await captures(trade, order) == [98_750]
    assert len(supplier.bought) == 8


async def test_the_same_correction_sent_twice_at_once_is_one(trade: Trade) -> None:
    sku, supplier, buyer = await sold(trade)
    order = await asked(trade, sku, buyer)
    answers = await asyncio.gather(*(correct(trade, buyer, order) for _ in range(5)))
    assert {a.id for a in answers} == {order.id}
    await trade.served()
    assert len(supplier.bought) == 1
    [[kept]] = await trade.world.rows(
        "select count(*) from orders.line_before where order_id = %s", int(order.id)
    )
    assert kept == 1


async def test_a_correction_beside_the_end_of_its_time(trade: Trade) -> None:
    """Either it counts and the order completes, or the line has failed: never both, never neither."""
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    seen, delivered = set(), 0
    for n in range(12):
        order = await asked(trade, sku, buyer)
        too_late = world.env.now(world.mall) + timedelta(days=2)
        acts = [
            correct(trade, buyer, order, key=f"k{n}"),
            fulfilment.end_fixes(world.env, world.mall, too_late),
        ]
        answers = await asyncio.gather(*(acts if n % 2 else reversed(acts)), return_exceptions=True)
        refused = [a for a in answers if isinstance(a, Refused)]
        assert not [a for a in answers if isinstance(a, BaseException) and a not in refused]
        if not refused:
            await trade.served()
        done = await now(trade, buyer, order)
        assert done.status == ("failed" if refused else "delivered")
        assert await captures(trade, order) == ([] if refused else [98_750])
        delivered += done.status == "delivered"
        seen.add(done.status)
        # What the sweep passed over because it was locked, or found corrected, it does not come back to.
        await fulfilment.end_fixes(world.env, world.mall, too_late)
        assert (await now(trade, buyer, order)).status == done.status
    assert len(supplier.bought) == delivered
    assert {state for state, _ in await requests(trade)} <= {"corrected", "expired"}
    assert (await world.account(buyer)).held_e4 == 0


@asynccontextmanager
async def stuck(trade: Trade, order: OrderOut) -> AsyncIterator[None]:
    """Whoever wants to end the order's request now waits, with everything else of his transaction done."""
    async with trade.world.env.db.transaction(trade.world.mall, "vault") as tx:
        await tx.execute(
            "update fulfilment.fix_request set ended_by = 'x' where order_id = %s", (int(order.id),)
        )
        yield
        raise _Over


class _Over(Exception):
    """Rolls back what stood in the way."""


async def waits(trade: Trade) -> bool:
    found = await trade.world.rows(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    )
    return bool(found)


@pytest.mark.parametrize("act", ["correct", "expire"])
async def test_killed_in_the_middle_nothing_has_happened(trade: Trade, act: str) -> None:
    world = trade.world
    sku, supplier, buyer = await sold(trade)
    order = await asked(trade, sku, buyer)
    before = (await now(trade, buyer, order), await world.events(order.id))
    too_late = world.env.now(world.mall) + timedelta(days=2)
    with suppress(_Over):
        async with stuck(trade, order):
            work = asyncio.create_task(
                correct(trade, buyer, order)
                if act == "correct"
                else fulfilment.end_fixes(world.env, world.mall, too_late)  # type: ignore[arg-type]
            )
            await until(lambda: waits(trade))
            work.cancel()
            with suppress(asyncio.CancelledError, psycopg.Error):
                await work
    assert (await now(trade, buyer, order), await world.events(order.id)) == before
    assert await requests(trade) == [("open", "")]
    # And it can be done again.
    if act == "expire":
        assert await fulfilment.end_fixes(world.env, world.mall, too_late) == 1
        assert (await now(trade, buyer, order)).status == "failed"
    else:
        await correct(trade, buyer, order)
        await trade.served()
        assert (await now(trade, buyer, order)).status == "delivered"
        assert len(supplier.bought) == 1


async def test_the_database_allows_one_open_request_of_a_line(trade: Trade) -> None:
    sku, _, buyer = await sold(trade)
    order = await asked(trade, sku, buyer)
    with pytest.raises(psycopg.errors.UniqueViolation):
        await trade.world.rows(
            """insert into fulfilment.fix_request (home_id, id, order_id, line_no, attempt_id, field, reason, state,
                 asked_at, deadline)
               select home_id, id + 1, order_id, line_no, attempt_id, field, reason, state, asked_at, deadline
               from fulfilment.fix_request where order_id = %s returning 1""",
            int(order.id),
        )
