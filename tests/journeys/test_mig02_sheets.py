"""MIG02 sheets of prices and of goods 表格往返. A sheet goes out, three cells of it are edited, it comes in: the difference shows
exactly those three; it is committed for an instant to come, and undone, after which the same sheet is the same bytes. Somebody
else's change in between is a conflict on its row; a sheet of goods makes, changes and takes back SKUs alike.

    make test T=tests/journeys/test_mig02_sheets.py
"""

import asyncio
import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from commissary import bulk
from make.bulk import commit, ended, exported, take
from make.journey import CLASSIFIED, Mall, Person, rungs


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


async def priced(mall: Mall, count: int = 5) -> tuple[list[str], str, str]:
    """SKUs in the list and in a tier's book."""
    skus = await mall.many_skus(count)
    book = await mall.book()
    tier = await mall.owner.post("/tiers", {"name": "金牌", "rank": 1})
    gold = (await mall.owner.post("/books", {"kind": "tier", "name": "金牌价", "tier_id": tier["id"]}))["id"]
    ladder = rungs({1: "9.9000", 10: "9.5000"})
    for id_ in (book, gold):
        await mall.owner.post(
            "/prices", {"book_id": id_, "prices": [{"sku_id": s, "rungs": ladder} for s in skus]}
        )
    return skus, book, gold


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
async def test_three_edited_cells_are_three_changes_and_undo_gives_the_same_bytes(
    mall: Mall, format_: str
) -> None:
    skus, book, gold = await priced(mall)
    _, before = await exported(mall, "prices", format_)
    if format_ == "csv":
        rows = table(before)
        assert rows[0][:3] == ["sku_id", "code", "name"]
        rows[1][3], rows[2][5], rows[4][3] = "9.8750", "1:9.40; 10:9.10; 100:8.85", "10"
        edited = written(rows)
    else:
        book_ = openpyxl.load_workbook(io.BytesIO(before))
        sheet: Any = book_.active
        sheet["D2"], sheet["F3"], sheet["D5"] = "9.8750", "1:9.40; 10:9.10; 100:8.85", 10
        out = io.BytesIO()
        book_.save(out)
        edited = out.getvalue()
    upload = await take(mall, "prices", edited, name=f"prices.{format_}")
    assert [c["role"] for c in upload["columns"]] == [
        "sku_id", "code", "-", f"book:{book}", f"version:{book}", f"book:{gold}", f"version:{gold}",
    ]  # fmt: skip
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    report = upload["report"]
    assert (report["rows"], report["update"], report["same"], report["rejected"]) == (5, 3, 2, 0)
    assert report["changed_cells"] == 3
    told = {(c["subject_id"], c["column"]): (c["before"], c["after"]) for c in report["changes"]}
    assert told == {
        (skus[0], f"book:{book}"): ("1:9.9000; 10:9.5000", "9.8750"),
        (skus[1], f"book:{gold}"): ("1:9.9000; 10:9.5000", "1:9.4000; 10:9.1000; 100:8.8500"),
        (skus[3], f"book:{book}"): ("1:9.9000; 10:9.5000", "10.0000"),
    }

    # For an instant to come: until then nothing is another price.
    later = datetime.now(UTC) + timedelta(seconds=5)
    upload = await commit(mall, upload, valid_from=later.isoformat(), reason="六月调价")
    assert upload["status"] == "done"
    assert upload["result"]["updated"] == 3
    assert len(upload["result"]["change_ids"]) == 2
    changes = {c["id"]: c for c in (await mall.owner.get("/price-changes"))["items"]}
    made = [changes[i] for i in upload["result"]["change_ids"]]
    assert {(c["kind"], c["reason"], c["entries"]) for c in made} == {
        ("sheet", "六月调价", 2),
        ("sheet", "六月调价", 1),
    }
    assert (await exported(mall, "prices", format_))[1] == before

    # When its hour has come it holds, in both books at once.
    while datetime.now(UTC) < later + timedelta(seconds=0.3):
        await ended(mall, upload["job_id"])
    listed = {p["sku_id"]: p["rungs"] for p in await mall.owner.every(f"/books/{book}/prices")}
    assert listed[skus[0]] == rungs({1: "9.8750"})
    assert listed[skus[3]] == rungs({1: "10.0000"})
    result = table(await mall.owner.get(f"/uploads/{upload['id']}/result"))
    assert sorted((r[1], r[2]) for r in result[1:]) == sorted(
        [
            ("updated", skus[0]),
            ("updated", skus[1]),
            ("updated", skus[3]),
            ("same", skus[2]),
            ("same", skus[4]),
        ]
    )

    undone = await mall.owner.post(f"/uploads/{upload['id']}/undo")
    assert undone["undone_at"]
    assert (await exported(mall, "prices", format_))[1] == before, (
        "what held before holds again, byte for byte"
    )
    assert await mall.owner.refused("POST", f"/uploads/{upload['id']}/undo") == (409, "already_undone")


