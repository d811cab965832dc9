"""The command line as a person uses it: real processes, one real installation in a folder with an awkward name."""

# ruff: noqa: S603, S607 — programs are what is tested

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from commissary.cli import COMMANDS
from world import Buyer, signed, workers_of

PROGRAM = [sys.executable, "-c", "from commissary.cli import main; main()"]


def environ(**more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COMMISSARY_") and k != "DATABASE_URL"}
    kept["COMMISSARY_POSTGRES"] = os.environ.get("COMMISSARY_TEST_PG", "18")
    return kept | {"NO_COLOR": "1", "COLUMNS": "200"} | more


def run(*arguments: str, code: int = 0, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*PROGRAM, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
        env=environ(**settings),
    )
    assert done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done


@dataclass
class Up:
    """A running `commissary up`."""

    folder: Path
    process: subprocess.Popen[str]
    no_demo: bool
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, folder: Path, *arguments: str) -> "Up":
        made = cls(
            folder,
            subprocess.Popen(
                [*PROGRAM, "up", "--data", str(folder), "--port", "0", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=environ(),
                start_new_session=True,
            ),
            "--no-demo" in arguments,
        )
        for stream, lines in ((made.process.stdout, made.out), (made.process.stderr, made.err)):
            threading.Thread(target=_keep, args=(stream, lines), daemon=True).start()
        return made

    def wait_ready(self) -> None:
        """Until the last line it prints is there."""
        last = "ready at" if not (self.folder / "example.json").exists() and self.no_demo else "; echo"
        give_up_at = time.monotonic() + 60
        while last not in "".join(self.out):
            assert self.process.poll() is None, self.told()
            assert time.monotonic() < give_up_at, self.told()
            time.sleep(0.05)

    def worker(self) -> int:
        """Its worker's process id. It is started beside the last lines, so one may have to wait for it."""
        give_up_at = time.monotonic() + 60
        while not (found := workers_of(self.process.pid)):
            assert time.monotonic() < give_up_at, self.told()
            time.sleep(0.05)
        [its] = found
        return its

    @property
    def url(self) -> str:
        found = re.search(r"Commissary is ready at (http://\S+)", "".join(self.out))
        assert found
        return found[1]

    @property
    def example(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.folder / "example.json").read_text("utf-8"))
        return read

    def told(self) -> str:
        return "".join(self.out) + "".join(self.err)

    def end(self, with_signal: signal.Signals) -> None:
        self.process.send_signal(with_signal)
        self.process.wait(120)
        time.sleep(0.1)


def _keep(stream: Any, lines: list[str]) -> None:
    for line in stream:
        lines.append(line)


def buy(url: str, key_id: str, secret: str, sku_id: str, no: str) -> dict[str, Any]:
    body = json.dumps({"client_order_no": no, "sku_id": sku_id, "quantity": 1}).encode()
    buyer = Buyer(key_id, secret, 0, 0, None)  # type: ignore[arg-type]
    request = urllib.request.Request(  # noqa: S310
        f"{url}/v1/orders", body, signed(buyer, "POST", "/v1/orders", body)
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        read: dict[str, Any] = json.load(answer)
        return read


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """With the example mall; every test of this module looks at the same one, the last ends it."""
    made = Up.start(tmp_path_factory.mktemp("cli") / "券厨 mall’s data")
    try:
        made.wait_ready()
        yield made
    finally:
        if made.process.poll() is None:
            made.end(signal.SIGTERM)


def data(up: Up) -> tuple[str, str]:
    return "--data", str(up.folder)


# Beside a running installation


@pytest.mark.skipif(not (shutil.which("openssl") and shutil.which("curl")), reason="no openssl or curl here")
def test_the_printed_curl_buys_a_voucher(up: Up) -> None:
    text = "".join(up.out)
    pasted = text[text.index("KEY=") : text.index("; echo") + len("; echo")]
    done = subprocess.run(["sh", "-c", pasted], capture_output=True, text=True, timeout=30, check=True)
    order = json.loads(done.stdout)
    assert order["status"] == "delivered", order
    assert len(order["lines"][0]["codes"][0]["secret"]) == 16


def test_up_prints_what_the_next_shell_needs(up: Up) -> None:
    """The program by a name that works there, this installation's folder, and what the SDK reads."""
    text = "".join(up.out)
    assert re.search(rf"audit +commissary check --data {re.escape(shlex.quote(str(up.folder)))}\n", text)
    read = dict(pair.split("=", 1) for pair in re.findall(r"COMMISSARY_\S+=\S+", text))
    assert read == {
        "COMMISSARY_URL": up.url,
        "COMMISSARY_KEY": up.example["key_id"],
        "COMMISSARY_SECRET": up.example["secret"],
    }


def test_a_program_off_the_path_is_named_by_its_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from commissary.cli import reach

    script = tmp_path / ".venv" / "bin" / "commissary"
    script.parent.mkdir(parents=True)
    script.touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [".venv/bin/commissary", "up"])
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert reach.program() == ".venv/bin/commissary"
    monkeypatch.setenv("PATH", str(script.parent))
    assert reach.program() == "commissary"


