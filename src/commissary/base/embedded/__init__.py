"""Our own PostgreSQL beside the application, for those who have none.

The binaries come from a wheel (`commissary[embedded]`); its wrapper is never imported. One installation folder holds

    DIR/pg18/            the data folder, PostgreSQL's own
    DIR/pg18.pgpass      the superuser's password, 0600, in libpq's format: a DSN names this file, never the password
    DIR/pg18.lock        held (flock) by the application that owns the server: `claim`
    DIR/log/             PostgreSQL's log, one file per weekday

PostgreSQL refuses to run as root. Root therefore starts it in a user namespace in which root has an ordinary id: files
stay root's outside. Where namespaces are forbidden it runs as `nobody`, with binaries and data in a folder `nobody` can
reach. No permission of a folder that is not ours is ever changed.

The server is a session of its own: Ctrl-C for the application does not reach it, and it outlives an application that was
killed; the next `start` finds it and goes on. `start` is for the application; whoever only wants to talk to the server
(`commissary psql`, a test) uses `attach`.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from commissary.base.embedded.config import configuration
from commissary.base.embedded.copying import copy_everything
from commissary.base.embedded.folder import check_version, configure, ensure_password, initialise
from commissary.base.embedded.identity import identity_of, make_room, private_socket_dir, reachable_binaries
from commissary.base.embedded.places import (
    REFUGE,
    beside,
    binaries,
    canonical,
    owner_of,
    password_file,
    version_of,
)
from commissary.base.embedded.processes import alive, postmaster_lines, postmaster_pid
from commissary.base.embedded.server import Server, answering, launch
from commissary.base.embedded.types import (
    VERSIONS,
    InUse,
    Lease,
    Mode,
    NotRunning,
    RunAs,
    Trouble,
    WrongVersion,
)

__all__ = [
    "REFUGE",
    "VERSIONS",
    "InUse",
    "Lease",
    "NotRunning",
    "Server",
    "Trouble",
    "WrongVersion",
    "attach",
    "binaries",
    "claim",
    "guard",
    "password_file",
    "psql",
    "start",
    "stop",
    "upgrade",
]

_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def claim(data: Path) -> Lease:
    """Own the data folder; refuses, naming the owner, while another process does."""
    data = canonical(data)
    data.parent.mkdir(parents=True, exist_ok=True)
    path = beside(data, "lock")
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        owner = owner_of(path)
        raise InUse(
            f"{data} is in use by another running Commissary ({owner}); stop that one first",
            f"{data} 正被另一个运行中的 Commissary 使用（{owner}），请先停止它",
        ) from None
    file.truncate(0)
    file.write(f"pid {os.getpid()} on {socket.gethostname()}\n")
    file.flush()
    return Lease(data, file)


def start(
    data: Path,
    *,
    version: int = 18,
    port: int | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
    run_as: RunAs | None = None,
    refuge: Path = REFUGE,
    patience_s: float = 600,
) -> Server:
    """Make the data folder when it is empty, start the server, return when it answers. Idempotent.

    `port` also opens 127.0.0.1; without it only the socket listens. `settings` override ours. A server left running by
    an application that died is taken over, or restarted when the configuration differs. Recovery after a crash may take
    up to `patience_s`. `run_as` forces how root steps down (tests); `refuge` is where `nobody` lives.
    """
    check_version(canonical(data), version)
    return _start(data, version, port, settings, run_as, refuge, patience_s)


def _start(
    data: Path,
    version: int,
    port: int | None,
    settings: Mapping[str, str],
    run_as: RunAs | None = None,
    refuge: Path = REFUGE,
    patience_s: float = 600,
    unfinished: bool = False,
) -> Server:
    bin_dir = binaries(version)
    data = canonical(data)
    with _sole_starter(data):
        if beside(data, "unfinished").exists():
            stop(data, "immediate")  # a killed upgrade may have left one
        identity = identity_of(data, run_as)
        make_room(data, identity, refuge)
        bin_dir = reachable_binaries(bin_dir, identity, refuge)
        socket_dir = private_socket_dir(data, identity)
        initialise(data, version, identity, bin_dir, socket_dir)
        if not unfinished:
            beside(data, "unfinished").unlink(missing_ok=True)

        changed = configure(data, identity, configuration(data, socket_dir, port, settings))
        if postmaster_pid(data) is not None:
            if not changed and password_file(data).exists():
                with contextlib.suppress(NotRunning):  # it was on its way out
                    return answering(data, version, None, patience_s)
            stop(data)
            private_socket_dir(data, identity)  # `stop` took it away
        ensure_password(data, identity, bin_dir)
        return launch(data, version, identity, bin_dir, patience_s)


def attach(data: Path) -> Server:
    """The running server of that data folder, without owning it."""
    data = canonical(data)
    if postmaster_pid(data) is None:
        raise NotRunning(
            f"No PostgreSQL is running on {data}; start it with: commissary up",
            f"{data} 上没有运行中的 PostgreSQL，请先执行：commissary up",
        )
    return answering(data, version_of(data) or 0, None, 60)


def stop(server_or_data: Server | Path, mode: Mode = "fast", timeout_s: float = 60) -> None:
    """Stop and wait until it is gone; nothing to do when it is not running.

    `fast` ends sessions and writes a checkpoint. Past `timeout_s` it becomes `immediate`: the next start recovers.
    """
    data = server_or_data.data if isinstance(server_or_data, Server) else canonical(server_or_data)
    pid = postmaster_pid(data)
    if pid is None:
        return
    sockets = postmaster_lines(data)[4:5]
    for how, patience_s in ((mode, timeout_s), ("immediate", 15.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, _SIGNALS[how])
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if not alive(pid):
                for folder in sockets:
                    with contextlib.suppress(OSError):
                        Path(folder).rmdir()
                return
            time.sleep(0.02)
    raise Trouble(f"PostgreSQL (pid {pid}) does not stop", f"PostgreSQL（进程 {pid}）无法停止")


def guard(
    server: Server, restart: Callable[[], Server], say: Callable[[str], None], *, every_s: float = 0.5
) -> Callable[[], None]:
    """Call `restart` (the very `start` that made it) whenever the server has ended by itself; PostgreSQL does not.

    Returns what ends the watch: call it before `stop`. A restart that fails is told and tried again, more and more rarely.
    """
    ended = threading.Event()

    def watch() -> None:
        pause_s = every_s
        while not ended.wait(pause_s):
            if server.pid is not None:
                pause_s = every_s
                continue
            say("PostgreSQL ended unexpectedly; starting it again")
            try:
                restart()
                say("PostgreSQL is running again")
            except Exception as error:
                say(f"PostgreSQL did not start: {error}")
                pause_s = min(pause_s * 2, 10)

    thread = threading.Thread(target=watch, name="embedded-postgresql-guard", daemon=True)
    thread.start()

    def end() -> None:
        ended.set()
        thread.join()

    return end


def upgrade(data: Path, to: int = 18, *, settings: Mapping[str, str] = MappingProxyType({})) -> Path:
    """Copy a data folder into a new one of another major version, `pg<to>` beside it; the old one stays as it was.

    Roles with their passwords, every database, rows counted on both sides. Until all of it is proven the new folder counts
    as unfinished: a killed upgrade is simply begun again. Nobody may be using either.
    """
    old, new = canonical(data), canonical(data.with_name(f"pg{to}"))
    version = version_of(old)
    if version is None or version >= to:
        raise WrongVersion(
            f"{old} is of version {version}, nothing to bring to {to}",
            f"{old} 的版本为 {version}，无需升级到 {to}",
        )
    mark = beside(new, "unfinished")
    if version_of(new) is not None and not mark.exists():
        raise Trouble(f"{new} exists already; nothing was changed", f"{new} 已存在，未做任何更改")
    with claim(old), claim(new):
        stop(new, "immediate")
        password_file(new).unlink(missing_ok=True)
        shutil.copy(password_file(old), password_file(new))
        source = attach(old) if postmaster_pid(old) is not None else _start(old, version, None, settings)
        try:
            target = _start(new, to, None, settings, unfinished=True)
            try:
                copy_everything(source, target)
            finally:
                stop(target)
            mark.unlink()
        finally:
            stop(source)
    return new


def psql(data: Path, dbname: str = "commissary") -> list[str]:
    """The command line of an interactive psql; it carries no password."""
    server = attach(data)
    return [str(binaries(server.version) / "psql"), "-d", server.dsn(dbname)]


@contextlib.contextmanager
def _sole_starter(data: Path) -> Iterator[None]:
    """Two starts never overlap; a lease of this very process is no obstacle."""
    try:
        lease = claim(data)
    except InUse:
        if owner_of(beside(data, "lock")) != f"pid {os.getpid()} on {socket.gethostname()}":
            raise
        yield
        return
    with lease:
        yield
