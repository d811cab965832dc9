"""All that matches a filter, sent again by a job: for the mall's staff and for a company's own people."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from commissary import partners, tenancy
from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import number, said
from commissary.jobs.types import JobRefusal
from commissary.notify import resend
from commissary.notify.deliveries import Ended
from commissary.notify.wire import BegunOut, ResendIn, ResendOut, resend_out
from commissary.tenancy.types import Actor, Caller

ALL, OWN = "/console/v1/webhook-resends", "/console/v1/own/webhook-resends"
BEGIN = "Send again all that ended and matches, by a job; each with its own id"
BEGIN_ZH = "按条件重新推送全部已结束的消息（后台任务，保留原 ID）"
LOOK, LOOK_ZH = "How far a resend is that one asked for", "查询本人发起的重新推送进度"
STOP, STOP_ZH = "Stop a resend: what it has not queued yet is left", "停止重新推送（尚未排队的不再推送）"
GONE = (RequestRefusal.not_found, JobRefusal.job_not_found)
Own = NamedDependency[SkipValidation[Caller]]


@post(
    ALL,
    operation_id="beginResend",
    tags=["Webhooks"],
    summary=BEGIN,
    opt=said(BEGIN_ZH, "", RequestRefusal.not_found),
    status_code=202,
)
async def begin_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], data: JSONBody[ResendIn]
) -> BegunOut:
    return await _begin(env, actor, data)


@get(
    f"{ALL}/{{job_id:str}}",
    operation_id="getResend",
    tags=["Webhooks"],
    summary=LOOK,
    opt=said(LOOK_ZH, "", *GONE),
)
async def look_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], job_id: FromPath[str]
) -> ResendOut:
    return resend_out(await resend.get_resend(env, actor, number(job_id)))


@post(
    f"{ALL}/{{job_id:str}}/cancel",
    operation_id="cancelResend",
    tags=["Webhooks"],
    summary=STOP,
    opt=said(STOP_ZH, "", *GONE, JobRefusal.job_has_ended),
    status_code=200,
)
async def cancel_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], job_id: FromPath[str]
) -> ResendOut:
    return resend_out(await resend.cancel_resend(env, actor, number(job_id)))


@post(
    OWN,
    operation_id="beginMyResend",
    tags=["Own: developer"],
    summary=BEGIN,
    opt=said(BEGIN_ZH, "", RequestRefusal.not_found),
    status_code=202,
    dependencies=partners.OWN,
)
async def own_begin_route(env: NamedDependency[Env], caller: Own, data: JSONBody[ResendIn]) -> BegunOut:
    return await _begin(env, _acting(caller), data)


@get(
    f"{OWN}/{{job_id:str}}",
    operation_id="getMyResend",
    tags=["Own: developer"],
    summary=LOOK,
    opt=said(LOOK_ZH, "", *GONE),
    dependencies=partners.OWN,
)
async def own_look_route(env: NamedDependency[Env], caller: Own, job_id: FromPath[str]) -> ResendOut:
    return resend_out(await resend.get_resend(env, _acting(caller), number(job_id)))


@post(
    f"{OWN}/{{job_id:str}}/cancel",
    operation_id="cancelMyResend",
    tags=["Own: developer"],
    summary=STOP,
    opt=said(STOP_ZH, "", *GONE, JobRefusal.job_has_ended),
    status_code=200,
    dependencies=partners.OWN,
)
async def own_cancel_route(env: NamedDependency[Env], caller: Own, job_id: FromPath[str]) -> ResendOut:
    return resend_out(await resend.cancel_resend(env, _acting(caller), number(job_id)))


async def _begin(env: Env, actor: Actor, data: ResendIn) -> BegunOut:
    wanted = Ended(
        endpoint_id=None if data.endpoint_id is None else number(data.endpoint_id),
        subject_id=None if data.subject_id is None else number(data.subject_id),
        event=data.event,
        state=data.state,
        since=data.since,
        until=data.until,
    )
    job, matching = await resend.begin_resend(env, actor, wanted)
    return BegunOut(str(job), matching)


def _acting(caller: Caller) -> Actor:
    tenancy.require_scope(caller, "webhooks:write")
    return tenancy.actor_of(caller, "own.webhooks.write")


ROUTES = [begin_route, look_route, cancel_route, own_begin_route, own_look_route, own_cancel_route]
