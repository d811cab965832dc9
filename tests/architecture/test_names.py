"""Names that say nothing attract everything: a file is called after what it does."""

from pathlib import Path

import pytest

from .tree import PACKAGE, plant

EMPTY_NAMES = {
    *("service", "services", "manager", "managers", "helper", "helpers"),
    *("util", "utils", "utilities", "common", "misc"),
}


def empty_names(package: Path) -> list[str]:
    return [
        f"{path.relative_to(package)}: name it after its verb or its noun"
        for path in sorted(package.rglob("*"))
        if (path.suffix == ".py" or path.is_dir())
        and (path.stem in EMPTY_NAMES or path.stem.rpartition("_")[2] in EMPTY_NAMES)
    ]


def test_every_module_says_what_it_is() -> None:
    assert empty_names(PACKAGE) == []


@pytest.mark.parametrize(
    "name", ["stock/utils.py", "stock/order_service.py", "common/money.py", "stock/manager.py"]
)
def test_a_planted_name_is_found(tmp_path: Path, name: str) -> None:
    assert len(empty_names(plant(tmp_path, {name: ""}))) == 1
