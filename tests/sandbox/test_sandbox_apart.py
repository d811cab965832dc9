"""A sandbox and its live mall are two malls: nothing real is in the one, nothing of the one reaches the other."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from commissary import partners, supply
from commissary.base.errors import Refused
from commissary.base.outgoing import Outgoing
from commissary.supply import connections
from commissary.supply.types import SupplyRefusal
from commissary.tenancy import types as tenancy_types
from make.journey import Person, cards, sign_in, yuan
from make.sandbox import SCOPES, Pair
from make.sellers import seller
from make.trade import PHONE, turn, until
from world import Buyer

TEST, LIVE = {"Commissary-Mode": "test"}, {"Commissary-Mode": "live"}


async def in_test(person: Person, method: str, path: str, body: Any = None) -> Any:
    answer = await person.call(method, path, body, headers=TEST)
    assert answer.status < 300, (path, answer.body)
    return answer.json if answer.body else None


async def buy(on: Pair, key: Buyer, sku: str, **more: Any) -> Any:
    told = {"client_order_no": secrets.token_hex(8), "sku_id": sku, "wait_ms": 10_000} | more
    return await on.live.server.call(key, "POST", "/v1/orders", told)


async def test_the_same_goods_are_bought_with_play_money_and_nothing_real_moves(on: Pair) -> None:
    live = on.live
    sku = await live.sku()
    await live.price(sku, "9.8750")
    await live.upload(sku, cards(3))
    buyer = await live.buyer("100")
    async with seller(live) as real:
        await real.offer(sku)
        key = await on.test_key(buyer)
        order = (await buy(on, key, sku, quantity=5)).json
        assert (order["status"], order["livemode"]) == ("delivered", False)
        codes = order["lines"][0]["codes"]
        assert len(codes) == 5
        assert all(c["secret"].startswith("TEST-") for c in codes)
        assert order["total"] == yuan("49.3750")
        assert real.bought == 0
    assert (await live.balance(buyer))["balance"] == yuan("100.0000")
    own = (await live.server.call(buyer, "GET", "/v1/products")).json["items"]
    assert [p["available"] for p in own if p["sku_id"] == sku] == [3]
    # Whatever was sealed, connected or told in the live mall is not here.
    for found in await live.rows(
        """select (select count(*) from stock.batch where home_id >> 10 = %(m)s),
           (select count(*) from notify.endpoint where mall_id = %(m)s),
           (select count(*) from supply.connection where mall_id = %(m)s and base_url <> 'https://sandbox.invalid')""",
        {"m": on.shadow},
    ):
        assert found == (0, 0, 0)


async def test_live_keys_and_test_keys_open_nothing_of_each_other(on: Pair) -> None:
    live, server = on.live, on.live.server
    sku = await live.sku()
    await live.price(sku, "9.8750")
    await live.upload(sku, cards(2))
    buyer = await live.buyer("100")
    key = await on.test_key(buyer)
    assert key.key_id.startswith(f"ck_test_{on.shadow}_")
    assert key.secret.startswith("sk_test_")
    assert buyer.key_id.startswith(f"ck_{live.world.mall}_")
    real, play = await live.order(buyer, sku), (await buy(on, key, sku)).json
    assert "livemode" not in real
    for one, other in ((buyer, play), (key, real)):
        assert (await server.call(one, "GET", f"/v1/orders/{other['id']}")).status == 404
        found = (await server.call(one, "GET", "/v1/orders")).json["items"]
        assert other["id"] not in {o["id"] for o in found}
    # The secret of one is none of the other's.
    mixed = Buyer(buyer.key_id, key.secret, buyer.organisation, 0, None)  # type: ignore[arg-type]
    answer = await server.call(mixed, "GET", "/v1/balance")
    assert (answer.status, answer.json["code"]) == (401, "bad_signature")
    for method, path, body in (
        ("GET", "/v1/sandbox", None),
        ("POST", "/v1/sandbox/top-ups", {"amount": yuan("5"), "reference": "a"}),
    ):
        answer = await server.call(buyer, method, path, body)
        assert (answer.status, answer.json["code"]) == (403, "live_key"), path
    # The keys of both stand in the same console, apart.
    shown = await live.owner.get("/keys", organisation_id=str(buyer.organisation), mode="test")
    assert [(k["id"], k["mode"]) for k in shown["items"]] == [(key.key_id, "test")]
    shown = await live.owner.get("/keys", organisation_id=str(buyer.organisation))
    assert [(k["id"], k["mode"]) for k in shown["items"]] == [(buyer.key_id, "live")]
    turned = await live.owner.post(f"/keys/{key.key_id}/rotate", {"overlap_s": 0})
    assert turned["secret"].startswith("sk_test_")
    await live.owner.post(f"/keys/{key.key_id}/revoke")

    async def refused() -> bool:
        again = Buyer(key.key_id, turned["secret"], buyer.organisation, 0, None)  # type: ignore[arg-type]
        return (await server.call(again, "GET", "/v1/balance")).json.get("code") == "key_revoked"

    await until(refused, 5)
    assert (await server.call(buyer, "GET", "/v1/balance")).status == 200


async def test_a_sandbox_calls_nobody_outside(on: Pair) -> None:
    """Somebody connects a supplier on the internet to it: not even a socket is made for him. In the live mall one would be."""
    made: list[str] = []

    def sockets() -> Outgoing:
        made.append("sockets")
        return Outgoing(production=True)

    env = on.live.world.env
    await on.test_key(await on.live.buyer("0"))
    there = tenancy_types.Actor(on.shadow, "cli", "cli", permissions=frozenset({"*"}))
    for actor in (there, on.live.world.actor):
        purchasing = supply.Purchasing(env, sockets)
        company = await partners.add_supplier(env, actor, name="真的供应商")
        draft = supply.ConnectionDraft(
            name="真的", base_url="https://supplier.invalid", account="a", secret="0" * 32
        )
        kept = await supply.add_connection(env, actor, draft, supplier_id=company.id, protocol="kasushou")
        with pytest.raises(Refused) as refused:
            await connections.try_connection(env, purchasing, actor, kept.id)
        assert refused.value.refusal is SupplyRefusal.supplier_unreachable
        assert made == ([] if actor is there else ["sockets"])
        await purchasing.close()


async def test_a_session_is_switched_to_the_sandbox_and_back(on: Pair) -> None:
    live = on.live
    sku = await live.sku()
    await live.price(sku, "9.8750")
    await live.upload(sku, cards(1))
    buyer = await live.buyer("100")
    real = await live.order(buyer, sku)
    play = (await buy(on, await on.test_key(buyer), sku)).json
    developer = await live.sign_in("developer")
    assert (await developer.call("GET", "/orders", headers=TEST)).json["code"] == "not_in_sandbox"
    assert (await developer.get("/me"))["flags"]["sandbox"] is True
    switched = await developer.call("PUT", "/me/mode", {"mode": "test"})
    cookie = Person(developer.server, f"{developer.cookie}; {switched.headers['Set-Cookie'].split(';')[0]}")
    me = await cookie.get("/me")
    assert (me["mode"], me["mall"]["is_test"], me["mall"]["id"]) == ("test", True, str(on.shadow))
    assert {o["id"] for o in (await cookie.get("/orders"))["items"]} == {play["id"]}
    # What a call says for itself counts, whatever was switched in another tab.
    told = (await cookie.call("GET", "/orders", headers=LIVE)).json
    assert {o["id"] for o in told["items"]} == {real["id"]}
    assert (await cookie.call("GET", "/orders", headers={"Commissary-Mode": "both"})).status == 422
    # He is what he is in the live mall, at the same moment.
    assert (await cookie.call("POST", "/books", {"kind": "list", "name": "x"})).status == 403
    [them] = [p for p in (await live.owner.get("/people"))["items"] if p["role"] == "developer"]
    path = f"/organisations/{them['organisation_id']}/people/{them['id']}"
    await live.owner.patch(path, {"status": "suspended"})
    assert (await cookie.call("GET", "/orders")).status == 401
    await live.owner.call("PUT", "/me/mode", {"mode": "live"})


async def test_a_distributors_developer_does_it_alone(on: Pair) -> None:
    """His people sign in at the live mall, make a test key, switch, and see their company's sandbox alone."""
    live = on.live
    buyer, other = await live.buyer("0"), await live.buyer("0")
    elsewhere = await on.test_key(other)
    email = f"dev-{secrets.token_hex(3)}@example.com"
    person = {"email": email, "name": "dev", "password": "correct horse battery", "role": "distributor"}
    await live.owner.post("/people", person | {"organisation_id": str(buyer.organisation)})
    his = await sign_in(live.server, live.world.slug, email, "correct horse battery")
    told = {"name": "mine", "scopes": SCOPES, "mode": "test"}
    made = await his.post(f"/buyers/{buyer.organisation}/keys", told)
    key = Buyer(made["id"], made["secret"], buyer.organisation, 0, None)  # type: ignore[arg-type]
    answer = await his.call("POST", f"/buyers/{other.organisation}/keys", told)
    assert answer.status == 403
    goods = await on.goods(key)
    order = (await buy(on, key, goods["success"]["sku_id"])).json
    assert order["status"] == "delivered"
    await his.put("/me/mode", {"mode": "test"})
    assert (await in_test(his, "GET", "/sandbox"))["goods"]
    assert {k["id"] for k in (await in_test(his, "GET", "/keys"))["items"]} == {key.key_id}
    assert elsewhere.key_id != key.key_id
    for path, body in (("/sandbox/sync", None), ("/sandbox/reset", None), ("/clock", {"offset_s": 60})):
        method = "PUT" if path == "/clock" else "POST"
        assert (await his.call(method, path, body, headers=TEST)).status == 403, path


