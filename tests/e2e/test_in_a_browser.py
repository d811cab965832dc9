"""The console as people use it: in a real browser, before a real mall, in both languages.

make e2e
"""

import re

import pytest
from axe import violations
from browser import PAGES, Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

CODE = re.compile(r"\b(?=\d*[A-Z])[A-Z0-9]{16}\b")  # as the example mall's are


def test_signing_in_by_hand_and_out(context: BrowserContext, mall: Mall) -> None:
    page = context.new_page()
    page.goto(f"{mall.url}/console")
    expect(page.get_by_role("heading", name="登录后台")).to_be_visible()
    page.get_by_role("button", name="财务", exact=True).click()
    page.fill("[name=password]", "wrong password")
    page.get_by_test_id("sign-in").click()
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("wrong_credentials")
    expect(fault.locator("code").last).to_have_text(re.compile(r"[0-9a-f]+-[0-9a-f]+"))
    page.fill("[name=password]", mall.password)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    # Finance sees money, not the vault.
    expect(page.locator(".side").get_by_role("link", name="供应商对账")).to_be_visible()
    expect(page.locator(".side").get_by_role("link", name="卡密仓")).to_have_count(0)
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    page.goto(f"{mall.url}/console/c/example/orders")
    expect(page.get_by_test_id("sign-in")).to_be_visible()


def test_a_pasted_address_comes_back_after_signing_in(context: BrowserContext, mall: Mall) -> None:
    page = context.new_page()
    with owner_of(mall) as api:
        found = api.get("/console/v1/skus?status=listed&q=XHV").json()["items"]
    assert found
    page.goto(f"{mall.url}/console/c/example/goods?status=listed&q=XHV")
    page.fill("[name=email]", "owner@example.com")
    page.fill("[name=password]", mall.password)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("row")).to_have_count(len(found))
    assert page.url.endswith("/console/c/example/goods?status=listed&q=XHV")


def test_a_list_is_filtered_by_its_address_and_back_goes_back(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    with owner_of(mall) as api:
        goods = len(api.get("/console/v1/skus?size=50").json()["items"])
    show(page, mall, "goods")
    expect(page.get_by_test_id("row")).to_have_count(goods)
    page.get_by_role("searchbox").fill("SWC")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_test_id("row")).to_have_count(2)
    assert "q=SWC" in page.url
    page.get_by_test_id("filter-status").select_option("draft")
    expect(page.get_by_test_id("empty")).to_contain_text("没有符合条件的记录")
    page.go_back()
    expect(page.get_by_test_id("row")).to_have_count(2)


def test_keys_walk_the_list_and_its_details(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "")
    page.keyboard.press("g")
    page.keyboard.press("g")
    page.wait_for_selector('[data-testid="row"]')
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    title = page.locator(".ant-drawer-title")
    second = page.get_by_test_id("row").nth(1).locator(".rowlink").inner_text()
    expect(title).to_have_text(second)
    page.keyboard.press("ArrowDown")
    expect(title).not_to_have_text(second)
    page.keyboard.press("Escape")
    expect(page.locator(".ant-drawer-title")).to_have_count(0)
    assert "open=" not in page.url
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="查找与跳转").fill("审计")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="审计记录")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("键盘快捷键")


