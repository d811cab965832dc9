"""What suppliers offer for our SKUs: linked by a person, kept true by the supplier's own word.

A cost that jumps is held for a person, and the offer is not bought meanwhile: a typing error of a supplier must neither
empty his shop nor sell at a loss. Every change raises the mall's epoch once, however many offers it moves.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid, unchanged
from commissary.base.home import home as home_of
from commissary.supply import store
from commissary.supply.connections import held_of
from commissary.supply.market import Held, Market, at_ms
from commissary.supply.people import MOST, put_stock
from commissary.supply.purchasing import Purchasing
from commissary.supply.shelf import lay_out
from commissary.supply.talk import hold
from commissary.supply.types import (
    Exhausted,
    Fault,
    Good,
    Kind,
    Offer,
    Page,
    Policy,
    Silence,
    Strategy,
    SupplyRefusal,
    Unreadable,
)
from commissary.tenancy.types import Actor

replace = msgspec.structs.replace

FELL_BP = 5_000  # a cost under half of what it was, or
ROSE_BP = 20_000  # over twice, waits for a person
TOPUPS = frozenset({"topup", "membership"})


async def link_offer(
    env: Env,
    purchasing: Purchasing,
    actor: Actor,
    *,
    connection_id: int,
    good_id: str,
    sku_id: int,
    weight: int = 100,
    canary_bp: int = 0,
    warranty_hours: int = 0,
    field_map: dict[str, str] | None = None,
    unit_cost_e4: int | None = None,
    stock: int | None = None,
) -> Offer:
    """One of our SKUs may be bought as that article from now on, at the cost that the supplier tells now. People tell it
    on the telephone: theirs is `unit_cost_e4`, and what they have is `stock`.

    Refuses connection_not_found, supplier_unreachable, supplier_said_no, kind_mismatch.
    """
    tenancy.require(actor, "supply.write")
    _check(weight, canary_bp, warranty_hours)
    market = await purchasing.reload(actor.mall_id)
    held = held_of(market, connection_id)
    people = market.by_people(connection_id)
    if people != (unit_cost_e4 is not None) or people != (stock is not None):
        raise invalid(
            "unit_cost", "and stock: of people's offers, and of those alone / 人工供货须且仅须填写成本与库存"
        )
    if (unit_cost_e4 or 0) < 0 or not 0 <= (stock or 0) <= MOST:
        raise invalid("stock", f"0 to {MOST:,}")
    good = None if people else await ask_good(env, market, held, good_id)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        kinds: dict[int, str] = dict(
            await db.rows(tx, store.Q.sku_kinds, {"mall": mall, "skus": Bigints([sku_id])})
        )
        if sku_id not in kinds:
            raise invalid("sku_id", "there is no such SKU / 商品不存在")
        if good is None:
            assert unit_cost_e4 is not None
            kind: Kind = "topup" if kinds[sku_id] in TOPUPS else "code"
            good = Good(good_id, good_id, kind, unit_cost_e4, on_sale=True, stock=stock)
        if (kinds[sku_id] in TOPUPS) != (good.kind == "topup") or kinds[sku_id] in ("bundle", "shared_code"):
            raise Refused(SupplyRefusal.kind_mismatch, sku_kind=kinds[sku_id], good_kind=good.kind)
        known = {o.sku_id: o for o in await store.lock_offers(tx, mall, connection_id, [good_id])}
        old = known.get(sku_id)
        new = replace(
            _offer(env, held, good, sku_id, at) if old is None else told(old, good, at),
            weight=weight,
            canary_bp=canary_bp,
            warranty_hours=warranty_hours,
            field_map=field_map or {},
            state="on",
            version=1 if old is None else old.version + 1,
        )
        subject = f"offer:{new.id}"
        before = None if old is None else _shown(old)
        await tenancy.audit(tx, env, actor, "supply.link", subject, before, _shown(new))
        rev = await tenancy.raise_epoch(tx, mall)
        await store.put_offers(tx, mall, connection_id, [new], rev, at)
        if stock is not None:
            await put_stock(tx, home_of(mall), new.id, stock, at)
        await lay_out(tx, env, mall, [sku_id], rev)
    return replace(new, rev=rev)


async def set_offer(
    env: Env,
    actor: Actor,
    offer_id: int,
    *,
    on: bool | None = None,
    weight: int | None = None,
    canary_bp: int | None = None,
    accept_held: bool | None = None,
    version: int | None = None,
) -> Offer:
    """Switch it off or on, move its share, or decide about a cost that jumped: True takes it, False keeps the old one
    until the supplier tells another. Refuses offer_not_found, and `conflict` when `version` is given and not the present
    one; what the supplier himself tells does not count."""
    tenancy.require(actor, "supply.write")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        old = await store.lock_offer(tx, mall, offer_id)
        if old is None:
            raise Refused(SupplyRefusal.offer_not_found)
        unchanged(version, old.version)
        new = replace(
            old,
            state=old.state if on is None else "on" if on else "off",
            weight=old.weight if weight is None else weight,
            canary_bp=old.canary_bp if canary_bp is None else canary_bp,
        )
        _check(new.weight, new.canary_bp, new.warranty_hours)
        if accept_held is not None and old.held_cost_e4 is not None:
            tenancy.require(actor, "pricing.write")
            cost_e4 = old.held_cost_e4 if accept_held else old.unit_cost_e4
            new = replace(new, unit_cost_e4=cost_e4, held_cost_e4=None)
        if new != old:
            new = replace(new, version=old.version + 1)
            await tenancy.audit(tx, env, actor, "supply.offer", f"offer:{offer_id}", _shown(old), _shown(new))
            rev = await tenancy.raise_epoch(tx, mall)
            await store.put_offers(tx, mall, new.connection_id, [new], rev, at)
            await lay_out(tx, env, mall, [new.sku_id], rev)
        return new


async def set_policy(
    env: Env,
    actor: Actor,
    sku_id: int,
    *,
    strategy: Strategy,
    tries: int = 3,
    exhausted: Exhausted = "fail",
    patience_s: int = 600,
    version: int | None = None,
) -> Policy:
    """How a SKU is bought. Refuses `conflict` when `version` is given and not the present one; 0 is that of the default."""
    tenancy.require(actor, "supply.write")
    if not 1 <= tries <= 10:
        raise invalid("tries", "1 to 10")
    if not 0 <= patience_s <= 604_800:
        raise invalid("patience_s", "0 to 604,800 seconds")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        kinds: dict[int, str] = dict(
            await db.rows(tx, store.Q.sku_kinds, {"mall": mall, "skus": Bigints([sku_id])})
        )
        if sku_id not in kinds:
            raise invalid("sku_id", "there is no such SKU / 商品不存在")
        given = {"mall": mall, "sku": sku_id, "strategy": strategy, "tries": tries, "exhausted": exhausted}
        rev = await tenancy.raise_epoch(
            tx, mall
        )  # one change at a time, so that what is noted as before was before
        old = await db.row(tx, store.Q.policy_of, {"mall": mall, "sku": sku_id})
        before = Policy(*old) if old else None
        at = before.version if before else 0
        unchanged(version, at)
        new = Policy(strategy, tries, exhausted, patience_s, at + 1)
        was = _policy_shown(before) if before else None
        await tenancy.audit(tx, env, actor, "supply.policy", f"sku:{sku_id}", was, _policy_shown(new))
        await db.run(tx, store.Q.put_policy, given | {"patience": patience_s, "rev": rev})
    return new


async def list_offers(
    env: Env,
    actor: Actor,
    *,
    sku_id: int | None = None,
    connection_id: int | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Offer]:
    """By id."""
    tenancy.require(actor, "supply.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.offers(
            tx, actor.mall_id, sku_id=sku_id, connection_id=connection_id, after=after, size=size
        )


async def browse(
    env: Env, purchasing: Purchasing, actor: Actor, connection_id: int, cursor: str = ""
) -> Page:
    """A page of the supplier's catalogue, as he tells it now. Refuses as `link_offer`."""
    tenancy.require(actor, "supply.read")
    market = await purchasing.reload(actor.mall_id)
    held = held_of(market, connection_id)
    try:
        return await hold(held.connector.goods(at_ms(env.now(actor.mall_id)), cursor), held.send)
    except (Silence, Unreadable) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=str(error)[:200]) from error
    except Fault as fault:
        raise Refused(SupplyRefusal.supplier_said_no, said=fault.said[:200], said_code=fault.code) from fault


