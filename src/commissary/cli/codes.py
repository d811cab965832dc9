"""`commissary import-codes`."""

from datetime import date
from pathlib import Path

import click
import msgspec
from rich.table import Table

from commissary import catalog, stock
from commissary.base import money, settings
from commissary.cli import reach
from commissary.stock.types import ImportOptions, ImportReport


@click.command(name="import-codes")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--mall", required=True, help="The mall's short name.")
@click.option("--sku", required=True, help="The SKU's article code or id.")
@click.option("--cost", required=True, help="What one code cost, e.g. 9.8750.")
@click.option("--supplier", type=int, help="The supplier's id.")
@click.option("--source", default="", help="Where they come from, in your words.")
@click.option("--expires", help="Expiry of codes whose row names none, e.g. 2027-12-31.")
@click.option("--sheet", help="Which sheet of a workbook.")
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
    dry_run: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Import FILE (CSV, XLSX, or text in the trade's dialects) into the vault: encrypted, deduplicated, resumable.

    Killed half-way? Run the same command again; it goes on where it stopped. A finished file imported again changes
    nothing. Try --dry-run first: it shows what was understood.
    """
    try:
        options = ImportOptions(
            unit_cost_e4=money.parse(cost),
            supplier_id=supplier,
            source=source,
            expires_on=date.fromisoformat(expires) if expires else None,
            sheet=sheet,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None

    async def work() -> ImportReport:
        async with reach.env_of(settings.read(data=data)) as (_, env):
            actor = await reach.cli_actor(env, mall)
            async with env.db.transaction(actor.mall_id) as tx:
                cards = await catalog.load_cards(tx, actor.mall_id)
            found = next((c for c in cards.values() if sku in (c.code, str(c.id))), None)
            if found is None:
                raise click.UsageError(f"There is no SKU {sku!r} in mall {mall!r}.")
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
        click.echo(msgspec.json.encode(report).decode())
    else:
        _show(report)
    if report.state == "failed":
        raise SystemExit(1)


def _show(report: ImportReport) -> None:
    told = {"done": "Imported", "failed": "Broken off", "dry_run": "Dry run"}[report.state]
    if report.already_imported:
        told = "Imported before; nothing changed"
    table = Table(title=told, show_header=False)
    for label, count in (
        ("rows read", report.read),
        ("imported", report.imported),
        ("repeated in this file", report.repeated_in_file),
        ("known already", report.known_elsewhere),
        ("expired", report.expired),
        ("faulty", report.faulty),
    ):
        table.add_row(label, f"{count:,}")
    reach.console.print(table, soft_wrap=False)
    for fault in report.faults[:10]:
        reach.console.print(f"  line {fault.line}: {fault.en}")
    if report.trouble:
        reach.console.print(f"[red]{report.trouble}[/]")
