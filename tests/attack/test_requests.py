"""What a stranger, a thief of a recorded request and a clumsy caller get: a refusal, and nothing is written."""

import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from commissary import tenancy
from commissary.base.errors import Refused
from world import Buyer, Served, World, signed

GATE_TIMES = 10_000
HTTP_TIMES = 500


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(world_ground: Any) -> AsyncIterator[World]:
    made = await world_ground.world()
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(house: World) -> AsyncIterator[Served]:
    async with house.serve() as served:
        yield served


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def sku(house: World) -> int:
    made = await house.sku()
    await house.price(made, "1.0000")
    await house.stock(made, 2_000, cost_e4=1_000)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def buyer(house: World) -> Buyer:
    return await house.buyer(balance_e4=10_000_0000)


Request = dict[str, bytes]
PARTS = ("body", "path", "query", "timestamp", "nonce", "key", "signature")


def a_request(buyer: Buyer, sku: int, rng: random.Random) -> Request:
    """Signed rightly; every part can be changed."""
    body = json.dumps({"client_order_no": f"A{rng.randrange(10**9)}", "sku_id": str(sku)}).encode()
    path, query = "/v1/orders", f"note={rng.randrange(10**6)}"
    headers = signed(buyer, "POST", f"{path}?{query}", body)
    return {
        "body": body,
        "path": path.encode(),
        "query": query.encode(),
        "timestamp": headers["Commissary-Timestamp"].encode(),
        "nonce": headers["Commissary-Nonce"].encode(),
        "key": headers["Commissary-Key"].encode(),
        "signature": headers["Commissary-Signature"].encode(),
    }


def headers_of(request: Request) -> list[tuple[bytes, bytes]]:
    names = ("key", "timestamp", "nonce", "signature")
    return [(b"commissary-" + name.encode(), request[name]) for name in names]


async def test_ten_thousand_changed_requests_are_refused(house: World, buyer: Buyer, sku: int) -> None:
    rng = random.Random(1)
    gate = tenancy.Gate(tenancy.KeyCache(house.env), house.env.keys, time.time, time.time() - 1)
    codes: Counter[str] = Counter()

    async def admit(request: Request) -> str:
        scope = {"method": "POST", "headers": headers_of(request), "client": ("192.0.2.9", 1)}
        scope |= {"raw_path": request["path"], "query_string": request["query"]}
        try:
            await gate.admit(scope, request["body"], spent_with_order=True)
        except Refused as refused:
            return refused.refusal.code if refused.refusal.status == 401 else "not 401"
        return "admitted"

    assert await admit(a_request(buyer, sku, rng)) == "admitted"
    for n in range(GATE_TIMES):
        request = a_request(buyer, sku, rng)
        part = PARTS[n % len(PARTS)]
        changed = bytearray(request[part])
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        codes[await admit(request | {part: bytes(changed)})] += 1
    assert codes["admitted"] == codes["not 401"] == 0
    assert sum(codes.values()) == GATE_TIMES
    assert codes["bad_signature"] > GATE_TIMES // 2


async def test_changed_requests_are_refused_over_http(
    house: World, server: Served, buyer: Buyer, sku: int
) -> None:
    rng = random.Random(2)
    alphabet = b"abcdefghijklmnopqrstuvwxyz0123456789"
    before = await row_counts(house)

    async def send(n: int) -> int:
        request = a_request(buyer, sku, rng)
        part = PARTS[n % len(PARTS)]
        changed = bytearray(request[part])
        at = rng.randrange(4 if part == "path" else 0, len(changed))
        changed[at] = rng.choice([c for c in alphabet if c != changed[at]])
        request |= {part: bytes(changed)}
        path = f"{request['path'].decode()}?{request['query'].decode()}"
        headers = {name.decode(): value.decode() for name, value in headers_of(request)}
        return (await server.raw("POST", path, request["body"], headers)).status

    answers: Counter[int] = Counter()
    for start in range(0, HTTP_TIMES, 50):
        answers.update(await asyncio.gather(*(send(n) for n in range(start, start + 50))))
    assert answers == {401: HTTP_TIMES}
    assert await row_counts(house) == before


