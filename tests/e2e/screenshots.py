"""Pictures of every page: wide in light and dark, and on a phone. `make screenshots ARGS="--lang en"`"""

import argparse
import tempfile
from pathlib import Path

from browser import PAGES, chromium, prefer, quiet, running, show, sign_in
from playwright.sync_api import sync_playwright

INTO = Path(__file__).parent / "screenshots"
LOOKS = (("wide", 1440, 900, "light"), ("wide", 1440, 900, "dark"), ("phone", 390, 844, "light"))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--lang", default="zh-CN", choices=["zh-CN", "en"])
    asked.add_argument("--pages", default=",".join(PAGES))
    given = asked.parse_args()
    INTO.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as mall,
        sync_playwright() as tool,
    ):
        browser = tool.chromium.launch(executable_path=chromium())
        for size, width, height, theme in LOOKS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=2 if size == "phone" else 1
            )
            prefer(context, given.lang, theme)
            page = context.new_page()
            page.goto(f"{mall.url}/console/login")
            page.wait_for_selector("h1")
            page.screenshot(path=INTO / f"login-{size}-{theme}-{given.lang}.png")
            page.close()
            page = sign_in(context, mall)
            for path in given.pages.split(","):
                name = f"{path or 'workbench'}-{size}-{theme}-{given.lang}"
                show(page, mall, path)
                page.screenshot(path=INTO / f"{name}.png")
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
