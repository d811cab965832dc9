"""The first page of a mall that does not sell yet: what is left to do, where, and out of the way when it is not wanted.

make e2e T=tests/e2e/test_first_steps.py
"""

from axe import violations
from browser import Mall, quiet, show, sign_in
from playwright.sync_api import BrowserContext, expect


def test_what_is_left_is_shown_leads_there_and_goes(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "")
    # The example sells: there is nothing left.
    expect(page.locator(".todo").first).to_be_visible()
    expect(page.get_by_test_id("first-steps")).to_have_count(0)
    keys = "from tenancy.api_key where revoked_at is null"
    mall.sql(f"create table public.kept_keys as select id {keys}")
    mall.sql("update tenancy.api_key set revoked_at = now() where revoked_at is null")
    try:
        page.reload()
        steps = page.get_by_test_id("first-steps")
        expect(steps.locator("[aria-current=step]")).to_have_attribute("data-step", "key")
        expect(steps.locator("[data-done=true]")).to_have_count(7)
        expect(page.get_by_test_id("steps-done")).to_contain_text("7 / 8")
        quiet(page)
        assert violations(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= 390")
        page.set_viewport_size({"width": 1440, "height": 900})
        steps.locator("[data-step=key] a").click()
        page.wait_for_url("**/customers*")
        # The same page of the sandbox, where there is something to look at; and back.
        show(page, mall, "")
        page.get_by_test_id("sample").click()
        page.wait_for_url("**/goods*")
        expect(page.locator(".test-bar, .mode.warn").first).to_be_visible()
        expect(page.get_by_test_id("row").filter(has_text="沙箱").first).to_be_visible()
        page.get_by_test_id("mode").click()
        expect(page.locator(".mode.warn")).to_have_count(0)
        # Who can take none of the steps is shown none.
        support = sign_in(page.context.browser.new_context(locale="zh-CN"), mall, "support@example.com")
        show(support, mall, "")
        expect(support.get_by_test_id("first-steps")).to_have_count(0)
        support.context.close()
        show(page, mall, "")
        page.get_by_test_id("hide-steps").click()
        expect(steps).to_have_count(0)
        page.reload()
        expect(page.locator(".todo").first).to_be_visible()
        quiet(page)
        expect(steps).to_have_count(0)
    finally:
        mall.sql("update tenancy.api_key set revoked_at = null where id in (select id from public.kept_keys)")
        mall.sql("drop table public.kept_keys")
