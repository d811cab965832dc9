"""From outside, a domain is its door, its types and its rules; its store and its verbs are its own business."""

import ast
from pathlib import Path

import pytest

from .tree import PACKAGE, domains, parsed, plant

PUBLIC = {"types", "rules"}
WORDS = {"base", "dialects", "simulators"}  # folders of words and tools: every module in them is public
# The composition root mounts every domain's routes, and those for a partner's own people.
WIRING = {"app/offered.py": {"routes", "own_routes"}}


def intrusions(package: Path) -> list[str]:
    closed = domains(package) - WORDS
    found = []
    for path, tree in parsed(package):
        allowed = PUBLIC | WIRING.get(str(path), set())
        for line, target in imports(path, tree):
            domain, *inside = target.split(".")
            if domain in closed and domain != path.parts[0] and inside and inside[0] not in allowed:
                found.append(
                    f"{path}:{line} reaches into {target}: from commissary import {domain}, then {domain}.…"
                )
    return found


def imports(path: Path, tree: ast.Module) -> list[tuple[int, str]]:
    """(line, what is imported, relative to the package): `from commissary.stock import store` → `stock.store`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = ["commissary", *path.parts[:-1]][: -node.level + 1 or None] if node.level else []
            module = ".".join([*start, *filter(None, [node.module])])
            found += [(node.lineno, f"{module}.{alias.name}") for alias in node.names]
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr in {"store", "routes"}
        ):
            found.append((node.lineno, f"commissary.{node.value.id}.{node.attr}"))
    return [
        (line, name.removeprefix("commissary.")) for line, name in found if name.startswith("commissary.")
    ]


def test_no_domain_is_entered_but_through_its_door() -> None:
    assert intrusions(PACKAGE) == []


@pytest.mark.parametrize(
    "line",
    [
        "from commissary.stock import store",
        "from commissary.stock.store import lots",
        "from commissary.stock import take",
        "import commissary.stock.take",
        "from ..stock import store",
        "from ..stock.store import lots",
        "from commissary.stock.inner import rules",
        "from commissary import stock\nstock.store.lots()",
        "def late():\n    from commissary.stock import store",
    ],
)
def test_a_planted_intrusion_is_found(tmp_path: Path, line: str) -> None:
    package = plant(tmp_path, {"stock/store.py": "", "orders/place.py": line})
    assert len(intrusions(package)) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("orders/place.py", "from commissary import stock\nstock.take()"),
        ("orders/place.py", "from commissary.stock import types, rules"),
        ("orders/place.py", "from commissary.stock.types import Lot"),
        ("orders/place.py", "from ..stock.rules import split"),
        (
            "orders/place.py",
            "from . import store\nfrom .store import rows\nfrom commissary.orders import cancel",
        ),
        ("orders/place.py", "from commissary.base import ids\nfrom commissary.base.db import begin"),
        ("stock/take.py", "from commissary.stock import store\nstore.lots()"),
        ("app/offered.py", "from commissary.stock import routes"),
    ],
)
def test_the_ways_in_are_open(tmp_path: Path, file: str, line: str) -> None:
    package = plant(tmp_path, {"stock/store.py": "", "base/db.py": "", "orders/store.py": "", file: line})
    assert intrusions(package) == []
