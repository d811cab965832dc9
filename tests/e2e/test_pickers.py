"""A mall with more goods than anybody reads in whole: each of them can be chosen, and is named where it stands.

make e2e T=tests/e2e/test_pickers.py
"""

import re
from collections.abc import Iterator

import pytest
from axe import violations
from browser import Mall, owner_of, pick, quiet, show, sign_in
from playwright.sync_api import BrowserContext, expect

MANY = 2_400
MADE = f"""
insert into catalog.sku (mall_id, id, product_id, code, name_zh, name_en, kind, instrument_class, issuer, redeem_scope,
  registered, tax_category, status, created_at, updated_at)
select p.mall_id, p.id + n, p.id, 'MANY-' || to_char(n, 'FM0000'), '海量 ' || n, 'Many ' || n, 'code', 'specific_item_voucher',
  'I', 'issuer', false, 'coupon', 'listed', now(), now()
from (select mall_id, id from catalog.product where mall_id = (select id from tenancy.mall where slug = 'example') limit 1) p,
  generate_series(1, {MANY}) n"""
GONE = "delete from catalog.sku where code like 'MANY-%'"


@pytest.fixture
def last(mall: Mall) -> Iterator[str]:
    """The id of the SKU behind all others of a mall with very many."""
    mall.sql(MADE)
    yield mall.sql(f"select id from catalog.sku where code = 'MANY-{MANY}'")
    mall.sql(GONE)


def test_the_last_of_thousands_is_chosen_by_the_keys_and_named(
    context: BrowserContext, mall: Mall, last: str
) -> None:
    page = sign_in(context, mall)
    show(page, mall, "orders")
    field = page.get_by_test_id("filter-sku_id")
    field.fill("many-2400")
    expect(page.locator(".pick-list [role=option]")).to_have_text([f"MANY-{MANY} 海量 {MANY}"])
    quiet(page)
    assert violations(page) == []
    field.press("ArrowDown")
    field.press("Enter")
    expect(page).to_have_url(re.compile(f"sku_id={last}"))
    chip = page.locator(".filters .chip")
    expect(chip).to_contain_text(f"海量 {MANY}")
    # A pasted link knows only its id.
    page.reload()
    expect(chip).to_contain_text(f"海量 {MANY}")
    expect(field).to_have_value(f"MANY-{MANY} 海量 {MANY}")
    page.get_by_test_id("lang").click()
    expect(field).to_have_value(f"MANY-{MANY} Many {MANY}")
    page.get_by_test_id("lang").click()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="筛选", exact=True).click()
    field.fill("many-1")
    expect(page.locator(".pick-list [role=option]").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= 390")


def test_a_template_is_applied_to_all_goods_and_not_to_the_first_thousands(
    context: BrowserContext, mall: Mall, last: str
) -> None:
    with owner_of(mall) as api:
        skus = api.get("/console/v1/skus/totals").json()["total"]
        [book] = [
            b["id"] for b in api.get("/console/v1/books?size=100").json()["items"] if b["kind"] == "list"
        ]
        rung = [{"minimum": 1, "unit_price": {"amount": "8.0000", "currency": "CNY"}}]
        told = {"book_id": book, "prices": [{"sku_id": last, "rungs": rung}], "reason": "e2e"}
        api.post("/console/v1/prices", json=told).raise_for_status()
    assert skus > MANY
    page = sign_in(context, mall)
    show(page, mall, "prices?tab=templates&form=template-")
    page.locator("[name=name]").fill("全部商品")
    page.locator("[name=base]").select_option("list")
    page.locator("[name=percent_bp]").fill("10")
    page.get_by_test_id("add-exclude_sku_ids").click()
    pick(page.locator("[name='exclude_sku_ids[0].id']"), f"MANY-{MANY - 1}")
    page.get_by_test_id("save").click()
    row = page.locator("tr", has_text="全部商品")
    expect(row).to_contain_text(f"海量 {MANY - 1}")
    row.locator("[data-testid^=form-apply]").click()
    page.locator("[name=book_id]").select_option(book)
    told_of = page.get_by_test_id("outcomes")
    expect(told_of).to_be_visible()
    counted = sum(int(n.replace(",", "")) for n in re.findall(r"[\d,]+", told_of.inner_text()))
    assert counted == skus
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    with owner_of(mall) as api:
        sold = api.get(f"/console/v1/skus/{last}/prices").json()
    assert "8.8" in str(sold), sold
