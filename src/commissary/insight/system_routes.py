"""The installation over HTTP."""

from datetime import datetime

import msgspec
from litestar import get
from litestar.di import NamedDependency

from commissary.base.env import Env
from commissary.base.wire import said
from commissary.insight import system
from commissary.tenancy.types import Actor


class ReaderOut(msgspec.Struct, frozen=True):
    """`behind`: transactions with events that it has not read; the oldest of them was published at `oldest_at`."""

    name: str
    behind: int
    oldest_at: datetime | None


class SystemOut(msgspec.Struct, frozen=True):
    """`processes`: that run now. Jobs are this mall's; `jobs_failed` of the last 24 hours."""

    release: str
    postgres: str
    database_bytes: int
    migrations: int
    last_migration: str
    migrated_at: datetime
    processes: int
    jobs_queued: int
    jobs_running: int
    jobs_failed: int
    oldest_queued_at: datetime | None
    readers: list[ReaderOut]


@get(
    "/console/v1/system",
    operation_id="getSystem",
    tags=["Jobs"],
    summary="Release, database, jobs that wait, and how far behind the readers of events are",
    opt=said("系统：版本、数据库、排队任务与事件消费滞后"),
)
async def system_route(env: NamedDependency[Env], actor: NamedDependency[Actor]) -> SystemOut:
    told = msgspec.structs.asdict(await system.look(env, actor))
    readers = [ReaderOut(**msgspec.structs.asdict(r)) for r in told.pop("readers")]
    return SystemOut(**told, readers=readers)


ROUTES = [system_route]