def test_language_and_theme_change_without_a_reload(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "vault")
    page.evaluate("window.same = true")
    page.get_by_test_id("lang").click()
    expect(page.get_by_role("heading", name="Vault")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_test_id("theme").click()
    page.get_by_test_id("theme-dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("window.same") is True
    page.reload()
    expect(page.get_by_role("heading", name="Vault")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_dangerous_act_is_typed_and_audited(context: BrowserContext, mall: Mall) -> None:
    """Freezing a batch: the word and the reason are needed; the counts move; the audit shows before and after."""
    page = sign_in(context, mall)
    show(page, mall, "vault")
    page.locator(".rowlink").first.click()
    page.get_by_test_id("freeze").click()
    ask = page.get_by_role("dialog").last
    confirm = page.get_by_test_id("confirm")
    expect(confirm).to_be_disabled()
    batch = re.search(r"open=(\d+)", page.url)
    assert batch is not None
    page.get_by_test_id("type-to-confirm").fill(batch[1][-6:])
    expect(confirm).to_be_disabled()
    ask.locator("textarea").fill("一张卡被投诉")
    confirm.click()
    expect(page.locator(".ant-message")).to_contain_text("已完成")
    expect(page.get_by_test_id("unfreeze")).to_be_enabled()
    with owner_of(mall) as api:
        now = api.get(f"/console/v1/batches/{batch[1]}").json()
    assert (now["available"], now["frozen"] > 0) == (0, True)
    show(page, mall, f"audit?subject=batch:{batch[1]}")
    page.locator(".rowlink").first.click()
    expect(page.get_by_test_id("diff")).to_contain_text("一张卡被投诉")


def test_what_was_typed_outlives_a_moment_without_the_server(context: BrowserContext, mall: Mall) -> None:
    """A detail that cannot be read again still stands, and so does the question that was being answered over it."""
    page = sign_in(context, mall)
    show(page, mall, "vault")
    page.locator(".rowlink").first.click()
    page.get_by_test_id("return").click()
    reason = page.get_by_role("dialog").last.locator("textarea")
    reason.fill("供应商要求退回")
    batch = re.search(r"open=(\d+)", page.url)
    assert batch is not None
    page.route(f"**/console/v1/batches/{batch[1]}", lambda route: route.fulfill(status=409, json={}))
    page.wait_for_timeout(5_100)  # until it is worth being read again
    with page.expect_response(f"**/console/v1/batches/{batch[1]}"):
        page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
    quiet(page)
    expect(reason).to_have_value("供应商要求退回")


def test_an_order_is_found_by_any_number_with_its_whole_file(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    page.get_by_test_id("palette").click()
    page.get_by_role("combobox", name="查找与跳转").fill("EX1-001")
    page.get_by_role("option").filter(has_text="蓝鲸礼品").first.click()
    detail = page.locator(".ant-drawer-body")
    expect(detail).to_contain_text("EX1-001")
    expect(detail).to_contain_text("成交快照")
    expect(detail.locator(".timeline li").first).to_be_visible()
    expect(detail.get_by_text("已交付").first).to_be_visible()
    assert not CODE.search(page.locator("body").inner_html()), "a code stands in the page"


def test_work_is_taken_and_delivered(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "fulfilment@example.com")
    show(page, mall, "work?status=waiting")
    before = page.get_by_test_id("row").count()
    page.locator(".rowlink").first.click()
    page.get_by_test_id("claim").click()
    page.locator("[data-testid^=form-deliver-]").click()
    page.fill("[name=receipt]", "R-1")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    show(page, mall, "work?status=waiting")
    expect(page.get_by_test_id("row")).to_have_count(before - 1)


def test_a_session_that_ends_keeps_what_was_written(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "vault")
    page.locator(".rowlink").nth(1).click()
    page.get_by_test_id("freeze").click()
    page.locator(".ant-modal textarea").fill("写到一半")
    cookies = context.cookies()
    context.clear_cookies()
    page.get_by_test_id("type-to-confirm").fill((re.search(r"open=(\d+)", page.url) or [""])[1][-6:])
    page.get_by_test_id("confirm").click()
    again = page.get_by_role("dialog").filter(has_text="请重新登录")
    expect(again).to_be_visible()
    again.locator("[name=password]").fill(mall.password)
    again.get_by_test_id("sign-in").click()
    expect(again).to_have_count(0)
    assert len(context.cookies()) == len(cookies)
    expect(page.locator(".ant-modal textarea")).to_have_value("写到一半")


def test_texts_of_others_are_never_markup(context: BrowserContext, mall: Mall) -> None:
    shown = '<img src=x onerror="window.broken=1">'
    with owner_of(mall) as api:
        api.post("/console/v1/suppliers", json={"name": shown}).raise_for_status()
    page = sign_in(context, mall)
    show(page, mall, "suppliers")
    expect(page.get_by_text(shown).first).to_be_visible()
    assert page.evaluate("window.broken") is None


@pytest.mark.axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_page_is_accessible_and_logs_no_error(
    browser: Browser, mall: Mall, lang: str, theme: str
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    prefer(context, lang, theme)
    logged: list[str] = []
    page = context.new_page()
    page.goto(f"{mall.url}/console/login")
    page.wait_for_selector("h1")
    found = [f"login: {v}" for v in violations(page)]
    page.close()
    page = sign_in(context, mall)
    page.on("pageerror", lambda error: logged.append(str(error)))
    page.on("console", lambda said: logged.append(said.text) if _ours(said) else None)
    for path in PAGES:
        show(page, mall, path)
        found += [f"{path or 'workbench'}: {v}" for v in violations(page)]
        _is_whole(page, path, found)
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body dl")
            quiet(page)
            found += [f"{path} detail: {v}" for v in violations(page)]
        if path == "vault":
            page.get_by_test_id("void").click()
            page.get_by_test_id("type-to-confirm").fill("no")
            found += [f"a dangerous act: {v}" for v in violations(page)]
    show(page, mall, "")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-list")
    found += [f"palette: {v}" for v in violations(page)]
    context.close()
    assert not found, "\n".join(found)
    assert not logged, "\n".join(logged)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_page_fits_a_phone(browser: Browser, mall: Mall, lang: str) -> None:
    """With what its first row opens. Tables may be wider: they scroll by themselves."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    prefer(context, lang, "light")
    page = sign_in(context, mall)
    found: list[str] = []
    for path in PAGES:
        show(page, mall, path)
        _is_whole(page, path, found)
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body dl")
            quiet(page)
            _is_whole(page, f"{path} detail", found)
            wide = page.locator(".ant-drawer-body").evaluate(
                "d => [...d.querySelectorAll('button, input, select, textarea, h3, dl')].filter(e => "
                "e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.small, .scroll, .views'))"
                ".map(e => e.outerHTML.slice(0, 90))"
            )
            found += [f"{path} detail: beyond the window: {one}" for one in wide]
    context.close()
    assert not found, "\n".join(found)


def _ours(said: object) -> bool:
    """Warnings and errors of ours; a 404 of what this server does not know yet is none."""
    text, kind = getattr(said, "text", ""), getattr(said, "type", "")
    return kind in ("error", "warning") and "404" not in text


def _is_whole(page: Page, path: str, found: list[str]) -> None:
    """Every text was found, and nothing is wider than the window."""
    text = page.locator("body").inner_text()
    found += [f"{path}: a key is shown: {key}" for key in re.findall(r"\b(?:f|enum|nav)\.[a-z_.]+\b", text)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than the window")
