"""What is bought for the shelf by itself, in a browser: a budget, a policy, a plan that waits, and the word of a second person.

make e2e T=tests/e2e/test_restock.py
"""

import time

from axe import violations
from browser import Mall, owner_of, pick, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect


def test_a_plan_is_made_and_let_happen_by_another(
    browser: Browser, context: BrowserContext, mall: Mall
) -> None:
    owner = sign_in(context, mall)
    show(owner, mall, "restock")
    expect(owner.get_by_test_id("empty")).to_contain_text("还没有补货计划")
    show(owner, mall, "restock?tab=budget")
    expect(owner.get_by_text("尚未设置全店预算")).to_be_visible()
    owner.get_by_test_id("form-restock-limits").click()
    owner.fill("[name=monthly_budget]", "5000")
    owner.fill("[name=approval_above]", "0")
    owner.get_by_test_id("save").click()
    expect(owner.locator(".content")).to_contain_text("¥5,000.00")

    show(owner, mall, "restock?tab=policies")
    owner.get_by_test_id("form-restock-new").click()
    with owner_of(mall) as api:
        skus = {s["code"]: s["id"] for s in api.get("/console/v1/skus?size=200").json()["items"]}
    pick(owner.locator("[name=sku_id]"), "YQM-Y", skus["YQM-Y"])
    owner.fill("[name=reorder_at]", "100000")
    owner.fill("[name=cover_days]", "365")
    owner.fill("[name=most_pieces]", "5")
    owner.fill("[name=most_unit_cost]", "1000")
    owner.fill("[name=monthly_budget]", "4000")
    owner.fill("[name=approval_above]", "0")
    owner.get_by_test_id("save").click()
    expect(owner.get_by_test_id("row").first).to_be_visible()

    show(owner, mall, "restock")
    until = time.monotonic() + 120
    while not owner.get_by_test_id("row").count() and time.monotonic() < until:
        owner.wait_for_timeout(2000)
        show(owner, mall, "restock")
    owner.locator(".rowlink").first.click()
    detail = owner.locator(".ant-drawer-body")
    expect(detail).to_contain_text("须由他人审批")
    expect(detail.get_by_test_id("approve-restock")).to_have_count(0)
    quiet(owner)
    assert violations(owner) == []

    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    prefer(made, "zh-CN", "dark")
    finance = sign_in(made, mall, "finance@example.com")
    show(finance, mall, "inbox")
    finance.get_by_test_id("row").filter(has_text="云雀音乐 年卡").locator(".rowlink").click()
    finance.get_by_role("link", name="前往处理").click()
    theirs = finance.locator(".ant-drawer-body")
    expect(theirs.get_by_test_id("approve-restock")).to_be_visible()
    quiet(finance)
    assert violations(finance) == []
    assert finance.evaluate("document.documentElement.scrollWidth") <= 390
    theirs.get_by_test_id("approve-restock").click()
    finance.get_by_test_id("confirm").click()
    expect(finance.locator(".ant-message")).to_contain_text("已完成")
    expect(theirs.get_by_test_id("approve-restock")).to_have_count(0)
    made.close()