@dataclass
class Asked:
    """A sheet of two books that waits: 25 goods, one of them ten times as dear in the list, one that leaves it, one cheaper in gold."""

    mall: Mall
    skus: list[str]
    book: str
    upload: Any
    finance: Person
    approval: Any

    @classmethod
    async def of(cls, mall: Mall) -> "Asked":
        skus, book, _ = await priced(mall, 25)
        rule = {"mode": "above", "above_bp": 1_000, "role": "finance", "due_minutes": 60}
        await mall.owner.put("/approval-rules/pricing.change", rule)
        rows = table((await exported(mall, "prices", "csv"))[1])
        for row in rows[3:]:
            row[3] = "9.8000"
        rows[1][3], rows[2][3], rows[4][5] = "99", "", "8.8000"
        upload = await take(mall, "prices", written(rows), name="六月.csv")
        upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
        finance = await mall.sign_in("finance")
        return cls(mall, skus, book, upload, finance, await cls.ask(mall, upload, finance))

    @staticmethod
    async def ask(mall: Mall, upload: Any, finance: Person) -> Any:
        told = {"revision": upload["revision"], "mode": "all", "reason": "六月调价"}
        answer = await mall.owner.call("POST", f"/uploads/{upload['id']}/commit", told)
        assert answer.status == 202, answer.body
        again = await mall.owner.call("POST", f"/uploads/{upload['id']}/commit", told)
        assert again.json["approval_id"] == answer.json["approval_id"], "asked once"
        return (await finance.get(f"/approvals/{answer.json['approval_id']}"))["approval"]

    async def decide(self, *, approve: bool = True) -> Any:
        told = {"approve": approve, "seal": self.approval["seal"]}
        return await self.finance.post(f"/approvals/{self.approval['id']}/decide", told)

    async def now(self) -> Any:
        return await self.mall.owner.get(f"/uploads/{self.upload['id']}")

    async def price(self, n: int) -> Any:
        listed = {p["sku_id"]: p["rungs"] for p in await self.mall.owner.every(f"/books/{self.book}/prices")}
        return listed.get(self.skus[n])

    async def open_again(self) -> Any:
        for _ in range(100):
            if (found := await self.now())["status"] == "open":
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(found)


