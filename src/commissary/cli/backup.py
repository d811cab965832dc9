"""`commissary backup` and `restore`: the database and the keys, in one sealed file."""

from pathlib import Path

import click

from commissary.base import backup as backups
from commissary.base import settings, shredded
from commissary.cli import reach


def _passphrase(confirm: bool) -> str:
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True),
    help="Read it from there instead of asking.",
)
@reach.data_option
def backup(file: Path, passphrase_file: Path | None, data: Path | None) -> None:
    """Write FILE: everything in the database and the key folder, encrypted under a passphrase.

    Without its keys a database is a heap of ciphers, so both travel together.
    """
    read = settings.read(data=data)
    passphrase = passphrase_file.read_text("utf-8").strip() if passphrase_file else _passphrase(True)
    on = reach.reach(read)
    try:
        made = backups.backup(on.admin_dsn, read.keys, file, passphrase=passphrase)
    finally:
        on.leave()
    reach.console.print(f"{file} written and verified: {sum(made.tables.values()):,} rows.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True),
    help="Read it from there instead of asking.",
)
@click.option(
    "--shredded",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=f"The {shredded.NAME} of the key folder as it was last: batches shredded after the backup are shredded again.",
)
@reach.data_option
def restore(file: Path, passphrase_file: Path | None, lists: tuple[Path, ...], data: Path | None) -> None:
    """Bring FILE into an installation that has no data yet; it is verified before anything is written."""
    read = settings.read(data=data)
    passphrase = passphrase_file.read_text("utf-8").strip() if passphrase_file else _passphrase(False)
    from commissary.base import embedded

    server = lease = None
    if read.database_url is None:
        folder = read.data / f"pg{read.postgres}"
        lease = embedded.claim(folder)
        server = embedded.start(folder, version=read.postgres)
    try:
        dsn = server.dsn("commissary") if server is not None else str(read.database_url)
        made = backups.restore(file, dsn, read.keys, passphrase)
        again = sum(shredded.merge(read.keys, each) for each in lists)
    finally:
        if server is not None:
            embedded.stop(server)
        if lease is not None:
            lease.release()
    if again:
        reach.console.print(f"{again} batches that were shredded since are shredded again by the next start.")
    reach.console.print(
        f"Restored {sum(made.tables.values()):,} rows. Now prove it: commissary check; then: commissary up"
    )
