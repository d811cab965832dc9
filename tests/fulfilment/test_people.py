"""Suppliers who are people: nothing is promised that they did not declare, whoever asks at the same time; what they provide,
refuse or leave lying is settled once."""

import asyncio

import msgspec
import pytest
import pytest_asyncio

from commissary import fulfilment, insight, worker
from commissary.base.errors import Refused
from commissary.catalog.types import FieldSpec
from commissary.fulfilment import provide
from commissary.ledger import rates
from commissary.ledger.types import RateDraft
from commissary.supply import declare
from make.orders import World, secrets_of
from make.supply import People, Trade, made_up, people

PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def refused(*asked) -> list[str]:
    """Of what was asked at the same time, the codes of what was refused."""
    done = await asyncio.gather(*asked, return_exceptions=True)
    for other in [d for d in done if isinstance(d, BaseException) and not isinstance(d, Refused)]:
        raise other
    return [d.refusal.code for d in done if isinstance(d, Refused)]


async def status(trade: Trade, buyer, order) -> str:
    return (await trade.world.desk.order(buyer, int(order.id))).status


async def test_fifty_at_once_for_twenty_declared_are_twenty(trade: Trade) -> None:
    """While some of them are being bought already."""
    world, him = trade.world, await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer(10_000)
    offer = await him.offer(sku, 20)

    async def buys() -> None:
        for _ in range(8):
            await trade.turn()

    placing = [world.place(buyer, sku) for _ in range(50)]
    assert await refused(*placing, buys()) == ["out_of_stock"] * 30
    await trade.turn()
    assert len(await him.wanted()) == 20
    assert await him.declared() == {offer.id: (20, 20, 0)}
    assert await refused(world.place(buyer, sku)) == ["out_of_stock"]


async def test_two_of_them_are_asked_for_no_more_than_each_has(trade: Trade) -> None:
    world, one, other = trade.world, await people(trade), await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer(10_000)
    first, second = await one.offer(sku, 3), await other.offer(sku, 4, 91_000)
    assert await refused(*(world.place(buyer, sku) for _ in range(10))) == ["out_of_stock"] * 3
    await trade.turn()
    assert (await one.declared())[first.id] == (3, 3, 0)
    assert (await other.declared())[second.id] == (4, 4, 0)
    assert await refused(world.place(buyer, sku, 2)) == ["out_of_stock"]


async def test_what_is_provided_is_delivered_and_owed(trade: Trade) -> None:
    world, him = trade.world, await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer()
    offer = await him.offer(sku, 20)
    order = await world.place(buyer, sku, 2)
    await trade.turn()
    [wanted] = await him.wanted()
    codes = made_up(2)
    assert (await him.provide(wanted, *codes)).state == "succeeded"
    assert (await him.provide(wanted, *codes)).state == "succeeded"  # the answer was lost: again
    with pytest.raises(Refused, match=r"^attempt_ended$"):
        await him.provide(wanted, *made_up(2))
    done = await world.desk.order(buyer, int(order.id))
    assert (done.status, sorted(secrets_of(done))) == ("delivered", sorted(codes))
    assert await him.declared() == {offer.id: (20, 0, 18)}
    [[owed]] = await world.rows(
        "select sum(balance_e4) from ledger.account where kind = 'prepaid' and owner_id = %s",
        him.kept.supplier_id,
    )
    assert owed == -180_000


async def test_people_abroad_are_asked_and_owed_in_their_currency(trade: Trade) -> None:
    """At the rate of the day they were asked; the line's cost is by that rate, whatever it does afterwards."""
    world, him = trade.world, await people(trade, currency="USD")
    sku, buyer = await world.sku(98_750), await world.buyer()
    offer = await him.offer(sku, 3, 10_000)
    assert await refused(world.place(buyer, sku)) == ["out_of_stock"]  # nobody knows what that costs
    await rates.set_rates(world.env, world.actor, [RateDraft("USD", 71 * 10**7)], "bank")
    await worker.Relay(world.env, worker.REACTIONS).drain()
    order = await world.place(buyer, sku, 2)
    assert await refused(world.place(buyer, sku, 2)) == ["out_of_stock"]
    await trade.turn()
    await rates.set_rates(world.env, world.actor, [RateDraft("USD", 75 * 10**7)], "bank")
    [wanted] = await him.wanted()
    assert (wanted.attempt.currency, wanted.attempt.rate_e8) == ("USD", 71 * 10**7)
    assert (await him.provide(wanted)).state == "succeeded"
    assert await him.declared() == {offer.id: (3, 0, 1)}
    [[cost]] = await world.rows("select cost_e4 from orders.line where order_id = %s", int(order.id))
    [[owed]] = await world.rows(
        "select sum(balance_e4) from ledger.account where kind = 'prepaid' and owner_id = %s",
        him.kept.supplier_id,
    )
    assert (cost, owed) == (142_000, -20_000)
    assert insight.broken(await insight.audit(world.env)) == []


