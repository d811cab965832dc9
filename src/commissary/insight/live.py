"""What happens in a mall while somebody looks: orders, notices, jobs and counters, as server-sent events.

One loop per process asks once a second for each mall that has listeners, and hands each of them what he may read. Events are
told by number, so a browser that comes back with `Last-Event-ID` hears what it missed, or that it missed too much (`resync`).
A stream says that something happened, never what stands in it: screens ask for that as always.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from commissary import notify, tenancy
from commissary.base import db, outbox, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.tenancy.types import Actor, TenancyRefusal

log = logging.getLogger("commissary.live")
L = sql.load(__package__, "live.sql")

PER_PERSON = 6  # a tab each
MOST_ROWS = 200  # of the outbox in one look; whoever missed more reads his page again
MOST_SHOWN = 50
MOST_WAITING = 100  # messages that a listener has not taken yet
HEARTBEAT_S = 15.0
LIFE_S = 600.0  # then the browser comes again
COUNT_EVERY = 10  # looks
# Which right lets somebody hear what.
RIGHTS = {
    "orders": "orders.read",
    "job": "jobs.read",
    "counters": "fulfilment.read",
    "inbox": "approvals.decide",
    "calls": "keys.read",
}
# The same of one's own company alone.
OWN = {"calls": "own.keys.write", "own_orders": "own.orders.read"}
LISTENERS = frozenset({*RIGHTS.values(), *OWN.values()}) | notify.NOTICE_RIGHTS


@dataclass
class Message:
    event: str
    data: dict[str, Any]
    seq: int | None = None
    company: int | None = None  # whose own people hear it
    to: str | None = None  # one person's alone

    def encoded(self) -> bytes:
        told = b"" if self.seq is None else b"id: %d\n" % self.seq
        return told + b"event: %b\ndata: %b\n\n" % (self.event.encode(), msgspec.json.encode(self.data))


@dataclass(eq=False)
class Listener:
    """A stream. None in its queue ends it."""

    actor: Actor
    began: float
    queue: asyncio.Queue[Message | None] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def hears(self, message: Message) -> bool:
        if message.to not in (None, self.actor.id):
            return False
        if message.event == "notice":
            kind = message.data["kind"]
            return message.company == self.actor.organisation_id and notify.may_hear(self.actor, kind)
        right, own = RIGHTS.get(message.event), OWN.get(message.event)
        if own and message.company == self.actor.organisation_id and tenancy.allows(self.actor, own):
            return True
        return own is None if right is None else tenancy.allows(self.actor, right)

    def tell(self, message: Message | None) -> None:
        """Who does not listen is let go; he comes back and hears what he missed."""
        if message is not None and not self.hears(message):
            return
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


@dataclass
class Heard:
    """How far a mall's listeners are."""

    listeners: set[Listener] = field(default_factory=set)
    seq: int | None = None
    jobs: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    counters: tuple[int, ...] | None = None
    inbox: tuple[int, ...] | None = None
    call: int | None = None  # the newest that was told of
    notice: int | None = None  # likewise
    looks: int = 0