DEMO = (
    "orders", "accepted", "refused", "waiting", "codes_delivered", "codes_duplicated", "suppliers", "purchases",
    "purchases_doubled", "ledger_sum_e4", "audit", "seconds", "orders_per_second", "p50_ms", "p99_ms", "supplied",
    "supplied_p95_ms",
)  # fmt: skip


def test_demo_prints_one_object() -> None:
    done = run("demo", "--orders", "200", "--json")
    told = json.loads(done.stdout)
    assert tuple(told) == DEMO
    assert [told[name] for name in DEMO[:6]] == [200, 200, 0, 0, 200, 0]
    assert [told[name] for name in DEMO[7:11]] == [10, 0, 0, "clean"], "as the suppliers' own books say"
    assert all(f"{protocol} 3" in told["suppliers"] for protocol in ("acg_faka", "kakayun")), told
    assert "lies)" in told["suppliers"], "one of them did not say what it had sold"
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_a_second_up_says_who_has_the_folder(up: Up) -> None:
    done = run("up", *data(up), "--port", "0", code=1)
    assert "in use by another running Commissary" in done.stderr
    assert f"pid {up.process.pid}" in done.stderr
    assert "正被另一个运行中的 Commissary 使用" in done.stderr
    assert buy(up.url, *credentials(up), "after-a-second-up")["status"] == "delivered"


def credentials(up: Up) -> tuple[str, str, str]:
    return up.example["key_id"], up.example["secret"], up.example["sku_id"]


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("up", "--data", str(tmp_path / "new"), "--port", str(port), code=1)
    assert f"Port {port} is taken" in done.stderr
    assert f"端口 {port} 已被占用" in done.stderr
    assert "--port 0" in done.stderr
    assert not (tmp_path / "new").exists()


def test_check(up: Up) -> None:
    done = run("check", *data(up))
    assert "clean" in done.stderr
    done = run("check", "--json", *data(up))
    told = json.loads(done.stdout)
    assert told["status"] == "clean"
    assert len(told["checks"]) > 20
    assert done.stderr == ""


def test_psql(up: Up) -> None:
    done = run("psql", *data(up), "-At", "-c", "select count(*) > 0 from orders.orders")
    assert done.stdout == "t\n"


