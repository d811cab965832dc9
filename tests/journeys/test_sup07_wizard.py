"""SUP07 a file of codes in steps 分步导入卡密. 10,000 rows with faulty, repeated, known and expired ones are uploaded, checked, mended in
place and committed by a job: the counts are exact, the bytes rest sealed and are gone with the commit, and only whoever uploaded
them sees a row. Killed in the middle of a commit, a server that is started again ends with the same counts.

    make test T=tests/journeys/test_sup07_wizard.py
"""

import asyncio
import csv
import io
import time
import zipfile

import pytest

from make.bulk import commit, ended, take
from make.journey import Installation, Mall, cards

COUNT = 10_000


def a_file(known: list[str]) -> tuple[list[str], list[str], list[int]]:
    """(lines, the good codes, where the dates are faulty)."""
    good = cards(COUNT - 320, "W")
    rows = [f"{code},2030-12-31" for code in good]
    rows += [f"{code.lower()},2030-12-31" for code in good[:200]]
    rows += [f"{code},2030-12-31" for code in known]
    rows += [f"{code},2024-01-31" for code in cards(30, "X")]
    rows += [f"{code},soon" for code in cards(40, "F")]
    lines = ["卡密,有效期", *rows]
    return lines, good, [n for n, line in enumerate(lines, 1) if line.endswith(",soon")]


async def test_ten_thousand_codes_with_their_errors_mended(mall: Mall) -> None:
    sku, known = await mall.sku(case_sensitive=False), cards(50, "K")
    await mall.upload(sku, known, cost="4")
    lines, good, faulty = a_file(known)
    content = "\r\n".join(lines).encode("gb18030")
    upload = await take(mall, "codes", content, name="到货.csv", sku_id=sku)
    assert [c["role"] for c in upload["columns"]] == ["secret", "expires_on"]
    assert all("••••" in cell for cell in upload["columns"][0]["sample"])
    path = f"/uploads/{upload['id']}"
    assert (await mall.owner.refused("POST", f"{path}/check"))[1] == "invalid_request", "no cost was said"
    options = {"sku_id": sku, "unit_cost": "5.1250", "source": "东海"}
    await mall.owner.put(f"{path}/columns", {"options": options})
    upload = await mall.owner.post(f"{path}/check")
    report = upload["report"]
    counts = [report[k] for k in ("rows", "create", "skip", "rejected")]
    assert counts == [COUNT, COUNT - 320, 280, 40]
    assert {g["reason"]: g["count"] for g in report["warnings"]} == {
        "repeated_in_file": 200, "known_elsewhere": 50, "expired": 30,
    }  # fmt: skip
    [group] = report["errors"]
    assert (group["reason"], group["count"]) == ("date_unclear", 40)
    assert [p["line"] for p in group["problems"]] == faulty
    grid = {row["line"]: row["cells"] for row in report["grid"]}
    assert [grid[n] for n in faulty] == [lines[n - 1].split(",") for n in faulty]

    # Nobody else sees a row, whatever he may do; nothing of a code is in the database.
    other = await mall.sign_in("owner")
    seen = await other.get(path)
    assert seen["report"]["grid"] == []
    assert await other.refused("GET", f"{path}/rejected") == (403, "upload_not_yours")
    assert await other.refused("PATCH", f"{path}/rows", {"rows": [{"line": faulty[0], "cells": None}]}) == (
        403,
        "upload_not_yours",
    )
    for table in ("upload", "repair", "part"):
        text = str(await mall.rows(f"select x::text from bulk.{table} x"))
        assert good[0] not in text
        assert good[0].encode().hex() not in text

    rejected = list(csv.reader(io.StringIO((await mall.owner.get(f"{path}/rejected")).decode("utf-8-sig"))))
    assert rejected[0] == ["卡密", "有效期", "错误 error"]
    assert [row[:2] for row in rejected[1:]] == [lines[n - 1].split(",") for n in faulty]

    mended = [{"line": n, "cells": [grid[n][0], "2029-06-30"]} for n in faulty[:39]]
    mended.append({"line": faulty[39], "cells": None})
    await mall.owner.patch(f"{path}/rows", {"rows": mended})
    upload = await mall.owner.post(f"{path}/check")
    assert [upload["report"][k] for k in ("rows", "create", "skip", "rejected")] == [
        COUNT - 1,
        COUNT - 281,
        280,
        0,
    ]
    upload = await commit(mall, upload)
    assert upload["status"] == "done"
    assert [upload["result"][k] for k in ("created", "skipped", "rejected")] == [COUNT - 281, 280, 0]
    assert len(upload["result"]["batch_ids"]) == 2
    assert (await mall.owner.get(f"/skus/{sku}/stock"))["available"] == COUNT - 281 + 50
    assert upload["has_source"] is False
    assert await mall.rows("select count(*)::int from bulk.part where mall_id = %s", [mall.world.mall]) == [
        (0,)
    ]
    assert await mall.owner.refused("GET", f"{path}/rejected") == (410, "source_gone")
    result = (await mall.owner.get(f"{path}/result")).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(result)))) == 281
    assert good[0] not in result

    again = await take(mall, "codes", content, name="again.csv", sku_id=sku)
    assert again["seen_before"]["upload_id"] == upload["id"]
    again = await mall.owner.put(f"/uploads/{again['id']}/columns", {"options": options})
    again = await mall.owner.post(f"/uploads/{again['id']}/check")
    assert again["report"]["create"] == 0
    asked = {"revision": again["revision"], "mode": "valid"}
    assert await mall.owner.refused("POST", f"/uploads/{again['id']}/commit", asked) == (409, "nothing_to_do")


