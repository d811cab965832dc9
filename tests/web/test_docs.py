"""The documentation: nothing of the specification is missing, nothing of it is trusted, both languages are whole."""

import asyncio
import gzip
import hashlib
import hmac
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import msgspec
import pytest
from docs_spec import ERRORS, SPEC

from commissary import web
from commissary.base.errors import RequestRefusal
from commissary.web.docs import (
    changelog,
    languages,
    markdown,
    postman,
    read,
    render,
    samples,
    words,
    workbook,
)
from commissary.web.docs.types import LANGS, Lang, Recipe

BASE = "https://mall.example"
RECIPE = Recipe()
HTML_PAGES = (render.overview, render.reference, render.catalogue, render.sandbox, render.changes)
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Document(HTMLParser):
    """Reads a page as strictly as we write it: every element closed, in order; ids once; no inline code."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)
        self.close()
        self.faults += [f"never closed: {self.open}"] if self.open else []
        self.faults += [f"id twice: {i}" for i in {i for i in self.ids if self.ids.count(i) > 1}]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        self.ids += [str(found["id"])] if "id" in found else []
        self.links += [str(found[a]) for a in ("href", "src") if a in found]
        self.faults += [
            f"inline {name} on {tag}" for name in found if name == "style" or name.startswith("on")
        ]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.faults.append(f"inline {tag}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def document(write: Any, lang: Lang, spec: Any = SPEC, errors: Any = ERRORS) -> Document:
    return Document(write(spec, errors, lang, BASE))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("write", HTML_PAGES)
def test_a_page_is_well_formed_and_needs_no_inline_code(write: Any, lang: Lang) -> None:
    assert document(write, lang).faults == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_operation_schema_and_field_appears(lang: Lang) -> None:
    page = document(render.reference, lang)
    for path, item in SPEC["paths"].items():
        for method in set(item) - {"parameters"}:
            operation = item[method]
            assert f"op-{operation['operationId'].replace('_', '-')}" in page.ids
            assert f"{method.upper()} {path}" in page.text
            assert (operation["summary"] if lang == "en" else operation["x-summary-zh"]) in page.text
    assert "op-order-delivered" in page.ids
    for name, schema in SPEC["components"]["schemas"].items():
        assert f"schema-{name}" in page.ids
        for field in schema.get("properties", {}):
            assert field in page.text


@pytest.mark.parametrize("lang", LANGS)
def test_every_error_appears_with_its_meaning(lang: Lang) -> None:
    page = document(render.catalogue, lang)
    for entry in ERRORS:
        assert entry.code in page.ids
        assert (entry.en if lang == "en" else entry.zh) in page.text


def test_links_inside_the_pages_lead_somewhere() -> None:
    pages = web.docs_pages(SPEC, ERRORS, BASE)
    documents = {
        a: Document(p.body.decode()) for a, p in pages.items() if p.content_type.startswith("text/html")
    }
    for address, page in documents.items():
        for link in page.links:
            path, _, place = link.partition("#")
            path = re.sub(r"\?v=\w+$", "", path) or address
            if path == "/openapi.json":
                continue
            assert path in pages, f"{address} links to {link}"
            if place and place != "main":
                assert place in documents[path].ids, f"{address} links to {link}"


def test_nothing_is_fetched_from_elsewhere() -> None:
    for address, page in web.docs_pages(SPEC, ERRORS, BASE).items():
        if address.endswith((".css", ".js")):
            assert not re.search(rb"https?://|@import|url\(", page.body)
        elif page.content_type.startswith("text/html"):
            assert all(link.startswith(("/", "#")) for link in Document(page.body.decode()).links)


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> `<b>` **<i>**"


FREE = ("description", "summary", "title", "x-description-zh", "told_zh", "told_en", "zh", "en")


def poisoned(node: Any) -> Any:
    """The same specification with every free text replaced by markup."""
    if isinstance(node, dict):
        return {k: EVIL if k in FREE and isinstance(v, str) else poisoned(v) for k, v in node.items()}
    return [poisoned(v) for v in node] if isinstance(node, list) else node


@pytest.mark.parametrize("lang", LANGS)
def test_markup_in_a_specification_stays_text(lang: Lang) -> None:
    evil = poisoned(SPEC)
    evil["paths"]["/v1/<script>x"] = {
        "get": {"tags": ["<b>t</b>"], "summary": EVIL, "responses": {"200": {}}}
    }
    evil["components"]["schemas"]['"><svg>'] = {"type": "string", "enum": [EVIL], "example": EVIL}
    errors = [entry._replace(en=EVIL, zh=EVIL) for entry in ERRORS]
    for write in HTML_PAGES:
        page = document(write, lang, evil, errors)
        assert page.faults == []
        assert page.tags.isdisjoint({"b", "i", "svg"})
        assert "<script>alert(1)</script>" in page.text


def test_prose_knows_paragraphs_lists_code_and_bold_and_nothing_else() -> None:
    assert render.prose("a `b<` **c**\n\n- d\n- e") == (
        "<p>a <code>b&lt;</code> <strong>c</strong></p>\n<ul><li>d</li><li>e</li></ul>"
    )
    assert render.prose("[x](javascript:alert(1)) <u>") == "<p>[x](javascript:alert(1)) &lt;u&gt;</p>"
    assert render.prose("") == ""


# -- reading it --------------------------------------------------------------------------------------------------

TEXT_ON = {
    "paper": ("ink", "soft", "accent", "bad", "good", "warn"),
    "sunk": ("ink", "soft", "accent"),
    "raised": ("ink", "soft", "accent", "code", "c-key", "c-str", "c-num", "c-word", "c-com"),
    "accent-soft": ("accent",),
    "good-bg": ("good",),
    "warn-bg": ("warn", "ink"),
    "bad-bg": ("bad",),
    "info-bg": ("info",),
    "plain-bg": ("soft", "c-key"),
}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1, 2], ids=["light", "dark by system", "dark by choice"])
def test_every_text_colour_reads_on_its_ground(theme: int) -> None:
    css = render.static("docs.css").decode()
    blocks = re.findall(r":root[^{]*\{([^}]*--paper[^}]*)\}", css)
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", blocks[theme]))
    for ground, texts in TEXT_ON.items():
        for text in texts:
            light, dark = sorted((luminance(colours[ground]), luminance(colours[text])), reverse=True)
            contrast = (light + 0.05) / (dark + 0.05)
            assert contrast >= 4.5, f"--{text} on --{ground}: {contrast:.2f}"


# -- languages ---------------------------------------------------------------------------------------------------


def test_every_text_exists_in_both_languages() -> None:
    for key, (en, zh) in words.WORDS.items():
        assert en.strip(), key
        assert zh.strip(), key
        assert not re.search("[\u4e00-\u9fff]", en), key
        assert en.count("`") == zh.count("`") or key == "lead", f"{key}: not the same code words"


def test_templates_hold_no_text_and_every_word_is_used() -> None:
    folder = resources.files("commissary.web.docs")
    sources = [f.read_text("utf-8") for f in folder.joinpath("templates").iterdir()]
    sources += [folder.joinpath(f).read_text("utf-8") for f in ("render.py", "markdown.py", "postman.py")]
    everything = "\n".join(sources)
    language_names = {"中", "文"}
    assert set(re.findall("[\u4e00-\u9fff]", everything)) <= language_names
    prefixes = ("in_", "outcome_", "who_", "twice_", "value", "length", "items", "pattern", "default")
    unused = [
        k
        for k in words.WORDS
        if not k.startswith(prefixes) and f"'{k}'" not in everything and f'"{k}"' not in everything
    ]
    assert unused == []


def test_chinese_pages_use_the_chinese_of_the_specification_or_of_the_mapping() -> None:
    given = {"Buying, and what became of it.": "采购与进度。"}
    zh = render.reference(SPEC, ERRORS, "zh-CN", BASE, zh=given)
    en = render.reference(SPEC, ERRORS, "en", BASE, zh=given)
    assert "采购与进度。" in zh
    assert "每页行数。" in zh
    assert "Rows per page." not in zh
    assert "采购与进度。" not in en
    assert "Rows per page." in en


# -- reading a specification ------------------------------------------------------------------------------------


def reader() -> read.Reader:
    return read.Reader(SPEC, tuple(ERRORS), "en", {})


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "format": "date-time"}, "string<date-time>"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Line"}}, "Line[]"),
        ({"type": "array", "items": {"type": ["integer", "null"]}}, "(integer | null)[]"),
        ({"anyOf": [{"$ref": "#/components/schemas/Money"}, {"type": "null"}]}, "Money | null"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "map<integer>"),
        ({"const": "Bearer"}, '"Bearer"'),
        ({"$ref": "#/components/schemas/OrderStatus"}, "string"),
        ({}, "any"),
    ],
)
def test_types_read_the_same_in_every_language(schema: Any, expected: str) -> None:
    assert reader().type(schema) == expected


def test_rows_open_nested_schemas_and_stop_at_a_schema_inside_itself() -> None:
    rows = {row.path: row for row in reader().rows({"$ref": "#/components/schemas/Order"})}
    assert rows["lines[].codes[].secret"].depth == 2
    assert rows["total.amount"].required
    assert rows["status"].values == ("placed", "delivering", "delivered", "failed", "cancelled")
    assert rows["replaces"].type == "Order | null"
    assert not any(path.startswith("replaces.") for path in rows)


def test_limits_and_all_of_and_unions_are_shown() -> None:
    rows = {row.path: row for row in reader().rows({"$ref": "#/components/schemas/NewOrder"})}
    assert rows["lines[].quantity"].limits == (("value", "1 … 10000"),)
    assert rows["wait_ms"].limits == (("value", "0 … 10000"), ("default", "0"))
    event = {row.path: row for row in reader().rows({"$ref": "#/components/schemas/OrderEvent"})}
    assert set(event) == {"type", "timestamp", "data", "data.order_id"}
    assert event["type"].required
    batch = SPEC["paths"]["/v1/orders/batch"]["post"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    assert [row.name for row in reader().rows(batch) if row.variant] == ["Order", "Problem"]


def test_an_operations_errors_are_those_it_names_else_those_of_its_statuses() -> None:
    api = read.reference(SPEC, ERRORS, "en", {})
    by_id = {o.id: [e.code for e in o.errors] for g in api.groups for o in g.operations}
    assert by_id["cancel_order"] == ["bad_signature", "not_cancellable"]
    assert by_id["get_order"] == ["not_found"]
    assert by_id["balance"] == ["bad_signature", "nonce_used", "bad_client", "overloaded"]


def test_the_catalogue_is_made_from_refusal_enums() -> None:
    entries = web.catalogue({"request": RequestRefusal})
    assert [e.code for e in entries] == [r.code for r in RequestRefusal]
    internal = next(e for e in entries if e.code == "internal")
    assert (internal.status, internal.retryable, internal.who, internal.outcome) == (
        500,
        True,
        "platform",
        "unknown",
    )


# -- samples run -------------------------------------------------------------------------------------------------


class Received(msgspec.Struct):
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


def run(program: str, text: str) -> None:
    """As a reader would: pasted into a terminal."""
    subprocess.run([program, "-c", text], check=True, timeout=20)  # noqa: S603


@pytest.fixture
def server() -> Iterator[tuple[str, list[Received]]]:
    """A plain HTTP server that keeps what it was sent, so that a sample can be judged from outside."""
    received: list[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {k.lower(): v for k, v in self.headers.items()}
            received.append(Received(self.command, path, query, headers, body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = answer

        def log_message(self, *args: Any) -> None: ...

    http = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}", received
    http.shutdown()


def signature_of(got: Received) -> str:
    """The server's side of the recipe, written apart from the samples."""
    digest = hashlib.sha256(got.body).hexdigest()
    stamp, nonce = got.headers["commissary-timestamp"], got.headers["commissary-nonce"]
    text = f"{got.method}\n{got.path}\n{got.query}\n{stamp}\n{nonce}\n{digest}"
    return hmac.new(samples.SECRET.encode(), text.encode(), "sha256").hexdigest()


