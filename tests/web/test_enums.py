"""Every enum of the console's API has its words, and the endpoint tells them."""

import json
import re
from pathlib import Path
from typing import Any

from commissary.web.enums import SOURCES, _all, codes_of, unworded
from make.tenancy import PASSWORD
from world import World

CONSOLE = Path(__file__).parents[2] / "frontend" / "src"
# One word that is no choice.
PLAIN = [{"client_credentials"}, {"unlimited"}, {"zh-CN", "en"}]


def test_no_code_is_without_words() -> None:
    assert unworded() == []
    assert unworded(SOURCES | {"order_status": SOURCES["line_status"]}) == [
        "order_status.waiting",
        "order_status.working",
        "order_status.partial",
        "order_status.processing is no code",
        "order_status.partially_delivered is no code",
    ]


def test_the_console_has_no_words_for_what_the_server_tells() -> None:
    """A state is called the same before and after the server's words are there, because there is one list of them."""
    kinds = dict(
        re.findall(r'^  (\w+): "(\w+)",$', (CONSOLE / "app/words.ts").read_text("utf-8"), re.MULTILINE)
    )
    assert kinds["order_status"] == "order"
    told = {
        (kinds.get(name, name), word.code.replace(".", "_"))
        for name, words in _all(()).enums.items()
        for word in words
    }
    for lang in ("zh-CN", "en"):
        own = json.loads((CONSOLE / f"i18n/{lang}.json").read_text("utf-8"))["enum"]
        twice = [f"{kind}.{code}" for kind, codes in own.items() for code in codes if (kind, code) in told]
        assert twice == [], lang


async def test_every_enum_of_the_document_is_told(world: World) -> None:
    async with world.serve() as server:
        document = (await server.raw("GET", "/console/openapi.json", b"", {})).json
        told = (await server.raw("GET", "/console/v1/meta/enums", b"", {})).json["enums"]
        who = await _me(world, server, {"Accept-Language": "en-GB,zh;q=0.8"})
        assert (await _me(world, server, {"Accept-Language": "fr, zh-TW;q=0.8, en"}))["locale"] == "zh-CN"
    known = [set(codes_of(source)) for source in SOURCES.values()] + PLAIN
    unknown = [values for values in _enums(document) if values not in known]
    assert unknown == []
    assert {e["code"] for e in document["x-errors"]} == {w["code"] for w in told["refusal"]}
    for name, words in told.items():
        assert len({w["code"] for w in words}) == len(words), name
        assert all(w["zh"] and w["en"] for w in words), name
    assert {"code": "delivered", "zh": "已交付", "en": "Delivered"} in told["order_status"]
    assert {"code": "owner", "zh": "所有者", "en": "Owner"} in told["role"]

    own = str(world.founded.organisation_id)
    assert (who["role"], who["locale"], who["zone"]) == ("owner", "en", "Asia/Shanghai")
    flags = {"test_mall": False, "example": False, "must_enrol": False, "sandbox": False}
    assert who["flags"] == flags
    assert (who["mall"]["name"], who["mall"]["currency"]) == ("Kitchen", "CNY")
    assert who["memberships"] == [
        {"organisation_id": own, "name": who["organisation"]["name"], "kind": "mall", "role": "owner"}
    ]


async def _me(world: World, server: Any, headers: dict[str, str]) -> Any:
    asked = {"mall": world.slug, "email": "owner@example.com", "password": PASSWORD}
    signed = await server.raw("POST", "/console/v1/sessions", json.dumps(asked).encode(), {})
    cookie = {"Cookie": signed.headers["Set-Cookie"].split(";")[0]}
    return (await server.raw("GET", "/console/v1/me", b"", cookie | headers)).json


def _enums(node: Any) -> list[set[str]]:
    found = []
    if isinstance(node, dict):
        if isinstance(values := node.get("enum"), list):
            found.append({str(v) for v in values if v is not None})
        for inner in node.values():
            found += _enums(inner)
    elif isinstance(node, list):
        for inner in node:
            found += _enums(inner)
    return found
