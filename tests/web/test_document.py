"""The OpenAPI document of the running product, and the pages made of it."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from jsonschema import Draft202012Validator

from commissary import web
from commissary.app import REFUSALS
from commissary.tenancy.types import SCOPES
from commissary.web.docs import idempotency, read, workbook
from world import Ground


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def document(world_ground: Ground) -> AsyncIterator[dict[str, Any]]:
    world = await world_ground.world()
    async with world.serve() as served:
        yield (await served.raw("GET", "/openapi.json", b"", {})).json
    await world.close()


def test_names_of_schemas_tell_nothing_of_our_folders(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]
    assert [name for name in names if not re.fullmatch("[A-Z][A-Za-z]+(_[A-Z][A-Za-z]+_)?", name)] == []


def test_a_time_is_told_to_be_one(document: dict[str, Any]) -> None:
    """Else a generated client hands out text where it could hand out an instant."""
    for name, schema in document["components"]["schemas"].items():
        for field, node in schema.get("properties", {}).items():
            if field.endswith(("_at", "_since", "_until")):
                assert "date-time" in {n.get("format") for n in node.get("anyOf", [node])}, f"{name}.{field}"


def test_the_scopes_of_a_token_are_told(document: dict[str, Any]) -> None:
    flow = document["components"]["securitySchemes"]["bearer"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == set(SCOPES)


def test_examples_fit_their_schemas(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    shown = 0
    for name, schema in schemas.items():
        whole = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        for example in schema.get("examples", ()):
            Draft202012Validator(whole).validate(example)
            shown += 1
        for node in schema.get("properties", {}).values():
            for example in node.get("examples", ()):
                Draft202012Validator({**node, "components": document["components"]}).validate(example)
                shown += 1
    assert shown > 40


def test_examples_are_of_the_trade(document: dict[str, Any]) -> None:
    """A reader who sees `"string"` learns nothing, and a token asked for by `grant_type=string` is refused."""
    text = web.docs_pages(document, web.catalogue(REFUSALS), "https://mall.example")["/docs"].body.decode()
    assert "grant_type=client_credentials" in text
    assert "QX7M22KD90PLTT41" in text
    assert "&#34;string&#34;" not in text


def test_of_every_call_it_is_told_what_a_second_one_does(document: dict[str, Any]) -> None:
    api = read.reference(document, (), "en", {})
    untold = [o.id for o in workbook.operations_of(api) if idempotency.kind_of(o) is None]
    assert untold == []
    known = {o.id for o in workbook.operations_of(api)}
    assert set(idempotency.POSTS) <= known
    assert {o.id for o in workbook.operations_of(api) if idempotency.kind_of(o) == "number"} == {
        "placeOrder",
        "placeOrders",
    }


def test_every_domain_of_the_catalogue_has_a_title_in_both_languages() -> None:
    from commissary.web.docs.words import DOMAINS

    assert set(REFUSALS) <= set(DOMAINS)


async def test_the_console_s_page_stands_beside_its_api(world_ground: Ground) -> None:
    """`/console/v1` and the document are the API's, everything else below `/console` is the page."""
    world = await world_ground.world()
    async with world.serve() as served:
        for path, kind in [
            ("/console", "text/html; charset=utf-8"),
            ("/console/c/some/orders", "text/html; charset=utf-8"),
            ("/console/v1x", "text/html; charset=utf-8"),
            ("/console/config.json", "application/json"),
            ("/console/openapi.json", "application/json"),
            ("/console/v1", "application/problem+json"),
            ("/console/v1/me", "application/problem+json"),
            ("/console/v1/no/such", "application/problem+json"),
        ]:
            told = await served.raw("GET", path, b"", {})
            assert told.headers["Content-Type"] == kind, path
        config = (await served.raw("GET", "/console/config.json", b"", {})).json
        assert config["demo"] is None
    await world.close()
