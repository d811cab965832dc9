"""Views as tabs over a list: how many match, the default, and what is not pinned. On a phone the rows come before the filters.

make e2e T=tests/e2e/test_views.py
"""

import re

from axe import violations
from browser import Mall, owner_of, quiet, show, sign_in
from playwright.sync_api import BrowserContext, expect


def test_views_are_tabs_with_counts_and_a_default(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders")
    tabs = page.get_by_test_id("view")
    expect(tabs).to_have_text(["待处理", "异常", "大额"])
    with owner_of(mall) as api:
        big = api.get("/console/v1/orders/totals?amount_min=500").json()["total"]
    counts = page.get_by_test_id("matches")
    expect(counts).to_have_count(3)
    if big <= 50:
        expect(counts.nth(2)).to_have_text(str(big))
    quiet(page)
    assert violations(page) == []

    tabs.nth(2).click()
    expect(page).to_have_url(re.compile("amount_min=500"))
    expect(page.locator('.views [aria-pressed="true"]')).to_contain_text("大额")
    page.get_by_test_id("change-view").click()
    page.get_by_test_id("view-default").click()
    expect(page.locator(".ant-message")).to_be_visible()
    show(page, mall, "goods")
    page.locator(".side").get_by_role("link", name="订单", exact=True).click()
    expect(page).to_have_url(re.compile("amount_min=500"))
    # All of them are a click away, and a link to something else is what it says.
    page.locator(".views button").first.click()
    expect(page).not_to_have_url(re.compile("amount_min"))
    show(page, mall, "orders?status=failed")
    expect(page).to_have_url(re.compile("status=failed"))

    tabs.nth(2).click()
    page.get_by_test_id("change-view").click()
    page.get_by_test_id("view-unpin").click()
    page.locator(".views button").first.click()
    expect(tabs).to_have_text(["待处理", "异常"])
    page.get_by_test_id("more-views").click()
    page.get_by_role("button", name="大额", exact=True).click()
    expect(page).to_have_url(re.compile("amount_min=500"))
    page.get_by_test_id("change-view").click()
    page.get_by_test_id("view-pin").click()
    expect(page.get_by_test_id("matches")).to_have_count(3)
    page.get_by_test_id("change-view").click()
    page.get_by_test_id("view-no_default").click()
    page.set_viewport_size({"width": 390, "height": 844})
    quiet(page)
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    # What a row is about stays where it is while the other columns move.
    number, frame = page.get_by_test_id("row").first.locator(".rowlink"), page.locator(".list .scroll")
    frame.evaluate("it => { it.scrollLeft = 300 }")
    assert frame.evaluate("it => it.scrollLeft") > 100
    held, edge = number.bounding_box(), frame.bounding_box()
    assert held
    assert edge
    assert held["x"] >= edge["x"]
    page.get_by_test_id("lang").click()
    expect(tabs).to_have_text(["In progress", "Failed", "Large"])


def test_on_a_phone_many_filters_wait_until_asked_for(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, mall, "orders")
    state = page.get_by_test_id("filter-status")
    expect(state).to_be_hidden()
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(state).to_be_visible()
    left, right = (page.get_by_test_id(f"filter-{one}").bounding_box() for one in ("status", "buyer_id"))
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    quiet(page)
    assert violations(page) == []
    state.select_option("review")
    expect(page).to_have_url(re.compile("status=review"))
    page.get_by_role("button", name="筛选", exact=True).click()
    expect(state).to_be_hidden()
    expect(page.locator(".filters .chip")).to_be_visible()


def test_on_a_phone_a_key_is_a_line_not_a_page(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("dev?tab=keys", "platform?tab=keys"):
        show(page, mall, path)
        row = page.get_by_test_id("row").first.bounding_box()
        assert row is not None, path
        assert row["height"] < 90, (path, row)
