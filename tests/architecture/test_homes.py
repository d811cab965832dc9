"""Every table keeps the home rules; and every rule is shown a table that breaks it."""

import secrets
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commissary.base import migrate

from .home_lint import MEND, Finding, findings

RECORD = "public.commissary_migration"  # which files were applied: older than any schema of ours, of no mall

MALL = "nullif(current_setting('app.mall', true), '')::bigint"
RANGE = f"home_id >= {MALL} << 10 and home_id < ({MALL} + 1) << 10"
EQUALITY = f"mall_id = {MALL}"

REGISTRY = """
create schema base;
create table base.table_class (
    table_name text primary key, class text not null check (class in ('distributed', 'reference', 'local'))
);
insert into base.table_class values ('base.table_class', 'reference');
create schema s;
"""

SOUND = f"""
create table s.lot (
    home_id bigint not null, id bigint not null, note text not null default '', primary key (home_id, id)
);
create index lot_by_note on s.lot (home_id, note) include (id);
alter table s.lot enable row level security, force row level security;
create policy mall on s.lot using ({RANGE}) with check ({RANGE});
create table s.brand (mall_id bigint not null, id bigint primary key);
alter table s.brand enable row level security, force row level security;
create policy mall on s.brand using ({EQUALITY});
create table s.directory (mall_id bigint not null, id bigint primary key, home_id bigint not null);
alter table s.directory enable row level security, force row level security;
create policy mall on s.directory using ({EQUALITY});
create table s.mall (id bigint primary key, name text);
alter table s.mall enable row level security, force row level security;
create policy mall on s.mall using ({EQUALITY.replace("mall_id", "id")});
create table s.currency (code text primary key, at timestamptz default now());
create table s.part (home_id bigint not null, id bigint not null, at timestamptz not null, primary key (home_id, at, id),
    foreign key (home_id, id) references s.lot (home_id, id)) partition by range (at);
create table s.part_first partition of s.part for values from ('2026-01-01') to ('2027-01-01');
alter table s.part enable row level security, force row level security;
create policy mall on s.part using ({RANGE});
create view s.lots with (security_invoker = true) as select * from s.lot;
create function s.find(text) returns bigint language sql security definer set search_path = '' as 'select 1::bigint';
insert into base.table_class values
    ('s.directory', 'reference'), ('s.mall', 'reference'), ('s.lot', 'distributed'), ('s.part', 'distributed'), ('s.brand', 'reference'), ('s.currency', 'local');
"""


def table(columns: str, rest: str = "", klass: str = "distributed", policy: str = RANGE) -> str:
    """A table `s.x` that is sound but for what its columns or `rest` plant."""
    return f"""
        create table s.x ({columns});
        insert into base.table_class values ('s.x', '{klass}');
        alter table s.x enable row level security, force row level security;
        create policy mall on s.x using ({policy});
        {rest};
    """


KEY = "home_id bigint not null, id bigint not null, primary key (home_id, id)"
MALL_KEY = "mall_id bigint not null, id bigint primary key"

