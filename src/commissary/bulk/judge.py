"""A dry run of an upload, whatever its kind, with every row that is not taken as it is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from commissary.base.env import Env
from commissary.base.errors import Refused
from commissary.bulk import code_file, goods_sheet, price_sheet, reading, rules
from commissary.bulk.reading import Repairs
from commissary.bulk.types import MOST_SHOWN, BulkRefusal, Problem, Report, Row, Upload
from commissary.tenancy.types import Actor


@dataclass(frozen=True)
class Checked:
    report: Report
    errors: Sequence[Problem]


async def check(env: Env, actor: Actor, upload: Upload, data: bytes, repairs: Repairs) -> Checked:
    """Writes nothing. Refuses `columns_incomplete`, and what a commit would refuse as a whole."""
    require_columns(upload)
    if upload.kind == "codes":
        return Checked(
            *await code_file.check(env, actor, data, upload.dialect, upload.layout, upload.options, repairs)
        )
    rows = await asyncio.to_thread(body, upload, data, repairs)
    mall, at = actor.mall_id, env.now(actor.mall_id)
    async with env.db.transaction(mall) as tx:
        if upload.kind == "prices":
            prices = await price_sheet.judge(tx, mall, rows, upload.layout.roles, at)
            return Checked(report_of_prices(len(rows), prices), prices.errors)
        goods = await goods_sheet.judge(tx, mall, rows, upload.layout.roles, at)
        return Checked(report_of_goods(len(rows), goods), goods.errors)


def body(upload: Upload, data: bytes, repairs: Repairs) -> list[Row]:
    """The rows below the header."""
    found = reading.rows(data, upload.dialect, upload.kind, repairs)
    return [row for row in found if row.line != upload.layout.header_line]


def require_columns(upload: Upload) -> None:
    """Refuses `columns_incomplete`, naming what is missing."""
    roles = set(upload.layout.roles)
    missing: list[str] = []
    if upload.kind == "codes" and not upload.layout.fixed and "secret" not in roles:
        missing = ["secret"]
    if upload.kind == "skus" and not roles & {"sku_id", "code"}:
        missing = ["sku_id", "code"]
    if upload.kind == "prices":
        missing = [] if roles & {"sku_id", "code"} else ["sku_id", "code"]
        missing += [] if price_sheet.books_in(upload.layout.roles) else ["book"]
    if missing:
        raise Refused(BulkRefusal.columns_incomplete, missing=missing)


def report_of_prices(rows: int, judged: price_sheet.Judged) -> Report:
    wrong = {p.line for p in judged.errors}
    outcomes = [outcome for line, (_, outcome) in judged.lines.items() if line not in wrong]
    return Report(
        rows=rows,
        create=0,
        update=outcomes.count("updated"),
        same=outcomes.count("same"),
        skip=0,
        rejected=len(wrong),
        errors=rules.grouped(judged.errors),
        warnings=rules.grouped(judged.warnings),
        changes=tuple(judged.changes[:MOST_SHOWN]),
        changed_cells=len(judged.changes),
    )


def report_of_goods(rows: int, judged: goods_sheet.Judged) -> Report:
    changes = [change for plan in judged.plans for change in plan.shown]
    return Report(
        rows=rows,
        create=sum(plan.sku is None for plan in judged.plans),
        update=sum(plan.sku is not None for plan in judged.plans),
        same=len(judged.same),
        skip=0,
        rejected=len({p.line for p in judged.errors}),
        errors=rules.grouped(judged.errors),
        warnings=rules.grouped(judged.warnings),
        changes=tuple(changes[:MOST_SHOWN]),
        changed_cells=len(changes),
    )
