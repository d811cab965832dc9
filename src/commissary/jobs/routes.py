"""Jobs in the console."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.wire import Cursor, Page, Size, after, number, page, said, sized
from commissary.jobs import read
from commissary.jobs.types import JobRefusal, JobState
from commissary.tenancy.types import Actor


class JobOut(msgspec.Struct, frozen=True):
    """`done` of `total` `unit`s; no total while it is not known."""

    id: str
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


@get(
    "/console/v1/jobs",
    operation_id="listJobs",
    tags=["Jobs"],
    summary="Background jobs, newest first",
    opt=said("后台任务列表（按时间倒序）"),
)
async def jobs_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    kind: FromQuery[str | None] = None,
    status: FromQuery[JobState | None] = None,
    cursor: Cursor = None,
    size: Size = 50,
) -> Page[JobOut]:
    found = await read.list_jobs(
        env, actor, kind=kind, state=status, before=after(cursor) or read.ID_MAX, size=sized(size)
    )
    return page(found, size, _out, lambda j: j.id)


@get(
    "/console/v1/jobs/{job_id:str}",
    operation_id="getJob",
    tags=["Jobs"],
    summary="One job",
    opt=said("查询后台任务", "", RequestRefusal.not_found, JobRefusal.job_not_found),
)
async def job_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], job_id: FromPath[str]
) -> JobOut:
    return _out(await read.get_job(env, actor, number(job_id)))


@post(
    "/console/v1/jobs/{job_id:str}/cancel",
    operation_id="cancelJob",
    tags=["Jobs"],
    summary="Ask a job to stop",
    opt=said(
        "请求停止后台任务", "", RequestRefusal.not_found, JobRefusal.job_not_found, JobRefusal.job_has_ended
    ),
    status_code=200,
)
async def cancel_job_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], job_id: FromPath[str]
) -> JobOut:
    return _out(await read.cancel_job(env, actor, number(job_id)))


def _out(view: read.JobView) -> JobOut:
    return JobOut(**msgspec.structs.asdict(view) | {"id": str(view.id)})


ROUTES = [jobs_route, job_route, cancel_job_route]
