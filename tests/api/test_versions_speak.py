"""DEV04 dated versions: a key's own, a call's, unknown ones, those that end; the feed of changes; and that the newest costs nothing."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from commissary import web
from commissary.base.versions import FIRST, NEWEST, VERSIONS, Change, Registry, down, up
from make.journey import Installation, Mall
from make.trade import ALLOW, PHONE
from world import Answer, Buyer, Served, free_port, ground, signed

DEAD = "13900000003"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shop(admin_dsn: str) -> AsyncIterator[tuple[Mall, Buyer, Any]]:
    async with ground(admin_dsn) as made:
        server = Served(made.admin_dsn, made.key_folder, free_port(), None, ALLOW)
        await server.start()
        try:
            mall = await Installation(made, server).mall()
            field = PHONE[0] | {"checked": True}
            sku = await mall.sku("topup", fields=[field], instrument_class="direct_topup")
            await mall.price(sku, "9.8750")
            dead = {"kind": "dead", "valid_from": "2025-01-01T00:00:00Z", "source": "list"}
            await mall.owner.post("/account-numbers", dead | {"rows": [{"number": DEAD}]})
            yield mall, await mall.buyer("100"), {"sku_id": sku, "fields": {"account": DEAD}}
        finally:
            await server.stop()


async def ask(mall: Mall, key: Buyer, method: str, path: str, body: Any = None, version: str = "") -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    told = {"Commissary-Version": version} if version else {}
    return await mall.server.raw(method, path, content, signed(key, method, path, content) | told)


async def test_a_key_speaks_the_version_it_was_made_with_and_a_call_may_say_another(shop: Any) -> None:
    mall, buyer, check = shop
    [key] = (await mall.owner.get("/keys", organisation_id=str(buyer.organisation)))["items"]
    assert key["api_version"] == NEWEST
    now = await ask(mall, buyer, "POST", "/v1/account-checks", check)
    assert set(now.json) == {"ok", "reason", "title", "title_zh"}
    assert "Commissary-Version" not in now.headers
    older = await ask(mall, buyer, "POST", "/v1/account-checks", check, FIRST)
    assert older.json["message"] == now.json["title"]
    assert set(older.json) == {"ok", "reason", "message", "message_zh"}
    assert older.headers["Commissary-Version"] == FIRST
    same = await ask(mall, buyer, "POST", "/v1/account-checks", check, NEWEST)
    assert (same.body, same.headers["Commissary-Version"]) == (now.body, NEWEST)


async def test_a_key_from_before_is_answered_as_it_was(shop: Any) -> None:
    """Its version is the first until a call says another."""
    mall, _, check = shop
    buyer = await mall.buyer("100")
    # As the migration leaves keys that were there before it.
    await mall.rows(
        "update tenancy.api_key set api_version = %s where mall_id = %s and id = %s returning id",
        (FIRST, mall.world.mall, buyer.key_id),
    )
    old = await ask(mall, buyer, "POST", "/v1/account-checks", check)
    assert "message" in old.json
    assert (await ask(mall, buyer, "POST", "/v1/account-checks", check, NEWEST)).json["title"]
    assert (await ask(mall, buyer, "GET", "/v1/changes")).json["yours"] == FIRST
    # Its orders too say that this ends.
    order = await ask(mall, buyer, "POST", "/v1/orders", {"client_order_no": "N-1"} | check)
    assert order.status == 409 or order.status == 422, order.body
    quiet = await ask(mall, buyer, "GET", "/v1/balance")
    assert quiet.headers["Deprecation"] == "@1795737600"
    assert quiet.headers["Sunset"] == "Sat, 27 Nov 2027 00:00:00 GMT"


async def test_an_unknown_version_is_refused_with_the_list(shop: Any) -> None:
    mall, buyer, check = shop
    for version in ("2020-01-01", "newest", "2026-11-1"):
        for method, path, body in (
            ("POST", "/v1/account-checks", check),
            ("GET", "/v1/balance", None),
            ("POST", "/v1/orders", {}),
        ):
            answer = await ask(mall, buyer, method, path, body, version)
            assert (answer.status, answer.json["code"]) == (400, "version_unknown"), (path, answer.body)
            assert answer.json["facts"]["known"] == list(VERSIONS)
    # Who cannot prove who he is hears nothing of versions.
    stranger = replace(buyer, secret="sk_x")  # noqa: S106
    assert (await ask(mall, stranger, "GET", "/v1/balance", None, "2020-01-01")).status == 401


async def test_the_feed_tells_every_change_and_what_ends(shop: Any) -> None:
    mall, buyer, _ = shop
    told = (await ask(mall, buyer, "GET", "/v1/changes")).json
    assert (told["yours"], told["newest"]) == (NEWEST, NEWEST)
    assert [v["version"] for v in told["versions"]] == list(reversed(VERSIONS))
    [change] = told["versions"][0]["changes"]
    assert (change["id"], change["breaking"]) == ("account-check-titles", True)
    assert change["operations"] == ["POST /v1/account-checks"]
    assert told["versions"][-1]["sunset_on"] == "2027-11-27"
    spec = (await mall.server.raw("GET", "/openapi.json", b"", {})).json
    assert spec["info"]["x-versions"] == told["versions"]
    named = [p["name"] for p in spec["paths"]["/v1/balance"]["get"]["parameters"]]
    assert "Commissary-Version" in named
    for lang in ("zh-CN", "en"):
        page = (await mall.server.raw("GET", f"/docs/changelog?lang={lang}", b"", {})).body.decode()
        assert all(v in page for v in VERSIONS)
        assert "title_zh" in page


# The mechanism, with changes of several versions that nobody has made yet


def _renamed(old: str, new: str) -> tuple[Any, Any]:
    def up_(body: Any) -> Any:
        return {new if k == old else k: v for k, v in body.items()}

    def down_(body: Any) -> Any:
        return {old if k == new else k: v for k, v in body.items()}

    return up_, down_


def _three() -> Registry:
    operations = (("GET", "/v1/things/{id}"), ("POST", "/v1/things"))
    first, second = _renamed("a", "b"), _renamed("b", "c")
    changes = [
        Change("two", "2026-03-01", True, operations, "", "", *second),
        Change("one", "2026-02-01", True, operations, "", "", *first),
    ]
    return Registry(
        changes,
        ("2026-01-01", "2026-02-01", "2026-03-01"),
        {"2026-01-01": (date(2026, 3, 1), date(2027, 3, 1))},
    )


@pytest.mark.parametrize(("version", "name"), [("2026-01-01", "a"), ("2026-02-01", "b"), ("2026-03-01", "c")])
def test_changes_add_up(version: str, name: str) -> None:
    steps = _three().between(version, "GET", "/v1/things/7")
    assert up(steps, {name: 1, "z": 2}) == {"c": 1, "z": 2}
    assert down(steps, {"c": 1, "z": 2}) == {name: 1, "z": 2}


def test_what_did_not_change_takes_no_step() -> None:
    registry = _three()
    for method, path in (
        ("GET", "/v1/things"),
        ("POST", "/v1/things/7"),
        ("GET", "/v1/things/7/more"),
        ("GET", "/v1/balance"),
    ):
        assert registry.between("2026-01-01", method, path) == (), path
    assert registry.between("2026-03-01", "POST", "/v1/things") == ()


def test_every_version_before_the_newest_has_recorded_answers() -> None:
    from test_versions_replay import FOLDER

    assert {p.name for p in FOLDER.iterdir()} == set(VERSIONS) - {NEWEST}
    assert {c.since for c in web.REGISTRY.changes} == set(VERSIONS[1:])


def test_an_order_of_the_newest_version_goes_the_short_way() -> None:
    """Nothing is looked up for it: its version is in the set that was made at the start, and no change touches orders."""
    assert web.REGISTRY.between(NEWEST, "POST", "/v1/orders") == ()
    assert web.REGISTRY.between(FIRST, "POST", "/v1/orders") == ()
