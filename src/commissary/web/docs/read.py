"""An OpenAPI 3.1 document → `Reference`, in one language.

Texts of the document are English. Chinese is taken from `x-summary-zh`, `x-description-zh` or `x-name-zh` beside the
English field, else from the `zh` mapping (English → 中文) handed in, else the English stands. An operation's errors
are the codes in its `x-errors`, else every catalogue entry whose status the operation declares.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .types import Body, ErrorEntry, Group, Lang, Named, Operation, Parameter, Reference, Response, Row, Spec

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
DEEPEST = 6


def reference(spec: Spec, errors: Iterable[ErrorEntry], lang: Lang, zh: Mapping[str, str]) -> Reference:
    reader = Reader(spec, tuple(errors), lang, zh)
    info = spec.get("info", {})
    return Reference(
        title=reader.text(info, "title"),
        version=str(info.get("version", "")),
        note=reader.text(info, "description"),
        groups=tuple(reader.groups()),
        schemas=tuple(reader.schemas()),
    )


def names_of(spec: Spec) -> list[str]:
    """What the operations are called in addresses, without reading them."""
    return [
        slug_of(str(node.get("operationId") or f"{method}-{path}"))
        for path, item in spec.get("paths", {}).items()
        for method, node in item.items()
        if method in METHODS
    ]


class Reader:
    """Holds what every step needs: the document, because references point anywhere in it, and the language."""

    def __init__(self, spec: Spec, errors: tuple[ErrorEntry, ...], lang: Lang, zh: Mapping[str, str]) -> None:
        self.spec = spec
        self.errors = errors
        self.lang = lang
        self.zh = zh
        self.slugs: set[str] = set()

    def text(self, node: Any, key: str) -> str:
        english = str(node.get(key) or "")
        if self.lang == "en":
            return english
        return str(node.get(f"x-{key}-zh") or self.zh.get(english) or english)

    def groups(self) -> Iterator[Group]:
        """Tags in the document's order, then tags that were never declared, then webhooks."""
        by_tag: dict[str, list[Operation]] = {}
        tags = {str(tag["name"]): tag for tag in self.spec.get("tags", [])}
        for name in tags:
            by_tag[name] = []
        for path, item in self.spec.get("paths", {}).items():
            for method, node in self.operations_of(item):
                tag = str((node.get("tags") or ["API"])[0])
                by_tag.setdefault(tag, []).append(self.operation(path, method, node, item))
        for name, operations in by_tag.items():
            if operations:
                tag = tags.get(name, {"name": name})
                title = self.text(tag, "name")
                yield Group(self.slug(f"tag-{name}"), title, self.text(tag, "description"), tuple(operations))
        events = [
            self.operation(name, method, node, item, incoming=True)
            for name, item in self.spec.get("webhooks", {}).items()
            for method, node in self.operations_of(item)
        ]
        if events:
            title = "Webhooks" if self.lang == "en" else "事件通知 Webhooks"
            yield Group(self.slug("tag-webhooks"), title, "", tuple(events))

    def operations_of(self, item: Any) -> Iterator[tuple[str, Any]]:
        item, _ = self.resolve(item)
        return ((method, node) for method, node in item.items() if method in METHODS)

    def operation(self, path: str, method: str, node: Any, item: Any, *, incoming: bool = False) -> Operation:
        responses = tuple(self.response(str(s), r) for s, r in node.get("responses", {}).items())
        security = node.get("security", self.spec.get("security", [{"signature": []}]))
        request, _ = self.resolve(node.get("requestBody"))
        summary = self.text(node, "summary") or str(node.get("operationId", "")) or f"{method.upper()} {path}"
        return Operation(
            id=str(node.get("operationId", "")),
            slug=self.slug(f"op-{node.get('operationId') or method + '-' + path}"),
            method=method.upper(),
            path=path,
            summary=summary,
            note=self.text(node, "description"),
            parameters=tuple(self.parameters(item.get("parameters", []), node.get("parameters", []))),
            request=self.body(request),
            responses=responses,
            errors=self.errors_of(node, {r.status for r in responses}),
            signed=bool(security) and {} not in security and not incoming,
            deprecated=bool(node.get("deprecated")),
            incoming=incoming,
        )

    def parameters(self, shared: list[Any], own: list[Any]) -> Iterator[Parameter]:
        """An operation's parameter replaces its path's parameter of the same name and place."""
        found: dict[tuple[str, str], Any] = {}
        for node in [*shared, *own]:
            node, _ = self.resolve(node)
            found[str(node.get("in")), str(node.get("name"))] = node
        for (place, name), node in found.items():
            schema = node.get("schema", {})
            row = self.row(name, name, 0, schema, required=bool(node.get("required")))
            note = self.text(node, "description") or row.note
            given = node.get("example", first(node.get("examples")))
            if given is None and (node.get("required") or "example" in schema or "examples" in schema):
                given = self.example(schema)
            row = Row(row.path, name, 0, row.type, row.required, note, row.limits, row.values, row.schema)
            yield Parameter(place, row, None if given is None else str(given))

    def response(self, status: str, node: Any) -> Response:
        node, _ = self.resolve(node)
        return Response(status, self.text(node, "description"), self.body(node))

    def body(self, node: Any) -> Body | None:
        content = (node or {}).get("content")
        if not content:
            return None
        media, shape = next(iter(content.items()))
        schema = shape.get("schema", {})
        given = shape.get("example", first(shape.get("examples")))
        example = self.example(schema) if given is None else given
        _, name = self.resolve(schema)
        return Body(media, name, self.type(schema), tuple(self.rows(schema)), example, given is not None)

    def errors_of(self, node: Any, statuses: set[str]) -> tuple[ErrorEntry, ...]:
        named = node.get("x-errors")
        if named is None:
            return tuple(e for e in self.errors if e.status >= 400 and str(e.status) in statuses)
        # Two domains may say no with the same code; a caller sees one.
        by_code = {e.code: e for e in reversed(self.errors) if e.code in set(named)}
        return tuple(e for e in self.errors if by_code.get(e.code) is e)

    def schemas(self) -> Iterator[Named]:
        for name, node in self.spec.get("components", {}).get("schemas", {}).items():
            note = self.text(node, "description")
            values = tuple(map(str, node.get("enum", [])))
            kind = self.type(node, named=False)
            rows = tuple(self.rows(node, seen=(str(name),)))
            yield Named(str(name), schema_slug(str(name)), kind, note, rows, values)

    # -- schemas ----------------------------------------------------------------------------------------------

    def rows(self, schema: Any, path: str = "", depth: int = 0, seen: tuple[str, ...] = ()) -> Iterator[Row]:
        """Fields below a schema. A schema inside itself, or deeper than six, is named and not opened again."""
        schema, name = self.resolve(schema)
        if (name and name in seen) or depth > DEEPEST:
            return
        seen = (*seen, name) if name else seen
        schema = self.merged(schema)
        inner = alternatives(schema)
        if len(inner) == 1:
            yield from self.rows(inner[0], path, depth, seen)
        elif inner:
            for choice in inner:
                if choice_rows := list(self.rows(choice, path, depth + 1, seen)):
                    _, title = self.resolve(choice)
                    yield Row(path, title or self.type(choice), depth, "", schema=title, variant=True)
                    yield from choice_rows
        required = set(schema.get("required", []))
        for key, node in schema.get("properties", {}).items():
            at = f"{path}.{key}" if path else str(key)
            yield self.row(str(key), at, depth, node, required=key in required)
            yield from self.rows(node, at, depth + 1, seen)
        if isinstance(schema.get("items"), Mapping):
            yield from self.rows(schema["items"], f"{path}[]", depth, seen)
        if isinstance(more := schema.get("additionalProperties"), Mapping) and more:
            yield from self.rows(more, f"{path}.*", depth, seen)

    def row(self, name: str, path: str, depth: int, node: Any, *, required: bool) -> Row:
        target, schema_name = self.resolve(node)
        plain = innermost(self, target)
        if schema_name is None:
            _, schema_name = self.resolve(deepest_reference(node))
        note = self.text(node, "description") or self.text(target, "description")
        values = tuple(str(v) for v in plain.get("enum", []) if v is not None)
        limits = tuple(limits_of(plain, node if isinstance(node, Mapping) else {}))
        return Row(path, name, depth, self.type(node), required, note, limits, values, schema_name)

    def type(self, schema: Any, *, named: bool = True) -> str:
        """`Line[]`, `string<date-time>`, `map<integer>`, `Money | null`: the same in every language."""
        schema, name = self.resolve(schema)
        if name and named and is_object(schema):
            return name
        choices = schema.get("anyOf") or schema.get("oneOf")
        if choices:
            return " | ".join(dict.fromkeys(self.type(c) for c in choices))
        if "const" in schema:
            return repr(schema["const"]).replace("'", '"')
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(self.type({**schema, "type": k}) for k in kind)
        if kind == "array" or "items" in schema:
            inner = self.type(schema.get("items") or {})
            return f"({inner})[]" if " | " in inner else f"{inner}[]"
        if isinstance(schema.get("additionalProperties"), Mapping) and not schema.get("properties"):
            return f"map<{self.type(schema['additionalProperties'])}>"
        if kind is None:
            kind = "object" if is_object(schema) else "string" if "enum" in schema else "any"
        return f"{kind}<{schema['format']}>" if "format" in schema else str(kind)

    def example(self, schema: Any, seen: tuple[str, ...] = ()) -> Any:
        """A value that fits the schema, from its own examples where it has them."""
        schema, name = self.resolve(schema)
        for given in (schema.get("example"), first(schema.get("examples")), schema.get("const")):
            if given is not None:
                return given
        if name and name in seen:
            return None
        seen = (*seen, name) if name else seen
        schema = self.merged(schema)
        for source in ("default", "enum"):
            if schema.get(source) is not None:
                return schema[source][0] if source == "enum" else schema[source]
        if inner := alternatives(schema):
            return self.example(inner[0], seen)
        kind = schema.get("type")
        kind = next((k for k in kind if k != "null"), None) if isinstance(kind, list) else kind
        if "properties" in schema:
            return {key: self.example(node, seen) for key, node in schema["properties"].items()}
        if kind == "array":
            inner_value = self.example(schema.get("items") or {}, seen)
            return [] if inner_value is None else [inner_value]
        if kind == "string":
            return EXAMPLES.get(str(schema.get("format")), "string")
        return {"integer": schema.get("minimum", 1), "number": 1.5, "boolean": True, "object": {}}.get(
            str(kind)
        )

    def merged(self, schema: Any) -> Any:
        """`allOf` folded into one object schema."""
        parts = schema.get("allOf")
        if not parts:
            return schema
        whole: dict[str, Any] = {k: v for k, v in schema.items() if k != "allOf"}
        properties: dict[str, Any] = {}
        required: list[str] = list(whole.get("required", []))
        for part in parts:
            part = self.merged(self.resolve(part)[0])
            properties |= part.get("properties", {})
            required += part.get("required", [])
            whole = {**part, **whole}
        properties |= whole.get("properties", {})
        return {**whole, **({"properties": properties} if properties else {}), "required": required}

    def resolve(self, node: Any) -> tuple[Any, str | None]:
        """Follows `$ref`; the name is that of the last schema component passed, if any."""
        name = None
        for _ in range(16):
            if not isinstance(node, Mapping):
                return {}, name
            ref = node.get("$ref")
            if ref is None:
                return node, name
            target: Any = self.spec
            for part in str(ref).removeprefix("#/").split("/"):
                target = target.get(part.replace("~1", "/").replace("~0", "~"), {})
            if str(ref).startswith("#/components/schemas/"):
                name = str(ref).rsplit("/", 1)[1]
            node = target
        raise ValueError(f"references point at each other: {node}")

    def slug(self, text: str) -> str:
        base = slug_of(text)
        slug, n = base, 2
        while slug in self.slugs:
            slug, n = f"{base}-{n}", n + 1
        self.slugs.add(slug)
        return slug


