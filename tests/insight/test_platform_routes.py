"""The open platform and the system over HTTP: keys with their use, who calls how much, what runs and what is behind."""

import time
from datetime import timedelta
from typing import Any

import httpx

from commissary import __version__, jobs, ledger, orders, partners
from commissary.base import outbox
from commissary.base.home import home as home_of
from commissary.base.migrate import files
from commissary.insight import CallLog, key_routes, system_routes
from commissary.jobs.routes import ROUTES as JOBS
from commissary.tenancy.types import ApiKey
from make.http import served
from make.ledger import till
from make.tenancy import House

ROUTES = [*key_routes.ROUTES, *system_routes.ROUTES]
KEYS = "/console/v1/api-keys"


async def company(house: House, name: str) -> Any:
    await till(house)
    made, _, _ = await ledger.add_buyer(house.env, house.actor, name=name)
    return made


async def key_of(house: House, company: int, name: str, *scopes: str, **more: Any) -> ApiKey:
    view, _ = await partners.issue_key(
        house.env, house.actor, company, name=name, scopes=scopes or ("orders:read",), **more
    )
    return ApiKey(view.id, house.mall, home_of(house.mall), company, view.account_id, frozenset(), (), ())


def heard(key: ApiKey, status: int, path: str = "/v1/balance", answer: bytes = b"{}") -> orders.Heard:
    made = orders.Heard({"type": "http", "method": "GET", "path": path, "headers": []}, "r")
    made.key, made.status, made.answer, made.ip = key, status, answer, "192.0.2.7"
    made.at_s, made.elapsed_s = time.time(), 0.004
    return made


async def items(http: httpx.AsyncClient, path: str, **query: Any) -> list[Any]:
    answer = await http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    return shown if isinstance(shown, list) else shown["items"]


async def test_keys_stand_with_their_last_use(house: House, other: House) -> None:
    blue, green = await company(house, "Blue"), await company(house, "Green")
    used = await key_of(house, blue.id, "production", "orders:write", "orders:read")
    named = await key_of(house, blue.id, "named by a forger")
    idle = await key_of(house, green.id, "idle", expires_at=house.env.now(house.mall) + timedelta(days=1))
    log = CallLog.of(["/v1/balance"])
    log.note(heard(used, 200))
    log.note(heard(named, 401, answer=b'{"code":"bad_signature"}'))
    assert log.placed(used, 0.002), "the first is kept"
    assert not log.placed(used, 0.002)
    await log.flush(house.env)
    async with served(house, ROUTES) as http:
        found = {k["name"]: k for k in await items(http, KEYS)}
        assert set(found) == {"production", "named by a forger", "idle"}
        seen = found["production"]
        assert (seen["organisation"], seen["state"], seen["last_used_ip"]) == ("Blue", "active", "192.0.2.7")
        assert seen["last_used_at"] is not None
        assert found["named by a forger"]["last_used_at"] is None, "a wrong signature is nobody's use"
        for query, names in [
            ({"q": "green"}, ["idle"]),
            ({"q": used.id}, ["production"]),
            ({"organisation_id": blue.id, "sort": "name"}, ["named by a forger", "production"]),
            ({"has_scope": "orders:write"}, ["production"]),
            ({"status": "revoked"}, []),
            ({"status": "active", "sort": "-name"}, ["production", "named by a forger", "idle"]),
            ({"unused_since": "2000-01-01T00:00:00Z", "sort": "name"}, ["idle", "named by a forger"]),
        ]:
            assert [k["name"] for k in await items(http, KEYS, **query)] == names, query
            asked = {k: v for k, v in query.items() if k != "sort"}
            assert (await http.get(f"{KEYS}/totals", params=asked)).json()["total"] == len(names), query
        walked, cursor = [], {}
        for _ in range(3):
            page = (await http.get(KEYS, params={"size": 1, "sort": "created_at", **cursor})).json()
            walked += [k["name"] for k in page["items"]]
            cursor = {"cursor": page["next"]}
        assert (sorted(walked), page["next"]) == (sorted(found), None)
        assert (await http.get(KEYS, params={"cursor": "WyIiLDFd"})).status_code == 422, "of another list"
        house.clock.move(days=2)
        assert [k["name"] for k in await items(http, KEYS, status="expired")] == ["idle"]

        calls = await items(http, "/console/v1/calls/companies", hours=24)
        assert [(c["organisation"], c["calls"], c["refused"]) for c in calls] == [("Blue", 4, 1)]
    async with served(other, ROUTES) as http:
        assert await items(http, KEYS) == []
        assert await items(http, KEYS, q=used.id) == []
        assert await items(http, "/console/v1/calls/companies") == []
    del named, idle


async def test_the_system_says_what_runs_and_what_is_behind(house: House, other: House) -> None:
    now, here = house.env.clock(), home_of(house.mall)
    async with house.env.db.transaction(house.mall) as tx:
        await outbox.advance(tx, here, ["quick", "slow"], 0)
        for n in range(3):
            await outbox.publish(tx, here, [outbox.Event("x", n, n, 0, now, {})], now)
        await outbox.advance(tx, here, ["quick"], 3)
        await jobs.defer(tx, house.env, house.mall, "test.wait", {})
    async with served(house, ROUTES) as http:
        told = (await http.get("/console/v1/system")).json()
        assert (told["release"], told["migrations"]) == (__version__, len(files()))
        assert told["last_migration"].startswith("00")
        assert told["database_bytes"] > 1_000_000
        assert (told["jobs_queued"], told["jobs_running"], told["jobs_failed"]) == (1, 0, 0)
        behind = {r["name"]: (r["behind"], r["oldest_at"] is not None) for r in told["readers"]}
        assert behind == {"slow": (3, True), "quick": (0, False)}
    async with served(other, ROUTES) as http:
        told = (await http.get("/console/v1/system")).json()
        assert (told["jobs_queued"], told["readers"]) == (0, [])


async def test_turns_say_when_they_were_done_and_which_are_late(house: House) -> None:
    now = house.env.clock()
    done = await jobs.take_turn(house.env, "test.done", now, timedelta(minutes=1))
    assert done is not None
    later = now + timedelta(hours=1)
    await jobs.end_turn(house.env, "test.done", done, now=now, due=later, elapsed_ms=12, error="Boom")
    dead = now - timedelta(minutes=10)
    await jobs.take_turn(house.env, "test.dead", dead, timedelta(minutes=1))
    await jobs.take_turn(house.env, "test.runs", now, timedelta(minutes=1))
    async with served(house, JOBS) as http:
        found = {t["name"]: t for t in await items(http, "/console/v1/turns")}
    told = found["test.done"]
    assert (told["last_ms"], told["last_error"], told["late"], told["running"]) == (12, "Boom", False, False)
    assert (found["test.dead"]["late"], found["test.dead"]["last_at"]) == (True, None)
    assert (found["test.runs"]["running"], found["test.runs"]["late"]) == (True, False)


async def test_who_may_not_sees_neither(house: House) -> None:
    for role, paths in {
        "finance": (KEYS, f"{KEYS}/totals", "/console/v1/calls/companies"),
        "support": ("/console/v1/system", "/console/v1/turns"),
    }.items():
        async with served(house, [*ROUTES, *JOBS], actor=house.actor_of(role)) as http:
            for path in paths:
                assert (await http.get(path)).status_code == 403, (role, path)