async def test_a_sheet_under_a_rule_is_one_request_and_holds_with_the_second_persons_word(mall: Mall) -> None:
    asked = await Asked.of(mall)
    found = await asked.now()
    assert (found["status"], found["waits_for"]) == ("waiting", asked.approval["id"])
    assert asked.approval["after"] == {
        "file": "六月.csv", "rows": 25, "prices": 26, "prices_up": 24, "prices_down": 1, "prices_new": 0, "prices_gone": 1,
        "below_floor": 0, "rows_left_out": 0,
    }  # fmt: skip
    assert (asked.approval["count"], asked.approval["move_bp"], asked.approval["lines"]) == (25, 94_211, 26)
    lines = await asked.finance.every(f"/approvals/{asked.approval['id']}/lines")
    assert [line["n"] for line in lines] == list(range(1, 27))
    assert [(line["subject"], line["after"], line["move_bp"]) for line in lines[:3]] == [
        (f"sku:{asked.skus[1]}", "", None),
        (f"sku:{asked.skus[0]}", "99.0000", 94_211),
        (f"sku:{asked.skus[3]}", "8.8000", -1_112),
    ]
    # Nothing of it is another meanwhile, nor is it let happen by who asked.
    at, own = f"/uploads/{asked.upload['id']}", {"approve": True, "seal": asked.approval["seal"]}
    assert await mall.owner.refused("POST", f"{at}/check") == (409, "upload_waits")
    assert await mall.owner.refused("DELETE", at) == (409, "upload_waits")
    assert await mall.owner.refused("POST", f"/approvals/{asked.approval['id']}/decide", own) == (
        403,
        "own_request",
    )
    support = await mall.sign_in("support")
    assert await support.refused("GET", f"/approvals/{asked.approval['id']}/lines") == (404, "not_found")
    assert await asked.price(0) == rungs({1: "9.9000", 10: "9.5000"})

    assert (await asked.decide())["status"] == "approved"
    found = await asked.now()
    assert (found["status"], found["result"]["updated"], len(found["result"]["change_ids"])) == (
        "done",
        25,
        2,
    )
    assert await asked.price(0) == rungs({1: "99.0000"})
    assert await asked.price(1) is None
    changes = {c["id"]: c for c in (await mall.owner.get("/price-changes"))["items"]}
    made = [changes[i] for i in found["result"]["change_ids"]]
    assert {(c["kind"], c["reason"], c["author"]) for c in made} == {
        ("sheet", "六月调价", f"person:{mall.world.founded.person_id}")
    }
    assert await asked.finance.refused("POST", f"/approvals/{asked.approval['id']}/decide", own) == (
        409,
        "already_decided",
    )
    assert len(table(await mall.owner.get(f"{at}/result"))) == 26

    # To go back is asked for as the way there was, once, and looked through line by line.
    before = await mall.owner.call("POST", f"{at}/undo")
    again = await mall.owner.call("POST", f"{at}/undo")
    assert (before.status, again.json["approval_id"]) == (202, before.json["approval_id"])
    found = await asked.now()
    assert (found["undone_at"], found["undo_waits_for"]) == (None, before.json["approval_id"])
    assert await asked.price(0) == rungs({1: "99.0000"})
    asked.approval = (await asked.finance.get(f"/approvals/{before.json['approval_id']}"))["approval"]
    assert asked.approval["after"] == {
        "file": "六月.csv", "undo": True, "prices": 26, "prices_up": 1, "prices_down": 24, "prices_new": 1, "prices_gone": 0,
    }  # fmt: skip
    assert (asked.approval["count"], asked.approval["lines"]) == (25, 26)
    assert (await asked.decide())["status"] == "approved"
    found = await asked.now()
    assert found["undone_at"]
    assert found["undo_waits_for"] is None
    assert await asked.price(0) == await asked.price(1) == rungs({1: "9.9000", 10: "9.5000"})
    assert await mall.owner.refused("POST", f"{at}/undo") == (409, "already_undone")


async def test_an_undo_that_was_refused_or_overtaken_undoes_nothing_and_can_be_asked_again(
    mall: Mall,
) -> None:
    asked = await Asked.of(mall)
    await asked.decide()
    at = f"/uploads/{asked.upload['id']}/undo"
    first = await mall.owner.post(at)
    asked.approval = (await asked.finance.get(f"/approvals/{first['approval_id']}"))["approval"]
    assert (await asked.decide(approve=False))["status"] == "refused"
    assert (await asked.now())["undo_waits_for"] is None
    second = await mall.owner.post(at)
    assert second["approval_id"] != first["approval_id"]
    asked.approval = (await asked.finance.get(f"/approvals/{second['approval_id']}"))["approval"]
    # 0.1 % is under what the rule asks about: somebody makes it at once, and the sheet is not what holds any more.
    told = {"book_id": asked.book, "prices": [{"sku_id": asked.skus[7], "rungs": rungs({1: "9.81"})}]}
    await mall.owner.post("/prices", told)
    done = await asked.decide()
    assert (done["status"], done["decision"]["failure"]) == ("failed", "overtaken")
    assert await asked.price(0) == rungs({1: "99.0000"})
    assert await mall.owner.refused("POST", at) == (409, "overtaken")


