"""RSK09 reveal control 明文查看管控. Codes are seen one by one, with a reason, by who has just proved himself where the order is
worth it; whoever looks is in a log that nobody changes, and over what he sees stands who he is. The 61st look in a minute
locks.

    make test T=tests/journeys/test_rsk09_reveal.py
"""

import asyncio
import json
from typing import Any

import psycopg
import pytest

from make.journey import Mall, Person, cards, sign_in, yuan
from make.tenancy import PASSWORD
from make.trade import until

WHY = {"reason": "客户来电核对"}


async def sold(mall: Mall, quantity: int, price: str = "10") -> tuple[str, Any, list[str]]:
    """(order, its buyer, its codes as the buyer's program got them)."""
    sku = await mall.sku()
    await mall.price(sku, price)
    await mall.upload(sku, cards(quantity + 5), cost="5")
    buyer = await mall.buyer("100000")
    order = await mall.order(buyer, sku, quantity)
    return order["id"], buyer, [c["secret"] for c in order["lines"][0]["codes"]]


async def grown_old(mall: Mall) -> None:
    await mall.rows(
        "update tenancy.session set proved_at = proved_at - interval '6 minutes' where mall_id = %s returning 1",
        (mall.world.mall,),
    )


async def test_a_code_is_seen_with_a_reason_a_proof_and_a_line_that_stays(mall: Mall) -> None:
    order, buyer, codes = await sold(mall, 3)
    clerk, at = await mall.sign_in("fulfilment"), f"/orders/{order}/lines/1/reveal"
    answer = await clerk.call("POST", at, WHY | {"seq": 2})
    assert answer.headers["Cache-Control"] == "no-store"
    seen = answer.json
    assert (seen["secret"], seen["seq"], seen["of"], seen["remask_after_s"]) == (codes[1], 2, 3, 30)

    for body in ({}, {"reason": ""}, {"reason": "  "}, WHY | {"seq": 0}):
        assert (await clerk.refused("POST", at, body))[0] == 422
    assert await clerk.refused("POST", at, WHY | {"seq": 4}) == (404, "no_such_code")
    assert await clerk.refused("POST", f"/orders/{order}/lines/9/reveal", WHY) == (404, "line_not_found")
    assert await clerk.refused("POST", "/orders/1/lines/1/reveal", WHY) == (404, "order_not_found")
    support = await mall.sign_in("support")
    assert await support.refused("POST", at, WHY) == (403, "forbidden")

    [line] = (await mall.owner.get("/reveals", subject=f"order:{order}"))["items"]
    who = (await clerk.get("/me"))["person"]
    assert (line["person_id"], line["person"], line["ip"]) == (who["id"], who["name"], "127.0.0.1")
    assert (line["kind"], line["place"], line["reason"]) == ("code", "line 1 code 2", WHY["reason"])
    assert (line["id"], line["at"]) == (seen["watermark"]["mark"], seen["watermark"]["at"])
    assert line["owner_id"] == str(buyer.organisation)
    assert await support.refused("GET", "/reveals") == (403, "forbidden")
    told = json.dumps([await mall.owner.every("/audit"), await mall.owner.every("/reveals")])
    assert not [c for c in codes if c in told]

    # The same piece, seen by two: the marks tell them apart.
    other = (await mall.owner.post(at, WHY | {"seq": 2}))["watermark"]
    assert other["viewer"] != seen["watermark"]["viewer"]
    assert other["mark"] != seen["watermark"]["mark"]
    again = (await clerk.post(at, WHY | {"seq": 2}))["watermark"]
    assert again["viewer"] == seen["watermark"]["viewer"]
    assert again["mark"] != seen["watermark"]["mark"]


async def test_what_a_person_delivered_is_seen_like_what_came_from_stock(mall: Mall) -> None:
    sku = await mall.sku("topup", instrument_class="direct_topup")
    await mall.price(sku, "10")
    order = (await mall.order(await mall.buyer(), sku, 2))["id"]
    at = f"/orders/{order}/lines/1/reveal"
    assert await mall.owner.refused("POST", at, WHY) == (404, "no_such_code")
    by_hand = "/".join(("/work", order, "1"))
    await mall.owner.post(f"{by_hand}/claim", {})
    codes = [{"number": "N1", "secret": "BY-HAND-0001"}, {"number": "N2", "secret": "BY-HAND-0002"}]
    told = {"quantity": 2, "codes": codes}
    await mall.owner.post(f"{by_hand}/deliver", told, Idempotency_Key="d")
    seen = await mall.owner.post(at, WHY | {"seq": 2})
    assert (seen["number"], seen["secret"], seen["of"]) == ("N2", "BY-HAND-0002", 2)