async def test_a_replay_is_refused_also_by_the_next_process(world: World) -> None:
    sku = await world.sku()
    await world.price(sku, "1.0000")
    await world.stock(sku, 5, cost_e4=1_000)
    buyer = await world.buyer(balance_e4=10_0000)
    async with world.serve() as server:
        body = json.dumps({"client_order_no": "replayed", "sku_id": str(sku)}).encode()
        recorded = signed(buyer, "POST", "/v1/orders", body)
        first = await server.raw("POST", "/v1/orders", body, recorded)
        assert first.status == 200, first.body
        query = signed(buyer, "GET", f"/v1/orders/{first.json['id']}", b"")
        assert (await server.raw("GET", f"/v1/orders/{first.json['id']}", b"", query)).status == 200
        for restart in (False, True):
            if restart:
                await server.kill()
                # Its lease of the lane would run on; the nonce is what matters here.
                await world.rows(
                    "update orders.lane set expires_at = clock_timestamp() where home_id = %s returning 1",
                    (world.home,),
                )
                await server.start()
            again = await server.raw("POST", "/v1/orders", body, recorded)
            assert (again.status, again.json["code"], again.json["outcome"]) == (401, "nonce_used", "unknown")
            got = await server.raw("GET", f"/v1/orders/{first.json['id']}", b"", query)
            assert (got.status, got.json["code"]) == (401, "nonce_used")
        right = await server.call(buyer, "POST", "/v1/orders", body=body)
        assert right.json["id"] == first.json["id"]


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (301, 401), (-298, 200), (299, 200)])
async def test_the_window_of_the_timestamp(
    server: Served, buyer: Buyer, sku: int, seconds: int, status: int
) -> None:
    asked = {"client_order_no": f"window{seconds}", "sku_id": str(sku)}
    at = int(time.time()) + seconds
    answer = await server.call(buyer, "POST", "/v1/orders", asked, timestamp=at)
    assert answer.status == status, answer.body


async def test_fifty_at_once_with_one_number_are_one_order(house: World, server: Served, sku: int) -> None:
    one = await house.buyer(balance_e4=10_0000)
    asked = {"client_order_no": "the-one", "sku_id": str(sku), "quantity": 3}
    answers = await asyncio.gather(*(server.call(one, "POST", "/v1/orders", asked) for _ in range(50)))
    assert {a.status for a in answers} == {200}
    assert len({json.dumps(a.json, sort_keys=True) for a in answers}) == 1
    assert await house.balance(one.account) == 7_0000
    assert await house.rows(
        "select count(*) from orders.orders where buyer_id = %s", (one.organisation,)
    ) == [(1,)]


