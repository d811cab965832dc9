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
    "worker": (
        "work",
        "Do the work beside requests: buying, webhooks, jobs, the log. `up` starts one by itself.",
    ),
    "demo": ("demo", "Do the main job end to end in a fresh mall, print what happened, exit."),
    "check": ("audit", "Audit the whole database: every invariant."),
    "bench": ("bench", "Measure against the yardsticks (from a checkout)."),
    "sim": ("sim", "Run the seeded simulation (from a checkout)."),
    "simulate": ("simulate", "Be a supplier that speaks a real protocol, and lies on demand."),
    "import-codes": ("codes", "Import a file of card codes into the vault."),
    "reconcile": ("reconcile", "Match a supplier's statement with our purchases and the ledger."),
    "found": ("malls", "Found a mall of your own and its owner."),
    "sandbox": ("malls", "Found the sandbox of a mall that has none."),
    "log": ("log", "The transparency log: show, prove, export, verify, witnesses."),
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
    import psycopg

    from commissary.base.crypto import KeyFault
    from commissary.base.embedded import Trouble
    from commissary.base.errors import Refused
    from commissary.base.log import redacted
    from commissary.base.migrate import MigrationError
    from commissary.base.node import NoNode
    from commissary.base.settings import BadSettings

    try:
        group()
    except Refused as refused:
        lines = [f"{refused.refusal.en} ({refused.refusal.code})", refused.refusal.zh]
        lines += [f"  {f.path}: {f.message}" for f in refused.fields]
        facts = dict(refused.facts)
        lines += [f"  {facts.pop(language)}" for language in ("en", "zh") if language in facts]
        lines += [
            f"  {name}: {', '.join(map(str, fact)) if isinstance(fact, list) else fact}"
            for name, fact in facts.items()
        ]
        _fail("\n".join(lines))
    except BadSettings as faults:
        lines = [f"  {line}" for line in str(faults).splitlines()]
        head = "These settings are wrong; nothing was started 以下设置有误，未启动任何服务:"
        _fail("\n".join([head, *lines, "  Every setting: docs/settings.md"]))
    except (Trouble, KeyFault, MigrationError, NoNode) as trouble:
        _fail(str(trouble))
    except psycopg.errors.InsufficientPrivilege as error:
        _fail(
            f"The user of DATABASE_URL has too few rights: {_first_line(error)}. It must be able to create databases and "
            f"roles with BYPASSRLS.\nDATABASE_URL 的用户权限不足：需可创建数据库，以及带 BYPASSRLS 的角色。"
        )
    except psycopg.OperationalError as error:
        _fail(
            f"The database is not reachable: {redacted(_first_line(error))}\n无法连接数据库，请检查 DATABASE_URL。"
        )
    except OSError as error:
        if error.filename is None:
            raise
        _fail(f"{error.filename}: {error.strerror}")


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]


def _fail(text: str) -> None:
    click.secho(text, fg="red", err=True)
    sys.exit(1)
