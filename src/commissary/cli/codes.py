"""`commissary import-codes`."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click
import msgspec
from rich.table import Table

from commissary import catalog, stock
from commissary.base import money, settings
from commissary.base.table_file import TableRefusal
from commissary.catalog.types import FROM_STOCK, SkuCard
from commissary.cli import reach
from commissary.stock.types import CodeFileRefusal, ImportOptions, ImportReport, Layout

DELIMITERS = {"tab": "\t", "space": " "}


@click.command(name="import-codes")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--mall", required=True, help="The mall's short name.")
@click.option("--sku", required=True, help="The SKU's article code or id.")
@click.option("--cost", required=True, help="What one code cost, e.g. 9.8750.")
@click.option("--supplier", type=int, help="The supplier's id.")
@click.option("--source", default="", help="Where they come from, in your words.")
@click.option("--expires", help="Last day of codes whose row names none, e.g. 2027-12-31.")
@click.option("--sheet", help="Which sheet of a workbook.")
@click.option(
    "--columns",
    help="What the columns are when the file leaves it open: number, secret, expires_on, - for ignored; e.g. "
    "number,secret,-.",
)
@click.option(
    "--delimiter", help="With --columns: what parts them, e.g. ---- or ; or tab. Otherwise found out."
)
@click.option(
    "--header", is_flag=True, help="With --columns: the first line names the columns, it is no code."
)
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@reach.json_option
@reach.data_option
def import_codes(
    file: Path,
    mall: str,
    sku: str,
    cost: str,
    supplier: int | None,
    source: str,
    expires: str | None,
    sheet: str | None,
    columns: str | None,
    delimiter: str | None,
    header: bool,
    dry_run: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Import FILE into the vault: encrypted, deduplicated, resumable.

    \b
    FILE is CSV, XLSX, or text as the trade sends it (UTF-8 or GBK):
      6001----pw1                      number and password
      卡号：6001 密码：pw1               each line with its own words
      卡号,密码,有效期                   a header, then a code a line

    \b
    First look, then do it:
      commissary import-codes july.txt --mall kitchen --sku SW-30 --cost 26.5 --dry-run
      commissary import-codes july.txt --mall kitchen --sku SW-30 --cost 26.5

    Killed half-way? Run the same command again; it goes on where it stopped. A finished file imported again changes
    nothing.
    """
    options = ImportOptions(
        unit_cost_e4=_cost(cost),
        supplier_id=supplier,
        source=source,
        expires_on=_day(expires),
        sheet=sheet,
        layout=_layout(columns, delimiter, header),
    )

    async def work() -> ImportReport:
        async with reach.env_of(settings.read(data=data)) as (_, env):
            actor = await reach.cli_actor(env, mall)
            async with env.db.transaction(actor.mall_id) as tx:
                cards = await catalog.load_cards(tx, actor.mall_id)
            found = next((c for c in cards.values() if sku in (c.code, str(c.id))), None)
            if found is None:
                raise click.UsageError(f"There is no SKU {sku!r} in mall {mall!r}. {_known(cards)}")
            with reach.progress() as bar:
                task = bar.add_task(file.name, total=None)
                return await stock.import_codes(
                    env,
                    actor,
                    actor.mall_id,
                    found.id,
                    file,
                    options,
                    file_name=file.name,
                    dry_run=dry_run,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )

    report = reach.run(work())
    if as_json:
        told = msgspec.to_builtins(report)
        told |= {"import_id": report.import_id and str(report.import_id)}  # as over HTTP: ids are text
        told |= {"batches": [str(batch) for batch in report.batches]}
        click.echo(msgspec.json.encode(told).decode())
    else:
        _show(report)
    if report.state == "failed":
        raise SystemExit(1)


def _cost(text: str) -> int:
    try:
        return money.parse(text)
    except ValueError:
        raise click.UsageError(
            f"--cost: {text!r} is no amount; one is written like 9.8750, with at most four decimals"
        ) from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.UsageError(f"--expires: {text!r} is no day; one is written like 2027-12-31") from None


def _layout(columns: str | None, delimiter: str | None, header: bool) -> Layout | None:
    if columns is None:
        if delimiter is not None or header:
            raise click.UsageError("--delimiter and --header go with --columns")
        return None
    names = [name.strip() for name in columns.split(",")]
    if "secret" not in names:
        raise click.UsageError(f"--columns: {columns!r} names no secret; e.g. number,secret,expires_on")
    parted = None if delimiter is None else DELIMITERS.get(delimiter, delimiter)
    return Layout(names, parted, header)


def _known(cards: Mapping[int, SkuCard]) -> str:
    codes = sorted(c.code for c in cards.values() if c.kind in FROM_STOCK)
    if not codes:
        return "No SKU there takes codes yet."
    return f"SKUs that take codes: {', '.join(codes[:12])}{' …' if len(codes) > 12 else ''}"


def _show(report: ImportReport) -> None:
    told = {"done": "Imported 已导入", "failed": "Broken off 已中断", "dry_run": "Dry run 试运行"}[
        report.state
    ]
    if report.already_imported:
        told = "Imported before; nothing changed 此前已导入，无变化"
    elif report.resumed:
        told += " (resumed 续传)"
    table = Table(title=told, show_header=False)
    for label, count in (
        ("rows read 读取行数", report.read),
        ("to import 可导入" if report.state == "dry_run" else "imported 已导入", report.imported),
        ("repeated in this file 文件内重复", report.repeated_in_file),
        ("known already 库中已有", report.known_elsewhere),
        ("expired 已过期", report.expired),
        ("faulty 有误", report.faulty),
    ):
        table.add_row(label, f"{count:,}")
    reach.console.print(table, soft_wrap=False)
    if report.columns:
        shown = Table(title="As it was understood, masked 识别结果（已打码）")
        for name in report.columns:
            shown.add_column(name)
        for row in report.sample[:3]:
            shown.add_row(*row)
        reach.console.print(shown, soft_wrap=False)
    for fault in report.faults[:10]:
        reach.console.print(f"  line 第 {fault.line} 行: {fault.en} · {fault.zh}", highlight=False)
    more = report.expired + report.faulty + report.repeated_in_file + report.known_elsewhere - 10
    if report.faults[10:]:
        reach.console.print(f"  … {more:,} more 其余未列出")
    if report.trouble:
        en, zh = _words(report.trouble)
        reach.console.print(f"[red]{en} ({report.trouble})[/]\n[red]{zh}[/]")


def _words(code: str) -> tuple[str, str]:
    """Of what ended the reading."""
    known = [*TableRefusal, *CodeFileRefusal]
    return next(((r.en, r.zh) for r in known if r.code == code), (code, code))
