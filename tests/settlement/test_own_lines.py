"""The lines of a statement as their supplier takes them home."""

import csv

from commissary.settlement.own import _csv
from commissary.settlement.types import OwnLine


def test_no_cell_is_a_formula() -> None:
    line = OwnLine(1, " =1+1", "+2", "@茶卡", 1, -50_000, "bought", None, "amount", 0, "open", None, None)
    [_, row] = csv.reader(_csv([line]).decode("utf-8-sig").splitlines())
    assert row[1:4] == ["' =1+1", "'+2", "'@茶卡"]
    assert "-5.0000" in row  # a sum is none
