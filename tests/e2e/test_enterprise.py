"""A company's own people in a browser: a member asks to buy, the head of his department approves, and both see what became of it.

make e2e
"""

import re

import pytest
from axe import violations
from browser import Mall, prefer, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect

PAGES = ("company", "requests?tab=all", "departments", "statements")


def test_a_member_asks_and_the_head_approves(browser: Browser, context: BrowserContext, mall: Mall) -> None:
    member = sign_in(context, mall, "member@example.com")
    show(member, mall, "requests?tab=mine")
    member.get_by_test_id("ask").first.click()
    form = member.get_by_role("dialog")
    expect(form.get_by_test_id("sku-0").locator("option")).not_to_have_count(1)
    chosen = form.get_by_test_id("sku-0").locator("option", has_text="小满").first.get_attribute("value")
    form.get_by_test_id("sku-0").select_option(value=chosen)
    form.get_by_test_id("quantity-0").fill("100")
    form.locator("[name=reason]").fill("渠道伙伴拜访")
    # A reload takes nothing away.
    member.reload()
    form = member.get_by_role("dialog")
    expect(form.locator("[name=reason]")).to_have_value("渠道伙伴拜访")
    form.locator("[name=recipients]").fill("渠道部，13500135000")
    form.get_by_test_id("send").click()
    detail = member.locator(".ant-drawer-body")
    expect(detail.locator("[data-status=asked]")).to_be_visible()
    expect(detail.get_by_test_id("approve")).to_have_count(0)
    asked = re.search(r"open=(\d+)", member.url)
    assert asked is not None

    second = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    prefer(second, "zh-CN", "light")
    head = sign_in(second, mall, "head@example.com")
    show(head, mall, "company")
    expect(head.get_by_text("苏白").first).to_be_visible()
    # He reads his department, and is offered nothing that would be refused.
    show(head, mall, "departments")
    head.locator(".rowlink").first.click()
    expect(head.locator(".ant-drawer-body")).to_contain_text("苏白")
    expect(head.get_by_test_id("close-department")).to_have_count(0)
    for form in ("department-", "budget-"):
        expect(head.locator(f"[data-testid^=form-{form}]")).to_have_count(0)
    show(head, mall, f"requests?open={asked[1]}")
    theirs = head.locator(".ant-drawer-body")
    expect(theirs).to_contain_text("13500135000")
    theirs.get_by_test_id("approve").click()
    head.get_by_test_id("confirm").click()
    expect(head.locator(".ant-message")).to_contain_text("已完成")
    expect(theirs.locator("[data-status=placed]")).to_be_visible()
    second.close()

    member.reload()
    expect(member.locator(".ant-drawer-body [data-status=placed]")).to_be_visible()


def test_a_department_with_nothing_left_buys_nothing_though_its_company_could(
    browser: Browser, context: BrowserContext, mall: Mall
) -> None:
    """What is moved stands in both histories."""
    page = sign_in(context, mall, "faraway@example.com")
    detail = page.locator(".ant-drawer-body")

    def available() -> str:
        return detail.locator("dd").nth(2).inner_text()

    def open_office() -> None:
        show(page, mall, "departments")
        page.locator(".rowlink", has_text="行政部").click()
        expect(detail.locator("[data-testid^=form-budget-]")).to_be_visible()

    def move(way: str, amount: str) -> None:
        open_office()
        detail.locator("[data-testid^=form-budget-]").click()
        form = page.get_by_test_id("form")
        form.locator("[name=direction]").select_option(label=way)
        form.locator("[name=amount]").fill(amount)
        page.get_by_test_id("save").click()
        expect(page.locator(".ant-message")).to_contain_text("已完成")

    open_office()
    before = available()
    everything = re.sub(r"[^0-9.]", "", before)
    move("收回至企业", everything)
    expect(detail.locator("dd").nth(2)).to_have_text("¥0.00")
    expect(detail).to_contain_text(f"−{before}")
    show(page, mall, "funds")
    expect(page.get_by_test_id("row").first).to_contain_text(before)
    show(page, mall, "company")
    expect(page.get_by_test_id("company-wallet")).not_to_contain_text("¥0.00")
    expect(page.locator(".todo", has_text="行政部")).to_contain_text("已用完")

    second = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    prefer(second, "zh-CN", "light")
    member = sign_in(second, mall, "member@example.com")
    show(member, mall, "requests?tab=mine&new=1")
    form = member.get_by_role("dialog")
    form.locator("select").first.select_option(label="行政部 ¥0.00")
    goods = form.get_by_test_id("sku-0").locator("option", has_text="小满").first
    form.get_by_test_id("sku-0").select_option(value=goods.get_attribute("value"))
    form.get_by_test_id("send").click()
    theirs = member.locator(".ant-drawer-body")
    expect(theirs.locator("[data-status=asked]")).to_be_visible()
    asked = re.search(r"open=(\d+)", member.url)
    assert asked is not None

    show(page, mall, f"requests?open={asked[1]}")
    detail.get_by_test_id("approve").click()
    page.get_by_test_id("confirm").click()
    expect(detail.locator("[data-status=failed]")).to_be_visible()
    expect(detail).to_contain_text("余额与授信额度不足")
    second.close()


@pytest.mark.axe
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_for_everybody(browser: Browser, mall: Mall, lang: str, theme: str) -> None:
    made = browser.new_context(viewport={"width": 390, "height": 844})
    prefer(made, lang, theme)
    page = sign_in(made, mall, "faraway@example.com")
    for path in PAGES:
        show(page, mall, path)
        if path == "departments":
            expect(page.get_by_test_id("form-department-new")).to_be_visible()
        assert violations(page) == [], path
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, (path, width)
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body dl")
            assert violations(page) == [], f"{path} detail"
    made.close()
