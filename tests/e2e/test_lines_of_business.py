"""Whoever does one of four lines of business signs in: menu, first page, prices and defaults are those of the role sheet, everything else is under "more", and each
of three daily tasks ends in the clicks that the sheet says, at a desk and on a phone.

make e2e T=tests/e2e/test_lines_of_business.py
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe import violations
from browser import ROOT, Mall, owner_of, prefer, sign_in
from playwright.sync_api import Browser, Locator, Page, expect

SHEET: dict[str, Any] = json.loads((ROOT / "frontend/src/app/role-sheet.json").read_text("utf-8"))
TEXTS: dict[str, Any] = json.loads((ROOT / "frontend/src/i18n/zh-CN.json").read_text("utf-8"))
WHO = {
    "group_leader": "leader@example.com",
    "online_seller": "seller@example.com",
    "gift_company": "gifts@example.com",
    "topup_dealer": "morning@example.com",
}
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
MOST = 6


@dataclass
class Hand:
    """A person's: counts what he presses. Typing and pasting are free; choosing from a list is two, opening it and choosing."""

    page: Page
    narrow: bool
    clicks: int = 0

    def click(self, at: Locator) -> None:
        at.click()
        self.clicks += 1

    def enter(self, at: Locator) -> None:
        at.press("Enter")
        self.clicks += 1

    def choose(self, at: Locator, label: str) -> None:
        at.select_option(label=label)
        self.clicks += 2

    def menu(self, page: str) -> None:
        if self.narrow:
            self.click(self.page.locator(".burger"))
        self.click(self.page.locator(f'.side [data-page="{page}"]'))

    def by_id(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)


@pytest.fixture(params=SIZES)
def size(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def signed_in(browser: Browser, mall: Mall, size: str) -> Iterator[Callable[[str], Hand]]:
    """Each time on a machine that remembers nothing."""
    made = []

    def enter(business: str) -> Hand:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=mall.url)
        prefer(context, "zh-CN", "light")
        made.append(context)
        return Hand(sign_in(context, mall, WHO[business]), size == "phone")

    yield enter
    for context in made:
        context.close()


# The tasks, by line of business and the sheet's id --------------------------------------------------------------------


def phones(count: int, first: int) -> str:
    return "\n".join(f"138{first + n:08d}" for n in range(count))


def pasted(hand: Hand, text: str, count: int) -> None:
    """Looked at, paid for, taken home."""
    hand.by_id("paste-text").fill(text)
    hand.click(hand.by_id("look"))
    expect(hand.by_id("looked")).to_contain_text(f"{count} / {count}")
    hand.click(hand.by_id("paste-pay"))
    hand.click(hand.by_id("confirm"))
    done = hand.page.locator('[data-testid="file-progress"][data-status="done"]')
    expect(done).to_contain_text(f"{count} / {count}", timeout=60_000)
    with hand.page.expect_download() as got:
        hand.click(hand.by_id("result"))
    rows = Path(got.value.path()).read_text("utf-8-sig")
    assert rows.count("\n") == count + 1
    assert "refused" not in rows


def topups(hand: Hand) -> None:
    hand.choose(hand.by_id("paste-sku"), "通达话费直充 50元 · TDM-50")
    pasted(hand, phones(200, 10_000_000 + 1_000 * hand.narrow), 200)


def topups_again(hand: Hand) -> None:
    hand.click(hand.by_id("tab-files"))
    hand.click(hand.page.locator(".rowlink").first)
    with hand.page.expect_download() as got:
        hand.click(hand.by_id("result"))
    assert Path(got.value.path()).read_text("utf-8-sig").count("\n") == 201


def funds(hand: Hand) -> None:
    hand.menu("funds")
    expect(hand.page.locator(".content dl").first).to_contain_text("可用")
    expect(hand.by_id("row").first).to_be_visible()


def group(hand: Hand) -> None:
    hand.click(hand.page.locator(".rowlink", has_text="通达话费直充 50元"))
    hand.click(hand.by_id("paste-it"))
    pasted(hand, phones(12, 20_000_000 + 1_000 * hand.narrow), 12)


