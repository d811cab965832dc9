"""Taking a committed sheet back, and forgetting what is over."""

from datetime import datetime
from typing import Any, get_type_hints

import msgspec

from commissary import approvals, catalog, pricing, tenancy
from commissary.approvals.types import Look
from commissary.approvals.types import Request as Asked
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.bulk import price_sheet, store
from commissary.bulk.store import Q
from commissary.bulk.types import MOST_DOWNLOADS, BulkRefusal, Upload
from commissary.bulk.upload import PERMISSION
from commissary.catalog.types import SkuDraft
from commissary.tenancy.types import Actor

MOST_ROWS = 5_000
_TYPES = get_type_hints(SkuDraft)


class UndoSheet(msgspec.Struct, frozen=True):
    upload_id: int


async def undo(env: Env, acts: approvals.Acts, actor: Actor, upload_id: int) -> Upload | Asked:
    """What held before holds again, all of it or nothing: prices as they were, goods as they were, new goods deleted. Prices that a
    rule puts before a second person wait for him, and are as they were with his word.

    Refuses not_undoable (codes, and what was not committed), already_undone, and, when somebody changed something since,
    `overtaken` of prices and `conflict` of goods.
    """
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await _done(tx, actor, upload_id)
        if found.kind == "prices":
            done = await acts.ask(env.within(tx, mall), actor, UndoSheet(found.id), found.file_name)
            if isinstance(done, Asked):
                return done
        else:
            await _goods(tx, env, actor, found)
            await _undone(tx, env, actor, found)
        return await store.get_upload(tx, mall, found.id)


async def waits_for(env: Env, mall: int, found: Upload) -> int | None:
    """The request by which this sheet may be undone."""
    if found.kind != "prices" or found.state != "done" or found.undone_at is not None:
        return None
    async with env.db.transaction(mall) as tx:
        subject = f"upload:{found.id}"
        return await approvals.waiting_for(tx, mall, UndoSheet, subject, found.id, env.now(mall))


async def look_undo(tx: db.Tx, env: Env, actor: Actor, what: UndoSheet) -> Look:
    """Price by price; it holds as long as each of them is what the sheet made it, and would go back to the same."""
    mall = actor.mall_id
    found = await _done(tx, actor, what.upload_id)
    assert found.result is not None
    seen = await pricing.look_undo_all(tx, mall, found.result.change_ids, env.now(mall))
    lines = [
        line
        for one in seen
        for line in pricing.lines_of(one.book.id, one.book.currency, one.old, one.new, {})
    ]
    return Look(
        acts=("pricing.change",),
        subject=f"upload:{found.id}",
        before={},
        after={"file": found.file_name, "undo": True} | price_sheet.counted(lines),
        holds={"changes": [str(i) for i in found.result.change_ids]},
        count=len({sku for one in seen for sku in one.new}),
        unit="skus",
        move_bp=max((abs(line.move_bp or 0) for line in lines), default=0),
        lines=pricing.in_order(lines),
    )


async def undo_sheet(env: Env, actor: Actor, what: UndoSheet) -> dict[str, Any]:
    async with env.db.transaction(actor.mall_id) as tx:
        found = await _done(tx, actor, what.upload_id)
        assert found.result is not None
        made = await pricing.undo_all(tx, env, actor, found.result.change_ids, force=False)
        await _undone(tx, env, actor, found)
        return {"change_ids": [str(one.id) for one in made]}


async def _done(tx: db.Tx, actor: Actor, upload_id: int) -> Upload:
    await store.hold(tx, actor.mall_id, upload_id)
    found = await store.get_upload(tx, actor.mall_id, upload_id)
    tenancy.require(actor, PERMISSION[found.kind])
    if found.undone_at is not None:
        raise Refused(BulkRefusal.already_undone)
    if found.kind == "codes" or found.state != "done" or found.result is None:
        raise Refused(BulkRefusal.not_undoable)
    return found


async def _undone(tx: db.Tx, env: Env, actor: Actor, found: Upload) -> None:
    mall = actor.mall_id
    await db.run(tx, Q.set_undone, {"mall": mall, "id": found.id, "at": env.now(mall)})
    before, after = {"state": found.state, "undone": False}, {"state": "done", "undone": True}
    await tenancy.audit(tx, env, actor, "bulk.undo", f"upload:{found.id}", before, after)


async def _goods(tx: db.Tx, env: Env, actor: Actor, found: Upload) -> None:
    rows = await store.result_rows(tx, actor.mall_id, found.id)
    changed = [row for row in rows if row.outcome in ("created", "updated")]
    if len(changed) > MOST_ROWS:
        raise Refused(BulkRefusal.not_undoable, rows_max=MOST_ROWS)
    for row in changed:
        assert row.subject_id is not None
        if row.outcome == "created":
            await catalog.delete_in(tx, env, actor, row.subject_id)
        else:
            assert row.before is not None
            assert row.version is not None
            old = {role: msgspec.convert(value, _TYPES[role]) for role, value in row.before.items()}
            await catalog.edit_in(tx, env, actor, row.subject_id, row.version, old)


async def sweep(env: Env, mall: int, now: datetime) -> int:
    """Bytes of uploads and exports whose time is over; of how many."""
    done = 0
    async with env.db.transaction(mall, "vault") as tx:
        for upload_id, state in await db.rows(tx, Q.sources_due, {"mall": mall, "at": now}):
            found = await store.get_upload(tx, mall, upload_id)
            if found.state in ("committing", "waiting"):
                continue  # for its hour, or for a second person
            await store.forget_source(tx, mall, upload_id)
            if state in ("open", "committing"):
                await store.end(tx, mall, upload_id, "expired" if state == "open" else found.state, None, now)
            done += 1
        for (export_id,) in await db.rows(
            tx, Q.exports_due, {"mall": mall, "at": now, "most": MOST_DOWNLOADS}
        ):
            await db.run(tx, Q.drop_parts, {"mall": mall, "file": export_id})
            await db.run(tx, Q.forget_export, {"mall": mall, "id": export_id})
            done += 1
    return done


ACTS = [approvals.Act(UndoSheet, ("pricing.change",), look_undo, undo_sheet)]