class Live:
    """One per process."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.malls: dict[int, Heard] = {}
        self.closed = False

    async def round(self) -> None:
        """Look once for every mall that somebody listens to."""
        for mall, heard in list(self.malls.items()):
            late = asyncio.get_running_loop().time() - LIFE_S - 2 * HEARTBEAT_S
            heard.listeners = {one for one in heard.listeners if one.began > late}  # nobody ever read those
            if not heard.listeners:
                del self.malls[mall]
                continue
            try:
                messages = await self._look(mall, heard)
            except Exception:
                log.exception("mall %d cannot be listened to; next try in a second", mall)
                continue
            for message in messages:
                for listener in list(heard.listeners):
                    listener.tell(message)

    def close(self) -> None:
        """Every stream ends: the process stops."""
        self.closed = True
        for heard in self.malls.values():
            for listener in heard.listeners:
                listener.tell(None)

    async def listen(self, actor: Actor, last_seq: int | None) -> Listener:
        """Refuses `forbidden`, and `overloaded` when he has too many streams."""
        if not any(tenancy.allows(actor, right) for right in LISTENERS):
            raise Refused(TenancyRefusal.forbidden, permission=RIGHTS["orders"])
        heard = self.malls.setdefault(actor.mall_id, Heard())
        if self.closed or sum(one.actor.id == actor.id for one in heard.listeners) >= PER_PERSON:
            raise Refused(RequestRefusal.overloaded)
        listener = Listener(actor, asyncio.get_running_loop().time())
        heard.listeners.add(listener)
        try:
            first = await self._first(actor.mall_id, heard, last_seq)
        except BaseException:
            heard.listeners.discard(listener)
            raise
        for message in first:
            listener.tell(message)
        return listener

    def leave(self, listener: Listener) -> None:
        if (heard := self.malls.get(listener.actor.mall_id)) is not None:
            heard.listeners.discard(listener)

    async def stream(self, listener: Listener, token: str, ip: str) -> AsyncIterator[bytes]:
        """Until he leaves, his session ends, or it is time to come again. Listening keeps no session alive."""
        loop = asyncio.get_running_loop()
        began = checked = loop.time()
        try:
            yield b"retry: 2000\n\n"
            while loop.time() - began < LIFE_S:
                try:
                    message = await asyncio.wait_for(listener.queue.get(), HEARTBEAT_S)
                    if message is None:
                        return
                    yield message.encoded()
                except TimeoutError:
                    yield b": still here\n\n"
                if loop.time() - checked >= HEARTBEAT_S:
                    checked = loop.time()
                    listener.actor = await tenancy.actor_of_token(self.env, token, ip, touch=False)
        except Refused:
            return
        finally:
            self.leave(listener)

    async def _first(self, mall: int, heard: Heard, last_seq: int | None) -> list[Message]:
        """What he missed, then where he is and how things stand."""
        home = home_of(mall)
        async with self.env.db.transaction(mall) as tx:
            [(head,)] = await db.rows(tx, L.head, {"home": home})
            missed: list[Message] = []
            if last_seq is not None and last_seq != head:
                found = await outbox.read(tx, home, last_seq, MOST_ROWS)
                whole = bool(found) and found[0][0] == last_seq + 1 and found[-1][0] >= head
                missed = _told(found) if whole else [Message("resync", {}, head)]
                head = max(head, found[-1][0]) if whole else head
            jobs = await self._jobs(tx, mall)
            counters, inbox = await self._counters(tx, home), await self._inbox(tx, mall, home)
            [(call,)] = await db.rows(tx, L.newest_call, {"home": home})
            [(notice,)] = await db.rows(tx, L.newest_notice, {"home": home})
        if heard.seq is None:
            heard.seq, heard.jobs = head, {j[0]: j for j in jobs}
            heard.counters, heard.inbox, heard.call, heard.notice = counters, inbox, call, notice
        states = [_job(j) for j in jobs if j[2] in ("queued", "running")]
        hello = Message("hello", {"seq": str(head)}, head)
        return [*missed, hello, *states, _counted(counters), _waiting(inbox)]

    async def _look(self, mall: int, heard: Heard) -> list[Message]:
        home = home_of(mall)
        heard.looks += 1
        messages: list[Message] = []
        asked = False
        async with self.env.db.transaction(mall) as tx:
            if heard.seq is not None and (found := await outbox.read(tx, home, heard.seq, MOST_ROWS)):
                heard.seq = found[-1][0]
                messages += _told(found)
                asked = any(e.kind.startswith("approval.") for _, some in found for e in some)
            jobs = await self._jobs(tx, mall)
            messages += [_job(j) for j in reversed(jobs) if heard.jobs.get(j[0]) != j]
            heard.jobs = {j[0]: j for j in jobs}
            messages += await self._calls(tx, home, heard)
            messages += await self._notices(tx, home, heard)
            if heard.looks % COUNT_EVERY == 0:
                counters = await self._counters(tx, home)
                if counters != heard.counters:
                    messages.append(_counted(counters))
                heard.counters = counters
            if asked or heard.looks % COUNT_EVERY == 0:
                inbox = await self._inbox(tx, mall, home)
                if inbox != heard.inbox:
                    messages.append(_waiting(inbox))
                heard.inbox = inbox
        return messages

    async def _jobs(self, tx: db.Tx, mall: int) -> list[tuple[Any, ...]]:
        since: datetime = self.env.now(mall) - timedelta(seconds=10)
        return [tuple(r) for r in await db.rows(tx, L.jobs, {"mall": mall, "since": since})]

    async def _calls(self, tx: db.Tx, home: int, heard: Heard) -> list[Message]:
        """How many calls of programs came, of each company: each process writes its own once a second, so this only says look again."""
        found = await db.rows(tx, L.new_calls, {"home": home, "after": heard.call or 0})
        heard.call = max([heard.call or 0, *(newest for _, _, newest in found)])
        return [
            Message("calls", {"organisation_id": str(company), "new": calls}, company=company)
            for company, calls, _ in found
        ]

    async def _notices(self, tx: db.Tx, home: int, heard: Heard) -> list[Message]:
        """That there are new ones, of each kind and company."""
        found = await db.rows(tx, L.new_notices, {"home": home, "after": heard.notice or 0})
        heard.notice = max([heard.notice or 0, *(newest for _, _, _, newest in found)])
        return [
            Message("notice", {"kind": kind, "new": new}, company=company) for company, kind, new, _ in found
        ]

    async def _inbox(self, tx: db.Tx, mall: int, home: int) -> tuple[int, ...]:
        [row] = await db.rows(tx, L.inbox, {"mall": mall, "home": home, "now": self.env.now(mall)})
        return tuple(row)

    async def _counters(self, tx: db.Tx, home: int) -> tuple[int, ...]:
        [row] = await db.rows(tx, L.counters, {"home": home})
        return tuple(row)


def _waiting(inbox: tuple[int, ...]) -> Message:
    """Of the whole mall; who hears of it asks which of them are his to decide."""
    return Message(
        "inbox",
        dict(zip(("approvals", "price_proposals", "restocks", "papers"), inbox, strict=True)),
    )


def _told(found: Sequence[tuple[int, list[outbox.Event]]]) -> list[Message]:
    """One message for the orders, which bears the number of the last row, up to which it tells; one for each company that has
    some, and for each person that somebody decided for or called upon."""
    seq = found[-1][0]
    events = [event for _, some in found for event in some]
    orders = [e for e in events if e.kind.startswith("order.")]
    others = [e for e in events if not e.kind.startswith("order.")]
    messages = [
        _decided(e) for e in others[-MOST_SHOWN:] if e.kind == "approval.decided" and "maker" in e.data
    ]
    messages += [
        Message("mention", {"id": str(e.subject), "act": e.data["act"]}, to=person)
        for e in others[-MOST_SHOWN:]
        if e.kind == "approval.mentioned"
        for person in e.data["people"]
    ]
    # Of his company a person may see some departments only: he is not told how many, nor which.
    companies = dict.fromkeys(e.owner for e in orders)
    messages += [Message("own_orders", {}, company=company) for company in companies]
    if orders:
        ids = list(dict.fromkeys(str(e.subject) for e in reversed(orders)))
        told = {
            "placed": sum(e.n == 1 for e in orders),
            "kinds": dict(Counter(e.kind for e in orders)),
            "order_ids": ids[:MOST_SHOWN],
        }
        messages.append(Message("orders", told, seq))
    return messages


def _decided(event: outbox.Event) -> Message:
    """To whoever asked for it."""
    told = {"id": str(event.subject), "act": event.data["act"], "state": event.data["state"]}
    return Message("decision", told, to=event.data["maker"])


def _job(job: tuple[Any, ...]) -> Message:
    id_, kind, state, done, total, unit, error, cancel_asked, _ = job
    told = {"id": str(id_), "kind": kind, "state": state, "done": done, "total": total, "unit": unit}
    return Message("job", told | {"error": error, "cancel_asked": cancel_asked})


def _counted(counters: tuple[int, ...]) -> Message:
    return Message("counters", dict(zip(("work", "review", "purchases"), counters, strict=True)))
