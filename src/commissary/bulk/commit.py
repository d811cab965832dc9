"""What was checked becomes so: by a job, or, for prices that a rule puts before a second person, in the transaction of his word.

    commit ─► a rule asks? ── no ──► committing ─► (job) ─► done
                  │ yes
                  ▼
               waiting ── approved ──► done          judged again under the locks of its books, and as it was, or nothing is
                  └────── otherwise ─► open          it can be mended and asked for again

What is committed is what was checked: a change of the columns, the options or a row asks for another check first.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from commissary import approvals, jobs, pricing, tenancy
from commissary.approvals.types import ActName, Line, Look
from commissary.approvals.types import Request as Asked
from commissary.base import db, outbox
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.base.home import mall_of
from commissary.bulk import judge, price_sheet, run, store
from commissary.bulk.store import Q, json_of
from commissary.bulk.types import KEPT, BulkRefusal, How, Row, Upload
from commissary.bulk.upload import PERMISSION
from commissary.tenancy.types import Actor

JOB = "bulk.upload"


class CommitSheet(msgspec.Struct, frozen=True):
    """A sheet of prices as it was checked: this file, these columns and repairs."""

    upload_id: int
    revision: int
    sha256: str
    how: How


async def commit(
    env: Env, acts: approvals.Acts, actor: Actor, upload_id: int, how: How, version: int
) -> Upload | Asked:
    """What was checked becomes a job's work, or the request that waits; `actor` may be another person than who uploaded it. With
    `valid_from`, goods change then and prices hold from then.

    Refuses upload_ended, upload_waits, not_checked (also when `version` is not the present one), upload_has_errors, nothing_to_do.
    """
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        await store.hold(tx, mall, upload_id)
        found = await store.get_upload(tx, mall, upload_id)
        tenancy.require(actor, PERMISSION[found.kind])
        if found.state == "waiting" and (found.how, found.version) != (how, version):
            raise Refused(BulkRefusal.upload_waits)
        if found.state not in ("open", "waiting"):
            raise Refused(BulkRefusal.upload_ended, state=found.state)
        if not found.has_source:
            raise Refused(BulkRefusal.source_gone)
        report = found.report
        if report is None or found.report_version != found.version or version != found.version:
            raise Refused(BulkRefusal.not_checked)
        if how.mode == "all" and (report.rejected or report.trouble):
            raise Refused(BulkRefusal.upload_has_errors, rows=report.rejected)
        if not report.create + report.update:
            raise Refused(BulkRefusal.nothing_to_do)
        if how.valid_from is not None and (found.kind == "codes" or how.valid_from <= env.now(mall)):
            raise invalid(
                "valid_from", "an instant to come, of goods or prices / 须为将来的时间，且不适用于卡密"
            )
        if how.override_floor:
            tenancy.require(actor, "pricing.floor")
        if found.kind == "prices":
            what = CommitSheet(found.id, found.version, found.sha256.hex(), how)
            done = await acts.ask(env.within(tx, mall), actor, what, how.reason or found.file_name)
            if isinstance(done, Asked):
                facts = {"mall": mall, "id": found.id, "how": json_of(how), "approval": done.id}
                await db.run(tx, Q.begin_waiting, facts)
                return done
        else:
            await _begin(tx, env, actor, found, how)
        return await store.get_upload(tx, mall, found.id)


async def _begin(tx: db.Tx, env: Env, actor: Actor, found: Upload, how: How) -> None:
    mall, report = actor.mall_id, found.report
    assert report is not None
    wait = how.valid_from - env.now(mall) if how.valid_from is not None and found.kind == "skus" else None
    payload = {"upload_id": found.id, "person": int(actor.id), "organisation": actor.organisation_id}
    later: dict[str, Any] = {"after": wait} if wait else {}
    by = f"{actor.kind}:{actor.id}"
    job = await jobs.defer(tx, env, mall, JOB, payload, by=by, unit="rows", total=report.rows, **later)
    facts = {"mall": mall, "id": found.id, "how": json_of(how), "job": job}
    await db.run(tx, Q.begin_commit, facts)
    await _audit(tx, env, actor, found, how, "committing", {"job": str(job)})


async def _audit(
    tx: db.Tx, env: Env, actor: Actor, found: Upload, how: How, state: str, more: dict[str, Any]
) -> None:
    report = found.report
    assert report is not None
    after: dict[str, Any] = {"kind": found.kind, "file": found.file_name, "create": report.create}
    after |= {"update": report.update, "rejected": report.rejected, "state": state}
    before = {"state": found.state}
    await tenancy.audit(
        tx, env, actor, "bulk.commit", f"upload:{found.id}", before, after | msgspec.to_builtins(how) | more
    )


# A second person ----------------------------------------------------------------------------------------------------


async def look_sheet(tx: db.Tx, env: Env, actor: Actor, what: CommitSheet) -> Look:
    """The whole of it, price by price; it holds as long as each of these prices is what it was, and nothing else would change.
    Refuses upload_has_errors, nothing_to_do."""
    mall, how = actor.mall_id, what.how
    found = await _held(tx, actor, what)
    rows = await _rows(env, mall, found)
    books = price_sheet.books_in(found.layout.roles)
    await pricing.lock_books(tx, mall, books)
    now = env.now(mall)
    at = max(how.valid_from or now, now)
    judged = await price_sheet.judge(
        tx, mall, rows, found.layout.roles, at, override_floor=how.override_floor
    )
    wrong = {p.line for p in judged.errors}
    if how.mode == "all" and wrong:
        raise Refused(BulkRefusal.upload_has_errors, rows=len(wrong))
    if not judged.ladders:
        raise Refused(BulkRefusal.nothing_to_do)
    skus = sorted({sku for ladders in judged.ladders.values() for sku in ladders})
    least = await pricing.floors_of(tx, mall, skus, at)
    currency = {b.id: b.currency for b in await pricing.every_book(tx, mall)}
    old = await pricing.held(tx, mall, list(judged.ladders), skus, at)
    lines: list[Line] = []
    for book, ladders in judged.ladders.items():
        before = {sku: old[book, sku] for sku in ladders if (book, sku) in old}
        lines += pricing.lines_of(book, currency[book], before, ladders, least)
    acts: tuple[ActName, ...] = ("pricing.change",)
    if any(line.warning for line in lines):
        acts = ("pricing.floor", *acts)
    return Look(
        acts=acts,
        subject=f"upload:{found.id}",
        before={},
        after=_summed(found, how, lines, len(rows), len(wrong)),
        holds={"revision": found.version, "rejected": len(wrong)},
        count=len(skus),
        unit="skus",
        move_bp=max((abs(line.move_bp or 0) for line in lines), default=0),
        lines=pricing.in_order(lines),
    )


def _summed(found: Upload, how: How, lines: Sequence[Line], rows: int, wrong: int) -> dict[str, Any]:
    counts = {"rows_left_out": wrong, "below_floor": sum(bool(line.warning) for line in lines)}
    told: dict[str, Any] = {"file": found.file_name, "rows": rows} | price_sheet.counted(lines) | counts
    return told | ({"valid_from": how.valid_from} if how.valid_from else {})


async def commit_sheet(env: Env, actor: Actor, what: CommitSheet) -> dict[str, Any]:
    """Nobody was asked: a job does it. Somebody was, and this is the transaction of his word: it is done in it."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await _held(tx, actor, what)
        if found.state == "open":
            await _begin(tx, env, actor, found, what.how)
            return {}
        result = await run.set_prices(tx, env, actor, found, await _rows(env, mall, found))
        await _audit(tx, env, actor, found, what.how, "done", {"approval": str(found.approval_id)})
        return {"changed": result.updated, "change_ids": [str(i) for i in result.change_ids]}


