"""A price sheet of a buyer under a rule: one imports it, another looks through it line by line, proves that it is he, and it holds.

make e2e T=tests/e2e/test_sheet_approval.py
"""

from pathlib import Path

from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect
from scenes import bring_sheet, sheet


def test_a_sheet_of_a_buyers_prices_is_let_happen_by_a_second_person(
    browser: Browser, context: BrowserContext, mall: Mall, tmp_path: Path
) -> None:
    with owner_of(mall) as api:
        file, book, skus = sheet(api, tmp_path)
    owner = sign_in(context, mall)
    bring_sheet(owner, mall, file)
    quiet(owner)
    assert violations(owner) == []
    owner.get_by_test_id("waits-for").get_by_role("link").click()
    expect(owner.locator(".ant-drawer-body")).to_contain_text("年度框架价")
    expect(owner.get_by_test_id("approve")).to_have_count(0)  # nobody's own

    other = browser.new_context(viewport={"width": 1440, "height": 900})
    prefer(other, "zh-CN", "light")
    finance = sign_in(other, mall, "finance@example.com")
    show(finance, mall, "inbox")
    finance.locator(".rowlink", has_text="改价").first.click()
    drawer = finance.locator(".ant-drawer-body")
    expect(drawer).to_contain_text("蓝海.csv")
    lines = finance.get_by_test_id("approval-lines").locator("tbody tr")
    expect(lines).to_have_count(3)
    expect(lines.first).to_contain_text("+50.00 %")
    expect(lines.first).to_contain_text("1500.0000")
    quiet(finance)
    assert violations(finance) == []
    finance.set_viewport_size({"width": 390, "height": 844})
    assert finance.evaluate("document.documentElement.scrollWidth <= 390")
    finance.set_viewport_size({"width": 1440, "height": 900})

    # A session that was left open lets nothing happen: he is asked who he is, and then it goes on by itself.
    mall.sql("update tenancy.session set proved_at = proved_at - interval '6 minutes'")
    finance.get_by_test_id("approve").click()
    finance.get_by_test_id("confirm").click()
    finance.locator("[name=password]").fill(mall.password)
    finance.get_by_test_id("factor-give").click()
    expect(drawer.locator('[data-status="approved"]')).to_be_visible()
    with owner_of(mall) as api:
        now = {p["sku_id"]: p["rungs"] for p in api.get(f"/console/v1/books/{book}/prices").json()["items"]}
    assert [now[sku][0]["unit_price"]["amount"] for sku in skus] == ["1500.0000", "990.5000", "1010.0000"]
    # Who asked is told at once, and finds it again in the bell until it was looked at.
    expect(owner.locator(".ant-message")).to_contain_text("已通过")
    owner.keyboard.press("Escape")
    expect(owner.get_by_test_id("bell").locator(".count")).to_be_visible()
    owner.get_by_test_id("bell").click()
    expect(owner.get_by_test_id("bell-decided").first).to_contain_text("已通过")
    quiet(owner)
    assert violations(owner) == []
    owner.keyboard.press("Escape")
    expect(owner.get_by_test_id("bell").locator(".count")).to_have_count(0)
    show(owner, mall, "inbox?tab=mine")
    expect(owner.get_by_test_id("row").first).to_contain_text("已通过")
    other.close()
    mall.sql("delete from approvals.rule where act = 'pricing.change'")  # the other journeys set prices alone