@pytest.mark.parametrize("operation_id", ["place_order", "find_order", "get_order", "cancel_order", "quote"])
@pytest.mark.parametrize("language", ["curl", "python"])
def test_a_sample_runs_as_it_stands_and_its_signature_holds(
    server: tuple[str, list[Received]], operation_id: str, language: str
) -> None:
    base, received = server
    api = read.reference(SPEC, ERRORS, "en", {})
    operation = next(o for g in api.groups for o in g.operations if o.id == operation_id)
    if language == "curl":
        run("sh", samples.curl(operation, base, Recipe()))
    else:
        run("python3", samples.python(operation, base, Recipe()))
    (got,) = received
    assert got.method == operation.method
    assert got.headers["commissary-key"] == samples.KEY
    assert got.headers["commissary-signature"] == signature_of(got)
    if operation.request:
        assert json.loads(got.body) == operation.request.example
    if operation_id in ("cancel_order", "quote"):
        assert got.headers["idempotency-key"].endswith("-0001")
    if operation_id == "find_order":
        assert got.query == "client_order_no=PO%202026%2F1"


RUNTIMES = {
    "Node": ("node", "sample.mjs", ()),
    "Java": ("java", "Sample.java", ()),
    "PHP": ("php", "sample.php", ()),
    "Go": ("go", "sample.go", ("run",)),
}


