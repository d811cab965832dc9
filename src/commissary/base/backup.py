"""One file holds an installation: the database's dump and the key folder, sealed under a passphrase.

    line     "commissary backup 1\\n"
    header   4 bytes of length, JSON: format, sealed by, scrypt's salt and cost, nonce prefix
    chunks   4 bytes of length, AES-256-GCM of (1 byte of kind ‖ up to 1 MiB)
             nonce = 7 random bytes ‖ 4 bytes of counter ‖ 1 byte: is it the last? ; additional data = hash of the header

Kinds: `f` facts (JSON), `d` a piece of pg_dump's custom format, `k` a piece of a key file, `m` the manifest, the last
chunk. Counter and last-mark catch chunks exchanged, repeated or missing (the STREAM construction); the manifest's counts
and hashes catch the rest. Nothing is held in memory but one chunk, nothing in clear touches the disk.

Without a passphrase the file is sealed with a key that stands in its own header: damage is found, nothing is hidden. Keys
are never put into such a file; they go into a file of their own when that is asked for by name.

Roles are the server's, not the database's: the manifest remembers those the dump speaks of, and `restore` makes the
missing ones without passwords (a migration sets those from the key folder). Owners, grants and policies are the dump's.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import struct
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commissary.base import embedded, shredded
from commissary.base.embedded import Trouble

_MAGIC = b"commissary backup 1\n"
_CHUNK = 1 << 20
_SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}  # 128 MiB and about half a second per guess
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; every part of it was compared with the content."""

    made_at: str
    server: str
    tool_major: int
    database: str
    tables: dict[str, int]
    """Rows of each table, counted in the dump's own snapshot."""
    roles: list[dict[str, Any]] = field(repr=False)
    dump_bytes: int
    dump_sha256: str
    keys: dict[str, str]
    """SHA-256 of each key file, by its path in the key folder."""


def backup(
    admin_dsn: str,
    keys_dir: Path,
    out_file: Path,
    *,
    passphrase: str | None,
    separate_keys: Path | None = None,
    progress: Progress = lambda stage, size: None,
) -> Manifest:
    """Write `out_file` (0600, whole or not at all) while the mall goes on selling.

    With `separate_keys` the keys go there and not into `out_file`: keep the two apart. Without a passphrase that is the
    only way to save keys, and both files are then readable to whoever has them.
    """
    for path in (out_file, separate_keys):
        if path is not None and path.exists():
            raise Trouble(
                f"{path} exists; a backup overwrites nothing", f"{path} 已存在，备份不会覆盖任何文件"
            )
    names = _key_files(keys_dir)
    if passphrase is None and names and separate_keys is None:
        raise Trouble(
            "Keys are never stored in clear: give a passphrase, or name a file of their own for the keys",
            "密钥不得以明文存储：请提供口令，或为密钥另行指定文件",
        )
    if passphrase is not None and not passphrase:
        raise Trouble("The passphrase is empty", "口令为空")

    keys: dict[str, str] = {}
    with _Snapshot(admin_dsn) as snapshot, _sealed_file(out_file, passphrase) as out:
        out.write(b"f", json.dumps(snapshot.facts).encode())
        sha, size = hashlib.sha256(), 0
        for piece in snapshot.dump():
            sha.update(piece)
            size += len(piece)
            out.write(b"d", piece)
            progress("dump", size)
        # After the dump: whatever key the snapshot's rows need is there, and one destroyed meanwhile stays destroyed.
        if separate_keys is None:
            keys = _write_keys(out, keys_dir, names)
        progress("count", size)
        manifest = Manifest(
            **snapshot.facts,
            tables=snapshot.count_rows(),
            dump_bytes=size,
            dump_sha256=sha.hexdigest(),
            keys=keys,
        )
        out.write(b"m", json.dumps(vars(manifest)).encode(), last=True)
    if separate_keys is not None:
        with _sealed_file(separate_keys, passphrase) as out:
            digests = _write_keys(out, keys_dir, names)
            out.write(b"m", json.dumps({"keys": digests}).encode(), last=True)
    return manifest


