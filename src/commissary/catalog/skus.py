"""SKUs: create, edit, list (上架), delist (下架), delete. Every change is a new version with its snapshot, so an order
shows for ever what was sold; an edit names the version it was made from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import FieldFault, Refused, RequestRefusal
from commissary.catalog.rules import MAX_COMPONENTS, check_specs, judge_listing
from commissary.catalog.store import (
    Q,
    find_skus,
    get_skus,
    insert_sku,
    load_limits,
    lock_sku,
    lock_skus,
    snapshot,
    update_sku,
)
from commissary.catalog.types import CatalogRefusal, Limit, ListingFault, Sku, SkuDraft, Status
from commissary.tenancy.types import Actor

_TOPUPS = frozenset({"topup", "membership"})


async def create_sku(env: Env, actor: Actor, draft: SkuDraft, *, id: int | None = None) -> Sku:
    """A draft; nobody can buy it yet. `id`: of the SKU in another mall that this one mirrors. Refuses `sku_code_taken`, `bundle_is_nested`, `not_found` (product, parts)."""
    async with env.db.transaction(actor.mall_id) as tx:
        return await create_in(tx, env, actor, draft, id=id)


async def create_in(tx: db.Tx, env: Env, actor: Actor, draft: SkuDraft, *, id: int | None = None) -> Sku:
    """`create_sku` in the caller's transaction, which a refusal for a number that is taken ends."""
    tenancy.require(actor, "catalog.write")
    _check(draft)
    mall, at, sku_id = actor.mall_id, env.now(actor.mall_id), id or env.ids.new()
    await _check_product(tx, mall, draft.product_id)
    parts = await lock_skus(tx, mall, sorted(c.sku_id for c in draft.components))
    _check_parts(draft, parts)
    try:
        await insert_sku(tx, mall, sku_id, draft, at)
    except psycopg.errors.UniqueViolation:
        raise Refused(CatalogRefusal.sku_code_taken) from None
    await snapshot(tx, mall, [sku_id], at)
    await tenancy.audit(tx, env, actor, "sku.create", f"sku:{sku_id}", None, _shown(draft))
    await tenancy.raise_epoch(tx, mall)
    return (await get_skus(tx, mall, [sku_id]))[sku_id]


async def edit_sku(env: Env, actor: Actor, sku_id: int, version: int, changes: Mapping[str, Any]) -> Sku:
    """What is not in `changes` stays. A listed SKU (or a part of a listed bundle) is judged again: an edit cannot make
    it what could not be listed.

    Refuses `conflict` when `version` is not the present one, `sku_is_deleted`, `kind_is_fixed`, `listing_incomplete`,
    `listing_forbidden`, and what `create_sku` refuses.
    """
    async with env.db.transaction(actor.mall_id) as tx:
        return await edit_in(tx, env, actor, sku_id, version, changes)


async def edit_in(
    tx: db.Tx, env: Env, actor: Actor, sku_id: int, version: int, changes: Mapping[str, Any]
) -> Sku:
    """`edit_sku` in the caller's transaction, which a refusal for a number that is taken ends."""
    tenancy.require(actor, "catalog.write")
    if unknown := set(changes) - set(SkuDraft.__struct_fields__):
        faults = [FieldFault(name, "is not a field of a SKU / 没有此字段") for name in sorted(unknown)]
        raise Refused(RequestRefusal.invalid_request, fields=faults)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    wanted_parts = [c.sku_id for c in changes.get("components", ())]
    old, locked = await lock_sku(tx, mall, sku_id, wanted_parts)
    _check_present(old, version)
    new = msgspec.structs.replace(old, **changes, updated_at=at)
    _check(new)
    if old.status != "draft" and (new.kind, new.case_sensitive) != (old.kind, old.case_sensitive):
        raise Refused(CatalogRefusal.kind_is_fixed)
    if new.product_id != old.product_id:
        await _check_product(tx, mall, new.product_id)
    _check_parts(new, {i: sku for i, sku in locked.items() if i != sku_id})
    bundles = await db.rows(tx, Q.bundles_of, {"mall": mall, "id": sku_id})
    if bundles and new.kind == "bundle":
        raise Refused(CatalogRefusal.bundle_is_nested)
    if new.status == "listed" or any(status == "listed" for _, status in bundles):
        await _judge(tx, mall, new, locked, at)
    return await _save(tx, env, actor, "sku.edit", old, new)


