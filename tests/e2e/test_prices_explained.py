"""Prices in the browser, from why one pays what to a sheet that goes out and comes back: the answer to "why" is counted after, the
history goes back to its first change; a template leaves out what it is told to; three cells of an exported sheet switch at their
instant with a second person's word, and go back with another; the badge of genuine goods goes when the grade falls.

make e2e T=tests/e2e/test_prices_explained.py
"""

import csv
import hashlib
import io
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from axe import violations
from browser import Mall, owner_of, pick, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

OLDER = 55  # more than a page of the history


def money(amount: str) -> Any:
    return {"amount": amount, "currency": "CNY"}


def good(api: httpx.Client, path: str, told: Any = None, method: str = "POST", **more: Any) -> Any:
    answer = api.request(method, f"/console/v1{path}", json=told, **more)
    assert answer.status_code < 300, answer.text
    return answer.json()


def listed(api: httpx.Client, count: int) -> tuple[str, list[str]]:
    """The list's book, and goods that stand in it."""
    [book] = [b["id"] for b in good(api, "/books?size=100", method="GET")["items"] if b["kind"] == "list"]
    priced = [p["sku_id"] for p in good(api, f"/books/{book}/prices?size=50", method="GET")["items"]]
    assert len(priced) >= count
    return book, priced[:count]


def put(api: httpx.Client, book: str, sku: str, ladder: dict[int, str], **more: Any) -> Any:
    rungs = [{"minimum": n, "unit_price": money(amount)} for n, amount in ladder.items()]
    return good(api, "/prices", {"book_id": book, "prices": [{"sku_id": sku, "rungs": rungs}]} | more)


