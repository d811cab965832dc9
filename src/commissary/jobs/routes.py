"""Jobs in the console."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery

from commissary.base.env import Env
from commissary.base.errors import RequestRefusal
from commissary.base.listing import Listed, Place, Sorted, Totals, When, listed, time_of
from commissary.base.wire import Size, number, said, sized
from commissary.jobs import listing, read, turns
from commissary.jobs.listing import JobQuery
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


class TurnOut(msgspec.Struct, frozen=True):
    """Work that every process offers to do and one does. `late`: due for more than a minute, and nobody does it. `last_error` is a
    code or the name of an exception; empty: it went well."""

    name: str
    due_at: datetime
    running: bool
    late: bool
    last_at: datetime | None
    last_ms: int | None
    last_error: str


# Such as `orders.recall`.
Kind = Annotated[str, msgspec.Meta(pattern=r"^[a-z_.]{1,60}$")]


def job_query(
    kind: FromQuery[list[Kind] | None] = None,
    status: FromQuery[list[JobState] | None] = None,
    mine: FromQuery[bool] = False,
    created_from: When = None,
    created_to: When = None,
    kind_not: FromQuery[list[Kind] | None] = None,
    status_not: FromQuery[list[JobState] | None] = None,
) -> JobQuery:
    """The filters, the same for the list and its totals."""
    return JobQuery(
        kind=tuple(dict.fromkeys(kind or ())),
        status=tuple(dict.fromkeys(status or ())),
        mine=mine,
        created_from=time_of("created_from", created_from),
        created_to=time_of("created_to", created_to),
        kind_not=tuple(dict.fromkeys(kind_not or ())),
        status_not=tuple(dict.fromkeys(status_not or ())),
    )


FILTERED = {"wanted": Provide(job_query, sync_to_thread=False)}


@get(
    "/console/v1/jobs",
    operation_id="listJobs",
    tags=["Jobs"],
    summary="Background jobs, by any of their filters",
    description="Sorted by `created_at`; the latest first if nothing is said. `mine`: asked for by oneself.",
    opt=said("后台任务列表（按条件筛选）", "按 `created_at` 排序，默认最新在前；`mine` 仅本人发起。"),
    dependencies=FILTERED,
)
async def jobs_route(
    env: NamedDependency[Env],
    actor: NamedDependency[Actor],
    wanted: NamedDependency[JobQuery],
    sort: Sorted = None,
    cursor: Place = None,
    size: Size = 50,
) -> Listed[JobOut]:
    sized(size)
    found, expected = await listing.look(env, actor, wanted, sort=sort, cursor=cursor, size=size)
    return listed(
        found, size, _out, lambda j: listing.cursor_of(j, sort), first=not cursor, estimate=expected
    )


@get(
    "/console/v1/jobs/totals",
    operation_id="totalJobs",
    tags=["Jobs"],
    summary="How many jobs match",
    opt=said("符合条件的任务数"),
    dependencies=FILTERED,
)
async def job_totals_route(
    env: NamedDependency[Env], actor: NamedDependency[Actor], wanted: NamedDependency[JobQuery]
) -> Totals:
    return Totals(await listing.count(env, actor, wanted), {})


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


@get(
    "/console/v1/turns",
    operation_id="listTurns",
    tags=["Jobs"],
    summary="Periodic work of the installation: when it was done last, how long it took, when it is due",
    opt=said("周期任务：上次执行时间、耗时与下次到期时间"),
)
async def turns_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> list[TurnOut]:
    return [TurnOut(**msgspec.structs.asdict(t)) for t in await turns.list_turns(env, actor)]


def _out(view: read.JobView) -> JobOut:
    return JobOut(**msgspec.structs.asdict(view) | {"id": str(view.id)})


ROUTES = [jobs_route, job_totals_route, job_route, cancel_job_route, turns_route]
