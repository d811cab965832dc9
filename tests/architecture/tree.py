"""Where the sources are, and how a test writes a small tree of its own to plant a fault in."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "commissary"


def domains(package: Path) -> set[str]:
    """The folders that hold code: each is a domain (or a base of words) with a door."""
    return {path.parent.name for path in package.glob("*/__init__.py")}


def parsed(package: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every Python file with its syntax tree, the path relative to the package."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package), ast.parse(path.read_text("utf-8"), str(path))


def plant(folder: Path, files: Mapping[str, str]) -> Path:
    """Write `files` (relative path → text), with an empty door for every folder that lacks one."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        (path / "__init__.py").touch()
    return folder
