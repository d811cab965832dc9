"""commissary: the command line.

Each command is a file; it is imported when it is used, so that `--help` is quick.
"""

import importlib
import sys

import click

from commissary import __version__

# Command → (module, one line for the overview). Order is the order of `--help`.
COMMANDS = {
    "up": ("serve", "Start everything: database, API, workers; with a demo mall unless you say otherwise."),
    "demo": ("demo", "Do the main job end to end in a fresh mall, print what happened, exit."),
    "check": ("audit", "Audit the whole database: every invariant."),
    "bench": ("bench", "Measure against the yardsticks (from a checkout)."),
    "sim": ("sim", "Run the seeded simulation (from a checkout)."),
    "import-codes": ("codes", "Import a file of card codes into the vault."),
    "found": ("malls", "Found a mall of your own and its owner."),
    "keys": ("keys", "Key-encryption keys: show, rotate, re-wrap."),
    "backup": ("backup", "Write the database and the keys into one sealed file."),
    "restore": ("backup", "Bring a backup into an empty installation."),
    "migrate": ("database", "Bring the database to this version. Repeating it changes nothing."),
    "psql": ("database", "Open a PostgreSQL shell on the installation's database."),
    "upgrade-postgres": ("database", "Copy a data folder of PostgreSQL 16 into one of 18."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        del ctx
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"commissary.cli.{COMMANDS[name][0]}")
        found = getattr(module, name.replace("-", "_"))
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="commissary")
def group() -> None:
    """The central kitchen of digital goods 券厨.

    Start with `commissary up`; settings are environment variables, listed in docs/settings.md.
    """


def main() -> None:
    """Expected troubles end in one clear sentence and exit code 1 (2: wrong usage), never in a traceback."""
    from commissary.base.crypto import KeyFault
    from commissary.base.embedded import Trouble
    from commissary.base.errors import Refused
    from commissary.base.migrate import MigrationError
    from commissary.base.settings import BadSettings

    try:
        group()
    except Refused as refused:
        lines = [f"{refused.refusal.en} ({refused.refusal.code})", refused.refusal.zh]
        lines += [f"  {f.path}: {f.message}" for f in refused.fields]
        _fail("\n".join(lines))
    except (Trouble, KeyFault, MigrationError, BadSettings) as trouble:
        _fail(str(trouble))


def _fail(text: str) -> None:
    click.secho(text, fg="red", err=True)
    sys.exit(1)
