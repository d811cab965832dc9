"""A mall is saved while it sells, and comes back with owners, grants, policies and keys."""

import os
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from commissary.base import backup, embedded

PASSPHRASE = "correct horse 电池 staple"  # noqa: S105
MALL = """
create role t_owner nologin bypassrls; create role t_app login; create role t_group;
grant t_group to t_app;
alter role t_app set idle_in_transaction_session_timeout = '2s';
create schema stock authorization t_owner;
set role t_owner;
create table stock.code (home_id bigint, seq int, cipher bytea, primary key (home_id, seq)) partition by range (seq);
create table stock.code_1 partition of stock.code for values from (0) to (5000);
create table stock.code_2 partition of stock.code for values from (5000) to (maxvalue);
alter table stock.code enable row level security; alter table stock.code force row level security;
create policy mine on stock.code to t_app using (home_id = current_setting('c.home', true)::bigint);
grant usage on schema stock to t_app; grant select, insert on stock.code to t_app;
create function stock.count_all() returns bigint language sql security definer as 'select count(*) from stock.code';
revoke all on function stock.count_all() from public;
reset role;
insert into stock.code select n % 3, n, sha256(n::text::bytea) from generate_series(1, 20000) n;
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Server]:
    running = embedded.start(tmp_path_factory.mktemp("source") / "pg18", settings={"shared_buffers": "64MB"})
    with psycopg.connect(running.dsn(), autocommit=True) as connection:
        connection.execute(MALL)
    yield running
    embedded.stop(running, "immediate")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "kek").mkdir()
    (folder / "kek" / "0001").write_text("KEK-IN-CLEAR-0001")
    (folder / "big").write_bytes(secrets.token_bytes(2_500_000))
    (folder / "空").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def saved(server: embedded.Server, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("saved") / "mall.backup"
    backup.backup(server.dsn(), keys, file, passphrase=PASSPHRASE)
    return file


@pytest.fixture
def empty(server: embedded.Server) -> Iterator[str]:
    """A fresh database on the same server."""
    name = f"empty_{secrets.token_hex(4)}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield server.dsn(name)
        connection.execute(f"drop database {name} with (force)")


def content(dsn: str) -> list[tuple[object, ...]]:
    queries = (
        "select 'rows', count(*)::text, md5(string_agg(cipher::text, '' order by seq)) from stock.code",
        "select relname, relrowsecurity::text, relforcerowsecurity::text || relowner::regrole || coalesce(relacl::text, '') "
        "from pg_class where relnamespace = 'stock'::regnamespace order by 1",
        "select policyname, roles::text, qual from pg_policies",
        "select proname, proacl::text, proowner::regrole::text from pg_proc where pronamespace = 'stock'::regnamespace",
    )
    with psycopg.connect(dsn) as connection:
        return [row for query in queries for row in connection.execute(query).fetchall()]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_restore_on_another_server_brings_everything_back(
    server: embedded.Server, saved: Path, keys: Path, tmp_path: Path
) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    assert os.listdir(saved.parent) == [saved.name]
    assert b"KEK-IN-CLEAR" not in saved.read_bytes()
    other = embedded.start(tmp_path / "pg18", settings={"shared_buffers": "64MB"})
    stages = set()
    try:
        manifest = backup.restore(
            saved, other.dsn(), tmp_path / "keys", PASSPHRASE, progress=lambda stage, _: stages.add(stage)
        )
        assert content(other.dsn()) == content(server.dsn())
        assert manifest.tables == {"stock.code_1": 4999, "stock.code_2": 15001}
        assert stages == {"verify", "restore", "count"}
        with psycopg.connect(other.dsn()) as connection:
            roles = connection.execute(
                "select rolname, a.rolcanlogin, a.rolbypassrls, rolconfig, a.rolpassword "
                "from pg_authid a join pg_roles using (rolname) where rolname like 't\\_%' order by 1"
            ).fetchall()
            assert roles == [
                ("t_app", True, False, ["idle_in_transaction_session_timeout=2s"], None),
                ("t_group", False, False, None, None),
                ("t_owner", False, True, None, None),
            ]
            connection.execute("set role t_app")  # the policy works, not only stands there
            assert connection.execute("select count(*) from stock.code").fetchone() == (0,)
            connection.execute("set c.home = '1'")
            assert connection.execute("select count(*) from stock.code").fetchone() == (6667,)
    finally:
        embedded.stop(other, "immediate")
    assert files(tmp_path / "keys") == files(keys)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "kek" / "0001").stat().st_mode & 0o777 == 0o600


def test_backup_is_one_moment_while_others_write(
    server: embedded.Server, keys: Path, empty: str, tmp_path: Path
) -> None:
    """Two tables that always agree in any one moment agree in the backup, and the counts are of that moment."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create table debit (n int); create table credit (n int)")
    ended = threading.Event()

    def write() -> None:
        with psycopg.connect(server.dsn()) as writing:
            while not ended.is_set():
                writing.execute("insert into debit select generate_series(1, 10)")
                writing.execute("insert into credit select generate_series(1, 10)")
                writing.commit()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        manifest = backup.backup(server.dsn(), keys, tmp_path / "out", passphrase=PASSPHRASE)
    finally:
        ended.set()
        writer.join()
    assert manifest.tables["public.debit"] == manifest.tables["public.credit"]
    backup.restore(tmp_path / "out", empty, tmp_path / "keys", PASSPHRASE)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        assert connection.execute("select count(*) from debit").fetchone() > (
            manifest.tables["public.debit"],
        )
        connection.execute("drop table debit, credit")


