"""Subscriptions of buyers to their own prices: what they ask for. Who tells them is `tell.py`."""

from collections.abc import Sequence

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.pricing import standing, store, store_told
from commissary.pricing.standing import Told, View
from commissary.pricing.store_told import Q
from commissary.pricing.types import PricingRefusal, Subscription
from commissary.tenancy.types import Actor

SKUS_MAX = 10_000
SUBSCRIPTIONS_MAX = 10
WINDOW_S = (1, 300)


class Wanted(msgspec.Struct, frozen=True):
    """`sku_ids` None: all that he may buy. `threshold_bp` 0: every change."""

    name: str = "default"
    sku_ids: Sequence[int] | None = None
    threshold_bp: int = 0
    availability: bool = False
    window_s: int = 5


async def subscribe(env: Env, actor: Actor, buyer_id: int, wanted: Wanted) -> Subscription:
    """Made, or replaced under its name: of SKUs that stay, what he was told last stays the base of the threshold; of new
    ones it is what holds now. Refuses not_found (the buyer), unknown_sku, too_many_subscriptions."""
    _require(actor, buyer_id)
    skus = None if wanted.sku_ids is None else sorted(set(wanted.sku_ids))
    if skus is not None and not 0 < len(skus) <= SKUS_MAX:
        raise invalid("sku_ids", f"1 to {SKUS_MAX} SKUs / 1–{SKUS_MAX} 个规格")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        await db.run(tx, Q.touch, {"mall": mall})
        if await db.row(tx, Q.buyer_exists, {"mall": mall, "buyer": buyer_id}) is None:
            raise Refused(RequestRefusal.not_found)
        given = {"mall": mall, "buyer": buyer_id, "name": wanted.name}
        count = await db.row(tx, Q.count_of_buyer, given)
        if count is not None and count[0] >= SUBSCRIPTIONS_MAX:
            raise Refused(PricingRefusal.too_many_subscriptions, most=SUBSCRIPTIONS_MAX)
        old = await store_told.subscriptions(tx, mall, buyer_id=buyer_id, name=wanted.name)
        view = await _view(tx, env, mall, buyer_id, skus)
        for sku in skus or ():
            if sku not in view.kinds:
                raise Refused(PricingRefusal.unknown_sku, sku_id=str(sku))
        made = await db.row(
            tx,
            Q.put,
            given
            | {"id": env.ids.new(), "every": skus is None, "threshold": wanted.threshold_bp}
            | {"availability": wanted.availability, "window": wanted.window_s * 1_000}
            | {"author": f"{actor.kind}:{actor.id}", "at": now},
        )
        assert made is not None
        id_ = int(made[0])
        if skus is not None:
            await db.run(tx, Q.keep_told, {"mall": mall, "id": id_, "skus": Bigints(skus)})
        known = await store_told.told(tx, mall, id_, None)
        begun: dict[int, Told] = {}
        anew = bool(old) and wanted.availability and not old[0].availability
        asked = skus if skus is not None else sorted({s for _, s in view.snapshot.versions} | set(known))
        for sku in asked:
            if sku in known and not anew:
                continue
            now_ = standing.stand(view, buyer_id, sku, now, availability=wanted.availability)
            if sku in known:
                begun[sku] = Told(known[sku].ladder, now_.why == "")
            elif skus is not None or now_.why == "":
                begun[sku] = Told(now_.ladder, now_.why == "")
        await store_told.tell(tx, mall, id_, begun, now)
        [done] = await store_told.subscriptions(tx, mall, id_=id_)
        before = _shown(old[0]) if old else None
        await tenancy.audit(tx, env, actor, "pricing.subscribe", f"subscription:{id_}", before, _shown(done))
    return done


async def list_subscriptions(
    env: Env, actor: Actor, buyer_id: int, *, after: int = 0, size: int = 50
) -> list[Subscription]:
    """By id. Refuses not_found (the buyer)."""
    _require(actor, buyer_id, write=False)
    async with env.db.transaction(actor.mall_id) as tx:
        if await db.row(tx, Q.buyer_exists, {"mall": actor.mall_id, "buyer": buyer_id}) is None:
            raise Refused(RequestRefusal.not_found)
        return await store_told.subscriptions(tx, actor.mall_id, buyer_id=buyer_id, after=after, size=size)


async def unsubscribe(env: Env, actor: Actor, subscription_id: int, buyer_id: int | None = None) -> None:
    """Nothing more is told; messages that wait are still sent. `buyer_id`: whose it must be. Refuses
    no_such_subscription."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await db.run(tx, Q.touch, {"mall": mall})
        found = await store_told.subscriptions(tx, mall, buyer_id=buyer_id, id_=subscription_id)
        if not found:
            raise Refused(PricingRefusal.no_such_subscription)
        _require(actor, found[0].buyer_id)
        given = {"mall": mall, "id": subscription_id}
        await db.row(tx, Q.lock, given | {"changed_at": found[0].changed_at})
        await db.run(tx, Q.remove_told, given)
        await db.run(tx, Q.remove, given)
        subject = f"subscription:{subscription_id}"
        await tenancy.audit(tx, env, actor, "pricing.unsubscribe", subject, _shown(found[0]), None)


async def _view(tx: db.Tx, env: Env, mall: int, buyer_id: int, skus: Sequence[int] | None) -> View:
    """Of this buyer's books alone."""
    now, currency = env.now(mall), await store.currency_of(tx, mall)
    view = View(await store.snapshot_of(tx, mall, currency, buyer_id, skus, now))
    await store_told.read_goods(tx, mall, view)
    view.shelves = await store_told.read_shelves(tx, mall, now)
    return view


def _require(actor: Actor, buyer_id: int, *, write: bool = True) -> None:
    """The mall's staff for any buyer; a buyer's program and people for their own organisation."""
    if actor.organisation_id != buyer_id or not tenancy.allows(actor, "own.webhooks.write"):
        tenancy.require(actor, "pricing.write" if write else "pricing.read")


def _shown(s: Subscription) -> dict[str, object]:
    return {
        "buyer": str(s.buyer_id),
        "name": s.name,
        "skus": "all" if s.every else s.skus,
        "threshold_bp": s.threshold_bp,
        "availability": s.availability,
        "window_s": s.window_ms // 1_000,
    }
