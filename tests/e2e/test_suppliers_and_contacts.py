"""What a supplier left as security, which papers are asked for, who is on a list of names, and a contact in clear under one's mark.

make e2e T=tests/e2e/test_suppliers_and_contacts.py
"""

import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect

TABS = ("suppliers?tab=rules", "suppliers?tab=names", "suppliers?tab=declared", "suppliers", "customers")


def _today() -> date:
    """The mall's, which begins eight hours before that of UTC."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _supplier(mall: Mall) -> dict[str, str]:
    """One of this test's own, so that no other test's goods are bought elsewhere."""
    with owner_of(mall) as api:
        made = api.post("/console/v1/suppliers", json={"name": f"青竹票务{secrets.token_hex(3)}"})
        made.raise_for_status()
        found: dict[str, str] = made.json()
    return found


def test_a_deposit_is_held_against_what_the_terms_ask_for(context: BrowserContext, mall: Mall) -> None:
    one = _supplier(mall)
    with owner_of(mall) as api:
        terms = {"valid_from": _today().isoformat(), "settlement_days": 7, "deposit": "500"}
        api.post(f"/console/v1/suppliers/{one['id']}/terms", json=terms).raise_for_status()
    page = sign_in(context, mall)
    show(page, mall, f"suppliers?open={one['id']}")
    held = page.get_by_test_id("deposit")
    expect(held).to_contain_text("尚缺¥500.00")
    page.get_by_test_id(f"form-deposit-{one['id']}").click()
    page.fill("[name=amount]", "500")
    page.fill("[name=reference]", f"DEP-{one['id']}")
    page.get_by_test_id("save").click()
    expect(held.locator("[data-status=covered]")).to_be_visible()
    expect(held).to_contain_text("已收¥500.00")


def test_a_paper_is_asked_for_from_a_day_on(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "suppliers?tab=rules")
    built_in = page.get_by_test_id("row").count()
    assert built_in > 0
    page.get_by_test_id("form-paper-rule").click()
    page.locator("[name=kind]").select_option("icp_filing")
    page.locator("[name=instrument_class]").select_option("subscription")
    soon = _today() + timedelta(days=400)  # far off: no other test's supplier is judged by it
    page.fill("[name=valid_from]", soon.isoformat())
    page.fill("[name=source]", "法务 2026-11 要求")
    page.get_by_test_id("save").click()
    row = page.get_by_test_id("row").filter(has_text="法务 2026-11 要求")
    expect(row).to_contain_text("商城")
    expect(row.locator("[data-status=needed]")).to_be_visible()
    with owner_of(mall) as api:
        [rule] = [r for r in api.get("/console/v1/paper-rules").json() if r.get("own")]
    assert (rule["kind"], rule["instrument_class"], rule["needed"]) == ("icp_filing", "subscription", True)
    page.get_by_test_id("form-paper-rule").click()
    page.locator("[name=kind]").select_option("icp_filing")
    page.locator("[name=instrument_class]").select_option("subscription")
    page.fill("[name=valid_from]", soon.isoformat())
    page.fill("[name=source]", "again")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form").get_by_role("alert").first).to_be_visible()


def test_a_name_on_a_list_is_confirmed(context: BrowserContext, mall: Mall) -> None:
    one = _supplier(mall)
    with owner_of(mall) as api:
        law = {"legal_name": one["name"], "registration_no": "", "country": "CN"}
        api.put(f"/console/v1/suppliers/{one['id']}/company", json=law).raise_for_status()
    page = sign_in(context, mall)
    show(page, mall, "suppliers?tab=names")
    page.get_by_test_id("form-name-list").click()
    page.fill("[name=title]", "失信名单")
    page.fill("[name=source]", "公开名单 2026 年第 1 期")
    page.fill("[name=dated]", _today().isoformat())
    page.fill("[name=names]", f"某某公司\n{one['name']}")
    page.get_by_test_id("save").click()
    told = page.get_by_role("dialog").filter(has_text="命中 1 家供应商")
    expect(told).to_be_visible()
    told.get_by_role("button").last.click()
    row = page.get_by_test_id("row").filter(has_text="失信名单")
    expect(row).to_contain_text("2")
    show(page, mall, f"suppliers?open={one['id']}")
    page.get_by_test_id("confirm-hit").click()
    page.get_by_role("dialog").last.locator("textarea").fill("工商信息一致")
    page.get_by_test_id("confirm").click()
    expect(page.locator("[data-status=confirmed]")).to_be_visible()
    expect(page.get_by_test_id("confirm-hit")).to_have_count(0)


def test_a_contact_is_seen_with_a_reason_and_hidden_again(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        buyer = api.get("/console/v1/buyers").json()["items"][0]
        told = {"name": "陈会计", "purpose": "finance", "phone": "13911112222", "email": "chen@shop.example"}
        at = f"/console/v1/organisations/{buyer['id']}/contacts"
        contact = api.post(at, json=told).raise_for_status().json()
    page = sign_in(context, mall)
    show(page, mall, f"customers?open={buyer['id']}")
    assert "13911112222" not in page.content()
    page.locator("tr").filter(has_text="陈会计").get_by_test_id("see-contact").click()
    page.get_by_test_id("reveal-reason").fill("核对打款")
    page.get_by_test_id("reveal").click()
    shown = page.get_by_test_id("revealed")
    expect(shown).to_contain_text("13911112222")
    expect(shown).to_contain_text("chen@shop.example")
    expect(page.get_by_test_id("watermark")).to_be_attached()
    quiet(page)
    assert violations(page) == []
    shown.get_by_role("button", name="立即隐藏").click()
    assert "13911112222" not in page.content()
    show(page, mall, f"reveals?subject=contact:{contact['id']}")
    expect(page.get_by_test_id("row").first).to_contain_text("核对打款")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_part_is_clean(browser: Browser, mall: Mall, theme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    prefer(context, "en", theme)
    page = sign_in(context, mall)
    found = []
    for path in TABS:
        show(page, mall, path)
        found += [f"{path}: {v}" for v in violations(page)]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body dl")
            page.mouse.move(0, 0)  # a button under the pointer is on its way to another colour
            page.wait_for_timeout(400)
            quiet(page)
            found += [f"{path} detail: {v}" for v in violations(page)]
    context.close()
    assert not found, "\n".join(found)