def test_import_codes(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "cards 卡密.txt"
    file.write_text(
        "\n".join(f"NEW{i:08d}----SECRET{i:08d}" for i in range(50)) + "\nNEW00000001----SECRET00000001\n"
    )
    command = (
        "import-codes",
        str(file),
        "--mall",
        "example",
        "--sku",
        "JZG-C",
        "--cost",
        "88",
        "--json",
        *data(up),
    )
    dry = json.loads(run(*command, "--dry-run").stdout)
    assert (dry["state"], dry["read"], dry["repeated_in_file"]) == ("dry_run", 51, 1)
    real = json.loads(run(*command).stdout)
    assert (real["state"], real["imported"], real["already_imported"]) == ("done", 50, False)
    again = json.loads(run(*command).stdout)
    assert again["already_imported"] is True
    stored = run(
        "psql",
        *data(up),
        "-At",
        "-c",
        "select sum(received) from stock.batch b join catalog.sku s on s.id = b.sku_id and s.mall_id = b.home_id >> 10 where s.code = 'JZG-C'",
    )
    assert stored.stdout == "850\n"

    for wrong, told in (
        (("--mall", "nowhere"), "Malls: example"),
        (("--sku", "NONE"), "SKUs that take codes: BHM-100,"),
        (("--expires", "31.12.2027"), "one is written like 2027-12-31"),
        (("--cost", "8x"), "one is written like 9.8750"),
        (("--columns", "number"), "names no secret"),
        (("--header",), "go with --columns"),
    ):
        done = run(*command[:-3], *wrong, *data(up), code=2)
        assert told in done.stderr


def test_import_codes_says_what_it_understood(up: Up, tmp_path: Path) -> None:
    def command(*more: str, code: int = 0) -> str:
        return run(
            *("import-codes", str(file), "--mall", "example", "--sku", "JZG-C", "--cost", "88"),
            *more,
            *data(up),
            code=code,
        ).stderr

    file = tmp_path / "columns.csv"
    file.write_text("\n".join(f"A{i:03d},PW{i:06d}X,B{i:03d}" for i in range(20)))
    unclear = command(code=1)
    assert "(layout_unclear)" in unclear
    assert "Found 3 columns and no header" in unclear
    assert "发现 3 列且没有表头" in unclear
    settled = command("--columns", "number,secret,-", "--dry-run")
    assert "to import 可导入" in settled
    assert "PW••••0X" in settled, "the first codes, masked"
    assert "PW000000X" not in settled

    file.write_bytes("卡号,密码\r\n6001,ab12cd\r\n6001,ab12cd\r\n".encode("gbk"))
    assert "该卡密在本文件中重复" in command("--dry-run")
    file.write_bytes(b"\x00\x01\x02")
    assert "文本含有 NUL 字节" in command(code=1)


def test_found(up: Up) -> None:
    command = (
        "found",
        "kitchen",
        "--name",
        "厨房",
        "--owner-email",
        "o@example.com",
        "--owner-password",
        "correct horse battery",
        *data(up),
    )
    assert "(kitchen) founded" in run(*command).stderr
    done = run(*command, code=1)
    assert "kitchen" in done.stderr or "taken" in done.stderr
    for option, value in (("--zone", "Mars/Base"), ("--owner-password", "x")):
        done = run(
            *command[:1], "other", *command[2:], option, value, code=1 if option == "--owner-password" else 2
        )
        assert value in done.stderr or "password" in done.stderr.lower()
    run("check", *data(up))


def test_a_rotated_key_delivers_in_the_process_that_was_running(up: Up) -> None:
    assert run("keys", "show", *data(up)).stdout == "k1  (current)\n"
    done = run("keys", "rotate", *data(up))
    assert "k2 is current" in done.stderr
    assert run("keys", "show", *data(up)).stdout == "k1\nk2  (current)\n"
    # Goods whose data keys the running process has never opened.
    skus = run(
        "psql", *data(up), "-At", "-c", "select id from catalog.sku where code in ('XHV-Y', 'FNM-Y')"
    ).stdout.split()
    for sku in skus:
        key_id, secret, _ = credentials(up)
        assert buy(up.url, key_id, secret, sku, f"rotated-{sku}")["status"] == "delivered"
    # What is imported now is wrapped by the new key at once.
    wrapped = run("psql", *data(up), "-At", "-c", "select distinct kek_id from stock.batch")
    assert wrapped.stdout == "k2\n"


def test_a_backup_comes_back_elsewhere(up: Up, tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("a phrase of several words\n")
    file = tmp_path / "mall.backup"
    before = buy(up.url, *credentials(up), "before-the-backup")
    done = run("backup", str(file), "--passphrase-file", str(phrase), *data(up))
    assert "written and verified" in done.stderr.replace("\n", " ")
    assert "in use" in run("restore", str(file), "--passphrase-file", str(phrase), *data(up), code=1).stderr

    elsewhere = tmp_path / "restored"
    wrong = tmp_path / "wrong"
    wrong.write_text("another\n")
    run("restore", str(file), "--passphrase-file", str(wrong), "--data", str(elsewhere), code=1)
    shredded = tmp_path / "shredded.txt"
    shredded.write_text("1 2 2026-01-01T00:00:00+00:00\n")  # of this mall there is no such batch
    told = ("--passphrase-file", str(phrase), "--data", str(elsewhere), "--shredded", str(shredded))
    assert "1 batches" in run("restore", str(file), *told).stderr

    restored = Up.start(elsewhere, "--no-demo")
    try:
        restored.wait_ready()
        assert json.loads(run("check", "--json", "--data", str(elsewhere)).stdout)["status"] == "clean"
        replayed = buy(restored.url, *credentials(up), "before-the-backup")
        assert replayed["lines"][0]["codes"] == before["lines"][0]["codes"]
        assert buy(restored.url, *credentials(up), "first-there")["status"] == "delivered"
    finally:
        restored.end(signal.SIGTERM)
    assert restored.process.returncode == 0


def test_a_killed_worker_is_followed_by_another_and_takes_nothing_along(up: Up) -> None:
    worker = up.worker()
    os.kill(worker, signal.SIGKILL)
    give_up_at = time.monotonic() + 60
    while workers_of(up.process.pid) in ([], [worker]):
        assert time.monotonic() < give_up_at, up.told()
        time.sleep(0.05)
    assert "the worker ended with -9" in up.told()
    assert buy(up.url, *credentials(up), "while-it-starts")["status"] == "delivered"


def test_a_worker_outlives_no_server(up: Up) -> None:
    """Nobody is left who works for a server that was killed; the installation goes on with the next."""
    worker = up.worker()
    second = Up.start(
        up.folder, "--no-worker"
    )  # refused: the folder is taken. Whoever has it keeps its worker
    assert second.process.wait(60) == 1
    assert workers_of(up.process.pid) == [worker]
    killed = Up.start(up.folder.parent / "killed", "--no-demo")
    try:
        killed.wait_ready()
        its = killed.worker()
        killed.process.kill()
        give_up_at = time.monotonic() + 60
        while Path(f"/proc/{its}").exists() and "Z" not in Path(f"/proc/{its}/stat").read_text().split()[2]:
            assert time.monotonic() < give_up_at, "the worker stays"
            time.sleep(0.05)
    finally:
        after = Up.start(killed.folder, "--no-demo", "--no-worker")  # finds PostgreSQL running, and stops it
        after.wait_ready()
        try:
            assert workers_of(after.process.pid) == []
            alone = subprocess.Popen(
                [*PROGRAM, "worker", "--data", str(killed.folder)],
                stderr=subprocess.PIPE,
                text=True,
                env=environ(),
            )
            assert alone.stderr is not None
            assert "At work" in alone.stderr.readline()
            alone.send_signal(signal.SIGINT)
            assert alone.wait(60) == 0
            assert "Traceback" not in alone.stderr.read()
        finally:
            after.end(signal.SIGTERM)


def test_ctrl_c_is_quiet_and_leaves_nothing_running(up: Up) -> None:
    worker = up.worker()
    up.end(signal.SIGINT)
    assert not Path(f"/proc/{worker}").exists()
    assert up.process.returncode == 0
    assert "Traceback" not in up.told()
    assert "Aborted" not in up.told()
    assert up.err[-1] == "Stopped 已停止\n"
    done = run("psql", *data(up), "-c", "select 1", code=1)
    assert "start it with: commissary up" in done.stderr


def test_migrate_as_often_as_you_like(up: Up) -> None:
    assert up.process.poll() is not None
    for _ in range(2):
        assert "The database is at this version" in run("migrate", *data(up)).stderr


def test_ctrl_c_while_starting_leaves_nothing_running(up: Up) -> None:
    begun = Up.start(up.folder)
    while "PostgreSQL" not in begun.told():
        assert begun.process.poll() is None
        time.sleep(0.005)
    begun.end(signal.SIGINT)
    assert "Traceback" not in begun.told()
    assert begun.process.returncode == 0
    assert "start it with" in run("psql", *data(up), "-c", "select 1", code=1).stderr


def test_bad_keys_leave_nothing_running(up: Up) -> None:
    keys = up.folder / "keys"
    keys.chmod(0o755)
    try:
        done = run("up", *data(up), "--port", "0", code=1)
        assert "chmod 700" in done.stderr
        assert "start it with" in run("psql", *data(up), "-c", "select 1", code=1).stderr
    finally:
        keys.chmod(0o700)


# Without one


def test_faults_of_settings_are_told_together(tmp_path: Path) -> None:
    done = run(
        "up",
        "--data",
        str(tmp_path / "new"),
        code=1,
        COMMISSARY_PORT="high",
        COMMISSARY_PROXIES="10.0.0.0/8,nearby",
        COMMISSARY_POSTGRES="17",
        COMMISSARY_ADDRESS="ftp://us",
    )
    for name in ("COMMISSARY_PORT", "COMMISSARY_PROXIES", "COMMISSARY_POSTGRES", "COMMISSARY_ADDRESS"):
        assert name in done.stderr
    assert "nearby" in done.stderr
    assert "以下设置有误" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["keys", "rotate"],
        ["keys", "show"],
        ["psql", "-c", "select 1"],
        ["backup", "x", "--passphrase-file", "/dev/null"],
    ],
    ids=" ".join,
)
def test_a_mistyped_folder_becomes_no_installation(command: list[str], tmp_path: Path) -> None:
    place = ["--data", str(tmp_path / "typo")]
    done = run(
        *command[: 2 if command[0] == "keys" else 1],
        *place,
        *command[2 if command[0] == "keys" else 1 :],
        code=1,
    )
    assert "typo" in done.stderr
    assert not (tmp_path / "typo").exists()


