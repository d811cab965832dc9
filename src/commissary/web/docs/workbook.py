"""Every operation by itself, for a program that shows it: an index, and each one's samples with places for the reader's own key.

The console puts a test key, its secret and ids of the sandbox where `key`, `secret` and `values` say that they stand, in the reader's
browser; nothing of them comes here.
"""

import json
from collections.abc import Iterator
from typing import Any

from . import idempotency, languages, samples
from .types import Lang, Operation, Recipe, Reference
from .words import word

FILLED = ("sku_id", "order_id", "client_order_no", "reference")


def name_of(operation: Operation) -> str:
    """The last part of its addresses, `/docs/reference/{name}.json` and `.md`."""
    return operation.slug.removeprefix("op-")


def operations_of(api: Reference) -> Iterator[Operation]:
    """Those that a reader calls."""
    return (o for group in api.groups for o in group.operations if not o.incoming)


def index(api: Reference) -> str:
    """`/docs/reference.json`"""
    groups = [
        {
            "title": group.title,
            "operations": [
                {"name": name_of(o), "method": o.method, "path": o.path, "summary": o.summary}
                for o in group.operations
                if not o.incoming
            ],
        }
        for group in api.groups
    ]
    return _json({"groups": [group for group in groups if group["operations"]]})


def page(operation: Operation, lang: Lang, base_url: str, recipe: Recipe) -> str:
    """`/docs/reference/{name}.json`. `call`: what the samples send; `signed` false: what has no signature is not tried from a page."""
    path, query, headers = samples.target(operation)
    request, kind = operation.request, idempotency.kind_of(operation)
    text = bool(request) and not samples.is_form(request.media) if request else False
    programs = [
        ("curl", samples.curl(operation, base_url, recipe)),
        ("Python", samples.python(operation, base_url, recipe)),
        *languages.samples_of(operation, base_url, recipe),
    ]
    return _json(
        {
            "name": name_of(operation),
            "method": operation.method,
            "path": operation.path,
            "summary": operation.summary,
            "note": operation.note,
            "signed": operation.signed,
            "base": base_url,
            "key": samples.KEY,
            "secret": samples.SECRET,
            "recipe": {
                "key": recipe.key_header,
                "timestamp": recipe.timestamp_header,
                "nonce": recipe.nonce_header,
                "signature": recipe.signature_header,
                "window_s": recipe.window_s,
            },
            "values": values_of(operation),
            "call": {
                "path": path,
                "query": query,
                "headers": headers,
                "media": request.media if request else None,
                "body": samples.pretty(request.example) if text and request else "",
            },
            "samples": [{"language": name, "text": text} for name, text in programs],
            "idempotency": word(f"twice_{kind}", lang) if kind else "",
            "errors": [
                {
                    "code": e.code,
                    "status": e.status,
                    "retryable": e.retryable,
                    "outcome": e.outcome,
                    "text": e.en if lang == "en" else e.zh,
                }
                for e in operation.errors
            ],
        }
    )


def values_of(operation: Operation) -> dict[str, list[str]]:
    """Which ids and numbers of the example stand for something that the reader has himself, by their field."""
    found: dict[str, list[str]] = {}

    def look(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for field, inner in value.items():
                look(field, inner)
        elif isinstance(value, list):
            for inner in value:
                look(name.removesuffix("s"), inner)
        elif name in FILLED and isinstance(value, str) and value not in found.setdefault(name, []):
            found[name].append(value)

    for p in operation.parameters:
        look(p.row.name, p.example)
    if operation.request:
        look("", operation.request.example)
    return {name: values for name, values in found.items() if values}


def _json(whole: Any) -> str:
    return json.dumps(whole, ensure_ascii=False)
