"""SUP07 importing card files 卡密导入. A file of 1,000 rows, a tenth of them repeats (in the file, of another batch, in other
case, width and spacing), with expired and faulty rows: the report's counts match to the row, with a batch for each
expiry date at its own cost; the same file again changes nothing.

    make test T=tests/journeys/test_sup07_import.py
"""

import csv
import io
import random
from pathlib import Path

import pytest

from make.journey import Mall, cards, yuan

FULL_WIDTH = {n: n + 0xFEE0 for n in range(0x21, 0x7F)}
SPELLED = (
    str.lower,
    lambda code: f"  {code}\t",
    lambda code: f"{code[:6]}-{code[6:]}",
    lambda code: code.translate(FULL_WIDTH),
)
COUNTS = ("read", "imported", "repeated_in_file", "known_elsewhere", "expired", "faulty")


def a_file(old: list[str]) -> tuple[list[str], list[str], dict[str, int]]:
    """(rows, each new and good code as its first row spells it, what the report must say). `old` stand in another
    batch."""
    chance = random.Random(7)
    good = cards(880, "N")
    ends = {code: "2027-12-31" if n % 2 else "2028-06-30" for n, code in enumerate(good)}
    rows = [(code, code, end) for code, end in ends.items()]
    rows += [(c, SPELLED[n % 4](c), ends[c]) for n, c in enumerate(chance.sample(good, 60))]
    rows += [(c, SPELLED[n % 4](c), "2027-12-31") for n, c in enumerate(old[:40])]
    rows += [(code, code, "2024-01-31") for code in cards(15, "E")]
    rows += [(code, code, "soon") for code in cards(5, "F")]
    chance.shuffle(rows)
    first = {code: spelled.strip() for code, spelled, _ in reversed(rows) if code in ends}
    told = dict(zip(COUNTS, (1_000, 880, 60, 40, 15, 5), strict=True))
    return [f"{spelled},{end}" for _, spelled, end in rows], list(first.values()), told


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
async def test_the_report_matches_to_the_row(mall: Mall, tmp_path: Path, encoding: str) -> None:
    sku, old = await mall.sku(case_sensitive=False), cards(50, "O")
    await mall.upload(sku, old, cost="4")
    rows, good, told = a_file(old)
    file = tmp_path / "七月到货.csv"
    file.write_bytes(("卡密,有效期\r\n" + "\r\n".join(rows)).encode(encoding))
    command = [
        "import-codes",
        str(file),
        "--mall",
        mall.world.slug,
        "--sku",
        sku,
        "--cost",
        "5.1250",
        "--json",
    ]

    untouched = await everything(mall)
    dry = (await mall.commissary(*command, "--dry-run")).json
    assert {name: dry[name] for name in COUNTS} == told
    assert dry["columns"] == ["secret", "expires_on"]
    assert await everything(mall) == untouched, "a dry run changes nothing"

    report = (await mall.commissary(*command)).json
    assert {name: report[name] for name in COUNTS} == told
    stock = await mall.owner.get(f"/skus/{sku}/stock")
    assert stock["available"] == 50 + 880
    batches = [b for b in stock["batches"] if b["import_id"] == str(report["import_id"])]
    assert sorted((b["expires_at"][:10], b["received"]) for b in batches) == [
        ("2027-12-31", 440),
        ("2028-06-30", 440),
    ]
    assert {b["unit_cost"]["amount"] for b in batches} == {"5.1250"}

    # Which lines became no code, and why: for the supplier, without a code in it.
    told_csv = await mall.owner.get(f"/imports/{report['import_id']}/faults")
    faults = list(csv.reader(io.StringIO(told_csv.decode("utf-8-sig"))))[1:]
    assert len(faults) == 120
    reasons = {int(line): reason for line, _, reason, *_ in faults}
    for line, row in enumerate(rows, 2):
        expiry = row.partition(",")[2]
        if expiry in ("2024-01-31", "soon"):
            assert reasons.pop(line) == ("expired" if expiry != "soon" else "date_unclear")
    assert sorted(reasons.values()) == ["known_elsewhere"] * 40 + ["repeated_in_file"] * 60
    assert not [code for code in good if code in told_csv.decode("utf-8-sig")]

    before = await everything(mall)
    again = (await mall.commissary(*command)).json
    assert again["already_imported"] is True
    assert {name: again[name] for name in COUNTS} == told
    again = (await mall.owner.upload(sku, file.read_bytes(), name="renamed.csv", cost="5.1250")).json
    assert again["already_imported"] is True
    assert await everything(mall) == before

    # What is sold is what was in the file, as it was written there.
    await mall.price(sku, "9")
    buyer = await mall.buyer("9000")
    sold = await mall.order(buyer, sku, 930)
    assert sorted(c["secret"] for c in sold["lines"][0]["codes"]) == sorted(old + good)
    assert sold["total"] == yuan("8370.0000")


async def everything(mall: Mall) -> list[tuple[object, ...]]:
    """All rows of the vault, as one number a table."""
    tables = ("batch", "lot", "code", "fingerprint", "import", "import_fault")
    each = [
        f"select '{t}', count(*), md5(string_agg(x::text, ',' order by x::text)) from stock.{t} x"
        for t in tables
    ]
    return await mall.rows(" union all ".join(each) + " order by 1")