def verify(file: Path, passphrase: str | None) -> Manifest:
    """Read all of it, change nothing: the passphrase opens it and not one byte is missing or altered."""
    sha, size = hashlib.sha256(), 0
    keys = _Digests()
    said: dict[str, Any] = {}
    for kind, piece in _read_sealed(file, passphrase):
        if kind == b"d":
            sha.update(piece)
            size += len(piece)
        elif kind == b"k":
            keys.add(*_key_piece(piece))
        elif kind == b"m":
            said = json.loads(piece)
    if "tables" not in said:
        raise Trouble(f"{file} holds keys only, no database", f"{file} 仅含密钥，不含数据库")
    manifest = Manifest(**said)
    if (manifest.dump_bytes, manifest.dump_sha256, manifest.keys) != (size, sha.hexdigest(), keys.hex()):
        raise _damaged(file)
    return manifest


def restore(
    file: Path,
    admin_dsn: str,
    keys_dir: Path,
    passphrase: str | None,
    *,
    keys_file: Path | None = None,
    progress: Progress = lambda stage, size: None,
) -> Manifest:
    """Bring a backup into an empty database and an empty or absent key folder: all of it or nothing.

    The whole file is verified first. The dump is one transaction; the rows are counted before the keys are put in place.
    `keys_file` is what `separate_keys` wrote. Afterwards `commissary up` migrates and sets the roles' passwords.
    """
    progress("verify", 0)
    manifest = verify(file, passphrase)
    if keys_dir.exists() and any(keys_dir.iterdir()):
        raise Trouble(
            f"{keys_dir} is not empty; nothing was restored. Move it away: its {shredded.NAME} is wanted afterwards",
            f"{keys_dir} 不是空目录，未恢复任何内容；请先移走（其中的 {shredded.NAME} 恢复时要用）",
        )
    with psycopg.connect(admin_dsn) as connection:
        _check_target(connection, manifest)
    keys_dir.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=f".{keys_dir.name}.", dir=keys_dir.parent))
    try:
        if keys_file is not None:
            _stage_keys(keys_file, passphrase, staged)
        _make_roles(admin_dsn, manifest)
        size = 0
        with _pg_restore(admin_dsn, manifest) as sink:
            for kind, piece in _read_sealed(file, passphrase):
                if kind == b"d":
                    sink.write(piece)
                    size += len(piece)
                    progress("restore", size)
                elif kind == b"k":
                    _stage_piece(staged, piece)
        progress("count", size)
        _check_restored(admin_dsn, manifest)
        _sync_tree(staged)
        if any(staged.iterdir()):
            staged.rename(keys_dir)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return manifest


# The sealed file -------------------------------------------------------------------------------------------------


class _Sealed:
    """Writes chunks; `last` ends the file."""

    def __init__(self, file: IO[bytes], passphrase: str | None) -> None:
        salt, prefix = secrets.token_bytes(16), secrets.token_bytes(7)
        header = {
            "sealed_by": "passphrase" if passphrase is not None else "nobody",
            "salt": salt.hex(),
            "nonce": prefix.hex(),
            **_SCRYPT,
        }
        raw = json.dumps(header).encode()
        self._file, self._prefix, self._count, self.ended = file, prefix, 0, False
        self._bound = hashlib.sha256(raw).digest()
        self._gcm = AESGCM(_key(header, passphrase))
        file.write(_MAGIC + struct.pack(">I", len(raw)) + raw)

    def write(self, kind: bytes, piece: bytes, *, last: bool = False) -> None:
        nonce = self._prefix + struct.pack(">IB", self._count, last)
        sealed = self._gcm.encrypt(nonce, kind + piece, self._bound)
        self._file.write(struct.pack(">I", len(sealed)) + sealed)
        self._count += 1
        self.ended = last


