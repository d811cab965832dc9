"""`/verify/<token>`: what anybody who holds a card may see, in Chinese and with `?lang=en` in English. No code, no buyer."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any
from urllib.parse import parse_qs

import psycopg
from jinja2 import Environment, PackageLoader, StrictUndefined

from commissary import insight
from commissary.base.env import Env
from commissary.base.http import Receive, Scope, Send

from ..coded import answer
from ..docs.pages import CSP
from .throttle import Throttle
from .words import SIGNS, Lang, words

log = logging.getLogger("commissary.verify")

AT_ONCE = 4  # strangers never get more of the database's connections than this


@dataclass
class GenuineDoor:
    """An ASGI application for `/verify/` and below. `address_of` says where a request comes from."""

    env: Env
    address_of: Callable[[Scope], str]
    throttle: Throttle = field(default_factory=Throttle)
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        head = scope["method"] == "HEAD"
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, [(b"allow", b"GET, HEAD")], b"")
            return
        if scope["path"] == "/verify/page.css":
            kept = [
                (b"content-type", b"text/css; charset=utf-8"),
                (b"cache-control", b"public, max-age=3600"),
            ]
            await answer(send, 200, kept, _css(), head=head)
            return
        lang: Lang = "zh-CN"
        if parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang") == ["en"]:
            lang = "en"
        status, page = await self._page(scope, lang)
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-language", lang.encode()),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", CSP.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            *([(b"retry-after", b"60")] if status == 429 else []),
        ]
        await answer(send, status, headers, page.encode(), head=head)

    async def _page(self, scope: Scope, lang: Lang) -> tuple[int, str]:
        who, now_s = self.address_of(scope), time.monotonic()
        path: str = scope["path"]
        if not self.throttle.take(who, now_s):
            return 429, render(lang, "busy", path)
        try:
            async with self._few:
                found = await insight.authenticity(self.env, path.removeprefix("/verify/"))
        except (psycopg.OperationalError, TimeoutError) as error:
            log.warning("a page of authenticity could not be read: %s", type(error).__name__)
            return 503, render(lang, "busy", path)
        if found is None:
            self.throttle.miss(who, now_s)
            return 404, render(lang, "unknown", path)
        return 200, render(lang, found.standing, path, found)


def render(lang: Lang, standing: str, path: str, found: Any = None) -> str:
    told = words(lang)
    sign = SIGNS[standing]
    page: str = _template().render(lang=lang, standing=standing, w=told, sign=sign, path=path, found=found)
    return page


@lru_cache
def _template() -> Any:
    loader = PackageLoader("commissary.web.genuine", "")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return made.get_template("page.html")


@lru_cache
def _css() -> bytes:
    return resources.files("commissary.web.genuine").joinpath("page.css").read_bytes()
