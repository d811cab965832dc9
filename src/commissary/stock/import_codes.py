"""A file of codes into the vault: streamed, counted to the row, and continued after a crash.

    prepare   read a chunk, find expired rows and repeats, blind the rest     no database, in a thread
    store     one transaction: which are known; seal the new; write them      while the next chunk is prepared
    finish    one transaction: Merkle roots, lots open, custody, audit, events

A chunk is whole or absent, and the import row remembers the place behind it, so a process may die anywhere. Nothing is
for sale before the end. A chunk's fingerprints are written in sorted order: two imports that share codes wait for each
other, never in a circle, and whoever waited in vain does its chunk again.
"""

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from psycopg.types.json import Jsonb

from commissary import partners, provenance, tenancy
from commissary.base import db, outbox, table_file
from commissary.base.arrays import Bigints, Byteas, Ints, Texts, Timestamps
from commissary.base.env import Env
from commissary.base.errors import Refused, RequestRefusal
from commissary.base.home import home as home_of
from commissary.base.table_file import Position
from commissary.catalog.types import FROM_STOCK, Kind
from commissary.provenance import rules as custody
from commissary.provenance.types import Kind as CustodyKind
from commissary.stock import card_file, store
from commissary.stock import chunk as chunks
from commissary.stock.chunk import FOREVER, Batch, Growth, Prepared
from commissary.stock.types import FaultLine, ImportOptions, ImportReport, StockRefusal
from commissary.stock.vault import new_batch, open_batch
from commissary.tenancy.types import Actor

log = logging.getLogger(__name__)
Q = store.Q

CHUNK = 5_000
SHOWN_FAULTS = 100
KNOWN_ALARM_PERCENT = 5
COUNTS = ("imported", "repeated_in_file", "known_elsewhere", "expired", "faulty")

Progress = Callable[[int, int | None], object]
STOPPED = "stopped"


async def import_codes(
    env: Env,
    actor: Actor,
    mall: int,
    sku: int,
    source: Path | bytes,
    options: ImportOptions,
    *,
    file_name: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    chunk: int = CHUNK,
    shown: int = SHOWN_FAULTS,
) -> ImportReport:
    """Import a file's codes into new batches of `sku`, one per expiry date, and open them for sale.

    The same file for the same SKU again: an unfinished import goes on where it stopped, a finished one is reported
    unchanged. `progress` hears (lines done, lines expected or None); when it answers True, the import ends there: the codes
    before are sealed and the report says `failed`, as when the file turns out broken half way. A dry run counts and writes
    nothing, and tells of the first `shown` faults.

    Refuses forbidden, not_found, not_from_stock, supplier_unknown, supplier_not_qualified (new stock of a supplier that
    may not be bought from), shared_code_single, import_options_differ, import_running, and what `parse` and `table_file` refuse.
    """
    _require(actor, options)
    if actor.mall_id != mall:
        raise Refused(RequestRefusal.not_found)
    goods = await _goods(env, mall, sku, options)
    name = file_name or (source.name if isinstance(source, Path) else "")
    digest = await asyncio.to_thread(_sha256, source)

    run = None if dry_run else await _begun(env, goods, digest, options)
    if run is not None and run.state == "done":
        return await _report(env, goods, run, already_imported=True)
    await _check_supplier(env, goods, options)
    resumed = run is not None
    if run is None:
        preview = await asyncio.to_thread(_preview, source, goods, options)
        run = _Run(env.ids.new(), env.now(mall), preview)
        if not dry_run:
            await _begin(env, actor, goods, run, name, digest, options)

    reading = chunks.Reading(
        goods.kind,
        goods.case_sensitive,
        goods.zone,
        run.started_at,
        options.expires_on,
        partial(env.keys.blind, goods.scope),
    )
    rows = card_file.code_batches(
        source,
        chunk,
        kind=goods.kind,
        layout=run.preview.layout,
        dialect=run.preview.dialect,
        start=run.at if run.at.line else None,
        accept_payment_cards=options.accept_payment_cards,
    )
    trouble = ""
    following = asyncio.ensure_future(asyncio.to_thread(chunks.prepare, rows, reading))
    try:
        while True:
            try:
                prepared = await following
            except Refused as refused:
                trouble = refused.refusal.code
                break
            if prepared is None:
                break
            following = asyncio.ensure_future(asyncio.to_thread(chunks.prepare, rows, reading))
            if dry_run:
                await _count(env, goods, run, prepared, shown)
            else:
                while not await _store(env, goods, run, options, prepared):
                    log.info("import %d: another import took some of these codes; the chunk again", run.id)
            if progress is not None and progress(run.at.line, _expected(source, run)) is True:
                trouble = STOPPED
                break
    finally:
        await _settled(following)

    if dry_run:
        return _dry_report(run, trouble)
    await _finish(env, actor, goods, run, options, trouble)
    known = run.counts["known_elsewhere"]
    if known * 100 > KNOWN_ALARM_PERCENT * (known + run.counts["imported"]):
        log.warning(
            "import %d: %d codes are known elsewhere, %d are new", run.id, known, run.counts["imported"]
        )
    return await _report(env, goods, run, resumed=resumed)


