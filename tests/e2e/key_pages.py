"""Pictures of ten key pages in both languages, for README and docs, into docs/images.

make pictures
"""

import tempfile
from pathlib import Path

from browser import ROOT, Mall, chromium, owner_of, prefer, quiet, running, show, sign_in
from playwright.sync_api import Browser, sync_playwright

INTO = ROOT / "docs" / "images"
LANGS = ("zh-CN", "en")
# Name, whose page, its address, and which of its rows is open.
PAGES: tuple[tuple[str, str, str, int | None], ...] = (
    ("workbench", "owner", "", None),
    ("order", "owner", "orders", 0),
    ("prices", "owner", "prices", None),
    ("vault", "owner", "vault", None),
    ("routing", "owner", "connections", 0),
    ("reconcile", "finance", "reconcile?tab=days&connection_id={connection}", 0),
    ("risk", "owner", "risk?tab=rules", 0),
    ("money", "finance", "money?tab=trial", None),
    ("market", "bluewhale", "market", 0),
    ("developer", "bluewhale", "dev", None),
)


def main() -> None:
    INTO.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as mall,
        sync_playwright() as tool,
    ):
        browser = tool.chromium.launch(executable_path=chromium())
        connection = reconciled(mall)
        for lang in LANGS:
            for person in dict.fromkeys(whose for _, whose, _, _ in PAGES):
                pictures(browser, mall, lang, person, connection)
        browser.close()


def reconciled(mall: Mall) -> str:
    """A connection with a day that was matched."""
    with owner_of(mall) as api:
        for one in api.get("/console/v1/connections", params={"size": 200}).json()["items"]:
            if api.get(f"/console/v1/connections/{one['id']}/days").json()["items"]:
                return str(one["id"])
    raise AssertionError("no day of the example was matched")


def pictures(browser: Browser, mall: Mall, lang: str, person: str, connection: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    prefer(context, lang, "light")
    page = sign_in(context, mall, f"{person}@example.com")
    for name, whose, path, row in PAGES:
        if whose != person:
            continue
        show(page, mall, path.format(connection=connection))
        if row is not None:
            page.locator(".rowlink").nth(row).click()
            page.wait_for_selector(".ant-drawer-body :is(dl, .part)")
            quiet(page)
        page.wait_for_timeout(400)  # the drawer has come to rest
        page.screenshot(path=INTO / f"{name}-{lang}.png")
        print(INTO / f"{name}-{lang}.png")
    context.close()


if __name__ == "__main__":
    main()
