"""Pages as text: pure functions from a specification and a catalogue to HTML or plain text in one language."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from . import languages, read, samples
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


def versions(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs/versions`: what changed with each version, and when one ends."""
    api = read.reference(spec, tuple(errors), lang, zh)
    return page("versions", lang, api, base_url, recipe, versions=spec["info"].get("x-versions", []))


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


def llms(
    spec: Spec,
    errors: Iterable[ErrorEntry],
    lang: Lang,
    base_url: str,
    recipe: Recipe = RECIPE,
    zh: Mapping[str, str] = NOTHING,
) -> str:
    """`/docs/llms.txt`: the same knowledge in Markdown, for a reader without eyes."""
    entries = tuple(errors)
    api = read.reference(spec, entries, lang, zh)
    t = partial(word, lang=lang)
    out = [f"# {api.title} {api.version}", "", f"> {t('lead')}", ""]
    if api.note:
        out += [api.note, ""]
    out += [f"{t('base_address')}: {base_url}", f"OpenAPI: {base_url}/openapi.json", ""]
    out += [f"## {t('authentication')}", "", t("auth_signed_intro"), "", *signing_lines(recipe, t), ""]
    for key in ("nonce_note", "auth_token_intro", "keys_note"):
        out += [t(key), ""]
    out += [f"## {t('idempotency')}", ""]
    out += [f"- {t(k)}" for k in ("idempotency_order", "idempotency_other", "idempotency_silence")]
    out += ["", f"## {t('conventions')}", ""]
    out += [f"- {t(k)}" for k in ("convention_money", "convention_ids", "convention_time")]
    out += ["", f"## {t('webhooks')}", "", t("webhooks_intro"), "", t("webhooks_verify"), ""]
    for group in api.groups:
        out += [f"## {group.title}", ""]
        for operation in group.operations:
            out += [*operation_lines(operation, t), ""]
    out += [f"## {t('schemas')}", ""]
    for named in api.schemas:
        values = f": {' | '.join(named.values)}" if named.values else ""
        out += [f"### {named.name} ({named.type}{values})", *([named.note] if named.note else [])]
        out += [
            row_line(row.path, row.type, row.required, row.note, t) for row in named.rows if not row.variant
        ]
        out.append("")
    out += [f"## {t('errors')}", "", t("error_format_intro"), ""]
    for e in entries:
        retry = f", {t('retry').lower()}" if e.retryable else ""
        text = e.en if lang == "en" else e.zh
        out.append(f"- `{e.code}` {e.status} [{e.domain}] {text} (outcome {e.outcome}{retry})")
    return "\n".join(out) + "\n"


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


def signing_lines(recipe: Recipe, t: Any) -> list[str]:
    lines = [f"{n}. {meaning}" for n, (_, meaning) in enumerate(signing_steps(recipe, t), 1)]
    window = t("header_timestamp").replace("{window}", str(recipe.window_s))
    return [
        *lines,
        "",
        f"- `{recipe.key_header}`: {t('header_key')}",
        f"- `{recipe.timestamp_header}`: {window}",
        f"- `{recipe.nonce_header}`: {t('header_nonce')}",
        f"- `{recipe.signature_header}`: {t('header_signature')}",
    ]


def operation_lines(operation: Operation, t: Any) -> list[str]:
    out = [f"### {operation.method} {operation.path} — {operation.summary}"]
    if operation.note:
        out += [operation.note]
    for p in operation.parameters:
        out.append(row_line(f"{p.place} {p.row.name}", p.row.type, p.row.required, p.row.note, t))
    if operation.request:
        out.append(f"{t('request_body')}: {operation.request.type} ({operation.request.media})")
        if operation.request.has_example:
            out.append(f"{t('example')}: {json.dumps(operation.request.example, ensure_ascii=False)}")
    for r in operation.responses:
        out.append(f"{t('response')} {r.status}: {r.body.type if r.body else '-'} {r.note}".rstrip())
    if operation.errors:
        out.append(f"{t('errors')}: {', '.join(e.code for e in operation.errors)}")
    return out


def row_line(path: str, kind: str, required: bool, note: str, t: Any) -> str:
    need = f", {t('required')}" if required else ""
    return f"- {path} ({kind}{need})" + (f": {' '.join(note.split())}" if note else "")


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
