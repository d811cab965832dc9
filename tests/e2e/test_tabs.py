"""Every tab of every page that a person's menu leads to: accessible, no wider than the window, no key for a word. Phone and wide.

make e2e T=tests/e2e/test_tabs.py
"""

import re

import pytest
from axe import violations
from browser import Mall, prefer, quiet, sign_in
from playwright.sync_api import Browser, Page

KEY = re.compile(r"\b(?:f|enum|nav|told|kyb|make|dev|own)\.[a-z_]+\b")


@pytest.mark.axe
@pytest.mark.parametrize(
    ("email", "lang", "theme", "least"),
    [
        ("owner@example.com", "zh-CN", "light", 40),
        ("owner@example.com", "en", "dark", 40),
        ("supplier@example.com", "en", "light", 4),
        ("bluewhale@example.com", "zh-CN", "dark", 10),
        ("faraway@example.com", "en", "light", 4),
    ],
)
def test_every_tab_is_accessible_and_fits(
    browser: Browser, mall: Mall, email: str, lang: str, theme: str, least: int
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    prefer(context, lang, theme)
    page = sign_in(context, mall, email)
    links = page.locator(".side a").evaluate_all("all => all.map(a => new URL(a.href).pathname)")
    found: list[str] = []
    seen = 0
    for path in links:
        page.goto(mall.url + path)
        page.wait_for_selector(".content h1")
        quiet(page)
        tabs = page.locator('.content [role="tab"]')
        for n in range(1, tabs.count()):
            tabs.nth(n).click()
            page.wait_for_timeout(100)
            quiet(page)
            seen += 1
            at = page.url.removeprefix(mall.url)
            found += [f"{at}: {v}" for v in violations(page)]
            _fits(page, at, found)
            page.set_viewport_size({"width": 390, "height": 844})
            _fits(page, f"{at} on a phone", found)
            page.set_viewport_size({"width": 1440, "height": 900})
    context.close()
    assert not found, "\n".join(found)
    assert seen >= least


def _fits(page: Page, at: str, found: list[str]) -> None:
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{at}: wider than the window")
    found += [f"{at}: a key is shown: {key}" for key in KEY.findall(page.locator(".content").inner_text())]
