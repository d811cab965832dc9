"""Markup templates: prices of many SKUs from cost or from another book. What the preview shows is what applying does."""

from collections.abc import Sequence

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.pricing import change, floors, rules, store
from commissary.pricing.types import (
    Change,
    Ladder,
    Preview,
    PricingRefusal,
    SavedTemplate,
    Template,
)
from commissary.tenancy.types import Actor


async def save_template(
    env: Env, actor: Actor, name: str, rules_: Template, version: int | None = None
) -> SavedTemplate:
    """Under its name; a template of that name is replaced. With a `version` only one of that version, so that 0 replaces
    none; else refuses `conflict`."""
    tenancy.require(actor, "pricing.write")
    if not name.strip():
        raise invalid("name", "a template has a name")
    if (rules_.base == "book") != (rules_.base_book_id is not None):
        raise invalid("base_book_id", "names the book, if the base is a book")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        old = next((t for t in await store.list_templates(tx, mall) if t.name == name), None)
        new = env.ids.new()
        id_, saved = await store.save_template(tx, mall, new, name, rules_, env.now(mall), version)
        before = None if old is None else msgspec.to_builtins(old.rules)
        after = {"name": name} | msgspec.to_builtins(rules_)
        await tenancy.audit(tx, env, actor, "pricing.save_template", f"template:{id_}", before, after)
        return SavedTemplate(id_, name, rules_, saved)


async def preview(env: Env, actor: Actor, template_id: int, book_id: int, skus: Sequence[int]) -> Preview:
    """What `apply` would do now, SKU by SKU. A price under its floor is shown as such and would not be written."""
    tenancy.require(actor, "pricing.read")
    async with env.db.transaction(actor.mall_id) as tx:
        await store.book(tx, actor.mall_id, book_id)
        found = await store.template(tx, actor.mall_id, template_id)
        return await look(tx, env, actor.mall_id, found.rules, book_id, skus)


async def apply(
    env: Env,
    actor: Actor,
    template_id: int,
    book_id: int,
    skus: Sequence[int],
    preview_hash: str,
    reason: str = "",
) -> Change | None:
    """Write what the preview of that hash showed. None when it showed nothing to write.

    Looks again under the book's lock; refuses `preview_stale` when a cost, floor, price or the template has moved.
    """
    tenancy.require(actor, "pricing.write")
    async with env.db.transaction(actor.mall_id) as tx:
        await store.book(tx, actor.mall_id, book_id, lock=True)
        found = await store.template(tx, actor.mall_id, template_id)
        shown = await look(tx, env, actor.mall_id, found.rules, book_id, skus)
        if shown.hash != preview_hash:
            raise Refused(PricingRefusal.preview_stale)
        ladders = {row.sku_id: row.new for row in shown.rows if row.new is not None}
        if not ladders:
            return None
        words = reason or found.name
        return await change.write(
            tx, env, actor, book_id, "template", ladders, None, words, template_id=template_id
        )


async def look(
    tx: db.Tx, env: Env, mall: int, template: Template, book_id: int, skus: Sequence[int]
) -> Preview:
    """What the template does to these SKUs of the book now."""
    wanted, now = sorted(set(skus)), env.now(mall)
    known = await store.goods(tx, mall, wanted)
    for sku in wanted:
        if sku not in known:
            raise Refused(PricingRefusal.unknown_sku, sku_id=str(sku))
    least = await floors.floors_of(tx, mall, wanted, now)
    old = await store.ladders(tx, mall, book_id, wanted, now)
    base = await _base(tx, env, mall, template, wanted)
    rows = tuple(
        rules.preview_row(
            template,
            sku,
            excluded=sku in template.exclude_skus
            or known[sku].brand_id in template.exclude_brands
            or known[sku].kind in template.exclude_kinds,
            old=old.get(sku),
            base=base.get(sku),
            least_e4=least[sku],
        )
        for sku in wanted
    )
    return Preview(rows, rules.preview_hash(template, book_id, rows))


async def _base(tx: db.Tx, env: Env, mall: int, template: Template, skus: Sequence[int]) -> dict[int, Ladder]:
    now = env.now(mall)
    if template.base == "cost":
        costs = await store.costs(tx, mall, skus, now)
        found: dict[int, Ladder] = {}
        for sku in skus:
            parts = costs.parts.get(sku, ((sku, 1),))
            if all(part in costs.of for part, _ in parts):
                cost = sum(costs.of[part] * pieces for part, pieces in parts)
                found[sku] = Ladder((1,), (cost,))
        return found
    if template.base == "list":
        books = [b for b in await store.list_books(tx, mall, None, 100_000) if b.kind == "list"]
        currency = await store.currency_of(tx, mall)
        base_book = next((b.id for b in books if b.currency == currency), None)
    else:
        base_book = template.base_book_id
    if base_book is None:
        raise Refused(PricingRefusal.no_such_book)
    await store.book(tx, mall, base_book)
    return await store.ladders(tx, mall, base_book, skus, now)
