"""`migrate`, `psql`, `upgrade-postgres`."""

import os
import shutil
from pathlib import Path

import click

from commissary.base import embedded, settings
from commissary.base import migrate as migrations
from commissary.base.crypto import load_keys
from commissary.cli import reach


@click.command()
@reach.data_option
def migrate(data: Path | None) -> None:
    """Create what is missing and apply new migrations; run it as often as you like."""
    read = settings.read(data=data)
    if read.database_url is not None:
        applied = migrations.migrate(
            read.database_url, load_keys(read.keys).passwords, say=reach.console.print
        )
        reach.console.print("Nothing to do." if not applied else f"{len(applied)} migrations applied.")
        return
    from commissary import app

    on = app.ground(read, reach.console.print)
    on.leave()
    reach.console.print("The database is at this version.")


@click.command(context_settings={"ignore_unknown_options": True})
@reach.data_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(data: Path | None, arguments: tuple[str, ...]) -> None:
    """A shell on the running installation, as its administrator. ARGUMENTS go to psql, e.g. -c 'select 1'."""
    read = settings.read(data=data)
    if read.database_url is not None:
        program = shutil.which("psql") or str(embedded.binaries() / "psql")
        argv = [program, "-d", read.database_url]
    else:
        argv = embedded.psql(read.data / f"pg{read.postgres}")
    os.execv(argv[0], [*argv, *arguments])  # noqa: S606 — a shell is what was asked for


@click.command(name="upgrade-postgres")
@reach.data_option
def upgrade_postgres(data: Path | None) -> None:
    """Copy pg16 into a new pg18; the old folder stays until you remove it. Stop `commissary up` first."""
    read = settings.read(data=data)
    made = embedded.upgrade(read.data / "pg16", 18)
    reach.console.print(f"Copied into {made}. The old folder is untouched.")
