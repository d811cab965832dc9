"""The machine: what it is, how its disk behaves right now, and the CPU time that processes have used."""

import os
import platform
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import psycopg

from bench import load

PROBE_BYTES = b"\0" * 8192
TICKS_PER_S = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Disk(msgspec.Struct, frozen=True):
    """fdatasync of 8 kB appends: the price of a commit."""

    p50_ms: float
    p99_ms: float


class Facts(msgspec.Struct, frozen=True):
    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    postgresql: str
    postgresql_settings: dict[str, str]
    fdatasync_ms_p50: float
    fdatasync_ms_p99: float


def facts(admin_dsn: str) -> Facts:
    settings = (
        "fsync",
        "synchronous_commit",
        "full_page_writes",
        "shared_buffers",
        "max_wal_size",
        "checkpoint_timeout",
        "data_checksums",
    )
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        shown = {name: str(value_of(db, name)) for name in settings}
        version = str(value_of(db, "server_version"))
    disk = summary(probe(data_directory(admin_dsn), 400))
    return Facts(
        cpu=cpu_model(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgresql=version,
        postgresql_settings=shown,
        fdatasync_ms_p50=round(disk.p50_ms, 3),
        fdatasync_ms_p99=round(disk.p99_ms, 3),
    )


def probe(folder: Path, samples: int = 100) -> list[float]:
    """Seconds per write and fdatasync of 8 kB in a file that is removed afterwards."""
    taken = []
    with tempfile.NamedTemporaryFile(dir=folder, prefix="bench-fdatasync-") as file:
        fd = file.fileno()
        for _ in range(samples):
            start = time.perf_counter()
            os.write(fd, PROBE_BYTES)
            os.fdatasync(fd)
            taken.append(time.perf_counter() - start)
    return taken


def summary(seconds: Iterable[float]) -> Disk:
    ordered = sorted(seconds)
    return Disk(load.percentile(ordered, 50) * 1000, load.percentile(ordered, 99) * 1000)


def data_directory(admin_dsn: str) -> Path:
    """A folder on the database's disk if this process may write there, else the temporary folder."""
    with psycopg.connect(admin_dsn, autocommit=True) as db:
        folder = Path(str(value_of(db, "data_directory"))).parent
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())


def value_of(db: psycopg.Connection, setting: str) -> object:
    row = db.execute("SELECT current_setting(%s, true)", [setting]).fetchone()
    return row[0] if row else None


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def cpu_s(roots: Sequence[int]) -> float:
    """CPU seconds used so far by these processes and all their descendants, each counted once.

    A child that ended is in its parent's cutime once the parent has reaped it (the postmaster does at once), so
    the growth between two readings misses no short-lived backend.
    """
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (stat := read_stat(int(entry))):
            parent, used = stat
            children.setdefault(parent, []).append(int(entry))
            ticks[int(entry)] = used
    counted: set[int] = set()
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        if pid not in counted:
            counted.add(pid)
            waiting += children.get(pid, [])
    return sum(ticks.get(pid, 0) for pid in counted) / TICKS_PER_S


def read_stat(pid: int) -> tuple[int, int] | None:
    """Parent and own plus reaped children's ticks; None when the process has just gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command's name is in brackets and may contain anything; fields are counted from its end (state is 3).
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), sum(int(field) for field in fields[11:15])
