"""Pictures of every page: wide and on a phone, light and dark.

make screenshots ARGS="--lang en --pages money?tab=journal,system"
make screenshots ARGS="--as supplier@example.com --pages ,asked,my-offers --look phone-dark"
make screenshots ARGS="--pages orders --scenes --lang en"
"""

import argparse
import re
import tempfile
from pathlib import Path

from browser import PAGES, Mall, chromium, owner_of, prefer, quiet, running, show, sign_in
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from scenes import bring_sheet, make_key, sheet

INTO = Path(__file__).parent / "screenshots"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
LOOKS = tuple(f"{size}-{theme}" for size in SIZES for theme in ("light", "dark"))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--lang", default="zh-CN", choices=["zh-CN", "en"])
    asked.add_argument(
        "--pages", default=",".join(PAGES), help="may carry what an address may: money?tab=trial"
    )
    asked.add_argument("--look", default=",".join(LOOKS), help=f"some of {', '.join(LOOKS)}")
    asked.add_argument("--as", dest="person", default="owner@example.com", help="whose pages")
    asked.add_argument(
        "--scenes", action="store_true", help="also a price sheet that waits, and a supplier's first key"
    )
    given = asked.parse_args()
    INTO.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as mall,
        sync_playwright() as tool,
    ):
        browser = tool.chromium.launch(executable_path=chromium())
        if given.scenes:
            scenes(browser, mall, Path(folder), given.look.split(","), given.lang)
        for look in given.look.split(","):
            context = looking(browser, look, given.lang)
            page = context.new_page()
            page.goto(f"{mall.url}/console/login")
            page.wait_for_selector("h1")
            page.screenshot(path=INTO / f"login-{look}-{given.lang}.png")
            page.close()
            page = sign_in(context, mall, given.person)
            for path in given.pages.split(","):
                name = f"{re.sub('[^a-z0-9]+', '-', path) or 'workbench'}-{look}-{given.lang}"
                show(page, mall, path)
                picture(page, name)
                if page.locator(".rowlink").count():
                    page.locator(".rowlink").first.click()
                    page.wait_for_selector(".ant-drawer-body dl")
                    quiet(page)
                    page.wait_for_timeout(300)
                    page.screenshot(path=INTO / f"{name}-detail.png")
            context.close()
        browser.close()
    print(f"{len(list(INTO.glob('*.png')))} pictures in {INTO}")


def looking(browser: Browser, look: str, lang: str) -> BrowserContext:
    size, theme = look.split("-")
    width, height = SIZES[size]
    made = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2 if size == "phone" else 1
    )
    prefer(made, lang, theme)
    return made


def picture(page: Page, name: str) -> None:
    page.screenshot(path=INTO / f"{name}.png")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        print(f"{name} is wider than its screen")


def scenes(browser: Browser, mall: Mall, folder: Path, looks: list[str], lang: str) -> None:
    """A price sheet before the one who brought it and before the one who decides; a key with its sample before a supplier."""
    with owner_of(mall) as api:
        file, _, _ = sheet(api, folder)
    context = looking(browser, looks[0], lang)
    page = sign_in(context, mall)
    bring_sheet(page, mall, file)
    picture(page, f"sheet-waits-{looks[0]}-{lang}")
    context.close()
    for look in looks:
        context = looking(browser, look, lang)
        page = sign_in(context, mall, "finance@example.com")
        show(page, mall, "inbox")
        page.locator(".rowlink").first.click()
        page.wait_for_selector('[data-testid="approval-lines"] tbody tr')
        quiet(page)
        page.wait_for_timeout(300)
        picture(page, f"sheet-approval-{look}-{lang}")
        context.close()
        context = looking(browser, look, lang)
        page = sign_in(context, mall, "supplier@example.com")
        make_key(page, mall, "ERP")
        picture(page, f"supplier-sample-{look}-{lang}")
        context.close()


if __name__ == "__main__":
    main()
