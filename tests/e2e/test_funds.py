"""The mall's books in a browser: they come to nothing, an order's money leads to its order and back, and money that is credited
is named before it is.

make e2e T=tests/e2e/test_funds.py
"""

import time

import pytest
from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect

TABS = ("money", "money?tab=journal", "money?tab=ageing", "money?tab=trial")


def test_the_trial_balance_reads_zero(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "finance@example.com")
    show(page, mall, "money?tab=trial")
    expect(page.get_by_test_id("balanced").first).to_have_text("借贷平衡")
    expect(page.get_by_test_id("difference-CNY")).to_have_text("贷方减借方：¥0.00")
    page.get_by_test_id("recount").click()
    expect(page.get_by_test_id("recounted")).to_contain_text("均与流水")
    with owner_of(mall) as api:
        [book] = api.get("/console/v1/trial-balance").json()["books"]
    assert book["debit"] == book["credit"]
    assert float(book["debit"]["amount"]) > 0


def test_books_that_do_not_balance_are_an_alarm(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    change = "update ledger.account set balance_e4 = balance_e4 {} 10000 where kind = 'fees' and home_id = (select min(home_id) from ledger.account)"
    mall.sql(change.format("+"))
    try:
        show(page, mall, "money?tab=trial")
        expect(page.get_by_role("alert").first).to_have_text("借贷不平衡")
        expect(page.get_by_test_id("difference-CNY")).to_have_text("贷方减借方：¥1.00")
        page.get_by_test_id("recount").click()
        expect(page.locator(".part").first).to_contain_text("手续费")
        assert violations(page) == []
    finally:
        mall.sql(change.format("-"))


def test_the_journal_leads_to_an_order_and_back(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        # What was bought for the example's first orders is paid when its supplier has answered.
        until = time.monotonic() + 90
        while not api.get("/console/v1/journal", params={"kind": "capture"}).json()["items"]:
            assert time.monotonic() < until, "something was captured"
            time.sleep(0.5)
    page = sign_in(context, mall, "finance@example.com")
    show(page, mall, "money?tab=journal&kind=capture")
    row = page.get_by_test_id("row").first
    moved = row.get_attribute("data-id")
    row.get_by_test_id("to-order").click()
    drawer = page.locator(".ant-drawer-body")
    expect(drawer.get_by_text("订单号").first).to_be_visible()
    drawer.get_by_test_id("tab-funds").click()
    drawer.get_by_test_id("journal").click()
    expect(page.locator(f'[data-id="{moved}"]')).to_be_visible()
    page.locator(f'[data-id="{moved}"] .rowlink').click()
    expect(page.locator(".ant-drawer-body .small tr")).to_have_count(3)
    with owner_of(mall) as api:
        told = api.get(f"/console/v1/journal/{moved}").json()
        ours = api.get("/console/v1/journal", params={"order_id": told["order_id"]}).json()["items"]
    assert sum(float(side["amount"]["amount"]) for side in told["entries"]) == 0
    expect(page.get_by_test_id("row")).to_have_count(len(ours))


def test_a_recharge_names_its_amount_before_it_is_done(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "finance@example.com")
    show(page, mall, "money?q=蓝鲸")
    page.locator(".rowlink").first.click()
    page.locator("[data-testid^=form-recharge]").click()
    form = page.get_by_test_id("form")
    form.locator("[name=amount]").fill("88.5")
    form.locator("[name=reference]").fill("BANK-E2E")
    page.get_by_test_id("save").click()
    asked = page.get_by_role("dialog").last
    expect(asked).to_contain_text("蓝鲸礼品（示例分销商） 入账 ¥88.50")
    asked.get_by_role("button", name="取消").click()
    with owner_of(mall) as api:
        assert api.get("/console/v1/journal", params={"q": "BANK-E2E"}).json()["items"] == []
    page.get_by_test_id("save").click()
    page.get_by_test_id("confirm").click()
    expect(form).to_have_count(0)
    with owner_of(mall) as api:
        [one] = api.get("/console/v1/journal", params={"q": "BANK-E2E"}).json()["items"]
    assert (one["kind"], one["amount"]["amount"]) == ("recharge", "88.5000")


@pytest.mark.axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_part_is_clean(browser: Browser, mall: Mall, theme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    prefer(context, "en", theme)
    page = sign_in(context, mall)
    found = []
    for path in TABS:
        show(page, mall, path)
        found += [f"{path}: {v}" for v in violations(page)]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body dl")
            quiet(page)
            if (link := page.locator(".ant-drawer-body a")).count():
                link.first.hover()
                page.wait_for_timeout(400)
            found += [f"{path} detail: {v}" for v in violations(page)]
    context.close()
    assert not found, "\n".join(found)
