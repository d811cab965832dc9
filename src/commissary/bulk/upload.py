"""A file that comes in: taken, its columns named, checked, mended.

upload ─► set_layout ─► check ─► repair ─► check ─► commit (commit.py) ─► (job) ─► undo
                                              └─► discard
"""

import asyncio
import hashlib
from collections.abc import Sequence

import msgspec

from commissary import catalog, pricing, tenancy
from commissary.base import db, table_file
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal, invalid
from commissary.base.table_file import Dialect
from commissary.bulk import code_file, goods_sheet, judge, price_sheet, reading, rules, store
from commissary.bulk.judge import Checked
from commissary.bulk.reading import Repairs
from commissary.bulk.store import Q, json_of
from commissary.bulk.types import (
    IGNORED,
    KEPT,
    MOST_REPAIRS,
    BulkRefusal,
    Layout,
    Options,
    Row,
    Seen,
    Upload,
    UploadKind,
)
from commissary.catalog.types import FROM_STOCK
from commissary.pricing.types import Book
from commissary.stock.types import StockRefusal
from commissary.tenancy.types import Actor

PERMISSION: dict[UploadKind, str] = {
    "codes": "stock.import",
    "skus": "catalog.write",
    "prices": "pricing.write",
}
SAMPLE = 5


async def upload(
    env: Env,
    actor: Actor,
    kind: UploadKind,
    data: bytes,
    file_name: str,
    *,
    options: Options | None = None,
    sheet: str | None = None,
) -> Upload:
    """Take a file in: sealed, for a day, its columns guessed or as they were named last time. Refuses what no file can be read
    with (`TableRefusal`), rows_too_many; of codes also not_found and not_from_stock for its SKU."""
    tenancy.require(actor, PERMISSION[kind])
    options, mall, at = options or Options(), actor.mall_id, env.now(actor.mall_id)
    goods = await _kind_of(env, actor, options.sku_id) if kind == "codes" else None
    dialect = await asyncio.to_thread(table_file.sniff, data, limits=reading.limits(kind), sheet=sheet)
    async with env.db.transaction(mall) as tx:
        books = await pricing.every_book(tx, mall) if kind == "prices" else []
    layout = await asyncio.to_thread(_guess, kind, data, dialect, goods, books)
    made = Upload(
        id=env.ids.new(),
        kind=kind,
        state="open",
        has_source=True,
        file_name=file_name[:200],
        sha256=hashlib.sha256(data).digest(),
        size=len(data),
        dialect=dialect,
        layout=layout,
        options=options,
        version=1,
        report=None,
        report_version=None,
        how=None,
        result=None,
        job_id=None,
        made_by=int(actor.id),
        organisation_id=actor.organisation_id,
        made_at=at,
        expires_at=at + KEPT,
        ended_at=None,
        undone_at=None,
    )
    async with env.db.transaction(mall, "vault") as tx:
        if layout.headers and not layout.fixed:
            roles = await store.remembered(tx, mall, kind, rules.headers_hash(layout.headers))
            if roles is not None and len(roles) == len(layout.roles):
                layout = msgspec.structs.replace(layout, roles=roles, guessed=False, remembered=True)
                made = msgspec.structs.replace(made, layout=layout)
        await store.add_upload(tx, mall, made)
        await store.put_bytes(tx, env.keys, mall, made.id, data)
        after = {"kind": kind, "file": made.file_name, "bytes": made.size, "sha256": made.sha256.hex()}
        await tenancy.audit(tx, env, actor, "bulk.upload", f"upload:{made.id}", None, after)
    return made


