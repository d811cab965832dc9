"""Each domain is the only writer of its schema: whoever else wants a change calls its door or its SQL function.

Looked at: every `.sql` file, the bodies of SQL functions, and the Python strings that read as SQL. A migration is named
`NNNN_<domain>.sql` or `NNNN_<domain>_<what>.sql` and changes that domain's schema alone.
"""

import ast
import re
from pathlib import Path

import pytest

from .sql_text import HOLE, Write, writes
from .tree import PACKAGE, domains, parsed, plant

SHARED = {"base.table_class"}  # declarations that every domain's migration adds a row to
RECORD = "public.commissary_migration"  # which files were applied: written by base before any schema exists
TEMPORARY = {"pg_temp"}
_MIGRATION = re.compile(r"\d{4}_(\w+)\.sql$")
_SCHEMA = re.compile(r"\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?(\w+)", re.IGNORECASE)


def foreign_writes(package: Path) -> list[str]:
    known = domains(package) | {
        name.lower()
        for path in package.glob("migrations/*.sql")
        for name in _SCHEMA.findall(path.read_text("utf-8"))
    }
    found = []
    for path in sorted(package.rglob("*.sql")):
        inside = path.relative_to(package)
        if inside.parts[0] == "migrations":
            found += migration_faults(inside, path.read_text("utf-8"), known)
        else:
            found += [fault(inside, w, inside.parts[0]) for w in writes(path.read_text("utf-8"))]
    for inside, tree in parsed(package):
        owner = inside.parts[0] if len(inside.parts) > 1 else "nobody"
        owner = "base" if owner == "migrations" else owner
        found += [fault(inside, w, owner) for w in python_writes(tree)]
    return [text for text in found if text]


def migration_faults(path: Path, sql: str, known: set[str]) -> list[str | None]:
    named = _MIGRATION.match(path.name)
    owners = [domain for domain in known if named and f"{named[1]}_".startswith(f"{domain}_")]
    if not owners:
        return [f"{path}: name it NNNN_<domain>.sql, after the domain whose schema it changes"]
    owner = max(owners, key=len)
    return [
        fault(path, w, w.function.partition(".")[0] if w.function else owner)
        for w in writes(sql)
        if w.table not in SHARED or w.function
    ] + [
        f"{path}: creates the schema {s} of another domain"
        for s in _SCHEMA.findall(sql)
        if s.lower() != owner
    ]


def fault(path: Path, write: Write, owner: str) -> str | None:
    if write.schema == owner or write.schema in TEMPORARY or (owner, write.table) == ("base", RECORD):
        return None
    if owner == "base" and write.table == HOLE and write.verb not in _DML:
        return None  # base.declare_…(table): the caller, a migration of the owner, says which
    where = f"{path}:{write.line} {write.verb} {write.table}"
    if HOLE in write.table:
        return f"{where}: write the table's name out, so that a reader and this test can see it"
    if not write.schema:
        return None if write.verb in _NAMELESS else f"{where}: say the schema too"
    return f"{where}: {owner} may not write there; call {write.schema}'s door, or a SQL function it owns"


_NAMELESS = {"alter index", "drop index"}  # they name no table, and the index was made beside its own


def python_writes(tree: ast.Module) -> list[Write]:
    """What the string literals of a module would write. Docstrings are prose."""
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)  # type: ignore[misc]
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and not {id(node)} & (prose | parts)
        ):
            text = node.value
        else:
            continue
        found += [w for w in writes(text, node.lineno) if w.verb in _DML or "." in w.table]
    return found


_DML = {"insert", "update", "delete", "truncate", "merge", "copy"}


def test_each_schema_has_one_writer() -> None:
    assert foreign_writes(PACKAGE) == []


FOREIGN = [
    "insert into ledger.entry (id) values (1)",
    "INSERT INTO ledger.entry SELECT 1",
    "insert into ledger.entry as e (id) values (1)",
    "update ledger.account set x = 1",
    "update only ledger.account as a set x = 1",
    "update ledger.account a\n   set x = 1",
    "delete from ledger.entry",
    "delete from ledger.entry e using stock.lot l where e.id = l.id",
    "truncate ledger.entry",
    "truncate table ledger.entry restart identity",
    "merge into ledger.account as a using stock.lot l on true when matched then do nothing",
    "copy ledger.entry (id, at) from stdin",
    'update "ledger"."account" set x = 1',
    "with gone as (delete from ledger.entry where id = 1 returning id) select * from gone",
    "/* a comment /* in it */ */ update /* why */ ledger.account -- here\n set x = 1",
    "select 'it''s'; update ledger.account set x = 1",
    "update lot set x = 1",
]

