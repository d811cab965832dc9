"""The console's page: what is served at which address, kept how long, under which policy; and nothing but the build."""

import gzip
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient, Response

from commissary import web

PAGE = b'<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><script src="/console/assets/a-1.js"></script>'
SCRIPT = b"export const here = 1;" * 100


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "web" / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "assets" / "a-1.js").write_bytes(SCRIPT)
    (folder / "assets" / "a-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "a-1.js.br").write_bytes(b"as brotli")
    (folder / "icon.svg").write_bytes(b"<svg/>")
    (folder / "made-of").write_text("0")
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder.parent / "secret.txt").write_text("outside")
    return folder


async def ask(
    folder: Path, path: str, told: Mapping[str, str] | None = None, method: str = "GET"
) -> Response:
    door = web.ConsoleDoor("1.2.3", folder)
    sent = {"Accept-Encoding": "identity"} | dict(told or {})
    async with AsyncClient(transport=ASGITransport(door), base_url="http://mall.test") as client:  # type: ignore[arg-type]
        return await client.request(method, path, headers=sent)


@pytest.mark.parametrize(
    "path", ["/console", "/console/", "/console/login", "/console/c/example/orders", "/console/index.html"]
)
async def test_every_address_of_the_application_is_the_page(built: Path, path: str) -> None:
    told = await ask(built, path)
    assert told.status_code == 200
    assert told.headers["cache-control"] == "no-store"
    assert told.headers["content-type"].startswith("text/html")
    nonce = re.search(rb'nonce="([\w-]{20,})"', told.content)
    assert nonce is not None
    assert f"'nonce-{nonce[1].decode()}'" in told.headers["content-security-policy"]


async def test_a_nonce_is_used_once(built: Path) -> None:
    assert (await ask(built, "/console")).content != (await ask(built, "/console")).content


async def test_the_policy_allows_our_own_scripts_alone_and_no_frame(built: Path) -> None:
    told = (await ask(built, "/console")).headers
    policy = dict(part.strip().partition(" ")[::2] for part in told["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in told["content-security-policy"]
    assert (told["x-content-type-options"], told["referrer-policy"]) == ("nosniff", "no-referrer")


async def test_hashed_files_are_kept_for_ever_and_sent_compressed(built: Path) -> None:
    plain = await ask(built, "/console/assets/a-1.js")
    assert (plain.status_code, plain.content) == (200, SCRIPT)
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["content-type"].startswith("text/javascript")
    zipped = await ask(built, "/console/assets/a-1.js", {"Accept-Encoding": "gzip, deflate"})
    assert (zipped.headers["content-encoding"], zipped.content) == ("gzip", SCRIPT)
    assert zipped.headers["vary"] == "accept-encoding"
    refused = await ask(built, "/console/assets/a-1.js", {"Accept-Encoding": "br;q=0, gzip;q=0"})
    assert "content-encoding" not in refused.headers
    best = await ask(built, "/console/assets/a-1.js", {"Accept-Encoding": "gzip;q=0.5, br"}, method="HEAD")
    assert (best.headers["content-encoding"], best.content) == ("br", b"")


async def test_what_a_browser_has_is_not_sent_again(built: Path) -> None:
    tag = (await ask(built, "/console/icon.svg")).headers["etag"]
    again = await ask(built, "/console/icon.svg", {"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    other = await ask(built, "/console/icon.svg", {"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/console/../secret.txt",
        "/console/assets/../../secret.txt",
        "/console/%2e%2e/secret.txt",
        "/console/..%2fsecret.txt",
        "/console//etc/passwd.txt",
        "/console/assets/missing.js",
        "/console/assets/a-1.js.gz",
        "/console/.vite/manifest.json",
        "/console/made-of",
    ],
)
async def test_nothing_but_the_build_is_served(built: Path, path: str) -> None:
    told = await ask(built, path)
    assert b"outside" not in told.content
    assert told.status_code == 404 or told.content.startswith(b"<!doctype html>")


async def test_a_link_out_of_the_folder_is_not_followed(built: Path) -> None:
    (built / "assets" / "leak.js").symlink_to(built.parent / "secret.txt")
    assert (await ask(built, "/console/assets/leak.js")).status_code == 404


async def test_a_page_that_was_not_built_says_how(tmp_path: Path) -> None:
    told = await ask(tmp_path / "none", "/console/c/example")
    assert told.status_code == 503
    assert "make console" in told.text
    assert "尚未构建" in told.text
    assert "__CSP_NONCE__" not in told.text


async def test_another_build_is_served_without_a_new_start(built: Path) -> None:
    door = web.ConsoleDoor("1", built)
    assert door.found("assets/b-2.js", {})[0] == 404
    (built / "assets" / "b-2.js").write_bytes(b"new")
    (built / "index.html").write_bytes(PAGE + b"<!-- 2 -->")
    assert door.found("assets/b-2.js", {})[2] == b"new"


async def test_nothing_is_changed_here(built: Path) -> None:
    told = await ask(built, "/console/login", method="POST")
    assert (told.status_code, told.headers["allow"]) == (405, "GET, HEAD")


async def test_demo_people_are_named_only_where_there_are_any_and_without_passwords(tmp_path: Path) -> None:
    assert (await ask(tmp_path, "/console/config.json")).json() == {"version": "1.2.3", "demo": None}
    door = web.ConsoleDoor("1", tmp_path)
    door.demo = web.Demo("example", [web.DemoPerson("owner@example.com", "Owner", "owner")])
    assert door.found("config.json", {})[2] == (
        b'{"version":"1","demo":{"mall":"example","people":'
        b'[{"email":"owner@example.com","name":"Owner","role":"owner"}]}}'
    )
