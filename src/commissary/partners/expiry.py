"""Papers that end: told before, ended on time, by the mall's own clock and in its own days."""

from datetime import datetime

import msgspec

from commissary import tenancy
from commissary.base import db, outbox, sql
from commissary.base.env import Env
from commissary.base.home import home
from commissary.partners import rules, standing
from commissary.partners.screening import screen
from commissary.tenancy.types import Actor

Q = sql.load(__package__, "papers.sql")


class Watched(msgspec.Struct, frozen=True):
    """What one turn did."""

    told: int = 0
    expired: int = 0
    computed: int = 0
    hits: int = 0


async def watch_papers(env: Env, mall: int, now: datetime) -> Watched:
    """The job: warn 60, 30, 7 and 1 days before a paper's last day, once each; end those whose last day has passed; compute
    every standing in which something has begun or ended; look all names up once more. A transaction per step and supplier,
    so it may be killed anywhere and run beside itself."""
    actor = Actor(mall, "system", "partners.watch_papers")
    async with env.db.transaction(mall) as tx:
        facts = await standing.mall_facts(tx, mall)
        today = now.astimezone(facts.zone).date()
        due = {"mall": mall, "days": list(rules.ALARM_DAYS), "today": today, "now": now}
        alarms = await db.rows(tx, Q.tell_alarms, due)
        warned = sorted({r[0] for r in alarms})
        about = await db.rows(tx, Q.alarm_facts, {"mall": mall, "ids": warned}) if warned else []
        events = [
            outbox.Event(
                "supplier.paper_expiring",
                paper,
                outbox.moment(now),
                facts.own_id,
                now,
                {
                    "paper_id": str(paper),
                    "supplier_id": str(supplier),
                    "kind": kind,
                    "days": (valid_to - today).days,
                    "valid_to": valid_to.isoformat(),
                },
            )
            for paper, supplier, kind, valid_to in about
        ]
        await outbox.publish(tx, home(mall), events, now)
        ended = [r[0] for r in await db.rows(tx, Q.ended, {"mall": mall, "today": today})]
        moved = [r[0] for r in await db.rows(tx, Q.due, {"mall": mall, "now": now})]

    expired = 0
    for supplier in sorted({*ended, *moved}):
        async with env.db.transaction(mall) as tx:
            await standing.hold(tx, mall, supplier)
            of = {"mall": mall, "supplier": supplier, "today": today}
            for paper, kind, valid_to in await db.rows(tx, Q.expire_papers, of):
                expired += 1
                told = {"state": "expired", "kind": kind, "valid_to": valid_to.isoformat()}
                told["supplier_id"] = str(supplier)
                subject = f"paper:{paper}"
                await tenancy.audit(tx, env, actor, "paper.expire", subject, {"state": "accepted"}, told)
            events = await standing.compute(tx, mall, supplier, now)
            for event in events:
                subject = f"supplier:{supplier}"
                await tenancy.audit(tx, env, actor, event.kind, subject, None, event.data)
            await outbox.publish(tx, home(mall), events, now)
    hits = await screen(env, mall, now)
    return Watched(len(alarms), expired, len({*ended, *moved}), hits)
