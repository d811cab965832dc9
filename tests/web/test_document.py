"""The OpenAPI document of the running product, and the pages made of it."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest_asyncio

from commissary import web
from commissary.app import REFUSALS
from world import Ground


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def document(world_ground: Ground) -> AsyncIterator[dict[str, Any]]:
    world = await world_ground.world()
    async with world.serve() as served:
        yield (await served.raw("GET", "/openapi.json", b"", {})).json
    await world.close()


def nodes(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        yield where, node
        for key, value in node.items():
            yield from nodes(value, f"{where}/{key}")
    elif isinstance(node, list):
        for n, value in enumerate(node):
            yield from nodes(value, f"{where}/{n}")


def test_every_text_of_the_document_exists_in_chinese(document: dict[str, Any]) -> None:
    missing = {
        (key, node[key]): where
        for where, node in nodes(document)
        for key in ("summary", "description")
        if isinstance(node.get(key), str) and "scopes" not in where
        if not re.search("[\u4e00-\u9fff]", str(node.get(f"x-{key}-zh", "")))
    }
    assert missing == {}
    used = {tag for path in document["paths"].values() for o in path.values() for tag in o["tags"]}
    assert {tag["name"] for tag in document["tags"]} == used


def test_names_of_schemas_tell_nothing_of_our_folders(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]
    assert [name for name in names if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []
    refs = {str(node["$ref"]).rsplit("/", 1)[-1] for _, node in nodes(document) if "$ref" in node}
    assert refs <= set(names)


def test_every_operation_names_the_refusals_it_can_meet(document: dict[str, Any]) -> None:
    errors = web.catalogue(REFUSALS)
    domains = {e.code: e.domain for e in reversed(errors)}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["x-errors"], path
            assert "code files" not in {domains[code] for code in operation["x-errors"]}, path
    added = document["paths"]["/v1/webhook-endpoints"]["post"]
    assert {"url_not_https", "too_many_endpoints"} <= set(added["x-errors"])
    assert {"409", "422"} <= set(added["responses"])


def test_examples_are_of_the_trade(document: dict[str, Any]) -> None:
    """A reader who sees `"string"` learns nothing, and a token asked for by `grant_type=string` is refused."""
    text = web.docs_pages(document, web.catalogue(REFUSALS), "https://mall.example")["/docs"].body.decode()
    assert "grant_type=client_credentials" in text
    assert "QX7M22KD90PLTT41" in text
    assert "&#34;string&#34;" not in text


def test_every_domain_of_the_catalogue_has_a_title_in_both_languages() -> None:
    from commissary.web.docs.words import DOMAINS

    assert set(REFUSALS) <= set(DOMAINS)