async def list_sku(env: Env, actor: Actor, sku_id: int, version: int) -> Sku:
    """上架: from now on buyers can order it. Refuses `listing_incomplete` (naming the fields), `listing_forbidden` (naming
    the rules), `conflict`, `sku_is_deleted`."""
    tenancy.require(actor, "catalog.write")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        old, locked = await lock_sku(tx, mall, sku_id)
        _check_present(old, version)
        await _judge(tx, mall, old, locked, at)
        new = msgspec.structs.replace(old, status="listed", updated_at=at)
        return await _save(tx, env, actor, "sku.list", old, new)


async def delist_sku(env: Env, actor: Actor, sku_id: int) -> Sku:
    """下架, whatever version is shown: taking goods off sale must not wait for a reload. Again is no error."""
    return await _end(env, actor, sku_id, "delisted", "sku.delist")


async def delete_sku(env: Env, actor: Actor, sku_id: int) -> Sku:
    """Out of all lists for good; orders and snapshots stay. Refuses `sku_is_listed`, `part_of_bundle`."""
    return await _end(env, actor, sku_id, "deleted", "sku.delete")


async def delete_in(tx: db.Tx, env: Env, actor: Actor, sku_id: int) -> Sku:
    """`delete_sku` in the caller's transaction."""
    return await _end_in(tx, env, actor, sku_id, "deleted", "sku.delete")


async def get_sku(env: Env, actor: Actor, sku_id: int) -> Sku:
    """Refuses `not_found`."""
    tenancy.require(actor, "catalog.read")
    async with env.db.transaction(actor.mall_id) as tx:
        found = await get_skus(tx, actor.mall_id, [sku_id])
    if sku_id not in found:
        raise Refused(RequestRefusal.not_found)
    return found[sku_id]


async def list_skus(
    env: Env,
    actor: Actor,
    *,
    product_id: int | None = None,
    status: Status | None = None,
    search: str | None = None,
    after: int = 0,
    size: int = 50,
) -> list[Sku]:
    """By id, without deleted ones unless asked for; `search` is part of the article number or a name."""
    tenancy.require(actor, "catalog.read")
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        return await find_skus(
            tx, mall, product_id=product_id, status=status, search=search, after=after, size=size
        )


async def _end(env: Env, actor: Actor, sku_id: int, status: Status, action: str) -> Sku:
    async with env.db.transaction(actor.mall_id) as tx:
        return await _end_in(tx, env, actor, sku_id, status, action)


async def _end_in(tx: db.Tx, env: Env, actor: Actor, sku_id: int, status: Status, action: str) -> Sku:
    tenancy.require(actor, "catalog.write")
    mall = actor.mall_id
    old, _ = await lock_sku(tx, mall, sku_id)
    if old.status == status:
        return old
    if old.status == "deleted":
        raise Refused(CatalogRefusal.sku_is_deleted)
    if status == "deleted" and old.status == "listed":
        raise Refused(CatalogRefusal.sku_is_listed)
    if status == "deleted" and await db.rows(tx, Q.bundles_of, {"mall": mall, "id": sku_id}):
        raise Refused(CatalogRefusal.part_of_bundle)
    new = msgspec.structs.replace(old, status=status, updated_at=env.now(mall))
    return await _save(tx, env, actor, action, old, new)


async def _save(tx: db.Tx, env: Env, actor: Actor, action: str, old: Sku, new: Sku) -> Sku:
    mall = actor.mall_id
    try:
        if not await update_sku(tx, mall, old, new):
            raise Refused(RequestRefusal.conflict)
    except psycopg.errors.UniqueViolation:
        raise Refused(CatalogRefusal.sku_code_taken) from None
    await snapshot(tx, mall, [old.id], new.updated_at)
    before, after = _shown(old), _shown(new)
    changed = {k for k in before if before[k] != after[k]} | {"status"}
    await tenancy.audit(
        tx,
        env,
        actor,
        action,
        f"sku:{old.id}",
        {k: before[k] for k in changed},
        {k: after[k] for k in changed},
    )
    await tenancy.raise_epoch(tx, mall)
    return msgspec.structs.replace(new, version=old.version + 1)


async def _judge(tx: db.Tx, mall: int, sku: Sku, parts: Mapping[int, Sku], at: datetime) -> None:
    """Raises what forbids listing `sku`, or a part of it."""
    limits = await load_limits(tx, mall)
    name = await db.row(tx, Q.mall_name, {"mall": mall})
    house = str(name[0]) if name else ""
    faults = _judged(sku, limits, at, house)
    for i, component in enumerate(sku.components):
        part = parts[component.sku_id]
        found = _judged(part, limits, at, house)
        faults += [msgspec.structs.replace(f, path=f"components[{i}].{f.path}") for f in found]
    if not faults:
        return
    incomplete = all(f.reason == "incomplete" for f in faults)
    raise Refused(
        CatalogRefusal.listing_incomplete if incomplete else CatalogRefusal.listing_forbidden,
        fields=[FieldFault(f.path, f"{f.en} / {f.zh}") for f in faults],
        reasons=sorted({f.reason for f in faults}),
    )


