"""The import contracts of pyproject.toml catch what they are for: each is shown a small package that breaks it."""

import subprocess
import sys
from pathlib import Path

import pytest

from .tree import ROOT, plant

SOUND = {
    "base/settings.py": "",
    "base/db.py": "import time",
    "base/clock.py": "",
    "stock/types.py": "",
    "stock/store.py": "from commissary.base import db",
    "orders/rules.py": "from commissary.stock import types",
    "orders/place.py": "from commissary import stock\nfrom commissary.base import db",
    "simulators/__init__.py": "from commissary.base import clock",
    "cli/simulate.py": "from commissary import simulators",
    "app/wiring.py": "from commissary import orders\nfrom commissary.base import settings",
}


def broken(folder: Path, files: dict[str, str]) -> set[str]:
    """Names of the contracts which that package breaks."""
    plant(folder / "commissary", files)
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]
    run = subprocess.run(  # noqa: S603
        [*lint, "--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts:" in run.stdout, run.stdout + run.stderr
    return {line.removesuffix(" BROKEN") for line in run.stdout.splitlines() if line.endswith(" BROKEN")}


def test_a_sound_package_passes(tmp_path: Path) -> None:
    assert broken(tmp_path, SOUND) == set()


@pytest.mark.parametrize(
    ("file", "text", "contract"),
    [
        ("stock/take.py", "from commissary import orders", "Imports only go down"),
        ("base/ids.py", "def f():\n    from commissary.stock import types", "Imports only go down"),
        ("gadgets/__init__.py", "", "Imports only go down"),
        (
            "ledger/post.py",
            "from commissary import risk\nfrom commissary.risk import types",
            "Imports only go down",
        ),
        ("stock/store.py", "from commissary.stock import take", "No cycles between siblings, at any depth"),
        ("stock/types.py", "import time", "Types and rules know no I/O, no clock and no chance"),
        (
            "orders/rules.py",
            "from commissary.base import db",
            "Types and rules know no I/O, no clock and no chance",
        ),
        (
            "orders/types.py",
            "from commissary.stock import store",
            "Types and rules know no I/O, no clock and no chance",
        ),
        ("stock/rules/split.py", "import random", "Types and rules know no I/O, no clock and no chance"),
        (
            "orders/place.py",
            "from commissary.base.settings import Settings",
            "Only the composition root and the command line read settings",
        ),
        ("supply/connectors/any.py", "import time", "Types and rules know no I/O, no clock and no chance"),
        ("simulators/any.py", "from commissary import dialects", "Imports only go down"),
        (
            "orders/place.py",
            "from commissary import simulators",
            "Simulators share nothing with what they test; the command line starts them, and the sandbox has one inside",
        ),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, file: str, text: str, contract: str) -> None:
    others = {
        "stock/take.py": "from commissary.stock import store",
        "risk/types.py": "",
        "dialects/__init__.py": "",
    }
    assert contract in broken(tmp_path, SOUND | others | {file: text})
