"""Acts on codes that a rule may put before a second person: what cannot be taken back, and money that goes back to many.

Whoever asks for what destroys or gives away codes has just proved who he is."""

from typing import Literal

import msgspec

from commissary import approvals, tenancy
from commissary.approvals.types import Look
from commissary.base import db, money
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.stock import batch as batches
from commissary.stock import rotate, rules, set_aside, store
from commissary.stock.types import Moved, StockRefusal
from commissary.tenancy.types import Actor


class VoidCodes(msgspec.Struct, frozen=True):
    batch_id: int
    first: int
    last: int
    reason: str


class ReturnCodes(msgspec.Struct, frozen=True):
    batch_id: int
    first: int
    last: int
    reason: str


class ShredBatch(msgspec.Struct, frozen=True):
    batch_id: int
    confirmation: str
    reason: str


class RefundRecall(msgspec.Struct, frozen=True):
    """Everybody who holds codes of the batch gets their price back. `orders` looks at it: it knows who that is."""

    batch_id: int
    reason: str


async def look_void(tx: db.Tx, env: Env, actor: Actor, what: VoidCodes) -> Look:
    """It holds as long as the same codes are unsold: freeze the batch first, and they are."""
    return await _look_out(tx, env, actor, what, "void", "written_off")


async def void(env: Env, actor: Actor, what: VoidCodes) -> Moved:
    _require(env, actor)
    return await set_aside.void_range(env, actor, what.batch_id, what.first, what.last, what.reason)


async def look_return(tx: db.Tx, env: Env, actor: Actor, what: ReturnCodes) -> Look:
    """As `look_void`: to the stock they are lost either way."""
    return await _look_out(tx, env, actor, what, "returned", "given_back")


async def give_back(env: Env, actor: Actor, what: ReturnCodes) -> Moved:
    _require(env, actor)
    return await set_aside.return_to_supplier(env, actor, what.batch_id, what.first, what.last, what.reason)


def _require(env: Env, actor: Actor) -> None:
    tenancy.require(actor, "stock.void")
    tenancy.require_proof(env, actor)


async def _look_out(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    what: VoidCodes | ReturnCodes,
    state: Literal["void", "returned"],
    worth: str,
) -> Look:
    _require(env, actor)
    home = home_of(actor.mall_id)
    held = await batches.hold(tx, home, what.batch_id)
    if not 1 <= what.first <= what.last <= held.received:
        raise Refused(StockRefusal.range_outside_batch, received=held.received)
    cuts = [c for lot in held.lots if (c := rules.set_aside(lot, what.first, what.last, state))]
    codes = sum(c.count for c in cuts)
    currency, amount_e4 = await _currency(tx, home, what.batch_id), codes * held.unit_cost_e4
    at_home = currency == await tenancy.currency_of(tx, actor.mall_id)
    unsold = sum(n for state, n in held.unsold().items() if state not in ("void", "returned"))
    return Look(
        acts=("stock.void",),
        subject=f"batch:{what.batch_id}",
        before={"unsold": unsold},
        after={"unsold": unsold - codes, state: codes, worth: money.of(amount_e4, currency)},
        holds={"ranges": sorted([c.first, c.last] for c in cuts)},
        amount_e4=amount_e4,
        currency=currency,
        weight_e4=amount_e4 if at_home else None,
        count=codes,
        unit="codes",
    )


async def look_shred(tx: db.Tx, env: Env, actor: Actor, what: ShredBatch) -> Look:
    _require(env, actor)
    if what.confirmation != str(what.batch_id):
        raise Refused(StockRefusal.confirmation_wrong)
    held = await batches.hold(tx, home_of(actor.mall_id), what.batch_id)
    return Look(
        acts=("stock.shred",),
        subject=f"batch:{what.batch_id}",
        before={"readable": held.received, "state": held.state},
        after={"readable": 0, "state": "shredded"},
        holds={"state": held.state, "received": held.received},
        count=held.received,
        unit="codes",
    )


async def shred(env: Env, actor: Actor, what: ShredBatch) -> Moved:
    _require(env, actor)
    return await rotate.shred(env, actor, what.batch_id, what.confirmation, what.reason)


async def _currency(tx: db.Tx, home: int, batch: int) -> str:
    found = await db.row(tx, store.Q.currency_of_batch, {"home": home, "batch": batch})
    assert found is not None, "held a moment ago"
    return str(found[0])


ACTS = [
    approvals.Act(VoidCodes, ("stock.void",), look_void, void),
    approvals.Act(ReturnCodes, ("stock.void",), look_return, give_back),
    approvals.Act(ShredBatch, ("stock.shred",), look_shred, shred, "vault"),
]
