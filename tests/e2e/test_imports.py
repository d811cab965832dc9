"""Files that come in and go out, by hand in a browser: 10,000 codes with errors mended in the wizard, many rows at once, exports.

make e2e T=tests/e2e/test_imports.py
"""

import io
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from axe import violations
from browser import Mall, owner_of, pick, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, expect
from words import LANGS, Words

COUNT = 10_000


def codes(count: int) -> list[str]:
    return [f"W{n:05d}Q{secrets.token_hex(5)}".upper() for n in range(count)]


@pytest.mark.parametrize("lang", LANGS)
def test_ten_thousand_codes_with_errors_mended_in_place(
    context: BrowserContext, mall: Mall, tmp_path: Path, say: Words
) -> None:
    """For goods that are new: then they get their price, and go on sale."""
    good = codes(COUNT - 3)
    lines = ["卡密,有效期", *(f"{c},2031-12-31" for c in good), *(f"{c},soon" for c in codes(3))]
    file = tmp_path / "到货.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    page = sign_in(context, mall)
    sku = _draft(mall, f"W-{say.lang}")
    show(page, mall, "vault")
    page.get_by_test_id("import-codes").click()
    expect(page.get_by_test_id("step-file")).to_have_attribute("aria-current", "step")
    pick(page.get_by_test_id("import-sku"), sku["code"], sku["id"])
    page.get_by_test_id("import-file").set_input_files(file)
    expect(page.get_by_test_id("step-columns")).to_have_attribute("aria-current", "step")
    expect(page.get_by_test_id("role-0")).to_have_value("secret")

    # Without a cost the server says so, at the step where it is entered.
    page.get_by_test_id("check").click()
    expect(page.get_by_role("alert")).to_contain_text("unit_cost")
    page.get_by_test_id("unit-cost").fill("5.1250")
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("count-create")).to_contain_text(f"{COUNT - 3:,}")
    expect(page.get_by_test_id("count-rejected")).to_contain_text("3")
    rows = page.get_by_test_id("repair").locator("tbody tr")
    expect(rows).to_have_count(3)
    page.reload()  # a closed tab loses nothing that was checked
    expect(rows).to_have_count(3)
    for n in range(2):
        rows.nth(n).get_by_role("textbox").nth(1).fill("2031-06-30")
    # Of codes nothing is kept in the browser: leaving asks first.
    page.get_by_role("link", name=say("nav.orders"), exact=True).first.click()
    expect(page.get_by_test_id("leave")).to_be_visible()
    page.get_by_role("button", name=say("form.leave_stay")).click()
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "2031-06-30" not in stored
    assert good[0] not in stored
    rows.nth(2).get_by_role("checkbox").check()
    page.get_by_test_id("recheck").click()
    expect(page.get_by_test_id("count-rejected")).to_contain_text("0")
    expect(page.get_by_test_id("count-create")).to_contain_text(f"{COUNT - 1:,}")
    page.get_by_test_id("commit").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("result-created")).to_contain_text(f"{COUNT - 1:,}", timeout=60_000)
    expect(page.get_by_test_id("upload-status")).to_contain_text(say.of("upload_status", "done"))
    with owner_of(mall) as api:
        assert api.get(f"/console/v1/skus/{sku['id']}/stock").json()["available"] == COUNT - 1
    page.get_by_test_id("bell").click()
    expect(page.get_by_test_id("bell-job").first).to_contain_text(say.of("job_status", "done"))
    page.keyboard.press("Escape")

    show(page, mall, f"goods?open={sku['id']}")
    page.get_by_test_id(f"form-price--{sku['id']}").click()
    page.locator('[name="rungs[0].unit_price"]').fill("6")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    page.get_by_test_id("list").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("ready")).to_have_count(0)
    with owner_of(mall) as api:
        assert api.get(f"/console/v1/skus/{sku['id']}").json()["status"] == "listed"