@contextlib.contextmanager
def _sealed_file(path: Path, passphrase: str | None) -> Iterator[_Sealed]:
    """Appears under its name only when it is whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, half = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            out = _Sealed(file, passphrase)
            yield out
            if not out.ended:
                raise AssertionError("a sealed file without its last chunk")
            file.flush()
            os.fsync(file.fileno())
        os.link(half, path)  # refuses a file that appeared meanwhile, which a rename would replace
        _sync_folder(path.parent)
    finally:
        os.unlink(half)


def _read_sealed(file: Path, passphrase: str | None) -> Iterator[tuple[bytes, bytes]]:
    with file.open("rb") as source:
        if source.read(len(_MAGIC)) != _MAGIC:
            raise Trouble(f"{file} is not a backup of Commissary", f"{file} 不是 Commissary 的备份文件")
        raw = _exactly(source, _length(source, file, 1 << 16), file)
        try:
            header = json.loads(raw)
            prefix = bytes.fromhex(header["nonce"])
            if {name: header[name] for name in _SCRYPT} != _SCRYPT:  # a forged cost must not eat our memory
                raise _damaged(file)
            by_passphrase = header["sealed_by"] == "passphrase"
            if by_passphrase and passphrase is None:
                raise Trouble(f"{file} needs its passphrase", f"{file} 需要口令")
            if passphrase is not None and not by_passphrase:  # anybody could have put it in place of ours
                raise Trouble(
                    f"{file} was sealed with no passphrase; if you trust where it comes from, restore it without one",
                    f"{file} 未用口令加密；若确信其来源，请不带口令恢复",
                )
            gcm = AESGCM(_key(header, passphrase))
        except (ValueError, KeyError, TypeError):
            raise _damaged(file) from None
        bound = hashlib.sha256(raw).digest()
        count, last = 0, False
        while not last:
            sealed = _exactly(source, _length(source, file, _CHUNK + 17), file)
            position = source.tell()
            last = source.read(1) == b""
            source.seek(position)
            try:
                plain = gcm.decrypt(prefix + struct.pack(">IB", count, last), sealed, bound)
            except InvalidTag:
                if count == 0:
                    raise Trouble(
                        f"Wrong passphrase, or {file} is damaged", f"口令错误，或 {file} 已损坏"
                    ) from None
                raise _damaged(file) from None
            yield plain[:1], plain[1:]
            count += 1


def _key(header: dict[str, Any], passphrase: str | None) -> bytes:
    salt = bytes.fromhex(header["salt"])
    if passphrase is None:
        return hashlib.sha256(b"commissary backup without a passphrase" + salt).digest()
    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode())


def _length(source: IO[bytes], file: Path, most: int) -> int:
    (length,) = struct.unpack(">I", _exactly(source, 4, file))
    if not 0 < length <= most:
        raise _damaged(file)
    return int(length)


def _exactly(source: IO[bytes], length: int, file: Path) -> bytes:
    read = source.read(length)
    if len(read) != length:
        raise _damaged(file)
    return read


def _damaged(file: Path) -> Trouble:
    return Trouble(
        f"{file} is damaged or incomplete; nothing was restored from it",
        f"{file} 已损坏或不完整，未从中恢复任何内容",
    )


# The database ----------------------------------------------------------------------------------------------------


class _Snapshot:
    """pg_dump and our own counting look at the same moment."""

    def __init__(self, admin_dsn: str) -> None:
        self._dsn = admin_dsn

    def __enter__(self) -> "_Snapshot":
        self._connection = psycopg.connect(self._dsn, autocommit=True)
        try:
            execute = self._connection.execute
            execute("set idle_in_transaction_session_timeout = 0")
            execute("set statement_timeout = 0")
            execute("begin isolation level repeatable read read only")
            (self._id,) = execute("select pg_export_snapshot()").fetchone() or ("",)
            major = self._connection.info.server_version // 10000
            self._pg_dump, tool_major = _tool("pg_dump", self._dsn, major)
            self.facts: dict[str, Any] = {
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "server": self._connection.info.parameter_status("server_version"),
                "tool_major": tool_major,
                "database": self._connection.info.dbname,
                "roles": _roles(self._connection),
            }
        except BaseException:
            self._connection.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def dump(self) -> Iterator[bytes]:
        dsn, env = _without_password(self._dsn)
        argv = [str(self._pg_dump), f"--dbname={dsn}", f"--snapshot={self._id}", "--format=custom", "-Z", "1"]
        process = subprocess.Popen(  # noqa: S603
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env
        )
        said = _Said(process.stderr)
        try:
            assert process.stdout is not None
            while piece := process.stdout.read(_CHUNK):
                yield piece
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
            words = said.words()
        if process.returncode:
            raise Trouble(f"pg_dump failed:\n{words}", f"pg_dump 失败：\n{words}")

    def count_rows(self) -> dict[str, int]:
        return _count_rows(self._connection)


def _count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Ordinary tables and the partitions themselves: no row is counted twice."""
    tables = connection.execute(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
        "order by 1, 2"
    ).fetchall()
    counts = {}
    for schema, table in tables:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
        (counts[f"{schema}.{table}"],) = connection.execute(query).fetchone() or (0,)
    return counts


