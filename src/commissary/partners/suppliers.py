"""Suppliers: companies the mall buys from. Their offers, connectors and bills are other domains'."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid, unchanged
from commissary.base.home import home
from commissary.base.outbox import publish
from commissary.partners import screening, standing, terms
from commissary.partners.types import Company, Supplier, Terms
from commissary.tenancy.types import SUPPLIER_SCOPES, Actor, KeyView, OrganisationStatus

Q = sql.load(__package__)
PAPERS = sql.load(__package__, "papers.sql")

PURPOSE = "supplier-owners"
OWNERS_MAX = 50


async def add_supplier(
    env: Env, actor: Actor, *, name: str, settlement_days: int = 0, id: int | None = None
) -> Supplier:
    """Of grade X, and bought from by nobody, until its papers are accepted. Its name is looked up at once."""
    tenancy.require(actor, "partners.write")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        made = await tenancy.add_organisation(tx, env, actor, kind="supplier", name=_name(name), id=id)
        new = Supplier(made.id, made.name, made.status, "X", settlement_days, made.created_at)
        await db.run(tx, Q.add_supplier, {"mall": mall, "id": new.id, "at": at})
        told = {"name": new.name, "settlement_days": settlement_days}
        await tenancy.audit(tx, env, actor, "supplier.add", f"supplier:{new.id}", None, told)
        await _agree(tx, env, actor, new.id, settlement_days)
        await screening.set_names(tx, env, mall, new.id, [new.name])
        await publish(tx, home(mall), await standing.compute(tx, mall, new.id, at), at)
    await screening.screen(env, mall, at)
    return new


async def edit_supplier(
    env: Env,
    actor: Actor,
    supplier_id: int,
    *,
    name: str | None = None,
    status: OrganisationStatus | None = None,
    settlement_days: int | None = None,
) -> Supplier:
    """What is not given stays. Its grade is nobody's to set: it follows from its letters."""
    tenancy.require(actor, "partners.write")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        await standing.hold(tx, mall, supplier_id)
        old = await _one(tx, env, mall, supplier_id)
        if settlement_days is not None and settlement_days != old.settlement_days:
            await _agree(tx, env, actor, supplier_id, settlement_days)
        await db.run(tx, Q.touch_supplier, {"mall": mall, "id": supplier_id, "at": at})
        await tenancy.audit(
            tx,
            env,
            actor,
            "supplier.edit",
            f"supplier:{supplier_id}",
            {"name": old.name, "status": old.status, "settlement_days": old.settlement_days},
            {
                "name": name or old.name,
                "status": status or old.status,
                "settlement_days": old.settlement_days if settlement_days is None else settlement_days,
            },
        )
        if name is not None or status is not None:
            given = None if name is None else _name(name)
            await tenancy.set_organisation(tx, env, actor, supplier_id, name=given, status=status)
        if name is not None:
            await _name_anew(tx, env, mall, supplier_id)
            await publish(tx, home(mall), await standing.compute(tx, mall, supplier_id, at), at)
        new = await _one(tx, env, mall, supplier_id)
    if name is not None:
        await screening.screen(env, mall, at)
    return new


async def set_company(
    env: Env,
    actor: Actor,
    supplier_id: int,
    *,
    legal_name: str,
    country: str,
    registration_no: str = "",
    owners: Sequence[str] | None = None,
    version: int | None = None,
) -> Company:
    """Who it is in law. `owners`: the people who own and control it, sealed; None keeps those on file. Papers are held
    against the legal name, and all names are looked up at once. Refuses `conflict` when `version` is given and not the
    present one."""
    tenancy.require(actor, "partners.write")
    if owners is not None and (
        len(owners) > OWNERS_MAX or any(not 1 <= len(o.strip()) <= 100 for o in owners)
    ):
        raise invalid("owners", f"at most {OWNERS_MAX} names of 1 to 100 characters / 受益所有人姓名不合要求")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    of = {"mall": mall, "supplier": supplier_id}
    async with env.db.transaction(mall) as tx:
        await standing.hold(tx, mall, supplier_id)
        found = await db.row(tx, PAPERS.company, of)
        assert found is not None
        old = Company(*found)
        unchanged(version, old.version)
        named = await _owners(tx, env, mall, supplier_id) if owners is None else [o.strip() for o in owners]
        place = str(supplier_id).encode()
        sealed = env.keys.seal_field(mall, PURPOSE, msgspec.json.encode(named), place) if named else None
        lawful = (_name(legal_name), registration_no.strip(), country)
        new = Company(supplier_id, *lawful, len(named), old.version + 1)
        row = msgspec.structs.asdict(new) | of | {"owners": sealed, "at": at}
        await db.run(tx, PAPERS.set_company, row)
        before, after = (_company_shown(c) for c in (old, new))
        if owners is not None:
            after["owners"] = "set"
        await tenancy.audit(tx, env, actor, "supplier.set_company", f"supplier:{supplier_id}", before, after)
        await _name_anew(tx, env, mall, supplier_id)
        await publish(tx, home(mall), await standing.compute(tx, mall, supplier_id, at), at)
    await screening.screen(env, mall, at)
    return new


