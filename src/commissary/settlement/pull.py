"""A day's statement, asked of the supplier: daily, once per connection and day, by whichever process holds its row.

    due ─► all pages ─► a file like any other: its hash, its lines ─► taken ─► matched by the same job
      └─ no answer, nonsense, a no: again after 5 min, 10 min … 6 h; missing for 6 h: people are told, once

Killed anywhere, the day is asked for again when its lease ends: the same answer is the same file, and another one finds that
the day has a statement.
"""

import asyncio
import csv
import hashlib
import io
import logging
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

import msgspec

from commissary import supply, tenancy
from commissary.base import db, money, outbox
from commissary.base import lease as leases
from commissary.base.arrays import Bigints
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.settlement import read, statements, store
from commissary.settlement.reconcile import begin
from commissary.settlement.sources import P, source_of
from commissary.settlement.types import Mapping, SettlementRefusal, Statement
from commissary.supply.types import Fault, Silence, StatementLine, SupplyRefusal, Unreadable
from commissary.tenancy.types import Actor

log = logging.getLogger("commissary.settlement")

LIMIT_S = 480.0  # of one day
LEASE = timedelta(seconds=30)  # renewed while it goes on; so long a dead process keeps others from it
AGAIN = timedelta(minutes=5)
AGAIN_MOST = timedelta(hours=6)
LATE = timedelta(hours=6)
PATIENCE_S = 2.0  # how long a round waits for what it began
AT_ONCE = 8
HEADER = ("ref", "supplier_ref", "article", "quantity", "amount", "status", "time")


