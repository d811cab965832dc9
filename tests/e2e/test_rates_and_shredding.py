"""Rates as dated data, what a far move wants, and a batch whose key is destroyed only after a word was typed and somebody else said yes.

make e2e T=tests/e2e/test_rates_and_shredding.py
"""

import json
import secrets

import pytest
from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect


def test_a_rate_is_set_and_a_far_one_wants_to_be_confirmed(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "money?tab=rates")

    def fill(rate: str, source: str) -> None:
        page.get_by_test_id("form-rate").click()
        page.fill("[name=currency]", "sgd")
        page.fill("[name=rate]", rate)
        page.fill("[name=source]", source)
        page.get_by_test_id("save").click()

    fill("5.3421", "中间价")
    expect(page.get_by_test_id("row").filter(has_text="5.3421")).to_contain_text("SGD")
    fill("9.9", "笔误")
    form = page.get_by_test_id("form")
    expect(form.get_by_role("alert").first).to_be_visible()
    quiet(page)
    assert violations(page) == []
    form.locator("[name=confirm]").check()
    page.get_by_test_id("save").click()
    expect(form).to_have_count(0)
    with owner_of(mall) as api:
        kept = api.get("/console/v1/rates", params={"currency": "SGD"}).json()["items"]
    assert [float(one["rate"]) for one in kept] == [9.9, 5.3421]
    expect(page.locator(".small").first).to_contain_text("9.9")
    page.get_by_test_id("form-rate-file").click()
    file = {"name": "rates.csv", "mimeType": "text/csv", "buffer": b"currency,rate\nSGD,5.3500\nTHB,0.2\n"}
    page.locator("input[type=file]").set_input_files(file)
    page.fill("[name=source]", "财务表")
    page.locator("[name=confirm]").check()
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("row").filter(has_text="THB")).to_contain_text("财务表")
    page.get_by_test_id("form-rate-limits").click()
    page.fill("[name=hours]", "36")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    with owner_of(mall) as api:
        limits = api.get("/console/v1/rates/limits").json()
        assert limits == {"stale_after_s": 36 * 3600, "jump_bp": 2000}
        api.put("/console/v1/rates/limits", json={"stale_after_s": 172800, "jump_bp": 2000})


def test_finance_reads_the_rates_and_sets_none(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "finance@example.com")
    show(page, mall, "money?tab=rates")
    expect(page.get_by_test_id("rates-result")).to_contain_text("合计 ¥")
    expect(page.get_by_test_id("form-rate")).to_have_count(0)


def test_a_tax_rule_follows_another_from_a_day_on(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "finance@example.com")
    show(page, mall, "money?tab=tax&tax_category=catering&instrument_class=coupon_promo")
    expect(page.get_by_test_id("row")).to_have_count(1)

    def fill(day: str) -> None:
        page.get_by_test_id("form-tax-rule").click()
        form = page.get_by_test_id("form")
        form.locator("[name=category]").select_option("catering")
        form.locator("[name=instrument_class]").select_option("coupon_promo")
        form.locator("[name=rate_bp]").fill("9")
        form.locator("[name=tax_code]").fill("3070401000000000000")
        form.locator("[data-field=valid_from] input").first.fill(day)
        form.locator("[name=source]").fill("会计确认")
        page.get_by_test_id("save").click()

    fill("2031-01-01")
    expect(page.get_by_test_id("form")).to_have_count(0)
    later = page.get_by_test_id("row").filter(has_text="会计确认")
    expect(later).to_contain_text("9%")
    expect(later).to_contain_text("待生效")
    fill("2030-01-01")  # a later one is there already
    refused = page.get_by_test_id("form").locator("[data-field=valid_from]").get_by_role("alert")
    expect(refused).to_be_visible()
    quiet(page)
    assert violations(page) == []
    with owner_of(mall) as api:
        rules = api.get("/console/v1/tax-rules").json()
    mine = ("catering", "coupon_promo", "principal")
    kept = [r for r in rules if (r["category"], r["instrument_class"], r["fund_mode"]) == mine]
    assert [r["rate_bp"] for r in sorted(kept, key=lambda r: str(r["valid_from"]))] == [600, 900]
    assert kept[0]["valid_to"] == kept[1]["valid_from"] or kept[1]["valid_to"] == kept[0]["valid_from"]


def test_a_batch_is_shredded_by_a_typed_word(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        sku = next(s for s in api.get("/console/v1/skus?size=200").json()["items"] if s["code"] == "YQM-Y")
        supplier = api.get("/console/v1/suppliers").json()["items"][0]["id"]
        told = {"sku_id": sku["id"], "unit_cost": "1", "supplier_id": supplier}
        codes = ("codes.txt", "\n".join(f"SHRED{secrets.token_hex(6)}" for _ in range(2)).encode())
        parts = {"options": (None, json.dumps(told), "application/json"), "file": codes}
        made = api.post("/console/v1/imports", files=parts).raise_for_status().json()
        batch = made["batches"][0]
    page = sign_in(context, mall)
    show(page, mall, f"vault?open={batch}")
    page.get_by_test_id("shred").click()
    expect(page.get_by_role("dialog").last).to_contain_text("仍有未售卡密")
    page.get_by_role("dialog").last.get_by_role("button", name="取消").click()
    with owner_of(mall) as api:
        body = {"reason": "e2e", "first": 1, "last": 2}
        api.post(f"/console/v1/batches/{batch}/return", json=body).raise_for_status()
    show(page, mall, f"vault?open={batch}")
    page.get_by_test_id("shred").click()
    dialog = page.get_by_role("dialog").last
    expect(dialog).to_contain_text("2 张卡密")
    dialog.locator("textarea").fill("退回后销毁")
    page.get_by_test_id("type-to-confirm").fill("1")
    expect(page.get_by_test_id("confirm")).to_be_disabled()
    page.get_by_test_id("type-to-confirm").fill(batch)
    quiet(page)
    assert violations(page) == []
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("confirm")).to_have_count(0)
    with owner_of(mall) as api:
        state = api.get(f"/console/v1/batches/{batch}").json()["state"]
        asked = api.get("/console/v1/approvals").json()["items"]
    assert state == "shredded" or any(one["act"] == "stock.shred" for one in asked)


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_the_rates_are_clean(browser: Browser, mall: Mall, theme: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    prefer(context, "en", theme)
    page = sign_in(context, mall)
    show(page, mall, "money?tab=rates")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