@pytest.mark.parametrize("word", ["before", "after"])
async def test_a_sheet_for_an_instant_that_waits_switches_then_or_with_a_word_that_comes_later(
    mall: Mall, word: str
) -> None:
    """Export, three cells, the difference, the second person, the instant, and back: under a rule from end to end."""
    skus, book, _ = await priced(mall)
    rule = {"mode": "always", "role": "finance", "due_minutes": 60}
    await mall.owner.put("/approval-rules/pricing.change", rule)
    finance = await mall.sign_in("finance")
    _, before = await exported(mall, "prices")
    rows = table(before)
    rows[1][3], rows[2][3], rows[3][5] = "9.8000", "9.7000", "9.6000"
    upload = await take(mall, "prices", written(rows))
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    assert upload["report"]["changed_cells"] == 3
    instant = datetime.now(UTC) + timedelta(seconds=3)
    at = f"/uploads/{upload['id']}"
    asked = {"revision": upload["revision"], "mode": "all", "valid_from": instant.isoformat()}
    waits = await mall.owner.post(f"{at}/commit", asked)

    async def price(n: int) -> Any:
        listed = {p["sku_id"]: p["rungs"] for p in await mall.owner.every(f"/books/{book}/prices")}
        return listed[skus[n]][0]["unit_price"]["amount"]

    async def decide(approval: str) -> Any:
        shown = (await finance.get(f"/approvals/{approval}"))["approval"]
        told = {"approve": True, "seal": shown["seal"]}
        assert (await finance.post(f"/approvals/{approval}/decide", told))["status"] == "approved"
        return shown

    async def until_then() -> None:
        await asyncio.sleep((instant - datetime.now(UTC)).total_seconds() + 0.3)

    if word == "after":
        await until_then()
        assert await price(0) == "9.9000"
    shown = await decide(waits["approval_id"])
    assert datetime.fromisoformat(shown["after"]["valid_from"]) == instant
    assert shown["after"]["prices"] == 3
    if word == "before":
        assert (await price(0), datetime.now(UTC) < instant) == ("9.9000", True)
        await until_then()
    assert [await price(n) for n in range(3)] == ["9.8000", "9.7000", "9.9000"]
    done = await mall.owner.get(at)
    changes = {c["id"]: c for c in (await mall.owner.get("/price-changes"))["items"]}
    begun = {datetime.fromisoformat(changes[i]["valid_from"]) for i in done["result"]["change_ids"]}
    assert len(begun) == 1
    assert (begun == {instant}) == (word == "before"), "else from the second person's word on"
    held = await mall.owner.get(f"/skus/{skus[2]}/why", at=begun.pop().isoformat(), tier_id=await tier(mall))
    assert held["unit_price"]["amount"] == "9.6000"

    back = await mall.owner.post(f"{at}/undo")
    assert await price(0) == "9.8000"
    await decide(back["approval_id"])
    assert (await exported(mall, "prices"))[1] == before, "byte for byte"


async def tier(mall: Mall) -> str:
    return str((await mall.owner.get("/tiers"))[0]["id"])


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
async def test_what_was_not_let_happen_can_be_mended_and_asked_again(mall: Mall, how: str) -> None:
    asked = await Asked.of(mall)
    if how == "refused":
        await asked.decide(approve=False)
    else:
        await mall.owner.post(f"/approvals/{asked.approval['id']}/withdraw", {})
    found = await asked.open_again()
    assert (found["waits_for"], found["how"]) == (None, None)
    assert await asked.price(0) == rungs({1: "9.9000", 10: "9.5000"})
    row = next(r for r in table((await exported(mall, "prices", "csv"))[1]) if r[0] == asked.skus[0])
    row[3] = "9.7000"
    await mall.owner.patch(f"/uploads/{found['id']}/rows", {"rows": [{"line": 2, "cells": row}]})
    found = await mall.owner.post(f"/uploads/{found['id']}/check")
    second = await Asked.ask(mall, found, asked.finance)
    assert second["id"] != asked.approval["id"]
    asked.approval = second
    assert (await asked.decide())["status"] == "approved"
    assert await asked.price(0) == rungs({1: "9.7000"})


async def test_a_price_that_moved_meanwhile_ends_the_request_and_nothing_of_it_is_done(mall: Mall) -> None:
    asked = await Asked.of(mall)
    await mall.owner.put("/approval-rules/pricing.change", {"mode": "off", "version": 1})  # waits itself
    [weaker] = [a for a in (await asked.finance.get("/approvals"))["items"] if a["act"] == "approvals.weaken"]
    told = {"approve": True, "seal": weaker["seal"]}
    assert (await asked.finance.post(f"/approvals/{weaker['id']}/decide", told))["status"] == "approved"
    await mall.price([asked.skus[7]], "9.1")
    done = await asked.decide()
    assert (done["status"], done["decision"]["failure"]) == ("failed", "upload_has_errors")
    assert await asked.price(0) == rungs({1: "9.9000", 10: "9.5000"})
    assert (await asked.open_again())["result"] is None