def _draft(mall: Mall, code: str) -> dict[str, str]:
    """Of the kind of another that is sold."""
    with owner_of(mall) as api:
        like = next(s for s in api.get("/console/v1/skus?size=50").json()["items"] if s["kind"] == "code")
        asked = {
            name: like[name]
            for name in ("product_id", "kind", "face_value", "instrument_class", "tax_category", "issuer")
        } | {"code": code, "name_zh": f"新到卡 {code}", "name_en": f"New card {code}"}
        asked |= {name: like[name] for name in ("redeem_scope", "registered") if like.get(name) is not None}
        made = api.post("/console/v1/skus", json=asked)
        assert made.status_code < 300, made.text
        answer: dict[str, str] = made.json()
        return answer


def test_everything_that_matches_is_acted_on_after_a_look(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    with owner_of(mall) as api:
        goods = len(api.get("/console/v1/skus?size=50").json()["items"])
    show(page, mall, "goods")
    page.get_by_role("checkbox", name="选择本页全部").check()
    page.get_by_test_id("bulk-set_max_quantity").click()
    page.get_by_test_id("bulk-arg").fill("321")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("effects")).to_contain_text(f"{goods} 项符合")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("bell-job").first).to_contain_text("完成", timeout=30_000)
    with owner_of(mall) as api:
        most = {s["max_quantity"] for s in api.get("/console/v1/skus?size=50").json()["items"]}
    assert most == {321}


def test_an_export_is_fetched_from_the_bell_and_a_view_is_kept(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "goods?status=listed")
    page.get_by_test_id("export").click()
    page.get_by_test_id("export-xlsx").click()
    with page.expect_download() as waiting:
        page.get_by_test_id("fetch-export").first.click(timeout=30_000)
    sheet = openpyxl.load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes())).active
    with owner_of(mall) as api:
        listed = api.get("/console/v1/skus/totals?status=listed").json()["total"]
    assert sheet is not None
    assert sheet.max_row == listed + 1
    page.keyboard.press("Escape")
    page.get_by_test_id("form-view-skus").click()
    page.get_by_label("视图名称").fill("在售")
    page.get_by_test_id("save").click()
    view = page.get_by_test_id("view")
    expect(view).to_have_text("在售")
    show(page, mall, "goods")
    view.click()
    expect(page).to_have_url(re.compile("status=listed"))


@pytest.mark.axe
def test_the_wizard_reads_well_in_both_themes_and_on_a_phone(browser: Browser, mall: Mall) -> None:
    found: dict[str, list[str]] = {}
    for theme, lang, size in (
        ("light", "zh-CN", (1440, 900)),
        ("dark", "en", (1440, 900)),
        ("light", "zh-CN", (390, 844)),
    ):
        made = browser.new_context(viewport={"width": size[0], "height": size[1]})
        made.add_init_script(
            f"localStorage.setItem('commissary.console', JSON.stringify({{lang: '{lang}', theme: '{theme}'}}))"
        )
        page = sign_in(made, mall)
        for step in _steps(page, mall):
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{step} is wider than the window at {size}"
            if faults := violations(page):
                found[f"{step} {theme} {lang} {size}"] = faults
        made.close()
    assert found == {}


def _steps(page: Page, mall: Mall) -> Iterator[str]:
    """The first three steps, each shown in turn."""
    page.goto(f"{mall.url}/console/c/example/import?kind=prices")
    page.wait_for_selector("[data-testid=import-text]")
    yield "file"
    with owner_of(mall) as api:
        skus = [s["id"] for s in api.get("/console/v1/skus?size=3").json()["items"]]
    page.get_by_test_id("import-text").fill(f"sku_id,价格\n{skus[0]},99999\n{skus[1]},abc\n")
    page.get_by_test_id("import-paste").click()
    page.wait_for_selector("[data-testid=role-0]")
    yield "columns"
    page.get_by_test_id("check").click()
    page.wait_for_selector("[data-testid=counts]")
    yield "check"
