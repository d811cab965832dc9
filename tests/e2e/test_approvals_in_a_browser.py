"""A second person in the console: asked by one, decided by another, in two browsers. And joining by a link."""

import pytest
from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect
from words import LANGS, Words


def confirmed(page: Page) -> None:
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("confirm")).to_have_count(0)


def saved(page: Page) -> None:
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)


@pytest.mark.parametrize("lang", LANGS)
def test_one_asks_and_another_decides(
    browser: Browser, context: BrowserContext, mall: Mall, say: Words
) -> None:
    # A role that is new in each language.
    zh, en, reason = f"夜班 {say.lang}", f"Night shift {say.lang}", f"夜间补发 {say.lang}"
    act, seen = say.of("approval_act", "tenancy.widen_role"), say.of("permission", "stock.reveal")
    owner = sign_in(context, mall)
    show(owner, mall, "approval-rules")
    owner.get_by_test_id("form-rule-tenancy.widen_role").click()
    owner.locator("[name=mode]").select_option("always")
    saved(owner)
    expect(owner.locator("tr", has_text=act)).to_contain_text(say.of("rule_force", "in_force"))

    other = browser.new_context()
    prefer(other, say.lang, "light")
    finance = sign_in(other, mall, "finance@example.com")
    show(finance, mall, "inbox")
    expect(finance.get_by_test_id("empty")).to_contain_text(say("approvals.empty"))

    show(owner, mall, "roles")
    owner.get_by_test_id("form-role-mall").click()
    owner.locator("[name=zh]").fill(zh)
    owner.locator("[name=en]").fill(en)
    owner.get_by_role("dialog").get_by_label(say.of("permission", "orders.read"), exact=True).check()
    owner.get_by_role("dialog").get_by_label(seen, exact=True).check()
    owner.get_by_role("dialog").get_by_role("textbox").last.fill(reason)
    saved(owner)
    expect(owner.get_by_text(say("approvals.waits"))).to_be_visible()
    own = owner.get_by_test_id("own-role").filter(has_text=say.lang)
    expect(own).to_have_count(0)

    # It comes by itself: the list, and the number beside the menu.
    expect(finance.get_by_test_id("waiting")).to_contain_text("1", timeout=15_000)
    finance.locator(".rowlink").first.click()
    expect(finance.get_by_test_id("diff")).to_contain_text(seen)
    expect(finance.locator(".ant-drawer-body")).to_contain_text(reason)
    quiet(finance)
    assert violations(finance) == []
    with owner_of(mall) as api:
        name = api.get("/console/v1/me").json()["person"]["name"]
    comment = finance.get_by_label(say("approvals.say"))
    comment.press_sequentially(f"@{name[:2]}")  # the list of colleagues is gone through by keys
    expect(finance.locator(".ant-mentions-dropdown")).to_contain_text(name)
    quiet(finance)
    assert violations(finance) == []
    comment.press("Enter")
    comment.press_sequentially("同意，仅限本月")
    finance.get_by_test_id("comment").click()
    expect(finance.locator(".ant-drawer-body")).to_contain_text("同意，仅限本月")

    # Whoever is named hears of it at once, and finds it again.
    expect(owner.get_by_text(say("bell.mentioned", what=act)).first).to_be_visible(timeout=15_000)
    show(owner, mall, "inbox?tab=mentioned")
    expect(owner.get_by_test_id("row").first).to_contain_text(reason)
    quiet(owner)
    assert violations(owner) == []
    owner.get_by_test_id("bell").click()
    expect(owner.get_by_test_id("bell-mentioned").first).to_contain_text(act)
    owner.keyboard.press("Escape")

    finance.get_by_test_id("approve").click()
    confirmed(finance)
    expect(finance.locator('.ant-drawer-body [data-status="approved"]')).to_be_visible()
    finance.keyboard.press("Escape")
    expect(finance.get_by_test_id("waiting")).to_have_count(0)

    show(owner, mall, "roles")
    expect(own).to_contain_text(zh if say.lang == "zh-CN" else en)
    show(owner, mall, "inbox?tab=mine")
    expect(owner.get_by_test_id("row").first).to_contain_text(say.of("approval_status", "approved"))
    other.close()


def test_ones_own_is_not_ones_own_to_decide(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        [wallet] = api.get("/console/v1/accounts", params={"kind": "wallet", "size": 1}).json()["items"]
        fix = {"amount": {"amount": "20000", "currency": "CNY"}, "reason": "对账差额", "reference": "e2e-1"}
        asked = api.post(f"/console/v1/accounts/{wallet['id']}/adjustments", json=fix)
        assert asked.status_code == 202, asked.text
    owner = sign_in(context, mall)
    show(owner, mall, f"inbox?tab=mine&open={asked.json()['approval_id']}")
    drawer = owner.locator(".ant-drawer-body")
    expect(drawer).to_contain_text("20,000.00")
    expect(owner.get_by_test_id("approve")).to_have_count(0)
    owner.get_by_test_id("withdraw").click()
    confirmed(owner)
    expect(drawer.locator('[data-status="withdrawn"]')).to_be_visible()


def test_joining_by_a_link(browser: Browser, context: BrowserContext, mall: Mall) -> None:
    owner = sign_in(context, mall)
    show(owner, mall, "people")
    owner.get_by_test_id("form-invite").click()
    owner.locator("[name=email]").fill("heqing@example.com")
    owner.locator("[name=role]").select_option("support")
    saved(owner)
    link = owner.get_by_test_id("invite-link").inner_text().strip()
    assert "/console/join#ci_" in link

    theirs = browser.new_context()
    prefer(theirs, "zh-CN", "light")
    page = theirs.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", name="加入")).to_be_visible()
    expect(page.locator("form")).to_contain_text("客服")
    assert "#" not in page.url  # nobody who looks at the address has it
    assert violations(page) == []
    page.fill("[name=name]", "何青")
    page.fill("[name=password]", "short-pass")
    page.get_by_test_id("join").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    page.fill("[name=password]", "short-pass")
    page.get_by_test_id("sign-in").click()
    page.wait_for_selector(".shell h1")
    expect(page.locator(".who")).to_contain_text("客服")
    page.goto("about:blank")
    page.goto(link)
    expect(page.get_by_role("alert")).to_contain_text("invitation_void")
    theirs.close()
