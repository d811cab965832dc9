"""OpenAPI 3.1 documents from the handlers themselves: one for partners, one for the console.

Bodies are described by msgspec, which also reads and writes them: bounds, nested forms and refused unknown fields in the
document are those that hold. Security, problems and examples are added.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from litestar import Litestar, Response
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg
from litestar.response import Stream
from litestar.routes import HTTPRoute
from litestar.typing import FieldDefinition

from commissary import approvals, sandbox
from commissary.base.form import END
from commissary.base.http import Problem

from . import changes, examples
from .chinese import CHINESE
from .docs.types import ErrorEntry

JSON, PROBLEM = "application/json", "application/problem+json"
_REF = "#/components/schemas/{name}"
_TITLES = {
    400: "Malformed", 401: "Not authenticated", 403: "Not allowed", 404: "Not found", 405: "Method not allowed",
    409: "Refused", 413: "Too large", 415: "Of a kind that is not accepted", 422: "Invalid", 429: "Too many",
    500: "Fault on our side", 503: "Unavailable",
}  # fmt: skip


class Audience(NamedTuple):
    """Whose document it is: which paths are in it and how the caller says who he is."""

    paths: tuple[str, ...]
    title: str
    told: str
    schemes: Mapping[str, Any]


_VERSION = {
    "name": "Commissary-Version",
    "in": "header",
    "required": False,
    "description": "Of the API, for this call; else the key's",
    "schema": {"type": "string", "enum": list(changes.REGISTRY.versions)},
}

SCOPES_TOLD = {
    "orders:write": "Place and cancel orders, ask for quotes",
    "orders:read": "See orders and order files",
    "codes:read": "See delivered codes",
    "catalog:read": "See goods and prices",
    "balance:read": "See the wallet and its statements",
    "webhooks:write": "Keep webhook endpoints",
    "supply:provide": "Declare stock and provide what is asked of a supplier",
}

PARTNERS = Audience(
    ("/v1/", "/oauth/"),
    "Commissary 券厨",
    "Buy digital goods by program, or provide them. Every order is idempotent by `client_order_no`; every refusal has a stable code.",
    {
        "signature": {
            "type": "apiKey",
            "in": "header",
            "name": "Commissary-Signature",
            "description": "HMAC-SHA-256 over method, path, query, timestamp, nonce and body hash; see /docs",
        },
        "bearer": {
            "type": "oauth2",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES_TOLD}},
        },
    },
)
CONSOLE = Audience(
    ("/console/v1/",),
    "Commissary 券厨 · Console",
    "What the mall's staff and its partners' people do in the console. Sign in at `POST /console/v1/sessions`.",
    {
        "session": {"type": "http", "scheme": "bearer", "description": "The session's token"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "commissary_session"},
    },
)


def document(
    application: Litestar, errors: Iterable[ErrorEntry], base_url: str, audience: Audience = PARTNERS
) -> dict[str, Any]:
    """Every operation of that audience with every status it may answer, and the catalogue of errors as `x-errors`."""
    errors = list(errors)
    spec: dict[str, Any] = application.openapi_schema.to_schema()
    handlers = list(_handlers(application, audience))
    schemas, components = _schemas(handlers)
    spec |= {"openapi": "3.1.0", "servers": [{"url": base_url}]}
    spec["info"] |= {"title": audience.title, "description": audience.told}
    status_of = {e.code: e.status for e in errors}
    paths: dict[str, Any] = {}
    for path, method, handler in handlers:
        operation = spec["paths"][path][method]
        public = path.startswith("/oauth/") or bool(handler.opt.get("public"))
        operation["security"] = [] if public else [{name: []} for name in audience.schemes]
        operation |= {key: told for key, told in handler.opt.items() if key.startswith("x-")}
        for parameter in operation.get("parameters", ()):
            # Its absence has a refusal of its own, so the handler takes it for optional.
            if parameter["in"] == "header" and "minLength" in parameter["schema"]:
                parameter["required"] = True
                del parameter["schema"]["default"]
            if audience is CONSOLE and parameter["in"] == "query" and not parameter.get("required"):
                parameter["allowEmptyValue"] = True  # and then it is none
        if audience is PARTNERS and path.startswith("/v1/"):
            operation.setdefault("parameters", []).append(_VERSION)
        operation.pop("requestBody", None)
        if (body := _body(handler, schemas)) is not None:
            operation["requestBody"] = body
        # The framework's own idea of a fault is not ours.
        operation["responses"] = {
            str(handler.status_code): _success(handler, schemas),
            **({"202": _asked_out()} if handler.opt.get("asks") else {}),
            **{str(s): _fault(s) for s in sorted(_statuses(path, operation, status_of))},
        }
        paths.setdefault(path, {})[method] = operation
    spec["paths"] = paths
    spec["components"] = {"schemas": components, "securitySchemes": dict(audience.schemes)}
    tags = {tag for item in paths.values() for operation in item.values() for tag in operation["tags"]}
    spec["tags"] = [{"name": tag, "x-name-zh": zh} for tag, zh in TAGS.items() if tag in tags]
    if audience is PARTNERS:
        spec["info"]["x-versions"] = msgspec.to_builtins(changes.feed())
        spec["info"]["x-sandbox"] = msgspec.to_builtins(sandbox.TABLE)
    spec["x-errors"] = [
        {
            "code": e.code,
            "status": e.status,
            "retryable": e.retryable,
            "owner": e.who,
            "outcome": e.outcome,
            "title": e.en,
            "title_zh": e.zh,
            "domain": e.domain,
        }
        for e in errors
    ]
    plain: dict[str, Any] = _plain(spec)
    return plain


def _handlers(application: Litestar, audience: Audience) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """(path, method, handler), as the document writes them."""
    for route in application.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith(audience.paths):
            for handler in route.route_handlers:
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    yield route.path_format, method.lower(), handler


Schemas = Callable[[Any], Any]


def _schemas(handlers: Iterable[tuple[str, str, HTTPRouteHandler]]) -> tuple[Schemas, dict[str, Any]]:
    """What describes a type, and the components that those descriptions refer to."""
    found: list[Any] = [Problem]
    for _, _, handler in handlers:
        if handler.opt.get("asks") and approvals.ApprovalAsked not in found:
            found.append(approvals.ApprovalAsked)
        found += [t for t in (_asked(handler), _told(handler)) if t is not None and t not in found]
    described, components = msgspec.json.schema_components(found, ref_template=_REF)

    def schema(of: Any) -> Any:
        return described[found.index(of)]

    for name, component in components.items():
        _exemplify(name, component)
    return schema, dict(sorted(components.items()))


def _exemplify(name: str, component: dict[str, Any]) -> None:
    """The whole by its name, fields by theirs. Of a time msgspec only says that it is text."""
    if name in examples.SCHEMAS:
        component["examples"] = [examples.SCHEMAS[name]]
    for field, node in component.get("properties", {}).items():
        if field.endswith(("_at", "_since", "_until")):
            for text in (n for n in node.get("anyOf") or [node] if n.get("type") == "string"):
                text["format"] = "date-time"
        example = examples.FIELDS.get(field, examples.ID if field.endswith("_id") else None)
        if example is not None and type(example) in _types(node):
            component["properties"][field] = {**node, "examples": [example]}


def _types(node: Mapping[str, Any]) -> set[type]:
    """What a value may be, as far as examples need to know."""
    known: dict[str, type] = {"string": str, "integer": int, "array": list}
    inner = node.get("anyOf") or [node]
    free = (n for n in inner if not n.keys() & {"enum", "format", "$ref"})
    return {known[n["type"]] for n in free if n.get("type") in known}


def _asked(handler: HTTPRouteHandler) -> Any:
    """The type of the body."""
    field = handler.parsed_data_field
    return None if field is None else field.annotation


def _told(handler: HTTPRouteHandler) -> Any:
    """The type of the answer; None for none, and for what is no JSON."""
    field: FieldDefinition = handler.parsed_return_field
    if field.is_subclass_of(Response):
        field = field.inner_types[0] if field.inner_types else FieldDefinition.from_annotation(None)
    annotation = field.annotation
    if annotation in (None, type(None), bytes) or annotation is Stream:
        return None
    return annotation


def _body(handler: HTTPRouteHandler, schemas: Schemas) -> dict[str, Any] | None:
    if media := handler.opt.get("takes"):
        return {"required": True, "content": {name: {"schema": schema} for name, schema in media.items()}}
    field = handler.parsed_data_field
    if field is None:
        return None
    kind = field.kwarg_definition
    encoding = kind.media_type if isinstance(kind, BodyKwarg) else RequestEncodingType.JSON
    content: dict[str, Any] = {"schema": schemas(field.annotation)}
    if examples := handler.opt.get("examples"):
        content["examples"] = {name: {"value": value} for name, value in examples.items()}
    return {"required": True, "content": {str(getattr(encoding, "value", encoding)): content}}


def _success(handler: HTTPRouteHandler, schemas: Schemas) -> dict[str, Any]:
    said = str(handler.response_description or _SUCCESS.get(handler.status_code, "Done"))
    if media := handler.opt.get("gives"):
        return {"description": said, "content": {media: {"schema": {"type": "string"}}}}
    told = _told(handler)
    if told is None:
        return {"description": said}
    return {"description": said, "content": {JSON: {"schema": schemas(told)}}}


_SUCCESS = {200: "Done", 201: "Made", 202: "Taken in, to be done", 204: "Done; no body"}


def _asked_out() -> dict[str, Any]:
    """Of an operation that a rule may put before a second person."""
    schema = {"$ref": _REF.format(name="ApprovalAsked")}
    return {"description": "Not done yet: a second person is asked", "content": {JSON: {"schema": schema}}}


def _fault(status: int) -> dict[str, Any]:
    return {
        "description": _TITLES.get(status, "Refused"),
        "content": {PROBLEM: {"schema": {"$ref": _REF.format(name="Problem")}}},
    }


def _statuses(path: str, operation: dict[str, Any], status_of: dict[str, int]) -> set[int]:
    """The refusals that this operation can meet; a wrong method is answered by 405 everywhere."""
    found = {401, 403, 405, 413, 422, 429, 500, 503}
    found |= {status_of[code] for code in operation.get("x-errors", ())}
    if "requestBody" in operation or _VERSION in operation.get("parameters", ()):
        found.add(400)
    if "{" in path:
        found.add(404)
    return found


def _plain(node: Any) -> Any:
    """Patterns as JSON Schema means them (base.form), whole numbers as integers, descriptions in both languages."""
    if isinstance(node, dict):
        plain = {
            key: value.replace(END, "$") if key == "pattern" and isinstance(value, str) else _plain(value)
            for key, value in node.items()
        }
        if isinstance(told := node.get("description"), str):
            plain["description"] = told = " ".join(told.split())
            if told in CHINESE:
                plain.setdefault("x-description-zh", CHINESE[told])
        return plain
    if isinstance(node, list | tuple):
        return [_plain(value) for value in node]
    if isinstance(node, float) and node.is_integer():
        return int(node)
    return node


# In the order of the pages.
TAGS = {
    "Authentication": "身份认证",
    "Products": "商品",
    "Quotes": "报价",
    "Orders": "订单",
    "Order files": "批量下单文件",
    "Own: departments": "本企业：部门与预算",
    "Own: requests": "本企业：采购申请",
    "Own: company": "本企业",
    "Own: goods": "本企业：选品与价格",
    "Own: orders": "本企业：订单与卡密",
    "Own: order files": "本企业：批量下单",
    "Own: funds": "本企业：资金",
    "Own: developer": "本企业：开发者",
    "Own: supply": "本企业：供货",
    "Own: settlement": "本企业：对账结算",
    "Balance": "余额与对账",
    "Webhooks": "Webhook 推送",
    "Sessions": "会话",
    "People": "人员与组织",
    "Keys": "密钥",
    "Audit": "审计",
    "Approvals": "复核",
    "Partners": "合作方",
    "Supplier papers": "供应商资质",
    "Accounts": "账户",
    "Currencies": "外币与汇率",
    "Catalog": "商品目录",
    "Prices": "价格",
    "Stock": "库存",
    "Supply": "货源与采购",
    "Work": "人工处理",
    "Suppliers who are people": "人工供货",
    "Settlement": "供应商对账",
    "Risk": "风控",
    "Jobs": "后台任务",
    "Calls": "程序调用日志",
    "Clock": "测试商城时钟",
    "Factors": "登录验证方式",
    "Imports": "导入",
    "Bulk": "批量操作",
    "Exports": "导出",
    "Sandbox": "沙箱",
    "Versions": "版本",
}
