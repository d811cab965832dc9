"""`commissary up`: one command, and a mall runs."""

import asyncio
import contextlib
import errno
import logging
import shlex
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import click
import uvicorn

from commissary import app, simulators, tenancy, web
from commissary.base import embedded, log, settings
from commissary.cli import example_mall, example_orders, example_suppliers, reach
from commissary.cli.work import Beside, beside

log_ = logging.getLogger("commissary.serve")
HANDLED = (signal.SIGINT, signal.SIGTERM)
LAME_DUCK_S = 1.0  # SIGTERM: for so long balancers see /health/ready say 503 before the port closes
FINISH_S = 25.0


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Where to listen (COMMISSARY_PORT, 8000); 0 takes a free one.",
)
@reach.data_option
@click.option("--demo/--no-demo", default=True, help="Fill an empty installation with an example mall.")
@click.option(
    "--worker/--no-worker",
    "work",
    default=True,
    help="Start a second process for the work beside requests; without it, `commissary worker` has to run somewhere.",
)
def up(port: int | None, data: Path | None, demo: bool, work: bool) -> None:
    """Start everything in the foreground; Ctrl-C stops it cleanly.

    Without DATABASE_URL an embedded PostgreSQL is started in the data folder. The first start founds an example mall
    and prints a signed curl that buys from it.
    """
    listen = bound(settings.read(data=data, port=port))
    read = settings.read(data=data, port=listen.getsockname()[1])
    log.begin(read.production)
    # Until the server takes signals over, both mean: give up, and leave nothing running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(read, listen, demo, work)
    except KeyboardInterrupt:
        pass
    finally:
        listen.close()
    reach.console.print("Stopped 已停止")


def _run(read: settings.Settings, listen: socket.socket, demo: bool, work: bool) -> None:
    reach.console.print(f"Data in [bold]{read.data}[/], keys in [bold]{read.keys}[/]")
    on = app.ground(read, reach.console.print)
    end_guard: Callable[[], None] = lambda: None  # noqa: E731
    if on.server is not None:
        end_guard = embedded.guard(
            on.server,
            lambda: embedded.start(read.data / f"pg{read.postgres}", version=read.postgres),
            reach.console.print,
        )
    try:
        reach.run(serve(read, on, listen, demo, work))
    finally:
        for sig in HANDLED:
            signal.signal(sig, signal.SIG_IGN)  # the database must be stopped in order; impatience ends here
        end_guard()
        on.leave()


async def serve(
    read: settings.Settings, on: app.Ground, listen: socket.socket, demo: bool, work: bool
) -> None:
    """Until a signal comes."""
    async with contextlib.AsyncExitStack() as stack:
        suppliers = await stack.enter_async_context(_example_suppliers(read, on, demo))
        hooks = await stack.enter_async_context(_example_hooks(read)) if suppliers else ""
        allow = read.outgoing_allow | {("127.0.0.1", one.port) for one in suppliers}
        if hooks:
            allow |= {("127.0.0.1", urlsplit(hooks).port or 0)}
        read = replace(read, outgoing_allow=allow)
        worker = await stack.enter_async_context(beside(read, on)) if work else None
        nudge = worker.nudge if worker is not None else None
        platform = await stack.enter_async_context(app.platform(read, on, works=False, nudge=nudge))
        made = None
        if demo:
            made = await example_mall.make_once(platform, on.admin_dsn, read.data, suppliers, hooks)
        if not read.production and (told := example_mall.remembered(read.data)) is not None:
            platform.console.demo = example_mall.people_of(told)
        server = Server(platform, listen)
        ready = asyncio.create_task(_announce(server, read, made, worker))
        await server.serve(sockets=[listen])
        ready.cancel()


@contextlib.asynccontextmanager
async def _example_suppliers(
    read: settings.Settings, on: app.Ground, demo: bool
) -> AsyncIterator[list[example_suppliers.Open]]:
    """Of the example mall, if there is one or will be: simulators in this process, at the ports of last time. Never in
    production, where nothing is bought from this machine."""
    known = example_mall.remembered(read.data) is not None
    stands = []
    if not read.production and (known or (demo and await tenancy.is_empty(on.admin_dsn))):
        stands = example_mall.stands(read.data)
    async with contextlib.AsyncExitStack() as stack:
        opened: list[example_suppliers.Open] = []
        try:
            opened = await stack.enter_async_context(example_suppliers.standing(stands, "200000"))
        except OSError as error:
            log_.warning("the example's suppliers do not answer: %s", error.strerror)
        logging.getLogger("commissary.simulators").setLevel(logging.WARNING)  # not this program's own news
        yield opened


