"""`commissary up`: one command, and a mall runs."""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click
import uvicorn

from commissary import app
from commissary.base import embedded, log, settings
from commissary.cli import common, example_mall


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Where to listen (COMMISSARY_PORT, 8000); 0 takes a free one.",
)
@common.data_option
@click.option("--demo/--no-demo", default=True, help="Fill an empty installation with an example mall.")
def up(port: int | None, data: Path | None, demo: bool) -> None:
    """Start everything in the foreground; Ctrl-C stops it cleanly.

    Without DATABASE_URL an embedded PostgreSQL is started in the data folder. The first start founds an example mall
    and prints a signed curl that buys from it.
    """
    listen = bound(settings.read(data=data, port=port))
    read = settings.read(data=data, port=listen.getsockname()[1])
    log.begin(read.production)
    common.console.print(f"Data in [bold]{read.data}[/], keys in [bold]{read.keys}[/]")
    on = app.ground(read, common.console.print)
    end_guard: Callable[[], None] = lambda: None  # noqa: E731
    if on.server is not None:
        started = read
        end_guard = embedded.guard(
            on.server,
            lambda: embedded.start(started.data / f"pg{started.postgres}", version=started.postgres),
            common.console.print,
        )
    try:
        common.run(serve(read, on, listen, demo))
    finally:
        end_guard()
        on.leave()


async def serve(read: settings.Settings, on: app.Ground, listen: socket.socket, demo: bool) -> None:
    """Until a signal comes."""
    async with app.platform(read, on) as platform:
        if demo:
            await example_mall.make_once(platform.env, on.admin_dsn, read.data)
        server = Server(platform, listen)
        ready = asyncio.create_task(_announce(server, read))
        await server.serve(sockets=[listen])
        ready.cancel()


class Server(uvicorn.Server):
    """uvicorn that tells the platform to refuse new work as soon as the signal comes."""

    def __init__(self, platform: app.Platform, listen: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                platform.asgi,
                fd=listen.fileno(),
                interface="asgi3",
                lifespan="off",
                loop="none",
                http="httptools",
                ws="none",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=True,
                log_config=None,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=30,
                backlog=4096,
            )
        )
        self._platform = platform
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._platform.edge.draining = True
        super().handle_exit(sig, frame)


def bound(read: settings.Settings) -> socket.socket:
    """The port is taken before anything is started, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in read.host else socket.AF_INET
    listen = socket.socket(family, socket.SOCK_STREAM)
    listen.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listen.bind((read.host, read.port))
    except OSError as error:
        listen.close()
        raise click.ClickException(
            f"Cannot listen on {read.host}:{read.port}: {error.strerror}. Another program has it; choose with --port."
        ) from None
    return listen


async def _announce(server: Server, read: settings.Settings) -> None:
    await server.listening.wait()
    say = common.console.print
    say(f"\n[bold green]Commissary is ready at {read.public_url}[/]")
    say(f"  API documents   {read.public_url}/docs")
    say(f"  OpenAPI         {read.public_url}/openapi.json")
    say(f"  health          {read.public_url}/health/ready   metrics {read.public_url}/metrics")
    say("  audit           commissary check")
    if (told := example_mall.remembered(read.data)) is not None:
        example_mall.tell(told, read.public_url)
