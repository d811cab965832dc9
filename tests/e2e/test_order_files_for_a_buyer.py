"""Many orders for a buyer at once: support pastes what he sent, sees which lines are bad and what it comes to, orders, watches and takes the
result; the owner goes there from the buyer's page with a file, and stops one.

make e2e T=tests/e2e/test_order_files_for_a_buyer.py
"""

from axe import violations
from browser import Mall, owner_of, pick, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

TOPUP = "TDM-50"


def _buyer(mall: Mall) -> tuple[str, str]:
    with owner_of(mall) as api:
        found = api.get("/console/v1/buyers", params={"q": "蓝鲸", "size": 1}).json()["items"]
        return found[0]["id"], found[0]["name"]


def _fits(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})


def test_support_pastes_phones_for_a_buyer(context: BrowserContext, mall: Mall) -> None:
    buyer, name = _buyer(mall)
    page = sign_in(context, mall, "support@example.com")
    show(page, mall, "orders")
    page.get_by_test_id("tab-bulk").click()
    expect(page.get_by_test_id("paste-text")).to_have_count(0)  # whose they are comes first
    pick(page.get_by_test_id("bulk-buyer"), name, buyer)
    pick(page.get_by_test_id("bulk-sku"), TOPUP)
    rows = [f"1380015{n:04d}" for n in range(500)]
    rows[9], rows[99] = "not a phone", rows[98]
    page.get_by_test_id("paste-text").fill("\n".join(rows))
    page.get_by_test_id("look").click()
    looked = page.get_by_test_id("looked")
    expect(looked).to_contain_text("498 / 500")
    expect(looked).not_to_contain_text("可用")  # what he has is not support's to see
    expect(page.locator(".part").last).to_contain_text("not a phone")
    expect(page.locator(".part").last).to_contain_text("账号与前面的行重复")
    quiet(page)
    assert violations(page) == []
    _fits(page)
    # Another text has not been looked at.
    page.get_by_test_id("paste-text").fill("\n".join([*rows, "13800160000"]))
    expect(page.get_by_test_id("paste-pay")).to_have_count(0)
    page.get_by_test_id("look").click()
    expect(looked).to_contain_text("499 / 501")
    page.get_by_test_id("paste-pay").click()
    page.get_by_test_id("confirm").click()
    done = page.locator('[data-testid="file-progress"][data-status="done"]')
    expect(done).to_contain_text("499 / 499", timeout=60_000)
    expect(page.get_by_test_id("paste-text")).to_have_value("")
    with page.expect_download() as got:
        page.get_by_test_id("result").click()
    assert got.value.path().read_text("utf-8-sig").count("\n") == 500
    page.get_by_test_id("all-files").click()
    row = page.get_by_test_id("row").first
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("499 / 499")
    assert f"buyer_id={buyer}" in page.url
    quiet(page)
    assert violations(page) == []
    with owner_of(mall) as api:
        newest = api.get("/console/v1/order-files", params={"buyer_id": buyer}).json()["items"][0]
    assert (newest["accepted"], newest["buyer_id"]) == (499, buyer)


def test_a_file_is_sent_from_the_buyers_page_and_one_is_stopped(browser: Browser, mall: Mall) -> None:
    buyer, name = _buyer(mall)
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-US")
    prefer(context, "en", "dark")
    page = sign_in(context, mall)
    show(page, mall, f"customers?open={buyer}")
    page.get_by_role("link", name="Order in bulk for a buyer").click()
    expect(page.get_by_test_id("bulk-buyer")).to_have_value(name)
    page.get_by_test_id("bulk-how").select_option("file")

    def sheet(title: str, lines: int) -> dict[str, object]:
        head = "client_order_no,sku,quantity,fields.phone\n"
        body = "".join(f"{title}-{n},{TOPUP},1,1380{n:07d}\n" for n in range(lines))
        wrong = f"{title}-x,NO-SUCH-THING,1,\n"
        return {"name": f"{title}.csv", "mimeType": "text/csv", "buffer": (head + body + wrong).encode()}

    page.locator("input[type=file]").set_input_files(sheet("by-file", 2))  # type: ignore[arg-type]
    expect(page.get_by_text("3 lines, 1 with faults")).to_be_visible()
    quiet(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    page.get_by_role("button", name="Order 2 lines").click()
    done = page.locator('[data-testid="file-progress"][data-status="done"]')
    expect(done).to_contain_text("3 / 3")
    expect(done).to_be_in_viewport()

    page.locator("input[type=file]").set_input_files(sheet("too-many", 20_000))  # type: ignore[arg-type]
    page.get_by_role("button", name="Order 20000 lines").click()
    expect(page.locator('[data-testid="file-progress"][data-status="running"]')).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    page.get_by_test_id("confirm").click()
    expect(page.locator('[data-testid="file-progress"][data-status="cancelled"]')).to_be_visible()

    show(page, mall, f"orders?tab=files&buyer_id={buyer}&status=cancelled")
    expect(page.get_by_test_id("row")).to_have_count(1)
    expect(page.get_by_test_id("row")).to_contain_text("too-many.csv")
    page.locator(".rowlink").first.click()
    expect(page.locator(".ant-drawer-body").get_by_test_id("result")).to_be_visible()
    quiet(page)
    assert violations(page) == []
    context.close()


def test_who_may_not_order_for_a_buyer_sees_the_files_alone(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall, "finance@example.com")
    show(page, mall, "orders?tab=files")
    expect(page.get_by_test_id("tab-files")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("tab-bulk")).to_have_count(0)
    show(page, mall, "orders?tab=bulk")
    expect(page.get_by_test_id("bulk-buyer")).to_have_count(0)