@pytest.mark.parametrize("kind", ["codes", "prices"])
async def test_killed_in_the_middle_it_ends_with_the_same_counts(
    installation: Installation, kind: str
) -> None:
    """Two servers on one database; the one that runs the job is killed by the hard way, again and again."""
    mall = await installation.mall()
    sku = await mall.sku()
    codes = cards(60_000, "Z")
    if kind == "codes":
        upload = await take(mall, "codes", "\n".join(codes).encode(), sku_id=sku)
        upload = await mall.owner.put(
            f"/uploads/{upload['id']}/columns", {"options": {"sku_id": sku, "unit_cost": "1"}}
        )
    else:
        skus = await mall.many_skus(4_000)
        await mall.book()
        file = "sku_id,价格\n" + "".join(f"{s},{5 + n % 90}.5\n" for n, s in enumerate(skus))
        upload = await take(mall, "prices", file.encode())
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    assert upload["report"]["rejected"] == 0

    # Three times dead; sheets also with a copy beside them, as when a lease runs out although its holder lives.
    asked = {"revision": upload["revision"], "mode": "all"}
    begun = await mall.owner.post(f"/uploads/{upload['id']}/commit", asked)
    for n in range(3 if kind == "codes" else 4):
        await asyncio.sleep(0.25)
        if n < 3:
            await installation.server.kill()
            await installation.server.start()
        await mall.rows("update jobs.job set due_at = now() where state = 'running' returning 1")
    job = await ended(mall, begun["job_id"], 90)
    upload = await mall.owner.get(f"/uploads/{upload['id']}")
    assert (job["state"], upload["status"]) == ("done", "done"), (
        job["error"],
        job["attempts"],
        upload["result"],
    )
    if kind == "codes":
        assert upload["result"]["created"] == 60_000
        assert (await mall.owner.get(f"/skus/{sku}/stock"))["available"] == 60_000
    else:
        assert upload["result"]["updated"] == 4_000
        counted = "select count(*)::int, count(distinct sku_id)::int from pricing.entry where mall_id = %s"
        assert await mall.rows(counted, [mall.world.mall]) == [(4_000, 4_000)]


async def test_a_job_that_is_called_off_leaves_what_it_did_and_nothing_half(mall: Mall) -> None:
    sku, codes = await mall.sku(), cards(60_000, "C")
    upload = await take(mall, "codes", "\n".join(codes).encode(), sku_id=sku)
    await mall.owner.put(f"/uploads/{upload['id']}/columns", {"options": {"sku_id": sku, "unit_cost": "1"}})
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    asked = {"revision": upload["revision"], "mode": "all"}
    begun = await mall.owner.post(f"/uploads/{upload['id']}/commit", asked)
    await asyncio.sleep(0.3)
    answer = await mall.owner.call("POST", f"/jobs/{begun['job_id']}/cancel")
    job = await ended(mall, begun["job_id"])
    upload = await mall.owner.get(f"/uploads/{upload['id']}")
    there = (await mall.owner.get(f"/skus/{sku}/stock"))["available"]
    assert answer.status in (200, 409)
    assert (upload["status"], there) in {("cancelled", n * 5_000) for n in range(13)} | {("done", 60_000)}, (
        job
    )


async def test_a_bomb_and_a_foreign_file_are_refused_at_once(mall: Mall) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/workbook.xml", "x")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * 1024 * 1024)
    sku = await mall.sku()
    began = time.monotonic()
    query = f"/uploads?kind=codes&file_name=b.xlsx&sku_id={sku}"
    refused = await mall.owner.refused("POST", query, bomb.getvalue())
    assert refused == (413, "archive_bomb")
    assert time.monotonic() - began < 1
    assert await mall.owner.refused("POST", query, b"%PDF-1.7 ....") == (415, "file_format_unsupported")
    topup = await mall.sku("topup", instrument_class="direct_topup")
    elsewhere = f"/uploads?kind=codes&file_name=b.csv&sku_id={topup}"
    assert await mall.owner.refused("POST", elsewhere, b"A,B\n") == (409, "not_from_stock")
