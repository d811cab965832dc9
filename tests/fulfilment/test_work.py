"""Work by hand: claims, what the holder may see, how a line ends; and held orders."""

import asyncio
from datetime import timedelta

import pytest

from commissary import fulfilment, insight
from commissary.base.errors import Refused
from commissary.catalog.types import FieldSpec
from commissary.fulfilment import listing
from commissary.orders.types import Release
from commissary.risk.types import Hit, Verdict
from commissary.stock.types import Code
from make.orders import World, secrets_of
from make.work import list_work

PHONE = FieldSpec("phone", "手机号", "Phone", type="phone", target=True)


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


async def topup(world: World, quantity: int = 1, money: int = 100):
    sku, buyer = await world.sku(10_000, kind="topup", fields=(PHONE,)), await world.buyer(money)
    order = await world.place(buyer, sku, quantity, fields={"phone": "13912345678"})
    return buyer, int(order.id)


async def test_claim_look_deliver(world: World) -> None:
    buyer, oid = await topup(world)
    anna = world.staff(7)
    [item] = await list_work(world.env, anna)
    assert (item.order_id, item.sku_zh, item.target_last, item.claimed_by) == (oid, "百元茶卡", "5678", None)
    with refused("not_claimed"):
        await fulfilment.reveal_fields(world.env, anna, oid, 1)
    await fulfilment.claim(world.env, anna, oid, 1)
    assert await fulfilment.reveal_fields(world.env, anna, oid, 1) == {"phone": "13912345678"}
    assert [i.claimed_by for i in await list_work(world.env, anna, mine=True)] == [7]
    done = await fulfilment.deliver(
        world.env, anna, oid, 1, 1, receipt="R1", cost_e4=9_000, idempotency_key="d1"
    )
    assert done.after == "delivered"
    assert (await world.desk.order(buyer, oid)).lines[0].receipts == ["R1"]
    assert await list_work(world.env, anna) == []
    log = await fulfilment.work_log(world.env, world.mall, oid, buyer.key.organisation_id)
    assert [e.action for e in log] == ["claimed", "delivered"]
    assert all(e.zh and e.en for e in log)
    audited = await world.rows(
        "select action, after::text from tenancy.audit where subject = %s order by id", f"order:{oid}"
    )
    assert [a for a, _ in audited] == ["orders.move", "reveal.fields", "orders.deliver"]
    assert "13912345678" not in str(audited)


async def test_a_line_is_one_persons_until_his_claim_runs_out(world: World) -> None:
    _, oid = await topup(world)
    anna, ben = world.staff(7), world.staff(8)
    await fulfilment.claim(world.env, anna, oid, 1, timedelta(minutes=10))
    with refused("claimed_by_other"):
        await fulfilment.claim(world.env, ben, oid, 1)
    with refused("not_claimed"):
        await fulfilment.reveal_fields(world.env, ben, oid, 1)
    world.travel(minutes=11)
    await fulfilment.claim(world.env, ben, oid, 1)
    with refused("not_claimed"):
        await fulfilment.deliver(world.env, anna, oid, 1, 1, idempotency_key="late")
    done = await fulfilment.deliver(world.env, ben, oid, 1, 1, idempotency_key="ben")
    assert done.after == "delivered"


async def test_a_claim_that_ran_out_can_do_nothing_even_when_nobody_took_over(world: World) -> None:
    _, oid = await topup(world)
    anna = world.staff(7)
    await fulfilment.claim(world.env, anna, oid, 1, timedelta(minutes=10))
    world.travel(minutes=10)
    with refused("not_claimed"):
        await fulfilment.deliver(world.env, anna, oid, 1, 1, idempotency_key="late")
    assert await fulfilment.expire_claims(world.env, world.mall, world.env.now(world.mall)) == 1
    assert await fulfilment.expire_claims(world.env, world.mall, world.env.now(world.mall)) == 0
    [item] = await list_work(world.env, anna, states=["waiting"])
    assert item.order_id == oid


async def test_only_one_of_many_gets_the_line(world: World) -> None:
    _, oid = await topup(world)
    results = await asyncio.gather(
        *(fulfilment.claim(world.env, world.staff(n), oid, 1) for n in range(1, 7)), return_exceptions=True
    )
    lost = [r for r in results if isinstance(r, Refused)]
    assert [r.refusal.code for r in lost] == ["claimed_by_other"] * 5


