"""Whatever a supplier, a buyer, a file or an upstream brings is text: on its way to the browser every text of every answer of
the API gets markup that would run a script, and every page of every kind of person shows it as it stands.

make e2e T=tests/e2e/test_hostile_texts.py
"""

import json
import re
from typing import Any

import pytest
from browser import PAGES, Mall, quiet, sign_in
from playwright.sync_api import BrowserContext, Page, Route

HOSTILE = (
    '<img src=x onerror="window.broken=1"><script>window.broken=2</script>"\'><svg onload=window.broken=3>'
)
# Ids, codes of enums, numbers, days, moments, cursors, addresses: what programs made. Everything else is somebody's text.
PROGRAMS = re.compile(r"[\w.:@/+#%=?&,~-]*", re.ASCII)
# Texts though they may look like a program's.
TEXTS = {
    *("client_order_no", "code", "comment", "detail", "file_name", "issuer", "label", "memo", "message"),
    *(
        "name",
        "note",
        "notes",
        "number",
        "proof_name",
        "receipt",
        "said",
        "supplier_ref",
        "title",
        "user_agent",
    ),
}
OURS = ("/meta/enums", "/events")  # our own words; the stream
DRAWN = {"qr_svg"}


def poisoned(value: Any, count: list[int], key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: poisoned(v, count, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, count, key) for v in value]
    if (
        isinstance(value, str)
        and value
        and key not in DRAWN
        and (key in TEXTS or not PROGRAMS.fullmatch(value))
    ):
        count[0] += 1
        return HOSTILE + value
    return value


def poison(page: Page, count: list[int]) -> None:
    def answer(route: Route) -> None:
        told: Any = route.fetch()
        if "json" not in told.headers.get("content-type", ""):
            route.fulfill(response=told)
            return
        route.fulfill(response=told, body=json.dumps(poisoned(told.json(), count)))

    api = re.compile(r"/console/v1/(?!" + "|".join(re.escape(o[1:]) for o in OURS) + ")")
    page.route(api, answer)


@pytest.mark.parametrize(
    ("email", "least"),
    [
        ("owner@example.com", 500),
        ("supplier@example.com", 30),
        ("bluewhale@example.com", 50),
        ("faraway@example.com", 30),
    ],
)
def test_no_text_is_ever_markup(context: BrowserContext, mall: Mall, email: str, least: int) -> None:
    page = sign_in(context, mall, email)
    links = page.locator(".side a").evaluate_all("all => all.map(a => new URL(a.href).pathname)")
    asked = links + (
        [f"/console/c/example/{p}" for p in PAGES if "?" in p] if email.startswith("owner") else []
    )
    assert len(asked) > 4
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("dialog", lambda dialog: (faults.append(f"{page.url}: a dialog"), dialog.dismiss()))
    count = [0]
    poison(page, count)
    shown = 0
    for path in asked:
        page.goto(mall.url + path)
        page.wait_for_selector(".content h1")
        quiet(page)
        shown += look(page, faults)
        if page.locator(".rowlink").count():
            page.locator(".rowlink").first.click()
            page.wait_for_selector(".ant-drawer-body :is(dl, h3, .empty, .fault)")
            quiet(page)
            shown += look(page, faults)
    assert not faults, "\n".join(faults)
    assert count[0] > least
    assert shown > len(asked), "the texts are there to be read"
    page.locator(".content").evaluate("(e, text) => e.insertAdjacentHTML('beforeend', text)", HOSTILE)
    look(page, faults)
    assert faults, "what is markup would have been found"


def look(page: Page, faults: list[str]) -> int:
    """How often the text can be read; what became of it otherwise is a fault."""
    if page.locator("img[src=x], .content script, .content svg[onload]").count():
        faults.append(f"{page.url}: became an element")
    if (ran := page.evaluate("window.broken")) is not None:
        faults.append(f"{page.url}: ran {ran}")
    return page.locator("body").inner_text().count("onerror=")
