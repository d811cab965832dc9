"""Everything from a server of one major version into one of another."""

import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from commissary.base.embedded.places import binaries
from commissary.base.embedded.server import Server
from commissary.base.embedded.types import SUPERUSER, Trouble


def copy_everything(source: Server, target: Server) -> None:
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