async def test_what_is_refused_goes_elsewhere_and_then_back_to_the_buyer(trade: Trade) -> None:
    world, one, other = trade.world, await people(trade), await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer()
    first, _ = await one.offer(sku, 1), await other.offer(sku, 1, 91_000)
    order = await world.place(buyer, sku)
    await trade.turn()
    for him in (one, other):
        [wanted] = await him.wanted()
        assert (await him.refuse(wanted)).state == "failed"
        assert (await him.refuse(wanted)).state == "failed"
        await trade.turn()
    assert await status(trade, buyer, order) == "failed"
    assert (await world.account(buyer)).balance_e4 == 10_000_000
    assert await trade.attempts(order.id) == [("failed", "refused_by_supplier")] * 2
    log = await fulfilment.work_log(world.env, world.mall, int(order.id))
    assert [e.action for e in log] == ["buying", "asking", "bought_elsewhere", "asking", "failed"]
    assert (await one.declared())[first.id] == (1, 0, 1)  # he may have it for somebody else


async def test_who_is_too_late_is_told_and_keeps_his_codes(trade: Trade) -> None:
    world, him = trade.world, await people(trade, within_s=600)
    sku, buyer = await world.sku(98_750), await world.buyer()
    offer = await him.offer(sku, 1)
    order = await world.place(buyer, sku)
    await trade.turn()
    [wanted] = await him.wanted()
    world.travel(seconds=601)
    with pytest.raises(Refused, match=r"^provide_too_late$"):
        await him.provide(wanted)
    await trade.turn()
    await trade.turn()
    assert await status(trade, buyer, order) == "failed"
    assert await trade.attempts(order.id) == [("failed", "not_provided")]
    with pytest.raises(Refused, match=r"^provide_too_late$"):
        await him.provide(wanted)
    assert await him.declared() == {offer.id: (1, 0, 1)}
    assert (await him.wanted(), await world.rows("select 1 from stock.code")) == ([], [])


async def test_the_end_of_his_time_and_his_codes_at_once(trade: Trade) -> None:
    """One of them wins, in both books."""
    world, him = trade.world, await people(trade, within_s=600)
    sku, buyer = await world.sku(98_750), await world.buyer(10_000)
    offer = await him.offer(sku, 12)
    placed = [await world.place(buyer, sku) for _ in range(12)]
    await trade.turn()
    asked = await him.wanted()
    other = trade.again()  # another process, which ends his time
    await other.purchasing.reload(world.mall)
    world.travel(seconds=599)

    async def ends() -> None:
        world.travel(seconds=2)
        await trade.turn(other)
        await trade.turn(other)

    late = await refused(*(him.provide(w) for w in asked), ends())
    for _ in range(3):
        await trade.turn()
    states = sorted([await status(trade, buyer, order) for order in placed])
    assert states == ["delivered"] * (12 - len(late)) + ["failed"] * len(late)
    assert set(late) <= {"provide_too_late"}
    assert await him.declared() == {offer.id: (12, 0, len(late))}
    assert (await world.account(buyer)).balance_e4 == 100_000_000 - 98_750 * (12 - len(late))


async def test_what_was_declared_anew_is_not_given_back_to(trade: Trade) -> None:
    world, him = trade.world, await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer()
    offer = await him.offer(sku, 5)
    for _ in range(3):
        await world.place(buyer, sku)
    await trade.turn()
    one, two, three = await him.wanted()
    await him.refuse(one)
    assert await him.declared() == {offer.id: (5, 2, 3)}
    await declare.declare(world.env, him.actor, offer.id, stock=4)
    assert await him.declared() == {offer.id: (4, 2, 2)}
    await him.refuse(two)
    assert await him.declared() == {offer.id: (4, 1, 2)}  # what he declared knew of it
    await him.provide(three)
    assert await him.declared() == {offer.id: (4, 0, 2)}
    await declare.declare(world.env, him.actor, offer.id, stock=0)
    assert await refused(world.place(buyer, sku)) == ["out_of_stock"]


