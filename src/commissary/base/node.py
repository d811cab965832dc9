"""Leases of node numbers for id generators: never two holders of one, and never an id before those already made.

A number is free when nobody has had it or its lease ran out. Never-used numbers go first, then the one longest free,
so that a number rests as long as possible between holders. `high_water` is an id written ahead of time: every id the
holder can make within its lease lies below it, so the next holder starts above them all, even when its clock is behind.
A holder whose renewal fails must stop making ids before `expires_at`.

The database's clock decides what has expired, because holders' clocks differ; `now` is for tests.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from commissary.base import db
from commissary.base.ids import NODE_BITS, SHIFT, id_at

LIFE = timedelta(seconds=60)
NODES = 1 << NODE_BITS


class NoNode(Exception):
    """All numbers are leased, or this lease was lost to somebody else."""


@dataclass(frozen=True)
class Lease:
    """`high_water` goes to `Ids`: it makes only greater ids."""

    node: int
    holder: str
    high_water: int
    expires_at: datetime


async def lease_node(
    database: db.Database, holder: str, address: str = "", now: datetime | None = None, life: timedelta = LIFE
) -> Lease:
    """`holder` is unique to this start of the process. Raises NoNode when none is free."""
    for _ in range(100):
        async with database.transaction(None) as tx:
            at = now or await _clock(tx)
            facts = {
                "holder": holder,
                "address": address,
                "expires": at + life,
                "now": at,
                "ahead": _ahead(at + life),
            }
            found = await db.row(tx, _FRESH, facts) or await db.row(tx, _EXPIRED, facts)
            if found is not None:
                return Lease(found[0], holder, found[1], at + life)
            taken = await db.row(tx, "select count(*) from base.node where expires_at > %(now)s", facts)
            if taken is not None and taken[0] >= NODES:
                break
    raise NoNode("all node numbers are leased")


async def renew(
    database: db.Database,
    lease: Lease,
    latest_id: int = 0,
    now: datetime | None = None,
    life: timedelta = LIFE,
) -> Lease:
    """Extend; `latest_id` is the last id made (a generator under load runs ahead of the clock). Raises NoNode when
    the lease has run out: another may have the number already, so this process must stop making ids."""
    async with database.transaction(None) as tx:
        at = now or await _clock(tx)
        ahead = max(_ahead(at + life), _beyond(latest_id, life))
        facts = {"node": lease.node, "holder": lease.holder, "expires": at + life, "now": at, "ahead": ahead}
        if await db.row(tx, _RENEW, facts) is None:
            raise NoNode(f"the lease of node {lease.node} ran out")
    return Lease(lease.node, lease.holder, lease.high_water, at + life)


async def release(database: db.Database, lease: Lease, now: datetime | None = None) -> None:
    """At a clean stop. The high water stays."""
    async with database.transaction(None) as tx:
        at = now or await _clock(tx)
        facts = {"node": lease.node, "holder": lease.holder, "now": at}
        await db.run(
            tx,
            "update base.node set expires_at = %(now)s where node = %(node)s and holder = %(holder)s",
            facts,
        )


async def _clock(tx: db.Tx) -> datetime:
    found = await db.row(tx, "select clock_timestamp()")
    assert found is not None
    at: datetime = found[0]
    return at


def _ahead(at: datetime) -> int:
    """Above every id of that moment and of the seconds that a holder's clock may be ahead of the database's."""
    return id_at(at + timedelta(seconds=30))


def _beyond(latest_id: int, life: timedelta) -> int:
    return ((latest_id >> SHIFT) + int(life.total_seconds() * 1000)) << SHIFT if latest_id else 0


# Two processes that pick the same number: the primary key lets one in, the other finds nothing and tries again.
_FRESH = f"""
insert into base.node (node, holder, address, high_water, expires_at)
select n, %(holder)s, %(address)s, %(ahead)s, %(expires)s from generate_series(0, {NODES - 1}) n
where not exists (select from base.node b where b.node = n) order by n limit 1
on conflict (node) do nothing returning node, 0::bigint
"""
_EXPIRED = """
with free as (
  select node, high_water from base.node where expires_at <= %(now)s
  order by expires_at, node for update skip locked limit 1
)
update base.node b set holder = %(holder)s, address = %(address)s, expires_at = %(expires)s,
  high_water = greatest(b.high_water, %(ahead)s)
from free where b.node = free.node
returning b.node, free.high_water
"""
_RENEW = """
update base.node set expires_at = %(expires)s, high_water = greatest(high_water, %(ahead)s)
where node = %(node)s and holder = %(holder)s and expires_at > %(now)s
returning node
"""
