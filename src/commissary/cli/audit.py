"""`commissary check`."""

import asyncio
import itertools
from pathlib import Path

import click
import msgspec
from rich.table import Table

from commissary import insight
from commissary.base import migrate, settings
from commissary.cli import reach

_ORDER = ("not_applicable", "clean", "warning", "broken")
_SIGNS = {"clean": "[green]clean[/]", "broken": "[red]BROKEN[/]", "warning": "[yellow]warning[/]"}


@click.command()
@reach.json_option
@reach.data_option
def check(as_json: bool, data: Path | None) -> None:
    """Prove the invariants I1 to I10 over every mall, in one snapshot; exit 1 and the rows when one breaks.

    Safe beside a running mall: it only reads.
    """
    on = reach.reach(settings.read(data=data))
    try:
        report_dsn = migrate.dsns(on.admin_dsn, on.keys.passwords).report
        found = asyncio.run(insight.audit(report_dsn))
    finally:
        on.leave()
    broken = insight.broken(found)
    if as_json:
        told = {"status": "broken" if broken else "clean", "checks": found}
        click.echo(msgspec.json.encode(told).decode())
    else:
        table = Table(title="Audit 对账自检")
        for column in ("", "what must hold 应当成立", "checks", "status"):
            table.add_column(column)
        for invariant, findings in itertools.groupby(found, lambda finding: finding.invariant):
            checks = list(findings)
            worst = max((finding.status for finding in checks), key=_ORDER.index)
            status = _SIGNS.get(worst, worst.replace("_", " "))
            holds = f"{checks[0].invariant_en}\n[dim]{checks[0].invariant_zh}[/]"
            table.add_row(invariant, holds, str(len(checks)), status)
        reach.console.print(table, soft_wrap=False)
        for finding in found:
            if finding.status in ("broken", "warning"):
                reach.console.print(f"[bold]{finding.check}[/] {finding.title_en} · {finding.title_zh}")
                for row in finding.rows[:20]:
                    reach.console.print(f"  {row}", highlight=False)
        reach.console.print("[red]broken[/]" if broken else "[green]clean[/]")
    raise SystemExit(1 if broken else 0)
