"""An order's file: its head, what happened, and its parts by the address; over the list, and on a page of its own.

make e2e T=tests/e2e/test_order_detail.py
"""

import re
import time

from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect


def bought(mall: Mall) -> dict[str, str]:
    """An order that was bought from a supplier and delivered; at first the example has none yet."""
    told: dict[str, str | int] = {"mode": "supply", "status": "delivered", "size": 1}
    until = time.monotonic() + 60
    with owner_of(mall) as api:
        while True:
            found: list[dict[str, str]] = api.get("/console/v1/orders", params=told).json()["items"]
            if found or time.monotonic() > until:
                return found[0]
            time.sleep(0.5)


def test_the_parts_of_an_order_read_when_they_are_opened(context: BrowserContext, mall: Mall) -> None:
    order = bought(mall)
    page = sign_in(context, mall)
    asked: list[str] = []

    def kept(one: Request) -> None:
        if "/console/v1/" in one.url:
            asked.append(one.url.partition("/console/v1/")[2])

    page.on("request", kept)
    show(page, mall, f"orders?open={order['id']}")
    detail = page.locator(".ant-drawer-body")
    head = detail.get_by_test_id("order-head")
    expect(head).to_contain_text("已交付")
    expect(head).to_contain_text(order["buyer_name"])
    expect(head.get_by_test_id("reverse").first).to_be_visible()
    tabs = detail.get_by_role("tab")
    expect(tabs).to_have_text(["明细", "资金", "履约", "事件", "审计"])
    expect(detail).to_contain_text(order["client_order_no"])
    quiet(page)
    of_parts = ("journal?", f"orders/{order['id']}/purchases", "webhook-deliveries?", "audit?")
    assert not [url for url in asked if url.startswith(of_parts)], "a part was read before it was opened"
    assert violations(page) == []

    # By the keys: one stop, then the arrows; the address follows.
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("part=funds"))
    expect(tabs.nth(1)).to_be_focused()
    funds = detail.get_by_role("tabpanel")
    with owner_of(mall) as api:
        moved = api.get("/console/v1/journal", params={"order_id": order["id"]}).json()["items"]
        tries = api.get(f"/console/v1/orders/{order['id']}/purchases").json()
    assert moved
    assert tries
    expect(funds.locator(".small").first.locator("tbody tr")).to_have_count(len(moved))
    expect(funds).to_contain_text(order["buyer_name"])
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("part=fulfilment"))
    quiet(page)
    fulfilment = detail.get_by_role("tabpanel")
    expect(fulfilment.locator(".small").first.locator("tbody tr")).to_have_count(len(tries))
    for word in ("供应商", "请求编号", "成本", "耗时", "供应商答复"):
        expect(fulfilment.locator("thead").first).to_contain_text(word)
    expect(fulfilment.locator(".small").first).to_contain_text(
        tries[0]["cost"]["amount"].rstrip("0").rstrip(".")
    )
    assert violations(page) == []
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("part=events"))
    events = detail.get_by_role("tabpanel")
    expect(events).to_contain_text("存证事件")
    quiet(page)
    assert violations(page) == []
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile("part=audit"))
    page.keyboard.press("ArrowRight")
    expect(tabs.first).to_be_focused()
    expect(page).not_to_have_url(re.compile("part="))

    with owner_of(mall) as api:
        sent = api.get("/console/v1/webhook-deliveries", params={"size": 50}).json()["items"]
    told = next(one["subject_id"] for one in sent if one["event"].startswith("order."))
    number = sum(one["subject_id"] == told for one in sent)
    show(page, mall, f"orders?open={told}&part=events")
    table = detail.get_by_role("tabpanel").locator(".small").first
    expect(table).to_contain_text("order.")
    assert table.locator("tbody tr").count() >= number