async def test_a_code_that_was_here_before_waits_for_our_people(trade: Trade) -> None:
    world, him = trade.world, await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer()
    await him.offer(sku, 5)
    orders = [await world.place(buyer, sku) for _ in range(2)]
    await trade.turn()
    one, two = await him.wanted()
    [code] = made_up(1)
    await him.provide(one, code)
    assert (await him.provide(two, code)).state == "unknown"
    assert (await him.provide(two, code)).state == "unknown"
    with pytest.raises(Refused, match=r"^provided_in_check$"):
        await him.provide(two)
    assert [await status(trade, buyer, o) for o in orders] == ["delivered", "processing"]
    await fulfilment.decide(world.env, trade.buying, world.actor, two.attempt.id, bought=False)
    await trade.turn()
    assert await status(trade, buyer, orders[1]) == "failed"


async def test_two_of_his_people(trade: Trade) -> None:
    """What one has in hand the other leaves alone; without that the first who provides has."""
    world, him = trade.world, await people(trade)
    mate = People(trade, him.kept, him.buying, as_another(him))
    sku, buyer = await world.sku(98_750), await world.buyer()
    await him.offer(sku, 5)
    for _ in range(2):
        await world.place(buyer, sku)
    await trade.turn()
    one, two = await him.wanted()
    await provide.take_in_hand(world.env, him.buying, him.actor, one.attempt.id)
    assert [w.holder for w in await mate.wanted()] == [provide.holder_of(him.actor), ""]
    with pytest.raises(Refused, match=r"^claimed_by_other$"):
        await mate.provide(one)
    world.travel(minutes=16)
    assert (await mate.provide(one)).state == "succeeded"
    both = await refused(him.provide(two), mate.provide(two))
    assert both == ["attempt_ended"]


async def test_a_top_up_shows_its_fields_to_whoever_took_it(trade: Trade) -> None:
    world, him = trade.world, await people(trade)
    sku, buyer = await world.sku(98_750, kind="topup", fields=(PHONE,)), await world.buyer()
    await him.offer(sku, 5)
    order = await world.place(buyer, sku, fields={"phone": "13800138000"})
    await trade.turn()
    [wanted] = await him.wanted()
    _, fields = await provide.take_in_hand(world.env, him.buying, him.actor, wanted.attempt.id)
    assert fields == {"phone": "13800138000"}
    [[looked]] = await world.rows(
        "select count(*) from tenancy.audit where action = 'supply.take_in_hand' and subject = %s",
        f"attempt:{wanted.attempt.id}",
    )
    assert looked == 1
    assert (await him.provide(wanted, receipt="R-1")).state == "succeeded"
    assert await status(trade, buyer, order) == "delivered"


async def test_another_suppliers_are_not_there(trade: Trade) -> None:
    world, him, stranger = trade.world, await people(trade), await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer()
    offer = await him.offer(sku, 5)
    await world.place(buyer, sku)
    await trade.turn()
    [wanted] = await him.wanted()
    assert (await stranger.wanted(), await stranger.declared()) == ([], {})
    for asked in (
        stranger.provide(wanted),
        stranger.refuse(wanted),
        provide.take_in_hand(world.env, stranger.buying, stranger.actor, wanted.attempt.id),
    ):
        with pytest.raises(Refused, match=r"^attempt_not_found$"):
            await asked
    with pytest.raises(Refused, match=r"^offer_not_found$"):
        await declare.declare(world.env, stranger.actor, offer.id, stock=1)


async def test_a_cost_that_jumps_waits_for_the_mall(trade: Trade) -> None:
    world, him = trade.world, await people(trade)
    sku, buyer = await world.sku(98_750), await world.buyer()
    offer = await him.offer(sku, 5, 40_000)
    told = await declare.declare(world.env, him.actor, offer.id, stock=5, unit_cost_e4=90_000)
    assert (told.unit_cost_e4, told.held_cost_e4) == (40_000, 90_000)
    assert await refused(world.place(buyer, sku)) == ["out_of_stock"]
    told = await declare.declare(world.env, him.actor, offer.id, stock=5, unit_cost_e4=41_000)
    assert (told.unit_cost_e4, told.held_cost_e4) == (41_000, None)
    assert (await world.place(buyer, sku)).status == "processing"


def as_another(him: People):
    return msgspec.structs.replace(him.actor, id=f"{him.actor.id}0")
