"""Databases at this version of the schema, copied from one that was migrated once per test session."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commissary.base import migrate

_templates: dict[str, str] = {}


@contextmanager
def template(admin_dsn: str, passwords: Mapping[str, str]) -> Iterator[None]:
    """Meanwhile `database` copies."""
    name = f"template_{secrets.token_hex(4)}"
    migrate.migrate(make_conninfo(admin_dsn, dbname=name), dict(passwords))
    _templates[admin_dsn] = name
    try:
        yield
    finally:
        del _templates[admin_dsn]
        with psycopg.connect(admin_dsn, autocommit=True) as admin:
            admin.execute(f"drop database {name} with (force)")


def database(admin_dsn: str, name: str, passwords: Mapping[str, str]) -> str:
    """The DSN of a new one. Migrated, even if there is nothing left to apply: who may connect is not copied."""
    dsn = make_conninfo(admin_dsn, dbname=name)
    if admin_dsn in _templates:
        with psycopg.connect(make_conninfo(admin_dsn, dbname="postgres"), autocommit=True) as admin:
            admin.execute(
                f"create database {conninfo_to_dict(dsn)['dbname']} template {_templates[admin_dsn]}"
            )
    migrate.migrate(dsn, dict(passwords))
    return dsn
