"""The example mall shows at work what its pages are for, by the product's own means: low stock and the notice of it, a policy, a held order.

make e2e T=tests/e2e/test_example_at_work.py
"""

import time

from browser import Mall, show, sign_in
from playwright.sync_api import BrowserContext, expect


def test_pages_that_watch_have_something_to_show(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "vault?tab=low")
    expect(page.get_by_test_id("row").filter(has_text="飞鸟会议")).to_be_visible()
    show(page, mall, "restock?tab=policies")
    expect(page.get_by_test_id("row").filter(has_text="百汇超市 100元")).to_be_visible()
    show(page, mall, "restock")
    show(page, mall, "risk")
    held = page.get_by_test_id("row").filter(has_text="企业席位大单人工复核")
    expect(held.locator("[data-status=review]")).to_be_visible()
    until = time.monotonic() + 120
    show(page, mall, "inbox?tab=notices&kind=stock.low")
    told = page.get_by_test_id("row").filter(has_text="飞鸟会议")
    while not told.count() and time.monotonic() < until:  # stock is watched every minute
        page.wait_for_timeout(3000)
        show(page, mall, "inbox?tab=notices&kind=stock.low")
    expect(told.first).to_contain_text("预警线 200")
