"""The data folder: made, checked, given its password and its configuration."""

import os
import secrets
import shutil
from pathlib import Path

from commissary.base.embedded.identity import Identity
from commissary.base.embedded.places import beside, password_file, version_of
from commissary.base.embedded.types import SUPERUSER, VERSIONS, Trouble, WrongVersion

_HBA = """\
# Written by Commissary. The socket's folder is private to its user; a password is asked nevertheless.
local  all  all                scram-sha-256
host   all  all  127.0.0.1/32  scram-sha-256
"""


def check_version(data: Path, version: int) -> None:
    """A folder of another version is refused, and so is an empty one beside it: an empty mall would be no surprise worth having."""
    found, where = version_of(data), data
    if found is None or beside(data, "unfinished").exists():
        others = [data.with_name(f"pg{v}") for v in VERSIONS if v != version and data.name == f"pg{version}"]
        where = next((other for other in others if version_of(other) is not None), data)
        found = None if where == data else version_of(where)
    if found is not None and found != version:
        how = f"commissary.base.embedded.upgrade(Path({str(where)!r}), to={version})"
        raise WrongVersion(
            f"{where} was made by PostgreSQL {found}, this is {version}. Nothing was changed. Go on with version {found}, or copy it "
            f"with the old and the new binaries (both come with commissary[embedded]; the old folder stays): {how}",
            f"{where} 由 PostgreSQL {found} 创建，当前为 {version}，未做任何更改。可继续使用版本 {found}，或用新旧两版程序复制数据"
            f"（两者均随 commissary[embedded] 提供，旧目录保留）：{how}",
        )


def initialise(data: Path, version: int, identity: Identity, bin_dir: Path, socket_dir: Path) -> None:
    """initdb when the folder is empty. A mark beside it tells an unfinished one, which is begun again.

    The mark stays for the caller to take away: an upgrade has still to fill the folder.
    """
    folder, mark = data.resolve(), beside(data, "unfinished")
    if mark.exists():
        for child in folder.iterdir():
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
    elif version_of(data) is not None:
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


def _password(data: Path) -> str:
    path = password_file(data)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"*:*:*:{SUPERUSER}:{secrets.token_urlsafe(32)}\n")
    return path.read_text().strip().rpartition(":")[2]


def ensure_password(data: Path, identity: Identity, bin_dir: Path) -> None:
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


def configure(data: Path, identity: Identity, text: str) -> bool:
    """Write commissary.conf; says whether it changed."""
    path = data.resolve() / "commissary.conf"
    if path.exists() and path.read_text("utf-8") == text:
        return False
    _write(path, text, identity)
    return True


def _write(path: Path, text: str, identity: Identity) -> None:
    half = path.with_name(path.name + ".half")
    half.write_text(text, "utf-8")
    half.chmod(0o600)
    identity.own(half)
    half.rename(path)
