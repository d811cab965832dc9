"""Kinguin: every documented kind of error and state, and the number that "should" be unique."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, CARD, Rig

from commissary import simulators, supply
from commissary.simulators import Said
from commissary.supply.connectors.kinguin import Kinguin, event_secret
from commissary.supply.types import (
    Connection,
    Forged,
    Notice,
    Outcome,
    Purchase,
    Request,
    Response,
    Result,
    Silence,
    Unreadable,
)

Change = Callable[[Any], object]


def no(kind: object, status: int = 422) -> Said:
    return Said(status, json.dumps({"kind": kind, "status": status, "detail": "why"}).encode())


def instead(rig: Rig, method: str, path: str, said: Said) -> None:
    honest = rig.answer
    rig.answer = lambda asked: said if (asked.method, asked.path) == (method, path) else honest(asked)


def bent(rig: Rig, path: str, change: Change) -> None:
    honest = rig.answer

    def answer(asked: simulators.Asked) -> Said | None:
        said = honest(asked)
        if said is None or asked.method != "GET" or not asked.path.endswith(path):
            return said
        told = json.loads(said.body)
        change(told)
        return Said(said.status, json.dumps(told).encode())

    rig.answer = answer


def test_what_is_sent() -> None:
    connector = Kinguin(Connection("https://gateway.kinguin.net/esa/api", "", "key-1", "EUR"))
    assert next(connector.place(AT_MS, Purchase("R/1", '5c9b"', 3, 57_999))) == Request(
        "POST",
        "https://gateway.kinguin.net/esa/api/v2/order",
        {"X-Api-Key": "key-1", "Content-Type": "application/json"},
        rb'{"products":[{"productId":"5c9b\"","qty":3,"price":5.79,"keyType":"text"}],"orderExternalId":"R/1"}',
    )
    asked = next(connector.query(AT_MS, "R/1&x=ü"))
    assert asked.method == "GET"
    assert asked.url.endswith("/esa/api/v1/order?orderExternalId=R%2F1%26x%3D%C3%BC&limit=100")
    assert next(connector.good(AT_MS, "../balance")).url.endswith("/v2/products/..%2Fbalance")


@pytest.mark.parametrize(
    ("kind", "status", "outcome"),
    [
        ("ConstraintViolation", 400, Outcome.failed),
        ("InsufficientBalance", 422, Outcome.failed),
        ("OrderFailed", 422, Outcome.failed),
        ("OrderNotSupported", 422, Outcome.failed),
        ("Preorder", 422, Outcome.failed),
        ("ProductUnavailable", 422, Outcome.failed),
        ("Error", 422, Outcome.unknown),
        ("HttpClient", 422, Outcome.unknown),
        ("Http", 404, Outcome.unknown),
        ("Authorization", 401, Outcome.unknown),
        ("OrderNotFound", 404, Outcome.unknown),
        ("ResourceLock", 409, Outcome.unknown),
        ("NoKeysToReturn", 422, Outcome.unknown),
        ("Surprise", 422, Outcome.unknown),
        (None, 422, Outcome.unknown),
        (["OrderFailed"], 422, Outcome.unknown),
        ("OrderFailed", 500, Outcome.unknown),
        ("ProductUnavailable", 200, Outcome.unknown),
        ("ProductUnavailable", 201, Outcome.unknown),
        ("ProductUnavailable", 302, Outcome.unknown),
    ],
)
async def test_every_kind_of_no(kind: object, status: int, outcome: Outcome) -> None:
    rig = Rig.of("kinguin")
    instead(rig, "POST", "/v2/order", no(kind, status))
    found = await rig.buy("R1")
    assert found.outcome is outcome
    if outcome is Outcome.failed:
        assert (found.reason, found.said) == (kind, "why")


async def test_a_no_to_a_number_used_before_is_the_first_order() -> None:
    rig = Rig.of("kinguin")
    placed = await rig.buy("R1")
    instead(rig, "POST", "/v2/order", no("ProductUnavailable"))
    again = await rig.buy("R1")
    assert (again.outcome, again.supplier_ref) == (Outcome.succeeded, placed.supplier_ref)
    assert not rig.connector.facts.idempotent  # the document says "should", and promises nothing


@pytest.mark.parametrize("sent", [True, False])
async def test_silence_after_a_no_leaves_it_open(sent: bool) -> None:
    rig = Rig.of("kinguin")
    rig.shop.articles[CARD].stock = 0

    async def send(request: Request) -> Response:
        if request.method == "GET":
            raise Silence(sent)
        return await rig.send(request)

    found = await supply.outcome(rig.connector.place(AT_MS, Purchase("R1", str(CARD), 1, 100_000)), send)
    assert (found.outcome, found.reason) == (Outcome.unknown, "ProductUnavailable")


@pytest.mark.parametrize(
    ("state", "keys", "outcome"),
    [
        ("processing", ["PROCESSING", "PENDING"], Outcome.accepted),
        ("completed", ["DELIVERED", "DELIVERED"], Outcome.succeeded),
        ("canceled", [], Outcome.unknown),
        ("canceled", ["CANCELED", "CANCELED"], Outcome.unknown),
        ("canceled", ["REFUNDED"], Outcome.unknown),
        ("canceled", ["REFUNDED", "CANCELED"], Outcome.unknown),
        ("canceled", ["REFUNDED", "REFUNDED"], Outcome.failed),
        ("refunded", [], Outcome.failed),
        ("refunded", ["REFUNDED", "CANCELED"], Outcome.failed),
        ("refunded", ["REFUNDED", "DELIVERED"], Outcome.unknown),
        ("refunded", ["REFUNDED", "RETURNED"], Outcome.unknown),
        ("refunded", ["REFUNDED", "PROCESSING"], Outcome.unknown),
        ("refunded", ["REFUNDED", "surprise"], Outcome.unknown),
        ("surprise", ["DELIVERED", "DELIVERED"], Outcome.unknown),
        ("Completed", ["DELIVERED", "DELIVERED"], Outcome.unknown),
    ],
)
async def test_every_state_of_an_order(state: str, keys: list[str], outcome: Outcome) -> None:
    rig = Rig.of("kinguin")
    await rig.buy("R1", quantity=2)

    def change(told: Any) -> None:
        order = told["results"][0]
        order["status"] = state
        order["products"][0]["keys"] = [{"id": str(n), "status": status} for n, status in enumerate(keys)]

    bent(rig, "/v1/order", change)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.cost_e4) == (outcome, 190_000)
    assert found.refunded_e4 == (190_000 if outcome is Outcome.failed else 0)
    assert (len(found.codes), found.reason) == (2 if outcome is Outcome.succeeded else 0, state)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("/keys", lambda keys: keys.__delitem__(slice(1, None))),
        ("/keys", lambda keys: keys.append(keys[0])),
        ("/keys", lambda keys: keys.__setitem__(1, keys[0])),
        ("/keys", lambda keys: keys[0].update(type="image/png")),
        ("/keys", lambda keys: keys[0].update(serial="")),
        ("/keys", lambda keys: keys[0].pop("id")),
        ("/v1/order", lambda told: told["results"][0].update(totalQty=1)),
        ("/v1/order", lambda told: told["results"][0].update(totalQty=10**30)),
        ("/v1/order", lambda told: told["results"][0].update(orderExternalId="R2")),
        ("/v1/order", lambda told: told["results"][0].pop("orderExternalId")),
        ("/v1/order", lambda told: told["results"].append(told["results"][0])),
        ("/v1/order", lambda told: told["results"].clear()),
        ("/v1/order", lambda told: told["results"][0].update(paymentPrice=None)),
    ],
)
async def test_an_order_with_something_missing_is_not_delivered(path: str, change: Change) -> None:
    rig = Rig.of("kinguin")
    await rig.buy("R1", quantity=2)
    bent(rig, path, change)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.codes) == (Outcome.unknown, ())


async def test_keys_come_in_pages() -> None:
    rig = Rig.of("kinguin")
    rig.shop.articles[CARD].stock = 250
    await rig.buy("R1", quantity=250)
    assert len((await rig.ended("R1")).codes) == 250


async def test_keys_that_are_not_there_yet_are_asked_for_again() -> None:
    rig = Rig.of("kinguin")
    await rig.buy("R1")
    instead(rig, "GET", "/v2/order/S0000000001/keys", no("ResourceLock", 409))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


async def test_what_was_charged_is_what_it_cost() -> None:
    rig = Rig.of("kinguin")
    await rig.buy("R1")
    bent(rig, "/v1/order", lambda told: told["results"][0].update(paymentPrice="8.29"))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).cost_e4 == 82_900


async def test_a_pre_order_is_not_on_sale() -> None:
    rig = Rig.of("kinguin")
    bent(rig, "/v2/products/101", lambda told: told.update(isPreorder=True, textQty=0))
    good = await rig.ask(rig.connector.good(AT_MS, str(CARD)))
    assert (good.on_sale, good.stock, good.most) == (False, 0, 9)


@pytest.mark.parametrize("state", ["processing", "completed", "canceled", "refunded", "surprise"])
def test_of_a_callback_only_the_event_is_believed(state: str) -> None:
    rig = Rig.of("kinguin")
    headers = {"x-event-name": "order.status", "x-event-secret": event_secret(rig.shop.key)}
    body = json.dumps({"orderId": "S1", "orderExternalId": "R1", "status": state}).encode()
    assert rig.connector.notice(headers, {}, body) == Notice("R1", Result(Outcome.unknown), ask_again=True)
    for secret in ("", "x", rig.shop.key, "ü", "\udcff"):
        with pytest.raises(Forged):
            rig.connector.notice({**headers, "x-event-secret": secret}, {}, body)
    with pytest.raises(Unreadable):
        rig.connector.notice({**headers, "x-event-name": "product.update"}, {}, body)
    with pytest.raises(Unreadable):
        rig.connector.notice(headers, {}, b'{"orderId":"S1","orderExternalId":null}')
    assert rig.shop.key not in event_secret(rig.shop.key)


async def test_what_cannot_be_done() -> None:
    rig = Rig.of("kinguin", looks=9)
    placed = await rig.buy("R1")
    assert (
        await rig.outcome(rig.connector.cancel(AT_MS, "R1", placed.supplier_ref))
    ).outcome is Outcome.unknown
