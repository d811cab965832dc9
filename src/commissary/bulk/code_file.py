"""A file of codes: read, judged and imported by `stock`; here it gets its columns, its dry run and its job."""

from collections.abc import Iterable, Sequence

from commissary import stock
from commissary.base import money
from commissary.base.env import Env
from commissary.base.errors import invalid
from commissary.base.table_file import Dialect
from commissary.bulk import reading, rules
from commissary.bulk.reading import Repairs
from commissary.bulk.types import IGNORED, Layout, Options, Problem, Report, Row
from commissary.catalog.types import Kind
from commissary.stock.types import ImportOptions, ImportReport
from commissary.stock.types import Layout as CodeLayout
from commissary.tenancy.types import Actor

ROLES = ("number", "secret", "expires_on")
KNOWN = (
    "repeated_in_file",
    "known_elsewhere",
    "expired",
)  # they are left out, and nothing is wrong with the file


def guess(data: bytes, dialect: Dialect, kind: Kind) -> Layout:
    """Unclear columns are left for a person to name; a file whose lines name their values has none."""
    seen = stock.sniff_codes(data, kind=kind, dialect=dialect)
    rows = reading.head(data, dialect, "codes", 50)
    width = max((len(row.cells) for row in rows), default=1)
    headers = seen.header or ()
    first = rows[0].line if rows and seen.header is not None else 0
    if seen.layout is None:
        return Layout(tuple(headers), (IGNORED,) * width, first)
    if seen.layout.labelled or seen.layout.numbered:
        return Layout(tuple(headers), tuple(seen.layout.columns), first, fixed=True)
    roles = [c if c in ROLES else IGNORED for c in seen.layout.columns]
    roles += [IGNORED] * (width - len(roles))
    return Layout(tuple(headers), tuple(roles), first)


def code_layout(layout: Layout, dialect: Dialect) -> CodeLayout | None:
    """For `stock`. None: as it is sniffed there."""
    if layout.fixed or layout.guessed:
        return None
    return CodeLayout(layout.roles, dialect.delimiter, has_header=layout.header_line > 0)


def import_options(options: Options, layout: Layout, dialect: Dialect) -> ImportOptions:
    if options.sku_id is None:
        raise invalid("sku_id", "which goods the codes are / 请选择商品")
    if options.unit_cost_e4 is None:
        raise invalid("unit_cost", "what one code costs / 请填写单位成本")
    return ImportOptions(
        unit_cost_e4=options.unit_cost_e4,
        supplier_id=options.supplier_id,
        source=options.source,
        expires_on=options.expires_on,
        proof_name=options.proof_name,
        proof_sha256=options.proof_sha256,
        layout=code_layout(layout, dialect),
        sheet=dialect.sheet,
    )


async def check(
    env: Env, actor: Actor, data: bytes, dialect: Dialect, layout: Layout, options: Options, repairs: Repairs
) -> tuple[Report, list[Problem]]:
    """What an import would count, by `stock` itself, and every row at fault; nothing is written."""
    wanted = import_options(options, layout, dialect)
    whole, written = reading.effective(data, dialect, "codes", repairs)
    assert options.sku_id is not None
    report = await stock.import_codes(
        env,
        actor,
        actor.mall_id,
        options.sku_id,
        whole,
        wanted,
        dry_run=True,
        shown=reading.limits("codes").rows_max,
    )
    problems = [
        Problem(f.line, f.reason, f.zh, f.en, None if f.column is None else f.column - 1)
        for f in report.faults
    ]
    if repairs and written.format == "xlsx":
        problems += _broken(reading.rows(data, dialect, "codes", repairs))
    return _report(report, problems), [p for p in problems if p.reason not in KNOWN]


def _broken(rows: Iterable[Row]) -> list[Problem]:
    """Rows that a mended workbook does not hold any more, because they could not be read."""
    return [
        Problem(r.line, r.fault[0], r.fault[1], r.fault[2], r.fault[3]) for r in rows if r.fault is not None
    ]


def _report(report: ImportReport, problems: Sequence[Problem]) -> Report:
    errors = [p for p in problems if p.reason not in KNOWN]
    left_out = report.repeated_in_file + report.known_elsewhere + report.expired
    broken = len(errors) - report.faulty
    return Report(
        rows=report.read + broken,
        create=report.imported,
        update=0,
        same=0,
        skip=left_out,
        rejected=len(errors),
        errors=rules.grouped(errors),
        warnings=rules.grouped(p for p in problems if p.reason in KNOWN),
        trouble=report.trouble,
    )


def cost_text(options: Options) -> str | None:
    return None if options.unit_cost_e4 is None else money.text(options.unit_cost_e4)