async def ask_good(env: Env, market: Market, held: Held, good_id: str) -> Good:
    """Raises Refused as `browse`."""
    try:
        return await hold(held.connector.good(at_ms(env.now(market.mall)), good_id), held.send)
    except (Silence, Unreadable) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=str(error)[:200]) from error
    except Fault as fault:
        raise Refused(SupplyRefusal.supplier_said_no, said=fault.said[:200], said_code=fault.code) from fault


# What a supplier tells of his goods ------------------------------------------------------------------------------


async def note_goods(
    env: Env, mall: int, connection_id: int, goods: Sequence[Good], at: datetime
) -> list[Offer]:
    """What the supplier says now, by pull or push; the offers that are different since, in one change of the mall.
    Articles that no SKU is linked to are passed over."""
    by_id = {good.id: good for good in goods}
    async with env.db.transaction(mall) as tx:
        # Most words are the same as the last time: what is the same is neither locked nor written.
        known = await store.offers_told(tx, mall, connection_id, sorted(by_id))
        moved = {o.good_id for o in known if replace(told(o, by_id[o.good_id], at), seen_at=o.seen_at) != o}
        if not moved:
            return []
        olds = await store.lock_offers(tx, mall, connection_id, sorted(moved))
        news = [told(old, by_id[old.good_id], at) for old in olds]
        changed = [
            new for old, new in zip(olds, news, strict=True) if replace(new, seen_at=old.seen_at) != old
        ]
        if changed:
            rev = await tenancy.raise_epoch(tx, mall)
            await store.put_offers(tx, mall, connection_id, changed, rev, at)
            await lay_out(tx, env, mall, [o.sku_id for o in changed], rev)
    return changed


