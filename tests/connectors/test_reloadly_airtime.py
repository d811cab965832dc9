"""Reloadly's airtime: what is sent, what may be bought, and when a top-up is over."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.connectors.rig import AT_MS, TOPUP, Rig

from commissary import supply
from commissary.simulators import Asked, Said
from commissary.supply.connectors.reloadly_airtime import ReloadlyAirtime
from commissary.supply.types import (
    NOT_FOUND,
    WRONG_ACCOUNT,
    Connection,
    Conversation,
    Fault,
    Forged,
    Good,
    Outcome,
    Page,
    Purchase,
    Request,
    Response,
    Silence,
    Unreadable,
)

Change = Callable[[Any], object]
AUTH, TOPUPS = "https://auth.reloadly.com", "https://topups.reloadly.com"
ACCEPT = "application/com.reloadly.topups-v1+json"
HEADERS = {"Accept": ACCEPT, "Authorization": "Bearer T"}
FIXED: dict[str, Any] = {
    "operatorId": 88,
    "name": "Movistar Colombia",
    "pin": False,
    "denominationType": "FIXED",
    "senderCurrencyCode": "USD",
    "minAmount": None,
    "maxAmount": None,
    "country": {"isoName": "CO", "name": "Colombia"},
    "fixedAmounts": [5.0, 12.25],
    "suggestedAmounts": [],
}
RANGE = FIXED | {
    "denominationType": "RANGE",
    "minAmount": 5.0,
    "maxAmount": 20,
    "fixedAmounts": [],
    "suggestedAmounts": [3, 7, 10, 30],
}


def connector() -> ReloadlyAirtime:
    return ReloadlyAirtime(Connection(f"{AUTH} {TOPUPS}", "id-1", "secret-1", "USD"))


def ok(told: object) -> Response:
    return Response(200, json.dumps(told).encode())


def page(*found: object) -> Response:
    return ok({"content": found, "last": True, "totalElements": len(found)})


def asked(conversation: Conversation[Any], *answers: Response) -> list[Request]:
    """All that is sent, when the token comes and then these answers."""
    sent = [next(conversation)]
    for answer in (ok({"access_token": "T"}), *answers):
        try:
            sent.append(conversation.send(answer))
        except StopIteration:
            break
    return sent


def learnt(conversation: Conversation[Any], *answers: Response) -> Any:
    next(conversation)
    for answer in (ok({"access_token": "T"}), *answers):
        try:
            conversation.send(answer)
        except StopIteration as end:
            return end.value
    raise AssertionError("it asks on")


def goods_of(*operators: dict[str, Any]) -> tuple[Good, ...]:
    found = learnt(connector().goods(AT_MS), page(*operators))
    assert isinstance(found, Page)
    return found.goods


def no(code: object, message: object = "why", status: int = 400) -> Said:
    told = {"message": message, "path": "/topups-async", "errorCode": code, "details": []}
    return Said(status, json.dumps(told).encode())


def instead(rig: Rig, method: str, path: str, said: Said) -> None:
    honest = rig.answer
    rig.answer = lambda asked: said if (asked.method, asked.path) == (method, path) else honest(asked)


def bent(rig: Rig, path: str, change: Change) -> None:
    """An honest answer, changed; or another, if the change returns one."""
    honest = rig.answer

    def answer(asked: Asked) -> Said | None:
        said = honest(asked)
        if said is None or not asked.path.endswith(path):
            return said
        told = json.loads(said.body)
        other = change(told)
        return Said(said.status, json.dumps(told if other is None else other).encode())

    rig.answer = answer


def test_a_topup_is_a_token_a_look_at_the_operator_and_the_order() -> None:
    purchase = Purchase("R/1", "88:12.25", 1, 122_500, {"number": "+573001234567"}, "https://mall.example")
    token, look, order = asked(connector().place(AT_MS, purchase), ok(FIXED))
    assert (token.method, token.url) == ("POST", f"{AUTH}/oauth/token")
    assert json.loads(token.body)["audience"] == TOPUPS
    assert look == Request("GET", f"{TOPUPS}/operators/88", HEADERS)
    assert (order.method, order.url) == ("POST", f"{TOPUPS}/topups-async")
    assert order.headers == HEADERS | {"Content-Type": "application/json"}
    assert json.loads(order.body) == {
        "operatorId": "88",
        "amount": "12.25",
        "useLocalAmount": False,
        "customIdentifier": "R/1",
        "recipientPhone": {"countryCode": "CO", "number": "+573001234567"},
    }


def test_questions() -> None:
    one = connector()
    assert asked(one.balance(AT_MS))[1] == Request("GET", f"{TOPUPS}/accounts/balance", HEADERS)
    assert asked(one.goods(AT_MS, "2"))[1].url == f"{TOPUPS}/operators?size=200&page=2"
    assert asked(one.query(AT_MS, "R/1&x"))[1].url == (
        f"{TOPUPS}/topups/reports/transactions?customIdentifier=R%2F1%26x&size=200&page=1"
    )
    assert asked(one.query(AT_MS, "R1", "../x"))[1].url == f"{TOPUPS}/topups/..%2Fx/status"
    assert asked(one.good(AT_MS, "../topups:5"))[1].url == f"{TOPUPS}/operators/..%2Ftopups"


def test_a_good_for_each_amount() -> None:
    """Of a range: what is suggested and may be bought."""
    assert [(good.id, good.name, good.price_e4) for good in goods_of(FIXED)] == [
        ("88:5", "Movistar Colombia 5 USD", 50_000),
        ("88:12.25", "Movistar Colombia 12.25 USD", 122_500),
    ]
    assert [good.id for good in goods_of(RANGE)] == ["88:7", "88:10"]
    assert goods_of(FIXED | {"pin": True}, RANGE | {"pin": True}, RANGE | {"minAmount": None}) == ()
    described = FIXED | {"fixedAmountsDescriptions": {"5.00": "1 GB, 7 days", "x": "y", "12.25": 3}}
    assert goods_of(described)[0].name == "Movistar Colombia 5 USD 1 GB, 7 days"
    for status, on_sale in (("ACTIVE", True), ("INACTIVE", False), (None, False)):
        assert goods_of(FIXED | {"status": status})[0].on_sale is on_sale
    for wrong in (
        {"senderCurrencyCode": "EUR"},
        {"denominationType": "surprise"},
        {"fixedAmounts": None},
        {"fixedAmounts": [0]},
        {"fixedAmounts": [-5]},
        {"fixedAmounts": ["five"]},
        {"fixedAmounts": [True]},
        {"fees": ["local"]},
        {"fees": {"local": -1}},
    ):
        with pytest.raises(Unreadable):
            goods_of(FIXED | wrong)


@pytest.mark.parametrize(
    ("fees", "price_e4"),
    [
        (None, 122_500),
        ({}, 122_500),
        ({"international": 0, "local": None, "localPercentage": 0.0}, 122_500),
        ({"international": 0.5, "local": 0.2}, 127_500),
        ({"internationalPercentage": 3, "localPercentage": 1, "local": 0.1}, 127_175),
    ],
)
def test_a_price_is_the_most_that_is_charged(fees: object, price_e4: int) -> None:
    """Up, and without the discount."""
    assert goods_of(FIXED | {"fees": fees, "internationalDiscount": 9.0})[1].price_e4 == price_e4


@pytest.mark.parametrize(
    ("operator", "amount", "sold"),
    [
        (FIXED, "5", True),
        (FIXED, "5.0", False),
        (FIXED, "7", False),
        (FIXED, "", False),
        (RANGE, "5", True),
        (RANGE, "5.01", True),
        (RANGE, "20", True),
        (RANGE, "4.99", False),
        (RANGE, "20.01", False),
        (RANGE, "1e1", False),
        (RANGE, "NaN", False),
        (RANGE, "-7", False),
        (RANGE, "07", False),
        (RANGE | {"maxAmount": None}, "7", False),
        (RANGE | {"pin": True}, "7", False),
    ],
)
def test_which_amounts_may_be_bought(operator: dict[str, Any], amount: str, sold: bool) -> None:
    conversation = connector().good(AT_MS, f"88:{amount}")
    if sold:
        assert learnt(conversation, ok(operator)).id == f"88:{amount}"
    else:
        with pytest.raises(Fault):
            learnt(conversation, ok(operator))


async def test_dearer_is_refused_before_anything_is_ordered() -> None:
    rig = Rig.of("reloadly_airtime")
    found = await rig.buy("R1", most_unit_e4=497_999)
    assert (found.outcome, found.reason, rig.liar.purchases) == (Outcome.failed, "dearer", 0)
    assert (await rig.buy("R1", most_unit_e4=498_000)).outcome is Outcome.accepted
    # Under a number that was used, the first order is what comes back.
    assert (await rig.buy("R1", most_unit_e4=497_999)).outcome is Outcome.succeeded
    rig.shop.articles[TOPUP].on_sale = False
    assert (await rig.buy("R2")).outcome is Outcome.failed
    assert rig.liar.purchases == 1


async def test_one_piece_at_a_time() -> None:
    rig = Rig.of("reloadly_airtime")
    found = await rig.buy("R1", quantity=2)
    assert (found.outcome, found.reason, rig.shop.orders) == (Outcome.failed, "quantity", {})


@pytest.mark.parametrize(
    ("code", "message", "status", "without_order"),
    [
        ("INVALID_RECIPIENT_PHONE", "why", 400, Outcome.failed),
        ("INVALID_AMOUNT_FOR_OPERATOR", "why", 400, Outcome.failed),
        ("INSUFFICIENT_BALANCE", "why", 400, Outcome.failed),
        ("PHONE_RECENTLY_RECHARGED", "why", 400, Outcome.failed),
        ("CUSTOM_IDENTIFIER_ALREADY_USED", "why", 400, Outcome.unknown),
        ("TOPUP_TRANSACTION_FAILED", "why", 400, Outcome.unknown),
        ("TRANSACTION_CANNOT_BE_PROCESSED_AT_THE_MOMENT", "why", 400, Outcome.unknown),
        ("INVALID_TOKEN", "why", 401, Outcome.unknown),
        ("SURPRISE", "why", 400, Outcome.unknown),
        (None, "No message available", 404, Outcome.unknown),
        ("INSUFFICIENT_BALANCE", "why", 500, Outcome.unknown),
        ("INSUFFICIENT_BALANCE", "why", 200, Outcome.unknown),
    ],
)
async def test_every_no_to_an_order(
    code: object, message: object, status: int, without_order: Outcome
) -> None:
    """A refusal is believed when there is no order under the number either."""
    rig = Rig.of("reloadly_airtime")
    instead(rig, "POST", "/topups-async", no(code, message, status))
    assert (await rig.buy("R1")).outcome is without_order
    if without_order is Outcome.failed:
        rig = Rig.of("reloadly_airtime")
        await rig.buy("R1")
        instead(rig, "POST", "/topups-async", no(code, message, status))
        assert (await rig.buy("R1")).outcome is Outcome.succeeded


async def test_silence_after_a_no_leaves_it_open() -> None:
    rig = Rig.of("reloadly_airtime")
    rig.shop.articles[TOPUP].stock = 0

    async def send(request: Request) -> Response:
        if "/reports/" in request.url:
            raise Silence(sent=False)
        return await rig.send(request)

    purchase = Purchase("R1", rig.id_of(TOPUP), 1, 500_000, {"number": "1"})
    found = await supply.outcome(rig.connector.place(AT_MS, purchase), send, placing=True)
    assert found.outcome is Outcome.unknown


STATES = [
    ("PENDING", Outcome.accepted),
    ("PROCESSING", Outcome.accepted),
    ("SUCCESSFUL", Outcome.succeeded),
    ("REFUNDED", Outcome.failed),
    ("FAILED", Outcome.unknown),  # and the money is not back
    ("surprise", Outcome.unknown),
]


@pytest.mark.parametrize(("state", "outcome"), STATES)
@pytest.mark.parametrize("way", ["search", "number", "envelope"])
async def test_every_state_of_an_order(state: str, outcome: Outcome, way: str) -> None:
    rig = Rig.of("reloadly_airtime")
    placed = await rig.buy("R1")
    changes = {"status": state, "requestedAmount": 50.00001}
    if way == "search":
        bent(rig, "/transactions", lambda told: told["content"][0].update(changes))
    elif way == "number":
        bent(rig, "/status", lambda told: told.update(changes))
    else:
        bent(rig, "/status", lambda told: {"code": None, "status": state, "transaction": told | changes})
    number = "" if way == "search" else placed.supplier_ref
    found = await rig.outcome(rig.connector.query(AT_MS, "R1", number))
    assert (found.outcome, found.supplier_ref, found.cost_e4) == (outcome, "1", 500_001)
    assert found.refunded_e4 == (500_001 if outcome is Outcome.failed else 0)
    assert found.reason == state


@pytest.mark.parametrize(
    ("changes", "cost_e4"),
    [
        ({"discount": 0.9960}, 488_040),
        ({"discount": 0.9960, "discountCurrencyCode": "NGN"}, 498_000),
        ({"discount": None}, 498_000),
        ({"fee": 0.5}, 503_000),
        ({"fee": 0.5, "discount": 0.25}, 500_500),
        ({"discount": 99}, 0),
    ],
)
async def test_what_a_topup_cost(changes: dict[str, Any], cost_e4: int) -> None:
    rig = Rig.of("reloadly_airtime")
    await rig.buy("R1")
    bent(rig, "/transactions", lambda told: told["content"][0].update(changes))
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).cost_e4 == cost_e4


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(customIdentifier="r1"),
        lambda told: told.update(customIdentifier=None),
        lambda told: told.update(requestedAmountCurrencyCode="USD"),
        lambda told: told.update(requestedAmount=None),
        lambda told: told.update(requestedAmount=-1),
        lambda told: told.update(discount="x"),
        lambda told: told.update(fee=-1),
        lambda told: told.update(transactionId=None),
        lambda told: told.update(status=None),
        lambda told: {"status": "SUCCESSFUL", "transaction": told | {"status": "REFUNDED"}},
        lambda told: {"status": "REFUNDED", "transaction": None},
        lambda told: {"status": "REFUNDED", "transaction": "x"},
    ],
)
async def test_what_is_unclear_is_unknown(change: Change) -> None:
    rig = Rig.of("reloadly_airtime")
    placed = await rig.buy("R1")
    bent(rig, "/status", change)
    found = await rig.outcome(rig.connector.query(AT_MS, "R1", placed.supplier_ref))
    assert found.outcome is Outcome.unknown


async def test_only_an_empty_page_says_that_there_is_no_order() -> None:
    rig = Rig.of("reloadly_airtime")
    found = await rig.outcome(rig.connector.query(AT_MS, "R1"))
    assert (found.outcome, found.reason) == (Outcome.failed, NOT_FOUND)
    # A number of theirs that they do not know is no word on ours.
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1", "7"))).outcome is Outcome.unknown
    bent(rig, "/transactions", lambda told: {"content": []})
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown


async def test_two_under_one_number_are_told_apart_by_theirs() -> None:
    rig = Rig.of("reloadly_airtime", sells_again=True)
    first, second = await rig.buy("R1"), await rig.buy("R1")
    assert (await rig.outcome(rig.connector.query(AT_MS, "R1"))).outcome is Outcome.unknown
    for placed, number in ((first, "1"), (second, "2")):
        assert (await rig.ended("R1", placed.supplier_ref)).supplier_ref == number


async def test_what_cannot_be_done() -> None:
    rig = Rig.of("reloadly_airtime", looks=9)
    placed = await rig.buy("R1")
    stopped = rig.connector.cancel(AT_MS, "R1", placed.supplier_ref)
    assert (await rig.outcome(stopped)).outcome is Outcome.unknown
    with pytest.raises(Forged):
        rig.connector.notice({}, {}, b'{"type":"airtime_transaction.status"}')


def test_the_simulator_is_strict() -> None:
    rig = Rig.of("reloadly_airtime")
    sent = asked(rig.connector.balance(AT_MS))
    kind = {"content-type": "application/json"}
    told = json.loads(rig.liar.supplier.answer(Asked("POST", "/oauth/token", kind, sent[0].body)).body)
    right = {"authorization": f"Bearer {told['access_token']}", "accept": ACCEPT}
    for headers, status in (
        (right, 200),
        (right | {"accept": "application/json"}, 406),
        (right | {"authorization": told["access_token"]}, 401),
    ):
        assert rig.liar.supplier.answer(Asked("GET", "/accounts/balance", headers)).status == status
    order = {
        "operatorId": str(TOPUP),
        "amount": "49.80",
        "customIdentifier": "R1",
        "recipientPhone": {"countryCode": "CN", "number": "13800138000"},
    }
    for change, status in (
        ({"operatorId": TOPUP}, 400),
        ({"amount": 49.8}, 400),
        ({"amount": "50"}, 400),
        ({"recipientPhone": {"number": "13800138000"}}, 400),
        ({}, 200),
        ({}, 400),
    ):
        body = json.dumps(order | change).encode()
        assert rig.liar.supplier.answer(Asked("POST", "/topups", right | kind, body)).status == status


async def test_whose_number_it_is_to_blame_is_said() -> None:
    """Another supplier would refuse it too; its buyer may correct it."""
    rig = Rig.of("reloadly_airtime")
    rig.shop.wrong_accounts.add(rig.account)
    found = await rig.buy("R1")
    assert (found.outcome, found.reason, rig.shop.orders) == (Outcome.failed, WRONG_ACCOUNT, {})
    assert found.said.startswith("INVALID_RECIPIENT_PHONE ")
