"""The open platform and the system in a browser: an error leads to its calls, a key to what it called, an endpoint to what it
was sent; and the system says what runs.

make e2e T=tests/e2e/test_platform.py
"""

import pytest
from axe import violations
from browser import Mall, owner_of, pick, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect

HERS = "developer@example.com"
PLACES = ("platform", "platform?tab=keys", "platform?tab=hooks", "platform?tab=faces", "system")


def test_an_error_leads_to_its_calls(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, HERS)
    show(page, mall, "platform")
    with owner_of(mall) as api:
        stats = api.get("/console/v1/calls/stats").json()
    group = next(one for one in stats["groups"] if one["status"] >= 400)
    page.get_by_role("link", name=group["code"], exact=True).first.click()
    row = page.get_by_test_id("row").first
    expect(row).to_contain_text(group["code"])
    expect(row).to_contain_text(group["route"])
    assert f"code={group['code']}" in page.url


def test_a_key_leads_to_what_it_called_and_is_revoked(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        buyer = api.get("/console/v1/buyers").json()["items"][0]["id"]
        asked = {"name": "short-lived", "scopes": ["orders:read"]}
        api.post(f"/console/v1/buyers/{buyer}/keys", json=asked).raise_for_status()
    page = sign_in(context, mall, HERS)
    show(page, mall, "platform?tab=keys&q=short-lived")
    expect(page.get_by_test_id("row")).to_contain_text("从未使用")
    page.locator(".rowlink").click()
    page.get_by_test_id("revoke").click()
    expect(page.get_by_test_id("confirm")).to_be_disabled()
    id_ = page.get_by_test_id("row").get_attribute("data-id") or ""
    page.get_by_test_id("type-to-confirm").fill(id_[-6:])
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("row")).to_contain_text("已吊销")
    show(page, mall, "platform?tab=keys&status=active")
    expect(page.get_by_test_id("row").filter(has_text="short-lived")).to_have_count(0)
    called = page.get_by_test_id("row").filter(has_text="前").first  # others may have made keys since
    expect(called).to_be_visible()
    called.locator(".rowlink").click()
    page.get_by_test_id("calls-of-key").click()
    expect(page.get_by_test_id("row").first).to_be_visible()
    assert "key_id=" in page.url


def test_an_endpoint_leads_to_what_it_was_sent(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, HERS)
    show(page, mall, "platform?tab=hooks")
    with owner_of(mall) as api:
        [endpoint] = api.get("/console/v1/webhook-health").json()["items"]
    assert endpoint["delivered"] > 0
    page.locator(".rowlink").click()
    page.locator(".ant-drawer-body").get_by_role("link", name="已送达").click()
    expect(page.get_by_test_id("row").first).to_contain_text("已送达")


def test_an_endpoint_is_added_for_a_buyer_and_for_the_mall(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        buyer = api.get("/console/v1/buyers?status=active&size=1").json()["items"][0]
    page = sign_in(context, mall, HERS)
    show(page, mall, "dev?tab=hooks")
    page.get_by_test_id("form-hook").click()
    form = page.get_by_test_id("form")
    form.locator("[name=whose]").select_option("buyer")
    pick(form.locator("[name=organisation_id]"), buyer["name"], buyer["id"])
    form.locator("[name=url]").fill("http://10.0.0.1/hook")
    form.locator("[name='events.statement.ready']").check()
    page.get_by_test_id("save").click()
    expect(form.locator("[name=url]")).to_have_attribute("aria-invalid", "true")
    quiet(page)
    assert violations(page) == []
    form.locator("[name=url]").fill("https://example.com/of-buyer")
    page.get_by_test_id("save").click()
    secret = page.get_by_test_id("hook-secret").locator("code").inner_text()
    assert secret.startswith("whsec_")
    expect(page.get_by_test_id("row").filter(has_text="of-buyer")).to_contain_text(buyer["name"])
    page.get_by_test_id("form-hook").click()
    form.locator("[name=whose]").select_option("mall")
    expect(form.locator("[name=organisation_id]")).to_have_count(0)
    form.locator("[name=url]").fill("https://example.com/of-mall")
    form.locator("[name='events.statement.ready']").check()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("row").filter(has_text="of-mall")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("row").filter(has_text="of-mall")).to_be_visible()
    assert secret not in page.content()
    with owner_of(mall) as api:
        made = {e["url"]: e for e in api.get("/console/v1/webhook-endpoints?size=200").json()["items"]}
        me = api.get("/console/v1/me").json()
        assert made["https://example.com/of-buyer"]["organisation_id"] == buyer["id"]
        assert made["https://example.com/of-mall"]["organisation_id"] == me["organisation"]["id"]
        assert made["https://example.com/of-mall"]["events"] == ["statement.ready"]
        for one in ("of-buyer", "of-mall"):
            id_ = made[f"https://example.com/{one}"]["id"]
            api.post(f"/console/v1/webhook-endpoints/{id_}/disable").raise_for_status()


def test_a_shop_system_is_told_its_address_and_the_application_is_entered(
    context: BrowserContext, mall: Mall
) -> None:
    page = sign_in(context, mall, HERS)
    show(page, mall, "platform?tab=faces")
    expect(page.locator(".small").first).to_contain_text(f"{mall.url}/faces/kakayun")
    expect(page.get_by_test_id("no-application")).to_be_visible()
    page.get_by_test_id("form-face-application").click()
    form = page.get_by_test_id("form")
    form.locator("[name=app_id]").fill("AppKey")
    form.locator("[name=app_secret]").fill("s3cret-of-the-app")
    page.get_by_test_id("save").click()
    expect(form.locator("[name=app_id]")).to_have_attribute("aria-invalid", "true")
    quiet(page)
    assert violations(page) == []
    form.locator("[name=app_id]").fill("20230801")
    page.get_by_test_id("save").click()
    expect(form).to_have_count(0)
    expect(page.get_by_text("20230801")).to_be_visible()
    page.get_by_test_id("form-face-application").click()
    expect(form.locator("[name=app_secret]")).to_have_value("")
    page.reload()
    page.wait_for_selector("[name=app_secret]")
    assert "s3cret-of-the-app" not in page.content()
    assert "s3cret-of-the-app" not in page.evaluate("JSON.stringify(localStorage)")
    with owner_of(mall) as api:
        assert api.get("/console/v1/faces/xianguanjia/application").json() == {"app_id": "20230801"}


def test_the_system_says_what_runs(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, HERS)
    show(page, mall, "system")
    expect(page.locator('[data-status="ready"]')).to_be_visible()
    expect(page.get_by_text("不变量审计")).to_be_visible()
    with owner_of(mall) as api:
        turns = api.get("/console/v1/turns").json()
        told = api.get("/console/v1/system").json()
    assert not [one for one in turns if one["late"]]
    expect(page.locator('.part:has-text("周期任务") tbody tr')).to_have_count(len(turns))
    expect(page.locator("code", has_text=told["last_migration"])).to_be_visible()


@pytest.mark.axe
@pytest.mark.parametrize("width", [1440, 390])
def test_both_are_clean(browser: Browser, mall: Mall, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    prefer(context, "en", "dark")
    page = sign_in(context, mall)
    found = []
    for path in PLACES:
        show(page, mall, path)
        found += [f"{path}: {v}" for v in violations(page)]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body dl")
            quiet(page)
            found += [f"{path} detail: {v}" for v in violations(page)]
    context.close()
    assert not found, "\n".join(found)