def told(old: Offer, good: Good, at: datetime) -> Offer:
    """The offer by that word of its supplier. A jump is held; the same jump told again stays held."""
    new = replace(
        old,
        good_name=good.name[:200],
        stock=good.stock,
        on_sale=good.on_sale,
        least=max(1, good.least),
        most=good.most,
        seen_at=at,
    )
    if good.price_e4 == old.unit_cost_e4:
        return replace(new, held_cost_e4=None)
    if jumps(old.unit_cost_e4, good.price_e4):
        return replace(new, held_cost_e4=good.price_e4)
    return replace(new, unit_cost_e4=good.price_e4, held_cost_e4=None)


def jumps(old_e4: int, new_e4: int) -> bool:
    """So far that a person looks at it first."""
    return old_e4 > 0 and not (FELL_BP * old_e4 < new_e4 * 10_000 < ROSE_BP * old_e4)


async def sync(env: Env, market: Market, held: Held, writing: asyncio.Semaphore) -> tuple[int, int]:
    """Pull the whole catalogue of a connection: (articles seen, offers changed). A page at a time, each its own change,
    so that a slow supplier's first pages count before his last come. Articles that he no longer lists leave the shelf.
    `writing`: how many may write at once. Raises Silence, Unreadable, Fault."""
    mall, cursor, seen, changed = market.mall, "", 0, 0
    began = env.now(mall)
    listed: set[str] = set()
    while True:
        page = await hold(held.connector.goods(at_ms(env.now(mall)), cursor), held.send)
        seen += len(page.goods)
        listed.update(good.id for good in page.goods)
        if page.goods:
            async with writing:
                changed += len(await note_goods(env, mall, held.kept.id, page.goods, env.now(mall)))
        if not page.next or page.next == cursor:
            break
        cursor = page.next
    async with writing, env.db.transaction(mall) as tx:
        unlisted = {
            o.good_id
            for o in await store.offers(tx, mall, connection_id=held.kept.id)
            if o.good_id not in listed and o.on_sale and o.seen_at < began
        }
        # Again under their locks: a person may have set one meanwhile.
        olds = await store.lock_offers(tx, mall, held.kept.id, sorted(unlisted)) if unlisted else []
        gone = [o for o in olds if o.on_sale and o.seen_at < began]
        if gone:
            rev = await tenancy.raise_epoch(tx, mall)
            await store.put_offers(
                tx, mall, held.kept.id, [replace(o, on_sale=False) for o in gone], rev, env.now(mall)
            )
            await lay_out(tx, env, mall, [o.sku_id for o in gone], rev)
    return seen, changed + len(gone)


def _policy_shown(policy: Policy) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(policy)
    del shown["version"]
    return shown


def _offer(env: Env, held: Held, good: Good, sku_id: int, at: datetime) -> Offer:
    return Offer(
        id=env.ids.new(),
        connection_id=held.kept.id,
        good_id=good.id,
        sku_id=sku_id,
        good_name=good.name[:200],
        kind=good.kind,
        unit_cost_e4=good.price_e4,
        currency=held.kept.currency,
        stock=good.stock,
        on_sale=good.on_sale,
        least=max(1, good.least),
        most=good.most,
        field_map={},
        weight=100,
        canary_bp=0,
        warranty_hours=0,
        held_cost_e4=None,
        state="on",
        rev=0,
        seen_at=at,
        created_at=at,
    )


def _check(weight: int, canary_bp: int, warranty_hours: int) -> None:
    if not 0 <= weight <= 10_000:
        raise invalid("weight", "0 to 10,000")
    if not 0 <= canary_bp <= 10_000:
        raise invalid("canary_bp", "0 to 10,000 basis points")
    if not 0 <= warranty_hours <= 87_600:
        raise invalid("warranty_hours", "0 to 87,600")


def _shown(offer: Offer) -> dict[str, object]:
    return {
        "good": offer.good_id,
        "sku": str(offer.sku_id),
        "unit_cost_e4": offer.unit_cost_e4,
        "held_cost_e4": offer.held_cost_e4,
        "weight": offer.weight,
        "canary_bp": offer.canary_bp,
        "state": offer.state,
    }
