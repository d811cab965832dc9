"""Editing: the server's reason at its field, two editors of one record, and what is mended of a file is here again.

make e2e T=tests/e2e/test_editing.py
"""

import re

from browser import Mall, owner_of, prefer, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect


def test_a_refused_name_is_told_at_its_field_and_what_was_written_stays(
    context: BrowserContext, mall: Mall
) -> None:
    page = sign_in(context, mall, "faraway@example.com")
    show(page, mall, "departments")
    taken = page.locator(".rowlink").first.inner_text()
    page.get_by_test_id("form-department-new").click()
    page.fill("[name=name]", taken)
    page.fill("[name=month_budget]", "a lot")
    page.get_by_test_id("save").click()
    expect(page.locator("[data-field=month_budget] .wrong")).to_be_visible()
    page.fill("[name=month_budget]", "")
    page.get_by_test_id("save").click()
    expect(page.locator("[data-field=name] .wrong")).to_have_text("企业内已有同名部门")
    name = page.locator("[name=name]")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_be_focused()
    page.reload()
    expect(page.get_by_test_id("draft")).to_be_visible()
    expect(name).to_have_value(taken)


def test_two_editors_of_one_department_meet(browser: Browser, context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "faraway@example.com")
    show(page, mall, "departments")
    page.locator(".rowlink").first.click()
    page.locator(".ant-drawer-body [data-testid^=form-department-]:not([data-testid*=key])").click()
    page.fill("[name=cost_centre]", "MINE")
    second = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    prefer(second, "zh-CN", "light")
    other = sign_in(second, mall, "faraway@example.com")
    other.goto(re.sub(r"form=[^&]*&?", "", page.url))
    other.locator(".ant-drawer-body [data-testid^=form-department-]:not([data-testid*=key])").click()
    other.fill("[name=cost_centre]", "THEIRS")
    other.get_by_test_id("save").click()
    expect(other.get_by_test_id("form")).to_have_count(0)

    page.get_by_test_id("save").click()
    conflict = page.get_by_test_id("conflict")
    expect(conflict).to_contain_text("THEIRS")
    expect(conflict).to_contain_text("MINE")
    # Nothing of the late one was written before he chose.
    other.reload()
    expect(other.locator(".ant-drawer-body")).to_contain_text("THEIRS")
    second.close()
    page.get_by_test_id("conflict-go").click()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    expect(page.locator(".ant-drawer-body")).to_contain_text("MINE")


def test_what_is_mended_of_a_price_sheet_is_here_again(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    with owner_of(mall) as api:
        sku = api.get("/console/v1/skus?size=3").json()["items"][0]["id"]
    show(page, mall, "import?kind=prices")
    page.get_by_test_id("import-text").fill(f"sku_id,价格\n{sku},abc\n")
    page.get_by_test_id("import-paste").click()
    page.get_by_test_id("role-0").wait_for()
    page.get_by_test_id("check").click()
    cell = page.get_by_test_id("repair").first.get_by_role("textbox").nth(1)
    cell.fill("99999")
    page.reload()
    expect(cell).to_have_value("99999")
    at = page.url
    show(page, mall, "orders")
    page.goto(at)
    expect(page.get_by_test_id("draft")).to_be_visible()
    expect(cell).to_have_value("99999")
    page.get_by_test_id("draft").get_by_role("button").click()
    expect(cell).to_have_value("abc")


def test_voiding_many_batches_wants_the_count_typed(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "vault")
    page.get_by_role("checkbox", name="选择本页全部").check()
    page.get_by_test_id("bulk-void").click()
    page.get_by_test_id("bulk-arg").fill("到期")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("effects")).to_contain_text("¥")
    go, typed = page.get_by_test_id("confirm"), page.get_by_test_id("type-to-confirm")
    expect(go).to_be_disabled()
    asked = re.search(r"数量 (\d+) ", page.locator(".ant-modal").inner_text())
    assert asked is not None
    typed.fill(f"{asked[1]}0")
    expect(go).to_be_disabled()
    typed.fill(asked[1])
    expect(go).to_be_enabled()
    page.get_by_test_id("bulk-arg").fill("另一原因")  # what was looked at holds no more
    expect(typed).to_have_count(0)
