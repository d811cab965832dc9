"""Pages as text: pure functions from a specification and a catalogue to HTML in one language."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from . import changelog, idempotency, languages, read, samples, workbook
from .types import ErrorEntry, Lang, Operation, Recipe, Reference, Spec
from .words import domain, word

RECIPE = Recipe()
NOTHING: Mapping[str, str] = {}


def overview(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs`: first call, authentication, idempotency, errors, webhooks."""
    entries = tuple(errors)
    api = read.reference(spec, entries, lang, zh)
    refusal = next((e for e in entries if e.status == 409), entries[0] if entries else None)
    return page(
        "overview",
        lang,
        api,
        base_url,
        recipe,
        first=find(api, "POST", "/v1/orders") or next((o for g in api.groups for o in g.operations), None),
        token=find(api, "POST", "/oauth/token"),
        problem=problem_of(refusal, lang) if refusal else None,
    )


def reference(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs/reference`: every operation and every schema."""
    return page("reference", lang, read.reference(spec, errors, lang, zh), base_url, recipe)


def catalogue(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs/errors`: every refusal, by domain."""
    entries = tuple(errors)
    domains: dict[str, list[ErrorEntry]] = {}
    for entry in entries:
        domains.setdefault(entry.domain, []).append(entry)
    api = read.reference(spec, entries, lang, zh)
    return page(
        "errors",
        lang,
        api,
        base_url,
        recipe,
        domains=domains,
        domain=partial(domain, lang=lang),
        total=len(entries),
    )


def changes(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs/changelog`: what changed with each version of the API and when one ends, and the product's releases."""
    api = read.reference(spec, tuple(errors), lang, zh)
    versions = spec["info"].get("x-versions", [])
    return page("changelog", lang, api, base_url, recipe, versions=versions, releases=changelog.releases())


def sandbox(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs/sandbox`: the magic goods, and what a sandbox is."""
    api = read.reference(spec, tuple(errors), lang, zh)
    return page("sandbox", lang, api, base_url, recipe, magic=spec["info"].get("x-sandbox", []))


# -- pages ------------------------------------------------------------------------------------------------------


def page(name: str, lang: Lang, api: Reference, base_url: str, recipe: Recipe, **more: Any) -> str:
    t = partial(word, lang=lang)
    return (
        environment()
        .get_template(f"{name}.html")
        .render(
            t=t,
            lang=lang,
            api=api,
            recipe=recipe,
            base_url=base_url,
            here=name,
            curl=lambda o: shell_code(samples.curl(o, base_url, recipe)),
            python=lambda o: python_code(samples.python(o, base_url, recipe)),
            others=lambda o: languages.samples_of(o, base_url, recipe),
            signing=signing_steps(recipe, t),
            webhook_sample=python_code(samples.webhook_python()),
            kinship=kinship,
            kind_of=idempotency.kind_of,
            name_of=workbook.name_of,
            **more,
        )
    )


@lru_cache
def environment() -> Environment:
    env = Environment(
        loader=PackageLoader(__package__, "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"prose": prose, "json": json_code, "schema_slug": read.schema_slug}
    env.globals["asset"] = asset
    return env


@lru_cache
def asset(name: str) -> str:
    """Address of a static file, with a version that changes when the file does."""
    return f"/docs/{name}?v={sha256(static(name)).hexdigest()[:12]}"


def static(name: str) -> bytes:
    return resources.files(__package__).joinpath("static", name).read_bytes()


def find(api: Reference, method: str, path: str) -> Operation | None:
    wanted = (o for g in api.groups for o in g.operations if (o.method, o.path) == (method, path))
    return next(wanted, None)


def problem_of(entry: ErrorEntry, lang: Lang) -> dict[str, Any]:
    return {
        "type": f"/docs/errors#{entry.code}",
        "title": entry.en if lang == "en" else entry.zh,
        "status": entry.status,
        "code": entry.code,
        "outcome": entry.outcome,
        "retryable": entry.retryable,
        "fields": [],
        "request_id": "7354268412186624001",
    }


def kinship(status: int | str) -> str:
    """The colour class of a status: good, warn, bad or plain."""
    return {"2": "good", "4": "warn", "5": "bad"}.get(str(status)[:1], "plain")


def signing_steps(recipe: Recipe, t: Any) -> list[tuple[str, str]]:
    return [
        ("POST", t("line_method")),
        ("/v1/orders", t("line_path")),
        ("", t("line_query")),
        ("1793577600", f"{t('line_timestamp')}, {recipe.timestamp_header}"),
        ("5f0c9b1e7d3a4c62", f"{t('line_nonce')}, {recipe.nonce_header}"),
        ("9f86d081884c7d65…", t("line_digest")),
    ]


# -- text → markup; everything is escaped first ------------------------------------------------------------------


def prose(text: str) -> Markup:
    """Paragraphs at blank lines, lists of `- `, `code` and **bold**; nothing else, so nothing can slip through."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.split("\n")
        if all(line.lstrip().startswith(("- ", "* ")) for line in lines):
            items = Markup("").join(Markup("<li>{}</li>").format(inline(line.lstrip()[2:])) for line in lines)
            blocks.append(Markup("<ul>{}</ul>").format(items))
        elif block:
            blocks.append(Markup("<p>{}</p>").format(inline(block)))
    return Markup("\n").join(blocks)


def inline(text: str) -> Markup:
    parts = re.split(r"(`[^`\n]+`|\*\*[^*\n]+\*\*)", text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part[1:-1])
        if part.startswith("`") and len(part) > 2
        else Markup("<strong>{}</strong>").format(part[2:-2])
        if part.startswith("**") and len(part) > 4
        else escape(part)
        for part in parts
    )


JSON_TOKENS = re.compile(
    r'(?P<key>"(?:\\.|[^"\\])*")(?=\s*:)|(?P<str>"(?:\\.|[^"\\])*")|(?P<num>-?\b\d[\d.eE+-]*\b)|(?P<word>\b(?:true|false|null)\b)'
)
SHELL_TOKENS = re.compile(
    r"(?P<str>'[^']*'(?:\\''[^']*')*)|(?P<var>\$\{[^}]*\}|\$\w+)|(?P<key>^[A-Z]+(?==))|(?P<word>\b(?:curl|openssl|printf|sed|date)\b)",
    re.MULTILINE,
)
PYTHON_TOKENS = re.compile(
    r'(?P<com>#[^\n]*)|(?P<str>"""[\s\S]*?"""|\'(?:\\.|[^\'\\\n])*\'|f?"(?:\\.|[^"\\\n])*")'
    r"|(?P<word>\b(?:import|def|return|with|as|if|else|for|in|is|and|or|not|None|True|False)\b)|(?P<num>\b\d+\b)"
)


def json_code(value: Any) -> Markup:
    return coloured(json.dumps(value, ensure_ascii=False, indent=2), JSON_TOKENS)


def shell_code(text: str) -> Markup:
    return coloured(text, SHELL_TOKENS)


def python_code(text: str) -> Markup:
    return coloured(text, PYTHON_TOKENS)


def coloured(text: str, tokens: re.Pattern[str]) -> Markup:
    out, end = [], 0
    for match in tokens.finditer(text):
        out += [escape(text[end : match.start()])]
        out += [Markup('<span class="c-{}">{}</span>').format(match.lastgroup, match.group())]
        end = match.end()
    return Markup("").join([*out, escape(text[end:])])