@pytest.mark.parametrize("operation_id", ["place_order", "find_order", "cancel_order"])
@pytest.mark.parametrize("language", RUNTIMES)
def test_a_sample_of_another_language_runs_as_it_stands(
    server: tuple[str, list[Received]], tmp_path: Path, language: str, operation_id: str
) -> None:
    """Where the runtime is on PATH; C# is read, not run. What stands in the body cannot leave its quotes."""
    program, name, words = RUNTIMES[language]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on PATH: the sample in {language} was NOT run")
    base, received = server
    spec = json.loads(json.dumps(SPEC))
    evil = "'; \\ $(id) `id` ${x} \"; é 券 \\n"
    content = spec["paths"]["/v1/orders"]["post"]["requestBody"]["content"]
    content["application/json"]["example"] = {"client_order_no": evil}
    api = read.reference(spec, ERRORS, "en", {})
    operation = next(o for g in api.groups for o in g.operations if o.id == operation_id)
    written = tmp_path / name
    written.write_text(languages.LANGUAGES[language](operation, base, Recipe()), "utf-8")
    subprocess.run([program, *words, str(written)], check=True, timeout=120)  # noqa: S603
    (got,) = received
    assert got.headers["commissary-key"] == samples.KEY
    assert got.headers["commissary-signature"] == signature_of(got)
    if operation_id == "place_order":
        assert json.loads(got.body) == {"client_order_no": evil}
    if operation_id == "cancel_order":
        assert got.headers["idempotency-key"].endswith("-0001")