def test_wrong_passphrase_and_any_damage_restore_nothing(saved: Path, empty: str, tmp_path: Path) -> None:
    whole = saved.read_bytes()
    first = 20 + 4 + int.from_bytes(whole[20:24], "big")
    second = first + 4 + int.from_bytes(whole[first : first + 4], "big")
    damages = {
        "flipped in the header": whole[:40] + bytes([whole[40] ^ 1]) + whole[41:],
        "flipped in the middle": whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
        "the last byte missing": whole[:-1],
        "ends after a chunk": whole[:second],
        "a chunk left out": whole[:first] + whole[second:],
        "something appended": whole + b"\0\0\0\1x",
        "another kind of file": b"PGDMP" + whole,
        "empty": b"",
    }  # fmt: skip
    for name, damaged in damages.items():
        (tmp_path / name).write_bytes(damaged)
        with pytest.raises(embedded.Trouble):
            backup.restore(tmp_path / name, empty, tmp_path / "keys", PASSPHRASE)
    with pytest.raises(embedded.Trouble, match="Wrong passphrase"):
        backup.restore(saved, empty, tmp_path / "keys", "wrong")
    with pytest.raises(embedded.Trouble, match="needs its passphrase"):
        backup.restore(saved, empty, tmp_path / "keys", None)
    assert not (tmp_path / "keys").exists()
    backup.restore(saved, empty, tmp_path / "keys", PASSPHRASE)  # the very same target takes the whole file


def test_nothing_is_restored_over_anything(
    server: embedded.Server, saved: Path, empty: str, tmp_path: Path
) -> None:
    with pytest.raises(embedded.Trouble, match="not empty"):
        backup.restore(saved, server.dsn(), tmp_path / "keys", PASSPHRASE)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "kek").write_text("precious")
    with pytest.raises(embedded.Trouble, match="not empty"):
        backup.restore(saved, empty, tmp_path / "used", PASSPHRASE)
    assert files(tmp_path / "used") == {"kek": b"precious"}
    with pytest.raises(embedded.Trouble, match="overwrites nothing"):
        backup.backup(server.dsn(), tmp_path, saved, passphrase=PASSPHRASE)


def test_a_restore_that_fails_half_way_leaves_nothing(saved: Path, empty: str, tmp_path: Path) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:  # not a table, so the target counts as empty
        connection.execute("create domain public.seven as int")
        connection.execute(
            "create function public.refuse() returns event_trigger language plpgsql as "
            "$$ begin raise exception 'no index today'; end $$"
        )
        connection.execute(
            "create event trigger t on ddl_command_start when tag in ('ALTER TABLE') execute function refuse()"
        )
        with pytest.raises(embedded.Trouble, match="no index today"):
            backup.restore(saved, empty, tmp_path / "keys", PASSPHRASE)
        assert connection.execute("select to_regnamespace('stock')").fetchone() == (None,)
    assert os.listdir(tmp_path) == []


def test_keys_in_clear_only_when_asked_by_name(
    server: embedded.Server, keys: Path, empty: str, tmp_path: Path
) -> None:
    with pytest.raises(embedded.Trouble, match="never stored in clear"):
        backup.backup(server.dsn(), keys, tmp_path / "out", passphrase=None)
    assert os.listdir(tmp_path) == []
    manifest = backup.backup(
        server.dsn(), keys, tmp_path / "out", passphrase=None, separate_keys=tmp_path / "keys.backup"
    )
    assert manifest.keys == {}
    with pytest.raises(embedded.Trouble, match="keys only"):
        backup.verify(tmp_path / "keys.backup", None)
    with pytest.raises(embedded.Trouble, match="no passphrase"):  # might be a stranger's in place of ours
        backup.restore(tmp_path / "out", empty, tmp_path / "k", PASSPHRASE)
    backup.restore(tmp_path / "out", empty, tmp_path / "k", None, keys_file=tmp_path / "keys.backup")
    assert files(tmp_path / "k") == files(keys)


def test_failing_pg_dump_leaves_no_file(server: embedded.Server, keys: Path, tmp_path: Path) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create role t_poor login superuser password 'x'; alter role t_poor nosuperuser")
    poor = make_conninfo(server.dsn(), user="t_poor", password="x")  # noqa: S106
    with pytest.raises((embedded.Trouble, psycopg.Error)):
        backup.backup(poor, keys, tmp_path / "out", passphrase=PASSPHRASE)
    assert os.listdir(tmp_path) == []


def test_a_backup_of_16_is_restored_on_18(
    server: embedded.Server, keys: Path, empty: str, tmp_path: Path
) -> None:
    old = embedded.start(tmp_path / "pg16", version=16, settings={"shared_buffers": "64MB"})
    try:
        with psycopg.connect(old.dsn(), autocommit=True) as connection:
            connection.execute("create table kept as select 7 as n")
        manifest = backup.backup(old.dsn(), keys, tmp_path / "out", passphrase=PASSPHRASE)
        assert manifest.tool_major == 16
    finally:
        embedded.stop(old, "immediate")
    backup.restore(tmp_path / "out", empty, tmp_path / "keys", PASSPHRASE)
    with psycopg.connect(empty) as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
