"""One corpus of requests against the raw edge, against what it does at once, and against its documented twins: equal
status, equal body."""

import asyncio
import gc
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from commissary import orders, partners, tenancy, web
from commissary.app import REFUSALS
from commissary.base.home import home as home_of
from commissary.base.http import body_of, ok_fields
from commissary.orders import edge as edge_module
from commissary.orders.lane import Ticket
from commissary.orders.routes import ROUTES
from commissary.orders.types import Accepted
from commissary.tenancy import signature
from commissary.tenancy.types import ApiKey, Caller
from make.orders import World

Asgi = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass
class Program:
    """A buyer's program with its key: signs what it sends."""

    key_id: str
    secret: str
    account: int
    organisation: int

    async def send(
        self, app: Asgi, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> httpx.Response:
        url = httpx.URL(f"http://mall{path}")
        nonce, at = f"n{time.time_ns():x}", str(int(time.time()))
        message = signature.canonical(
            method, url.raw_path.split(b"?")[0], url.query, at.encode(), nonce.encode(), body
        )
        signed = {
            "commissary-key": self.key_id,
            "commissary-timestamp": at,
            "commissary-nonce": nonce,
            "commissary-signature": signature.sign(self.secret.encode(), message).decode(),
        }
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mall") as client:
            return await client.request(
                method,
                url,
                content=body or None,
                headers=signed | {"content-type": "application/json"} | (headers or {}),
            )


@dataclass
class AtOnce:
    """The edge as `web/short.py` asks it."""

    edge: orders.PartnerEdge
    taken: int = 0
    work: list[Coroutine[Any, Any, None]] = field(default_factory=list)
    fresh: asyncio.Queue[tuple[bytes, bytes]] = field(default_factory=asyncio.Queue)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await body_of(receive, 4 << 20)
        if (scope["method"], scope["path"]) != ("POST", "/v1/orders"):
            return await self.edge(scope, _again(body, receive), send)
        self.send = send
        if not self.edge.at_once(scope, body, self):
            return await self.edge(scope, _again(body, receive), send)
        self.taken += 1
        while self.fresh.empty() and not self.work:  # noqa: ASYNC110 - whichever comes
            await asyncio.sleep(0.001)
        if self.work:
            return await self.work.pop()
        fields, payload = self.fresh.get_nowait()
        headers = [tuple(line.split(b": ", 1)) for line in fields.splitlines()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": payload})
        return None

    def ok(self, payload: bytes, rid: str) -> None:
        self.fresh.put_nowait((ok_fields(payload, rid), payload))

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        self.work.append(work)

    async def send(self, message: Any) -> None:
        raise NotImplementedError  # the request's own, once there is one


@dataclass
class Doors:
    """The ways in: the edge, the same at once, and the twins behind the same gate."""

    edge: Asgi
    at_once: AtOnce
    twins: Asgi
    world: World

    async def program(
        self, yuan: int = 1_000, scopes: tuple[str, ...] = ("orders:write", "orders:read", "codes:read")
    ) -> Program:
        buyer = await self.world.buyer(yuan)
        key, secret = await partners.issue_key(
            self.world.env, self.world.actor, buyer.key.organisation_id, name="shop", scopes=scopes
        )
        return Program(key.id, secret, buyer.key.account_id, buyer.key.organisation_id)


@pytest_asyncio.fixture(loop_scope="session")
async def doors(world: World) -> AsyncIterator[Doors]:
    cache = tenancy.KeyCache(world.env)
    gate = tenancy.Gate(cache, world.env.keys, time.time, 0.0)
    app = web.application(world.env, ROUTES, {"desk": world.desk}, "0")

    async def rest(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    async def twins(scope: Any, receive: Any, send: Any) -> None:
        body = await body_of(receive, 4 << 20)
        caller = await gate.admit(scope, body, spent_with_order=False)
        scope["state"] = {"caller": caller}
        await rest(scope, _again(body, receive), send)

    edge = orders.PartnerEdge(world.desk, gate, rest)
    yield Doors(edge, AtOnce(edge), twins, world)


def _again(body: bytes, then: Any) -> Any:
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return messages.pop() if messages else await then()

    return receive


BODIES: list[bytes] = [
    b'{"client_order_no":"$no","sku_id":"$code","quantity":2}',
    b'{"client_order_no":"$no","sku_id":"$code","quantity":2}',
    b'{"client_order_no":"$no","sku_id":"$code","quantity":1}',
    b'{"client_order_no":"$no-l","lines":[{"sku_id":"$code"},{"sku_id":"$topup","quantity":2}]}',
    b'{"client_order_no":"$no-w","sku_id":"$topup","quantity":1,"wait_ms":50}',
    b'{"client_order_no":"$no-c","sku_id":"$code","max_unit_price":{"amount":"0.5","currency":"CNY"}}',
    b'{"client_order_no":"$no-d","sku_id":"$code","max_unit_price":{"amount":"99","currency":"USD"}}',
    b'{"client_order_no":"$no-e","sku_id":"$code","quantity":"2"}',
    b'{"client_order_no":"$no-e","sku_id":1}',
    b'{"client_order_no":"$no-e","sku_id":"$code","quantity":0}',
    b'{"client_order_no":"$no-e","sku_id":"$code","colour":"red"}',
    b'{"client_order_no":"$no-e","lines":[]}',
    b'{"client_order_no":"$no-e","lines":[{"sku_id":"$code","quantity":1.5}]}',
    b'{"client_order_no":"$no-e","lines":[{"sku_id":"$code"}],"sku_id":"$code"}',
    b'{"client_order_no":"$no-e"}',
    b'{"client_order_no":"with space","sku_id":"$code"}',
    b'{"sku_id":"$code"}',
    b'{"client_order_no":"$no-f","sku_id":"77"}',
    b'{"client_order_no":"$no-f","sku_id":"$code","quantity":9999}',
    b'{"client_order_no":"$no-f","sku_id":"$code","quantity":900}',
    b'{"client_order_no":"$no-f","sku_id":"$dear","quantity":1}',
    b'{"client_order_no":"$no-f","sku_id":"$code","quote_id":"5"}',
    b'{"client_order_no":"$no-f","sku_id":"$code","callback_url":"http://insecure"}',
    b'{"client_order_no":"$no-f","sku_id":"$code","end_user":{"ip":"not an ip"}}',
    b"{",
    b"",
    b"[]",
    b"null",
    b"\xff\xfe",
]
BATCHES: list[bytes] = [
    b'{"orders":[{"client_order_no":"$no-1","sku_id":"$code"},{"client_order_no":"$no-2","sku_id":"77"}]}',
    b'{"orders":[]}',
    b'{"orders":[{"client_order_no":"$no-1"}]}',
    b'{"orders":[{"client_order_no":"$no-3","sku_id":"$code","quantity":"1"}]}',
    b"[]",
]


def _plain(response: httpx.Response) -> tuple[int, str, Any]:
    """Without what differs by nature: ids, times, the codes themselves."""
    text = re.sub(r"\b\d{15,19}\b", "ID", response.text)
    text = re.sub(r'"(request_id|created_at)":"[^"]*"', r'"\1":"-"', text)
    text = re.sub(r'"secret":"[^"]*","number":"[^"]*"', '"code":1', text)
    text = re.sub(r"\d+-ID", "NO", text)
    return response.status_code, response.headers["content-type"], msgspec.json.decode(text)


async def test_the_twins_answer_like_the_edge(doors: Doors) -> None:
    world = doors.world
    code, topup, dear = (
        await world.sku(10_000, max_quantity=1_000),
        await world.sku(20_000, kind="topup"),
        await world.sku(50_000_000),
    )
    await world.stock(code, 40, cost_e4=1)
    await world.stock(dear, 2, cost_e4=1)
    answers: dict[str, list[Any]] = {}
    statuses: set[int] = set()
    for name, app in (("edge", doors.edge), ("at once", doors.at_once), ("twins", doors.twins)):
        program = await doors.program()

        async def send(
            method: str, path: str, body: bytes = b"", program: Program = program, app: Asgi = app
        ) -> httpx.Response:
            for word, value in (("$code", code), ("$topup", topup), ("$dear", dear), ("$no", "po")):
                body = body.replace(word.encode(), str(value).encode())
            return await program.send(app, method, path, body)

        found = [await send("POST", "/v1/orders", body) for body in BODIES]
        found += [await send("POST", "/v1/orders/batch", body) for body in BATCHES]
        order_id = found[0].json()["id"]
        open_id = found[4].json()["id"]
        for path in (
            f"/v1/orders/{order_id}",
            "/v1/orders/1",
            "/v1/orders/99999999999999999999",
            "/v1/orders/abc",
            "/v1/orders?client_order_no=po",
            "/v1/orders?client_order_no=nothing",
            "/v1/orders?size=2",
            "/v1/orders?size=0",
            "/v1/orders?cursor=x",
            f"/v1/orders/{order_id}/snapshot",
            f"/v1/orders/{order_id}/cancel",
        ):
            found.append(await send("GET", path))
        found.append(await send("POST", f"/v1/orders/{open_id}/cancel"))
        found.append(
            await program.send(app, "POST", f"/v1/orders/{open_id}/cancel", headers={"idempotency-key": "k"})
        )
        found.append(
            await program.send(app, "POST", f"/v1/orders/{open_id}/cancel", headers={"idempotency-key": "k"})
        )
        answers[name] = [(r.request.method, r.request.url.path, r.request.content, *_plain(r)) for r in found]
        statuses |= {r.status_code for r in found}
    for edge, at_once, twin in zip(*answers.values(), strict=True):
        assert edge[3:] == at_once[3:] == twin[3:], edge[:3]
    assert doors.at_once.taken > len(BODIES) / 2
    assert statuses == {200, 400, 404, 405, 409, 422}


async def test_at_once_nothing_is_done_or_all(doors: Doors) -> None:
    """What must be waited for goes the long way untouched; what comes to nothing in the lane is told all the same."""
    world = doors.world
    sku = await world.sku(10_000)
    await world.stock(sku, 2, cost_e4=1)
    program, door = await doors.program(), doors.at_once

    async def send(number: str, headers: dict[str, str] | None = None, more: str = "") -> httpx.Response:
        body = f'{{"client_order_no":"{number}","sku_id":"{sku}"{more}}}'.encode()
        return await program.send(door, "POST", "/v1/orders", body, headers)

    first = await send("a")
    assert (first.status_code, door.taken) == (200, 0)  # the key was not known yet
    again = await send("a")
    assert (again.json(), door.taken) == (first.json(), 1)  # known: read from the tables
    assert (await send("b", more=',"wait_ms":5')).status_code == 200
    assert door.taken == 1
    short = await send("c")
    assert (short.status_code, short.json()["code"], door.taken) == (409, "out_of_stock", 2)
    assert short.json()["fields"][0]["path"] == "lines[0].quantity"
    assert (await send("d", {"commissary-forwarded": "198.51.100.7 1 x"})).status_code == 409
    assert (await send("e", {"commissary-signature": "0" * 64})).json()["code"] == "bad_signature"
    assert door.taken == 3
    await world.stock(sku, 1, cost_e4=1)  # under a data key that nobody has opened
    fresh = await send("f")
    assert (fresh.status_code, door.taken) == (200, 4)
    assert fresh.json()["lines"][0]["codes"][0]["secret"]
    doors.edge.draining = True  # type: ignore[attr-defined]
    assert (await send("g")).json()["code"] == "draining"
    assert door.taken == 4


async def test_an_answer_made_ahead_of_a_commit_that_failed_is_told_to_nobody(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are made while PostgreSQL writes. Here it refuses: the order was placed before, and the lane forgot it."""
    world = doors.world
    sku = await world.sku(10_000)
    await world.stock(sku, 20, cost_e4=1)
    program, door = await doors.program(), doors.at_once
    made: list[str] = []
    ahead = edge_module._Waiting.ahead

    def watched(waiting: Any, outcome: Accepted, sold: Any) -> None:
        ahead(waiting, outcome, sold)
        made.append(str(outcome.id))

    monkeypatch.setattr(edge_module._Waiting, "ahead", watched)

    async def send(number: str) -> dict[str, Any]:
        body = f'{{"client_order_no":"{number}","sku_id":"{sku}"}}'.encode()
        answer = await program.send(door, "POST", "/v1/orders", body)
        assert answer.status_code == 200, answer.text
        read: dict[str, Any] = answer.json()
        return read

    await send("known-from-here-on")
    first = await send("twice")
    assert made == [first["id"]]
    lane = world.desk.lane(home_of(world.mall))
    lane._recent.clear()
    lane._probing = 0
    again = await send("twice")
    assert len(made) == 2, "decided as if it were new, and its answer was made"
    assert made[1] != first["id"]
    assert again == first
    next_ = await send("next")
    assert made[-1] == next_["id"]
    codes = [order["lines"][0]["codes"][0]["secret"] for order in (first, next_)]
    assert len(set(codes)) == 2


async def test_an_order_placed_at_once_is_gone_when_it_was_answered(doors: Doors) -> None:
    """By reference count. What waits for the collector is walked through by it, all orders at once, while none is placed."""
    sku = await doors.world.sku(10_000)
    await doors.world.stock(sku, 20, cost_e4=1)
    program = await doors.program()
    gc.collect()
    gc.disable()
    try:
        for n in range(10):
            body = f'{{"client_order_no":"g{n}","sku_id":"{sku}"}}'.encode()
            assert (await program.send(doors.at_once, "POST", "/v1/orders", body)).status_code == 200
        left = [o for o in gc.get_objects() if isinstance(o, Ticket)]
    finally:
        gc.enable()
    assert doors.at_once.taken == 9
    assert len(left) <= 1  # the lane's last batch


async def test_scopes_are_asked_at_both_doors(doors: Doors) -> None:
    reader = await doors.program(scopes=("orders:read",))
    for app in (doors.edge, doors.at_once, doors.twins):
        for path in ("/v1/orders", "/v1/orders/batch"):
            body = b'{"client_order_no":"a","sku_id":"1","orders":[{"client_order_no":"a","sku_id":"1"}]}'
            answer = await reader.send(app, "POST", path, body)
            assert (answer.status_code, answer.json()["code"]) in (
                (403, "missing_scope"),
                (422, "invalid_request"),
            )
        answer = await reader.send(app, "POST", "/v1/orders/1/cancel", headers={"idempotency-key": "k"})
        assert answer.json()["code"] == "missing_scope"


async def test_an_order_reads_the_same_after_its_goods_were_edited_and_deleted(doors: Doors) -> None:
    from commissary import catalog

    world = doors.world
    sku = await world.sku(10_000)
    await world.stock(sku, 1, cost_e4=1)
    program = await doors.program()
    placed = await program.send(
        doors.edge, "POST", "/v1/orders", b'{"client_order_no":"s","sku_id":"%d"}' % sku
    )
    path = f"/v1/orders/{placed.json()['id']}"
    before = [(await program.send(doors.edge, "GET", p)).json() for p in (path, f"{path}/snapshot")]
    assert before[1]["lines"][0]["sku"]["name_zh"] == "百元茶卡"
    now = await catalog.get_sku(world.env, world.actor, sku)
    await catalog.edit_sku(world.env, world.actor, sku, now.version, {"name_zh": "另一张卡"})
    await catalog.delist_sku(world.env, world.actor, sku)
    await catalog.delete_sku(world.env, world.actor, sku)
    assert [(await program.send(doors.edge, "GET", p)).json() for p in (path, f"{path}/snapshot")] == before
    other = await doors.program()
    assert (await other.send(doors.edge, "GET", f"{path}/snapshot")).status_code == 404


async def test_a_file_goes_all_the_way_over_http(doors: Doors) -> None:
    world = doors.world
    sku = await world.sku(10_000)
    await world.stock(sku, 5, cost_e4=1)
    program = await doors.program()
    body = f"client_order_no,sku,quantity\nf-1,{sku},1\nf-2,{sku},x\n".encode()
    checked = (await program.send(doors.edge, "POST", "/v1/order-files/check", body)).json()
    assert (checked["lines"], checked["faulty"], checked["faults"][0]["row"]) == (2, 1, 3)
    assert (await program.send(doors.edge, "POST", "/v1/order-files", body)).json()["code"] == "key_missing"
    key = {"idempotency-key": "up"}
    sheet = (await program.send(doors.edge, "POST", "/v1/order-files?file_name=a.csv", body, key)).json()
    assert (sheet["status"], sheet["lines"], sheet["refused"]) == ("running", 2, 1)
    await orders.run_sheet(world.env, world.desk, world.home, int(sheet["id"]))
    path = f"/v1/order-files/{sheet['id']}"
    assert (await program.send(doors.edge, "GET", path)).json()["status"] == "done"
    result = await program.send(doors.edge, "GET", f"{path}/result")
    assert result.headers["content-type"].startswith("text/csv")
    assert len(result.text.splitlines()) == 3
    assert "N1 T" in result.text
    blind = Caller(
        ApiKey(
            "x",
            world.mall,
            world.home,
            program.organisation,
            program.account,
            frozenset({"orders:read"}),
            (),
            (),
        ),
        "::1",
    )
    found = await orders.get_sheet(world.env, world.home, int(sheet["id"]), blind.key.organisation_id)
    masked = [p async for p in orders.sheet_result(world.desk, world.home, found, codes=False)]
    assert b"N1 ****" in b"".join(masked)
    other = await doors.program()
    for method, at in (("GET", path), ("GET", f"{path}/result"), ("POST", f"{path}/cancel")):
        assert (await other.send(doors.edge, method, at)).json()["code"] == "sheet_not_found"


async def test_the_document_knows_the_twins_and_their_bodies(world: World) -> None:
    spec = web.document(
        web.application(world.env, ROUTES, {"desk": world.desk}, "0"), web.catalogue(REFUSALS), ""
    )
    for path, method in (
        ("/v1/orders", "post"), ("/v1/orders", "get"), ("/v1/orders/batch", "post"),
        ("/v1/orders/{order_id}", "get"), ("/v1/orders/{order_id}/cancel", "post"),
    ):  # fmt: skip
        assert spec["paths"][path][method]["summary"]
    body = spec["paths"]["/v1/orders"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["$ref"].endswith("/OrderIn")
    for route in ROUTES:
        if any(p.startswith("/v1") for p in route.paths):
            assert {"x-summary-zh", "x-description-zh", "x-errors"} <= set(route.opt)
