"""The OpenAPI 3.1 document of the partner API, from the handlers themselves: security, problems, examples added."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute

from . import texts
from .docs.types import ErrorEntry

_PARTNER = ("/v1/", "/oauth/")
_OF_EVERYONE = ("request", "authentication")
_OF_WEBHOOKS = ("notify", "outgoing")


def document(application: Litestar, errors: Iterable[ErrorEntry], base_url: str) -> dict[str, Any]:
    """Only `/v1` and `/oauth`; the console's own routes are not for programs of partners."""
    spec: dict[str, Any] = application.openapi_schema.to_schema()
    spec["openapi"] = "3.1.0"
    spec["servers"] = [{"url": base_url}]
    spec["info"]["description"] = (
        "Buy digital goods by program. Every order is idempotent by `client_order_no`; every refusal has a stable code."
    )
    spec["paths"] = {path: ops for path, ops in spec.get("paths", {}).items() if path.startswith(_PARTNER)}
    entries = tuple(errors)
    status_of = {e.code: e.status for e in entries}
    told = _told(application)
    components = spec.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "Commissary-Signature",
            "description": "HMAC-SHA-256 over method, path, query, timestamp, nonce and body hash; see /docs",
        },
        "bearer": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": _SCOPES}},
        },
    }
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            if not isinstance(operation, dict):
                continue
            operation["security"] = [] if path.startswith("/oauth/") else [{"signature": []}, {"bearer": []}]
            operation |= told.get(operation.get("operationId", ""), {})
            _bodies(operation)
            if "x-errors" not in operation:
                operation["x-errors"] = _likely(path, operation, entries)
            given = operation.setdefault("responses", {})
            # The framework's own idea of a fault is not ours.
            operation["responses"] = responses = {k: v for k, v in given.items() if int(k) < 400}
            for status in sorted(_statuses(path, operation, status_of)):
                responses[str(status)] = {
                    "description": texts.STATUSES.get(status, texts.STATUSES[409])[0],
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
    spec["tags"] = [{"name": name, "x-name-zh": zh} for name, zh in texts.TAGS.items()]
    spec = _renamed(_pruned(spec))
    _describe(spec)
    return spec


def _bodies(operation: dict[str, Any]) -> None:
    """What the framework cannot see in a handler: examples, files that are read as bytes, answers that are no JSON."""
    match operation.get("operationId"):
        case "placeOrder":
            operation["requestBody"]["content"]["application/json"]["examples"] = _ORDERS
        case "uploadOrderFile" | "checkOrderFile":
            file = {"type": "string", "format": "binary"}
            operation["requestBody"] = {
                "content": {"application/octet-stream": {"schema": file}},
                "required": True,
            }
        case "getOrderFileResult":
            operation["responses"]["200"]["content"] = {"text/csv": {"schema": {"type": "string"}}}
        case _:
            pass


def _told(application: Litestar) -> dict[str, dict[str, Any]]:
    """By operation: the `x-…` entries of its handler's `opt`."""
    return {
        str(handler.operation_id): {k: v for k, v in handler.opt.items() if k.startswith("x-")}
        for route in application.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
    }


def _likely(path: str, operation: dict[str, Any], errors: Iterable[ErrorEntry]) -> list[str]:
    """The refusals of an operation that names none: those of every request, and of webhooks theirs."""
    common = _statuses(path, operation, {})
    asks = "requestBody" in operation
    found = [e.code for e in errors if e.domain in _OF_EVERYONE and e.status in common]
    if "Webhooks" in operation.get("tags", ()):
        fitting = {404} if "{" in path else set()
        fitting |= {409, 422} if asks else set()
        found += [e.code for e in errors if e.domain in _OF_WEBHOOKS and e.status in fitting]
    return found


def _statuses(path: str, operation: dict[str, Any], status_of: dict[str, int]) -> set[int]:
    """The refusals that this operation can meet; a wrong method is answered by 405 everywhere."""
    found = {401, 403, 405, 413, 422, 429, 500, 503}
    found |= {status_of[code] for code in operation.get("x-errors", ()) if code in status_of}
    if "requestBody" in operation:
        found.add(400)
    if "{" in path:
        found.add(404)
    return found


def _pruned(spec: dict[str, Any]) -> dict[str, Any]:
    """Without schemas that only the console's routes used."""
    schemas: dict[str, Any] = spec["components"]["schemas"]
    wanted: set[str] = set()
    queue: list[Any] = [spec["paths"]]
    while queue:
        node = queue.pop()
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str) and (name := ref.rsplit("/", 1)[-1]) not in wanted and name in schemas:
                wanted.add(name)
                queue.append(schemas[name])
            queue.extend(node.values())
        elif isinstance(node, list):
            queue.extend(node)
    spec["components"]["schemas"] = {name: schemas[name] for name in sorted(wanted)}
    return spec


