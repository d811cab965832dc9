"""The job that commits an upload. Killed anywhere and begun again, it does nothing twice: what a row did is written in the
transaction of its effect, and codes are counted by `stock`, which goes on with a file where it stopped."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, NoReturn

import msgspec

from commissary import catalog, jobs, pricing, stock, tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.bulk import code_file, goods_sheet, judge, price_sheet, reading, store
from commissary.bulk.reading import Repairs
from commissary.bulk.types import BulkRefusal, Result, Row, RowResult, Upload
from commissary.stock.types import ImportOptions, ImportReport, StockRefusal
from commissary.tenancy.types import Actor, TenancyRefusal

CHUNK = 50  # rows of goods in one transaction, which holds the mall's epoch meanwhile
MOST_AT_ONCE = 2_000  # of goods, when all or none are asked for
TOLD_EVERY_S = 0.5
WAITS, WAIT_S = 30, 0.5  # for somebody else who goes on with the same file of codes


class Again(Exception):
    """It is tried again later."""


async def run_upload(job: jobs.Job) -> Any:
    """The handler of `bulk.upload`."""
    env, mall, upload_id = job.env, job.mall_id, int(job.payload["upload_id"])
    async with env.db.transaction(mall) as tx:
        found = await store.get_upload(tx, mall, upload_id)
    if found.state == "committing":
        try:
            await _commit(job, found)
        except Refused as no:
            if no.refusal.retryable:  # a copy of this job works on it, or did until a moment ago
                raise Again(no.refusal.code) from no
            result = Result(reason=no.refusal.code, rejected=found.report.rows if found.report else 0)
            async with env.db.transaction(mall) as tx:
                await store.end(tx, mall, upload_id, "failed", result, env.now(mall))
            raise
    async with env.db.transaction(mall) as tx:
        found = await store.get_upload(tx, mall, upload_id)
    return {"upload_id": str(upload_id)} | _told(found.result)


def _told(result: Result | None) -> dict[str, Any]:
    """Ids as texts, as on the wire."""
    told: dict[str, Any] = msgspec.to_builtins(result or Result())
    for name in ("change_ids", "batch_ids"):
        if name in told:
            told[name] = [str(i) for i in told[name]]
    return told | ({"import_id": str(told["import_id"])} if "import_id" in told else {})


async def _commit(job: jobs.Job, found: Upload) -> None:
    env, mall = job.env, job.mall_id
    person, organisation = int(job.payload["person"]), int(job.payload["organisation"])
    async with env.db.transaction(mall) as tx:
        actor = await tenancy.actor_now(tx, mall, person, organisation)
    if actor is None:
        raise Refused(TenancyRefusal.forbidden)
    data, repairs = await store.source(env, mall, found)
    if found.kind == "codes":
        await _codes(job, actor, found, data, repairs)
        return
    rows = await asyncio.to_thread(judge.body, found, data, repairs)
    assert found.how is not None
    if found.kind == "prices":
        await _prices(job, actor, found, rows)
    elif found.how.mode == "all":
        await _goods_at_once(job, actor, found, rows)
    else:
        await _goods(job, actor, found, rows)


async def _prices(job: jobs.Job, actor: Actor, found: Upload, rows: list[Row]) -> None:
    env, mall = job.env, job.mall_id
    async with env.db.transaction(mall) as tx:
        if await store.hold(tx, mall, found.id) != "committing":
            return
        await set_prices(tx, env, actor, found, rows)
        await job.progress(len(rows), tx=tx)


async def set_prices(tx: db.Tx, env: Env, actor: Actor, found: Upload, rows: list[Row]) -> Result:
    """All books of the sheet in the caller's transaction, judged again under their locks; the upload ends with it."""
    mall, how = actor.mall_id, found.how
    assert how is not None
    await pricing.lock_books(tx, mall, price_sheet.books_in(found.layout.roles))
    now = env.now(mall)
    later = how.valid_from if how.valid_from is not None and how.valid_from > now else None
    judged = await price_sheet.judge(
        tx, mall, rows, found.layout.roles, later or now, override_floor=how.override_floor
    )
    wrong = {p.line: p for p in judged.errors}
    if how.mode == "all" and wrong:
        raise Refused(BulkRefusal.upload_has_errors, rows=len(wrong))
    changes = []
    if judged.ladders:
        reason = how.reason or found.file_name
        changes = await pricing.set_in_books(
            tx, env, actor, judged.ladders, later, reason, override_floor=how.override_floor
        )
    results = [
        RowResult(line, outcome, sku)  # type: ignore[arg-type]
        for line, (sku, outcome) in judged.lines.items()
        if line not in wrong
    ]
    results += [RowResult(p.line, "rejected", None, p.reason, p.expected) for p in wrong.values()]
    await store.add_rows(tx, mall, found.id, results)
    result = _counted(results, tuple(c.id for c in changes))
    await store.end(tx, mall, found.id, "done", result, now)
    return result


