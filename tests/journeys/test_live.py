"""What happens while somebody looks: orders, jobs and counters reach the screens by themselves, what was missed comes after a broken
line, and nobody hears what he may not read or anything of another mall.

    make test T=tests/journeys/test_live.py
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from make.journey import Mall, Person, cards, shopper, yuan
from make.trade import PHONE, until


@dataclass
class Ear:
    """What one stream told: (event, data), and the last id."""

    status: int = 0
    heard: list[tuple[str, Any]] = field(default_factory=list)
    last: str = ""
    ended: bool = False

    def of(self, event: str) -> list[Any]:
        return [data for name, data in self.heard if name == event]


@asynccontextmanager
async def listening(person: Person, last: str = "") -> AsyncIterator[Ear]:
    ear = Ear()
    headers = {"Cookie": person.cookie} | ({"Last-Event-ID": last} if last else {})

    async def read(answer: aiohttp.ClientResponse) -> None:
        event = ""
        async for raw in answer.content:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            if name == "id":
                ear.last = value
            elif name == "event":
                event = value
            elif name == "data":
                ear.heard.append((event, json.loads(value)))
        ear.ended = True

    url = f"{person.server.url}/console/v1/events"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        ear.status = answer.status
        task = asyncio.create_task(read(answer))
        try:
            if answer.status == 200:
                assert answer.headers["Content-Type"].startswith("text/event-stream")

                async def greeted() -> bool:
                    return bool(ear.of("hello"))

                await until(greeted)
            yield ear
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_screens_hear_what_happens_and_what_they_missed(mall: Mall) -> None:
    code, topup = await mall.sku(), await mall.sku("topup", fields=PHONE, instrument_class="direct_topup")
    await mall.upload(code, cards(20))
    await mall.price([code, topup], "9")
    buyer = await mall.buyer("1000")
    elsewhere = await mall.installation.mall("Elsewhere")
    finance = await mall.sign_in("finance")

    async with (
        listening(mall.owner) as owner,
        listening(finance) as money,
        listening(elsewhere.owner) as stranger,
    ):
        assert owner.of("counters") == [{"work": 0, "review": 0, "purchases": 0}]
        order = await mall.order(buyer, code)

        async def told() -> bool:
            return any(order["id"] in o["order_ids"] for o in owner.of("orders"))

        await until(told)
        assert sum(o["placed"] for o in owner.of("orders")) == 1
        line = {"sku_id": topup, "quantity": 1, "fields": {"account": "13800138000"}}
        asked = {"client_order_no": "t", "lines": [line]}
        assert (await mall.server.call(buyer, "POST", "/v1/orders", asked)).status == 200

        async def counted() -> bool:
            return owner.of("counters")[-1] == {"work": 1, "review": 0, "purchases": 0}

        await until(counted, 30)
        assert money.of("orders")
        assert money.of("counters") == [], "finance works on no lines"
        quiet = {"approvals": 0, "price_proposals": 0, "restocks": 0, "papers": 0}
        assert money.of("inbox") == [quiet]
        fix = {"amount": {"amount": "20000", "currency": "CNY"}, "reason": "x", "reference": "x"}
        path = f"/accounts/{buyer.account}/adjustments"
        assert (await mall.owner.call("POST", path, fix)).status == 202

        async def asked_for() -> bool:
            return bool(money.of("inbox")[-1] == quiet | {"approvals": 1})

        await until(asked_for, 5)
        assert [name for name, _ in stranger.heard if name in ("orders", "notice", "job")] == []
        text = json.dumps(owner.heard)
        assert "13800138000" not in text
        last = owner.last

    missed = await mall.order(buyer, code)
    async with listening(mall.owner, last) as again:
        [orders] = again.of("orders")
        assert orders["order_ids"] == [missed["id"]]
        assert again.of("resync") == []
    async with listening(mall.owner, "999999999") as lost:
        assert [name for name, _ in lost.heard][:2] == ["resync", "hello"]


async def test_who_may_listen_how_often_and_how_long(mall: Mall) -> None:
    answer = await mall.server.raw("GET", "/console/v1/events", b"", {})
    assert (answer.status, answer.json["code"]) == (401, "missing_credentials")
    streams = [listening(mall.owner) for _ in range(6)]
    for stream in streams:
        await stream.__aenter__()
    answer = await mall.owner.call("GET", "/events")
    assert (answer.status, answer.json["code"]) == (429, "overloaded")
    for stream in streams:
        await stream.__aexit__(None, None, None)

    async def free() -> bool:
        async with listening(mall.owner) as one:
            return one.status == 200

    await until(free)
    clerk = await mall.sign_in("support")
    async with listening(clerk) as ear:
        await clerk.delete("/sessions/current")

        async def over() -> bool:
            return ear.ended

        await until(over, 40)


async def test_who_asked_hears_of_the_decision_and_who_may_decide_of_the_question(mall: Mall) -> None:
    buyer, finance, support = (
        await mall.buyer("20000"),
        await mall.sign_in("finance"),
        await mall.sign_in("support"),
    )
    async with listening(mall.owner) as owner, listening(finance) as money, listening(support) as other:
        told = {"amount": yuan("10000.0001"), "reason": "银行差错", "reference": "fix-1"}
        asked = (await mall.owner.call("POST", f"/accounts/{buyer.account}/adjustments", told)).json[
            "approval_id"
        ]

        async def waits() -> bool:
            return bool(money.of("inbox")) and money.of("inbox")[-1]["approvals"] == 1

        await until(waits)
        called = (await finance.get("/me"))["person"]["id"]
        said = {"words": "@财务 请核对", "mentions": [called]}
        await mall.owner.post(f"/approvals/{asked}/comments", said)

        async def called_upon() -> bool:
            return bool(money.of("mention"))

        await until(called_upon)
        assert money.of("mention") == [{"id": asked, "act": "ledger.adjust"}]
        assert owner.of("mention") == other.of("mention") == []

        seal = (await finance.get(f"/approvals/{asked}"))["approval"]["seal"]
        await finance.post(
            f"/approvals/{asked}/decide", {"approve": False, "seal": seal, "comment": "无凭证"}
        )

        async def heard() -> bool:
            return bool(owner.of("decision"))

        await until(heard)
        assert owner.of("decision") == [{"id": asked, "act": "ledger.adjust", "state": "refused"}]
        assert money.of("decision") == other.of("decision") == []


async def test_a_buyer_hears_of_his_own_orders_and_of_nobody_elses(mall: Mall) -> None:
    code = await mall.sku()
    await mall.upload(code, cards(5))
    await mall.price([code], "9")
    buyer, rival = await mall.buyer("100"), await mall.buyer("100", name="Rival")
    mine, theirs = await shopper(mall, buyer), await shopper(mall, rival)
    async with listening(mine) as ear, listening(theirs) as other, listening(mall.owner) as staff:
        await mall.order(buyer, code)

        async def told() -> bool:
            return bool(ear.of("own_orders") and staff.of("orders"))

        await until(told)
        assert ear.of("own_orders")[0] == {}, "that there is something, not what"
        assert ear.of("orders") == other.of("orders") == staff.of("own_orders") == []
        told_of, last = len(ear.of("own_orders")), staff.last
        await mall.order(rival, code)

        async def both() -> bool:
            return bool(other.of("own_orders")) and staff.last != last

        await until(both)
        assert len(ear.of("own_orders")) == told_of
    async with listening(mine, last) as again, listening(theirs, last) as missed:
        assert again.of("own_orders") == []
        assert missed.of("own_orders") == [{}]