@contextlib.asynccontextmanager
async def _example_hooks(read: settings.Settings) -> AsyncIterator[str]:
    """Where a program of the example's first buyer hears webhooks: at the port of last time."""
    told = example_mall.remembered(read.data)
    async with contextlib.AsyncExitStack() as stack:
        url = ""
        try:
            if told is None or told.hooks:
                url = await stack.enter_async_context(simulators.hearing(port=told.hooks if told else 0))
        except OSError as error:
            log_.warning("the example's webhooks are not heard: %s", error.strerror)
        yield url


class Server(uvicorn.Server):
    """uvicorn, and a way to stop that breaks off nothing.

    On a signal new calls of partners are refused as `draining` and /health/ready says 503, orders that were let in are
    finished, the lanes are given back; after SIGTERM the port stays open a moment longer, so that balancers see it; then
    it is closed and what runs is waited for. A second Ctrl-C waits no longer. The signal is not raised again at the end,
    as uvicorn would: everything after it has to be put in order too.
    """

    def __init__(self, platform: app.Platform, listen: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                platform,
                fd=listen.fileno(),
                interface="asgi3",
                lifespan="off",
                loop="none",
                http=web.OrderProtocol,
                ws="none",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=True,
                log_config=None,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=int(FINISH_S),
                backlog=4096,
            )
        )
        self._platform = platform
        self._draining: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for sig in HANDLED:
            loop.add_signal_handler(sig, self.handle_exit, sig, None)
        yield  # they stay ours: a second signal must not disturb the end

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        if self._draining is not None:
            self.should_exit = True
            self.force_exit = self.force_exit or sig == signal.SIGINT
            return
        log_.info("%s: finishing what was begun", signal.Signals(sig).name)
        self._platform.edge.draining = True
        loop = asyncio.get_running_loop()
        self._draining = loop.create_task(self._platform.drain(), name="drain")
        loop.call_later(LAME_DUCK_S if sig == signal.SIGTERM else 0, setattr, self, "should_exit", True)


def bound(read: settings.Settings) -> socket.socket:
    """The port is taken before anything is started, so that a taken one is told at once."""
    family = socket.AF_INET6 if ":" in read.host else socket.AF_INET
    # With the protocol named, asyncio sends small parts at once: else every second part of an answer waits 40 ms for the
    # caller's acknowledgement.
    listen = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listen.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listen.bind((read.host, read.port))
    except OSError as error:
        listen.close()
        raise click.ClickException(_cannot_listen(read, error)) from None
    return listen


def _cannot_listen(read: settings.Settings, error: OSError) -> str:
    """What is wrong and what to do about it, in both languages."""
    where = f"{read.host}:{read.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {read.port} is taken by another program (perhaps another Commissary). "
            f"Choose another: commissary up --port 0 takes a free one.\n"
            f"端口 {read.port} 已被占用（可能另有一个 Commissary 在运行）。请换一个端口：commissary up --port 0 自动选择空闲端口。"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return (
            f"This user may not listen on {where}; choose a port from 1024 up.\n"
            f"当前用户无权监听 {where}，请选择 1024 以上的端口。"
        )
    return (
        f"Cannot listen on {where}: {error.strerror or error}. Is COMMISSARY_HOST an address of this machine?\n"
        f"无法监听 {where}：{error.strerror or error}。请检查 COMMISSARY_HOST 是否为本机地址。"
    )


def _where(read: settings.Settings) -> str:
    """What a command in another shell needs to reach this installation."""
    usual = settings.read().data
    return "" if read.data == usual else f" --data {shlex.quote(str(read.data))}"


async def _announce(
    server: Server, read: settings.Settings, made: example_mall.Made | None, worker: Beside | None
) -> None:
    await server.listening.wait()
    if worker is not None:
        worker.start()
    if made is not None:
        await example_orders.place(made, read.address)
    say = partial(reach.told.print, soft_wrap=True)
    say(f"\n[bold green]Commissary is ready at {read.public_url}[/]")
    say(f"  console         {read.public_url}/console")
    say(f"  API documents   {read.public_url}/docs")
    say(f"  OpenAPI         {read.public_url}/openapi.json")
    say(f"  health          {read.public_url}/health/ready   metrics {read.public_url}/metrics")
    say(f"  audit           {reach.program()} check{_where(read)}")
    if (told := example_mall.remembered(read.data)) is not None:
        example_mall.tell(told, read.public_url)
