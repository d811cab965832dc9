"""PostgreSQL's processes, as /proc and the pid file tell of them."""

import contextlib
import os
from pathlib import Path


def postmaster_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8", "surrogateescape").splitlines()
    except FileNotFoundError:
        return []


def postmaster_pid(data: Path) -> int | None:
    lines = postmaster_lines(data)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    return pid if alive(pid) and _works_in(pid, data.resolve()) else None


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except (OSError, IndexError):
        return True
    if state != "Z":
        return True
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return False


def _works_in(pid: int, folder: Path) -> bool:
    """Process numbers are used again: only a postgres whose working folder is the data folder counts."""
    if not Path("/proc/self").exists():
        return True
    try:
        if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres":
            return False
        return os.readlink(f"/proc/{pid}/cwd") == str(folder)
    except PermissionError:  # another user's, and we may not look: the name must do
        return True
    except OSError:
        return False


def processes_in(folder: Path) -> list[int]:
    """Every postgres process of that data folder; those we may not look into are left to PostgreSQL's own check."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "comm").read_text().strip() == "postgres" and os.readlink(entry / "cwd") == str(
                folder
            ):
                found.append(int(entry.name))
    return found