def _judged(sku: Sku, limits: Sequence[Limit], at: datetime, house: str) -> list[ListingFault]:
    return judge_listing(sku, limits, at, issued_by_mall=sku.issuer == house)


def _check_present(sku: Sku, version: int) -> None:
    if sku.status == "deleted":
        raise Refused(CatalogRefusal.sku_is_deleted)
    if sku.version != version:
        raise Refused(RequestRefusal.conflict, version=sku.version)


async def _check_product(tx: db.Tx, mall: int, product_id: int) -> None:
    if await db.row(tx, Q.product_exists, {"mall": mall, "id": product_id}) is None:
        raise Refused(RequestRefusal.not_found, product_id=str(product_id))


def _check_parts(draft: SkuDraft, parts: Mapping[int, Sku]) -> None:
    for component in draft.components:
        part = parts.get(component.sku_id)
        if part is None or part.status == "deleted":
            raise Refused(RequestRefusal.not_found, sku_id=str(component.sku_id))
        if part.kind == "bundle":
            raise Refused(CatalogRefusal.bundle_is_nested)


def _check(draft: SkuDraft) -> None:
    if faults := form_faults(draft):
        raise Refused(RequestRefusal.invalid_request, fields=faults)


def form_faults(draft: SkuDraft) -> list[FieldFault]:
    """What is wrong with the form of a draft: everything that needs no database. All faults at once."""
    faults = check_specs(draft.fields)

    def fault(wrong: bool, path: str, message: str) -> None:
        if wrong:
            faults.append(FieldFault(path, message))

    fault(not 1 <= len(draft.code.strip()) <= 80, "code", "1 to 80 characters / 货号为 1–80 个字符")
    for path in ("name_zh", "name_en"):
        name = getattr(draft, path)
        fault(not 1 <= len(name.strip()) <= 200, path, "1 to 200 characters / 名称为 1–200 个字符")
    value, currency = draft.face_value_e4, draft.face_currency
    fault(value is not None and not 0 < value <= 10**13, "face_value_e4", "must be positive / 面值必须为正数")
    fault(
        (value is None) != (currency is None),
        "face_currency",
        "goes with a face value / 面值与币种须同时填写",
    )
    fault(not 1 <= draft.max_quantity <= 1_000_000, "max_quantity", "1 to 1,000,000 / 单次限购为 1–1000000")
    for path in ("validity_days", "period_months"):
        number = getattr(draft, path)
        fault(number is not None and not 0 < number <= 36_500, path, "must be positive / 必须为正数")
    fault(
        draft.period_months is not None and draft.period_months > 1200,
        "period_months",
        "at most 1200 / 不超过 1200",
    )
    low = draft.low_stock
    fault(low is not None and not 0 <= low < 2**31, "low_stock", "must not be negative / 不能为负数")
    digest = draft.issuer_licence_sha256
    fault(
        digest is not None and len(digest) != 32,
        "issuer_licence_sha256",
        "32 bytes of SHA-256 / 须为 SHA-256 摘要",
    )
    bundle, ids = draft.kind == "bundle", [c.sku_id for c in draft.components]
    fault(
        bundle != bool(ids),
        "components",
        "a bundle has parts, nothing else does / 仅组合商品可包含且必须包含组件",
    )
    fault(
        len(ids) > MAX_COMPONENTS,
        "components",
        f"at most {MAX_COMPONENTS} parts / 最多 {MAX_COMPONENTS} 个组件",
    )
    fault(
        len(set(ids)) < len(ids),
        "components",
        "a part stands twice; raise its quantity / 组件重复，请调整数量",
    )
    for i, component in enumerate(draft.components):
        fault(not 1 <= component.quantity <= 100, f"components[{i}].quantity", "1 to 100 / 数量为 1–100")
    asks = bool(draft.fields)
    fault(
        asks and draft.kind not in _TOPUPS,
        "fields",
        "only a top-up asks for input / 仅直充类商品可设置充值字段",
    )
    return faults


def _shown(draft: SkuDraft) -> dict[str, Any]:
    row = {
        name: getattr(draft, name)
        for name in draft.__struct_fields__
        if name not in ("updated_at", "version")
    }
    return dict(msgspec.to_builtins(row))
