"""The settings that our PostgreSQL starts with."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from commissary.base.embedded.places import log_dir


def configuration(data: Path, socket_dir: Path, port: int | None, settings: Mapping[str, str]) -> str:
    memory_mb = _memory_mb()
    values = {
        "listen_addresses": "" if port is None else "127.0.0.1",
        "port": str(port or 5432),
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        # An order that was acknowledged is on the disk.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "max_wal_size": "4GB",
        # A segment of the log that cannot be reused is written full of zeros first: some 40 ms in which nobody commits.
        "min_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        "wal_buffers": "16MB",
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 32, 64), 512)}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        # Hot rows (accounts, lots) are updated all day: clean up often, in small portions.
        "autovacuum_naptime": "15s",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_vacuum_insert_scale_factor": "0.1",
        "autovacuum_vacuum_cost_limit": "1000",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "logging_collector": "on",
        "log_directory": str(log_dir(data)),
        "log_filename": "postgresql-%a.log",
        "log_file_mode": "0600",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_truncate_on_rotation": "on",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_lock_waits": "on",
        # No value of a row may reach the log: not as a statement, a parameter, a detail ("Key (code)=(…)"), nor inside
        # the text of an error ("invalid input syntax …"). Errors go to the client, which asked; `log` keeps what the
        # server says of itself: LOG, FATAL, PANIC.
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }
    return "# Written by Commissary at every start.\n" + "".join(
        f"{name} = {_quoted(value)}\n" for name, value in {**values, **settings}.items()
    )


def _quoted(value: str) -> str:
    if "\n" in value or "\x00" in value:
        raise ValueError("a setting is one line")
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _memory_mb() -> int:
    """Of the machine or of our control group, whichever is less."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return memory >> 20
