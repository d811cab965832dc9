"""Pictures of every page: wide and on a phone, light and dark.

make screenshots ARGS="--lang en --pages money?tab=journal,system"
make screenshots ARGS="--as supplier@example.com --pages ,asked,my-offers --look phone-dark"
"""

import argparse
import re
import tempfile
from pathlib import Path

from browser import PAGES, chromium, prefer, quiet, running, show, sign_in
from playwright.sync_api import sync_playwright

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
    given = asked.parse_args()
    INTO.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as mall,
        sync_playwright() as tool,
    ):
        browser = tool.chromium.launch(executable_path=chromium())
        for look in given.look.split(","):
            size, theme = look.split("-")
            width, height = SIZES[size]
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=2 if size == "phone" else 1
            )
            prefer(context, given.lang, theme)
            page = context.new_page()
            page.goto(f"{mall.url}/console/login")
            page.wait_for_selector("h1")
            page.screenshot(path=INTO / f"login-{look}-{given.lang}.png")
            page.close()
            page = sign_in(context, mall, given.person)
            for path in given.pages.split(","):
                name = f"{re.sub('[^a-z0-9]+', '-', path) or 'workbench'}-{look}-{given.lang}"
                show(page, mall, path)
                page.screenshot(path=INTO / f"{name}.png")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    print(f"{name} is wider than its screen")
                if page.locator(".rowlink").count():
                    page.locator(".rowlink").first.click()
                    page.wait_for_selector(".ant-drawer-body dl")
                    quiet(page)
                    page.wait_for_timeout(300)
                    page.screenshot(path=INTO / f"{name}-detail.png")
            context.close()
        browser.close()
    print(f"{len(list(INTO.glob('*.png')))} pictures in {INTO}")


if __name__ == "__main__":
    main()
