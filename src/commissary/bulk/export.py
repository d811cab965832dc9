"""Files that go out: asked for, written by a job, sealed at rest, fetched a few times within a day.

Codes go out masked; in clear only inside a zip that is encrypted (AES-256) before it rests anywhere, under a password that is
shown once.
"""

import asyncio
import io
import secrets
from collections.abc import Mapping
from typing import Any

import pyzipper  # type: ignore[import-untyped]

from commissary import jobs, tenancy
from commissary.base import db, table_out
from commissary.base.crypto import sha256
from commissary.base.env import Env
from commissary.base.errors import Refused, invalid
from commissary.bulk import export_rows, filters, store
from commissary.bulk.store import Q, json_of
from commissary.bulk.types import (
    KEPT,
    MOST_DOWNLOADS,
    BulkRefusal,
    Export,
    ExportFormat,
    ExportList,
)
from commissary.tenancy.types import Actor, TenancyRefusal

JOB = "bulk.export"
MOST_ROWS = 500_000
PERMISSION: Mapping[ExportList, str] = {
    "orders": "orders.read",
    "skus": "catalog.read",
    "buyers": "partners.read",
    "transfers": "ledger.read",
    "audit": "audit.read",
    "prices": "pricing.read",
    "codes": "stock.export",
}
# What is in them is of people, or worth money: a session that was left open must not carry it away.
WITH_PROOF: frozenset[ExportList] = frozenset({"orders", "buyers", "transfers", "audit", "codes"})


async def begin(
    env: Env, actor: Actor, list_: ExportList, format_: ExportFormat, given: filters.Given
) -> Export:
    """A file of everything that matches, by a job. `zip` is of codes, in clear and encrypted. Refuses `invalid_request` for a
    filter that the list has not, `step_up_required` for codes and what is of people."""
    require(env, actor, list_)
    if format_ == "zip" and list_ != "codes":
        raise invalid("format", "zip is for codes / zip 仅用于卡密")
    filters.query_of(list_, given)
    mall, at, id_ = actor.mall_id, env.now(actor.mall_id), env.ids.new()
    name = f"{list_}-{id_}.{format_}"
    async with env.db.transaction(mall) as tx:
        payload = {"export_id": id_, "person": int(actor.id), "organisation": actor.organisation_id}
        job = await jobs.defer(tx, env, mall, JOB, payload, by=f"{actor.kind}:{actor.id}", unit="rows")
        facts = {
            "mall": mall,
            "id": id_,
            "list": list_,
            "format": format_,
            "query": json_of(given),
            "file_name": name,
            "job": job,
            "by": int(actor.id),
            "organisation": actor.organisation_id,
            "at": at,
            "expires": at + KEPT,
        }
        await db.run(tx, Q.add_export, facts)
        after = {"list": list_, "format": format_, "filter": dict(given), "job": str(job)}
        await tenancy.audit(tx, env, actor, "bulk.export", f"export:{id_}", None, after)
        return await _get(tx, mall, id_)


async def run_export(job: jobs.Job) -> Any:
    """The handler of `bulk.export`. Again after a crash it writes the file anew; whoever is second keeps the first one's."""
    env, mall, id_ = job.env, job.mall_id, int(job.payload["export_id"])
    person, organisation = int(job.payload["person"]), int(job.payload["organisation"])
    async with env.db.transaction(mall) as tx:
        actor = await tenancy.actor_now(tx, mall, person, organisation)
    if actor is None:
        raise Refused(TenancyRefusal.forbidden)
    async with env.db.transaction(mall) as tx:
        found = await _get(tx, mall, id_)
    if found.ready_at is None:
        await _write(job, actor, found)
    async with env.db.transaction(mall) as tx:
        found = await _get(tx, mall, id_)
    return {"export_id": str(id_), "rows": found.rows, "file": found.file_name}


async def _write(job: jobs.Job, actor: Actor, found: Export) -> None:
    env, mall = job.env, job.mall_id
    tenancy.require(actor, PERMISSION[found.list])
    at = await export_rows.place(env, actor)
    query = filters.query_of(found.list, found.query)
    if found.list == "codes":
        source = export_rows.codes(at, query, clear=found.format == "zip")
    else:
        source = export_rows.ROWS[found.list](at, query)
    rows: list[list[object]] = []
    async for some in source:
        rows += some
        if len(rows) > MOST_ROWS:
            raise Refused(BulkRefusal.too_many_subjects, rows_max=MOST_ROWS)
        await job.progress(len(rows) - 1)
    password = secrets.token_urlsafe(15) if found.format == "zip" else None
    data = await asyncio.to_thread(_file, rows, found, password)
    async with env.db.transaction(mall, "vault") as tx:
        ready = await db.row(tx, Q.hold_export, {"mall": mall, "id": found.id})
        if ready is None or ready[0]:
            return
        await store.put_bytes(tx, env.keys, mall, found.id, data)
        facts = {
            "mall": mall,
            "id": found.id,
            "rows": len(rows) - 1,
            "size": len(data),
            "sha256": sha256(data),
        }
        sealed = None
        if password is not None:
            sealed = env.keys.seal_field(mall, "bulk.password", password.encode(), str(found.id).encode())
        await db.run(tx, Q.finish_export, facts | {"at": env.now(mall), "password": sealed})


