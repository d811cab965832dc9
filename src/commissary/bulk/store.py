"""Rows ↔ types of uploads, and sealed bytes. Reads `jobs.job` for how a commit's job ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from commissary.base import db, sql
from commissary.base.crypto import Keyring
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.table_file import Dialect
from commissary.bulk.reading import Repairs
from commissary.bulk.types import (
    BulkRefusal,
    How,
    Layout,
    Options,
    Report,
    Result,
    RowResult,
    Seen,
    Upload,
    UploadKind,
)

Q = sql.load(__package__)

PART = 1024 * 1024
ID_MAX = 2**63 - 1


def json_of(value: Any) -> Jsonb:
    return Jsonb(value, dumps=msgspec.json.encode)


async def add_upload(tx: db.Tx, mall: int, upload: Upload) -> None:
    facts = {
        "mall": mall,
        "id": upload.id,
        "kind": upload.kind,
        "file_name": upload.file_name,
        "sha256": upload.sha256,
        "size": upload.size,
        "dialect": json_of(upload.dialect),
        "layout": json_of(upload.layout),
        "options": json_of(upload.options),
        "by": upload.made_by,
        "organisation": upload.organisation_id,
        "at": upload.made_at,
        "expires": upload.expires_at,
    }
    await db.run(tx, Q.add_upload, facts)


async def get_upload(tx: db.Tx, mall: int, upload_id: int) -> Upload:
    """Refuses `upload_not_found`."""
    found = await list_uploads(tx, mall, id_=upload_id)
    if not found:
        raise Refused(BulkRefusal.upload_not_found)
    return found[0]


async def list_uploads(
    tx: db.Tx,
    mall: int,
    *,
    id_: int | None = None,
    kind: UploadKind | None = None,
    before: int = ID_MAX,
    size: int = 1,
) -> list[Upload]:
    """Newest first."""
    facts = {"mall": mall, "id": id_, "kind": kind, "before": before, "size": size}
    return [_upload(r) for r in await db.rows(tx, Q.uploads, facts)]


def _upload(r: Sequence[Any]) -> Upload:
    row = dict(zip(Upload.__struct_fields__, r, strict=True))
    shapes = {
        "dialect": Dialect, "layout": Layout, "options": Options, "report": Report, "how": How, "result": Result,
    }  # fmt: skip
    row |= {
        name: msgspec.convert(row[name], shape) for name, shape in shapes.items() if row[name] is not None
    }
    return Upload(**(row | {"sha256": bytes(row["sha256"])}))


async def hold(tx: db.Tx, mall: int, upload_id: int) -> str:
    """Lock it; its state as it is stored. Refuses `upload_not_found`."""
    found = await db.row(tx, Q.hold_upload, {"mall": mall, "id": upload_id})
    if found is None:
        raise Refused(BulkRefusal.upload_not_found)
    return str(found[0])


async def same_bytes(tx: db.Tx, mall: int, upload: Upload) -> Seen | None:
    facts = {"mall": mall, "kind": upload.kind, "sha256": upload.sha256, "id": upload.id}
    found = await db.row(tx, Q.same_bytes, facts)
    return None if found is None else Seen(*found)


async def end(tx: db.Tx, mall: int, upload_id: int, state: str, result: Result | None, at: datetime) -> None:
    facts = {"mall": mall, "id": upload_id, "state": state, "at": at}
    await db.run(tx, Q.end_upload, facts | {"result": None if result is None else json_of(result)})


async def remembered(tx: db.Tx, mall: int, kind: UploadKind, headers: bytes) -> tuple[str, ...] | None:
    found = await db.row(tx, Q.remembered, {"mall": mall, "kind": kind, "headers": headers})
    return None if found is None else tuple(found[0])


async def add_rows(tx: db.Tx, mall: int, upload_id: int, rows: Sequence[RowResult]) -> None:
    for first in range(0, len(rows), 5_000):
        some = [msgspec.to_builtins(row) for row in rows[first : first + 5_000]]
        await db.run(tx, Q.add_rows, {"mall": mall, "id": upload_id, "rows": json_of(some)})


async def result_rows(tx: db.Tx, mall: int, upload_id: int) -> list[RowResult]:
    found: list[RowResult] = []
    while True:
        after = found[-1].line if found else 0
        facts = {"mall": mall, "id": upload_id, "after": after, "size": 10_000}
        some = [RowResult(*r) for r in await db.rows(tx, Q.rows, facts)]
        found += some
        if len(some) < 10_000:
            return found


# Sealed bytes -------------------------------------------------------------------------------------------------------


async def put_bytes(tx: db.Tx, keys: Keyring, mall: int, file_id: int, data: bytes) -> None:
    """In parts, each sealed for its place. `tx` is the vault's."""
    for n, first in enumerate(range(0, len(data), PART)):
        sealed = keys.seal_field(mall, "bulk", data[first : first + PART], f"{file_id}:{n}".encode())
        await db.run(tx, Q.add_part, {"mall": mall, "file": file_id, "n": n, "sealed": sealed})


async def get_bytes(tx: db.Tx, keys: Keyring, mall: int, file_id: int) -> bytes:
    """All of it; empty when it is gone."""
    parts = await db.rows(tx, Q.parts, {"mall": mall, "file": file_id})
    return b"".join(
        keys.open_field(mall, "bulk", bytes(sealed), f"{file_id}:{n}".encode()) for n, sealed in parts
    )


async def source(env: Env, mall: int, upload: Upload) -> tuple[bytes, Repairs]:
    """The file and what was mended in it. Refuses `source_gone`."""
    async with env.db.transaction(mall, "vault") as tx:
        data = await get_bytes(tx, env.keys, mall, upload.id)
        mended = await db.rows(tx, Q.repairs, {"mall": mall, "id": upload.id})
    if not data:
        raise Refused(BulkRefusal.source_gone)
    repairs = {
        line: None
        if cells is None
        else tuple(
            msgspec.json.decode(
                env.keys.open_field(mall, "bulk.repair", bytes(cells), _place(upload.id, line)),
                type=list[str],
            )
        )
        for line, cells in mended
    }
    return data, repairs


async def put_repairs(tx: db.Tx, keys: Keyring, mall: int, upload_id: int, repairs: Repairs) -> None:
    for line, cells in repairs.items():
        sealed = None
        if cells is not None:
            sealed = keys.seal_field(mall, "bulk.repair", msgspec.json.encode(cells), _place(upload_id, line))
        await db.run(tx, Q.put_repair, {"mall": mall, "id": upload_id, "line": line, "cells": sealed})


def _place(upload_id: int, line: int) -> bytes:
    return f"{upload_id}:{line}".encode()


async def forget_source(tx: db.Tx, mall: int, upload_id: int) -> None:
    """Nothing of the file's bytes is left. `tx` is the vault's."""
    await db.run(tx, Q.drop_parts, {"mall": mall, "file": upload_id})
    await db.run(tx, Q.drop_repairs, {"mall": mall, "id": upload_id})
    await db.run(tx, Q.forget_source, {"mall": mall, "id": upload_id})
