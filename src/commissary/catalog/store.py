"""Rows ↔ types of goods. Reads `tenancy.mall` for the mall's name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.errors import Refused, RequestRefusal
from commissary.catalog.types import (
    Component,
    FieldSpec,
    Limit,
    Offered,
    Part,
    Product,
    Sku,
    SkuCard,
    SkuDraft,
    TaxRule,
)

Q = sql.load(__package__)

_COLUMNS = tuple(f for f in SkuDraft.__struct_fields__ if f != "components")


async def load_cards(tx: db.Tx, mall: int) -> dict[int, SkuCard]:
    """Every SKU of the mall as the order path needs it, deleted ones too (a bundle's part is looked up here)."""
    parts = await _components(tx, mall, None)
    return {
        r[0]: SkuCard(
            id=r[0],
            kind=r[1],
            version=r[2],
            status=r[3],
            max_quantity=r[4],
            fund_mode=r[5],
            tax_category=r[6] or "",
            release_at=r[7],
            fields=_specs(r[8]),
            components=parts.get(r[0], ()),
            code=r[9],
            name_zh=r[10],
            name_en=r[11],
            case_sensitive=r[12],
            low_stock=r[13],
            face_value_e4=r[14],
            fingerprint_scope=r[15],
        )
        for r in await db.rows(tx, Q.cards, {"mall": mall})
    }


async def stamp(tx: db.Tx, mall: int) -> tuple[int, int]:
    """The same as long as no SKU has changed: what was made of all of them still holds."""
    found = await db.row(tx, Q.stamp, {"mall": mall})
    assert found is not None
    return int(found[0]), int(found[1])


async def sellable(tx: db.Tx, mall: int, *, after: int = 0, size: int = 200) -> list[Offered]:
    """Listed SKUs by id, as buyers' programs see them."""
    found = await db.rows(tx, Q.sellable, {"mall": mall, "after": after, "size": size})
    bundles = [r[0] for r in found if r[2] == "bundle"]
    parts: dict[int, list[Part]] = {}
    if bundles:
        for bundle, *part in await db.rows(tx, Q.parts, {"mall": mall, "bundles": bundles}):
            parts.setdefault(bundle, []).append(Part(*part))
    return [Offered(*(*r[:-1], _specs(r[-1]), tuple(parts.get(r[0], ())))) for r in found]


async def lock_skus(tx: db.Tx, mall: int, ids: Sequence[int]) -> dict[int, Sku]:
    """Locked in id order, so that bundles and parts never wait for each other in a circle."""
    await db.rows(tx, Q.hold_skus, {"mall": mall, "ids": list(ids)})
    return await get_skus(tx, mall, ids)


async def get_skus(tx: db.Tx, mall: int, ids: Sequence[int]) -> dict[int, Sku]:
    found = await db.rows(tx, Q.skus, {"mall": mall, "ids": list(ids)})
    parts = await _components(tx, mall, [r[-5] for r in found])
    return {sku.id: sku for sku in (_sku(r, parts) for r in found)}


async def lock_sku(tx: db.Tx, mall: int, sku_id: int, also: Sequence[int] = ()) -> tuple[Sku, dict[int, Sku]]:
    """A SKU, with its parts (and `also`) when it is a bundle. Refuses `not_found`."""
    parts = [c.sku_id for c in (await _components(tx, mall, [sku_id])).get(sku_id, ())]
    locked = await lock_skus(tx, mall, sorted({sku_id, *parts, *also}))
    if sku_id not in locked:
        raise Refused(RequestRefusal.not_found)
    sku = locked[sku_id]
    missing = [c.sku_id for c in sku.components if c.sku_id not in locked]
    return sku, locked | (await get_skus(tx, mall, missing) if missing else {})


async def find_skus(
    tx: db.Tx,
    mall: int,
    *,
    product_id: int | None,
    status: str | None,
    search: str | None,
    after: int,
    size: int,
) -> list[Sku]:
    facts = {"mall": mall, "product": product_id, "status": status, "search": search, "after": after}
    return await rows_to_skus(tx, mall, await db.rows(tx, Q.list_skus, facts | {"size": size}))


async def rows_to_skus(tx: db.Tx, mall: int, found: Sequence[Any]) -> list[Sku]:
    """Rows as the list's queries give them."""
    parts = await _components(tx, mall, [r[-5] for r in found])
    return [_sku(r, parts) for r in found]


async def insert_sku(tx: db.Tx, mall: int, sku_id: int, draft: SkuDraft, at: datetime) -> None:
    await db.run(tx, Q.add_sku, sku_row(draft) | {"mall": mall, "id": sku_id, "at": at})
    await _insert_components(tx, mall, sku_id, draft.components)


async def update_sku(tx: db.Tx, mall: int, old: Sku, new: Sku) -> bool:
    """False when `old` is not the present version any more."""
    facts = {"mall": mall, "id": old.id, "version": old.version, "status": new.status, "at": new.updated_at}
    if not await db.run(tx, Q.set_sku, sku_row(new) | facts):
        return False
    if new.components != old.components:
        await db.run(tx, Q.drop_components, facts)
        await _insert_components(tx, mall, old.id, new.components)
    return True


async def bump_skus(
    tx: db.Tx, mall: int, at: datetime, *, product_id: int | None = None, brand_id: int | None = None
) -> None:
    """What is shown of these SKUs changed: new version, new snapshot."""
    found = await db.rows(tx, Q.lock_skus_of, {"mall": mall, "product": product_id, "brand": brand_id})
    ids = [r[0] for r in found]
    if ids:
        await db.run(tx, Q.bump_skus, {"mall": mall, "ids": ids, "at": at})
        await snapshot(tx, mall, ids, at)


async def snapshot(tx: db.Tx, mall: int, ids: Sequence[int], at: datetime) -> None:
    """Write down the present version of each."""
    await db.run(tx, Q.snapshot, {"mall": mall, "ids": list(ids), "at": at})


async def sku_version(tx: db.Tx, mall: int, sku_id: int, version: int) -> Mapping[str, Any] | None:
    """A SKU as it was shown in that version."""
    found = await db.row(tx, Q.sku_version, {"mall": mall, "id": sku_id, "version": version})
    return found[0] if found else None


async def load_limits(tx: db.Tx, mall: int) -> list[Limit]:
    return [Limit(*r) for r in await db.rows(tx, Q.limits, {"mall": mall})]


async def load_tax_rules(tx: db.Tx, mall: int) -> list[TaxRule]:
    """All of them, past and future; `rules.tax_rule_at` picks."""
    found = await db.rows(tx, Q.tax_rules, {"mall": mall})
    return [TaxRule(*(*r[:5], tuple(r[5]), *r[6:])) for r in found]


def sku_row(draft: SkuDraft) -> dict[str, Any]:
    row = {name: getattr(draft, name) for name in _COLUMNS}
    return row | {"fields": Jsonb([msgspec.to_builtins(f) for f in draft.fields], dumps=msgspec.json.encode)}


def product_row(product: Product) -> dict[str, Any]:
    return msgspec.structs.asdict(product) | {"regions": list(product.regions)}


def product_of(r: Sequence[Any]) -> Product:
    row = dict(zip(Product.__struct_fields__, r, strict=True))
    return Product(**(row | {"regions": tuple(row["regions"])}))


def _sku(r: Sequence[Any], parts: Mapping[int, tuple[Component, ...]]) -> Sku:
    row = dict(zip((*_COLUMNS, "id", "status", "version", "created_at", "updated_at"), r, strict=True))
    digest = row["issuer_licence_sha256"]
    return Sku(
        **(
            row
            | {
                "fields": _specs(row["fields"]),
                "components": parts.get(row["id"], ()),
                "issuer_licence_sha256": None if digest is None else bytes(digest),
            }
        )
    )


def _specs(stored: Any) -> tuple[FieldSpec, ...]:
    return tuple(msgspec.convert(stored, list[FieldSpec])) if stored else ()


async def _components(
    tx: db.Tx, mall: int, bundles: Sequence[int] | None
) -> dict[int, tuple[Component, ...]]:
    parts: dict[int, tuple[Component, ...]] = {}
    if bundles is None or bundles:
        wanted = None if bundles is None else list(bundles)
        for bundle, sku, quantity in await db.rows(tx, Q.components, {"mall": mall, "bundles": wanted}):
            parts[bundle] = (*parts.get(bundle, ()), Component(sku, quantity))
    return parts


async def _insert_components(tx: db.Tx, mall: int, sku_id: int, parts: Sequence[Component]) -> None:
    if parts:
        skus, quantities = [c.sku_id for c in parts], [c.quantity for c in parts]
        await db.run(
            tx, Q.add_components, {"mall": mall, "id": sku_id, "skus": skus, "quantities": quantities}
        )
