"""The settlement with a supplier, as his own people see it: days, lines beside our books, what was paid. Whose it is, is said
by the session. What the mall's people note for themselves is not in it."""

import csv
import io
import zipfile
from datetime import date

import msgspec

from commissary import tenancy
from commissary.base import db, money, sql
from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.base.home import home as home_of
from commissary.base.table_out import guarded
from commissary.settlement import store
from commissary.settlement.types import (
    Account,
    Day,
    Difference,
    OwnLine,
    Payment,
    SettlementRefusal,
    Statement,
)
from commissary.tenancy.types import Actor

O = sql.load(__package__, "own.sql")  # noqa: E741

PAGE = 5_000
MOST_LINES = 200_000  # of a file that is handed out
HEADER = ("line", "our_number", "your_number", "article", "quantity", "status", "yours", "ours", "difference")


def supplier_of(actor: Actor) -> int:
    """Refuses forbidden for everybody but a partner's people."""
    tenancy.require(actor, "own.settlement.read")
    return actor.organisation_id


async def require_own(tx: db.Tx, home: int, supplier: int, connection_id: int) -> Account:
    """Refuses connection_unknown for one that is not his."""
    account, _ = await store.account(tx, home, connection_id)
    if account.supplier_id != supplier:
        raise Refused(SettlementRefusal.connection_unknown)
    return account


async def own_account(env: Env, actor: Actor, connection_id: int) -> Account:
    async with env.db.transaction(actor.mall_id) as tx:
        return await require_own(tx, home_of(actor.mall_id), supplier_of(actor), connection_id)


async def own_days(env: Env, actor: Actor, connection_id: int, *, before: date, size: int) -> list[Day]:
    """Newest first. Refuses connection_unknown, as all of these."""
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        await require_own(tx, home, supplier_of(actor), connection_id)
        return await store.days(tx, home, connection_id, before=before, size=size)


async def own_statements(
    env: Env, actor: Actor, connection_id: int, *, before: int, size: int
) -> list[Statement]:
    """Newest first."""
    home = home_of(actor.mall_id)
    given = {"home": home, "connection": connection_id, "before": before, "size": size}
    async with env.db.transaction(actor.mall_id) as tx:
        await require_own(tx, home, supplier_of(actor), connection_id)
        return [Statement(*r) for r in await db.rows(tx, store.Q.statements, given)]


async def own_lines(
    env: Env, actor: Actor, connection_id: int, day: date, *, after: int, size: int
) -> list[OwnLine]:
    """The lines of the day's statement, each beside our books. Refuses statement_missing."""
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        await require_own(tx, home, supplier_of(actor), connection_id)
        return await _lines(tx, home, connection_id, day, after, size)


async def own_differences(
    env: Env, actor: Actor, connection_id: int, day: date, *, after: int, size: int
) -> list[Difference]:
    """What differs on the day, also what his statement has not."""
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        await require_own(tx, home, supplier_of(actor), connection_id)
        return await store.differences(tx, home, connection_id=connection_id, day=day, after=after, size=size)


async def own_payments(
    env: Env, actor: Actor, connection_id: int, *, before: int, size: int
) -> list[Payment]:
    """Newest first."""
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        await require_own(tx, home, supplier_of(actor), connection_id)
        return await store.payments(tx, home, connection_id, before=before, size=size)


async def own_papers(env: Env, actor: Actor, connection_id: int, day: date) -> bytes:
    """A zip of the day: `day.json`, its sums with the SHA-256 of the pack it was closed upon, and `lines.csv`.

    Refuses day_not_found.
    """
    home = home_of(actor.mall_id)
    async with env.db.transaction(actor.mall_id) as tx:
        account = await require_own(tx, home, supplier_of(actor), connection_id)
        known = await store.the_day(tx, home, connection_id, day)
        statement = await store.statement_of(tx, home, connection_id, day)
        lines: list[OwnLine] = []
        while statement is not None and len(lines) < MOST_LINES:
            after = lines[-1].line_no if lines else 0
            lines += (page := await _lines(tx, home, connection_id, day, after, PAGE))
            if len(page) < PAGE:
                break
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in (("day.json", _day(account, known, statement)), ("lines.csv", _csv(lines))):
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


async def _lines(tx: db.Tx, home: int, connection_id: int, day: date, after: int, size: int) -> list[OwnLine]:
    statement = await store.statement_of(tx, home, connection_id, day)
    if statement is None:
        raise Refused(SettlementRefusal.statement_missing)
    given = {"home": home, "connection": connection_id, "day": day, "id": statement.id}
    return [OwnLine(*r) for r in await db.rows(tx, O.lines, given | {"after": after, "size": size})]


def _day(account: Account, day: Day, statement: Statement | None) -> bytes:
    told = {
        "format": "commissary.settlement.own_day/1",
        "connection": account.name,
        "currency": account.currency,
        "day": day.day.isoformat(),
        "status": day.state,
        "statement_sha256": None if statement is None else bytes(statement.sha256).hex(),
        "ours": money.text(day.ours_e4),
        "yours": money.text(day.theirs_e4),
        "difference": money.text(day.theirs_e4 - day.ours_e4),
        "counts": day.counts,
        "pack_sha256": None if day.pack_sha256 is None else bytes(day.pack_sha256).hex(),
        "closed_at": None if day.closed_at is None else day.closed_at.isoformat(),
    }
    return msgspec.json.encode(told, order="deterministic")


def _csv(lines: list[OwnLine]) -> bytes:
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    write((*HEADER, "kind", "resolution"))
    for x in lines:
        texts = [guarded(t) for t in (x.ref, x.supplier_ref, x.article)]
        sums = [money.text(s) for s in (x.theirs_e4, x.ours_e4, x.theirs_e4 - x.ours_e4)]
        write((x.line_no, *texts, x.quantity, x.status, *sums, x.kind, x.resolution or ""))
    return b"\xef\xbb\xbf" + out.getvalue().encode()
