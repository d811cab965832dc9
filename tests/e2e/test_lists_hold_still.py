"""A list holds still under the hand that is over it: what others do is offered, not thrown in; and what could not be read never looks
like "there is none".

make e2e T=tests/e2e/test_lists_hold_still.py
"""

import re
import secrets
import time
from typing import Any

import httpx
from axe import violations
from browser import Mall, owner_of, quiet, show, sign_in
from playwright.sync_api import BrowserContext, Page, expect


def ordered(api: httpx.Client) -> str:
    """A top-up that people deliver, ordered for a buyer; its id."""
    work: list[Any] = api.get("/console/v1/work?size=50").json()["items"]
    buyer, sku = next((w["buyer_id"], w["sku_id"]) for w in work if w["mode"] == "manual")
    account = f"still_{secrets.token_hex(4)}"
    line = {"sku_id": sku, "quantity": 1, "fields": {"account": account, "region": "华东", "role": "青衫"}}
    told = {"client_order_no": f"still-{secrets.token_hex(4)}", "lines": [line]}
    answer = api.post(f"/console/v1/buyers/{buyer}/orders", json=told)
    assert answer.status_code < 300, answer.text
    return str(answer.json()["id"])


def by_people(api: httpx.Client) -> None:
    """When what the first orders bought at suppliers has left the queue, so that nothing moves but by the test."""
    until = time.monotonic() + 90
    while any(
        w["mode"] == "supply" for w in api.get("/console/v1/work?status=waiting&size=50").json()["items"]
    ):
        assert time.monotonic() < until
        time.sleep(1)


def ids(page: Page) -> list[str | None]:
    return [row.get_attribute("data-id") for row in page.get_by_test_id("row").all()]


def test_what_others_do_is_offered_and_moves_nothing(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    with owner_of(mall) as api:
        ordered(api)  # so that one is left when another is taken
        by_people(api)
        show(page, mall, "work?status=waiting")
        before = ids(page)
        first = page.get_by_test_id("row").first
        first.hover()
        place = first.bounding_box()
        taken = str(before[0])
        order, line = taken.split(".")
        claimed = api.post(f"/console/v1/work/{order}/{line}/claim", json={})
        assert claimed.status_code < 300, claimed.text
        new = ordered(api)
    pill = page.get_by_test_id("news")
    expect(pill).to_contain_text("1 条新记录", timeout=25_000)
    assert ids(page) == before
    assert first.bounding_box() == place, "the pill pushed the rows away"
    expect(page.locator("tr.gone")).to_have_count(1)
    expect(first).to_have_class(re.compile(r"\bgone\b"))
    expect(first).to_contain_text("已不在此列表中")
    assert violations(page) == []
    pill.click()
    expect(pill).to_have_count(0)
    now = ids(page)
    assert taken not in now
    assert any(str(one).startswith(new) for one in now)


def test_orders_that_come_are_counted_by_the_filter_that_is_set(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    with owner_of(mall) as api:
        other = context.new_page()
        show(page, mall, "orders")
        show(other, mall, "orders?status=cancelled")
        new = ordered(api)
    pill = page.get_by_test_id("news")
    expect(pill).to_contain_text("1 条新记录", timeout=10_000)
    expect(page.locator(f'[data-id="{new}"]')).to_have_count(0)
    pill.click()
    expect(page.get_by_test_id("row").first).to_have_attribute("data-id", new)
    other.bring_to_front()
    other.wait_for_timeout(3_000)
    quiet(other)
    expect(other.get_by_test_id("news")).to_have_count(0)


def test_what_could_not_be_read_never_looks_like_none(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    contacts = "**/console/v1/organisations/*/contacts"
    page.route(contacts, lambda route: route.fulfill(status=500, json={}))
    page.route("**/console/v1/tiers", lambda route: route.fulfill(status=500, json={}))
    show(page, mall, "customers")
    expect(page.get_by_role("search").get_by_test_id("unread")).to_contain_text(
        "选项未能加载", timeout=15_000
    )
    page.locator(".rowlink").first.click()
    part = page.locator(".ant-drawer-body .part").filter(has_text="联系人")
    expect(part.get_by_role("alert")).to_be_visible(timeout=15_000)
    expect(part).not_to_contain_text("没有联系人")
    page.unroute(contacts)
    part.get_by_role("button", name="重试").click()
    expect(part.get_by_role("alert")).to_have_count(0)
    expect(part.locator(".small, p.muted")).to_be_visible()