INNOCENT = [
    "select 1 from ledger.account for no key update",
    "select 1 from ledger.account a for update of a skip locked",
    "insert into stock.lot (id) values (1) on conflict (id) do update set x = excluded.x",
    "grant select, insert, update, delete, truncate on ledger.entry to app",
    "-- update ledger.account set x = 1\nselect 1",
    "/* delete from ledger.entry; */ select 1",
    "select 'nothing to update ledger.account with'",
    "select x as update from ledger.entry",
    "merge into stock.lot l using ledger.entry e on true when matched then update set x = 1 when not matched then delete",
    "create temporary table wanted (id bigint); insert into pg_temp.wanted values (1)",
]


@pytest.mark.parametrize("sql", FOREIGN)
def test_a_planted_write_is_found(tmp_path: Path, sql: str) -> None:
    in_queries = plant(tmp_path / "a", {"stock/queries.sql": f"-- name: q\n{sql};"})
    in_python = plant(tmp_path / "b", {"stock/store.py": f"async def f(tx):\n    await tx.execute({sql!r})"})
    in_function = plant(
        tmp_path / "c",
        {
            "stock/__init__.py": "",
            "migrations/0001_stock.sql": f"create function stock.f() returns void as $f$ begin {sql}; end $f$ language x",
        },
    )
    assert [len(foreign_writes(p)) for p in (in_queries, in_python, in_function)] == [1, 1, 1]


@pytest.mark.parametrize("sql", INNOCENT)
def test_reading_and_words_are_no_writes(tmp_path: Path, sql: str) -> None:
    package = plant(
        tmp_path,
        {
            "stock/queries.sql": f"-- name: q\n{sql};",
            "stock/store.py": f"async def f(tx):\n    await tx.execute({sql!r})",
            "migrations/0001_stock.sql": f"do $$ begin {sql}; end $$",
        },
    )
    assert foreign_writes(package) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("stock/store.py", 'Q = f"insert into {schema}.lot (id) values (1)"'),
        ("stock/store.py", 'Q = f"update ledger.account set x = {x}"'),
        ("cli.py", 'Q = "delete from stock.lot where true"'),
        ("migrations/0001_stock.sql", "create table ledger.entry (id bigint)"),
        ("migrations/0001_stock.sql", "create table entry (id bigint)"),
        ("migrations/0001_stock.sql", "alter table only ledger.entry add column x int"),
        (
            "migrations/0001_stock.sql",
            "create unique index concurrently if not exists i on ledger.entry (id)",
        ),
        ("migrations/0001_stock.sql", "create policy mall on ledger.entry using (true)"),
        (
            "migrations/0001_stock.sql",
            "create or replace function ledger.f() returns void as $$ select $$ language sql",
        ),
        ("migrations/0001_stock.sql", "create schema ledger"),
        ("migrations/0001_stock.sql", "do $$ begin execute 'update ledger.account set x = 1'; end $$"),
        ("migrations/0001_stock.sql", "do $$ begin execute format('truncate %I.entry', s); end $$"),
        ("base/outbox.py", 'Q = f"delete from {table}"'),
        ("migrations/0001_stock.sql", "insert into public.commissary_migration values (1)"),
        ("migrations/0001_sotck.sql", "select 1"),
        ("migrations/stock.sql", "select 1"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, file: str, text: str) -> None:
    assert len(foreign_writes(plant(tmp_path, {"stock/__init__.py": "", file: text}))) == 1


def test_a_domain_may_change_what_is_its_own(tmp_path: Path) -> None:
    migration = """
        create schema stock;
        create table stock.lot (home_id bigint, id bigint, primary key (home_id, id));
        insert into base.table_class values ('stock.lot', 'distributed');
        create index lot_by_expiry on stock.lot (home_id, expires_on);
        drop index if exists lot_by_age;
        create function stock.take(p_home bigint) returns int language plpgsql as $take$
        declare taken int;
        begin
            update stock.lot l set next_seq = 1 where l.home_id = p_home;
            execute 'delete from stock.lot where home_id = $1' using p_home;
            return taken;
        end $take$;
        insert into stock.lot select * from ledger.account;
    """
    package = plant(
        tmp_path,
        {
            "stock/store.py": '"""Update ledger.account set x = 1: never here."""\nQ = "update stock.lot set x = 1"',
            "stock/queries.sql": "-- name: q\nupdate stock.lot set x = 1 from ledger.account a where a.id = %(id)s;",
            "migrations/0003_stock_lots.sql": migration,
        },
    )
    assert foreign_writes(package) == []
