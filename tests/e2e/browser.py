"""What the journeys and the screenshots share: the running mall, Chromium, and a person who signs in."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from playwright.sync_api import BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
START = "from commissary.cli import main; main()"
PATIENCE_MS = 90_000  # for what has to come; on a busy machine that is not at once
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Page, and whether its rows open.
PAGES = (
    "",
    "inbox",
    "inbox?tab=notices",
    "orders",
    "orders?tab=bulk",
    "orders?tab=files",
    "work",
    "purchases",
    "goods",
    "vault",
    "vault?tab=low",
    "vault?tab=trace",
    "restock",
    "restock?tab=policies",
    "restock?tab=budget",
    "prices",
    "suppliers",
    "connections",
    "customers",
    "risk",
    "risk?tab=rules",
    "risk?tab=lists",
    "money",
    "money?tab=tax",
    "reconcile",
    "sandbox",
    "jobs",
    "people",
    "roles",
    "approval-rules",
    "platform",
    "platform?tab=faces",
    "system",
    "audit",
    "reveals",
    "security",
)


@dataclass(frozen=True)
class Mall:
    url: str
    password: str = field(repr=False)
    link: str = field(repr=False)
    """Signs the owner in."""
    environ: dict[str, str] = field(repr=False, default_factory=dict)

    def sql(self, statement: str) -> str:
        """As the installation's administrator; what it answers, without heads."""
        told = [sys.executable, "-c", START, "psql", "-v", "ON_ERROR_STOP=1", "-Atc", statement]
        done = subprocess.run(told, env=self.environ, check=True, capture_output=True)  # noqa: S603
        return done.stdout.decode().strip()


def chromium() -> str:
    """Of this machine, else one that npm has; COMMISSARY_CHROMIUM names another."""
    found = os.environ.get("COMMISSARY_CHROMIUM") or next(
        (path for name in NAMES if (path := shutil.which(name))), None
    )
    if found is None:
        fetch = [sys.executable, str(ROOT / "tools" / "chromium" / "fetch.py")]
        found = subprocess.run(fetch, stdout=subprocess.PIPE, text=True).stdout.strip()  # noqa: S603
    if not found:
        sys.exit(
            "There is no Chromium on PATH, and none could be fetched. 未找到 Chromium，也无法下载。\n"
            "  Debian, Ubuntu: apt install chromium fonts-noto-cjk\n"
            "  macOS: brew install --cask chromium    Fedora: dnf install chromium"
        )
    return found


@contextlib.contextmanager
def running(folder: Path, outgoing: str = "") -> Iterator[Mall]:
    """`commissary up` in a folder of its own, until its last line is said and its first orders are placed. `outgoing`: the
    loopback addresses that it may call, where a simulated supplier listens."""
    told = folder / "up.log"
    env = os.environ | {
        "COMMISSARY_DATA": str(folder / "data"),
        "COMMISSARY_KEYS": str(folder / "keys"),
        "PYTHONPATH": str(ROOT / "src"),
        "COMMISSARY_OUTGOING_ALLOW": outgoing,
    }
    with told.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", START, "up", "--port", "0"], stdout=out, stderr=out, env=env
        )
    try:
        said = _said(process, told, "export COMMISSARY_URL=")
        url = re.search(r"ready at (\S+)", said)
        password = re.search(r"password of all its people: (\S+)", said)
        link = re.search(r"sign in as the owner: (\S+)", said)
        if url is None or password is None or link is None:
            raise AssertionError(said)
        yield Mall(url[1], password[1], link[1], env)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _said(process: subprocess.Popen[bytes], told: Path, last: str) -> str:
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        if last in (said := told.read_text("utf-8", errors="replace")):
            return said
        time.sleep(0.2)
    raise AssertionError(told.read_text("utf-8", errors="replace"))


def prefer(context: BrowserContext, lang: str, theme: str) -> None:
    """What the person chose before; only where nothing was chosen since."""
    context.set_default_timeout(PATIENCE_MS)
    kept = json.dumps({"lang": lang, "theme": theme})
    context.add_init_script(
        f"localStorage.getItem('commissary.console') ?? localStorage.setItem('commissary.console', {kept!r})"
    )


def sign_in(context: BrowserContext, mall: Mall, email: str = "owner@example.com") -> Page:
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if email == "owner@example.com":
        page.goto(mall.link)
    else:
        page.goto(f"{mall.url}/console/login")
        page.fill("[name=mall]", "example")
        page.fill("[name=email]", email)
        page.fill("[name=password]", mall.password)
    page.get_by_test_id("sign-in").click()
    page.wait_for_selector(".shell h1")
    return page


def show(page: Page, mall: Mall, path: str) -> None:
    """A page of the example mall, with its rows."""
    page.goto(f"{mall.url}/console/c/example{'/' if path else ''}{path}")
    page.wait_for_selector("h1")
    page.wait_for_selector(
        '.content :is([data-testid="row"], [data-testid="empty"], .todo, .small, .note, .part)'
    )
    quiet(page)


def quiet(page: Page) -> None:
    """Nothing is being fetched for the page. Not "network idle": the stream of live events never is."""
    page.wait_for_selector('body:not(:has([aria-busy="true"]))', state="attached")
    page.wait_for_timeout(150)


@contextlib.contextmanager
def owner_of(mall: Mall) -> Iterator[httpx.Client]:
    """The same API without a browser: what the screens are held against."""
    with httpx.Client(base_url=mall.url, headers={"Origin": mall.url}) as client:
        told = {"mall": "example", "email": "owner@example.com", "password": mall.password}
        client.post("/console/v1/sessions", json=told).raise_for_status()
        yield client


def pick(field: Locator, typed: str, id_: str = "") -> None:
    """In a field that looks for one of many: types, and takes that one, else the first."""
    field.fill(typed)
    found = field.page.locator(f"[role=option][data-id='{id_}']" if id_ else ".pick-list [role=option]")
    option = found.filter(has_text=re.compile(re.escape(typed), re.IGNORECASE)).first
    expect(option).to_be_visible()
    option.click()
    expect(field).not_to_have_attribute("data-value", "")


if __name__ == "__main__":
    # Is there a browser, and does it start here?
    with sync_playwright() as tool:
        tool.chromium.launch(executable_path=chromium()).close()
