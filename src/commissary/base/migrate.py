"""Bring a database to this version of the code: roles, then SQL files in order, each once, each in a transaction, but for
those that build an index on a table in use: their first line says so, and they begin again from their first statement.

Every file waits at most `lock_timeout` (below one second) for a lock and is tried again, so that a migration never
queues the orders of a running mall behind it; so do the month partitions made after them. Applied files are remembered
with their hash; a changed one is refused.
"""

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import resources

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commissary.base.db import Dsns

LOCK_TIMEOUT = "800ms"
TRIES = 60
PAUSE_S = 0.5
_NAME = re.compile(r"^(\d{4})_[a-z_]+\.sql$")
_LOCK = 7_305_116_601  # any number of our own: one migration at a time
_LOCK_POLL_S = 0.2
_OUTSIDE = "-- outside a transaction"  # begins a file of `… concurrently`; each statement ends its line

ROLES = {
    "commissary_owner": "nologin bypassrls",
    "commissary_app": "login nobypassrls",
    "commissary_vault": "login nobypassrls",
    "commissary_report": "login bypassrls",
}


class MigrationError(Exception):
    """A file was changed after it was applied, is missing, or could not get its locks; said in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(f"{en}\n{zh}")


@dataclass(frozen=True)
class Migration:
    name: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def files() -> list[Migration]:
    folder = resources.files("commissary.migrations")
    found = [f for f in folder.iterdir() if _NAME.match(f.name)]
    return [Migration(f.name, f.read_text("utf-8")) for f in sorted(found, key=lambda f: f.name)]


def migrate(
    admin_dsn: str,
    passwords: dict[str, str],
    *,
    say: Callable[[str], None] = lambda _: None,
    upto: str | None = None,
    tries: int = TRIES,
) -> list[str]:
    """Create the database named in the DSN when it is missing, the roles, and whatever files are new. Idempotent.

    `admin_dsn` may create roles with BYPASSRLS (a superuser, or as much as that). Returns the names applied now. A file
    that gets its locks in none of its `tries` ends it; the files before it stay applied, of it nothing does.
    """
    _create_database(admin_dsn)
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        # Looked at again and again: whoever waits in a statement has a snapshot, for whose end an index would wait.
        while not _got_lock(connection):
            time.sleep(_LOCK_POLL_S)
        _roles_beside_others(connection, passwords)
        connection.execute(
            "create table if not exists public.commissary_migration "
            "(name text primary key, sha256 text not null, applied_at timestamptz not null)"
        )
        known: dict[str, str] = dict(
            connection.execute("select name, sha256 from public.commissary_migration").fetchall()
        )
        wanted = files()
        if missing := set(known) - {m.name for m in wanted}:
            names = ", ".join(sorted(missing))
            raise MigrationError(
                f"the database was migrated by a newer version: {names}", f"数据库已由更新的版本迁移：{names}"
            )
        applied = []
        for migration in wanted:
            if upto is not None and migration.name > upto:
                break
            if migration.name in known:
                if known[migration.name] != migration.sha256:
                    raise MigrationError(
                        f"{migration.name} was changed after it had been applied",
                        f"{migration.name} 在执行之后被改动",
                    )
                continue
            if migration.text.startswith(_OUTSIDE):
                say(f"{migration.name} waits for the transactions that run; nobody waits for it")
                _apply_outside(connection, migration)
            else:
                _patiently(connection, migration.name, partial(_apply, connection, migration), tries, say)
            say(f"applied {migration.name}")
            applied.append(migration.name)
        _show_applied(connection)
        if upto is None:
            _patiently(connection, "month partitions", partial(_partitions, connection), tries, say)
        if applied and upto is None:
            connection.execute("analyze")
    return applied


def dsns(admin_dsn: str, passwords: dict[str, str]) -> Dsns:
    """The same server and database, as the runtime roles."""
    base = {k: v for k, v in conninfo_to_dict(admin_dsn).items() if k not in ("user", "password", "passfile")}

    def of(role: str) -> str:
        return make_conninfo("", **base, user=role, password=passwords[role])

    return Dsns(of("commissary_app"), of("commissary_vault"), of("commissary_report"))


def _patiently(
    connection: psycopg.Connection[tuple[object, ...]],
    what: str,
    step: Callable[[], None],
    tries: int,
    say: Callable[[str], None],
) -> None:
    """`step` in a transaction that waits briefly for locks, again and again: whoever queued behind it gets through between."""
    for tries_left in reversed(range(tries)):
        try:
            with connection.transaction():
                connection.execute(f"set local lock_timeout = '{LOCK_TIMEOUT}'")
                step()
            return
        except psycopg.errors.LockNotAvailable:
            if not tries_left:
                raise MigrationError(
                    f"{what}: its tables stayed locked, nothing of it was applied; try again in a quieter hour",
                    f"{what}：相关数据表一直被占用，未做任何改动，请在空闲时段重试",
                ) from None
            say(f"{what} waits for a lock; trying again")
            time.sleep(PAUSE_S)


def _apply(connection: psycopg.Connection[tuple[object, ...]], migration: Migration) -> None:
    connection.execute("set local role commissary_owner")
    connection.execute(migration.text.encode())
    connection.execute("reset role")
    connection.execute(
        "insert into public.commissary_migration values (%s, %s, now())", (migration.name, migration.sha256)
    )


def _show_applied(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Where the application may read it."""
    shown = connection.execute("select to_regclass('base.applied') is not null").fetchone()
    if shown and shown[0]:
        connection.execute(
            "insert into base.applied select name, applied_at from public.commissary_migration on conflict do nothing"
        )


