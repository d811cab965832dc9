"""Where somebody is signed in, and its end: his own sessions, or a member's that the owner ends."""

from typing import Any

from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.tenancy.audit import audit
from commissary.tenancy.factors import end_others
from commissary.tenancy.proof import of_session, require_proof
from commissary.tenancy.roles import allows, permissions_of, require
from commissary.tenancy.sessions import IDLE
from commissary.tenancy.types import Actor, Device, TenancyRefusal

Q = sql.load(__package__)
F = sql.load(__package__, "factors.sql")


async def list_devices(env: Env, actor: Actor) -> list[Device]:
    """One's own, latest used first."""
    now = env.now(actor.mall_id)
    params = {"mall": actor.mall_id, "person": int(actor.id), "current": of_session(actor).session}
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, F.devices, params | {"now": now, "idle_since": now - IDLE})
    return [Device(*r) for r in found]


async def end_device(env: Env, actor: Actor, device_id: str) -> None:
    """One of one's own. Refuses `not_found`."""
    of_session(actor)
    params: dict[str, Any] = {"mall": actor.mall_id, "person": int(actor.id), "id": device_id}
    async with env.db.transaction(actor.mall_id) as tx:
        if not await db.run(tx, F.end_device, params | {"now": env.now(actor.mall_id)}):
            raise Refused(RequestRefusal.not_found)
        await audit(tx, env, actor, "session.end", f"person:{actor.id}", {"session": device_id}, None)


async def end_other_devices(env: Env, actor: Actor) -> int:
    """All of one's own but this one; how many."""
    async with env.db.transaction(actor.mall_id) as tx:
        ended = await end_others(tx, env, actor)
        await audit(tx, env, actor, "session.end_others", f"person:{actor.id}", None, {"ended": ended})
    return ended


async def end_sessions_of(env: Env, actor: Actor, person_id: int) -> int:
    """A member's, at once; how many. Refuses `step_up_required`, `not_found`."""
    require(actor, "people.write")
    require_proof(env, actor)
    async with env.db.transaction(actor.mall_id) as tx:
        await _lower(tx, actor, person_id)
        ended = await _end(tx, env, actor, person_id)
        await audit(tx, env, actor, "person.end_sessions", f"person:{person_id}", None, {"ended": ended})
    return ended


async def reset_factors(env: Env, actor: Actor, person_id: int, reason: str) -> None:
    """A member has lost what he signs in with: his factors and recovery codes are gone, his sessions end, and his
    password alone lets him in until he enrols anew. Refuses `step_up_required`, `not_found`."""
    require(actor, "people.write")
    require_proof(env, actor)
    key = {"mall": actor.mall_id, "person": person_id}
    async with env.db.transaction(actor.mall_id) as tx:
        await _lower(tx, actor, person_id)
        await db.run(tx, F.lock_person, key)
        held = await db.row(tx, F.factors, key)
        assert held is not None
        before = {"totp": held[0] is not None, "recovery_codes": held[1], "passkeys": held[2]}
        for query in (F.drop_any_totp, F.drop_passkeys, F.drop_recovery_codes):
            await db.run(tx, query, key)
        ended = await _end(tx, env, actor, person_id)
        after = {"reason": reason, "ended": ended}
        await audit(tx, env, actor, "person.reset_factors", f"person:{person_id}", before, after)


async def _lower(tx: db.Tx, actor: Actor, person_id: int) -> None:
    """Nobody ends the sessions of who may more than he. Refuses `not_found`, `forbidden`."""
    found = await db.rows(tx, F.roles_of, {"mall": actor.mall_id, "person": person_id})
    if not found:
        raise Refused(RequestRefusal.not_found)
    for (role,) in found:
        staff = [p for p in permissions_of(role) if not p.startswith("own.")] if role else []
        if not all(allows(actor, p) for p in staff):
            raise Refused(TenancyRefusal.forbidden, role=role)


async def _end(tx: db.Tx, env: Env, actor: Actor, person_id: int) -> int:
    """His own present session stays, if it is he himself."""
    key = {"mall": actor.mall_id, "person": person_id}
    await db.run(tx, F.end_pendings_of, key)
    keep = actor.proof.session if actor.proof is not None and int(actor.id) == person_id else None
    return await db.run(tx, Q.end_sessions_of, key | {"now": env.now(actor.mall_id), "keep": keep})
