"""From a live mall into its sandbox, the shadow mall: the same person, with the rights his live role gives him now.

A session stays a live one: whoever is suspended, signed out or demoted is so in the sandbox at the same moment. Nothing leads
the other way: a sandbox's own session or key opens no live mall.
"""

import msgspec

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.tenancy.types import Actor, Mall, TenancyRefusal

Q = sql.load(__package__)


async def is_shadow(tx: db.Tx, mall: int) -> bool:
    found = await db.row(tx, Q.is_shadow, {"mall": mall})
    return bool(found and found[0])


async def sandbox_of(env: Env, live: int) -> Mall | None:
    """Its open shadow mall; None: it has none, or is one itself."""
    known = next((shadow for shadow, of in env.shadows.items() if of == live), None)
    async with env.db.transaction(known) as tx:
        found = (
            await db.rows(tx, Q.open_malls) if known is None else await db.rows(tx, Q.mall, {"mall": known})
        )
    malls = [Mall(*r) for r in found]
    return next((m for m in malls if m.shadow_of == live and m.status == "open"), None)


async def in_sandbox(env: Env, actor: Actor) -> Actor:
    """Him, in the sandbox of his mall: its own staff for its own organisation there, a partner's for the partner's. Refuses
    `no_sandbox`."""
    shadow = await sandbox_of(env, actor.mall_id)
    if shadow is None:
        raise Refused(TenancyRefusal.no_sandbox)
    env.shadows[shadow.id] = actor.mall_id
    env.offsets.setdefault(shadow.id, shadow.clock_offset_s)
    async with env.db.transaction(actor.mall_id) as tx:
        here = await db.row(tx, Q.own_organisation, {"mall": actor.mall_id})
    async with env.db.transaction(shadow.id) as tx:
        there = await db.row(tx, Q.own_organisation, {"mall": shadow.id})
    assert here is not None
    assert there is not None
    organisation = there[0] if actor.organisation_id == here[0] else actor.organisation_id
    return msgspec.structs.replace(actor, mall_id=shadow.id, organisation_id=organisation)


async def admit(env: Env, actor: Actor) -> Actor:
    """Known in the sandbox from now on, under the same id; he gets in by his live session alone. His organisation must be
    there. Refuses `no_sandbox`, `not_in_sandbox`."""
    there = await in_sandbox(env, actor)
    facts = {"mall": actor.mall_id, "organisation": actor.organisation_id, "person": int(actor.id)}
    async with env.db.transaction(actor.mall_id) as tx:
        person = await db.row(tx, Q.person, facts)
    if person is None:
        raise Refused(TenancyRefusal.not_signed_in)
    told: dict[str, object] = {
        "mall": there.mall_id,
        "organisation": there.organisation_id,
        "id": int(actor.id),
    }
    told |= {"email": person[1], "name": person[2], "role": person[5], "at": env.now(there.mall_id)}
    async with env.db.transaction(there.mall_id) as tx:
        await db.run(tx, Q.admit_person, told)
        if not await db.run(tx, Q.admit_member, told):
            raise Refused(TenancyRefusal.not_in_sandbox)
    return there


async def acting_there(env: Env, actor: Actor) -> Actor:
    """In a session that was switched to the sandbox. Refuses `no_sandbox`, `not_in_sandbox` for who never switched."""
    there = await in_sandbox(env, actor)
    told = {"mall": there.mall_id, "organisation": there.organisation_id, "id": int(actor.id)}
    async with env.db.transaction(there.mall_id) as tx:
        if await db.row(tx, Q.is_member, told) is None:
            raise Refused(TenancyRefusal.not_in_sandbox)
    return there