async def test_a_fresh_proof_is_asked_above_the_amount_that_the_mall_has_set(mall: Mall) -> None:
    small, _, _ = await sold(mall, 1, "100")
    great, _, _ = await sold(mall, 1, "100.01")
    clerk = await mall.sign_in("fulfilment")
    places = {name: f"/orders/{order}/lines/1/reveal" for name, order in (("small", small), ("great", great))}

    async def asked() -> dict[str, str]:
        await grown_old(mall)
        answers = {n: await clerk._call("POST", p, WHY, None) for n, p in places.items()}
        return {name: answer.json.get("code", "shown") for name, answer in answers.items()}

    assert await asked() == dict.fromkeys(places, "step_up_required")
    policy = {"two_factor": "off", "reveal_above": yuan("100"), "version": 0}
    await mall.owner.put("/security-policy", policy)
    assert await asked() == {"small": "shown", "great": "step_up_required"}
    proof = {"password": clerk.password}
    await clerk.post("/sessions/current/proof", proof)
    assert (await clerk._call("POST", places["great"], WHY, None)).status == 200


async def test_the_sixty_first_look_in_a_minute_locks_and_the_mall_is_told(mall: Mall) -> None:
    order, _, codes = await sold(mall, 70)
    clerk, at = await mall.sign_in("fulfilment"), f"/orders/{order}/lines/1/reveal"
    hook = {"organisation_id": str(mall.world.founded.organisation_id), "url": "https://example.com/hook"}
    endpoint = (await mall.owner.post("/webhook-endpoints", hook))["endpoint"]["id"]
    # All at once, so that no two are counted as one.
    answers = await asyncio.gather(*(clerk.call("POST", at, WHY | {"seq": n}) for n in range(1, 71)))
    shown = [a.json["secret"] for a in answers if a.status == 200]
    assert len(shown) == 60
    assert set(shown) <= set(codes)
    locked = {(a.status, a.json["code"]) for a in answers if a.status != 200}
    assert locked == {(429, "reveals_locked")}
    assert len(await mall.owner.every("/reveals")) == 60

    # Not the minute is over then, but a quarter of an hour; and every secret, not only codes.
    await mall.rows(
        "update tenancy.reveal set at = at - interval '2 minutes' where mall_id = %s returning 1",
        (mall.world.mall,),
    )
    assert await clerk.refused("POST", at, WHY) == (429, "reveals_locked")
    assert (await mall.owner.post(at, WHY))["secret"] == codes[0]  # others look on
    [lock] = [e for e in await mall.owner.every("/audit") if e["action"] == "reveal.lock"]
    who = (await clerk.get("/me"))["person"]["id"]
    assert (lock["actor_id"], lock["subject"]) == (who, f"person:{who}")

    async def heard() -> Any:
        found = await mall.owner.every("/webhook-deliveries", endpoint_id=endpoint)
        return [d for d in found if d["event"] == "reveals.locked"]

    assert len(await until(heard, 20)) == 1
    await mall.rows(
        "update tenancy.reveal_pace set locked_until = locked_until - interval '16 minutes' where mall_id = %s returning 1",
        (mall.world.mall,),
    )
    assert (await clerk.post(at, WHY))["secret"] == codes[0]


async def test_a_buyers_people_see_their_own_codes_and_who_else_saw_them(mall: Mall) -> None:
    order, buyer, codes = await sold(mall, 2)
    other_order, other, _ = await sold(mall, 1)

    async def person_of(organisation: int, email: str) -> Person:
        told = {"organisation_id": str(organisation), "email": email, "name": email[:3], "password": PASSWORD}
        await mall.owner.post("/people", told | {"role": "distributor"})
        return await sign_in(mall.server, mall.world.slug, email)

    lan, hai = (
        await person_of(buyer.organisation, "lan@example.com"),
        await person_of(other.organisation, "hai@example.com"),
    )
    at = f"/orders/{order}/lines/1/reveal"
    assert (await lan.post(at, WHY))["secret"] == codes[0]
    assert await hai.refused("POST", at, WHY) == (404, "order_not_found")
    assert await lan.refused("POST", f"/orders/{other_order}/lines/1/reveal", WHY) == (404, "order_not_found")
    await mall.owner.post(at, WHY | {"seq": 2})
    lines = (await lan.get("/reveals"))["items"]
    assert [line["person"] for line in lines] == ["Owner", "lan"]
    assert (await hai.get("/reveals"))["items"] == []


@pytest.mark.parametrize("role", ["app", "vault", "report"])
async def test_no_line_of_who_saw_what_is_changed_or_removed(mall: Mall, role: str) -> None:
    order, _, _ = await sold(mall, 1)
    await mall.owner.post(f"/orders/{order}/lines/1/reveal", WHY)
    statements = (
        b"delete from tenancy.reveal",
        b"update tenancy.reveal set person_id = 1",
        b"truncate tenancy.reveal",
        b"drop table tenancy.reveal",
    )
    for statement in statements:
        async with await psycopg.AsyncConnection.connect(getattr(mall.world.env.db.dsns, role)) as tx:
            await tx.execute(f"set app.mall = '{mall.world.mall}'".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await tx.execute(statement)
