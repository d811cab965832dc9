"""What a supplier's own people say against a line of a day, with a document if they like; the mall's people answer.

    open ─answer→ accepted | refused

It moves no money: what is done about the difference is `resolve.py`'s. But a day is not closed over an open one.

Locks: the day's row, then the objection.
"""

import hashlib
from datetime import date

from commissary import tenancy
from commissary.base import db, sql
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import home as home_of
from commissary.settlement import store
from commissary.settlement.own import require_own, supplier_of
from commissary.settlement.types import Objection, ObjectionOutcome, ObjectionState, SettlementRefusal
from commissary.tenancy.types import Actor

O = sql.load(__package__, "own.sql")  # noqa: E741

FILE_MAX = 2 * 1024 * 1024
PURPOSE = "settlement-objection"


async def object_to(
    env: Env,
    actor: Actor,
    connection_id: int,
    day: date,
    note: str,
    *,
    line_no: int | None = None,
    attempt_id: int | None = None,
) -> Objection:
    """Against a line of the day's statement, or against a purchase that differs from it. The same words again are the same
    objection.

    Refuses connection_unknown, day_closed, statement_missing, line_not_found, difference_not_found, objection_open.
    """
    supplier = _writing(actor)
    if (line_no is None) == (attempt_id is None):
        raise invalid("line", "a line or a purchase / 请指定对账单行或采购单号，二者选一")
    mall, home, id_ = actor.mall_id, home_of(actor.mall_id), env.ids.new()
    which = {"home": home, "connection": connection_id, "day": day}
    async with env.db.transaction(mall) as tx:
        await require_own(tx, home, supplier, connection_id)
        await db.row(tx, store.Q.hold_day, which)  # nobody closes it meanwhile
        known = await store.days(tx, home, connection_id, day)
        if known and known[0].state == "closed":
            raise Refused(SettlementRefusal.day_closed)
        statement = await _about(tx, which, line_no, attempt_id)
        new = which | {"id": id_, "supplier": supplier, "statement": statement, "line": line_no}
        new |= {"attempt": attempt_id, "note": note, "by": f"{actor.kind}:{actor.id}", "at": env.now(mall)}
        if not await db.run(tx, O.add_objection, new):
            return await _same(tx, actor, connection_id, supplier, note, day, line_no, attempt_id)
        told = {"day": day.isoformat(), "line": line_no, "note": note[:500]}
        told |= {"purchase": None if attempt_id is None else str(attempt_id)}
        await tenancy.audit(tx, env, actor, "settlement.object", f"objection:{id_}", None, told)
        return await _the(tx, actor, id_, supplier)


async def keep_file(env: Env, actor: Actor, objection_id: int, content: bytes, file_name: str) -> Objection:
    """The document that shows it, in place of an earlier one. Refuses objection_not_found, objection_answered,
    objection_file_too_large."""
    supplier = _writing(actor)
    if len(content) > FILE_MAX:
        raise Refused(SettlementRefusal.objection_file_too_large, limit_bytes=FILE_MAX)
    if not content:
        raise invalid("body", "the document is empty / 文件为空")
    mall, sha256 = actor.mall_id, hashlib.sha256(content).digest()
    async with env.db.transaction(mall) as tx:
        was = await _the(tx, actor, objection_id, supplier)
        sealed = env.keys.seal_field(mall, PURPOSE, content, str(objection_id).encode())
        kept = {"home": home_of(mall), "id": objection_id, "name": file_name[:200], "sha256": sha256}
        if not await db.run(tx, O.keep_file, kept | {"bytes": len(content), "sealed": sealed}):
            raise Refused(SettlementRefusal.objection_answered, status=was.state)
        before = {"sha256": None if was.file_sha256 is None else bytes(was.file_sha256).hex()}
        told = {"sha256": sha256.hex(), "bytes": len(content), "file": file_name[:200]}
        subject = f"objection:{objection_id}"
        await tenancy.audit(tx, env, actor, "settlement.object_file", subject, before, told)
        return await _the(tx, actor, objection_id, supplier)


