"""A browser before the example mall, started as `commissary up` starts it. Left out of `make test`: see `make e2e`."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Mall, chromium, prefer, running
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from words import Words

expect.set_options(timeout=20_000)  # on a busy machine

if not os.environ.get("COMMISSARY_E2E"):
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def place() -> int:
    """Where a supplier may listen that the mall is to buy from."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def mall(tmp_path_factory: pytest.TempPathFactory, place: int) -> Iterator[Mall]:
    folder: Path = tmp_path_factory.mktemp("mall")
    with running(folder, f"127.0.0.1:{place}") as mall:
        yield mall
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tool:
        found = tool.chromium.launch(executable_path=chromium())
        yield found
        found.close()


@pytest.fixture
def lang() -> str:
    """Of the browser; a journey that is gone in both is parametrized with `LANGS`."""
    return "zh-CN"


@pytest.fixture
def say(mall: Mall, lang: str) -> Words:
    return Words(mall, lang)


@pytest.fixture
def context(browser: Browser, lang: str) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale=lang)
    prefer(made, lang, "light")
    yield made
    made.close()
