"""An order for a buyer by hand: chosen, quoted, a fault at its field, placed and opened.

make e2e T=tests/e2e/test_by_hand.py
"""

from axe import violations
from browser import Mall, owner_of, pick, quiet, show, sign_in
from playwright.sync_api import BrowserContext, expect


def test_support_orders_a_topup_for_a_buyer(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        buyer = api.get("/console/v1/buyers?status=active&size=1").json()["items"][0]
        skus = api.get("/console/v1/skus?status=listed&size=200").json()["items"]
        topup = next(s for s in skus if s["kind"] == "topup" and len(s["fields"]) == 1)
    page = sign_in(context, mall, "support@example.com")
    show(page, mall, "orders")
    page.get_by_test_id("form-order").click()
    form = page.get_by_test_id("form")
    pick(form.get_by_label("客户"), buyer["name"], buyer["id"])
    pick(form.get_by_label("规格"), topup["code"], topup["id"])
    expect(page.get_by_test_id("quote")).to_contain_text("报价有效期至")
    account = form.get_by_label(topup["fields"][0]["label_zh"])
    account.fill("x")
    page.get_by_test_id("save").click()
    expect(account).to_have_attribute("aria-invalid", "true")
    quiet(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    page.set_viewport_size({"width": 1440, "height": 900})
    account.fill("13800138000")
    page.get_by_test_id("save").click()
    expect(page.locator(".ant-drawer-body").last).to_contain_text(buyer["name"])
    with owner_of(mall) as api:
        [placed] = api.get("/console/v1/orders?channel=staff").json()["items"]
    assert (placed["buyer_id"], placed["lines"][0]["sku_id"]) == (buyer["id"], topup["id"])
