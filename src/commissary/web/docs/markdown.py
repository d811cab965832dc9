"""The pages as Markdown, for a reader without eyes, and the index that leads one to them (llmstxt.org)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from . import changelog, idempotency, languages, read, render, samples, workbook
from .types import LANGS, ErrorEntry, Lang, Operation, Recipe, Reference, Spec
from .words import domain, word

Words = Callable[[str], str]
# In the order of the site; (name, what a reader finds there).
TOLD = {
    "overview": "lead",
    "reference": "to_reference",
    "errors": "to_errors",
    "sandbox": "to_sandbox",
    "changelog": "to_changelog",
}


def overview(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    api, t = read.reference(spec, errors, lang, zh), _words(lang)
    out = [f"# {api.title} {api.version}", "", f"> {t('lead')}", "", api.note, ""]
    out += [f"{t('base_address')}: {base_url}", "", f"OpenAPI: {base_url}/openapi.json", ""]
    if first := render.find(api, "POST", "/v1/orders"):
        out += [f"## {t('quickstart')}", ""]
        out += [f"{n}. {t(f'quickstart_{n}')}" for n in (1, 2, 3)]
        out += ["", *_fenced("sh", samples.curl(first, base_url, recipe))]
    out += [f"## {t('authentication')}", "", t("auth_signed_intro"), "", *_signing(recipe, t), ""]
    for key in ("nonce_note", "auth_token_intro", "keys_note"):
        out += [t(key), ""]
    out += [f"## {t('idempotency')}", ""]
    out += [f"- {t(k)}" for k in ("idempotency_order", "idempotency_other", "idempotency_silence")]
    out += ["", f"## {t('conventions')}", ""]
    out += [f"- {t(k)}" for k in ("convention_money", "convention_ids", "convention_time")]
    out += ["", f"## {t('error_format')}", "", t("error_format_intro"), ""]
    out += [f"## {t('webhooks')}", "", t("webhooks_intro"), "", t("webhooks_verify"), ""]
    return _joined([*out, *_fenced("python", samples.webhook_python())])


def reference(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    del base_url, recipe
    api, t = read.reference(spec, errors, lang, zh), _words(lang)
    out = [f"# {t('reference')}", "", t("to_reference"), ""]
    for group in api.groups:
        out += [f"## {group.title}", "", *([group.note, ""] if group.note else [])]
        for operation in group.operations:
            out += _operation(operation, t)
    return _joined([*out, *_schemas(api, t)])


def catalogue(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    del spec, base_url, recipe, zh
    t = _words(lang)
    domains: dict[str, list[ErrorEntry]] = {}
    for entry in errors:
        domains.setdefault(entry.domain, []).append(entry)
    out = [f"# {t('errors')}", "", t("errors_intro"), ""]
    head = [t(k) for k in ("code", "status", "message", "outcome", "retry", "who_acts")]
    for name, entries in domains.items():
        rows = [
            [
                f"`{e.code}`",
                str(e.status),
                e.en if lang == "en" else e.zh,
                f"{e.outcome}: {t(f'outcome_{e.outcome}')}",
                t("yes" if e.retryable else "no"),
                t(f"who_{e.who}"),
            ]
            for e in entries
        ]
        out += [f"## {domain(name, lang)}", "", *_table(head, rows), ""]
    return _joined(out)


def sandbox(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    del errors, base_url, recipe, zh
    t = _words(lang)
    told = "told_en" if lang == "en" else "told_zh"
    rows = [
        [f"`{m['code']}`", m[told], f"`{m['status'] or m['refusal']}`"]
        for m in spec["info"].get("x-sandbox", [])
    ]
    head = [t("article"), t("meaning"), t("ends_as")]
    out = [f"# {t('sandbox')}", "", t("sandbox_intro"), "", f"## {t('magic')}", "", *_table(head, rows), ""]
    return _joined([*out, f"## {t('sandbox_rules')}", "", t("sandbox_rules_told"), ""])


def changes(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    del errors, base_url, recipe, zh
    t = _words(lang)
    out = [f"# {t('changelog')}", "", f"## {t('versions')}", "", t("versions_intro"), ""]
    for v in spec["info"].get("x-versions", []):
        out += [f"### {v['version']}", ""]
        if v["deprecated_on"]:
            out += [f"{t('deprecated_on')} {v['deprecated_on']}, {t('sunset_on')} {v['sunset_on']}", ""]
        for c in v["changes"]:
            where = ", ".join(f"`{o}`" for o in c["operations"])
            flag = t("breaking" if c["breaking"] else "addition")
            out.append(f"- **{flag}** {c['told'][lang[:2]]} {where}".rstrip())
        out += [*([] if v["changes"] else [t("first_version")]), ""]
    out += [f"## {t('releases')}", "", t("releases_intro"), ""]
    for release in changelog.releases():
        out += [f"### {release.version} {release.on}".rstrip(), ""]
        for kind, notes in release.kinds:
            out += [f"#### {kind}", ""]
            out += [f"- {'**' + t('breaking') + '** ' if n.breaking else ''}{n.text}" for n in notes]
            out.append("")
    return _joined(out)


PAGES = {
    "overview": overview,
    "reference": reference,
    "errors": catalogue,
    "sandbox": sandbox,
    "changelog": changes,
}


def operation_page(api: Reference, operation: Operation, lang: Lang, base_url: str, recipe: Recipe) -> str:
    """`/docs/reference/{name}.md`: one operation with its samples, its errors in words and the structures that it names."""
    t = _words(lang)
    out = list(_operation(operation, t))
    if operation.errors:
        head = [t(k) for k in ("code", "status", "message", "outcome", "retry")]
        rows = [
            [
                f"`{e.code}`",
                str(e.status),
                e.en if lang == "en" else e.zh,
                f"{e.outcome}: {t(f'outcome_{e.outcome}')}",
                t("yes" if e.retryable else "no"),
            ]
            for e in operation.errors
        ]
        out += [f"#### {t('possible_errors')}", "", *_table(head, rows), ""]
    out += ["#### curl", "", *_fenced("sh", samples.curl(operation, base_url, recipe))]
    out += ["#### Python", "", *_fenced("python", samples.python(operation, base_url, recipe))]
    for name, text in languages.samples_of(operation, base_url, recipe):
        out += [f"#### {name}", "", *_fenced(FENCES[name], text)]
    named = set(_schemas_of(api, operation))
    if named:
        out += _schemas(api, t, named)
    return _joined(out)


FENCES = {"Node": "js", "Java": "java", "PHP": "php", "Go": "go", "C#": "csharp"}


def _schemas_of(api: Reference, operation: Operation) -> Iterator[str]:
    """The names that body and answers lead to, and theirs in turn."""
    by_name = {s.name: s for s in api.schemas}
    bodies = [operation.request, *(r.body for r in operation.responses)]
    ahead = [name for b in bodies if b for name in (b.schema, *(row.schema for row in b.rows)) if name]
    seen: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name in by_name and name not in seen:
            seen.add(name)
            yield name
            ahead += [row.schema for row in by_name[name].rows if row.schema]


def llms(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    """`/docs/llms.txt`: where to find what."""
    del recipe
    api, t = read.reference(spec, errors, lang, zh), _words(lang)
    out = [f"# {api.title} {api.version}", "", f"> {t('lead')}", "", api.note, ""]
    out += [f"{t('base_address')}: {base_url}", "", f"## {t('documentation')}", ""]
    out += [f"- [{t(name)}]({base_url}{address(name, lang)}): {t(TOLD[name])}" for name in PAGES]
    out += ["", f"## {t('reference')}", ""]
    out += [
        f"- [{o.method} {o.path}]({base_url}/docs/reference/{workbook.name_of(o)}.md{_lang(lang)}): {o.summary}"
        for o in workbook.operations_of(api)
    ]
    out += [
        "",
        "## Optional",
        "",
        f"- [llms-full.txt]({base_url}/docs/llms-full.txt{_lang(lang, 'en')}): {t('plain_text')}",
    ]
    out.append(f"- [openapi.json]({base_url}/openapi.json): OpenAPI 3.1")
    out.append(f"- [postman.json]({base_url}/docs/postman.json{_lang(lang)}): {t('to_postman')}")
    return _joined(out)


def full(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    """`/docs/llms-full.txt`: all of it in one piece."""
    entries = tuple(errors)
    return "\n".join(write(spec, entries, lang, base_url, recipe, zh) for write in PAGES.values())


def address(name: str, lang: Lang) -> str:
    return f"/docs/{name}.md{_lang(lang)}"


def _lang(lang: Lang, default: Lang = LANGS[0]) -> str:
    return "" if lang == default else f"?lang={lang}"


def _words(lang: Lang) -> Words:
    return partial(word, lang=lang)


def _operation(operation: Operation, t: Words) -> Iterator[str]:
    yield from (f"### {operation.method} {operation.path} — {operation.summary}", "")
    if operation.note:
        yield from (operation.note, "")
    if operation.parameters:
        yield from (f"{t('parameters')}:", "")
        for p in operation.parameters:
            yield _row(f"{p.place} `{p.row.name}`", p.row.type, p.row.required, p.row.note, t)
        yield ""
    if operation.request:
        yield from (f"{t('request_body')}: {operation.request.type} ({operation.request.media})", "")
        if operation.request.has_example:
            yield from _fenced("json", samples.pretty(operation.request.example))
    for r in operation.responses:
        yield f"- {t('response')} {r.status}: {r.body.type if r.body else '-'} {r.note}".rstrip()
    if kind := idempotency.kind_of(operation):
        yield f"- {t('idempotency')}: {t(f'twice_{kind}')}"
    if operation.errors:
        yield f"- {t('errors')}: {', '.join(f'`{e.code}`' for e in operation.errors)}"
    yield ""


def _schemas(api: Reference, t: Words, only: set[str] | None = None) -> Iterator[str]:
    yield from (f"## {t('schemas')}", "")
    for named in (s for s in api.schemas if only is None or s.name in only):
        values = f": {' | '.join(named.values)}" if named.values else ""
        yield from (f"### {named.name} ({named.type}{values})", "")
        if named.note:
            yield from (named.note, "")
        for row in named.rows:
            if not row.variant:
                yield _row(f"`{row.path}`", row.type, row.required, row.note, t)
        yield ""


def _row(path: str, kind: str, required: bool, note: str, t: Words) -> str:
    need = f", {t('required')}" if required else ""
    return f"- {path} ({kind}{need})" + (f": {' '.join(note.split())}" if note else "")


def _signing(recipe: Recipe, t: Words) -> Iterator[str]:
    for n, (_, meaning) in enumerate(render.signing_steps(recipe, t), 1):
        yield f"{n}. {meaning}"
    window = t("header_timestamp").replace("{window}", str(recipe.window_s))
    yield ""
    yield f"- `{recipe.key_header}`: {t('header_key')}"
    yield f"- `{recipe.timestamp_header}`: {window}"
    yield f"- `{recipe.nonce_header}`: {t('header_nonce')}"
    yield f"- `{recipe.signature_header}`: {t('header_signature')}"


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', '&#124;') for cell in row)} |"


def _fenced(language: str, text: str) -> list[str]:
    return [f"```{language}", *text.split("\n"), "```", ""]


def _joined(lines: Iterable[str]) -> str:
    """With one blank line at most between two others, outside of programs."""
    out: list[str] = []
    inside = False
    for line in lines:
        inside ^= line.startswith("```")
        if line or inside or (out and out[-1]):
            out.append(line)
    return "\n".join(out).rstrip() + "\n"