async def test_play_money_comes_once_per_reference_and_has_an_end(on: Pair) -> None:
    live = on.live
    buyer = await live.buyer("0")
    key = await on.test_key(buyer)
    path, money = "/v1/sandbox/top-ups", {"amount": yuan("500"), "reference": "first"}
    before = (await live.server.call(key, "GET", "/v1/balance")).json
    first = (await live.server.call(key, "POST", path, money)).json
    again = (await live.server.call(key, "POST", path, money)).json
    assert (first["transfer_id"], again["repeated"]) == (again["transfer_id"], True)
    after = (await live.server.call(key, "GET", "/v1/balance")).json
    assert float(after["balance"]["amount"]) - float(before["balance"]["amount"]) == 500
    answer = await live.server.call(key, "POST", path, {"amount": yuan("9999999"), "reference": "much"})
    assert (answer.status, answer.json["code"]) == (409, "too_much_play_money")
    told = {"buyer_id": str(buyer.organisation), "amount": yuan("1"), "reference": "owner"}
    await live.owner.post("/sandbox/top-ups", told)
    assert (await live.balance(buyer))["balance"] == yuan("0.0000")


async def test_time_travel_brings_a_release_and_reset_brings_the_clock_back(on: Pair) -> None:
    live = on.live
    tomorrow = datetime.now(UTC) + timedelta(hours=5)
    sku = await live.sku(release_at=tomorrow.isoformat())
    await live.price(sku, "9.8750")
    buyer = await live.buyer("0")
    key = await on.test_key(buyer)
    order = (await buy(on, key, sku, wait_ms=0)).json
    assert order["status"] == "scheduled", order
    developer = await live.sign_in("developer")
    await developer.put("/me/mode", {"mode": "test"})
    await live.owner.put("/me/mode", {"mode": "test"})
    assert (await developer.call("PUT", "/clock", {"offset_s": 60})).json["code"] == "not_a_shadow"
    await in_test(developer, "PUT", "/clock", {"offset_s": 6 * 3600})
    assert (await on.goods(key))[""]["offset_s"] == 6 * 3600

    async def delivered() -> bool:
        now = (await live.server.call(key, "GET", f"/v1/orders/{order['id']}")).json
        return bool(now["status"] == "delivered")

    await turn(live, "orders.release")
    await until(delivered, 15)
    await live.owner.post("/sandbox/reset")
    assert (await on.goods(key))[""]["offset_s"] == 0