def codes(hand: Hand) -> None:
    hand.menu("my-orders")
    hand.click(hand.page.locator(".rowlink").filter(has_text="EX4-001").or_(
        hand.by_id("row").filter(has_text="山雾咖啡 30元代金券").locator(".rowlink")
    ).first)  # fmt: skip
    box = hand.page.locator("form.reveal").first
    reason = box.locator("input:not([type=number]):not([inputmode=numeric])").first
    reason.fill("发给团员")
    hand.enter(reason)
    expect(hand.by_id("revealed")).to_be_visible()


def reports(hand: Hand) -> None:
    hand.menu("reports")
    expect(hand.page.locator(".content table").last).to_contain_text("山雾咖啡")


def bought(hand: Hand, code: str, pieces: int) -> None:
    """Found, counted, paid for, seen."""
    search = hand.page.locator(".content input[type=search]").first
    search.fill(code)
    hand.enter(search)
    expect(hand.by_id("row")).to_have_count(1)
    hand.click(hand.page.locator(".rowlink").first)
    hand.click(hand.by_id("buy-now"))
    hand.page.get_by_test_id("pay").wait_for()
    hand.page.locator(".content table input").first.fill(str(pieces))
    hand.click(hand.by_id("pay"))
    hand.click(hand.by_id("confirm"))
    hand.click(hand.by_id("see-order"))
    expect(hand.page.locator(".ant-drawer-body")).to_contain_text("已交付")
    expect(hand.page.locator(".ant-drawer-body")).to_contain_text(f"{pieces} / {pieces}")


def stock(hand: Hand) -> None:
    bought(hand, "XHV-M", 5)


def gifts(hand: Hand) -> None:
    bought(hand, "SWC-30", 50)


def key(hand: Hand) -> None:
    hand.menu("dev")
    hand.click(hand.by_id("form-key"))
    hand.page.fill("[name=name]", f"shop {hand.narrow}")
    hand.click(hand.by_id("save"))
    expect(hand.by_id("secret")).to_be_visible()
    hand.click(hand.by_id("copy-sample"))
    assert "COMMISSARY" in hand.page.evaluate("navigator.clipboard.readText()").upper()


def export(hand: Hand) -> None:
    hand.menu("my-orders")
    with hand.page.expect_download() as got:
        hand.click(hand.page.locator('a[href*="/own/orders/export"]'))
    assert "EX5-001" in Path(got.value.path()).read_text("utf-8-sig")


def file(hand: Hand) -> None:
    given = f"client_order_no,sku,quantity\nG{hand.narrow}-1,SWC-L,1\nG{hand.narrow}-2,SWC-L,2\n"
    hand.menu("buy")
    hand.click(hand.by_id("tab-files"))
    chosen = {"name": "gifts.csv", "mimeType": "text/csv", "buffer": given.encode()}
    hand.page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]
    hand.clicks += 2  # the button, and the file in the window of the system
    hand.click(hand.page.get_by_role("button", name=re.compile(r"下单 2|2 ")).last)
    expect(hand.by_id("row").filter(has_text="gifts.csv").first).to_contain_text("2 / 2", timeout=60_000)


TASKS: dict[str, dict[str, Callable[[Hand], None]]] = {
    "group_leader": {"group": group, "codes": codes, "reports": reports},
    "online_seller": {"stock": stock, "key": key, "export": export},
    "gift_company": {"gifts": gifts, "file": file, "funds": funds},
    "topup_dealer": {"paste": topups, "again": topups_again, "funds": funds},
}


@pytest.mark.parametrize("business", TASKS)
def test_each_daily_task_takes_the_clicks_that_the_sheet_says(
    signed_in: Callable[[str], Hand], size: str, business: str
) -> None:
    told = {task["id"]: task["clicks"][size] for task in SHEET[business]["tasks"]}
    took = {}
    for name, task in TASKS[business].items():
        hand = signed_in(business)
        task(hand)
        took[name] = hand.clicks
    assert took == told
    assert all(clicks <= MOST for clicks in took.values()), took


# What is shown --------------------------------------------------------------------------------------------------------


def pages_of(at: Locator) -> list[str]:
    return [str(one.get_attribute("data-page")) for one in at.locator("a").all()]


