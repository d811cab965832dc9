"""The console at `/console`: the built single page of `frontend/`, its files, and a notice where it was not built.

Only files found in the build's folder are ever served: an address is looked up, never joined to a path. Hashed files are
immutable, the page itself is never kept, for it carries the nonce of its answer (antd writes its styles at run time).
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path

import msgspec

from commissary.base.http import Receive, Scope, Send

from .coded import CODINGS, Document, Fields, answer

ROOT = "/console"
DIST = Path(__file__).parent / "dist"
NONCE = b"__CSP_NONCE__"
_ENDINGS = dict(zip(CODINGS, (".br", ".gz"), strict=True))
_FOREVER = b"public, max-age=31536000, immutable"
_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class DemoPerson(msgspec.Struct, frozen=True):
    """Somebody of the example mall; his password is told where the server was started, never here."""

    email: str
    name: str
    role: str


class Demo(msgspec.Struct, frozen=True):
    mall: str
    people: list[DemoPerson]


class Config(msgspec.Struct, frozen=True):
    """What the page must know before anybody is signed in."""

    version: str
    demo: Demo | None = None


@dataclass
class ConsoleDoor:
    """An ASGI application for `/console` and below, but for the API's `/console/v1/`."""

    version: str
    folder: Path = DIST
    demo: Demo | None = None
    _built_at: int = field(default=-1, repr=False)
    _files: dict[str, Document] = field(default_factory=dict, repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        head = scope["method"] == "HEAD"
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 405, [(b"allow", b"GET, HEAD"), *_SAFE], b"")
            return
        told = {name.lower(): value for name, value in scope.get("headers", [])}
        status, fields, body = self.found(scope["path"].removeprefix(ROOT).lstrip("/"), told)
        await answer(send, status, fields + _SAFE, body, head=head)

    def found(self, name: str, told: Mapping[bytes, bytes]) -> tuple[int, Fields, bytes]:
        """Status, header fields and body for a name below `/console/`; `told`: the request's header fields."""
        if name == "config.json":
            fields = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
            return 200, fields, msgspec.json.encode(Config(self.version, self.demo))
        files = self._now()
        if (file := files.get(name)) is not None and name != "index.html":
            kept = _FOREVER if name.startswith("assets/") else b"no-cache"
            return file.given(told, file.coding(told), [(b"cache-control", kept)])
        if "." in name.rpartition("/")[2] and name != "index.html":
            return (
                404,
                [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")],
                b"",
            )
        page = files.get("index.html")
        nonce = secrets.token_urlsafe(16).encode()
        fields = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", csp(nonce)),
        ]
        if page is None:
            return 503, fields, _NOTICE.replace(NONCE, nonce)
        return 200, fields, page.body.replace(NONCE, nonce)

    def _now(self) -> Mapping[str, Document]:
        """The build as it is; read again after another build."""
        index = self.folder / "index.html"
        try:
            built_at = index.stat().st_mtime_ns
        except OSError:
            built_at = -1
        if built_at != self._built_at:
            self._files = dict(_read(self.folder)) if built_at >= 0 else {}
            self._built_at = built_at
        return self._files


def csp(nonce: bytes) -> bytes:
    """Scripts are ours alone; styles too, and those that our own scripts write."""
    return (
        b"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-%b'; img-src 'self' data:; font-src 'self'; "
        b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" % nonce
    )


def _read(folder: Path) -> Iterator[tuple[str, Document]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.is_symlink() or name.startswith(".") or path.suffix in (".br", ".gz"):
            continue
        if name == "made-of":
            continue
        body = path.read_bytes()
        kind = guess_type(path.name)[0] or "application/octet-stream"
        if kind.startswith("text/") or kind.endswith("javascript"):
            kind += "; charset=utf-8"
        coded = {
            coding: packed.read_bytes()
            for coding, ending in _ENDINGS.items()
            if (packed := path.with_name(path.name + ending)).is_file()
        }
        yield name, Document(kind, body, coded, on_demand=False)


_NOTICE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Commissary 券厨</title>
<style nonce="__CSP_NONCE__">:root{color-scheme:light dark}body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;
margin:12vh auto;padding:0 1.5rem}pre{padding:.8rem 1rem;border:1px solid;border-radius:8px;overflow:auto}</style>
</head><body><main>
<h1>后台界面尚未构建</h1>
<p>接口与其他功能均可正常使用。在源码目录中执行以下命令，然后刷新本页：</p>
<pre>make console</pre>
<h2 lang="en">The console has not been built</h2>
<p lang="en">The API and everything else work. Run the command above in the source folder, then reload this page.</p>
</main></body></html>
""".encode()
