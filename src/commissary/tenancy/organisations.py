"""Companies inside a mall: the mall's own, buyers, suppliers, enterprises; departments hang below by `parent_id`."""

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home
from commissary.tenancy.audit import audit, raise_epoch
from commissary.tenancy.roles import allows, require, require_for
from commissary.tenancy.types import (
    Actor,
    Organisation,
    OrganisationKind,
    OrganisationStatus,
    TenancyRefusal,
)

Q = sql.load(__package__)


async def add_organisation(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    *,
    kind: OrganisationKind,
    name: str,
    parent_id: int | None = None,
    id: int | None = None,
) -> Organisation:
    """In the caller's transaction: a partner and its company are one act. Lives in the mall's first home."""
    require(actor, "partners.write")
    mall, at = actor.mall_id, env.now(actor.mall_id)
    if parent_id is not None:
        await get_organisation(tx, mall, parent_id)
    made = Organisation(id or env.ids.new(), kind, name, parent_id, home(mall), "active", at)
    facts = {"mall": mall, "id": made.id, "kind": kind, "name": name, "parent": parent_id}
    await db.run(tx, Q.add_organisation, facts | {"home": made.home_id, "at": at})
    after = {"kind": kind, "name": name, "parent_id": str(parent_id) if parent_id else None}
    await audit(tx, env, actor, "organisation.add", f"organisation:{made.id}", None, after)
    return made


async def set_organisation(
    tx: db.Tx,
    env: Env,
    actor: Actor,
    organisation_id: int,
    *,
    name: str | None = None,
    status: OrganisationStatus | None = None,
) -> Organisation:
    """Rename, suspend, close or let in again. Its keys stop (or work) within a second, in every process.

    Refuses `mall_organisation`, `not_found`.
    """
    require(actor, "partners.write")
    mall = actor.mall_id
    found = await db.row(tx, Q.lock_organisation, {"mall": mall, "id": organisation_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    old = Organisation(*found)
    if old.kind == "mall" and status not in (None, "active"):
        raise Refused(TenancyRefusal.mall_organisation)
    new_name, new_status = name or old.name, status or old.status
    await db.run(
        tx,
        Q.set_organisation,
        {"mall": mall, "id": organisation_id, "name": new_name, "status": new_status},
    )
    before, after = {"name": old.name, "status": old.status}, {"name": new_name, "status": new_status}
    await audit(tx, env, actor, "organisation.set", f"organisation:{organisation_id}", before, after)
    await raise_epoch(tx, mall)
    return Organisation(old.id, old.kind, new_name, old.parent_id, old.home_id, new_status, old.created_at)


async def get_organisation(tx: db.Tx, mall: int, organisation_id: int) -> Organisation:
    """Refuses `not_found`, also for another mall's."""
    found = await db.row(tx, Q.organisation, {"mall": mall, "id": organisation_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    return Organisation(*found)


async def list_organisations(
    env: Env, actor: Actor, *, kind: OrganisationKind | None = None, after: int = 0, size: int = 50
) -> list[Organisation]:
    """By id; a partner's people see their own only."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        if not allows(actor, "partners.read"):
            require_for(actor, "people.write", actor.organisation_id)
            own = await get_organisation(tx, mall, actor.organisation_id)
            return [own] if own.id > after and kind in (None, own.kind) else []
        facts = {"mall": mall, "kind": kind, "after": after, "size": size}
        return [Organisation(*r) for r in await db.rows(tx, Q.list_organisations, facts)]