async def set_layout(
    env: Env, actor: Actor, upload_id: int, roles: Sequence[str] | None, options: Options | None
) -> Upload:
    """Say what the columns are (remembered for files with the same headers), and what the file does not say itself. None stays.
    Refuses upload_ended, invalid_request."""
    mall = actor.mall_id
    async with env.db.transaction(mall, "vault") as tx:
        old = await _open(tx, actor, upload_id)
        layout = old.layout
        if roles is not None:
            await _check_roles(tx, mall, old, roles)
            layout = msgspec.structs.replace(layout, roles=tuple(roles), guessed=False, remembered=False)
            if layout.headers:
                known = {"mall": mall, "kind": old.kind, "headers": rules.headers_hash(layout.headers)}
                await db.run(tx, Q.remember, {**known, "roles": json_of(layout.roles), "at": env.now(mall)})
        new = old.options if options is None else options
        facts = {"mall": mall, "id": old.id, "layout": json_of(layout), "options": json_of(new)}
        await db.run(tx, Q.set_layout, facts)
        before = {"roles": list(old.layout.roles)} | msgspec.to_builtins(old.options)
        after = {"roles": list(layout.roles)} | msgspec.to_builtins(new)
        await tenancy.audit(tx, env, actor, "bulk.set_columns", f"upload:{old.id}", before, after)
        return await store.get_upload(tx, mall, old.id)


