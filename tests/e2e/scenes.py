"""What no example has by itself, brought about as its people would: for the journeys, and to be looked at in pictures."""

import csv
import io
from pathlib import Path
from typing import Any

import httpx
from browser import Mall, show
from playwright.sync_api import Page, expect


def sheet(api: httpx.Client, folder: Path) -> tuple[Path, str, list[str]]:
    """A buyer's book with three goods, and its sheet: one dearer by half, one cheaper, one that leaves the book. From a fifth
    on a second person decides."""
    buyer = api.get("/console/v1/buyers?size=1").json()["items"][0]["id"]
    made = {"kind": "contract", "name": "蓝海年度价", "buyer_id": buyer}
    answer = api.post("/console/v1/books", json=made)
    assert answer.status_code < 300, answer.text
    book = answer.json()["id"]
    skus = [s["id"] for s in api.get("/console/v1/skus?status=listed&size=3").json()["items"]]
    rung = {"minimum": 1, "unit_price": {"amount": "1000", "currency": "CNY"}}
    prices = [{"sku_id": sku, "rungs": [rung]} for sku in skus]
    assert api.post("/console/v1/prices", json={"book_id": book, "prices": prices}).status_code < 300
    out = io.StringIO()
    rows = [["sku_id", f"蓝海年度价 #{book}", f"version #{book}"]]
    listed: Any = api.get(f"/console/v1/books/{book}/prices").json()["items"]
    assert len(listed) == 3
    # The version is what stands there now: of a price that nobody changed meanwhile.
    rows += [[skus[0], "1500", ""], [skus[1], "990.5", ""], [skus[2], "1010", ""]]
    csv.writer(out).writerows(rows)
    file = folder / "蓝海.csv"
    file.write_text(out.getvalue(), "utf-8")
    rule = {"mode": "above", "above_bp": 2_000, "role": "", "due_minutes": 60}
    assert api.put("/console/v1/approval-rules/pricing.change", json=rule).status_code < 300
    return file, book, skus


def bring_sheet(page: Page, mall: Mall, file: Path) -> None:
    """Through the wizard, until it waits for a second person."""
    show(page, mall, "import?kind=prices")
    page.get_by_test_id("import-file").set_input_files(file)
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("count-update")).to_contain_text("3")
    page.get_by_test_id("commit").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("年度框架价")
    page.get_by_test_id("confirm").click()
    expect(page.locator('[data-status="waiting"]')).to_be_visible()
    expect(page.get_by_test_id("waits-for")).to_be_visible()


def make_key(page: Page, mall: Mall, name: str, mode: str = "") -> None:
    """A key of one's own; its secret and its sample stand in the page, this once."""
    page.goto(f"{mall.url}/console/c/example/dev?tab=keys")
    page.wait_for_selector(".screen h1")
    page.get_by_test_id("form-key").click()
    page.fill("[name=name]", name)
    if mode:
        page.locator("[name=mode]").select_option(mode)
    page.get_by_test_id("save").click()
    proof = page.locator(".ant-modal [name=password]")
    expect(page.get_by_test_id("secret").or_(proof).first).to_be_visible()
    if proof.count() and proof.first.is_visible():
        proof.first.fill(mall.password)
        proof.first.press("Enter")
    expect(page.get_by_test_id("secret")).to_be_visible()