async def _goods_at_once(job: jobs.Job, actor: Actor, found: Upload, rows: list[Row]) -> None:
    env, mall = job.env, job.mall_id
    if len(rows) > MOST_AT_ONCE:
        raise Refused(BulkRefusal.rows_too_many, rows_max=MOST_AT_ONCE)
    async with env.db.transaction(mall) as tx:
        if await store.hold(tx, mall, found.id) != "committing":
            return
        judged = await goods_sheet.judge(tx, mall, rows, found.layout.roles, env.now(mall))
        if judged.errors:
            raise Refused(BulkRefusal.upload_has_errors, rows=len({p.line for p in judged.errors}))
        results = [RowResult(line, "same", sku) for line, sku in judged.same]
        results += [await _apply(tx, env, actor, plan) for plan in judged.plans]
        await store.add_rows(tx, mall, found.id, results)
        await store.end(tx, mall, found.id, "done", _counted(results), env.now(mall))
        await job.progress(len(rows), tx=tx)


async def _goods(job: jobs.Job, actor: Actor, found: Upload, rows: list[Row]) -> None:
    """The good rows, some at a time; each refused one is noted and the next ones go on."""
    env, mall = job.env, job.mall_id
    async with env.db.transaction(mall) as tx:
        done = {r[0] for r in await db.rows(tx, store.Q.rows_done, {"mall": mall, "id": found.id})}
    left = [row for row in rows if row.line not in done]
    try:
        for first in range(0, len(left), CHUNK):
            some = left[first : first + CHUNK]
            async with env.db.transaction(mall) as tx:
                if await store.hold(tx, mall, found.id) != "committing":
                    return
                ours = {r[0] for r in await db.rows(tx, store.Q.rows_done, {"mall": mall, "id": found.id})}
                some = [row for row in some if row.line not in ours]
                await store.add_rows(tx, mall, found.id, await _chunk(tx, env, actor, found, some))
            await job.progress(len(done) + first + len(some), total=len(rows))
    except jobs.Stopped:
        await _end_goods(env, mall, found, "cancelled")
        raise
    await _end_goods(env, mall, found, "done")


async def _chunk(tx: db.Tx, env: Env, actor: Actor, found: Upload, rows: list[Row]) -> list[RowResult]:
    mall = actor.mall_id
    judged = await goods_sheet.judge(tx, mall, rows, found.layout.roles, env.now(mall))
    wrong = {p.line: p for p in judged.errors}
    results = [RowResult(line, "same", sku) for line, sku in judged.same]
    results += [RowResult(p.line, "rejected", None, p.reason, p.expected) for p in wrong.values()]
    for plan in judged.plans:
        if plan.line in wrong:
            continue
        try:
            async with tx.transaction():
                results.append(await _apply(tx, env, actor, plan))
        except Refused as no:
            subject = plan.sku.id if plan.sku else None
            results.append(RowResult(plan.line, "rejected", subject, no.refusal.code, _fields(no)))
    return results