def _require(actor: Actor, options: ImportOptions) -> None:
    """The mall's people bring codes in; a supplier's bring his own, which are frozen until they are released."""
    own = options.intake and options.supplier_id == actor.organisation_id
    tenancy.require(actor, "own.supply.write" if own else "stock.import")


@dataclass(frozen=True)
class _Goods:
    mall: int
    home: int
    sku: int
    kind: Kind
    case_sensitive: bool
    scope: str
    zone: ZoneInfo
    currency: str
    brand: int
    instrument_class: str | None


@dataclass
class _Run:
    """Where an import stands: what its row says after each commit."""

    id: int
    started_at: datetime
    preview: card_file.Preview
    at: Position = field(default_factory=Position)
    state: Literal["running", "done", "failed"] = "running"
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    batches: dict[datetime, Batch] = field(default_factory=dict)
    dry_faults: list[FaultLine] = field(default_factory=list)
    dry_seen: set[bytes] = field(default_factory=set)  # a dry run leaves no fingerprints to be found by

    def follow(self, counts: Mapping[str, int], after: Position) -> None:
        for name, count in counts.items():
            self.counts[name] += count
        self.at = after


# Begin --------------------------------------------------------------------------------------------------------------


async def _goods(env: Env, mall: int, sku: int, options: ImportOptions) -> _Goods:
    async with env.db.transaction(mall, "vault") as tx:
        found = await db.row(tx, Q.goods, {"mall": mall, "sku": sku, "supplier": options.supplier_id})
    if found is None:
        raise Refused(RequestRefusal.not_found)
    kind, case_sensitive, scope, zone, currency, brand, instrument_class, supplier_known = found
    if kind not in FROM_STOCK:
        raise Refused(StockRefusal.not_from_stock, kind=kind)
    if not supplier_known:
        raise Refused(StockRefusal.supplier_unknown)
    return _Goods(
        mall,
        home_of(mall),
        sku,
        kind,
        case_sensitive,
        scope,
        ZoneInfo(zone),
        options.currency or currency,
        brand,
        instrument_class,
    )


async def _check_supplier(env: Env, goods: _Goods, options: ImportOptions) -> None:
    """Whoever brings goods must be fit to be bought from, for this brand and this class of instruments, now."""
    if options.supplier_id is None:
        return
    async with env.db.transaction(goods.mall) as tx:
        [found] = await partners.qualified(
            tx,
            goods.mall,
            [options.supplier_id],
            [goods.brand],
            at=env.now(goods.mall),
            instrument_classes=[goods.instrument_class],
        )
    if found.why is not None:
        raise Refused(StockRefusal.supplier_not_qualified, reason=found.why)


