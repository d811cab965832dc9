"""Rows ↔ types of approvals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary.approvals.rules import canonical, default
from commissary.approvals.types import ActName, Comment, Decision, Delegate, Line, Request, Rule
from commissary.base import db, sql
from commissary.base.arrays import Bigints, Texts
from commissary.base.errors import Refused, RequestRefusal

Q = sql.load(__package__)
_OWN = 23  # columns of a request before those of its decision


async def rules(tx: db.Tx, mall: int, acts: Sequence[ActName]) -> list[Rule]:
    """In the order of `acts`; the default of those never set."""
    found = await db.rows(tx, Q.rules, {"mall": mall, "acts": Texts(list(acts))})
    known = {r[0]: Rule(*r) for r in found}
    return [known.get(act) or default(act) for act in acts]


async def put_rule(tx: db.Tx, mall: int, rule: Rule, seen: int, by: str, at: datetime) -> Rule | None:
    """None: it was changed since version `seen`."""
    values = msgspec.structs.asdict(rule) | {"mall": mall, "seen": seen, "by": by, "at": at}
    found = await db.row(tx, Q.put_rule, values)
    return None if found is None else Rule(*found)


async def add(tx: db.Tx, mall: int, request: Request) -> None:
    values = msgspec.structs.asdict(request) | {"mall": mall}
    values |= {"before": Jsonb(request.before), "after": Jsonb(request.after)}
    await db.run(tx, Q.add_request, values)


async def requests(
    tx: db.Tx,
    mall: int,
    *,
    ids: Sequence[int] | None = None,
    maker: int | None = None,
    is_open: bool | None = None,
    mentions: int | None = None,
    before: int | None = None,
    size: int = 200,
) -> list[Request]:
    """Newest first. `mentions`: a person whom their comments call upon."""
    wanted = {"mall": mall, "ids": None if ids is None else Bigints(list(ids)), "maker": maker}
    wanted["mentions"] = mentions
    found = await db.rows(tx, Q.requests, wanted | {"open": is_open, "before": before, "size": size})
    return [_request(tuple(r)) for r in found]


async def request(tx: db.Tx, mall: int, id_: int) -> Request:
    """Refuses not_found."""
    found = await requests(tx, mall, ids=[id_])
    if not found:
        raise Refused(RequestRefusal.not_found)
    return found[0]


async def same_open(tx: db.Tx, mall: int, new: Request) -> int | None:
    wanted = {"mall": mall, "maker": new.maker_id, "kind": new.kind, "payload": new.payload}
    found = await db.row(tx, Q.same_open, wanted | {"holds": new.holds, "now": new.asked_at})
    return None if found is None else int(found[0])


async def add_lines(tx: db.Tx, mall: int, id_: int, some: Sequence[Line]) -> None:
    for first in range(0, len(some), 5_000):
        part = [msgspec.structs.asdict(line) for line in some[first : first + 5_000]]
        facts = {"mall": mall, "id": id_, "after": first, "lines": Jsonb(part)}
        await db.run(tx, Q.add_lines, facts)


async def lines(
    tx: db.Tx, mall: int, id_: int, *, warned: bool = False, after: int = 0, size: int = 2**31 - 1
) -> list[Line]:
    """In the order in which they are read."""
    return [line for _, line in await numbered_lines(tx, mall, id_, warned=warned, after=after, size=size)]


async def numbered_lines(
    tx: db.Tx, mall: int, id_: int, *, warned: bool, after: int, size: int
) -> list[tuple[int, Line]]:
    facts = {"mall": mall, "id": id_, "warned": warned, "after": after, "size": size}
    return [(r[0], Line(*r[1:])) for r in await db.rows(tx, Q.lines, facts)]


async def add_decision(tx: db.Tx, mall: int, of: Request, made: Decision) -> bool:
    """False: there is one already."""
    values = msgspec.structs.asdict(made) | {"mall": mall, "id": of.id, "maker": of.maker_id}
    values["result"] = None if made.result is None else Jsonb(made.result)
    return bool(await db.run(tx, Q.add_decision, values))


async def comments(tx: db.Tx, mall: int, id_: int) -> list[Comment]:
    return [Comment(*r) for r in await db.rows(tx, Q.comments, {"mall": mall, "id": id_})]


async def add_comment(tx: db.Tx, mall: int, id_: int, said: Comment) -> None:
    facts = {"mall": mall, "comment": said.id, "id": id_, "person": said.person_id, "words": said.words}
    await db.run(tx, Q.add_comment, facts | {"at": said.at})
    if said.mentions:
        people = Bigints(said.mentions)
        await db.run(tx, Q.add_mentions, {"mall": mall, "comment": said.id, "id": id_, "people": people})


async def mentioned_at(tx: db.Tx, mall: int, person: int, ids: Sequence[int]) -> dict[int, datetime]:
    """Request → when it last called upon him; not of those that never did."""
    facts = {"mall": mall, "person": person, "ids": Bigints(list(ids))}
    return dict(await db.rows(tx, Q.mentioned_at, facts))


async def delegates(tx: db.Tx, mall: int, now: datetime) -> list[Delegate]:
    """Those that hold now or will."""
    return [Delegate(*r) for r in await db.rows(tx, Q.delegates, {"mall": mall, "now": now})]


def _request(row: tuple[Any, ...]) -> Request:
    own = list(row[:_OWN])
    own[19] = bytes(own[19])
    decision = None if row[_OWN] is None else Decision(*row[_OWN:])
    return msgspec.structs.replace(Request(*own), decision=decision)


def plain(value: Any) -> Any:
    """As JSON has it, so that what is sealed is what is read back."""
    return msgspec.json.decode(canonical(value))
