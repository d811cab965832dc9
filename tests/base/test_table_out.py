"""Files that we give out: no formula in them, the same bytes each time, and what went out comes back as it was."""

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commissary.base import table_file, table_out

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1+2",
    "＠SUM(1)",
    " =1+1",
    '=IMPORTXML("http://x")',
    "+8613800138000",
    "--1",
    "-cmd",
    "=",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_formula_goes_out(text: str) -> None:
    rows = [["name"], [text]]
    shown = list(csv.reader(io.StringIO(table_out.table(rows, "csv").decode("utf-8-sig"), newline="")))[1][0]
    assert shown == f"'{text}"
    cell = openpyxl.load_workbook(io.BytesIO(table_out.table(rows, "xlsx"))).active["A2"]
    assert cell.data_type == "s", "a text, whatever it looks like"
    assert cell.value.startswith("'")
    assert table_out.unguarded(shown) == text


@pytest.mark.parametrize("text", ["-5.00", "-12", "12.50", "", "abc", "it's", "'quoted'", "00123"])
def test_a_number_or_a_plain_text_stays(text: str) -> None:
    assert table_out.guarded(text) == text
    assert table_out.unguarded(text) == text


@given(st.text(alphabet="='+-@ a1\t", max_size=8))
def test_what_went_out_comes_back(text: str) -> None:
    assert table_out.unguarded(table_out.guarded(text)) == text


def test_a_workbook_is_read_back_as_it_was_and_is_the_same_bytes_each_time() -> None:
    rows = [["货号", "价格"], ["00123", "9.8750"], ["<&>\"'", "山雾 ☕"]]
    made = table_out.table(rows, "xlsx")
    assert made == table_out.table(rows, "xlsx")
    read = list(table_file.open_table(made))
    assert [list(row.cells) for row in read] == rows
    assert all(not row.numbers for row in read), "a price is a text, whose digits nobody rounds"


def test_blank_lines_and_numbers_keep_their_places() -> None:
    made = table_out.workbook([["a"], None, ["7", "x"]], numbers=[(), (), (0,)], guard=False)
    read = list(table_file.open_table(made))
    assert [(r.line, r.cells[0], r.numbers) for r in read] == [(1, "a", ()), (3, "7", (0,))]