def _file(rows: list[list[object]], found: Export, password: str | None) -> bytes:
    if password is None:
        return table_out.table(rows, "xlsx" if found.format == "xlsx" else "csv", sheet=found.list)
    out = io.BytesIO()
    with pyzipper.AESZipFile(
        out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    ) as archive:
        archive.setpassword(password.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        archive.writestr(f"{found.list}-{found.id}.csv", table_out.table(rows, "csv"))
    return out.getvalue()


async def fetch(env: Env, actor: Actor, export_id: int) -> tuple[Export, bytes]:
    """The file, for whoever asked for it; each time counts. Refuses export_not_found, step_up_required, export_not_ready,
    export_gone."""
    mall = actor.mall_id
    found = await get_export(env, actor, export_id)
    _require_proof(env, actor, found.list)
    if found.ready_at is None:
        raise Refused(BulkRefusal.export_not_ready)
    async with env.db.transaction(mall, "vault") as tx:
        facts = {"mall": mall, "id": export_id, "most": MOST_DOWNLOADS, "at": env.now(mall)}
        counted = await db.row(tx, Q.count_download, facts)
        data = await store.get_bytes(tx, env.keys, mall, export_id) if counted else b""
        if not data:
            raise Refused(BulkRefusal.export_gone)
        after = {"list": found.list, "file": found.file_name, "download": counted[0] if counted else 0}
        await tenancy.audit(tx, env, actor, "bulk.fetch_export", f"export:{export_id}", None, after)
    return found, data


async def show_password(env: Env, actor: Actor, export_id: int) -> str:
    """Of an encrypted file, once. Refuses export_not_found, step_up_required, export_not_ready, export_gone (also when it was
    shown)."""
    mall = actor.mall_id
    found = await get_export(env, actor, export_id)
    _require_proof(env, actor, found.list)
    if found.ready_at is None:
        raise Refused(BulkRefusal.export_not_ready)
    async with env.db.transaction(mall, "vault") as tx:
        held = await db.row(tx, Q.take_password, {"mall": mall, "id": export_id})
        if held is None:
            raise Refused(BulkRefusal.export_gone)
        await tenancy.audit(
            tx, env, actor, "bulk.show_export_key", f"export:{export_id}", None, {"shown": True}
        )
    return env.keys.open_field(mall, "bulk.password", bytes(held[0]), str(export_id).encode()).decode()


def require(env: Env, actor: Actor, list_: ExportList) -> None:
    """Refuses `forbidden`, `step_up_required`."""
    tenancy.require(actor, PERMISSION[list_])
    _require_proof(env, actor, list_)


def _require_proof(env: Env, actor: Actor, list_: ExportList) -> None:
    if list_ in WITH_PROOF:
        tenancy.require_proof(env, actor)


async def get_export(env: Env, actor: Actor, export_id: int) -> Export:
    """One's own. Refuses export_not_found."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await _get(tx, actor.mall_id, export_id)
    if found.made_by != int(actor.id):
        raise Refused(BulkRefusal.export_not_found)
    tenancy.require(actor, PERMISSION[found.list])
    return found


async def list_exports(env: Env, actor: Actor, *, before: int, size: int) -> list[Export]:
    """One's own, newest first."""
    if actor.kind != "person":
        return []
    async with env.db.transaction(actor.mall_id) as tx:
        facts = {"mall": actor.mall_id, "id": None, "before": before, "by": int(actor.id), "size": size}
        return [_export(r) for r in await db.rows(tx, Q.exports, facts)]


async def _get(tx: db.Tx, mall: int, export_id: int) -> Export:
    facts = {"mall": mall, "id": export_id, "before": store.ID_MAX, "by": None, "size": 1}
    found = await db.row(tx, Q.exports, facts)
    if found is None:
        raise Refused(BulkRefusal.export_not_found)
    return _export(found)


def _export(r: Any) -> Export:
    row = dict(zip(Export.__struct_fields__, r, strict=True))
    digest = row["sha256"]
    return Export(**(row | {"sha256": None if digest is None else bytes(digest)}))
