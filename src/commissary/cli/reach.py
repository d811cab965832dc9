"""What commands share: settings from the environment, a platform without a server, progress bars."""

import asyncio
import shlex
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import uvloop
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from commissary.base import embedded, settings

if TYPE_CHECKING:  # the whole product takes a second to import; `psql` and `--help` need none of it
    from commissary import app
    from commissary.base.env import Env
    from commissary.tenancy.types import Actor

T = TypeVar("T")

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The installation's folder (COMMISSARY_DATA).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")

# Lines are left whole: a path or an address broken at column 80 can be neither pasted nor searched for.
console = Console(stderr=True, soft_wrap=True)  # what goes on
told = Console(soft_wrap=True)  # what was asked for; piped on by whoever likes


def program() -> str:
    """How this program is called here: after `make up` it is in `.venv/bin`, which is on nobody's PATH."""
    called, usual = Path(sys.argv[0]), shutil.which("commissary")
    if called.name != "commissary" or (usual is not None and Path(usual).samefile(called)):
        return "commissary"
    return shlex.quote(sys.argv[0])


def run(work: Coroutine[Any, Any, T]) -> T:
    """On the fast loop, as the server runs."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def reach(read: settings.Settings, *, new: bool = False) -> "app.Ground":
    """The installation's database: the running one when it runs, else started for this command. Only with `new` is one
    made where there is none: a mistyped folder must not become an installation."""
    from commissary import app

    if read.database_url is None:
        data = read.data / f"pg{read.postgres}"
        try:
            server = embedded.attach(data)
        except embedded.NotRunning:
            if not (new or (data / "PG_VERSION").exists()):
                raise embedded.NotRunning(
                    f"There is no installation in {read.data}. Start one with: commissary up (or name its folder with "
                    f"--data or COMMISSARY_DATA)",
                    f"{read.data} 中没有安装。请先执行 commissary up，或用 --data / COMMISSARY_DATA 指定其目录",
                ) from None
            return app.ground(read)
        return app.ground_of(read, server.dsn("commissary"))
    return app.ground(read)


@asynccontextmanager
async def env_of(read: settings.Settings, *, new: bool = False) -> AsyncIterator["tuple[app.Ground, Env]"]:
    """What verbs need, without serving."""
    from commissary import app

    on = reach(read, new=new)
    try:
        async with app.environment(read, on) as env:
            yield on, env
    finally:
        on.leave()


async def cli_actor(env: "Env", slug: str) -> "Actor":
    """The operator at the machine: whoever can read the keys may do everything, and the audit says `cli`."""
    from commissary import tenancy
    from commissary.tenancy.types import Actor

    found = next((m for m in await tenancy.open_malls(env) if m.slug == slug), None)
    if found is None:
        known = ", ".join(m.slug for m in await tenancy.open_malls(env)) or "none yet: commissary found"
        raise click.UsageError(f"There is no mall {slug!r} here. Malls: {known}")
    operator = Actor(found.id, "cli", "operator", 0, tenancy.permissions_of("owner"))
    [own] = await tenancy.list_organisations(env, operator, kind="mall", size=1)
    return Actor(found.id, "cli", "operator", own.id, operator.permissions)


def progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
