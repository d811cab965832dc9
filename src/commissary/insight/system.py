"""The installation as a mall's staff see it: what runs, what waits, and how far behind each reader of events is."""

from datetime import datetime, timedelta

import msgspec

from commissary import __version__, tenancy
from commissary.base import listing, sql
from commissary.base.env import Env
from commissary.base.ids import id_at
from commissary.tenancy.types import Actor

S = sql.load(__package__, "system.sql")
LATELY = timedelta(hours=24)
JOBS_OF = timedelta(days=7)  # a job that failed lately was asked for no longer ago


class Reader(msgspec.Struct, frozen=True):
    """`behind` transactions with events, the oldest of which was published at `oldest_at`."""

    name: str
    behind: int
    oldest_at: datetime | None


class System(msgspec.Struct, frozen=True):
    """`processes`: that hold a node number now. Jobs are this mall's, `jobs_failed` of the last 24 hours."""

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
    readers: tuple[Reader, ...]


async def look(env: Env, actor: Actor) -> System:
    tenancy.require(actor, "jobs.read")
    now, mall = env.clock(), actor.mall_id
    asked = {
        "mall": mall,
        "now": now,
        "since": now - LATELY,
        "first_id": id_at(now - JOBS_OF),
        "first": mall << 10,
        "last": (mall << 10) + 1023,
    }
    async with env.db.transaction(mall) as tx:
        [installation] = await listing.rows(tx, S.installation, asked)
        [queue] = await listing.rows(tx, S.queue, asked)
        readers = tuple(Reader(*r) for r in await listing.rows(tx, S.readers, asked))
    postgres, size, migrations, last, migrated_at, processes = installation
    queued, running, failed, oldest_at = queue
    return System(
        release=__version__,
        postgres=postgres,
        database_bytes=size,
        migrations=migrations,
        last_migration=last,
        migrated_at=migrated_at,
        processes=processes,
        jobs_queued=queued,
        jobs_running=running,
        jobs_failed=failed,
        oldest_queued_at=oldest_at,
        readers=readers,
    )
