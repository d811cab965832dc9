"""What a supplier said beyond its protocol, opened by one person: with the right, a reason, a fresh proof and a line in the log."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest_asyncio

from commissary import fulfilment, tenancy
from commissary.fulfilment.evidence_routes import ROUTES
from commissary.tenancy.reveals import list_reveals
from commissary.tenancy.types import Actor
from fulfilment.test_unread import SPARE, grows
from make.console import console
from make.orders import World
from make.supply import Trade

WHY = {"reason": "客户申诉 SO-88"}


@pytest_asyncio.fixture(loop_scope="session")
async def trade(world: World) -> Trade:
    return Trade(world)


async def bought(trade: Trade, more: dict[str, Any]) -> tuple[str, str]:
    """(order, purchase), whose supplier said that much more."""
    world = trade.world
    sku, buyer = await world.sku(98_750), await world.buyer()
    supplier = await trade.supplier("kakayun")
    await trade.offer(supplier, sku)
    grows(supplier, more)
    order = await world.place(buyer, sku)
    await trade.served()
    [purchase] = await fulfilment.purchases_of(world.env, world.actor, int(order.id))
    return order.id, purchase.ref


async def opened(trade: Trade, actor: Actor, purchase: str, **body: str) -> Any:
    async with console(trade.world.house, ROUTES, actor) as client:
        return await client.post(f"/console/v1/purchases/{purchase}/evidence", json=body)


async def test_it_is_opened_with_a_reason_and_leaves_a_line(trade: Trade) -> None:
    world = trade.world
    order, purchase = await bought(trade, {"spare_secret": SPARE})
    owner = world.house.actor
    seen = await opened(trade, owner, purchase, **WHY)
    assert seen.status_code == 200, seen.text
    assert seen.headers["cache-control"] == "no-store"
    told = seen.json()
    assert {"name": "data.spare_secret", "value": f'"{SPARE}"'} in told["fields"]
    [look] = await list_reveals(world.env, owner, subject=f"order:{order}")
    assert (look.kind, look.reason, str(look.id)) == ("evidence", WHY["reason"], told["watermark"]["mark"])
    assert look.place == f"purchase {purchase}"
    [act] = [e for e in await tenancy.list_audit(world.env, owner, size=50) if e.action == "reveal.evidence"]
    assert SPARE not in msgspec.json.encode(act).decode()


async def test_without_right_reason_or_proof_nothing_is_opened(trade: Trade) -> None:
    world = trade.world
    order, purchase = await bought(trade, {"spare_secret": SPARE})
    owner = world.house.actor
    assert owner.proof is not None
    old = proved(owner, -timedelta(hours=2))
    readonly = world.house.actor_of("readonly", world.house.founded.person_id)
    tried = {
        403: [(readonly, WHY), (old, WHY)],
        422: [
            (owner, {}),
            (owner, {"reason": ""}),
            (owner, {"reason": "   "}),
            (owner, {"reason": "x" * 201}),
        ],
    }
    for status, each in tried.items():
        for actor, body in each:
            got = await opened(trade, actor, purchase, **body)
            assert got.status_code == status, (actor, body, got.text)
            assert SPARE not in got.text
    assert (await opened(trade, old, purchase, **WHY)).json()["code"] == "step_up_required"
    assert await list_reveals(world.env, owner, subject=f"order:{order}") == []


async def test_what_is_not_there_is_said(trade: Trade) -> None:
    owner = trade.world.house.actor
    _, purchase = await bought(trade, {})
    assert (await opened(trade, owner, purchase, **WHY)).json()["code"] == "no_evidence"
    assert (await opened(trade, owner, "4611686018427387904", **WHY)).json()["code"] == "attempt_not_found"
    assert (await opened(trade, owner, "x", **WHY)).status_code == 404


def proved(actor: Actor, by: timedelta) -> Actor:
    assert actor.proof is not None
    proof = msgspec.structs.replace(actor.proof, at=actor.proof.at + by)
    return msgspec.structs.replace(actor, proof=proof)