async def test_the_same_key_delivers_once_and_another_content_is_refused(world: World) -> None:
    buyer, oid = await topup(world, 2)
    anna = world.staff(7)
    await fulfilment.claim(world.env, anna, oid, 1)
    both = (Code("one"), Code("two"))
    results = await asyncio.gather(
        *(fulfilment.deliver(world.env, anna, oid, 1, 2, codes=both, idempotency_key="k") for _ in range(4))
    )
    assert [r.after for r in results] == ["delivered"] * 4
    assert len([r for r in results if r.before == "working"]) == 1
    assert secrets_of(await world.desk.order(buyer, oid)) == ["one", "two"]
    with refused("key_reused"):
        await fulfilment.deliver(world.env, anna, oid, 1, 1, codes=both[:1], idempotency_key="k")


async def test_part_and_failure_and_giving_back(world: World) -> None:
    buyer, oid = await topup(world, 5)
    anna = world.staff(7)
    await fulfilment.claim(world.env, anna, oid, 1)
    assert (await fulfilment.give_back(world.env, anna, oid, 1)).after == "waiting"
    with refused("not_claimed"):
        await fulfilment.give_back(world.env, anna, oid, 1)
    await fulfilment.claim(world.env, anna, oid, 1)
    done = await fulfilment.deliver(world.env, anna, oid, 1, 3, idempotency_key="p")
    assert (done.after, done.returned_e4) == ("partial", 20_000)
    account = await world.account(buyer)
    assert (account.balance_e4, account.held_e4) == (970_000, 0)
    buyer, oid = await topup(world)
    await fulfilment.claim(world.env, anna, oid, 1)
    assert (
        await fulfilment.fail(world.env, anna, oid, 1, "wrong_number", idempotency_key="f")
    ).after == "failed"
    assert (await world.account(buyer)).held_e4 == 0


async def test_the_queue_pages_oldest_first_and_filters(world: World) -> None:
    sku, other, buyer = (
        await world.sku(1, kind="topup"),
        await world.sku(1, kind="topup"),
        await world.buyer(),
    )
    placed = [int((await world.place(buyer, [(sku, 1), (other, 1)])).id) for _ in range(3)]
    anna = world.staff(7)
    seen, cursor = [], None
    while items := await list_work(world.env, anna, cursor=cursor, size=4):
        seen += [(i.order_id, i.line_no) for i in items]
        cursor = listing.cursor_of(items[-1], None)
    assert seen == [(o, n) for o in placed for n in (1, 2)]
    assert {i.sku_id for i in await list_work(world.env, anna, sku_id=other)} == {other}
    assert await list_work(world.env, anna, buyer_id=1) == []
    with refused("forbidden"):
        await list_work(world.env, world.house.actor_of("distributor", 1, 5))


async def test_a_held_order_is_let_go_or_blocked(world: World) -> None:
    sku, buyer = await world.sku(10_000), await world.buyer(100)
    await world.stock(sku, 1, cost_e4=1)
    world.verdict = Verdict("review", (Hit(1, "risk_velocity", {}),))
    good, bad, short = [int((await world.place(buyer, sku)).id) for _ in range(3)]
    anna = world.staff(7)
    held = await list_work(world.env, anna, states=["review"])
    assert [i.order_id for i in held] == [good, bad, short]
    [done] = await fulfilment.approve(world.env, anna, good)
    assert (done.before, done.after) == ("review", "delivered")
    [done] = await fulfilment.block(world.env, anna, bad, "stolen_card")
    assert (done.after, done.reason) == ("cancelled", "stolen_card")
    [done] = await fulfilment.approve(world.env, anna, short)
    assert (done.after, done.reason) == ("waiting", "out_of_stock")
    with refused("wrong_state"):
        await fulfilment.approve(world.env, anna, good)
    with refused("wrong_state"):
        await fulfilment.block(world.env, anna, short)
    account = await world.account(buyer)
    assert (account.balance_e4, account.held_e4) == (990_000, 10_000)
    assert await world.events(bad) == [(1, "order.review"), (2, "order.cancelled")]
    assert await world.events(short) == [(1, "order.review"), (2, "order.released")]
    with refused("forbidden"):
        await fulfilment.block(world.env, world.staff(9, "finance"), short)


async def test_a_held_preorder_goes_back_to_its_date(world: World) -> None:
    sku = await world.sku(10_000, release_at=world.env.now(world.mall) + timedelta(days=1))
    buyer = await world.buyer(100)
    world.verdict = Verdict("review")
    order = await world.place(buyer, sku)
    [done] = await fulfilment.approve(world.env, world.staff(7), int(order.id))
    assert done.after == "scheduled"
    [again] = await world.settle(Release(int(order.id), 1))
    assert again.after == "scheduled", "its date has not come"


async def test_a_loss_needs_the_right_to_sell_at_a_loss(world: World) -> None:
    sku, buyer = await world.sku(10_000), await world.buyer(100)
    await world.stock(sku, 1, cost_e4=20_000)
    world.verdict = Verdict("review")
    oid = int((await world.place(buyer, sku)).id)
    [done] = await fulfilment.approve(world.env, world.staff(7), oid)
    assert done.reason == "below_floor"
    with refused("forbidden"):
        await fulfilment.approve(world.env, world.staff(7), oid, even_below_floor=True)
    [done] = await fulfilment.approve(world.env, world.actor, oid, even_below_floor=True)
    assert done.after == "delivered"


