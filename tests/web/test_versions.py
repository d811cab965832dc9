"""ETag and If-Match over HTTP: the second of two who edit the same thing is told, whichever way he names the version."""

import asyncio
import json
from typing import Any

from make.tenancy import PASSWORD
from world import World


async def test_an_edit_goes_through_only_on_what_was_seen(world: World) -> None:
    async with world.serve() as server:
        asked = {"mall": world.slug, "email": "owner@example.com", "password": PASSWORD}
        signed = await server.raw("POST", "/console/v1/sessions", json.dumps(asked).encode(), {})
        told = {"Cookie": signed.headers["Set-Cookie"].split(";")[0], "Origin": server.url}
        told["Content-Type"] = "application/json"

        async def call(method: str, path: str, body: Any = None, if_match: str | None = None) -> Any:
            more = {} if if_match is None else {"If-Match": if_match}
            content = b"" if body is None else json.dumps(body).encode()
            return await server.raw(method, f"/console/v1{path}", content, told | more)

        named = {"name_zh": "甲", "name_en": "A"}
        made = await call("POST", "/brands", named)
        assert (made.status, made.headers["ETag"]) == (201, '"1"')
        at = f"/brands/{made.json['id']}"
        assert "ETag" not in (await call("GET", "/brands")).headers

        changed = await call("PATCH", at, named | {"name_en": "B"}, '"1"')
        assert (changed.status, changed.headers["ETag"], changed.json["version"]) == (200, '"2"', 2)
        for if_match, body in (
            ('"1"', named),
            ('"3"', named),
            ('"1"', named | {"version": 2}),  # the body would do, but they differ
            (None, named | {"version": 1}),
        ):
            answer = await call("PATCH", at, body, if_match)
            assert (answer.status, answer.json["code"]) == (409, "conflict"), (if_match, body)
        for if_match in ("2", '"x"', "*", '"1", "2"', '"' + "9" * 10 + '"'):
            answer = await call("PATCH", at, named, if_match)
            assert (answer.status, answer.json["fields"][0]["path"]) == (422, "If-Match"), if_match
        assert (await call("PATCH", at, named)).status == 422, "one of the two is needed"
        assert (await call("POST", "/brands", {"name_zh": "乙", "name_en": "C"}, '"1"')).status == 422
        assert (await call("DELETE", "/sessions/current", None, '"1"')).status == 422

        # Of two at once, one is told.
        both = await asyncio.gather(
            *(call("PATCH", at, named | {"name_en": name}, '"2"') for name in ("D", "E"))
        )
        assert sorted(a.status for a in both) == [200, 409]
        seen = await call("PATCH", at, named | {"name_en": "F"}, 'W/"3"')
        assert seen.headers["ETag"] == '"4"'