def _roles(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    """The roles this database speaks of, those they belong to, their settings. No passwords."""
    found = connection.execute(
        """
        with recursive spoken(oid) as (
            select refobjid from pg_shdepend
             where refclassid = 'pg_authid'::regclass
               and dbid in (0, (select oid from pg_database where datname = current_database()))
               and (dbid <> 0 or objid = (select oid from pg_database where datname = current_database()))
            union select relowner from pg_class
            union select nspowner from pg_namespace
            union select datdba from pg_database where datname = current_database()
            union select m.roleid from pg_auth_members m join spoken s on s.oid = m.member
        )
        select json_build_object(
                   'name', r.rolname, 'login', r.rolcanlogin, 'bypassrls', r.rolbypassrls, 'inherit', r.rolinherit,
                   'connections', r.rolconnlimit,
                   'member_of', coalesce((select json_agg(g.rolname order by g.rolname) from pg_auth_members m
                                 join pg_roles g on g.oid = m.roleid where m.member = r.oid), '[]'),
                   'settings', coalesce((select json_agg(json_build_array(s.setdatabase <> 0, c)) from pg_db_role_setting s,
                                unnest(s.setconfig) c where s.setrole = r.oid and s.setdatabase in
                                (0, (select oid from pg_database where datname = current_database()))), '[]'))
          from pg_roles r where r.oid in (select oid from spoken) and r.rolname !~ '^pg_' order by r.rolname
        """
    ).fetchall()
    return [row[0] for row in found]


def _make_roles(admin_dsn: str, manifest: Manifest) -> None:
    """Only what is missing; a role that exists is somebody's decision and stays."""
    with psycopg.connect(admin_dsn) as connection:
        known = {name for (name,) in connection.execute("select rolname from pg_roles").fetchall()}
        missing = [role for role in manifest.roles if role["name"] not in known]
        for role in missing:
            words = [
                word if role[attribute] else f"no{word}"
                for attribute, word in (
                    ("login", "login"),
                    ("bypassrls", "bypassrls"),
                    ("inherit", "inherit"),
                )
            ]
            connection.execute(
                sql.SQL("create role {} {} connection limit {}").format(
                    sql.Identifier(role["name"]),
                    sql.SQL(" ".join(words)),
                    sql.Literal(role["connections"]),
                )
            )
        for role in missing:
            name = sql.Identifier(role["name"])
            for group in role["member_of"]:
                connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), name))
            for here, setting in role["settings"]:
                where = (
                    sql.SQL(" in database {}").format(sql.Identifier(connection.info.dbname))
                    if here
                    else sql.SQL("")
                )
                option, _, value = setting.partition("=")
                connection.execute(
                    sql.SQL("alter role {}{} set {} = {}").format(
                        name, where, sql.Identifier(*option.split(".")), sql.Literal(value)
                    )
                )


def _check_target(connection: psycopg.Connection[Any], manifest: Manifest) -> None:
    things = connection.execute(
        "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
        "union all select nspname from pg_namespace "
        "where nspname !~ '^pg_' and nspname not in ('public', 'information_schema') limit 3"
    ).fetchall()
    if things:
        listed = ", ".join(name for (name,) in things)
        raise Trouble(
            f"The target database is not empty ({listed} …); nothing was restored",
            f"目标数据库不为空（{listed} 等），未恢复任何内容",
        )
    major = connection.info.server_version // 10000
    if major < manifest.tool_major:
        raise Trouble(
            f"This backup needs PostgreSQL {manifest.tool_major} or newer, the target is {major}",
            f"此备份需要 PostgreSQL {manifest.tool_major} 或更高版本，目标为 {major}",
        )