@pytest.mark.parametrize("business", WHO)
def test_menu_start_prices_and_defaults_are_the_sheets(
    signed_in: Callable[[str], Hand], mall: Mall, business: str
) -> None:
    sheet, hand = SHEET[business], signed_in(business)
    page, home = hand.page, f"{mall.url}/console/c/example"
    assert page.url.split("?")[0] == f"{home}/{sheet['start']}"
    assert pages_of(hand.by_id("first-pages")) == sheet["menu"]
    # Nothing is hidden: all else that a distributor may open is under "more", and in Ctrl K.
    more = set(pages_of(hand.by_id("more-pages")))
    may = page.evaluate("fetch('/console/v1/me').then(r => r.json())")["permissions"]
    assert {"own.orders.write", "own.people.write", "own.keys.write"} <= set(may)
    assert {"team", "security", "sandbox"} <= more
    assert not more & set(sheet["menu"])
    page.keyboard.press("Control+k")
    shown = page.locator("#palette-list [role=option]").all_inner_texts()
    for one in more | set(sheet["menu"]):
        assert any(TEXTS["nav"][one] in text for text in shown), one
    page.keyboard.press("Escape")

    page.goto(f"{home}/market")
    expect(hand.by_id("row").first).to_be_visible()
    heads = [text.strip() for text in page.locator(".content thead th").all_inner_texts()]
    words = [word(one) for one in sheet["prices"]]
    assert [head for head in heads if head in ALL_PRICES] == words, heads

    page.goto(f"{home}/buy")
    first = page.locator("[role=tab][aria-selected=true]")
    expect(first).to_have_attribute("data-testid", f"tab-{sheet['defaults']['buy_tab']}")
    page.goto(f"{home}/dev")
    expect(first).to_have_attribute("data-testid", f"tab-{sheet['defaults'].get('dev_tab', 'overview')}")


def word(price: str) -> str:
    return str(TEXTS["f"]["tax"] if price == "tax" else TEXTS["own"]["f"][price])


ALL_PRICES = {word(one) for one in ("face", "discount", "cost", "suggested", "profit", "best", "tax")}


def test_the_goods_of_the_last_topups_are_remembered(signed_in: Callable[[str], Hand], mall: Mall) -> None:
    hand = signed_in("topup_dealer")
    page = hand.page
    page.get_by_test_id("paste-sku").select_option(label="通达话费直充 100元 · TDM-100")
    pasted(hand, phones(1, 30_000_000 + hand.narrow), 1)
    expect(page.get_by_test_id("paste-sku")).not_to_have_value("")
    page.goto(f"{mall.url}/console/c/example/funds")
    page.evaluate("sessionStorage.clear()")  # another day
    page.goto(f"{mall.url}/console/")
    expect(page).to_have_url(f"{mall.url}/console/c/example/buy")
    expect(page.get_by_test_id("paste-sku").locator("option:checked")).to_contain_text("TDM-100")
    expect(page.locator(".content dl")).to_contain_text("折")


def test_a_company_says_itself_what_it_does_and_the_menu_follows(
    signed_in: Callable[[str], Hand], mall: Mall
) -> None:
    """Said by itself and taken back by the mall's staff."""
    hand = signed_in("online_seller")
    page = hand.page
    hand.menu("workbench")
    page.get_by_test_id("form-business").click()
    page.locator("[name=business]").select_option(label="代充")
    page.locator(".ant-drawer-body button[type=submit]").click()
    try:
        expect(page.get_by_test_id("first-pages").locator("a").first).to_have_attribute("data-page", "buy")
        assert pages_of(page.get_by_test_id("first-pages")) == SHEET["topup_dealer"]["menu"]
    finally:
        with owner_of(mall) as owner:
            found = owner.get("/console/v1/buyers", params={"q": "晚风数码"}).json()["items"][0]
            said = {"business": "online_seller", "version": found["version"]}
            owner.patch(f"/console/v1/buyers/{found['id']}", json=said).raise_for_status()


@pytest.mark.axe
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_pages_are_accessible_and_fit(browser: Browser, mall: Mall, size: str, theme: str) -> None:
    width, height = SIZES[size]
    for business in WHO:
        context = browser.new_context(viewport={"width": width, "height": height})
        prefer(context, "en" if theme == "dark" else "zh-CN", theme)
        page = sign_in(context, mall, WHO[business])
        for path in ("", "/market", "/buy"):
            page.goto(f"{mall.url}/console/c/example{path}")
            page.wait_for_selector(".screen h1")
            page.wait_for_load_state("networkidle")
            assert violations(page) == [], (business, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (business, path)
        context.close()
