"""The API as a Postman collection (format 2.1), whose requests sign themselves before they are sent. Apifox reads the same file.

The script stands once, at the collection. What it signs is what goes out: variables are filled in first, and the query is written as it is sent.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from . import read, samples
from .types import ErrorEntry, Lang, Operation, Recipe, Spec
from .words import word

FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(
    spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, base_url: str, recipe: Recipe, zh: Mapping[str, str]
) -> str:
    api = read.reference(spec, errors, lang, zh)
    folders = [
        {"name": group.title, "item": [_item(o, lang) for o in group.operations if not o.incoming]}
        for group in api.groups
        if any(not o.incoming for o in group.operations)
    ]
    whole = {
        "info": {
            "name": f"{api.title} {api.version}",
            "description": f"{api.note}\n\n{word('postman_how', lang)}",
            "schema": FORMAT,
        },
        "item": folders,
        "event": [_before(script(recipe))],
        "variable": [
            {"key": "base", "value": base_url, "type": "string"},
            {"key": "key", "value": samples.KEY, "type": "string"},
            {"key": "secret", "value": samples.SECRET, "type": "string"},
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def script(recipe: Recipe) -> str:
    """For the sandbox that both programs have (`pm`, `crypto-js`)."""
    return f"""const hashes = require("crypto-js");
const filled = (text) => pm.variables.replaceIn(text || "");
const coded = (text) => encodeURI(text).replace(/%25([0-9A-Fa-f]{{2}})/g, "%$1").replace(/'/g, "%27");

const method = pm.request.method.toUpperCase();
const path = coded(filled(pm.request.url.getPath()));
const query = coded(filled(pm.request.url.getQueryString()));
const sends = pm.request.body && pm.request.body.mode === "raw" && method !== "GET";
const body = sends ? filled(pm.request.body.raw) : "";

const timestamp = Math.floor(Date.now() / 1000).toString();
const nonce = hashes.lib.WordArray.random(16).toString();
const digest = hashes.SHA256(body).toString();
const text = [method, path, query, timestamp, nonce, digest].join("\\n");
const signature = hashes.HmacSHA256(text, filled("{{{{secret}}}}")).toString();

const headers = {{
  {json.dumps(recipe.key_header)}: filled("{{{{key}}}}"),
  {json.dumps(recipe.timestamp_header)}: timestamp,
  {json.dumps(recipe.nonce_header)}: nonce,
  {json.dumps(recipe.signature_header)}: signature,
}};
const open = pm.request.auth && pm.request.auth.type === "noauth";
if (!open) for (const key in headers) pm.request.headers.upsert({{ key, value: headers[key] }});"""


def _before(text: str) -> dict[str, Any]:
    return {"listen": "prerequest", "script": {"type": "text/javascript", "exec": text.split("\n")}}


def _item(operation: Operation, lang: Lang) -> dict[str, Any]:
    request = {
        "method": operation.method,
        "header": list(_headers(operation)),
        "url": _url(operation),
        "description": operation.note,
    }
    if not operation.signed:
        request["auth"] = {"type": "noauth"}
    if operation.request:
        request["body"] = _body(operation)
    return {
        "name": operation.summary,
        "request": request,
        "response": list(_answers(operation, request, lang)),
    }


def _headers(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.request:
        yield {"key": "Content-Type", "value": operation.request.media}
    for p in operation.parameters:
        if p.place == "header":
            yield _named(p.row.name, p.example, p.row.note) | {"disabled": not p.row.required}


def _url(operation: Operation) -> dict[str, Any]:
    """Each part by itself, as the format wants it, and the whole beside it, for readers that look at nothing else."""
    parts = [_segment(part) for part in operation.path.strip("/").split("/")]
    query = [
        _named(p.row.name, p.example, p.row.note) | {"disabled": p.example is None}
        for p in operation.parameters
        if p.place == "query"
    ]
    sent = "&".join(f"{q['key']}={q['value']}" for q in query if not q["disabled"])
    url: dict[str, Any] = {"raw": "{{base}}/" + "/".join(parts) + (f"?{sent}" if sent else "")}
    url |= {"host": ["{{base}}"], "path": parts, "query": query}
    url["variable"] = [
        _named(p.row.name, p.example, p.row.note) for p in operation.parameters if p.place == "path"
    ]
    return url


def _segment(part: str) -> str:
    return f":{part[1:-1]}" if part.startswith("{") and part.endswith("}") else part


def _named(name: str, value: str | None, note: str) -> dict[str, Any]:
    return {"key": name, "value": value or "", "description": note}


def _body(operation: Operation) -> dict[str, Any]:
    request = operation.request
    assert request is not None
    if samples.is_form(request.media):
        given = {"client_id": "{{key}}", "client_secret": "{{secret}}"}
        pairs = [{"key": k, "value": given.get(k, v)} for k, v in samples.form_of(operation).items()]
        return {"mode": "urlencoded", "urlencoded": pairs}
    if not request.media.endswith("json"):
        return {"mode": "raw", "raw": request.example if isinstance(request.example, str) else ""}
    return {
        "mode": "raw",
        "raw": samples.pretty(request.example),
        "options": {"raw": {"language": "json"}},
    }


def _answers(operation: Operation, request: Mapping[str, Any], lang: Lang) -> Iterable[dict[str, Any]]:
    for r in operation.responses:
        if r.body and r.body.example is not None and r.status.startswith("2"):
            yield {
                "name": f"{word('response', lang)} {r.status}",
                "originalRequest": request,
                "status": r.note,
                "code": int(r.status),
                "_postman_previewlanguage": "json",
                "header": [{"key": "Content-Type", "value": r.body.media}],
                "body": samples.pretty(r.body.example),
            }