EXAMPLES = {
    "date-time": "2026-11-11T00:00:00Z",
    "date": "2026-11-11",
    "uri": "https://partner.example/callback",
    "ipv4": "203.0.113.7",
    "email": "buyer@partner.example",
}


def slug_of(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-").lower() or "x"


def schema_slug(name: str) -> str:
    return "schema-" + re.sub(r"[^A-Za-z0-9_.-]+", "-", name)


def first(examples: Any) -> Any:
    """Both spellings: a schema's list, a media type's mapping of named examples."""
    if isinstance(examples, Mapping):
        one = next(iter(examples.values()), None)
        return one.get("value") if isinstance(one, Mapping) else one
    return examples[0] if isinstance(examples, list) and examples else None


def is_object(schema: Any) -> bool:
    return (
        any(k in schema for k in ("properties", "allOf", "oneOf", "anyOf")) or schema.get("type") == "object"
    )


def alternatives(schema: Any) -> list[Any]:
    """The branches of a union that are not null."""
    branches = schema.get("anyOf") or schema.get("oneOf") or []
    return [b for b in branches if b.get("type") != "null"]


def deepest_reference(node: Any) -> Any:
    """The reference inside an array or a union with null, so that the type can be a link."""
    while isinstance(node, Mapping) and "$ref" not in node:
        inner = alternatives(node)
        node = inner[0] if len(inner) == 1 else node.get("items") if "items" in node else None
    return node or {}


def innermost(reader: Reader, schema: Any) -> Any:
    """What limits apply to: the one branch of a union with null."""
    inner = alternatives(schema)
    return reader.resolve(inner[0])[0] if len(inner) == 1 else schema


def limits_of(schema: Any, outer: Any) -> Iterator[tuple[str, str]]:
    for kind, low, high in (
        ("value", "minimum", "maximum"),
        ("length", "minLength", "maxLength"),
        ("items", "minItems", "maxItems"),
    ):
        least, most = schema.get(low), schema.get(high)
        if least is not None and most is not None:
            yield kind, f"{least} … {most}" if least != most else str(least)
        elif least is not None:
            yield kind, f"≥ {least}"
        elif most is not None:
            yield kind, f"≤ {most}"
    for bound, sign in (("exclusiveMinimum", ">"), ("exclusiveMaximum", "<")):
        if bound in schema:
            yield "value", f"{sign} {schema[bound]}"
    if "pattern" in schema:
        yield "pattern", str(schema["pattern"])
    default = outer.get("default", schema.get("default"))
    if default not in (None, ""):
        yield "default", str(default)