def _apply_outside(connection: psycopg.Connection[tuple[object, ...]], migration: Migration) -> None:
    """Waits for the transactions that run, and nobody for it. Killed in between, it is applied from its beginning."""
    connection.execute("set role commissary_owner")
    connection.execute("set lock_timeout = 0")
    try:
        for statement in migration.text.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
    finally:
        connection.execute("reset lock_timeout")
        connection.execute("reset role")
    connection.execute(
        "insert into public.commissary_migration values (%s, %s, now())", (migration.name, migration.sha256)
    )


def _got_lock(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    found = connection.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    return found is not None and bool(found[0])


def _partitions(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A new partition locks the default one. Those that are there cost nothing; a run that ended before them left a gap."""
    connection.execute("select orders.make_partitions(%s, 4)", (datetime.now(UTC),))


def _create_database(admin_dsn: str) -> None:
    name = conninfo_to_dict(admin_dsn).get("dbname") or "postgres"
    try:
        psycopg.connect(admin_dsn).close()
        return
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    with (
        psycopg.connect(make_conninfo(admin_dsn, dbname="postgres"), autocommit=True) as connection,
        suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation),  # by another, just now
    ):
        connection.execute(
            sql.SQL("create database {} encoding 'UTF8' template template0").format(sql.Identifier(str(name)))
        )


def _roles_beside_others(
    connection: psycopg.Connection[tuple[object, ...]], passwords: dict[str, str]
) -> None:
    """Our lock is of one database, roles are of the server: two databases migrated at once meet here, and PostgreSQL
    does not queue who alters a role but fails the later one."""
    for tries_left in reversed(range(TRIES)):
        try:
            _roles(connection, passwords)
            return
        except (
            psycopg.errors.InternalError_,  # "tuple concurrently updated"
            psycopg.errors.UniqueViolation,
            psycopg.errors.DuplicateObject,
        ):
            if not tries_left:
                raise
            time.sleep(random.uniform(0.01, 0.1))


def _roles(connection: psycopg.Connection[tuple[object, ...]], passwords: dict[str, str]) -> None:
    """Roles belong to the whole server; their passwords come from the installation's key folder."""
    known = {r for (r,) in connection.execute("select rolname from pg_roles").fetchall()}
    for role, how in ROLES.items():
        if role not in known:
            connection.execute(sql.SQL("create role {} " + how).format(sql.Identifier(role)))
        if role in passwords:
            connection.execute(
                sql.SQL("alter role {} password {}").format(
                    sql.Identifier(role), sql.Literal(passwords[role])
                )
            )
    name = connection.info.dbname
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    connection.execute("revoke all on schema public from public")
    connection.execute(
        sql.SQL("grant create, connect on database {} to commissary_owner").format(sql.Identifier(name))
    )
    connection.execute(
        sql.SQL("grant connect on database {} to commissary_app, commissary_vault, commissary_report").format(
            sql.Identifier(name)
        )
    )
    connection.execute("grant commissary_owner to current_user")


def each_step() -> Iterator[str]:
    """Names of the migrations, oldest first (for tests that stop half way)."""
    for migration in files():
        yield migration.name
