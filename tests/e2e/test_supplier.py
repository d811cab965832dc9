"""A supplier's people in a browser: they provide what is asked of them, bring codes, and object to a line of their settlement.

make e2e T=tests/e2e/test_supplier.py
"""

import re
import secrets
from pathlib import Path

import pytest
from axe import violations
from browser import Mall, owner_of, prefer, show, sign_in
from playwright.sync_api import Browser, BrowserContext, expect
from words import Words

HER = "supplier@example.com"
PAGES = ("", "asked", "my-offers", "my-intakes", "my-links", "my-settlement")


@pytest.mark.parametrize(("lang", "waiting"), [("zh-CN", 2), ("en", 1)])
def test_a_manual_order_is_fulfilled(context: BrowserContext, mall: Mall, say: Words, waiting: int) -> None:
    """The example has two: one in each language."""
    page = sign_in(context, mall, HER)
    # What the example sells reaches her a little later, and the page asks every half minute.
    expect(page.get_by_test_id("home-asked").locator("strong")).to_have_text(str(waiting), timeout=90_000)
    menu = page.locator(".side")
    expect(menu.get_by_role("link", name=say("nav.asked"), exact=True)).to_be_visible()
    expect(menu.get_by_role("link", name=say("nav.orders"), exact=True)).to_have_count(0)
    show(page, mall, "asked")
    rows = page.get_by_test_id("row")
    expect(rows).to_have_count(waiting)
    rows.first.locator(".rowlink").click()
    page.get_by_test_id("take").click()
    expect(page.get_by_test_id("give-back")).to_be_visible()
    page.locator("[data-testid^=form-provide-]").click()
    form = page.get_by_test_id("form")
    page.get_by_test_id("save").click()
    expect(form.locator("[data-field=codes] .wrong")).to_have_text(say("form.must"))
    counted = say("supply.codes", given=0, count="(\\d+)")
    found = re.search(counted, form.inner_text())
    assert found is not None
    wanted = int(found[1])
    given = [secrets.token_hex(8).upper() for _ in range(wanted)]
    form.locator("[name=codes]").fill("\n".join(given))
    assert given[0] not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_test_id("save").click()
    expect(page.locator(".ant-message")).to_contain_text(say("done"))
    expect(rows).to_have_count(waiting - 1)
    with owner_of(mall) as api:
        numbers = ("EX1-008", "EX1-009")
        found = [o for no in numbers for o in api.get("/console/v1/orders", params={"q": no}).json()["items"]]
    assert [one["status"] for one in found].count("processing") == waiting - 1
    assert [one["status"] for one in found].count("delivered") == 3 - waiting


@pytest.mark.parametrize(("lang", "line"), [("zh-CN", 1), ("en", 0)])
def test_a_line_is_objected_to_and_the_desk_sees_it(
    context: BrowserContext, mall: Mall, say: Words, line: int
) -> None:
    note = f"双方约定 46.50 {say.lang}"
    page = sign_in(context, mall, HER)
    show(page, mall, "my-settlement")
    page.locator(".rowlink").first.click()
    page.get_by_test_id("to-lines").click()
    expect(page.get_by_test_id("row")).to_have_count(2)
    page.locator(".rowlink").nth(line).click()
    page.locator("[data-testid^=form-object-]").click()
    page.locator("[name=note]").fill(note)
    page.get_by_test_id("save").click()
    expect(page.locator(".ant-message")).to_contain_text(say("done"))
    expect(page.get_by_test_id("row").nth(line)).to_contain_text(say.of("objection_status", "open"))
    with owner_of(mall) as api:
        seen = api.get("/console/v1/objections", params={"status": "open"}).json()["items"]
    assert note in [one["note"] for one in seen]


def test_codes_are_brought_and_wait(context: BrowserContext, mall: Mall, tmp_path: Path) -> None:
    file = tmp_path / "imax.txt"
    file.write_text("\n".join(secrets.token_hex(8).upper() for _ in range(3)), "utf-8")
    page = sign_in(context, mall, HER)
    show(page, mall, "my-intakes")
    page.get_by_test_id("bring").click()
    page.get_by_test_id("intake-sku").select_option(index=1)
    page.get_by_test_id("intake-file").set_input_files(file)
    expect(page.get_by_test_id("intake-seen")).to_contain_text("将入库 3 张")
    page.get_by_test_id("intake-go").click()
    expect(page.get_by_test_id("intake-done")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("row").first).to_contain_text("待放行")
    with owner_of(mall) as api:
        [waits] = api.get("/console/v1/intakes", params={"status": "waiting"}).json()["items"]
    assert (waits["imported"], waits["sold"]) == (3, 0)


@pytest.mark.axe
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_her_pages_are_accessible_and_fit_a_phone(
    browser: Browser, mall: Mall, lang: str, theme: str
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    prefer(context, lang, theme)
    page = sign_in(context, mall, HER)
    for path in PAGES:
        show(page, mall, path)
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
    page.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES:
        show(page, mall, path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    context.close()
