"""Uploads on the wire."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec

from commissary import stock
from commissary.base import money
from commissary.base.form import form
from commissary.base.table_file import Dialect
from commissary.base.wire import Id
from commissary.bulk import code_file, goods_sheet, price_sheet
from commissary.bulk.types import (
    CommitMode,
    Group,
    How,
    Options,
    Report,
    Result,
    Row,
    Seen,
    Upload,
    UploadKind,
    UploadState,
)
from commissary.pricing.types import Book

Cell = Annotated[str, msgspec.Meta(max_length=4_096)]
Line = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Reason = Annotated[str, msgspec.Meta(max_length=500)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class OptionsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of codes: for which SKU, at what cost, from whom; `expires_on` is the last day, for rows that name none."""

    sku_id: Id | None = None
    unit_cost: Annotated[str, form(r"[0-9]{1,12}(\.[0-9]{1,4})?")] | None = None
    supplier_id: Id | None = None
    source: Annotated[str, msgspec.Meta(max_length=500)] = ""
    expires_on: date | None = None
    proof_name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    proof_sha256: Annotated[str, form("[0-9a-f]{64}")] | None = None


class ColumnsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`roles`: what each column is, `-` for nothing; `role_choices` of the upload are the others. What is not given stays."""

    roles: (
        Annotated[list[Annotated[str, msgspec.Meta(max_length=40)]], msgspec.Meta(max_length=64)] | None
    ) = None
    options: OptionsIn | None = None


class RepairIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`cells` null: the row is left out."""

    line: Line
    cells: Annotated[list[Cell], msgspec.Meta(max_length=64)] | None


class RepairsIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rows: Annotated[list[RepairIn], msgspec.Meta(min_length=1, max_length=200)]


class CommitIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`revision` is that of the upload whose report was read. `all`: nothing unless every row is good."""

    revision: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    mode: CommitMode
    valid_from: Instant | None = None
    reason: Reason = ""
    override_floor: bool = False


class ColumnOut(msgspec.Struct, frozen=True):
    """`sample`: its first cells, masked in a file of codes."""

    index: int
    header: str
    role: str
    sample: list[str]


class ProblemOut(msgspec.Struct, frozen=True):
    """`column` counts from 0. `by`: who changed it meanwhile, `person:<id>`."""

    line: int
    column: int | None
    expected: str
    found: str
    by: str


class GroupOut(msgspec.Struct, frozen=True):
    """Rows that need the same repair; `problems` are the first of `count`."""

    reason: str
    zh: str
    en: str
    count: int
    problems: list[ProblemOut]


class CellChange(msgspec.Struct, frozen=True):
    """`before` null: the row makes something new. `column` is the role of the column."""

    line: int
    subject_id: str | None
    name: str
    column: str
    before: str | None
    after: str


class RowOut(msgspec.Struct, frozen=True):
    line: int
    cells: list[str]


class ReportOut(msgspec.Struct, frozen=True):
    """A dry run. `rows` is the sum of the five counts after it; `changes` are the first of `changed_cells`; `grid` has the rows
    of the errors shown, as they stand in the file, mended: of codes only for whoever uploaded them."""

    rows: int
    create: int
    update: int
    same: int
    skip: int
    rejected: int
    errors: list[GroupOut]
    warnings: list[GroupOut]
    changes: list[CellChange]
    changed_cells: int
    trouble: str
    grid: list[RowOut]


class SeenOut(msgspec.Struct, frozen=True):
    upload_id: str
    status: UploadState
    file_name: str
    made_at: datetime


class OptionsOut(msgspec.Struct, frozen=True):
    sku_id: str | None
    unit_cost: str | None
    supplier_id: str | None
    source: str
    expires_on: date | None
    proof_name: str | None
    proof_sha256: str | None


class HowOut(msgspec.Struct, frozen=True):
    mode: CommitMode
    valid_from: datetime | None
    reason: str
    override_floor: bool


class ResultOut(msgspec.Struct, frozen=True):
    """By rows. `reason`: why it ended early or failed. `change_ids` of prices; `import_id` and `batch_ids` of codes."""

    created: int
    updated: int
    same: int
    skipped: int
    rejected: int
    reason: str
    change_ids: list[str]
    import_id: str | None
    batch_ids: list[str]
    already_imported: bool


class UploadRow(msgspec.Struct, frozen=True):
    """An upload in a list."""

    id: str
    kind: UploadKind
    status: UploadState
    file_name: str
    bytes: int
    result: ResultOut | None
    job_id: str | None
    made_by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None


class UploadOut(msgspec.Struct, frozen=True):
    """`revision` rises with every change of columns, options or rows; a commit names the one that was checked. `report` is null
    until it was. `guessed`: nobody has said yet what the columns are; `remembered`: as was said last time. `format`: `text` or `xlsx`. `fixed`: the lines name
    their values themselves. `has_source`: the file's bytes are still here. `waits_for`: the request for a second person that
    let it happen, or may; `undo_waits_for`: the one that may undo it."""

    id: str
    kind: UploadKind
    status: UploadState
    revision: int
    checked: bool
    has_source: bool
    file_name: str
    bytes: int
    format: str
    encoding: str
    delimiter: str
    columns: list[ColumnOut]
    role_choices: list[str]
    guessed: bool
    remembered: bool
    fixed: bool
    options: OptionsOut
    seen_before: SeenOut | None
    report: ReportOut | None
    how: HowOut | None
    result: ResultOut | None
    job_id: str | None
    made_by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    undone_at: datetime | None
    waits_for: str | None
    undo_waits_for: str | None = None


def options_of(given: OptionsIn) -> Options:
    return Options(
        sku_id=None if given.sku_id is None else int(given.sku_id),
        unit_cost_e4=None if given.unit_cost is None else money.parse(given.unit_cost),
        supplier_id=None if given.supplier_id is None else int(given.supplier_id),
        source=given.source,
        expires_on=given.expires_on,
        proof_name=given.proof_name,
        proof_sha256=given.proof_sha256,
    )


def how_of(given: CommitIn) -> How:
    return How(given.mode, given.valid_from, given.reason, given.override_floor)


def upload_out(
    found: Upload,
    seen: Seen | None,
    sample: Sequence[Row],
    grid: Sequence[Row],
    books: Sequence[Book],
    undo_waits_for: int | None,
) -> UploadOut:
    return UploadOut(
        id=str(found.id),
        kind=found.kind,
        status=found.state,
        revision=found.version,
        checked=found.report is not None and found.report_version == found.version,
        has_source=found.has_source,
        file_name=found.file_name,
        bytes=found.size,
        format=found.dialect.format,
        encoding=found.dialect.encoding,
        delimiter=_told(found.dialect),
        columns=_columns(found, sample),
        role_choices=_choices(found.kind, books),
        guessed=found.layout.guessed,
        remembered=found.layout.remembered,
        fixed=found.layout.fixed,
        options=_options(found.options),
        seen_before=None if seen is None else SeenOut(str(seen.id), seen.state, seen.file_name, seen.made_at),
        report=None if found.report is None else _report(found.report, grid),
        how=None if found.how is None else HowOut(**msgspec.structs.asdict(found.how)),
        result=_result(found.result),
        job_id=None if found.job_id is None else str(found.job_id),
        made_by=str(found.made_by),
        made_at=found.made_at,
        expires_at=found.expires_at,
        ended_at=found.ended_at,
        undone_at=found.undone_at,
        waits_for=None if found.approval_id is None else str(found.approval_id),
        undo_waits_for=None if undo_waits_for is None else str(undo_waits_for),
    )


def upload_row(found: Upload) -> UploadRow:
    return UploadRow(
        str(found.id),
        found.kind,
        found.state,
        found.file_name,
        found.size,
        _result(found.result),
        None if found.job_id is None else str(found.job_id),
        str(found.made_by),
        found.made_at,
        found.expires_at,
        found.ended_at,
        found.undone_at,
    )


def _told(dialect: Dialect) -> str:
    return {"\t": "tab", " ": "space"}.get(dialect.delimiter, dialect.delimiter)


def _columns(found: Upload, sample: Sequence[Row]) -> list[ColumnOut]:
    shown = stock.mask_cell if found.kind == "codes" else str
    headers, roles = found.layout.headers, found.layout.roles
    return [
        ColumnOut(
            n,
            headers[n] if n < len(headers) else "",
            role,
            [shown(row.cells[n]) if n < len(row.cells) else "" for row in sample],
        )
        for n, role in enumerate(roles)
    ]


def _choices(kind: UploadKind, books: Sequence[Book]) -> list[str]:
    if kind == "codes":
        return list(code_file.ROLES)
    if kind == "skus":
        return list(goods_sheet.COLUMNS)
    across = [f"{prefix}{b.id}" for b in books for prefix in (price_sheet.BOOK, price_sheet.VERSION)]
    return [*price_sheet.NAMES, *across]


def _options(options: Options) -> OptionsOut:
    return OptionsOut(
        None if options.sku_id is None else str(options.sku_id),
        code_file.cost_text(options),
        None if options.supplier_id is None else str(options.supplier_id),
        options.source,
        options.expires_on,
        options.proof_name,
        options.proof_sha256,
    )


def _report(report: Report, grid: Sequence[Row]) -> ReportOut:
    return ReportOut(
        report.rows,
        report.create,
        report.update,
        report.same,
        report.skip,
        report.rejected,
        [_group(g) for g in report.errors],
        [_group(g) for g in report.warnings],
        [
            CellChange(
                c.line,
                None if c.subject_id is None else str(c.subject_id),
                c.name,
                c.column,
                c.before,
                c.after,
            )
            for c in report.changes
        ],
        report.changed_cells,
        report.trouble,
        [RowOut(row.line, list(row.cells)) for row in grid],
    )


def _group(group: Group) -> GroupOut:
    problems = [ProblemOut(p.line, p.column, p.expected, p.found, p.by) for p in group.problems]
    return GroupOut(group.reason, group.zh, group.en, group.count, problems)


def _result(result: Result | None) -> ResultOut | None:
    if result is None:
        return None
    told: Mapping[str, object] = msgspec.structs.asdict(result) | {
        "change_ids": [str(i) for i in result.change_ids],
        "batch_ids": [str(i) for i in result.batch_ids],
        "import_id": None if result.import_id is None else str(result.import_id),
    }
    return ResultOut(**told)  # type: ignore[arg-type]
