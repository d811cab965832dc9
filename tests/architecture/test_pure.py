"""What import contracts cannot see: types and rules await nothing, and ask no clock that is a method of a type."""

import ast
from pathlib import Path

import pytest

from .tree import PACKAGE, parsed, plant

CLOCKS = {"now", "utcnow", "today"}


def impurities(package: Path) -> list[str]:
    found = []
    for path, tree in parsed(package):
        if not {"types", "rules"} & {path.stem, path.parent.name} or path.parts[0] == "base":
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith):
                found.append(f"{path}:{node.lineno} awaits; gather before, decide here")
            elif isinstance(node, ast.Call) and called(node) in CLOCKS | {"open", "print"}:
                found.append(f"{path}:{node.lineno} calls {called(node)}(); pass the value in")
    return found


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


def test_types_and_rules_are_pure() -> None:
    assert impurities(PACKAGE) == []


@pytest.mark.parametrize(
    "line",
    ["at = datetime.now(UTC)", "day = date.today()", "async def quote(): ...", "text = open('rates').read()"],
)
@pytest.mark.parametrize("file", ["pricing/rules.py", "pricing/types.py", "pricing/rules/ladders.py"])
def test_a_planted_impurity_is_found(tmp_path: Path, file: str, line: str) -> None:
    assert len(impurities(plant(tmp_path, {file: line, "pricing/quote.py": "at = datetime.now(UTC)"}))) == 1