def _sha256(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return hashlib.sha256(source).digest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


async def _begun(env: Env, goods: _Goods, digest: bytes, options: ImportOptions) -> _Run | None:
    """The import of this file that is finished or can be continued, as it was begun."""
    async with env.db.transaction(goods.mall, "vault") as tx:
        found = await db.row(tx, Q.import_of_file, {"home": goods.home, "sku": goods.sku, "sha256": digest})
        if found is None:
            return None
        (id_, state, kept, line, offset, started_at, *counts) = found
        run = _Run(id_, started_at, _kept_preview(kept), Position(line, offset), state)
        run.counts = dict(zip(COUNTS, counts, strict=True))
        if options.intake and kept["options"].get("supplier_id") != options.supplier_id:
            raise Refused(StockRefusal.import_options_differ)  # what others brought is not his to see
        if state == "done":
            return run
        if kept["options"] != msgspec.to_builtins(options):
            raise Refused(StockRefusal.import_options_differ)
        for batch, ends_at, kek_id, wrapped, received in await db.rows(
            tx, Q.batches_of_import, {"home": goods.home, "import": id_}
        ):
            sealer = open_batch(env.keys, goods.mall, batch, kek_id, bytes(wrapped))
            ends_at = ends_at or FOREVER
            run.batches[ends_at] = Batch(sealer, ends_at, received, stored=True)
    for grown in run.batches.values():
        await _regrow(env, goods, grown)
    return run


def _kept_preview(kept: Mapping[str, Any]) -> card_file.Preview:
    dialect = msgspec.convert(kept["dialect"], table_file.Dialect)
    return card_file.Preview(dialect, msgspec.convert(kept["layout"], card_file.Layout), None, ())


async def _regrow(env: Env, goods: _Goods, batch: Batch) -> None:
    """The tree over the commitments that are stored."""
    while batch.tree.size < batch.received:
        async with env.db.transaction(goods.mall, "vault") as tx:
            found = await db.rows(
                tx,
                Q.commitments,
                {"home": goods.home, "batch": batch.sealer.batch, "after": batch.tree.size, "most": 20_000},
            )
        assert found, f"batch {batch.sealer.batch} has fewer codes than it received"
        batch.tree.extend(bytes(commitment) for (commitment,) in found)


def _preview(source: Path | bytes, goods: _Goods, options: ImportOptions) -> card_file.Preview:
    """How the file is read. Decided once and kept with the import."""
    dialect = None if options.sheet is None else table_file.sniff(source, sheet=options.sheet)
    preview = card_file.sniff(source, kind=goods.kind, layout=options.layout, dialect=dialect)
    if (trouble := preview.trouble) is not None:
        raise Refused(
            card_file.CodeFileRefusal.layout_unclear,
            reason=trouble.reason_code,
            line=trouble.line,
            en=trouble.en,
            zh=trouble.zh,
        )
    if goods.kind == "shared_code":
        rows = card_file.read_codes(
            source,
            kind=goods.kind,
            layout=preview.layout,
            dialect=preview.dialect,
            accept_payment_cards=options.accept_payment_cards,
        )
        if sum(1 for row in rows if isinstance(row, card_file.CodeRow)) != 1:
            raise Refused(StockRefusal.shared_code_single)
    return preview


async def _begin(
    env: Env, actor: Actor, goods: _Goods, run: _Run, name: str, digest: bytes, options: ImportOptions
) -> None:
    kept = {
        "options": msgspec.to_builtins(options),
        "dialect": msgspec.to_builtins(run.preview.dialect),
        "layout": msgspec.to_builtins(run.preview.layout),
    }
    async with env.db.transaction(goods.mall, "vault") as tx:
        begun = await db.run(
            tx,
            Q.begin_import,
            {
                "home": goods.home,
                "id": run.id,
                "sku": goods.sku,
                "name": name[:200],
                "sha256": digest,
                "options": Jsonb(kept, dumps=msgspec.json.encode),
                "at": run.started_at,
                "actor": f"{actor.kind}:{actor.id}",
            },
        )
        if not begun:  # somebody else began the same file in this moment
            raise Refused(StockRefusal.import_running)
        if options.intake:
            brought: dict[str, Any] = {"home": goods.home, "id": run.id, "sku": goods.sku}
            brought["supplier"] = options.supplier_id
            brought |= {"by": f"{actor.kind}:{actor.id}", "at": run.started_at}
            await db.run(tx, Q.add_intake, brought)


# Store --------------------------------------------------------------------------------------------------------------


async def _store(env: Env, goods: _Goods, run: _Run, options: ImportOptions, chunk: Prepared) -> bool:
    """Write one chunk and the place behind it. False: another import wrote one of its codes meanwhile."""

    def batch_of(ends_at: datetime) -> Batch:
        known = run.batches.get(ends_at)
        return known or Batch(new_batch(env.keys, goods.mall, env.ids.new()), ends_at)

    try:
        async with env.db.transaction(goods.mall, "vault") as tx:
            await _hold(tx, goods, run)
            known = await _known(tx, chunk, [b.sealer.batch for b in run.batches.values()])
            new = [code for fingerprint, code in chunk.codes.items() if fingerprint not in known]
            growths = chunks.grow(new, batch_of)
            sealing = asyncio.ensure_future(asyncio.to_thread(chunks.seal, growths))
            try:
                added = await _add_fingerprints(tx, goods, growths)
            finally:
                await _settled(sealing)
            if added != len(new):
                raise _Raced
            ciphers, commitments = sealing.result()
            if new:
                await _add_codes(tx, goods, run, options, growths, ciphers, commitments)
            faults, counts = chunks.left_out(chunk, known)
            counts["imported"] = len(new)
            await _advance(tx, goods, run, chunk.after, counts, faults)
    except _Raced:
        return False
    # Committed: only now does memory follow.
    run.follow(counts, chunk.after)
    at = 0
    for growth in growths:
        grown, until = growth.batch, at + len(growth.codes)
        grown.received += len(growth.codes)
        grown.stored = True
        grown.tree.extend(commitments[at:until])
        run.batches[grown.ends_at] = grown
        at = until
    return True


class _Raced(Exception):
    """Some fingerprint was taken between the question and the answer."""


async def _hold(tx: db.Tx, goods: _Goods, run: _Run) -> None:
    """Lock the import and see that it stands where we left it: one process at a time goes on with a file."""
    found = await db.row(tx, Q.hold_import, {"home": goods.home, "id": run.id})
    if found != ("running", run.at.line):
        raise Refused(StockRefusal.import_running)


async def _known(tx: db.Tx, chunk: Prepared, own: Sequence[int]) -> dict[bytes, bool]:
    """Fingerprints that are taken → by this very import."""
    asked = sorted(chunk.codes)
    found = await db.rows(tx, Q.known, {"fingerprints": Byteas(asked), "batches": Bigints(own)})
    return {asked[n - 1]: own_ for n, own_ in found}


async def _add_fingerprints(tx: db.Tx, goods: _Goods, growths: Sequence[Growth]) -> int:
    placed = sorted(
        (code.fingerprint, growth.batch.sealer.batch, seq)
        for growth in growths
        for seq, code in enumerate(growth.codes, growth.first)
    )
    if not placed:
        return 0
    fingerprints, batches, seqs = zip(*placed, strict=True)
    return await db.run(
        tx,
        Q.add_fingerprints,
        {
            "mall": goods.mall,
            "fingerprints": Byteas(fingerprints),
            "batches": Bigints(batches),
            "seqs": Ints(seqs),
        },
    )


async def _add_codes(
    tx: db.Tx,
    goods: _Goods,
    run: _Run,
    options: ImportOptions,
    growths: Sequence[Growth],
    ciphers: Sequence[bytes],
    commitments: Sequence[bytes],
) -> None:
    fresh = [growth.batch for growth in growths if not growth.batch.stored]
    if fresh:
        await db.run(
            tx,
            Q.add_batches,
            {
                "home": goods.home,
                "sku": goods.sku,
                "supplier": options.supplier_id,
                "source": options.source,
                "proof_name": options.proof_name,
                "proof_sha256": options.proof_sha256 and bytes.fromhex(options.proof_sha256),
                "cost_e4": options.unit_cost_e4,
                "currency": goods.currency,
                "import": run.id,
                "at": run.started_at,
                "unlimited": goods.kind == "shared_code",
                "ids": Bigints([b.sealer.batch for b in fresh]),
                "ends": Timestamps([b.ends_at for b in fresh]),
                "deks": Byteas([b.sealer.wrapped for b in fresh]),
                "keks": Texts([b.sealer.kek_id for b in fresh]),
            },
        )
    batches: list[int] = []
    seqs: list[int] = []
    for growth in growths:
        batches += [growth.batch.sealer.batch] * len(growth.codes)
        seqs += range(growth.first, growth.first + len(growth.codes))
    await db.run(
        tx,
        Q.add_codes,
        {
            "home": goods.home,
            "batches": Bigints(batches),
            "seqs": Ints(seqs),
            "ciphers": Byteas(ciphers),
            "commitments": Byteas(commitments),
        },
    )
    await db.run(
        tx,
        Q.grow_batches,
        {
            "home": goods.home,
            "batches": Bigints([g.batch.sealer.batch for g in growths]),
            "received": Ints([g.batch.received + len(g.codes) for g in growths]),
        },
    )


async def _advance(
    tx: db.Tx,
    goods: _Goods,
    run: _Run,
    after: Position,
    counts: Mapping[str, int],
    faults: Sequence[FaultLine],
) -> None:
    if faults:
        await db.run(
            tx,
            Q.add_faults,
            {
                "home": goods.home,
                "import": run.id,
                "lines": Ints([f.line for f in faults]),
                "reasons": Texts([f.reason for f in faults]),
                "details": Texts(
                    [
                        msgspec.json.encode({"zh": f.zh, "en": f.en, "column": f.column}).decode()
                        for f in faults
                    ]
                ),
            },
        )
    await db.run(
        tx,
        Q.advance_import,
        {"home": goods.home, "id": run.id, "line": after.line, "offset": after.offset, **counts},
    )


async def _count(env: Env, goods: _Goods, run: _Run, chunk: Prepared, shown: int) -> None:
    """What `_store` would have counted."""
    async with env.db.transaction(goods.mall, "vault") as tx:
        known = await _known(tx, chunk, ())
    known |= {f: True for f in chunk.codes if f in run.dry_seen and f not in known}
    run.dry_seen.update(f for f in chunk.codes if f not in known)
    faults, counts = chunks.left_out(chunk, known)
    counts["imported"] = len(chunk.codes) - len(known)
    run.dry_faults += faults[: shown - len(run.dry_faults)]
    run.follow(counts, chunk.after)


# Finish -------------------------------------------------------------------------------------------------------------


async def _finish(
    env: Env, actor: Actor, goods: _Goods, run: _Run, options: ImportOptions, trouble: str
) -> None:
    """Seal the batches and open them for sale, or freeze them until they are released; once."""
    now = env.now(goods.mall)
    batches = sorted(run.batches.values(), key=lambda b: b.sealer.batch)
    state: Literal["done", "failed"] = "failed" if trouble else "done"
    async with env.db.transaction(goods.mall, "vault") as tx:
        await _hold(tx, goods, run)
        await db.run(
            tx,
            Q.seal_batches,
            {
                "home": goods.home,
                "at": now,
                "batches": Bigints([b.sealer.batch for b in batches]),
                "roots": Byteas([b.tree.root() for b in batches]),
                "state": "frozen" if options.intake else "open",
                "reason": "intake" if options.intake else "",
                "held": options.intake,
            },
        )
        await db.run(
            tx,
            Q.end_import,
            {"home": goods.home, "id": run.id, "state": state, "reason": trouble, "at": now},
        )
        await provenance.append(tx, goods.home, now, [_received(goods, b, now) for b in batches])
        await tenancy.audit(
            tx,
            env,
            actor,
            "stock.import",
            f"import:{run.id}",
            after={"sku": str(goods.sku), "state": state, "reason": trouble, **run.counts}
            | ({"intake": True} if options.intake else {}),
        )
        events = [
            outbox.Event(
                "stock.received",
                b.sealer.batch,
                1,
                actor.organisation_id,
                now,
                {"sku": str(goods.sku), "count": b.received},
            )
            for b in batches
        ]
        await outbox.publish(tx, goods.home, events, now)
    run.state = state


def _received(goods: _Goods, batch: Batch, now: datetime) -> Any:
    facts = {
        "batch": str(batch.sealer.batch),
        "sku": str(goods.sku),
        "count": batch.received,
        "root": batch.tree.root().hex(),
    }
    return custody.event(
        batch.sealer.batch,
        1,
        CustodyKind.batch_received,
        facts,
        int(now.timestamp() * 1000),
        os.urandom(16),
    )


async def _report(
    env: Env, goods: _Goods, run: _Run, *, resumed: bool = False, already_imported: bool = False
) -> ImportReport:
    async with env.db.transaction(goods.mall, "vault") as tx:
        of_import = {"home": goods.home, "import": run.id}
        batches = await db.rows(tx, Q.batch_ids_of_import, of_import)
        faults = await db.rows(tx, Q.faults_of_import, of_import | {"after": 0, "most": SHOWN_FAULTS})
        ended = await db.row(tx, Q.import_state, of_import)
    assert ended is not None
    return ImportReport(
        run.id,
        ended[0],
        *_six(run.counts),
        batches=tuple(b for (b,) in batches),
        faults=tuple(store.fault_line(row) for row in faults),
        already_imported=already_imported,
        resumed=resumed,
        trouble=ended[1],
    )


def _dry_report(run: _Run, trouble: str) -> ImportReport:
    layout = run.preview.layout
    return ImportReport(
        None,
        "dry_run",
        *_six(run.counts),
        faults=tuple(run.dry_faults),
        trouble=trouble,
        columns=tuple(layout.columns) if layout else (),
        sample=run.preview.rows,
    )


def _six(counts: Mapping[str, int]) -> tuple[int, int, int, int, int, int]:
    """Rows read, then what became of them."""
    new, repeated, known, expired, faulty = (counts[name] for name in COUNTS)
    return sum(counts.values()), new, repeated, known, expired, faulty


def _expected(source: Path | bytes, run: _Run) -> int | None:
    """Lines in the whole file, told from the bytes behind us; a workbook does not tell."""
    if not run.at.offset:
        return None
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return max(run.at.line, run.at.line * size // run.at.offset)


async def _settled(task: "asyncio.Future[Any]") -> None:
    """Wait for a thread, which no cancelling stops, and leave its outcome to whoever asks for it."""
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()
