"""All pages at their addresses, and the door that serves them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache, partial
from typing import Any
from urllib.parse import parse_qs

from ..coded import Document, answer, serve
from . import markdown, postman, read, render, workbook
from .types import LANGS, ErrorEntry, Lang, Recipe, Reference, Spec

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
MARKDOWN, JSON = "text/markdown; charset=utf-8", "application/json"
MOVED = {"/docs/versions": "/docs/changelog"}


Write = Callable[[Spec, Iterable[ErrorEntry], Lang, str, Recipe, Mapping[str, str]], str]


class Pages(Mapping[str, Document]):
    """Address → page, written when it is first asked for: all of them together take as long as the rest of a start.

    An address is a path, with `?lang=…` for the language that is not the path's default one.
    """

    def __init__(self, writers: Mapping[str, Callable[[], Document]]) -> None:
        self._writers = dict(writers)
        self._written: dict[str, Document] = {}

    def __getitem__(self, address: str) -> Document:
        if (page := self._written.get(address)) is None:
            page = self._written[address] = self._writers[address]()
        return page

    def __iter__(self) -> Iterator[str]:
        return iter(self._writers)

    def __len__(self) -> int:
        return len(self._writers)

    def written(self, address: str) -> Document | None:
        """Without writing it."""
        return self._written.get(address)


def docs_pages(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    base_url: str,
    recipe: Recipe = render.RECIPE,
    zh: Mapping[str, str] = render.NOTHING,
) -> Pages:
    base_url, entries = base_url.rstrip("/"), tuple(errors)

    def written(write: Write, content_type: str, lang: Lang) -> Callable[[], Document]:
        return lambda: Document(content_type, write(spec, entries, lang, base_url, recipe, zh).encode())

    def kept(name: str, content_type: str) -> Callable[[], Document]:
        return lambda: Document(content_type, render.static(name))

    writers: dict[str, Callable[[], Document]] = {}
    for path, write, content_type, default in (
        ("/docs", render.overview, HTML, "zh-CN"),
        ("/docs/reference", render.reference, HTML, "zh-CN"),
        ("/docs/errors", render.catalogue, HTML, "zh-CN"),
        ("/docs/sandbox", render.sandbox, HTML, "zh-CN"),
        ("/docs/changelog", render.changes, HTML, "zh-CN"),
        *((f"/docs/{name}.md", write, MARKDOWN, "zh-CN") for name, write in markdown.PAGES.items()),
        ("/docs/postman.json", postman.collection, JSON, "zh-CN"),
        ("/docs/llms.txt", markdown.llms, TEXT, "en"),
        ("/docs/llms-full.txt", markdown.full, TEXT, "en"),
    ):
        for lang in LANGS:
            address = path if lang == default else f"{path}?lang={lang}"
            writers[address] = written(write, content_type, lang)

    # One reading per language for all operations: each page of its own would read the whole document again.
    @lru_cache
    def api(lang: Lang) -> Reference:
        return read.reference(spec, entries, lang, zh)

    def alone(name: str, lang: Lang, kind: str) -> Document:
        operation = next(o for o in workbook.operations_of(api(lang)) if workbook.name_of(o) == name)
        if kind == "md":
            return Document(
                MARKDOWN, markdown.operation_page(api(lang), operation, lang, base_url, recipe).encode()
            )
        return Document(JSON, workbook.page(operation, lang, base_url, recipe).encode())

    names = read.names_of(spec)
    for lang in LANGS:
        suffix = "" if lang == "zh-CN" else f"?lang={lang}"
        writers[f"/docs/reference.json{suffix}"] = partial(_index, api, lang)
        for name in names:
            for kind in ("md", "json"):
                writers[f"/docs/reference/{name}.{kind}{suffix}"] = partial(alone, name, lang, kind)
    for name, content_type in (
        ("docs.css", "text/css; charset=utf-8"),
        ("docs.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
    ):
        writers[f"/docs/{name}"] = kept(name, content_type)
    return Pages(writers)


def _index(api: Callable[[Lang], Reference], lang: Lang) -> Document:
    return Document(JSON, workbook.index(api(lang)).encode())


def docs_door(pages: Pages) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """An ASGI application for `/docs` and below: GET and HEAD, coded, with an ETag, and the headers that go with strict CSP."""

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        address = address_of(pages, scope["path"].rstrip("/"), (query.get("lang") or [""])[0])
        if address is None and (moved := MOVED.get(scope["path"].rstrip("/"))):
            asked = b"?" + q if (q := scope.get("query_string", b"")) else b""
            await answer(send, 308, [(b"location", moved.encode() + asked)], b"")
            return
        if address is None:
            await answer(send, 404, [(b"content-type", TEXT.encode())], "404 — /docs\n".encode())
            return
        # In a thread: orders are placed by the same loop.
        page = pages.written(address)
        if page is None:
            page = await asyncio.to_thread(pages.__getitem__, address)
        kept = "public, max-age=31536000, immutable" if "v" in query else "no-cache"
        headers = [
            (b"cache-control", kept.encode()),
            (b"content-security-policy", CSP.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
        ]
        await serve(page, scope, send, headers)

    return door


def address_of(pages: Mapping[str, Document], path: str, lang: str) -> str | None:
    """The page in the language asked for, else in the path's default one."""
    return next((a for a in (f"{path}?lang={lang}", path) if a in pages), None)
