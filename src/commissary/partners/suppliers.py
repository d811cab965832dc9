"""Suppliers: companies the mall buys from. Their offers, connectors and bills are other domains'."""

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.partners.types import Grade, Supplier
from commissary.tenancy.types import Actor, OrganisationStatus

Q = sql.load(__package__)


async def add_supplier(
    env: Env, actor: Actor, *, name: str, grade: Grade = "X", settlement_days: int = 0, id: int | None = None
) -> Supplier:
    """Grade X (origin unknown) until somebody has seen the papers."""
    tenancy.require(actor, "partners.write")
    mall = actor.mall_id
    if not 1 <= len(name.strip()) <= 200:
        raise invalid("name", "1 to 200 characters / 名称为 1–200 个字符")
    _check_days(settlement_days)
    async with env.db.transaction(mall) as tx:
        made = await tenancy.add_organisation(tx, env, actor, kind="supplier", name=name.strip(), id=id)
        new = Supplier(made.id, made.name, made.status, grade, settlement_days, made.created_at)
        await db.run(tx, Q.add_supplier, _row(mall, new))
        await tenancy.audit(tx, env, actor, "supplier.add", f"supplier:{new.id}", None, _shown(new))
    return new


async def edit_supplier(
    env: Env,
    actor: Actor,
    supplier_id: int,
    *,
    name: str | None = None,
    status: OrganisationStatus | None = None,
    grade: Grade | None = None,
    settlement_days: int | None = None,
) -> Supplier:
    """What is not given stays."""
    tenancy.require(actor, "partners.write")
    if settlement_days is not None:
        _check_days(settlement_days)
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await db.row(tx, Q.lock_supplier, {"mall": mall, "id": supplier_id})
        if found is None:
            raise Refused(RequestRefusal.not_found)
        old = Supplier(*found)
        new = msgspec.structs.replace(
            old,
            grade=grade or old.grade,
            settlement_days=old.settlement_days if settlement_days is None else settlement_days,
            updated_at=env.now(mall),
        )
        await db.run(tx, Q.set_supplier, _row(mall, new))
        await tenancy.audit(tx, env, actor, "supplier.edit", f"supplier:{old.id}", _shown(old), _shown(new))
        if name is not None or status is not None:
            company = await tenancy.set_organisation(tx, env, actor, supplier_id, name=name, status=status)
            new = msgspec.structs.replace(new, name=company.name, status=company.status)
    return new


async def list_suppliers(env: Env, actor: Actor, *, after: int = 0, size: int = 50) -> list[Supplier]:
    """By id."""
    tenancy.require(actor, "partners.read")
    facts = {"mall": actor.mall_id, "after": after, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        return [Supplier(*r) for r in await db.rows(tx, Q.list_suppliers, facts)]


def _check_days(days: int) -> None:
    if not 0 <= days <= 180:
        raise invalid("settlement_days", "0 to 180 days / 账期为 0–180 天")


def _row(mall: int, supplier: Supplier) -> dict[str, object]:
    return {
        "mall": mall,
        "id": supplier.id,
        "grade": supplier.grade,
        "settlement_days": supplier.settlement_days,
        "at": supplier.updated_at,
    }


def _shown(supplier: Supplier) -> dict[str, object]:
    return {"name": supplier.name, "grade": supplier.grade, "settlement_days": supplier.settlement_days}
