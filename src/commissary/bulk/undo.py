"""Taking a committed sheet back, and forgetting what is over."""

from datetime import datetime
from typing import get_type_hints

import msgspec

from commissary import approvals, catalog, pricing, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.bulk import store
from commissary.bulk.store import Q
from commissary.bulk.types import MOST_DOWNLOADS, BulkRefusal, Upload
from commissary.bulk.upload import PERMISSION
from commissary.catalog.types import SkuDraft
from commissary.tenancy.types import Actor

MOST_ROWS = 5_000
_TYPES = get_type_hints(SkuDraft)


async def undo(env: Env, actor: Actor, upload_id: int) -> Upload:
    """What held before holds again, all of it or nothing: prices as they were, goods as they were, new goods deleted.

    Refuses not_undoable (codes, and what was not committed), already_undone, needs_second_person (of prices: each change by itself,
    where he can be asked), and, when somebody changed something since,
    `overtaken` of prices and `conflict` of goods.
    """
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await store.hold(tx, mall, upload_id)
        found = await store.get_upload(tx, mall, upload_id)
        tenancy.require(actor, PERMISSION[found.kind])
        if found.undone_at is not None:
            raise Refused(BulkRefusal.already_undone)
        if found.kind == "codes" or found.state != "done" or found.result is None:
            raise Refused(BulkRefusal.not_undoable)
        if found.kind == "prices":
            if await approvals.is_asked_about(tx, mall, "pricing.change"):
                raise Refused(BulkRefusal.needs_second_person)
            await pricing.undo_all(tx, env, actor, found.result.change_ids, force=False)
        else:
            await _goods(tx, env, actor, found)
        await db.run(tx, Q.set_undone, {"mall": mall, "id": found.id, "at": env.now(mall)})
        before = {"state": found.state, "undone": False}
        await tenancy.audit(
            tx, env, actor, "bulk.undo", f"upload:{found.id}", before, {"state": "done", "undone": True}
        )
        return await store.get_upload(tx, mall, found.id)


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
