"""TRD12 correcting a top-up 充值信息更正. A supplier calls the account wrong: the buyer is told and asked, nobody else is
tried, the money stays held. He corrects it and the same order completes, charged once; a number that is known to be dead is
no correction. Without a correction the order fails when its time is over, by the clock of a test mall, with the money back.
Where the mall buys from another mall, the one that knows the buyer asks him, and either is paid once.

    make test T=tests/journeys/test_trd12_correction.py
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from make.journey import Installation, Mall, yuan
from make.sellers import TOPUP, Seller, seller, supplier
from make.trade import PHONE, SELLERS, Ear, listen, post_keyed, travel, turn, twin, until
from world import Answer, Buyer

WRONG, RIGHT, DEAD = "13900000001", "13900000002", "13900000003"


@asynccontextmanager
async def topups(mall: Mall) -> AsyncIterator[tuple[str, Seller, Seller]]:
    """A top-up, and two who sell it; the cheaper knows that one number is wrong."""
    field = PHONE[0] | {"checked": True}
    sku = await mall.sku("topup", fields=[field], instrument_class="direct_topup")
    await mall.price(sku, "9.8750")
    async with (
        seller(mall, "lansexiongdi", place=0, price_e4=80_000) as cheap,
        seller(mall, "kasushou", place=1, price_e4=85_000) as second,
    ):
        for each in (cheap, second):
            named = next(iter(each.shop.articles[TOPUP].fields))
            await each.offer(sku, TOPUP, field_map={"account": named})
        cheap.shop.wrong_accounts.add(WRONG)
        yield sku, cheap, second


async def asked(mall: Mall, buyer: Buyer, sku: str, no: str, patience_s: float = 20) -> Any:
    """An order whose buyer is asked for another number."""
    told = {"client_order_no": no, "sku_id": sku, "fields": {"account": WRONG}}
    placed = await mall.server.call(buyer, "POST", "/v1/orders", told)
    assert placed.status == 200, placed.body

    async def waits() -> Any:
        now = await order(mall, buyer, placed.json["id"])
        return now if "fix" in now["lines"][0] else None

    return await until(waits, patience_s)


async def order(mall: Mall, buyer: Buyer, id_: str) -> Any:
    return (await mall.server.call(buyer, "GET", f"/v1/orders/{id_}")).json


async def correct(mall: Mall, buyer: Buyer, id_: str, account: str, key: str, line: int = 1) -> Answer:
    body = json.dumps({"fields": {"account": account}}).encode()
    return await post_keyed(mall, buyer, f"/v1/orders/{id_}/lines/{line}/fields", key, body)


async def heard(ear: Ear, kind: str) -> Any:
    async def there() -> Any:
        return ear.heard(kind)

    [event] = await until(there, 20)
    return event


async def test_a_wrong_account_is_corrected_and_charged_once(mall: Mall) -> None:
    buyer, stranger = await mall.buyer("100"), await mall.buyer("100")
    ear = await listen(mall, buyer.organisation, "order.fix_requested", "order.delivered")
    dead = {
        "kind": "dead",
        "valid_from": "2025-01-01T00:00:00Z",
        "source": "list",
        "rows": [{"number": DEAD}],
    }
    await mall.owner.post("/account-numbers", dead)
    try:
        async with topups(mall) as (sku, cheap, second):
            waiting = await asked(mall, buyer, sku, "PO-1")
            id_, [line] = waiting["id"], waiting["lines"]
            assert (waiting["status"], line["status"], line["reason"]) == (
                "processing",
                "waiting",
                "wrong_account",
            )
            assert (line["fix"]["field"], line["target"]) == ("account", "****0001")
            told = await heard(ear, "order.fix_requested")
            assert (told.data["order_id"], told.data["reason"]) == (id_, "wrong_account")
            assert WRONG not in json.dumps(told.data)
            held = await mall.balance(buyer)
            assert (held["balance"], held["held"]) == (yuan("100.0000"), yuan("9.8750"))
            assert (cheap.bought, second.bought) == (0, 0)

            for who, account, key, at, no in [
                (stranger, RIGHT, "s", 1, (404, "order_not_found")),
                (buyer, RIGHT, "l", 2, (404, "line_not_found")),
                (buyer, RIGHT, "", 1, (422, "key_missing")),
                (buyer, WRONG, "u", 1, (422, "fix_unchanged")),
                (buyer, "12", "f", 1, (422, "invalid_request")),
                (buyer, DEAD, "d", 1, (422, "account_dead")),
            ]:
                answer = await correct(mall, who, id_, account, key, at)
                assert (answer.status, answer.json["code"]) == no
                if no[0] == 422 and key:
                    assert [f["path"] for f in answer.json["fields"]] == ["fields.account"]

            for _ in range(2):  # the second is the first again
                answer = await correct(mall, buyer, id_, RIGHT, "fix-1")
                assert (answer.status, answer.json["id"]) == (200, id_), answer.body
                assert answer.json["lines"][0]["target"] == "****0002"
            assert (await correct(mall, buyer, id_, "13900000009", "fix-1")).json["code"] == "key_reused"

            async def delivered() -> Any:
                now = await order(mall, buyer, id_)
                return now if now["status"] == "delivered" else None

            await until(delivered, 60)
            assert [o.fields["rechargeAccount"] for o in cheap.shop.orders.values()] == [RIGHT]
            assert second.bought == 0
            assert (await correct(mall, buyer, id_, WRONG, "late")).json["code"] == "nothing_to_correct"

        after = await mall.balance(buyer)
        assert (after["balance"], after["held"]) == (yuan("90.1250"), yuan("0.0000"))
        moved = (await mall.owner.get(f"/accounts/{buyer.account}/transfers"))["items"]
        assert [t["amount"] for t in moved if t["order_id"] == id_] == [yuan("-9.8750")]
        assert (await heard(ear, "order.delivered")).data["order_id"] == id_

        log = (await mall.server.call(buyer, "GET", f"/v1/orders/{id_}/log")).json
        assert [p["result"] for p in log["purchases"]] == ["failed", "delivered"]
        actions = [e["action"] for e in log["items"]]
        assert actions == ["buying", "fix_requested", "corrected", "buying", "asking", "delivered"]
        tried = await mall.owner.get(f"/orders/{id_}/purchases")
        assert [(t["status"], t["reason"]) for t in tried] == [("failed", "wrong_account"), ("succeeded", "")]
        [request] = (await mall.owner.get("/fix-requests", order_id=id_))["items"]
        assert (request["status"], request["purchase_id"]) == ("corrected", tried[0]["id"])
        assert (await mall.commissary("check", "--json")).json["status"] == "clean"
    finally:
        await ear.receiver.close()


async def test_without_a_correction_the_money_comes_back(installation: Installation) -> None:
    mall = await twin(installation)
    buyer = await mall.buyer("100")
    ear = await listen(mall, buyer.organisation, "order.failed")
    try:
        await mall.owner.put("/fix-terms", {"open_minutes": 30})
        async with topups(mall) as (sku, cheap, second):
            late, called_off = [await asked(mall, buyer, sku, no) for no in ("late", "called-off")]
            key = f"/v1/orders/{called_off['id']}/cancel"
            assert (await post_keyed(mall, buyer, key, "c")).json["status"] == "cancelled"
            await travel(mall, minutes=29)
            await turn(mall, "work.fixes")
            assert (await order(mall, buyer, late["id"]))["status"] == "processing"
            await travel(mall, minutes=2)
            assert (await correct(mall, buyer, late["id"], RIGHT, "too late")).json["code"] in (
                "fix_expired",
                "nothing_to_correct",
            )
            await turn(mall, "work.fixes")
            failed = await order(mall, buyer, late["id"])
            assert (failed["status"], failed["lines"][0]["reason"]) == ("failed", "wrong_account")
            assert "fix" not in failed["lines"][0]
            assert (cheap.bought, second.bought) == (0, 0)
        assert (await heard(ear, "order.failed")).data["order_id"] == late["id"]
        after = await mall.balance(buyer)
        assert (after["balance"], after["held"]) == (yuan("100.0000"), yuan("0.0000"))
        states = {r["order_id"]: r["status"] for r in (await mall.owner.get("/fix-requests"))["items"]}
        assert states == {late["id"]: "expired", called_off["id"]: "withdrawn"}
    finally:
        await ear.receiver.close()


@asynccontextmanager
async def passed_on(to: int, at: int) -> AsyncIterator[str]:
    """An address that the server may call, which is its own."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def both(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(pump(reader, there[1]), pump(there[0], writer))

    async with await asyncio.start_server(both, "127.0.0.1", at):
        yield f"http://127.0.0.1:{at}"


