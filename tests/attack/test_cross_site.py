"""A foreign page in the browser of somebody who is signed in at the console: it can change nothing there."""

import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from commissary.tenancy import sign_in
from make.tenancy import PASSWORD
from world import Served, World, free_port

FORM = b"name_zh=x&name_en=x"
JSON, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
PUBLIC = "https://kitchen.example"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(world_ground: Any) -> AsyncIterator[World]:
    made = await world_ground.world()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(house: World) -> AsyncIterator[Served]:
    async with house.serve(settings={"COMMISSARY_PUBLIC_URL": PUBLIC}, port=free_port()) as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def token(house: World) -> str:
    return await sign_in(house.env, house.slug, "owner@example.com", PASSWORD, "192.0.2.1")


# What a browser or a program says beside the cookie, the body's type, and whether the change is made.
CASES: list[tuple[str, dict[str, str], str, bool]] = [
    ("our page", {"Sec-Fetch-Site": "same-origin", "Origin": "{own}"}, JSON, True),
    ("our page behind a proxy that renames it", {"Sec-Fetch-Site": "same-origin"}, JSON, True),
    ("our page, plain http", {"Origin": "{own}"}, JSON, True),
    ("our page by its public name", {"Origin": PUBLIC}, JSON, True),
    ("our page, port spelt out", {"Origin": PUBLIC + ":443"}, JSON, True),
    ("foreign form", {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, FORM_TYPE, False),
    ("foreign JSON that needs no preflight", {"Sec-Fetch-Site": "cross-site"}, "text/plain", False),
    ("foreign, says our origin", {"Sec-Fetch-Site": "cross-site", "Origin": "{own}"}, JSON, False),
    ("a shop on a sibling name", {"Sec-Fetch-Site": "same-site", "Origin": "https://shop.kitchen.example"}, JSON, False),
    ("typed into the address bar", {"Sec-Fetch-Site": "none"}, JSON, False),
    ("old browser, foreign form", {"Origin": "https://evil.example"}, FORM_TYPE, False),
    ("old browser, foreign text", {"Origin": "https://evil.example"}, "text/plain", False),
    ("sandboxed frame", {"Origin": "null"}, JSON, False),
    ("another port", {"Origin": "http://127.0.0.1:1"}, JSON, False),
    ("another scheme", {"Origin": "http://kitchen.example"}, JSON, False),
    ("our name in front", {"Origin": PUBLIC + ".evil.example"}, JSON, False),
    ("our name as a user", {"Origin": "https://kitchen.example@evil.example"}, JSON, False),
    ("no address", {"Origin": "https://[::"}, JSON, False),
    ("nothing said", {}, JSON, False),
    ("nothing said, form", {}, FORM_TYPE, False),
    ("an empty bearer is none", {"Authorization": "Bearer "}, JSON, False),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "goes"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_a_change_by_cookie_shows_where_it_comes_from(
    house: World, server: Served, token: str, said: dict[str, str], kind: str, goes: bool
) -> None:
    headers = {name: value.replace("{own}", server.url) for name, value in said.items()}
    headers |= {"Cookie": f"commissary_session={token}", "Content-Type": kind}
    before = await brands(house)
    body = FORM if "form" in kind else brand()
    answer = await server.raw("POST", "/console/v1/brands", body, headers)
    assert await brands(house) - before == (1 if goes else 0)
    if goes:
        assert answer.status == 201, answer.body
    else:
        assert (answer.status, answer.json["code"]) == (403, "foreign_origin")


async def test_every_method_that_changes_is_asked(server: Served, token: str) -> None:
    told = {"Cookie": f"commissary_session={token}", "Origin": "https://evil.example"}
    for method, path in (
        ("PUT", "/clock"),
        ("PATCH", "/brands/1"),
        ("DELETE", "/sessions/current"),
        ("DELETE", "/account-checker"),
        ("POST", "/imports"),
    ):
        answer = await server.raw(method, f"/console/v1{path}", b"{}", told | {"Content-Type": JSON})
        assert (answer.status, answer.json["code"]) == (403, "foreign_origin"), (method, path)
    answer = await server.raw("GET", "/console/v1/me", b"", told)
    assert answer.status == 200, "reading is kept by the browser: it shows no answer to another origin"
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_program_with_a_bearer_token_is_not_asked(house: World, server: Served, token: str) -> None:
    for more in ({}, {"Origin": "https://evil.example"}, {"Cookie": f"commissary_session={token}"}):
        told = {"Authorization": f"Bearer {token}", "Content-Type": JSON} | more
        answer = await server.raw("POST", "/console/v1/brands", brand(), told)
        assert answer.status == 201, (more, answer.body)


async def test_no_foreign_page_signs_somebody_in(house: World, server: Served) -> None:
    """Else he would work, unaware, in an account of the attacker's."""
    asked = {"mall": house.slug, "email": "owner@example.com", "password": PASSWORD}
    for said, status in (
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": server.url}, 201),
        ({}, 201),
    ):
        body = json.dumps(asked).encode()
        answer = await server.raw("POST", "/console/v1/sessions", body, {"Content-Type": "text/plain"} | said)
        assert answer.status == status, said
        if status == 201:
            cookie = answer.headers["Set-Cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=strict" in cookie
        else:
            assert "Set-Cookie" not in answer.headers


def brand() -> bytes:
    name = secrets.token_hex(6)
    return json.dumps({"name_zh": name, "name_en": name}).encode()


async def brands(house: World) -> int:
    [(count,)] = await house.rows("select count(*) from catalog.brand where mall_id = %s", [house.mall])
    return int(count)