def test_an_act_on_an_order_stands_in_its_audit_with_what_it_changed(
    context: BrowserContext, mall: Mall
) -> None:
    order = bought(mall)
    page = sign_in(context, mall)
    show(page, mall, f"orders?open={order['id']}&part=audit")
    detail = page.locator(".ant-drawer-body")
    before = detail.get_by_test_id("act").count()
    detail.get_by_test_id("tab-details").click()
    detail.get_by_test_id("reverse").first.click()
    page.get_by_test_id("type-to-confirm").fill(order["order_no"][-6:])
    page.get_by_role("dialog").last.locator("textarea").fill("客户退订")
    page.get_by_test_id("confirm").click()
    expect(page.locator(".ant-message")).to_contain_text("已完成")
    detail.get_by_test_id("tab-audit").click()
    expect(detail.get_by_test_id("act")).to_have_count(before + 1)
    expect(detail.get_by_test_id("act").filter(has_text="客户退订")).to_have_count(1)
    quiet(page)
    assert violations(page) == []


def test_enter_opens_the_page_and_the_space_bar_the_drawer(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders?status=delivered")
    rows = page.get_by_test_id("row")
    first, second = (rows.nth(n).get_attribute("data-id") for n in (0, 1))
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(f"open={first}"))
    detail = page.locator(".ant-drawer-body")
    detail.get_by_test_id("tab-events").click()
    page.locator(".ant-drawer-title").click()
    page.keyboard.press("ArrowDown")
    # The part stays as one walks on.
    expect(page).to_have_url(re.compile(f"open={second}.*part=events"))
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(page).not_to_have_url(re.compile("open=|part="))
    expect(page).to_have_url(re.compile("status=delivered"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/orders/{first}$"))
    expect(page.get_by_test_id("order-head")).to_be_visible()
    expect(page.locator(".ant-drawer-body")).to_have_count(0)
    page.get_by_test_id("tab-funds").click()
    page.reload()
    expect(page.get_by_test_id("tab-funds")).to_have_attribute("aria-selected", "true")
    quiet(page)
    assert violations(page) == []
    page.go_back()
    expect(page).to_have_url(re.compile("orders.status=delivered"))
    # The link that one sees does the same, with the part that is open, and there is a way back.
    rows.nth(1).locator(".rowlink").click()
    detail.get_by_test_id("tab-audit").click()
    detail.get_by_test_id("as-page").click()
    expect(page).to_have_url(re.compile(f"/orders/{second}.part=audit"))
    page.get_by_role("link", name="在订单列表中查看").click()
    expect(page).to_have_url(re.compile(f"orders.open={second}&part=audit"))


def test_in_english_on_a_phone_and_for_who_may_see_less(browser: Browser, mall: Mall) -> None:
    order = bought(mall)
    made = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    prefer(made, "en", "dark")
    page = sign_in(made, mall)
    for part in ("details", "funds", "fulfilment", "events", "audit"):
        show(page, mall, f"orders/{order['id']}?part={part}")
        expect(page.get_by_test_id(f"tab-{part}")).to_have_attribute("aria-selected", "true")
        quiet(page)
        assert violations(page) == [], part
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, part
    expect(page.get_by_role("tab")).to_have_text(["Details", "Funds", "Fulfilment", "Events", "Audit"])
    theirs = sign_in(browser.new_context(locale="zh-CN"), mall, "fulfilment@example.com")
    show(theirs, mall, f"orders/{order['id']}?part=funds")
    may = _permissions(theirs)
    wanted = {
        "funds": "ledger.read",
        "fulfilment": "fulfilment.read",
        "audit": "audit.read",
    }
    for part, permission in wanted.items():
        assert theirs.get_by_test_id(f"tab-{part}").count() == (permission in may), part
    assert not set(wanted.values()) <= may, "somebody who may read it all shows nothing"
    if "ledger.read" not in may:
        # An address with a part that is not his shows the first.
        expect(theirs.get_by_test_id("tab-details")).to_have_attribute("aria-selected", "true")
    theirs.context.close()
    made.close()


def _permissions(page: Page) -> set[str]:
    return set(page.evaluate("async () => (await (await fetch('/console/v1/me')).json()).permissions"))
