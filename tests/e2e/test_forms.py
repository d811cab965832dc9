"""The operator's forms as people use them: goods from nothing to sale, a supplier connected by form, a statement worked off.

make e2e T=tests/e2e/test_forms.py
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe import violations
from browser import ROOT, START, Mall, owner_of, pick, prefer, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from words import LANGS, Words

KEY = "0123456789abcdef0123456789abcdef"  # of the simulated supplier
HOSTILE = '<img src=x onerror="window.broken=1">'


@pytest.fixture
def supplier(place: int) -> Iterator[str]:
    """`commissary simulate form`; its address."""
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", START, "simulate", "form", "--port", str(place)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=env)  # noqa: S603
    assert process.stdout is not None
    assert b"http" in process.stdout.readline()
    yield f"http://127.0.0.1:{place}"
    process.terminate()
    process.wait(30)


def fill(form: Locator, **values: str) -> None:
    """Fields by their name; of choices, the value."""
    for name, value in values.items():
        field = form.locator(f'[name="{name}"]')
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def save(page: Page) -> None:
    """And it was taken."""
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("form")).to_have_count(0)


def form_of(page: Page, name: str) -> Locator:
    page.get_by_test_id(f"form-{name}").click()
    return page.get_by_test_id("form")


def wrong(form: Locator, name: str) -> Locator:
    """What is said at a field."""
    return form.locator(f'[data-field="{name}"] .wrong')


def test_goods_from_nothing_to_sale(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "goods?tab=brands")
    form = form_of(page, "brand")
    page.get_by_test_id("save").click()
    expect(wrong(form, "name_zh")).to_have_text("必填")
    fill(form, name_zh="青竹通信", name_en="Bamboo Mobile")
    save(page)
    page.get_by_test_id("tab-products").click()
    form = form_of(page, "product")
    form.locator("[name=brand_id]").select_option(label="青竹通信")
    fill(form, name_zh="青竹话费", name_en="Bamboo top-up", guide_zh="充值后十分钟内到账。")
    save(page)

    page.get_by_test_id("tab-skus").click()
    form = form_of(page, "sku")
    pick(form.locator("[name=product_id]"), "青竹话费")
    fill(form, kind="topup", code="TDM-50", name_zh="青竹话费 30 元", name_en="Bamboo 30", face_value="30,00")
    page.get_by_test_id("add-fields").click()
    fill(form, **{"fields[0].name": "phone", "fields[0].type": "phone"})
    fill(form, **{"fields[0].label_zh": "手机号", "fields[0].label_en": "Phone number"})
    form.get_by_label("这是充值账号").check()
    page.get_by_test_id("save").click()
    expect(wrong(form, "face_value")).to_contain_text("金额")
    form.locator("[name=face_value]").fill("30")
    page.get_by_test_id("save").click()
    expect(wrong(form, "code")).to_have_text("该货号已存在")  # the example mall sells one
    form.locator("[name=code]").fill("QZ-30")
    save(page)

    ready = page.get_by_test_id("ready")
    expect(ready.locator('[data-step="whole"]')).to_contain_text("发行方")
    sku = re.search(r"open=(\d+)", page.url)
    assert sku is not None
    page.get_by_test_id("list").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_role("alert").filter(has_text="listing_incomplete")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^取\s?消$")).click()
    form = form_of(page, f"sku-{sku[1]}")
    fill(form, instrument_class="direct_topup", tax_category="telecom_basic", issuer="青竹通信")
    fill(form, redeem_scope="issuer", registered="false")
    save(page)
    expect(ready.locator('[data-step="whole"]')).to_have_attribute("data-ok", "true")

    form = form_of(page, f"price--{sku[1]}")
    fill(form, **{"rungs[0].unit_price": "29.85"})
    expect(form.get_by_text("¥29.8500")).to_be_visible()
    save(page)
    page.get_by_test_id("list").click()
    page.get_by_test_id("confirm").click()
    expect(ready).to_have_count(0)
    with owner_of(mall) as api:
        made = api.get(f"/console/v1/skus/{sku[1]}").json()
        assert (made["status"], made["fields"][0]["target"]) == ("listed", True)
        why = api.get(f"/console/v1/skus/{sku[1]}/why").json()
        assert why["unit_price"]["amount"] == "29.8500"


def test_prices_are_looked_at_written_and_taken_back(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "prices")
    price = page.get_by_test_id("price-SWC-30-list")
    held = price.input_value()
    price.fill("1")
    page.reload()  # what was written is here again
    expect(price).to_have_value("1")
    form = form_of(page, "matrix-save")
    expect(form.get_by_test_id("loss")).to_contain_text("低于成本")
    page.get_by_test_id("save").click()
    expect(form.get_by_role("alert")).to_contain_text("below_floor")
    page.keyboard.press("Escape")
    price.fill("27.5")
    page.get_by_test_id("form-matrix-save").click()
    save(page)
    expect(page.get_by_test_id("matrix-undo")).to_be_visible()
    expect(price).to_have_value("27.5000")
    page.get_by_test_id("matrix-undo").click()
    expect(price).to_have_value(held)


def test_a_supplier_is_connected_by_form_in_the_console_alone(
    context: BrowserContext, mall: Mall, supplier: str
) -> None:
    page = sign_in(context, mall)
    show(page, mall, "suppliers")
    form = form_of(page, "supplier")
    fill(form, name="晨露数字")
    save(page)
    show(page, mall, "connections")
    form = form_of(page, "connection")
    pick(form.locator("[name=supplier_id]"), "晨露数字")
    fill(
        form, protocol="form", name="晨露直连", base_url="https://192.168.0.8", account="buyer-1", secret=KEY
    )
    form.get_by_test_id("json-example").click()
    settings = form.locator("[name=settings]")
    whole = settings.input_value()
    settings.fill(whole.replace('"code": "code",', '"code": "code"', 1))
    expect(form.get_by_test_id("json-line")).to_contain_text("不是有效的 JSON")
    settings.fill(whole)
    form.get_by_label("签名位置").select_option("header")
    form.get_by_label("签名参数名").fill("host")
    page.get_by_test_id("save").click()
    expect(wrong(form, "base_url")).to_be_visible()
    fill(form, base_url=supplier)
    page.get_by_test_id("save").click()
    expect(wrong(form, "settings")).to_contain_text("sign.put.name")
    line = int((re.search(r"\d+", form.get_by_test_id("json-line").inner_text()) or [""])[0])
    assert '"host"' in settings.input_value().split("\n")[line - 1]
    assert KEY not in page.evaluate("JSON.stringify(localStorage)")
    settings.fill(whole)
    save(page)

    page.get_by_test_id("try").click()
    expect(page.get_by_test_id("tried")).to_contain_text("10,000.00")
    page.get_by_test_id("browse").click()
    page.get_by_role("searchbox", name="编号或名称").fill("视频")
    page.locator("[data-testid^=form-attach]").click()
    form = page.get_by_test_id("form")
    with owner_of(mall) as api:
        skus = {s["code"]: s["id"] for s in api.get("/console/v1/skus?size=200").json()["items"]}
    pick(form.locator("[name=sku_id]"), "JZG-C", skus["JZG-C"])
    save(page)
    show(page, mall, f"goods?open={skus['JZG-C']}")
    end = page.get_by_test_id("route-end")
    expect(end).to_have_attribute("data-end", "stock")
    page.get_by_label("数量").fill("100000")
    expect(end).not_to_have_attribute("data-end", "stock")
    # Its papers are not there yet, and so it is not bought from: the simulator says why.
    expect(page.locator("[data-excluded]").last).to_be_visible()
    form = form_of(page, f"policy-{skus['JZG-C']}")
    fill(form, strategy="weighted", tries="2")
    save(page)
    expect(end).to_contain_text("按权重")
    page.get_by_test_id("offer-off").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("offer-on")).to_be_visible()
    with owner_of(mall) as api:
        [offer] = api.get("/console/v1/offers", params={"sku_id": skus["JZG-C"]}).json()["items"]
        assert (offer["state"], offer["good_id"]) == ("off", "101")


@pytest.mark.parametrize("lang", LANGS)
def test_a_statement_is_uploaded_decided_and_closed(context: BrowserContext, mall: Mall, say: Words) -> None:
    name = f"对账连接 {say.lang}"
    with owner_of(mall) as api:
        firm = api.post("/console/v1/suppliers", json={"name": f"对账供应商 {say.lang}"}).json()
        asked = {"supplier_id": firm["id"], "protocol": "kasushou", "name": name}
        asked |= {"base_url": "https://supplier.example.com", "account": "a", "secret": "s" * 32}
        connection = api.post("/console/v1/connections", json=asked).json()["id"]
        zone = api.get("/console/v1/me").json()["mall"]["zone"]
    day = (datetime.now(ZoneInfo(zone)) - timedelta(days=1)).date().isoformat()
    page = sign_in(context, mall)
    show(page, mall, f"reconcile?connection_id={connection}")
    form = form_of(page, f"mapping-{connection}")
    fill(form, supplier_ref="流水", amount="应收")
    save(page)
    form = form_of(page, "statement")
    choose(form, "流水,应收,状态\n9998,很多,成功\n9999,3.0000,成功\n")
    page.get_by_test_id("save").click()
    expect(form.get_by_role("alert")).to_contain_text(say("fault.line", line=2))
    choose(form, f"流水,应收,状态\n{HOSTILE},2.5,成功\n9999,3.0000,成功\n".replace('"', "'"))
    save(page)
    expect(page.locator('[data-step="matched"]')).to_have_attribute("data-ok", "true", timeout=30_000)
    expect(page.get_by_text("9999")).to_be_visible()
    expect(page.get_by_test_id("close-day")).to_be_disabled()
    # Of all connections, without choosing one: the workbench counts them and leads there.
    with owner_of(mall) as api:
        waiting = api.get("/console/v1/differences", params={"status": "open"}).json()["items"]
    assert len({one["connection_id"] for one in waiting}) == 2  # the example mall has some too
    show(page, mall, "")
    expect(page.get_by_test_id("todo-differences").locator("strong")).to_have_text(str(len(waiting)))
    page.get_by_test_id("todo-differences").click()
    expect(page.get_by_test_id("row")).to_have_count(len(waiting))
    expect(page.get_by_test_id("row").filter(has_text=name)).to_have_count(2)
    show(page, mall, f"reconcile?connection_id={connection}&tab=days&open={day}")
    page.get_by_role("button", name=say("reconcile.to_differences", count=2)).click()
    for decision in ("accepted", "claimed"):
        page.locator(".rowlink").first.click()
        page.get_by_test_id(decision).click()
        page.get_by_test_id("confirm").click()
        expect(page.get_by_test_id("confirm")).to_have_count(0)
        show(page, mall, f"reconcile?connection_id={connection}&day={day}&status=open")
    expect(page.get_by_test_id("empty")).to_be_visible()
    show(page, mall, f"reconcile?connection_id={connection}&tab=days&open={day}")
    page.get_by_test_id("close-day").click()
    page.get_by_test_id("type-to-confirm").fill(day)
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("evidence")).to_be_visible()
    show(page, mall, f"reconcile?connection_id={connection}&tab=claims")
    page.locator(".rowlink").first.click()
    page.get_by_test_id("claim-granted").click()
    page.get_by_test_id("confirm").click()
    expect(page.locator('.ant-drawer-body [data-status="granted"]')).to_be_visible()
    assert page.evaluate("window.broken") is None
    with owner_of(mall) as api:
        closed = api.get(f"/console/v1/connections/{connection}/days/{day}").json()
        assert (closed["status"], closed["open"]) == ("closed", 0)


def choose(form: Locator, text: str) -> None:
    file: Any = {"name": "statement.csv", "mimeType": "text/csv", "buffer": text.encode()}
    form.locator("[name=file]").set_input_files(file)


def test_a_buyer_his_money_and_his_key(context: BrowserContext, mall: Mall) -> None:
    page = sign_in(context, mall)
    show(page, mall, "customers")
    form = form_of(page, "buyer")
    fill(form, name="竹林贸易")
    form.get_by_label("开通授信").check()
    fill(form, limit="1000")
    save(page)
    body = page.locator(".ant-drawer-body")
    expect(body.get_by_text("¥1,000.00").first).to_be_visible()
    page.locator("[data-testid^=form-recharge]").click()
    fill(page.get_by_test_id("form"), amount="500", reference="BANK-1")
    page.get_by_test_id("save").click()
    expect(page.get_by_role("dialog").last).to_contain_text("¥500.00")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("form")).to_have_count(0)
    expect(body.get_by_text("¥1,500.00").first).to_be_visible()
    page.locator("[data-testid^=form-key]").click()
    fill(page.get_by_test_id("form"), name="production")
    save(page)
    once = page.get_by_test_id("key-once")
    secret = once.locator("code").last.inner_text()
    page.get_by_role("button", name="知道了").click()
    expect(once).to_have_count(0)
    assert secret not in page.content() + page.evaluate("JSON.stringify(localStorage)") + page.url
    page.locator("[data-testid^=form-contact]").click()
    fill(page.get_by_test_id("form"), name="王经理", phone="13800138000")
    assert "13800138000" not in page.evaluate("JSON.stringify(localStorage)")
    save(page)
    expect(body.get_by_text("王经理")).to_be_visible()


def test_a_recall_says_what_it_comes_to_before_it_is_done(context: BrowserContext, mall: Mall) -> None:
    with owner_of(mall) as api:
        batches = api.get("/console/v1/batches?size=200").json()["items"]
        looks = {
            b["id"]: api.get(f"/console/v1/batches/{b['id']}/recall").json() for b in batches if b["sold"]
        }
    batch, look = next((id_, look) for id_, look in looks.items() if float(look["refund"]["amount"]) > 0)
    page = sign_in(context, mall)
    show(page, mall, f"vault?open={batch}")
    page.get_by_test_id("recall").click()
    expect(page.get_by_test_id("recall-look")).to_contain_text(str(look["pieces"]))
    page.get_by_test_id("recall-refund").check()
    page.get_by_role("dialog").last.locator("textarea").fill("供应商通知卡密泄露")
    page.get_by_test_id("type-to-confirm").fill(look["refund"]["amount"])
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("job")).to_have_attribute("data-state", "done", timeout=60_000)
    with owner_of(mall) as api:
        assert float(api.get(f"/console/v1/batches/{batch}/recall").json()["refund"]["amount"]) == 0


def test_what_is_written_survives_and_two_who_change_the_same_are_told(
    context: BrowserContext, mall: Mall
) -> None:
    with owner_of(mall) as api:
        made = api.post("/console/v1/brands", json={"name_zh": "两人同改", "name_en": "Both"}).json()
    page = sign_in(context, mall)
    show(page, mall, f"goods?tab=brands&open={made['id']}")
    form = form_of(page, f"brand-{made['id']}")
    fill(form, name_en="Mine")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="继续填写").click()
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_test_id("leave").click()
    expect(form).to_have_count(0)
    page.get_by_test_id(f"form-brand-{made['id']}").click()
    expect(page.get_by_test_id("draft")).to_be_visible()
    expect(form.locator("[name=name_en]")).to_have_value("Mine")
    with owner_of(mall) as api:
        theirs = {"version": made["version"], "name_zh": "对方改名", "name_en": "Theirs"}
        api.patch(f"/console/v1/brands/{made['id']}", json=theirs).raise_for_status()
    page.get_by_test_id("save").click()
    conflict = page.get_by_test_id("conflict")
    expect(conflict).to_contain_text("对方改名")
    expect(conflict).to_contain_text("Theirs")
    page.get_by_test_id("conflict-go").click()
    save(page)
    with owner_of(mall) as api:
        [now] = [b for b in api.get("/console/v1/brands?size=200").json()["items"] if b["id"] == made["id"]]
    assert (now["name_zh"], now["name_en"]) == ("对方改名", "Mine")


def test_hostile_names_are_text_everywhere(context: BrowserContext, mall: Mall) -> None:
    mark = f"{HOSTILE}{time.time_ns()}"
    with owner_of(mall) as api:

        def made(path: str, body: dict[str, Any]) -> Any:
            answer = api.post(f"/console/v1{path}", json=body)
            assert answer.is_success, answer.text
            return answer.json()

        brand = made("/brands", {"name_zh": mark, "name_en": mark})["id"]
        both = {"name_zh": mark, "name_en": mark}
        product = made("/products", both | {"brand_id": brand, "guide_zh": mark, "description_zh": mark})[
            "id"
        ]
        sku = made(
            "/skus", both | {"product_id": product, "code": mark[:80], "kind": "code", "issuer": mark}
        )["id"]
        buyer = made("/buyers", {"name": mark, "notes": mark})["id"]
        firm = made("/suppliers", {"name": mark})["id"]
        asked = {"supplier_id": firm, "protocol": "kasushou", "name": mark[:80], "account": mark}
        asked |= {"base_url": "https://supplier.example.com", "secret": "s" * 32}
        connection = made("/connections", asked)["id"]
    page = sign_in(context, mall)
    for path in (
        f"goods?tab=brands&open={brand}&form=brand-{brand}",
        f"goods?tab=products&open={product}&form=product-{product}",
        f"goods?open={sku}&form=sku-{sku}",
        f"customers?open={buyer}&form=buyer-{buyer}",
        f"suppliers?open={firm}&form=supplier-{firm}",
        f"connections?open={connection}&form=connection-{connection}",
        "prices",
        "prices?tab=guards&form=follow",
        "suppliers?tab=papers&form=paper-",
    ):
        page.goto(f"{mall.url}/console/c/example/{path}")
        page.wait_for_selector(".content h1")
        page.wait_for_load_state("networkidle")
        assert page.locator("img[src=x]").count() == 0, path
        assert page.evaluate("window.broken") is None, path


FORMS = (
    "goods?form=sku",
    "goods?tab=products&form=product",
    "suppliers?form=supplier",
    "suppliers?tab=papers&form=paper-",
    "connections?form=connection",
    "customers?form=buyer",
    "prices?tab=templates&form=template-",
    "prices?tab=guards&form=floor",
    "reconcile?form=statement",
)


@pytest.mark.axe
@pytest.mark.parametrize(("lang", "theme", "width"), [("zh-CN", "light", 390), ("en", "dark", 1440)])
def test_forms_are_accessible_and_fit_a_phone(
    browser: Browser, mall: Mall, lang: str, theme: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    prefer(context, lang, theme)
    page = sign_in(context, mall)
    found: list[str] = []
    for path in FORMS:
        page.goto(f"{mall.url}/console/c/example/{path}")
        form = page.get_by_test_id("form")
        expect(form).to_be_visible()
        if "connection" in path:
            form.locator("[name=protocol]").select_option("form")
            form.get_by_test_id("json-example").click()
        page.get_by_test_id("save").click()
        page.wait_for_load_state("networkidle")
        found += [f"{path}: {v}" for v in violations(page)]
        for wide in form.evaluate(
            "f => [...f.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && "
            "!e.closest('.small, textarea')).map(e => e.outerHTML.slice(0, 90))"
        ):
            found.append(f"{path}: wider than the window: {wide}")
        keys = re.findall(r"\b(?:f|form|make|enum)\.[a-z_.]+\b", form.inner_text())
        found += [f"{path}: a key is shown: {key}" for key in keys]
        page.keyboard.press("Escape")
        if page.get_by_test_id("leave").count():
            page.get_by_test_id("leave").click()
    context.close()
    assert not found, "\n".join(found)
