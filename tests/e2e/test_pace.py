"""What the next page of a list costs the browser: CPU of the main thread, which a busy machine does not lengthen.

make e2e T=tests/e2e/test_pace.py
"""

import statistics

from browser import Mall, quiet, show, sign_in
from playwright.sync_api import BrowserContext, expect

MOST_S = 0.5
WALKS = 5


def test_the_next_page_is_half_a_second_of_cpu_at_most(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "audit")
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        told = devtools.send("Performance.getMetrics")["metrics"]
        return float(next(m["value"] for m in told if m["name"] == "TaskDuration"))

    costs: list[float] = []
    rows, following = page.get_by_test_id("row"), page.get_by_test_id("next")
    while following.count() and len(costs) < WALKS:
        first, before = rows.first.get_attribute("data-id"), spent()
        following.click()
        expect(rows.first).not_to_have_attribute("data-id", first or "")
        quiet(page)
        costs.append(spent() - before)
    print([f"{cost:.3f}" for cost in costs])
    assert len(costs) >= 2, "the example's log has pages to turn"
    assert statistics.median(costs) <= MOST_S