def test_a_quote_in_an_example_cannot_leave_the_shell_sample(server: tuple[str, list[Received]]) -> None:
    base, received = server
    spec = json.loads(json.dumps(SPEC))
    evil = "'; touch /nowhere/$(id) `id` \"; é 券"
    content = spec["paths"]["/v1/orders"]["post"]["requestBody"]["content"]
    content["application/json"]["example"] = {"client_order_no": evil}
    api = read.reference(spec, ERRORS, "en", {})
    operation = next(o for g in api.groups for o in g.operations if o.id == "place_order")
    for program, write in (("sh", samples.curl), ("python3", samples.python)):
        run(program, write(operation, base, Recipe()))
        got = received.pop()
        assert json.loads(got.body) == {"client_order_no": evil}
        assert got.headers["commissary-signature"] == signature_of(got)


@pytest.mark.parametrize("language", ["curl", "python"])
def test_an_unsigned_form_sample_sends_the_form(server: tuple[str, list[Received]], language: str) -> None:
    base, received = server
    api = read.reference(SPEC, ERRORS, "en", {})
    operation = next(o for g in api.groups for o in g.operations if o.id == "token")
    write, runner = (samples.curl, "sh") if language == "curl" else (samples.python, "python3")
    run(runner, write(operation, base, Recipe()))
    (got,) = received
    assert b"grant_type=client_credentials" in got.body
    assert "commissary-signature" not in got.headers


