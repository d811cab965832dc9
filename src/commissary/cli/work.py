"""`commissary worker`: the work beside requests in a process of its own, and how `up` keeps one beside itself."""

import asyncio
import contextlib
import faulthandler
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from commissary import app
from commissary.base import log, settings
from commissary.cli import reach

log_ = logging.getLogger("commissary.worker")
PROGRAM = (sys.executable, "-c", "from commissary.cli import main; main()")
STOP_S = 15.0
REST_S = (1, 2, 5, 15)  # before a worker that ended is started again
LIVED_S = 60.0  # a worker that lived so long had no trouble starting


@click.command()
@reach.data_option
@click.option("--beside", type=int, hidden=True, help="The socket of the server that started this.")
def worker(data: Path | None, beside: int | None) -> None:
    """Do the work beside requests: buying, webhooks, jobs, schedules, the transparency log.

    `commissary up` starts one by itself. Start more, on any machine, with the same DATABASE_URL and key folder; each
    piece of work is done by one of them. Ctrl-C stops it when what it began is finished.
    """
    read = settings.read(data=data)
    log.begin(read.production)
    on = reach.reach(read)
    try:
        reach.run(_work(read, on, None if beside is None else socket.socket(fileno=beside)))
    finally:
        on.leave()


async def _work(read: settings.Settings, on: app.Ground, server: socket.socket | None) -> None:
    """Until a signal comes, or the server that started this is gone."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    # Ctrl-C reaches both processes of a terminal; beside a server it is the server who says when.
    loop.add_signal_handler(signal.SIGINT, ended.set if server is None else lambda: None)
    async with app.working(read, on) as at_work:
        if server is not None:
            server.setblocking(False)

            def hear() -> None:
                try:
                    told = server.recv(4096)
                except BlockingIOError:
                    return
                except OSError:
                    told = b""
                if told:
                    at_work.outward.buying.nudge()
                else:
                    loop.remove_reader(server)
                    ended.set()

            loop.add_reader(server, hear)
        else:
            reach.console.print("At work 后台工作已启动")
        await ended.wait()
        if server is not None:  # whoever cannot end says where it hangs, and ends: nobody is left to see it
            faulthandler.dump_traceback_later(STOP_S, exit=True)


@dataclass
class Beside:
    """The worker of a server: started again when it ends, gone when the server is, however that ends."""

    read: settings.Settings
    admin_dsn: str
    process: asyncio.subprocess.Process | None = None
    _server: socket.socket | None = None
    _keeping: asyncio.Task[None] | None = field(default=None, repr=False)

    def nudge(self) -> None:
        """There may be something to buy."""
        if self._server is not None:
            with contextlib.suppress(OSError):  # full: it has not looked yet; gone: another will look
                self._server.send(b".")

    def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep(), name="worker")

    async def _keep(self) -> None:
        loop, failures = asyncio.get_running_loop(), 0
        while True:
            began = loop.time()
            try:
                code = str(await (await self._begin()).wait())
            except OSError as error:  # no process, no socket to be had: there may be one later
                code = error.strerror or type(error).__name__
            failures = 0 if loop.time() - began > LIVED_S else failures + 1
            rest = REST_S[min(failures, len(REST_S)) - 1] if failures else 0
            log_.critical("the worker ended with %s; another is started in %d s", code, rest)
            await asyncio.sleep(rest)

    async def stop(self) -> None:
        """Lets it finish what it began."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        self._hang_up()
        if self.process is None or self.process.returncode is not None:
            return
        try:
            await asyncio.wait_for(self.process.wait(), STOP_S)
        except TimeoutError:
            log_.critical("the worker does not end and is killed")
            self.process.kill()
            await self.process.wait()

    async def _begin(self) -> asyncio.subprocess.Process:
        self._hang_up()
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs:
            fd = theirs.fileno()
            self.process = await asyncio.create_subprocess_exec(
                *PROGRAM, "worker", "--beside", str(fd), pass_fds=(fd,), env=self._environ()
            )
        self._server = ours
        return self.process

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _environ(self) -> dict[str, str]:
        """What this process was told, by whatever way, as settings of the other."""
        read = self.read
        return os.environ | {
            "DATABASE_URL": self.admin_dsn,
            "COMMISSARY_DATA": str(read.data),
            "COMMISSARY_KEYS": str(read.keys),
            "COMMISSARY_PORT": str(read.port),
            "COMMISSARY_PUBLIC_URL": read.public_url,
            "COMMISSARY_ADDRESS": read.address,
            "COMMISSARY_OUTGOING_ALLOW": ",".join(f"{h}:{p}" for h, p in sorted(read.outgoing_allow)),
        }


@contextlib.asynccontextmanager
async def beside(read: settings.Settings, on: app.Ground) -> AsyncIterator[Beside]:
    """A worker beside this process, from `start` until the block ends: callers are served before it takes a core to begin."""
    made = Beside(read, on.admin_dsn)
    try:
        yield made
    finally:
        await made.stop()