FAULTY: dict[str, tuple[Callable[[int], Any], int, str]] = {
    "not json": (lambda _: b'{"client_order_no": ', 400, ""),
    "not utf-8": (lambda _: b'{"client_order_no": "\xff"}', 400, ""),
    "deeply nested": (lambda _: b"[" * 200_000, 422, "body"),
    "a list": (lambda _: [], 422, "body"),
    "nothing asked": (lambda _: {}, 422, "client_order_no"),
    "no goods": (lambda _: {"client_order_no": "x"}, 422, "sku_id"),
    "unknown field": (lambda s: {"client_order_no": "x", "sku_id": str(s), "prise": 1}, 422, "prise"),
    "unknown field of a line": (
        lambda s: {"client_order_no": "x", "lines": [{"sku_id": str(s), "cost": 1}]},
        422,
        "lines[0].cost",
    ),
    "number for text": (lambda s: {"client_order_no": 7, "sku_id": str(s)}, 422, "client_order_no"),
    "text for number": (
        lambda s: {"client_order_no": "x", "sku_id": str(s), "quantity": "2"},
        422,
        "quantity",
    ),
    "fraction": (lambda s: {"client_order_no": "x", "sku_id": str(s), "quantity": 1.5}, 422, "quantity"),
    "none at all": (lambda s: {"client_order_no": "x", "lines": []}, 422, "lines"),
    "zero": (lambda s: {"client_order_no": "x", "sku_id": str(s), "quantity": 0}, 422, "quantity"),
    "negative": (lambda s: {"client_order_no": "x", "sku_id": str(s), "quantity": -1}, 422, "quantity"),
    "huge": (lambda s: {"client_order_no": "x", "sku_id": str(s), "quantity": 10**30}, 422, "quantity"),
    "over the limit": (
        lambda s: {"client_order_no": "x", "sku_id": str(s), "quantity": 1001},
        422,
        "lines[0].quantity",
    ),
    "both forms": (
        lambda s: {"client_order_no": "x", "sku_id": str(s), "lines": [{"sku_id": str(s)}]},
        422,
        "lines",
    ),
    "an id that is none": (lambda _: {"client_order_no": "x", "sku_id": "1 or 1=1"}, 422, "sku_id"),
    "an id past the end": (
        lambda _: {"client_order_no": "x", "sku_id": "9223372036854775808"},
        422,
        "sku_id",
    ),
    "a number with a zero byte": (
        lambda s: {"client_order_no": "a\0b", "sku_id": str(s)},
        422,
        "client_order_no",
    ),
    "a price that is none": (
        lambda s: {
            "client_order_no": "x",
            "sku_id": str(s),
            "max_unit_price": {"amount": "1e9", "currency": "CNY"},
        },
        422,
        "max_unit_price.amount",
    ),
    "another currency": (
        lambda s: {
            "client_order_no": "x",
            "sku_id": str(s),
            "max_unit_price": {"amount": "1", "currency": "USD"},
        },
        422,
        "lines[0].max_unit_price.currency",
    ),
    "a price with a line feed": (
        lambda s: {
            "client_order_no": "x",
            "sku_id": str(s),
            "max_unit_price": {"amount": "1.5\n", "currency": "CNY"},
        },
        422,
        "max_unit_price.amount",
    ),
    "unknown field of a price": (
        lambda s: {
            "client_order_no": "x",
            "sku_id": str(s),
            "max_unit_price": {"amount": "1.5", "currency": "CNY", "tax": "0"},
        },
        422,
        "max_unit_price.tax",
    ),
    "a number with a line feed": (
        lambda s: {"client_order_no": "PO-1\n", "sku_id": str(s)},
        422,
        "client_order_no",
    ),
    "a device with a zero byte": (
        lambda s: {"client_order_no": "x", "sku_id": str(s), "end_user": {"device_id": "a\0b"}},
        422,
        "end_user.device_id",
    ),
    "no address": (
        lambda s: {"client_order_no": "x", "sku_id": str(s), "end_user": {"ip": "me"}},
        422,
        "end_user.ip",
    ),
    "a quote id past the end": (
        lambda s: {"client_order_no": "x", "sku_id": str(s), "quote_id": "9999999999999999999"},
        422,
        "quote_id",
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
async def test_a_faulty_order_names_its_field_and_writes_nothing(
    house: World, server: Served, buyer: Buyer, sku: int, fault: str
) -> None:
    make, status, path = FAULTY[fault]
    made = make(sku)
    before = await row_counts(house)
    if isinstance(made, bytes):
        answer = await server.call(buyer, "POST", "/v1/orders", body=made)
    else:
        answer = await server.call(buyer, "POST", "/v1/orders", made)
    assert answer.status == status, answer.body
    assert path in [f["path"] for f in answer.json.get("fields", [])] or not path, answer.body
    assert await row_counts(house) == before


@pytest.mark.parametrize("fault", FAULTY)
async def test_a_faulty_order_of_a_batch_names_its_field_and_writes_nothing(
    house: World, server: Served, buyer: Buyer, sku: int, fault: str
) -> None:
    """What is wrong with its form is wrong with the request; what only this mall can know, with this order alone."""
    make, status, path = FAULTY[fault]
    made = make(sku)
    before = await row_counts(house)
    if isinstance(made, bytes):
        answer = await server.call(buyer, "POST", "/v1/orders/batch", body=b'{"orders": [' + made)
    else:
        answer = await server.call(buyer, "POST", "/v1/orders/batch", {"orders": [made]})
    if path:
        path = "orders[0]" if path == "body" else f"orders[0].{path}"
    problem = answer.json
    if answer.status == 200:
        [result] = answer.json["results"]
        problem, path = result["error"], path.removeprefix("orders[0].")
    assert problem["status"] == status, answer.body
    assert path in [f["path"] for f in problem.get("fields", [])] or not path, answer.body
    assert await row_counts(house) == before


FAULTY_QUOTES: dict[str, tuple[Callable[[int], Any], int, str]] = {
    "not json": (lambda _: b'{"lines": ', 400, ""),
    "not utf-8": (lambda _: b'{"lines": [{"sku_id": "\xff"}]}', 400, ""),
    "a list": (lambda _: [], 422, "body"),
    "nothing asked": (lambda _: {}, 422, "lines"),
    "no lines": (lambda _: {"lines": []}, 422, "lines"),
    "a line that is none": (lambda _: {"lines": [7]}, 422, "lines[0]"),
    "unknown field": (lambda s: {"lines": [{"sku_id": str(s), "quantity": 1}], "prise": 1}, 422, "prise"),
    "unknown field of a line": (
        lambda s: {"lines": [{"sku_id": str(s), "quantity": 1, "cost": 1}]},
        422,
        "lines[0].cost",
    ),
    "number for text": (lambda s: {"lines": [{"sku_id": s, "quantity": 1}]}, 422, "lines[0].sku_id"),
    "text for number": (
        lambda s: {"lines": [{"sku_id": str(s), "quantity": "2"}]},
        422,
        "lines[0].quantity",
    ),
    "fraction": (lambda s: {"lines": [{"sku_id": str(s), "quantity": 1.5}]}, 422, "lines[0].quantity"),
    "zero": (lambda s: {"lines": [{"sku_id": str(s), "quantity": 0}]}, 422, "lines[0].quantity"),
    "negative": (lambda s: {"lines": [{"sku_id": str(s), "quantity": -1}]}, 422, "lines[0].quantity"),
    "huge": (lambda s: {"lines": [{"sku_id": str(s), "quantity": 10**30}]}, 422, "lines[0].quantity"),
    "over the limit": (
        lambda s: {"lines": [{"sku_id": str(s), "quantity": 1001}]},
        422,
        "lines[0].quantity",
    ),
    "an id that is none": (
        lambda _: {"lines": [{"sku_id": "1 or 1=1", "quantity": 1}]},
        422,
        "lines[0].sku_id",
    ),
    "an id past the end": (
        lambda _: {"lines": [{"sku_id": "9223372036854775808", "quantity": 1}]},
        422,
        "lines[0].sku_id",
    ),
    "an id and a line feed": (
        lambda s: {"lines": [{"sku_id": f"{s}\n", "quantity": 1}]},
        422,
        "lines[0].sku_id",
    ),
    "held too long": (
        lambda s: {"lines": [{"sku_id": str(s), "quantity": 1}], "ttl_s": 3_601},
        422,
        "ttl_s",
    ),
}


@pytest.mark.parametrize("fault", FAULTY_QUOTES)
async def test_a_faulty_quote_names_its_field_and_writes_nothing(
    house: World, server: Served, buyer: Buyer, sku: int, fault: str
) -> None:
    make, status, path = FAULTY_QUOTES[fault]
    made = make(sku)
    before = await row_counts(house)
    if isinstance(made, bytes):
        answer = await server.call(buyer, "POST", "/v1/quotes", body=made)
    else:
        answer = await server.call(buyer, "POST", "/v1/quotes", made)
    assert answer.status == status, answer.body
    assert path in [f["path"] for f in answer.json.get("fields", [])] or not path, answer.body
    assert await row_counts(house) == before


async def test_a_body_of_ten_megabytes_is_refused(house: World, server: Served, buyer: Buyer) -> None:
    before = await row_counts(house)
    for path in ("/v1/orders", "/v1/orders/batch", "/v1/quotes"):
        answer = await server.call(buyer, "POST", path, body=b" " * 10_000_000)
        assert (answer.status, answer.json["code"]) == (413, "body_too_large")
    assert await row_counts(house) == before


async def test_what_belongs_to_others_is_not_found(
    house: World, server: Served, buyer: Buyer, sku: int
) -> None:
    """Of another mall, and of another buyer of the same mall."""
    elsewhere = await house.ground.world("Elsewhere")
    foreign_sku = await elsewhere.sku()
    await elsewhere.price(foreign_sku, "1.0000")
    await elsewhere.stock(foreign_sku, 5, cost_e4=1_000)
    stranger = await elsewhere.buyer(balance_e4=10_0000)
    neighbour = await house.buyer(balance_e4=10_0000)
    theirs = await server.call(
        stranger, "POST", "/v1/orders", {"client_order_no": "t", "sku_id": str(foreign_sku)}
    )
    near = await server.call(neighbour, "POST", "/v1/orders", {"client_order_no": "n", "sku_id": str(sku)})
    assert (theirs.status, near.status) == (200, 200), (theirs.body, near.body)
    before = await row_counts(house)

    bought = await server.call(
        buyer, "POST", "/v1/orders", {"client_order_no": "f", "sku_id": str(foreign_sku)}
    )
    assert (bought.status, bought.json["code"]) == (404, "sku_unknown")
    quoted = await server.call(
        buyer,
        "POST",
        "/v1/orders",
        {"client_order_no": "f", "sku_id": str(sku), "quote_id": theirs.json["id"]},
    )
    assert (quoted.status, quoted.json["code"]) == (404, "quote_not_found")
    line = {"client_order_no": "f", "sku_id": str(foreign_sku)}
    batch = await server.call(buyer, "POST", "/v1/orders/batch", {"orders": [line]})
    assert batch.json["results"][0]["error"]["code"] == "sku_unknown"
    priced = await server.call(
        buyer, "POST", "/v1/quotes", {"lines": [{"sku_id": str(foreign_sku), "quantity": 1}]}
    )
    assert (priced.status, priced.json["code"]) == (404, "unknown_sku")
    for order in (theirs.json, near.json):
        for path in ("snapshot", "log"):
            seen = await server.call(buyer, "GET", f"/v1/orders/{order['id']}/{path}")
            assert (seen.status, seen.json["code"]) == (404, "order_not_found")
        seen = await server.call(buyer, "GET", f"/v1/orders/{order['id']}")
        assert (seen.status, seen.json["code"]) == (404, "order_not_found")
    assert await row_counts(house) == before


async def row_counts(world: World) -> dict[str, int]:
    """Of every table but nonces (a refused order has spent its own) and what the process keeps beside requests: leases,
    positions of readers, turns of periodic work, what the log makes of events that are counted themselves, the log of calls
    and when a key was last used."""
    names = await world.rows(
        """select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables
           where schemaname in (select nspname from pg_namespace where nspowner = 'commissary_owner'::regrole)
             and tablename !~ '^nonce' and tablename not in ('node', 'lane', 'outbox_position', 'turn')
             and not (schemaname = 'insight' and tablename ~ '^(call|key_use)')
             and not (schemaname = 'provenance'
                      and tablename in ('head', 'leaf', 'tile', 'checkpoint', 'signer'))"""
    )
    union = " union all ".join(f"select '{n}', count(*) from {n}" for (n,) in names)
    return dict(await world.rows(union))  # type: ignore[arg-type]


async def test_a_parameter_given_twice_is_named_and_of_two_values_none_counts(
    house: World, server: Served, buyer: Buyer, sku: int
) -> None:
    """Every operation of both documents, and a parameter that none has; lists are lists still."""
    asked = lists = 0
    faults: list[tuple[str, str, str, int]] = []
    for document in ("/openapi.json", "/console/openapi.json"):
        paths = (await server.raw("GET", document, b"", {})).json["paths"]
        for template, item in paths.items():
            path = re.sub(r"\{[^}]*\}", "1", template)
            for method, operation in item.items():
                query = [p for p in operation.get("parameters", []) if p["in"] == "query"]
                for name, schema in [("none_such", {}), *((p["name"], p["schema"]) for p in query)]:
                    url, verb = f"{path}?{name}=1&{name}=2", method.upper()
                    body = b"" if verb == "GET" else b"{}"
                    own = document == "/openapi.json" and operation.get("security") != []
                    headers = signed(buyer, verb, url, body) if own else {"Content-Type": "application/json"}
                    got = await server.raw(verb, url, body, headers)
                    said = [(f["path"], f["message"]) for f in got.json.get("fields") or []]
                    named = got.status == 422 and (name, "given twice / 重复给出") in said
                    listed = "array" in json.dumps(schema)
                    lists, asked = lists + listed, asked + 1
                    if named == listed:
                        faults.append((verb, url, str(said), got.status))
    assert faults == []
    assert asked > 500
    assert lists > 10


async def test_a_callback_with_a_parameter_given_twice_is_not_heard(server: Served) -> None:
    """Before it is looked at whose it is."""
    for method in ("GET", "POST"):
        twice = await server.raw(method, "/callbacks/nobody?sign=1&n=2&%73ign=3", b"", {})
        assert (twice.status, twice.json["fields"]) == (
            422,
            [{"path": "sign", "message": "given twice / 重复给出"}],
        ), twice.body
        once = await server.raw(method, "/callbacks/nobody?sign=1&n=2", b"", {})
        assert (once.status, once.json["code"]) == (404, "connection_not_found")


async def test_a_parameter_given_twice_buys_nothing(
    house: World, server: Served, buyer: Buyer, sku: int
) -> None:
    before = await row_counts(house)
    body = json.dumps({"client_order_no": "twice", "sku_id": str(sku)}).encode()
    for path in ("/v1/orders", "/v1/orders/batch"):
        url = f"{path}?a=1&b=1&%61=2"
        got = await server.raw("POST", url, body, signed(buyer, "POST", url, body))
        assert (got.status, got.json["fields"][0]["path"]) == (422, "a"), got.body
    assert await row_counts(house) == before