async def test_reversal_by_a_person_happens_once_per_key(world: World) -> None:
    buyer, oid = await topup(world)
    anna = world.staff(7)
    await fulfilment.claim(world.env, anna, oid, 1)
    await fulfilment.deliver(world.env, anna, oid, 1, 1, idempotency_key="d")
    with refused("forbidden"):
        await fulfilment.reverse(world.env, anna, oid, 1, "reversed_by_operator", "r")
    money = world.staff(9, "finance")
    for before in ("delivered", "reversed"):
        done = await fulfilment.reverse(world.env, money, oid, 1, "reversed_by_operator", "r")
        assert (done.before, done.after, done.returned_e4) == (before, "reversed", 10_000)
    assert (await world.account(buyer)).balance_e4 == 1_000_000
    assert (await world.events(oid))[-1] == (4, "order.reversed")


async def test_anothers_log_is_not_found(world: World) -> None:
    _, oid = await topup(world)
    other = await world.buyer()
    with refused("order_not_found"):
        await fulfilment.work_log(world.env, world.mall, oid, other.key.organisation_id)


async def by_hand(world: World, sku: int, quantity: int = 1) -> int:
    """A line of it that people deliver, claimed."""
    buyer = await world.buyer(1_000)
    order = await world.place(buyer, sku, quantity, fields={"phone": "13912345678"})
    await fulfilment.claim(world.env, world.staff(7), int(order.id), 1)
    return int(order.id)


async def test_a_code_is_not_given_twice_by_hand(world: World) -> None:
    """Nor one that lies in the vault, written in whatever way."""
    anna = world.staff(7)
    sku = await world.sku(10_000, kind="topup", fields=(PHONE,))
    first = await by_hand(world, sku, 2)
    given = (Code("HAND-0001"), Code("HAND-0002"))
    await fulfilment.deliver(world.env, anna, first, 1, 2, codes=given, idempotency_key="d")
    second = await by_hand(world, sku, 3)

    async def give(*secrets: str) -> None:
        codes = tuple(Code(s) for s in secrets)
        await fulfilment.deliver(world.env, anna, second, 1, 3, codes=codes, idempotency_key=secrets[0])

    with refused("code_known") as told:
        await give("HAND-0003", "HAND 0002", "HAND-0004")
    assert told.value.facts == {"places": [2]}
    with refused("code_known") as told:
        await give("HAND-0003", "HAND-0004", "HAND-0003")
    assert told.value.facts == {"places": [3]}
    [item] = await list_work(world.env, anna)
    assert (item.order_id, item.claimed_by) == (second, 7)  # nothing of it was done
    await give("HAND-0003", "HAND-0004", "HAND-0005")


async def test_two_who_give_the_same_code_at_once(world: World) -> None:
    sku = await world.sku(10_000, kind="topup", fields=(PHONE,))
    orders_ = [await by_hand(world, sku) for _ in range(6)]
    ended = await asyncio.gather(
        *(
            fulfilment.deliver(
                world.env, world.staff(7), oid, 1, 1, codes=(Code("ONCE-7"),), idempotency_key=str(oid)
            )
            for oid in orders_
        ),
        return_exceptions=True,
    )
    lost = [e for e in ended if isinstance(e, Refused)]
    assert [e.refusal.code for e in lost] == ["code_known"] * 5
    assert len(await list_work(world.env, world.staff(7))) == 5


async def test_what_was_given_by_hand_is_traced_by_the_code_alone(world: World) -> None:
    sku = await world.sku(10_000, kind="topup", fields=(PHONE,))
    oid = await by_hand(world, sku, 2)
    anna = world.staff(7)
    given = (Code("TRACE-0001"), Code("TRACE-0002"))
    await fulfilment.deliver(world.env, anna, oid, 1, 2, codes=given, idempotency_key="d")
    place = await insight.custody.trace(world.env, anna, "TRACE0002", None)
    chain = await insight.custody_of(world.env, anna, batch=place[0], seq=place[1])
    assert chain.source.by_hand
    assert [(t.order_id, t.line_no) for t in chain.takers] == [(oid, 1)]
    assert (chain.now, chain.gaps) == ("delivered", [])
    assert [s.kind for s in chain.steps] == ["delivered"]
    pieces, _ = await insight.proofs.order_pages(world.env, world.home, oid)
    assert [p.place for p in pieces][1] == place
    with refused("not_found"):
        await insight.custody_of(world.env, anna, batch=oid, seq=place[1] + 1)
