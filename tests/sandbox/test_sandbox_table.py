"""The table of docs/sandbox.md is the one in the code. COMMISSARY_RECORD=1 writes it."""

import os
import re
from pathlib import Path

from commissary import sandbox

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
_PLACE = re.compile(r"(<!-- magic -->\n).*?(<!-- /magic -->)", re.DOTALL)


def table() -> str:
    rows = ["| article number | what to expect | 预期结果 | ends as |", "| --- | --- | --- | --- |"]
    rows += [f"| `{m.code}` | {m.told_en} | {m.told_zh} | `{m.status or m.refusal}` |" for m in sandbox.TABLE]
    return "\n".join(rows) + "\n"


def test_the_page_has_the_table_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    wanted = _PLACE.sub(lambda m: m[1] + table() + m[2], text)
    if os.environ.get("COMMISSARY_RECORD") == "1":
        PAGE.write_text(wanted, "utf-8")
        text = wanted
    assert text == wanted
    assert len({m.code for m in sandbox.TABLE}) == len(sandbox.TABLE)
    assert all(bool(m.status) != bool(m.refusal) for m in sandbox.TABLE)
