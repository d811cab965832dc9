"""Signing in with more than a password, and seeing a code, as people do it: in a real browser, before a real mall.

make e2e T=tests/e2e/test_signing_in.py
"""

import re
import time
from urllib.parse import quote

import pyotp
import pytest
from axe import violations
from browser import Mall, owner_of, show
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

CLERK = "fulfilment@example.com"
CODE = re.compile(r"\b(?=\d*[A-Z])[A-Z0-9]{16}\b")  # as the example mall's are


def named(mall: Mall) -> str:
    """Passkeys belong to a host name."""
    return mall.url.replace("127.0.0.1", "localhost")


def by_password(page: Page, url: str, mall: Mall, email: str = CLERK) -> None:
    page.goto(f"{url}/console/login")
    page.fill("[name=mall]", "example")
    page.fill("[name=email]", email)
    page.fill("[name=password]", mall.password)
    page.get_by_test_id("sign-in").click()


def an_order(mall: Mall) -> str:
    """Of codes that are one for each piece, and look as `CODE` says."""
    with owner_of(mall) as api:
        [sku] = [s["id"] for s in api.get("/console/v1/skus?size=50").json()["items"] if s["code"] == "XHV-M"]
        asked = {"status": "delivered", "sku_id": sku}
        found = api.get("/console/v1/orders", params=asked).json()["items"]
    return next(o["id"] for o in found if len(o["lines"]) == 1)


def grow_old(mall: Mall) -> None:
    """Everybody's last proof was six minutes ago."""
    mall.sql("update tenancy.session set proved_at = proved_at - interval '6 minutes'")


def test_what_was_typed_stays_when_the_mall_is_told_late(context: BrowserContext, mall: Mall) -> None:
    page = context.new_page()
    late: list[Route] = []
    page.route("**/console/config.json", lambda asked: late.append(asked))
    page.goto(f"{mall.url}/console/login")
    page.fill("[name=email]", CLERK)
    page.fill("[name=password]", mall.password)
    expect(page.locator(".demo")).to_have_count(0)
    for asked in late:
        asked.continue_()
    expect(page.locator(".demo")).to_be_visible()
    expect(page.locator("[name=mall]")).to_have_value("example")
    expect(page.locator("[name=email]")).to_have_value(CLERK)
    page.get_by_test_id("sign-in").click()
    expect(page.locator(".shell h1")).to_be_visible()


def test_what_was_typed_stays_when_words_come_late(context: BrowserContext, mall: Mall) -> None:
    """The library's own, in Chinese: they are a file of their own, and the page does not wait for it."""
    page = context.new_page()
    late: list[Route] = []
    page.route("**/zh_CN-*.js", lambda asked: late.append(asked))
    page.goto(f"{mall.url}/console/login")
    page.fill("[name=mall]", "example")
    page.fill("[name=email]", CLERK)
    page.fill("[name=password]", mall.password)
    field = page.locator("[name=email]").element_handle()
    with page.expect_response("**/zh_CN-*.js"):
        assert late
        for asked in late:
            asked.continue_()
    page.wait_for_timeout(500)
    assert field is not None
    assert field.evaluate("e => e.isConnected"), "the form is the same, and not made anew"
    expect(page.locator("[name=email]")).to_have_value(CLERK)
    expect(page.locator("[name=password]")).to_have_value(mall.password)
    page.get_by_test_id("sign-in").click()
    expect(page.locator(".shell h1")).to_be_visible()


