"""All that ended and matches a filter, sent again by a job: however many, each once.

Some at a time go back into the queue, oldest first, in the transaction that says how far the job is. Killed anywhere it goes on
behind the last of them; cancelled, what it queued by then is sent and the rest is left. What ends after it was asked for was not
counted and is left too: else what it queued itself might match again.
"""

from typing import Any

import msgspec

from commissary import jobs, tenancy
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.notify.deliveries import Ended, count_in, replay_in, whose
from commissary.tenancy.types import Actor

JOB = "notify.resend"
CHUNK = 500


async def begin_resend(env: Env, actor: Actor, wanted: Ended) -> tuple[int, int]:
    """The job, and how many it is about. Refuses to send everything again."""
    organisation = whose(actor)
    if wanted.is_everything():
        raise invalid("state", "say which: at least one filter / 请至少指定一个筛选条件")
    mall, now = actor.mall_id, env.now(actor.mall_id)
    wanted = msgspec.structs.replace(wanted, ended_by=now)
    told = msgspec.to_builtins(wanted)
    async with env.db.transaction(mall) as tx:
        total = await count_in(tx, mall, organisation, wanted)
        payload = {"wanted": told, "organisation": organisation}
        by = f"{actor.kind}:{actor.id}"
        job = await jobs.defer(tx, env, mall, JOB, payload, by=by, unit="messages", total=total)
        said = {name: str(value) for name, value in told.items() if value is not None}
        after = {"total": total, "filter": said, "job": str(job)}
        subject = f"webhook:{wanted.endpoint_id}" if wanted.endpoint_id is not None else f"job:{job}"
        await tenancy.audit(tx, env, actor, "webhook.resend", subject, None, after)
    return job, total


async def run_resend(job: jobs.Job) -> Any:
    """The handler of `notify.resend`."""
    wanted = msgspec.convert(job.payload["wanted"], Ended, strict=False)
    organisation: int | None = job.payload["organisation"]
    queued = CHUNK
    while queued == CHUNK:
        beyond = job.cursor if job.cursor is not None else wanted.beyond
        some = msgspec.structs.replace(wanted, beyond=beyond)
        async with job.env.db.transaction(job.mall_id) as tx:
            again = await replay_in(tx, job.env, job.mall_id, organisation, some, CHUNK)
            queued = len(again)
            if again:
                await job.progress(job.done + queued, cursor=again[-1], tx=tx)
    return {"resent": job.done}


async def get_resend(env: Env, actor: Actor, job_id: int) -> jobs.JobView:
    """One that he asked for. Refuses `job_not_found`."""
    whose(actor)
    return await jobs.get_own_job(env, actor, JOB, job_id)


async def cancel_resend(env: Env, actor: Actor, job_id: int) -> jobs.JobView:
    """What it has not queued yet is left. Refuses `job_not_found`, `job_has_ended`."""
    whose(actor)
    return await jobs.cancel_own_job(env, actor, JOB, job_id)
