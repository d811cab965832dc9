"""RSK02 velocity 频次控制. Within a minute the 11th purchase by one end user's address, device or target account is held, whichever
of two servers is asked, and also when the server that counted was killed in between. Deny lists refuse by address, device
and target; caps and what they leave are in test_sup08_scarce. Counting by card needs payments; lists of data centres, VPNs
and countries need a feed.

    make test T=tests/journeys/test_rsk02_velocity.py
"""

from itertools import count
from typing import Any

from make.journey import Mall, cards
from make.trade import PHONE, again, until
from world import Answer, Served, free_port


async def buy(mall: Mall, at: Served, buyer: Any, sku: str, no: str, **who: Any) -> Answer:
    line: dict[str, Any] = {"sku_id": sku, "quantity": 1}
    if "target" in who:
        line["fields"] = {"account": who["target"]}
    end_user = {name: who[name] for name in ("ip", "device_id") if name in who}
    told = {"client_order_no": no, "lines": [line]} | ({"end_user": end_user} if end_user else {})
    return await again(mall, lambda: at.call(buyer, "POST", "/v1/orders", told))


async def test_the_eleventh_is_held_on_two_servers_alike_and_after_a_crash(mall: Mall) -> None:
    code = await mall.sku()
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(80))
    await mall.price([code, topup], "9")
    # Of several distributors: the end user is the same.
    buyers = [await mall.buyer("1000"), await mall.buyer("1000")]
    first = mall.server
    second = Served(first.admin_dsn, first.key_folder, free_port(), first.log)
    await second.start()
    try:
        servers = [first, second]
        people: dict[str, dict[str, Any]] = {
            "address": {"ip": "203.0.113.7"},
            "device": {"device_id": "phone-1"},
            "target": {"target": "13900139000"},
        }
        for name, who in people.items():
            sku = topup if name == "target" else code
            for n in range(10):
                got = await buy(mall, servers[n % 2], buyers[n % 2], sku, f"{name}-{n}", **who)
                assert (got.status, got.json["status"]) != (200, "review"), (name, n)
                assert got.status == 200, got.body
            for server in servers:
                held = await buy(mall, server, buyers[0], sku, f"{name}-more-{server.port}", **who)
                assert (held.json["status"], held.json["reason"]) == ("review", "risk_velocity"), name
        other = await buy(mall, first, buyers[0], code, "other", ip="203.0.113.8", device_id="phone-2")
        assert other.json["status"] == "delivered"
        repeated = await buy(mall, second, buyers[0], code, "other", ip="203.0.113.8", device_id="phone-2")
        assert repeated.json["id"] == other.json["id"]

        # The lane moves to the second server, which has been up all the time and has counted none of these.
        for n in range(10):
            got = await buy(mall, first, buyers[0], code, f"moved-{n}", device_id="phone-4")
            assert got.json["status"] == "delivered"
        await first.kill()
        moved = await buy(mall, second, buyers[1], code, "moved-10", device_id="phone-4")
        assert moved.json["status"] == "review"
        await first.start()
    finally:
        await second.stop()

    for n in range(9):
        got = await buy(mall, first, buyers[0], code, f"crash-{n}", device_id="phone-3")
        assert got.json["status"] == "delivered"
    await first.kill()
    await first.start()
    tenth = await buy(mall, first, buyers[0], code, "crash-9", device_id="phone-3")
    eleventh = await buy(mall, first, buyers[1], code, "crash-10", device_id="phone-3")
    assert (tenth.json["status"], eleventh.json["status"]) == ("delivered", "review")
    held = await buy(mall, first, buyers[0], topup, "target-later", target="13900139000")
    assert held.json["status"] == "review", "the account of before the crash is still counted"


async def test_deny_lists_refuse(mall: Mall) -> None:
    code = await mall.sku()
    topup = await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(100))
    await mall.price([code, topup], "9")
    buyer = await mall.buyer("1000")
    entries = {"ip": "198.51.100.0/24", "device": "stolen-1", "target": "13700137000"}
    made = [
        await mall.owner.post("/risk/lists", {"list": "deny", "subject": s, "value": v, "reason": "fraud"})
        for s, v in entries.items()
    ]
    assert "13700137000" not in str(made), "a target is kept as its blind index"
    cases: list[tuple[str, dict[str, Any]]] = [
        (code, {"ip": "198.51.100.77"}),
        (code, {"device_id": "stolen-1"}),
        (topup, {"target": "13700137000"}),
    ]

    # An entry is known within 3 s. One that was bought before is answered again, whoever is banned since: a number for each try.
    numbers = count()
    for sku, who in cases:

        async def refused(sku: str = sku, who: dict[str, Any] = who) -> bool:
            got = await buy(mall, mall.server, buyer, sku, f"deny-{next(numbers)}", **who)
            return (got.status, got.json.get("code")) == (403, "risk_listed")

        await until(refused, 3)
    free = await buy(mall, mall.server, buyer, code, "free", ip="198.51.101.77", device_id="own")
    assert free.json["status"] == "delivered"
    for entry in made:
        await mall.owner.post(f"/risk/lists/{entry['id']}/remove", {"reason": "误列"})

    async def gone() -> bool:
        return (await buy(mall, mall.server, buyer, code, "gone", device_id="stolen-1")).status == 200

    await until(gone, 3)