def test_who_is_in_the_malls_field_when_it_is_told_types_on_undisturbed(
    context: BrowserContext, mall: Mall
) -> None:
    page = context.new_page()
    late: list[Route] = []
    page.route("**/console/config.json", lambda asked: late.append(asked))
    page.goto(f"{mall.url}/console/login")
    field = page.locator("[name=mall]")
    field.focus()
    for asked in late:
        asked.continue_()
    expect(page.locator(".demo")).to_be_visible()
    page.keyboard.type("other")
    expect(field).to_have_value("other")
    field.fill("")
    page.locator("[name=email]").focus()
    expect(field).to_have_value("example")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_button_stays_under_the_finger_when_the_mall_is_told_late(
    context: BrowserContext, mall: Mall, width: int, height: int
) -> None:
    """The example's people come while he presses: the press is not lost."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    held: list[Route] = []
    page.route("**/console/config.json", lambda asked: held.append(asked))
    page.goto(f"{mall.url}/console/login")
    page.fill("[name=mall]", "example")
    page.fill("[name=email]", CLERK)
    page.fill("[name=password]", mall.password)
    place = page.get_by_test_id("sign-in").bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.mouse.down()
    held[0].continue_()
    expect(page.locator(".demo")).to_be_visible()
    page.mouse.up()
    page.wait_for_selector(".shell h1")


def test_an_authenticator_app_is_enrolled_and_asked_for(context: BrowserContext, mall: Mall) -> None:
    page = context.new_page()
    by_password(page, mall.url, mall, "support@example.com")
    page.wait_for_selector(".shell h1")
    show(page, mall, "security")
    page.get_by_test_id("enrol-totp").click()
    expect(page.get_by_alt_text("身份验证器二维码")).to_be_visible()
    secret = page.locator(".enrolling code").first.inner_text()
    assert violations(page) == []
    page.fill("[name=totp]", "000000")
    page.get_by_test_id("confirm-totp").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong_factor")
    page.fill("[name=totp]", pyotp.TOTP(secret).now())
    page.get_by_test_id("confirm-totp").click()
    shown = page.get_by_test_id("recovery-codes").locator("li")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    page.get_by_test_id("codes-kept").click()
    expect(page.get_by_text("还剩 10 个可用")).to_be_visible()

    page.get_by_role("button", name="退出登录").click()
    by_password(page, mall.url, mall, "support@example.com")
    expect(page.get_by_test_id("factor")).to_be_visible()
    assert violations(page) == []
    # The next half minute's: the one that confirmed it is used up.
    page.fill("[name=code]", pyotp.TOTP(secret).at(time.time() + 30))
    page.get_by_test_id("factor-give").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()

    page.get_by_role("button", name="退出登录").click()
    by_password(page, mall.url, mall, "support@example.com")
    page.get_by_test_id("factor-by-recovery").click()
    page.fill("[name=recovery]", codes[0])
    page.get_by_test_id("factor-give").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    show(page, mall, "security?tab=devices")
    expect(page.get_by_text("当前设备")).to_be_visible()
    expect(page.get_by_text("恢复码", exact=True)).to_be_visible()


def test_a_code_is_seen_after_a_proof_under_a_mark_and_hidden_again(
    context: BrowserContext, mall: Mall
) -> None:
    order = an_order(mall)
    page = context.new_page()
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=mall.url)
    by_password(page, mall.url, mall)
    page.wait_for_selector(".shell h1")
    show(page, mall, f"orders?open={order}")
    detail = page.locator(".ant-drawer-body")
    expect(detail.get_by_test_id("reveal").first).to_be_disabled()
    grow_old(mall)
    detail.get_by_test_id("reveal-reason").first.fill("客户来电核对")
    detail.get_by_test_id("reveal").first.click()
    asked = page.get_by_role("dialog").filter(has_text="请验证是您本人")
    expect(asked).to_be_visible()
    asked.locator("[name=password]").fill("not mine")
    asked.get_by_test_id("factor-give").click()
    expect(asked.get_by_role("alert")).to_contain_text("wrong_factor")
    asked.locator("[name=password]").fill(mall.password)
    asked.get_by_test_id("factor-give").click()
    shown = page.get_by_test_id("revealed")
    expect(shown).to_be_visible()  # by itself, with the reason that was typed
    secret = shown.locator("code").last.inner_text()
    assert CODE.fullmatch(secret)
    expect(page.get_by_test_id("watermark").locator("text").first).to_contain_text(CLERK)
    assert violations(page) == []
    shown.get_by_role("button", name="复制卡密").click()
    toast = page.locator(".ant-message")
    expect(toast).to_contain_text("卡密已复制")
    assert secret not in toast.inner_text()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.get_by_role("button", name="立即隐藏").click()
    expect(detail.get_by_text(f"{secret[:4]}••••{secret[-4:]}")).to_be_visible()
    assert secret not in page.locator("body").inner_html()

    with owner_of(mall) as api:
        lines = api.get(f"/console/v1/reveals?subject=order:{order}").json()["items"]
    assert [line["reason"] for line in lines] == ["客户来电核对"]


def test_a_code_is_hidden_by_itself(browser: Browser, mall: Mall) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.clock.install()
    by_password(page, mall.url, mall)
    page.wait_for_selector(".shell h1")
    show(page, mall, f"orders?open={an_order(mall)}")
    page.get_by_test_id("reveal-reason").first.fill("核对")
    page.get_by_test_id("reveal").first.click()
    expect(page.get_by_test_id("revealed")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.clock.fast_forward(31_000)
    expect(page.get_by_test_id("revealed")).to_have_count(0)
    assert not CODE.search(page.locator(".ant-drawer-body").inner_text())
    context.close()


def test_a_passkey_signs_in_and_proves(context: BrowserContext, mall: Mall) -> None:
    url, page = named(mall), context.new_page()
    tool = context.new_cdp_session(page)
    tool.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    key |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    tool.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    by_password(page, url, mall, "developer@example.com")
    page.wait_for_selector(".shell h1")
    page.goto(f"{url}/console/c/example/security")
    page.get_by_placeholder("名称").fill("测试电脑")
    page.get_by_test_id("add-passkey").click()
    page.get_by_test_id("codes-kept").click()
    expect(page.get_by_text("测试电脑")).to_be_visible()

    page.get_by_role("button", name="退出登录").click()
    page.goto(f"{url}/console/login")
    page.get_by_test_id("passkey").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    page.get_by_role("button", name="退出登录").click()
    by_password(page, url, mall, "developer@example.com")
    page.get_by_test_id("factor-passkey").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()

    grow_old(mall)
    page.goto(f"{url}/console/c/example/security")
    page.get_by_test_id("renew-recovery").click()
    page.get_by_test_id("confirm").click()
    page.get_by_test_id("factor-passkey").click()
    expect(page.get_by_test_id("recovery-codes")).to_be_visible()


def test_who_must_enrol_a_factor_can_do_nothing_else(browser: Browser, mall: Mall) -> None:
    mall.sql(
        "insert into tenancy.security_policy select id, 'staff', 0, 1, now() from tenancy.mall where slug = 'example'"
    )
    try:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = context.new_page()
        by_password(page, mall.url, mall, "purchasing@example.com")
        expect(page.get_by_role("heading", name="请先绑定两步验证")).to_be_visible()
        page.goto(f"{mall.url}/console/c/example/orders")
        expect(page.get_by_role("heading", name="请先绑定两步验证")).to_be_visible()
        assert violations(page) == []
        page.get_by_test_id("enrol-totp").click()
        secret = page.locator(".enrolling code").first.inner_text()
        page.fill("[name=totp]", pyotp.TOTP(secret).now())
        page.get_by_test_id("confirm-totp").click()
        page.get_by_test_id("codes-kept").click()
        expect(page.locator(".side")).to_be_visible()
        context.close()
    finally:
        mall.sql("update tenancy.security_policy set two_factor = 'off'")


def test_ones_own_password_is_changed(browser: Browser, context: BrowserContext, mall: Mall) -> None:
    """The old one is wrong from then on, here and elsewhere; and back again."""
    page = context.new_page()
    by_password(page, mall.url, mall)
    page.wait_for_selector(".shell h1")
    elsewhere = browser.new_context(locale="zh-CN")
    other = elsewhere.new_page()
    by_password(other, mall.url, mall)
    other.wait_for_selector(".shell h1")

    def change(old: str, new: str) -> None:
        if not page.get_by_test_id("form").count():
            page.get_by_test_id("form-password").click()
        page.fill("[name=old]", old)
        page.fill("[name=new]", new)
        page.fill("[name=again]", new[:-1])
        page.get_by_test_id("save").click()
        expect(page.locator("[data-field=again] .wrong")).to_contain_text("不一致")
        page.fill("[name=again]", new)
        page.get_by_test_id("save").click()

    another = "另一个足够长的密码 2026"
    show(page, mall, "security")
    change("not the present one", another)
    fault = page.locator("[data-field=old] .wrong")
    expect(fault).to_be_visible()
    change(mall.password, another)
    expect(page.locator(".ant-message")).to_contain_text("已完成")
    other.goto(f"{mall.url}/console/c/example")
    expect(other.locator("[name=password]")).to_be_visible()
    other.fill("[name=mall]", "example")
    other.fill("[name=email]", CLERK)
    other.fill("[name=password]", mall.password)
    other.get_by_test_id("sign-in").click()
    expect(other.get_by_role("alert").first).to_be_visible()
    other.fill("[name=password]", another)
    other.get_by_test_id("sign-in").click()
    other.wait_for_selector(".shell h1")
    change(another, mall.password)
    expect(page.locator(".ant-message")).to_contain_text("已完成")
    elsewhere.close()


def test_who_belongs_to_two_companies_goes_on_for_the_other(context: BrowserContext, mall: Mall) -> None:
    mall.sql(
        """insert into tenancy.member (mall_id, organisation_id, person_id, role)
           select p.mall_id, o.id, p.id, 'readonly' from tenancy.person p
           join tenancy.organisation o on o.mall_id = p.mall_id and o.kind = 'mall'
           where p.email = 'leader@example.com'"""
    )
    page = context.new_page()
    by_password(page, mall.url, mall, "leader@example.com")
    expect(page.get_by_test_id("pick").locator(".todo")).to_have_count(2)
    first, second = page.get_by_test_id("pick").locator(".todo span").all_inner_texts()
    page.get_by_test_id("pick").locator(".todo", has_text=first).click()
    switch = page.get_by_test_id("acts-for")
    expect(switch.locator("option:checked")).to_have_text(first)
    switch.select_option(label=second)
    expect(switch.locator("option:checked")).to_have_text(second)
    assert violations(page) == []
    mall.sql(
        "delete from tenancy.member where role = 'readonly' and person_id in "
        "(select id from tenancy.person where email = 'leader@example.com')"
    )


@pytest.mark.parametrize(
    "to",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/c/other/orders"],
)
def test_signing_in_leads_nowhere_else(context: BrowserContext, mall: Mall, to: str) -> None:
    """Whatever the address of the sign-in page says: he stays in the console of his mall."""
    page = context.new_page()
    gone: list[str] = []
    page.on("request", lambda one: gone.append(one.url) if not one.url.startswith(mall.url) else None)
    page.goto(f"{mall.url}/console/login?to={quote(to, safe='')}")
    page.fill("[name=mall]", "example")
    page.fill("[name=email]", "readonly@example.com")
    page.fill("[name=password]", mall.password)
    page.get_by_test_id("sign-in").click()
    page.wait_for_selector(".shell h1")
    assert page.url == f"{mall.url}/console/c/example"
    assert gone == []