async def repair(env: Env, actor: Actor, upload_id: int, rows: Repairs) -> Upload:
    """Mend rows in place, or leave them out (None). Refuses upload_ended, source_gone, upload_not_yours, no_such_row,
    repairs_too_many."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await _open(tx, actor, upload_id)
    _require_maker(actor, found)
    data, known = await store.source(env, mall, found)
    lines = {r.line for r in await asyncio.to_thread(judge.body, found, data, {})}
    if strange := sorted(set(rows) - lines):
        raise Refused(BulkRefusal.no_such_row, line=strange[0])
    if len(known.keys() | rows.keys()) > MOST_REPAIRS:
        raise Refused(BulkRefusal.repairs_too_many, rows_max=MOST_REPAIRS)
    async with env.db.transaction(mall, "vault") as tx:
        found = await _open(tx, actor, upload_id)
        await store.put_repairs(tx, env.keys, mall, found.id, rows)
        await db.run(tx, Q.raise_version, {"mall": mall, "id": found.id})
        after = {"lines": sorted(rows), "left_out": sorted(n for n, cells in rows.items() if cells is None)}
        await tenancy.audit(tx, env, actor, "bulk.repair", f"upload:{found.id}", None, after)
        return await store.get_upload(tx, mall, found.id)


async def check(env: Env, actor: Actor, upload_id: int) -> tuple[Upload, Checked]:
    """A dry run of the file as it is now. Refuses upload_ended, source_gone, columns_incomplete, and what the whole file is
    refused for."""
    mall = actor.mall_id
    async with env.db.transaction(mall) as tx:
        found = await _open(tx, actor, upload_id)
    data, repairs = await store.source(env, mall, found)
    checked = await judge.check(env, actor, found, data, repairs)
    async with env.db.transaction(mall) as tx:
        facts = {"mall": mall, "id": found.id, "version": found.version}
        await db.run(tx, Q.set_report, facts | {"report": json_of(checked.report)})
        return await store.get_upload(tx, mall, found.id), checked


async def discard(env: Env, actor: Actor, upload_id: int) -> None:
    """Give it up; its bytes are gone. Refuses upload_ended."""
    mall = actor.mall_id
    async with env.db.transaction(mall, "vault") as tx:
        await store.hold(tx, mall, upload_id)
        found = await _open(tx, actor, upload_id)
        await store.forget_source(tx, mall, found.id)
        await store.end(tx, mall, found.id, "discarded", None, env.now(mall))
        before = {"state": found.state, "file": found.file_name}
        await tenancy.audit(
            tx, env, actor, "bulk.discard", f"upload:{found.id}", before, {"state": "discarded"}
        )


async def get_upload(env: Env, actor: Actor, upload_id: int) -> tuple[Upload, Seen | None]:
    """With an upload of the very same bytes before, that was committed. Refuses upload_not_found."""
    async with env.db.transaction(actor.mall_id) as tx:
        found = await store.get_upload(tx, actor.mall_id, upload_id)
        tenancy.require(actor, PERMISSION[found.kind])
        return found, await store.same_bytes(tx, actor.mall_id, found)


async def list_uploads(env: Env, actor: Actor, kind: UploadKind, *, before: int, size: int) -> list[Upload]:
    """Of one kind, newest first."""
    tenancy.require(actor, PERMISSION[kind])
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.list_uploads(tx, actor.mall_id, kind=kind, before=before, size=size)


async def rows_of(env: Env, actor: Actor, found: Upload, lines: Sequence[int] | None) -> list[Row]:
    """Rows as they stand in the file, mended: those of `lines`, else the first few below the header. Of codes in clear only
    for `lines` and for whoever uploaded them; refuses upload_not_yours, source_gone."""
    if lines is not None:
        _require_maker(actor, found)
    data, repairs = await store.source(env, actor.mall_id, found)
    body = await asyncio.to_thread(judge.body, found, data, repairs)
    if lines is not None:
        wanted = set(lines)
        return [row for row in body if row.line in wanted]
    return body[:SAMPLE]


async def books_of(env: Env, actor: Actor) -> list[Book]:
    async with env.db.transaction(actor.mall_id) as tx:
        return await pricing.every_book(tx, actor.mall_id)


def _require_maker(actor: Actor, found: Upload) -> None:
    if found.kind == "codes" and int(actor.id) != found.made_by:
        raise Refused(BulkRefusal.upload_not_yours)


def may_see_rows(actor: Actor, found: Upload) -> bool:
    return found.kind != "codes" or int(actor.id) == found.made_by


async def _open(tx: db.Tx, actor: Actor, upload_id: int) -> Upload:
    found = await store.get_upload(tx, actor.mall_id, upload_id)
    tenancy.require(actor, PERMISSION[found.kind])
    if found.state == "waiting":
        raise Refused(BulkRefusal.upload_waits)
    if found.state != "open":
        raise Refused(BulkRefusal.upload_ended, state=found.state)
    return found


async def _kind_of(env: Env, actor: Actor, sku_id: int | None) -> str:
    if sku_id is None:
        raise invalid("sku_id", "which goods the codes are / 请选择商品")
    async with env.db.transaction(actor.mall_id) as tx:
        sku = (await catalog.skus_by_id(tx, actor.mall_id, [sku_id])).get(sku_id)
    if sku is None or sku.status == "deleted":
        raise Refused(RequestRefusal.not_found)
    if sku.kind not in FROM_STOCK:
        raise Refused(StockRefusal.not_from_stock, kind=sku.kind)
    return sku.kind


def _guess(
    kind: UploadKind, data: bytes, dialect: Dialect, goods: str | None, books: Sequence[Book]
) -> Layout:
    if kind == "codes":
        return code_file.guess(data, dialect, goods)  # type: ignore[arg-type]
    first = next(iter(reading.rows(data, dialect, kind, {})), None)
    if first is None or first.fault is not None:
        raise Refused(BulkRefusal.columns_incomplete, missing=["sku_id"])
    if kind == "prices":
        return Layout(first.cells, price_sheet.roles_of(first.cells, books), first.line)
    columns = table_file.columns_by_header(first.cells, goods_sheet.COLUMNS)
    by_column = {column: role for role, column in columns.found.items()}
    roles = tuple(by_column.get(n, IGNORED) for n in range(len(first.cells)))
    return Layout(first.cells, roles, first.line)


async def _check_roles(tx: db.Tx, mall: int, found: Upload, roles: Sequence[str]) -> None:
    if len(roles) != len(found.layout.roles):
        raise invalid("roles", f"one for each of {len(found.layout.roles)} columns / 须与列数一致")
    named = [role for role in roles if role != IGNORED]
    if len(set(named)) < len(named):
        raise invalid("roles", "two columns cannot be the same / 同一含义只能对应一列")
    known = await known_roles(tx, mall, found.kind)
    if strange := next((role for role in named if role not in known), None):
        raise invalid("roles", f"not a role of a column: {strange} / 未知的列含义")


async def known_roles(tx: db.Tx, mall: int, kind: UploadKind) -> set[str]:
    if kind == "codes":
        return set(code_file.ROLES)
    if kind == "skus":
        return set(goods_sheet.COLUMNS)
    books = await pricing.every_book(tx, mall)
    across = {f"{prefix}{b.id}" for b in books for prefix in (price_sheet.BOOK, price_sheet.VERSION)}
    return {*price_sheet.NAMES, *across}