def test_an_unreachable_database_is_told_without_its_password(tmp_path: Path) -> None:
    done = run(
        "check", "--data", str(tmp_path), code=1, DATABASE_URL="postgresql://mall:hunter2@127.0.0.1:1/mall"
    )
    assert "not reachable" in done.stderr
    assert "无法连接数据库" in done.stderr
    assert "hunter2" not in done.stderr


def test_help_of_every_command() -> None:
    from click.testing import CliRunner

    from commissary import cli

    commands = [
        [],
        *([name] for name in COMMANDS),
        ["bench", "place"],
        ["bench", "import"],
        ["bench", "risk"],
        ["keys", "show"],
        ["keys", "rotate"],
    ]
    for command in commands:
        shown = CliRunner().invoke(cli.group, [*command, "--help"])
        assert shown.exit_code == 0, shown.output
        assert "Usage:" in shown.output
        # Every option says what it is for.
        for line in re.findall(r"^  -.*(?:\n {6,}.*)*", shown.output, re.MULTILINE):
            told = re.split(r" {2,}|\n +", line.strip(), maxsplit=1)[1:]
            assert told, f"{command}: {line}"
            assert not told[0].startswith("["), f"{command}: {line}"
    assert run("nonsense", code=2).stderr.count("\n") < 5
