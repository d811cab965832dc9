"""`commissary reconcile`."""

from datetime import date, datetime
from pathlib import Path

import click
import msgspec
from rich.table import Table

from commissary import settlement
from commissary.base import money, settings
from commissary.base.errors import Refused
from commissary.cli import reach
from commissary.settlement.types import Account, Day, SettlementRefusal


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--mall", required=True, help="The mall's short name.")
@click.option("--connection", required=True, type=int, help="The id of our account with the supplier.")
@click.option("--day", "of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The statement's day.")
@click.option("--replace", is_flag=True, help="Instead of another statement of that day.")
@click.option("--close", "closes", is_flag=True, help="Close the day if nothing is open.")
@reach.json_option
@reach.data_option
def reconcile(
    file: Path,
    mall: str,
    connection: int,
    of: datetime,
    replace: bool,
    closes: bool,
    as_json: bool,
    data: Path | None,
) -> None:
    """Match FILE, a supplier's statement of a day, with our purchases and what the ledger paid for them.

    \b
    FILE is CSV, text (UTF-8 or GBK) or XLSX; its first line names the columns:
      our_ref, supplier_ref, goods_id, quantity, amount, status, time
      我方单号, 订单号, 商品编号, 数量, 金额, 状态, 时间
    Other names, other words for a status, amounts in cents: say so once per connection in the console.

    \b
    What comes of it: every line is matched, missing, extra, amount, late, status, quantity, duplicate or books.
      commissary reconcile 0701.csv --mall kitchen --connection 123 --day 2026-07-01
      commissary reconcile 0701.csv --mall kitchen --connection 123 --day 2026-07-01 --close

    Differences are decided in the console. Killed half-way? Run it again; the same file changes nothing twice.
    """

    async def work() -> tuple[Day, Account]:
        async with reach.env_of(settings.read(data=data)) as (_, env):
            actor = await reach.cli_actor(env, mall)
            day = date(of.year, of.month, of.day)
            account = await settlement.account_of(env, actor, connection)
            with reach.progress() as bar:
                task = bar.add_task("import 导入", total=None)
                await settlement.import_statement(
                    env,
                    actor,
                    connection,
                    day,
                    file,
                    file_name=file.name,
                    replace=replace,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
                task = bar.add_task("match 对账", total=None)
                found = await settlement.reconcile(
                    env,
                    actor,
                    connection,
                    day,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            if closes:
                found = await settlement.close(env, actor, connection, day)
            return found, account

    try:
        found, account = reach.run(work())
    except Refused as refused:
        if refused.refusal is not SettlementRefusal.statement_lines_faulty:
            raise
        for fault in refused.facts["lines"]:
            click.echo(f"  line 第 {fault['line']} 行: {fault['code']} {fault['detail']}", err=True)
        raise click.ClickException(
            f"{refused.refusal.en} ({refused.facts['faulty']:,})\n{refused.refusal.zh}"
        ) from None
    if as_json:
        told = msgspec.to_builtins(found) | {"connection_id": str(found.connection_id)}
        told |= {"statement_id": str(found.statement_id), "difference_e4": found.theirs_e4 - found.ours_e4}
        click.echo(msgspec.json.encode(told).decode())
        return
    table = Table(title=f"{account.name} {found.day}: {found.state}", show_header=False)
    for kind, count in sorted(found.counts.items(), key=lambda c: (c[0] != "matched", c[0])):
        table.add_row(kind, f"{count:,}")
    for label, amount_e4 in (
        ("ours 我方", found.ours_e4),
        ("theirs 对方", found.theirs_e4),
        ("difference 差额", found.theirs_e4 - found.ours_e4),
    ):
        table.add_row(label, f"{money.text(amount_e4)} {account.currency}")
    table.add_row("open 待处理", f"{found.open:,}")
    reach.told.print(table, soft_wrap=False)