def test_the_webhook_sample_accepts_the_published_example_and_refuses_a_changed_one() -> None:
    scope: dict[str, Any] = {}
    exec(samples.webhook_python(), scope)  # noqa: S102
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert scope["is_ours"](secret, headers, body, now=1614265330)
    assert not scope["is_ours"](secret, headers, body + b" ", now=1614265330)
    assert not scope["is_ours"](secret, headers, body, now=1614265330 + 301)


@pytest.mark.parametrize("lang", LANGS)
def test_llms_txt_leads_to_every_page_as_markdown(lang: Lang) -> None:
    all_pages = web.docs_pages(SPEC, ERRORS, BASE)
    text = markdown.llms(SPEC, ERRORS, lang, BASE, RECIPE, {})
    links = re.findall(r"\]\((\S+)\)", text)
    operations = sum(len(set(item) - {"parameters"}) for item in SPEC["paths"].values())
    assert len(links) == len(markdown.PAGES) + operations + 3
    for link in links:
        assert link.startswith(BASE)
        address = link.removeprefix(BASE)
        assert address in all_pages or address == "/openapi.json", link
    for address, page in all_pages.items():
        if page.content_type.startswith("text/html") and address.endswith("?lang=en") == (lang == "en"):
            name = address.partition("?")[0].removeprefix("/docs").strip("/") or "overview"
            assert Document(page.body.decode()).links.count(markdown.address(name, lang)) == 2


@pytest.mark.parametrize("lang", LANGS)
def test_each_operation_has_a_page_of_its_own_as_markdown_and_for_programs(lang: Lang) -> None:
    api = read.reference(SPEC, ERRORS, lang, {})
    operations = list(workbook.operations_of(api))
    assert [workbook.name_of(o) for o in operations] != []
    assert sorted(read.names_of(SPEC)) == sorted(workbook.name_of(o) for o in operations)
    told = json.loads(workbook.index(api))["groups"]
    assert [one["path"] for group in told for one in group["operations"]] == [o.path for o in operations]
    pages, suffix = web.docs_pages(SPEC, ERRORS, BASE), "" if lang == "zh-CN" else "?lang=en"
    for operation in operations:
        name = workbook.name_of(operation)
        shown = json.loads(pages[f"/docs/reference/{name}.json{suffix}"].body)
        text = pages[f"/docs/reference/{name}.md{suffix}"].body.decode()
        assert text.startswith(f"### {operation.method} {operation.path} — {operation.summary}\n")
        assert text.count("```") % 2 == 0
        assert [e["code"] for e in shown["errors"]] == [e.code for e in operation.errors]
        assert all(f"| `{e.code}` | {e.status} |" in text for e in operation.errors)
        for sample in shown["samples"]:
            assert sample["text"] in text
            if operation.signed:
                assert shown["key"] in sample["text"]
                assert shown["secret"] in sample["text"]
        # What a reader puts in place of the examples stands in what is sent.
        sent = "".join(shown["call"][part] for part in ("path", "query", "body"))
        for value in (v for values in shown["values"].values() for v in values):
            assert value in sent or quote(value, safe="") in sent


@pytest.mark.parametrize("lang", LANGS)
def test_the_markdown_says_what_the_pages_say(lang: Lang) -> None:
    text = markdown.full(SPEC, ERRORS, lang, BASE, RECIPE, {})
    for path, item in SPEC["paths"].items():
        for method in set(item) - {"parameters"}:
            summary = item[method]["summary" if lang == "en" else "x-summary-zh"]
            assert f"### {method.upper()} {path} — {summary}\n" in text
    for entry in ERRORS:
        assert f"| `{entry.code}` | {entry.status} | {entry.en if lang == 'en' else entry.zh} |" in text
    assert "NewOrder" in text
    assert text.count("```") % 2 == 0
    for version in SPEC["info"]["x-versions"]:
        assert all(f"** {c['told'][lang[:2]]}" in text for c in version["changes"])
    assert text.count("**" + words.word("breaking", lang) + "** ") == 1 + sum(
        n.breaking for r in changelog.releases() for _, notes in r.kinds for n in notes
    )


