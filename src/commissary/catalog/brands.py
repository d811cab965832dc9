"""Brands and products: what SKUs have in common. Changing one gives its SKUs a new version, for buyers see it there."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import msgspec
import psycopg

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.catalog.store import Q, bump_skus, product_of, product_row
from commissary.catalog.types import Brand, CatalogRefusal, Product
from commissary.tenancy.types import Actor

_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|GLOBAL", re.ASCII)


async def add_brand(
    env: Env,
    actor: Actor,
    *,
    name_zh: str,
    name_en: str,
    fingerprint_scope: str | None = None,
    id: int | None = None,
) -> Brand:
    """Brands of the same name share their fingerprint scope over malls, so a code sold twice is seen wherever it is.
    The scope never changes afterwards. `id`: of the brand in another mall that this one mirrors. Refuses `brand_name_taken`."""
    tenancy.require(actor, "catalog.write")
    _check_names(name_zh, name_en, 120)
    mall = actor.mall_id
    brand = Brand(id or env.ids.new(), name_zh, name_en, fingerprint_scope or scope_of(name_zh), 1)
    async with env.db.transaction(mall) as tx:
        facts = {"mall": mall, "id": brand.id, "name_zh": name_zh, "name_en": name_en, "at": env.now(mall)}
        if not await db.run(tx, Q.add_brand, facts | {"scope": brand.fingerprint_scope}):
            raise Refused(CatalogRefusal.brand_name_taken)
        await tenancy.audit(tx, env, actor, "brand.add", f"brand:{brand.id}", None, _shown(brand))
    return brand


async def edit_brand(
    env: Env, actor: Actor, brand_id: int, version: int, *, name_zh: str, name_en: str
) -> Brand:
    """Refuses `conflict` when `version` is not the present one, `brand_name_taken`."""
    tenancy.require(actor, "catalog.write")
    _check_names(name_zh, name_en, 120)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.lock_brand, {"mall": mall, "id": brand_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        old = Brand(*found)
        if old.version != version:
            raise Refused(RequestRefusal.conflict, version=old.version)
        new = msgspec.structs.replace(old, name_zh=name_zh, name_en=name_en, version=version + 1)
        try:
            await db.run(
                tx, Q.set_brand, {"mall": mall, "id": brand_id, "name_zh": name_zh, "name_en": name_en}
            )
        except psycopg.errors.UniqueViolation:
            raise Refused(CatalogRefusal.brand_name_taken) from None
        await bump_skus(tx, mall, at, brand_id=brand_id)
        await tenancy.audit(tx, env, actor, "brand.edit", f"brand:{brand_id}", _shown(old), _shown(new))
        await tenancy.raise_epoch(tx, mall)
    return new


async def list_brands(env: Env, actor: Actor, *, after: int = 0, size: int = 50) -> list[Brand]:
    """By id."""
    tenancy.require(actor, "catalog.read")
    facts = {"mall": actor.mall_id, "after": after, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        return [Brand(*r) for r in await db.rows(tx, Q.list_brands, facts)]


async def add_product(
    env: Env, actor: Actor, *, brand_id: int, name_zh: str, name_en: str, id: int | None = None, **more: Any
) -> Product:
    """`more`: descriptions, guides, regions, as in `Product`. `id` as in `add_brand`."""
    tenancy.require(actor, "catalog.write")
    mall = actor.mall_id
    new = Product(id=id or env.ids.new(), brand_id=brand_id, name_zh=name_zh, name_en=name_en, **more)
    _check_product(new)
    async with env.db.transaction(mall) as tx:
        await _check_brand(tx, mall, brand_id)
        await db.run(tx, Q.add_product, product_row(new) | {"mall": mall, "at": env.now(mall)})
        await tenancy.audit(tx, env, actor, "product.add", f"product:{new.id}", None, product_row(new))
    return new


async def edit_product(
    env: Env, actor: Actor, product_id: int, version: int, changes: Mapping[str, Any]
) -> Product:
    """What is not in `changes` stays. Refuses `conflict` when `version` is not the present one."""
    tenancy.require(actor, "catalog.write")
    if not set(changes) <= set(Product.__struct_fields__) - {"id", "version"}:
        raise Refused(RequestRefusal.invalid_request)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.lock_product, {"mall": mall, "id": product_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        old = product_of(found)
        if old.version != version:
            raise Refused(RequestRefusal.conflict, version=old.version)
        new = msgspec.structs.replace(old, **changes, version=version + 1)
        _check_product(new)
        await _check_brand(tx, mall, new.brand_id)
        await db.run(tx, Q.set_product, product_row(new) | {"mall": mall})
        await bump_skus(tx, mall, at, product_id=product_id)
        await tenancy.audit(
            tx, env, actor, "product.edit", f"product:{product_id}", product_row(old), product_row(new)
        )
        await tenancy.raise_epoch(tx, mall)
    return new


async def list_products(
    env: Env, actor: Actor, *, brand_id: int | None = None, search: str = "", after: int = 0, size: int = 50
) -> list[Product]:
    """By id; `search` is part of a name."""
    tenancy.require(actor, "catalog.read")
    facts = {"mall": actor.mall_id, "brand": brand_id, "search": search, "after": after, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        return [product_of(r) for r in await db.rows(tx, Q.list_products, facts)]


def scope_of(name: str) -> str:
    """The same for every way of writing a brand: width, case and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


async def _check_brand(tx: db.Tx, mall: int, brand_id: int) -> None:
    if await db.row(tx, Q.brand_exists, {"mall": mall, "id": brand_id}) is None:
        raise Refused(RequestRefusal.not_found, brand_id=str(brand_id))


def _check_product(product: Product) -> None:
    _check_names(product.name_zh, product.name_en, 200)
    for text in ("description_zh", "description_en", "guide_zh", "guide_en"):
        if len(getattr(product, text)) > 20_000:
            raise invalid(text, "at most 20,000 characters / 最多 20000 个字符")
    if len(product.regions) > 300 or any(not _REGION.fullmatch(r) for r in product.regions):
        raise invalid("regions", "ISO 3166 codes or GLOBAL / 请填写 ISO 3166 地区代码或 GLOBAL")


def _check_names(name_zh: str, name_en: str, most: int) -> None:
    for path, name in (("name_zh", name_zh), ("name_en", name_en)):
        if not 1 <= len(name.strip()) <= most:
            raise invalid(path, f"1 to {most} characters / 名称为 1–{most} 个字符")


def _shown(brand: Brand) -> dict[str, object]:
    return {"name_zh": brand.name_zh, "name_en": brand.name_en, "fingerprint_scope": brand.fingerprint_scope}