def narrow(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_why_a_price_and_every_change_of_it(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        book, [sku] = listed(api, 1)
        [entry, *_] = good(api, f"/skus/{sku}/prices?book_id={book}", method="GET")["items"]
        first = float(entry["rungs"][0]["unit_price"]["amount"])
        before = datetime.now(UTC)
        for n in range(OLDER):
            price = f"{first * (1.1 if n % 2 else 1.2):.4f}"
            put(api, book, sku, {1: price, 10: f"{first * 1.05:.4f}"}, reason=f"调整 {n}")
        count = len(good(api, f"/skus/{sku}/prices?size=200", method="GET")["items"])
    page = sign_in(context, mall)
    show(page, mall, f"goods?open={sku}&why_n=12")
    steps = page.get_by_test_id("why-steps")
    asked = f"{first * 1.05:,.4f}"
    expect(page.get_by_test_id("why-price")).to_contain_text(asked)
    expect(page.get_by_test_id("why-total")).to_contain_text(f"{round(first * 1.05, 4) * 12:,.2f}")
    expect(steps).to_contain_text("采用此价")
    expect(steps).to_contain_text(f"调整 {OLDER - 1}")
    page.locator("[name=why_n]").fill("1")
    expect(page.get_by_test_id("why-price")).to_contain_text(f"{first * 1.2:,.4f}")
    # As it was before all that; the address says so, and a colleague who opens it sees the same.
    page.goto(page.url + f"&why_at={before.isoformat().replace('+00:00', 'Z')}")
    expect(page.get_by_test_id("why-price")).to_contain_text(f"{first:,.4f}")

    chart = page.locator(".course svg")
    expect(chart).to_have_attribute(
        "aria-label", f"“{entry['book_name']}”单件价格走势，共 50 次变更，逐条见下表"
    )
    rows = page.get_by_test_id("price-history").locator("tbody tr")
    expect(rows).to_have_count(50)
    page.get_by_test_id("older").click()
    expect(rows).to_have_count(count)
    expect(page.get_by_test_id("older")).to_have_count(0)
    expect(page.get_by_test_id("volatility")).to_contain_text("标准差")
    quiet(page)
    assert violations(page) == []
    narrow(page)


def test_a_template_leaves_out_what_it_is_told_to(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        book, [out, *_] = listed(api, 2)
        name = good(api, f"/skus/{out}", method="GET")["name_zh"]

        def held() -> dict[str, Any]:
            return {
                p["sku_id"]: p["rungs"]
                for p in good(api, f"/books/{book}/prices?size=200", method="GET")["items"]
            }

        before = held()
        page = sign_in(context, mall)
        show(page, mall, "prices?tab=templates&form=template-")
        page.locator("[name=name]").fill("涨一成")
        page.locator("[name=base]").select_option("list")
        page.locator("[name=percent_bp]").fill("10")
        page.get_by_test_id("add-exclude_sku_ids").click()
        pick(page.locator("[name='exclude_sku_ids[0].id']"), name, out)
        quiet(page)
        assert violations(page) == []
        page.get_by_test_id("save").click()
        row = page.locator("tr", has_text="涨一成")
        expect(row).to_contain_text(name)
        row.locator("[data-testid^=form-apply]").click()
        page.locator("[name=book_id]").select_option(book)
        expect(page.locator('[data-outcome="excluded"]')).to_have_count(1)
        page.get_by_test_id("save").click()
        expect(page.get_by_test_id("form")).to_have_count(0)
        after = held()
        assert after[out] == before[out]
        changed = {sku for sku in before if after[sku] != before[sku]}
        assert changed
        show(page, mall, "prices?tab=changes")
        page.get_by_test_id("row").first.locator(".rowlink").click()
        page.get_by_test_id("undo").click()
        page.get_by_role("dialog").last.get_by_role("textbox").fill(str(len(changed)))
        page.get_by_test_id("confirm").click()
        expect(page.get_by_test_id("row").first).to_contain_text("撤销")
        assert held() == before


def exported(api: httpx.Client, book: str) -> bytes:
    made = good(api, "/exports", {"list": "prices", "format": "csv", "filter": {"book_id": [book]}})
    for _ in range(150):
        job = good(api, f"/jobs/{made['job_id']}", method="GET")
        if job["state"] == "done":
            break
        time.sleep(0.2)
    answer = api.post(f"/console/v1/exports/{made['id']}/fetch")
    assert answer.status_code == 200, answer.text
    return answer.content


def approve(browser: Browser, mall: Mall, told: str) -> None:
    other = browser.new_context(viewport={"width": 1440, "height": 900})
    prefer(other, "zh-CN", "light")
    finance = sign_in(other, mall, "finance@example.com")
    show(finance, mall, "inbox")
    finance.locator(".rowlink", has_text="改价").first.click()
    drawer = finance.locator(".ant-drawer-body")
    expect(drawer).to_contain_text(told)
    expect(finance.get_by_test_id("approval-lines").locator("tbody tr")).to_have_count(3)
    finance.get_by_test_id("approve").click()
    finance.get_by_test_id("confirm").click()
    expect(drawer.locator('[data-status="approved"]')).to_be_visible()
    other.close()


def test_three_cells_of_an_exported_sheet_switch_at_their_instant_and_go_back(
    browser: Browser, context: BrowserContext, mall: Mall, tmp_path: Path
) -> None:
    with owner_of(mall) as api:
        book, _ = listed(api, 3)
        rule = {"mode": "always", "role": "", "due_minutes": 60}
        before = exported(api, book)
        good(api, "/approval-rules/pricing.change", rule, "PUT")
        rows = list(csv.reader(io.StringIO(before.decode("utf-8-sig"), newline="")))
        edited = [row for row in rows[1:] if row[3]][:3]
        assert len(edited) == 3
        for row in edited:
            first = row[3].split(";")[0].removeprefix("1:")  # of a ladder, or the only price
            row[3] = f"{float(first) * 1.1:.4f}"
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        file = tmp_path / "标价.csv"
        file.write_text(out.getvalue(), "utf-8")

        def now() -> list[str]:
            held = {
                p["sku_id"]: p["rungs"]
                for p in good(api, f"/books/{book}/prices?size=200", method="GET")["items"]
            }
            return [held[row[0]][0]["unit_price"]["amount"] for row in edited]

        old = now()
        page = sign_in(context, mall)
        show(page, mall, "import?kind=prices")
        page.get_by_test_id("import-file").set_input_files(file)
        page.get_by_test_id("check").click()
        expect(page.get_by_test_id("count-update")).to_contain_text("3")
        expect(page.get_by_text("将变更 3 处")).to_be_visible()
        instant = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(seconds=100)).replace(
            second=0, microsecond=0
        )
        page.locator("input[type=datetime-local]").fill(instant.strftime("%Y-%m-%dT%H:%M"))
        page.get_by_test_id("commit").click()
        page.get_by_role("dialog").get_by_role("textbox").fill("换季调价")
        page.get_by_test_id("confirm").click()
        expect(page.get_by_test_id("waits-for")).to_contain_text("按时切换")
        approve(browser, mall, "标价.csv")
        assert datetime.now().astimezone() < instant
        assert now() == old
        time.sleep(max(0, (instant - datetime.now().astimezone()).total_seconds()) + 1)
        assert now() == [row[3] for row in edited]

        page.reload()
        page.get_by_test_id("undo-upload").click()
        page.get_by_test_id("confirm").click()
        expect(page.get_by_test_id("undo-waits")).to_be_visible()
        expect(page.get_by_test_id("undo-upload")).to_have_count(0)
        quiet(page)
        assert violations(page) == []
        narrow(page)
        assert now() == [row[3] for row in edited]
        approve(browser, mall, "撤销导入")
        assert now() == old
        assert exported(api, book) == before, "byte for byte"
        page.reload()
        expect(page.get_by_test_id("upload-status")).to_contain_text("已撤销")
    mall.sql("delete from approvals.rule where act = 'pricing.change'")  # the other journeys set prices alone


def accept(api: httpx.Client, supplier: str, kind: str, **more: Any) -> Any:
    document = f"{kind} {supplier} {sorted(more.items())}".encode()
    told = {"kind": kind, "valid_from": "2026-01-01", "sha256": hashlib.sha256(document).hexdigest()}
    paper = good(api, f"/suppliers/{supplier}/papers", told | {"size_bytes": len(document)} | more)
    octets = {"Content-Type": "application/octet-stream"}
    at = f"/console/v1/papers/{paper['id']}"
    assert api.put(f"{at}/file", content=document, headers=octets).status_code < 300
    return good(api, f"/papers/{paper['id']}/accept", {"sha256": paper["sha256"]})


def test_the_badge_goes_when_the_grade_falls(browser: Browser, context: BrowserContext, mall: Mall) -> None:
    name = "东岸卡券有限公司"
    with owner_of(mall) as api:
        book, _ = listed(api, 1)
        supplier = good(api, "/suppliers", {"name": name})["id"]
        accept(api, supplier, "business_licence", holder=name, number="91310000")
        accept(api, supplier, "bank_account", holder=name)
        accept(api, supplier, "legal_person_id")
        accept(api, supplier, "beneficial_owner")
        brand = good(api, "/brands", {"name_zh": "东岸咖啡", "name_en": "East Coffee"})["id"]
        of = {"brand_ids": [brand]}
        accept(api, supplier, "brand_ownership", holder="East Co", **of)
        accept(api, supplier, "brand_authorisation", issuer="East Co", holder="Far", **of)
        accept(api, supplier, "brand_authorisation", issuer="Far", holder=name, **of)
        direct = accept(api, supplier, "brand_authorisation", issuer="East Co", holder=name, **of)
        product = good(
            api, "/products", {"brand_id": brand, "name_zh": "东岸咖啡卡", "name_en": "East Coffee card"}
        )["id"]
        facts = {"instrument_class": "coupon_promo", "issuer": "East Co", "redeem_scope": "issuer"}
        facts |= {"registered": False, "tax_category": "coupon", "kind": "code", "code": "EAST-1"}
        facts |= {"product_id": product, "name_zh": "东岸咖啡卡", "name_en": "East Coffee card"}
        sku = good(api, "/skus", facts)
        put(api, book, sku["id"], {1: "20"})
        told = {"sku_id": sku["id"], "unit_cost": "10", "supplier_id": supplier}
        codes = ("codes.txt", b"EASTCOFFEE-0001\nEASTCOFFEE-0002")
        parts = {"options": (None, json.dumps(told), "application/json"), "file": codes}
        answer = api.post("/console/v1/imports", files=parts)
        assert answer.status_code < 300, answer.text
        good(api, f"/skus/{sku['id']}/list", {"version": sku["version"]})

        staff = sign_in(context, mall)
        show(staff, mall, f"goods?open={sku['id']}")
        badge = staff.get_by_test_id("sources").get_by_test_id("genuine")
        expect(badge).to_have_attribute("title", "全部货源为发行方本身或其直接授权方，授权材料已核验。")
        other = browser.new_context(viewport={"width": 1440, "height": 900})
        prefer(other, "zh-CN", "light")
        buyer = sign_in(other, mall, "bluewhale@example.com")
        show(buyer, mall, "market?q=EAST-1")
        row = buyer.get_by_test_id("row")
        expect(row).to_have_count(1)
        expect(row.get_by_test_id("genuine")).to_be_visible()
        quiet(buyer)
        assert violations(buyer) == []
        narrow(buyer)

        good(api, f"/papers/{direct['id']}/withdraw", {"reason": "授权终止"})
        staff.reload()
        expect(staff.get_by_test_id("sources")).to_contain_text("C 级")
        expect(badge).to_have_count(0)
        buyer.reload()
        expect(row).to_have_count(1)
        expect(row.get_by_test_id("genuine")).to_have_count(0)
        other.close()
