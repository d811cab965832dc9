"""Every environment variable the package reads is explained in docs/settings.md, and none is explained that is not."""

import ast
import re
from pathlib import Path

import pytest

from .tree import PACKAGE, ROOT, parsed, plant

PAGE = ROOT / "docs" / "settings.md"
OF_THE_SYSTEM = {
    "HOME",
    "PATH",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "TZ",
}
_VARIABLE = re.compile(r"(COMMISSARY|DATABASE|[A-Z]+)_[A-Z0-9_]+")
_OURS = re.compile(r"\b(?:COMMISSARY_[A-Z0-9_]*[A-Z0-9]|DATABASE_URL)\b")


def variables(package: Path) -> set[str]:
    """Names asked of the environment anywhere, and every name that stands as a string in base/settings.py.

    A field of `Settings` whose variable's name is made from the field's counts as COMMISSARY_<FIELD>, unless the file
    spells another name that ends in the field's.
    """
    found = set()
    for path, tree in parsed(package):
        found |= {name for node in ast.walk(tree) if (name := asked(node))}
        if path != Path("base/settings.py"):
            continue
        strings = {
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        spelled = {text for text in strings if _VARIABLE.fullmatch(text)}
        fields = {
            statement.target.id.upper()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and node.name == "Settings"
            for statement in node.body
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
        }
        made = any(text == "COMMISSARY_" for text in strings)
        derived = {f"COMMISSARY_{f}" for f in fields if made and not any(s.endswith(f) for s in spelled)}
        found |= spelled | derived
    return found - OF_THE_SYSTEM


def asked(node: ast.AST) -> str | None:
    """`os.environ["X"]`, `os.environ.get("X")`, `os.getenv("X")` → X."""
    if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
        key = node.slice
    elif (
        isinstance(node, ast.Call)
        and node.args
        and ast.unparse(node.func).endswith(("environ.get", "getenv"))
    ):
        key = node.args[0]
    else:
        return None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def undocumented(package: Path, page: str) -> set[str]:
    return {name for name in variables(package) if not re.search(rf"\b{name}\b", page)}


@pytest.mark.skipif(not (PACKAGE / "base" / "settings.py").exists(), reason="there are no settings yet")
def test_the_page_of_settings_is_complete_and_true() -> None:
    page = PAGE.read_text("utf-8")
    assert variables(PACKAGE), "base/settings.py reads no variable that this test can see"
    assert undocumented(PACKAGE, page) == set()
    source = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    assert {name for name in _OURS.findall(page) if name not in source} - variables(PACKAGE) == set()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("base/settings.py", 'PORT = Setting("COMMISSARY_PORT", int)'),
        ("base/settings.py", 'PREFIX = "COMMISSARY_"\nclass Settings:\n    port: int = 8000'),
        ("cli.py", 'port = os.environ["COMMISSARY_PORT"]'),
        ("cli.py", 'port = environ.get("COMMISSARY_PORT", "8000")'),
        ("cli.py", 'port = os.getenv("COMMISSARY_PORT")'),
    ],
)
def test_a_planted_setting_is_found(tmp_path: Path, file: str, text: str) -> None:
    package = plant(tmp_path, {file: text})
    assert undocumented(package, "`COMMISSARY_PORTS` and others") == {"COMMISSARY_PORT"}
    assert undocumented(package, "`COMMISSARY_PORT`: where it listens") == set()