async def test_time_travel_lets_codes_expire(on: Pair) -> None:
    """Codes that a developer brought into the sandbox are sold while they hold, and not a day longer by the sandbox's clock."""
    live = on.live
    sku = await live.sku()
    await live.price(sku, "9.8750")
    await live.owner.post("/sandbox/sync")
    await live.owner.put("/me/mode", {"mode": "test"})
    day = (datetime.now(UTC) + timedelta(days=5)).date()
    lines = ["卡密,有效期", *(f"EXPIRES-{secrets.token_hex(6)},{day}" for _ in range(3))]
    parts = {
        "options": (None, json.dumps({"sku_id": sku, "unit_cost": "5"}), "application/json"),
        "file": ("codes.csv", "\n".join(lines).encode()),
    }
    form = httpx.Request("POST", live.server.url, files=parts)
    told = {"Content-Type": form.headers["content-type"], "Commissary-Mode": "test"}
    report = await live.owner.call("POST", "/imports", form.read(), headers=told)
    [batch] = report.json["batches"]
    key = await on.test_key(await live.buyer("0"))
    sold = (await buy(on, key, sku)).json
    assert sold["lines"][0]["codes"][0]["secret"].startswith("EXPIRES-")

    async def left() -> dict[str, Any]:
        found = await in_test(live.owner, "GET", f"/batches/{batch}")
        return {"sold": found["sold"], "available": found["available"], "expired": found["expired"]}

    assert await left() == {"sold": 1, "available": 2, "expired": 0}
    await in_test(live.owner, "PUT", "/clock", {"offset_s": 7 * 86_400})

    async def gone() -> bool:
        return await left() == {"sold": 1, "available": 0, "expired": 2}

    await turn(live, "stock.watch")
    await until(gone, 30)
    after = (await buy(on, key, sku)).json
    assert "EXPIRES-" not in json.dumps(after)
    await live.owner.post("/sandbox/reset")