async def test_a_mall_that_buys_from_a_mall_asks_its_own_buyer(installation: Installation) -> None:
    source, mall = await installation.mall(), await installation.mall()
    field = PHONE[0] | {"checked": True}
    there, here = [
        await m.sku("topup", fields=[field], instrument_class="direct_topup") for m in (source, mall)
    ]
    await source.price(there, "9")
    await mall.price(here, "9.8750")
    wholesale, buyer = await source.buyer("100"), await mall.buyer("100")
    async with (
        seller(source, "lansexiongdi", place=0, price_e4=80_000) as made,
        passed_on(installation.server.port, SELLERS[1]) as url,
    ):
        named = next(iter(made.shop.articles[TOPUP].fields))
        await made.offer(there, TOPUP, field_map={"account": named})
        made.shop.wrong_accounts.add(WRONG)
        asking = {
            "supplier_id": await supplier(mall),
            "protocol": "commissary",
            "name": "mall",
            "base_url": url,
        }
        key = {"account": wholesale.key_id, "secret": wholesale.secret}
        connection = await mall.owner.post("/connections", asking | key)
        offer = {"connection_id": connection["id"], "good_id": there, "sku_id": here}
        await mall.owner.post("/offers", offer | {"field_map": {"account": "account"}})

        # A purchase that a question finds failed is asked about once more after its quiet minute.
        waiting = await asked(mall, buyer, here, "PO-2", 90)
        assert waiting["lines"][0]["reason"] == "wrong_account"
        [first] = (await source.server.call(wholesale, "GET", "/v1/orders")).json["items"]
        assert (first["status"], (await source.balance(wholesale))["held"]) == ("cancelled", yuan("0.0000"))
        answer = await correct(mall, buyer, waiting["id"], RIGHT, "fix-2")
        assert answer.status == 200, answer.body

        async def delivered() -> bool:
            return bool((await order(mall, buyer, waiting["id"]))["status"] == "delivered")

        await until(delivered, 90)
        assert [o.fields[named] for o in made.shop.orders.values()] == [RIGHT]
    bought = (await source.server.call(wholesale, "GET", "/v1/orders")).json["items"]
    assert sorted(o["status"] for o in bought) == ["cancelled", "delivered"]
    paid = [(await m.balance(b))["balance"] for m, b in ((source, wholesale), (mall, buyer))]
    assert paid == [yuan("91.0000"), yuan("90.1250")]
