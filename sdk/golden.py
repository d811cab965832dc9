"""Writes golden.json and the readable table of the same vectors: `python sdk/golden.py`.

Deliberately plain and independent of the SDK: it imports nothing of it, so both can be wrong only separately.
"""

import base64
import hashlib
import hmac
import json
from pathlib import Path

HERE = Path(__file__).parent
TABLE = HERE.parent / "tests" / "tables" / "signatures.txt"
SECRET = "example-secret-0123456789abcdefghijkl"  # noqa: S105
ORDER = '{"client_order_no":"PO-1001","lines":[{"sku_id":"8001","quantity":2}]}'

# name, secret, method, path, query, timestamp, nonce, body
REQUESTS: list[tuple[str, str, str, str, str, int, str, bytes]] = [
    ("an order", SECRET, "POST", "/v1/orders", "", 1767225600, "n-0000000000000001", ORDER.encode()),
    ("empty body, empty query", SECRET, "GET", "/v1/balance", "", 1767225600, "n-0000000000000002", b""),
    (
        "a query",
        SECRET,
        "GET",
        "/v1/orders",
        "client_order_no=PO-1001",
        1767225601,
        "n-0000000000000003",
        b"",
    ),
    (
        "an escaped query stays escaped",
        SECRET,
        "GET",
        "/v1/orders",
        "client_order_no=%E8%AE%A2%E5%8D%95%2F1%2B1%20a",
        1767225602,
        "n-0000000000000004",
        b"",
    ),
    (
        "the order of a query counts",
        SECRET,
        "GET",
        "/v1/products",
        "size=200&cursor=abc%3D%3D&sort=",
        1767225603,
        "n-0000000000000005",
        b"",
    ),
    (
        "a body in Chinese, UTF-8",
        SECRET,
        "POST",
        "/v1/orders",
        "",
        1767225604,
        "n-0000000000000006",
        '{"client_order_no":"采购-1","lines":[{"sku_id":"8002","quantity":1,"fields":{"账号":"张三😀"}}]}'.encode(),
    ),
    (
        "the same body, escaped, is another body",
        SECRET,
        "POST",
        "/v1/orders",
        "",
        1767225604,
        "n-0000000000000006",
        json.dumps(
            {
                "client_order_no": "采购-1",
                "lines": [{"sku_id": "8002", "quantity": 1, "fields": {"账号": "张三😀"}}],
            },
            separators=(",", ":"),
        ).encode(),
    ),
    (
        "blanks and newlines of a body count",
        SECRET,
        "POST",
        "/v1/quotes",
        "",
        1767225605,
        "n-0000000000000007",
        b'{\n  "lines": [ {"sku_id": "8001", "quantity": 10} ]\n}\n',
    ),
    (
        "a change without a body",
        SECRET,
        "POST",
        "/v1/orders/7312345678901234567/cancel",
        "",
        1767225606,
        "n-0000000000000008",
        b"",
    ),
    (
        "a path with escapes stays escaped",
        SECRET,
        "GET",
        "/mall%20a/v1/orders/A%2FB",
        "",
        1767225607,
        "n-0000000000000009",
        b"",
    ),
    (
        "a body that is not UTF-8",
        SECRET,
        "POST",
        "/v1/orders",
        "",
        1767225608,
        "n-0000000000000010",
        b"\x00\xff\xfe\r\n",
    ),
    (
        "a secret beyond ASCII is its UTF-8 bytes",
        "密钥-0123456789abcdefghijklmnop",
        "GET",
        "/v1/balance",
        "",
        1767225609,
        "n-0000000000000011",
        b"",
    ),
]

CURRENT = "whsec_" + base64.b64encode(bytes(range(32))).decode()
FORMER = "whsec_" + base64.b64encode(bytes(range(100, 124))).decode()
EVENT = '{"type":"order.delivered","timestamp":"2026-01-01T00:00:00Z","data":{"id":"7312345678901234567"}}'

# name, secrets that sign, id, timestamp, body
WEBHOOKS: list[tuple[str, list[str], str, int, bytes]] = [
    ("one secret", [CURRENT], "msg_0001", 1767225600, EVENT.encode()),
    ("two secrets while rotating", [CURRENT, FORMER], "msg_0002", 1767225601, EVENT.encode()),
    (
        "a body in Chinese",
        [CURRENT],
        "msg_0003",
        1767225602,
        '{"type":"order.failed","data":{"原因":"缺货"}}'.encode(),
    ),
]

HEAD = """\
# Signatures of requests: the server, the SDK and the samples in other languages agree on these.
# Written by sdk/golden.py; the machine-readable copy is sdk/golden.json.
#
# signature = hex HMAC-SHA-256 (key: the UTF-8 bytes of the secret) of these six lines, joined by single
# newlines, none at the end: METHOD, PATH, QUERY, TIMESTAMP, NONCE, hex sha256 of the body.
# PATH and QUERY are taken as they stand on the request line, still percent-encoded; QUERY without its '?'.
# A body is written as a JSON string, or as base64:… if it is not UTF-8.
"""


def main() -> None:
    requests = [_request(*row) for row in REQUESTS]
    webhooks = [_webhook(*row) for row in WEBHOOKS]
    document = {"requests": requests, "webhooks": webhooks}
    (HERE / "golden.json").write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    TABLE.write_text(HEAD + "".join(_block(row) for row in requests), "utf-8")


def _request(
    name: str, secret: str, method: str, path: str, query: str, timestamp: int, nonce: str, body: bytes
) -> dict[str, str | int]:
    body_sha256 = hashlib.sha256(body).hexdigest()
    lines = [method, path, query, str(timestamp), nonce, body_sha256]
    signature = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return {
        "name": name,
        "secret": secret,
        "method": method,
        "path": path,
        "query": query,
        "timestamp": timestamp,
        "nonce": nonce,
        "body_base64": base64.b64encode(body).decode(),
        "body_sha256": body_sha256,
        "string_to_sign": "\n".join(lines),
        "signature": signature,
    }


def _webhook(
    name: str, secrets: list[str], message_id: str, timestamp: int, body: bytes
) -> dict[str, object]:
    content = f"{message_id}.{timestamp}.".encode() + body
    digests = [
        hmac.new(base64.b64decode(secret.removeprefix("whsec_")), content, hashlib.sha256).digest()
        for secret in secrets
    ]
    return {
        "name": name,
        "secrets": secrets,
        "headers": {
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join("v1," + base64.b64encode(digest).decode() for digest in digests),
        },
        "body_base64": base64.b64encode(body).decode(),
    }


def _block(row: dict[str, str | int]) -> str:
    body = base64.b64decode(str(row["body_base64"]))
    try:
        shown = json.dumps(body.decode(), ensure_ascii=False)
    except UnicodeDecodeError:
        shown = f"base64:{row['body_base64']}"
    pairs = [
        ("secret", row["secret"]),
        ("method", row["method"]),
        ("path", row["path"]),
        ("query", row["query"]),
        ("timestamp", row["timestamp"]),
        ("nonce", row["nonce"]),
        ("body", shown),
        ("signature", row["signature"]),
    ]
    return f"\n{row['name']}\n" + "".join(f"  {key:<10} {value}".rstrip() + "\n" for key, value in pairs)


if __name__ == "__main__":
    main()