def _renamed(spec: dict[str, Any]) -> dict[str, Any]:
    """Schemas by their own names: where we keep them is nobody's business, and may change."""
    schemas = spec["components"]["schemas"]
    plain = {name: _plain(name) for name in schemas}
    assert len(set(plain.values())) == len(plain), f"two schemas of one name: {sorted(plain)}"
    queue: list[Any] = [spec]
    while queue:
        node = queue.pop()
        if isinstance(node, dict):
            start, _, name = str(node.get("$ref", "")).rpartition("/")
            if name in plain:
                node["$ref"] = f"{start}/{plain[name]}"
            queue.extend(node.values())
        elif isinstance(node, list):
            queue.extend(node)
    spec["components"]["schemas"] = {
        plain[name]: schemas[name] for name in sorted(plain, key=plain.__getitem__)
    }
    return spec


def _plain(name: str) -> str:
    """`Page_commissary.notify.wire.DeliveryOut_` → `DeliveryOutPage`; `orders_wire_BatchOut` → `BatchOut`."""
    page = re.fullmatch(r"Page_(?:.*\.)?(\w+)_", name)
    return f"{page[1]}Page" if page else name.rsplit("_wire_", 1)[-1]


def _describe(spec: dict[str, Any]) -> None:
    """Chinese beside every English text, examples beside fields, and words of the trade for 2xx."""
    for operations in spec["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                en, zh = texts.STATUSES.get(int(status), texts.STATUSES[409])
                response |= {"description": en, "x-description-zh": zh}
    for name, schema in spec["components"]["schemas"].items():
        if name in texts.SCHEMAS:
            schema["examples"] = [texts.SCHEMAS[name]]
        for field, node in schema.get("properties", {}).items():
            example = texts.FIELDS.get(field, texts.ID if field.endswith("_id") else None)
            if example is not None and type(example) in _types(node):
                node["examples"] = [example]
    queue: list[Any] = [spec]
    while queue:
        node = queue.pop()
        if isinstance(node, dict):
            shared = texts.ZH.get(str(node.get("description")))
            if shared is not None:
                node.setdefault("x-description-zh", shared)
            queue.extend(node.values())
        elif isinstance(node, list):
            queue.extend(node)


def _types(node: Mapping[str, Any]) -> set[type]:
    """What a value may be, as far as examples need to know."""
    known: dict[str, type] = {"string": str, "integer": int, "array": list}
    inner = node.get("oneOf") or [node]
    return {
        known[n["type"]] for n in inner if n.get("type") in known and "enum" not in n and "format" not in n
    }


_SCOPES = {
    "orders:write": "Place and cancel orders, ask for quotes",
    "orders:read": "See orders and order files",
    "codes:read": "See delivered codes",
    "catalog:read": "See goods and prices",
    "balance:read": "See the wallet and its statements",
    "webhooks:write": "Keep webhook endpoints",
}

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details; `code` is stable and listed at /docs/errors",
    "required": ["type", "title", "title_zh", "status", "code", "outcome", "retryable", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "title_zh": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "outcome": {"type": "string", "enum": ["failed", "pending", "unknown"]},
        "retryable": {"type": "boolean"},
        "request_id": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "facts": {"type": "object"},
    },
}

_ORDERS: dict[str, Any] = {
    "one line": {"value": {"client_order_no": "PO-1001", "sku_id": "8001", "quantity": 2, "wait_ms": 3000}},
    "several lines": {
        "value": {
            "client_order_no": "PO-1002",
            "lines": [
                {
                    "sku_id": "8001",
                    "quantity": 1,
                    "max_unit_price": {"amount": "9.9000", "currency": "CNY"},
                },
                {"sku_id": "8002", "quantity": 1, "fields": {"phone": "13800000000"}},
            ],
        }
    },
}
