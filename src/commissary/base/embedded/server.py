"""A running server: from the first process to the first answer, also after a crash."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from commissary.base.embedded.identity import Identity
from commissary.base.embedded.places import log_dir, password_file
from commissary.base.embedded.processes import postmaster_lines, postmaster_pid, processes_in
from commissary.base.embedded.types import SUPERUSER, NotRunning, Trouble

_ORPHANS_S = 30.0


# A postmaster just killed or stopping looks alive for a moment.
_PASSING = (
    "starting up",
    "not yet accepting",
    "shutting down",
    "too many clients",
    "refused",
    "No such file",
    "closed the connection",
)


@dataclass(frozen=True)
class Server:
    """A running server. Holds no secret: the DSN points at the password file."""

    data: Path
    socket_dir: Path
    port: int
    version: int
    superuser: str = SUPERUSER

    def dsn(self, dbname: str = "commissary") -> str:
        return make_conninfo(
            host=str(self.socket_dir),
            port=self.port,
            user=self.superuser,
            dbname=dbname,
            passfile=str(password_file(self.data)),
        )

    @property
    def pid(self) -> int | None:
        """The postmaster's process id, None when it is gone."""
        return postmaster_pid(self.data)


class _Exited(Exception):
    pass


def launch(data: Path, version: int, identity: Identity, bin_dir: Path, patience_s: float) -> Server:
    deadline = time.monotonic() + _ORPHANS_S
    startup = log_dir(data) / "startup.log"
    while True:
        _wait_for_orphans(data, deadline)
        with startup.open("wb") as log:
            proc = identity.popen(
                [str(bin_dir / "postgres"), "-D", str(data.resolve())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            server = answering(data, version, proc, patience_s)
        except _Exited:
            said = _said(startup)
            held = "pre-existing shared memory block" in said or "postmaster.pid" in said
            if held and time.monotonic() < deadline:
                time.sleep(0.3)
                continue
            raise Trouble(
                f"PostgreSQL did not start on {data}:\n{said}", f"PostgreSQL 未能在 {data} 上启动：\n{said}"
            ) from None
        # Its parent reaps it whenever it ends, so it is never a zombie.
        threading.Thread(target=proc.wait, name="embedded-postgresql", daemon=True).start()
        return server


def answering(data: Path, version: int, proc: subprocess.Popen[bytes] | None, patience_s: float) -> Server:
    """Wait until the server of the data folder takes connections, and make our database once."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if proc is not None and proc.poll() is not None:
            raise _Exited
        lines = postmaster_lines(data)
        ours = proc is None or lines[:1] == [str(proc.pid)]
        if ours and len(lines) > 7 and lines[7].strip() == "ready":
            server = Server(data, Path(lines[4]), int(lines[3]), version)
            try:
                _make_database(server)
                return server
            except psycopg.OperationalError as error:  # SQLSTATE is not told for a refused connection
                if not any(words in str(error) for words in _PASSING):
                    raise
        if proc is None and postmaster_pid(data) is None:
            raise NotRunning(
                f"PostgreSQL on {data} ended meanwhile", f"{data} 上的 PostgreSQL 已在此期间退出"
            )
        time.sleep(0.02)
    raise Trouble(
        f"PostgreSQL on {data} does not answer after {patience_s:.0f} s (it may still be recovering); its log is in {log_dir(data)}",
        f"{data} 上的 PostgreSQL 在 {patience_s:.0f} 秒后仍无应答（可能仍在恢复），日志见 {log_dir(data)}",
    )


def _make_database(server: Server) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True, connect_timeout=10) as connection:
        if connection.execute("select 1 from pg_database where datname = 'commissary'").fetchone() is None:
            with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                connection.execute("create database commissary")


def _said(startup: Path) -> str:
    """The last words: before the log collector runs they are in startup.log, afterwards in the newest log."""
    lines = startup.read_text("utf-8", "replace").splitlines()
    logs = sorted(startup.parent.glob("postgresql-*.log"), key=lambda p: p.stat().st_mtime)
    if logs and logs[-1].stat().st_mtime >= startup.stat().st_mtime - 1:
        lines += logs[-1].read_text("utf-8", "replace").splitlines()[-10:]
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return "\n".join(fatal or lines[-10:])


def _wait_for_orphans(data: Path, deadline: float) -> None:
    """Backends outlive a killed postmaster for a moment, and hold its shared memory.

    They leave by themselves as soon as they wait for anything; those that do not are asked, then ended: their
    transactions are lost already. Then a pid file whose number now belongs to a stranger is taken away.
    """
    asked = 0.0
    begun = time.monotonic()
    while pids := processes_in(data.resolve()):
        waited = time.monotonic() - begun
        if time.monotonic() > deadline:
            listed = ", ".join(map(str, pids))
            raise Trouble(
                f"Processes of an earlier PostgreSQL still hold {data}: {listed}. End them and start again",
                f"先前 PostgreSQL 的进程仍占用 {data}：{listed}。请结束这些进程后重试",
            )
        if waited - asked > 2:
            asked = waited
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT if waited < 8 else signal.SIGKILL)
        time.sleep(0.05)
    lines = postmaster_lines(data)
    if lines and postmaster_pid(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)