async def issue_supplier_key(
    env: Env,
    actor: Actor,
    supplier_id: int,
    *,
    name: str,
    scopes: Sequence[str],
    ip_allow: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[KeyView, str]:
    """For a supplier's programs; it spends from no account. See `tenancy.issue_key`."""
    tenancy.require_for(actor, "keys.write", supplier_id)
    if not set(scopes) <= set(SUPPLIER_SCOPES):
        raise invalid("scopes", f"of {', '.join(SUPPLIER_SCOPES)} / 供应商密钥仅限上述权限")
    async with env.db.transaction(actor.mall_id) as tx:
        await _one(tx, env, actor.mall_id, supplier_id)
    return await tenancy.issue_key(
        env,
        actor,
        organisation_id=supplier_id,
        account_id=0,
        name=name,
        scopes=scopes,
        ip_allow=ip_allow,
        expires_at=expires_at,
    )


async def list_suppliers(env: Env, actor: Actor, *, after: int = 0, size: int = 50) -> list[Supplier]:
    """By id. `grade` is the best over a supplier's brands; whoever buys asks for the brand's own."""
    tenancy.require(actor, "partners.read")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        facts = {"mall": mall, "id": None, "after": after, "size": size, "at": at}
        return [Supplier(*r) for r in await db.rows(tx, Q.list_suppliers, facts)]


async def _one(tx: db.Tx, env: Env, mall: int, supplier_id: int) -> Supplier:
    facts = {"mall": mall, "id": supplier_id, "after": 0, "size": 1, "at": env.now(mall)}
    found = await db.row(tx, Q.list_suppliers, facts)
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Supplier(*found)


async def _agree(tx: db.Tx, env: Env, actor: Actor, supplier_id: int, settlement_days: int) -> None:
    """The days from today on; the rest of the terms stays."""
    mall, at = actor.mall_id, env.now(actor.mall_id)
    facts = await standing.mall_facts(tx, mall)
    today = at.astimezone(facts.zone).date()
    now = await terms.terms_at(tx, mall, supplier_id, at) or Terms(
        supplier_id, today, None, 0, 0, 0, facts.currency
    )
    new = msgspec.structs.replace(now, valid_from=today, settlement_days=settlement_days)
    await terms.write(tx, env, actor, new)


async def _name_anew(tx: db.Tx, env: Env, mall: int, supplier_id: int) -> None:
    held = await standing.hold(tx, mall, supplier_id)
    owners = await _owners(tx, env, mall, supplier_id)
    await screening.set_names(tx, env, mall, supplier_id, [held.name, held.legal_name, *owners])


async def _owners(tx: db.Tx, env: Env, mall: int, supplier_id: int) -> list[str]:
    found = await db.row(tx, PAPERS.owners, {"mall": mall, "supplier": supplier_id})
    if found is None or found[0] is None:
        return []
    clear = env.keys.open_field(mall, PURPOSE, bytes(found[0]), str(supplier_id).encode())
    return msgspec.json.decode(clear, type=list[str])


def _company_shown(one: Company) -> dict[str, Any]:
    shown = msgspec.structs.asdict(one) | {"supplier_id": str(one.supplier_id)}
    del shown["version"]
    return shown


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= 200:
        raise invalid("name", "1 to 200 characters / 名称为 1–200 个字符")
    return name.strip()