@contextlib.contextmanager
def _pg_restore(admin_dsn: str, manifest: Manifest) -> Iterator[IO[bytes]]:
    with psycopg.connect(admin_dsn) as connection:
        major = connection.info.server_version // 10000
    tool, _ = _tool("pg_restore", admin_dsn, max(major, manifest.tool_major))
    dsn, env = _without_password(admin_dsn)
    process = subprocess.Popen(  # noqa: S603
        [str(tool), f"--dbname={dsn}", "--single-transaction", "--exit-on-error"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=env,
    )
    said = _Said(process.stderr)
    assert process.stdin is not None
    broken = False
    try:
        yield process.stdin
        process.stdin.close()
    except BrokenPipeError:  # it ended before its input did; its own words below say why
        broken = True
    except BaseException:
        process.kill()  # the transaction rolls back
        raise
    finally:
        process.wait()
        words = said.words()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    if process.returncode or broken:
        raise Trouble(
            f"pg_restore failed, nothing was restored:\n{words}",
            f"pg_restore 失败，未恢复任何内容：\n{words}",
        )


def _check_restored(admin_dsn: str, manifest: Manifest) -> None:
    with psycopg.connect(admin_dsn) as connection:
        counted = _count_rows(connection)
        if counted != manifest.tables:
            names = sorted(
                name
                for name in counted.keys() | manifest.tables.keys()
                if counted.get(name) != manifest.tables.get(name)
            )
            raise Trouble(
                f"Rows differ from the backup's in: {', '.join(names)}. Do not use this database",
                f"以下表的行数与备份不符：{', '.join(names)}。请勿使用该数据库",
            )
        connection.execute("analyze")


def _tool(name: str, dsn: str, major: int) -> tuple[Path, int]:
    """The oldest of our own and the machine's that is not older than `major`: a newer one's dump suits newer servers only.

    The wheel's tools cannot speak TLS, so a server that demands it is left to the machine's.
    """
    found: dict[int, Path] = {}
    own = shutil.which(name)
    if own is not None:
        said = subprocess.run([own, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        if version := re.search(r"\) (\d+)", said):
            found[int(version[1])] = Path(own)
    if conninfo_to_dict(dsn).get("sslmode") not in ("require", "verify-ca", "verify-full"):
        for carried in embedded.VERSIONS:
            with contextlib.suppress(Trouble):
                found[carried] = embedded.binaries(carried) / name
    for version_of, path in sorted(found.items()):
        if version_of >= major:
            return path, version_of
    raise Trouble(
        f"No {name} of version {major} or newer; install postgresql-client-{major} or commissary[embedded]",
        f"缺少 {major} 或更高版本的 {name}，请安装 postgresql-client-{major} 或 commissary[embedded]",
    )


def _without_password(dsn: str) -> tuple[str, dict[str, str]]:
    """Arguments are visible to everybody on the machine, the environment is not."""
    parts = conninfo_to_dict(dsn)
    env = {**os.environ, "PGOPTIONS": ""}
    if password := parts.pop("password", None):
        env["PGPASSWORD"] = str(password)
    return make_conninfo("", **parts), env


class _Said:
    """Drains a child's stderr beside us, so that neither waits for the other."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        assert stream is not None
        self._kept: list[bytes] = []
        self._thread = threading.Thread(target=lambda: self._kept.append(stream.read()), daemon=True)
        self._thread.start()

    def words(self) -> str:
        self._thread.join(5)
        return b"".join(self._kept).decode("utf-8", "replace").strip()[-2000:]


# Keys ------------------------------------------------------------------------------------------------------------


def _key_files(keys_dir: Path) -> list[str]:
    names = []
    for path in sorted(keys_dir.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Trouble(
                f"{path} is no ordinary file; a key folder holds only files", f"{path} 不是普通文件"
            )
        if path.is_file():
            names.append(path.relative_to(keys_dir).as_posix())
    return names


def _write_keys(out: _Sealed, keys_dir: Path, names: list[str]) -> dict[str, str]:
    """A file longer than a chunk is several pieces of the same name."""
    digests = _Digests()
    for name in names:
        title = json.dumps(name).encode() + b"\n"
        with (keys_dir / name).open("rb") as file:
            piece = file.read(_CHUNK - len(title))
            while True:
                digests.add(name, piece)
                out.write(b"k", title + piece)
                piece = file.read(_CHUNK - len(title))
                if not piece:
                    break
    return digests.hex()


class _Digests:
    def __init__(self) -> None:
        self._by_name: dict[str, Any] = {}

    def add(self, name: str, piece: bytes) -> None:
        self._by_name.setdefault(name, hashlib.sha256()).update(piece)

    def hex(self) -> dict[str, str]:
        return {name: sha.hexdigest() for name, sha in self._by_name.items()}


def _key_piece(piece: bytes) -> tuple[str, bytes]:
    title, _, content = piece.partition(b"\n")
    name = json.loads(title)
    pure = PurePosixPath(name)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise Trouble(f"A backup names the key file {name!r}", f"备份中出现非法的密钥文件名 {name!r}")
    return name, content


def _stage_piece(staged: Path, piece: bytes) -> None:
    name, content = _key_piece(piece)
    path = staged / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
        file.write(content)


def _stage_keys(file: Path, passphrase: str | None, staged: Path) -> None:
    digests = _Digests()
    for kind, piece in _read_sealed(file, passphrase):
        if kind == b"k":
            digests.add(*_key_piece(piece))
            _stage_piece(staged, piece)
        elif kind == b"m" and json.loads(piece)["keys"] != digests.hex():
            raise _damaged(file)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync_folder(path)  # files too
    _sync_folder(folder)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
