"""What the API could do and no page did: who saw one's codes, an order told again, a department's key, tiers, terms of correcting, what a
statement is waited for, and what is looked at before a top-up is taken.

make e2e T=tests/e2e/test_screens_of_the_rest.py
"""

import re
import secrets
import time

import pytest
from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

STAFF = ("customers?tab=tiers", "goods?tab=accounts", "reconcile?tab=expected", "reconcile?tab=payments")


def _saved(page: Page) -> None:
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)


def test_a_buyer_sees_what_is_his_of_credit_looks_and_news(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "bluewhale@example.com")
    expect(page.get_by_test_id("credit-left")).to_have_text("¥20,000.00")
    show(page, mall, "my-orders?status=delivered")
    page.locator(".rowlink").first.click()
    drawer = page.locator(".ant-drawer-body")
    drawer.get_by_test_id("reveal-reason").first.fill("发给客户")
    drawer.get_by_test_id("reveal").first.click()
    expect(drawer.get_by_test_id("revealed")).to_be_visible()
    show(page, mall, "reveals")
    expect(page.get_by_test_id("row").filter(has_text="发给客户").first).to_be_visible()
    assert violations(page) == []


def test_an_order_is_told_again(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        until = time.monotonic() + 60
        while not (
            told := [
                d
                for d in api.get("/console/v1/webhook-deliveries", params={"status": "delivered"}).json()[
                    "items"
                ]
                if d["event"] == "order.delivered"
            ]
        ):
            assert time.monotonic() < until
            time.sleep(1)
        before = len(api.get(f"/console/v1/webhook-deliveries/{told[0]['id']}").json()["attempts"])
        page = sign_in(context, mall)
        show(page, mall, f"orders?open={told[0]['subject_id']}&part=events")
        row = page.locator(".ant-drawer-body tr").filter(has_text="order.delivered").first
        row.get_by_test_id("tell-again").click()
        page.get_by_test_id("confirm").click()
        expect(page.get_by_test_id("confirm")).to_have_count(0)

        def attempts() -> int:
            return len(api.get(f"/console/v1/webhook-deliveries/{told[0]['id']}").json()["attempts"])

        until = time.monotonic() + 60
        while attempts() <= before:
            assert time.monotonic() < until, "it was told once more"
            time.sleep(1)


@pytest.mark.parametrize("who", ["bluewhale@example.com", "faraway@example.com"])
def test_a_department_has_a_key_of_its_own(context: BrowserContext, mall: Mall, who: str) -> None:
    page = sign_in(context, mall, who)
    at = f"{mall.url}/console/v1/own/departments"
    assert context.request.post(at, data={"name": "团建部"}, headers={"Origin": mall.url}).ok
    show(page, mall, "departments")
    page.get_by_test_id("row").filter(has_text="团建部").locator(".rowlink").click()
    page.locator("[data-testid^=form-department-key]").click()
    page.fill("[name=name]", "团建平台")
    quiet(page)
    assert violations(page) == []
    page.get_by_test_id("save").click()
    once = page.get_by_test_id("key-once")
    expect(once).to_contain_text("密钥内容")
    page.get_by_role("dialog").filter(has=once).get_by_role("button").last.click()
    show(page, mall, "dev?tab=keys")
    expect(page.get_by_test_id("row").filter(has_text="团建平台")).to_be_visible()


def test_tiers_are_renamed_and_dropped(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    name = f"铜牌{secrets.token_hex(2)}"
    show(page, mall, "customers?tab=tiers")
    page.get_by_test_id("form-tier").click()
    page.fill("[name=name]", name)
    _saved(page)
    page.get_by_test_id("row").filter(has_text=name).locator(".rowlink").click()
    page.locator("[data-testid^=form-tier-]").click()
    page.fill("[name=name]", f"{name}新")
    _saved(page)
    expect(page.get_by_test_id("row").filter(has_text=f"{name}新")).to_be_visible()
    page.get_by_test_id("drop-tier").click()
    page.get_by_test_id("type-to-confirm").fill(f"{name}新")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("row").filter(has_text=name)).to_have_count(0)


def test_a_buyers_price_news_are_set_and_ended(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        [buyer] = [b for b in api.get("/console/v1/buyers").json()["items"] if b["name"].startswith("晨光")]
        page = sign_in(context, mall)
        show(page, mall, f"customers?open={buyer['id']}")
        page.get_by_test_id(f"form-price-news-{buyer['id']}").click()
        page.fill("[name=name]", "erp")
        page.locator("[name=availability]").check()
        _saved(page)
        row = page.locator(".ant-drawer-body tr").filter(has_text="erp")
        expect(row).to_contain_text("全部")
        [kept] = api.get(f"/console/v1/buyers/{buyer['id']}/price-subscriptions").json()["items"]
        assert (kept["name"], kept["availability"], kept["every"]) == ("erp", True, True)
        row.get_by_role("button", name="删除").click()
        page.get_by_test_id("confirm").click()
        expect(row).to_have_count(0)


def test_terms_accounts_and_statements_of_purchasing(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "purchasing@example.com")
    show(page, mall, "connections")
    page.get_by_test_id("form-fix-terms").click()
    page.fill("[name=open_minutes]", "240")
    _saved(page)
    with owner_of(mall) as api:
        assert api.get("/console/v1/fix-terms").json()["open_minutes"] == 240
    show(page, mall, "goods?tab=accounts")
    page.get_by_test_id("form-account-checker").click()
    page.fill("[name=url]", "https://check.example.com/account")
    page.fill("[name=secret]", secrets.token_hex(16))
    _saved(page)
    expect(page.locator(".content")).to_contain_text("check.example.com")
    page.get_by_test_id("drop-checker").click()
    page.get_by_test_id("confirm").click()
    expect(page.locator(".content")).not_to_contain_text("check.example.com")
    page.get_by_test_id("form-account-numbers").click()
    page.locator("[name=kind]").select_option("segment")
    page.locator("[name=valid_from]").fill("2026-01-01T00:00")
    page.fill("[name=source]", "号段表 2026")
    page.fill("[name='rows[0].number']", "1349999")
    page.locator("[name='rows[0].carrier']").select_option("mobile")
    _saved(page)
    show(page, mall, "reconcile?tab=payments")
    expect(page.get_by_test_id("supplier-account")).to_contain_text(re.compile("我方账面余额.?[−]?¥"))
    show(page, mall, "reconcile?tab=expected")
    expect(page.get_by_test_id("empty")).to_contain_text("没有应到的对账单")


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_every_part_is_clean(browser: Browser, mall: Mall, theme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    prefer(context, "en", theme)
    page = sign_in(context, mall)
    found = []
    for path in STAFF:
        show(page, mall, path)
        found += [f"{path}: {v}" for v in violations(page)]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
    assert not found, "\n".join(found)
