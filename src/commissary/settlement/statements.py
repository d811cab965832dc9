"""A supplier's statement of a day, from its file into rows: whole, or refused line by line with nothing written.

The file is read and judged first, then written piece by piece: killed between two pieces, the same file given again goes
on behind the last one. The same file once more changes nothing.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec
import psycopg

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.settlement import store
from commissary.settlement.read import read
from commissary.settlement.types import Line, Mapping, SettlementRefusal, Statement
from commissary.tenancy.types import Actor

AT_ONCE = 20_000
Progress = Callable[[int, int], None]


async def set_mapping(env: Env, actor: Actor, connection_id: int, told: Mapping) -> Mapping:
    """How this connection's statements are written, from now on. Refuses connection_unknown."""
    tenancy.require(actor, "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        await store.account(tx, home, connection_id)
        before = await store.mapping(tx, mall, connection_id)
        await store.set_mapping(tx, mall, connection_id, told, env.now(mall))
        was, is_ = msgspec.to_builtins(before), msgspec.to_builtins(told)
        await tenancy.audit(tx, env, actor, "settlement.map", f"connection:{connection_id}", was, is_)
    return told


async def get_mapping(env: Env, actor: Actor, connection_id: int) -> Mapping:
    """Refuses connection_unknown."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        await store.account(tx, home_of(actor.mall_id), connection_id)
        return await store.mapping(tx, actor.mall_id, connection_id)


async def import_statement(
    env: Env,
    actor: Actor,
    connection_id: int,
    day: date,
    source: Path | bytes,
    *,
    file_name: str = "",
    replace: bool = False,
    progress: Progress = lambda done, total: None,
) -> Statement:
    """The statement of that day (of the mall's zone). `replace`: instead of another file of the same day.

    Refuses what no file can be read with (`TableRefusal`), connection_unknown, statement_columns_missing,
    statement_too_long, statement_lines_faulty (with the lines), day_closed, day_has_statement, day_decided.
    """
    tenancy.require(actor, "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        _, zone = await store.account(tx, home, connection_id)
        told = await store.mapping(tx, mall, connection_id)
    sha256, lines = await asyncio.to_thread(_read, source, file_name, told, zone)
    return await take(env, actor, connection_id, day, sha256, lines, file_name, replace, progress)


async def take(
    env: Env,
    actor: Actor,
    connection_id: int,
    day: date,
    sha256: bytes,
    lines: list[Line],
    file_name: str,
    replace: bool = False,
    progress: Progress = lambda done, total: None,
) -> Statement:
    """What was read, from wherever it came. Refuses connection_unknown, day_closed, day_has_statement, day_decided."""
    mall, home = actor.mall_id, home_of(actor.mall_id)
    statement = await _begin(env, actor, connection_id, day, sha256, file_name, lines, replace)
    at, unfinished = statement.stored, statement.state == "importing"
    while unfinished:
        progress(at, len(lines))
        try:
            moved = await _store_some(env, mall, statement, at, lines)
        except psycopg.errors.DeadlockDetected:
            continue  # a neighbouring day was made just then, and is imported too: one of the two goes first
        if moved is None:  # somebody else imports the same file
            async with env.db.transaction(mall) as tx:
                known = await store.statement_of(tx, home, connection_id, day, sha256)
            assert known is not None, "statements are never removed"
            if known.state == "replaced":
                raise Refused(SettlementRefusal.day_has_statement)
            at, unfinished = known.stored, known.state == "importing"
            continue
        at, unfinished = moved, moved < len(lines)
    progress(at, len(lines))
    async with env.db.transaction(mall) as tx:
        done = await store.statement_of(tx, home, connection_id, day, sha256)
    assert done is not None, "statements are never removed"
    return msgspec.structs.replace(done, repeated=statement.repeated)


async def _store_some(
    env: Env, mall: int, statement: Statement, at: int, lines: Sequence[Line]
) -> int | None:
    """The next lines, from `at`; up to where they are stored now. None: they no longer stop there. With the last of them the
    day, and those beside it, have to be matched anew."""
    home, to = home_of(mall), min(at + AT_ONCE, len(lines))
    connection_id, day = statement.connection_id, statement.day
    async with env.db.transaction(mall) as tx:
        moved = {"home": home, "id": statement.id, "from": at, "to": to}
        if not await db.run(tx, store.Q.advance, moved):
            return None
        await store.add_lines(tx, home, statement.id, lines[at:to])
        if to == len(lines):
            which = {"home": home, "connection": connection_id, "day": day}
            await db.rows(tx, store.Q.hold_days, which)
            await store.touch(tx, home, connection_id, day)
            await store.touch_beside(tx, home, connection_id, day)
    return to


def _read(source: Path | bytes, file_name: str, told: Mapping, zone: object) -> tuple[bytes, list[Line]]:
    data = source if isinstance(source, bytes) else source.read_bytes()
    return hashlib.sha256(data).digest(), read(data, file_name, told, zone)  # type: ignore[arg-type]


async def _begin(
    env: Env,
    actor: Actor,
    connection_id: int,
    day: date,
    sha256: bytes,
    file_name: str,
    lines: list[Line],
    replace: bool,
) -> Statement:
    """The statement's row: of this file, found again or made."""
    mall, home, id_ = actor.mall_id, home_of(actor.mall_id), env.ids.new()
    async with env.db.transaction(mall) as tx:
        known = await store.statement_of(tx, home, connection_id, day, sha256)
        if known is not None and known.state == "imported":
            return msgspec.structs.replace(known, repeated=True)
        await store.touch(tx, home, connection_id, day)  # orders those who import for the day
        known = await store.statement_of(tx, home, connection_id, day, sha256)
        if known is not None and known.state != "replaced":
            return msgspec.structs.replace(known, repeated=known.state == "imported")
        there = await store.statement_of(tx, home, connection_id, day)
        if known is not None or (there is not None and not replace):
            raise Refused(SettlementRefusal.day_has_statement)
        if there is not None:
            which = {"home": home, "connection": connection_id, "day": day, "id": there.id}
            if await db.row(tx, store.Q.decided_by_statement, which):
                raise Refused(SettlementRefusal.day_decided)
            await db.run(tx, store.Q.replace_statement, which)
        given = {
            "home": home,
            "id": id_,
            "connection": connection_id,
            "day": day,
            "sha256": sha256,
            "file_name": file_name[:200],
            "lines": len(lines),
            "amount": sum(x.amount_e4 for x in lines),
            "at": env.now(mall),
        }
        await db.run(tx, store.Q.add_statement, given)
        after = {"day": day.isoformat(), "file": file_name[:200], "sha256": sha256.hex(), "lines": len(lines)}
        was = None if there is None else {"statement": str(there.id)}
        await tenancy.audit(tx, env, actor, "settlement.import", f"connection:{connection_id}", was, after)
        made = await store.statement_of(tx, home, connection_id, day, sha256)
    assert made is not None
    return made


async def list_statements(
    env: Env, actor: Actor, connection_id: int, *, before: int = store.LAST, size: int = 50
) -> list[Statement]:
    """Newest first."""
    tenancy.require(actor, "settlement.read")
    given = {"home": home_of(actor.mall_id), "connection": connection_id, "before": before, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        return [Statement(*r) for r in await db.rows(tx, store.Q.statements, given)]


async def list_lines(
    env: Env, actor: Actor, connection_id: int, day: date, *, after: int = 0, size: int = 50
) -> list[tuple[Line, str]]:
    """The lines of the day's statement, each with its class. Refuses statement_missing."""
    tenancy.require(actor, "settlement.read")
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        of = await store.statement_of(tx, home, connection_id, day)
        if of is None:
            raise Refused(SettlementRefusal.statement_missing)
        given = {"home": home, "id": of.id, "day": day, "after": after, "size": size}
        return [(Line(*r[:-1]), r[-1]) for r in await db.rows(tx, store.Q.lines, given)]
