"""What became of the rows of an upload, as files."""

import asyncio

from commissary import stock, tenancy
from commissary.base import table_out
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.bulk import judge, store
from commissary.bulk.types import BulkRefusal, Row, Upload
from commissary.bulk.upload import PERMISSION, may_see_rows
from commissary.tenancy.types import Actor

RESULT = ("行 row", "结果 outcome", "对象 id", "原因 reason", "说明 detail")
ERROR = "错误 error"


async def result_csv(env: Env, actor: Actor, upload_id: int) -> bytes:
    """A line for each row of a sheet; of codes one for each row that became none, without a code in it."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.get_upload(tx, actor.mall_id, upload_id)
        tenancy.require(actor, PERMISSION[found.kind])
        rows = await store.result_rows(tx, actor.mall_id, found.id)
    if found.kind == "codes" and found.result is not None and found.result.import_id is not None:
        faults = await stock.import_faults(env, actor, found.result.import_id)
        told = [[f.line, "rejected", "", f.reason, f"{f.zh} / {f.en}"] for f in faults]
    else:
        told = [[r.line, r.outcome, r.subject_id or "", r.reason, r.detail] for r in rows]
    return table_out.table([RESULT, *told], "csv")


async def rejected_csv(env: Env, actor: Actor, upload_id: int) -> bytes:
    """The rows that are not taken, in the file's own columns and an error beside them: mended, it can be uploaded again.

    Of codes only before the commit and only for whoever uploaded them. Refuses upload_not_yours, source_gone.
    """
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await store.get_upload(tx, mall, upload_id)
        tenancy.require(actor, PERMISSION[found.kind])
        done = await store.result_rows(tx, mall, found.id)
    if not may_see_rows(actor, found):
        raise Refused(BulkRefusal.upload_not_yours)
    data, repairs = await store.source(env, mall, found)
    if found.state == "open":
        checked = await judge.check(env, actor, found, data, repairs)
        errors = {
            p.line: f"{p.zh} / {p.en}" + (f" ({p.expected})" if p.expected else "") for p in checked.errors
        }
    else:
        errors = {
            r.line: " ".join(filter(None, (r.reason, r.detail))) for r in done if r.outcome == "rejected"
        }
    rows = await asyncio.to_thread(judge.body, found, data, repairs)
    head = [*found.layout.headers] or [f"{n + 1}" for n in range(len(found.layout.roles))]
    body = [_row(row, errors[row.line], len(head)) for row in rows if row.line in errors]
    if found.kind == "codes":
        async with env.db.transaction(mall) as tx:
            await tenancy.audit(
                tx, env, actor, "bulk.take_rejected", f"upload:{found.id}", None, {"rows": len(body)}
            )
    return table_out.table([[*head, ERROR], *body], "csv")


def _row(row: Row, error: str, width: int) -> list[str]:
    return [*(table_out.unguarded(c) for c in row.cells), *[""] * (width - len(row.cells)), error]


def name_of(found: Upload, what: str) -> str:
    return f"{what}-{found.id}.csv"
