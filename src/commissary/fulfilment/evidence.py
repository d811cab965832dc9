"""What a supplier said of a purchase beyond its protocol, opened for one person, through the door that every look at a
secret takes: there may be a code in it."""

import msgspec

from commissary import supply, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.fulfilment import store
from commissary.supply.types import SupplyRefusal, Unread
from commissary.tenancy.types import Actor, Look, Watermark


class Evidence(msgspec.Struct, frozen=True):
    fields: tuple[Unread, ...]
    seen: Watermark

    def __repr__(self) -> str:
        return "Evidence(…)"


async def open_evidence(env: Env, actor: Actor, attempt_id: int, reason: str) -> Evidence:
    """For staff with `stock.reveal` who may read of purchases. Refuses step_up_required, attempt_not_found, no_evidence,
    reveals_locked."""
    tenancy.require(actor, "fulfilment.read")
    tenancy.require(actor, "stock.reveal")
    tenancy.require_proof(env, actor)
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall, "vault") as tx:
        found = await supply.has_unread(tx, home, attempt_id)
        if found is None:
            raise Refused(SupplyRefusal.attempt_not_found)
        order_id, any_kept = found
        if not any_kept:
            raise Refused(SupplyRefusal.no_evidence)
        buyer = await db.row(tx, store.Q.buyer_of, {"home": home, "order": order_id})
    # The buyer may read who looked at what may be his; of what was bought for the shelf, the mall itself.
    owner = actor.organisation_id if buyer is None else int(buyer[0])
    of = f"attempt:{attempt_id}" if buyer is None else f"order:{order_id}"
    seen = await tenancy.look(env, actor, Look("evidence", owner, of, f"purchase {attempt_id}", reason))
    async with env.db.transaction(mall, "vault") as tx:
        return Evidence((await supply.unread_of(tx, env, home, [attempt_id]))[attempt_id], seen)
