"""Changing prices: now, at a future instant, and back again. One change is one row with one `valid_from`, so all of
its SKUs switch between one order and the next."""

from collections.abc import Mapping
from datetime import datetime

import psycopg

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.pricing import floors, rules, store
from commissary.pricing.types import Change, ChangeKind, Ladder, PricingRefusal
from commissary.tenancy.types import Actor

MOST_AT_ONCE = 20_000


async def set_prices(
    env: Env,
    actor: Actor,
    book_id: int,
    ladders: Mapping[int, Ladder],
    valid_from: datetime | None = None,
    reason: str = "",
    *,
    override_floor: bool = False,
) -> Change:
    """From now on, or from a future instant. An empty ladder takes the SKU out of the book.

    Refuses no_such_book, unknown_sku, starts_in_the_past and below_floor; `override_floor` needs `pricing.floor`.
    """
    tenancy.require(actor, "pricing.write")
    async with env.db.transaction(actor.mall_id) as tx:
        await store.book(tx, actor.mall_id, book_id, lock=True)
        kind: ChangeKind = "edit" if valid_from is None else "schedule"
        return await write(
            tx, env, actor, book_id, kind, ladders, valid_from, reason, override_floor=override_floor
        )


async def schedule(
    env: Env,
    actor: Actor,
    book_id: int,
    ladders: Mapping[int, Ladder],
    valid_from: datetime,
    reason: str = "",
    *,
    override_floor: bool = False,
) -> Change:
    """`set_prices` at an instant to come: an order before it is all old, from it on all new."""
    return await set_prices(env, actor, book_id, ladders, valid_from, reason, override_floor=override_floor)


async def undo(
    env: Env, actor: Actor, change_id: int, *, force: bool = False, override_floor: bool = False
) -> Change:
    """What held before the change holds again, as new versions with equal ladders: from now on, or, if the change has
    not begun, from its beginning. Once. Refuses already_undone, and overtaken when another change holds for one of
    its SKUs by then, unless forced; then that one is replaced too."""
    tenancy.require(actor, "pricing.write")
    async with env.db.transaction(actor.mall_id) as tx:
        return await undo_in(tx, env, actor, change_id, force=force, override_floor=override_floor)


async def undo_in(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    change_id: int,
    *,
    force: bool = False,
    override_floor: bool = False,
    now: datetime | None = None,
) -> Change:
    """`undo` in the caller's transaction."""
    mall = actor.mall_id
    undone = await store.change(tx, mall, change_id)
    book_id = await store.book_of_change(tx, mall, change_id)
    if book_id is None:
        raise Refused(PricingRefusal.no_such_change)
    await store.book(tx, mall, book_id, lock=True)
    if await store.is_undone(tx, mall, change_id):
        raise Refused(PricingRefusal.already_undone)
    now = now or env.now(mall)
    valid_from = max(now, undone.valid_from)
    before = await store.before_change(tx, mall, change_id, valid_from)
    overtaken = [b.sku_id for b in before if not b.still_holds]
    if overtaken and not force:
        raise Refused(PricingRefusal.overtaken, skus=len(overtaken), sku_id=str(overtaken[0]))
    return await write(
        tx,
        env,
        actor,
        book_id,
        "undo",
        {b.sku_id: b.ladder for b in before},
        valid_from if valid_from > now else None,
        f"undo {change_id}",
        undoes=change_id,
        override_floor=override_floor,
        now=now,
    )


async def write(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    book_id: int,
    kind: ChangeKind,
    ladders: Mapping[int, Ladder],
    valid_from: datetime | None,
    reason: str,
    *,
    template_id: int | None = None,
    undoes: int | None = None,
    override_floor: bool = False,
    now: datetime | None = None,
) -> Change:
    """The one way into a book, whose row the caller has locked. `now`: of several changes that are one act."""
    mall, now = actor.mall_id, now or env.now(actor.mall_id)
    if valid_from is not None and valid_from < now:
        raise Refused(PricingRefusal.starts_in_the_past)
    if not 0 < len(ladders) <= MOST_AT_ONCE:
        raise invalid("prices", f"between 1 and {MOST_AT_ONCE} SKUs at once")
    for sku, ladder in ladders.items():
        if fault := rules.ladder_fault(ladder):
            raise invalid(f"prices[{sku}]", fault)
    skus = sorted(ladders)
    known = await store.goods(tx, mall, skus)
    for sku in skus:
        if sku not in known:
            raise Refused(PricingRefusal.unknown_sku, sku_id=str(sku))
    if override_floor:
        tenancy.require(actor, "pricing.floor")
    else:
        asked = [(sku, price) for sku in skus for price in ladders[sku].prices_e4]
        floors.judge(await floors.floors_of(tx, mall, skus, now), asked)

    # Ids of a book only grow, whichever process wrote last and however its clock stands: readers go on from the last
    # one they know, and at one instant the later word wins.
    newest = await store.newest_of(tx, mall, book_id)
    ids = sorted(env.ids.many(len(skus)))
    ids = [id_ + max(0, newest + 1 - ids[0]) for id_ in ids]
    made = Change(
        env.ids.new(),
        kind,
        f"{actor.kind}:{actor.id}",
        reason,
        len(skus),
        template_id,
        undoes,
        valid_from or now,
        now,
    )
    try:
        entries = [(id_, sku, ladders[sku]) for id_, sku in zip(ids, skus, strict=True)]
        await store.add_change(tx, mall, book_id, made, entries)
    except psycopg.errors.UniqueViolation as error:
        if db.violated(error) != "change_undone_once":
            raise
        raise Refused(PricingRefusal.already_undone) from None
    after = {
        "kind": kind,
        "book": str(book_id),
        "skus": len(skus),
        "valid_from": made.valid_from.isoformat(),
        "reason": reason,
        "override_floor": override_floor,
    }
    await tenancy.audit(tx, env, actor, "pricing.change", f"change:{made.id}", None, after)
    await tenancy.raise_epoch(tx, mall)
    return made