def test_the_changelog_is_the_file_of_the_source() -> None:
    found = changelog.releases()
    assert found
    source = Path(changelog.__file__).parents[4] / "CHANGELOG.md"
    assert changelog.read(source.read_text("utf-8")) == found
    text = markdown.changes(SPEC, ERRORS, "en", BASE, RECIPE, {})
    for release in found:
        assert release.kinds, release.version
        for _, notes in release.kinds:
            assert all(note.text in text for note in notes)
    assert sum(n.breaking for r in found for _, notes in r.kinds for n in notes) >= 2
    said = changelog.read(
        "# C\n\n## [1.2.0] - 2026-12-01\n\n### Changed\n\n- **Breaking.** It [goes](docs/x.md)\n  on.\n- So.\n"
    )
    assert said == (
        changelog.Release(
            "1.2.0",
            "2026-12-01",
            (("Changed", (changelog.Note("It goes on.", True), changelog.Note("So.", False))),),
        ),
    )


# -- the collection ----------------------------------------------------------------------------------------------

# Of https://schema.getpostman.com/json/collection/v2.1.0/collection.json, what we write, and no more than that.
TEXT = {"type": "string"}
PAIRS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "value"],
        "properties": {"key": TEXT, "value": TEXT, "description": TEXT, "disabled": {"type": "boolean"}},
        "additionalProperties": False,
    },
}
COLLECTION: dict[str, Any] = {
    "type": "object",
    "required": ["info", "item"],
    "additionalProperties": False,
    "properties": {
        "info": {
            "type": "object",
            "required": ["name", "schema"],
            "properties": {"name": TEXT, "description": TEXT, "schema": {"const": postman.FORMAT}},
            "additionalProperties": False,
        },
        "item": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/folder"}},
        "event": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["listen", "script"],
                "properties": {
                    "listen": {"enum": ["test", "prerequest"]},
                    "script": {
                        "type": "object",
                        "properties": {
                            "type": {"const": "text/javascript"},
                            "exec": {"type": "array", "items": TEXT},
                        },
                    },
                },
            },
        },
        "variable": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["key", "value"],
                "properties": {"key": TEXT, "value": TEXT, "type": {"const": "string"}},
            },
        },
    },
    "$defs": {
        "folder": {
            "type": "object",
            "required": ["name", "item"],
            "properties": {"name": TEXT, "item": {"type": "array", "items": {"$ref": "#/$defs/item"}}},
            "additionalProperties": False,
        },
        "item": {
            "type": "object",
            "required": ["name", "request"],
            "properties": {
                "name": TEXT,
                "request": {"$ref": "#/$defs/request"},
                "response": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name", "originalRequest", "status", "code", "header", "body"],
                        "properties": {
                            "originalRequest": {"$ref": "#/$defs/request"},
                            "code": {"type": "integer"},
                            "header": PAIRS,
                            "body": TEXT,
                        },
                    },
                },
            },
            "additionalProperties": False,
        },
        "request": {
            "type": "object",
            "required": ["method", "header", "url"],
            "additionalProperties": False,
            "properties": {
                "method": {"enum": ["GET", "PUT", "POST", "PATCH", "DELETE"]},
                "header": PAIRS,
                "description": TEXT,
                "auth": {"const": {"type": "noauth"}},
                "url": {
                    "type": "object",
                    "required": ["raw", "host", "path"],
                    "properties": {
                        "raw": {"type": "string", "pattern": r"^\{\{base\}\}/"},
                        "host": {"type": "array", "items": TEXT},
                        "path": {"type": "array", "items": TEXT},
                        "query": PAIRS,
                        "variable": PAIRS,
                    },
                    "additionalProperties": False,
                },
                "body": {
                    "oneOf": [
                        {
                            "required": ["mode", "raw"],
                            "properties": {"mode": {"const": "raw"}, "raw": TEXT, "options": {}},
                            "additionalProperties": False,
                        },
                        {
                            "required": ["mode", "urlencoded"],
                            "properties": {"mode": {"const": "urlencoded"}, "urlencoded": PAIRS},
                            "additionalProperties": False,
                        },
                    ]
                },
            },
        },
    },
}


