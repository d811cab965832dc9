"""`commissary import-codes`."""

from pathlib import Path

import click

from commissary.base import settings
from commissary.cli import common


@click.command(name="import-codes")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--mall", required=True, help="The mall's short name.")
@click.option("--sku", required=True, help="The SKU's article code or id.")
@click.option("--cost", required=True, help="What one code cost, e.g. 9.8750.")
@click.option("--supplier", help="The supplier's id.")
@click.option("--source", default="", help="Where they come from, in your words.")
@click.option("--expires", help="Expiry for codes whose row has none: 2027-12-31.")
@click.option("--dry-run", is_flag=True, help="Read and report; change nothing.")
@common.json_option
@common.data_option
def import_codes(
    file: Path, mall: str, sku: str, cost: str, supplier: str | None, source: str, expires: str | None,
    dry_run: bool, as_json: bool, data: Path | None,
) -> None:  # fmt: skip
    """Import FILE (CSV, XLSX or text in the trade's dialects) into the vault: encrypted, deduplicated, resumable.

    Killed half-way? Run the same command again; it goes on where it stopped.
    """
    del file, mall, sku, cost, supplier, source, expires, dry_run, as_json
    settings.read(data=data)
    raise click.ClickException("wired when the import lands")
