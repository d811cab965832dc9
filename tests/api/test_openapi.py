"""The OpenAPI documents are valid, whole, in both languages, and strict about what they take."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from commissary import app, web
from world import Ground, Served

DOCUMENTS = ("/openapi.json", "/console/openapi.json")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What partners' programs post, and so look for an example of.
POSTED = {
    "placeOrder",
    "placeOrders",
    "createQuote",
    "addOwnWebhookEndpoint",
    "rotateOwnWebhookSecret",
    "replayOwnWebhookDeliveries",
}

Operations = list[tuple[str, str, dict[str, Any]]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(world_ground: Ground) -> AsyncIterator[Served]:
    world = await world_ground.world()
    async with world.serve() as made:
        yield made
    await world.close()


@pytest_asyncio.fixture(params=DOCUMENTS, loop_scope="session")
async def document(served: Served, request: pytest.FixtureRequest) -> dict[str, Any]:
    got = await served.raw("GET", request.param, b"", {})
    assert got.status == 200
    found: dict[str, Any] = got.json
    return found


@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("path", [*DOCUMENTS, "/docs/reference"])
async def test_a_large_document_is_sent_as_its_reader_takes_it_and_once(served: Served, path: str) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        plain = await http.get(path, headers={"Accept-Encoding": "identity"})
        zipped = await http.get(path, headers={"Accept-Encoding": "gzip, br"})
        assert (plain.status_code, zipped.status_code) == (200, 200)
        assert zipped.headers["content-encoding"] == "gzip"
        assert zipped.content == plain.content
        assert int(zipped.headers["content-length"]) * 5 < int(plain.headers["content-length"])
        assert zipped.headers["vary"] == plain.headers["vary"] == "accept-encoding"
        told = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["etag"]}
        assert (await http.get(path, headers=told)).status_code == 304
        head = await http.head(path, headers={"Accept-Encoding": "gzip"})
        assert (head.status_code, head.content) == (200, b"")
        assert (await http.post(path)).status_code == 405


def operations(document: dict[str, Any]) -> Operations:
    return [(path, method, o) for path, item in document["paths"].items() for method, o in item.items()]


async def test_a_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert [str(e.message) for e in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_every_route_is_in_one_document(served: Served) -> None:
    described = [
        (path, method)
        for name in DOCUMENTS
        for path, method, _ in operations((await served.raw("GET", name, b"", {})).json)
    ]
    application = web.application(
        None,
        app.ROUTES,
        dict.fromkeys(app.OFFERED),
        "0",
    )  # type: ignore[arg-type]
    routed = [
        (route.path_format, method.lower())
        for route in application.routes
        if not route.path.startswith("/-/")
        for method in getattr(route, "methods", ())
        if method != "OPTIONS"
    ]
    assert sorted(described) == sorted(routed)
    assert len(described) > 150


async def test_every_operation_has_what_a_reader_looks_for(document: dict[str, Any]) -> None:
    found = operations(document)
    assert [i for i, n in Counter(o.get("operationId") for _, _, o in found).items() if n > 1 or not i] == []
    tags = {tag["name"]: tag.get("x-name-zh") for tag in document["tags"]}
    for path, method, operation in found:
        at = f"{method} {path}"
        assert operation["summary"], at
        assert not CHINESE.search(operation["summary"]), at
        assert CHINESE.search(operation["x-summary-zh"]), at
        assert bool(operation.get("description")) == bool(operation.get("x-description-zh")), at
        assert operation["tags"], at
        assert [
            tag for tag in operation["tags"] if not CHINESE.search(tags[tag] or "") and tag != "Webhooks"
        ] == [], at
        good = {s: r for s, r in operation["responses"].items() if int(s) < 400}
        assert good, at
        for status, response in good.items():
            schemas = [c.get("schema") for c in response.get("content", {}).values()]
            assert all(schemas), at
            assert schemas or status == "204", at
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], at


async def test_partners_read_every_description_in_both_languages(served: Served) -> None:
    document = (await served.raw("GET", "/openapi.json", b"", {})).json
    assert [text for text, chinese in descriptions(document) if not CHINESE.search(chinese or "")] == []


def descriptions(node: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(node, dict):
        if isinstance(node.get("description"), str):
            yield node["description"], node.get("x-description-zh")
        for inner in node.values():
            yield from descriptions(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from descriptions(inner)


async def test_what_partners_post_has_examples_that_fit(served: Served) -> None:
    document = (await served.raw("GET", "/openapi.json", b"", {})).json
    shown = set()
    for _, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for example in content.get("examples", {}).values():
                shown.add(operation["operationId"])
                whole = {"$ref": content["schema"]["$ref"], "components": document["components"]}
                Draft202012Validator(whole).validate(example["value"])
    assert shown >= POSTED
    cancel = document["paths"]["/v1/orders/{order_id}/cancel"]["post"]["parameters"]
    key = next(p for p in cancel if p["name"] == "Idempotency-Key")
    assert key["required"]
    assert key["schema"]["example"]


async def test_a_body_refuses_what_it_does_not_know(document: dict[str, Any]) -> None:
    """Every object that a request can hold is closed, or says what its further values are."""
    for path, method, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            for name, schema in objects(document, content["schema"]):
                assert "additionalProperties" in schema or path == "/oauth/token", (method, path, name)


async def test_texts_of_requests_have_an_end(document: dict[str, Any]) -> None:
    """No text and no list of a request is longer than we are willing to keep."""
    endless = set()
    for _, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "json" in str(list(operation["requestBody"]["content"])):
                endless |= {
                    f"{operation['operationId']}: {name}"
                    for name, schema in fields(document, content["schema"])
                    if (schema.get("type") == "string" and not BOUNDED & set(schema))
                    or (schema.get("type") == "array" and "maxItems" not in schema)
                }
    assert endless == set()


BOUNDED = {"maxLength", "pattern", "enum", "format", "const"}


def fields(
    document: dict[str, Any], schema: Any, path: str = "", seen: tuple[str, ...] = ()
) -> Iterator[tuple[str, Any]]:
    """(path, schema) of everything below a schema."""
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        if name in seen:
            return
        seen = (*seen, name)
        schema = document["components"]["schemas"][name]
    yield path, schema
    for inner in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from fields(document, inner, path, seen)
    for key, inner in schema.get("properties", {}).items():
        yield from fields(document, inner, f"{path}.{key}", seen)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from fields(document, schema[key], f"{path}[]", seen)


def objects(document: dict[str, Any], schema: Any) -> Iterator[tuple[str, Any]]:
    return ((path, s) for path, s in fields(document, schema) if "properties" in s)
