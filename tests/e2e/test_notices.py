"""What calls for people, in a browser: stock that runs low stands at the bell, in the inbox and on the workbench, and leads to where
something is done about it.

make e2e T=tests/e2e/test_notices.py
"""

import re
import time

from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect


def test_low_stock_is_told_and_leads_to_the_goods(
    browser: Browser, context: BrowserContext, mall: Mall
) -> None:
    with owner_of(mall) as api:
        # The example's own goods at their alarm line are told of first; what comes next is this test's.
        until = time.monotonic() + 120
        while not (told := api.get("/console/v1/notices").json()["items"]) and time.monotonic() < until:
            time.sleep(1)
        api.post("/console/v1/notices/seen", json={"up_to": told[0]["id"]}).raise_for_status()
        [sku] = [s for s in api.get("/console/v1/skus?size=200").json()["items"] if s["code"] == "YQM-Y"]
        alarm = {"version": sku["version"], "low_stock": 1_000_000}
        assert api.patch(f"/console/v1/skus/{sku['id']}", json=alarm).status_code == 200
    owner = sign_in(context, mall)
    expect(owner.get_by_test_id("todo-low")).to_contain_text("低库存")
    expect(owner.get_by_test_id("todo-low").locator("strong")).to_have_text(
        re.compile("[1-9]"), timeout=40_000
    )
    # Told once by the job, then heard by the page that stands open.
    bell = owner.get_by_test_id("bell")
    expect(bell.locator(".count")).to_be_visible(timeout=90_000)
    bell.click()
    notice = owner.get_by_test_id("bell-notice").filter(has_text="云雀音乐 年卡")
    # The bell may have had others to tell of before.
    expect(notice).to_contain_text("低于预警线", timeout=90_000)
    expect(notice).to_contain_text("预警线 1000000")
    expect(bell.locator(".count")).to_have_count(0)
    quiet(owner)
    assert violations(owner) == []
    notice.get_by_role("link").click()
    row = owner.get_by_test_id("row").filter(has_text="云雀音乐 年卡")
    expect(row).to_contain_text("YQM-Y")
    quiet(owner)
    assert violations(owner) == []

    english = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
    prefer(english, "en", "dark")
    his = sign_in(english, mall, "purchasing@example.com")
    expect(his.get_by_test_id("bell").locator(".count")).to_be_visible()  # his own eyes, not the owner's
    show(his, mall, "inbox?tab=notices&kind=stock.low")
    expect(his.get_by_test_id("row").filter(has_text="1000000").first).to_contain_text("alarm line")
    quiet(his)
    assert violations(his) == []
    assert his.evaluate("document.documentElement.scrollWidth") <= 390
    english.close()

    theirs = browser.new_context(locale="zh-CN")
    buyer = sign_in(theirs, mall, "bluewhale@example.com")
    buyer.get_by_test_id("bell").click()
    expect(buyer.locator(".ant-drawer-body")).to_be_visible()
    expect(buyer.get_by_test_id("bell-notice").filter(has_text="云雀音乐")).to_have_count(0)
    theirs.close()
