"""Calls to copy: a shell script that needs curl and openssl, and Python that needs nothing else.

What stands in a sample is quoted for its language, whatever the specification's examples contain. Both print the
signature's six lines exactly as the server joins them; the body is signed and sent as the same bytes.
"""

import json
import pprint
from typing import Any
from urllib.parse import quote, urlencode

from .types import Operation, Recipe

KEY, SECRET = "YOUR_KEY_ID", "YOUR_KEY_SECRET"


def curl(operation: Operation, base_url: str, recipe: Recipe) -> str:
    path, query, headers = target(operation)
    if operation.signed:
        return signed_curl(operation, path, query, headers, base_url, recipe)
    url = base_url + path + (f"?{query}" if query else "")
    lines = [f"curl -sS -X {operation.method} {shell(url)}"]
    lines += [f"-H {shell(f'{name}: {value}')}" for name, value in headers.items()]
    body = operation.request
    if body and is_form(body.media):
        lines += [f"--data-urlencode {shell(f'{k}={v}')}" for k, v in form_of(operation).items()]
    elif body:
        lines += [
            f"-H {shell('Content-Type: ' + body.media)}",
            f"--data-binary {shell(pretty(body.example))}",
        ]
    return " \\\n  ".join(lines)


def signed_curl(
    operation: Operation, path: str, query: str, headers: dict[str, str], base_url: str, recipe: Recipe
) -> str:
    body = operation.request
    call = [
        'curl -sS -X "$METHOD" "$BASE$TARGET${QUERY:+?$QUERY}"',
        f'-H "{recipe.key_header}: $KEY"',
        f'-H "{recipe.timestamp_header}: $TIMESTAMP"',
        f'-H "{recipe.nonce_header}: $NONCE"',
        f'-H "{recipe.signature_header}: $SIGNATURE"',
        *(f"-H {shell(f'{name}: {value}')}" for name, value in headers.items()),
    ]
    if body:
        call += [f"-H {shell('Content-Type: ' + body.media)}", '--data-binary "$BODY"']
    return "\n".join(
        [
            f"BASE={shell(base_url)}",
            f"KEY={shell(KEY)}",
            f"SECRET={shell(SECRET)}",
            "",
            f"METHOD={operation.method}",
            f"TARGET={shell(path)}",
            f"QUERY={shell(query)}",
            f"BODY={shell(pretty(body.example)) if body else shell('')}",
            "",
            "TIMESTAMP=$(date +%s)",
            "NONCE=$(openssl rand -hex 16)",
            "DIGEST=$(printf '%s' \"$BODY\" \\",
            "  | openssl dgst -sha256 | sed 's/^.* //')",
            "SIGNATURE=$(printf '%s\\n%s\\n%s\\n%s\\n%s\\n%s' \\",
            '    "$METHOD" "$TARGET" "$QUERY" \\',
            '    "$TIMESTAMP" "$NONCE" "$DIGEST" \\',
            '  | openssl dgst -sha256 -hmac "$SECRET" \\',
            "  | sed 's/^.* //')",
            "",
            " \\\n  ".join(call),
        ]
    )


def python(operation: Operation, base_url: str, recipe: Recipe) -> str:
    path, query, headers = target(operation)
    body = operation.request
    if not operation.signed:
        return plain_python(operation, base_url + path + (f"?{query}" if query else ""), headers)
    given = f", {literal(body.example)}" if body else ""
    query_part = f", query={query!r}" if query else ""
    extra = f", headers={headers!r}" if headers else ""
    return f"""import hashlib, hmac, json, secrets, time, urllib.request

BASE = {base_url!r}
KEY, SECRET = {KEY!r}, {SECRET!r}


def call(method, path, body=None, query="", headers={{}}):
    data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
    digest = hashlib.sha256(data).hexdigest()
    text = "\\n".join([method, path, query, timestamp, nonce, digest])
    signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(
        BASE + path + (f"?{{query}}" if query else ""),
        method=method,
        data=data or None,
        headers={{
            {recipe.key_header!r}: KEY,
            {recipe.timestamp_header!r}: timestamp,
            {recipe.nonce_header!r}: nonce,
            {recipe.signature_header!r}: signature,
            "Content-Type": "application/json",
            **headers,
        }},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


print(call({operation.method!r}, {path!r}{given}{query_part}{extra}))"""


def plain_python(operation: Operation, url: str, headers: dict[str, str]) -> str:
    body = operation.request
    lines = ["import json, urllib.parse, urllib.request", ""]
    if body and is_form(body.media):
        lines.append(f"data = urllib.parse.urlencode({literal(form_of(operation))}).encode()")
        headers = {"Content-Type": body.media, **headers}
    elif body:
        lines.append(f"data = json.dumps({literal(body.example)}).encode()")
        headers = {"Content-Type": body.media, **headers}
    else:
        lines.append("data = None")
    lines.append(
        f"request = urllib.request.Request({url!r}, data, {literal(headers)}, method={operation.method!r})"
    )
    lines += ["with urllib.request.urlopen(request, timeout=30) as answer:", "    print(json.load(answer))"]
    return "\n".join(lines)


def webhook_python() -> str:
    """Verifies one delivery by the Standard Webhooks scheme."""
    return '''import base64, hashlib, hmac, time


def is_ours(secret, headers, body, now=None):
    """secret: whsec_…; headers: lower-case names; body: the raw bytes, before any parsing."""
    identity, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs((now or time.time()) - int(timestamp)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{identity}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(
        hmac.compare_digest(signature, f"v1,{expected}")
        for signature in headers["webhook-signature"].split()
    )'''


def target(operation: Operation) -> tuple[str, str, dict[str, str]]:
    """Path with its placeholders filled, query as it will be sent, and extra headers."""
    path, query, headers = operation.path, {}, {}
    for parameter in operation.parameters:
        name, value = parameter.row.name, parameter.example
        if value is None:
            continue
        if parameter.place == "path":
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        elif parameter.place == "query":
            query[name] = value
        elif parameter.place == "header" and parameter.row.required:
            headers[name] = value
    return path, urlencode(query, quote_via=quote), headers


def form_of(operation: Operation) -> dict[str, str]:
    example = operation.request.example if operation.request else None
    return {str(k): str(v) for k, v in example.items()} if isinstance(example, dict) else {}


def is_form(media: str) -> bool:
    return media == "application/x-www-form-urlencoded"


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def literal(value: Any) -> str:
    return pprint.pformat(value, sort_dicts=False, width=76)


def shell(text: str) -> str:
    """Single-quoted for a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"
