"""The console's entrance over HTTP."""

from commissary.insight import key_routes
from commissary.tenancy.routes import ROUTES
from make.console import console
from make.tenancy import PASSWORD, House


async def test_a_morning_at_the_console(house: House) -> None:
    buyer = await house.buyer()
    key_id, _ = await house.key(buyer)
    async with console(house, [*ROUTES, *key_routes.ROUTES]) as client:
        assert (await client.get("/console/v1/me")).json()["code"] == "not_signed_in"
        login = {"mall": house.slug, "email": "Owner@example.com", "password": PASSWORD}
        wrong = await client.post("/console/v1/sessions", json=login | {"password": "nope"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
        answer = await client.post("/console/v1/sessions", json=login)
        assert answer.status_code == 201
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert f"cs_{house.mall}_" not in answer.text
        me = (await client.get("/console/v1/me")).json()
        assert (me["mall"]["slug"], me["person"]["role"]) == (house.slug, "owner")
        assert isinstance(me["mall"]["id"], str)

        person = {
            "organisation_id": me["organisation"]["id"],
            "email": "a@b.cn",
            "name": "A",
            "password": PASSWORD,
        }
        made = await client.post("/console/v1/people", json=person | {"role": "support"})
        assert made.status_code == 201
        assert "password" not in made.text
        first = (await client.get("/console/v1/people?size=1")).json()
        rest = (await client.get("/console/v1/people", params={"cursor": first["next"]})).json()
        assert [p["email"] for p in first["items"] + rest["items"]] == ["owner@example.com", "a@b.cn"]
        assert rest["next"] is None
        place = f"/console/v1/organisations/{me['organisation']['id']}/people/{made.json()['id']}"
        assert (await client.put(f"{place}/role", json={"role": "finance"})).status_code == 204
        assert (await client.patch(place, json={"status": "suspended"})).status_code == 204
        assert (await client.put(f"{place}x/role", json={"role": "finance"})).status_code == 404

        rotated = (await client.post(f"/console/v1/keys/{key_id}/rotate", json={"overlap_s": 5})).json()
        assert rotated["secret"].startswith("sk_")
        assert "secret" not in (await client.post(f"/console/v1/keys/{key_id}/revoke")).json()
        keys = (await client.get("/console/v1/keys")).json()
        assert [k["id"] for k in keys["items"]] == [key_id]
        assert "secret" not in keys["items"][0]
        kinds = [o["kind"] for o in (await client.get("/console/v1/organisations")).json()["items"]]
        assert kinds == ["mall", "buyer"]
        assert len((await client.get("/console/v1/roles")).json()) >= 10

        log = (await client.get("/console/v1/audit?size=3")).json()
        more = (await client.get("/console/v1/audit", params={"cursor": log["next"]})).json()
        assert [e["action"] for e in log["items"]] == ["key.revoke", "key.rotate", "person.set_status"]
        assert "session.sign_in" in [e["action"] for e in more["items"]]

        fresh = {"old": PASSWORD, "new": "an even longer password"}
        assert (await client.put("/console/v1/me/password", json=fresh)).status_code == 204
        assert (await client.get("/console/v1/me")).status_code == 200
        assert (await client.delete("/console/v1/sessions/current")).status_code == 204
        assert (await client.get("/console/v1/me")).status_code == 401


async def test_unknown_fields_and_bad_cursors_are_refused(house: House) -> None:
    async with console(house, ROUTES, house.actor) as client:
        assert (
            await client.post("/console/v1/sessions", json={"mall": "x", "admin": True})
        ).status_code == 422
        for query in ("cursor=abc", "size=0", "size=201"):
            answer = await client.get(f"/console/v1/organisations?{query}")
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), query