PLANTED = [
    ("undeclared", "", "create table s.x (id bigint)"),
    ("class_disagrees", "local", table(KEY, klass="local")),
    ("class_disagrees", "distributed", table(MALL_KEY, policy=EQUALITY)),
    ("declared_but_missing", "local", "insert into base.table_class values ('s.x', 'local')"),
    ("home_not_first", "home_id", table("id bigint, home_id bigint not null, primary key (home_id, id)")),
    ("home_nullable", "home_id", table("home_id bigint, id bigint")),
    ("home_not_bigint", "integer", table("home_id int not null, id bigint, primary key (home_id, id)")),
    ("second_tenant_column", "tenant_id", table(f"{KEY}, tenant_id bigint")),
    ("second_tenant_column", "mall_id", table(f"{KEY}, mall_id bigint")),
    ("mall_nullable", "mall_id", table("mall_id bigint, id bigint primary key", "", "local", EQUALITY)),
    (
        "mall_not_bigint",
        "integer",
        table("mall_id int not null, id bigint primary key", "", "local", EQUALITY),
    ),
    ("identity_or_sequence", "n", table(f"{KEY}, n bigint generated always as identity")),
    ("identity_or_sequence", "n", table(f"{KEY}, n bigserial")),
    ("clock_or_chance", "at", table(f"{KEY}, at timestamptz default now()")),
    ("clock_or_chance", "at", table(f"{KEY}, at timestamptz default current_timestamp")),
    ("clock_or_chance", "at", table(f"{KEY}, at timestamptz default clock_timestamp() + interval '1 day'")),
    ("clock_or_chance", "on_day", table(f"{KEY}, on_day date default current_date")),
    ("clock_or_chance", "n", table(f"{KEY}, n float default random()")),
    ("clock_or_chance", "n", table(f"{KEY}, n uuid default gen_random_uuid()")),
    ("no_primary_key", "", table("home_id bigint not null, id bigint")),
    (
        "primary_key_home_not_first",
        "x_pkey",
        table("home_id bigint not null, id bigint, primary key (id, home_id)"),
    ),
    ("unique_without_home", "x_pkey", table("home_id bigint not null, id bigint primary key")),
    ("unique_without_home", "x_no_key", table(f"{KEY}, no text, unique (no)")),
    (
        "unique_without_home",
        "u",
        table(f"{KEY}, no text", "create unique index u on s.x (no) include (home_id)"),
    ),
    (
        "unique_without_home",
        "u",
        table(f"{KEY}, no text", "create unique index u on s.x (lower(no)) where id > 0"),
    ),
    ("index_home_not_first", "i", table(f"{KEY}, no text", "create index i on s.x (no, home_id)")),
    (
        "exclusion_without_home",
        "x_span_excl",
        table(f"{KEY}, span int4range, exclude using gist (span with &&)"),
    ),
    (
        "foreign_key_without_home",
        "f",
        table(f"{KEY}, a bigint, b bigint, constraint f foreign key (a, b) references s.lot (home_id, id)"),
    ),
    (
        "foreign_key_into_a_home",
        "f",
        table(
            f"{MALL_KEY}, h bigint, constraint f foreign key (h, id) references s.lot (home_id, id)",
            klass="reference",
            policy=EQUALITY,
        ),
    ),
    (
        "foreign_key_to_a_local_table",
        "f",
        table(f"{KEY}, code text constraint f references s.currency"),
    ),
    (
        "trigger",
        "t",
        table(
            KEY,
            "create trigger t before update on s.x for each row execute function suppress_redundant_updates_trigger()",
        ),
    ),
    ("row_security_off", "", table(KEY, "alter table s.x disable row level security")),
    (
        "row_security_off",
        "",
        table(MALL_KEY, "alter table s.x disable row level security", "local", EQUALITY),
    ),
    ("row_security_not_forced", "", table(KEY, "alter table s.x no force row level security")),
    ("no_mall_policy", "", table(KEY, "drop policy mall on s.x")),
    ("policy_differs", "mall", table(KEY, policy=f"home_id >> 10 = {MALL}")),
    ("policy_differs", "mall", table(KEY, policy=RANGE.replace(" + 1) << 10", " + (1 << 10))"))),
    ("policy_differs", "mall", table(KEY, policy="true")),
    (
        "policy_differs",
        "mall",
        table(MALL_KEY, klass="local", policy="mall_id = current_setting('app.mall')::bigint"),
    ),
    (
        "policy_differs",
        "mall",
        table(KEY, f"drop policy mall on s.x; create policy mall on s.x for select using ({RANGE})"),
    ),
    ("policy_differs", "mall", table(KEY, "alter policy mall on s.x with check (true)")),
    ("policy_differs", "mall", table(KEY, "alter policy mall on s.x to current_user")),
    ("policy_differs", "mall", table(f"{MALL_KEY}, home_id bigint", klass="reference")),
    ("policy_differs", "mall", table("id bigint primary key, b bigint", "", "local", f"b = {MALL}")),
    ("row_security_off", "", "alter table s.mall rename to x; alter table s.x disable row level security"),
    ("second_permissive_policy", "all_of_it", table(KEY, "create policy all_of_it on s.x using (true)")),
    ("view_of_its_owner", "v", "create view s.x as select * from s.lot"),
    ("view_of_its_owner", "m", "create materialized view s.x as select * from s.lot"),
    (
        "definer_search_path",
        "",
        "create function s.x() returns int language sql security definer as 'select 1'",
    ),
]


@pytest.fixture(scope="module")
def empty(admin_dsn: str) -> Iterator[str]:
    """The DSN of a database of our own: `base.table_class` exists once per database."""
    name = f"home_lint_{secrets.token_hex(4)}"
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        yield make_conninfo(admin_dsn, dbname=name)
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def planted(empty: str) -> Iterator[psycopg.Connection[Any]]:
    """A sound schema `s`, gone after the test."""
    with psycopg.connect(empty) as conn:
        conn.execute(REGISTRY + SOUND)  # type: ignore[arg-type]
        yield conn
        conn.rollback()


def test_a_sound_schema_passes(planted: psycopg.Connection[Any]) -> None:
    assert findings(planted) == []


@pytest.mark.parametrize(("rule", "what", "ddl"), PLANTED)
def test_a_planted_fault_is_found(planted: psycopg.Connection[Any], rule: str, what: str, ddl: str) -> None:
    planted.execute(ddl)  # type: ignore[arg-type]
    assert Finding(rule, "s.x", what) in findings(planted)
    assert findings(planted, ["base"]) == []


def test_every_rule_has_its_planted_fault() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(MEND)


def test_every_table_keeps_the_home_rules(admin_dsn: str) -> None:
    dsn = make_conninfo(admin_dsn, dbname=f"home_rules_{secrets.token_hex(4)}")
    migrate.migrate(dsn, {})
    with psycopg.connect(dsn) as conn:
        found = [str(finding) for finding in findings(conn) if finding.table != RECORD]
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        name = sql.Identifier(str(conninfo_to_dict(dsn)["dbname"]))
        admin.execute(sql.SQL("drop database {} with (force)").format(name))
    assert found == []
