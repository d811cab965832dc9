"""Calling off: before delivery only, once per key, and beside others who change the same order."""

import asyncio
import secrets

import pytest

from commissary import orders
from commissary.base.errors import Refused
from commissary.orders.types import Deliver, Move, Release
from commissary.risk.types import Verdict
from make.orders import World


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}$")


def key() -> str:
    return secrets.token_hex(8)


async def test_an_undelivered_order_is_called_off_and_its_money_is_free(world: World) -> None:
    sku, buyer = await world.sku(98_750, kind="topup"), await world.buyer(100)
    order = await world.place(buyer, sku, 3)
    done = await orders.cancel(world.desk, buyer, int(order.id), "k1")
    assert (done.status, done.lines[0].status) == ("cancelled", "cancelled")
    account = await world.account(buyer)
    assert (account.balance_e4, account.held_e4) == (1_000_000, 0)
    assert await world.events(order.id) == [(1, "order.accepted"), (2, "order.cancelled")]


async def test_the_same_key_again_is_the_same_answer_and_nothing_more(world: World) -> None:
    sku, buyer = await world.sku(kind="topup"), await world.buyer(100)
    one, other = await world.place(buyer, sku), await world.place(buyer, sku)
    first = await orders.cancel(world.desk, buyer, int(one.id), "k1")
    assert await orders.cancel(world.desk, buyer, int(one.id), "k1") == first
    assert len(await world.events(one.id)) == 2
    with refused("key_reused"):
        await orders.cancel(world.desk, buyer, int(other.id), "k1")
    with refused("not_cancellable"):
        await orders.cancel(world.desk, buyer, int(one.id), "k2")
    with refused("key_missing"):
        await orders.cancel(world.desk, buyer, int(other.id), "")


async def test_a_refused_call_frees_its_key(world: World) -> None:
    sku, buyer = await world.sku(kind="topup"), await world.buyer(100)
    order = await world.place(buyer, sku)
    await world.settle(Move(int(order.id), 1, "working"))
    with refused("not_cancellable"):
        await orders.cancel(world.desk, buyer, int(order.id), "k1")
    await world.settle(Move(int(order.id), 1, "waiting"))
    assert (await orders.cancel(world.desk, buyer, int(order.id), "k1")).status == "cancelled"


async def test_what_was_delivered_stays_delivered(world: World) -> None:
    code, topup, buyer = (
        await world.sku(10_000),
        await world.sku(20_000, kind="topup"),
        await world.buyer(100),
    )
    await world.stock(code, 1, cost_e4=1)
    order = await world.place(buyer, [(code, 1), (topup, 1)])
    done = await orders.cancel(world.desk, buyer, int(order.id), key())
    assert (done.status, [line.status for line in done.lines]) == (
        "partially_delivered",
        ["delivered", "cancelled"],
    )
    assert (await world.account(buyer)).balance_e4 == 990_000
    with refused("not_cancellable"):
        await orders.cancel(world.desk, buyer, int(order.id), key())


async def test_nobody_calls_off_anothers_order(world: World) -> None:
    buyer, other = await world.buyer(), await world.buyer()
    order = await world.place(buyer, await world.sku(kind="topup"))
    with refused("order_not_found"):
        await orders.cancel(world.desk, other, int(order.id), key())
    with refused("forbidden"):
        await orders.cancel_for(world.env, world.staff(role="finance"), int(order.id))
    own = world.house.actor_of("distributor", 9, other.key.organisation_id)
    with refused("order_not_found"):
        await orders.cancel_for(world.env, own, int(order.id))
    mine = world.house.actor_of("distributor", 9, buyer.key.organisation_id)
    [settled] = await orders.cancel_for(world.env, mine, int(order.id), "changed_mind")
    assert (settled.after, settled.reason) == ("cancelled", "changed_mind")


async def test_calling_off_beside_release_and_delivery_ends_each_line_once(world: World) -> None:
    code, topup = await world.sku(10_000), await world.sku(10_000, kind="topup")
    await world.stock(code, 50, cost_e4=1)
    buyer = await world.buyer(1000)
    world.verdict = Verdict("review")
    held = [await world.place(buyer, code) for _ in range(8)]
    world.verdict = Verdict("allow")
    waiting = [await world.place(buyer, topup) for _ in range(8)]
    results = await asyncio.gather(
        *(orders.cancel(world.desk, buyer, int(o.id), key()) for o in held + waiting),
        *(world.settle(Release(int(o.id), 1)) for o in held),
        *(world.settle(Deliver(int(o.id), 1, 1)) for o in waiting),
        *(orders.cancel(world.desk, buyer, int(o.id), key()) for o in held + waiting),
        return_exceptions=True,
    )
    lost = [r for r in results if isinstance(r, BaseException)]
    assert {r.refusal.code for r in lost if isinstance(r, Refused)} <= {"wrong_state", "not_cancellable"}
    assert all(isinstance(r, Refused) for r in lost), lost
    assert len(lost) == 2 * 16, "of three commands per order one wins"
    for order in held + waiting:
        assert len(await world.events(order.id)) == 2
