"""Jobs as people see them."""

from datetime import datetime
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.jobs.types import JobRefusal, JobState
from commissary.tenancy.types import Actor

Q = sql.load(__package__)
ID_MAX = 2**63 - 1


class JobView(msgspec.Struct, frozen=True):
    """`done` of `total` `unit`s; no total while it is not known."""

    id: int
    kind: str
    state: JobState
    done: int
    total: int | None
    unit: str
    result: Any
    error: str
    cancel_asked: bool
    attempts: int
    created_by: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


async def list_jobs(
    env: Env,
    actor: Actor,
    *,
    kind: str | None = None,
    state: JobState | None = None,
    before: int = ID_MAX,
    size: int = 50,
) -> list[JobView]:
    """Newest first."""
    tenancy.require(actor, "jobs.read")
    facts = {"kind": kind, "state": state, "before": before, "size": size, "id": None}
    return await _read(env, actor, facts)


async def get_job(env: Env, actor: Actor, job_id: int) -> JobView:
    """Refuses `job_not_found`."""
    tenancy.require(actor, "jobs.read")
    facts = {"kind": None, "state": None, "before": ID_MAX, "size": 1, "id": job_id}
    found = await _read(env, actor, facts)
    if not found:
        raise Refused(JobRefusal.job_not_found)
    return found[0]


async def get_own_job(env: Env, actor: Actor, kind: str, job_id: int) -> JobView:
    """One of that kind that he asked for himself, whatever he may see of others'. Refuses `job_not_found`."""
    facts = {"kind": kind, "state": None, "before": ID_MAX, "size": 1, "id": job_id}
    found = [j for j in await _read(env, actor, facts) if j.created_by == f"{actor.kind}:{actor.id}"]
    if not found:
        raise Refused(JobRefusal.job_not_found)
    return found[0]


async def cancel_own_job(env: Env, actor: Actor, kind: str, job_id: int) -> JobView:
    """As `cancel_job`, of what `get_own_job` finds."""
    await get_own_job(env, actor, kind, job_id)
    touched = await _cancel(env, actor, job_id)
    view = await get_own_job(env, actor, kind, job_id)
    if not touched:
        raise Refused(JobRefusal.job_has_ended, state=view.state)
    return view


async def cancel_job(env: Env, actor: Actor, job_id: int) -> JobView:
    """A queued one ends now, a running one at its next progress. Refuses `job_has_ended`."""
    tenancy.require(actor, "jobs.write")
    touched = await _cancel(env, actor, job_id)
    view = await get_job(env, actor, job_id)
    if not touched:
        raise Refused(JobRefusal.job_has_ended, state=view.state)
    return view


async def _cancel(env: Env, actor: Actor, job_id: int) -> bool:
    async with env.db.transaction(actor.mall_id) as tx:
        facts = {"mall": actor.mall_id, "id": job_id, "now": env.now(actor.mall_id)}
        touched = await db.row(tx, Q.cancel, facts)
        if touched:
            state = touched[0]
            before = {"state": "queued" if state == "cancelled" else state}
            after = {"state": state, "cancel_asked": True}
            await tenancy.audit(tx, env, actor, "job.cancel", f"job:{job_id}", before, after)
    return touched is not None


async def _read(env: Env, actor: Actor, facts: dict[str, Any]) -> list[JobView]:
    async with env.db.transaction(actor.mall_id) as tx:
        found = await db.rows(tx, Q.jobs, facts | {"mall": actor.mall_id})
    return [JobView(r[0], r[1], JobState(r[2]), *r[3:]) for r in found]
