"""A day that is closed: nothing is open, its sums foot with the ledger, and its evidence stands beside it for good.

    opening − purchases + refunds + payments + adjustments = closing

Corrections bear the time at which they were decided, so a closed day never changes. The pack is canonical JSON; its
SHA-256 is what a log or a notary would be given. It names the digest of the ledger's entries, which come with it.
"""

import asyncio
import hashlib
import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from commissary import tenancy
from commissary.base import db
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.settlement import store
from commissary.settlement.types import Account, Day, Difference, SettlementRefusal, Statement
from commissary.tenancy.types import Actor

# A transfer bears the time at which its verb began, and commits within the statement timeout.
SETTLED_AFTER = timedelta(minutes=2)
ENTRY = "transfer,dr,cr,amount_e4,currency,kind,at\n"
PAGE = 5_000


async def close(env: Env, actor: Actor, connection_id: int, day: date) -> Day:
    """Once; closing a closed day changes nothing. Refuses day_not_found, statement_missing, day_not_over,
    earlier_day_open, day_stale, day_has_differences, day_has_objections."""
    tenancy.require(actor, "settlement.write")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        account, zone = await store.account(tx, home, connection_id)
        which = {"home": home, "connection": connection_id, "day": day}
        await db.row(tx, store.Q.hold_day, which)  # nobody matches, imports or closes meanwhile
        known = await store.the_day(tx, home, connection_id, day)
        if known.state == "closed":
            return known
        statement = await store.statement_of(tx, home, connection_id, day)
        if statement is None or statement.state != "imported":
            raise Refused(SettlementRefusal.statement_missing)
        from_, to = store.bounds(day, zone)
        at = env.now(mall)
        if to + SETTLED_AFTER > at:
            raise Refused(SettlementRefusal.day_not_over, ready_at=(to + SETTLED_AFTER).isoformat())
        earlier = await db.row(tx, store.Q.earlier_open, which)
        if earlier is not None:
            raise Refused(SettlementRefusal.earlier_day_open, day=earlier[0].isoformat())
        if known.stale or known.matched_at is None or known.matched_at < to + SETTLED_AFTER:
            raise Refused(SettlementRefusal.day_stale)
        if known.open:
            raise Refused(SettlementRefusal.day_has_differences, open=known.open)
        objections = await db.row(tx, store.Q.open_objections, which)
        if objections is not None and objections[0]:
            raise Refused(SettlementRefusal.day_has_objections, open=objections[0])
        span: dict[str, Any] = {"home": home, "account": account.account_id, "from": from_, "to": to}
        sums = await db.row(tx, store.Q.movements, span)
        assert sums is not None
        opening, purchases, refunds, payments, adjustments, closing = sums
        assert closing == opening - purchases + refunds + payments + adjustments, "the sums do not foot"
        entries = await store.copied(tx, store.Q.copy_entries, span)
        totals = dict(zip(SUMS, sums, strict=True))
        decided = await _decided(tx, home, connection_id, day)
        pack = pack_of(account, known, statement, decided, totals, entries, (from_, to), at)
        sha256 = hashlib.sha256(pack).digest()
        ended = which | totals | {"pack": pack, "sha256": sha256, "at": at}
        if not await db.run(tx, store.Q.close_day, ended):
            raise Refused(SettlementRefusal.day_stale)
        was = {"day": day.isoformat(), "status": known.state}
        told = was | {"status": "closed", "pack": sha256.hex(), "closing_e4": closing}
        await tenancy.audit(tx, env, actor, "settlement.close", f"connection:{connection_id}", was, told)
        return await store.the_day(tx, home, connection_id, day)


SUMS = ("opening", "purchases", "refunds", "payments", "adjustments", "closing")


async def evidence(env: Env, actor: Actor, connection_id: int, day: date) -> bytes:
    """A zip: `pack.json` as it was closed, and `entries.csv`, the ledger's entries of the day, of the digest that the
    pack names. Refuses connection_unknown, day_not_found."""
    tenancy.require(actor, "settlement.read")
    mall, home = actor.mall_id, home_of(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        account, zone = await store.account(tx, home, connection_id)
        found = await db.row(tx, store.Q.pack, {"home": home, "connection": connection_id, "day": day})
        if found is None:
            raise Refused(SettlementRefusal.day_not_found)
        from_, to = store.bounds(day, zone)
        span = {"home": home, "account": account.account_id, "from": from_, "to": to}
        entries = await store.copied(tx, store.Q.copy_entries, span)
    return await asyncio.to_thread(_zipped, bytes(found[0]), ENTRY.encode() + entries)


async def list_days(
    env: Env, actor: Actor, connection_id: int, *, before: date = store.LAST_DAY, size: int = 50
) -> list[Day]:
    """Newest first."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.days(tx, home_of(actor.mall_id), connection_id, before=before, size=size)


async def get_day(env: Env, actor: Actor, connection_id: int, day: date) -> Day:
    """Refuses day_not_found."""
    tenancy.require(actor, "settlement.read")
    async with env.db.transaction(actor.mall_id) as tx:
        return await store.the_day(tx, home_of(actor.mall_id), connection_id, day)


def pack_of(
    account: Account,
    day: Day,
    statement: Statement,
    decided: list[Difference],
    totals: dict[str, int],
    entries: bytes,
    span: tuple[datetime, datetime],
    at: datetime,
) -> bytes:
    """Canonical: keys in order, no blanks, so that it hashes the same wherever it is made again."""
    told = {
        "format": "commissary.settlement.day/1",
        "connection": {
            "id": str(account.connection_id),
            "name": account.name,
            "account": str(account.account_id),
        },
        "supplier": str(account.supplier_id),
        "day": day.day.isoformat(),
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "currency": account.currency,
        "statement": {
            "sha256": statement.sha256.hex(),
            "file": statement.file_name,
            "lines": statement.lines,
            "amount_e4": statement.amount_e4,
        },
        "counts": day.counts,
        "matched_e4": day.matched_e4,
        "ours_e4": day.ours_e4,
        "theirs_e4": day.theirs_e4,
        "differences": [_told(d) for d in decided],
        "account": {f"{name}_e4": amount for name, amount in totals.items()},
        "entries": {
            "count": entries.count(b"\n"),
            "sha256": hashlib.sha256(ENTRY.encode() + entries).hexdigest(),
        },
        "closed_at": at.isoformat(),
    }
    return msgspec.json.encode(told, order="deterministic")


def _told(d: Difference) -> dict[str, object]:
    return {
        "id": str(d.id),
        "kind": d.kind,
        "purchase": None if d.attempt_id is None else str(d.attempt_id),
        "refund": d.refund,
        "line": d.line_no,
        "ours_e4": d.ours_e4,
        "theirs_e4": d.theirs_e4,
        "resolution": d.resolution,
        "to_day": None if d.to_day is None else d.to_day.isoformat(),
        "transfer": None if d.transfer_id is None else str(d.transfer_id),
        "note": d.note,
        "by": d.resolved_by,
        "at": None if d.resolved_at is None else d.resolved_at.isoformat(),
    }


async def _decided(tx: db.Tx, home: int, connection_id: int, day: date) -> list[Difference]:
    found: list[Difference] = []
    while True:
        after = found[-1].id if found else 0
        page = await store.differences(tx, home, connection_id=connection_id, day=day, after=after, size=PAGE)
        found += page
        if len(page) < PAGE:
            return found


def _zipped(pack: bytes, entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (("pack.json", pack), ("entries.csv", entries)):
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
