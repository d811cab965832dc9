"""docs/role-sheet.md is what the console's own table says, and that table names only what there is."""

import importlib.util
import json
import re
from typing import Any, get_args

from commissary.partners.types import Business

from .tree import ROOT

SHEET: dict[str, Any] = json.loads((ROOT / "frontend/src/app/role-sheet.json").read_text("utf-8"))
WORKS = [name for name in SHEET if name != "general"]


def test_the_page_is_fresh() -> None:
    spec = importlib.util.spec_from_file_location("role_sheet", ROOT / "tools" / "role_sheet.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert made.PAGE.read_text("utf-8") == made.page(), "run tools/role_sheet.py"


def test_every_line_of_business_has_its_sheet() -> None:
    assert list(SHEET) == list(get_args(Business))
    for name in WORKS:
        tasks = SHEET[name]["tasks"]
        assert len(tasks) == 3, name
        assert all(one["zh"] and one["en"] for one in tasks), name
        assert all(clicks <= 6 for one in tasks for clicks in one["clicks"].values()), name


def test_it_names_pages_and_prices_that_there_are() -> None:
    pages = "".join(
        (ROOT / "frontend/src/app" / name).read_text("utf-8") for name in ("nav.ts", "nav-enterprise.ts")
    )
    ids = set(re.findall(r'id: "([a-z-]+)"', pages))
    prices = set(
        re.findall(
            r'id: "([a-z]+)"',
            (ROOT / "frontend/src/parts/market/prices.tsx").read_text("utf-8").split("all:")[1],
        )
    )
    for name, one in SHEET.items():
        assert {one["start"], *one["menu"]} <= ids, name
        assert one["prices"], name
        assert set(one["prices"]) <= prices, name
        assert not one["menu"] or one["start"] in one["menu"], "where he begins is in his menu"