async def test_a_sync_brings_what_changed(on: Pair) -> None:
    live = on.live
    sku = await live.sku()
    await live.price(sku, "9.8750")
    # Of every kind: a top-up that asks for nothing, one that asks, a shared code, a bundle of them.
    kinds = [await live.sku("topup"), await live.sku("topup", fields=PHONE), await live.sku("shared_code")]
    parts = [{"sku_id": s, "quantity": 1} for s in (sku, kinds[2])]
    await live.price([*kinds, await live.sku("bundle", components=parts)], "9.8750")
    first = await live.owner.post("/sandbox/sync")
    assert (first["skus"], first["left"], first["brands"]) == (5, 0, 1)
    again = await live.owner.post("/sandbox/sync")
    assert (again["skus"], again["prices"], again["brands"], again["products"]) == (0, 0, 0, 0)
    await live.price(sku, {1: "9.50", 10: "9.25"})
    other = await live.sku()
    await live.price(other, "3.00")
    changed = await live.owner.post("/sandbox/sync")
    assert (changed["skus"], changed["prices"]) == (1, 2)
    buyer = await live.buyer("0")
    key = await on.test_key(buyer)
    order = (await buy(on, key, sku, quantity=10)).json
    assert order["total"] == yuan("92.5000")
    delisted = await live.owner.post(f"/skus/{other}/delist")
    assert delisted["status"] == "delisted"
    await live.owner.post("/sandbox/sync")
    answer = await buy(on, key, other)
    assert (answer.status, answer.json["code"]) == (409, "sku_not_listed")
