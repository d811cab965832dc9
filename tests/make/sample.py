"""The plainest body that an operation of the console accepts, from the document: so that a refusal is about who asks, not about how."""

import re
from collections.abc import Mapping
from typing import Any

# Tried in this order until one fits pattern and length.
WORDS = (
    "1",
    "1.00",
    "CNY",
    "USD",
    "2026-01-01",
    "2026-01",
    "06:00",
    "a" * 64,
    "support",
    "correct horse battery",
)


class Sampler:
    """`ids` fill fields of those names."""

    def __init__(self, document: Mapping[str, Any], ids: Mapping[str, str]) -> None:
        self.components = document["components"]["schemas"]
        self.paths = document["paths"]
        self.ids = ids

    def body(self, method: str, path: str) -> tuple[str, Any]:
        """(media type, body); ('', None) for none."""
        content = self.paths[path][method.lower()].get("requestBody", {}).get("content", {})
        if not content:
            return "", None
        media, told = next(iter(content.items()))
        return (media, self.value(told["schema"])) if media == "application/json" else (media, b"1,1\n")

    def value(self, schema: Mapping[str, Any], name: str = "") -> Any:
        if "$ref" in schema:
            return self.value(self.components[schema["$ref"].rpartition("/")[2]], name)
        if "anyOf" in schema:
            return self.value(next(s for s in schema["anyOf"] if s.get("type") != "null"), name)
        if "enum" in schema:
            # What is demanded of everybody would turn everybody away.
            return "off" if "off" in schema["enum"] else schema["enum"][0]
        kind = schema.get("type")
        if kind == "object":
            fields = schema.get("properties", {})
            return {f: self.value(fields[f], f) for f in schema.get("required", ()) if f in fields}
        if kind == "array":
            one = {"seal": "a" * 64} if name == "items" else {}
            made = self.value(schema["items"], name.removesuffix("s"))
            made = made | one if isinstance(made, dict) and "seal" in made else made
            return [made] * max(1, schema.get("minItems", 0))
        if kind == "integer":
            return max(1, schema.get("minimum", 1))
        if kind == "boolean":
            return False
        return self.text(schema, name) if kind == "string" else {}

    def text(self, schema: Mapping[str, Any], name: str) -> str:
        if name in self.ids:
            return self.ids[name]
        if name == "email":
            return "somebody@example.com"
        if name in ("password", "new", "old"):
            return "not the right one"
        if schema.get("format") == "date-time":
            return "2090-01-01T00:00:00Z"
        if name in ("dated", "valid_from", "valid_to"):
            return "2090-01-01"
        pattern = re.compile(schema.get("pattern", ""))
        least, most = schema.get("minLength", 0), schema.get("maxLength", 10**6)
        words = (*WORDS, "1390000", "x" * max(1, least), "")
        fitting = [w for w in words if pattern.search(w) and least <= len(w) <= most]
        assert fitting, f"no word fits {name}: {schema}"
        return fitting[0]