async def read_file(env: Env, actor: Actor, objection_id: int) -> tuple[Objection, bytes]:
    """Refuses objection_not_found, objection_without_file."""
    mall, supplier = actor.mall_id, _reading(actor)
    async with env.db.transaction(mall) as tx:
        found = await _the(tx, actor, objection_id, supplier)
        row = await db.row(tx, O.file, {"home": home_of(mall), "id": objection_id})
    if row is None or row[0] is None:
        raise Refused(SettlementRefusal.objection_without_file)
    return found, env.keys.open_field(mall, PURPOSE, bytes(row[0]), str(objection_id).encode())


async def answer(
    env: Env, actor: Actor, objection_id: int, outcome: ObjectionOutcome, reply: str = ""
) -> Objection:
    """The mall's word. The same again changes nothing. Refuses objection_not_found, objection_answered."""
    tenancy.require(actor, "settlement.write")
    mall = actor.mall_id
    told = {"state": outcome, "reply": reply}
    given = told | {"home": home_of(mall), "id": objection_id, "at": env.now(mall)}
    async with env.db.transaction(mall) as tx:
        await _the(tx, actor, objection_id, None)
        if not await db.run(tx, O.answer_objection, given | {"by": f"{actor.kind}:{actor.id}"}):
            known = await _the(tx, actor, objection_id, None)
            if known.state != outcome:
                raise Refused(SettlementRefusal.objection_answered, status=known.state)
            return known
        subject = f"objection:{objection_id}"
        was = {"state": "open"}
        await tenancy.audit(tx, env, actor, "settlement.answer_objection", subject, was, told)
        return await _the(tx, actor, objection_id, None)


async def list_objections(
    env: Env,
    actor: Actor,
    *,
    connection_id: int | None = None,
    state: ObjectionState | None = None,
    before: int = store.LAST,
    size: int = 50,
) -> list[Objection]:
    """Newest first; a supplier's people see their own."""
    supplier = _reading(actor)
    async with env.db.transaction(actor.mall_id) as tx:
        return await _found(
            tx, actor, supplier, connection_id=connection_id, state=state, before=before, size=size
        )


async def _about(
    tx: db.Tx, which: dict[str, object], line_no: int | None, attempt_id: int | None
) -> int | None:
    """The statement whose line it is; None for a purchase."""
    if attempt_id is not None:
        if not await db.row(tx, O.purchase_differs, which | {"attempt": attempt_id}):
            raise Refused(SettlementRefusal.difference_not_found)
        return None
    found = await db.row(tx, store.Q.statement_of_day, which)
    if found is None:
        raise Refused(SettlementRefusal.statement_missing)
    if not await db.row(tx, O.line_is_there, which | {"id": found[0], "line": line_no}):
        raise Refused(SettlementRefusal.line_not_found)
    return int(found[0])


async def _same(
    tx: db.Tx,
    actor: Actor,
    connection_id: int,
    supplier: int,
    note: str,
    day: date,
    line_no: int | None,
    attempt_id: int | None,
) -> Objection:
    about = (day, line_no, attempt_id)
    for known in await _found(tx, actor, supplier, connection_id=connection_id, state="open", size=1_000):
        if (known.day, known.line_no, known.attempt_id) == about and known.note == note:
            return known
    raise Refused(SettlementRefusal.objection_open)


def _writing(actor: Actor) -> int:
    tenancy.require(actor, "own.supply.write")
    return supplier_of(actor)


def _reading(actor: Actor) -> int | None:
    return None if tenancy.allows(actor, "settlement.read") else supplier_of(actor)


async def _the(tx: db.Tx, actor: Actor, objection_id: int, supplier: int | None) -> Objection:
    found = await _found(tx, actor, supplier, id_=objection_id, size=1)
    if not found:
        raise Refused(SettlementRefusal.objection_not_found)
    return found[0]


async def _found(
    tx: db.Tx,
    actor: Actor,
    supplier: int | None,
    *,
    connection_id: int | None = None,
    state: ObjectionState | None = None,
    id_: int | None = None,
    before: int = store.LAST,
    size: int,
) -> list[Objection]:
    given = {"home": home_of(actor.mall_id), "mall": actor.mall_id, "supplier": supplier, "state": state}
    given |= {"connection": connection_id, "id": id_, "before": before, "size": size}
    return [Objection(*row) for row in await db.rows(tx, O.objections, given)]
