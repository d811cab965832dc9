"""Filters of a list: stretches of days by name, all of them put together before they hold, and the file of the list by a key.

make e2e T=tests/e2e/test_filters.py
"""

import re
from urllib.parse import parse_qs, urlsplit

from axe import violations
from browser import Mall, owner_of, quiet, show, sign_in
from playwright.sync_api import BrowserContext, Request, expect


def test_a_stretch_of_days_is_the_malls_and_a_view_of_it_goes_with_the_days(
    context: BrowserContext, mall: Mall
) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders")
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one) if "/console/v1/orders/totals" in one.url else None)
    page.get_by_test_id("period-from").select_option("today")
    expect(page).to_have_url(re.compile("from=today&to=today"))
    expect(page.locator(".filters .chip")).to_have_text(["今天"])
    quiet(page)
    query = parse_qs(urlsplit(asked[-1].url).query)
    # Half-open, from midnight to midnight in Shanghai.
    assert [query[name][0][10:] for name in ("placed_from", "placed_to")] == ["T16:00:00.000Z"] * 2
    assert violations(page) == []
    # One end is changed: the other stays, as a day.
    page.get_by_test_id("period-from").select_option("last_month")
    page.locator("#filter-to").fill("2031/01/02")
    expect(page).to_have_url(re.compile(r"from=\d{4}-\d\d-01&to=2031-01-02"))
    page.get_by_test_id("period-from").select_option("month")
    page.locator(".filters .chip").click()
    expect(page).not_to_have_url(re.compile("from="))


def test_filters_put_together_say_how_many_match_before_they_hold(
    context: BrowserContext, mall: Mall
) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders")
    page.get_by_test_id("all-filters").click()
    panel = page.get_by_role("dialog")
    panel.get_by_test_id("filter-status").select_option("delivered")
    for label, amount in (("金额不低于", "20"), ("金额不高于", "1000")):
        panel.get_by_label(label).fill(amount)
        panel.get_by_label(label).press("Tab")
    would = panel.get_by_test_id("would-match")
    expect(would).to_have_text(re.compile(r"符合 \d+ 条"))
    about = int("".join(re.findall(r"\d", would.inner_text())))
    quiet(page)
    assert violations(page) == []
    expect(page).not_to_have_url(re.compile("amount_min"))
    page.get_by_test_id("apply-filters").click()
    expect(page).to_have_url(re.compile("amount_min=20"))
    expect(page.locator(".filters .chip")).to_have_count(3)
    quiet(page)
    with owner_of(mall) as api:
        told = {"status": "delivered", "amount_min": "20", "amount_max": "1000"}
        total = api.get("/console/v1/orders/totals", params=told).json()["total"]
        every = api.get("/console/v1/orders/totals").json()["total"]
    # The example goes on trading meanwhile.
    assert 0 < about <= total < every
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="筛选", exact=True).click()
    page.get_by_test_id("all-filters").click()
    assert page.evaluate("document.documentElement.scrollWidth <= 390")


def test_a_filter_says_what_it_is_not_in_the_address_a_chip_and_a_view(
    context: BrowserContext, mall: Mall
) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders?status=delivered")
    page.get_by_test_id("all-filters").click()
    panel = page.get_by_role("dialog")
    # What was chosen stays chosen when it is turned round.
    panel.get_by_test_id("way-status").select_option("not")
    expect(panel.get_by_test_id("filter-status")).to_have_value("delivered")
    expect(panel.get_by_test_id("would-match")).to_have_text(re.compile(r"符合 \d+ 条"))
    quiet(page)
    assert violations(page) == []
    page.get_by_test_id("apply-filters").click()
    expect(page).to_have_url(re.compile(r"\?status_not=delivered$"))
    chip = page.locator(".filters .chip")
    expect(chip).to_have_text(["状态 不是 已交付"])
    quiet(page)
    shown = (
        page.get_by_test_id("row")
        .locator("[data-status]")
        .evaluate_all("all => all.map(one => one.dataset.status)")
    )
    assert shown
    assert "delivered" not in shown
    # A view keeps it, the address shows it to a colleague, and what is exported is the same.
    page.get_by_test_id("form-view-orders").click()
    page.locator("[name=name]").fill("未交付")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("view").filter(has_text="未交付")).to_have_count(1)
    page.reload()
    expect(chip).to_have_text(["状态 不是 已交付"])
    page.get_by_test_id("export").click()
    with page.expect_response("**/console/v1/exports") as told:
        page.get_by_test_id("export-csv").click()
    assert told.value.ok, told.value.text()
    page.reload()
    # The bar says what it is: that takes the place of what it is not.
    page.get_by_test_id("filter-status").select_option("failed")
    expect(page).to_have_url(re.compile(r"\?status=failed$"))
    page.go_back()
    chip.click()
    expect(page).not_to_have_url(re.compile("status"))
    # By an id, of which many rows have none; on a phone.
    show(page, mall, "vault?supplier_id_not=7")
    expect(page.get_by_test_id("row").first).to_be_visible()
    expect(chip).to_contain_text("供应商 不是")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="筛选", exact=True).click()
    page.get_by_test_id("all-filters").click()
    expect(panel.get_by_test_id("way-supplier_id")).to_have_value("not")
    assert page.evaluate("document.documentElement.scrollWidth <= 390")


def test_a_key_exports_the_list_as_it_is_filtered(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders?status=delivered")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("导出此列表")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("e")
    with page.expect_response("**/console/v1/exports") as answer:
        page.get_by_test_id("export-csv").click()
    assert answer.value.json()["list"] == "orders"


def test_columns_stay_and_are_drawn_and_this_is_remembered(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    page.set_viewport_size({"width": 900, "height": 800})
    show(page, mall, "orders")
    page.get_by_test_id("columns").click()
    page.get_by_test_id("pinned").select_option("2")
    # By the keys, in the menu of columns.
    wide = page.get_by_test_id("width-order_no")
    wide.focus()
    before = page.locator("thead th").nth(1).bounding_box()
    wide.fill("300")
    wide.press("ArrowRight")
    quiet(page)
    assert violations(page) == []
    page.reload()
    page.wait_for_selector('[data-testid="row"]')
    head = page.locator("thead th")
    box = head.nth(1).bounding_box()
    assert box is not None
    assert before is not None
    assert round(box["width"]) == 320
    # By the pointer, at its edge.
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 103, box["y"] + 10, steps=4)
    page.mouse.up()
    drawn = head.nth(1).bounding_box()
    assert drawn is not None
    assert round(drawn["width"]) == 220
    row = page.locator("tbody tr").first.locator("td")
    at = [row.nth(n).bounding_box() for n in range(4)]
    page.locator(".scroll").first.evaluate("e => e.scrollTo(250, 0)")
    moved = [row.nth(n).bounding_box() for n in range(4)]
    stays = [a["x"] == b["x"] for a, b in zip(at, moved, strict=True) if a and b]
    assert stays == [True, True, True, False], "the check, and two columns"
    # A narrow screen has no room for it.
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