@pytest.mark.parametrize("lang", LANGS)
def test_the_collection_is_of_its_format_and_has_every_call(lang: Lang) -> None:
    made = json.loads(postman.collection(SPEC, ERRORS, lang, BASE, RECIPE, {}))
    jsonschema.validate(made, COLLECTION)
    calls = [item for folder in made["item"] for item in folder["item"]]
    api = read.reference(SPEC, ERRORS, lang, {})
    operations = [o for g in api.groups for o in g.operations if not o.incoming]
    assert [c["name"] for c in calls] == [o.summary for o in operations]
    for call, operation in zip(calls, operations, strict=True):
        assert ("auth" not in call["request"]) == operation.signed
        named = {v["key"] for v in call["request"]["url"]["variable"]}
        assert named == set(re.findall(r"\{(\w+)\}", operation.path))


# -- the door ----------------------------------------------------------------------------------------------------


async def get(
    path: str, query: str = "", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError("the documentation reads no body")

    door = web.docs_door(web.docs_pages(SPEC, ERRORS, BASE))
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": raw}
    await door(scope, receive, send)
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"]


async def test_the_door_speaks_chinese_unless_asked_otherwise() -> None:
    _, _, zh = await get("/docs")
    _, _, en = await get("/docs/", "lang=en")
    _, _, odd = await get("/docs", "lang=xx")
    assert b'<html lang="zh-CN">' in zh
    assert b'<html lang="en">' in en
    assert odd == zh


async def test_the_door_answers_with_strict_headers_and_knows_its_etag() -> None:
    status, headers, body = await get("/docs/reference")
    assert status == 200
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["content-length"] == str(len(body))
    status, _, body = await get("/docs/reference", if_none_match=headers["etag"])
    assert (status, body) == (304, b"")
    status, headers, body = await get("/docs/docs.css", "v=abc")
    assert (status, headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in headers["cache-control"]


async def test_the_door_sends_what_the_reader_takes_and_codes_it_once() -> None:
    _, plain, whole = await get("/docs/reference")
    assert "content-encoding" not in plain
    assert plain["vary"] == "accept-encoding"
    _, zipped, body = await get("/docs/reference", accept_encoding="br;q=1, gzip")
    assert (zipped["content-encoding"], zipped["vary"]) == ("gzip", "accept-encoding")
    assert gzip.decompress(body) == whole
    assert len(body) < len(whole) / 3
    assert zipped["etag"] != plain["etag"]
    again = await get("/docs/reference", accept_encoding="gzip", if_none_match=f'"x", W/{zipped["etag"]}')
    assert (again[0], again[2]) == (304, b"")
    assert again[1]["etag"] == zipped["etag"]
    other = await get("/docs/reference", accept_encoding="identity", if_none_match=zipped["etag"])
    assert (other[0], other[2]) == (200, whole), "the tag is of one coding"
    refused = await get("/docs/reference", accept_encoding="gzip;q=0")
    assert "content-encoding" not in refused[1]
    small = web.Document("text/plain; charset=utf-8", b"short")
    assert small.coding({b"accept-encoding": b"gzip"}) is None
    large = web.Document("text/plain; charset=utf-8", b"long " * 1_000)
    told = {b"accept-encoding": b"gzip"}
    assert not large.coded, "nothing is coded before it is asked for"
    await asyncio.gather(*(large.ready(large.coding(told)) for _ in range(3)))
    kept = large.coded["gzip"]
    await large.ready("gzip")
    assert large.coded["gzip"] is kept


async def test_the_door_refuses_what_it_does_not_have() -> None:
    assert (await get("/docs/../secret"))[0] == 404
    assert (await get("/docs/errors", method="POST"))[0] == 405
    status, headers, body = await get("/docs/errors", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 1000


async def test_the_door_knows_where_a_page_went() -> None:
    status, headers, _ = await get("/docs/versions", "lang=en")
    assert (status, headers["location"]) == (308, "/docs/changelog?lang=en")
    status, headers, body = await get("/docs/errors.md", "lang=en")
    assert (status, headers["content-type"]) == (200, "text/markdown; charset=utf-8")
    assert body.startswith(b"# Errors\n")
