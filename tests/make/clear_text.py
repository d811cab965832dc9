"""Where a word lies in clear: in files, however large, and in a dump of the database."""

import mmap
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from commissary.base import embedded


def dump(dsn: str, into: Path) -> None:
    """As plain SQL, with everything that has reached the server written to its files first."""
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("checkpoint")
        [(version,)] = admin.execute("select current_setting('server_version_num')::int / 10000").fetchall()
    told = conninfo_to_dict(dsn)
    command = [str(embedded.binaries(version) / "pg_dump"), "-h", str(told["host"])]
    command += [
        "-p",
        str(told.get("port", 5432)),
        "-U",
        str(told["user"]),
        "-f",
        str(into),
        str(told["dbname"]),
    ]
    environ = {"PGPASSFILE": str(told.get("passfile", "")), "PGPASSWORD": str(told.get("password", ""))}
    subprocess.run(command, check=True, env={k: v for k, v in environ.items() if v})  # noqa: S603 - our own binary


def hits(place: Path, mark: str) -> int:
    """In how many files of that place."""
    return sum(_in_file(path, mark.encode()) for path in _files(place))


def _files(place: Path) -> Iterator[Path]:
    yield from (p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]


def _in_file(path: Path, mark: bytes) -> bool:
    try:
        if not path.stat().st_size:
            return False
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(mark) >= 0
    except FileNotFoundError:  # a segment that was recycled meanwhile
        return False
