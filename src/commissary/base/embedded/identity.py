"""Whom PostgreSQL runs as, and folders that this user can reach."""

import contextlib
import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from commissary.base.embedded.places import log_dir
from commissary.base.embedded.types import RunAs, Trouble

_SOCKET_PATH_LIMIT = 100


@dataclass(frozen=True)
class Identity:
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


def identity_of(data: Path, run_as: RunAs | None) -> Identity:
    if os.geteuid() != 0 or run_as == "self":
        return Identity()
    owner = data.stat().st_uid if (data / "PG_VERSION").exists() else 0
    if owner and run_as is None:  # made by another user, or as `nobody`: it stays so
        return Identity(uid=owner, gid=data.stat().st_gid)
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
    return Identity(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _namespace() -> Identity | None:
    """Any ordinary user that has a passwd entry: initdb looks its own name up."""
    unshare = shutil.which("unshare")
    users = sorted((u for u in pwd.getpwall() if u.pw_uid and u.pw_gid), key=lambda u: u.pw_name == "nobody")
    if unshare is None or not users:
        return None
    inside = Identity(
        (unshare, "--user", f"--map-user={users[0].pw_uid}", f"--map-group={users[0].pw_gid}", "--")
    )
    return inside if inside.run(["/bin/sh", "-c", "exit 0"])[0] == 0 else None


def make_room(data: Path, identity: Identity, refuge: Path) -> None:
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
    log = log_dir(data)
    log.mkdir(mode=0o700, exist_ok=True)
    if identity.uid is not None and log.stat().st_uid != identity.uid:
        _own_tree(log, identity)


def private_socket_dir(data: Path, identity: "Identity") -> Path:
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


def _own_tree(folder: Path, identity: Identity) -> None:
    identity.own(folder)
    for at, folders, files in os.walk(folder):
        for name in (*folders, *files):
            identity.own(Path(at) / name)


def _reachable_data(data: Path, identity: Identity, refuge: Path) -> Path:
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


def reachable_binaries(bin_dir: Path, identity: Identity, refuge: Path) -> Path:
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
