"""One code's way, in a browser: from its fingerprint in the search, and from the code itself, to its source, its order and who saw
it; and its public page as a QR code, for the mall's people and the buyer's.

make e2e T=tests/e2e/test_custody.py
"""

import time
from typing import Any

from axe import violations
from browser import Mall, owner_of, prefer, quiet, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect

from commissary.cli import example_mall

BUYERS = {
    name: email for (name, *_), (email, *_) in zip(example_mall.BUYERS, example_mall.SHOPPERS, strict=True)
}


def delivered(mall: Mall) -> tuple[dict[str, Any], dict[str, Any]]:
    """A distributor's order from stock, all of it in the signed log, and the page of its last code."""
    until = time.monotonic() + 60
    with owner_of(mall) as api:
        while time.monotonic() < until:
            listed = api.get("/console/v1/orders?status=delivered&mode=stock&size=50").json()["items"]
            for order in listed:
                pages = api.get(f"/console/v1/orders/{order['id']}/pages").json()["items"]
                if not pages or not pages[-1]["batch_id"]:
                    continue
                place = {name: pages[-1][name] for name in ("batch_id", "seq")}
                chain = api.get("/console/v1/custody", params=place).json()
                if chain["takers"][0]["buyer_name"] in BUYERS and all(s["signed"] for s in chain["steps"]):
                    return order, pages[-1]
            time.sleep(1)
    raise AssertionError("no order of the example is delivered and in the log")


def test_a_delivered_code_is_traced_and_shown_to_be_genuine(
    browser: Browser, context: BrowserContext, mall: Mall
) -> None:
    order, page_of = delivered(mall)
    place = {"batch_id": page_of["batch_id"], "seq": page_of["seq"]}
    with owner_of(mall) as api:
        # What is asked of a browser is held against what a program is told.
        chain = api.get("/console/v1/custody", params=place).json()
        why = {"seq": page_of["n"], "reason": "追溯测试"}
        line = f"/console/v1/orders/{order['id']}/lines/{page_of['line_no']}/reveal"
        secret = api.post(line, json=why).raise_for_status().json()
    [taker] = chain["takers"]
    fingerprint = mall.sql(
        "select encode(fingerprint, 'hex') from stock.fingerprint "
        f"where batch_id = {int(place['batch_id'])} and seq = {int(place['seq'])}"
    )

    owner = sign_in(context, mall)
    show(owner, mall, "")
    owner.keyboard.press("Control+k")
    owner.get_by_role("combobox").fill(fingerprint)
    hit = owner.get_by_role("option").filter(has_text=f"{place['batch_id']}-{place['seq']}")
    expect(hit).to_be_visible()
    hit.click()
    traced = owner.get_by_test_id("custody")
    expect(traced.get_by_test_id("whole")).to_be_visible()
    assert f"batch={place['batch_id']}&seq={place['seq']}" in owner.url
    steps = traced.locator(".timeline")
    expect(steps).to_contain_text("批次入库")
    expect(steps).to_contain_text("售出")
    expect(steps).to_contain_text("揭示")
    expect(steps).to_contain_text("已签名")
    expect(traced).to_contain_text(taker["buyer_name"])
    quiet(owner)
    assert violations(owner) == []

    # By hand, and by the code itself, which no address has.
    show(owner, mall, "vault?tab=trace")
    form = owner.get_by_test_id("trace")
    form.locator("[name=code]").fill(fingerprint.upper())
    form.get_by_role("button").click()
    expect(owner.get_by_test_id("whole")).to_be_visible()
    assert f"fingerprint={fingerprint}" in owner.url
    form.locator("[name=code]").fill(secret["secret"])
    form.locator("[name=number]").fill(secret["number"] or "")
    form.get_by_role("button").click()
    owner.wait_for_url(f"**batch={place['batch_id']}&seq={place['seq']}")
    expect(owner.get_by_test_id("whole")).to_be_visible()
    assert secret["secret"] not in owner.url
    assert secret["secret"] not in owner.content()
    form.locator("[name=code]").fill("NEVER-SEEN-0000")
    form.get_by_role("button").click()
    expect(owner.get_by_test_id("empty")).to_contain_text("未找到此卡密")
    expect(owner.get_by_test_id("custody")).to_have_count(0)

    show(owner, mall, f"vault?tab=trace&batch={place['batch_id']}&seq={place['seq']}")
    owner.get_by_test_id("custody").get_by_role("link", name=taker["client_order_no"]).click()
    detail = owner.locator(".ant-drawer-body")
    expect(detail).to_contain_text(order["order_no"])
    looked_at(owner, detail, order["id"])
    detail.get_by_test_id("qr").nth(page_of["n"] - 1).get_by_role("link", name="追溯").click()
    expect(owner.get_by_test_id("whole")).to_be_visible()
    assert f"seq={place['seq']}" in owner.url

    made = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    prefer(made, "zh-CN", "dark")
    buyer = sign_in(made, mall, BUYERS[taker["buyer_name"]])
    show(buyer, mall, f"my-orders?open={order['id']}")
    looked_at(buyer, buyer.locator(".ant-drawer-body"), order["id"])
    assert buyer.evaluate("document.documentElement.scrollWidth") <= 390
    expect(buyer.get_by_test_id("qr").get_by_role("link", name="追溯")).to_have_count(0)
    made.close()


def looked_at(page: Page, detail: Any, order: str) -> None:
    """The pictures are there, stay on paper, and lead to a page that says what it is."""
    detail.get_by_test_id("show-pages").click()
    picture = detail.get_by_test_id("qr").first
    expect(picture).to_be_visible()
    assert picture.locator("img").evaluate("i => i.complete && i.naturalWidth > 100")
    quiet(page)
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(picture).to_be_visible()
    page.emulate_media(media="screen")
    with page.context.expect_page() as opened:
        picture.get_by_role("link").first.click()
    expect(opened.value.locator("h1")).to_contain_text("正品")
    assert order not in opened.value.content()
    opened.value.close()