async def _apply(tx: db.Tx, env: Env, actor: Actor, plan: goods_sheet.Plan) -> RowResult:
    if plan.sku is None:
        assert plan.draft is not None
        made = await catalog.create_in(tx, env, actor, plan.draft)
        return RowResult(plan.line, "created", made.id, version=made.version)
    before = {role: getattr(plan.sku, role) for role in plan.changes}
    new = await catalog.edit_in(tx, env, actor, plan.sku.id, plan.sku.version, plan.changes)
    return RowResult(plan.line, "updated", new.id, before=msgspec.to_builtins(before), version=new.version)


async def _end_goods(env: Env, mall: int, found: Upload, state: str) -> None:
    async with env.db.transaction(mall) as tx:
        results = await store.result_rows(tx, mall, found.id)
        await store.end(tx, mall, found.id, state, _counted(results), env.now(mall))


async def _codes(job: jobs.Job, actor: Actor, found: Upload, data: bytes, repairs: Repairs) -> None:
    env, mall = job.env, job.mall_id
    whole, dialect = await asyncio.to_thread(reading.effective, data, found.dialect, "codes", repairs)
    at: dict[str, Any] = {"done": 0, "total": None, "stop": False}

    def heard(done: int, total: int | None) -> bool:
        at.update(done=done, total=total)
        return bool(at["stop"])

    assert found.options.sku_id is not None
    wanted = code_file.import_options(found.options, found.layout, dialect)
    importing = asyncio.ensure_future(
        _import(env, actor, found.options.sku_id, whole, wanted, found.file_name, heard)
    )
    telling = asyncio.ensure_future(_tell(job, at))
    try:
        await asyncio.wait((importing, telling), return_when=asyncio.FIRST_COMPLETED)
        report = importing.result() if importing.done() else telling.result()
    finally:
        await _ended(importing, telling)
    left_out = report.repeated_in_file + report.known_elsewhere + report.expired
    result = Result(
        created=report.imported,
        skipped=left_out,
        rejected=report.faulty,
        reason=report.trouble,
        import_id=report.import_id,
        batch_ids=report.batches,
        already_imported=report.already_imported,
    )
    state = "done" if report.state == "done" else "cancelled" if report.trouble == stock.STOPPED else "failed"
    async with env.db.transaction(mall, "vault") as tx:
        await store.forget_source(tx, mall, found.id)
        await store.end(tx, mall, found.id, state, result, env.now(mall))
    await job.progress(report.read)


async def _import(
    env: Env,
    actor: Actor,
    sku: int,
    data: bytes,
    wanted: ImportOptions,
    name: str,
    heard: Callable[[int, int | None], bool],
) -> ImportReport:
    """As `stock` does it. Where somebody else goes on with the same file (a runner that lost its lease does until it hears of
    that) we wait, and go on where he stopped."""
    for left in reversed(range(WAITS)):
        try:
            return await stock.import_codes(
                env, actor, actor.mall_id, sku, data, wanted, file_name=name, progress=heard
            )
        except Refused as no:
            if no.refusal is not StockRefusal.import_running or not left:
                raise
        await asyncio.sleep(WAIT_S)
    raise AssertionError


async def _tell(job: jobs.Job, at: dict[str, Any]) -> NoReturn:
    """How far it is, twice a second; a wish to stop is heard here, and heeded at the end of a chunk. Ends by what went wrong,
    such as `jobs.LeaseLost`."""
    while True:
        await asyncio.sleep(TOLD_EVERY_S)
        try:
            await job.progress(at["done"], total=at["total"])
        except jobs.Stopped:
            at["stop"] = True


async def _ended(*tasks: "asyncio.Future[Any]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _counted(results: list[RowResult], change_ids: tuple[int, ...] = ()) -> Result:
    of = Counter(result.outcome for result in results)
    return Result(
        of["created"], of["updated"], of["same"], of["skipped"], of["rejected"], change_ids=change_ids
    )


def _fields(no: Refused) -> str:
    return "; ".join(f"{f.path}: {f.message}" for f in no.fields)[:500]