async def test_not_one_line_of_what_was_shown_can_be_exchanged(mall: Mall) -> None:
    asked = await Asked.of(mall)
    await mall.rows(
        "update approvals.line set after = '9.0000' where request_id = %s and n = 2 returning 1",
        [asked.approval["id"]],
    )
    done = await asked.decide()
    assert (done["status"], done["decision"]["failure"]) == ("failed", "payload_changed")
    assert await asked.price(0) == rungs({1: "9.9000", 10: "9.5000"})


async def test_two_who_decide_at_once_are_one_change_and_a_day_later_the_file_is_still_there(
    mall: Mall,
) -> None:
    asked = await Asked.of(mall)
    await mall.rows("update bulk.upload set expires_at = now() - interval '1 minute' returning 1")
    await bulk.sweep(mall.world.env, mall.world.mall, mall.world.now)
    told = {"approve": True, "seal": asked.approval["seal"]}
    other = await mall.sign_in("finance")
    path = f"/approvals/{asked.approval['id']}/decide"
    answers = await asyncio.gather(*(who.call("POST", path, told) for who in (asked.finance, other, other)))
    assert sorted(a.status for a in answers) == [200, 409, 409]
    assert len((await asked.now())["result"]["change_ids"]) == 2
    sheets = [c for c in (await mall.owner.get("/price-changes"))["items"] if c["kind"] == "sheet"]
    assert len(sheets) == 2


async def test_somebody_elses_change_is_a_conflict_on_that_row_alone(mall: Mall) -> None:
    skus, book, _ = await priced(mall)
    rows = table((await exported(mall, "prices", book_id=[book]))[1])
    rows[1][3], rows[2][3] = "8.0000", "8.1000"
    await mall.price([skus[0], skus[4]], "7.7")  # both were exported; only one of them is edited here
    upload = await take(mall, "prices", written(rows))
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    report = upload["report"]
    [group] = report["errors"]
    assert (group["reason"], group["count"], report["update"], report["same"]) == (
        "changed_meanwhile",
        1,
        1,
        3,
    )
    [problem] = group["problems"]
    owner = f"person:{mall.world.founded.person_id}"
    assert (problem["line"], problem["expected"], problem["found"], problem["by"]) == (
        2,
        "7.7000",
        "8.0000",
        owner,
    )
    assert report["grid"] == [{"line": 2, "cells": rows[1]}]
    asked = {"revision": upload["revision"], "mode": "all"}
    assert await mall.owner.refused("POST", f"/uploads/{upload['id']}/commit", asked) == (
        409,
        "upload_has_errors",
    )

    rejected = table(await mall.owner.get(f"/uploads/{upload['id']}/rejected"))
    assert rejected[0] == [*rows[0], "错误 error"]
    assert rejected[1][:-1] == rows[1]
    assert "7.7000" in rejected[1][-1]

    # Mended in place to what holds now, nothing is wrong any more.
    cells = [*rows[1][:3], "7.7000", rows[1][4]]
    upload = await mall.owner.patch(f"/uploads/{upload['id']}/rows", {"rows": [{"line": 2, "cells": cells}]})
    assert upload["checked"] is False
    assert await mall.owner.refused("POST", f"/uploads/{upload['id']}/commit", asked) == (409, "not_checked")
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    assert upload["report"]["rejected"] == 0
    upload = await commit(mall, upload)
    assert (upload["status"], upload["result"]["updated"]) == ("done", 1)
    listed = {p["sku_id"]: p["rungs"] for p in await mall.owner.every(f"/books/{book}/prices")}
    assert listed[skus[0]] == rungs({1: "7.7000"})
    assert listed[skus[1]] == rungs({1: "8.1000"})
    assert listed[skus[4]] == rungs({1: "7.7000"}), "what this sheet did not touch stays as somebody made it"


