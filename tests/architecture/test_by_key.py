"""Rows that are changed by their keys are found by their keys, whatever the planner believes.

It multiplies what it guesses of `home_id` with what it guesses of the policy on `home_id`, so it takes any table of many
malls, and any table before its first statistics, for a handful of rows, and reads a whole mall to join it with a hundred
keys. `= any (array)` beside the join leaves it no such plan.
"""

import re

import pytest

from architecture.tree import PACKAGE

QUERY = re.compile(r"^-- name: (\w+)\s*$(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)
UPDATE = re.compile(r"^\s*(?:--[^\n]*\n\s*)*update\s+[\w.]+\s+\w+\b.*?\bfrom\s+unnest\b", re.DOTALL)


def updates() -> list[tuple[str, str]]:
    """(file and name, text) of each query that changes rows of a table from arrays."""
    found = []
    for file in sorted(PACKAGE.rglob("*.sql")):
        if file.parent.name == "migrations":
            continue
        for name, text in QUERY.findall(file.read_text("utf-8")):
            if UPDATE.match(text.strip()):
                found.append((f"{file.parent.name}/{file.name}: {name}", text))
    return found


def test_it_sees_them() -> None:
    assert len(updates()) >= 6


@pytest.mark.parametrize(("which", "text"), updates())
def test_an_update_from_arrays_names_its_keys(which: str, text: str) -> None:
    assert re.search(r"= any \(%\(\w+\)s", text[text.rindex("where") :]), which