async def _held(tx: db.Tx, actor: Actor, what: CommitSheet) -> Upload:
    tenancy.require(actor, "pricing.write")
    await store.hold(tx, actor.mall_id, what.upload_id)
    found = await store.get_upload(tx, actor.mall_id, what.upload_id)
    if found.state not in ("open", "waiting"):
        raise Refused(BulkRefusal.upload_ended, state=found.state)
    if (found.version, found.sha256.hex()) != (what.revision, what.sha256):
        raise Refused(BulkRefusal.not_checked)
    return found


async def _rows(env: Env, mall: int, found: Upload) -> list[Row]:
    """The file is the vault's to read, and does not change while it is held."""
    data, repairs = await store.source(env.apart(), mall, found)
    return await asyncio.to_thread(judge.body, found, data, repairs)


async def on_decided(tx: db.Tx, env: Env, home: int, seen: Sequence[tuple[int, int, outbox.Event]]) -> int:
    """A sheet that was not let happen is open again."""
    mall = mall_of(home)
    expires = env.now(mall) + KEPT
    for _, _, event in seen:
        facts = {"mall": mall, "id": int(str(event.data["subject"]).removeprefix("upload:"))}
        await db.run(tx, Q.end_waiting, facts | {"approval": event.subject, "expires": expires})
    return len(seen)


def is_of_a_sheet(event: outbox.Event) -> bool:
    return str(event.data["subject"]).startswith("upload:")


ACTS = [approvals.Act(CommitSheet, ("pricing.floor", "pricing.change"), look_sheet, commit_sheet)]