async def test_a_price_under_its_floor_and_other_faults_are_told_by_their_repair(mall: Mall) -> None:
    sku = await mall.sku()
    other = await mall.sku()
    await mall.upload(sku, ["AAAA-BBBB-1"], cost="5")
    await mall.price([sku, other], "9")
    file = f"sku_id,价格\n{sku},4.99\n{other},abc\n12345,8\n{other},7\n".encode("gb18030")
    upload = await mall.owner.post(f"/uploads/{(await take(mall, 'prices', file))['id']}/check")
    groups = {g["reason"]: g for g in upload["report"]["errors"]}
    assert {r: [p["line"] for p in g["problems"]] for r, g in groups.items()} == {
        "below_floor": [2], "price_unreadable": [3], "sku_unknown": [4], "repeated_row": [5],
    }  # fmt: skip
    assert groups["below_floor"]["problems"][0]["expected"] == "≥ 5.0000"
    assert upload["encoding"] == "gb18030"


async def test_goods_are_made_changed_and_taken_back(mall: Mall) -> None:
    product = await mall.product()
    skus = [await mall.sku() for _ in range(3)]
    export, before = await exported(mall, "skus", "xlsx")
    assert export["rows"] == 3
    rows = table((await exported(mall, "skus"))[1])
    head = rows[0]
    at = {name: head.index(name) for name in head}
    rows[1][at["max_quantity"]], rows[1][at["name_zh"]] = "77", "新名"
    rows[2][at["face_value"]], rows[2][at["face_currency"]] = "100", "CNY"
    fresh = dict.fromkeys(head, "") | {"code": "NEW-1", "name_zh": "新品", "name_en": "New", "kind": "code"}
    fresh |= {"product_id": product} | {
        k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in CLASSIFIED.items()
    }
    rows.append([fresh[name] for name in head])
    rows.append([("" if name != "code" else "NEW-2") for name in head])  # has no name
    upload = await take(mall, "skus", written(rows))
    upload = await mall.owner.post(f"/uploads/{upload['id']}/check")
    report = upload["report"]
    assert [report[k] for k in ("rows", "create", "update", "same", "rejected")] == [5, 1, 2, 1, 1]
    assert report["changed_cells"] == 5
    assert {g["reason"] for g in report["errors"]} == {"value_missing"}
    upload = await commit(mall, upload, "valid")
    assert upload["status"] == "done"
    assert [upload["result"][k] for k in ("created", "updated", "same", "rejected")] == [1, 2, 1, 1]
    assert (await mall.owner.get(f"/skus/{skus[0]}"))["max_quantity"] == 77
    made = (await mall.owner.get("/skus", q="NEW-1"))["items"]
    assert [(s["status"], s["tax_category"]) for s in made] == [("draft", "coupon")]
    rejected = table(await mall.owner.get(f"/uploads/{upload['id']}/rejected"))
    assert [r[at["code"]] for r in rejected[1:]] == ["NEW-2"]

    await mall.owner.post(f"/uploads/{upload['id']}/undo")
    assert (await mall.owner.get("/skus", q="NEW-1"))["items"] == []
    again = table((await exported(mall, "skus"))[1])
    version = at["version"]
    assert [r[:version] + r[version + 1 :] for r in again] == [
        r[:version] + r[version + 1 :] for r in table_of(before)
    ]


def table_of(data: bytes) -> list[list[str]]:
    sheet: Any = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


async def test_columns_named_once_are_remembered(mall: Mall) -> None:
    skus, book, _ = await priced(mall, 2)
    file = f"我的货号,我的报价\n{skus[0]},8.8\n".encode()
    upload = await take(mall, "prices", file)
    assert [c["role"] for c in upload["columns"]] == ["-", "-"]
    assert await mall.owner.refused("POST", f"/uploads/{upload['id']}/check") == (422, "columns_incomplete")
    roles = ["sku_id", f"book:{book}"]
    upload = await mall.owner.put(f"/uploads/{upload['id']}/columns", {"roles": roles})
    assert (await mall.owner.post(f"/uploads/{upload['id']}/check"))["report"]["update"] == 1
    again = await take(mall, "prices", file.replace(b"8.8", b"8.6"))
    assert (again["remembered"], [c["role"] for c in again["columns"]]) == (True, roles)
    await mall.owner.delete(f"/uploads/{again['id']}")
    assert (await mall.owner.get(f"/uploads/{again['id']}"))["status"] == "discarded"