@dataclass
class Puller:
    """One per process. A supplier who hangs holds up his own connection."""

    env: Env
    purchasing: supply.Purchasing
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    async def round(self) -> int:
        """Begin what is due in every open mall; how many were begun."""
        begun: list[asyncio.Task[None]] = []
        async with self.env.db.transaction(None) as tx:
            malls = [r[0] for r in await db.rows(tx, P.malls_to_pull, self.env.clocks())]
        for mall in malls:
            try:
                begun += await self._begin(mall)
            except Exception:
                log.exception("statements of mall %d", mall)
        if begun:
            await asyncio.wait(begun, timeout=PATIENCE_S)
        return len(begun)

    async def close(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _begin(self, mall: int) -> list[asyncio.Task[None]]:
        now, lease = self.env.now(mall), self.env.ids.new()
        given = {"mall": mall, "home": home_of(mall), "now": now, "until": now + LEASE, "lease": lease}
        async with self.env.db.transaction(mall) as tx:
            await db.run(tx, P.plan, given)
            room = max(0, AT_ONCE - len(self._running))
            claimed = await db.rows(tx, P.claim, given | {"size": room})
        tasks = []
        for connection_id, day, tries, since, told_at in claimed:
            due = Due(connection_id, day, tries, since, told_at is not None, lease)
            task = asyncio.create_task(self._one(mall, due), name=f"statement {connection_id} {day}")
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            tasks.append(task)
        return tasks

    async def _one(self, mall: int, due: "Due") -> None:
        system = Actor(mall, "system", "settlement.pull", permissions=frozenset({"*"}))
        error = ""
        # Who lost it goes on: what he brings is the same file, or finds that the day has one.
        name = f"statement {due.connection_id} {due.day}"
        beat = leases.keep(name, LEASE, partial(self._renew, mall, due))
        try:
            error = await self._try(mall, system, due)
        except (Silence, TimeoutError):
            error = "silence"
        except (Unreadable, Fault) as said:
            error = type(said).__name__.lower()
        except Refused as no:
            error = no.refusal.code
        except Exception:
            log.exception("the statement of connection %d of %s", due.connection_id, due.day)
            error = "internal"
        finally:
            beat.cancel()
        await self._end(mall, due, error)

    async def _renew(self, mall: int, due: "Due") -> bool:
        given = {"home": home_of(mall), "connection": due.connection_id, "day": due.day, "lease": due.lease}
        async with self.env.db.transaction(mall) as tx:
            return bool(await db.run(tx, P.keep, given | {"until": self.env.now(mall) + LEASE}))

    async def _try(self, mall: int, system: Actor, due: "Due") -> str:
        """What is still in the way; '' when the day has its statement."""
        async with self.env.db.transaction(mall) as tx:
            source = await source_of(tx, mall, due.connection_id)
            there = await store.statement_of(tx, home_of(mall), due.connection_id, due.day)
        if there is not None and there.state == "imported":
            return ""
        if source is None or source.by == "file":
            return SettlementRefusal.statement_missing.code
        async with asyncio.timeout(LIMIT_S):
            try:
                await fetch(self.env, self.purchasing, system, due.connection_id, due.day)
            except Refused as no:
                # A closed day, or another file that came meanwhile: there is one.
                if no.refusal not in (SettlementRefusal.day_closed, SettlementRefusal.day_has_statement):
                    raise
        return ""

    async def _end(self, mall: int, due: "Due", error: str) -> None:
        now, home = self.env.now(mall), home_of(mall)
        given = {"home": home, "connection": due.connection_id, "day": due.day, "now": now, "error": error}
        async with self.env.db.transaction(mall) as tx:
            if not error:
                await db.run(tx, P.done, given)
                return
            late = not due.told and now - due.since >= LATE
            pause = min(AGAIN * 2 ** min(due.tries, 10), AGAIN_MOST)
            again = given | {"due": now + pause, "lease": due.lease, "told": now if late else None}
            if await db.run(tx, P.again, again) and late:
                await _alarm(tx, mall, due, now)
                log.warning("no statement of connection %d of %s: %s", due.connection_id, due.day, error)


class Due(msgspec.Struct, frozen=True):
    """A day that this process asks for. `since`: when it was first expected."""

    connection_id: int
    day: date
    tries: int
    since: datetime
    told: bool
    lease: int


async def pull_day(
    env: Env,
    actor: Actor,
    purchasing: supply.Purchasing,
    connection_id: int,
    day: date,
    *,
    replace: bool = False,
) -> tuple[Statement, int | None]:
    """For a person, now; with the job that matches it, if it is new. `replace`: instead of the statement that is there.

    Refuses connection_unknown, statement_not_told, supplier_unreachable, supplier_said_no, day_not_over, day_closed,
    day_has_statement, day_decided.
    """
    tenancy.require(actor, "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        await store.account(tx, home, connection_id)
        subject = f"connection:{connection_id}"
        await tenancy.audit(tx, env, actor, "settlement.pull", subject, None, {"day": day.isoformat()})
    try:
        async with asyncio.timeout(LIMIT_S):
            made = await fetch(env, purchasing, actor, connection_id, day, replace=replace)
    except (Silence, Unreadable, TimeoutError) as error:
        raise Refused(SupplyRefusal.supplier_unreachable, said=str(error)[:200]) from error
    except Fault as fault:
        raise Refused(SupplyRefusal.supplier_said_no, said=fault.said[:200], said_code=fault.code) from fault
    async with env.db.transaction(mall) as tx:
        given = {"home": home, "connection": connection_id, "day": day, "now": env.now(mall), "error": ""}
        await db.run(tx, P.done, given)
    return made


async def fetch(
    env: Env,
    purchasing: supply.Purchasing,
    actor: Actor,
    connection_id: int,
    day: date,
    *,
    replace: bool = False,
) -> tuple[Statement, int | None]:
    """Asked, taken, and its match begun. Raises what `supply.read_statement` does, and refuses what it and `take` refuse."""
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        account, zone = await store.account(tx, home, connection_id)
    start, end = store.bounds(day, zone)
    if end > env.now(mall):
        raise Refused(SettlementRefusal.day_not_over, ready_at=end.isoformat())
    told = await supply.read_statement(env, purchasing, mall, connection_id, start, end)
    refs = [int(line.ref) for line in told if _is_id(line.ref)]
    async with env.db.transaction(mall) as tx:
        found = await db.rows(tx, P.booked, {"home": home, "ids": Bigints(refs)})
        booked: dict[int, int] = dict(found)
    file = await asyncio.to_thread(as_file, told, booked)
    name = f"api-{account.connection_id}-{day.isoformat()}.csv"
    lines = await asyncio.to_thread(read.read, file, name, Mapping(), zone) if told else []
    digest = hashlib.sha256(file).digest()
    made = await statements.take(env, actor, connection_id, day, digest, lines, name, replace)
    return made, None if made.repeated else await begin(env, actor, connection_id, day)


def as_file(told: list[StatementLine], booked: dict[int, int]) -> bytes:
    """The statement as a file that anybody could have uploaded. A list says how much of an order's money came back, and not
    when. Of one that came to nothing: where our books have the purchase (`booked`, at what), it is charged and given
    back; else it failed. Of one that was delivered in part before it was booked, ours is the net, and so is its line: the
    pieces that came, for what was kept. What came back besides is a line of its own."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADER)
    for line in told:
        at = datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
        who = (line.ref, line.supplier_ref, line.good_id)
        ours_e4 = booked.get(int(line.ref)) if _is_id(line.ref) else None
        if ours_e4 is None and 0 < line.charged_e4 <= line.returned_e4:
            rows.writerow((*who, line.quantity, money.text(0), "failed", at))
            continue
        before_e4 = _back_before(line, ours_e4)
        pieces = _came(line, before_e4) if before_e4 else line.quantity
        rows.writerow((*who, pieces, money.text(line.charged_e4 - before_e4), "bought", at))
        if later_e4 := line.returned_e4 - before_e4:
            rows.writerow((*who, pieces, money.text(later_e4), "refunded", at))
    return out.getvalue().encode()


def _back_before(line: StatementLine, ours_e4: int | None) -> int:
    """What came back before the purchase was booked: just what our books have less, if that much came back."""
    less_e4 = line.charged_e4 - (ours_e4 or 0)
    return less_e4 if ours_e4 and 0 < less_e4 <= line.returned_e4 else 0


def _came(line: StatementLine, back_e4: int) -> int:
    """How many pieces were delivered: as he tells, or as the money that was kept says."""
    if line.delivered:
        return line.delivered
    kept_e4 = line.charged_e4 - back_e4
    return (2 * kept_e4 * line.quantity + line.charged_e4) // (2 * line.charged_e4)


def _is_id(ref: str) -> bool:
    return ref.isascii() and ref.isdigit() and len(ref) <= 19 and int(ref) < 2**63


async def _alarm(tx: db.Tx, mall: int, due: Due, now: datetime) -> None:
    """To the mall alone."""
    own = await db.row(tx, P.own_organisation, {"mall": mall})
    told = {"connection_id": str(due.connection_id), "day": due.day.isoformat()}
    kind, number = "supplier.statement_missing", outbox.moment(now)
    event = outbox.Event(kind, due.connection_id, number, own[0] if own else 0, now, told)
    await outbox.publish(tx, home_of(mall), [event], now)
