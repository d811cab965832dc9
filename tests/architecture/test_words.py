"""The tracked files speak of the product: no folder of one person's machine, no promise left in a comment."""

import re
import subprocess
from pathlib import Path

import pytest

from .tree import ROOT

# Written in pieces, so that this file passes its own test.
MARKS = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")
MACHINE = re.compile(
    r"(?<![\w.~*}$-])/(?:home|Users)/[A-Za-z][\w.-]*/|(?<![\w.~*}$-])/ro"
    + r"ot/|\b[A-Z]:\\Users\\|(?<![\w.~*}$-])/wo"
    + "rk/"
)
MADE = {"node_modules", "__pycache__", "dist", "build"}


def faults(name: str, text: str) -> list[str]:
    return [
        f"{name}:{number} {why}"
        for number, line in enumerate(text.splitlines(), 1)
        for pattern, why in ((MARKS, "do it, or open an issue"), (MACHINE, "a path of one machine"))
        if pattern.search(line)
    ]


def tracked() -> list[Path]:
    """Git's list; in a copy without git, every file that is not made by a tool."""
    try:
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"],  # noqa: S607
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        names = listed.stdout.decode().split("\0")
        if not (ROOT / ".git").exists():
            raise FileNotFoundError
    except (OSError, subprocess.CalledProcessError):
        return [
            p for p in ROOT.rglob("*") if p.is_file() and not any(map(made, p.relative_to(ROOT).parts[:-1]))
        ]
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def made(folder: str) -> bool:
    return folder in MADE or (folder.startswith(".") and folder != ".ci")


def readable(path: Path) -> str:
    data = path.read_bytes()
    return "" if b"\0" in data[:8000] else data.decode("utf-8", "replace")


def test_every_tracked_file_speaks_of_the_product() -> None:
    paths = tracked()
    assert ROOT / "pyproject.toml" in paths
    assert [fault for path in paths for fault in faults(str(path.relative_to(ROOT)), readable(path))] == []


def test_packages_are_locked_from_the_public_index() -> None:
    lock = (ROOT / "uv.lock").read_text("utf-8")
    assert set(re.findall(r'registry = "([^"]*)"', lock)) == {"https://pypi.org/simple"}
    assert set(re.findall(r'url = "https?://([^/"]*)', lock)) == {"files.pythonhosted.org"}


@pytest.mark.parametrize(
    "line",
    [
        "# TO" + "DO later",
        "# FIX" + "ME: x",
        "open('/home/" + "ann/x')",
        "cd /ro" + "ot/x",
        "/Users/" + "ann/x",
        "C:\\Users\\ann",
    ],
)
def test_a_planted_word_is_found(line: str) -> None:
    assert len(faults("x", line)) == 1


@pytest.mark.parametrize(
    "line", ["https://example.com/home/page/", "the method todos()", "/root-level", "src/work/x"]
)
def test_innocent_lines_pass(line: str) -> None:
    assert faults("x", line) == []
